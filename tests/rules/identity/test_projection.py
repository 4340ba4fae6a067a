"""What of a change in the register is told, and above all what is not."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.identity.conftest import STAMP, make_resident

from daicho.rules.identity.form import check_form
from daicho.rules.identity.projection import (
    CodeMissing,
    Stamp,
    cs_items,
    identity_record,
    project,
    project_cs_items,
)
from daicho.rules.identity.record import CsItems, IdentityRecord, IdentityUpdate, RecordState, UpwardReport
from daicho.rules.people.addresses import Address
from daicho.rules.people.characters.identify import split_characters
from daicho.rules.people.codes import (
    IndividualNumber,
    MunicipalityCode,
    ResidentRecordCode,
    with_check_digit,
)
from daicho.rules.people.names import FormerSurname, PersonName
from daicho.rules.people.sex import Sex
from daicho.rules.people.written_dates import parse_written
from daicho.rules.register.changes import Entry
from daicho.rules.register.reasons import ChangeKind, ChangeReason
from daicho.rules.register.record import Removal, ResidentKind, ResidentRecord, ScheduledMoveOut

Make = Callable[..., ResidentRecord]

UPWARD = {
    "resident_record_code",
    "name_kanji",
    "name_gaiji_count",
    "name_furigana",
    "name_normalized_kana",
    "former_surname_kanji",
    "former_surname_furigana",
    "birth_date",
    "sex",
    "municipality_code",
    "aza_code",
    "postal_code",
    "address",
    "address_gaiji_count",
    "change_reason",
    "change_date",
    "change_reason_detail",
    "old_resident_record_code",
    "record_code_used_from",
    "update_sequence",
    "scheduled_flag",
    "foreign_resident",
    "record_state",
    "scheduled_move_out_on",
}
F2 = [
    "resident_record_code",
    "name_kanji",
    "name_gaiji_count",
    "name_furigana",
    "name_normalized_kana",
    "birth_date",
    "sex",
    "municipality_code",
    "aza_code",
    "postal_code",
    "address",
    "address_gaiji_count",
    "individual_number",
    "resident_since",
    "address_since",
    "notified_on",
    "previous_municipality_code",
    "previous_address",
    "previous_address_gaiji_count",
    "relationship",
    "change_reason",
    "change_date",
    "change_reason_detail",
    "old_resident_record_code",
    "record_code_used_from",
    "request_control_number",
    "operator_role_id",
    "terminal_id",
    "update_sequence",
    "abnormal_update_sequence",
    "update_forbidden_flag",
    "scheduled_flag",
    "lock_flag",
    "gaiji_flag",
    "record_state",
    "timestamp",
    "former_surname_kanji",
    "former_surname_furigana",
]


def entry(
    kind: ChangeKind, reason: ChangeReason, old: ResidentRecord | None, new: ResidentRecord, **more: object
) -> Entry:
    before = () if old is None else (old,)
    subjects = () if reason is ChangeReason.NOT_REPORTED else (new.addressee_number,)
    made = Entry(kind, reason, date(2026, 11, 19), date(2026, 11, 20), before, (new,), subjects)
    return replace(made, **more)


def names(kind: type) -> set[str]:
    return {field.name for field in fields(kind)}


@pytest.mark.requirement("R-479")
def test_nothing_goes_upward_that_is_not_on_the_list() -> None:
    assert names(IdentityRecord) == UPWARD
    assert names(UpwardReport) == {"record", "individual_number"}


@pytest.mark.requirement("R-095")
def test_items_for_copies_issued_elsewhere_and_the_operator_stay_in_the_cs() -> None:
    stays = {
        "resident_since",
        "address_since",
        "notified_on",
        "previous_municipality_code",
        "previous_address",
        "relationship",
        "operator_role_id",
        "terminal_id",
    }
    assert stays <= names(CsItems)
    assert not stays & (names(IdentityRecord) | names(UpwardReport))


def test_record_items_and_number_are_together_the_38_items_of_the_file() -> None:
    assert len(F2) == 38
    assert set(F2) <= names(IdentityRecord) | names(CsItems) | names(IdentityUpdate)


@pytest.mark.requirement("R-058")
def test_every_reported_change_gives_one_update_with_the_whole_record(resident: Make, stamp: Stamp) -> None:
    old, new = resident(), resident(name=PersonName("陸野　花子", "リクノ　ハナコ"), update_sequence=6)
    (update,) = project(entry(ChangeKind.NAME_CHANGE, ChangeReason.AMENDED_EX_OFFICIO, old, new), stamp=stamp)
    assert update.record.name_kanji == "陸野　花子"
    assert update.record.name_normalized_kana == "リクノハナコ"
    assert update.record.change_reason is ChangeReason.AMENDED_EX_OFFICIO
    assert update.record.change_date == date(2026, 11, 19)
    assert update.record.update_sequence == 6
    assert update.record.record_state is RecordState.LIVING
    assert update.cs_items.notified_on == date(2026, 11, 20)
    assert (update.cs_items.operator_role_id, update.cs_items.terminal_id) == ("role-7", "terminal-3")
    assert update.cs_items.timestamp == stamp.at


@pytest.mark.parametrize(
    "reason", [reason for reason in ChangeReason if reason is not ChangeReason.NOT_REPORTED]
)
@pytest.mark.requirement("R-058")
def test_each_reason_of_the_rule_is_told(reason: ChangeReason, resident: Make, stamp: Stamp) -> None:
    updates = project(
        entry(ChangeKind.CORRECTION, reason, resident(), resident(update_sequence=6)), stamp=stamp
    )
    assert [update.record.change_reason for update in updates] == [reason]


def test_change_of_householder_tells_nobody_above_but_the_cs(resident: Make, stamp: Stamp) -> None:
    old, new = resident(), resident(relationship="妻", householder_name="海野　太郎", update_sequence=6)
    change = entry(ChangeKind.HOUSEHOLDER_CHANGE, ChangeReason.NOT_REPORTED, old, new)
    assert project(change, stamp=stamp) == ()
    (revision,) = project_cs_items(change, stamp=stamp)
    assert revision.cs_items.relationship == "妻"
    assert revision.resident_record_code == old.resident_record_code


def test_members_whose_household_changes_are_not_told_beside_the_person_who_moves(
    resident: Make, stamp: Stamp
) -> None:
    other_code = ResidentRecordCode(with_check_digit("0000000002"))
    stays = resident(addressee_number=2, resident_record_code=other_code, relationship="夫")
    change = Entry(
        ChangeKind.DEATH,
        ChangeReason.DEATH,
        date(2026, 11, 19),
        date(2026, 11, 20),
        (resident(), stays),
        (
            resident(
                removal=Removal(ChangeReason.DEATH, date(2026, 11, 19), date(2026, 11, 20)), update_sequence=6
            ),
            replace(stays, relationship="世帯主", update_sequence=6),
        ),
        (1,),
    )
    (update,) = project(change, stamp=stamp)
    assert update.record.resident_record_code == resident().resident_record_code
    assert update.record.record_state is RecordState.REMOVED
    assert [one.resident_record_code for one in project_cs_items(change, stamp=stamp)] == [other_code]


def test_plan_to_move_is_known_to_the_cs_alone(resident: Make, stamp: Stamp) -> None:
    plan = ScheduledMoveOut(date(2026, 12, 1), date(2026, 11, 20), "大阪府", None, abroad=False, by_card=True)
    change = entry(
        ChangeKind.MOVE_OUT_NOTICE,
        ChangeReason.NOT_REPORTED,
        resident(),
        resident(scheduled_move_out=plan, update_sequence=6),
    )
    assert project(change, stamp=stamp) == ()
    (revision,) = project_cs_items(change, stamp=stamp)
    assert revision.scheduled_flag
    assert revision.scheduled_move_out_on == date(2026, 12, 1)


def test_removal_by_a_moving_out_notice_tells_the_scheduled_day(resident: Make, stamp: Stamp) -> None:
    plan = ScheduledMoveOut(date(2026, 11, 19), date(2026, 11, 1), "大阪府", None, abroad=False, by_card=True)
    removal = Removal(ChangeReason.MOVE_OUT, date(2026, 11, 19), date(2026, 11, 1))
    new = resident(scheduled_move_out=plan, removal=removal, update_sequence=6)
    (update,) = project(entry(ChangeKind.MOVE_OUT, ChangeReason.MOVE_OUT, resident(), new), stamp=stamp)
    assert update.record.scheduled_move_out_on == date(2026, 11, 19)
    assert not update.record.scheduled_flag
    assert not update.record.living


def test_changed_code_brings_the_old_one_along(resident: Make, stamp: Stamp) -> None:
    new_code = ResidentRecordCode(with_check_digit("0000000009"))
    old, new = resident(), resident(resident_record_code=new_code, update_sequence=6)
    change = entry(ChangeKind.CODE_CHANGE, ChangeReason.CODE_CHANGED_ON_REQUEST, old, new)
    (update,) = project(change, stamp=stamp)
    assert update.record.resident_record_code == new_code
    assert update.record.old_resident_record_code == old.resident_record_code


def test_number_goes_with_the_person_to_whom_it_belongs(resident: Make, stamp: Stamp) -> None:
    number = IndividualNumber(with_check_digit("12345678901"))
    change = entry(
        ChangeKind.NUMBER_CHANGE, ChangeReason.NUMBER_ENTERED, resident(), resident(update_sequence=6)
    )
    code = resident().resident_record_code
    assert code is not None
    (update,) = project(change, stamp=stamp, numbers={code: number})
    assert update.individual_number == number
    assert project(change, stamp=stamp)[0].individual_number is None


def test_name_holds_former_surname_alias_and_variants_verbatim(resident: Make, stamp: Stamp) -> None:
    name = PersonName(
        "葛\U000e0102城　花子", "カツラギ　ハナコ", former_surname=FormerSurname("辻", "ツジ"), alias="桂木"
    )
    change = entry(ChangeKind.NAME_CHANGE, ChangeReason.AMENDED_EX_OFFICIO, resident(), resident(name=name))
    (update,) = project(change, stamp=stamp)
    assert update.record.name_kanji == "葛\U000e0102城　花子（桂木）"
    assert update.record.name_gaiji_count == 1
    assert update.cs_items.gaiji_flag
    assert (update.record.former_surname_kanji, update.record.former_surname_furigana) == ("辻", "ツジ")


def test_record_without_a_code_is_our_own_fault(resident: Make, stamp: Stamp) -> None:
    change = entry(ChangeKind.BIRTH, ChangeReason.BIRTH, None, resident(resident_record_code=None))
    with pytest.raises(CodeMissing):
        project(change, stamp=stamp)


_FULL = {
    "name": PersonName("海野　花子", "ウミノ　ハナコ", furigana_confirmed=True, former_surname=FormerSurname("旧野", "キュウノ")),
    "current_address": Address(MunicipalityCode("13101"), "本町一丁目", "２番３号", "𠮷荘", "1000001", "0012003"),
    "resident_since": date(2020, 4, 1), "address_since": date(2021, 5, 2), "update_sequence": 7, "relationship": "妻",
    "previous_address": "函館市葛\U000e0102町1番", "previous_municipality": MunicipalityCode("01202"),
    "record_code_used_from": date(2019, 1, 2), "resident_kind": ResidentKind.FOREIGN, "processing_hold": True,
    "scheduled_move_out": ScheduledMoveOut(date(2026, 12, 1), date(2026, 11, 20), "函館市", MunicipalityCode("01202"), False, False),
}  # fmt: skip


def test_every_item_is_taken_from_where_it_belongs(resident: Make, stamp: Stamp) -> None:
    one = resident(**_FULL)
    assert identity_record(one, reason=ChangeReason.MOVE_IN, change_date=date(2026, 11, 20)) == IdentityRecord(
        resident_record_code=one.resident_record_code, name_kanji="海野　花子", name_gaiji_count=0,
        name_furigana="ウミノ　ハナコ", name_normalized_kana="ウミノハナコ", former_surname_kanji="旧野",
        former_surname_furigana="キュウノ", birth_date=one.birth_date, sex=Sex.FEMALE, municipality_code=MunicipalityCode("13101"),
        aza_code="0012003", postal_code="1000001", address="本町一丁目２番３号　𠮷荘", address_gaiji_count=1,
        change_reason=ChangeReason.MOVE_IN, change_date=date(2026, 11, 20), change_reason_detail="",
        old_resident_record_code=None, record_code_used_from=date(2019, 1, 2), update_sequence=7, scheduled_flag=True,
        foreign_resident=True, record_state=RecordState.LIVING, scheduled_move_out_on=date(2026, 12, 1),
    )  # fmt: skip
    assert cs_items(one, notified_on=date(2026, 11, 20), stamp=stamp) == CsItems(
        resident_since=date(2020, 4, 1), address_since=date(2021, 5, 2), notified_on=date(2026, 11, 20),
        previous_municipality_code=MunicipalityCode("01202"), previous_address="函館市葛\U000e0102町1番",
        previous_address_gaiji_count=1, relationship="妻", request_control_number="request-1", operator_role_id="role-7",
        terminal_id="terminal-3", abnormal_update_sequence=0, update_forbidden_flag=True, lock_flag=False, gaiji_flag=True,
        timestamp=stamp.at,
    )  # fmt: skip


def test_who_has_no_reading_no_gaiji_and_no_previous_address_is_shown_so(
    resident: Make, stamp: Stamp
) -> None:
    one = resident(name=PersonName("海野　花子"))
    record = identity_record(one, reason=ChangeReason.MOVE_IN, change_date=date(2026, 11, 20))
    assert (record.name_furigana, record.name_normalized_kana, record.scheduled_flag) == (None, "", False)
    items = cs_items(one, notified_on=date(2026, 11, 20), stamp=stamp)
    assert (items.previous_address_gaiji_count, items.gaiji_flag, items.update_forbidden_flag) == (
        0,
        False,
        False,
    )


def test_everybody_of_whom_something_goes_upward_is_told_though_somebody_before_is_not(
    resident: Make, stamp: Stamp
) -> None:
    still, moved = resident(addressee_number=1), resident(addressee_number=2)
    entry = Entry(
        ChangeKind.MOVE_WITHIN, ChangeReason.MOVE_WITHIN, date(2026, 11, 20), date(2026, 11, 21),
        (still, moved), (replace(still, relationship="母"), replace(moved, update_sequence=6)), (2,), reason_detail="BY_CARD",
    )  # fmt: skip
    (update,) = project(entry, stamp=stamp)
    assert (update.record.update_sequence, update.record.change_reason_detail) == (6, "BY_CARD")
    (revision,) = project_cs_items(entry, stamp=stamp)
    assert (revision.cs_items.relationship, revision.cs_items.notified_on) == ("母", date(2026, 11, 21))


_TEXT = st.lists(
    st.sampled_from(
        [
            "山",
            "あ",
            "\ue001",
            "\ue001\U000e0100",
            "葛\U000e0102",
            "葛\U000e0102\U000e0103",
            "𠮷",
            "𠮷\U000e0100",
        ]
    ),
    min_size=1,
    max_size=6,
).map("".join)


def _outside(text: str) -> int:
    return sum(one not in "山あ" for one in split_characters(text))


@pytest.mark.requirement("R-238")
@given(_TEXT, _TEXT, st.none() | _TEXT)
def test_counts_and_flag_are_of_characters_own_ones_too_and_never_of_selectors(
    name: str, town: str, previous: str | None
) -> None:
    """F2-3, F2-12, F2-19 and F2-34."""
    home = MunicipalityCode("13101")
    resident = make_resident(
        name=PersonName(name), current_address=Address(home, town, ""), previous_address=previous
    )
    told = identity_record(resident, reason=ChangeReason.MOVE_IN, change_date=date(2026, 11, 20))
    kept = cs_items(resident, notified_on=date(2026, 11, 20), stamp=STAMP)
    assert (told.name_kanji, told.address) == (name, town), "nothing is converted on the way"
    assert told.name_gaiji_count == _outside(name)
    assert told.address_gaiji_count == _outside(town)
    assert kept.previous_address_gaiji_count == _outside(previous or "")
    assert kept.gaiji_flag is (_outside(name + town + (previous or "")) > 0)


@pytest.mark.parametrize(
    ("words", "upward"),
    [
        ("昭和20年頃", "0000-00-00"),
        ("昭和20年3月頃", "1945-00-00"),
        ("昭和20年3月10日頃", "1945-03-00"),
        ("推定昭和20年3月10日", "1945-03-10"),
        ("昭和20年3月28日から4月2日頃までの間", "1945-00-00"),
        ("大正15年12月25日", "1926-12-25"),
        ("昭和45年2月29日", "1970-02-00"),
        ("昭和20年月日不詳", "1945-00-00"),
    ],
)
def test_of_a_birth_date_only_what_is_certain_goes_upward(words: str, upward: str) -> None:
    told = parse_written(words)
    born = make_resident(birth_date=told.folded, birth_written=told.kept)
    record = identity_record(born, reason=ChangeReason.MOVE_IN, change_date=date(2026, 11, 20))
    assert str(record.birth_date) == upward
    assert check_form(record) is None
    for kind in (IdentityRecord, CsItems):
        assert all("written" not in one.name for one in fields(kind))
