"""The directory as a node knows it: checked when taken, kept in a file, never older than before."""

import hashlib
import threading
from pathlib import Path

import msgspec

from daicho.rules.network.kinds import Member, NodeKind
from daicho.wire.directory import Directory, DirectoryFault, verify_directory
from daicho.wire.envelope import Sealed
from daicho.wire.http import Post
from daicho.wire.operations import DIRECTORY_FETCH, DirectoryAnswer, DirectoryRequest
from daicho.wire.signer.keystore import write_private


class DirectoryKeeper:
    """Holds the newest directory that the nation signed."""

    def __init__(self, file: Path, key_file: Path) -> None:
        """Read the directory that lies on the disk. Raises: DirectoryFault, OSError."""
        self._file = file
        self._key = key_file.read_bytes()
        self._lock = threading.Lock()
        self._signed = file.read_bytes()
        self._directory = verify_directory(self._signed, self._key)
        self._stamp = file.stat().st_mtime_ns
        self._heard_serial = 0

    def hear_of(self, serial: int) -> None:
        """Note which directory a member knows that speaks with us."""
        self._heard_serial = max(self._heard_serial, serial)

    @property
    def knows_of_newer(self) -> bool:
        """Tell whether somebody who spoke with us knows a newer directory."""
        return self._heard_serial > self._directory.serial

    def current(self) -> Directory:
        """Give the newest directory; whoever sends looks whether it has expired."""
        return self._directory

    def take(self, signed: bytes) -> bool:
        """Take a directory if it is signed and newer; tell whether it was. Raises: DirectoryFault."""
        found = verify_directory(signed, self._key, newer_than=self._directory.serial)
        if found.serial == self._directory.serial:
            return False
        with self._lock:
            self._directory, self._signed = found, signed
        return True

    def take_from_disk(self) -> bool:
        """Take what an administrator has put in the directory's place."""
        stamp = self._file.stat().st_mtime_ns
        if stamp == self._stamp:
            return False
        self._stamp = stamp
        try:
            return self.take(self._file.read_bytes())
        except DirectoryFault:
            return False

    def fetch(self, me: Member, post: Post, lists_digest: bytes = b"") -> bytes:
        """Ask for the newest directory and keep it on the disk; give the revocation lists that came with it.

        A registry asks its CS, everybody else the nation, and the nation looks on its own disk.
        Raises: WireUnavailable, WireRefused, DirectoryFault.
        """
        source = self._source(me)
        if source is None:
            self.take_from_disk()
            return b""
        asked = DirectoryRequest(self._directory.serial, lists_digest)
        answer = post.call(DIRECTORY_FETCH, source, asked, newer=self._brought_by)
        if not isinstance(answer, DirectoryAnswer):
            return b""
        if answer.signed and self.take(answer.signed):
            write_private(self._file, answer.signed)
        return answer.lists

    def _brought_by(self, answer: bytes) -> Directory | None:
        """Find a newer directory of the nation in an answer whose own signature cannot be checked yet."""
        try:
            sealed = msgspec.json.decode(answer, type=Sealed)
            told = msgspec.json.decode(sealed.parts[0], type=DirectoryAnswer)
            return verify_directory(told.signed, self._key, newer_than=self._directory.serial + 1)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, IndexError, DirectoryFault):
            return None

    def _source(self, me: Member) -> Member | None:
        if me.kind is NodeKind.NATIONAL:
            return None
        if me.kind is NodeKind.REGISTRY:
            return self._directory.cs_of(str(me.municipality))
        return self._directory.national()

    def answer(self, request: DirectoryRequest, lists: bytes) -> DirectoryAnswer:
        """Give what the asker does not have yet."""
        known = hashlib.sha256(lists).digest() == request.lists_digest
        signed = b"" if request.serial >= self._directory.serial else self._signed
        return DirectoryAnswer(signed, b"" if known else lists)
