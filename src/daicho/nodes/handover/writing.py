"""The whole register written into a new folder, in the layout in which it is read: of one instant, counted as it is written."""

import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO, Any, Protocol

from daicho.nodes.handover.checking import PersonDigests, Progress, version_line
from daicho.nodes.handover.folder import Measuring, sums_of
from daicho.nodes.handover.registered import RegisterLines, Values
from daicho.rules.handover.entries import EntryLine, format_entry
from daicho.rules.handover.layout import (
    COLUMNS,
    IMPRINTS,
    MANIFEST,
    PICTURES,
    HandoverFile,
    format_fields,
    header_of,
)
from daicho.rules.handover.manifest import FileSums, HandoverManifest, format_manifest
from daicho.rules.handover.mapping import MappedCharacter, character_values
from daicho.rules.handover.records import record_values
from daicho.rules.people.characters.own import CharacterSource
from daicho.rules.people.characters.unsettled import private_in
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.register.record import ResidentRecord
from daicho.store.unit import Unit
from daicho.wire.vault import Vault

_F = HandoverFile
_FILE_MODE = 0o600  # names, addresses and numbers of everybody


class FolderThere(Exception):
    """Something lies where the folder is to be."""


@dataclass(frozen=True, slots=True)
class WrittenFolder:
    """What a folder says of its town: which, made when and by what, and whether its people are invented.

    `kept_from` is the first day of striking of which records are not over.
    """

    municipality: MunicipalityCode
    made_on: date
    maker: str
    kept_from: date
    invented: bool = False
    source: str = ""  # of what it was made, where that is no register


class FolderLines(Protocol):
    """What the files of a folder say, in the order in which they are written; `numbered` is read first."""

    def numbered(self) -> Iterator[tuple[int, int, str, str]]:
        """Give everybody's number of versions, individual number and its first day; "" without one."""
        ...

    def versions(self) -> Iterator[tuple[Values, ResidentRecord]]:
        """Give every version, what stands before its items apart."""
        ...

    def households(self) -> Iterator[tuple[int, int, int]]:
        """Give the members of each living household and its householder, 0 without one."""
        ...

    def permissions(self) -> Iterable[Values]:
        """Give permissions to correct."""
        ...

    def entries(self) -> Iterable[tuple[EntryLine, bool]]:
        """Give changes, and whether a load made them."""
        ...

    def programmes(self) -> Iterable[Values]:
        """Give steps of programme items."""
        ...

    def cards(self) -> Iterable[Values]:
        """Give notes of cards."""
        ...

    def seals(self) -> Iterable[Values]:
        """Give steps of seal registrations."""
        ...

    def imprints(self, wanted: Collection[str], /) -> Iterable[tuple[str, bytes]]:
        """Give prints of seals."""
        ...

    def measures(self) -> Iterable[Values]:
        """Give steps of protection measures."""
        ...

    def holds(self) -> Iterable[Values]:
        """Give what a hand keeps from being destroyed."""
        ...

    def characters(self) -> tuple[list[MappedCharacter], Mapping[str, bytes]]:
        """Give the town's own characters and their pictures."""
        ...


@dataclass(frozen=True, slots=True)
class Written:
    """A folder that was written, with the sum of its manifest, in which the sums of all others stand."""

    manifest: HandoverManifest
    manifest_sha256: str


@dataclass(slots=True)
class _Sheet:
    """One file while it is written."""

    file: HandoverFile
    out: IO[bytes]
    measured: Measuring = field(default_factory=Measuring)
    met: Counter[str] = field(default_factory=Counter)

    def write(self, values: Mapping[str, Any]) -> None:
        """Write a line of values."""
        leading = values[COLUMNS[self.file][0].name]
        self.line(format_fields(COLUMNS[self.file], values), leading if isinstance(leading, int) else 0)

    def line(self, text: str, leading: int = 0) -> None:
        """Write a line, whose first number is counted up."""
        raw = f"{text}\n".encode()
        self.out.write(raw)
        self.measured.take(raw)
        self.measured.lines += 1
        self.measured.total += leading
        private = private_in((text,))
        if private and self.file is not _F.CHARACTERS:
            self.met.update(one for one in text if one in private)


@dataclass(slots=True)
class _Writing:
    """One folder underway."""

    folder: Path
    progress: Progress
    files: dict[str, FileSums] = field(default_factory=dict)
    met: Counter[str] = field(default_factory=Counter)
    lines: int = 0

    @contextmanager
    def sheet(self, file: HandoverFile) -> Iterator[_Sheet]:
        """Write one file; it is on the disk when the next one begins."""
        with _created(self.folder / file) as out:
            sheet = _Sheet(file, out)
            sheet.line(header_of(COLUMNS[file]))
            yield sheet
        self.files[file] = sheet.measured.sums()
        self.met += sheet.met
        self.lines += sheet.measured.lines
        self.progress(self.lines)

    def small_file(self, room: str, name: str, content: bytes) -> None:
        """Write a picture or a print."""
        with _created(self.folder / room / name) as out:
            out.write(content)
        self.files[f"{room}/{name}"] = sums_of(content)


