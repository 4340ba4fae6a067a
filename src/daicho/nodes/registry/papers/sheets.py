"""Numbered security paper at the counter: received, used, spoiled, destroyed before a second person.  証明用紙"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from daicho.nodes.chronicle import note_by
from daicho.nodes.node import Node
from daicho.rules.certificates.sheets import (
    BOOK_OF_FORMS,
    SheetNote,
    SheetRange,
    check_delivery,
    check_note,
    check_undoing,
    next_sheet,
)
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may, may_verify
from daicho.store import certificates, sheets
from daicho.store.sheets import DeliveryRow, NotedSheets, SheetRow
from daicho.store.unit import Unit

SHOWN_ROWS = 200
WORDS_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class SheetDelivery:
    """A delivery with how many of its sheets are left, and which one is proposed next."""

    number: str
    sheets: SheetRange
    left: int
    received_on: date
    received_by: str
    words: str
    next_text: str = ""


@dataclass(frozen=True, slots=True)
class SheetBook:
    """The deliveries of which something is left, and the spoiled sheets that nobody has destroyed.

    `to_destroy` names those listed here that others noted.
    """

    deliveries: tuple[SheetDelivery, ...]
    spoiled: tuple[SheetRow, ...]
    to_destroy: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PaperSheets:
    """The sheets on which one paper went out, and the number proposed for the next one."""

    texts: tuple[str, ...]
    next_text: str


def sheet_book(node: Node, operator: Operator) -> SheetBook | Refusal:
    """Show what lies in the cabinet."""
    refusal = may(operator, Permission.KEEP_TILL)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        rows = sheets.open_deliveries(unit, limit_rows=SHOWN_ROWS)
        spoiled = sheets.spoiled_sheets(unit, operator.login_id, limit_rows=SHOWN_ROWS)
        others = tuple(_text(row) for row in spoiled if row.noted_by != operator.login_id)
        return SheetBook(tuple(_delivery(unit, row) for row in rows), tuple(spoiled), others)


def _text(row: SheetRow) -> str:
    return SheetRange(row.series, row.digits, row.place, row.place).first_text


def _range(row: DeliveryRow) -> SheetRange:
    return SheetRange(row.series, row.digits, row.first, row.last)


def _delivery(unit: Unit, row: DeliveryRow) -> SheetDelivery:
    came = _range(row)
    place = next_sheet(came, sheets.last_noted(unit, row.number))
    proposed = "" if place is None else came.text(place)
    return SheetDelivery(
        row.number, came, row.left_sheets, row.received_on, row.received_by, row.words, proposed
    )


def receive_sheets(
    node: Node, operator: Operator, came: SheetRange, received_on: date, words: str, *, terminal: str = ""
) -> str | Refusal:
    """Keep a delivery; gives its number."""
    refusal = may(operator, Permission.KEEP_TILL)
    if refusal is not None:
        return refusal
    today = node.clock.business_today()
    with node.store.unit("sheets.receive") as unit:
        sheets.hold_sheets(unit)
        met = sheets.delivery_from(unit, came.series, came.digits, came.first)
        refusal = check_delivery(came, [] if met is None else [_range(met)], received_on, today)
        if refusal is not None:
            return refusal
        number = sheets.draw_delivery_number(unit, today.year)
        row = DeliveryRow(
            number, came.series, came.digits, came.first, came.last, came.sheets, received_on, operator.login_id,
            words[:WORDS_CHARACTERS],
        )  # fmt: skip
        sheets.keep_delivery(unit, row, node.clock.now())
        detail = {"delivery": number, "sheets": str(came.sheets)}
        _note(unit, node, operator, terminal, "received", detail)
    return number


def note_sheets(node: Node, operator: Operator, told: SheetNote, *, terminal: str = "") -> Refusal | None:
    """Note on which sheets a paper went out, or that sheets were spoiled."""
    refusal = may(operator, Permission.KEEP_TILL)
    if refusal is not None:
        return refusal
    taken = told.taken
    with node.store.unit("sheets.note") as unit:
        sheets.hold_sheets(unit)
        if told.paper and certificates.certificate(unit, told.paper) is None:
            return Refusal(Reason.NOT_FOUND, BOOK_OF_FORMS, "paper")
        row = sheets.delivery_from(unit, taken.series, taken.digits, taken.first)
        noted = (
            frozenset[int]()
            if row is None
            else sheets.noted_places(unit, row.number, taken.first, taken.last)
        )
        refusal = check_note(told, None if row is None else _range(row), noted)
        if refusal is not None or row is None:
            return refusal
        outcome = "used" if told.cause is None else told.cause.value
        sheets.note_sheets(
            unit,
            NotedSheets(
                row.number,
                taken.first,
                taken.last,
                told.paper or None,
                told.cause.value if told.cause is not None else None,
                told.words[:WORDS_CHARACTERS],
                node.clock.business_today(),
                operator.login_id,
                node.clock.now(),
            ),
        )
        detail = {"delivery": row.number, "sheets": str(taken.sheets), "number": told.paper}
        _note(unit, node, operator, terminal, outcome, detail)
    return None


def sheets_of_paper(node: Node, operator: Operator, paper: str) -> PaperSheets | Refusal:
    """Tell on which sheets a paper went out, and which one is proposed."""
    refusal = may(operator, Permission.KEEP_TILL)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        rows = sheets.sheets_of(unit, paper)
        proposed = [_delivery(unit, row) for row in sheets.open_deliveries(unit, limit_rows=SHOWN_ROWS)]
    texts = tuple(map(_text, rows))
    return PaperSheets(texts, next((one.next_text for one in proposed if one.next_text), ""))


def undo_sheets(
    node: Node, operator: Operator, taken: SheetRange, words: str, *, terminal: str = ""
) -> Refusal | None:
    """Take back what somebody else noted of sheets: a number that was mistyped must not hold the real sheet for good.

    A cash-up in which the note stands stays as it was closed.
    """
    refusal = may(operator, Permission.KEEP_TILL)
    if refusal is not None:
        return refusal
    with node.store.unit("sheets.undo") as unit:
        sheets.hold_sheets(unit)
        row = sheets.delivery_from(unit, taken.series, taken.digits, taken.first)
        noted = {} if row is None else sheets.noted_by(unit, row.number, taken.first, taken.last)
        refusal = check_undoing(taken, None if row is None else _range(row), noted, words)
        for by in noted.values():
            refusal = refusal or may_verify(by, operator.login_id)
        if refusal is not None or row is None:
            return refusal
        why = words[:WORDS_CHARACTERS]
        sheets.undo_sheets(
            unit, row.number, taken.first, taken.last, operator.login_id, node.clock.now(), why
        )
        detail = {"delivery": row.number, "sheets": str(taken.sheets)}
        _note(unit, node, operator, terminal, "undone", detail)
    return None


def destroy_spoiled(
    node: Node, operator: Operator, seen: Collection[str], *, terminal: str = ""
) -> int | Refusal:
    """Note that spoiled sheets were cut up, those that others noted: who spoils a sheet does not vouch for its end.

    It is noted of those that were `seen` on the list and lay before whoever cut them up, and of no other.
    """
    refusal = may(operator, Permission.KEEP_TILL)
    if refusal is not None:
        return refusal
    with node.store.unit("sheets.destroy") as unit:
        sheets.hold_sheets(unit)
        spoiled = sheets.spoiled_sheets(unit, operator.login_id, limit_rows=SHOWN_ROWS)
        rows = [row for row in spoiled if row.noted_by != operator.login_id and _text(row) in seen]
        count = len(rows)
        if count != len(seen):
            return Refusal(Reason.CHANGED_SINCE, BOOK_OF_FORMS, "sheets")
        if not count:
            return Refusal(Reason.NOTHING_CHANGES, BOOK_OF_FORMS, "sheets")
        sheets.destroy_sheets(unit, rows, operator.login_id, node.clock.now())
        _note(unit, node, operator, terminal, "destroyed", {"sheets": str(count)})
    return count


def _note(
    unit: Unit, node: Node, operator: Operator, terminal: str, outcome: str, detail: dict[str, str]
) -> None:
    note_by(unit, node, operator, Event.SHEETS_NOTED, terminal=terminal, outcome=outcome, detail=detail)
