"""Checkpoints as signed notes (C2SP): three lines of text and the signatures under them."""

import hashlib
from base64 import b64decode, b64encode
from dataclasses import dataclass

MAX_NOTE_CHARACTERS = 8192
_DASH = "— "  # em dash and space begin every signature line
_ED25519 = b"\x01"


class MalformedNote(ValueError):
    """Not a signed note of this form.  署名付き注記の形式不正"""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The size and the root of a ledger, under its name.  チェックポイント"""

    origin: str
    size: int
    root: bytes

    def body(self) -> str:
        """Write the text that is signed.

        Law: none, C2SP tlog-checkpoint.
        """
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One signature under a note: whose, by which key, the bytes.  署名行"""

    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"{_DASH}{self.name} {b64encode(self.key_id + self.signature).decode()}\n"


def key_id(name: str, public_key: bytes) -> bytes:
    """Name an Ed25519 key by four bytes.

    Law: none, C2SP signed-note.
    """
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public_key).digest()[:4]


def sign_line(name: str, public_key: bytes, signature: bytes) -> SignatureLine:
    """Make the line for a signature over a note's body.

    Law: none, C2SP signed-note.
    """
    return SignatureLine(name, key_id(name, public_key), signature)


def write_note(checkpoint: Checkpoint, *lines: SignatureLine) -> str:
    """Put the body, an empty line and the signatures together.

    Law: none, C2SP signed-note.
    """
    return checkpoint.body() + "\n" + "".join(str(line) for line in lines)


def read_note(text: str) -> tuple[Checkpoint, str, tuple[SignatureLine, ...]]:
    """Take a note apart: the checkpoint, the very text that was signed, the signatures.

    Law: none, C2SP tlog-checkpoint. Raises: MalformedNote.
    """
    if len(text) > MAX_NOTE_CHARACTERS or "\n\n" not in text or not text.endswith("\n"):
        raise MalformedNote("no signed note")
    head, _, tail = text.partition("\n\n")
    lines = head.split("\n")
    if (
        len(lines) != 3
        or not lines[0]
        or not (lines[1].isascii() and lines[1].isdigit())
        or len(lines[1]) > 18
    ):
        raise MalformedNote("origin, size and root are needed")
    if str(int(lines[1])) != lines[1]:
        raise MalformedNote("size")
    checkpoint = Checkpoint(lines[0], int(lines[1]), _base64(lines[2], 32))
    return checkpoint, head + "\n", tuple(_signature(line) for line in tail[:-1].split("\n") if line)


def read_signature(line: str) -> SignatureLine:
    """Read one signature line.

    Law: none, C2SP signed-note. Raises: MalformedNote.
    """
    return _signature(line.rstrip("\n"))


def _signature(line: str) -> SignatureLine:
    parts = line.removeprefix(_DASH).split(" ")
    if not line.startswith(_DASH) or len(parts) != 2:
        raise MalformedNote("signature line")
    content = _base64(parts[1], 68)
    return SignatureLine(parts[0], content[:4], content[4:])


def _base64(text: str, size: int) -> bytes:
    try:
        content = b64decode(text, validate=True)
    except ValueError:
        raise MalformedNote("base64") from None
    if len(content) != size:
        raise MalformedNote("length")
    return content
