"""Whose letters are an officer's affair: whom a measure covers, and whose household somebody fled from.  秘匿を要する送付先"""

from collections.abc import Collection
from datetime import datetime

from daicho.nodes.registry.guarding import covered_among, hidden_among, hidden_from, sees_protected
from daicho.rules.operators.authority import Operator
from daicho.store import number_notices, protection
from daicho.store.unit import Unit


def guarded_among(unit: Unit, addressee_numbers: Collection[int]) -> frozenset[int]:
    """Name those of some people to whom nothing goes before an officer has confirmed it or stated a place.

    All of them while it is not known who is protected.
    """
    if protection.awaits_measures(unit):
        return frozenset(addressee_numbers)
    return covered_among(unit, addressee_numbers) | number_notices.fled(unit, addressee_numbers)


def kept_from(unit: Unit, operator: Operator, at: datetime) -> frozenset[int]:
    """Name everybody of whose letters this operator may learn nothing at an instant of Japan's time."""
    if sees_protected(operator):
        return frozenset()
    return hidden_from(unit, operator, at) | number_notices.fled_everywhere(unit)


def shut_of(unit: Unit, operator: Operator, addressee_number: int, at: datetime) -> bool:
    """Tell whether one person's letters are kept from an operator at an instant of Japan's time."""
    if sees_protected(operator):
        return False
    whose = [addressee_number]
    return bool(hidden_among(unit, operator, whose, at) or number_notices.fled(unit, whose))
