"""Names verbatim, and the keys by which they are found."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.nodes.watch.characters import character_tables
from daicho.rules.people.addresses import Address
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.kana import MAX_KEY_LENGTH, kanji_key, search_key, voiceless_key
from daicho.rules.people.names import FormerSurname, MalformedName, PersonName, gaiji_count

KATSUSHIKA = "葛\U000e0100飾"  # 葛 with the selector that chooses the form of the ward's own name


@pytest.mark.parametrize(
    "kanji",
    [
        KATSUSHIKA + "　太郎",
        "髙橋　﨑子",
        "𠮷野　家",
        "か\u3099　き",
        "Ａｎｎａ　ＳＭＩＴＨ",
        "齋藤　\ue000",
        "ｱﾍﾞ　ｼﾝ",
        "葛\ufe00城",
    ],
)
def test_a_name_is_kept_as_it_was_written(kanji):
    assert PersonName(kanji).kanji == kanji
    assert PersonName(kanji).kanji.encode() == kanji.encode()


@pytest.mark.parametrize(
    "kanji",
    ["", " ", "　", "\n", "山\x00田", "山\u2028田", "山\x85田", "\U000e0100山田", "\ud800", "山" * 151],
)
def test_what_no_paper_could_show_is_no_name(kanji):
    for make in (PersonName, FormerSurname, lambda text: PersonName("山田　花子", alias=text)):
        with pytest.raises(MalformedName) as refused:
            make(kanji)
        assert "山" not in str(refused.value), "a refusal does not repeat what it refuses"


@pytest.mark.parametrize(
    "furigana", ["やまだ　はなこ", "ヤマダ　ハナコ", "ゔぁいおりん", "すずき　ゞ", "アンナ・スミス"][:3]
)
def test_readings_are_kana(furigana):
    assert PersonName("山田　花子", furigana).furigana == furigana


@pytest.mark.parametrize("furigana", ["山田", "yamada", "ﾔﾏﾀﾞ", "", "やまだ1"])
def test_other_characters_are_no_reading(furigana):
    with pytest.raises(MalformedName):
        PersonName("山田　花子", furigana)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("山田", 0),
        (KATSUSHIKA, 1),
        ("𠮷野", 1),
        ("𠮷\U000e0100野", 1),
        ("\ue000\uf8ff", 2),
        ("葛\ufe00葛\ufe01", 2),
    ],
)
def test_characters_outside_the_plain_repertoire_are_counted_once(text, count):
    assert gaiji_count(text) == count


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("ヤマダ", "やまだ"), ("ﾔﾏﾀﾞ　ﾊﾅｺ", "やまだ　はなこ"), ("キョウコ", "キヨウコ"), ("やまた゛", "やまだ"),
        ("ｳﾞｧｲｵﾘﾝ", "ヴァイオリン"), ("サイトウ・タロウ", "サイトウタロウ"), ("か\u3099く", "がく"), ("ヲガワ", "オガワ"),
        ("ばらっど", "バラツド"), ("ﾊﾟﾘ", "ぱり"),
    ],
)  # fmt: skip
def test_one_reading_typed_in_two_ways_has_one_key(typed, written):
    assert search_key(typed) == search_key(written)


@pytest.mark.parametrize(("one", "two"), [("ヤマダ", "ヤマタ"), ("オオノ", "オノ"), ("サイトウ", "サトウ")])
def test_the_first_key_keeps_apart_what_sounds_different(one, two):
    assert search_key(one) != search_key(two)


@pytest.mark.parametrize(
    ("one", "two"), [("ヤマダ", "ヤマタ"), ("ヴァン", "ウアン"), ("ローラ", "ロラ"), ("バッハ", "ハツハ")]
)
def test_the_second_key_forgives_voicing_and_length(one, two):
    assert voiceless_key(one) == voiceless_key(two)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("髙橋", "高橋"),
        ("渡邉", "渡辺"),
        ("渡邊", "渡辺"),
        ("齋藤", "斎藤"),
        ("𠮷野", "吉野"),
        (KATSUSHIKA, "葛飾"),
        ("山田　花子", "山田花子"),
        ("Ｓｍｉｔｈ", "SMITH"),
        ("山﨑", "山崎"),
        ("山嵜", "山﨑"),
        ("齊藤", "斉藤"),
        ("斉藤", "斎藤"),
        ("渡邉", "渡邊\U000e0105"),
        ("澤田", "沢田"),
        ("濵田", "濱田"),
        ("𠮷岡", "吉岡"),
        ("辻\U000e0101", "辻"),
        ("张伟", "張偉"),
        ("神\ufe00谷", "\ufa19谷"),
        ("佐々木", "佐佐木"),
        ("一ノ瀬", "一の瀬"),
        ("霞ヶ関", "霞が関"),
        ("霞ケ關", "霞が関"),
        ("コーポ桜", "ｺｰﾎﾟ櫻"),
        ("がく", "か\u3099く"),
        ("磯崎", "礒﨑"),
    ],
)
def test_forms_of_one_character_find_each_other(one, two):
    assert kanji_key(one) == kanji_key(two)


@pytest.mark.parametrize(
    ("one", "two"),
    ["未末", "土士", "己已", "己巳", "日曰", "千干", "大太", "木本", "刀力", "石右", "人入", "牛午", "崎埼", "鳥烏",
     "待侍", "網綱", "綠線", "祐裕", "晴睛", "清晴", "間問", "伊尹", "真直", "高商", "吉古", "沢択", "浜兵", "辺込"],
)  # fmt: skip
def test_other_characters_stay_apart(one, two):
    assert kanji_key(one) != kanji_key(two)


def test_every_form_of_a_glyph_has_one_key_and_keys_are_folded_for_good():
    tables = character_tables()
    for glyph in tables.glyphs:
        if not glyph.form:
            continue
        key = kanji_key(glyph.form)
        assert kanji_key(key) == key
        assert {kanji_key(form) for form in glyph.forms} == {key}
        if glyph.plain == glyph.ucs:
            assert kanji_key(glyph.ucs) == key


def test_glyphs_find_the_form_that_the_family_registers_hold_for_the_usual_one():
    tables = character_tables()
    found = asked = 0
    for glyph in tables.glyphs:
        targets = [one for one in tables.targets(glyph) if one.relation == "K" and one.rank == 1]
        if glyph.plain and targets:
            asked += 1
            found += kanji_key(glyph.plain) in {kanji_key(one.character) for one in targets}
    assert asked > 11_000
    assert found / asked > 0.99


@given(st.text("髙邉斎﨑々がヶノﾊﾟ山佐　\U000e0100\ufe00", max_size=40), st.text("々がノ山ﾟ", max_size=5))
def test_the_beginning_of_a_written_name_has_the_beginning_of_its_key(name, rest):
    if not rest.startswith("ﾟ"):
        assert kanji_key(name + rest).startswith(kanji_key(name))


def test_a_name_is_folded_in_microseconds():
    begun = time.process_time()
    for _ in range(20_000):
        kanji_key("渡邉　真由美")
    assert (time.process_time() - begun) / 20_000 < 20e-6


@given(st.text(max_size=400))
def test_keys_are_stable_short_and_never_fall_over(text):
    for make in (search_key, voiceless_key, kanji_key):
        key = make(text)
        assert len(key) <= 3 * MAX_KEY_LENGTH
        assert make(key[:MAX_KEY_LENGTH]) == key[:MAX_KEY_LENGTH] or len(key) > MAX_KEY_LENGTH or _odd(key)


def _odd(key: str) -> bool:
    # A letter whose capital is two letters, or a mark that stood alone, may fold once more.
    return (
        any(character.upper() != character or unicodedata.combining(character) for character in key)
        or "゛" in key
    )


@given(st.text(max_size=40))
def test_a_name_is_refused_or_kept_whole_and_never_changed(text):
    try:
        assert PersonName(text).kanji == text
    except MalformedName:
        return


def test_an_address_keeps_its_parts_and_refuses_a_wrong_postal_code():
    town = MunicipalityCode("13101")
    assert Address(town, "麹町一丁目", "1番地", "台帳荘101").one_line() == "麹町一丁目1番地　台帳荘101"
    assert Address(town, "麹町一丁目", "").one_line() == "麹町一丁目"
    for postal in ("100", "100-0001", "１００００１１", "100000a"):
        with pytest.raises(ValueError, match="postal code"):
            Address(town, "麹町一丁目", "1番地", postal_code=postal)
    with pytest.raises(MalformedName):
        Address(town, "", "1番地")


@given(st.text("あぁがゔっアァガヴッパヰヲーｱｧｶﾊｯﾞﾟ゛゜゙゚　・-aZＡ", max_size=MAX_KEY_LENGTH))
def test_folding_at_once_and_in_two_steps_give_one_key(kana):
    assert voiceless_key(kana) == voiceless_key(search_key(kana))
