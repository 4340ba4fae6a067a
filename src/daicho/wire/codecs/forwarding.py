"""What letters about forwarded protection measures carry, from registry to CS to CS to registry, and the answers back.

Own definitions: on paper a copy of the application goes, and nobody answers. The route stands outside, for whoever
carries it; who is protected from whom is closed for the receiving registry alone.
"""

import msgspec

from daicho.rules.protection.forwarding import ForwardAnswer, ForwardedNotice, ForwardRoute
from daicho.wire.codecs.letters import Unreadable, decode

FORWARD = "protection.forward"
REPLY = "protection.reply"
LETTER_BYTES = 48 * 1024


class CarriedLetter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The way of a letter, and what is closed for whoever is at its end."""

    route: ForwardRoute
    sealed: bytes


class Forwarding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One town tells another one of a measure as it stands; the route is the letter's, said again under the seal."""

    route: ForwardRoute
    notice: ForwardedNotice


class ForwardReply(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What that town made of it; nothing says where anybody lives."""

    route: ForwardRoute
    answer: ForwardAnswer


def read_carried(content: bytes) -> CarriedLetter:
    """Read the way of a letter. Raises: Unreadable."""
    if len(content) > LETTER_BYTES:
        raise Unreadable("a letter about a measure that is too long")
    return decode(CarriedLetter, content)
