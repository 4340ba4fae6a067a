"""Lost updates, overwritten versions, searches that leaf through everybody, and items that do not belong."""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import UTC, date, datetime

import psycopg
import pytest

from daicho.rules.identity.agreement import row_hash
from daicho.rules.identity.keys import address_key, kana_key, name_key
from daicho.rules.identity.projection import CsRevision
from daicho.rules.identity.record import CsItems, IdentityRecord, KeptRecord, RecordState
from daicho.rules.identity.search import AddressTerm, BirthTerm, NameTerm, SearchTerms, asked_keys
from daicho.rules.people.codes import (
    IndividualNumber,
    MunicipalityCode,
    ResidentRecordCode,
    with_check_digit,
)
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.names import gaiji_count
from daicho.rules.people.sex import Sex
from daicho.rules.register.reasons import ChangeReason
from daicho.store import identity
from daicho.store.identity import Replacement
from daicho.store.unit import Store

TODAY = date(2026, 11, 20)
LEVELS = ("CS", "PREFECTURE", "NATIONAL")
SURNAMES = [
    ("佐藤", "サトウ"),
    ("佐々木", "ササキ"),
    ("鈴木", "スズキ"),
    ("髙橋", "タカハシ"),
    ("東", "ヒガシ"),
]
GIVEN = [("花子", "ハナコ"), ("太郎", "タロウ"), ("葵", "アオイ"), ("蓮", "レン"), ("陽", "ヨウ")]
SURNAMES += [
    (first[0] + second[0], first[1] + second[1])
    for first in zip("小大中山川石松竹木森林上下北南", ["コ", "オオ", "ナカ", "ヤマ", "カワ", "イシ", "マツ", "タケ", "キ", "モリ", "ハヤシ", "ウエ", "シモ", "キタ", "ミナミ"], strict=True)
    for second in zip("田村野原島本沢井口谷", ["ダ", "ムラ", "ノ", "ハラ", "シマ", "モト", "ザワ", "イ", "グチ", "タニ"], strict=True)
]  # fmt: skip
TOWNS = tuple(f"{prefecture}{town}" for prefecture in ("13", "27", "47") for town in range(101, 121))
STREETS = ("本町", "新町", "緑町一丁目", "三番町")
F2 = [
    ("F2-1", "resident_record_code"),
    ("F2-2", "name_kanji"),
    ("F2-3", "name_gaiji_count"),
    ("F2-4", "name_furigana"),
    ("F2-5", "name_normalized_kana"),
    ("F2-6", "birth_date"),
    ("F2-7", "sex"),
    ("F2-8", "municipality_code"),
    ("F2-9", "aza_code"),
    ("F2-10", "postal_code"),
    ("F2-11", "address"),
    ("F2-12", "address_gaiji_count"),
    ("F2-13", "individual_number"),
    ("F2-14", "resident_since"),
    ("F2-15", "address_since"),
    ("F2-16", "notified_on"),
    ("F2-17", "previous_municipality_code"),
    ("F2-18", "previous_address"),
    ("F2-19", "previous_address_gaiji_count"),
    ("F2-20", "relationship"),
    ("F2-21", "change_reason"),
    ("F2-22", "change_date"),
    ("F2-23", "change_reason_detail"),
    ("F2-24", "old_resident_record_code"),
    ("F2-25", "record_code_used_from"),
    ("F2-26", "request_control_number"),
    ("F2-27", "operator_role_id"),
    ("F2-28", "terminal_id"),
    ("F2-29", "update_sequence"),
    ("F2-30", "abnormal_update_sequence"),
    ("F2-31", "update_forbidden_flag"),
    ("F2-32", "scheduled_flag"),
    ("F2-33", "lock_flag"),
    ("F2-34", "gaiji_flag"),
    ("F2-35", "record_state"),
    ("F2-36", "timestamp"),
    ("F2-37", "former_surname_kanji"),
    ("F2-38", "former_surname_furigana"),
]
OWN_COLUMNS = {"received_on", "kept_until", "row_hash", "name_key", "address_key", "prefecture", "birth_year"}

Database = Callable[[str], Store]


def code_of(number: int) -> ResidentRecordCode:
    return ResidentRecordCode(with_check_digit(f"{number:010d}"))


