"""What an operator sees of notices of individual numbers and of where they go: nobody whom a measure hides.  送付先の表示"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from daicho.nodes.chronicle import fact_by, note_many
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_stated
from daicho.nodes.registry.destination.guarded import (
    BASIS,
    PURPOSE,
    guarded_among,
    kept_from,
    may_be_second,
    shut_among,
)
from daicho.nodes.registry.guarding import (
    kept_back,
    kept_record,
    kept_residents,
    sees_protected,
    veil_for,
)
from daicho.nodes.registry.records import subject_of
from daicho.rules.destination.record import PrintKind
from daicho.rules.destination.stated import StatedDestination
from daicho.rules.law.article import bango
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.protection.veil import names_place
from daicho.rules.register.record import ResidentRecord
from daicho.store import number_notices
from daicho.store.number_notices import NumberNoticeRow, StatedRow
from daicho.store.unit import Unit

SHOWN_ROWS = 100
OF_PERSON_ROWS = 20
_GONE = Refusal(Reason.NOT_FOUND, bango("7"), "addressee_number")


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One notice: whose, why, what became of it; `record` is none where it is kept no more."""

    addressee_number: int
    record: ResidentRecord | None
    kind: PrintKind
    state: str
    owed_at: datetime
    closed_at: datetime | None
    hindrance: str
    why: str
    elsewhere: bool | None  # to a stated destination; none: where it went is nothing for whoever looks


@dataclass(frozen=True, slots=True)
class StatedLine:
    """One stated destination; `stated` is none where it names a place that is kept from whoever looks.

    `may_verify`: whoever looks may be the second person. `over`: its last day is past, and an officer ends it.
    """

    stated_id: str
    addressee_number: int
    record: ResidentRecord | None
    stated: StatedDestination | None
    until: date | None
    entered_by: str
    entered_at: datetime
    verified_by: str
    may_verify: bool
    over: bool


@dataclass(frozen=True, slots=True)
class NumberNotices:
    """What waits, what was told, what is stated otherwise, and of which of them there are more."""

    waiting: tuple[NoticeLine, ...]
    closed: tuple[NoticeLine, ...]
    stated: tuple[StatedLine, ...]
    more: frozenset[str]


@dataclass(frozen=True, slots=True)
class NoticesOfPerson:
    """One resident's notices, newest first, and to where they stated theirs to go.

    `to_confirm`: a notice waits until this officer confirms the address.
    """

    record: ResidentRecord
    notices: tuple[NoticeLine, ...]
    stated: StatedLine | None
    to_confirm: bool


def number_notices_of_town(node: Node, operator: Operator, *, terminal: str = "") -> NumberNotices | Refusal:
    """List notices and stated destinations; each person shown is a ledger line first."""
    refusal = may(operator, Permission.SEARCH_RESIDENTS)
    if refusal is not None:
        return refusal
    with node.store.unit("number_notices.listed") as unit:
        hidden = kept_from(unit, node, operator)
        everything = sees_protected(operator)
        waiting = number_notices.waiting(unit, hidden, limit_rows=SHOWN_ROWS + 1)
        closed = number_notices.closed(unit, hidden, limit_rows=SHOWN_ROWS + 1)
        stated = number_notices.stated(unit, hidden, everything=everything, limit_rows=SHOWN_ROWS + 1)
        more = frozenset(
            name
            for name, rows in (("waiting", waiting), ("closed", closed), ("stated", stated))
            if len(rows) > SHOWN_ROWS
        )
        waiting, closed, stated = waiting[:SHOWN_ROWS], closed[:SHOWN_ROWS], stated[:SHOWN_ROWS]
        whose = {one.addressee_number for one in (*waiting, *closed)} | {
            one.addressee_number for one in stated
        }
        people = kept_residents(unit, node, whose)
        found = NumberNotices(
            _notice_lines(operator, waiting, people),
            _notice_lines(operator, closed, people),
            _stated_lines(unit, node, operator, stated, people),
            more,
        )
        _note(unit, node, operator, people.values(), terminal)
    return found


