"""Importing a register extract and giving it back: streaming, one transaction, no line lost unseen."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from daicho.nodes.registry.bodies import entry_body, read_record, resident_row
from daicho.nodes.registry.meeting import look_at_characters, note_met
from daicho.rules.law.refusal import Reason
from daicho.rules.people.characters.own import MeetingPlace
from daicho.rules.people.codes import MunicipalityCode, ResidentRecordCode
from daicho.rules.register.changes import Entry
from daicho.rules.register.ending import record_over
from daicho.rules.register.extract import (
    BOM,
    HEADER,
    LINE_MAX_BYTES,
    LINES_MAX,
    ExtractReader,
    ExtractRow,
    LineFault,
    decode_line,
    format_line,
    parse_header,
)
from daicho.rules.register.reasons import ChangeKind, ChangeReason, Ground
from daicho.rules.register.record import ResidentRecord
from daicho.store import extract, register
from daicho.store.unit import Unit

BATCH_ROWS = 5_000
EXPORT_ROWS = 2_000
FAULTS_KEPT_ROWS = 100_000
_MACHINE_ERRORS_HEADER = "line,field,rule,imported"

NumberKeeper = Callable[[Unit, Sequence[tuple[str, str, date]]], Sequence[str]]
"""Keeps (code, individual number, effective day) and names the codes whose number somebody else has."""
NumberReader = Callable[[Unit, Sequence[ResidentRecord]], Mapping[ResidentRecordCode, str]]
"""Gives the individual numbers of some people by their code."""


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """Who brings which file into which town's register, and who approved it."""

    home: MunicipalityCode
    entry_id: str
    entered_by: str
    approved_by: str
    at: datetime
    day: date
    known_municipalities: frozenset[str] = frozenset()
    terminal: str = ""


def _nothing(_unit: Unit, _rows: Sequence[ExtractRow]) -> None:
    return None


@dataclass(frozen=True, slots=True)
class ImportHands:
    """What an import calls while it runs: keep numbers, pass a batch on, tell how far it is (in lines)."""

    keep_numbers: NumberKeeper
    on_batch: Callable[[Unit, Sequence[ExtractRow]], None] = _nothing
    progress: Callable[[int], None] = lambda _lines: None


@dataclass(slots=True)
class ImportReport:
    """What became of a file: lines taken, lines that were there already, and each fault."""

    imported: int = 0
    already_there: int = 0
    faults: list[LineFault] = field(default_factory=list)
    highest_addressee: int = 0
    highest_household: int = 0

    @property
    def refused(self) -> int:
        """Count the lines that were not taken."""
        return sum(1 for fault in self.faults if not fault.imported)