def person(number: int, chance: random.Random | None = None, **changes: object) -> KeptRecord:
    draw = chance or random.Random(number)
    surname, given = draw.choice(SURNAMES), draw.choice(GIVEN)
    kanji, kana = f"{surname[0]}　{given[0]}", f"{surname[1]}　{given[1]}"
    town = MunicipalityCode(draw.choice(TOWNS))
    address = f"{draw.choice(STREETS)}{draw.randint(1, 30)}番{draw.randint(1, 40)}号"
    living = draw.random() < 0.9
    record = IdentityRecord(
        resident_record_code=code_of(number),
        name_kanji=kanji,
        name_gaiji_count=gaiji_count(kanji),
        name_furigana=kana,
        name_normalized_kana=kana_key(kana),
        former_surname_kanji=None,
        former_surname_furigana=None,
        birth_date=PartialDate(draw.randint(1930, 2025), draw.randint(1, 12), draw.randint(1, 28)),
        sex=draw.choice((Sex.MALE, Sex.FEMALE)),
        municipality_code=town,
        aza_code="",
        postal_code="1000001",
        address=address,
        address_gaiji_count=0,
        change_reason=ChangeReason.MOVE_IN if living else ChangeReason.MOVE_OUT,
        change_date=date(2026, 4, 1),
        change_reason_detail="",
        old_resident_record_code=None,
        record_code_used_from=None,
        update_sequence=5,
        scheduled_flag=False,
        foreign_resident=False,
        record_state=RecordState.LIVING if living else RecordState.REMOVED,
    )
    return KeptRecord(replace(record, **changes), date(2026, 4, 1), None)


def items(**changes: object) -> CsItems:
    made = CsItems(
        resident_since=date(2020, 4, 1),
        address_since=date(2021, 4, 1),
        notified_on=date(2021, 4, 3),
        previous_municipality_code=MunicipalityCode("27215"),
        previous_address="大阪府寝屋川市本町１",
        previous_address_gaiji_count=0,
        relationship="世帯主",
        request_control_number="request-1",
        operator_role_id="role-7",
        terminal_id="terminal-3",
        abnormal_update_sequence=0,
        update_forbidden_flag=False,
        lock_flag=False,
        gaiji_flag=False,
        timestamp=datetime(2026, 11, 20, 1, 0, tzinfo=UTC),
    )
    return replace(made, **changes)


def columns(store: Store) -> dict[str, set[str]]:
    with store.unit() as unit:
        unit.cursor.execute(
            "SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
            " JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname IN ('identity', 'numbers') AND c.relkind = 'r' AND a.attnum > 0"
        )
        found: dict[str, set[str]] = {}
        for table, column in unit.cursor.fetchall():
            found.setdefault(table, set()).add(column)
        return found


@pytest.fixture(scope="module")
def crowd() -> list[KeptRecord]:
    chance = random.Random(20261120)
    return [person(number, chance) for number in range(20_000)]


@pytest.fixture(scope="module")
def town(databases: object, crowd: list[KeptRecord]) -> Iterator[Store]:
    addresses = databases.fresh("NATIONAL")
    with psycopg.connect(addresses["owner"], autocommit=True) as owner:
        store = Store(addresses["app"], read_dsn=addresses["read"], pool_connections=2)
        with store.unit() as unit:
            assert len(identity.save(unit, [Replacement(one) for one in crowd])) == len(crowd)
        owner.execute("ANALYZE identity.record")
        yield store
        store.close()


@pytest.fixture(scope="module")
def cs_tables(databases: object) -> dict[str, set[str]]:
    addresses = databases.fresh("CS")
    store = Store(addresses["app"], pool_connections=1)
    found = columns(store)
    store.close()
    return found


@pytest.mark.parametrize(
    "column", [pytest.param(column, marks=pytest.mark.requirement(f2), id=f2) for f2, column in F2]
)
def test_file_of_the_cs_has_the_item(cs_tables: dict[str, set[str]], column: str) -> None:
    tables = cs_tables
    if column == "individual_number":
        assert {"sealed", "lookup", "resident_record_code"} <= tables["individual_number"]
        assert not {"sealed", "lookup", "individual_number"} & (tables["record"] | tables["cs_items"])
        return
    assert column in tables["record"] | tables["cs_items"]


