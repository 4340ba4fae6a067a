"""The move protocol with the real rules: three registers, two residents, the nation, letters in any order."""

from collections import deque
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.conftest import NIGHTLY
from tests.rules.register.conftest import code, record

from daicho.rules.identity import acceptance
from daicho.rules.identity.acceptance import Accepted
from daicho.rules.identity.projection import identity_record
from daicho.rules.identity.record import IdentityRecord
from daicho.rules.law.closed_days import ClosedDays
from daicho.rules.law.refusal import Refusal
from daicho.rules.people.addresses import Address
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.register import move_in, move_out
from daicho.rules.register.arrival import ArrivingPerson
from daicho.rules.register.changes import Allotment, Desk, Entry
from daicho.rules.register.move_in import MoveInNotice
from daicho.rules.register.move_out import MoveInReport, MoveOutDue, MoveOutNotice, ReportMeaning
from daicho.rules.register.reasons import ChangeReason
from daicho.rules.register.record import ResidentRecord

START = date(2026, 11, 2)
TOWNS = tuple(MunicipalityCode(digits) for digits in ("13101", "01202", "27215"))
PEOPLE = (1, 2)
PERSON, TOWN = st.sampled_from(PEOPLE), st.integers(0, 2)


def _steps() -> SimpleNamespace:
    """Give the decisions under test; a mutant replaces one of them."""
    return SimpleNamespace(
        move_out=move_out.draft_move_out, due=move_out.draft_due, report=move_out.draft_move_in_report,
        meaning=move_out.meaning_of_report, move_in=move_in.draft_move_in, above=acceptance.accept_above,
        sequence=lambda certificate: certificate.update_sequence,
    )  # fmt: skip


