"""Values of `rules/` as canonical JSON, and back, strictly."""

from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


class Unreadable(ValueError):
    """The bytes are no such value; the message names the place, never the content."""


def _encode_hook(value: Any) -> Any:
    if isinstance(value, str):
        return str(value)
    raise NotImplementedError(type(value).__name__)


def _decode_hook(wanted: type[Any], value: Any) -> Any:
    if isinstance(wanted, type) and issubclass(wanted, str) and isinstance(value, str):
        return wanted(value)
    raise NotImplementedError(wanted.__name__)


_ENCODER = msgspec.json.Encoder(enc_hook=_encode_hook, order="deterministic")
_DECODERS: dict[Any, msgspec.json.Decoder[Any]] = {}


def encode(value: Any) -> bytes:
    """Write a value; the same value gives the same bytes."""
    return _ENCODER.encode(value)


def decode(wanted: type[T], content: bytes) -> T:
    """Read a value of exactly this type; unknown and missing fields are errors for Structs.

    Raises: Unreadable.
    """
    decoder = _DECODERS.get(wanted)
    if decoder is None:
        decoder = _DECODERS[wanted] = msgspec.json.Decoder(wanted, dec_hook=_decode_hook)
    try:
        found: T = decoder.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        place = str(error).rpartition(" - at ")[2] if " - at " in str(error) else "`$`"
        raise Unreadable(f"{wanted.__name__} at {place}") from None
    return found
