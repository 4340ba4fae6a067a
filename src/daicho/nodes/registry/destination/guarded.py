"""Whose letters are an officer's affair: whom a measure covers, and whose household somebody fled from.  秘匿を要する送付先"""

from collections.abc import Collection

from daicho.nodes.node import Node
from daicho.nodes.registry.guarding import covered_among, hidden_among, hidden_from, sees_protected
from daicho.rules.law.article import bango
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.operators.authority import Operator, Permission, may, may_verify
from daicho.store import number_notices, protection
from daicho.store.number_notices import StatedRow
from daicho.store.unit import Unit

PURPOSE, BASIS = "個人番号の通知", "番号法7条"


def guarded_among(unit: Unit, addressee_numbers: Collection[int]) -> frozenset[int]:
    """Name those of some people to whom nothing goes before an officer has confirmed it or stated a place.

    All of them while it is not known who is protected.
    """
    if protection.awaits_measures(unit):
        return frozenset(addressee_numbers)
    return covered_among(unit, addressee_numbers) | number_notices.fled(unit, addressee_numbers)


def kept_from(unit: Unit, node: Node, operator: Operator) -> frozenset[int]:
    """Name everybody of whose letters this operator may learn nothing now."""
    if sees_protected(operator):
        return frozenset()
    hidden = hidden_from(unit, operator, node.clock.business_now())
    return hidden | number_notices.fled_everywhere(unit)


def shut_among(
    unit: Unit, node: Node, operator: Operator, addressee_numbers: Collection[int]
) -> frozenset[int]:
    """Name those of some people whose letters are kept from an operator now."""
    if sees_protected(operator):
        return frozenset()
    hidden = hidden_among(unit, operator, addressee_numbers, node.clock.business_now())
    return hidden | number_notices.fled(unit, addressee_numbers)


def may_be_second(operator: Operator, row: StatedRow) -> Refusal | None:
    """Refuse whoever may not look as the second person at what was stated: what is an officer's is for another officer."""
    plainly = may(operator, Permission.VERIFY_CHANGE) is None
    if not (sees_protected(operator) if row.for_officer else plainly):
        return Refusal(Reason.NOT_PERMITTED, bango("7"), "picked")
    return may_verify(row.entered_by, operator.login_id)