def test_every_item_of_the_file_comes_back_as_it_was_kept(database: Database) -> None:
    full = person(
        1,
        name_kanji="葛\U000e0102城　花子（桂木）",
        name_gaiji_count=1,
        former_surname_kanji="辻",
        former_surname_furigana="ツジ",
        birth_date=PartialDate(1970, 5, None),
        sex=Sex.UNKNOWN,
        aza_code="001002",
        address_gaiji_count=2,
        change_reason=ChangeReason.CODE_CHANGED_ON_REQUEST,
        change_reason_detail="本人の請求",
        old_resident_record_code=code_of(9),
        record_code_used_from=date(2026, 4, 1),
        update_sequence=77,
        scheduled_flag=True,
        foreign_resident=True,
        record_state=RecordState.LIVING,
        scheduled_move_out_on=date(2026, 12, 1),
    )
    full = replace(full, kept_until=date(2176, 4, 1))
    other = items(abnormal_update_sequence=3, update_forbidden_flag=True, lock_flag=True, gaiji_flag=True)
    store = database("CS")
    code = full.record.resident_record_code
    with store.unit() as unit:
        assert identity.save(unit, [Replacement(full)]) == {code}
        identity.save_items(unit, [(code, other)])
    with store.reading() as unit:
        assert identity.look_up(unit, SearchTerms(code=code)) == [full]
        assert identity.items_of(unit, [code]) == {code: other}
    kept = {field.name for field in fields(IdentityRecord)} | {field.name for field in fields(CsItems)}
    assert {column for _, column in F2} - {"individual_number"} <= kept


@pytest.mark.requirement("R-069")
def test_nothing_but_the_items_of_the_notice_can_enter_the_cs(database: Database) -> None:
    store = database("CS")
    tables = columns(store)
    allowed = {column for _, column in F2} | {"foreign_resident", "scheduled_move_out_on"}
    assert tables["record"] - OWN_COLUMNS <= allowed
    assert tables["cs_items"] <= allowed
    assert set(tables) == {"record", "history", "cs_items", "individual_number", "destination_number"}
    assert tables["destination_number"] == {"municipality", "control_number", "place", "sealed"}
    with pytest.raises(psycopg.errors.UndefinedColumn), store.unit() as unit:
        unit.cursor.execute("UPDATE identity.record SET registered_domicile = 'x'")


@pytest.mark.requirement("R-095")
@pytest.mark.parametrize("kind", ["PREFECTURE", "NATIONAL"])
def test_wide_area_items_have_no_place_above_the_cs(database: Database, kind: str) -> None:
    tables = columns(database(kind))
    assert "cs_items" not in tables
    assert not {"relationship", "resident_since", "previous_address"} & tables["record"]


@pytest.mark.parametrize("kind", LEVELS)
def test_newer_record_replaces_and_the_replaced_one_stays_in_the_history(
    database: Database, kind: str
) -> None:
    store = database(kind)
    first, second = person(1), person(1, update_sequence=6, address="新町９番")
    code = first.record.resident_record_code
    with store.unit() as unit:
        identity.save(unit, [Replacement(first)])
    with store.unit() as unit:
        current = identity.lock_current(unit, [second.record])
        assert identity.save(unit, [Replacement(second, current[code])]) == {code}
    with store.unit() as unit:
        assert identity.look_up(unit, SearchTerms(code=code)) == [second]
        assert identity.versions_replaced(unit, code) == 1
        unit.cursor.execute("SELECT body->>'address', update_sequence FROM identity.history")
        assert unit.cursor.fetchall() == [(first.record.address, 5)]


def test_record_that_changed_since_it_was_read_is_not_overwritten(database: Database) -> None:
    store = database("NATIONAL")
    first, second, third = person(1), person(1, update_sequence=6), person(1, update_sequence=7)
    code = first.record.resident_record_code
    with store.unit() as unit:
        identity.save(unit, [Replacement(first)])
        identity.save(unit, [Replacement(third, first)])
        assert identity.save(unit, [Replacement(second, first)]) == set()
        assert identity.save(unit, [Replacement(second)]) == set()
        assert identity.look_up(unit, SearchTerms(code=code)) == [third]


