"""Checkpoints as signed notes: the published example of the format, and everything that is none."""

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from daicho.rules.ledger.note import (
    MAX_NOTE_CHARACTERS,
    Checkpoint,
    MalformedNote,
    key_id,
    read_note,
    read_signature,
    sign_line,
    write_note,
)

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
NAME = "cs.m131016.p13.daicho.internal"
CHECKPOINT = Checkpoint(NAME, 20852163, bytes(range(32)))


def note() -> str:
    return write_note(CHECKPOINT, sign_line(NAME, PUBLIC, KEY.sign(CHECKPOINT.body().encode())))


def test_a_note_is_three_lines_an_empty_one_and_signatures_and_reads_back():
    text = note()
    assert text.split("\n")[:2] == [NAME, "20852163"]
    checkpoint, body, (line,) = read_note(text)
    assert checkpoint == CHECKPOINT
    KEY.public_key().verify(line.signature, body.encode())
    assert line == read_signature(str(line))


def test_the_key_id_is_that_of_the_published_format():
    """C2SP signed-note: the first four bytes of SHA-256 over name, line feed, 0x01 and the key."""
    assert key_id("PeterNeumann", bytes.fromhex("4b" * 32)) != key_id(
        "PeterNeumann2", bytes.fromhex("4b" * 32)
    )
    assert len(key_id(NAME, PUBLIC)) == 4


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:0],
        lambda text: text.replace("\n\n", "\n"),
        lambda text: text.rstrip("\n"),
        lambda text: text.replace("20852163", "020852163"),
        lambda text: text.replace("20852163", "-1"),
        lambda text: text.replace("20852163", "２０"),
        lambda text: text.replace("20852163", "9" * 19),
        lambda text: text.replace("20852163\n", "20852163\nmore\n"),
        lambda text: text.replace(NAME + "\n", "\n", 1),
        lambda text: text.replace("AAECAw", "AAECA", 1),
        lambda text: text.replace("— ", "- "),
        lambda text: text + "— nobody\n",
        lambda text: text + "— nobody AAAA\n",
        lambda text: text + "x" * MAX_NOTE_CHARACTERS + "\n",
    ],
)
def test_what_is_no_note(spoil):
    with pytest.raises(MalformedNote):
        read_note(spoil(note()))


@given(st.text(max_size=300))
def test_nothing_makes_the_reader_fall_over(text):
    for reader in (read_note, read_signature):
        try:
            reader(text)
        except MalformedNote:
            continue


@given(st.integers(0, len(note()) - 1), st.characters())
def test_a_changed_character_never_passes_for_the_signed_text(place, character):
    text = note()
    forged = text[:place] + character + text[place + 1 :]
    if forged == text:
        return
    try:
        checkpoint, body, lines = read_note(forged)
    except MalformedNote:
        return
    same = body == CHECKPOINT.body() and any(line.signature == _signature() for line in lines)
    assert not same or checkpoint == CHECKPOINT


def _signature() -> bytes:
    return KEY.sign(CHECKPOINT.body().encode())


def test_a_key_is_named_by_the_first_bytes_of_its_hash():
    name = hashlib.sha256(NAME.encode() + b"\n\x01" + PUBLIC).digest()[:4]
    assert key_id(NAME, PUBLIC) == name
    line = sign_line(NAME, PUBLIC, bytes(64))
    assert (line.name, line.key_id, line.signature) == (NAME, name, bytes(64))


def test_several_signatures_stand_one_below_the_other_and_read_back():
    lines = (sign_line(NAME, PUBLIC, bytes(64)), sign_line("witness", PUBLIC, b"\x01" * 64))
    text = write_note(CHECKPOINT, *lines)
    assert text == f"{CHECKPOINT.body()}\n{lines[0]}{lines[1]}"
    assert read_note(text) == (CHECKPOINT, CHECKPOINT.body(), lines)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("x", "no signed note"),
        (f"{CHECKPOINT.body()}\nx", "no signed note"),
        (note() + "\n" * MAX_NOTE_CHARACTERS, "no signed note"),
        (f"{NAME}\n1\n\n", "origin, size and root"),
        (f"{NAME}\nx\n{'A' * 43}=\n\n", "origin, size and root"),
        (f"{NAME}\n01\n{'A' * 43}=\n\n", "size"),
        (f"{NAME}\n1\n*\n\n", "base64"),
        (f"{NAME}\n1\n{'A' * 42}==\n\n", "length"),
        (f"{CHECKPOINT.body()}\n— nobody\n", "signature line"),
    ],
)
def test_what_is_wrong_with_a_note_is_said(text, word):
    with pytest.raises(MalformedNote, match=word):
        read_note(text)


@pytest.mark.parametrize("sign", ["\t", "  ", "\u3000"])
def test_only_a_space_parts_a_name_from_its_signature(sign):
    with pytest.raises(MalformedNote):
        read_signature(str(sign_line(NAME, PUBLIC, bytes(64))).replace(f"{NAME} ", f"{NAME}{sign}"))


def test_a_size_of_eighteen_digits_and_a_note_of_the_greatest_length_are_read():
    great = Checkpoint(NAME, 10**18 - 1, bytes(32))
    assert read_note(write_note(great))[0] == great
    lines = [sign_line("w", PUBLIC, bytes(64))] * 200
    text = write_note(great, *lines)
    fitting = lines[: (MAX_NOTE_CHARACTERS - len(write_note(great))) // len(str(lines[0]))]
    padded = sign_line("w" * (1 + MAX_NOTE_CHARACTERS - len(write_note(great, *fitting))), PUBLIC, bytes(64))
    whole = write_note(great, *fitting[:-1], padded)
    assert len(whole) == MAX_NOTE_CHARACTERS < len(text)
    assert len(read_note(whole)[2]) == len(fitting)
