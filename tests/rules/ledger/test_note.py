"""Checkpoints as signed notes: the published example of the format, and everything that is none."""

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
