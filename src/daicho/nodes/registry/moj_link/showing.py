"""The Ministry's files and notices as somebody at the counter sees them.  法務省通知の一覧"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from daicho.nodes.chronicle import fact_by, note_by, note_many
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_record
from daicho.nodes.registry.guarding import (
    KEPT_BACK,
    hidden_among,
    kept_resident,
    kept_residents,
    note_kept_back,
    veil_for,
)
from daicho.nodes.registry.moj_link.deciding import GONE, NoticeName, kept_from, people_of
from daicho.nodes.registry.moj_link.looking import (
    BASIS,
    PURPOSE,
    in_our_characters,
    read_notice,
    subjects_in,
)
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.moj_link.files import missing_serials
from daicho.rules.moj_link.matching import MojItem, MojOutcome
from daicho.rules.moj_link.notice import MojChange, MojEnding, MojNotice
from daicho.rules.operators.authority import Operator, may_enter_or_verify
from daicho.rules.register.record import ResidentRecord
from daicho.store import moj_link
from daicho.store.moj_link import MojFileRow, MojNoticeRow
from daicho.store.unit import Unit

SHOWN_ROWS = 100
FILES_SHOWN = 50
SERIALS_LOOKED = 2_000
MISSING_SHOWN = 20
WAITING_STATES = ("matched", "open", "proposed", "entered")


@dataclass(frozen=True, slots=True)
class MojLine:
    """One notice in a list; `person` is empty where it is closed, or not for whoever asks."""

    name: NoticeName
    notice_id: str
    change: MojChange
    happened_on: date
    state: str
    outcome: MojOutcome | None
    differing: tuple[MojItem, ...]
    refused: str
    entry_id: str
    asked: bool
    proposed_by: str
    ending: MojEnding | None
    closed_at: datetime | None
    person: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class MojOverview:
    """What waits, by state with how many there are of each, the files that came, and the serials that are missing."""

    waiting: Mapping[str, tuple[MojLine, ...]]
    counts: Mapping[str, int]
    files: tuple[MojFileRow, ...]
    missing: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MojView:
    """One notice with whom it may mean; no content once it is closed. `readable` tells that every character could be written."""

    line: MojLine
    notice: MojNotice | None
    readable: bool
    people: tuple[ResidentRecord, ...]
    whose: int | None
    asked: str
    asked_by: str
    asked_at: datetime | None
    why: str


def moj_overview(node: Node, operator: Operator, *, terminal: str = "") -> MojOverview | Refusal:
    """List what waits, by the day of the change, with the files and the serials that are missing."""
    refusal = may_enter_or_verify(operator)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        rows = {state: moj_link.notices_in(unit, state, limit_rows=SHOWN_ROWS) for state in WAITING_STATES}
        counts = moj_link.notice_counts(unit)
        files = moj_link.moj_files(unit, limit_rows=FILES_SHOWN)
        missing = missing_serials(moj_link.moj_serials(unit, limit_rows=SERIALS_LOOKED), MISSING_SHOWN)
        waiting = {state: _lines(unit, node, operator, held) for state, held in rows.items()}
    _note_listed(node, operator, terminal)
    return MojOverview(waiting, counts, tuple(files), missing)


def closed_moj_notices(
    node: Node, operator: Operator, *, terminal: str = ""
) -> tuple[MojLine, ...] | Refusal:
    """List what was closed, newest first; of nobody by name."""
    refusal = may_enter_or_verify(operator)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        lines = _lines(unit, node, operator, moj_link.closed_notices(unit, limit_rows=SHOWN_ROWS))
    _note_listed(node, operator, terminal)
    return lines


def _note_listed(node: Node, operator: Operator, terminal: str) -> None:
    with node.store.unit("moj_link.listed") as unit:
        note_by(unit, node, operator, Event.MOJ_NOTICE_SHOWN, terminal=terminal, outcome="listed")


def _lines(unit: Unit, node: Node, operator: Operator, rows: Sequence[MojNoticeRow]) -> tuple[MojLine, ...]:
    people = {number for row in rows for number in people_of(row)}
    hidden = hidden_among(unit, operator, people, node.clock.business_now()) if people else frozenset()
    return tuple(_line(row, hidden=not hidden.isdisjoint(people_of(row))) for row in rows)


def _line(row: MojNoticeRow, *, hidden: bool) -> MojLine:
    person = ""
    if row.body is not None and not hidden:
        told = in_our_characters(read_notice(row.body))[0].person
        person = told.kanji or told.roman
    return MojLine(
        row.name, row.notice_id, MojChange(row.change), row.happened_on, row.state,
        MojOutcome(row.outcome) if row.outcome else None, tuple(map(MojItem, row.differing)), row.refused,
        row.entry_id or "", row.asked_at is not None, row.proposed_by or "",
        MojEnding(row.ending) if row.ending else None, row.closed_at, person, hidden,
    )  # fmt: skip


def moj_notice_view(
    node: Node, operator: Operator, name: NoticeName, *, beside: int | None = None, terminal: str = ""
) -> MojView | Refusal:
    """Show one notice with whom it may mean and whom somebody chose `beside`; a line for each is durable first."""
    refusal = may_enter_or_verify(operator)
    if refusal is not None:
        return refusal
    with node.store.unit("moj_link.shown") as unit:
        row = moj_link.moj_notice(unit, name)
        if row is None:
            return GONE
        people = kept_residents(unit, node, people_of(row))
        hidden = kept_from(unit, node, operator, row)
        if beside is not None and not hidden:
            held = kept_resident(unit, node, beside)
            if held is None:
                return Refusal(Reason.NOT_FOUND, juki("7"), "addressee_number")
            people[beside] = read_record(held.body)
        if not hidden:
            _note_shown(unit, node, operator, row, people, terminal)
        veil = veil_for(unit, operator, people, node.clock.business_now())
    if hidden:
        shut = [one for number in sorted(hidden) if number in people for one in subjects_in(people, number)]
        note_kept_back(node, operator, shut, terminal)
        return KEPT_BACK
    notice, readable = in_our_characters(read_notice(row.body)) if row.body is not None else (None, True)
    return MojView(
        _line(row, hidden=False), notice, readable, tuple(map(veil.over, people.values())), row.whose,
        row.asked, row.asked_by or "", row.asked_at, row.why,
    )  # fmt: skip


def _note_shown(
    unit: Unit,
    node: Node,
    operator: Operator,
    row: MojNoticeRow,
    people: dict[int, ResidentRecord],
    terminal: str,
) -> None:
    note_many(
        unit, node,
        [
            fact_by(
                operator, Event.MOJ_NOTICE_SHOWN, terminal=terminal, purpose=PURPOSE, basis=BASIS, outcome="shown",
                subject=one, detail={"notice": row.notice_id, "change": row.change},
            )
            for one in subjects_in(people, None)
        ],
    )  # fmt: skip
