"""A folder that was checked, loaded into an empty register: one transaction, whole or not at all, compared before it ends."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeVar

from daicho.nodes.handover.checking import (
    FolderReading,
    FolderReport,
    Progress,
    read_characters,
    read_entries,
    read_versions,
)
from daicho.nodes.handover.counting import count_register
from daicho.nodes.handover.folder import FolderChanged, small_file, sums_of
from daicho.nodes.handover.hands import Numbered, RegistryHands
from daicho.nodes.handover.matters import programme_key, value_of
from daicho.nodes.handover.places import PlacedVersion, VersionsAtPlaces
from daicho.nodes.node import Node
from daicho.paper.outlines import read_picture
from daicho.rules.handover.comparison import RecordDigests, compare_tallies, find_differing
from daicho.rules.handover.entries import EntryLine, whole_entry
from daicho.rules.handover.layout import (
    IMPRINT_MAX_BYTES,
    IMPRINTS,
    PICTURE_MAX_BYTES,
    PICTURES,
    HandoverFault,
    HandoverFile,
)
from daicho.rules.handover.mapping import CharacterTable
from daicho.rules.people.characters.own import CharacterStep
from daicho.rules.people.codes import IndividualNumber
from daicho.rules.protection.measure import ProtectionMeasure
from daicho.rules.register.reasons import ChangeKind, ChangeReason, Ground
from daicho.rules.register.record import ResidentRecord
from daicho.rules.seals.registration import SealRegistration
from daicho.store import extract, handover, retention
from daicho.store.handover import ItemStepLine, MeasureLine, StepLine
from daicho.store.register import EntryRow, NewVersion, PermitRow
from daicho.store.seals import RegistrationRow
from daicho.store.unit import Unit
from daicho.wire.codecs.letters import decode, encode

BATCH_ROWS = 5_000
ENTRY_ROWS = 2_000
DIFFERING_SHOWN_PEOPLE = 20
_F = HandoverFile
_T = TypeVar("_T")
_Change = tuple[PlacedVersion, ResidentRecord | None]


class RegisterOccupied(Exception):
    """Somebody or something is in the register already; a folder is loaded into an empty one alone."""


class NumberTaken(Exception):
    """An individual number of the folder is somebody else's here; the message says how many."""


class SidesDiffer(RuntimeError):
    """What was loaded is not what was checked, so that nothing of it stands; the message counts, and names nobody."""


@dataclass(frozen=True, slots=True)
class LoadOrder:
    """Who loads a folder, who answers for it, when, and whether the own CS has nobody yet and is to be told."""

    entry_id: str
    entered_by: str
    role_id: str
    approved_by: str
    at: datetime
    day: date
    kept_from: date
    tell_cs: bool = False


@dataclass(slots=True)
class _Highest:
    addressee: int = 0
    household: int = 0
    seal: int = 0
    seal_card: int = 0
    protection: int = 0

    def pairs(self) -> Iterator[tuple[str, int]]:
        yield "register.addressee_seq", self.addressee
        yield "register.household_seq", self.household
        yield "register.seal_seq", self.seal
        yield "register.seal_card_seq", self.seal_card
        yield "register.protection_seq", self.protection


@dataclass(slots=True)
class _Loading:
    """One load underway."""

    unit: Unit
    node: Node
    hands: RegistryHands
    order: LoadOrder
    reading: FolderReading
    report: FolderReport
    highest: _Highest = field(default_factory=_Highest)
    numbers: dict[int, tuple[str, date]] = field(default_factory=dict)


def load_folder(
    unit: Unit, node: Node, folder: Path, report: FolderReport, hands: RegistryHands, order: LoadOrder,
    progress: Progress,
) -> None:  # fmt: skip
    """Load a folder that was found to be fine in the caller's transaction, and compare what stands then with it.

    Raises: RegisterOccupied, NumberTaken, FolderChanged, SidesDiffer; each leaves nothing behind.
    """
    if not handover.begin_to_fill(unit):
        raise RegisterOccupied
    reading = FolderReading(folder, _changed, progress)
    loading = _Loading(unit, node, hands, order, reading, report)
    table = _load_characters(loading)
    _load_numbers(loading)
    _load_permits(loading)
    _load_entries(loading, table)
    _load_versions(loading)
    _load_programmes(loading)
    _load_cards(loading)
    _load_seals(loading)
    _load_protections(loading)
    _load_holds(loading)
    handover.raise_sequences(unit, loading.highest.pairs())
    manifest = report.manifest
    for name, sums in reading.sums.items():
        if manifest is None or manifest.files.get(name) != sums:
            raise FolderChanged(name)
    _compare(loading)
    if order.tell_cs:
        hands.tell_cs_first(unit, node)  # whom it is to keep back, before it hears of anybody
        _tell_cs(loading)


