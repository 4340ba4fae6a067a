"""Protection of victims: the cases in tests/cases/protection.toml, and what holds for every measure."""

import tomllib
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.rules.law.article import juki
from daicho.rules.law.periods import last_day_of_years, months_before
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.dates import PartialDate
from daicho.rules.protection.measure import (
    AddressRole,
    AskingPerson,
    ConsultedBody,
    EndCause,
    GuardedRequest,
    Opinion,
    OtherParty,
    ProtectedAddress,
    ProtectionAlert,
    ProtectionEnd,
    ProtectionGround,
    ProtectionMeasure,
    ProtectionState,
    Scrutiny,
    TemporaryRelease,
    WatchedMove,
    alerts_at_move,
    blocks,
    check_application,
    confirm_need,
    decide_on_request,
    end_measure,
    forwarded,
    hidden_people,
    is_other_party,
    release,
    renew,
    renewal_opens_on,
    state_on,
    towns_to_tell,
)
from daicho.rules.register.reasons import ChangeKind

HOME, BEFORE, DOMICILE = MunicipalityCode("13101"), MunicipalityCode("01202"), MunicipalityCode("27215")
CASES = tomllib.loads((Path(__file__).parents[2] / "cases" / "protection.toml").read_text(encoding="utf-8"))[
    "case"
]
PARTY = OtherParty("相手　太郎", "アイテ　タロウ", PartialDate(1975, 5, 5), "架空町一丁目2番3号")
PEOPLE = {
    "相手方": AskingPerson("相手　太郎", PartialDate(1975, 5, 5)),
    "生年月日の違う同名の者": AskingPerson("相手　太郎", PartialDate(2001, 5, 5)),
    "対象者": AskingPerson("試験　1号", PartialDate(1980, 4, 1), addressee_number=1),
}
STATES = {
    "仮の支援措置": ProtectionState.PROVISIONAL,
    "期間中": ProtectionState.IN_FORCE,
    "延長受付中": ProtectionState.RENEWABLE,
    "期間満了": ProtectionState.EXPIRED,
    "終了": ProtectionState.ENDED,
}
CAUSES = {"期間満了": EndCause.TERM_OVER, "必要性が認められない": EndCause.NOT_CONFIRMED}
RESULTS = {"通常の審査": Scrutiny.ORDINARY, "厳格な審査": Scrutiny.STRICT}
MOVES = {
    "転入": ChangeKind.MOVE_IN,
    "転居": ChangeKind.MOVE_WITHIN,
    "転出届": ChangeKind.MOVE_OUT_NOTICE,
    "氏名の修正": ChangeKind.NAME_CHANGE,
    "住居表示・町名地番変更": ChangeKind.ADDRESS_RENAMED,
}
ALERTS = {
    "対象者の異動": ProtectionAlert.PROTECTED_PERSON,
    "一部だけの異動": ProtectionAlert.SEPARATED,
    "保護する住所の見直し": ProtectionAlert.ADDRESSES_CHANGE,
    "前住所地の措置": ProtectionAlert.PREVIOUS_ADDRESS_PART,
    "相手方の異動": ProtectionAlert.OTHER_PARTY,
    "期間満了": ProtectionAlert.TERM_OVER,
}


def measure(applied_on=date(2026, 4, 1), **items):
    made = ProtectionMeasure(
        number="令8-1",
        ground=ProtectionGround.DOMESTIC_VIOLENCE,
        applicant=1,
        other_parties=(PARTY,),
        addresses=(
            ProtectedAddress(AddressRole.PRESENT, HOME, "架空町一丁目2番3号"),
            ProtectedAddress(AddressRole.PREVIOUS, BEFORE, "函館市架空町1番"),
            ProtectedAddress(AddressRole.DOMICILE, DOMICILE, "寝屋川市架空町1番"),
        ),
        applied_on=applied_on,
        companions=(2,),
    )
    return replace(made, **items)


def opinion(given_on, confirms=True):
    return Opinion(ConsultedBody.POLICE, given_on, confirms)


def _end(one, day, cause=EndCause.WITHDRAWN):
    return end_measure(one, ProtectionEnd(day, "窓口", "責任者", cause))


