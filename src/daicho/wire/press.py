"""A bundle of letters on its way to the press: each closed for the press's key, one behind the other.

Own definition: a head of eight bytes, the count of letters, then for each its length and its box. What a box holds names its
bundle, its place and how many letters the bundle has, so that none is put into another bundle unseen. The press keeps its
private key apart; whoever carries a bundle there cannot open it.
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from daicho.wire.box import BoxUnreadable, box_public_key, make_box_key, put_in_boxes, take_from_box
from daicho.wire.signer.keystore import write_private

_HEAD = b"daichoP1"
_SIZE_BYTES = 4
MAX_LETTERS = 10_000


PRIVATE_KEY, PUBLIC_KEY = "press.key", "press.pub"


def make_press_key(folder: Path) -> None:
    """Make the key of a press: the private part for the press alone, the public one for the nation's configuration."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = make_box_key()
    (folder / PUBLIC_KEY).write_bytes(box_public_key(key))
    write_private(folder / PRIVATE_KEY, key)


class BundleUnreadable(ValueError):
    """The bytes are no bundle for this key, or a letter was changed, moved or is of another bundle."""


class PressLetter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One letter as it is printed: its bundle, its place there, how many letters were ordered, the file for the printer."""

    bundle: int
    place: int
    letters: int
    pdf: bytes


def close_letter(letter: PressLetter, press_public_key: bytes) -> bytes:
    """Close a letter for the press."""
    (box,) = put_in_boxes([msgspec.msgpack.encode(letter)], receiver_public_key=press_public_key)
    return box


def join_letters(boxes: Sequence[bytes]) -> bytes:
    """Put closed letters behind each other."""
    sized = b"".join(len(one).to_bytes(_SIZE_BYTES, "big") + one for one in boxes)
    return _HEAD + len(boxes).to_bytes(_SIZE_BYTES, "big") + sized


def open_letters(content: bytes, private_key: bytes) -> tuple[PressLetter, ...]:
    """Open a bundle at the press, in its order.

    Raises: BundleUnreadable.
    """
    letters = tuple(_opened(box, private_key) for box in _boxes(content))
    places = [one.place for one in letters]
    if len({(one.bundle, one.letters) for one in letters}) > 1 or places != sorted(set(places)):
        raise BundleUnreadable("letters of several bundles, or not in their order")
    return letters


def _boxes(content: bytes) -> list[bytes]:
    begin = len(_HEAD) + _SIZE_BYTES
    count = int.from_bytes(content[len(_HEAD) : begin], "big")
    if content[: len(_HEAD)] != _HEAD or not 0 < count <= MAX_LETTERS:
        raise BundleUnreadable("no bundle")
    boxes = []
    for _ in range(count):
        size = int.from_bytes(content[begin : begin + _SIZE_BYTES], "big")
        box = content[begin + _SIZE_BYTES : begin + _SIZE_BYTES + size]
        if not size or len(box) != size:
            raise BundleUnreadable("a bundle that was cut off")
        boxes.append(box)
        begin += _SIZE_BYTES + size
    if begin != len(content):
        raise BundleUnreadable("more than the bundle says")
    return boxes


def _opened(box: bytes, private_key: bytes) -> PressLetter:
    try:
        return msgspec.msgpack.decode(take_from_box(box, private_key=private_key), type=PressLetter)
    except (BoxUnreadable, msgspec.MsgspecError) as error:
        raise BundleUnreadable("cannot be opened") from error