def lines_of(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Cut a stream into lines, never holding more than one line beyond its limit.

    A line that is too long comes as its first bytes, one more than allowed, so that it is refused as such.
    """
    rest = b""
    skipping = False
    for chunk in chunks:
        parts = (rest + chunk).split(b"\n")
        rest = parts.pop()
        for part in parts:
            if skipping:
                skipping = False
                continue
            yield part[: LINE_MAX_BYTES + 1]
        if len(rest) > LINE_MAX_BYTES:
            if not skipping:
                yield rest[: LINE_MAX_BYTES + 1]
            skipping, rest = True, b""
    if rest and not skipping:
        yield rest


def import_lines(
    unit: Unit,
    order: ImportOrder,
    lines: Iterable[bytes],
    hands: ImportHands,
) -> ImportReport:
    """Take every good line of one file in the caller's transaction; report every other one.

    A line whose person is already in the register under the same number and code is passed over, so that a
    corrected file can be brought again. `hands.on_batch` sees the new rows before the transaction ends.
    """
    report = ImportReport()
    source = iter(lines)
    first = next(source, b"").removeprefix(BOM)
    reader = _reader(first, order)
    if isinstance(reader, LineFault):
        report.faults.append(reader)
        return report
    _open_entry(unit, order)
    batch: list[ExtractRow] = []
    number = 1
    for number, raw in enumerate(source, 2):
        if number > LINES_MAX:
            report.faults.append(LineFault(number, "", Reason.TOO_MANY_LINES))
            break
        if not raw.strip():
            continue
        row = reader.read(number, raw)
        if isinstance(row, LineFault):
            _note_fault(report, row)
            continue
        batch.append(row)
        if len(batch) >= BATCH_ROWS:
            _take(unit, order, batch, report, hands)
            batch = []
            hands.progress(number)
    _take(unit, order, batch, report, hands)
    hands.progress(number)
    for fault in reader.headless():
        _note_fault(report, fault)
    if report.imported:
        extract.raise_sequences(
            unit, addressee=report.highest_addressee, household_number=report.highest_household
        )
    return report


def _reader(first: bytes, order: ImportOrder) -> ExtractReader | LineFault:
    header = decode_line(first)
    if isinstance(header, Reason):
        return LineFault(1, "", header)
    if not header:
        return LineFault(1, "", Reason.FILE_EMPTY)
    columns = parse_header(header)
    if isinstance(columns, LineFault):
        return columns
    return ExtractReader(columns, order.home, order.known_municipalities)


def _open_entry(unit: Unit, order: ImportOrder) -> None:
    entry = Entry(
        kind=ChangeKind.IMPORT,
        reason=ChangeReason.NOT_REPORTED,
        change_date=order.day,
        notified_on=order.day,
        before=(),
        after=(),
        subjects=(),
        ground=Ground.EX_OFFICIO,
    )
    row = register.EntryRow(
        id=order.entry_id,
        kind=entry.kind.value,
        reason=entry.reason.value,
        change_date=entry.change_date,
        notified_on=entry.notified_on,
        entered_by=order.entered_by,
        entered_at=order.at,
        terminal=order.terminal,
        verified_by=order.approved_by,
        verified_at=order.at,
        state="verified",
        body=entry_body(entry),
    )
    register.keep_entry(unit, row, ())


def _note_fault(report: ImportReport, fault: LineFault) -> None:
    if len(report.faults) < FAULTS_KEPT_ROWS:
        report.faults.append(fault)


def _take(
    unit: Unit,
    order: ImportOrder,
    batch: list[ExtractRow],
    report: ImportReport,
    hands: ImportHands,
) -> None:
    fresh = _without_known(unit, batch, report, order.day)
    numbered = [
        (row.record.resident_record_code, row.individual_number, row.record.resident_since)
        for row in fresh
        if row.individual_number is not None and row.record.resident_record_code is not None
    ]
    if numbered:
        taken = set(hands.keep_numbers(unit, numbered))
        if taken:
            for row in fresh:
                if row.record.resident_record_code in taken:
                    _note_fault(report, LineFault(row.line, "individual_number", Reason.NUMBER_DUPLICATE))
            fresh = [row for row in fresh if row.record.resident_record_code not in taken]
    if not fresh:
        return
    looked = look_at_characters(unit, [row.record for row in fresh])
    extract.copy_records(
        unit,
        [resident_row(row.record, 1, looked.counterparts) for row in fresh],
        entry_id=order.entry_id,
        legal_days=[_legal_day(row) for row in fresh],
        recorded_at=order.at,
    )
    note_met(unit, looked, MeetingPlace.IMPORT, order.at)
    report.imported += len(fresh)
    report.highest_addressee = max(report.highest_addressee, *(row.record.addressee_number for row in fresh))
    report.highest_household = max(report.highest_household, *(row.record.household_number for row in fresh))
    hands.on_batch(unit, fresh)


def _legal_day(row: ExtractRow) -> date:
    removal = row.record.removal
    return removal.removed_on if removal is not None else row.record.address_since


def _without_known(unit: Unit, batch: list[ExtractRow], report: ImportReport, day: date) -> list[ExtractRow]:
    people = [row.record.addressee_number for row in batch]
    codes = [str(row.record.resident_record_code or "") for row in batch]
    known = extract.known_keys(unit, people, [code for code in codes if code])
    code_of = dict(known)
    holder = {code: number for number, code in known if code}
    heads = {row.record.household_number for row in batch if row.record.living and row.record.is_householder}
    headed = extract.headed_households(unit, sorted(heads))
    fresh: list[ExtractRow] = []
    for row, code in zip(batch, codes, strict=True):
        record = row.record
        standing = code_of.get(record.addressee_number)
        if standing is not None:
            if standing == code:
                report.already_there += 1
            else:
                _note_fault(report, LineFault(row.line, "addressee_number", Reason.ADDRESSEE_DUPLICATE))
        elif record_over(record, day):
            _note_fault(report, LineFault(row.line, "removed_on", Reason.RETENTION_OVER))
        elif code and code in holder:
            _note_fault(report, LineFault(row.line, "resident_record_code", Reason.CODE_DUPLICATE))
        elif record.living and record.is_householder and record.household_number in headed:
            _note_fault(report, LineFault(row.line, "relationship", Reason.HOUSEHOLDER_TWICE))
        else:
            fresh.append(row)
    return fresh


def fault_lines(faults: Iterable[LineFault]) -> Iterator[str]:
    """Write the error file: line, field, rule, and whether the line was taken all the same."""
    yield _MACHINE_ERRORS_HEADER
    for fault in faults:
        yield f"{fault.line},{fault.field},{fault.reason.value},{'yes' if fault.imported else 'no'}"


def export_lines(unit: Unit, day: date, *, read_numbers: NumberReader) -> Iterator[str]:
    """Write the whole register as an extract, in the order of the addressee number, removed people included until they are over.

    A file that was imported without a fault, in this order and with every column, comes back byte for byte.
    """
    yield HEADER
    for batch in extract.export_records(unit, batch_rows=EXPORT_ROWS):
        records = [one for _, body in batch if not record_over(one := read_record(body), day)]
        numbers = read_numbers(unit, records)
        for record in records:
            code = record.resident_record_code
            yield format_line(record, None if code is None else numbers.get(code))
