"""Bytes that only their receiver can read: deflate, X25519, HKDF-SHA256, AES-256-GCM.

Letters lie in two mailboxes on their way; a box keeps what they carry, individual numbers among it, out of
both databases. Own definition: version byte, ephemeral public key, ciphertext with its tag. What goes in is
deflated first: a thousand records are an eighth of their size on every disk and line that they pass.
"""

import zlib

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_VERSION = b"\x01"
_KEY_BYTES = 32
_OVERHEAD_BYTES = 1 + _KEY_BYTES + 16
MAX_CONTENT_BYTES = 32 * 1024 * 1024
_LEVEL = 1  # records repeat their field names: the fastest level already finds that
_NONCE = bytes(12)  # every box has a key of its own, so the nonce may stand still


class BoxUnreadable(ValueError):
    """The bytes are no box for this key, or were changed on the way."""


def make_box_key() -> bytes:
    """Make the 32 private bytes of a receiver."""
    return X25519PrivateKey.generate().private_bytes_raw()


def box_public_key(private_key: bytes) -> bytes:
    """Derive the 32 public bytes that the directory shows."""
    return X25519PrivateKey.from_private_bytes(private_key).public_key().public_bytes_raw()


def put_in_box(content: bytes, *, receiver_public_key: bytes) -> bytes:
    """Close `content` so that only the receiver opens it."""
    ephemeral = X25519PrivateKey.generate()
    public = ephemeral.public_key().public_bytes_raw()
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(receiver_public_key))
    return (
        _VERSION
        + public
        + AESGCM(_derive(shared, public, receiver_public_key)).encrypt(
            _NONCE, zlib.compress(content, _LEVEL), None
        )
    )


def take_from_box(box: bytes, *, private_key: bytes) -> bytes:
    """Open a box that was closed for this receiver.

    Raises: BoxUnreadable when the bytes are no box, are for another key, were changed, or hold more than
    `MAX_CONTENT_BYTES`.
    """
    if len(box) < _OVERHEAD_BYTES or box[:1] != _VERSION:
        raise BoxUnreadable("no box")
    own = X25519PrivateKey.from_private_bytes(private_key)
    public = box[1 : 1 + _KEY_BYTES]
    try:
        shared = own.exchange(X25519PublicKey.from_public_bytes(public))
        key = _derive(shared, public, own.public_key().public_bytes_raw())
        return _inflate(AESGCM(key).decrypt(_NONCE, box[1 + _KEY_BYTES :], None))
    except (InvalidTag, ValueError, zlib.error) as error:
        raise BoxUnreadable("cannot be opened") from error


def _inflate(deflated: bytes) -> bytes:
    stream = zlib.decompressobj()
    content = stream.decompress(deflated, MAX_CONTENT_BYTES)
    if not stream.eof or stream.unused_data:
        raise ValueError("more than a box may hold, or less than it says")
    return content


def _derive(shared: bytes, ephemeral: bytes, receiver: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=None, info=b"daicho box 1" + ephemeral + receiver).derive(shared)
