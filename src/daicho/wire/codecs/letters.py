"""Values of `rules/` as canonical JSON, and back, strictly."""

from typing import Any, TypeVar

import msgspec

from daicho.wire.characters import says_nul

T = TypeVar("T")


class Unreadable(ValueError):
    """The bytes are no such value; the message names the place, never the content."""


def _encode_hook(value: Any) -> Any:
    if isinstance(value, str):
        return str(value)
    raise NotImplementedError(type(value).__name__)


def _decode_hook(wanted: type[Any], value: Any) -> Any:
    if isinstance(value, str) and issubclass(wanted, str):
        return wanted(value)
    if isinstance(wanted, type) and issubclass(wanted, str):
        raise TypeError(f"no {wanted.__name__}")  # the decoder makes a refusal of it
    raise NotImplementedError(wanted.__name__)


_ENCODER = msgspec.json.Encoder(enc_hook=_encode_hook, order="deterministic")
_DECODERS: dict[Any, msgspec.json.Decoder[Any]] = {}


def encode(value: Any) -> bytes:
    """Write a value; the same value gives the same bytes."""
    return _ENCODER.encode(value)


def decode(wanted: type[T], content: bytes, *, our_own: bool = False) -> T:
    """Read a value of exactly this type; unknown fields are errors at every depth.

    Only in bytes of our own (`our_own`), which an earlier version may have written, are they passed over.

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
    if says_nul(content):
        raise Unreadable(f"{wanted.__name__} with U+0000")
    if not our_own and not _says_no_more(content, found):
        raise Unreadable(f"{wanted.__name__} with an unknown field")
    return found


def _says_no_more(content: bytes, found: Any) -> bool:
    """Tell whether everything in the bytes is in the value; of a dataclass the decoder would drop the rest."""
    written = encode(found)
    if written == content:
        return True
    try:
        return _is_within(msgspec.json.decode(content), msgspec.json.decode(written))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False


def _is_within(given: Any, kept: Any) -> bool:
    if isinstance(given, dict):
        known = isinstance(kept, dict) and given.keys() <= kept.keys()
        return known and all(_is_within(value, kept[name]) for name, value in given.items())
    if isinstance(given, list):
        same = isinstance(kept, list) and len(given) == len(kept)
        return same and all(map(_is_within, given, kept))
    return True
