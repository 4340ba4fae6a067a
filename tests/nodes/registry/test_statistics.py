"""What the database counts is what the law counts over the same records and entries, on whatever day it is asked."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.nodes.registry.conftest import AT_COUNTER, HERE
from tests.rules.register.conftest import record

from daicho.nodes.clock import JAPAN, FixedClock
from daicho.nodes.registry.bodies import entry_body, read_entry, read_record, resident_row
from daicho.nodes.registry.corrections import permit_correction
from daicho.nodes.registry.counter import EntryView, enter, verify_entry
from daicho.nodes.registry.statistics import Balance, Population, balance_of, population_on
from daicho.rules.law.refusal import Reason
from daicho.rules.people.age import ages_on
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.sex import Sex
from daicho.rules.register.birth import BirthEntry
from daicho.rules.register.cancellation import Cancellation
from daicho.rules.register.changes import Entry
from daicho.rules.register.correction import Correction
from daicho.rules.register.death import DeathEntry
from daicho.rules.register.ex_officio import ExOfficioStrike
from daicho.rules.register.move_within import MoveWithinNotice
from daicho.rules.register.reasons import ChangeKind, ChangeReason
from daicho.rules.register.record import ForeignItems, Removal, ResidentKind
from daicho.rules.register.statistics import (
    CountedBy,
    CountedSpan,
    HouseholdCount,
    Movement,
    PopulationCell,
    count_changes,
    count_register,
)
from daicho.store import register

RECORDED, LEGAL_DAY = CountedBy.RECORDED, CountedBy.LEGAL_DAY
FOREIGN = {
    "resident_kind": ResidentKind.FOREIGN,
    "foreign": ForeignItems(date(2012, 7, 9), "ブラジル", "中長期在留者"),
}
START = date(2026, 11, 20)
BIRTHS = (
    PartialDate(1926, 11, 20), PartialDate(1926, 11, 21), PartialDate(2021, 11, 22), PartialDate(2020, 2, 29),
    PartialDate(2026, 11, 22), PartialDate(1971, None, None), PartialDate(1971, 11, None), PartialDate(None, 5, 1),
    PartialDate(None, None, None),
)  # fmt: skip


class Town:
    """The counter, its days, and what a list in memory says of them."""

    def __init__(self, counter):
        self.counter, self.node = counter, counter.node

    @property
    def today(self):
        return self.node.clock.business_today()

    def sleep(self, days=1):
        self.node.clock.move(timedelta(days=days))

    def file(self, notice, reception=AT_COUNTER):
        entered = enter(
            self.node, self.counter.clerk, notice, draw_codes=self.counter.draw, reception=reception
        )
        assert isinstance(entered, EntryView), entered
        verified = verify_entry(self.node, self.counter.checker, entered.entry_id)
        assert isinstance(verified, EntryView), verified
        return verified

    def population(self, on, by=RECORDED):
        found = population_on(self.node, self.counter.clerk, on, by, terminal="t1")
        assert isinstance(found, Population), found
        return found

    def balance(self, first, last, by=RECORDED):
        found = balance_of(self.node, self.counter.clerk, CountedSpan(first, last), by, terminal="t1")
        assert isinstance(found, Balance), found
        return found

    def versions(self):
        with self.node.store.unit() as unit:
            rows = unit.execute(
                "select addressee_number, version, change_date, recorded_at, body::text"
                " from register.resident_version order by 1, 2"
            ).fetchall()
        return [(*row[:4], read_record(row[4])) for row in rows]

    def records_on(self, on, by):
        """The records of a day, from every version, one after the other."""
        midnight = datetime(on.year, on.month, on.day, tzinfo=JAPAN) + timedelta(days=1)
        newest = {
            number: kept
            for number, _, legal_day, recorded_at, kept in self.versions()
            if ((recorded_at < midnight) if by is RECORDED else (legal_day <= on))
        }
        return sorted(newest.values(), key=lambda one: one.household_number)

    def entries(self, by):
        with self.node.store.unit() as unit:
            rows = unit.execute(
                "select verified_at, body::text from register.entry where state = 'verified'"
            ).fetchall()
        read = [(at.astimezone(JAPAN).date(), read_entry(body)) for at, body in rows]
        return [(day if by is RECORDED else entry.legal_day, entry) for day, entry in read]


@pytest.fixture
def town(counter):
    return Town(counter)


def agree(town, first, last):
    """Ask the database for every day, and once for all of them, and compare."""
    for by in CountedBy:
        day = first
        while day <= last:
            counted = count_register(town.records_on(day, by), day)
            found = town.population(day, by)
            assert found.counted == counted
            by_age = Counter()
            for one in town.records_on(day, by):
                if one.living:
                    ages = ages_on(one.birth_date, day)
                    known = ages is not None and (ages.youngest == ages.oldest or ages.youngest >= 100)
                    age = min(ages.youngest, 100) if known else None
                    by_age[one.resident_kind, one.sex, age] += 1
            assert found.ages == by_age
            day += timedelta(days=1)
        span = CountedSpan(first, last)
        found = town.balance(first, last, by)
        assert found.changes == count_changes(town.entries(by), span)
        assert found.closing == count_register(town.records_on(last, by), last)
        assert found.opening == count_register(
            town.records_on(first - timedelta(days=1), by), first - timedelta(days=1)
        )


@pytest.mark.requirement("R-441")
def test_a_town_is_counted_as_the_law_counts_it(town, move_in, comer):
    """Everything that changes a count once, some of it late, some of it undone."""
    grandfather = replace(comer(1), birth_date=PartialDate(1926, 11, 21))
    wife = replace(comer(2, "妻"), sex=Sex.FEMALE)
    family = town.file(move_in(grandfather, wife, comer(3, "子"))).entry.after
    town.sleep()
    japanese = replace(wife, birth_date=PartialDate(1971, None, None))
    stranger = town.file(move_in(comer(4, **FOREIGN), japanese)).entry.after
    town.sleep()
    baby = replace(comer(6, "子"), birth_date=PartialDate.of(town.today))
    household = family[0].household_number
    town.file(BirthEntry(baby, household, town.today, town.today), None)
    moved = town.file(MoveWithinNotice(
        (family[1].addressee_number,), replace(HERE, block="9番"), town.today, town.today,
    ))  # fmt: skip
    town.sleep()
    town.file(DeathEntry(family[2].addressee_number, town.today - timedelta(days=2), town.today), None)
    struck = town.file(
        ExOfficioStrike(
            (stranger[0].addressee_number,), ChangeReason.STRUCK_OTHER, town.today, town.today, "不現住"
        ),
        None,
    )
    town.sleep()
    town.file(Cancellation(struck.entry_id, town.today, "誤り"), None)
    town.file(Cancellation(moved.entry_id, town.today, "誤り"), None)
    agree(town, START - timedelta(days=12), town.today)
    now = town.population(town.today).counted
    assert now.total() == 5
    assert now.households == HouseholdCount(japanese=1, foreign=0, mixed=1)
    assert now.people[PopulationCell(ResidentKind.JAPANESE, Sex.FEMALE, None)] == 1
    found = town.balance(START, town.today)
    assert (found.opening.total(), found.closing.total(), dict(found.differences)) == (0, 5, {})
    assert {one: found.changes.of(one) for one in Movement if found.changes.of(one)} == {
        Movement.MOVE_IN: 5, Movement.BIRTH: 1, Movement.DEATH: 1, Movement.OTHER_OUT: 1, Movement.OTHER_IN: 1,
    }  # fmt: skip


@pytest.mark.requirement("R-441")
def test_what_was_counted_is_counted_so_for_ever(town, move_in, comer):
    first = town.file(move_in(comer(1), comer(2, "子"))).entry.after
    on = town.today
    then = town.population(on), town.balance(on, on)
    town.sleep()
    town.file(DeathEntry(first[1].addressee_number, on, town.today), None)
    assert (town.population(on), town.balance(on, on)) == then
    assert town.population(on, LEGAL_DAY).counted.total() == 1, "as it is known by now"


def test_the_day_ends_at_midnight_in_japan(town, move_in, comer):
    clock = town.node.clock
    clock.instant = datetime(2026, 11, 20, 23, 59, 59, tzinfo=JAPAN)
    town.file(move_in(comer(1)))
    clock.move(timedelta(seconds=1))
    town.file(move_in(comer(2)))
    assert [town.population(START + timedelta(days=one)).counted.total() for one in (-1, 0, 1)] == [0, 1, 2]
    assert town.balance(START, START).changes.of(Movement.MOVE_IN) == 1


def test_an_import_is_no_moving_in(town, move_in, comer):
    record = town.file(move_in(comer(1))).entry.after[0]
    town.sleep()
    with town.node.store.unit() as unit:
        entry = register.EntryRow(
            "i", "IMPORT", "NOT_REPORTED", town.today, town.today, "a", town.node.clock.now(), body='{"subjects":[]}',
            verified_by="b", verified_at=town.node.clock.now(), state="verified",
        )  # fmt: skip
        register.keep_entry(unit, entry, ())
        other = replace(record, addressee_number=900, household_number=900, resident_record_code=None)
        register.write_records(
            unit, [register.NewVersion(resident_row(other, 1), "i", town.today, town.node.clock.now())]
        )
    found = town.balance(town.today, town.today)
    assert (found.opening.total(), found.closing.total()) == (1, 2)
    assert found.imported == {(ResidentKind.JAPANESE, Sex.MALE): 1}
    assert (found.changes.moves, found.differences) == ({}, {})


def test_what_does_not_add_up_is_shown(town, move_in, comer):
    """A sex is corrected from a day on, and then it turns out that the person had died before: the legal days cross."""
    person = town.file(move_in(comer(1), comer(2, "子"))).entry.after[1].addressee_number
    town.sleep(3)
    permit = permit_correction(town.node, town.counter.officer, person, "性別の誤記")
    town.file(Correction(person, town.today, permit.permit_id, "性別の誤記", sex=Sex.FEMALE), None)
    town.sleep()
    town.file(DeathEntry(person, START, town.today), None)
    agree(town, START, town.today)
    before, between = START - timedelta(days=20), START + timedelta(days=1)
    assert town.balance(before, between, LEGAL_DAY).differences == {
        (ResidentKind.JAPANESE, Sex.MALE): -1, (ResidentKind.JAPANESE, Sex.FEMALE): 1,
    }  # fmt: skip
    assert town.balance(before, town.today, LEGAL_DAY).differences == {}
    assert town.balance(before, between).differences == {}


STEP = st.tuples(
    st.integers(1, 4),  # whose record
    st.integers(1, 3),  # household
    st.booleans(),  # living
    st.booleans(),  # foreign
    st.sampled_from(Sex),
    st.sampled_from(BIRTHS),
    st.integers(0, 2),  # days since the step before
    st.integers(0, 4),  # days by which the notice is late
    st.sampled_from(ChangeReason),
    st.booleans(),  # the reason speaks of this person
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(STEP, min_size=1, max_size=12))
def test_any_history_is_counted_as_the_law_counts_it(counter, database, steps):
    town = Town(counter)
    town.node = replace(
        counter.node, store=database("registry"), clock=FixedClock(counter.node.clock.instant)
    )
    with town.node.store.unit() as unit:
        standing = {}
        for place, (who, household, living, foreign, sex, birth, days, late, reason, named) in enumerate(
            steps
        ):
            town.sleep(days)
            version, before = standing.get(who, (0, ()))
            gone = None if living else Removal(reason, town.today, town.today)
            items = FOREIGN if foreign else {}
            after = record(who, household, "子", sex=sex, birth_date=birth, removal=gone, **items)
            legal_day, subjects = town.today - timedelta(days=late), (who,) if named else ()
            entry = Entry(ChangeKind.CORRECTION, reason, legal_day, town.today, before, (after,), subjects)
            at = town.node.clock.now()
            row = register.EntryRow(
                f"e{place}", entry.kind.value, reason.value, legal_day, town.today, "a", at, entry_body(entry),
                verified_by="b", verified_at=at, state="verified",
            )  # fmt: skip
            register.keep_entry(unit, row, [who])
            written = register.NewVersion(resident_row(after, version + 1), row.id, legal_day, at)
            register.write_records(unit, [written])
            standing[who] = (version + 1, (after,))
    agree(town, START - timedelta(days=4), town.today)
    assert town.balance(START, town.today).differences == {}


def test_only_who_may_is_shown_and_it_is_written_down(town):
    counter = town.counter
    refused = population_on(town.node, counter.checker, START, RECORDED)
    assert refused.reason is Reason.NOT_PERMITTED
    assert (
        balance_of(town.node, counter.officer, CountedSpan.of_day(START), RECORDED).reason
        is Reason.NOT_PERMITTED
    )
    assert counter.lines() == []
    assert isinstance(population_on(town.node, counter.admin, START, RECORDED), Population)
    town.balance(START, START)
    assert counter.lines() == [
        ("register:statistics:shown", "admin01", ""), ("register:statistics:shown", "clerk01", ""),
    ]  # fmt: skip


def test_days_to_come_and_periods_that_end_before_they_begin_are_refused(town):
    tomorrow, yesterday = town.today + timedelta(days=1), town.today - timedelta(days=1)
    assert population_on(town.node, town.counter.clerk, tomorrow, RECORDED).reason is Reason.DATE_IN_FUTURE
    for first, last, reason in (
        (yesterday, tomorrow, Reason.DATE_IN_FUTURE), (town.today, yesterday, Reason.DATE_ORDER),
    ):  # fmt: skip
        found = balance_of(town.node, town.counter.clerk, CountedSpan(first, last), RECORDED)
        assert found.reason is reason
