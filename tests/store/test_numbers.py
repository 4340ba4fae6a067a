"""Individual numbers given twice, read by the wrong role, or lost."""

import hashlib
from collections.abc import Callable
from datetime import date

import psycopg
import pytest

from daicho.rules.people.codes import ResidentRecordCode, with_check_digit
from daicho.store import numbers
from daicho.store.numbers import NumberHeld, SealedNumber
from daicho.store.unit import Store

DAY = date(2026, 11, 20)
Database = Callable[[str], Store]


def code_of(number: int) -> ResidentRecordCode:
    return ResidentRecordCode(with_check_digit(f"{number:010d}"))


def sealed(person: int, number: int) -> SealedNumber:
    lookup = hashlib.sha256(b"lookup %d" % number).digest()
    return SealedNumber(code_of(person), b"sealed %d" % number, lookup, DAY)


@pytest.mark.requirement("F2-13")
@pytest.mark.parametrize("kind", ["REGISTRY", "CS", "PREFECTURE", "NATIONAL"])
def test_kept_number_is_found_both_ways(database: Database, kind: str) -> None:
    store = database(kind)
    with store.unit() as unit, unit.as_number_keeper():
        assert numbers.keep_number(unit, sealed(1, 1))
        assert numbers.keep_number(unit, sealed(1, 1))
    with store.unit() as unit, unit.as_number_keeper():
        assert numbers.code_of_lookup(unit, sealed(1, 1).lookup) == code_of(1)
        assert numbers.code_of_lookup(unit, sealed(1, 2).lookup) is None
        assert numbers.sealed_of(unit, [code_of(1), code_of(2)]) == {code_of(1): b"sealed 1"}
        assert numbers.lookups_of(unit, [code_of(1)]) == {code_of(1): sealed(1, 1).lookup}
        assert numbers.how_many(unit) == 1


def test_number_that_somebody_has_is_not_given_again(database: Database) -> None:
    store = database("NATIONAL")
    with store.unit() as unit, unit.as_number_keeper():
        assert numbers.keep_number(unit, sealed(1, 1))
        assert not numbers.keep_number(unit, sealed(2, 1))
        assert numbers.keep_number(unit, sealed(2, 2))
        with pytest.raises(NumberHeld):
            numbers.keep_number(unit, sealed(1, 3))


def test_former_number_stays_taken_after_a_change(database: Database) -> None:
    store = database("NATIONAL")
    with store.unit() as unit, unit.as_number_keeper():
        numbers.keep_number(unit, sealed(1, 1))
        assert numbers.change_number(unit, sealed(1, 2))
        assert numbers.change_number(unit, sealed(1, 2))
        assert numbers.sealed_of(unit, [code_of(1)]) == {code_of(1): b"sealed 2"}
        assert numbers.code_of_lookup(unit, sealed(1, 1).lookup) is None
        assert not numbers.keep_number(unit, sealed(2, 1))
        assert not numbers.keep_number(unit, sealed(1, 1))
        assert not numbers.change_number(unit, sealed(1, 1))
        assert numbers.sealed_of(unit, [code_of(1)]) == {code_of(1): b"sealed 2"}


def test_many_numbers_name_those_that_cannot_be_kept(database: Database) -> None:
    store = database("CS")
    with store.unit() as unit, unit.as_number_keeper():
        numbers.keep_number(unit, sealed(9_999, 5))
        wanted = [sealed(person, person) for person in range(6_000)]
        assert numbers.keep_numbers(unit, wanted, all_or_none=True) == [code_of(5)]
        assert numbers.how_many(unit) == 1
        assert numbers.keep_numbers(unit, wanted) == [code_of(5)]
        assert numbers.keep_numbers(unit, wanted) == [code_of(5)]
        assert numbers.how_many(unit) == 6_000


def test_who_comes_twice_in_many_numbers_is_noticed_however_far_apart(database: Database) -> None:
    store = database("CS")
    with store.unit() as unit, unit.as_number_keeper():
        many = [sealed(person, person) for person in range(1, 6_000)]
        wanted = [*many, sealed(1, 7_001), sealed(7_002, 2), sealed(7_003, 7_003), many[0]]
        assert numbers.keep_numbers(unit, wanted) == [code_of(1), code_of(7_002)]
        assert numbers.how_many(unit) == 6_000


def test_of_many_numbers_no_person_gets_a_second_one_and_no_number_a_second_person(
    database: Database,
) -> None:
    store = database("CS")
    with store.unit() as unit, unit.as_number_keeper():
        assert numbers.change_number(unit, sealed(1, 1))
        assert numbers.change_number(unit, sealed(1, 2))
    with store.unit() as unit, unit.as_number_keeper():
        wanted = [
            sealed(2, 1),
            sealed(1, 3),
            sealed(3, 4),
            sealed(3, 4),
            sealed(3, 5),
            sealed(4, 4),
            sealed(1, 2),
        ]
        assert numbers.keep_numbers(unit, wanted) == [code_of(2), code_of(1), code_of(3), code_of(4)]
        codes = [code_of(person) for person in range(5)]
        assert numbers.sealed_of(unit, codes) == {code_of(1): b"sealed 2", code_of(3): b"sealed 4"}


@pytest.mark.requirement("R-044")
@pytest.mark.parametrize("statement", ["SELECT sealed", "SELECT lookup", "SELECT count(*)"])
def test_application_sees_no_number_without_stepping_into_the_role(
    database: Database, statement: str
) -> None:
    store = database("CS")
    for door in (store.unit, store.reading):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), door() as unit:
            unit.cursor.execute(f"{statement} FROM numbers.individual_number")


def test_reader_cannot_step_into_the_role(database: Database) -> None:
    store = database("CS")
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        store.reading() as unit,
        unit.as_number_keeper(),
    ):
        numbers.how_many(unit)


def test_role_is_left_again_at_the_end_of_the_block(database: Database) -> None:
    store = database("CS")
    with store.unit() as unit:
        with unit.as_number_keeper():
            numbers.how_many(unit)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            numbers.how_many(unit)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM numbers.individual_number",
        "TRUNCATE numbers.individual_number",
        "UPDATE numbers.individual_number SET sealed = 'x'",
        "UPDATE numbers.individual_number SET lookup = sealed",
        "SELECT 1 FROM identity.record",
    ],
)
def test_number_keeper_cannot_delete_rewrite_or_read_names(database: Database, statement: str) -> None:
    store = database("CS")
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        store.unit() as unit,
        unit.as_number_keeper(),
    ):
        unit.cursor.execute(statement)


def test_what_is_sealed_changes_only_together_with_whose_it_is(database: Database) -> None:
    store = database("CS")
    with store.unit() as unit, unit.as_number_keeper():
        numbers.keep_number(unit, sealed(1, 1))
        numbers.follow_codes(unit, {code_of(1): code_of(1)}, lambda *_: b"rewritten")
        assert numbers.sealed_of(unit, [code_of(1)]) == {code_of(1): b"sealed 1"}
        numbers.follow_codes(unit, {code_of(1): code_of(2), code_of(3): code_of(4)}, lambda *_: b"anew")
        assert numbers.sealed_of(unit, [code_of(1), code_of(2), code_of(4)]) == {code_of(2): b"anew"}
        assert numbers.code_of_lookup(unit, sealed(1, 1).lookup) == code_of(2)
