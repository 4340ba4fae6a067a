"""The folder of a migration on a disk: read within limits, each file measured while it passes, nothing followed."""

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from daicho.rules.handover.layout import (
    IMPRINT_MAX_BYTES,
    IMPRINTS,
    LINE_MAX_BYTES,
    LINES_MAX,
    MANIFEST,
    PICTURE_MAX_BYTES,
    PICTURES,
    HandoverFault,
    HandoverFile,
    shown_name,
)
from daicho.rules.handover.manifest import FileSums
from daicho.rules.law.refusal import Reason

FILE_MAX_BYTES = 64 * 1024**3
ENTRIES_MAX = 500_000  # files in one folder
_SMALL_FILES = {PICTURES: PICTURE_MAX_BYTES, IMPRINTS: IMPRINT_MAX_BYTES}


class FolderChanged(RuntimeError):
    """The folder is not the one any more that was checked; the message names the file."""


@dataclass(slots=True)
class Measuring:
    """What is learnt of a file while its lines pass."""

    lines: int = 0
    size_bytes: int = 0
    total: int = 0
    _sha256: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def take(self, raw: bytes) -> None:
        """Count some bytes."""
        self.size_bytes += len(raw)
        self._sha256.update(raw)

    def sums(self) -> FileSums:
        """Give what was counted; the first line is no line of the content."""
        return FileSums(max(0, self.lines - 1), self.size_bytes, self.total, self._sha256.hexdigest())


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that is one, wherever its name leads. Raises: OSError, also for a link, a pipe or a device."""
    number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(number, "rb") as file:
        if not stat.S_ISREG(os.fstat(number).st_mode):
            raise OSError("not a file")
        yield file


def lines_of(path: Path, measured: Measuring) -> Iterator[bytes]:
    """Give the lines of a file; of one that is too long its first bytes, so that it is refused as such.

    Raises: OSError.
    """
    with opened(path) as file:
        while raw := file.readline(LINE_MAX_BYTES + 1):
            measured.take(raw)
            measured.lines += 1
            end = raw
            while len(raw) > LINE_MAX_BYTES and not end.endswith(b"\n"):
                end = file.readline(LINE_MAX_BYTES)
                measured.take(end)
                if not end:
                    break
            yield raw
            if measured.lines > LINES_MAX:
                return


def small_file(path: Path, limit_bytes: int) -> bytes:
    """Read a file of at most so many bytes, and one more where it is larger. Raises: OSError."""
    with opened(path) as file:
        return file.read(limit_bytes + 1)


def sums_of(content: bytes) -> FileSums:
    """Measure a file that was read whole and has no lines."""
    return FileSums(0, len(content), 0, hashlib.sha256(content).hexdigest())


def strange_entries(folder: Path) -> Iterator[HandoverFault]:
    """Name what lies in a folder and has no place there."""
    known = {MANIFEST, *HandoverFile, *_SMALL_FILES}
    for place, entry in enumerate(sorted(os.scandir(folder), key=lambda one: one.name)):
        if place > ENTRIES_MAX:
            yield HandoverFault("", 0, "", Reason.FILE_TOO_LARGE)
            return
        is_folder = entry.is_dir(follow_symlinks=False)
        is_file = entry.is_file(follow_symlinks=False)
        if entry.name not in known or is_folder != (entry.name in _SMALL_FILES) or not (is_folder or is_file):
            yield HandoverFault(shown_name(entry.name), 0, "", Reason.FILE_UNKNOWN)
        elif is_file and entry.stat(follow_symlinks=False).st_size > FILE_MAX_BYTES:
            yield HandoverFault(entry.name, 0, "", Reason.FILE_TOO_LARGE)


def small_files(folder: Path) -> Iterator[tuple[str, bytes | HandoverFault]]:
    """Give each picture and imprint by its name in the manifest, with its content or what is wrong with it."""
    for room, limit_bytes in _SMALL_FILES.items():
        if not (folder / room).is_dir() or (folder / room).is_symlink():
            continue
        for place, entry in enumerate(sorted(os.scandir(folder / room), key=lambda one: one.name)):
            name = f"{room}/{entry.name}"
            if place > ENTRIES_MAX:
                yield name, HandoverFault(room, 0, "", Reason.FILE_TOO_LARGE)
                return
            yield name, _content(folder / room / entry.name, shown_name(name), limit_bytes)


def _content(path: Path, name: str, limit_bytes: int) -> bytes | HandoverFault:
    try:
        content = small_file(path, limit_bytes)
    except OSError:
        return HandoverFault(name, 0, "", Reason.FILE_UNKNOWN)
    return content if len(content) <= limit_bytes else HandoverFault(name, 0, "", Reason.FILE_TOO_LARGE)
