"""Inspection of a part of the register: applications, a second person's approval, the list, the public report.  閲覧"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from daicho.nodes.chronicle import Fact, fact_by, note_by, note_many
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_record
from daicho.nodes.registry.guarding import measures_about, veil_for
from daicho.nodes.registry.meeting import counterparts_in
from daicho.nodes.registry.records import subject_of
from daicho.rules.inspection.application import (
    InspectionApplication,
    InspectionKind,
    article_of,
    check_inspection,
    check_reading,
)
from daicho.rules.inspection.listing import MOST_LINES, InspectionLine, inspection_list
from daicho.rules.inspection.report import Inspection, PublishedInspection, days_of_fiscal_year, published
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.operators.deciding import Undecided, check_reasoned_decision
from daicho.rules.people.characters.own import with_counterparts
from daicho.rules.people.kana import kanji_key
from daicho.rules.register.record import ResidentRecord
from daicho.store import inspection, protection
from daicho.store.inspection import AreaKeys, InspectionRow, ReadingRow
from daicho.store.register import Held
from daicho.store.unit import Unit
from daicho.wire.codecs.letters import decode, encode

SHOWN_ROWS = 200
LOOKED_AT_ROWS = 5_000  # of all areas
REPORT_ROWS = 10_000
_ENDS = {"asked": "withdrawn", "approved": "revoked"}
WHY_CHARACTERS = 200
_ARTICLE = juki("11")
_GONE = Refusal(Reason.NOT_FOUND, _ARTICLE, "number")
_PURPOSE = "住民基本台帳の一部の写しの閲覧"
# Whoever reads comes from outside: the list is made for somebody who may see nothing, whoever makes it.
_OUTSIDER = Operator("", "", ())


@dataclass(frozen=True, slots=True)
class InspectionCase:
    """An application, what a second person decided, and each time that its list was read."""

    number: str
    application: InspectionApplication
    state: str
    asked_by: str
    asked_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    why: str
    readings: tuple[ReadingRow, ...] = ()
    ended_by: str | None = None
    ended_at: datetime | None = None
    ended_why: str = ""


@dataclass(frozen=True, slots=True)
class InspectionOverview:
    """What waits for a second person, oldest first, and the newest applications."""

    waiting: tuple[InspectionCase, ...]
    newest: tuple[InspectionCase, ...]


@dataclass(frozen=True, slots=True)
class ReadList:
    """The list as it is laid before the readers."""

    number: str
    application: InspectionApplication
    readers: tuple[str, ...]
    lines: tuple[InspectionLine, ...]


def _case(row: InspectionRow, readings: tuple[ReadingRow, ...] = ()) -> InspectionCase:
    application = decode(InspectionApplication, row.body.encode(), our_own=True)
    return InspectionCase(
        row.number, application, row.state, row.asked_by, row.asked_at, row.decided_by, row.decided_at, row.why,
        readings, row.ended_by, row.ended_at, row.ended_why,
    )  # fmt: skip


def inspection_overview(node: Node, operator: Operator) -> InspectionOverview | Refusal:
    """List the applications; nobody of the register is named in them."""
    refusal = may(operator, Permission.HANDLE_INSPECTIONS)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        return InspectionOverview(
            tuple(map(_case, inspection.waiting_inspections(unit, limit_rows=SHOWN_ROWS))),
            tuple(map(_case, inspection.newest_inspections(unit, limit_rows=SHOWN_ROWS))),
        )


def inspection_case(node: Node, operator: Operator, number: str) -> InspectionCase | Refusal:
    """Show one application with its readings."""
    refusal = may(operator, Permission.HANDLE_INSPECTIONS)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        row = inspection.inspection(unit, number)
        if row is None:
            return _GONE
        return _case(row, tuple(inspection.readings_of(unit, number)))


def apply_to_inspect(
    node: Node, operator: Operator, application: InspectionApplication, *, terminal: str = ""
) -> str | Refusal:
    """Keep an application for a second person; gives its number. Refused when its scope holds nobody, or too many."""
    today = node.clock.business_today()
    refusal = may(operator, Permission.HANDLE_INSPECTIONS) or check_inspection(application, today)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        # Told now, and not when readers stand at the counter with an approval.
        found = _listed(unit, node, application)
    if isinstance(found, Refusal):
        return found
    with node.store.unit("inspections.apply") as unit:
        number = inspection.draw_inspection_number(unit, today.year)
        body = encode(application).decode()
        row = InspectionRow(number, "asked", operator.login_id, node.clock.now(), None, None, "", body)
        inspection.keep_inspection(unit, row, application.kind.value)
        _note(unit, node, operator, Event.INSPECTION_RECORDED, terminal, application.kind.value, number)
    return number


def decide_on_inspection(
    node: Node, operator: Operator, number: str, *, accept: bool, why: str = "", terminal: str = ""
) -> Refusal | None:
    """Approve an application that somebody else entered, or decline it with a reason."""
    refusal = may(operator, Permission.HANDLE_INSPECTIONS) or may(operator, Permission.VERIFY_CHANGE)
    if refusal is not None:
        return refusal
    with node.store.unit("inspections.decide") as unit:
        row = inspection.lock_inspection(unit, number)
        if row is None:
            return _GONE
        undecided = Undecided(_ARTICLE, "number", row.state, "asked", (row.asked_by,))
        refusal = check_reasoned_decision(undecided, operator.login_id, accept=accept, why=why)
        if refusal is not None:
            return refusal
        state = "approved" if accept else "declined"
        at = node.clock.now()
        inspection.decide_inspection(unit, number, state, operator.login_id, at, why.strip())
        _note(unit, node, operator, Event.INSPECTION_DECIDED, terminal, state, number)
    return None


def end_inspection(
    node: Node, operator: Operator, number: str, why: str, *, terminal: str = ""
) -> Refusal | None:
    """Withdraw an application that nobody has decided, or revoke an approval; with a reason.

    Whoever may approve may revoke, the one who approved included: nobody is shown anything by it.
    """
    refusal = may(operator, Permission.HANDLE_INSPECTIONS)
    if refusal is None and not why.strip():
        refusal = Refusal(Reason.FIELD_MISSING, _ARTICLE, "ended_why")
    if refusal is not None:
        return refusal
    with node.store.unit("inspections.end") as unit:
        row = inspection.lock_inspection(unit, number)
        if row is None:
            return _GONE
        state = _ENDS.get(row.state)
        if state is None:
            return Refusal(Reason.NOT_PENDING, _ARTICLE, "number", row.state.upper())
        refusal = may(operator, Permission.VERIFY_CHANGE) if state == "revoked" else None
        if refusal is not None:
            return refusal
        inspection.end_inspection(unit, row, state, operator.login_id, node.clock.now(), why[:WHY_CHARACTERS])
        _note(unit, node, operator, Event.INSPECTION_DECIDED, terminal, state, number)
    return None


def read_inspection_list(
    node: Node,
    operator: Operator,
    number: str,
    present: Collection[str],
    *,
    identity_shown: bool,
    fee_yen: int = 0,
    terminal: str = "",
) -> ReadList | Refusal:
    """Lay the list of an approved application before readers; a ledger line for everybody on it is durable first.

    Whoever is protected, or whose address tells where somebody protected lives, is not on it, whoever makes it.
    """
    refusal = may(operator, Permission.HANDLE_INSPECTIONS)
    if refusal is not None:
        return refusal
    today = node.clock.business_today()
    with node.store.reading() as unit:
        row = inspection.inspection(unit, number)
        if row is None:
            return _GONE
        application = _case(row).application
        refusal = _not_approved(row) or check_reading(
            application, present, today, identity_shown=identity_shown
        )
        if refusal is None and fee_yen and application.kind is InspectionKind.PUBLIC:
            refusal = Refusal(Reason.FIELD_UNKNOWN_VALUE, article_of(application.kind), "fee_yen")
        found = refusal or _listed(unit, node, application)
        if isinstance(found, Refusal):
            return found
    with node.store.unit("inspections.read") as unit:
        # Nobody waits while an area is searched; what was decided or protected meanwhile holds for this list.
        row = inspection.lock_inspection(unit, number)
        refusal = _GONE if row is None else _not_approved(row)
        if refusal is not None:
            return refusal
        listed = _without_hidden(unit, node, application, [record for record, _ in found])
        if not listed:
            return _nobody(application)
        readers = tuple(one.name for one in application.readers if one.name in present)
        reading = ReadingRow(
            number, 0, today, list(readers), len(listed), operator.login_id, node.clock.now(), fee_yen
        )
        inspection.keep_reading(unit, reading)
        basis = str(article_of(application.kind))
        note_many(unit, node, [_fact(operator, record, terminal, basis, number) for record, _ in listed])
        _note(unit, node, operator, Event.INSPECTION_RECORDED, terminal, "read", number)
    return ReadList(number, application, readers, tuple(line for _, line in listed))


def _not_approved(row: InspectionRow) -> Refusal | None:
    if row.state == "approved":
        return None
    return Refusal(Reason.NOT_PENDING, _ARTICLE, "number", row.state.upper())


def _nobody(application: InspectionApplication) -> Refusal:
    return Refusal(Reason.NOT_FOUND, article_of(application.kind), "area")


def _listed(
    unit: Unit, node: Node, application: InspectionApplication
) -> list[tuple[ResidentRecord, InspectionLine]] | Refusal:
    """Write the list of an application; refused when there is nobody to show, or too many."""
    scope, too_wide = application.scope, Refusal(Reason.SCOPE_TOO_WIDE, article_of(application.kind), "area")
    covered = protection.hidden_everywhere(unit, _OUTSIDER.login_id, node.clock.business_now())
    held: dict[int, Held] = {}
    for area in scope.areas:
        keys = AreaKeys(
            kanji_key(with_counterparts(area, counterparts_in(unit, (area,)))),
            scope.born_from.isoformat() if scope.born_from is not None else "",
            scope.born_until.isoformat() if scope.born_until is not None else "",
            scope.sex.value if scope.sex is not None else "",
            covered,
        )
        for one in inspection.people_in_area(unit, keys, limit_rows=LOOKED_AT_ROWS + 1):
            held[one.addressee_number] = one
        if len(held) > LOOKED_AT_ROWS:
            return too_wide
    listed = _without_hidden(unit, node, application, [read_record(one.body) for one in held.values()])
    if len(listed) > MOST_LINES:
        return too_wide
    return listed or _nobody(application)


def _without_hidden(
    unit: Unit, node: Node, application: InspectionApplication, found: Sequence[ResidentRecord]
) -> list[tuple[ResidentRecord, InspectionLine]]:
    """Write the lines of records that are in the scope and of which no measure keeps anything back at this moment."""
    at = node.clock.business_now()
    records = {one.addressee_number: one for one in found}
    veil = veil_for(unit, _OUTSIDER, records, at)
    telling = {number for number, one in records.items() if veil.keeps_home_of(one)}
    covered = protection.hidden_everywhere(unit, _OUTSIDER.login_id, at) | telling
    lines = inspection_list(
        records.values(), application.scope, measures_about(unit, records), covered, at.date()
    )
    return [(records[number], line) for number, line in lines]


def inspection_report(node: Node, operator: Operator, year: int) -> tuple[PublishedInspection, ...] | Refusal:
    """List what is made public of the inspections of one fiscal year; refused rather than cut short."""
    refusal = may(operator, Permission.HANDLE_INSPECTIONS)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        rows = inspection.readings_between(unit, *days_of_fiscal_year(year), limit_rows=REPORT_ROWS + 1)
    if len(rows) > REPORT_ROWS:
        return Refusal(Reason.TOO_MANY_LINES, _ARTICLE, "year")
    return published(
        Inspection(decode(InspectionApplication, body.encode(), our_own=True), on) for on, body in rows
    )


def _note(
    unit: Unit, node: Node, operator: Operator, event: Event, terminal: str, outcome: str, number: str
) -> None:
    note_by(unit, node, operator, event, terminal=terminal, outcome=outcome, detail={"inspection": number})


def _fact(operator: Operator, record: ResidentRecord, terminal: str, basis: str, number: str) -> Fact:
    return fact_by(
        operator,
        Event.INSPECTION_SHOWN,
        terminal=terminal,
        purpose=_PURPOSE,
        basis=basis,
        subject=subject_of(record),
        outcome="shown",
        detail={"inspection": number},
    )
