"""A folder of a migration, read from end to end before anything is written: every fault named, everything counted."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from daicho.nodes.handover.folder import Measuring, lines_of, small_files, strange_entries, sums_of
from daicho.nodes.handover.matters import MatterChecks
from daicho.nodes.handover.places import VersionPlaces
from daicho.nodes.handover.registered import character_lines
from daicho.paper.imprints import MalformedImprint, size_of
from daicho.paper.outlines import PictureUnreadable, read_picture
from daicho.rules.handover.comparison import RegisterTally, TallyCategory, record_digest
from daicho.rules.handover.entries import EntryLine, format_entry, read_entry_values
from daicho.rules.handover.layout import (
    COLUMNS,
    IMPRINTS,
    LINES_MAX,
    MANIFEST,
    PICTURES,
    HandoverFault,
    HandoverFile,
    LineReader,
    shown_name,
)
from daicho.rules.handover.manifest import FileSums, HandoverManifest, read_manifest
from daicho.rules.handover.mapping import CharacterTable, WrittenForm
from daicho.rules.handover.records import format_record, read_record_values
from daicho.rules.handover.relations import FolderRelations
from daicho.rules.law.refusal import Reason
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.register.record import ResidentRecord

FAULTS_KEPT_ROWS = 100_000
_F = HandoverFile
Progress = Callable[[int], None]
PROGRESS_LINES = 5_000  # how often it is told


def _silent(_lines: int) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Receiver:
    """Whose register a folder is meant for: the town, which glyphs are known, whether its people are invented.

    `kept_from` is the first day of striking of which records are not over.
    """

    home: MunicipalityCode
    written: WrittenForm
    kept_from: date
    invented: bool = False


@dataclass(slots=True)
class FolderReport:
    """What a folder holds and what is wrong with it; beyond a number of faults they are only counted."""

    manifest: HandoverManifest | None = None
    manifest_sha256: str = ""
    faults: list[HandoverFault] = field(default_factory=list)
    untold_faults: int = 0
    tally: RegisterTally = field(default_factory=RegisterTally)
    digests: list[tuple[int, str]] = field(default_factory=list)
    table: CharacterTable | None = None
    places: VersionPlaces = field(default_factory=VersionPlaces)
    unnamed: bool = False  # some versions do not say which change wrote them
    lines: int = 0

    @property
    def fine(self) -> bool:
        """Tell whether the folder may be loaded."""
        return not self.faults and self.manifest is not None

    def told(self, faults: Iterable[HandoverFault]) -> None:
        """Keep faults, as long as anybody could read them."""
        for fault in faults:
            if len(self.faults) < FAULTS_KEPT_ROWS:
                self.faults.append(fault)
            else:
                self.untold_faults += 1


Told = Callable[[Iterable[HandoverFault]], None]


@dataclass(slots=True)
class FolderReading:
    """Reads the files of a folder line by line; whoever reads hears of each fault and goes on."""

    folder: Path
    told: Told
    progress: Progress = _silent
    table: CharacterTable | None = None
    sums: dict[str, FileSums] = field(default_factory=dict)
    met: Counter[str] = field(default_factory=Counter)
    lines: int = 0
    spoiled: set[str] = field(default_factory=set)  # files of which a line could not be read
    place: int = 0  # of the line that was given last, in its file

    def rows(self, file: HandoverFile) -> Iterator[tuple[int, dict[str, Any]]]:
        """Give each good line of a file with its number."""
        measured = Measuring()
        mapped, known = (
            ({}, frozenset[str]()) if self.table is None else (self.table.translation, self.table.known)
        )
        source = lines_of(self.folder / file, measured)
        try:
            begun = LineReader.begun(file, next(source, b""), mapped, known)
            reader = begun if isinstance(begun, LineReader) else None
            if not isinstance(begun, LineReader):
                self.told(begun)
            first = COLUMNS[file][0].name
            for number, raw in enumerate(source, 2):
                self.lines += 1
                if self.lines % PROGRESS_LINES == 0:
                    self.progress(self.lines)
                if reader is None:
                    continue  # the rest is only measured
                if number > LINES_MAX:
                    self.told([HandoverFault(file, number, "", Reason.TOO_MANY_LINES)])
                    break
                self.place = measured.size_bytes - len(raw)
                values = reader.read(number, raw)
                if isinstance(values, dict):
                    leading = values[first]
                    measured.total += leading if isinstance(leading, int) else 0
                    yield number, values
                else:
                    self.spoiled.add(file)
                    self.told(values)
            if reader is not None:
                self.met += reader.met
        except OSError:
            self.told([HandoverFault(file, 0, "", Reason.FILE_MISSING)])
        self.sums[file] = measured.sums()


def read_characters(reading: FolderReading, written: WrittenForm) -> CharacterTable:
    """Read the table of characters, after which all other files are read in our own."""
    table = CharacterTable(written)
    for line, values in reading.rows(_F.CHARACTERS):
        reading.told(table.take(line, values))
    reading.table = table
    return table


def read_versions(reading: FolderReading) -> Iterator[tuple[int, dict[str, Any], ResidentRecord]]:
    """Read every version of every record."""
    for line, values in reading.rows(_F.VERSIONS):
        record = read_record_values(values["addressee_number"], values)
        if isinstance(record, ResidentRecord):
            yield line, values, record
        else:
            reading.told(HandoverFault(_F.VERSIONS, line, name, reason) for name, reason in record)


def read_entries(reading: FolderReading) -> Iterator[tuple[int, EntryLine]]:
    """Read every change."""
    for line, values in reading.rows(_F.ENTRIES):
        entry = read_entry_values(values)
        if isinstance(entry, EntryLine):
            yield line, entry
        else:
            reading.told(HandoverFault(_F.ENTRIES, line, name, reason) for name, reason in entry)


def version_line(version: int, legal_day: object, record: ResidentRecord) -> str:
    """Write what of a version goes into its person's digest: which entry wrote it is not among it."""
    return f"{version},{legal_day},{format_record(record)}"


