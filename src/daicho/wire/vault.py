"""Individual numbers as ciphertext, and the keyed digest by which they are found."""

import hashlib
import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
_NONCE_BYTES = 12


class VaultUnreadable(ValueError):
    """The ciphertext belongs to another key or person, or was changed."""


class _KeyedDigest:
    """HMAC-SHA-256 under one key, whose pads are hashed once: a town brings a hundred thousand numbers."""

    def __init__(self, key: bytes) -> None:
        self._begun = hmac.new(key, digestmod=hashlib.sha256)

    def of(self, content: bytes) -> bytes:
        """Digest some bytes (RFC 2104)."""
        digest = self._begun.copy()
        digest.update(content)
        return digest.digest()


class Vault:
    """A node's number key, outside its database.

    AES-256-GCM with the resident code as associated data: a ciphertext that is moved to another person's row
    cannot be opened there. The nonce is a keyed digest of what is sealed, so that it never meets two contents.
    The number generator of the nation uses a key of its own.
    """

    def __init__(self, key: bytes) -> None:
        """Derive the cipher key, the look-up key and the numbering key from 32 bytes."""
        if len(key) != KEY_BYTES:
            raise ValueError("a vault key has 32 bytes")
        self._cipher = AESGCM(_derive(key, b"daicho vault cipher"))
        self._nonce = _KeyedDigest(_derive(key, b"daicho vault nonce"))
        self._lookup = _KeyedDigest(_derive(key, b"daicho vault lookup"))
        self._numbering = _derive(key, b"daicho vault numbering")
        self._file_cipher = AESGCM(_derive(key, b"daicho vault file"))
        self._file_nonce = _KeyedDigest(_derive(key, b"daicho vault file nonce"))

    def seal(self, number: str, resident_record_code: str) -> bytes:
        """Encrypt a number for one person's row."""
        person = resident_record_code.encode()
        content = number.encode()
        nonce = self._nonce.of(person + b":" + content)[:_NONCE_BYTES]
        return nonce + self._cipher.encrypt(nonce, content, person)

    def open(self, sealed: bytes, resident_record_code: str) -> str:
        """Decrypt the number of one person's row.

        Raises: VaultUnreadable.
        """
        try:
            nonce, content = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
            return self._cipher.decrypt(nonce, content, resident_record_code.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise VaultUnreadable("cannot be opened") from error

    def reseal(self, sealed: bytes, former: str, present: str) -> bytes:
        """Bind the number of somebody whose code changed to the present code. Raises: VaultUnreadable."""
        return self.seal(self.open(sealed, former), present)

    def seal_file(self, content: bytes, name: str) -> bytes:
        """Encrypt a part of a file that waits in the database until it is fetched; it opens under its name alone."""
        nonce = self._file_nonce.of(name.encode() + b":" + content)[:_NONCE_BYTES]
        return nonce + self._file_cipher.encrypt(nonce, content, name.encode())

    def open_file(self, sealed: bytes, name: str) -> bytes:
        """Decrypt a part of a file.

        Raises: VaultUnreadable.
        """
        try:
            return self._file_cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], name.encode())
        except (InvalidTag, ValueError) as error:
            raise VaultUnreadable("cannot be opened") from error

    def lookup(self, number: str) -> bytes:
        """Digest a number so that its row can be found."""
        return self._lookup.of(number.encode())

    def prf(self, content: bytes) -> bytes:
        """Give the keyed one-way function from which numbers are made."""
        return hmac.digest(self._numbering, content, hashlib.sha256)


def _derive(key: bytes, info: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=info).derive(key)
