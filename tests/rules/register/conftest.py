"""A small town for the tests of the register."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from daicho.rules.law.closed_days import ClosedDays
from daicho.rules.law.refusal import Refusal
from daicho.rules.people.addresses import Address
from daicho.rules.people.codes import MunicipalityCode, ResidentRecordCode, with_check_digit
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.names import PersonName
from daicho.rules.people.sex import Sex
from daicho.rules.register.arrival import ArrivingPerson
from daicho.rules.register.changes import Allotment, Desk, Entry
from daicho.rules.register.drafting import Notice, draft, needed
from daicho.rules.register.record import AddressReason, ResidentKind, ResidentRecord

HOME = MunicipalityCode("13101")
HERE = Address(HOME, "架空町一丁目", "2番3号", "", "1000001", "")
THERE = Address(HOME, "想像町二丁目", "4番5号", "仮想荘101", "1000002", "")
DAY = date(2026, 11, 20)


def code(number: int) -> ResidentRecordCode:
    """Make the code of one test person."""
    return ResidentRecordCode(with_check_digit(f"{number:010d}"))


def record(number: int, household: int = 1, relationship: str = "世帯主", **items: Any) -> ResidentRecord:
    """Make a resident record."""
    made = ResidentRecord(
        addressee_number=number,
        resident_record_code=code(number),
        household_number=household,
        name=PersonName(kanji=f"試験　{number}号", furigana="シケン　タロウ", furigana_confirmed=True),
        birth_date=PartialDate(1980, 4, 1),
        sex=Sex.FEMALE,
        relationship=relationship,
        householder_name="試験　1号",
        resident_kind=ResidentKind.JAPANESE,
        resident_since=date(2010, 4, 1),
        resident_since_notified_on=date(2010, 4, 2),
        address_reason=AddressReason.MOVE_IN,
        current_address=HERE,
        address_since=date(2010, 4, 1),
        address_since_notified_on=date(2010, 4, 2),
        update_sequence=1,
    )
    return replace(made, **items)


def arriving(number: int, relationship: str = "世帯主", **items: Any) -> ArrivingPerson:
    """Make somebody who comes, without any number yet."""
    made = ArrivingPerson(
        name=PersonName(kanji=f"来訪　{number}号", furigana="ライホウ　ジロウ"),
        birth_date=PartialDate(1990, 1, 2),
        sex=Sex.MALE,
        relationship=relationship,
    )
    return replace(made, **items)


class Town:
    """The register of a town in memory: drafts are applied at once, as if verified."""

    def __init__(self) -> None:
        self.records: dict[int, ResidentRecord] = {}
        self.drawn = 100
        self.entries: dict[str, Entry] = {}

    def settle(self, *records: ResidentRecord) -> "Town":
        """Put records into the register without any change."""
        self.records.update({one.addressee_number: one for one in records})
        return self

    def current(self) -> tuple[ResidentRecord, ...]:
        """Give all records in order."""
        return tuple(self.records[number] for number in sorted(self.records))

    def desk(self, notice: Notice, closed: Iterable[date] = ()) -> Desk:
        """Draw what the notice needs; the ordinance of the town may close more days."""
        need = needed(notice, self.current())
        numbers = tuple(range(self.drawn + 1, self.drawn + 1 + need.addressee_numbers))
        codes = tuple(code(5_000 + self.drawn + place) for place in range(need.codes))
        households = (self.drawn + 1,) if need.household_numbers else ()
        self.drawn += 10
        return Desk(HOME, ClosedDays(frozenset(closed)), Allotment(numbers, households, codes))

    def draft(self, notice: Notice, on: date = DAY, **more: Any) -> Entry | Refusal:
        """Draft without applying."""
        cancelled = self.entries.get(getattr(notice, "entry_id", ""))
        return draft(notice, self.current(), on, self.desk(notice, **more), cancelled)

    def file(self, notice: Notice, on: date = DAY, **more: Any) -> Entry | Refusal:
        """Draft and apply."""
        entry = self.draft(notice, on, **more)
        if isinstance(entry, Entry):
            self.settle(*entry.after)
            self.entries[f"e{len(self.entries) + 1}"] = entry
        return entry


@pytest.fixture
def town() -> Town:
    """Give an empty town."""
    return Town()


@pytest.fixture
def family(town: Town) -> Town:
    """Give a town with one household of three."""
    return town.settle(
        record(1),
        record(2, relationship="夫"),
        record(
            3,
            relationship="子",
            birth_date=PartialDate(2015, 5, 5),
            resident_since=date(2016, 4, 1),
            address_since=date(2016, 4, 1),
        ),
    )


@pytest.fixture
def make() -> Callable[..., ResidentRecord]:
    """Give the maker of records."""
    return record


@pytest.fixture
def comer() -> Callable[..., ArrivingPerson]:
    """Give the maker of people who come."""
    return arriving