class Moves(RuleBasedStateMachine):
    """Whatever residents, clerks, days and letters do."""

    steps = _steps()

    def __init__(self) -> None:
        super().__init__()
        self.today = START
        self.registers: list[dict[int, ResidentRecord]] = [{}, {}, {}]
        self.home = {1: 0, 2: 1}
        self.hand: dict[int, tuple[int, ResidentRecord]] = {}
        self.nation: dict[int, IdentityRecord] = {}
        self.upward: list[deque[tuple[int, IdentityRecord]]] = [deque(), deque(), deque()]
        self.reports: list[list[deque[tuple[int, MoveInReport]]]] = [[deque() for _ in TOWNS] for _ in TOWNS]
        self.queue: list[tuple[int, int, MoveInReport]] = []
        self.refused: list[tuple[int, Refusal]] = []
        for person, town in self.home.items():
            made = record(
                person, household=person, current_address=self._address(town), householder_name="試験"
            )
            self.registers[town][person] = made
            self.nation[person] = identity_record(made, reason=ChangeReason.ENTERED_OTHER, change_date=START)

    def _address(self, town: int) -> Address:
        return Address(TOWNS[town], f"架空町{town}丁目", "1番1号", "", "1000001", "")

    def _current(self, town: int) -> tuple[ResidentRecord, ...]:
        return tuple(self.registers[town].values())

    def _write(self, town: int, drafted: Entry | Refusal) -> bool:
        """Write an entry and post what goes upward."""
        if isinstance(drafted, Refusal):
            return False
        for after in drafted.after:
            self.registers[town][after.addressee_number] = after
        if drafted.reason is not ChangeReason.NOT_REPORTED:
            for person in drafted.subjects:
                told = identity_record(
                    self.registers[town][person], reason=drafted.reason, change_date=drafted.change_date
                )
                self.upward[town].append((person, told))
        return True

    def _row(self, town: int, person: int) -> ResidentRecord | None:
        return self.registers[town].get(person)

    def _lives(self, person: int) -> list[int]:
        return [town for town in range(3) if (row := self._row(town, person)) is not None and row.living]

    def _on_its_way(self, person: int) -> bool:
        reports = [letter for line in self.reports for stream in line for letter in stream]
        letters = [letter for stream in self.upward for letter in stream]
        return any(about == person for about, _ in (*reports, *letters)) or any(
            about == person for _, about, _ in self.queue
        )

    @rule(person=PERSON, days=st.integers(0, 2), to=TOWN)
    def give_notice(self, person: int, days: int, to: int) -> None:
        town = self.home[person]
        if person in self.hand or to == town:
            return
        notice = MoveOutNotice(
            (person,),
            self.today + timedelta(days),
            self.today,
            "よその町",
            destination_municipality=TOWNS[to],
        )
        if self._write(town, self.steps.move_out(notice, self._current(town), self.today, self._desk(town))):
            self.hand[person] = (town, self.registers[town][person])

    def _desk(self, town: int) -> Desk:
        return Desk(TOWNS[town], ClosedDays(), Allotment((100 + town,), (200 + town,), ()))

    @rule(person=PERSON, town=TOWN)
    def move_in(self, person: int, town: int) -> None:
        if person not in self.hand or self.hand[person][0] == town:
            return
        origin, certificate = self.hand[person]
        known = self._row(town, person)
        comer = ArrivingPerson(
            certificate.name, certificate.birth_date, certificate.sex, "世帯主",
            addressee_number=person if known else None, resident_record_code=code(person),
            update_sequence=self.steps.sequence(certificate),
        )  # fmt: skip
        notice = MoveInNotice(
            (comer,), self._address(town), self.today, self.today, "前の住所", TOWNS[origin]
        )
        desk = replace(self._desk(town), allotment=Allotment((person,), (200 + person,), ()))
        if self._write(town, self.steps.move_in(notice, self._current(town), self.today, desk)):
            report = MoveInReport((code(person),), self.today, self.today, TOWNS[town], "新しい住所")
            self.reports[town][origin].append((person, report))
            self.home[person] = town
            del self.hand[person]

    @rule(person=PERSON, to=TOWN)
    def there_and_back_in_a_day(self, person: int, to: int) -> None:
        """While the letters are still on their way."""
        town = self.home[person]
        self.give_notice(person, 0, to)
        self.move_in(person, to)
        self.give_notice(person, 0, town)
        self.move_in(person, town)

    @rule(town=TOWN)
    def strike_due(self, town: int) -> None:
        for person in PEOPLE:
            row = self._row(town, person)
            plan = row.scheduled_move_out if row is not None and row.living else None
            if plan is not None and plan.scheduled_on <= self.today:
                drafted = self.steps.due(MoveOutDue((person,)), self._current(town), self.today)
                assert self._write(town, drafted)

    @rule(data=st.data())
    def a_report_arrives(self, data: Any) -> None:
        streams = [(at, stream) for line in self.reports for at, stream in enumerate(line) if stream]
        if not streams:
            return
        town, stream = data.draw(st.sampled_from(streams))
        person, report = stream.popleft()
        row = self._row(town, person)
        match self.steps.meaning(report, [row] if row else []):
            case ReportMeaning.STRIKE:
                assert self.home[person] != town, "nobody is struck where he lives before the day"
                assert self._write(town, self.steps.report(report, self._current(town), self.today))
            case ReportMeaning.ASK:
                self.queue.append((town, person, report))

    @precondition(lambda self: self.queue)
    @rule(data=st.data())
    def a_person_finds_out(self, data: Any) -> None:
        town, person, report = self.queue.pop(data.draw(st.integers(0, len(self.queue) - 1)))
        row = self._row(town, person)
        if row is not None and row.living and self.home[person] != town:
            assert self._write(town, self.steps.report(report, self._current(town), self.today))

    @rule(town=TOWN)
    def the_nation_hears(self, town: int) -> None:
        if self.upward[town]:
            person, told = self.upward[town].popleft()
            decided = self.steps.above(self.nation.get(person), told, TOWNS[town])
            if isinstance(decided, Accepted):
                self.nation[person] = told
            elif isinstance(decided, Refusal):
                self.refused.append((person, decided))

    @rule()
    def a_day_passes(self) -> None:
        self.today += timedelta(1)

    @invariant()
    def in_one_register_or_on_the_way(self) -> None:
        for person in PEOPLE:
            lives = self._lives(person)
            assert len(lives) <= 1 or self._on_its_way(person), "in two registers, and nobody knows"
            assert lives or person in self.hand, "in no register, and not on the way"

    @invariant()
    def the_nation_agrees_when_all_is_quiet(self) -> None:
        for person in PEOPLE:
            if self._on_its_way(person) or any(about == person for about, _ in self.refused):
                continue
            lives, kept = self._lives(person), self.nation[person]
            assert kept.living == bool(lives)
            assert not lives or TOWNS[lives[0]] == kept.municipality_code

    @invariant()
    def no_lawful_move_is_refused_above(self) -> None:
        assert not self.refused


TestMoves = Moves.TestCase
TestMoves.settings = settings(
    max_examples=3_000 if NIGHTLY else 100,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def _always_strikes(report: MoveInReport, people: list[ResidentRecord]) -> ReportMeaning:
    living = [one for one in people if one.living]
    scheduled = living and all(one.scheduled_move_out for one in living)
    return ReportMeaning.STRIKE if scheduled else ReportMeaning.ASK if living else ReportMeaning.NOTHING


MUTANTS: dict[str, dict[str, Any]] = {
    "a late report strikes whoever came back": {"meaning": _always_strikes},
    "a report strikes nobody": {"meaning": lambda _report, _people: ReportMeaning.NOTHING},
    "the certificate's count is forgotten": {"sequence": lambda _certificate: 0},
    "the nation hears whoever speaks": {
        "above": lambda _current, told, _sender: Accepted(told, changes_holder=True)
    },
    "a scheduled mover is struck and the nation is not told": {
        "due": lambda due, current, on: replace(
            move_out.draft_due(due, current, on), reason=ChangeReason.NOT_REPORTED
        )
    },
}


@pytest.mark.nightly
@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_mutant_of_a_rule_is_caught(mutant: str) -> None:
    machine = type("Mutant", (Moves,), {"steps": SimpleNamespace(**vars(_steps()) | MUTANTS[mutant])})
    with pytest.raises(AssertionError):
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=2_000, stateful_step_count=40, deadline=None, derandomize=True, database=None,
                suppress_health_check=list(HealthCheck), print_blob=False, report_multiple_bugs=False,
            ),
        )  # fmt: skip
