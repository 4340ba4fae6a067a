"""Who may look at notices of the address supplement, and what of them a measure keeps from whom."""

from collections.abc import Sequence
from dataclasses import replace

from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_entry, read_notice
from daicho.nodes.registry.counter import home_of
from daicho.nodes.registry.guarding import hidden_from, sees_everything, sees_protected, veil_for
from daicho.nodes.watch.places import place_name
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Operator, Permission, may, permissions_of
from daicho.rules.protection.veil import names_place
from daicho.rules.supplements.notice import AddressSupplementNotice
from daicho.rules.supplements.owed import OwedNotice, owed_by
from daicho.store import register
from daicho.store.supplements import SupplementEyes, SupplementIn, SupplementOut
from daicho.store.unit import Unit

PURPOSE, BASIS = "戸籍の附票の通知", "法19条"


def may_look(operator: Operator) -> Refusal | None:
    """Refuse whoever neither enters changes nor is the second person who compares them."""
    if Permission.ENTER_CHANGE in permissions_of(operator):
        return None
    return may(operator, Permission.VERIFY_CHANGE)


def eyes_of(unit: Unit, node: Node, operator: Operator) -> SupplementEyes:
    """Tell what an operator may see of notices: what is protected at either end is there for the officer alone.

    A release opens the record of a resident, and no notice of another town.
    """
    return SupplementEyes(sees_protected(operator), hidden_from(unit, operator, node.clock.business_now()))


def sees_in(unit: Unit, eyes: SupplementEyes, row: SupplementIn) -> bool:
    """Tell whether a notice of a town is there for somebody."""
    if eyes.everything:
        return True
    if row.protected:
        return False
    held = register.resident_by_code(unit, row.code) if row.code and eyes.hidden else None
    return held is None or held.addressee_number not in eyes.hidden


def names_kept_places(
    unit: Unit, node: Node, operator: Operator, rows: Sequence[SupplementIn]
) -> frozenset[tuple[str, str]]:
    """Name those notices of towns that say of an own resident where a protected person lives, who once lived with them."""
    if sees_everything(unit, operator):
        return frozenset()
    held = {row.code: register.resident_by_code(unit, row.code) for row in rows if row.code}
    whose = {code: one.addressee_number for code, one in held.items() if one is not None}
    places = veil_for(unit, operator, whose.values(), node.clock.business_now()).places
    told = [(row, notice_in(row), places.get(whose.get(row.code or "", 0), frozenset())) for row in rows]
    return frozenset(
        (row.sender, row.id)
        for row, notice, kept in told
        if notice is not None
        and any(names_place(text, kept) for text in (notice.address, notice.registered_domicile))
    )


def sees_out(eyes: SupplementEyes, row: SupplementOut) -> bool:
    """Tell whether a notice of the own town is there for somebody."""
    return eyes.everything or row.addressee_number not in eyes.hidden


def subject_of_notice(notice: AddressSupplementNotice) -> str:
    """Name in the ledger whom a notice is about: by the resident record code, or nobody."""
    return str(notice.resident_record_code or "")


def notice_in(row: SupplementIn) -> AddressSupplementNotice | None:
    """Read what a town told, while it is there."""
    return None if row.body is None else read_notice(row.body)


def notice_out(unit: Unit, node: Node, row: SupplementOut) -> AddressSupplementNotice | None:
    """Read what the own town owes or told, from its change; nothing where that was destroyed.

    Found by the person: whoever is destroyed is taken out of a change, and the others' places in it are other ones then.
    """
    held = register.load_entry(unit, row.entry_id)
    if held is None or held.body == "{}":
        return None
    found = owed_of(node, row.entry_id, held.body)
    of_person = (one.notice for one in found if one.addressee_number == row.addressee_number)
    return next((replace(one, notice_id=row.id) for one in of_person), None)


def owed_of(node: Node, entry_id: str, body: str) -> tuple[OwedNotice, ...]:
    """Read which notices a verified change owes."""
    home = home_of(node)
    return owed_by(entry_id, read_entry(body), place_name(home), node.clock.business_today())
