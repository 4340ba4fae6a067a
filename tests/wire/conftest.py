"""Two members of a network with keys of their own, and a signer within the test's own process."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from daicho.rules.network.kinds import Member, MessageKey, NodeKind, NodeName
from daicho.wire.directory import Directory
from daicho.wire.signer.client import SignerClient
from daicho.wire.signer.keystore import PublicKeys, make_keys
from daicho.wire.signer.process import KeyHolder, SignRequest

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


@dataclass
class HereSigner:
    """What a signer's client offers, answered by the real key holder without a process between."""

    holder: KeyHolder
    asked: list[SignRequest] = field(default_factory=list)

    def kid(self) -> str:
        return self.holder.answer(SignRequest("letter", [])).kid

    def forget_kid(self) -> None:
        """Nothing is remembered."""

    def sign_digests(self, purpose: str, digests: list[bytes]) -> tuple[str, list[bytes]]:
        self.asked.append(SignRequest(purpose, digests))
        answer = self.holder.answer(self.asked[-1])
        return answer.kid, answer.signatures


@dataclass
class Party:
    """A member, the folder of its keys, and its signer."""

    member: Member
    folder: Path
    here: HereSigner

    @property
    def name(self) -> str:
        return str(self.member.name)

    @property
    def signer(self) -> SignerClient:
        return cast("SignerClient", self.here)


def message_key(keys: PublicKeys, **changed: Any) -> MessageKey:
    """Show a public key for a week around the test's moment."""
    key = MessageKey(keys.kid, keys.x, keys.y, NOW - timedelta(days=1), NOW + timedelta(days=6))
    return replace(key, **changed)


def make_party(folder: Path, short: str, kind: NodeKind) -> Party:
    """Make a member with fresh keys."""
    keys = make_keys(folder)
    name = NodeName(f"{short}.p13.daicho.internal")
    member = Member(
        name, kind, short, "127.0.0.1:1", (message_key(keys),), keys.checkpoint_key, keys.box_key,
        prefecture="13",
    )  # fmt: skip
    return Party(member, folder, HereSigner(KeyHolder(folder)))


def make_directory(*members: Member, **changed: Any) -> Directory:
    """List members for a day."""
    made = Directory(7, NOW, NOW + timedelta(days=1), "demo", members)
    return replace(made, _by_name={}, **changed)


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Party:
    return make_party(tmp_path_factory.mktemp("town"), "cs13101", NodeKind.CS)


@pytest.fixture(scope="session")
def prefecture(tmp_path_factory: pytest.TempPathFactory) -> Party:
    return make_party(tmp_path_factory.mktemp("prefecture"), "pref", NodeKind.PREFECTURE)


@pytest.fixture(scope="session")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Party:
    return make_party(tmp_path_factory.mktemp("stranger"), "cs13999", NodeKind.CS)


@pytest.fixture(scope="session")
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def directory_of() -> Callable[..., Directory]:
    return make_directory


@pytest.fixture(scope="session")
def key_of() -> Callable[..., MessageKey]:
    return message_key
