"""Synthetic residents: as many of each age as in Japan, in households that could be, on lines that a registry takes."""

import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import islice, pairwise
from typing import NamedTuple

import pytest

from daicho.rules.people.codes import MunicipalityCode, with_check_digit
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.kana import kanji_key
from daicho.rules.people.written_dates import parse_written, says_that_day
from daicho.rules.register.extract import HEADER, ExtractReader, ExtractRow, decode_line, parse_header
from daicho.world.people import TODAY, population, ranges_of
from daicho.world.people.households import KINDS
from daicho.world.people.weighing import SIZES, age_group, published_shares, weighed_patterns
from daicho.world.plan import NEWCOMERS_WITHOUT_NUMBER, SEED, towns

MANY = 100_000
HOME = "13201"
COLUMNS = HEADER.split(",")
PLACE = {column: place for place, column in enumerate(COLUMNS)}
CARD = re.compile("[A-Z]{2}[0-9]{8}[A-Z]{2}")
SELECTOR = re.compile("[\U000e0100-\U000e01ef]")


class Somebody(NamedTuple):
    household: str
    name: str
    birth: str
    sex: str
    relationship: str
    householder: str
    kind: str
    former_surname: str
    confirmed: str
    reading: str
    written: str


_WANTED = (
    "household_number", "name_kanji", "birth_date", "sex", "relationship", "householder_name", "resident_kind",
    "former_surname_kanji", "furigana_confirmed", "name_furigana", "birth_written",
)  # fmt: skip
_WANTED_PLACES = [PLACE[column] for column in _WANTED]


def fields(seed: int, count: int, home: str = HOME, **more: int) -> Iterator[dict[str, str]]:
    lines = population(seed, home, count, ranges_of(1), **more)
    columns = next(lines).split(",")
    assert columns == COLUMNS[: len(columns)]
    return (dict(zip(columns, line.split(","), strict=True)) for line in lines)


def rows(seed: int, count: int, home: str = HOME, **more: int) -> list[ExtractRow]:
    lines = population(seed, home, count, ranges_of(1), **more)
    columns = parse_header(str(decode_line(next(lines).encode())))
    assert isinstance(columns, tuple)
    reader = ExtractReader(columns, MunicipalityCode(home), frozenset())
    read = [reader.read(number, f"{line}\n".encode()) for number, line in enumerate(lines, 2)]
    good = [row for row in read if isinstance(row, ExtractRow)]
    assert [row for row in read if not isinstance(row, ExtractRow)] == []
    assert reader.headless() == []
    return good


@pytest.fixture(scope="module")
def many() -> list[Somebody]:
    lines = islice(population(7, HOME, MANY, ranges_of(1)), 1, None)
    return [Somebody(*map(line.split(",").__getitem__, _WANTED_PLACES)) for line in lines]


@pytest.fixture(scope="module")
def households(many: list[Somebody]) -> list[list[Somebody]]:
    found: dict[str, list[Somebody]] = defaultdict(list)
    for one in many:
        found[one.household].append(one)
    return list(found.values())


def age(birth: str) -> int:
    """Give the age today; of a date with unknown parts the one that begins with the known ones."""
    year, month, day = (int(part) for part in birth.split("-"))
    return TODAY.year - year - ((month, day) > (TODAY.month, TODAY.day))


def surname(name: str) -> str:
    return name.partition("　")[0]


def test_a_seed_writes_the_same_people_again_and_another_seed_others() -> None:
    first, again, other = (list(population(seed, HOME, 500, ranges_of(1))) for seed in (1, 1, 2))
    assert first == again
    assert len(set(first) & set(other)) == 1, "the header alone"
    assert list(population(1, "13101", 500, ranges_of(1)))[1:] != first[1:]


def test_asking_for_fewer_leaves_the_others_as_they_were() -> None:
    assert list(population(1, HOME, 90, ranges_of(1))) == list(population(1, HOME, 300, ranges_of(1)))[:91]


@pytest.mark.parametrize("home", ["13101", "01202", "40206", "27202"])
def test_a_registry_takes_every_line(home: str) -> None:
    assert len(rows(3, 3_000, home)) == 3_000


