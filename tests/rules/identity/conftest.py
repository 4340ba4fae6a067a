"""Residents made up for the tests of this room; codes get their check digit at run time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from daicho.rules.identity.projection import Stamp, cs_items, identity_record
from daicho.rules.identity.record import CsItems, IdentityRecord, IdentityUpdate
from daicho.rules.people.addresses import Address
from daicho.rules.people.codes import MunicipalityCode, ResidentRecordCode, with_check_digit
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.names import PersonName
from daicho.rules.people.sex import Sex
from daicho.rules.register.reasons import ChangeReason
from daicho.rules.register.record import AddressReason, ResidentKind, ResidentRecord

TOWN = MunicipalityCode("13101")
STAMP = Stamp("request-1", "role-7", "terminal-3", datetime(2026, 11, 20, 1, 0, tzinfo=UTC))


def make_code(number: int) -> ResidentRecordCode:
    return ResidentRecordCode(with_check_digit(f"{number:010d}"))


def make_resident(**changes: Any) -> ResidentRecord:
    resident = ResidentRecord(
        addressee_number=1,
        resident_record_code=make_code(1),
        household_number=1,
        name=PersonName("海野　花子", "ウミノ　ハナコ"),
        birth_date=PartialDate(1990, 4, 1),
        sex=Sex.FEMALE,
        relationship="世帯主",
        householder_name="海野　花子",
        resident_kind=ResidentKind.JAPANESE,
        resident_since=date(2020, 4, 1),
        resident_since_notified_on=date(2020, 4, 3),
        address_reason=AddressReason.MOVE_IN,
        current_address=Address(TOWN, "本町一丁目", "２番３号", "", "1000001"),
        address_since=date(2020, 4, 1),
        address_since_notified_on=date(2020, 4, 3),
        update_sequence=5,
    )
    return replace(resident, **changes)


def make_record(resident: ResidentRecord | None = None, **changes: Any) -> IdentityRecord:
    record = identity_record(
        resident or make_resident(), reason=ChangeReason.MOVE_IN, change_date=date(2020, 4, 1)
    )
    return replace(record, **changes)


def make_items(**changes: Any) -> CsItems:
    return replace(cs_items(make_resident(), notified_on=date(2020, 4, 3), stamp=STAMP), **changes)


@pytest.fixture
def resident() -> Callable[..., ResidentRecord]:
    return make_resident


@pytest.fixture
def record() -> Callable[..., IdentityRecord]:
    return make_record


@pytest.fixture
def items() -> Callable[..., CsItems]:
    return make_items


@pytest.fixture
def update() -> Callable[..., IdentityUpdate]:
    return lambda **changes: IdentityUpdate(make_record(**changes), make_items())


@pytest.fixture
def stamp() -> Stamp:
    return STAMP
