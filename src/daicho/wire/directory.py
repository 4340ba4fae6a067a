"""The signed directory: who is a member, where, with which keys, until when."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from daicho.rules.network.kinds import Member, NodeKind
from daicho.rules.people.codes import MunicipalityCode
from daicho.wire.codecs.letters import decode, encode

MAX_DIRECTORY_BYTES = 8 * 1024 * 1024
DEMO, TRAINING = "demo", "training"  # what is neither is real


class DirectoryFault(ValueError):
    """The directory is not signed by the nation, is malformed, older than the one known, or expired."""


@dataclass(frozen=True, slots=True)
class Directory:
    """Everybody who takes part, as the nation signed it."""

    serial: int
    issued_at: datetime
    expires_at: datetime
    profile: str  # "demo", "training" or "production"
    members: tuple[Member, ...]
    demo_day: date | None = None
    authorities: tuple[str, ...] = ()  # certificates of the root and of every authority under it, PEM
    _by_name: dict[str, Member] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Index the members by name."""
        self._by_name.update({str(member.name): member for member in self.members})

    def member(self, name: str) -> Member | None:
        """Find a member; None when there is none (any more)."""
        return self._by_name.get(name)

    def of_kind(self, kind: NodeKind) -> tuple[Member, ...]:
        """List the members of one kind."""
        return tuple(member for member in self.members if member.kind is kind)

    def national(self) -> Member:
        """Give the national server. Raises: DirectoryFault."""
        return self._one(lambda member: member.kind is NodeKind.NATIONAL)

    def prefecture(self, digits: str) -> Member:
        """Give a prefecture's server. Raises: DirectoryFault."""
        return self._one(lambda m: m.kind is NodeKind.PREFECTURE and m.prefecture == digits)

    def cs_of(self, municipality: str) -> Member | None:
        """Find the communication server of a municipality."""
        return next((m for m in self.of_kind(NodeKind.CS) if m.municipality == municipality), None)

    def registry_of(self, municipality: str) -> Member | None:
        """Find the registry of a municipality."""
        return next((m for m in self.of_kind(NodeKind.REGISTRY) if m.municipality == municipality), None)

    def expired(self, now: datetime) -> bool:
        """Tell whether nothing may be sent any more on the strength of this directory."""
        return now >= self.expires_at

    def municipality_title(self, code: MunicipalityCode) -> str:
        """Give a municipality's name, or its code when it is not in the directory."""
        found = self.registry_of(code) or self.cs_of(code)
        return found.title.split(" ")[0] if found else str(code)

    def _one(self, wanted: "object") -> Member:
        assert callable(wanted)  # noqa: S101 - narrows the type
        found = next((member for member in self.members if wanted(member)), None)
        if found is None:
            raise DirectoryFault("no such member")
        return found


@dataclass(frozen=True, slots=True)
class _Content:
    serial: int
    issued_at: datetime
    expires_at: datetime
    profile: str
    members: tuple[Member, ...]
    demo_day: date | None = None
    authorities: tuple[str, ...] = ()


def _moments(content: _Content) -> Iterator[datetime]:
    yield from (content.issued_at, content.expires_at)
    for member in content.members:
        for key in member.message_keys:
            yield from (key.valid_from, key.valid_until)


def sign_directory(directory: Directory, key: Ed25519PrivateKey) -> bytes:
    """Write the directory and the nation's signature over its very bytes."""
    content = encode(
        _Content(
            directory.serial, directory.issued_at, directory.expires_at, directory.profile, directory.members,
            directory.demo_day, directory.authorities,
        )
    )  # fmt: skip
    parts = {
        "directory": urlsafe_b64encode(content).decode(),
        "signature": urlsafe_b64encode(key.sign(content)).decode(),
    }
    return json.dumps(parts).encode()


def verify_directory(signed: bytes, trusted_key: bytes, *, newer_than: int = 0) -> Directory:
    """Check signature and form; expiry is asked of the result, for an expired one may still be read.

    Raises: DirectoryFault.
    """
    if len(signed) > MAX_DIRECTORY_BYTES:
        raise DirectoryFault("too large")
    try:
        parts = json.loads(signed)
        content, signature = urlsafe_b64decode(parts["directory"]), urlsafe_b64decode(parts["signature"])
        Ed25519PublicKey.from_public_bytes(trusted_key).verify(signature, content)
        found = decode(_Content, content)
    except (ValueError, KeyError, TypeError, RecursionError, InvalidSignature) as error:
        raise DirectoryFault("not signed by the nation") from error
    if any(moment.tzinfo is None for moment in _moments(found)):
        raise DirectoryFault("a time without a zone")
    if found.serial < newer_than:
        raise DirectoryFault("older than the one known")
    return Directory(
        found.serial, found.issued_at, found.expires_at, found.profile, found.members, found.demo_day,
        found.authorities,
    )  # fmt: skip
