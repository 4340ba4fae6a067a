"""What letters carry is read strictly: of its own form, with nothing added, or not at all."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.rules.identity.record import IdentityUpdate, UpwardReport
from daicho.rules.people.codes import IndividualNumber, ResidentRecordCode, with_check_digit
from daicho.rules.register.record import ResidentRecord
from daicho.wire.characters import says_nul
from daicho.wire.codecs import identity
from daicho.wire.codecs.letters import Unreadable, decode, encode

CODE = ResidentRecordCode(with_check_digit("0123456789"))
NUMBER = IndividualNumber(with_check_digit("01234567890"))
KINDS = (
    identity.HallBulk, identity.UpwardBulk, identity.MoveOutConfirmed, identity.NumberRequest, identity.NumberMade,
    identity.CodesWanted, identity.CodesGiven, IdentityUpdate, UpwardReport, ResidentRecord,
)  # fmt: skip
SAMPLES = (
    identity.MoveOutConfirmed(CODE, date(2026, 11, 20)),
    identity.NumberMade(CODE, NUMBER),
    identity.CodesWanted(100, "pool"),
    identity.CodesGiven((CODE,), "pool"),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda one: type(one).__name__)
def test_what_was_written_is_read_and_written_the_same(sample):
    written = encode(sample)
    assert decode(type(sample), written) == sample
    assert encode(decode(type(sample), written)) == written


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda one: type(one).__name__)
def test_an_unknown_field_makes_it_unreadable(sample):
    more = json.loads(encode(sample)) | {"more": 1}
    with pytest.raises(Unreadable):
        decode(type(sample), json.dumps(more).encode())


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda one: type(one).__name__)
def test_every_missing_field_makes_it_unreadable(sample):
    whole = json.loads(encode(sample))
    for name in whole:
        with pytest.raises(Unreadable):
            decode(
                type(sample), json.dumps({key: value for key, value in whole.items() if key != name}).encode()
            )


def test_a_wrong_check_digit_is_refused_by_its_place_and_not_repeated():
    wrong = str(CODE)[:-1] + str((int(CODE[-1]) + 1) % 10)
    content = encode(identity.NumberRequest(CODE)).replace(CODE.encode(), wrong.encode())
    with pytest.raises(Unreadable) as refused:
        decode(identity.NumberRequest, content)
    assert "resident_record_code" in str(refused.value)
    assert wrong not in str(refused.value)


@given(st.sampled_from(KINDS), st.binary(max_size=200))
def test_no_bytes_make_the_reader_fall_over(kind, content):
    with pytest.raises(Unreadable):
        decode(kind, content)


@given(st.sampled_from(KINDS), JSON)
def test_no_json_makes_the_reader_fall_over(kind, value):
    with pytest.raises(Unreadable):
        decode(kind, json.dumps(value).encode())


@pytest.mark.parametrize("kind", KINDS, ids=lambda one: one.__name__)
def test_depth_without_end_is_refused(kind):
    for content in (b"[" * 100_000, b'{"a":' * 100_000):
        with pytest.raises(Unreadable):
            decode(kind, content)


@given(st.text(max_size=20), st.text(max_size=20))
def test_nul_is_found_wherever_json_says_it_and_nowhere_else(before: str, after: str) -> None:
    """A database refuses it; what refuses it earlier must not mistake a backslash and some letters for it."""
    for text in (before + after, before + "\\u0000" + after, before + "\0" + after):
        for written in (
            json.dumps([text]),
            json.dumps({"a": {text: 1}}),
            json.dumps([text], ensure_ascii=False),
        ):
            assert says_nul(written.encode("utf-8", "surrogatepass")) == ("\0" in text)


def test_a_letter_with_nul_is_unreadable() -> None:
    content = encode(identity.CodesWanted(100, "po\0ol"))
    with pytest.raises(Unreadable, match=r"U\+0000"):
        decode(identity.CodesWanted, content)
