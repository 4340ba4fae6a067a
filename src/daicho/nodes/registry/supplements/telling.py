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
from daicho.nodes.registry.counter import home_of
from daicho.nodes.registry.guarding import covered_among
from daicho.nodes.registry.hall.outbox import place_some
from daicho.nodes.registry.supplements.keeping import keep_marks, keep_notices
from daicho.nodes.registry.supplements.seeing import owed_of, subject_of_notice
from daicho.nodes.registry.supplements.settling import settle
from daicho.nodes.watch.loops import Job
from daicho.nodes.watch.places import municipality_names
from daicho.rules.filings.report import Route
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import NodeKind
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.places import towns_named
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
    """A notice with its change, the change's place in the feed and day, and the town to which it goes, if anybody can tell.

    `reached` says that the town is a member of the network, and that the notice is one that it may take and no clerk is to
    see first. Whether it does take it is known by the letter alone: one that comes back is told anew.
    """

    entry_id: str
    position: int
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
    """Tell what the next verified changes owe, and count the notices; none while it is not known who is protected.

    A mark that was told for nothing would stay, and one that was left out would come too late.
    """
    with node.store.reading() as unit:
        if protection.awaits_measures(unit) or not supplements.FEED.behind(unit):
            return 0
    place_some(node)
    with node.store.unit("supplements.tell") as unit:
        rows = hall_feed.read(unit, supplements.FEED.lock(unit), limit_rows=limit_rows)
        if not rows:
            return 0
        owed = [
            (row.entry_id, row.position, row.day, one)
            for row in rows
            if row.entry_id is not None and row.body is not None
            for one in owed_of(node, row.entry_id, row.body)
        ]
        addressed = _addressed(unit, node, owed)
        settle(unit, node, _write(unit, node, addressed))
        _mark(unit, node, {whose for row in rows for whose in row.people})
        supplements.FEED.move(unit, rows[-1].position)
    return len(addressed)


def _addressed(unit: Unit, node: Node, owed: Sequence[tuple[str, int, date, OwedNotice]]) -> list[Addressed]:
    """Find to which town each notice goes, and whether its address is kept back here."""
    covered = covered_among(unit, {one.addressee_number for *_, one in owed})
    known: dict[str, tuple[MunicipalityCode | None, bool]] = {}
    found = []
    for entry_id, position, day, one in owed:
        domicile = one.notice.registered_domicile
        if domicile not in known:
            known[domicile] = _town_of(node, domicile)
        town, member = known[domicile]
        fit = one.by_itself and check_notice(one.notice, node.clock.business_today()) is None
        found.append(
            Addressed(entry_id, position, one, day, town, member and fit, one.addressee_number in covered)
        )
    return found


def _town_of(node: Node, domicile: str) -> tuple[MunicipalityCode | None, bool]:
    """Name the municipality of a domicile, and whether it is a member: of a ward and its city that which is one."""
    towns = towns_named(domicile, municipality_names())
    member = next((one for one in towns if is_member(node, one)), None)
    return (member, True) if member is not None else (towns[0] if towns else None, False)


def is_member(node: Node, town: MunicipalityCode) -> bool:
    """Tell whether a municipality can be told by letter, or is the own one."""
    return town == home_of(node) or node.wire.directory().cs_of(town) is not None


def _write(unit: Unit, node: Node, addressed: Sequence[Addressed]) -> list[SupplementOut]:
    """Keep what is owed, once each, and tell what can be told; gives what was told now."""
    today = node.clock.business_today()
    rows = [
        SupplementOut(
            one.owed.notice.notice_id, one.entry_id, one.owed.addressee_number, one.position, one.town,
            "told" if one.reached else "waiting", one.day, today if one.reached else None,
        )
        for one in addressed
    ]  # fmt: skip
    new = supplements.keep_out(unit, rows)
    fresh = [one for one in addressed if one.owed.notice.notice_id in new]
    by_town: dict[MunicipalityCode, list[ToldNotice]] = defaultdict(list)
    for one in fresh:
        if one.town is not None and one.reached:
            by_town[one.town].append(ToldNotice(one.owed.notice, one.protected, one.position))
    waits = [one.owed.notice for one in fresh if not one.reached]
    note_many(unit, node, [_fact(one, "waiting", {}) for one in waits])
    for town, notices in by_town.items():
        note_many(unit, node, tell_town(unit, node, town, notices))
    return [row for row in rows if row.id in new and row.state == "told"]


def tell_town(unit: Unit, node: Node, town: MunicipalityCode, notices: Iterable[ToldNotice]) -> list[Fact]:
    """Post notices to a town, in as few letters as hold them; what is for the own town is kept at once.

    In which letter each of them went is noted: the letter may come back. Gives a line for each person.
    """
    home, today = home_of(node), node.clock.business_today()
    if town == home:
        told = list(notices)
        keep_notices(unit, node, str(home), told, peer="")
        supplements.note_steps(unit, "", [one.notice.notice_id for one in told], "own_town", today)
        return [_fact(one.notice, "own_town", {"to": str(home)}) for one in told]
    cs = partner(node.wire.directory(), node.me, NodeKind.CS)
    letters, facts, in_which = [], [], dict[str, str]()
    for part in in_letters(notices):
        route = Route(node.clock.new_id(), home, town)
        letters.append(Outgoing(cs, NOTICES, SupplementLetter(route, part), matter=route.report_id))
        detail = {"letter": route.report_id, "to": str(town)}
        facts += [_fact(one.notice, "told", detail) for one in part]
        in_which |= dict.fromkeys((one.notice.notice_id for one in part), route.report_id)
    supplements.put_in_letters(unit, in_which)
    supplements.note_steps(unit, "", in_which, "told", today)
    post_letters(unit, node, letters)
    return facts


def _fact(notice: AddressSupplementNotice, outcome: str, detail: Mapping[str, str]) -> Fact:
    return Fact(
        Event.SUPPLEMENT_TOLD, subject=subject_of_notice(notice), outcome=outcome,
        detail={"notice": notice.notice_id, "kind": notice.kind.value, **detail},
    )  # fmt: skip


def _mark(unit: Unit, node: Node, people: Collection[int]) -> None:
    """Tell the towns that have notices of some people whether their addresses are kept back now."""
    if not people:
        return
    covered, home = covered_among(unit, people), home_of(node)
    by_town: dict[MunicipalityCode, list[ProtectionMark]] = defaultdict(list)
    for row in supplements.out_of_people(unit, people):
        told = row.told_on is not None and row.state != "paper"
        if row.receiver is not None and told:
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
