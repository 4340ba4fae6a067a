"""Every code has words, and every word a code."""

import re

import pytest

from daicho.faces.wording.events import event_word, outcome_word, unnamed_events
from daicho.faces.wording.fields import MISTAKES, Mistake
from daicho.faces.wording.places import find_place, place_name, prefecture_name
from daicho.faces.wording.refusals import ON_FORM, REFUSALS, explain
from daicho.faces.wording.terms import word, worded
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal

_JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")


def test_every_reason_has_words() -> None:
    assert sorted(set(Reason) - set(REFUSALS)) == []


def test_every_refusal_says_what_happened_and_what_to_do_now() -> None:
    for reason, words in REFUSALS.items():
        for text in (words.happened, words.now):
            assert _JAPANESE.search(text), reason
            assert text.endswith("。"), reason
            assert reason.value not in text, reason


def test_refusal_carries_its_article_and_field() -> None:
    told = explain(Refusal(Reason.DATE_ORDER, juki("30-9"), "birth_date"))
    assert told.article == "住民基本台帳法第30条の9"
    assert told.field == "birth_date"
    assert told.code == "DATE_ORDER"
    assert explain(Refusal(Reason.NOT_FOUND, juki("7"))).field == ON_FORM


def test_every_mistake_has_words() -> None:
    assert set(MISTAKES) == set(Mistake)


def test_every_coded_value_has_a_word() -> None:
    assert len(worded()) > 8
    for kind in worded():
        for member in kind:
            assert _JAPANESE.search(word(member)), member


def test_every_event_has_a_name() -> None:
    assert unnamed_events() == ()
    assert event_word("operator:session:opened") == "サインイン"
    assert event_word("future:event") == "future:event"
    assert outcome_word("refused") == "拒否"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("東京都千代田区丸の内一丁目", ("13", "13101", "丸の内一丁目")),
        ("千代田区丸の内", ("13", "13101", "丸の内")),
        ("東京都", ("13", "", "")),
        ("横浜市中区本町", ("14", "14104", "本町")),
        ("丸の内一丁目", ("", "", "丸の内一丁目")),
        ("府中市", ("", "", "府中市")),  # there are two
        ("広島県府中市府川町", ("34", "34208", "府川町")),
    ],
)
def test_address_is_split_at_its_municipality(text: str, found: tuple[str, str, str]) -> None:
    assert find_place(text) == found


def test_places_have_names() -> None:
    assert place_name("13101") == "東京都千代田区"
    assert place_name("131016") == "東京都千代田区"
    assert place_name("13999") == "東京都（13999）"
    assert place_name(None) == ""
    assert prefecture_name("47") == "沖縄県"
    assert prefecture_name("48") == ""
