"""個別記載事項: what each programme lets a record hold, what a notice does to it, what ends with residence or life."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.register.conftest import DAY, record

from daicho.rules.identity.projection import Stamp, cs_items, identity_record
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.codes import MunicipalityCode, with_check_digit
from daicho.rules.people.dates import PartialDate
from daicho.rules.programmes.ending import programmes_to_confirm, proposed_endings
from daicho.rules.programmes.item import (
    Programme,
    ProgrammeChange,
    ProgrammeItem,
    ProgrammeKind,
    ProgrammeSource,
    ProgrammeStep,
    change_item,
    item_lines,
    says_individual_number,
    with_programmes,
)
from daicho.rules.register.reasons import ChangeReason
from daicho.rules.register.record import Removal, ResidentKind, ScheduledMoveOut

P, S = Programme, ProgrammeStep
WOMAN = record(1)  # born on 1980-04-01
OLD = record(2, birth_date=PartialDate(1950, 4, 1))


def told(programme, step, on, **more):
    return ProgrammeChange(programme, step, on, ProgrammeSource.OFFICE, reference="国保第12号", **more)


def apply(changes, who=WOMAN, items=()):
    held = {one.programme: one for one in items}
    for change in changes:
        result = change_item(change, held.values(), who, DAY)
        if isinstance(result, Refusal):
            return result
        held = {**held, change.programme: result}
        if result is None:
            del held[change.programme]
    return held


@pytest.mark.requirement("F1-23")
def test_each_programme_keeps_what_the_order_names():
    held = apply(
        [
            told(P.NHI, S.ACQUIRED, date(2020, 4, 1)),
            told(
                P.PENSION, S.ACQUIRED, date(2020, 4, 1), kind=ProgrammeKind.FIRST, number="0123456789",
                why="転入",
            ),
            told(P.CHILD_ALLOWANCE, S.ACQUIRED, date(2021, 5, 15)),
            told(P.VOTER, S.ACQUIRED, date(2020, 9, 1)),
            told(P.NHI, S.LOST, date(2022, 7, 1)),
        ]
    )  # fmt: skip
    assert item_lines(held.values()) == (
        "選挙人名簿　登録",
        "国民健康保険　令和2年4月1日資格取得　令和4年7月1日資格喪失",
        "国民年金　令和2年4月1日資格取得　第1号被保険者　基礎年金番号0123-456789",
        "児童手当　令和3年5月支給開始",
    )


def test_a_change_of_kind_keeps_its_own_day():
    born = replace(WOMAN, birth_date=PartialDate(1964, 4, 1))
    held = apply(
        [
            told(P.PENSION, S.ACQUIRED, date(2004, 4, 1), kind=ProgrammeKind.FIRST),
            told(P.PENSION, S.KIND_CHANGED, date(2024, 3, 31), kind=ProgrammeKind.VOLUNTARY),
        ],
        born,
    )
    assert item_lines(held.values()) == (
        "国民年金　平成16年4月1日資格取得　任意加入被保険者（令和6年3月31日変更）",
    )


@pytest.mark.parametrize(
    ("changes", "who", "reason", "field"),
    [
        ([told(P.NHI, S.LOST, DAY)], WOMAN, Reason.NOT_FOUND, "programme"),
        ([told(P.NHI, S.ACQUIRED, DAY + timedelta(1))], WOMAN, Reason.DATE_IN_FUTURE, "on"),
        ([told(P.NHI, S.ACQUIRED, date(1979, 1, 1))], WOMAN, Reason.DATE_ORDER, "on"),
        ([told(P.CARE, S.ACQUIRED, date(1999, 4, 1))], OLD, Reason.DATE_ORDER, "on"),
        ([told(P.CARE, S.ACQUIRED, date(2015, 3, 30))], OLD, Reason.AGE_OUT_OF_RANGE, "on"),
        ([told(P.LATE_ELDERLY, S.ACQUIRED, date(2020, 4, 1))], WOMAN, Reason.AGE_OUT_OF_RANGE, "on"),
        ([told(P.VOTER, S.ACQUIRED, DAY)], replace(WOMAN, resident_kind=ResidentKind.FOREIGN),
         Reason.NOT_ENTITLED, "programme"),
        ([told(P.PENSION, S.ACQUIRED, DAY)], WOMAN, Reason.FIELD_MISSING, "kind"),
        ([told(P.PENSION, S.ACQUIRED, DAY, kind=ProgrammeKind.FIRST)], OLD, Reason.AGE_OUT_OF_RANGE, "on"),
        ([told(P.PENSION, S.ACQUIRED, DAY, kind=ProgrammeKind.FIRST, number="123")], WOMAN,
         Reason.PENSION_NUMBER_MALFORMED, "number"),
        ([told(P.NHI, S.ACQUIRED, DAY, number="0123456789")], WOMAN, Reason.PENSION_NUMBER_MALFORMED, "number"),
        ([told(P.NHI, S.ACQUIRED, DAY, kind=ProgrammeKind.FIRST)], WOMAN, Reason.FIELD_UNKNOWN_VALUE, "kind"),
        ([told(P.NHI, S.KIND_CHANGED, DAY)], WOMAN, Reason.FIELD_UNKNOWN_VALUE, "step"),
        ([told(P.NHI, S.ACQUIRED, date(2020, 4, 1)), told(P.NHI, S.ACQUIRED, DAY)], WOMAN,
         Reason.NOTHING_CHANGES, "programme"),
        ([told(P.NHI, S.ACQUIRED, date(2020, 4, 1)), told(P.NHI, S.LOST, date(2020, 3, 31))], WOMAN,
         Reason.DATE_ORDER, "on"),
        ([told(P.NHI, S.ACQUIRED, date(2020, 4, 1)), told(P.NHI, S.CORRECTED, date(2020, 4, 2))], WOMAN,
         Reason.FIELD_MISSING, "why"),
        ([ProgrammeChange(P.NHI, S.ACQUIRED, DAY, ProgrammeSource.OFFICE)], WOMAN,
         Reason.FIELD_MISSING, "reference"),
        ([ProgrammeChange(P.NHI, S.ACQUIRED, DAY, ProgrammeSource.EX_OFFICIO)], WOMAN,
         Reason.FIELD_MISSING, "why"),
        ([told(P.NHI, S.ACQUIRED, DAY, why="x" * 201)], WOMAN, Reason.FIELD_TOO_LONG, "why"),
        ([told(P.NHI, S.REVOKED, DAY, why="誤り")], WOMAN, Reason.NOT_FOUND, "programme"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_beside_its_field(changes, who, reason, field):
    refused = apply(changes, who)
    assert isinstance(refused, Refusal)
    assert (refused.reason, refused.field) == (reason, field)


def test_health_insurance_is_not_acquired_beside_care_of_the_late_elderly():
    refused = apply([told(P.LATE_ELDERLY, S.ACQUIRED, date(2025, 4, 1)), told(P.NHI, S.ACQUIRED, DAY)], OLD)
    assert refused.reason is Reason.NOT_ENTITLED


@pytest.mark.parametrize(
    ("programme", "birth", "first"),
    [
        (P.CARE, PartialDate(1950, 4, 1), date(2015, 3, 31)),
        (P.VOTER, PartialDate(2004, 2, 29), date(2022, 2, 28)),
        (P.PENSION, PartialDate(2000, 1, 1), date(2019, 12, 31)),
    ],
)
def test_an_age_is_reached_at_the_end_of_the_day_before_the_birthday(programme, birth, first):
    who = replace(WOMAN, birth_date=birth)
    kind = ProgrammeKind.FIRST if programme is P.PENSION else None
    early = apply([told(programme, S.ACQUIRED, first - timedelta(1), kind=kind)], who)
    assert early.reason is Reason.AGE_OUT_OF_RANGE
    assert isinstance(apply([told(programme, S.ACQUIRED, first, kind=kind)], who), dict)


def test_a_birth_date_unknown_in_part_refuses_only_what_is_certain():
    for month in (4, None):
        who = replace(WOMAN, birth_date=PartialDate(1950, month, None))
        assert isinstance(apply([told(P.CARE, S.ACQUIRED, date(2015, 3, 31))], who), dict)
        assert isinstance(apply([told(P.CARE, S.ACQUIRED, date(2013, 3, 31))], who), Refusal)
    unknown = replace(WOMAN, birth_date=PartialDate(None, None, None))
    assert isinstance(apply([told(P.CARE, S.ACQUIRED, date(2013, 3, 31))], unknown), dict)


@pytest.mark.parametrize(
    ("programme", "kind", "birth", "first", "years"),
    [
        (P.VOTER, None, PartialDate(1997, 6, 20), date(2016, 6, 19), 18),
        (P.VOTER, None, PartialDate(1996, 6, 19), date(2016, 6, 18), 20),
        (P.PENSION, ProgrammeKind.VOLUNTARY, PartialDate(1930, 4, 1), date(1995, 4, 1), 65),
    ],
)
def test_an_age_is_asked_for_as_the_law_stood_on_the_day_of_which_is_told(
    programme, kind, birth, first, years
):
    who = replace(WOMAN, birth_date=birth)
    early = apply([told(programme, S.ACQUIRED, first - timedelta(1), kind=kind)], who)
    assert early.reason is Reason.AGE_OUT_OF_RANGE, years
    assert isinstance(apply([told(programme, S.ACQUIRED, first, kind=kind)], who), dict)


def test_a_correction_keeps_what_it_does_not_speak_of():
    ended = [told(P.NHI, S.ACQUIRED, date(2020, 4, 1)), told(P.NHI, S.LOST, date(2022, 7, 1))]
    corrected = apply([*ended, told(P.NHI, S.CORRECTED, date(2020, 5, 1), why="取得日の誤り")])
    assert corrected[P.NHI] == ProgrammeItem(P.NHI, date(2020, 5, 1), date(2022, 7, 1))
    other_day = told(P.NHI, S.CORRECTED, date(2020, 4, 1), why="誤り", lost_on=date(2022, 7, 2))
    assert apply([*ended, other_day])[P.NHI].lost_on == date(2022, 7, 2)
    turned = apply([*ended, told(P.NHI, S.CORRECTED, date(2022, 7, 2), why="誤り")])
    assert (turned.reason, turned.field) == (Reason.DATE_ORDER, "lost_on")


def test_that_something_was_never_lost_is_said_and_not_left_blank():
    ended = [told(P.NHI, S.ACQUIRED, date(2020, 4, 1)), told(P.NHI, S.LOST, date(2022, 7, 1))]
    never = told(P.NHI, S.CORRECTED, date(2020, 4, 1), why="別人の喪失", still_held=True)
    assert apply([*ended, never])[P.NHI] == ProgrammeItem(P.NHI, date(2020, 4, 1))
    for wrong in (replace(never, lost_on=date(2022, 7, 1)), replace(never, step=S.LOST)):
        refused = apply([*ended, wrong])
        assert (refused.reason, refused.field) == (Reason.FIELD_UNKNOWN_VALUE, "still_held")


def test_an_error_is_corrected_or_revoked_with_its_reason():
    begun = [told(P.NHI, S.ACQUIRED, date(2020, 4, 1))]
    corrected = apply([*begun, told(P.NHI, S.CORRECTED, date(2020, 5, 1), why="届出日の誤り")])
    assert corrected[P.NHI].acquired_on == date(2020, 5, 1)
    same = apply([*begun, told(P.NHI, S.CORRECTED, date(2020, 4, 1), why="誤り")])
    assert same.reason is Reason.NOTHING_CHANGES
    turned = apply([*begun, told(P.NHI, S.CORRECTED, date(2020, 4, 1), why="誤り", lost_on=date(2020, 3, 1))])
    assert (turned.reason, turned.field) == (Reason.DATE_ORDER, "lost_on")
    assert apply([*begun, told(P.NHI, S.REVOKED, DAY, why="別人の通知")]) == {}


@pytest.mark.parametrize("write", [str, lambda n: f"{n[:4]} {n[4:8]}-{n[8:]}", lambda n: f"番号{n}です",
                                   lambda n: n.translate({48 + i: chr(0xFF10 + i) for i in range(10)})])  # fmt: skip
def test_an_individual_number_does_not_slip_into_a_programme_by_any_field(write):
    number = write(with_check_digit("98765432109"))
    for fields in ({"why": number}, {"number": number}):
        refused = apply([told(P.NHI, S.ACQUIRED, DAY, **fields)])
        assert refused.reason is Reason.INDIVIDUAL_NUMBER_NOT_USED
    office = ProgrammeChange(P.NHI, S.ACQUIRED, DAY, ProgrammeSource.OFFICE, reference=number)
    assert apply([office]).reason is Reason.INDIVIDUAL_NUMBER_NOT_USED
    assert not says_individual_number("令和8年11月20日 国保第12号 2026-11-20")


def test_whatever_programmes_a_record_tells_the_same_travels_upward():
    shown = with_programmes(WOMAN, held_all(), numbers=True)
    assert shown != WOMAN
    stamp = Stamp("e1", "k1", "t1", datetime(2026, 11, 20, tzinfo=UTC))
    for told_of in (
        lambda one: identity_record(one, reason=ChangeReason.MINOR_CORRECTION, change_date=DAY),
        lambda one: cs_items(one, notified_on=DAY, stamp=stamp),
    ):
        assert told_of(shown) == told_of(WOMAN)


def held_all(**lost):
    day = date(2019, 4, 1)
    return [
        ProgrammeItem(one, day, lost.get(one.value), ProgrammeKind.FIRST if one is P.PENSION else None)
        for one in Programme
        if one is not P.LATE_ELDERLY
    ]


HAKODATE, CHUO, NERIMA = MunicipalityCode("01202"), MunicipalityCode("13102"), MunicipalityCode("13120")


def left(day, there, reason=ChangeReason.MOVE_OUT):
    """Somebody of 13101 who went to another town, as the register keeps it."""
    plan = ScheduledMoveOut(day, day, "転出先", there, abroad=False, by_card=False)
    removal = Removal(reason, day, DAY)
    return replace(WOMAN, removal=removal, scheduled_move_out=plan, move_out_to_address="転出先")


@pytest.mark.parametrize(
    ("reason", "days"),
    [
        (ChangeReason.MOVE_OUT, {
            P.VOTER: date(2027, 3, 11), P.NHI: date(2026, 11, 10), P.CARE: date(2026, 11, 10),
            P.CHILD_ALLOWANCE: date(2026, 11, 1),
        }),
        (ChangeReason.MOVE_OUT_ABROAD, {
            P.VOTER: date(2027, 3, 11), P.NHI: date(2026, 11, 11), P.CARE: date(2026, 11, 11),
            P.PENSION: date(2026, 11, 11), P.CHILD_ALLOWANCE: date(2026, 11, 1),
        }),
        (ChangeReason.DEATH, {
            P.VOTER: date(2026, 11, 10), P.NHI: date(2026, 11, 11), P.CARE: date(2026, 11, 11),
            P.PENSION: date(2026, 11, 11), P.CHILD_ALLOWANCE: date(2026, 11, 1),
        }),
        (ChangeReason.STRUCK_NATIONALITY_LOST, {P.VOTER: date(2026, 11, 10)}),
        (ChangeReason.STRUCK_NATURALISED, {}),
        (ChangeReason.STRUCK_OTHER, {
            P.VOTER: date(2027, 3, 11), P.NHI: date(2026, 11, 11), P.CARE: date(2026, 11, 11),
            P.CHILD_ALLOWANCE: date(2026, 11, 1),
        }),
    ],
)  # fmt: skip
def test_what_ends_with_residence_or_life_is_proposed_for_its_day(reason, days):
    gone = left(date(2026, 11, 10), HAKODATE, reason)
    proposed = proposed_endings(gone, held_all())
    assert programmes_to_confirm(gone, held_all()) == ()
    assert {one.programme: one.on for one in proposed} == days
    assert all(one.step is S.LOST for one in proposed)


@pytest.mark.parametrize("there", [CHUO, NERIMA, None])
def test_a_moving_inside_the_prefecture_or_to_nobody_knows_where_ends_no_insurance_of_the_prefecture(there):
    items = [*held_all(), ProgrammeItem(P.LATE_ELDERLY, date(2019, 4, 1))]
    without_nhi = [one for one in items if one.programme is not P.NHI]
    gone = left(date(2026, 11, 10), there)
    assert programmes_to_confirm(gone, held_all()) == (P.NHI,)
    assert programmes_to_confirm(gone, without_nhi) == (P.LATE_ELDERLY,)
    proposed = {one.programme for one in proposed_endings(gone, without_nhi)}
    assert proposed == {P.VOTER, P.CARE, P.CHILD_ALLOWANCE}
    # Which takes the place of the other is known, wherever somebody went.
    assert P.NHI not in programmes_to_confirm(gone, items)
    assert P.NHI in {one.programme for one in proposed_endings(gone, items)}


def test_whoever_arrived_elsewhere_than_was_announced_is_asked_about():
    gone = replace(left(date(2026, 11, 10), HAKODATE), move_out_to_address="東京都練馬区")
    assert programmes_to_confirm(gone, held_all()) == (P.NHI,)
    reported = replace(left(date(2026, 11, 10), HAKODATE), scheduled_move_out=None)
    assert programmes_to_confirm(reported, held_all()) == (P.NHI,)


def test_before_the_prefecture_insured_a_moving_out_ended_the_insurance_of_the_town():
    items = [ProgrammeItem(P.NHI, date(2010, 4, 1)), ProgrammeItem(P.CARE, date(2010, 4, 1))]
    gone = left(date(2018, 3, 31), NERIMA)
    assert programmes_to_confirm(gone, items) == ()
    assert {one.programme for one in proposed_endings(gone, items)} == {P.NHI, P.CARE}
    assert programmes_to_confirm(left(date(2018, 4, 1), NERIMA), items) == (P.NHI,)


def test_nothing_is_proposed_of_whoever_stays_nor_of_what_was_lost():
    assert proposed_endings(WOMAN, held_all()) == ()
    gone = replace(WOMAN, removal=Removal(ChangeReason.DEATH, date(2026, 11, 10), DAY))
    assert P.NHI not in {one.programme for one in proposed_endings(gone, held_all(NHI=date(2020, 1, 1)))}


def test_care_of_the_late_elderly_takes_the_place_of_health_insurance():
    items = [ProgrammeItem(P.NHI, date(2010, 4, 1)), ProgrammeItem(P.LATE_ELDERLY, date(2025, 4, 1))]
    (proposed,) = proposed_endings(OLD, items)
    assert (proposed.programme, proposed.on) == (P.NHI, date(2025, 4, 1))


def test_whoever_has_gone_acquires_nothing_from_a_later_day():
    gone = replace(WOMAN, removal=Removal(ChangeReason.MOVE_OUT, date(2026, 11, 10), DAY))
    assert apply([told(P.NHI, S.ACQUIRED, date(2026, 11, 11))], gone).reason is Reason.NOT_LIVING
    assert isinstance(apply([told(P.NHI, S.ACQUIRED, date(2026, 11, 1))], gone), dict)


def test_paper_is_given_the_text_of_the_items_and_the_record_itself_keeps_none():
    shown = with_programmes(WOMAN, held_all(), numbers=True)
    assert len(shown.programme_info) == 5
    pension = [ProgrammeItem(P.PENSION, DAY, kind=ProgrammeKind.FIRST, kind_since=DAY, number="0123456789")]
    assert "0123" in with_programmes(WOMAN, pension, numbers=True).programme_info[0]
    assert "0123" not in with_programmes(WOMAN, pension, numbers=False).programme_info[0]
    assert WOMAN.programme_info == ()


DAYS = st.dates(date(2000, 1, 1), DAY)
CHANGES = st.builds(
    ProgrammeChange, st.sampled_from(Programme), st.sampled_from(ProgrammeStep), DAYS,
    st.sampled_from(ProgrammeSource), st.just("通知"), st.just("理由"),
    st.none() | st.sampled_from(ProgrammeKind), st.just(""), st.none() | DAYS, st.booleans(),
)  # fmt: skip


@given(st.lists(CHANGES, max_size=12))
def test_whatever_is_told_an_item_is_acquired_changed_and_lost_in_this_order(changes):
    held = {}
    for change in changes:
        result = change_item(change, held.values(), OLD, DAY)
        if isinstance(result, Refusal):
            continue
        if result is None:
            del held[change.programme]
        else:
            held[change.programme] = result
        for one in held.values():
            days = [day for day in (one.acquired_on, one.kind_since, one.lost_on) if day is not None]
            assert days == sorted(days)
            assert (one.kind is None) == (one.kind_since is None)
            assert one.kind is None or one.programme is P.PENSION
    for ending in proposed_endings(
        replace(OLD, removal=Removal(ChangeReason.DEATH, DAY, DAY)), held.values()
    ):
        ended = change_item(ending, held.values(), OLD, ending.on)
        assert isinstance(ended, ProgrammeItem)
        assert ended.lost_on is not None
