"""The register's tables refuse what the law refuses, whoever writes into them."""

from datetime import UTC, date, datetime

import psycopg
import pytest

from daicho.rules.people.dates import PartialDate
from daicho.store import extract, processing, register
from daicho.store.unit import Store

AT = datetime(2026, 11, 20, 1, tzinfo=UTC)
DAY = date(2026, 11, 20)


def entry(entry_id="e1", **items):
    values = {
        "id": entry_id,
        "kind": "MOVE_IN",
        "reason": "MOVE_IN",
        "change_date": DAY,
        "notified_on": DAY,
        "entered_by": "clerk01",
        "entered_at": AT,
        "body": "{}",
    }
    return register.EntryRow(**(values | items))


def row(number=1, version=1, **items):
    values = {
        "addressee_number": number,
        "version": version,
        "code": f"code{number}",
        "household_number": 1,
        "living": True,
        "householder": number == 1,
        "kana": "カクウ",
        "kanji": "架空",
        "birth": "1970-01-01",
        "address": "架空町",
        "roof": "架空町",
        "due_on": None,
        "body": "{}",
        "resident_kind": "JAPANESE",
        "sex": "FEMALE",
    }
    return register.ResidentRow(**(values | items))


def verified(unit, entry_id="e1", people=(1,)):
    register.keep_entry(unit, entry(entry_id), people)
    assert register.decide_entry(
        unit, entry_id, state="verified", decided_by="check01", decided_at=AT, outcome=""
    )


def write(unit, what, entry_id="e1", day=DAY, at=AT):
    register.write_records(unit, [register.NewVersion(what, entry_id, day, at)])


def change(unit, what, entry_id):
    verified(unit, entry_id)
    return write(unit, what, entry_id)


@pytest.mark.requirement("R-276")
def test_the_database_itself_refuses_a_self_verified_entry(database):
    store = database("registry")
    with store.unit() as unit:
        register.keep_entry(unit, entry(), [1])
    with pytest.raises(psycopg.errors.CheckViolation, match="second_person"), store.unit() as unit:
        register.decide_entry(unit, "e1", state="verified", decided_by="clerk01", decided_at=AT, outcome="")
    with pytest.raises(psycopg.errors.CheckViolation), store.unit() as unit:
        register.decide_entry(unit, "e1", state="verified", decided_by=None, decided_at=None, outcome="")
    born_verified = entry("e2", state="verified", verified_by="clerk01", verified_at=AT)
    with pytest.raises(psycopg.errors.CheckViolation, match="second_person"), store.unit() as unit:
        register.keep_entry(unit, born_verified, [1])


@pytest.mark.requirement("R-276")
def test_a_record_can_only_stand_on_a_verified_entry(database):
    store = database("registry")
    with store.unit() as unit:
        register.keep_entry(unit, entry(), [1])
    with pytest.raises(psycopg.errors.ForeignKeyViolation), store.unit() as unit:
        write(unit, row())
    with store.unit() as unit:
        verified(unit, "e2")
        write(unit, row(), "e2")
        assert register.resident(unit, 1).version == 1


def many(versions, residents, entry_id="e1"):
    def copy(unit):
        rows = [row(number, householder=False) for number in versions]
        extract.copy_records(unit, rows, entry_id=entry_id, legal_days=[DAY] * len(rows), recorded_at=AT)
        unit.cursor.execute(
            "update register.resident set version = 2 where addressee_number = any(%s)", (residents,)
        )

    return copy


@pytest.mark.parametrize("there", [0, 3_000])
@pytest.mark.requirement("R-276")
def test_a_record_stands_on_a_version_of_its_own_however_many_come_at_once(database, there):
    store = database("registry")
    with store.unit() as unit:
        verified(unit)
        if there:
            many(range(1, there + 1), [])(unit)
    with pytest.raises(psycopg.errors.ForeignKeyViolation, match="version"), store.unit() as unit:
        many(range(5_001, 5_101), [5_050])(unit)
    with pytest.raises(psycopg.errors.ForeignKeyViolation, match="not verified"), store.unit() as unit:
        many(range(5_001, 5_101), [], "e9")(unit)
    with store.unit() as unit:
        assert register.counts(unit)[1] == there


