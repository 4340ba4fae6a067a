"""Who may look at notices of the address supplement, and what of them a measure keeps from whom."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_entry, read_supplement
from daicho.nodes.registry.counter import home_of
from daicho.nodes.registry.guarding import (
    covered_among,
    hidden_from,
    sees_everything,
    sees_protected,
    told_by,
    veil_for,
)
from daicho.nodes.watch.places import place_name
from daicho.rules.operators.authority import Operator
from daicho.rules.protection.veil import names_place
from daicho.rules.supplements.mismatch import RegisterMismatch
from daicho.rules.supplements.notice import AddressSupplementNotice
from daicho.rules.supplements.owed import OwedNotice, owed_by
from daicho.store import register, supplements
from daicho.store.supplements import SupplementEyes, SupplementIn, SupplementOut
from daicho.store.unit import Unit

PURPOSE, BASIS = "戸籍の附票の通知", "法19条"

NoticeName = tuple[str, str]
"""A notice that came: the town that told it, and its name there."""


def eyes_of(unit: Unit, node: Node, operator: Operator) -> SupplementEyes:
    """Tell what an operator may see of notices: what is protected at either end is there for the officer alone.

    A release opens the record of a resident, and no notice of another town.
    """
    return SupplementEyes(sees_protected(operator), hidden_from(unit, operator, node.clock.business_now()))


def residents_in(unit: Unit, rows: Sequence[SupplementIn]) -> dict[NoticeName, int]:
    """Tell of which notices of towns the person is or was of the own register, and who it is there."""
    whose = supplements.numbers_of_codes(unit, {row.code for row in rows if row.code})
    return {(row.sender, row.id): whose[row.code] for row in rows if row.code in whose}


def sees_in(eyes: SupplementEyes, row: SupplementIn, whose: Mapping[NoticeName, int]) -> bool:
    """Tell whether a notice of a town is there for somebody."""
    if eyes.everything:
        return True
    return not row.protected and whose.get((row.sender, row.id)) not in eyes.hidden


def names_kept_places(
    unit: Unit, node: Node, operator: Operator, rows: Sequence[SupplementIn]
) -> frozenset[NoticeName]:
    """Name those notices of towns that say of an own resident where a protected person lives, who once lived with them."""
    if sees_everything(unit, operator):
        return frozenset()
    whose = residents_in(unit, rows)
    places = veil_for(unit, operator, whose.values(), node.clock.business_now()).places
    return _naming(rows, whose, places)


def covered_in(unit: Unit, rows: Sequence[SupplementIn]) -> frozenset[NoticeName]:
    """Name those notices of towns that any own measure keeps back, whoever looks: by the person, or by a place that they name."""
    whose = residents_in(unit, rows)
    people = set(whose.values())
    covered = covered_among(unit, people)
    of_mates = told_by(unit, people)
    places = {number: frozenset[str]().union(*mates.values()) for number, mates in of_mates.items()}
    own = frozenset(name for name, number in whose.items() if number in covered)
    return own | _naming(rows, whose, places)


def _naming(
    rows: Sequence[SupplementIn], whose: Mapping[NoticeName, int], places: Mapping[int, frozenset[str]]
) -> frozenset[NoticeName]:
    found = set()
    for row in rows:
        name = (row.sender, row.id)
        kept = places.get(whose[name], frozenset()) if name in whose else frozenset[str]()
        notice = notice_in(row) if kept else None
        if notice is not None and tells_place(notice, None, kept):
            found.add(name)
    return frozenset(found)


def tells_place(
    notice: AddressSupplementNotice | None, mismatch: RegisterMismatch | None, places: Collection[str]
) -> bool:
    """Tell whether a notice, or what does not agree with it, names a place that is to be kept."""
    texts = [notice.address, notice.registered_domicile] if notice is not None else []
    texts += [mismatch.registered_domicile, mismatch.remarks] if mismatch is not None else []
    return any(names_place(text, places) for text in texts)


def sees_out(eyes: SupplementEyes, row: SupplementOut) -> bool:
    """Tell whether a notice of the own town is there for somebody."""
    return eyes.everything or row.addressee_number not in eyes.hidden


def subject_of_notice(notice: AddressSupplementNotice) -> str:
    """Name in the ledger whom a notice is about: by the resident record code, or nobody."""
    return str(notice.resident_record_code or "")


def notice_in(row: SupplementIn) -> AddressSupplementNotice | None:
    """Read what a town told, while it is there."""
    return None if row.body is None else read_supplement(row.body)


def notice_out(unit: Unit, node: Node, row: SupplementOut) -> AddressSupplementNotice | None:
    """Read what the own town owes or told, from its change; nothing where that was destroyed."""
    return notices_out(unit, node, [row]).get(row.id)


def notices_out(unit: Unit, node: Node, rows: Sequence[SupplementOut]) -> dict[str, AddressSupplementNotice]:
    """Read what the own town owes or told, each by its name, from the changes; those left out that were destroyed.

    Found by the person: whoever is destroyed is taken out of a change, and the others' places in it are other ones then.
    """
    bodies = register.entry_bodies(unit, {row.entry_id for row in rows})
    owed = {one: owed_of(node, one, body) for one, body in bodies.items() if body != "{}"}
    return {
        row.id: replace(one.notice, notice_id=row.id)
        for row in rows
        for one in owed.get(row.entry_id, ())
        if one.addressee_number == row.addressee_number
    }


def owed_of(node: Node, entry_id: str, body: str) -> tuple[OwedNotice, ...]:
    """Read which notices a verified change owes."""
    home = home_of(node)
    return owed_by(entry_id, read_entry(body), place_name(home), node.clock.business_today())
