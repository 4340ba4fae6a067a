"""Terms that would let somebody leaf through the residents, and keys that must find people anyway."""

import itertools
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.rules.identity.keys import address_key, kana_key, name_key, prefix_end
from daicho.rules.identity.record import IdentityRecord, KeptRecord
from daicho.rules.identity.search import (
    AddressTerm,
    BirthTerm,
    NameTerm,
    SearchTerms,
    asked_keys,
    check_terms,
    page,
)
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.codes import IndividualNumber, MunicipalityCode, ResidentRecordCode, with_check_digit
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.sex import Sex

CODE = ResidentRecordCode(with_check_digit("0000000001"))
NUMBER = IndividualNumber(with_check_digit("12345678901"))
NAME = NameTerm(kanji="海野")
ADDRESS = AddressTerm(MunicipalityCode("13101"), beginning="本町")
BIRTH = BirthTerm(PartialDate(1990, 4, 1))


def reason_of(answer: Refusal | None) -> Reason | None:
    return answer.reason if answer else None


@pytest.mark.requirement("R-070")
@pytest.mark.parametrize("given_terms", list(itertools.product([False, True], repeat=6)))
def test_every_combination_of_terms(given_terms: tuple[bool, ...]) -> None:
    code, number, name, address, birth, sex = given_terms
    terms = SearchTerms(
        code=CODE if code else None,
        number=NUMBER if number else None,
        name=NAME if name else None,
        address=ADDRESS if address else None,
        birth=BIRTH if birth else None,
        sex=Sex.FEMALE if sex else None,
    )
    enough = code or number or (name and (address or birth))
    assert reason_of(check_terms(terms)) is (None if enough else Reason.TOO_FEW_SEARCH_TERMS)


@pytest.mark.requirement("R-062")
@pytest.mark.parametrize(
    "terms",
    [
        SearchTerms(code=CODE),
        SearchTerms(number=NUMBER),
        SearchTerms(name=NAME, address=ADDRESS),
        SearchTerms(name=NAME, birth=BIRTH, sex=Sex.FEMALE),
        SearchTerms(name=NameTerm(kana="うみの", whole=True), birth=BirthTerm(year=1990)),
        SearchTerms(name=NAME, address=AddressTerm(prefecture="13")),
    ],
)
def test_keys_of_the_law_are_allowed(terms: SearchTerms) -> None:
    assert check_terms(terms) is None


@pytest.mark.parametrize(
    "terms",
    [
        SearchTerms(name=NameTerm(), birth=BIRTH),
        SearchTerms(name=NameTerm(kanji="海野", kana="ウミノ"), birth=BIRTH),
        SearchTerms(name=NameTerm(kanji="　"), birth=BIRTH),
        SearchTerms(name=NameTerm(kanji="（海野）"), birth=BIRTH),
        SearchTerms(name=NameTerm(kana="・ー"), birth=BIRTH),
        SearchTerms(name=NAME, birth=BirthTerm()),
        SearchTerms(name=NAME, birth=BirthTerm(PartialDate(1990, 4, 1), 1990)),
        SearchTerms(name=NAME, address=AddressTerm()),
        SearchTerms(name=NAME, address=AddressTerm(beginning="本町")),
        SearchTerms(name=NAME, address=AddressTerm(prefecture="1")),
        SearchTerms(name=NAME, address=AddressTerm(MunicipalityCode("13101"), beginning="本" * 201)),
    ],
)
def test_empty_or_contradictory_terms_are_refused(terms: SearchTerms) -> None:
    assert reason_of(check_terms(terms)) is Reason.SEARCH_TERM_UNUSABLE


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        (NameTerm(kanji="髙橋"), ("高橋",)),
        (NameTerm(kana="おおの", whole=True), ("オオノ", "オノ", "オウノ")),
        (NameTerm(kana="おおの"), ("オオノ", "オノ", "オウノ")),
        (NameTerm(kana="こう", whole=True), ("コウ", "コ", "コオ")),
        (NameTerm(kana="こう"), ("コウ", "コオ")),
        (NameTerm(kana="さかた"), ("サカタ",)),
    ],
)
def test_a_reading_is_asked_for_in_every_spelling_but_not_by_its_beginning(
    name: NameTerm, keys: tuple[str, ...]
) -> None:
    assert asked_keys(name) == keys


def test_more_rows_than_may_be_shown_ask_for_narrower_terms(record: Callable[..., IdentityRecord]) -> None:
    kana = ["ワ", "ア", "カ"]
    rows = [KeptRecord(record(name_normalized_kana=sound), date(2026, 11, 20)) for sound in kana]
    assert not page(rows, 3).narrow
    assert [row.record.name_normalized_kana for row in page(rows, 3).rows] == ["ア", "カ", "ワ"]
    assert page(rows, 2).narrow
    assert len(page(rows, 2).rows) == 2


@pytest.mark.parametrize(
    "written",
    [
        "本町一丁目２番３号　コーポ桜１０１",
        "本町1丁目2番3号 コーポ櫻101",
        "本町１－２－３　コーポ桜101",
        "本町1-2-3コーポ桜101",
        "本町１丁目２番地の３　コーポ桜１０１",
        "本町１ー２ー３　コーポ桜１０１",
    ],
)
def test_one_address_written_in_many_ways_has_one_key(written: str) -> None:
    assert address_key(written) == address_key("本町１－２－３　コーポ桜１０１")


@pytest.mark.parametrize(
    ("kanji", "arabic"), [("十", "10"), ("十一", "11"), ("二十", "20"), ("二十三", "23")]
)
def test_kanji_numerals_before_chome_are_numbers(kanji: str, arabic: str) -> None:
    assert address_key(f"本町{kanji}丁目１番") == address_key(f"本町{arabic}-1")


def test_place_names_keep_their_kanji_numerals() -> None:
    assert address_key("三番町一番地") != address_key("3番町1番地")
    assert address_key("四条") == "四条"


def test_kana_and_kanji_keys_fold_what_people_write_differently() -> None:
    assert kana_key("うみの　はなこ") == kana_key("ウミノハナコ")
    assert kana_key("ガラッパ") == kana_key("カラツハ")
    assert name_key("葛\U000e0102城　花子（桂木）") == name_key("葛城花子")


@given(prefix=st.text(min_size=1, max_size=6), rest=st.text(max_size=6))
def test_prefix_range_holds_exactly_what_begins_with_it(prefix: str, rest: str) -> None:
    end = prefix_end(prefix)
    order = (prefix + rest).encode("utf-8", "surrogatepass")
    assert prefix.encode("utf-8", "surrogatepass") <= order
    assert end == "" or order < end.encode("utf-8", "surrogatepass")
