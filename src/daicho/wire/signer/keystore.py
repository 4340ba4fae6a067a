"""The key files of a node's signer: encrypted, readable by their owner only."""

import os
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from daicho.wire.box import box_public_key, make_box_key

_PASSPHRASE = "passphrase"  # noqa: S105 - the name of a file, not a secret
_CHECKPOINT = "checkpoint.pem"
_BOX = "box.key"
_VAULT = "vault.key"


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """What the directory shows of a node's keys; all base64 (message key: base64url coordinates)."""

    kid: str
    x: str
    y: str
    checkpoint_key: str
    box_key: str


@dataclass(frozen=True, slots=True)
class MessageKeyInUse:
    """The key that signs letters now: its kid, and what signs a digest as r and s."""

    kid: str
    sign: Callable[[bytes], bytes]


class KeyNotOpened(RuntimeError):
    """The place where a message key should be does not give it."""


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read, replacing it in one step."""
    fresh = path.with_name(path.name + ".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def make_keys(folder: Path) -> PublicKeys:
    """Make all keys of a node in its signer folder."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(folder / _PASSPHRASE, secrets.token_urlsafe(32).encode())
    write_private(folder / _CHECKPOINT, _pem(ed25519.Ed25519PrivateKey.generate(), folder))
    write_private(folder / _BOX, _encrypted(folder, make_box_key()))
    write_private(folder / _VAULT, _encrypted(folder, secrets.token_bytes(32)))
    return add_message_key(folder)


def add_message_key(folder: Path) -> PublicKeys:
    """Make one more message key; the newest signs, the older ones stay valid until the directory drops them."""
    key = ec.generate_private_key(ec.SECP256R1())
    # Old keys are taken away one day: the number follows the highest, not their count.
    numbers = [int(file.stem.split("-")[1]) for file in folder.glob("message-*.pem")]
    kid = f"{max(numbers, default=0) + 1:04d}-{secrets.token_hex(4)}"
    write_private(folder / f"message-{kid}.pem", _pem(key, folder))
    return public_keys(folder)


def public_keys(folder: Path) -> PublicKeys:
    """Read what the directory shows."""
    kid, message = newest_message_key(folder)
    numbers = message.public_key().public_numbers()
    checkpoint = checkpoint_key(folder).public_key().public_bytes_raw()
    return PublicKeys(
        kid,
        urlsafe_b64encode(numbers.x.to_bytes(32, "big")).decode(),
        urlsafe_b64encode(numbers.y.to_bytes(32, "big")).decode(),
        urlsafe_b64encode(checkpoint).decode(),
        urlsafe_b64encode(box_public_key(box_key(folder))).decode(),
    )


def newest_message_key(folder: Path) -> tuple[str, ec.EllipticCurvePrivateKey]:
    """Open the key that signs letters now. Raises: FileNotFoundError."""
    files = sorted(folder.glob("message-*.pem"))
    if not files:
        raise FileNotFoundError(folder / "message-*.pem")
    key = serialization.load_pem_private_key(files[-1].read_bytes(), _passphrase(folder))
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("a message key is a P-256 key")
    return files[-1].stem.removeprefix("message-"), key


def checkpoint_key(folder: Path) -> ed25519.Ed25519PrivateKey:
    """Open the key that signs checkpoints."""
    key = serialization.load_pem_private_key((folder / _CHECKPOINT).read_bytes(), _passphrase(folder))
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise TypeError("a checkpoint key is an Ed25519 key")
    return key


def box_key(folder: Path) -> bytes:
    """Open the key that opens boxes."""
    return _decrypted(folder, (folder / _BOX).read_bytes())


def vault_key(folder: Path) -> bytes:
    """Open the key of the individual numbers."""
    return _decrypted(folder, (folder / _VAULT).read_bytes())


def _passphrase(folder: Path) -> bytes:
    return (folder / _PASSPHRASE).read_bytes()


def _pem(key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey, folder: Path) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(_passphrase(folder)),
    )


def _file_cipher(folder: Path) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=None, info=b"daicho key file").derive(_passphrase(folder)))


def _encrypted(folder: Path, secret: bytes) -> bytes:
    nonce = secrets.token_bytes(12)
    return nonce + _file_cipher(folder).encrypt(nonce, secret, None)


def _decrypted(folder: Path, content: bytes) -> bytes:
    return _file_cipher(folder).decrypt(content[:12], content[12:], None)