def _changed(faults: Iterable[HandoverFault]) -> None:
    for fault in faults:
        raise FolderChanged(fault.file)


def _small_file(loading: _Loading, name: str, limit_bytes: int) -> bytes:
    """Read a picture once more: it must be the one that was checked. Raises: FolderChanged, OSError."""
    content, manifest = small_file(loading.reading.folder / name, limit_bytes), loading.report.manifest
    if manifest is None or manifest.files.get(name) != sums_of(content):
        raise FolderChanged(name)
    return content


def _tell_cs(loading: _Loading) -> None:
    """Tell the own CS of everybody who stands."""
    order = loading.order
    records = (decode(ResidentRecord, body.encode(), our_own=True) for body in handover.records(loading.unit))
    for batch in _batches(records, BATCH_ROWS):
        numbers = [loading.numbers.get(one.addressee_number) for one in batch]
        people: list[Numbered] = [
            (record, IndividualNumber(held[0]) if held else None)
            for record, held in zip(batch, numbers, strict=True)
        ]
        loading.hands.tell_cs(loading.unit, loading.node, people, order.entry_id, order.role_id)


def _compare(loading: _Loading) -> None:
    report = loading.report
    tally, digests = count_register(loading.unit, loading.node.vault, loading.order.kept_from)
    differences = compare_tallies(report.tally, tally)
    here, there = RecordDigests(report.digests), RecordDigests(digests)
    last = max(here.last, there.last)
    people = find_differing(here.of_range, there.of_range, last, limit_people=DIFFERING_SHOWN_PEOPLE)
    if differences or people:
        raise SidesDiffer(f"{len(differences)} counts, {len(people)} or more people")


def _batches(rows: Iterable[_T], size: int) -> Iterator[list[_T]]:
    batch: list[_T] = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _load_characters(loading: _Loading) -> CharacterTable:
    unit, order = loading.unit, loading.order
    table = read_characters(loading.reading, loading.hands.written)
    for row in table.rows:
        entry = row.entry
        if entry is None:
            continue
        held = entry.identification
        if held is not None and row.picture:
            drawn = read_picture(_small_file(loading, f"{PICTURES}/{row.picture}", PICTURE_MAX_BYTES))
            picture = drawn.digest, drawn.kind, drawn.content
            handover.keep_picture(unit, picture, order.entered_by, order.at)
            entry = replace(entry, identification=replace(held, picture=drawn.digest))
        step = CharacterStep.DESCRIBED.value, order.entered_by, order.at
        handover.keep_character(unit, row.character, loading.hands.columns_of(entry), step)
    return table


def _load_numbers(loading: _Loading) -> None:
    """Remember whose number is which until the codes are known."""
    for _, values in loading.reading.rows(_F.RESIDENTS):
        number = values["addressee_number"]
        loading.highest.addressee = max(loading.highest.addressee, number)
        if values["individual_number"] is not None:
            loading.numbers[number] = values["individual_number"], values["number_effective_on"]


def _load_permits(loading: _Loading) -> None:
    handover.keep_permits(
        loading.unit,
        (
            PermitRow(
                values["permit_id"],
                values["addressee_number"],
                values["what"],
                values["permitted_by"],
                values["permitted_at"],
            )
            for _, values in loading.reading.rows(_F.PERMITS)
        ),
    )