def test_many_at_once_are_kept_as_one_by_one(database: Database) -> None:
    one_by_one, at_once = database("CS"), database("CS")
    people = [person(number) for number in range(60)]
    people[3] = person(3, name_kanji="邊\U000e0103見　\\N\t太郎", old_resident_record_code=code_of(70))
    people[4] = person(
        4,
        former_surname_kanji="高" * 900,
        record_code_used_from=TODAY,
        scheduled_move_out_on=TODAY,
        scheduled_flag=True,
    )
    people[5] = replace(person(5, change_date=date(1868, 1, 25)), kept_until=date(2199, 12, 31))
    own = [(str(one.record.resident_record_code), items(previous_address=None)) for one in people]
    own[6] = (own[6][0], items(timestamp=datetime(1999, 12, 31, 23, 59, 59, 1, tzinfo=UTC)))
    with one_by_one.unit() as unit:
        for one, item in zip(people, own, strict=True):
            identity.save(unit, [Replacement(one)])
            identity.save_first_items(unit, [item])
    codes = {code for code, _ in own}
    with at_once.unit() as unit:
        assert identity.save(unit, [Replacement(one) for one in people]) == codes
        identity.save_first_items(unit, own)
    for table in ("record", "cs_items"):
        query = f"SELECT * FROM identity.{table} ORDER BY resident_record_code"
        kept = []
        for store in (one_by_one, at_once):
            with store.unit() as unit:
                unit.cursor.execute(query)
                kept.append(unit.cursor.fetchall())
        assert len(kept[0]) == 60
        assert kept[0] == kept[1]


def test_many_at_once_never_overwrite_who_came_in_between(database: Database) -> None:
    store = database("NATIONAL")
    with store.unit() as unit:
        identity.save(unit, [Replacement(person(7, update_sequence=9))])
    with pytest.raises(psycopg.errors.UniqueViolation), store.unit() as unit:
        identity.save(unit, [Replacement(person(number)) for number in range(60)])
    with store.unit() as unit:
        assert identity.look_up(unit, SearchTerms(code=code_of(7))) == [person(7, update_sequence=9)]
        assert sum(identity.how_many(unit).values()) == 1


def test_changed_code_finds_the_person_by_the_old_one(database: Database) -> None:
    store = database("CS")
    first = person(1)
    renamed = person(
        1, resident_record_code=code_of(2), old_resident_record_code=code_of(1), update_sequence=6
    )
    with store.unit() as unit:
        identity.save(unit, [Replacement(first)])
        identity.save_items(unit, [(code_of(1), items())])
    with store.unit() as unit:
        current = identity.lock_current(unit, [renamed.record])
        assert current == {code_of(2): first}
        assert identity.save(unit, [Replacement(renamed, current[code_of(2)])]) == {code_of(2)}
    with store.unit() as unit:
        assert identity.look_up(unit, SearchTerms(code=code_of(1))) == []
        assert identity.look_up(unit, SearchTerms(code=code_of(2))) == [renamed]
        assert set(identity.items_of(unit, [code_of(1), code_of(2)])) == {code_of(2)}


@pytest.mark.parametrize("many", [1, 60])
def test_items_stand_beside_a_record(database: Database, many: int) -> None:
    store = database("CS")
    with store.unit() as unit:
        identity.save(unit, [Replacement(person(number)) for number in range(many)])
    with pytest.raises(psycopg.errors.ForeignKeyViolation), store.unit() as unit:
        identity.save_first_items(unit, [(code_of(number), items()) for number in range(1, many + 1)])
    with store.unit() as unit:
        assert identity.items_of(unit, [code_of(1)]) == {}
        identity.save_first_items(unit, [(code_of(number), items()) for number in range(many)])


@pytest.mark.parametrize("statement", ["DELETE FROM identity.record", "TRUNCATE identity.record CASCADE"])
def test_record_beside_which_items_stand_is_not_removed(
    fresh_dsn: Callable[[str], dict[str, str]], statement: str
) -> None:
    with (
        psycopg.connect(fresh_dsn("CS")["admin"]) as owner,
        pytest.raises(psycopg.errors.ForeignKeyViolation),
    ):
        owner.execute(statement.encode())


