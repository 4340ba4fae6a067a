"""Which glyph a character stands for, what the network and the Ministry are told, and what paper can show."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.nodes.watch.characters import character_tables
from daicho.rules.people.characters.convert import (
    Choice,
    Unconverted,
    from_ministry,
    from_network,
    in_jis,
    seiji_of,
    to_ministry,
    to_network,
)
from daicho.rules.people.characters.identify import (
    OwnCharacter,
    Queued,
    Unsettled,
    character_count,
    identify,
    identify_text,
    split_characters,
)
from daicho.rules.people.characters.substitute import (
    GaijiPattern,
    SubstitutionResult,
    Undecided,
    destination_characters,
    gaiji_flag,
    gaiji_patterns,
    substitute,
)
from daicho.rules.people.characters.tables import CharacterTables, Glyph, GlyphTable, MalformedTable
from daicho.rules.people.kana import kanji_key
from daicho.rules.people.names import PersonName, gaiji_count

TABLES = character_tables()
GLYPHS = tuple(TABLES.glyphs)
ADOBE_90, ADOBE_2004 = "\U000e0100", "\U000e0101"
IMAGE = b"picture of a character"
OWN = {"\ue000": OwnCharacter("MJ022335", IMAGE), "\ue001": OwnCharacter(image=IMAGE)}
KANJI_TEXT = st.text(
    st.sampled_from("髙﨑邉葛辻𠮷あァＡ1　\ue000张欄\uf91d")
    | st.sampled_from([ADOBE_90, "\U000e0102", "\ufe00"]),
    min_size=1,
    max_size=12,
).filter(lambda text: not re.match("[\ufe00\U000e0100-\U000e01ef]", text))


def named(character: str) -> str:
    glyph = identify(character, TABLES)
    assert isinstance(glyph, Glyph), character
    return glyph.name


# identification


@pytest.mark.requirement("R-021", "R-237")
def test_every_form_of_every_glyph_leads_to_it_and_back() -> None:
    wrong = [
        (glyph.name, form)
        for glyph in GLYPHS
        for form in glyph.forms
        if identify(form, TABLES) != glyph or TABLES.glyphs.named(glyph.name).form != glyph.form
    ]
    assert wrong == []
    assert len(GLYPHS) == 58_862
    without_form = [glyph for glyph in GLYPHS if not glyph.form]
    assert len(without_form) == 19
    assert [glyph.name for glyph in without_form if glyph.juki] == []


@pytest.mark.requirement("R-021", "R-237")
def test_every_code_leads_to_its_glyph() -> None:
    wrong = [
        glyph.name
        for glyph in GLYPHS
        if (glyph.juki and TABLES.glyphs.of_juki(glyph.juki) != glyph)
        or (glyph.koseki and TABLES.glyphs.of_koseki(glyph.koseki) != glyph)
        or (glyph.nyukan and TABLES.glyphs.of_nyukan(glyph.nyukan) != glyph)
    ]
    assert wrong == []


@pytest.mark.requirement("R-237")
def test_a_code_of_the_network_is_no_code_point() -> None:
    katsu = TABLES.glyphs.of_juki("B9D5")
    assert katsu is not None
    assert katsu.plain == "葛" != chr(0xB9D5)
    assert "\uac00" <= chr(0xB9D5) <= "\ud7a3", "the code point of that number is Hangul"


def test_a_name_or_code_that_nobody_gave_is_nobody() -> None:
    glyphs = TABLES.glyphs
    assert [glyphs.named(name) for name in ("", "MJ", "MJ999999", "MJ0223")] == [None] * 4
    assert [glyphs.of_juki(""), glyphs.of_koseki("999999"), glyphs.of_nyukan("zz"), glyphs.written("")] == [
        None
    ] * 4
    assert glyphs.based_on("あ") == ()


@pytest.mark.parametrize("character", ["\uf91d", "\ufa19", "\ufa1b", "\ufa45"])
def test_a_compatibility_ideograph_is_not_its_decomposition(character: str) -> None:
    decomposed = unicodedata.normalize("NFC", character)
    assert decomposed != character
    assert named(character) != named(decomposed)
    assert identify(character, TABLES).form == character
    assert from_network(to_network(character, TABLES).codes, TABLES).text == character


def test_a_standardised_sequence_stands_for_the_compatibility_ideograph() -> None:
    assert named("神\ufe00") == named("\ufa19")


@pytest.mark.parametrize(
    ("sequence", "glyph"),
    [
        ("葛" + ADOBE_90, "MJ022335"),
        ("葛" + ADOBE_2004, "MJ022336"),
        ("辻" + ADOBE_90, "MJ025760"),
        ("辻" + ADOBE_2004, "MJ025761"),
        ("樋" + ADOBE_90, "MJ014416"),
        ("飴" + ADOBE_2004, "MJ028370"),
    ],
)
def test_a_keyboard_of_adobes_collection_gives_the_glyph_it_shows(sequence: str, glyph: str) -> None:
    assert named(sequence) == glyph


def test_sequences_of_adobes_collection_are_mapped_or_wait() -> None:
    mapped = [sequence for sequence, name in TABLES.adobe_japan1.items() if name]
    assert len(mapped) > 13_000
    assert [one for one in mapped if not isinstance(identify(one, TABLES), Glyph)] == []
    waiting = [sequence for sequence, name in TABLES.adobe_japan1.items() if not name]
    assert waiting
    assert {identify(one, TABLES).reason for one in waiting} == {Unsettled.OTHER_COLLECTION}


@pytest.mark.parametrize(
    ("character", "reason"),
    [
        ("邉\U000e0105", Unsettled.OTHER_COLLECTION),
        ("丐\U000e01ef", Unsettled.UNKNOWN_SEQUENCE),
        ("葛\U000e0100\U000e0101", Unsettled.UNKNOWN_SEQUENCE),
        ("葛\ufe01", Unsettled.UNKNOWN_SEQUENCE),
        ("\ue000", Unsettled.PRIVATE_USE),
        ("\U00100000", Unsettled.PRIVATE_USE),
        ("张", Unsettled.NOT_LISTED),
    ],
)
def test_what_nobody_knows_waits_for_a_person_with_the_glyphs_it_may_be(
    character: str, reason: Unsettled
) -> None:
    waiting = identify(character, TABLES)
    assert isinstance(waiting, Queued)
    assert waiting.reason is reason
    assert {glyph.ucs for glyph in waiting.candidates} <= {character[0]}
    assert bool(waiting.candidates) == (character[0] in "邉丐葛")


@pytest.mark.parametrize(
    ("base", "shape_of_1990", "shape_of_2004"),
    [("葛", "MJ022335", "MJ022336"), ("飴", "MJ028369", "MJ028370"), ("喰", "MJ008493", "MJ008494")],
)
def test_which_shape_is_drawn_without_selector_does_not_matter_to_the_mapping(
    base: str, shape_of_1990: str, shape_of_2004: str
) -> None:
    assert (named(base + ADOBE_90), named(base + ADOBE_2004)) == (shape_of_1990, shape_of_2004)


@pytest.mark.parametrize("character", list("あア１1Ａa　ー・é"))
def test_what_is_no_kanji_needs_no_identification(character: str) -> None:
    assert identify(character, TABLES) is None


@pytest.mark.requirement("R-237")
def test_a_towns_own_table_settles_its_own_characters_and_no_others() -> None:
    assert identify("\ue000", TABLES, OWN) == TABLES.glyphs.named("MJ022335")
    assert isinstance(identify("\ue001", TABLES, OWN), Queued), "a picture alone identifies nothing"
    settled = {"邉\U000e0105": OwnCharacter("MJ026191"), "葛": OwnCharacter("MJ022335")}
    assert identify("邉\U000e0105", TABLES, settled) == TABLES.glyphs.named("MJ026191")
    assert identify("葛", TABLES, settled) == TABLES.glyphs.named("MJ022336"), "what is known stays"
    assert [place for place, _ in identify_text("葛\U000e0100城\ue000　\ue001", TABLES, OWN)] == [5]


# the network


@pytest.mark.requirement("R-021", "R-237")
def test_everything_that_the_network_knows_comes_back_as_it_was() -> None:
    known = [glyph for glyph in GLYPHS if glyph.juki]
    assert len(known) == 19_563
    wrong = []
    for glyph in known:
        told = to_network(glyph.form, TABLES)
        back = from_network(told.codes, TABLES)
        if told.unconverted or back.unconverted or told.codes != (glyph.juki,) or back.text != glyph.form:
            wrong.append(glyph.name)
    assert wrong == []


@pytest.mark.requirement("R-237")
def test_what_the_network_lacks_is_told_with_its_place() -> None:
    told = to_network("葛\U000e0100城　㐂\ue001Ａé", TABLES, OWN)
    assert told.codes[:3] == ("845B", "57CE", "3000")
    assert [(one.position, one.character, one.reason) for one in told.unconverted] == [
        (5, "\ue001", Unsettled.PRIVATE_USE)
    ]
    assert str(to_network("葛", TABLES)) == "J+B9D5"
    assert to_network("\ue000", TABLES, OWN).codes == ("845B",)
    lacking = next(glyph for glyph in GLYPHS if glyph.plain and not glyph.juki)
    assert to_network(f"一{lacking.plain}", TABLES).unconverted == (
        Unconverted(2, lacking.plain, Unsettled.NO_CODE),
    )
    assert to_network("가\U0001f600", TABLES).unconverted == (
        Unconverted(1, "가", Unsettled.OUTSIDE),
        Unconverted(2, "\U0001f600", Unsettled.OUTSIDE),
    )


def test_a_code_that_nobody_gave_comes_back_as_an_empty_place() -> None:
    back = from_network(["845B", "FFFF", "zz", "D7A3", "3042"], TABLES)
    assert back.text == "葛\U000e0102〓〓〓あ"
    assert [(one.position, one.character) for one in back.unconverted] == [
        (2, "J+FFFF"),
        (3, "J+zz"),
        (4, "J+D7A3"),
    ]


@given(st.text("あァＡ1　・々葛辻髙﨑𠮷\uf91d", max_size=20))
def test_text_of_the_network_has_a_code_for_each_character(text: str) -> None:
    told = to_network(text, TABLES)
    assert len(told.codes) == character_count(text)
    assert from_network(told.codes, TABLES).text == text


# the Ministry of Justice


@pytest.mark.requirement("R-235", "R-021")
def test_everything_that_the_ministry_knows_comes_back_as_it_was() -> None:
    known = [glyph for glyph in GLYPHS if glyph.nyukan]
    assert len(known) == 13_285
    wrong = []
    for glyph in known:
        told = to_ministry(glyph.form, TABLES)
        if glyph.form and (told.unconverted or from_ministry(told.text, TABLES).text != glyph.form):
            wrong.append(glyph.name)
    assert wrong == []


@pytest.mark.requirement("R-235")
def test_simplified_characters_become_the_first_standard_form_and_the_others_are_offered() -> None:
    told = to_ministry("张　陈Ａ", TABLES)
    assert told.text == "張　陳Ａ"
    assert told.choices == (Choice(1, "张", ("張", "弡")), Choice(3, "陈", ("陳", "陣")))
    assert told.unconverted == ()
    assert seiji_of("杨", TABLES) == ("楊",)
    assert seiji_of("一", TABLES) == ()


@pytest.mark.requirement("R-235")
def test_what_the_ministry_lacks_is_told_with_its_place() -> None:
    told = to_ministry("山葛\U000e0102\ue000\U0001f600", TABLES)
    assert told.text == "山〓〓〓"
    assert [(one.position, one.reason) for one in told.unconverted] == [
        (2, Unsettled.NO_CODE), (3, Unsettled.PRIVATE_USE), (4, Unsettled.OUTSIDE),
    ]  # fmt: skip
    back = from_ministry("張\ue999A", TABLES)
    assert (back.text, [one.position for one in back.unconverted]) == ("張〓A", [2])


def test_the_ministrys_own_characters_are_read_by_its_table_not_by_the_towns() -> None:
    private = [glyph for glyph in GLYPHS if glyph.nyukan_gaiji and "E000" <= glyph.nyukan_gaiji <= "F8FF"]
    assert private
    told = "".join(chr(int(glyph.nyukan_gaiji, 16)) for glyph in private)
    assert from_ministry(told, TABLES).text == "".join(glyph.form for glyph in private)


# replacement characters


@pytest.mark.requirement("R-240", "F3-53", "F3-54", "F3-55", "F3-56", "F3-57", "F3-58", "F3-59")
def test_a_destination_record_tells_what_was_replaced_and_where() -> None:
    items = destination_characters("髙橋　葛\U000e0100\ue001", "葛\U000e0103飾区", TABLES, OWN)
    assert items.substitution_result is SubstitutionResult.INCOMPLETE
    assert (items.substitute_name, items.substitute_name_length) == ("高橋　葛〓", 5)
    assert items.substitute_name_positions == (1, 4, 5)
    assert (items.substitute_address, items.substitute_address_length) == ("葛飾区", 3)
    assert items.substitute_address_positions == (), "the sequence draws what the character alone draws"


@pytest.mark.requirement("R-241", "F3-60", "F3-61")
def test_a_destination_record_carries_the_flag_and_the_pictures() -> None:
    items = destination_characters("山\ue001", "\ue000町\ue002", TABLES, OWN)
    assert items.gaiji_flag
    assert items.gaiji_pattern == (GaijiPattern(2, "\ue001", IMAGE), GaijiPattern(1, "\ue000", IMAGE))
    assert gaiji_patterns("\ue000町\ue002", OWN)[1] == (Unconverted(3, "\ue002", Unsettled.PRIVATE_USE),)
    plain = destination_characters("山田　花子", "本町1番", TABLES)
    assert (plain.gaiji_flag, plain.gaiji_pattern) == (False, ())


@pytest.mark.parametrize(
    ("text", "result", "shown", "positions"),
    [
        ("山田　花子", SubstitutionResult.NOT_NEEDED, "山田　花子", ()),
        ("邉﨑\uf91d", SubstitutionResult.NOT_NEEDED, "邉﨑\uf91d", ()),
        ("髙橋", SubstitutionResult.REPLACED, "高橋", (1,)),
        ("𠮷野", SubstitutionResult.REPLACED, "吉野", (1,)),
        ("丐\U000e01ef", SubstitutionResult.REPLACED, "丐", (1,)),
        ("ＡＢ　\U0001f600", SubstitutionResult.INCOMPLETE, "ＡＢ　〓", (4,)),
    ],
)
@pytest.mark.requirement("R-240")
def test_only_what_jis_lacks_is_replaced(
    text: str, result: SubstitutionResult, shown: str, positions: tuple[int, ...]
) -> None:
    done = substitute(text, TABLES)
    assert (done.result, done.text, done.positions) == (result, shown, positions)


@pytest.mark.requirement("R-240")
def test_no_form_or_several_of_one_rank_are_said_and_left_to_the_caller() -> None:
    undecided = [(glyph, substitute(glyph.form, TABLES).undecided) for glyph in GLYPHS if glyph.form]
    several = [
        (glyph, why[0]) for glyph, why in undecided if why and why[0].reason is Unsettled.SEVERAL_TARGETS
    ]
    assert several
    for glyph, why in several[:50]:
        assert len(why.candidates) > 1
        assert set(why.candidates) <= {one.character for one in TABLES.targets(glyph)}
        assert substitute(glyph.form, TABLES, filler="ア").text == "ア"
    none = [why[0] for _, why in undecided if why and why[0].reason is Unsettled.NO_TARGET]
    assert none
    assert {one.candidates for one in none} == {()}


def test_dictionaries_and_guesses_are_never_printed() -> None:
    for glyph in GLYPHS:
        targets = TABLES.targets(glyph)
        if (
            targets
            and {one.relation for one in targets} <= {"D", "Y"}
            and not glyph.sequence
            and not in_jis(glyph.form)
        ):
            assert substitute(glyph.form, TABLES).undecided == (
                Undecided(1, glyph.form, Unsettled.NO_TARGET),
            )


@given(KANJI_TEXT)
def test_what_is_shown_has_as_many_characters_and_all_of_jis(text: str) -> None:
    done = substitute(text, TABLES, OWN)
    shown = split_characters(done.text)
    assert len(shown) == done.length == character_count(text)
    assert in_jis(done.text)
    written = split_characters(text)
    kept = [place for place in range(1, done.length + 1) if place not in done.positions]
    assert [shown[place - 1] for place in kept] == [
        written[place - 1] if in_jis(written[place - 1]) else identify(written[place - 1], TABLES, OWN).plain
        for place in kept
    ]
    assert substitute(done.text, TABLES).result is SubstitutionResult.NOT_NEEDED


# counts


@given(KANJI_TEXT)
def test_counts_agree_with_characters_not_with_code_points(text: str) -> None:
    characters = split_characters(text)
    assert "".join(characters) == text
    assert character_count(text) == len(characters) <= len(text)
    if all(len(one) <= 2 for one in characters):
        assert gaiji_count(text) == sum(gaiji_count(one) for one in characters) <= len(characters)
    assert gaiji_flag(text) == (gaiji_count(text) > 0) == gaiji_flag("山", text)


@given(KANJI_TEXT.filter(lambda text: text.strip("　")))
def test_searching_changes_nothing_of_a_stored_name(text: str) -> None:
    name = PersonName(text)
    before = (name.kanji.encode(), character_count(name.kanji), gaiji_count(name.kanji))
    kanji_key(name.kanji)
    assert (name.kanji.encode(), character_count(name.kanji), gaiji_count(name.kanji)) == before


# tables


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("glyphs", "mj,ucs\n"),
        ("glyphs", "mj,ucs,plain,selector,standardized,juki,koseki,nyukan,nyukan_gaiji\n1,4E00,=,,,,,,\n"),
        ("glyphs", "mj,ucs,plain,selector,standardized,juki,koseki,nyukan,nyukan_gaiji\n000001,XY,=,,,,,,\n"),
        ("glyphs", "mj,ucs,plain,selector,standardized,juki,koseki,nyukan,nyukan_gaiji\n000001,4E00,=\n"),
        (
            "glyphs",
            "mj,ucs,plain,selector,standardized,juki,koseki,nyukan,nyukan_gaiji\n000002,,,,,,,,\n000001,,,,,,,,\n",
        ),
        ("shrink", "mj,targets\n000001,K\n"),
        ("adobe_japan1", "ucs,selector,mj\n845B,ZZ,000001\n"),
        ("seiji", "table,simplified,seiji,rank\nx,5F20,5F35,1\n"),
        ("seiji", "table,simplified,seiji,rank\ni,ZZ,5F35,1\n"),
    ],
)
def test_a_table_that_cannot_be_read_names_its_line(what: str, text: str) -> None:
    good = {
        "glyphs": "mj,ucs,plain,selector,standardized,juki,koseki,nyukan,nyukan_gaiji\n",
        "shrink": "mj,targets\n",
        "adobe_japan1": "ucs,selector,mj\n",
        "seiji": "table,simplified,seiji,rank\n",
    }
    assert len(CharacterTables.parse(**good).glyphs) == 0
    with pytest.raises(MalformedTable, match=r"line \d"):
        CharacterTables.parse(**good | {what: text})
    with pytest.raises(MalformedTable, match="line 1"):
        GlyphTable.parse("")
