"""A town's own characters: nothing has an effect before two people stand for it, and nothing is found twice."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.nodes.watch.characters import character_tables, sound_table
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.characters.identify import (
    Glyph,
    OwnCharacter,
    Queued,
    Unsettled,
    identify,
    split_characters,
)
from daicho.rules.people.characters.lookup import GlyphTerms, family_of, find_glyphs
from daicho.rules.people.characters.own import (
    CaseOutcome,
    CharacterSource,
    CharacterState,
    Identification,
    IdentificationProposal,
    TownCharacter,
    check_description,
    code_points,
    confirm,
    decline,
    find_glyph,
    propose,
    read_character,
    settles,
    with_counterparts,
    withdraw,
)
from daicho.rules.people.characters.substitute import SubstitutionResult, gaiji_flag, substitute
from daicho.rules.people.characters.tables import MalformedTable, SoundTable
from daicho.rules.people.characters.unsettled import holding, unsettled_in
from daicho.rules.people.kana import kanji_key
from daicho.rules.people.names import gaiji_count

TABLES, SOUNDS = character_tables(), sound_table()
OWN = "\ue001"
PICTURE = "a" * 64
NABE = "MJ026190"  # 邉
SELECTORS = "[\ufe00-\ufe0f\U000e0100-\U000e01ef]"
TEXT = st.text(
    st.sampled_from("髙﨑邉葛𠮷あ1　\ue000\ue001\U000f0000\U0002fa1e㐀")
    | st.sampled_from(["\U000e0100", "\U000e0105", "\ufe00"]),
    max_size=12,
)


def entry(character: str = OWN, **items) -> TownCharacter:
    return TownCharacter(character, CharacterSource.FAMILY_REGISTER, **items)


def proposal(glyph: str = NABE, picture: str = "", by: str = "one") -> IdentificationProposal:
    return IdentificationProposal(glyph, picture, by)


def proposed(**items) -> TownCharacter:
    made = propose(entry(), proposal(**items), TABLES)
    assert isinstance(made, TownCharacter)
    return made


def refusal(answer: object) -> tuple[Reason, str]:
    assert isinstance(answer, Refusal)
    return answer.reason, answer.field


# two people


def test_a_proposal_has_no_effect_before_another_person_confirms_it() -> None:
    waiting = proposed()
    assert waiting.state is CharacterState.PROPOSED
    assert waiting.identification is None
    assert refusal(confirm(waiting, "one", TABLES)) == (Reason.SAME_PERSON, "confirmed_by")
    done = confirm(waiting, "two", TABLES)
    assert isinstance(done, TownCharacter)
    assert done.state is CharacterState.IDENTIFIED
    assert done.identification == Identification(NABE, "邉", "", "one", "two")
    assert done.proposal is None


def test_what_is_sent_back_leaves_what_held_before() -> None:
    held = confirm(proposed(), "two", TABLES)
    again = propose(held, proposal("MJ026193", by="two"), TABLES)
    assert again.identification == held.identification
    assert refusal(decline(again, "two")) == (Reason.SAME_PERSON, "confirmed_by")
    assert decline(again, "one") == held
    assert (
        refusal(decline(held, "one"))
        == refusal(confirm(held, "one", TABLES))
        == (Reason.NOT_FOUND, "proposal")
    )


def test_whoever_made_a_proposal_may_take_it_back_and_nobody_else_may() -> None:
    held = confirm(proposed(), "two", TABLES)
    again = propose(held, proposal("MJ026193", by="two"), TABLES)
    assert refusal(withdraw(again, "one")) == (Reason.NOT_PERMITTED, "withdrawn_by")
    back = withdraw(again, "two")
    assert back == held
    assert back.state is CharacterState.IDENTIFIED
    assert refusal(withdraw(back, "two")) == (Reason.NOT_FOUND, "proposal")


def test_without_a_counterpart_there_must_be_a_picture() -> None:
    assert refusal(propose(entry(), proposal(""), TABLES)) == (Reason.FIELD_MISSING, "picture")
    drawn = confirm(proposed(glyph="", picture=PICTURE), "two", TABLES)
    assert drawn.state is CharacterState.WITHOUT_COUNTERPART
    assert drawn.identification.written == ""


def test_a_glyph_that_nobody_listed_and_the_same_once_more_are_refused() -> None:
    assert refusal(propose(entry(), proposal("MJ999999"), TABLES)) == (Reason.FIELD_UNKNOWN_VALUE, "glyph")
    held = confirm(proposed(), "two", TABLES)
    assert refusal(propose(held, proposal(), TABLES)) == (Reason.NOTHING_CHANGES, "glyph")
    long = IdentificationProposal(NABE, "", "one", "あ" * 201)
    assert refusal(propose(entry(), long, TABLES)) == (Reason.FIELD_TOO_LONG, "why")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (entry(""), (Reason.FIELD_UNKNOWN_VALUE, "character")),
        (entry("\ue000\ue001"), (Reason.FIELD_UNKNOWN_VALUE, "character")),
        (entry("葛"), (Reason.CHARACTER_KNOWN, "character")),
        (entry("あ"), (Reason.CHARACTER_KNOWN, "character")),
        (entry(strokes=85), (Reason.FIELD_UNKNOWN_VALUE, "strokes")),
        (entry(strokes=-1), (Reason.FIELD_UNKNOWN_VALUE, "strokes")),
        (entry(reading="nabe"), (Reason.FIELD_UNKNOWN_VALUE, "reading")),
        (entry(reading="な" * 61), (Reason.FIELD_TOO_LONG, "reading")),
        (entry(source_note="戸" * 201), (Reason.FIELD_TOO_LONG, "source_note")),
    ],
)
def test_what_cannot_stand_in_the_list_is_refused(wrong: TownCharacter, told: tuple[Reason, str]) -> None:
    assert refusal(check_description(wrong, TABLES, waits=False)) == told


@pytest.mark.parametrize("character", [OWN, "\U000f0000", "邉\U000e01ee", "\U00031350"])
def test_what_nobody_else_knows_can_stand_there(character: str) -> None:
    told = entry(character, reading="なべ、ヘン", strokes=17)
    assert check_description(told, TABLES, waits=False) is None


def test_what_only_the_font_lacks_can_stand_there_while_it_waits() -> None:
    assert check_description(entry("葛"), TABLES, waits=True) is None
    identified = Identification(NABE, "邉", "", "one", "two")
    assert settles(identified, Unsettled.NO_GLYPH) is None
    assert settles(identified, Unsettled.PRIVATE_USE) is CaseOutcome.IDENTIFIED
    drawn = Identification("", "", PICTURE, "one", "two")
    assert settles(drawn, Unsettled.NO_GLYPH) is settles(drawn, Unsettled.PRIVATE_USE) is CaseOutcome.DRAWN


# naming a character


@pytest.mark.parametrize("text", ["MJ026190", "mj026190", "邉", "U+9089", "9089", "u+9089", " 邉 "])
def test_a_glyph_is_named_by_whatever_stands_on_the_paper(text: str) -> None:
    assert find_glyph(text, TABLES) == TABLES.glyphs.named(NABE)


def test_codes_of_the_network_and_of_the_family_registers_name_a_glyph() -> None:
    glyph = TABLES.glyphs.of_juki("B9D5")
    assert find_glyph("J+B9D5", TABLES) == find_glyph("j+b9d5", TABLES) == glyph
    assert find_glyph(glyph.koseki, TABLES) == glyph
    assert find_glyph("U+8FBB U+E0101", TABLES) == find_glyph("辻\U000e0101", TABLES) is not None
    for nobody in ("", "MJ", "J+ZZZZ", "U+D800", "あ", OWN, "邉邊", "U+FFFFFF", "1"):
        assert find_glyph(nobody, TABLES) is None, nobody


@given(TEXT)
def test_a_character_is_written_by_its_code_points_and_read_again(text: str) -> None:
    for one in split_characters(text):
        if len(one) <= 2 and not re.match(SELECTORS, one) and not one[0].isspace():
            assert read_character(code_points(one)) == one == read_character(one)
    if len(split_characters(text.strip())) != 1:
        assert read_character(text) == ""


# counts, flag, positions: F2-3, F2-12, F2-19, F2-34, F3-53 to F3-59


def outside(one: str) -> bool:
    return bool(re.match("[\ue000-\uf8ff\U00010000-\U0010ffff]", one)) or len(one) > 1


@given(TEXT)
def test_each_character_outside_the_repertoire_counts_once_whatever_selectors_follow(text: str) -> None:
    known = [one for one in split_characters(text) if not re.match(SELECTORS, one)]
    whole = "".join(known)
    assert gaiji_count(whole) == sum(map(outside, split_characters(whole)))
    assert gaiji_flag(whole) is (gaiji_count(whole) > 0)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (OWN, 1),
        (f"{OWN}\U000e0100", 1),
        (f"{OWN}\U000e0100\U000e0101", 1),
        ("葛\U000e0100\U000e0101", 1),
        (f"葛\U000e0100{OWN}", 2),
    ],
)
def test_an_own_character_counts_and_no_selector_counts_twice(text: str, count: int) -> None:
    assert gaiji_count(text) == count


def test_own_characters_are_replaced_by_their_counterpart_or_leave_an_empty_place() -> None:
    own = {OWN: OwnCharacter(NABE), "\ue002": OwnCharacter("", b"picture")}
    made = substitute(f"渡{OWN}　\ue002葛\U000e0100{OWN}", TABLES, own)
    assert made.text == "渡邉　〓葛邉"
    assert made.positions == (2, 4, 5, 6)
    assert made.length == 6
    assert made.result is SubstitutionResult.INCOMPLETE
    assert [one.position for one in made.undecided] == [4]


# search keys


@given(st.sampled_from("辺邊邉邉高髙崎﨑嵜"), st.text(st.sampled_from("渡山一　子"), max_size=4))
def test_an_own_character_is_found_by_every_form_of_its_counterpart(form: str, rest: str) -> None:
    glyph = identify(form, TABLES)
    assert isinstance(glyph, Glyph)
    key = kanji_key(with_counterparts(f"{rest}{OWN}{rest}", {OWN: glyph.form}))
    for other in family_of(form):
        assert kanji_key(f"{rest}{other}{rest}") == key or kanji_key(other) != kanji_key(form)
    assert kanji_key(f"{rest}{kanji_key(form)}{rest}") == key
    assert kanji_key(with_counterparts(f"{rest}{OWN}\U000e0100", {OWN: glyph.form})) == kanji_key(rest + form)


@given(TEXT)
def test_without_a_counterpart_nothing_is_found_otherwise_than_before(text: str) -> None:
    assert with_counterparts(text, {}) == text == with_counterparts(text, {OWN: ""})
    assert with_counterparts(text, {"葛\U000e0100": "辻"}) == text


# what waits


@given(st.lists(TEXT, max_size=6))
def test_many_texts_at_once_are_judged_as_one_by_one(texts: list[str]) -> None:
    one_by_one = {
        one: found.reason
        for text in texts
        for one in split_characters(text)
        if not re.match(SELECTORS, one) and isinstance(found := identify(one, TABLES), Queued)
    }
    at_once = unsettled_in(texts, lambda: TABLES)
    assert at_once == one_by_one
    assert holding(texts, frozenset(at_once)) == at_once.keys()


def test_ordinary_texts_do_not_ask_for_the_tables() -> None:
    def never():
        raise AssertionError("the tables were asked for")

    assert unsettled_in(["山田　花子", "架空町一丁目2番3号", "SMITH", ""], never) == {}
    assert unsettled_in([], never) == {}


def test_every_kanji_of_jis_is_settled_without_looking() -> None:
    kanji = [chr(point) for point in range(0x3400, 0x30000)]
    for one in kanji:
        try:
            one.encode("euc_jis_2004")
        except UnicodeEncodeError:
            continue
        assert not isinstance(identify(one, TABLES), Queued), one


# look-up


def test_which_nabe_is_this_is_answered_by_family_strokes_and_reading() -> None:
    found = find_glyphs(GlyphTerms(like="辺"), TABLES, SOUNDS)
    names = {one.glyph.ucs for one in found.rows}
    assert {"辺", "邊", "邉"} <= names
    by_strokes = find_glyphs(GlyphTerms(like="辺", strokes=17), TABLES, SOUNDS)
    assert {one.sound.strokes for one in by_strokes.rows} == {17}
    about = find_glyphs(GlyphTerms(like="辺", strokes=17, about=True), TABLES, SOUNDS)
    assert {one.sound.strokes for one in about.rows} == {16, 17, 18}
    named = find_glyphs(GlyphTerms(code="MJ026190", like="辺"), TABLES, SOUNDS)
    assert [one.glyph.name for one in named.rows] == [NABE]
    assert named.rows[0].glyph.juki
    assert named.rows[0].targets
    assert find_glyphs(GlyphTerms(code="MJ026190", like="崎"), TABLES, SOUNDS).rows == ()


def test_readings_in_both_kana_find_a_glyph_and_too_many_ask_for_narrower_terms() -> None:
    hiragana, katakana = (
        find_glyphs(GlyphTerms(reading=text, strokes=3), TABLES, SOUNDS) for text in ("のま", "ノマ")
    )
    assert hiragana == katakana
    assert [one.glyph.name for one in hiragana.rows] == ["MJ000001"]
    many = find_glyphs(GlyphTerms(strokes=12), TABLES, SOUNDS, limit_rows=10)
    assert many.narrow
    assert len(many.rows) == 10


def test_a_search_for_everything_is_refused() -> None:
    assert refusal(find_glyphs(GlyphTerms(), TABLES, SOUNDS)) == (Reason.FIELD_MISSING, "like")
    assert refusal(find_glyphs(GlyphTerms(strokes=99), TABLES, SOUNDS)) == (
        Reason.FIELD_UNKNOWN_VALUE,
        "strokes",
    )
    assert refusal(find_glyphs(GlyphTerms(like="辺邊"), TABLES, SOUNDS)) == (Reason.FIELD_TOO_LONG, "like")


def test_every_glyph_has_strokes() -> None:
    assert all(SOUNDS.of(glyph.name).strokes > 0 for glyph in TABLES.glyphs)
    assert SOUNDS.of("MJ000001").readings == ("おなじ", "くりかえし", "のま")


@pytest.mark.parametrize(
    "text", ["", "mj,strokes\n1,2", "mj,strokes,readings\n000001,x,あ", "mj,strokes,readings\n1,2"]
)
def test_a_table_of_readings_that_cannot_be_read_says_so(text: str) -> None:
    with pytest.raises(MalformedTable):
        SoundTable.parse(text)