def _load_versions(loading: _Loading) -> None:
    """Write versions in their order; the last one of each person stands."""
    people = groupby(read_versions(loading.reading), key=lambda one: one[2].addressee_number)
    waiting: list[list[tuple[dict[str, Any], ResidentRecord]]] = []
    count = 0
    for _, group in people:
        life = [(values, record) for _, values, record in group]
        waiting.append(life)
        count += len(life)
        if count >= BATCH_ROWS:
            _write_lives(loading, waiting)
            waiting, count = [], 0
    if waiting:
        _write_lives(loading, waiting)


def _write_lives(loading: _Loading, lives: list[list[tuple[dict[str, Any], ResidentRecord]]]) -> None:
    unit, order, row_of = loading.unit, loading.order, loading.hands.row_of
    standing = [life[-1][1] for life in lives]
    counterparts = loading.hands.look(unit, standing, order.at)
    versions = [
        NewVersion(
            row_of(record, values["version"], counterparts),
            entry_id=values["entry_id"] or order.entry_id,
            legal_day=values["legal_day"],
            recorded_at=values["recorded_at"] or order.at,
        )
        for life in lives
        for values, record in life
    ]
    extract.copy_versions(unit, versions)
    newest = {one.row.addressee_number: one for one in versions}
    extract.copy_standing(unit, [(one.row, one.entry_id) for one in newest.values()])
    loading.highest.household = max(
        loading.highest.household, *(record.household_number for life in lives for _, record in life)
    )
    _keep_numbers(loading, standing)


def _keep_numbers(loading: _Loading, standing: list[ResidentRecord]) -> None:
    rows: list[tuple[str, str, date]] = []
    for record in standing:
        number, day = loading.numbers.get(record.addressee_number, (None, None))
        code = record.resident_record_code
        if number is not None and day is not None and code is not None:
            rows.append((str(code), str(number), day))
    taken = loading.hands.keep_numbers(loading.unit, rows) if rows else ()
    if taken:
        raise NumberTaken(str(len(taken)))


def _load_entries(loading: _Loading, table: CharacterTable) -> None:
    """Put each change together from the versions that it wrote; no version comes in before its change."""
    report = loading.report
    if report.unnamed:
        _keep_entries(loading, [_entry_row(_import_line(loading.order), [])])
    with VersionsAtPlaces(loading.reading.folder, table) as versions:
        for batch in _batches((line for _, line in read_entries(loading.reading)), ENTRY_ROWS):
            _keep_entries(loading, [_entry_row(line, _written(line, report, versions)) for line in batch])


def _import_line(order: LoadOrder) -> EntryLine:
    return EntryLine(
        order.entry_id, ChangeKind.IMPORT, ChangeReason.NOT_REPORTED, order.day, order.day, order.entered_by,
        order.at, order.approved_by, order.at, Ground.EX_OFFICIO,
    )  # fmt: skip


def _written(line: EntryLine, report: FolderReport, versions: VersionsAtPlaces) -> list[_Change]:
    """Read what a change wrote, person by person, each with the record before."""
    if line.kind is ChangeKind.IMPORT:
        # What an import wrote nobody ever saw side by side; a whole town would not go into one change.
        return []
    found = [
        (versions.at(place), None if before is None else versions.at(before).record)
        for place, before in report.places.of(line.entry_id)
    ]
    return sorted(found, key=lambda one: (one[0].record.addressee_number, one[0].version))


def _entry_row(line: EntryLine, written: list[_Change]) -> tuple[EntryRow, list[int]]:
    after = [one.record for one, _ in written]
    before = [record for _, record in written if record is not None]
    row = EntryRow(
        id=line.entry_id,
        kind=line.kind.value,
        reason=line.reason.value,
        change_date=line.change_date,
        notified_on=line.notified_on,
        entered_by=line.entered_by,
        entered_at=line.entered_at,
        terminal=line.terminal,
        verified_by=line.verified_by,
        verified_at=line.verified_at,
        state="verified",
        outcome=line.outcome,
        seen={one.record.addressee_number: one.version - 1 for one, record in written if record is not None},
        households=tuple(sorted({one.household_number for one in (*before, *after)})),
        cancels=line.cancels or None,
        permit=line.permit or None,
        body=encode(whole_entry(line, before, after)).decode(),
    )
    return row, sorted({one.addressee_number for one in after})