def test_codes_and_numbers_are_nobody_elses_and_have_right_check_digits() -> None:
    codes, numbers = set(), set()
    for place in (0, 1):
        for line in islice(population(1, HOME, 5_000, ranges_of(place)), 1, None):
            code, number = line.split(",", 3)[1:3]
            assert with_check_digit(code[:-1]) == code
            assert with_check_digit(number[:-1]) == number
            codes.add(code)
            numbers.add(number)
    assert len(codes) == len(numbers) == 10_000


@pytest.mark.parametrize("count", [4, 90, 2_000])
def test_the_last_have_no_number_yet_when_it_is_wished(count: int) -> None:
    without = [not one["individual_number"] for one in fields(1, count, without_number=3)]
    assert without == [False] * (count - 3) + [True] * 3


def test_each_group_of_ages_and_sex_has_its_published_share(many: list[Somebody]) -> None:
    whole = [one for one in many if not one.birth.startswith("0000")]
    counts = Counter((one.sex, age_group(age(one.birth))) for one in whole)
    for group, share in published_shares().items():
        assert abs(counts[group] / len(whole) - share) < 0.003, group
    assert set(counts) == set(published_shares())


def test_households_are_of_the_sizes_that_a_census_counts(households: list[list[Somebody]]) -> None:
    counts = Counter(min(len(household), 6) for household in households)
    for size, percent in SIZES.items():
        assert abs(100 * counts[size] / len(households) - percent) < 0.8, size


def test_households_are_of_the_kinds_that_a_census_counts() -> None:
    table = weighed_patterns()
    counts = Counter(pattern.kind for pattern in table)
    for kind, (percent, _) in KINDS.items():
        assert abs(100 * counts[kind] / len(table) - percent) < 0.2, kind
    assert sum(percent for percent, _ in KINDS.values()) == pytest.approx(100)


def test_a_household_has_one_householder_who_comes_first_and_whom_all_name(
    households: list[list[Somebody]],
) -> None:
    for household in households:
        assert [one.relationship == "世帯主" for one in household] == [True] + [False] * (len(household) - 1)
        assert {one.householder for one in household} == {household[0].name}


def test_spouses_bear_one_surname_unless_the_marriage_is_not_notified_or_one_is_foreign(
    households: list[list[Somebody]],
) -> None:
    same = Counter()
    for head, *others in households:
        for one in others:
            if one.relationship in ("夫", "妻", "夫（未届）", "妻（未届）"):
                assert one.sex != head.sex
                japanese = head.kind == one.kind == "JAPANESE"
                same[one.relationship[1:], japanese, surname(one.name) == surname(head.name)] += 1
    assert same["", True, False] == 0
    assert same["", True, True] > 20_000
    assert same["（未届）", True, False] > 60 > same["（未届）", True, True]


def test_children_are_younger_than_their_parents_and_parents_older(households: list[list[Somebody]]) -> None:
    pairs = 0
    for household in households:
        ages = {one.relationship: age(one.birth) for one in household if one.birth[:4] != "0000"}
        for one in household:
            if one.birth[:4] == "0000":
                continue
            for child, parent in (
                ("子", "世帯主"),
                ("子", "妻"),
                ("子の子", "子"),
                ("世帯主", "母"),
                ("世帯主", "父"),
                ("妻", "妻の母"),
            ):
                if one.relationship == child and child != parent and parent in ages:
                    pairs += 1
                    assert ages[parent] - age(one.birth) >= 16, household
    assert pairs > 40_000


def test_siblings_are_twins_or_born_with_time_between_and_have_names_of_their_own(
    households: list[list[Somebody]],
) -> None:
    twins = 0
    for household in households:
        assert len({one.name for one in household}) == len(household)
        days = sorted(
            one.birth for one in household if one.relationship == "子" and not one.birth.endswith("-00")
        )
        for first, second in pairwise(days):
            between = (date.fromisoformat(second) - date.fromisoformat(first)).days
            twins += between == 0
            assert between == 0 or between > 300, household
    assert twins > 60


def test_relationships_are_chains_of_all_sorts(many: list[Somebody]) -> None:
    counts = Counter(one.relationship for one in many)
    assert {
        "子の妻",
        "子の夫",
        "子の子",
        "妻の子",
        "妻の母",
        "父",
        "母",
        "兄",
        "妹",
        "同居人",
        "縁故者",
        "妻（未届）",
    } <= set(counts)


