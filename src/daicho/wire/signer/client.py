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
_END_SECONDS = 5.0


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
        try:
            answer = self._converse(content)
        except (OSError, msgspec.MsgspecError) as error:
            raise SignerUnavailable(type(error).__name__) from error
        if answer.fault:
            raise SignerUnavailable(answer.fault)
        return answer

    def _converse(self, content: bytes) -> SignAnswer:
        """Ask on a connection that is there; when it proves dead, the signer was started anew: ask once more."""
        try:
            idle = self._idle.get_nowait()
        except Empty:
            return self._exchange(_connect(self._path), content)
        try:
            return self._exchange(idle, content)
        except ConnectionError:
            self.close()
            return self._exchange(_connect(self._path), content)

    def _exchange(self, connection: socket.socket, content: bytes) -> SignAnswer:
        try:
            connection.sendall(len(content).to_bytes(4, "big") + content)
            answer = msgspec.msgpack.decode(_read(connection), type=SignAnswer)
        except BaseException:
            connection.close()
            raise
        self._idle.put(connection)
        return answer


def _connect(path: Path) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(ANSWER_SECONDS)
        connection.connect(str(path))
    except BaseException:
        connection.close()
        raise
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
            self._forget()
            self._path.unlink(missing_ok=True)
            self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE)
            end = time.monotonic() + START_SECONDS
            while not self._listens():
                if self._process.poll() is not None or time.monotonic() > end:
                    self._process.kill()
                    self._forget()
                    raise SignerUnavailable("the signer did not start")
                time.sleep(0.01)

    def _listens(self) -> bool:
        """Tell whether somebody answers the door; the socket's file is there a moment earlier."""
        try:
            _connect(self._path).close()
        except OSError:
            return False
        return True

    def _forget(self) -> None:
        """Collect a process that has ended, and its pipe."""
        if self._process is not None:
            if self._process.stdin is not None:
                self._process.stdin.close()
            try:
                self._process.wait(_END_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    def stop(self) -> None:
        """Close the signer's input, which ends it."""
        with self._lock:
            self._forget()
