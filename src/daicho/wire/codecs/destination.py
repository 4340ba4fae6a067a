"""What a letter about a destination carries, from registry to CS to the nation, and how a server keeps it.  送付先情報

Own definitions: the real network's message formats are not public.
"""

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from daicho.rules.destination.record import DestinationInfo
from daicho.rules.people.codes import IndividualNumber
from daicho.wire.codecs.letters import Unreadable, decode, encode

INFO, REFUSED = "destination.info", "destination.refused"
LETTER_BYTES = 1024 * 1024


class DestinationLetter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One destination, passed on as the registry made it."""

    destination: DestinationInfo


class DestinationRefused(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """That the nation refused a file, told back by the CS to its registry: the file's number, the reason, which item."""

    destination_control_number: str
    reason: str
    field: str


def read_refused(content: bytes) -> DestinationRefused:
    """Read such a letter. Raises: Unreadable."""
    return decode(DestinationRefused, content)


def read_destination(content: bytes) -> DestinationInfo:
    """Read a letter. Raises: Unreadable."""
    if len(content) > LETTER_BYTES:
        raise Unreadable("a letter about a destination that is too long")
    return decode(DestinationLetter, content).destination


def kept_text(info: DestinationInfo) -> str:
    """Write a file as a server keeps it: its numbers are sealed beside it."""
    persons = tuple(replace(one, individual_number=None) for one in info.persons)
    return encode(replace(info, persons=persons)).decode()


def read_kept(text: str) -> DestinationInfo:
    """Read a file that was kept, without its numbers. Raises: Unreadable."""
    return decode(DestinationInfo, text.encode(), our_own=True)


def with_numbers(info: DestinationInfo, numbers: Sequence[IndividualNumber]) -> DestinationInfo:
    """Put the numbers of a file's people back, in their order. Raises: ValueError for another count of them."""
    pairs = zip(info.persons, numbers, strict=True)
    return replace(info, persons=tuple(replace(one, individual_number=number) for one, number in pairs))
