"""支援措置: somebody who fled is known again under another code or surname, and a stranger is not taken for them."""

import pytest

from daicho.rules.people.dates import PartialDate
from daicho.rules.protection.likeness import marks_of

BORN = PartialDate(1990, 1, 2)
HERS = marks_of("渡邊　花子", "ワタナベ　ハナコ", BORN)


@pytest.mark.parametrize(
    ("name", "furigana"),
    [
        ("渡邊　花子", None),
        ("渡辺 花子", None),
        ("渡辺花子", None),
        ("鈴木　花子", None),
        ("鈴木　華", "スズキ　ハナコ"),
        ("渡辺　花子（ＨＡＮＡＫＯ）", None),
    ],
)
def test_she_is_known_by_her_name_or_by_her_given_name_and_birth_date(name, furigana):
    assert HERS & marks_of(name, furigana, BORN)


@pytest.mark.parametrize(
    ("name", "furigana", "born"),
    [
        ("渡邊　花子", "ワタナベ　ハナコ", PartialDate(1990, 1, 3)),
        ("渡邊　一", "ワタナベ　ハジメ", BORN),
        ("", None, BORN),
    ],
)
def test_nobody_else_is_taken_for_her(name, furigana, born):
    assert not HERS & marks_of(name, furigana, born)


def test_without_a_whole_birth_date_the_whole_name_is_asked_for():
    unknown = PartialDate.parse("1990-00-00")
    hers = marks_of("渡邊　花子", None, unknown)
    assert hers & marks_of("渡辺花子", None, unknown)
    assert not hers & marks_of("鈴木　花子", None, unknown)
