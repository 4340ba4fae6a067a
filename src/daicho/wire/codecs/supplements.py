"""What letters about the address supplement carry, from registry to CS to CS to registry, and what comes back.

Own definitions: the real network's message formats are not public.
"""

from collections.abc import Iterable, Iterator
from typing import Annotated

import msgspec

from daicho.rules.filings.report import Route
from daicho.rules.supplements.mismatch import RegisterMismatch
from daicho.rules.supplements.notice import AddressSupplementNotice
from daicho.wire.codecs.letters import Unreadable, decode, encode

NOTICES = "supplement.notices"
MISMATCH = "supplement.mismatch"
LETTER_PEOPLE = 200
LETTER_BYTES = 64 * 1024
_FRAME_BYTES = 1024  # the route and the brackets of a letter
_MISMATCH_BYTES = 16 * 1024


class ToldNotice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One notice; `protected` says that its address is kept back at the town that tells.

    `position` tells in which order notices were owed there: of one person a higher one is of a later change.
    """

    notice: AddressSupplementNotice
    protected: bool = False
    position: Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)] = 0


class ProtectionMark(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """That the address of a notice told before is kept back from now on, or no longer."""

    notice_id: str
    protected: bool


class SupplementLetter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One town tells the town of the registered domicile of many people (法19条1項)."""

    route: Route
    notices: tuple[ToldNotice, ...] = ()
    marks: tuple[ProtectionMark, ...] = ()


class MismatchLetter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What does not agree with the family register (法19条2項); the route is that of the notice that its name names."""

    route: Route
    mismatch: RegisterMismatch


def read_notices(content: bytes) -> SupplementLetter:
    """Read notices. Raises: Unreadable."""
    letter = decode(SupplementLetter, _limited(content, LETTER_BYTES))
    if max(len(letter.notices), len(letter.marks)) > LETTER_PEOPLE:
        raise Unreadable("a letter about too many people")
    return letter


def read_mismatch(content: bytes) -> MismatchLetter:
    """Read a mismatch. Raises: Unreadable."""
    return decode(MismatchLetter, _limited(content, _MISMATCH_BYTES))


def in_letters(notices: Iterable[ToldNotice]) -> Iterator[tuple[ToldNotice, ...]]:
    """Part notices so that each letter is within its limits; their order stays."""
    part: list[ToldNotice] = []
    size_bytes = _FRAME_BYTES
    for one in notices:
        length = len(encode(one)) + 1
        if part and (len(part) == LETTER_PEOPLE or size_bytes + length > LETTER_BYTES):
            yield tuple(part)
            part, size_bytes = [], _FRAME_BYTES
        part.append(one)
        size_bytes += length
    if part:
        yield tuple(part)


def _limited(content: bytes, limit_bytes: int) -> bytes:
    if len(content) > limit_bytes:
        raise Unreadable("a letter about the address supplement that is too long")
    return content
