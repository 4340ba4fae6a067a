"""A node's side of its signer process."""

import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from queue import Empty, LifoQueue

import msgspec

from daicho.wire.signer.process import SignAnswer, SignRequest

ANSWER_SECONDS = 1.0
START_SECONDS = 20.0


class SignerUnavailable(Exception):
    """The signer does not answer within a second: say 503 and try again later."""


class SignerClient:
    """Asks the signer for signatures; several threads may ask at once."""

    def __init__(self, path: Path) -> None:
        """Remember where the signer listens."""
        self._path = path
        self._idle: LifoQueue[socket.socket] = LifoQueue()
        self._kid = ""

    def kid(self) -> str:
        """Name the key that signs letters now. Raises: SignerUnavailable."""
        if not self._kid:
            self._kid = self._ask(SignRequest("letter", [])).kid
        return self._kid

    def forget_kid(self) -> None:
        """Ask again next time: the signer has taken another key."""
        self._kid = ""

    def sign_digests(self, purpose: str, digests: list[bytes]) -> tuple[str, list[bytes]]:
        """Sign SHA-256 digests with the message key; give its kid and the signatures (r||s).

        Raises: SignerUnavailable.
        """
        answer = self._ask(SignRequest(purpose, digests))
        return answer.kid, answer.signatures

    def sign_checkpoint(self, note_body: bytes) -> bytes:
        """Sign a checkpoint's note with the Ed25519 key. Raises: SignerUnavailable."""
        return self._ask(SignRequest("checkpoint", [note_body])).signatures[0]

    def reload(self) -> str:
        """Let the signer take the newest message key; give its kid. Raises: SignerUnavailable."""
        self._kid = self._ask(SignRequest("reload", [])).kid
        return self._kid

    def close(self) -> None:
        """Close idle connections."""
        while True:
            try:
                self._idle.get_nowait().close()
            except Empty:
                return

    def _ask(self, request: SignRequest) -> SignAnswer:
        content = msgspec.msgpack.encode(request)
        for attempt in (1, 2):
            try:
                connection = self._connection(fresh=attempt == 2)
                connection.sendall(len(content).to_bytes(4, "big") + content)
                answer = msgspec.msgpack.decode(_read(connection), type=SignAnswer)
            except OSError as error:
                if attempt == 2:
                    raise SignerUnavailable(type(error).__name__) from error
                continue
            self._idle.put(connection)
            if answer.fault:
                raise SignerUnavailable(answer.fault)
            return answer
        raise SignerUnavailable("no answer")

    def _connection(self, *, fresh: bool) -> socket.socket:
        if not fresh:
            try:
                return self._idle.get_nowait()
            except Empty:
                pass
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(ANSWER_SECONDS)
        connection.connect(str(self._path))
        return connection


def _read(connection: socket.socket) -> bytes:
    size = int.from_bytes(_read_exactly(connection, 4), "big")
    return _read_exactly(connection, size)


def _read_exactly(connection: socket.socket, size: int) -> bytes:
    content = b""
    while len(content) < size:
        chunk = connection.recv(size - len(content))
        if not chunk:
            raise ConnectionResetError("signer closed")
        content += chunk
    return content


class SignerProcess:
    """The child process that holds the keys; started again when it dies."""

    def __init__(self, keys: Path, path: Path, extra: tuple[str, ...] = ()) -> None:
        """Remember what to start."""
        self._command = [
            sys.executable,
            "-m",
            "daicho.wire.signer.process",
            "--keys",
            str(keys),
            "--socket",
            str(path),
            *extra,
        ]
        self._path = path
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def ensure(self) -> None:
        """Start the signer if it does not run, and wait until it listens. Raises: SignerUnavailable."""
        with self._lock:
            if self._process is not None and self._process.poll() is None:
                return
            self._path.unlink(missing_ok=True)
            self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE)
            end = time.monotonic() + START_SECONDS
            while not self._path.exists():
                if self._process.poll() is not None or time.monotonic() > end:
                    raise SignerUnavailable("the signer did not start")
                time.sleep(0.01)

    def stop(self) -> None:
        """Close the signer's input, which ends it."""
        with self._lock:
            if self._process is not None and self._process.stdin is not None:
                self._process.stdin.close()
                self._process.wait(5)
                self._process = None
