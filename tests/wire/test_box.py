"""Boxes and the vault: opened by whom they are for, changed by nobody, and never larger than they may be."""

import hmac
import zlib

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given, settings
from hypothesis import strategies as st

from daicho.wire import box
from daicho.wire.box import (
    BoxUnreadable,
    box_public_key,
    make_box_key,
    put_in_boxes,
    take_from_box,
)
from daicho.wire.vault import KEY_BYTES, Vault, VaultUnreadable

KEY, OTHER = make_box_key(), make_box_key()
PUBLIC = box_public_key(KEY)


def put_in_box(content, *, receiver_public_key):
    return put_in_boxes([content], receiver_public_key=receiver_public_key)[0]


def closed_by_hand(deflated: bytes) -> bytes:
    """A box whose inside is not what `put_in_boxes` would put there."""
    ephemeral = X25519PrivateKey.generate()
    public = ephemeral.public_key().public_bytes_raw()
    key = box._derive(ephemeral.exchange(X25519PublicKey.from_public_bytes(PUBLIC)), public, PUBLIC)
    return b"\x01" + public + AESGCM(key).encrypt(bytes(12), deflated, None)


@given(st.binary(max_size=5000))
def test_what_is_put_in_comes_out_for_its_receiver_alone(content):
    closed = put_in_box(content, receiver_public_key=PUBLIC)
    assert take_from_box(closed, private_key=KEY) == content
    assert len(content) < 16 or content not in closed
    with pytest.raises(BoxUnreadable):
        take_from_box(closed, private_key=OTHER)


@given(st.lists(st.binary(max_size=200), max_size=8))
def test_what_is_closed_together_opens_one_by_one_in_any_order(contents):
    closed = put_in_boxes(contents, receiver_public_key=PUBLIC)
    opened = [take_from_box(one, private_key=KEY) for one in reversed(closed)]
    assert opened == list(reversed(contents))
    assert len(set(closed)) == len(contents), "not even twice the same content looks the same"


def test_the_inside_of_one_box_does_not_open_in_the_place_of_another():
    one, two = put_in_boxes([b"one", b"two"], receiver_public_key=PUBLIC)
    head = 1 + 32 + 4
    with pytest.raises(BoxUnreadable):
        take_from_box(one[:head] + two[head:], private_key=KEY)


def test_a_box_that_an_earlier_version_closed_is_still_opened():
    assert take_from_box(closed_by_hand(zlib.compress(b"a letter")), private_key=KEY) == b"a letter"


def test_the_same_content_twice_looks_different_twice():
    assert put_in_box(b"content", receiver_public_key=PUBLIC) != put_in_box(
        b"content", receiver_public_key=PUBLIC
    )


@settings(max_examples=60)
@given(st.data())
def test_a_flipped_bit_anywhere_is_noticed(data):
    closed = bytearray(put_in_box(b"a letter" * 20, receiver_public_key=PUBLIC))
    closed[data.draw(st.integers(0, len(closed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(BoxUnreadable):
        assert take_from_box(bytes(closed), private_key=KEY) != b"a letter" * 20


@given(st.binary(max_size=200))
def test_nothing_makes_the_opener_fall_over(content):
    heads = (b"\x01", b"\x02")
    for one in (
        content,
        *(head + content for head in heads),
        *(head + bytes(32) + content for head in heads),
    ):
        with pytest.raises(BoxUnreadable):
            take_from_box(one, private_key=KEY)


def test_a_bomb_is_not_unpacked():
    """Thirty-three megabytes of nothing, in thirty-two kilobytes."""
    bomb = zlib.compress(bytes(box.MAX_CONTENT_BYTES + 1), 9)
    assert len(bomb) < 64 * 1024
    with pytest.raises(BoxUnreadable):
        take_from_box(closed_by_hand(bomb), private_key=KEY)


@pytest.mark.parametrize(
    "inside", [b"", b"not deflated", zlib.compress(b"x")[:-2], zlib.compress(b"x") + b"more"]
)
def test_an_inside_that_is_cut_off_or_goes_on_is_refused(inside):
    with pytest.raises(BoxUnreadable):
        take_from_box(closed_by_hand(inside), private_key=KEY)


VAULT = Vault(b"v" * KEY_BYTES)


@given(st.text("0123456789", min_size=12, max_size=12), st.text("0123456789", min_size=11, max_size=11))
def test_a_sealed_number_opens_for_its_own_person_alone(number, code):
    sealed = VAULT.seal(number, code)
    assert VAULT.open(sealed, code) == number
    assert number.encode() not in sealed
    for wrong, whose in ((sealed, "0" + code), (sealed[:-1], code), (b"", code), (sealed[::-1], code)):
        with pytest.raises(VaultUnreadable):
            VAULT.open(wrong, whose)
    with pytest.raises(VaultUnreadable):
        Vault(b"w" * KEY_BYTES).open(sealed, code)


def test_a_number_is_found_by_its_digest_and_the_digest_is_another_with_another_key():
    assert VAULT.lookup("1") == VAULT.lookup("1") != VAULT.lookup("2")
    assert VAULT.lookup("1") != Vault(b"w" * KEY_BYTES).lookup("1")
    assert VAULT.lookup("1") != VAULT.prf(b"1"), "looking up and numbering use keys of their own"


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_vault_key_has_its_length(size):
    with pytest.raises(ValueError, match="32 bytes"):
        Vault(bytes(size))


@given(st.text("0123456789", min_size=12, max_size=12))
def test_a_look_up_value_is_the_hmac_of_the_standard_library(number):
    derived = HKDF(SHA256(), 32, salt=None, info=b"daicho vault lookup").derive(bytes(range(32)))
    assert Vault(bytes(range(32))).lookup(number) == hmac.digest(derived, number.encode(), "sha256")