class PersonDigests:
    """Makes the digest of each person of whom the versions come one after the other."""

    def __init__(self, numbers: Callable[[int], str]) -> None:
        """Take who knows the individual numbers."""
        self._numbers = numbers
        self._person = 0
        self._lines: list[str] = []

    def version(self, person: int, line: str) -> tuple[int, str] | None:
        """Take a version; give the digest of the person before when this is another one."""
        done = self.end() if person != self._person else None
        self._person = person
        self._lines.append(line)
        return done

    def end(self) -> tuple[int, str] | None:
        """Give the digest of the last person."""
        if not self._lines:
            return None
        made = self._person, record_digest([*self._lines, self._numbers(self._person)])
        self._lines = []
        return made


def check_folder(folder: Path, receiver: Receiver, progress: Progress = _silent) -> FolderReport:
    """Read everything, write nothing, and never stop at a fault."""
    report = FolderReport()
    try:
        report.told(strange_entries(folder))
        measured = Measuring()
        manifest = read_manifest(lines_of(folder / MANIFEST, measured))
    except OSError:
        report.told([HandoverFault(MANIFEST, 0, "", Reason.FILE_MISSING)])
        return report
    if isinstance(manifest, HandoverManifest):
        report.manifest, report.manifest_sha256 = manifest, measured.sums().sha256
        report.told(_meant_for(manifest, receiver))
    else:
        report.told(manifest)
    reading = FolderReading(folder, report.told, progress)
    report.table = read_characters(reading, receiver.written)
    small = _check_small_files(folder, report, report.table)
    _check_register(reading, report, FolderRelations(receiver.home, receiver.kept_from), small)
    reading.sums |= small
    report.lines = reading.lines
    if report.manifest is not None:
        report.told(_compare(report.manifest, reading))
        if report.manifest.source and not report.unnamed:  # nobody came by the load, to whom it could be held
            report.told([HandoverFault(MANIFEST, 0, "source", Reason.REFERENCE_MISSING)])
    return report


def _meant_for(manifest: HandoverManifest, receiver: Receiver) -> Iterator[HandoverFault]:
    if manifest.municipality != receiver.home:
        yield HandoverFault(MANIFEST, 0, "municipality_code", Reason.OTHER_MUNICIPALITY)
    if manifest.invented != receiver.invented:
        yield HandoverFault(MANIFEST, 0, "invented", Reason.TRAINING_DATA)


def _check_register(
    reading: FolderReading, report: FolderReport, relations: FolderRelations, small: Mapping[str, FileSums]
) -> None:
    numbers: dict[int, str] = {}
    given: dict[int, tuple[int, str]] = {}
    for line, values in reading.rows(_F.RESIDENTS):
        report.told(relations.resident(line, values))
        if values["individual_number"] is not None:
            numbers[values["addressee_number"]] = values["individual_number"]
            report.tally.number(values["addressee_number"], str(values["number_effective_on"]))
        if values["digest"]:
            given[values["addressee_number"]] = line, values["digest"]
    _check_versions(reading, report, relations, numbers)
    for number, digest in report.digests:
        line, told = given.get(number, (0, digest))
        if told != digest:
            report.told([HandoverFault(_F.RESIDENTS, line, "digest", Reason.DIGEST_DIFFERS)])
    for line, values in reading.rows(_F.HOUSEHOLDS):
        report.told(relations.household(line, values))
    for line, entry in read_entries(reading):
        report.tally.add(TallyCategory.ENTRIES)
        report.tally.content(_F.ENTRIES, format_entry(entry))
        report.told(relations.entry(line, entry))
    matters = MatterChecks(relations, report.tally)
    for file, check in (
        (_F.PERMITS, matters.permit),
        (_F.PROGRAMMES, matters.programme),
        (_F.CARDS, matters.card),
        (_F.SEALS, matters.seal),
        (_F.PROTECTIONS, matters.protection),
        (_F.HOLDS, matters.hold),
    ):
        for line, values in reading.rows(file):
            report.told(check(line, values))
    for name in matters.imprints & small.keys():
        report.tally.picture(name, small[name].sha256)
    report.told(matters.at_end(small))
    report.told(relations.at_end())