@contextmanager
def _created(path: Path) -> Iterator[IO[bytes]]:
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, _FILE_MODE)
    with os.fdopen(number, "wb") as out:
        yield out
        out.flush()
        os.fsync(out.fileno())


def write_folder(unit: Unit, vault: Vault, folder: Path, about: WrittenFolder, progress: Progress) -> Written:
    """Write the register into a folder that is there and empty. Raises: OSError."""
    return write_lines(RegisterLines(unit, vault, about.kept_from), folder, about, progress)


def write_lines(lines: FolderLines, folder: Path, about: WrittenFolder, progress: Progress) -> Written:
    """Write lines into a folder that is there and empty; the manifest comes last, so that a torn folder has none.

    Raises: OSError.
    """
    for room in (PICTURES, IMPRINTS):
        (folder / room).mkdir(mode=0o700)
    writing = _Writing(folder, progress)
    _write_people(writing, lines)
    _write_households(writing, lines)
    _write_plain(writing, _F.PERMITS, lines.permissions())
    with writing.sheet(_F.ENTRIES) as sheet:
        for entry, _ in lines.entries():
            sheet.line(format_entry(entry))
    _write_plain(writing, _F.PROGRAMMES, lines.programmes())
    _write_plain(writing, _F.CARDS, lines.cards())
    _write_seals(writing, lines)
    _write_plain(writing, _F.PROTECTIONS, lines.measures())
    _write_plain(writing, _F.HOLDS, lines.holds())
    _write_characters(writing, lines)
    manifest = HandoverManifest(
        about.municipality, about.made_on, about.maker, writing.files, dict(writing.met), about.invented,
        about.source,
    )  # fmt: skip
    content = format_manifest(manifest).encode()
    with _created(folder / MANIFEST) as out:
        out.write(content)
    return Written(manifest, sums_of(content).sha256)


def _write_people(writing: _Writing, lines: FolderLines) -> None:
    """Write everybody's line after everybody's versions, of which the digests are made."""
    everybody = list(lines.numbered())
    numbers = {who: number for who, _, number, _ in everybody if number}
    digests: dict[int, str] = {}
    made = PersonDigests(lambda person: numbers.get(person, ""))
    with writing.sheet(_F.VERSIONS) as sheet:
        for head, record in lines.versions():
            sheet.write({**head, **record_values(record)})
            one = version_line(head["version"], head["legal_day"], record)
            if (done := made.version(record.addressee_number, one)) is not None:
                digests[done[0]] = done[1]
    if (done := made.end()) is not None:
        digests[done[0]] = done[1]
    with writing.sheet(_F.RESIDENTS) as sheet:
        for who, versions, number, day in everybody:
            sheet.write(
                {
                    "addressee_number": who,
                    "versions": versions,
                    "individual_number": number or None,
                    "number_effective_on": date.fromisoformat(day) if day else None,
                    "digest": digests.get(who, ""),
                }
            )


def _write_households(writing: _Writing, lines: FolderLines) -> None:
    with writing.sheet(_F.HOUSEHOLDS) as sheet:
        for number, head, members in lines.households():
            sheet.write({"household_number": number, "householder": head or None, "members": members})


def _write_plain(writing: _Writing, file: HandoverFile, rows: Iterable[Mapping[str, Any]]) -> None:
    with writing.sheet(file) as sheet:
        for values in rows:
            sheet.write(values)


def _write_seals(writing: _Writing, lines: FolderLines) -> None:
    prints: set[str] = set()
    with writing.sheet(_F.SEALS) as sheet:
        for values in lines.seals():
            prints.add(values["imprint"])
            sheet.write(values)
    for name, image in lines.imprints(prints):
        writing.small_file(IMPRINTS, name, image)


def _write_characters(writing: _Writing, lines: FolderLines) -> None:
    """Write the table of characters: those of the list of own characters, and those that only stand in records."""
    rows, pictures = lines.characters()
    for name, content in pictures.items():
        writing.small_file(PICTURES, name, content)
    listed = {one.character for one in rows}
    rows = rows + [MappedCharacter(one, "", one) for one in writing.met if one not in listed]
    with writing.sheet(_F.CHARACTERS) as sheet:
        for row in _in_order(rows):
            sheet.write(character_values(row, CharacterSource.FORMER_RECORD))


def _in_order(rows: Iterable[MappedCharacter]) -> list[MappedCharacter]:
    return sorted(rows, key=lambda row: row.character)
