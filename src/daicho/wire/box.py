"""Bytes that only their receiver can read: deflate, X25519, HKDF-SHA256, AES-256-GCM.

Letters lie in two mailboxes on their way; a box keeps what they carry, individual numbers among it, out of
both databases. Own definition: version byte, ephemeral public key, the box's place among those that were closed
together in four bytes, ciphertext with its tag. What is closed together for one receiver shares the ephemeral key;
the place is the nonce. What goes in is deflated first: a thousand records are an eighth of their size on every disk
and line that they pass. Boxes of version 1, each with a key of its own and without a place, are still opened.
"""

from collections.abc import Sequence
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from isal import isal_zlib
from isal.igzip_lib import IsalError

_ALONE = b"\x01"
_TOGETHER = b"\x02"
_KEY_BYTES = 32
_PLACE_BYTES = 4
_NONCE_BYTES = 12
_TAG_BYTES = 16
_HEAD_BYTES = {_ALONE: 1 + _KEY_BYTES, _TOGETHER: 1 + _KEY_BYTES + _PLACE_BYTES}
_KEYS_REMEMBERED = 64  # letters that came together are opened one after the other
MAX_CONTENT_BYTES = 32 * 1024 * 1024
_LEVEL = 1  # records repeat their field names: more effort finds no more


class BoxUnreadable(ValueError):
    """The bytes are no box for this key, or were changed on the way."""


def make_box_key() -> bytes:
    """Make the 32 private bytes of a receiver."""
    return X25519PrivateKey.generate().private_bytes_raw()


def box_public_key(private_key: bytes) -> bytes:
    """Derive the 32 public bytes that the directory shows."""
    return X25519PrivateKey.from_private_bytes(private_key).public_key().public_bytes_raw()


def put_in_boxes(contents: Sequence[bytes], *, receiver_public_key: bytes) -> list[bytes]:
    """Close each content in a box of its own for one receiver; whoever opens one learns nothing of another."""
    ephemeral = X25519PrivateKey.generate()
    public = ephemeral.public_key().public_bytes_raw()
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(receiver_public_key))
    cipher = AESGCM(_derive(shared, public, receiver_public_key))
    head = _TOGETHER + public
    return [
        head + at + cipher.encrypt(_nonce(at), isal_zlib.compress(content, _LEVEL), None)
        for at, content in ((place.to_bytes(_PLACE_BYTES, "big"), one) for place, one in enumerate(contents))
    ]


def take_from_box(box: bytes, *, private_key: bytes) -> bytes:
    """Open a box that was closed for this receiver.

    Raises: BoxUnreadable when the bytes are no box, are for another key, were changed, or hold more than
    `MAX_CONTENT_BYTES`.
    """
    head = _HEAD_BYTES.get(box[:1], 0)
    if not head or len(box) < head + _TAG_BYTES:
        raise BoxUnreadable("no box")
    try:
        cipher = _opening(private_key, box[1 : 1 + _KEY_BYTES])
        return _inflate(cipher.decrypt(_nonce(box[1 + _KEY_BYTES : head]), box[head:], None))
    except (InvalidTag, ValueError, IsalError) as error:  # type: ignore[misc]  # its stub takes the class for a value
        raise BoxUnreadable("cannot be opened") from error


def _nonce(place: bytes) -> bytes:
    return place.rjust(_NONCE_BYTES, b"\0")


@lru_cache(maxsize=_KEYS_REMEMBERED)
def _opening(private_key: bytes, public: bytes) -> AESGCM:
    own = X25519PrivateKey.from_private_bytes(private_key)
    shared = own.exchange(X25519PublicKey.from_public_bytes(public))
    return AESGCM(_derive(shared, public, own.public_key().public_bytes_raw()))


def _inflate(deflated: bytes) -> bytes:
    stream = isal_zlib.decompressobj()
    content = stream.decompress(deflated, MAX_CONTENT_BYTES)
    if not stream.eof or stream.unused_data:
        raise ValueError("more than a box may hold, or less than it says")
    return content


def _derive(shared: bytes, ephemeral: bytes, receiver: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=None, info=b"daicho box 1" + ephemeral + receiver).derive(shared)