def test_revision_of_the_cs_leaves_what_is_compared_upward_alone(database: Database) -> None:
    store = database("CS")
    one = person(1)
    code = one.record.resident_record_code
    revision = CsRevision(code, items(relationship="妻"), scheduled_flag=True, scheduled_move_out_on=TODAY)
    with store.unit() as unit:
        identity.save(unit, [Replacement(one)])
        identity.save_items(unit, [(code, items())])
        identity.revise(unit, [revision])
    with store.unit() as unit:
        (kept,) = identity.look_up(unit, SearchTerms(code=code))
        assert kept.record.scheduled_flag
        assert kept.record.scheduled_move_out_on == TODAY
        assert identity.items_of(unit, [code])[code].relationship == "妻"
        assert identity.hashes(unit, "", 10) == {code: row_hash(one.record)} == {code: row_hash(kept.record)}


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM identity.record",
        "TRUNCATE identity.record",
        "DELETE FROM identity.history",
        "UPDATE identity.history SET replaced_on = '2026-01-01'",
        "ALTER TABLE identity.record DISABLE TRIGGER keep_replaced",
        "DELETE FROM identity.cs_items",
    ],
)
def test_application_cannot_delete_or_rewrite(database: Database, statement: str) -> None:
    store = database("CS")
    with pytest.raises(psycopg.errors.InsufficientPrivilege), store.unit() as unit:
        unit.cursor.execute(statement)


def test_reader_cannot_write_and_sees_no_history(database: Database) -> None:
    store = database("CS")
    with pytest.raises(psycopg.Error), store.reading() as unit:
        identity.save(unit, [Replacement(person(1))])
    with pytest.raises(psycopg.errors.InsufficientPrivilege), store.reading() as unit:
        unit.cursor.execute("SELECT 1 FROM identity.history")


def fits(kept: KeptRecord, terms: SearchTerms) -> bool:
    """Say by plain comparison what the search must find."""
    record = kept.record
    checks = []
    if terms.name:
        key = name_key(record.name_kanji) if terms.name.kanji else record.name_normalized_kana
        asked = asked_keys(terms.name)
        checks.append(key in asked if terms.name.whole else key.startswith(asked))
    if terms.birth:
        birth = record.birth_date
        checks.append(birth == terms.birth.day if terms.birth.day else birth.year == terms.birth.year)
    if terms.address:
        where = terms.address
        checks.append(where.municipality in (None, record.municipality_code))
        checks.append(where.prefecture in ("", record.municipality_code[:2]))
        checks.append(address_key(record.address).startswith(address_key(where.beginning)))
    checks.append(terms.sex in (None, record.sex))
    checks.append(not terms.living_only or record.living)
    return all(checks)


@pytest.mark.requirement("R-076", "R-062")
def test_search_gives_exactly_who_fits_all_terms(town: Store, crowd: list[KeptRecord]) -> None:
    chance = random.Random(7)
    found_somebody = 0
    by_kana: dict[str, list[KeptRecord]] = {}
    for one in crowd:
        by_kana.setdefault(one.record.name_normalized_kana[:1], []).append(one)
    with town.reading() as unit:
        for _ in range(300):
            seed = chance.choice(crowd).record
            whole = chance.random() < 0.4
            surname, reading = seed.name_kanji.split("　")[0], (seed.name_furigana or "").split("　")[0]
            name = chance.choice(
                [
                    NameTerm(kanji=seed.name_kanji if whole else surname, whole=whole),
                    NameTerm(kana=(seed.name_furigana or "") if whole else reading, whole=whole),
                ]
            )
            birth = chance.choice(
                [None, BirthTerm(day=seed.birth_date), BirthTerm(year=seed.birth_date.year)]
            )
            address = chance.choice(
                [
                    AddressTerm(prefecture=seed.municipality_code[:2]),
                    AddressTerm(seed.municipality_code),
                    AddressTerm(seed.municipality_code, beginning=seed.address[:4]),
                    AddressTerm(seed.municipality_code, beginning=seed.address),
                ]
            )
            terms = SearchTerms(
                name=name,
                birth=birth,
                address=address if birth is None or chance.random() < 0.3 else None,
                sex=chance.choice([None, seed.sex]),
                living_only=chance.random() < 0.3,
            )
            same_sound = by_kana[seed.name_normalized_kana[:1]]
            expected = {one.record.resident_record_code for one in same_sound if fits(one, terms)}
            rows = identity.look_up(unit, terms, limit=len(crowd))
            assert {row.record.resident_record_code for row in rows} == expected
            assert len(rows) == len(expected)
            found_somebody += bool(expected)
    assert found_somebody > 200


