"""A town with some households, a table for it, and the work done to its end."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.nodes.registry.conftest import AT_COUNTER, HERE, HOME, Counter

from daicho.nodes.registry.areas.carrying import work_on
from daicho.nodes.registry.areas.planning import Brought, bring_area, decide_area
from daicho.nodes.registry.areas.showing import area_view
from daicho.nodes.registry.areas.tables import KnownTables
from daicho.nodes.registry.bodies import read_record
from daicho.nodes.registry.counter import EntryView, enter, verify_entry
from daicho.rules.areas.plan import AreaKind, AreaPlan, AreaState
from daicho.rules.operators.authority import Operator
from daicho.rules.people.addresses import Address
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.register.move_in import MoveInNotice
from daicho.rules.register.record import ResidentRecord
from daicho.store import office, register

IN_FORCE = date(2026, 12, 1)
PLAN = AreaPlan(
    AreaKind.RESIDENCE_INDICATION, "架空町一丁目の住居表示の実施", IN_FORCE, "告示第12号", date(2026, 11, 1)
)
TABLE = """旧町名,旧番地,旧方書,世帯番号,新町名,新番地,新方書,郵便番号,町字コード
架空町一丁目,2番3号,,,改称町一丁目,5番6号,,1000009,0001001
架空町一丁目,99番,,,改称町一丁目,9番9号,,,
"""
NEW = Address(HOME, "改称町一丁目", "5番6号", "", "1000009", "0001001")
UNNAMED = replace(HERE, block="77番")


class Town:
    """A counter whose register is filled and whose work is done by hand."""

    def __init__(self, counter: Counter) -> None:
        """Take the counter."""
        self.counter, self.node = counter, counter.node
        # Those whose word a change rests on stand in the book of operators, which knows capital letters alone.
        counter.clerk = replace(counter.clerk, login_id="CLERK01")
        counter.officer = replace(counter.officer, login_id="OFFICER01")
        for who in (counter.clerk, counter.officer):
            self.in_office(who)

    def in_office(self, who: Operator, *, active: bool = True) -> None:
        """Enter an operator into the book, or close one."""
        roles = tuple(role.value for role in who.roles)
        row = office.OperatorRow(who.login_id, who.role_id, "試験", "試験", roles, active)
        with self.node.store.unit() as unit:
            office.save_operator(unit, row, at=self.node.clock.now())

    def arrive(self, *people, at: Address = HERE, moved_in_on: date = date(2026, 11, 10)):
        """Let a household move in, with a second person's word."""
        return self.take(self.arriving(*people, at=at, moved_in_on=moved_in_on))

    def arriving(self, *people, at: Address = HERE, moved_in_on: date = date(2026, 11, 10)):
        """Give the notice of a household that moves in."""
        today = self.node.clock.business_today()
        return MoveInNotice(people, at, moved_in_on, today, "北海道函館市", MunicipalityCode("01202"))

    def take(self, notice):
        """Enter and verify a notice."""
        entered = self.enter(notice)
        verified = verify_entry(self.node, self.counter.checker, entered.entry_id)
        assert isinstance(verified, EntryView), verified
        return verified.entry.after

    def take_as(self, clerk: Operator, notice, checker: Operator) -> None:
        """Enter and verify a notice by two others."""
        entered = enter(self.node, clerk, notice, draw_codes=self.counter.draw, reception=None)
        assert isinstance(entered, EntryView), entered
        verified = verify_entry(self.node, checker, entered.entry_id)
        assert isinstance(verified, EntryView), verified

    def enter(self, notice) -> EntryView:
        """Enter a notice that waits for a second person."""
        entered = enter(
            self.node, self.counter.clerk, notice, draw_codes=self.counter.draw, reception=AT_COUNTER
        )
        assert isinstance(entered, EntryView), entered
        return entered

    def bring(self, table: str = TABLE, plan: AreaPlan = PLAN) -> str:
        """Bring a table without a fault."""
        brought = bring_area(self.node, self.counter.clerk, plan, table.encode(), terminal="t1")
        assert isinstance(brought, Brought), brought
        assert not brought.faults
        return brought.number

    def approved(self, table: str = TABLE, plan: AreaPlan = PLAN) -> str:
        """Bring a table, look through the register, and approve it."""
        number = self.bring(table, plan)
        self.work()
        self.approve(number)
        return number

    def approve(self, number: str, officer: Operator | None = None) -> None:
        """Give an officer's word for what lies there."""
        digest = self.view(number).digest
        who = officer or self.counter.officer
        done = decide_area(self.node, who, number, digest, accept=True, terminal="t2")
        assert done is AreaState.APPROVED, done

    def view(self, number: str, operator=None):
        """Open a change."""
        return area_view(self.node, operator or self.counter.clerk, number)

    def work(self) -> int:
        """Do what there is to be done; gives how many steps it took."""
        steps, known = 0, KnownTables()
        while work_on(self.node, known):
            steps += 1
            assert steps < 200, "the work does not end"
        return steps

    def day_comes(self, day: date = IN_FORCE) -> None:
        """Let time pass until a day."""
        clock = self.node.clock
        clock.move(timedelta(days=(day - clock.business_today()).days))

    def record(self, person: ResidentRecord | int) -> ResidentRecord:
        """Read how somebody stands."""
        number = person if isinstance(person, int) else person.addressee_number
        with self.node.store.reading() as unit:
            held = register.resident(unit, number)
        assert held is not None
        return read_record(held.body)

    def versions(self, person: ResidentRecord) -> list[tuple[int, date]]:
        """Read which versions somebody's record has, each with its legal day."""
        with self.node.store.reading() as unit:
            return [
                (one.version, one.change_date) for one in register.versions(unit, person.addressee_number)
            ]


@pytest.fixture
def town(counter: Counter) -> Town:
    return Town(counter)
