"""A paper worker: a process of one thread with its own compiler and sealer, that ends when its parent does.

It is told its fonts and key first and then sets one paper after the other. Answers go back over the same socket as
the questions, with the number of the question: papers have no name on any disk that two of them could share.
"""

import resource
import signal
import socket
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from daicho.paper.certificate import Certificate
from daicho.paper.fonts import Fonts
from daicho.paper.glyphs import GlyphMissing, MissingGlyph
from daicho.paper.sealing import Sealer, SealKey
from daicho.paper.typesetting import Typesetter

MAX_MESSAGE_BYTES = 64_000_000
READY = 0


class Setup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a worker is told first."""

    fonts: Fonts
    key: SealKey | None


class Job(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One paper to set, others behind it in a bundle, and to seal if a time is given; places count from 1."""

    place: int
    certificate: Certificate
    signed_at: datetime | None
    others: tuple[Certificate, ...] = ()


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The paper, or the characters that it lacks, or a fault; the first answer, 0, says that the worker is ready."""

    place: int
    pdf: bytes = b""
    missing: tuple[MissingGlyph, ...] = ()
    fault: str = ""


Message = TypeVar("Message", Setup, Job, Answer)


def send(connection: socket.socket, message: Setup | Job | Answer) -> None:
    """Write one message. Raises: OSError."""
    content = msgspec.msgpack.encode(message, enc_hook=_as_text)
    connection.sendall(len(content).to_bytes(4, "big") + content)


def receive(connection: socket.socket, kind: type[Message]) -> Message:
    """Read one message. Raises: OSError, also where the other side has gone; msgspec.MsgspecError."""
    size = int.from_bytes(_exactly(connection, 4), "big")
    if size > MAX_MESSAGE_BYTES:
        raise ConnectionAbortedError("a message too long")
    return msgspec.msgpack.decode(_exactly(connection, size), type=kind, dec_hook=_from_text)


def serve(connection: socket.socket) -> None:
    """Set papers until the parent closes the socket."""
    setup = receive(connection, Setup)
    setter = Typesetter(setup.fonts)
    sealer = None if setup.key is None else Sealer(setup.key)
    send(connection, Answer(READY))
    while True:
        try:
            job = receive(connection, Job)
        except ConnectionResetError:
            return
        send(connection, _answer(job, setter, sealer))


def _answer(job: Job, setter: Typesetter, sealer: Sealer | None) -> Answer:
    try:
        pdf = setter.set(job.certificate, job.others)
        if job.signed_at is not None:
            if sealer is None:
                return Answer(job.place, fault="NO_KEY")
            pdf = sealer.seal(pdf, job.signed_at)
    except GlyphMissing as lacking:
        return Answer(job.place, missing=lacking.missing)
    except BaseException as wrong:  # noqa: BLE001 - a compiler that panics raises no Exception
        # Only the kind of fault: a compiler's message may repeat what stands on the paper.
        return Answer(job.place, fault=type(wrong).__name__)
    return Answer(job.place, pdf)


def _exactly(connection: socket.socket, size: int) -> bytes:
    content = bytearray()
    while len(content) < size:
        chunk = connection.recv(min(size - len(content), 1_000_000))
        if not chunk:
            raise ConnectionResetError("the other side has gone")
        content += chunk
    return bytes(content)


def _as_text(value: Any) -> str:
    if isinstance(value, Path):
        return str(value)
    raise TypeError(type(value).__name__)


def _from_text(kind: type, value: Any) -> Path:
    if kind is Path:
        return Path(value)
    raise TypeError(kind.__name__)


def main(arguments: list[str]) -> None:
    """Serve on the socket whose number is given."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core would hold what stands on the paper
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to end
    with socket.socket(fileno=int(arguments[0])) as connection:
        serve(connection)


if __name__ == "__main__":
    main(sys.argv[1:])
