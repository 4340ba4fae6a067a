"""What a signature covers: one JWS ES256 over the hashes of all parts, and the steps by which it is checked.

The step numbers are those of docs/protocols/envelope.md. Parts are kept verbatim: they are hashed as they came
and decoded afterwards, never written again to be verified.
"""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

from daicho.rules.network.kinds import Member, MessageKey
from daicho.wire.directory import Directory
from daicho.wire.operations import Count
from daicho.wire.signer.client import SignerClient

FRESH_SECONDS = 300
MAX_SEAL_CHARACTERS = 512 * 1024
LETTER = "letter"
RECEIPT = "receipt"


class EnvelopeError(Exception):
    """An envelope is refused: the code of the step at which it failed, and the step's number."""

    def __init__(self, code: str, step: int) -> None:
        """Name the code and the step."""
        super().__init__(f"{code} (step {step})")
        self.code = code
        self.step = step


class Sealed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An envelope on the wire: a compact JWS and the parts whose hashes it lists."""

    seal: str
    parts: list[bytes]


class Head(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"sender": "from", "receiver": "to"}
):
    """What is signed."""

    sender: str
    receiver: str
    op: str
    at: datetime
    directory: Count
    parts: list[str]
    reply_to: str = ""
    epoch: Count = 0
    first: Count = 0


class _JwsHeader(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    alg: str
    kid: str
    typ: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A checked envelope; of a call of one part, `request` is what its operation declares, already read."""

    head: Head
    parts: list[bytes]
    sender: Member
    seal_hash: str
    request: Any = None


def seal(signer: SignerClient, head: Head, parts: list[bytes], *, purpose: str = LETTER) -> bytes:
    """Hash the parts, sign the list, and write the envelope. Raises: SignerUnavailable."""
    return seal_many(signer, [(head, parts)], purpose=purpose)[0]


def seal_many(
    signer: SignerClient, contents: Sequence[tuple[Head, list[bytes]]], *, purpose: str = LETTER
) -> list[bytes]:
    """Seal several envelopes, each for itself, with one question to the signer. Raises: SignerUnavailable."""
    if not contents:
        return []
    # The kid stands inside what is signed, so the signer is asked which key it will use before it signs.
    kid = signer.kid()
    header = _b64(msgspec.json.encode(_JwsHeader("ES256", kid, "daicho-" + purpose)))
    signing = [f"{header}.{_payload(head, parts)}" for head, parts in contents]
    used, signatures = signer.sign_digests(
        purpose, [hashlib.sha256(text.encode()).digest() for text in signing]
    )
    if used != kid:
        signer.forget_kid()
        return seal_many(signer, contents, purpose=purpose)
    return [
        msgspec.json.encode(Sealed(f"{text}.{_b64(signature)}", parts))
        for text, signature, (_, parts) in zip(signing, signatures, contents, strict=True)
    ]


def _payload(head: Head, parts: list[bytes]) -> str:
    listed = msgspec.structs.replace(head, parts=[hashlib.sha256(part).hexdigest() for part in parts])
    return _b64(msgspec.json.encode(listed))


def open_sealed(
    content: bytes,
    *,
    me: str,
    directory: Directory,
    now: datetime,
    peer: str,
    operation: str,
    max_bytes: int,
    max_parts: int,
    purpose: str = LETTER,
    reply_to: str = "",
    fresh_seconds: int = FRESH_SECONDS,
    key_as_signed: bool = False,
) -> Opened:
    """Check an envelope in numbered steps. Raises: EnvelopeError with the step that failed.

    An envelope that others carry may be older than a conversation takes, by `fresh_seconds`. With `key_as_signed` its
    key was in force when it says that it was closed, and need not be any more.
    """
    if len(content) > max_bytes:
        raise EnvelopeError("TOO_LARGE", 1)
    try:
        sealed = msgspec.json.decode(content, type=Sealed)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise EnvelopeError("MALFORMED", 2) from None
    head, header, signing_input, signature = _take_apart(sealed.seal, purpose)
    sender = directory.member(head.sender)
    if sender is None:
        raise EnvelopeError("UNKNOWN_SENDER", 4)
    if head.sender != peer:
        raise EnvelopeError("NOT_THE_PEER", 5)
    signed_at = min(now, head.at) if key_as_signed else now
    _check_signature(sender, header.kid, signing_input, signature, signed_at)
    if head.receiver != me:
        raise EnvelopeError("NOT_FOR_ME", 7)
    if head.op != operation or head.reply_to != reply_to:
        raise EnvelopeError("OTHER_OPERATION", 8)
    if not timedelta(seconds=-FRESH_SECONDS) <= now - head.at <= timedelta(seconds=fresh_seconds):
        raise EnvelopeError("STALE", 9)
    if len(sealed.parts) > max_parts or len(sealed.parts) != len(head.parts):
        raise EnvelopeError("PART_COUNT", 10)
    for part, listed in zip(sealed.parts, head.parts, strict=True):
        if hashlib.sha256(part).hexdigest() != listed:
            raise EnvelopeError("PART_CHANGED", 11)
    return Opened(head, sealed.parts, sender, seal_hash(sealed.seal))


def seal_hash(seal_text: str) -> str:
    """Name an envelope by the hash of what its seal signs; an answer repeats it.

    The signature is left out: ECDSA lets its maker write it anew, and the envelope would seem to be another.
    """
    return hashlib.sha256(seal_text.rpartition(".")[0].encode()).hexdigest()


def _take_apart(compact: str, purpose: str) -> tuple[Head, _JwsHeader, bytes, bytes]:
    """Step 3: three base64url parts, the one algorithm, this purpose's type, no unknown fields."""
    parts = compact.split(".") if len(compact) <= MAX_SEAL_CHARACTERS and compact.isascii() else []
    if len(parts) != 3:
        raise EnvelopeError("SEAL_FORM", 3)
    try:
        header = msgspec.json.decode(_unb64(parts[0]), type=_JwsHeader)
        head = msgspec.json.decode(_unb64(parts[1]), type=Head)
        signature = _unb64(parts[2])
    except (msgspec.DecodeError, ValueError):
        raise EnvelopeError("SEAL_FORM", 3) from None
    if (
        header.alg != "ES256"
        or header.typ != "daicho-" + purpose
        or len(signature) != 64
        or head.at.tzinfo is None
    ):
        raise EnvelopeError("SEAL_FORM", 3)
    return head, header, f"{parts[0]}.{parts[1]}".encode(), signature


def _check_signature(sender: Member, kid: str, signing_input: bytes, signature: bytes, now: datetime) -> None:
    """Step 6: a key that the directory lists for the sender, in force now, made this signature."""
    key = next((key for key in sender.message_keys if key.kid == kid), None)
    if key is None or not key.valid_from <= now < key.valid_until:
        raise EnvelopeError("UNKNOWN_KEY", 6)
    try:
        public = _public_key(key)
    except ValueError:
        raise EnvelopeError("UNKNOWN_KEY", 6) from None
    der = utils.encode_dss_signature(
        int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    )
    try:
        public.verify(der, signing_input, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise EnvelopeError("BAD_SIGNATURE", 6) from None


@lru_cache(maxsize=4096)
def _public_key(key: MessageKey) -> ec.EllipticCurvePublicKey:
    x, y = (int.from_bytes(_unb64(text.rstrip("=")), "big") for text in (key.x, key.y))
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()


def _b64(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _unb64(text: str) -> bytes:
    """Read base64url without padding, in its one proper spelling, so that no changed seal passes for good."""
    content = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if _b64(content) != text:
        raise ValueError("not in its one spelling")
    return content