def _check_versions(
    reading: FolderReading, report: FolderReport, relations: FolderRelations, numbers: dict[int, str]
) -> None:
    digests = PersonDigests(lambda person: numbers.get(person, ""))
    last: ResidentRecord | None = None
    before: tuple[int, int] = (0, 0)  # whose version stands in the line before, and where
    for line, values, record in read_versions(reading):
        report.told(relations.version(line, values, record))
        report.unnamed = report.unnamed or not values["entry_id"]
        same = before[0] == record.addressee_number
        report.places.add(values["entry_id"], reading.place, before[1] if same else None)
        before = record.addressee_number, reading.place
        report.tally.version(record)
        if last is not None and last.addressee_number != record.addressee_number:
            report.tally.standing(last)
        last = record
        one = version_line(values["version"], values["legal_day"], record)
        if (done := digests.version(record.addressee_number, one)) is not None:
            report.digests.append(done)
    if last is not None:
        report.tally.standing(last)
    if (done := digests.end()) is not None:
        report.digests.append(done)
    if report.unnamed:
        report.tally.add(TallyCategory.ENTRIES)  # whoever loads them makes one for all of them
    report.told(relations.versions_end())


def _check_small_files(folder: Path, report: FolderReport, table: CharacterTable) -> dict[str, FileSums]:
    sums: dict[str, FileSums] = {}
    drawn: dict[str, str] = {}
    for name, content in small_files(folder):
        if isinstance(content, HandoverFault):
            report.told([content])
            continue
        sums[name] = sums_of(content)
        shown = _picture_of(name, content)
        if shown is None:
            report.told([HandoverFault(shown_name(name), 0, "", Reason.PICTURE_UNREADABLE)])
        else:
            drawn[name.partition("/")[2]] = shown
    for one in character_lines(replace(row, picture=drawn.get(row.picture, "")) for row in table.rows):
        report.tally.content(_F.CHARACTERS, one)
    wanted = {f"{PICTURES}/{one.picture}" for one in table.rows if one.picture}
    report.told(
        HandoverFault(_F.CHARACTERS, 0, "picture", Reason.FILE_MISSING, shown_name(name))
        for name in sorted(wanted - sums.keys())
    )
    return sums


def _picture_of(name: str, content: bytes) -> str | None:
    """Name a picture as it is kept here, of a character, or of a seal that is printed as large as it is; None for no picture."""
    room = name.partition("/")[0]
    try:
        if room == IMPRINTS:
            return name if min(size_of(content)) > 0 else None
        read = read_picture(content)
    except (PictureUnreadable, MalformedImprint):
        return None
    return f"{read.digest}.{read.kind}"


def _compare(manifest: HandoverManifest, reading: FolderReading) -> Iterator[HandoverFault]:
    """Compare what the folder says of itself with what was found."""
    for name in sorted(manifest.files.keys() | reading.sums.keys()):
        told, found = manifest.files.get(name), reading.sums.get(name)
        if told is None:
            yield HandoverFault(shown_name(name), 0, "", Reason.FILE_UNKNOWN)
        elif found is None:
            yield HandoverFault(shown_name(name), 0, "", Reason.FILE_MISSING)
        else:
            for item in ("lines", "size_bytes", *(() if name in reading.spoiled else ("total",))):
                there = getattr(found, item)
                if getattr(told, item) != there:
                    yield HandoverFault(shown_name(name), 0, item, Reason.COUNT_DIFFERS, f"found={there}")
            if told.sha256 != found.sha256:
                yield HandoverFault(shown_name(name), 0, "sha256", Reason.FILE_CHANGED)
    for one in sorted(manifest.characters.keys() | reading.met.keys()):
        if manifest.characters.get(one, 0) != reading.met[one]:
            yield HandoverFault(
                MANIFEST, 0, f"character U+{ord(one):04X}", Reason.COUNT_DIFFERS, f"found={reading.met[one]}"
            )
