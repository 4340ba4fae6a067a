"""Whatever is filed, in whatever order: one living record per person, one householder per household."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daicho.rules.people.addresses import Address
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.names import PersonName
from daicho.rules.register.birth import BirthEntry
from daicho.rules.register.cancellation import Cancellation
from daicho.rules.register.changes import Entry
from daicho.rules.register.death import DeathEntry
from daicho.rules.register.household_change import HouseholdChangeNotice, HouseholderChange, HouseholdMove
from daicho.rules.register.move_in import MoveInNotice
from daicho.rules.register.move_out import MoveInReport, MoveOutDue, MoveOutNotice
from daicho.rules.register.move_within import MoveWithinNotice
from daicho.rules.register.name_change import NameCause, NameChangeEntry
from daicho.rules.register.numbering import CodeChange
from daicho.rules.register.record import HouseholdRelation

HOME = MunicipalityCode("13101")
ELSEWHERE = MunicipalityCode("01202")
START = date(2026, 4, 1)
PLACES = tuple(Address(HOME, f"架空町{n}丁目", "1番1号", "", "1000001", "") for n in range(3))
WORDS = ("妻", "子", "母", "縁故者", "世帯主")

KINDS = [
    "in",
    "back",
    "within",
    "out",
    "due",
    "report",
    "death",
    "birth",
    "name",
    "split",
    "join",
    "head",
    "code",
    "cancel",
]
STEP = st.tuples(
    st.sampled_from(KINDS),
    st.integers(0, 30),
    st.integers(0, 30),
    st.integers(1, 3),
    st.sampled_from(WORDS),
)


def _pick(items, place):
    items = list(items)
    return items[place % len(items)] if items else None


def _notice(town, comer, step, day):
    kind, one, two, size, word = step
    living = [r for r in town.current() if r.living]
    gone = [r for r in town.current() if not r.living]
    who = _pick(living, one)
    other = _pick(living, two)
    if kind == "in" or who is None:
        people = tuple(comer(n, word if n else "世帯主") for n in range(size))
        return MoveInNotice(people, PLACES[two % 3], day, day, "函館市", ELSEWHERE)
    if kind == "back":
        code = _pick(gone or living, one).resident_record_code
        person = comer(1, word, resident_record_code=code)
        return MoveInNotice(
            (person,), who.current_address, day, day, "函館市", None, household_number=who.household_number
        )
    mates = [r for r in living if r.household_number == who.household_number]
    group = tuple(r.addressee_number for r in mates[:size])
    told = tuple(HouseholdRelation(r.addressee_number, word) for r in living)
    successor = other.addressee_number
    if kind == "within":
        goal = other.household_number if two % 2 else None
        place = other.current_address if two % 2 else PLACES[two % 3]
        return MoveWithinNotice(group, place, day, day, goal, told, successor, told)
    if kind == "out":
        later = day + timedelta(days=two % 3)
        return MoveOutNotice(group, later, day, "函館市", ELSEWHERE, successor=successor, relations=told)
    if kind == "due":
        return MoveOutDue(tuple(r.addressee_number for r in living if r.scheduled_move_out)[:1])
    if kind == "report":
        return MoveInReport((who.resident_record_code,), day, day, ELSEWHERE, "函館市", successor, told)
    if kind == "death":
        return DeathEntry(who.addressee_number, day, day, successor, told)
    if kind == "birth":
        child = comer(9, word, birth_date=PartialDate.of(day))
        return BirthEntry(child, who.household_number, day, day)
    if kind == "name":
        return NameChangeEntry(
            who.addressee_number, PersonName(f"改名　{two}号"), NameCause.NAME_CHANGED, day, day
        )
    if kind in ("split", "join"):
        move = HouseholdMove.SPLIT if kind == "split" else HouseholdMove.JOIN
        goal = None if kind == "split" else other.household_number
        return HouseholdChangeNotice(move, group, day, day, goal, told, successor, told)
    if kind == "head":
        return HouseholderChange(who.household_number, successor, told, day, day)
    if kind == "code":
        return CodeChange(who.addressee_number, day, True)
    return Cancellation(f"e{1 + one % max(1, len(town.entries))}", day, "取消")


def _check(town):
    living = [r for r in town.records.values() if r.living]
    codes = Counter(r.resident_record_code for r in town.records.values())
    assert not [code for code, count in codes.items() if count > 1], "one record per code"
    heads = Counter(r.household_number for r in living if r.is_householder)
    for number in {r.household_number for r in living}:
        assert heads[number] == 1, "exactly one householder"
        members = [r for r in living if r.household_number == number]
        head = next(r for r in members if r.is_householder)
        assert {r.householder_name for r in members} == {head.name.kanji}
        assert len({r.current_address for r in members}) == 1


@pytest.mark.requirement("R-001")
@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(STEP, min_size=1, max_size=14))
def test_no_history_breaks_the_register(town, comer, steps):
    town.records.clear()
    town.entries.clear()
    town.drawn = 100
    for place, step in enumerate(steps):
        day = START + timedelta(days=place)
        before = dict(town.records)
        entry = town.file(_notice(town, comer, step, day), day)
        if isinstance(entry, Entry):
            assert entry.after
            assert all(before[one.addressee_number] == one for one in entry.before)
            for old, new in entry.pairs():
                assert new.update_sequence == (old.update_sequence if old else 0) + 1
            changed = {n for n, r in town.records.items() if before.get(n) != r}
            assert changed == {one.addressee_number for one in entry.after}
        else:
            assert town.records == before
        _check(town)