def test_given_names_belong_to_their_years_and_sex(many: list[Somebody]) -> None:
    born: dict[str, list[int]] = defaultdict(list)
    for one in many:
        if one.kind == "JAPANESE":
            born[f"{one.sex} {one.name.partition('　')[2]}"].append(int(one.birth[:4]))
    assert statistics.quantiles(born["FEMALE 和子"], n=20)[-1] < 1970
    assert min(born["MALE 大輔"]) >= 1969
    assert min(born["FEMALE 陽菜"]) >= 1999
    assert min(born["FEMALE 紬"]) >= 2009
    assert "MALE 和子" not in born
    assert "FEMALE 大輔" not in born


def test_surnames_are_many_and_the_frequent_ones_frequent(many: list[Somebody]) -> None:
    japanese = [one for one in many if one.kind == "JAPANESE"]
    counts = Counter(surname(one.name) for one in japanese)
    assert counts.most_common(2)[0][0] in ("佐藤", "鈴木")
    assert 0.012 < counts["佐藤"] / len(japanese) < 0.022
    assert len(counts) > 2_000
    assert len({one.name for one in japanese}) > 60_000


def test_uncommon_forms_and_variation_sequences_are_written(many: list[Somebody]) -> None:
    japanese = [one.name for one in many if one.kind == "JAPANESE"]
    share = sum(kanji_key(surname(name)) != surname(name) for name in japanese) / len(japanese)
    assert 0.02 < share < 0.06
    sequences = sum(SELECTOR.search(name) is not None for name in japanese) / len(japanese)
    assert 0.0005 < sequences < 0.003
    written = "".join(set(japanese))
    assert set("髙﨑邉邊齋齊斉澤濱廣櫻𠮷德眞惠") <= set(written)


def test_some_readings_are_unconfirmed_and_some_married_people_keep_a_former_surname(
    many: list[Somebody],
) -> None:
    japanese = [one for one in many if one.kind == "JAPANESE"]
    assert 0.075 < sum(one.confirmed == "0" for one in japanese) / len(japanese) < 0.092
    assert all(re.fullmatch("[ァ-ヺー]+　[ァ-ヺー]+", one.reading) for one in japanese)
    former = [one for one in japanese if one.former_surname]
    assert {one.relationship for one in former} == {"妻", "夫"}
    assert 0.002 < len(former) / len(japanese) < 0.008


def test_of_a_few_birth_dates_the_day_the_month_or_all_is_unknown(many: list[Somebody]) -> None:
    partly = [PartialDate.parse(one.birth) for one in many if one.birth.endswith("-00")]
    assert 0.0002 < len(partly) / len(many) < 0.0008
    forms = Counter((one.year is None, one.month is None) for one in partly)
    assert set(forms) == {(False, False), (False, True), (True, True)}
    assert forms[False, False] > forms[True, True]


def test_some_birth_dates_are_written_as_a_family_register_has_them(many: list[Somebody]) -> None:
    """In words that belong to the date beside them, of which a part is unknown; a whole date needs none."""
    assert all(says_that_day(one.written or None, PartialDate.parse(one.birth)) for one in many)
    written = [one for one in many if one.written]
    assert all(one.birth.endswith("-00") for one in written)
    assert len({parse_written(one.written).form for one in written}) >= 4


def test_births_lie_in_all_eras_and_at_their_borders(many: list[Somebody]) -> None:
    days = {one.birth for one in many}
    assert {"1989-01-07", "1989-01-08", "2019-04-30", "2019-05-01"} <= days
    assert min(day for day in days if day != "0000-00-00") < "1926-12-25"


def test_days_follow_each_other_and_none_lies_after_today() -> None:
    for one in fields(5, 8_000):
        days = [one[day] for day in ("resident_since", "address_since", "notified_on")]
        assert [one["birth_date"], *days] == sorted([one["birth_date"], *days]), one
        assert one["resident_since"] <= one["resident_since_notified_on"] <= TODAY.isoformat()
        assert one["notified_on"] <= TODAY.isoformat()


