"""Late, repeated, overtaken, forged and senseless updates, at the CS and above it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daicho.rules.identity.acceptance import (
    Accepted,
    Repeat,
    Superseded,
    accept_above,
    accept_at_cs,
    onward,
)
from daicho.rules.identity.record import CsItems, IdentityRecord, IdentityUpdate, RecordState
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.sex import Sex
from daicho.rules.register.reasons import ChangeReason

A, B, C = MunicipalityCode("13101"), MunicipalityCode("27215"), MunicipalityCode("47201")
Record = Callable[..., IdentityRecord]


def reason_of(answer: object) -> Reason | None:
    return answer.reason if isinstance(answer, Refusal) else None


class Cs:
    """A CS of town A that knows one person."""

    def __init__(self, record: Record, items: Callable[..., CsItems]) -> None:
        self.record, self.items = record, items

    def send(self, current: IdentityRecord | None, **changes: Any) -> object:
        items = {name: changes.pop(name) for name in list(changes) if hasattr(self.items(), name)}
        number_changed = changes.pop("number_changed", False)
        update = IdentityUpdate(self.record(**changes), self.items(**items))
        return accept_at_cs(current, update, home=A, number_changed=number_changed)


@pytest.fixture
def cs(record: Record, items: Callable[..., CsItems]) -> Cs:
    return Cs(record, items)


def test_first_entry_is_accepted(cs: Cs) -> None:
    assert isinstance(cs.send(None), Accepted)


@pytest.mark.requirement("R-077")
@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("resident_record_code", "12345678901"),
        ("name_kanji", ""),
        ("name_kanji", "あ" * 400),
        ("name_kanji", "海野\n花子"),
        ("name_gaiji_count", 3),
        ("name_normalized_kana", "カワノハナコ"),
        ("former_surname_furigana", "ツジ"),
        ("postal_code", "100-0001"),
        ("postal_code", "１００００01"),
        ("aza_code", "abc"),
        ("address", ""),
        ("address_gaiji_count", 1),
        ("change_reason", ChangeReason.NOT_REPORTED),
        ("change_date", date(1980, 1, 1)),
        ("update_sequence", 0),
        ("record_state", RecordState.REMOVED),
        ("scheduled_flag", True),
        ("relationship", ""),
        ("operator_role_id", ""),
        ("terminal_id", "x" * 65),
        ("previous_address_gaiji_count", 9),
        ("abnormal_update_sequence", -1),
        ("timestamp", datetime(2026, 11, 20)),
    ],
)
def test_malformed_item_is_refused_by_name(cs: Cs, field: str, bad: object) -> None:
    answer = cs.send(None, **{field: bad})
    assert reason_of(answer) is Reason.ITEM_MALFORMED
    assert isinstance(answer, Refusal)
    assert answer.field == field


@pytest.mark.requirement("R-078")
@pytest.mark.parametrize(
    "reason", [ChangeReason.MOVE_IN, ChangeReason.MOVE_IN_FROM_ABROAD, ChangeReason.BIRTH]
)
def test_moving_in_of_somebody_who_lives_here_is_refused(
    cs: Cs, record: Record, reason: ChangeReason
) -> None:
    answer = cs.send(record(), update_sequence=6, change_reason=reason)
    assert reason_of(answer) is Reason.ALREADY_LIVING


@pytest.mark.requirement("R-078")
def test_moving_in_again_after_moving_out_is_accepted(cs: Cs, record: Record) -> None:
    gone = record(change_reason=ChangeReason.MOVE_OUT, record_state=RecordState.REMOVED)
    assert isinstance(cs.send(gone, update_sequence=6), Accepted)


@pytest.mark.requirement("R-079")
@pytest.mark.parametrize(
    ("field", "other"),
    [
        ("name_kanji", "陸野　花子"),
        ("name_furigana", "リクノ　ハナコ"),
        ("birth_date", PartialDate(1990, 4, 2)),
        ("sex", Sex.MALE),
        ("former_surname_kanji", "辻"),
        ("foreign_resident", True),
        ("number_changed", True),
    ],
)
def test_moving_within_that_brings_more_than_an_address_is_refused(
    cs: Cs, record: Record, field: str, other: object
) -> None:
    change = {
        "update_sequence": 6,
        "change_reason": ChangeReason.MOVE_WITHIN,
        "address": "新町９番",
        field: other,
    }
    if field == "name_furigana":
        change["name_normalized_kana"] = "リクノハナコ"
    answer = cs.send(record(), **change)
    assert reason_of(answer) is Reason.MORE_THAN_ADDRESS


@pytest.mark.requirement("R-079")
def test_moving_within_that_changes_the_address_is_accepted(cs: Cs, record: Record) -> None:
    change = {"address": "新町９番", "postal_code": "1000002", "relationship": "妻"}
    answer = cs.send(record(), update_sequence=6, change_reason=ChangeReason.MOVE_WITHIN, **change)
    assert isinstance(answer, Accepted)


def test_moving_within_to_the_same_address_is_refused(cs: Cs, record: Record) -> None:
    answer = cs.send(record(), update_sequence=6, change_reason=ChangeReason.MOVE_WITHIN)
    assert reason_of(answer) is Reason.ADDRESS_UNCHANGED


@pytest.mark.parametrize(
    ("current", "change", "reason"),
    [
        (None, {"change_reason": ChangeReason.AMENDED_EX_OFFICIO}, Reason.NOT_FOUND),
        (None, {"change_reason": ChangeReason.DEATH, "record_state": RecordState.REMOVED}, Reason.NOT_FOUND),
        (
            "gone",
            {"change_reason": ChangeReason.DEATH, "record_state": RecordState.REMOVED},
            Reason.ALREADY_REMOVED,
        ),
        ("gone", {"change_reason": ChangeReason.AMENDED_EX_OFFICIO}, Reason.STATE_CHANGE_UNEXPLAINED),
        (
            "gone",
            {"change_reason": ChangeReason.AMENDED_EX_OFFICIO, "record_state": RecordState.REMOVED},
            Reason.NOT_LIVING,
        ),
        ("here", {"municipality_code": B}, Reason.OTHER_MUNICIPALITY),
        ("here", {"update_sequence": 5, "name_kanji": "陸野　花子"}, Reason.SEQUENCE_CONFLICT),
    ],
)
def test_senseless_update_is_refused(
    cs: Cs, record: Record, current: str | None, change: dict[str, object], reason: Reason
) -> None:
    gone = record(change_reason=ChangeReason.MOVE_OUT, record_state=RecordState.REMOVED)
    kept = {None: None, "gone": gone, "here": record()}[current]
    assert reason_of(cs.send(kept, **{"update_sequence": 6, **change})) is reason


def test_number_reaches_a_removed_record_too(cs: Cs, record: Record) -> None:
    gone = record(change_reason=ChangeReason.DEATH, record_state=RecordState.REMOVED)
    answer = cs.send(
        gone, update_sequence=6, change_reason=ChangeReason.NUMBER_ENTERED, record_state=RecordState.REMOVED
    )
    assert isinstance(answer, Accepted)


def test_repeat_does_nothing_and_late_update_is_superseded(cs: Cs, record: Record) -> None:
    assert cs.send(record()) == Repeat(5)
    assert cs.send(record(scheduled_flag=True, scheduled_move_out_on=date(2026, 12, 1))) == Repeat(5)
    assert cs.send(record(), update_sequence=4) == Superseded(5, A)


@pytest.mark.requirement("R-080")
def test_only_what_was_accepted_can_be_told_onward(update: Callable[..., IdentityUpdate]) -> None:
    good = update()
    accepted = accept_at_cs(None, good, home=A)
    assert isinstance(accepted, Accepted)
    assert onward(accepted, good).record == good.record
    refused = accept_at_cs(None, update(address=""), home=A)
    for answer in (refused, Superseded(5, A), Repeat(5)):
        with pytest.raises(TypeError):
            onward(answer, good)
    with pytest.raises(TypeError):
        onward(accepted, update(name_kanji="別人"))


class TestAbove:
    """At the prefecture and the nation, where several towns speak of one person."""

    def test_unknown_person_is_accepted_from_the_town_named(self, record: Record) -> None:
        assert accept_above(None, record(), A) == Accepted(record(), changes_holder=True)

    def test_town_cannot_speak_for_another(self, record: Record) -> None:
        assert reason_of(accept_above(None, record(), B)) is Reason.OTHER_MUNICIPALITY

    def test_malformed_report_is_refused(self, record: Record) -> None:
        assert reason_of(accept_above(None, record(address=""), A)) is Reason.ITEM_MALFORMED

    def test_moving_in_that_overtakes_the_moving_out_changes_the_holder(self, record: Record) -> None:
        arrives = record(municipality_code=B, update_sequence=7, change_date=date(2026, 11, 20))
        assert accept_above(record(), arrives, B) == Accepted(arrives, changes_holder=True)
        leaves = record(
            update_sequence=7, change_reason=ChangeReason.MOVE_OUT, record_state=RecordState.REMOVED
        )
        assert accept_above(arrives, leaves, A) == Superseded(7, B)

    def test_moving_in_after_the_moving_out_is_accepted_even_with_the_same_number(
        self, record: Record
    ) -> None:
        leaves = record(
            update_sequence=7,
            change_reason=ChangeReason.MOVE_OUT,
            record_state=RecordState.REMOVED,
            change_date=date(2026, 11, 20),
        )
        for sequence in (6, 7, 8):
            arrives = record(municipality_code=B, update_sequence=sequence, change_date=date(2026, 11, 20))
            assert accept_above(leaves, arrives, B) == Accepted(arrives, changes_holder=True)

    @pytest.mark.parametrize("sequence", [6, 9, 50])
    def test_removal_by_a_town_that_is_no_longer_the_holder_is_superseded(
        self, record: Record, sequence: int
    ) -> None:
        holder = record(municipality_code=B, update_sequence=8)
        late = record(
            update_sequence=sequence, change_reason=ChangeReason.MOVE_OUT, record_state=RecordState.REMOVED
        )
        assert accept_above(holder, late, A) == Superseded(8, B)

    def test_former_town_cannot_amend(self, record: Record) -> None:
        holder = record(municipality_code=B, update_sequence=8)
        amends = record(change_reason=ChangeReason.AMENDED_EX_OFFICIO, update_sequence=9)
        assert reason_of(accept_above(holder, amends, A)) is Reason.NOT_THE_HOLDER
        late = replace(amends, update_sequence=7)
        assert accept_above(holder, late, A) == Superseded(8, B)

    def test_late_moving_in_to_a_town_already_left_is_superseded(self, record: Record) -> None:
        now = record(municipality_code=C, update_sequence=9, change_date=date(2026, 11, 1))
        late = record(municipality_code=B, update_sequence=7, change_date=date(2026, 6, 1))
        assert accept_above(now, late, B) == Superseded(9, C)
        gone = replace(now, change_reason=ChangeReason.MOVE_OUT_ABROAD, record_state=RecordState.REMOVED)
        assert accept_above(gone, late, B) == Superseded(9, C)

    def test_two_towns_claiming_one_person_on_one_day_is_for_people_to_settle(self, record: Record) -> None:
        here = record(municipality_code=B, update_sequence=7)
        there = record(municipality_code=C, update_sequence=7)
        assert reason_of(accept_above(here, there, C)) is Reason.SEQUENCE_CONFLICT

    def test_repeat_late_and_conflicting_reports_of_the_holder(self, record: Record) -> None:
        assert accept_above(record(), record(), A) == Repeat(5)
        assert accept_above(record(), record(update_sequence=4), A) == Superseded(5, A)
        other = record(name_kanji="陸野　花子")
        assert reason_of(accept_above(record(), other, A)) is Reason.SEQUENCE_CONFLICT

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(order=st.permutations(range(5)))
    def test_any_order_of_arrival_ends_with_the_same_holder_and_record(
        self, record: Record, order: list[int]
    ) -> None:
        story = [
            record(municipality_code=A, update_sequence=1, change_date=date(2026, 1, 1)),
            record(
                municipality_code=A,
                update_sequence=3,
                change_date=date(2026, 3, 1),
                change_reason=ChangeReason.MOVE_OUT,
                record_state=RecordState.REMOVED,
            ),
            record(municipality_code=B, update_sequence=3, change_date=date(2026, 3, 1)),
            record(
                municipality_code=B,
                update_sequence=5,
                change_date=date(2026, 6, 1),
                change_reason=ChangeReason.MOVE_OUT,
                record_state=RecordState.REMOVED,
            ),
            record(municipality_code=C, update_sequence=6, change_date=date(2026, 6, 2)),
        ]
        kept: IdentityRecord | None = None
        for position in order:
            answer = accept_above(kept, story[position], story[position].municipality_code)
            if isinstance(answer, Accepted):
                kept = answer.record
        assert kept == story[4]
