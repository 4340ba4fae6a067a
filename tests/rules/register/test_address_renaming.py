"""A place under another name: the address is written anew, and nobody has moved."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.register.conftest import HERE, HOME, record

from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.addresses import Address
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.register.address_renaming import AddressRenaming, RenamedHome, former_names
from daicho.rules.register.changes import Desk, Entry
from daicho.rules.register.drafting import Notice, concerns, draft
from daicho.rules.register.reasons import ChangeKind, ChangeReason, Ground
from daicho.rules.register.record import ScheduledMoveOut

IN_FORCE, TODAY = date(2026, 11, 1), date(2026, 11, 20)
NEW = replace(HERE, town="改称町一丁目", block="5番6号", aza_code="")
NOTICE = AddressRenaming((RenamedHome(1, NEW),), IN_FORCE, TODAY, "住居表示の実施（告示第12号）")


def drafted(notice: Notice, *records) -> Entry:
    entry = draft(notice, records, TODAY, Desk(HOME))
    assert not isinstance(entry, Refusal), entry
    return entry


def test_order_12_only_the_address_is_written_anew() -> None:
    old = record(1, previous_address="北海道函館市1番", registered_domicile="架空県1番")
    entry = drafted(NOTICE, old)
    assert (entry.kind, entry.reason, entry.ground) == (
        ChangeKind.ADDRESS_RENAMED, ChangeReason.MINOR_CORRECTION, Ground.EX_OFFICIO,
    )  # fmt: skip
    assert (entry.change_date, entry.notified_on, entry.legal_day) == (IN_FORCE, TODAY, IN_FORCE)
    (new,) = entry.after
    assert replace(new, current_address=HERE, update_sequence=1) == old
    assert new.current_address == NEW
    assert concerns(NOTICE).addressee_numbers == (1,)


def test_who_came_after_the_day_in_force_changes_on_that_day_and_never_before_a_birth() -> None:
    since = date(2026, 11, 15)
    entry = drafted(replace(NOTICE, effective_on=since), record(1, address_since=since))
    assert (entry.change_date, entry.legal_day) == (since, since)
    tomorrow = draft(replace(NOTICE, effective_on=date(2026, 11, 21)), (record(1),), TODAY, Desk(HOME))
    assert isinstance(tomorrow, Refusal)
    assert tomorrow.reason is Reason.DATE_IN_FUTURE


def test_whoever_is_about_to_leave_still_lives_there() -> None:
    plan = ScheduledMoveOut(date(2026, 12, 1), TODAY, "北海道函館市", None, abroad=False, by_card=False)
    (new,) = drafted(NOTICE, record(1, scheduled_move_out=plan)).after
    assert new.scheduled_move_out == plan


def test_a_domicile_is_written_anew_where_it_is_told() -> None:
    notice = replace(NOTICE, homes=(RenamedHome(1, NEW, "架空県改称町1番"),))
    (new,) = drafted(notice, record(1, registered_domicile="架空県1番")).after
    assert new.registered_domicile == "架空県改称町1番"


@pytest.mark.parametrize(
    ("notice", "changed", "reason"),
    [
        (replace(NOTICE, in_force_on=date(2026, 11, 21)), {}, Reason.DATE_IN_FUTURE),
        (replace(NOTICE, recorded_on=date(2026, 10, 31)), {}, Reason.DATE_ORDER),
        (replace(NOTICE, recorded_on=date(2026, 11, 21)), {}, Reason.DATE_IN_FUTURE),
        (replace(NOTICE, homes=()), {}, Reason.FIELD_MISSING),
        (replace(NOTICE, homes=(RenamedHome(2, NEW),)), {}, Reason.NOT_FOUND),
        (replace(NOTICE, homes=(RenamedHome(1, HERE),)), {}, Reason.ADDRESS_UNCHANGED),
        (replace(NOTICE, homes=NOTICE.homes * 2), {}, Reason.LINE_DOUBLED),
        (
            replace(NOTICE, homes=(RenamedHome(1, replace(NEW, municipality=MunicipalityCode("01202"))),)),
            {},
            Reason.OTHER_MUNICIPALITY,
        ),
        (NOTICE, {"processing_hold": True}, Reason.PROCESSING_HELD),
    ],
)
def test_what_cannot_stand_is_refused(notice, changed, reason) -> None:
    refused = draft(notice, (record(1, **changed),), TODAY, Desk(HOME))
    assert isinstance(refused, Refusal)
    assert refused.reason is reason


def test_the_present_home_is_known_by_all_its_former_names() -> None:
    old = record(1)
    first = drafted(NOTICE, old)
    again = replace(NEW, town="三度町")
    second = drafted(replace(NOTICE, homes=(RenamedHome(1, again),)), *first.after)
    (now,) = second.after
    names = former_names(now, (first, second))
    assert names == (f"{NEW.town}{NEW.block}", f"{HERE.town}{HERE.block}")
    moved = replace(now, current_address=Address(HOME, "余所町", "9番"))
    assert former_names(moved, (first, second)) == ()
    assert former_names(now, ()) == ()


@given(st.lists(st.sampled_from(["甲町", "乙町", "丙町", "丁町"]), min_size=1, max_size=6))
def test_however_often_a_place_is_renamed_its_first_name_is_remembered(towns: list[str]) -> None:
    now, entries = record(1), []
    for town in towns:
        if now.current_address.town != town:
            home = RenamedHome(1, replace(now.current_address, town=town))
            entries.append(drafted(replace(NOTICE, homes=(home,)), now))
            (now,) = entries[-1].after
    if entries:
        assert f"{HERE.town}{HERE.block}" in former_names(now, tuple(entries))