def _keep_entries(loading: _Loading, rows: list[tuple[EntryRow, list[int]]]) -> None:
    people = [(row.id, number) for row, concerned in rows for number in concerned]
    handover.keep_entries(loading.unit, [row for row, _ in rows], people, loading.order.entry_id)


def _load_programmes(loading: _Loading) -> None:
    rows = (values for _, values in loading.reading.rows(_F.PROGRAMMES))
    lives = (
        [
            ItemStepLine(
                values["addressee_number"],
                values["programme"].value,
                values["version"],
                values["by"],
                values["at"],
                values["change"],
                values["body"] or None,
            )
            for values in group
        ]
        for _, group in groupby(rows, key=programme_key)
    )
    for batch in _batches(lives, ENTRY_ROWS):
        handover.keep_programmes(loading.unit, batch)


def _load_cards(loading: _Loading) -> None:
    rows = (values for _, values in loading.reading.rows(_F.CARDS))
    names = ("addressee_number", "version", "by", "at", "terminal", "body")
    for batch in _batches((tuple(values[name] for name in names) for values in rows), ENTRY_ROWS):
        handover.keep_cards(loading.unit, batch)


def _lives(
    loading: _Loading, file: HandoverFile, read: Callable[[str], _T]
) -> Iterator[tuple[list[StepLine], _T, dict[str, Any]]]:
    """Give the steps of each thing with the thing as the last one left it."""
    rows = (values for _, values in loading.reading.rows(file))
    for _, group in groupby(rows, key=itemgetter("number")):
        steps: list[StepLine] = []
        last: dict[str, Any] = {}
        for values in group:
            last = values
            names = ("number", "version", "step", "by", "at", "body")
            steps.append(StepLine(*(values[name] for name in names)))
        yield steps, read(last["body"]), last


def _load_seals(loading: _Loading) -> None:
    highest = loading.highest
    kept: set[str] = set()
    for batch in _batches(
        _lives(loading, _F.SEALS, lambda body: value_of(SealRegistration, body)), ENTRY_ROWS
    ):
        fresh = {one.impression.image_id for _, one, _ in batch} - kept
        images = (
            (name, _small_file(loading, f"{IMPRINTS}/{name}.png", IMPRINT_MAX_BYTES))
            for name in sorted(fresh)
        )
        handover.keep_seal_images(loading.unit, images)
        kept |= fresh
        rows = [
            RegistrationRow(
                one.number,
                one.addressee_number,
                one.card_number,
                steps[-1].version,
                one.end is None,
                one.card_waits,
                one.to_tell,
                one.impression.image_id,
                steps[-1].body,
            )
            for steps, one, _ in batch
        ]
        handover.keep_seals(loading.unit, rows, [step for steps, _, _ in batch for step in steps])
        for row in rows:
            highest.seal = max(highest.seal, _drawn(row.number))
            highest.seal_card = max(highest.seal_card, _drawn(row.card_number))


def _load_protections(loading: _Loading) -> None:
    unit, highest = loading.unit, loading.highest
    for batch in _batches(
        _lives(loading, _F.PROTECTIONS, lambda body: value_of(ProtectionMeasure, body)), ENTRY_ROWS
    ):
        rows = [
            MeasureLine(
                one.number,
                steps[-1].version,
                one.end is None,
                one.last_day,
                steps[-1].body,
                tuple(sorted(one.people)),
                tuple(sorted(loading.hands.party_keys(unit, [party.name for party in one.other_parties]))),
            )
            for steps, one, _ in batch
        ]
        handover.keep_measures(unit, rows, [step for steps, _, _ in batch for step in steps])
        for row in rows:
            highest.protection = max(highest.protection, _drawn(row.number.rpartition("-")[2]))


def _load_holds(loading: _Loading) -> None:
    for _, values in loading.reading.rows(_F.HOLDS):
        whose, reason = str(values["addressee_number"]), values["reason"].value
        retention.keep_hold(loading.unit, whose, reason, values["why"], values["by"], values["at"])


def _drawn(number: str) -> int:
    """Tell which of a sequence a number is, where it is one of ours."""
    return int(number) if number.isascii() and number.isdigit() and len(number) <= 15 else 0