def told(case):
    """Do what the case tells, in order; the first refusal is the outcome."""
    now = measure(case["applied"])
    steps = []
    if "confirmed" in case:
        said = opinion(case["confirmed"], case.get("opinion", True))
        steps.append(lambda one: confirm_need(one, said, counted_from=case.get("counted")))
    if "ended" in case:
        steps.append(lambda one: _end(one, case["ended"], CAUSES.get(case.get("cause"), EndCause.WITHDRAWN)))
    steps += [lambda one, day=day: renew(one, opinion(day), day) for day in case.get("renewed", ())]
    if "release" in case:
        begin, end = map(datetime.fromisoformat, case["release"])
        steps.append(lambda one: release(one, TemporaryRelease(*case["by"], begin, end, "本人への交付")))
    for step in steps:
        now = step(now)
        if isinstance(now, Refusal):
            return now
    return now


@pytest.mark.parametrize("case", CASES, ids=[case["title"] for case in CASES])
def test_case_of_protection(case):
    now = told(case)
    if "outcome" in case:
        assert isinstance(now, Refusal), now
        assert now.reason.value == case["outcome"].split()[1]
        assert str(now.article) == case["article"]
        return
    assert isinstance(now, ProtectionMeasure), now
    day = case.get("day")
    if "state" in case:
        assert state_on(now, day) is STATES[case["state"]]
    if "last" in case:
        assert now.last_day == case["last"]
    if "blocks" in case:
        assert blocks(now, day) is case["blocks"]
    if "alerts" in case:
        named = tuple(PEOPLE[name] for name in case.get("named", ()))
        move = WatchedMove(MOVES[case["move"]], tuple(case["movers"]), named)
        assert alerts_at_move(now, move, day) == tuple(ALERTS[word] for word in case["alerts"])
    if "result" in case:
        askers = tuple(PEOPLE.get(name, AskingPerson(name)) for name in case["asks"])
        asked = GuardedRequest(
            askers, frozenset(case["about"]), juki(case["route"]), case.get("photo", False)
        )
        answer = decide_on_request(now, asked, day)
        if case["result"].startswith("拒否"):
            assert answer == Refusal(Reason(case["result"].split()[1]), juki(case["route"]), "purpose")
            assert str(answer.article) == case["article"]
        else:
            assert answer is RESULTS[case["result"]]


def test_every_case_asks_something_and_is_told_once():
    asked = {"state", "last", "blocks", "alerts", "result", "outcome"}
    assert all(asked & case.keys() for case in CASES)
    assert len({case["title"] for case in CASES}) == len(CASES) >= 30


DAYS = st.dates(date(2004, 7, 1), date(2090, 12, 31))


@given(applied_on=DAYS, later=st.integers(0, 20_000), confirmed=st.booleans())
def test_no_measure_ends_by_the_passing_of_time(applied_on, later, confirmed):
    now = measure(applied_on)
    if confirmed:
        now = confirm_need(now, opinion(applied_on))
    assert blocks(now, applied_on + timedelta(days=later))
    assert not blocks(now, applied_on - timedelta(days=later + 1))


@given(applied_on=DAYS, years=st.integers(0, 12))
def test_years_follow_each_other_without_a_gap_or_an_overlap(applied_on, years):
    now = confirm_need(measure(applied_on), opinion(applied_on))
    for _ in range(years):
        before = now.last_day
        now = renew(now, opinion(before), renewal_opens_on(now))
        assert now.last_day == last_day_of_years(before + timedelta(days=1), 1)
        assert timedelta(365) <= now.last_day - before <= timedelta(366)
        assert state_on(now, before + timedelta(days=1)) is ProtectionState.IN_FORCE


@given(applied_on=DAYS, day=DAYS)
def test_a_renewal_is_taken_exactly_when_the_measure_is_renewable(applied_on, day):
    now = confirm_need(measure(applied_on), opinion(applied_on))
    taken = isinstance(renew(now, opinion(day), day), ProtectionMeasure)
    assert taken is (state_on(now, day) is ProtectionState.RENEWABLE)


@given(DAYS)
def test_a_renewal_can_be_asked_for_during_a_month(applied_on):
    now = confirm_need(measure(applied_on), opinion(applied_on))
    assert timedelta(28) <= now.last_day - renewal_opens_on(now) <= timedelta(31)


@pytest.mark.parametrize("route", ["11-2", "12", "12-3", "15-4", "20"])
@given(spaces=st.text(" 　", max_size=4), about=st.frozensets(st.sampled_from((1, 2, 9)), min_size=1))
def test_the_other_party_learns_nothing_from_the_refusal(route, spaces, about):
    now = confirm_need(measure(), opinion(date(2026, 4, 1)))
    asked = GuardedRequest(
        (AskingPerson(f"相{spaces}手　太郎", PartialDate(1975, None, None)),), about, juki(route), True
    )
    answer = decide_on_request(now, asked, date(2026, 5, 1))
    if about == {9}:
        assert answer is Scrutiny.ORDINARY
    else:
        assert answer == Refusal(Reason.REQUEST_NOT_JUSTIFIED, juki(route), "purpose", "")


