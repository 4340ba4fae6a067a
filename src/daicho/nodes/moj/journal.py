"""What the stand-in keeps: one file for each thing that happened, in a folder of its own, never changed again."""

import fcntl
import logging
import os
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import NoReturn

import msgspec

_logger = logging.getLogger(__name__)
_DIGITS = 8
_NEW = ".new"
_FAULT_BEHIND_AN_ENTRY = 70


class Happened(StrEnum):
    """What an entry tells."""

    LIST = "list"  # whom a town had when the demonstration began
    RECEIVED = "received"  # a town's file
    NOTED = "noted"  # a notice that waits for its file
    WITHDRAWN = "withdrawn"  # such a notice, taken back
    SENT = "sent"  # a file for a town


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that happened; `content` is a file as docs/protocols/moj.md has it.

    `about` is the entry of the file that first told of a notice's person, at `line`; the entry that was withdrawn; or the
    serial that a file answers.
    """

    number: int
    happened: Happened
    at: datetime
    municipality: str = ""
    content: str = ""
    about: int = 0
    line: int = 0
    noted: tuple[int, ...] = ()


class JournalDamaged(RuntimeError):
    """An entry is missing or cannot be read; the message names it."""


class JournalInUse(RuntimeError):
    """Another process writes here; the message names the folder."""


def end_at_once() -> NoReturn:
    """End this process: what is kept is no longer what it knows, and the next start reads it."""
    os._exit(_FAULT_BEHIND_AN_ENTRY)


class Journal:
    """Entries numbered from 1; one that is being written when the process ends was never there."""

    def __init__(self, folder: Path) -> None:
        """Open the folder for this process alone, and make it if it is not there. Raises: JournalInUse."""
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _keep_names(folder.parent)
        self._held: int | None = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.close()
            raise JournalInUse(str(folder)) from None
        # What is left of an end in the middle may be another name of the last entry: it is taken away, never written to.
        for left in folder.glob(f"{_NEW}*"):
            left.unlink()

    def close(self) -> None:
        """Let another process have the folder."""
        if self._held is not None:
            os.close(self._held)
            self._held = None

    def entries(self) -> list[Entry]:
        """Read everything in its order. Raises: JournalDamaged."""
        found = []
        for number, file in enumerate(sorted(self._folder.glob("*.json")), 1):
            try:
                entry = msgspec.json.decode(file.read_bytes(), type=Entry)
            except (msgspec.DecodeError, ValueError, OSError) as error:
                raise JournalDamaged(file.name) from error
            if entry.number != number or file != self._file(number):
                raise JournalDamaged(self._file(number).name)
            found.append(entry)
        return found

    def entry(self, number: int) -> Entry:
        """Read one entry again."""
        return msgspec.json.decode(self._file(number).read_bytes(), type=Entry)

    def name(self, number: int) -> str:
        """Name the file of an entry."""
        return self._file(number).name

    def append(self, entry: Entry) -> None:
        """Keep an entry for good; a fault after it has its name ends the process.

        Raises: FileExistsError when somebody else writes here; OSError when it could not be written.
        """
        fresh = self._folder / f"{_NEW}-{entry.number}-{os.getpid()}"
        try:
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as out:
                out.write(msgspec.json.encode(entry))
                out.flush()
                os.fsync(out.fileno())
            # A link and no move: what stands there already is never written over.
            os.link(fresh, self._file(entry.number))
        except OSError:
            fresh.unlink(missing_ok=True)
            raise
        try:
            fresh.unlink()
            _keep_names(self._folder)
        except OSError:
            _logger.exception("a fault behind entry %d; the process ends", entry.number)
            end_at_once()

    def _file(self, number: int) -> Path:
        return self._folder / f"{number:0{_DIGITS}}.json"


def _keep_names(folder: Path) -> None:
    """Put the names in a folder on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