def test_who_came_from_another_town_names_it_and_who_moved_within_names_the_own() -> None:
    reasons = Counter()
    for one in fields(6, 8_000):
        reason, previous = one["address_reason"], one["previous_municipality_code"]
        reasons[reason] += 1
        if reason == "MOVE_IN":
            assert MunicipalityCode(previous) != HOME
            assert one["previous_address"] == one["move_in_from_address"]
        elif reason == "MOVE_WITHIN":
            assert previous == HOME
            assert one["previous_address"]
            assert one["resident_since"] < one["address_since"]
        else:
            assert not previous
            assert bool(one["previous_address"]) == (reason == "MOVE_IN_FROM_ABROAD")
            assert (
                reason != "BIRTH"
                or one["birth_date"].endswith("-00")
                or one["birth_date"] == one["resident_since"]
            )
    assert set(reasons) == {"MOVE_IN", "MOVE_WITHIN", "BIRTH", "MOVE_IN_FROM_ABROAD", "EX_OFFICIO", "UNKNOWN"}


def test_three_of_a_hundred_are_foreign_with_what_the_law_records_of_them() -> None:
    count = 24_000
    foreign = [one for one in fields(8, count) if one["resident_kind"] == "FOREIGN"]
    assert 0.027 < len(foreign) / count < 0.036
    nations = Counter(one["nationality"] for one in foreign)
    assert [nation for nation, _ in nations.most_common(2)] == ["中国", "ベトナム"]
    for one in foreign:
        if one["foreign_category"] == "中長期在留者":
            assert CARD.fullmatch(one["residence_card_number"])
            assert one["residence_status"]
            assert one["residence_period"]
            assert (one["residence_period"] == "無期限") == (one["residence_expires_on"] == "")
            assert one["residence_expires_on"] == "" or one["residence_expires_on"] > TODAY.isoformat()
        assert "2012-07-09" <= one["foreign_since"] <= one["resident_since"]
        assert one["roman"].isascii()
        assert not one["registered_domicile"]
    categories = {one["foreign_category"] for one in foreign}
    assert {"中長期在留者", "特別永住者"} <= categories
    assert any(one["alias"] for one in foreign)
    kanji = sum("一" <= one["name_kanji"][0] <= "鿿" for one in foreign) / len(foreign)
    assert 0.2 < kanji < 0.5


def test_family_registers_are_headed_by_members_or_by_namesakes_who_live_elsewhere() -> None:
    inside = outside = 0
    home: dict[str, set[str]] = defaultdict(set)
    people = [one for one in fields(9, 6_000) if one["resident_kind"] == "JAPANESE"]
    for one in people:
        home[one["household_number"]].add(one["name_kanji"])
    for one in people:
        assert one["registered_domicile"]
        assert surname(one["family_register_head"]) == surname(one["name_kanji"])
        if one["family_register_head"] in home[one["household_number"]]:
            inside += 1
        else:
            outside += 1
    assert inside > outside > 500


def test_records_of_the_dead_and_of_those_who_left_are_written_when_they_are_wished() -> None:
    read = rows(2, 1_500, struck=400)
    assert [row.record.living for row in read] == [True] * 1_100 + [False] * 400
    reasons = Counter(row.record.removal.reason.value for row in read if row.record.removal)
    assert {"DEATH", "MOVE_OUT", "MOVE_OUT_ABROAD"} <= set(reasons)
    for row in read:
        if row.record.removal:
            assert row.record.address_since_notified_on <= row.record.removal.removed_on <= TODAY


@pytest.mark.parametrize("residents", [90, 25_000])
def test_every_town_of_the_demo_has_whom_its_story_needs(residents: int) -> None:
    """A family of three Japanese who moves, and Japanese who live alone, their birth dates known."""
    for place, town in enumerate(towns(0, 3)):
        sizes: dict[str, list[bool]] = defaultdict(list)
        people = population(
            SEED, town.code, residents, ranges_of(place), without_number=NEWCOMERS_WITHOUT_NUMBER
        )
        for line in islice(people, 1, 2_000):
            one = line.split(",")
            plain = one[PLACE["resident_kind"]] == "JAPANESE" and not one[PLACE["birth_date"]].endswith("-00")
            sizes[one[PLACE["household_number"]]].append(plain)
        assert {1, 3} <= {len(plain) for plain in sizes.values() if all(plain)}, town.title