@pytest.mark.parametrize(
    "statement",
    [
        "delete from register.entry",
        "truncate register.entry cascade",
        "update register.entry set id = 'e9'",
        "delete from register.resident_version",
        "truncate register.resident_version",
        "update register.resident_version set version = 9",
        "update register.resident_version set addressee_number = 9",
    ],
)
def test_what_records_stand_on_is_not_removed_even_by_the_databases_owner(fresh_dsn, statement):
    addresses = fresh_dsn("registry")
    store = Store(addresses["app"], pool_connections=1)
    with store.unit() as unit:
        verified(unit)
        write(unit, row())
    store.close()
    with psycopg.connect(addresses["admin"]) as owner, pytest.raises(psycopg.errors.ForeignKeyViolation):
        owner.execute(statement)


def test_many_at_once_are_kept_as_one_by_one(database):
    one_by_one, at_once = database("registry"), database("registry")
    odd = {
        "kanji": "邊\U000e0103見　\\N\t太郎",
        "kana": "",
        "code": None,
        "body": '{"a": "\\\\ \\n ' + "高" * 2_000 + '"}',
    }
    rows = [row(1, **odd), row(2, due_on=DAY), row(3, living=False, household_number=2**40)]
    with one_by_one.unit() as unit:
        verified(unit)
        for one in rows:
            write(unit, one)
    with at_once.unit() as unit:
        verified(unit)
        extract.copy_records(unit, rows, entry_id="e1", legal_days=[DAY] * 3, recorded_at=AT)
    found = []
    for store in (one_by_one, at_once):
        with store.unit() as unit:
            query = "select r::text, v::text from register.resident r join register.resident_version v using (addressee_number) order by 1"
            found.append(unit.cursor.execute(query).fetchall())
    assert len(found[0]) == 3
    assert found[0] == found[1]


def test_a_decision_is_final(database):
    store = database("registry")
    with store.unit() as unit:
        verified(unit)
        assert not register.decide_entry(
            unit, "e1", state="rejected", decided_by="check02", decided_at=AT, outcome=""
        )
    with pytest.raises(psycopg.errors.CheckViolation), store.unit() as unit:
        unit.cursor.execute(
            "update register.entry set state = 'entered', verified_by = null, verified_at = null"
        )


@pytest.mark.parametrize(
    "statement",
    [
        "update register.entry set body = '{\"a\": 1}'",
        "update register.entry set entered_by = 'somebody'",
        "update register.resident_version set body = '{}'",
        "delete from register.resident_version",
        "delete from register.resident",
        "delete from register.entry",
        "update register.correction_permit set permitted_by = 'x'",
    ],
)
def test_the_application_cannot_rewrite_what_was_written(database, statement):
    store = database("registry")
    with store.unit() as unit:
        verified(unit)
        write(unit, row())
    with pytest.raises(psycopg.errors.InsufficientPrivilege), store.unit() as unit:
        unit.cursor.execute(statement)


def test_a_household_with_two_householders_is_refused_when_the_change_is_whole(database):
    store = database("registry")
    with store.unit() as unit:
        verified(unit, people=(1, 2))
        write(unit, row(1))
        write(unit, row(2))
    # Changing places within one unit is allowed in any order.
    with store.unit() as unit:
        verified(unit, "e2")
        write(unit, row(2, 2, householder=True), "e2")
        write(unit, row(1, 2, householder=False), "e2")
    with pytest.raises(psycopg.errors.ExclusionViolation), store.unit() as unit:
        change(unit, row(1, 3, householder=True), "e3")
    with store.unit() as unit:
        verified(unit, "e4")
        write(unit, row(3, living=False, householder=True), "e4")


def test_one_code_belongs_to_one_record(database):
    store = database("registry")
    with store.unit() as unit:
        verified(unit)
        write(unit, row())
    with pytest.raises(psycopg.errors.UniqueViolation), store.unit() as unit:
        change(unit, row(2, code="code1", household_number=2), "e2")


