"""支援措置の転送: what a town is told of a measure, what it is not told, and whom it means for certain."""

from dataclasses import asdict, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.filings.test_filings import resident

from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.dates import PartialDate
from daicho.rules.protection.forwarding import (
    ForwardAnswer,
    ForwardedNotice,
    ForwardedPerson,
    ForwardedPlace,
    ForwardRoute,
    ForwardStanding,
    check_answer,
    check_notice,
    check_route,
    check_taking_up,
    meant_for_certain,
    measure_from,
    notice_for,
    taken_up,
    with_address,
)
from daicho.rules.protection.measure import (
    AddressRole,
    ConsultedBody,
    EndCause,
    Opinion,
    OtherParty,
    ProtectedAddress,
    ProtectionEnd,
    ProtectionGround,
    ProtectionMeasure,
    blocks,
    check_application,
    confirm_need,
    renew,
    renewal_opens_on,
    towns_to_tell,
)

HOME, BEFORE, DOMICILE = MunicipalityCode("13101"), MunicipalityCode("01202"), MunicipalityCode("27215")
DAY = date(2026, 11, 20)
BORN = PartialDate(1990, 1, 2)
ROUTE = ForwardRoute("f-1", 1, HOME, BEFORE)
PARTY = OtherParty("相手　太郎", "アイテ　タロウ", PartialDate(1975, 5, 5), "相手町九丁目8番7号", "赤い車")
HERE = ProtectedAddress(AddressRole.PRESENT, HOME, "東京都千代田区架空町一丁目2番3号")
THERE = ProtectedAddress(AddressRole.PREVIOUS, BEFORE, "北海道函館市前町4番5号")
MEASURE = ProtectionMeasure(
    "2026-000001", ProtectionGround.STALKING, 1, (PARTY,), (HERE, THERE), DAY, companions=(2,)
)
PEOPLE = {
    1: replace(resident("試験　花子"), addressee_number=1),
    2: replace(resident("試験　次郎"), addressee_number=2),
}


def told(measure=MEASURE, town=BEFORE, on=DAY):
    return notice_for(measure, PEOPLE, town, on)


def everything_in(notice):
    return str(asdict(notice))


def in_force(measure=MEASURE):
    made = confirm_need(measure, Opinion(ConsultedBody.POLICE, DAY, True))
    assert isinstance(made, ProtectionMeasure)
    return made


def test_a_town_is_told_of_its_own_place_and_of_no_other():
    notice = told()
    assert [one.text for one in notice.places] == [THERE.text]
    said = everything_in(notice)
    assert "架空町" not in said, "where they live now is not the former town's to know"
    assert "相手町" not in said, "nor where the other party lives"
    assert "赤い車" not in said
    assert [(one.name, one.applicant) for one in notice.people] == [
        ("試験　花子", True),
        ("試験　次郎", False),
    ]
    assert check_notice(notice, DAY) is None


def test_an_end_tells_nothing_but_the_end():
    ended = replace(MEASURE, end=ProtectionEnd(DAY, "a", "b", EndCause.WITHDRAWN))
    notice = told(ended)
    assert (notice.standing, notice.cause) == (ForwardStanding.ENDED, EndCause.WITHDRAWN)
    assert (notice.people, notice.other_parties, notice.places) == ((), (), ())
    assert check_notice(notice, DAY) is None


@given(st.integers(0, 400), st.booleans())
def test_whatever_is_written_is_taken_by_the_town_that_reads_it(days, confirmed):
    measure = in_force() if confirmed else MEASURE
    assert check_notice(told(measure, on=DAY + timedelta(days=days)), DAY + timedelta(days=days)) is None


