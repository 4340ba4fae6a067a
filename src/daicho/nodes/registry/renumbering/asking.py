"""Asking for another individual number of a resident: entered by one person, sent by a second.  個人番号の変更の請求・職権"""

from dataclasses import dataclass, replace
from datetime import datetime

from daicho.nodes.chronicle import note_by
from daicho.nodes.mailroom import Outgoing, partner, post_letters
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import number_change_body, read_number_change
from daicho.nodes.registry.cards.shown import card_of_notice
from daicho.nodes.registry.guarding import hidden_among, kept_back, kept_record, kept_residents, shut_to
from daicho.nodes.registry.numbers import has_number
from daicho.nodes.registry.records import subject_of
from daicho.nodes.registry.stops import stop_of
from daicho.rules.law.article import bango
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.law.words import WORDS_CHARACTERS
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import NodeKind
from daicho.rules.operators.authority import Operator, Permission, may, may_enter_or_verify, may_verify
from daicho.rules.register.numbering import NumberChange, check_number_change
from daicho.rules.register.processing import StopKind
from daicho.rules.register.record import ResidentRecord
from daicho.store import number_changes, register
from daicho.store.number_changes import NumberChangeRow
from daicho.store.unit import Unit
from daicho.wire.codecs.identity import NUMBER_CHANGE, NumberRequest

SHOWN_ROWS = 200
_ARTICLE = bango("7")
_GONE = Refusal(Reason.NOT_FOUND, _ARTICLE, "request")
_DECIDED = Refusal(Reason.NOT_PENDING, _ARTICLE, "request")
_OPEN = Refusal(Reason.NUMBER_ASKED, _ARTICLE, "addressee_number")


@dataclass(frozen=True, slots=True)
class NumberChangeView:
    """One request as the counter sees it; no number is in it, neither the old one nor the new one."""

    request_id: str
    state: str
    asked: NumberChange
    record: ResidentRecord | None
    entered_by: str
    entered_at: datetime
    decided_by: str
    decided_at: datetime | None
    closed_at: datetime | None
    why: str
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class NumberChanges:
    """A page of requests; `more` tells that there are others."""

    views: tuple[NumberChangeView, ...]
    more: bool


def enter_number_change(
    node: Node, operator: Operator, request_id: str, asked: NumberChange, *, terminal: str = ""
) -> str | Refusal:
    """Keep a request that waits for a second person; the same form sent twice is one request."""
    refusal = may(operator, Permission.ENTER_CHANGE)
    if refusal is not None:
        return refusal
    row = NumberChangeRow(
        request_id, asked.addressee_number, "entered", operator.login_id, node.clock.now(), terminal,
        number_change_body(asked),
    )  # fmt: skip
    with node.store.unit("number_changes.enter") as unit:
        record = kept_record(unit, node, asked.addressee_number)
        shut = shut_to(unit, node, operator, asked.addressee_number)
        refusal = None if shut else _check(unit, node, asked, record)
        if refusal is None and not shut and record is not None:
            refusal = card_of_notice(unit, node, asked.reception, [record], [record.addressee_number])
        if refusal is None and not shut and not number_changes.keep(unit, row):
            kept = number_changes.one(unit, request_id)
            same = kept is not None and (kept.entered_by, kept.body) == (row.entered_by, row.body)
            return request_id if same else _OPEN
        if refusal is None and not shut:
            _note(unit, node, operator, Event.NUMBER_CHANGE_ENTERED, row, record, terminal, "entered")
    if shut:
        return kept_back(node, operator, record, terminal)
    return refusal or request_id


def ask_nation(node: Node, operator: Operator, request_id: str, *, terminal: str = "") -> Refusal | None:
    """Ask the nation by the word of a second person: state, line and letter in one unit.

    Behind the lock of the household no code of its members changes until the answer is recorded.
    """
    refusal = may(operator, Permission.VERIFY_CHANGE)
    if refusal is not None:
        return refusal
    with node.store.unit("number_changes.ask") as unit:
        row = number_changes.one(unit, request_id, locked=True)
        refusal = _decidable(row, operator)
        if refusal is not None or row is None:
            return refusal or _GONE
        asked, before = read_number_change(row.body), kept_record(unit, node, row.addressee_number)
        if before is not None:
            register.lock_concerned(unit, households=[before.household_number], codes=[])
        record = kept_record(unit, node, row.addressee_number)
        shut = shut_to(unit, node, operator, row.addressee_number)
        if not shut:
            refusal = _moved(before, record) or _check(unit, node, asked, record)
            if refusal is not None or record is None or record.resident_record_code is None:
                return refusal or _GONE
            number_changes.ask(
                unit, row.id, operator.login_id, node.clock.now(), str(record.resident_record_code)
            )
            _note(unit, node, operator, Event.NUMBER_CHANGE_DECIDED, row, record, terminal, "asked")
            cs = partner(node.wire.directory(), node.me, NodeKind.CS)
            letter = NumberRequest(record.resident_record_code)
            post_letters(unit, node, [Outgoing(cs, NUMBER_CHANGE, letter, matter=row.id)])
    return kept_back(node, operator, record, terminal) if shut else None


def give_back(
    node: Node, operator: Operator, request_id: str, why: str, *, terminal: str = ""
) -> Refusal | None:
    """Send a request back by a second person's word, with the reason; who asked may ask again."""
    refusal = may(operator, Permission.VERIFY_CHANGE) or _needs(why)
    if refusal is not None:
        return refusal
    with node.store.unit("number_changes.give_back") as unit:
        row = number_changes.one(unit, request_id, locked=True)
        refusal = _decidable(row, operator)
        if refusal is not None or row is None:
            return refusal or _GONE
        record = kept_record(unit, node, row.addressee_number)
        shut = shut_to(unit, node, operator, row.addressee_number)
        if not shut:
            number_changes.give_back(
                unit, row.id, operator.login_id, node.clock.now(), why[:WORDS_CHARACTERS]
            )
            _note(unit, node, operator, Event.NUMBER_CHANGE_DECIDED, row, record, terminal, "returned")
    return kept_back(node, operator, record, terminal) if shut else None


