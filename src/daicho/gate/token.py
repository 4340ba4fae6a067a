"""Secrets of one session: its token's fingerprint, its form key, and addresses that only it can read."""

import base64
import binascii
import hashlib
import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

TOKEN_BYTES = 32
NONCE_BYTES = 12


class BadHandle(ValueError):
    """An address that this session did not make."""


def fingerprint(token: str) -> bytes:
    """Hash a session's token; only this is stored."""
    return hashlib.sha256(b"daicho session\0" + token.encode()).digest()


def text_of(token: bytes) -> str:
    """Write random bytes as a cookie may hold them."""
    return base64.urlsafe_b64encode(token).rstrip(b"=").decode()


def form_key(token: str) -> str:
    """Derive the key that each form of this session carries back."""
    return hmac.new(token.encode(), b"daicho form", hashlib.sha256).hexdigest()


def form_key_fits(token: str, given: str) -> bool:
    """Tell whether a form came from this session, in constant time."""
    return hmac.compare_digest(form_key(token).encode(), given.encode())


def seal_handle(token: str, *, nonce: bytes, content: bytes) -> str:
    """Make an address of `content` that tells nothing to logs and opens only in this session."""
    return text_of(nonce + AESGCM(_handle_key(token)).encrypt(nonce, content, None))


def open_handle(token: str, handle: str) -> bytes:
    """Read an address made by `seal_handle`.

    Raises: BadHandle when it is malformed, altered, or of another session.
    """
    try:
        raw = base64.b64decode(handle + "=" * (-len(handle) % 4), altchars=b"-_", validate=True)
        return AESGCM(_handle_key(token)).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], None)
    except (binascii.Error, ValueError, InvalidTag) as wrong:
        raise BadHandle("not an address of this session") from wrong


def _handle_key(token: str) -> bytes:
    return hashlib.sha256(b"daicho handle\0" + token.encode()).digest()
