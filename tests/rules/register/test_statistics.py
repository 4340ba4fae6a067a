"""The counts of a day, a period and a year add up, whatever happened."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.rules.register.conftest import DAY, HERE, Town, arriving, record
from tests.rules.register.test_any_history import START, STEP, _notice

from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.sex import Sex
from daicho.rules.register.birth import BirthEntry
from daicho.rules.register.cancellation import Cancellation
from daicho.rules.register.changes import Entry
from daicho.rules.register.correction import Correction
from daicho.rules.register.death import DeathEntry
from daicho.rules.register.ex_officio import ExOfficioEntry, ExOfficioStrike
from daicho.rules.register.move_in import MoveInFromAbroad, MoveInNotice
from daicho.rules.register.move_out import MoveOutNotice
from daicho.rules.register.move_within import MoveWithinNotice
from daicho.rules.register.reasons import ChangeReason
from daicho.rules.register.record import ForeignItems, Removal, ResidentKind
from daicho.rules.register.statistics import (
    CountedSpan,
    HouseholdCount,
    Movement,
    MovementCell,
    PopulationCell,
    age_group,
    count_changes,
    count_register,
    unexplained,
)

AWAY = MunicipalityCode("01202")
JAPANESE, FOREIGN = ResidentKind.JAPANESE, ResidentKind.FOREIGN
_ITEMS = ForeignItems(date(2012, 7, 9), "ブラジル", "中長期在留者")
ABROAD = {"resident_kind": FOREIGN, "foreign": _ITEMS}
GONE = {"removal": Removal(ChangeReason.MOVE_OUT, DAY, DAY)}


def in_order(records):
    return sorted(records, key=lambda one: one.household_number)


@pytest.mark.parametrize(
    ("birth", "group"),
    [
        (PartialDate(2026, 1, 1), 0),
        (PartialDate(2021, 11, 21), 0),
        (PartialDate(2021, 11, 20), 5),
        (PartialDate(1926, 11, 21), 95),
        (PartialDate(1926, 11, 20), 100),
        (PartialDate(1890, 1, 1), 100),
        (PartialDate(1969, None, None), 55),  # 56 or 57
        (PartialDate(1971, None, None), None),  # 54 or 55
        (PartialDate(None, None, None), None),
    ],
)
def test_people_stand_in_the_group_of_their_age_on_the_day(birth, group):
    assert age_group(birth, DAY) == group


def test_a_day_is_counted_by_sex_age_and_nationality():
    counted = count_register(
        (
            record(1, 1),
            record(2, 1, "夫", sex=Sex.MALE, birth_date=PartialDate(1976, 11, 20)),
            record(3, 1, "子", birth_date=PartialDate(None, None, None)),
            record(4, 1, "父", **GONE),
            record(5, 5, **ABROAD),
            record(6, 6, **ABROAD),
            record(7, 6, "夫", sex=Sex.MALE),
            record(8, 8, **GONE),
        ),
        DAY,
    )
    assert counted.counted_on == DAY
    assert counted.people == {
        PopulationCell(JAPANESE, Sex.FEMALE, 45): 1,
        PopulationCell(JAPANESE, Sex.MALE, 50): 1,
        PopulationCell(JAPANESE, Sex.FEMALE, None): 1,
        PopulationCell(JAPANESE, Sex.MALE, 45): 1,
        PopulationCell(FOREIGN, Sex.FEMALE, 45): 2,
    }
    assert counted.households == HouseholdCount(japanese=1, foreign=1, mixed=1)
    assert counted.households.total == 3
    totals = (
        counted.total(),
        counted.total(FOREIGN),
        counted.total(sex=Sex.MALE),
        counted.total(FOREIGN, Sex.MALE),
    )
    assert totals == (6, 2, 2, 0)  # fmt: skip


def test_nobody_lives_in_an_empty_town():
    counted = count_register((), DAY)
    assert (counted.total(), counted.households.total) == (0, 0)


def test_a_household_that_comes_twice_is_not_counted_twice_unseen():
    with pytest.raises(ValueError, match="order"):
        count_register((record(1, 1), record(2, 2), record(3, 1, "子")), DAY)


def test_records_may_stream_by_and_are_read_once():
    read = []

    def stream():
        for number in range(1, 2_001):
            read.append(number)
            yield record(number, number // 2)

    assert count_register(stream(), DAY).total() == 2_000
    assert len(read) == 2_000


def _filed(town, *notices):
    entries = []
    for notice in notices:
        entry = town.file(notice)
        assert isinstance(entry, Entry), entry
        entries.append((DAY, entry))
    return entries


@pytest.mark.parametrize(
    ("notice", "movement"),
    [
        (BirthEntry(arriving(1, "子", birth_date=PartialDate.of(DAY)), 1, DAY, DAY), Movement.BIRTH),
        (DeathEntry(2, DAY, DAY), Movement.DEATH),
        (MoveInNotice((arriving(1),), HERE, DAY, DAY, "函館市", AWAY), Movement.MOVE_IN),
        (MoveInFromAbroad((arriving(1),), HERE, DAY, DAY, "ブラジル"), Movement.MOVE_IN_FROM_ABROAD),
        (MoveOutNotice((2,), DAY, DAY, "函館市", AWAY), Movement.MOVE_OUT),
        (MoveOutNotice((2,), DAY, DAY, "ブラジル", abroad=True), Movement.MOVE_OUT_ABROAD),
        (
            ExOfficioEntry((arriving(1),), HERE, ChangeReason.ENTERED_NATURALISED, DAY, DAY, "帰化"),
            Movement.NATIONALITY_IN,
        ),
        (
            ExOfficioStrike((2,), ChangeReason.STRUCK_NATIONALITY_LOST, DAY, DAY, "国籍喪失"),
            Movement.NATIONALITY_OUT,
        ),
        (
            ExOfficioEntry((arriving(1),), HERE, ChangeReason.ENTERED_OTHER, DAY, DAY, "就籍"),
            Movement.OTHER_IN,
        ),
        (ExOfficioStrike((2,), ChangeReason.STRUCK_OTHER, DAY, DAY, "不現住"), Movement.OTHER_OUT),
    ],
    ids=[one.value for one in Movement],
)
def test_each_reason_has_its_column(family, notice, movement):
    counted = count_changes(_filed(family, notice), CountedSpan.of_day(DAY))
    assert [(cell.movement, count) for cell, count in counted.moves.items()] == [(movement, 1)]
    assert counted.of(movement) == counted.of(movement, JAPANESE) == 1
    assert counted.of(movement, FOREIGN) == 0
    natural = {Movement.BIRTH: 1, Movement.DEATH: -1}.get(movement, 0)
    grows = movement in (
        Movement.BIRTH, Movement.MOVE_IN, Movement.MOVE_IN_FROM_ABROAD, Movement.NATIONALITY_IN, Movement.OTHER_IN,
    )  # fmt: skip
    assert counted.natural() == natural
    assert counted.natural() + counted.social() == (1 if grows else -1)


def test_who_only_moves_within_or_is_renamed_changes_no_count(family):
    within = MoveWithinNotice((2,), replace(HERE, block="9番"), DAY, DAY)
    assert count_changes(_filed(family, within), CountedSpan.of_day(DAY)).moves == {}


def test_a_scheduled_mover_is_counted_when_struck_and_not_before(family):
    notice = MoveOutNotice((2,), DAY + timedelta(days=7), DAY, "函館市", AWAY)
    assert count_changes(_filed(family, notice), CountedSpan.of_day(DAY)).moves == {}


def test_a_corrected_sex_moves_from_one_column_to_the_other(family):
    correction = Correction(2, DAY, "許可1", "転記の誤り", sex=Sex.MALE)
    counted = count_changes(_filed(family, correction), CountedSpan.of_day(DAY))
    assert counted.moves == {
        MovementCell(Movement.OTHER_OUT, JAPANESE, Sex.FEMALE): 1,
        MovementCell(Movement.OTHER_IN, JAPANESE, Sex.MALE): 1,
    }
    assert (counted.net(JAPANESE, Sex.MALE), counted.net(JAPANESE, Sex.FEMALE)) == (1, -1)
    assert counted.social() == 0


def test_a_cancelled_entry_is_made_good_and_not_forgotten(family):
    moved_in = MoveInNotice((arriving(1),), replace(HERE, block="9番"), DAY, DAY, "函館市", AWAY)
    counted = count_changes(
        _filed(family, moved_in, Cancellation("e1", DAY, "届出の誤り")), CountedSpan.of_day(DAY)
    )
    assert counted.of(Movement.MOVE_IN) == counted.of(Movement.OTHER_OUT) == 1
    assert counted.social() == 0


def test_a_span_counts_both_its_ends_and_nothing_outside(family):
    (_, entry), *_ = _filed(family, DeathEntry(2, DAY, DAY))
    dated = [
        (date(2025, 12, 31), entry),
        (date(2026, 1, 1), entry),
        (date(2026, 12, 31), entry),
        (date(2027, 1, 1), entry),
    ]
    assert count_changes(dated, CountedSpan.of_year(2026)).of(Movement.DEATH) == 2
    assert "2026-01-01" not in CountedSpan.of_year(2026)  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(STEP, min_size=1, max_size=14), st.integers(0, 13), st.integers(0, 13))
def test_both_ends_and_the_changes_between_them_always_add_up(steps, one, other):
    town, entries, states = Town(), [], [()]
    for place, step in enumerate(steps):
        day = START + timedelta(days=place)
        notice = _notice(town, arriving, step, day)
        if notice is not None:
            entry = town.file(notice, day)
            if isinstance(entry, Entry):
                entries.append((day, entry))
        states.append(town.current())
    first, last = sorted((min(one, len(steps) - 1), min(other, len(steps) - 1)))
    span = CountedSpan(START + timedelta(days=first), START + timedelta(days=last))
    opening = count_register(in_order(states[first]), span.first_day - timedelta(days=1))
    closing = count_register(in_order(states[last + 1]), span.last_day)
    changes = count_changes(entries, span)
    assert unexplained(opening, changes, closing, {}) == {}
    assert closing.total() - opening.total() == changes.natural() + changes.social()
    by_day = Counter()
    for place in range(first, last + 1):
        by_day.update(count_changes(entries, CountedSpan.of_day(START + timedelta(days=place))).moves)
    assert dict(by_day) == changes.moves


def test_what_does_not_add_up_is_named():
    opening, closing = count_register((record(1),), DAY), count_register((record(1), record(2, 2)), DAY)
    nothing = count_changes((), CountedSpan.of_day(DAY))
    assert unexplained(opening, nothing, closing, {}) == {(JAPANESE, Sex.FEMALE): 1}
    assert unexplained(opening, nothing, closing, {(JAPANESE, Sex.FEMALE): 1}) == {}


PEOPLE = st.lists(
    st.tuples(st.integers(1, 4), st.sampled_from(Sex), st.booleans(), st.booleans(), st.dates(date(1920, 1, 1), DAY)),
    max_size=12,
)  # fmt: skip


@given(PEOPLE)
def test_nobody_is_counted_twice_and_nobody_is_missed(drawn):
    records = [
        record(
            place, household, sex=sex, birth_date=PartialDate.of(birth),
            **(ABROAD if abroad else {}), **(GONE if gone else {}),
        )
        for place, (household, sex, abroad, gone, birth) in enumerate(drawn, 1)
    ]  # fmt: skip
    counted = count_register(in_order(records), DAY)
    living = [one for one in records if one.living]
    assert counted.total() == len(living)
    assert counted.households.total == len({one.household_number for one in living})
    assert sum(counted.total(kind, sex) for kind in ResidentKind for sex in Sex) == len(living)
    assert all(cell.age_group % 5 == 0 for cell in counted.people)