@pytest.mark.parametrize(
    ("birth", "same"),
    [
        (PartialDate(1975, 5, 5), True),
        (PartialDate(1975, 5, None), True),
        (PartialDate(None, None, None), True),
        (None, True),
        (PartialDate(1975, 5, 6), False),
        (PartialDate(1975, 6, None), False),
        (PartialDate(1976, None, None), False),
    ],
)
def test_a_birth_date_that_is_partly_unknown_does_not_clear_anybody(birth, same):
    assert is_other_party(measure(), AskingPerson("相手　太郎", birth)) is same


def test_an_other_party_without_a_birth_date_is_known_by_the_name_alone():
    now = measure(other_parties=(OtherParty("相手　太郎"), OtherParty("相手　次郎")))
    assert is_other_party(now, AskingPerson("相手　次郎", PartialDate(2001, 1, 1)))
    assert not is_other_party(now, AskingPerson("相手　三郎"))
    assert not is_other_party(measure(other_parties=(OtherParty("　"),)), AskingPerson(" "))


def test_an_application_must_name_an_other_party_and_an_address():
    day = date(2026, 4, 1)
    assert check_application(measure(), day) is None
    for wrong, reason in (
        (measure(other_parties=()), Reason.FIELD_MISSING),
        (measure(addresses=()), Reason.FIELD_MISSING),
        (measure(date(2026, 4, 2)), Reason.DATE_IN_FUTURE),
        (measure(companions=(1,)), Reason.FIELD_UNKNOWN_VALUE),
    ):
        refusal = check_application(wrong, day)
        assert isinstance(refusal, Refusal)
        assert refusal.reason is reason


def test_what_has_ended_is_changed_by_nobody():
    day = date(2026, 4, 1)
    ended = _end(measure(), day)
    for answer in (_end(ended, day), confirm_need(ended, opinion(day))):
        assert isinstance(answer, Refusal)
        assert answer.reason is Reason.PROTECTION_ENDED


def test_the_year_runs_once_however_many_opinions_come():
    now = confirm_need(measure(), opinion(date(2026, 4, 1)))
    again = confirm_need(now, opinion(date(2026, 8, 1)))
    assert isinstance(again, Refusal)
    assert again.reason is Reason.NOTHING_CHANGES


def test_a_negative_opinion_renews_nothing():
    now = confirm_need(measure(), opinion(date(2026, 4, 1)))
    answer = renew(now, opinion(date(2027, 3, 20), confirms=False), date(2027, 3, 20))
    assert isinstance(answer, Refusal)
    assert answer.reason is Reason.NEED_NOT_CONFIRMED


def test_nobody_ends_a_measure_without_a_name_and_nobody_opens_it_without_a_reason():
    answer = end_measure(measure(), ProtectionEnd(date(2026, 5, 1), "窓口", "", EndCause.WITHDRAWN))
    assert isinstance(answer, Refusal)
    assert answer.field == "ended_by"
    at = datetime(2026, 5, 1, 10)
    answer = release(measure(), TemporaryRelease("窓口", "責任者", at, at + timedelta(minutes=1), " "))
    assert isinstance(answer, Refusal)
    assert answer.field == "why"


def test_towns_are_told_once_and_the_town_that_told_us_is_not():
    now = measure()
    assert towns_to_tell(now, HOME) == (BEFORE, DOMICILE)
    assert towns_to_tell(replace(now, received_from=BEFORE), HOME) == (DOMICILE,)
    now = forwarded(now, (DOMICILE, DOMICILE))
    assert towns_to_tell(now, HOME) == (BEFORE,)
    assert forwarded(now, (BEFORE,)).forwarded_to == (DOMICILE, BEFORE)


def test_whoever_is_protected_is_in_no_list():
    one, ended = measure(), _end(measure(applicant=7, companions=()), date(2026, 4, 1))
    other = measure(date(2026, 6, 1), applicant=3, companions=(4, 5))
    assert hidden_people((one, ended, other), date(2026, 5, 31)) == {1, 2}
    assert hidden_people((one, ended, other), date(2026, 6, 1)) == {1, 2, 3, 4, 5}


@given(day=DAYS, months=st.integers(0, 40))
def test_months_back_and_forth_lead_to_the_same_month(day, months):
    earlier = months_before(day, months)
    assert (day.year - earlier.year) * 12 + day.month - earlier.month == months
    assert earlier.day == day.day or (earlier + timedelta(days=1)).day == 1