def drop(node: Node, operator: Operator, request_id: str, why: str, *, terminal: str = "") -> Refusal | None:
    """Take a request back: the own one that waits, or any that the nation has not answered.

    A number that comes after that is not recorded, and is the one that comes when it is asked for again.
    """
    refusal = may(operator, Permission.ENTER_CHANGE) or _needs(why)
    if refusal is not None:
        return refusal
    with node.store.unit("number_changes.drop") as unit:
        row = number_changes.one(unit, request_id, locked=True)
        if row is None or row.closed_at is not None:
            return _GONE if row is None else _DECIDED
        if row.state == "entered" and row.entered_by != operator.login_id:
            return Refusal(Reason.NOT_PERMITTED, _ARTICLE, "entered_by")
        record = kept_record(unit, node, row.addressee_number)
        shut = shut_to(unit, node, operator, row.addressee_number)
        if not shut:
            number_changes.close(unit, row.id, "dropped", node.clock.now(), why=why[:WORDS_CHARACTERS])
            _note(unit, node, operator, Event.NUMBER_CHANGE_DECIDED, row, record, terminal, "withdrawn")
    return kept_back(node, operator, record, terminal) if shut else None


def number_change_list(
    node: Node, operator: Operator, *, closed: bool = False, terminal: str = ""
) -> NumberChanges | Refusal:
    """List requests that are open, or what became of those that are not (個人番号変更結果確認リスト).

    Of whom a measure hides, only that there is one.
    """
    refusal = may_enter_or_verify(operator)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        rows = number_changes.listed(unit, closed=closed, limit_rows=SHOWN_ROWS + 1)
        people = {row.addressee_number for row in rows}
        hidden = hidden_among(unit, operator, people, node.clock.business_now())
        records = kept_residents(unit, node, {row.addressee_number for row in rows})
    with node.store.unit("number_changes.listed") as unit:
        note_by(unit, node, operator, Event.NUMBER_CHANGE_SHOWN, terminal=terminal, outcome="listed")
    views = (_view(row, records.get(row.addressee_number)) for row in rows[:SHOWN_ROWS])
    shut = [
        replace(one, record=None, hidden=True, why="") if row.addressee_number in hidden else one
        for row, one in zip(rows, views, strict=False)
    ]
    return NumberChanges(tuple(shut), len(rows) > SHOWN_ROWS)


def number_change(
    node: Node, operator: Operator, request_id: str, *, terminal: str = ""
) -> NumberChangeView | Refusal:
    """Show one request; the line is durable first."""
    refusal = may_enter_or_verify(operator)
    if refusal is not None:
        return refusal
    with node.store.unit("number_changes.shown") as unit:
        row = number_changes.one(unit, request_id)
        if row is None:
            return _GONE
        record = kept_record(unit, node, row.addressee_number)
        shut = shut_to(unit, node, operator, row.addressee_number)
        if not shut:
            _note(unit, node, operator, Event.NUMBER_CHANGE_SHOWN, row, record, terminal, "shown")
    return kept_back(node, operator, record, terminal) if shut else _view(row, record)


def open_number_change(node: Node, addressee_number: int) -> str:
    """Tell how far a request for somebody's number has come; nothing where none is open."""
    with node.store.reading() as unit:
        row = number_changes.open_of(unit, [addressee_number]).get(addressee_number)
    return "" if row is None else row.state


def _check(unit: Unit, node: Node, asked: NumberChange, record: ResidentRecord | None) -> Refusal | None:
    on = node.clock.business_today()
    refusal = check_number_change(asked, record, has_number=has_number(unit, record), on=on)
    return refusal or stop_of(unit, StopKind.CHANGES, () if record is None else (record,), on)


def _moved(before: ResidentRecord | None, record: ResidentRecord | None) -> Refusal | None:
    """Refuse where somebody came into another household before the lock was taken."""
    same = before is not None and record is not None and before.household_number == record.household_number
    return None if same else Refusal(Reason.CONFLICT, _ARTICLE, "request")


def _decidable(row: NumberChangeRow | None, operator: Operator) -> Refusal | None:
    if row is None:
        return _GONE
    if row.state != "entered":
        return _DECIDED
    return may_verify(row.entered_by, operator.login_id)


def _needs(why: str) -> Refusal | None:
    return None if why.strip() else Refusal(Reason.FIELD_MISSING, _ARTICLE, "why")


def _view(row: NumberChangeRow, record: ResidentRecord | None) -> NumberChangeView:
    return NumberChangeView(
        row.id, row.state, read_number_change(row.body), record, row.entered_by, row.entered_at, row.decided_by or "",
        row.decided_at, row.closed_at, row.why,
    )  # fmt: skip


def _note(
    unit: Unit,
    node: Node,
    operator: Operator,
    event: Event,
    row: NumberChangeRow,
    record: ResidentRecord | None,
    terminal: str,
    outcome: str,
) -> None:
    subject = subject_of(record) if record is not None else f"addressee:{row.addressee_number}"
    note_by(
        unit, node, operator, event, terminal=terminal, basis=str(_ARTICLE), subject=subject, outcome=outcome,
        detail={"request": row.id, "reason": read_number_change(row.body).reason.value},
    )  # fmt: skip
