"""The signed directory: the nation's own word, never older than the one known, read by nobody's mistake."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from daicho.rules.network.kinds import Member, MessageKey, NodeKind, NodeName
from daicho.rules.people.codes import MunicipalityCode
from daicho.wire.directory import (
    MAX_DIRECTORY_BYTES,
    Directory,
    DirectoryFault,
    sign_directory,
    verify_directory,
)

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
KEY = Ed25519PrivateKey.generate()
TRUSTED = KEY.public_key().public_bytes_raw()
MESSAGE_KEY = MessageKey("0001-aa", "x", "y", NOW, NOW + timedelta(days=365))


def member(kind: NodeKind, town: str = "", prefecture: str = "") -> Member:
    name = NodeName(f"{kind.value.lower()}.m{town or 0}.p{prefecture or 0}.daicho.internal")
    code = MunicipalityCode(town) if town else None
    return Member(
        name, kind, f"千代田区 {kind.value}", "127.0.0.1:1", (MESSAGE_KEY,), "c", "b", code, prefecture
    )


DIRECTORY = Directory(
    7, NOW, NOW + timedelta(days=1), "production",
    (member(NodeKind.NATIONAL), member(NodeKind.PREFECTURE, prefecture="13"), member(NodeKind.CS, "13101", "13"),
     member(NodeKind.REGISTRY, "13101", "13")),
    date(2026, 11, 20), ("PEM",),
)  # fmt: skip
SIGNED = sign_directory(DIRECTORY, KEY)


def test_what_was_signed_is_what_is_read():
    assert verify_directory(SIGNED, TRUSTED) == DIRECTORY


@pytest.mark.parametrize(
    "spoil",
    [
        lambda parts: parts | {"signature": parts["signature"][:-4] + "AAAA"},
        lambda parts: parts | {"directory": urlsafe_b64encode(b"{}").decode()},
        lambda parts: {"directory": parts["directory"]},
        lambda _: {},
        lambda parts: [parts],
        lambda _: None,
        lambda parts: parts | {"directory": "ÄÖÜ"},
        lambda parts: parts | {"directory": 7},
    ],
)
def test_what_the_nation_did_not_sign_is_no_directory(spoil):
    with pytest.raises(DirectoryFault):
        verify_directory(json.dumps(spoil(json.loads(SIGNED))).encode(), TRUSTED)


def test_another_key_signs_for_nobody():
    with pytest.raises(DirectoryFault):
        verify_directory(SIGNED, Ed25519PrivateKey.generate().public_key().public_bytes_raw())


def test_an_older_one_is_not_taken_and_the_same_one_is():
    assert verify_directory(SIGNED, TRUSTED, newer_than=7).serial == 7
    with pytest.raises(DirectoryFault, match="older"):
        verify_directory(SIGNED, TRUSTED, newer_than=8)


def _signed_content(**changes) -> bytes:
    content = json.loads(urlsafe_b64decode(json.loads(SIGNED)["directory"])) | changes
    written = json.dumps(content).encode()
    parts = {
        "directory": urlsafe_b64encode(written).decode(),
        "signature": urlsafe_b64encode(KEY.sign(written)).decode(),
    }
    return json.dumps(parts).encode()


@pytest.mark.parametrize(
    "changes",
    [{"more": 1}, {"expires_at": "2026-11-21T00:00:00"}, {"serial": "7"}, {"members": [{}]}, {"members": 5}],
)
def test_good_signatures_do_not_excuse_bad_form(changes):
    with pytest.raises(DirectoryFault):
        verify_directory(_signed_content(**changes), TRUSTED)


def test_a_directory_larger_than_it_may_be_is_not_even_read():
    with pytest.raises(DirectoryFault, match="too large"):
        verify_directory(b" " * (MAX_DIRECTORY_BYTES + 1), TRUSTED)


@given(st.binary(max_size=300))
def test_nothing_makes_the_reader_fall_over(content):
    with pytest.raises(DirectoryFault):
        verify_directory(content, TRUSTED)


def test_it_expires_at_its_instant_and_is_still_read():
    assert not DIRECTORY.expired(DIRECTORY.expires_at - timedelta(microseconds=1))
    assert DIRECTORY.expired(DIRECTORY.expires_at)
    old = replace(DIRECTORY, expires_at=NOW - timedelta(days=9), _by_name={})
    assert verify_directory(sign_directory(old, KEY), TRUSTED).expired(NOW)


def test_members_are_found_by_name_kind_and_place():
    assert DIRECTORY.national().kind is NodeKind.NATIONAL
    assert DIRECTORY.prefecture("13").prefecture == "13"
    assert DIRECTORY.cs_of("13101") == DIRECTORY.of_kind(NodeKind.CS)[0]
    assert DIRECTORY.registry_of("13101") == DIRECTORY.of_kind(NodeKind.REGISTRY)[0]
    assert DIRECTORY.member("nobody") is None
    assert DIRECTORY.municipality_title(MunicipalityCode("13101")) == "千代田区"
    assert DIRECTORY.municipality_title(MunicipalityCode("01202")) == "01202"
    with pytest.raises(DirectoryFault):
        DIRECTORY.prefecture("01")