@pytest.mark.parametrize(
    ("broken", "reason", "field"),
    [
        ({"people": ()}, Reason.FIELD_MISSING, "people"),
        ({"other_parties": ()}, Reason.FIELD_MISSING, "other_parties"),
        ({"places": ()}, Reason.FIELD_MISSING, "places"),
        ({"told_on": DAY + timedelta(days=1)}, Reason.DATE_IN_FUTURE, "told_on"),
        ({"applied_on": DAY + timedelta(days=1)}, Reason.DATE_IN_FUTURE, "told_on"),
        ({"last_day": DAY}, Reason.ITEM_FORBIDDEN, "last_day"),
        ({"standing": ForwardStanding.IN_FORCE}, Reason.FIELD_MISSING, "last_day"),
        (
            {"standing": ForwardStanding.IN_FORCE, "last_day": DAY - timedelta(days=1)},
            Reason.DATE_ORDER,
            "last_day",
        ),
        ({"cause": EndCause.DIED}, Reason.ITEM_FORBIDDEN, "cause"),
        ({"standing": ForwardStanding.ENDED}, Reason.FIELD_MISSING, "cause"),
        (
            {"standing": ForwardStanding.ENDED, "cause": EndCause.DIED},
            Reason.ITEM_FORBIDDEN,
            "people",
        ),
        ({"people": (ForwardedPerson("　", "", BORN, True),)}, Reason.FIELD_MISSING, "people"),
        ({"people": (ForwardedPerson("花\n子", "", BORN, True),)}, Reason.FIELD_CONTROL_CHARACTER, "people"),
        (
            {"places": (ForwardedPlace(AddressRole.PREVIOUS, "町" * 301),)},
            Reason.FIELD_TOO_LONG,
            "places",
        ),
        ({"people": (ForwardedPerson("花子", "", BORN, True),) * 21}, Reason.FIELD_TOO_LONG, "people"),
    ],
)
def test_what_no_town_would_have_written_is_refused(broken, reason, field):
    refusal = check_notice(replace(told(), **broken), DAY)
    assert refusal is not None
    assert (refusal.reason, refusal.field) == (reason, field)


@pytest.mark.parametrize(
    ("route", "field"),
    [
        (replace(ROUTE, receiver=HOME), "to_municipality"),
        (replace(ROUTE, forward_id=""), "forward_id"),
        (replace(ROUTE, forward_id="え"), "forward_id"),
        (replace(ROUTE, sequence=0), "forward_id"),
    ],
)
def test_a_way_that_leads_nowhere_is_refused(route, field):
    refusal = check_route(route)
    assert refusal is not None
    assert refusal.field == field
    assert check_route(ROUTE) is None


WHO = ForwardedPerson("試験　花子", "", BORN, applicant=True)
PLACES = (ForwardedPlace(AddressRole.PREVIOUS, "東京都千代田区架空町一丁目2番3号"),)


def test_the_only_one_of_that_name_and_day_is_meant_wherever_they_are_said_to_live():
    one = resident(born=BORN)
    other_day = resident(born=PartialDate(1990, 1, 3))
    assert meant_for_certain(WHO, [one, other_day], ()) == one
    assert meant_for_certain(WHO, [other_day], PLACES) is None


def test_of_two_of_one_name_and_day_the_place_tells_and_without_it_nobody_is_meant():
    one, other = resident(born=BORN), resident(born=BORN, block="9番9号")
    assert meant_for_certain(WHO, [one, other], PLACES) == one
    assert meant_for_certain(WHO, [one, other], ()) is None
    assert meant_for_certain(WHO, [one, one], PLACES) is None


def test_a_day_that_is_not_whole_makes_nobody_certain():
    part = PartialDate(1990, 1, None)
    assert meant_for_certain(replace(WHO, birth_date=part), [resident(born=part)], PLACES) is None


def test_a_domicile_is_compared_with_the_domicile_and_not_with_the_home():
    place = ForwardedPlace(AddressRole.DOMICILE, "大阪府某市某町1番地")
    one = replace(resident(born=BORN), registered_domicile="大阪府某市某町1番地")
    other = replace(resident(born=BORN), registered_domicile=None)
    assert meant_for_certain(WHO, [one, other], (place,)) == one


def test_a_measure_made_of_a_letter_blocks_at_once_and_its_year_is_the_other_towns():
    notice = told(in_force())
    made = measure_from(notice, ROUTE, (7, 8), DAY)
    assert check_application(made, DAY) is None
    assert blocks(made, DAY)
    assert made.last_day is None, "provisional until an officer has looked"
    assert (made.received_from, made.people) == (HOME, {7, 8})
    assert all(one.municipality == BEFORE for one in made.addresses)
    assert towns_to_tell(made, BEFORE) == (), "it is not sent back to where it came from"
    kept = taken_up(made, notice, ROUTE, (7, 8))
    assert kept.last_day == notice.last_day
    assert kept.opinions[-1].body is ConsultedBody.MUNICIPALITY


def test_the_other_towns_day_that_began_a_moment_earlier_does_not_leave_anybody_unprotected():
    notice = told(replace(MEASURE, applied_on=DAY + timedelta(days=1)), on=DAY + timedelta(days=1))
    assert blocks(measure_from(notice, ROUTE, (7,), DAY), DAY)


@given(st.sets(st.integers(1, 5), min_size=1), st.integers(-30, 400))
def test_taking_up_takes_nothing_away(people, days):
    notice = told(in_force())
    before = replace(
        measure_from(notice, ROUTE, (3, 4), DAY), last_day=DAY + timedelta(days=days) if days > 0 else None
    )
    after = taken_up(before, notice, ROUTE, sorted(people))
    assert before.people <= after.people == before.people | people
    assert set(before.other_parties) <= set(after.other_parties)
    assert set(before.addresses) <= set(after.addresses)
    assert after.last_day is not None
    assert before.last_day is None or before.last_day <= after.last_day
    assert taken_up(after, notice, ROUTE, sorted(people)) == after


