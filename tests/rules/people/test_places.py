"""Which municipality a text begins with: a family register is found by the name of its town."""

from collections import Counter

import pytest

from daicho.nodes.watch.places import municipality_names
from daicho.rules.people.places import PREFECTURES, split_place, towns_named

NAMES = municipality_names()


@pytest.mark.parametrize(
    ("text", "towns"),
    [
        ("東京都千代田区架空町1番地", ("13101",)),
        ("　北海道函館市架空町1番地", ("01202",)),
        ("札幌市中央区北一条1番地", ("01101", "01100")),
        ("北海道亀田郡七飯町本町1番地", ("01337",)),
        ("亀田郡七飯町本町1番地", ("01337",)),
        (
            "北海道余市郡余市町架空1番地",
            ("01408",),
        ),  # counties with the letters of a city or a village in their names
        ("奈良県高市郡高取町架空1番地", ("29401",)),
        ("福島県田村郡三春町架空1番地", ("07521",)),
        ("山形県東村山郡山辺町架空1番地", ("06301",)),
        ("西村山郡河北町架空1番地", ("06321",)),
        ("北村山郡大石田町架空1番地", ("06341",)),
        ("福島県郡山市架空1番地", ("07203",)),
        ("愛知県蒲郡市架空1番地", ("23214",)),
        ("広島県府中市架空1番地", ("34208",)),
        ("府中市架空1番地", ()),  # there are two
        ("中央区架空1番地", ()),
        ("南部町架空1番地", ()),
        ("樺太豊原市架空1番地", ()),
        ("不詳", ()),
        ("", ()),
    ],
)
def test_a_domicile_names_its_town_or_nobody_guesses(text, towns):
    assert towns_named(text, NAMES) == towns


def test_every_municipality_is_found_by_its_prefecture_and_name():
    many = Counter((code[:2], name) for code, name in NAMES.items())
    for code, name in NAMES.items():
        prefecture = PREFECTURES[int(code[:2]) - 1]
        found = towns_named(f"{prefecture}{name}架空1番地", NAMES)
        assert found[:1] == ((code,) if many[code[:2], name] == 1 else ()), name
        assert split_place(f"{prefecture}{name}", NAMES)[0] == code[:2]
