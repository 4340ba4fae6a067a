"""What verified changes owe the towns of registered domiciles, gathered from the feed long after them.  附票通知の送付

No change knows of it: the feed has each verified one in the order of commits, and this work reads on from its own place.
Rows, letters, ledger lines and the place are one unit, so that whoever dies in between begins again where nothing was done.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from daicho.nodes.chronicle import Fact, note_many
from daicho.nodes.mailroom import Outgoing, partner, post_letters
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_register_mismatch
from daicho.nodes.registry.counter import home_of
from daicho.nodes.registry.hall.outbox import place_some
from daicho.nodes.registry.supplements.keeping import keep_marks, keep_notices
from daicho.nodes.registry.supplements.seeing import notice_out, owed_of, subject_of_notice
from daicho.nodes.watch.loops import Job
from daicho.nodes.watch.places import municipality_names
from daicho.rules.filings.report import Route
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import NodeKind
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.places import towns_named
from daicho.rules.supplements.mismatch import is_settled
from daicho.rules.supplements.notice import AddressSupplementNotice, check_notice
from daicho.rules.supplements.owed import OwedNotice
from daicho.store import hall_feed, protection, supplements
from daicho.store.supplements import SupplementOut
from daicho.store.unit import Unit
from daicho.wire.codecs.supplements import (
    LETTER_PEOPLE,
    NOTICES,
    ProtectionMark,
    SupplementLetter,
    ToldNotice,
    in_letters,
)

ROUND_ROWS = 1_000
_EVERY_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Addressed:
    """A notice with the change that owes it, its day, and the town to which it goes; none where nobody can tell.

    `reached` says that the town is a member of the network and takes this notice.
    """

    entry_id: str
    owed: OwedNotice
    day: date
    town: MunicipalityCode | None
    reached: bool
    protected: bool


def supplement_telling(node: Node) -> Job:
    """Tell what is owed, once a minute: a town hears of many people in one letter, and no counter waits for it."""

    def work() -> bool:
        tell_some(node)
        return False

    return Job("supplements", _EVERY_SECONDS, work)


def tell_some(node: Node, *, limit_rows: int = ROUND_ROWS) -> int:
    """Tell what the next verified changes owe, and count the notices."""
    with node.store.reading() as unit:
        if not supplements.something_behind(unit):
            return 0
    place_some(node)
    with node.store.unit("supplements.tell") as unit:
        rows = hall_feed.read(unit, supplements.lock_cursor(unit), limit_rows=limit_rows)
        if not rows:
            return 0
        owed = [
            (row.entry_id, row.day, one)
            for row in rows
            if row.entry_id is not None and row.body is not None
            for one in owed_of(node, row.entry_id, row.body)
        ]
        addressed = _addressed(unit, node, owed)
        _write(unit, node, addressed)
        _settle(unit, node, addressed)
        _mark(unit, node, {whose for row in rows for whose in row.people})
        supplements.move_cursor(unit, rows[-1].position)
    return len(addressed)


def _addressed(unit: Unit, node: Node, owed: Sequence[tuple[str, date, OwedNotice]]) -> list[Addressed]:
    """Find to which town each notice goes, and whether its address is kept back here."""
    covered = _covered(unit, {one.addressee_number for _, _, one in owed})
    known: dict[str, tuple[MunicipalityCode | None, bool]] = {}
    found = []
    for entry_id, day, one in owed:
        domicile = one.notice.registered_domicile
        if domicile not in known:
            known[domicile] = _town_of(node, domicile)
        town, member = known[domicile]
        reached = member and check_notice(one.notice, node.clock.business_today()) is None
        found.append(Addressed(entry_id, one, day, town, reached, one.addressee_number in covered))
    return found


def _covered(unit: Unit, people: Collection[int]) -> frozenset[int]:
    if not people or not protection.any_open(unit):
        return frozenset()
    return frozenset(whose for whose, _ in protection.measures_over(unit, people))


def _town_of(node: Node, domicile: str) -> tuple[MunicipalityCode | None, bool]:
    """Name the municipality of a domicile, and whether it is a member: of a ward and its city that which is one."""
    towns = towns_named(domicile, municipality_names())
    member = next((one for one in towns if is_member(node, one)), None)
    return (member, True) if member is not None else (towns[0] if towns else None, False)


def is_member(node: Node, town: MunicipalityCode) -> bool:
    """Tell whether a municipality can be told by letter, or is the own one."""
    return town == home_of(node) or node.wire.directory().cs_of(town) is not None


def _write(unit: Unit, node: Node, addressed: Sequence[Addressed]) -> None:
    """Keep what is owed, once each, and tell what can be told."""
    today = node.clock.business_today()
    new = supplements.keep_out(
        unit,
        [
            SupplementOut(
                one.owed.notice.notice_id, one.entry_id, one.owed.addressee_number, one.town,
                "told" if one.reached else "waiting", one.day, today if one.reached else None,
            )
            for one in addressed
        ],
    )  # fmt: skip
    fresh = [one for one in addressed if one.owed.notice.notice_id in new]
    by_town: dict[MunicipalityCode, list[ToldNotice]] = defaultdict(list)
    for one in fresh:
        if one.town is not None and one.reached:
            by_town[one.town].append(ToldNotice(one.owed.notice, one.protected))
    waits = [one.owed.notice for one in fresh if not one.reached]
    note_many(unit, node, [_fact(one, "waiting", {}) for one in waits])
    for town, notices in by_town.items():
        note_many(unit, node, tell_town(unit, node, town, notices))


def tell_town(unit: Unit, node: Node, town: MunicipalityCode, notices: Iterable[ToldNotice]) -> list[Fact]:
    """Post notices to a town, in as few letters as hold them; what is for the own town is kept at once.

    Gives a line for each person.
    """
    home = home_of(node)
    if town == home:
        told = list(notices)
        keep_notices(unit, node, str(home), told, peer="")
        return [_fact(one.notice, "own_town", {"to": str(home)}) for one in told]
    cs = partner(node.wire.directory(), node.me, NodeKind.CS)
    letters, facts = [], []
    for part in in_letters(notices):
        route = Route(node.clock.new_id(), home, town)
        letters.append(Outgoing(cs, NOTICES, SupplementLetter(route, part), matter=route.report_id))
        detail = {"letter": route.report_id, "to": str(town)}
        facts += [_fact(one.notice, "told", detail) for one in part]
    post_letters(unit, node, letters)
    return facts


def _fact(notice: AddressSupplementNotice, outcome: str, detail: Mapping[str, str]) -> Fact:
    return Fact(
        Event.SUPPLEMENT_TOLD, subject=subject_of_notice(notice), outcome=outcome,
        detail={"notice": notice.notice_id, "kind": notice.kind.value, **detail},
    )  # fmt: skip


def _settle(unit: Unit, node: Node, addressed: Sequence[Addressed]) -> None:
    """Close the mismatches that later changes have corrected; the notice that says so is told already."""
    by_person: dict[int, list[AddressSupplementNotice]] = defaultdict(list)
    for one in addressed:
        by_person[one.owed.addressee_number].append(one.owed.notice)
    if not by_person:
        return
    for row in supplements.out_of_people(unit, by_person):
        if row.body is None or row.addressee_number is None:
            continue
        mismatch, told = read_register_mismatch(row.body), notice_out(unit, node, row)
        later = [one for one in by_person[row.addressee_number] if one.notice_id != row.id]
        by = next((one for one in later if is_settled(mismatch, told or one, one)), None)
        if by is not None and supplements.settle_out(unit, row.id, by.notice_id, node.clock.now()):
            fact = Fact(
                Event.SUPPLEMENT_DECIDED, subject=subject_of_notice(by), outcome="settled",
                detail={"notice": row.id, "by": by.notice_id},
            )  # fmt: skip
            note_many(unit, node, [fact])


def _mark(unit: Unit, node: Node, people: Collection[int]) -> None:
    """Tell the towns that have notices of some people whether their addresses are kept back now."""
    if not people:
        return
    covered, home = _covered(unit, people), home_of(node)
    by_town: dict[MunicipalityCode, list[ProtectionMark]] = defaultdict(list)
    for row in supplements.out_of_people(unit, people):
        if row.receiver is not None and row.state in ("told", "differs", "proposed", "closed"):
            mark = ProtectionMark(row.id, row.addressee_number in covered)
            by_town[MunicipalityCode(row.receiver)].append(mark)
    cs = partner(node.wire.directory(), node.me, NodeKind.CS)
    letters = []
    for town, marks in by_town.items():
        if town == home:
            keep_marks(unit, node, str(home), marks, peer="")
            continue
        for begin in range(0, len(marks), LETTER_PEOPLE):
            route = Route(node.clock.new_id(), home, town)
            content = SupplementLetter(route, marks=tuple(marks[begin : begin + LETTER_PEOPLE]))
            letters.append(Outgoing(cs, NOTICES, content, matter=route.report_id))
    post_letters(unit, node, letters)