def test_old_and_new_forms_of_a_character_find_each_other(town: Store) -> None:
    with town.reading() as unit:
        birth = BirthTerm(year=1970)
        old = identity.look_up(unit, SearchTerms(name=NameTerm(kanji="髙橋"), birth=birth), limit=5000)
        new = identity.look_up(unit, SearchTerms(name=NameTerm(kanji="高橋"), birth=birth), limit=5000)
    assert old
    assert old == new
    assert all(row.record.name_kanji.startswith("髙橋") for row in old)


def test_common_name_is_cut_one_above_the_limit(town: Store) -> None:
    terms = SearchTerms(name=NameTerm(kana="サ"), address=AddressTerm(prefecture="13"))
    with town.reading() as unit:
        assert len(identity.look_up(unit, terms)) == 51
        assert len(identity.look_up(unit, terms, limit=3)) == 4


@pytest.mark.requirement("R-070")
@pytest.mark.parametrize(
    "terms",
    [
        SearchTerms(),
        SearchTerms(sex=Sex.FEMALE),
        SearchTerms(name=NameTerm(kanji="佐藤", whole=True), sex=Sex.MALE),
        SearchTerms(address=AddressTerm(MunicipalityCode("13101")), birth=BirthTerm(year=1970)),
    ],
)
def test_store_itself_does_not_search_by_too_little(town: Store, terms: SearchTerms) -> None:
    with pytest.raises(ValueError, match="may not be searched"), town.reading() as unit:
        identity.look_up(unit, terms)


def test_search_by_number_needs_the_vaults_answer(town: Store, crowd: list[KeptRecord]) -> None:
    terms = SearchTerms(number=IndividualNumber(with_check_digit("12345678901")))
    one = crowd[5]
    with town.reading() as unit:
        assert identity.look_up(unit, terms) == []
        assert identity.look_up(unit, terms, number_code=one.record.resident_record_code) == [one]
        other = replace(terms, sex=Sex.UNKNOWN)
        assert identity.look_up(unit, other, number_code=one.record.resident_record_code) == []


NAMES = [
    NameTerm(kanji="佐藤"),
    NameTerm(kanji="佐藤　花子", whole=True),
    NameTerm(kana="サトウ"),
    NameTerm(kana="サトウ　ハナコ", whole=True),
]
SECONDS = [
    {"birth": BirthTerm(day=PartialDate(1970, 5, 3))},
    {"birth": BirthTerm(year=1970)},
    {"address": AddressTerm(MunicipalityCode("13101"))},
    {"address": AddressTerm(MunicipalityCode("13101"), beginning="本町")},
    {"address": AddressTerm(prefecture="13")},
]
ALLOWED = [
    SearchTerms(code=code_of(1)),
    *(SearchTerms(name=name, **second) for name in NAMES for second in SECONDS),
]


@pytest.mark.parametrize("terms", ALLOWED, ids=range(len(ALLOWED)))
def test_every_allowed_combination_is_answered_from_an_index(town: Store, terms: SearchTerms) -> None:
    statements = identity.statements([identity.Wanted(terms)], 50)
    spellings = len(asked_keys(terms.name)) if terms.name else 1
    assert len(statements) == (spellings if ">=" in statements[0].text else 1)
    for statement in statements:
        with town.reading() as unit:
            unit.cursor.execute("EXPLAIN " + statement.text, statement.values, prepare=False)
            plan = "\n".join(str(row[0]) for row in unit.cursor.fetchall())
        assert "Seq Scan" not in plan
        assert re.search(r"Index (Only )?Scan", plan)
        condition_line = next(line for line in plan.splitlines() if "Index Cond" in line)
        assert re.search("name_key|name_normalized_kana|resident_record_code|birth_date", condition_line)
