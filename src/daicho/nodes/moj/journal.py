"""What the stand-in keeps: one file for each thing that happened, in a folder of its own, never changed again."""

import os
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import msgspec

_DIGITS = 8
_NEW = ".new"


class Happened(StrEnum):
    """What an entry tells."""

    LIST = "list"  # whom a town had when the demonstration began
    RECEIVED = "received"  # a town's file
    NOTED = "noted"  # a notice that waits for its file
    WITHDRAWN = "withdrawn"  # such a notice, taken back
    SENT = "sent"  # a file for a town


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that happened; `content` is a file as docs/protocols/moj.md has it.

    `about` is the person of a notice, the entry that was withdrawn, or the serial that a file answers.
    """

    number: int
    happened: Happened
    at: datetime
    municipality: str = ""
    content: str = ""
    about: int = 0
    noted: tuple[int, ...] = ()


class JournalDamaged(RuntimeError):
    """An entry is missing or cannot be read; the message names it."""


class Journal:
    """Entries numbered from 1; one that is being written when the process ends was never there."""

    def __init__(self, folder: Path) -> None:
        """Open the folder, and make it if it is not there."""
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def entries(self) -> list[Entry]:
        """Read everything in its order. Raises: JournalDamaged."""
        found = []
        for number, file in enumerate(sorted(self._folder.glob("*.json")), 1):
            try:
                entry = msgspec.json.decode(file.read_bytes(), type=Entry)
            except msgspec.DecodeError as error:
                raise JournalDamaged(file.name) from error
            if entry.number != number or file != self._file(number):
                raise JournalDamaged(self._file(number).name)
            found.append(entry)
        return found

    def entry(self, number: int) -> Entry:
        """Read one entry again."""
        return msgspec.json.decode(self._file(number).read_bytes(), type=Entry)

    def append(self, entry: Entry) -> None:
        """Keep an entry for good. Raises: FileExistsError when somebody else writes here."""
        fresh = self._folder / _NEW
        # What is left of an end in the middle may be another name of the last entry: it is taken away, never written to.
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(msgspec.json.encode(entry))
            out.flush()
            os.fsync(out.fileno())
        # A link and no move: what stands there already is never written over.
        os.link(fresh, self._file(entry.number))
        fresh.unlink()
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _file(self, number: int) -> Path:
        return self._folder / f"{number:0{_DIGITS}}.json"