@pytest.mark.parametrize("on", [date(2027, 1, 28), date(2026, 11, 20), date(2028, 2, 29), date(2027, 1, 31)])
def test_a_renewal_made_today_is_taken_and_a_longer_term_is_nobodys(on):
    began = replace(MEASURE, applied_on=on - timedelta(days=360), last_day=on + timedelta(days=1))
    while (later := replace(began, last_day=began.last_day + timedelta(days=1))) and renewal_opens_on(
        later
    ) <= on:
        began = later
    renewed = renew(began, Opinion(ConsultedBody.POLICE, on, True), on)
    assert isinstance(renewed, ProtectionMeasure)
    assert check_notice(told(renewed, on=on), on) is None
    for last_day in (date(9999, 12, 31), renewed.last_day + timedelta(days=60)):
        refusal = check_notice(replace(told(renewed, on=on), last_day=last_day), on)
        assert (refusal.reason, refusal.field) == (Reason.DATE_IN_FUTURE, "last_day")


def test_an_address_is_added_once_and_its_town_is_to_be_told():
    moved = ProtectedAddress(AddressRole.PRESENT, DOMICILE, "大阪府某市某町1番地")
    added = with_address(MEASURE, moved)
    assert isinstance(added, ProtectionMeasure)
    assert DOMICILE in towns_to_tell(added, HOME)
    again = with_address(added, moved)
    assert isinstance(again, Refusal)
    assert again.reason is Reason.NOTHING_CHANGES
    ended = replace(MEASURE, end=ProtectionEnd(DAY, "a", "b", EndCause.WITHDRAWN))
    assert isinstance(with_address(ended, moved), Refusal)
    empty = with_address(MEASURE, replace(moved, text="　"))
    assert isinstance(empty, Refusal)
    assert empty.field == "address-text"


def test_a_notice_has_no_room_for_a_number_or_a_code():
    assert set(ForwardedPerson.__slots__) == {"name", "furigana", "birth_date", "applicant"}
    assert "addressee" not in "".join(ForwardedNotice.__slots__)


def test_who_is_protected_since_the_letter_came_is_not_let_go_by_another_choice():
    notice = told(in_force())
    held = measure_from(notice, ROUTE, (3, 4), DAY)
    assert check_taking_up(notice, held, frozenset({3, 4, 5})) is None
    assert check_taking_up(notice, None, frozenset({9})) is None
    other = check_taking_up(notice, held, frozenset({3, 9}))
    assert other is not None
    assert (other.reason, other.field) == (Reason.PROTECTION_STANDS, "people")
    nobody = check_taking_up(notice, None, frozenset())
    assert nobody is not None
    assert nobody.reason is Reason.FIELD_MISSING
    over = told(replace(MEASURE, end=ProtectionEnd(DAY, "a", "b", EndCause.WITHDRAWN)))
    ended = check_taking_up(over, held, frozenset({3, 4}))
    assert ended is not None
    assert ended.reason is Reason.PROTECTION_ENDED


@pytest.mark.parametrize(
    ("answer", "standing", "stands", "reason"),
    [
        (ForwardAnswer.NOT_HERE, ForwardStanding.IN_FORCE, False, None),
        (ForwardAnswer.ON_SUPPLEMENT, ForwardStanding.PROVISIONAL, False, None),
        (ForwardAnswer.NOTED, ForwardStanding.ENDED, True, None),
        (ForwardAnswer.NOTED, ForwardStanding.ENDED, False, None),
        (ForwardAnswer.NOT_HERE, ForwardStanding.IN_FORCE, True, Reason.PROTECTION_STANDS),
        (ForwardAnswer.ON_SUPPLEMENT, ForwardStanding.IN_FORCE, True, Reason.PROTECTION_STANDS),
        (ForwardAnswer.NOTED, ForwardStanding.IN_FORCE, False, Reason.FIELD_UNKNOWN_VALUE),
        (ForwardAnswer.NOT_HERE, ForwardStanding.ENDED, False, Reason.FIELD_UNKNOWN_VALUE),
        (ForwardAnswer.TAKEN_UP, ForwardStanding.IN_FORCE, False, Reason.FIELD_UNKNOWN_VALUE),
    ],
)
def test_an_answer_fits_what_was_told_and_what_stands(answer, standing, stands, reason):
    refusal = check_answer(answer, standing, stands=stands)
    assert (refusal.reason if refusal else None) is reason
