"""Fields of a migration: the same value gives the same text, and a text that is no value is refused with its reason."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.rules.handover import fields
from daicho.rules.handover.fields import Unfit
from daicho.rules.law.article import Article
from daicho.rules.law.refusal import Reason
from daicho.rules.people.codes import ResidentRecordCode, with_check_digit
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.sex import Sex
from daicho.rules.register.reception import Document
from daicho.rules.register.record import HouseholdRelation

_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20)


@given(st.lists(_TEXT, max_size=5))
def test_a_list_of_any_texts_comes_back(items) -> None:
    kind = fields.TEXTS
    written = kind.write(tuple(items))
    assert (kind.read(written) if written else ()) == tuple(items)


@given(st.lists(st.sampled_from(["|", "\\", "甲", "乙|", "\\|"]), min_size=1, max_size=4))
def test_bars_and_backslashes_of_an_item_are_its_own(items) -> None:
    assert fields.TEXTS.read(fields.TEXTS.write(tuple(items))) == tuple(items)


@pytest.mark.parametrize("text", ["|", "a|", "|a", "a||b", "a\\", "a\\b"])
def test_a_list_with_a_hole_or_a_lost_backslash_is_refused(text) -> None:
    with pytest.raises(Unfit) as wrong:
        fields.TEXTS.read(text)
    assert wrong.value.reason is Reason.FIELD_UNKNOWN_VALUE


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2100, 1, 1)))
def test_an_instant_comes_back_in_universal_time(moment) -> None:
    kind = fields.INSTANT
    here = moment.replace(tzinfo=timezone(timedelta(hours=9)))
    written = kind.write(here)
    assert kind.read(written) == here
    assert kind.write(kind.read(written)) == written


@pytest.mark.parametrize(
    ("kind", "text", "reason"),
    [
        (fields.COUNT, "0", Reason.NUMBER_MALFORMED),
        (fields.COUNT, "-1", Reason.NUMBER_MALFORMED),
        (fields.COUNT, "１２", Reason.NUMBER_MALFORMED),
        (fields.NUMBER, "1.5", Reason.NUMBER_MALFORMED),
        (fields.DAY, "2026-02-30", Reason.DATE_MALFORMED),
        (fields.DAY, "2026-W47-5", Reason.DATE_MALFORMED),
        (fields.DAY, "20261120", Reason.DATE_MALFORMED),
        (fields.PARTIAL_DAY, "1970-13-00", Reason.DATE_MALFORMED),
        (fields.INSTANT, "2026-11-20T10:00:00", Reason.DATE_MALFORMED),
        (fields.INSTANT, "2026-11-20T10:00:00+09:00", Reason.DATE_MALFORMED),
        (fields.INSTANT, "2026-11-20T25:00:00Z", Reason.DATE_MALFORMED),
        (fields.MARK, "yes", Reason.FIELD_UNKNOWN_VALUE),
        (fields.CODE, "1" * 11, Reason.CHECK_DIGIT_WRONG),
        (fields.INDIVIDUAL_NUMBER, "1" * 12, Reason.CHECK_DIGIT_WRONG),
        (fields.MUNICIPALITY, "99999", Reason.MUNICIPALITY_UNKNOWN),
        (fields.POSTAL, "100-0001", Reason.FIELD_UNKNOWN_VALUE),
        (fields.IDENTIFIER, "a b", Reason.FIELD_UNKNOWN_VALUE),
        (fields.DIGEST, "0" * 63, Reason.FIELD_UNKNOWN_VALUE),
        (fields.ARTICLE, "住民基本台帳法", Reason.FIELD_UNKNOWN_VALUE),
        (fields.CHARACTER, "E001", Reason.FIELD_UNKNOWN_VALUE),
        (fields.CHARACTER, "U+D800", Reason.FIELD_UNKNOWN_VALUE),
        (fields.CHARACTER, "U+110000", Reason.FIELD_UNKNOWN_VALUE),
        (fields.NUMBERS, "1  2", Reason.NUMBER_MALFORMED),
        (fields.RELATIONS, "5", Reason.FIELD_UNKNOWN_VALUE),
        (fields.member_of(Sex), "male", Reason.FIELD_UNKNOWN_VALUE),
    ],
)
def test_what_is_no_value_is_refused_for_its_reason(kind, text, reason) -> None:
    with pytest.raises(Unfit) as wrong:
        kind.read(text)
    assert wrong.value.reason is reason
    assert text not in str(wrong.value)


def test_values_of_every_kind_come_back() -> None:
    code = ResidentRecordCode(with_check_digit(f"{7:010d}"))
    cases = [
        (fields.COUNT, 12), (fields.NUMBER, 0), (fields.DAY, date(2026, 2, 28)),
        (fields.PARTIAL_DAY, PartialDate(1970, 5, None)), (fields.MARK, True), (fields.MARK, False),
        (fields.CODE, code), (fields.ARTICLE, Article("住民基本台帳法", "52")), (fields.CHARACTER, "\ue001"),
        (fields.CHARACTER, "葛\U000e0101"), (fields.NUMBERS, (3, 1, 2)),
        (fields.RELATIONS, (HouseholdRelation(3, "夫の子"), HouseholdRelation(4, "縁故者"))),
        (fields.member_of(Sex), Sex.FEMALE),
        (fields.members_of(Document), (Document.PASSPORT, Document.NUMBER_CARD)),
        (fields.INSTANT, datetime(2026, 11, 20, 1, 2, 3, tzinfo=UTC)),
    ]  # fmt: skip
    for kind, value in cases:
        assert kind.read(kind.write(value)) == value, kind.words


def test_a_text_that_shows_nothing_cannot_stand_on_paper() -> None:
    kind = fields.shown_text_of(10)
    for text in ("　", "\ufe00甲", "甲" * 11):
        with pytest.raises(ValueError, match="text"):
            kind.read(text)
