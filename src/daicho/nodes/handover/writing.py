"""The whole register written into a new folder, in the layout in which it is read: of one instant, counted as it is written."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO, Any

from daicho.nodes.handover.checking import PersonDigests, Progress, version_line
from daicho.nodes.handover.counting import numbers_of_everybody
from daicho.nodes.handover.folder import Measuring, sums_of
from daicho.rules.handover.entries import entry_line, format_entry
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
from daicho.rules.people.characters.own import CharacterSource, TownCharacter
from daicho.rules.people.characters.unsettled import private_in
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.programmes.item import Programme
from daicho.rules.register.changes import Entry
from daicho.rules.register.record import ResidentRecord
from daicho.store import handover
from daicho.store.unit import Unit
from daicho.wire.codecs.letters import decode
from daicho.wire.vault import Vault

_F = HandoverFile
_FILE_MODE = 0o600  # names, addresses and numbers of everybody


class FolderThere(Exception):
    """Something lies where the folder is to be."""


@dataclass(frozen=True, slots=True)
class WrittenFolder:
    """What a folder says of its town: which, made when and by what, and whether its people are invented."""

    municipality: MunicipalityCode
    made_on: date
    maker: str
    training: bool = False


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
    unit: Unit
    vault: Vault
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


def write_folder(
    unit: Unit, vault: Vault, folder: Path, about: WrittenFolder, progress: Progress
) -> HandoverManifest:
    """Write the register into a folder that is not there yet; the manifest comes last, so that a torn folder has none.

    Raises: FolderThere, OSError.
    """
    handover.begin_to_read(unit)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        raise FolderThere(folder.name) from None
    for room in (PICTURES, IMPRINTS):
        (folder / room).mkdir(mode=0o700)
    writing = _Writing(folder, unit, vault, progress)
    digests = _write_versions(writing)
    _write_residents(writing, digests)
    _write_households(writing)
    _write_entries(writing)
    _write_permits(writing)
    _write_programmes(writing)
    _write_seals(writing)
    _write_protections(writing)
    _write_characters(writing)
    manifest = HandoverManifest(
        about.municipality, about.made_on, about.maker, writing.files, dict(writing.met), about.training
    )
    with _created(folder / MANIFEST) as out:
        out.write(format_manifest(manifest).encode())
    return manifest


def _write_versions(writing: _Writing) -> dict[int, str]:
    """Write every version, and give each person's digest."""
    numbers: dict[int, str] = {}
    for batch in numbers_of_everybody(writing.unit, writing.vault):
        numbers |= {who: number for who, _, number, _ in batch if number}
    digests: dict[int, str] = {}
    made = PersonDigests(lambda person: numbers.get(person, ""))
    with writing.sheet(_F.VERSIONS) as sheet:
        for who, version, entry_id, legal_day, recorded_at, body in handover.versions(writing.unit):
            record = decode(ResidentRecord, body.encode(), our_own=True)
            head = {
                "addressee_number": who, "version": version, "entry_id": entry_id, "legal_day": legal_day,
                "recorded_at": recorded_at,
            }  # fmt: skip
            sheet.write({**head, **record_values(record)})
            if (done := made.version(who, version_line(version, legal_day, record))) is not None:
                digests[done[0]] = done[1]
    if (done := made.end()) is not None:
        digests[done[0]] = done[1]
    return digests


def _write_residents(writing: _Writing, digests: Mapping[int, str]) -> None:
    with writing.sheet(_F.RESIDENTS) as sheet:
        for batch in numbers_of_everybody(writing.unit, writing.vault):
            for who, versions, number, day in batch:
                sheet.write(
                    {
                        "addressee_number": who,
                        "versions": versions,
                        "individual_number": number or None,
                        "number_effective_on": date.fromisoformat(day) if day else None,
                        "digest": digests.get(who, ""),
                    }
                )


def _write_households(writing: _Writing) -> None:
    with writing.sheet(_F.HOUSEHOLDS) as sheet:
        for number, head, members in handover.households(writing.unit):
            sheet.write({"household_number": number, "householder": head or None, "members": members})


def _write_entries(writing: _Writing) -> None:
    with writing.sheet(_F.ENTRIES) as sheet:
        for entry_id, by, at, terminal, second, second_at, outcome, body in handover.entries(writing.unit):
            entry = decode(Entry, body.encode(), our_own=True)
            line = entry_line(entry, entry_id, (by, at, terminal), (second, second_at, outcome))
            sheet.line(format_entry(line))


def _write_permits(writing: _Writing) -> None:
    with writing.sheet(_F.PERMITS) as sheet:
        for one in handover.permits(writing.unit):
            sheet.write(
                {
                    "permit_id": one.id,
                    "addressee_number": one.addressee_number,
                    "what": one.what,
                    "permitted_by": one.permitted_by,
                    "permitted_at": one.permitted_at,
                }
            )


def _write_programmes(writing: _Writing) -> None:
    with writing.sheet(_F.PROGRAMMES) as sheet:
        for one in handover.programme_steps(writing.unit):
            sheet.write(
                {
                    "addressee_number": one.addressee_number,
                    "programme": Programme(one.programme),
                    "version": one.version,
                    "by": one.by,
                    "at": one.at,
                    "change": one.change,
                    "body": one.body or "",
                }
            )


def _step_values(one: handover.StepLine) -> dict[str, Any]:
    names = ("number", "version", "step", "by", "at", "body")
    return {name: getattr(one, name) for name in names}


def _write_seals(writing: _Writing) -> None:
    with writing.sheet(_F.SEALS) as sheet:
        for one, whose, image_id in handover.seal_steps(writing.unit):
            sheet.write({**_step_values(one), "addressee_number": whose, "imprint": f"{image_id}.png"})
    for image_id, image in handover.seal_images(writing.unit):
        writing.small_file(IMPRINTS, f"{image_id}.png", image)


def _write_protections(writing: _Writing) -> None:
    with writing.sheet(_F.PROTECTIONS) as sheet:
        for one in handover.measure_steps(writing.unit):
            sheet.write(_step_values(one))


def _write_characters(writing: _Writing) -> None:
    """Write the table of characters: those of the list of own characters, and those that only stand in records."""
    entries = [
        decode(TownCharacter, body.encode(), our_own=True) for body in handover.own_characters(writing.unit)
    ]
    named = {one.identification.picture for one in entries if one.identification is not None}
    files: dict[str, str] = {}
    for digest, kind, content in handover.pictures(writing.unit, sorted(named - {""})):
        files[digest] = f"{digest}.{kind}"
        writing.small_file(PICTURES, files[digest], content)
    listed = {one.character for one in entries}
    rows = [
        MappedCharacter(
            one.character, "", one.character, one,
            files.get(one.identification.picture, "") if one.identification is not None else "",
        )
        for one in entries
    ]  # fmt: skip
    rows += [MappedCharacter(one, "", one) for one in writing.met if one not in listed]
    with writing.sheet(_F.CHARACTERS) as sheet:
        for row in _in_order(rows):
            sheet.write(character_values(row, CharacterSource.FORMER_RECORD))


def _in_order(rows: Iterable[MappedCharacter]) -> list[MappedCharacter]:
    return sorted(rows, key=lambda row: row.character)
