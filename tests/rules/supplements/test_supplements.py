"""法19条の通知: which change of the register is told to the town of the registered domicile, what is told, what settles it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.register.conftest import DAY, HERE, HOME, THERE, code, record

from daicho.rules.law.refusal import Reason
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.names import PersonName
from daicho.rules.people.sex import Sex
from daicho.rules.register.changes import Entry
from daicho.rules.register.reasons import ChangeKind, ChangeReason
from daicho.rules.register.record import Removal, ResidentKind
from daicho.rules.supplements.mismatch import (
    MismatchItem,
    RegisterMismatch,
    check_mismatch,
    is_settled,
)
from daicho.rules.supplements.notice import (
    CODE_ITEM_FROM,
    DOMICILE_CHARACTERS,
    SupplementStanding,
    check_notice,
)
from daicho.rules.supplements.owed import owed_by

TOWN = "東京都千代田区"
DOMICILE = "北海道函館市架空町1番地"
WHO = record(1, registered_domicile=DOMICILE, family_register_head="試験　1号")


def change(before, after, kind=ChangeKind.CORRECTION):
    olds, news = (tuple(one for one in side if one is not None) for side in (before, after))
    return Entry(kind, ChangeReason.NOT_REPORTED, DAY, DAY, olds, news, (1,))


def owed(before, after, kind=ChangeKind.CORRECTION, on=DAY):
    return owed_by("e-1", change([before], [after], kind), TOWN, on)


def struck(reason, **items):
    return replace(WHO, removal=Removal(reason, DAY, DAY), **items)


def standing(before, after, kind=ChangeKind.CORRECTION):
    return [one.notice.standing for one in owed(before, after, kind)]


def test_whoever_comes_moves_or_is_born_is_told_with_every_item_of_the_supplement():
    (one,) = owed(None, WHO, ChangeKind.MOVE_IN)
    told = one.notice
    assert (one.addressee_number, told.notice_id, told.standing) == (1, "e-1.0", SupplementStanding.RESIDENT)
    assert (told.name, told.furigana, told.birth_date, told.sex) == (
        "試験　1号", "シケン　タロウ", PartialDate(1980, 4, 1), Sex.FEMALE,
    )  # fmt: skip
    assert (told.address, told.address_since) == (f"{TOWN}架空町一丁目2番3号", date(2010, 4, 1))
    assert (told.registered_domicile, told.family_register_head) == (DOMICILE, "試験　1号")
    assert told.resident_record_code == code(1)
    assert check_notice(told, DAY) is None
    assert standing(WHO, replace(WHO, current_address=THERE), ChangeKind.MOVE_WITHIN)


@pytest.mark.parametrize(
    "items",
    [
        {"name": PersonName("改姓　1号", "シケン　タロウ")},
        {"name": replace(WHO.name, furigana="シケン　ハナ")},
        {"birth_date": PartialDate(1980, 4, 2)},
        {"birth_written": "昭和五拾五年四月"},
        {"sex": Sex.MALE},
        {"current_address": replace(HERE, building="架空荘")},
        {"address_since": date(2010, 4, 2)},
        {"registered_domicile": "札幌市中央区架空1番地"},
        {"family_register_head": "試験　2号"},
        {"resident_record_code": code(9)},
    ],
)
def test_each_item_of_the_supplement_that_changes_is_told(items):
    assert standing(WHO, replace(WHO, **items)) == [SupplementStanding.RESIDENT]


@pytest.mark.parametrize(
    "items",
    [
        {"relationship": "子"},
        {"householder_name": "別人"},
        {"household_number": 2},
        {"remarks": ("備考",)},
        {"current_address": replace(HERE, postal_code="1000009")},
        {"update_sequence": 9},
        {"previous_address": "どこか"},
    ],
)
def test_what_the_supplement_does_not_have_is_told_to_nobody(items):
    assert owed(WHO, replace(WHO, **items)) == ()


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (ChangeReason.MOVE_OUT_ABROAD, [SupplementStanding.ABROAD]),
        (ChangeReason.STRUCK_OTHER, [SupplementStanding.STRUCK]),
        (ChangeReason.MOVE_OUT, []),  # the town to which they go tells it
        (ChangeReason.DEATH, []),
        (ChangeReason.STRUCK_NATIONALITY_LOST, []),
    ],
)
def test_a_striking_is_told_where_nobody_else_tells_it(reason, told):
    assert standing(WHO, struck(reason)) == told


def test_whoever_goes_abroad_is_told_with_the_country_and_the_day():
    (one,) = owed(WHO, struck(ChangeReason.MOVE_OUT_ABROAD, move_out_to_address="アメリカ合衆国"))
    assert (one.notice.address, one.notice.address_since) == ("アメリカ合衆国", DAY)
    (one,) = owed(WHO, struck(ChangeReason.STRUCK_OTHER))
    assert one.notice.address == ""


def test_a_withdrawn_moving_in_is_told_with_the_day_on_which_it_was_withdrawn():
    years_ago = DAY - timedelta(days=900)
    gone = replace(WHO, removal=Removal(ChangeReason.MOVE_OUT, years_ago, years_ago))
    back = replace(WHO, current_address=THERE, address_since=DAY - timedelta(days=20))
    (one,) = owed(back, gone, ChangeKind.CANCELLATION)
    assert (one.notice.standing, one.notice.address_since) == (SupplementStanding.STRUCK, DAY)
    assert one.by_itself
    came = replace(back, removal=Removal(ChangeReason.STRUCK_OTHER, back.address_since, DAY))
    (one,) = owed(back, came, ChangeKind.CANCELLATION)
    assert (one.notice.standing, one.notice.address_since) == (SupplementStanding.STRUCK, back.address_since)


def test_a_withdrawn_restoration_of_whoever_went_to_another_town_is_a_clerks_to_tell():
    """That town has told its own address since; to strike it would be wrong."""
    (one,) = owed(WHO, struck(ChangeReason.MOVE_OUT), ChangeKind.CANCELLATION)
    assert not one.by_itself
    (one,) = owed(WHO, struck(ChangeReason.STRUCK_OTHER), ChangeKind.CANCELLATION)
    assert one.by_itself


@pytest.mark.parametrize("reason", [ChangeReason.DEATH, ChangeReason.STRUCK_NATIONALITY_LOST])
def test_a_withdrawn_restoration_of_whoever_the_family_register_struck_is_told_to_nobody(reason):
    assert standing(WHO, struck(reason), ChangeKind.CANCELLATION) == []


def test_whose_return_from_abroad_is_withdrawn_is_abroad_since_the_day_of_going():
    years_ago = DAY - timedelta(days=900)
    gone = replace(WHO, removal=Removal(ChangeReason.MOVE_OUT_ABROAD, years_ago, years_ago))
    (one,) = owed(replace(WHO, address_since=DAY), gone, ChangeKind.CANCELLATION)
    assert (one.notice.standing, one.notice.address_since) == (SupplementStanding.ABROAD, years_ago)


def test_a_restored_record_is_told_again():
    gone = struck(ChangeReason.MOVE_OUT)
    assert standing(gone, WHO, ChangeKind.RESTORATION) == [SupplementStanding.RESIDENT]
    assert standing(gone, replace(gone, remarks=("備考",))) == []


def test_no_foreign_resident_and_no_imported_register_is_told():
    foreign = replace(WHO, resident_kind=ResidentKind.FOREIGN)
    assert owed(None, foreign, ChangeKind.MOVE_IN) == ()
    assert owed(foreign, WHO, ChangeKind.EX_OFFICIO_ENTRY) != (), "naturalised"
    assert owed(None, WHO, ChangeKind.IMPORT) == ()


def test_each_person_of_a_change_has_a_notice_named_by_the_place_in_it():
    mate = record(2, registered_domicile=DOMICILE, relationship="妻")
    entry = change([WHO, mate], [WHO, replace(mate, sex=Sex.MALE)])
    assert [(one.addressee_number, one.notice.notice_id) for one in owed_by("e-1", entry, TOWN, DAY)] == [
        (2, "e-1.1")
    ]


def test_the_resident_code_is_told_since_the_law_has_it():
    before = owed(None, WHO, ChangeKind.MOVE_IN, on=CODE_ITEM_FROM - timedelta(days=1))
    assert before[0].notice.resident_record_code is None
    assert owed(None, WHO, ChangeKind.MOVE_IN, on=CODE_ITEM_FROM)[0].notice.resident_record_code == code(1)


TOLD = owed(None, WHO, ChangeKind.MOVE_IN)[0].notice


@pytest.mark.parametrize(
    ("items", "reason", "field"),
    [
        ({"notice_id": ""}, Reason.ITEM_MALFORMED, "notice_id"),
        ({"notice_id": "x" * 65}, Reason.ITEM_MALFORMED, "notice_id"),
        ({"name": ""}, Reason.FIELD_MISSING, "name"),
        ({"name": "a\x07"}, Reason.FIELD_CONTROL_CHARACTER, "name"),
        ({"address": ""}, Reason.FIELD_MISSING, "address"),
        ({"standing": SupplementStanding.STRUCK}, Reason.ITEM_FORBIDDEN, "address"),
        (
            {"registered_domicile": "本" * (DOMICILE_CHARACTERS + 1)},
            Reason.FIELD_TOO_LONG,
            "registered_domicile",
        ),
        ({"family_register_head": " \u3000"}, Reason.FIELD_CONTROL_CHARACTER, "family_register_head"),
        ({"changed_on": DAY + timedelta(days=2)}, Reason.DATE_IN_FUTURE, "address_since"),
        ({"address_since": DAY + timedelta(days=2)}, Reason.DATE_IN_FUTURE, "address_since"),
    ],
)
def test_a_notice_that_no_register_would_make_is_refused(items, reason, field):
    refusal = check_notice(replace(TOLD, **items), DAY)
    assert (refusal.reason, refusal.field) == (reason, field)


NAMED = RegisterMismatch((MismatchItem.NAME,), name="試験　壱号")


@pytest.mark.parametrize(
    ("mismatch", "field"),
    [
        (RegisterMismatch(()), "items"),
        (RegisterMismatch((MismatchItem.NAME,) * 2, name="x"), "items"),
        (RegisterMismatch((MismatchItem.NO_REGISTER, MismatchItem.NAME), name="x"), "items"),
        (RegisterMismatch((MismatchItem.NAME,)), "name"),
        (RegisterMismatch((MismatchItem.SEX,)), "sex"),
        (RegisterMismatch((MismatchItem.BIRTH_DATE,)), "birth_date"),
        (RegisterMismatch((MismatchItem.DOMICILE,)), "registered_domicile"),
        (replace(NAMED, sex=Sex.MALE), "sex"),
        (replace(NAMED, birth_written="昭和"), "birth_date"),
        (replace(NAMED, name="x" * 151), "name"),
        (replace(NAMED, name="x\x07"), "name"),
        (replace(NAMED, remarks="備" * 201), "remarks"),
    ],
)
def test_a_mismatch_names_each_item_with_what_the_family_register_says(mismatch, field):
    assert check_mismatch(mismatch).field == field


def test_a_mismatch_has_no_individual_number():
    number = "1" * 11
    found = [f"{number}{digit}" for digit in range(10)]
    refused = [check_mismatch(replace(NAMED, remarks=one)) for one in found]
    assert [one.reason for one in refused if one is not None] == [Reason.INDIVIDUAL_NUMBER_NOT_USED]
    assert check_mismatch(replace(NAMED, remarks="届書を確かめてください")) is None
    assert check_mismatch(RegisterMismatch((MismatchItem.NO_REGISTER,))) is None


def test_a_mismatch_is_settled_by_what_the_family_register_says_and_by_nothing_else():
    assert not is_settled(NAMED, TOLD, TOLD)
    assert not is_settled(NAMED, TOLD, replace(TOLD, address="どこか"))
    assert is_settled(NAMED, TOLD, replace(TOLD, name="試験　壱号"))
    none = RegisterMismatch((MismatchItem.NO_REGISTER,))
    assert not is_settled(none, TOLD, replace(TOLD, name="試験　壱号"))
    assert is_settled(none, TOLD, replace(TOLD, registered_domicile="札幌市中央区"))
    assert is_settled(none, TOLD, replace(TOLD, family_register_head="試験　壱号"))


VALUES = {
    MismatchItem.NAME: {"name": "試験　壱号"},
    MismatchItem.BIRTH_DATE: {"birth_date": PartialDate(1980, 4, 9)},
    MismatchItem.SEX: {"sex": Sex.MALE},
    MismatchItem.DOMICILE: {"registered_domicile": "札幌市中央区1番地", "family_register_head": "試験　零号"},
}


@given(st.sets(st.sampled_from(sorted(VALUES)), min_size=1), st.sets(st.sampled_from(sorted(VALUES))))
def test_nothing_short_of_every_item_settles(named, corrected):
    says = {name: value for item in named for name, value in VALUES[item].items()}
    mismatch = RegisterMismatch(tuple(sorted(named)), **says)
    assert check_mismatch(mismatch) is None
    now = replace(TOLD, **{name: value for item in corrected for name, value in VALUES[item].items()})
    assert is_settled(mismatch, TOLD, now) is (named <= corrected)


def test_a_move_leaves_the_home_of_a_household_in_its_own_town():
    assert TOLD.address.startswith(TOWN)
    assert HERE.municipality == HOME