def test_a_version_cannot_be_skipped_or_written_twice(database):
    store = database("registry")
    with store.unit() as unit:
        verified(unit)
        write(unit, row())
        verified(unit, "e2")
        write(unit, row(1, 3), "e2")
        assert register.resident(unit, 1).version == 1
    with pytest.raises(psycopg.errors.UniqueViolation), store.unit() as unit:
        change(unit, row(1, 1), "e3")


def test_search_keys_are_beginnings_and_the_removed_are_left_out(database):
    store = database("registry")
    with store.unit() as unit:
        verified(unit)
        write(unit, row(1))
        write(unit, row(2, kana="カクウハナコ", birth="1980-02-02", household_number=1))
        write(unit, row(3, kana="カケ", household_number=3))
        write(unit, row(4, living=False, household_number=4))

    def found(**keys):
        with store.reading() as unit:
            return [
                one.addressee_number for one in register.search(unit, register.SearchKeys(**keys), limit=9)
            ]

    assert found(kana="カクウ") == [1, 2]
    assert found(kana="カクウ", include_removed=True) == [1, 4, 2]
    assert found(kana="カクウ", birth="1980-02-02") == [2]
    assert found(kanji="架", address="架空町", household_number=3) == [3]
    assert found() == []
    with store.reading() as unit:
        assert len(register.search(unit, register.SearchKeys(kana="カ"), limit=2)) == 2


def test_a_birth_of_which_a_part_is_unknown_is_searched_by_its_beginning(database):
    store = database("registry")
    days = ("1970-03-10", "1970-03-00", "1970-04-01", "1970-00-00", "0000-00-00", "1971-03-10")
    with store.unit() as unit:
        verified(unit)
        for number, birth in enumerate(days, 1):
            write(unit, row(number, birth=birth, household_number=number))

    def found(born):
        with store.reading() as unit:
            keys = register.SearchKeys(kana="カクウ", birth=born.search_key())
            return {days[one.addressee_number - 1] for one in register.search(unit, keys, limit=9)}

    assert found(PartialDate(1970, 3, 10)) == {"1970-03-10"}
    assert found(PartialDate(1970, 3, None)) == {"1970-03-10", "1970-03-00"}
    assert found(PartialDate(1970, None, None)) == {day for day in days if day.startswith("1970")}
    assert found(PartialDate(None, None, None)) == {"0000-00-00"}


def test_people_are_read_with_the_living_of_their_household(database):
    store = database("registry")
    with store.unit() as unit:
        verified(unit)
        write(unit, row(1))
        write(unit, row(2))
        write(unit, row(3, living=False))
        write(unit, row(4, household_number=4, householder=True))

    def read(**what):
        with store.reading() as unit:
            return [one.addressee_number for one in register.load_people(unit, **what)]

    assert read(people=[2]) == [1, 2]
    assert read(people=[3]) == [1, 2, 3]
    assert read(codes=["code1"]) == [1, 2]
    assert read(households=[4]) == [4]
    assert read() == []
    with store.reading() as unit:
        assert register.counts(unit) == (3, 4, 2)


def test_due_movers_are_listed_until_their_record_is_struck(database):
    store = database("registry")
    with store.unit() as unit:
        verified(unit)
        write(unit, row(1, due_on=DAY))
        assert processing.due_movers(unit, on=DAY, limit=5) == [(1, 1)]
        assert processing.due_movers(unit, on=date(2026, 11, 19), limit=5) == []
        verified(unit, "e2")
        write(unit, row(1, 2, due_on=None, living=False), "e2")
        assert processing.due_movers(unit, on=DAY, limit=5) == []


def test_copied_text_may_hold_anything_but_a_line(database):
    store = database("registry")
    body = '{"a":"\\\\ \\t tab \\n"}'
    nasty = row(1, kanji="\\N\\.架空", body=body)
    with store.unit() as unit:
        verified(unit)
        extract.copy_records(unit, [nasty], entry_id="e1", legal_days=[DAY], recorded_at=AT)
        assert register.resident(unit, 1).body == body
        assert register.resident_by_code(unit, "code1").version == 1
        assert [
            one.addressee_number for one in register.search(unit, register.SearchKeys(kanji="\\N"), limit=1)
        ] == [1]