def number_notices_of(
    node: Node, operator: Operator, addressee_number: int, *, terminal: str = ""
) -> NoticesOfPerson | Refusal:
    """Show one resident's notices and stated destination, with a line; nothing of whom a measure hides."""
    refusal = may(operator, Permission.ENTER_CHANGE)
    if refusal is not None:
        return refusal
    with node.store.unit("number_notices.shown") as unit:
        record = kept_record(unit, node, addressee_number)
        row = number_notices.stated_of(unit, [addressee_number]).get(addressee_number)
        shut = shut_among(unit, node, operator, [addressee_number])
        if record is None:
            return _GONE
        if not shut:
            whose = {addressee_number: record}
            rows = number_notices.of_person(unit, addressee_number, limit_rows=OF_PERSON_ROWS)
            stated = _stated_lines(unit, node, operator, [] if row is None else [row], whose)
            to_confirm = (
                sees_protected(operator)
                and any(one.state == "waiting" and one.confirmed_by is None for one in rows)
                and bool(guarded_among(unit, [addressee_number]))
            )
            lines = _notice_lines(operator, rows, whose)
            found = NoticesOfPerson(record, lines, stated[0] if stated else None, to_confirm)
            _note(unit, node, operator, [record], terminal)
    return kept_back(node, operator, record, terminal) if shut else found


def how_many_hindered(unit: Unit, node: Node, operator: Operator) -> int:
    """Count what waits and could not be told, what waits for a second person, and for an officer whose day is past.

    All as far as an operator sees it.
    """
    hidden = kept_from(unit, node, operator)
    enters = may(operator, Permission.ENTER_CHANGE) is None
    count = number_notices.how_many_hindered(unit, hidden) if enters else 0
    if may(operator, Permission.VERIFY_CHANGE) is None:
        count += number_notices.how_many_unverified(unit, hidden, operator.login_id, for_officer=False)
    if sees_protected(operator):
        count += number_notices.how_many_unverified(unit, hidden, operator.login_id, for_officer=True)
        count += number_notices.how_many_over_for_officer(unit, node.clock.business_today())
    return count


def _notice_lines(
    operator: Operator, rows: Sequence[NumberNoticeRow], people: Mapping[int, ResidentRecord]
) -> tuple[NoticeLine, ...]:
    """Join notices with records. To where one of somebody guarded went is nothing for whoever may not know of such a place."""
    all_seen = sees_protected(operator)
    return tuple(
        NoticeLine(
            row.addressee_number, people.get(row.addressee_number), PrintKind(row.print_kind), row.state,
            row.owed_at, row.closed_at, row.hindrance, row.why,
            row.elsewhere if all_seen or not row.for_officer else None,
        )
        for row in rows
    )  # fmt: skip


def _stated_lines(
    unit: Unit,
    node: Node,
    operator: Operator,
    rows: Sequence[StatedRow],
    people: Mapping[int, ResidentRecord],
) -> tuple[StatedLine, ...]:
    places = veil_for(unit, operator, people, node.clock.business_now()).places
    lines, today = [], node.clock.business_today()
    for row in rows:
        stated = read_stated(row.body)
        kept = places.get(row.addressee_number, frozenset())
        told = any(names_place(text, kept) for text in (stated.address, stated.words)) if kept else False
        lines.append(
            StatedLine(
                row.id, row.addressee_number, people.get(row.addressee_number), None if told else stated, row.until,
                row.entered_by, row.entered_at, row.verified_by or "",
                row.verified_by is None and not told and may_be_second(operator, row) is None,
                not stated.holds(today),
            )
        )  # fmt: skip
    return tuple(lines)


def _note(
    unit: Unit, node: Node, operator: Operator, people: Collection[ResidentRecord], terminal: str
) -> None:
    note_many(
        unit, node,
        [
            fact_by(
                operator, Event.NUMBER_NOTICE_SHOWN, terminal=terminal, purpose=PURPOSE, basis=BASIS,
                outcome="shown", subject=subject_of(one),
            )
            for one in people
        ],
    )  # fmt: skip
