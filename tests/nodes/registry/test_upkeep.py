"""正確な記録の確保: cases over a real register, movers who do not arrive, and what protection keeps back of them."""

import json
import threading
from dataclasses import asdict, replace
from datetime import date, timedelta

import psycopg
import pytest
from tests.nodes.registry.conftest import AT_COUNTER, HERE, member
from tests.nodes.registry.test_protection import OFFICER, SECOND, application, arrived

from daicho.nodes.registry import protection, reports, upkeep
from daicho.nodes.registry.counter import EntryView, enter, verify_entry
from daicho.nodes.registry.intake import take_move_in_report
from daicho.nodes.registry.reports import missing_movers, receive_move_in_report, strike_due_movers
from daicho.nodes.registry.upkeep import CaseDone
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.network.kinds import NodeKind
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.names import PersonName
from daicho.rules.protection.measure import ProtectionAlert
from daicho.rules.protection.veil import WITHHELD
from daicho.rules.register.ex_officio import ExOfficioEntry, ExOfficioStrike
from daicho.rules.register.move_out import MoveInReport, MoveOutNotice
from daicho.rules.register.reasons import ChangeReason
from daicho.rules.upkeep.acts import Identification, Joining
from daicho.rules.upkeep.case import (
    Answer,
    AnswerMeaning,
    CaseEnd,
    CaseKind,
    CaseOutcome,
    CaseSource,
    Damage,
    Inquiry,
    Remaking,
    Reminder,
    Reopening,
    SurveyFinding,
    SurveyPlan,
    Telling,
    TellingWay,
    UpkeepCase,
    Visit,
    Withdrawal,
)
from daicho.rules.upkeep.standing import CaseState
from daicho.store import register
from daicho.store import upkeep as store
from daicho.wire.codecs.letters import encode

DAY = date(2026, 11, 20)
HAKODATE = MunicipalityCode("01202")


def told(kind=CaseKind.SURVEY, source=CaseSource.RETURNED_MAIL, **items) -> UpkeepCase:
    return UpkeepCase("", kind, source, DAY, "郵便物が返戻された", DAY, **items)


def opened(counter, case, operator=None) -> str:
    done = upkeep.open_upkeep_case(counter.node, operator or counter.clerk, case)
    assert isinstance(done, CaseDone), done
    return done.number


def tried(counter, number, act, operator=None, *, version=None):
    """Act on a page that shows the case as it stands, unless another version of it is named."""
    if version is None:
        with counter.node.store.reading() as unit:
            row = store.upkeep_case(unit, number)
        version = row.version if row is not None else 1
    return upkeep.act_in_case(counter.node, operator or counter.clerk, number, act, version=version)


def did(counter, number, act, operator=None) -> CaseDone:
    done = tried(counter, number, act, operator)
    assert isinstance(done, CaseDone), done
    return done


def refused(answer) -> Reason:
    assert isinstance(answer, Refusal), answer
    return answer.reason


def seen(counter, number, operator=None):
    view = upkeep.case_view(counter.node, operator or counter.clerk, number)
    assert not isinstance(view, Refusal), view
    return view


def end(outcome) -> CaseEnd:
    return CaseEnd(DAY, "", outcome, "確認した")


def entered(counter, notice, *, verified=True, operator=None):
    view = enter(counter.node, operator or counter.clerk, notice, draw_codes=counter.draw)
    assert isinstance(view, EntryView), view
    if verified:
        assert isinstance(verify_entry(counter.node, counter.checker, view.entry_id), EntryView)
    return view


def left(counter, people, *, scheduled_on=DAY, abroad=False):
    """Let people announce their moving-out and strike them when the day comes."""
    numbers = tuple(one.addressee_number for one in people)
    notice = MoveOutNotice(numbers, scheduled_on, DAY, "北海道函館市", HAKODATE, abroad=abroad)
    view = enter(counter.node, counter.clerk, notice, draw_codes=counter.draw, reception=AT_COUNTER)
    assert isinstance(view, EntryView), view
    assert isinstance(verify_entry(counter.node, counter.checker, view.entry_id), EntryView)
    counter.node.clock.instant += scheduled_on - DAY
    strike_due_movers(counter.node)


def report(counter, people, moved_in_on) -> str:
    codes = tuple(one.resident_record_code for one in people)
    today = counter.node.clock.business_today()
    letter = MoveInReport(codes, moved_in_on, today, HAKODATE, "函館市架空町")
    with counter.node.store.unit() as unit:
        outcome = receive_move_in_report(unit, counter.node, letter, peer="cs")
    assert not isinstance(outcome, Refusal), outcome
    return outcome.state


def later(counter, days) -> None:
    counter.node.clock.instant += timedelta(days=days)


def missing(counter, operator=None) -> list[int]:
    found = missing_movers(counter.node, operator or counter.clerk)
    assert not isinstance(found, Refusal), found
    return [one.record.addressee_number for one in found.movers]


@pytest.fixture
def couple(counter, move_in, comer):
    return arrived(counter, move_in(comer(1), comer(2, "妻")))


@pytest.mark.requirement("R-005")
def test_a_survey_from_the_returned_letter_to_the_striking_by_two_and_the_public_notice(counter, couple):
    wife = couple[1].addressee_number
    number = opened(counter, told(people=(wife,)))
    did(counter, number, SurveyPlan("調査　員", DAY))
    strike = ExOfficioStrike((wife,), ChangeReason.STRUCK_OTHER, DAY, DAY, "実態調査により不現住")
    waiting = entered(counter, strike, verified=False)
    joining = Joining(waiting.entry_id, "実態調査")
    not_yet = tried(counter, number, joining)
    assert refused(not_yet) is Reason.FACT_NOT_CONFIRMED
    did(counter, number, Visit(DAY, "調査　員", SurveyFinding.NOBODY_MET, people=(wife,)))
    did(counter, number, Visit(DAY, "調査　員", SurveyFinding.DOES_NOT_LIVE_THERE, "空室", (wife,)))
    assert waiting.entry_id in [one.entry_id for one in seen(counter, number).offered]
    did(counter, number, joining)
    public = Telling(TellingWay.PUBLIC_NOTICE, DAY, (waiting.entry_id,), words="住所及び居所が明らかでない")
    before = tried(counter, number, public)
    assert refused(before) is Reason.ENTRY_NOT_FITTING, "nothing was done of which anybody could be told"
    alone = tried(counter, number, end(CaseOutcome.ENTERED))
    assert refused(alone) is Reason.ENTRY_NOT_FITTING, "the striking waits for its second person"
    assert isinstance(verify_entry(counter.node, counter.checker, waiting.entry_id), EntryView)
    untold = tried(counter, number, end(CaseOutcome.ENTERED))
    assert refused(untold) is Reason.PERSON_NOT_TOLD
    did(counter, number, public)
    early = tried(counter, number, end(CaseOutcome.ENTERED))
    assert refused(early) is Reason.PERSON_NOT_TOLD
    later(counter, 15)
    after = seen(counter, number).case.tellings[-1].ends_on + timedelta(days=1)
    did(counter, number, replace(end(CaseOutcome.ENTERED), ended_on=after))
    view = seen(counter, number)
    assert view.line.standing.state is CaseState.CLOSED
    steps = [one.step for one in view.steps]
    assert steps == ["OPENED", "PLANNED", "VISITED", "VISITED", "LINKED", "TOLD", "CLOSED"]
    assert {one.by for one in view.steps} == {counter.clerk.login_id}
    assert upkeep.upkeep_queue(counter.node, counter.clerk).cases == ()
    (past,) = upkeep.upkeep_queue(counter.node, counter.clerk, ended=True).cases
    assert past.case == view.case


@pytest.mark.requirement("R-005")
def test_somebody_who_lives_here_unnotified_is_reminded_and_entered_ex_officio(counter, couple, comer):
    unknown = told(CaseKind.UNNOTIFIED, name="架空　未届", address="架空町三丁目4番5号")
    number = opened(counter, unknown)
    assert seen(counter, number).people == ()
    did(counter, number, Reminder(DAY, date(2026, 12, 4), "転入届を求める文書"))
    assert seen(counter, number).line.standing.state is CaseState.REMINDED
    later(counter, 15)
    assert seen(counter, number).line.standing.late_days == 1
    entry = ExOfficioEntry(
        (comer(9),), replace(HERE, block="9番9号"), ChangeReason.ENTERED_OTHER, DAY, date(2026, 12, 5), "未届の転入"
    )  # fmt: skip
    view = entered(counter, entry)
    did(counter, number, Joining(view.entry_id, "本人から聞き取った"))
    (known,) = seen(counter, number).people
    assert known.name.kanji == "来訪　9号"
    assert seen(counter, number).line.standing.state is CaseState.TO_TELL
    did(counter, number, Telling(TellingWay.NOTICE, date(2026, 12, 5), (view.entry_id,)))
    did(counter, number, replace(end(CaseOutcome.ENTERED), ended_on=date(2026, 12, 5)))


@pytest.mark.requirement("R-005")
def test_movers_of_whom_no_town_reports_are_listed_asked_about_and_answered(counter, couple):
    left(counter, couple)
    later(counter, 30)
    assert missing(counter) == []
    later(counter, 1)
    numbers = [one.addressee_number for one in couple]
    assert missing(counter) == numbers
    case = told(CaseKind.MISSING_ARRIVAL, CaseSource.NO_ARRIVAL_REPORT, people=tuple(numbers))
    number = opened(counter, case)
    assert missing(counter) == [], "a case is kept of them"
    twice = upkeep.open_upkeep_case(counter.node, counter.clerk, case)
    assert refused(twice) is Reason.NOTHING_CHANGES
    today = counter.node.clock.business_today()
    did(counter, number, Inquiry("函館市", HAKODATE, today, today + timedelta(days=14), "転入の有無"))
    early = tried(counter, number, end(CaseOutcome.ARRIVED))
    assert refused(early) is Reason.FACT_NOT_CONFIRMED
    did(counter, number, Answer(0, today, AnswerMeaning.ARRIVED, "11月21日に転入", (numbers[0],)))
    half = tried(counter, number, replace(end(CaseOutcome.ARRIVED), ended_on=today))
    assert refused(half) is Reason.FACT_NOT_CONFIRMED, "the other one was not found there"
    did(
        counter,
        number,
        Inquiry("函館市", HAKODATE, today, today + timedelta(days=14), "もう一人の転入の有無"),
    )
    did(counter, number, Answer(1, today, AnswerMeaning.ARRIVED, "11月22日に転入", (numbers[1],)))
    did(counter, number, replace(end(CaseOutcome.ARRIVED), ended_on=today))


def test_a_report_that_comes_after_the_striking_ends_the_waiting_and_is_a_line(counter, couple):
    left(counter, couple)
    later(counter, 20)
    assert report(counter, couple, date(2026, 11, 22)) == "already"
    later(counter, 20)
    assert missing(counter) == []
    lines = [subject for event, _, subject in counter.lines() if event == "report:move_in:received"]
    assert lines == [str(one.resident_record_code) for one in couple]
    report(counter, couple, date(2026, 11, 22))
    again = [line for line in counter.lines() if line[0] == "report:move_in:received"]
    assert len(again) == len(couple), "a letter that comes twice is one arrival"


def test_a_report_that_comes_while_a_case_is_kept_ends_it(counter, couple):
    left(counter, couple)
    later(counter, 31)
    numbers = tuple(one.addressee_number for one in couple)
    number = opened(counter, told(CaseKind.MISSING_ARRIVAL, CaseSource.NO_ARRIVAL_REPORT, people=numbers))
    report(counter, couple[:1], date(2026, 11, 22))
    half = tried(counter, number, end(CaseOutcome.ARRIVED))
    assert refused(half) is Reason.FACT_NOT_CONFIRMED, "of the other one nothing is known"
    report(counter, couple[1:], date(2026, 11, 22))
    assert seen(counter, number).reported == dict.fromkeys(numbers, date(2026, 11, 22))
    today = counter.node.clock.business_today()
    did(counter, number, replace(end(CaseOutcome.ARRIVED), ended_on=today))


def test_whoever_is_struck_by_the_report_itself_or_goes_abroad_or_comes_back_is_not_waited_for(
    counter, move_in, comer
):
    reported = arrived(counter, move_in(comer(1)))
    notice = MoveOutNotice((reported[0].addressee_number,), date(2026, 12, 1), DAY, "北海道函館市", HAKODATE)
    view = enter(counter.node, counter.clerk, notice, draw_codes=counter.draw, reception=AT_COUNTER)
    assert isinstance(verify_entry(counter.node, counter.checker, view.entry_id), EntryView)
    assert report(counter, reported, DAY) == "applied"
    left(counter, arrived(counter, move_in(comer(2))), abroad=True)
    back = arrived(counter, move_in(comer(3)))
    left(counter, back)
    returned = comer(3, resident_record_code=back[0].resident_record_code)
    arrived(counter, replace(move_in(returned), moved_on=DAY))
    later(counter, 60)
    assert missing(counter) == []


def test_a_late_report_of_an_earlier_move_does_not_count_as_the_arrival(counter, couple):
    left(counter, couple)
    later(counter, 40)
    assert report(counter, couple, date(2026, 11, 1)) == "already"
    assert missing(counter) == [one.addressee_number for one in couple]


def test_the_letter_of_another_town_ends_the_waiting_too(counter, couple):
    left(counter, couple)
    later(counter, 31)
    today = counter.node.clock.business_today()
    codes = tuple(one.resident_record_code for one in couple)
    content = encode(MoveInReport(codes, date(2026, 11, 22), today, HAKODATE, "函館市架空町"))
    cs = member(NodeKind.CS, "cs.m13101.p13.daicho.internal")
    with counter.node.store.unit() as unit:
        take_move_in_report(unit, counter.node, cs, content)
    assert missing(counter) == []


def test_a_remaking_is_noted_by_one_and_confirmed_by_another(counter, couple):
    people = (couple[0].addressee_number,)
    number = opened(counter, told(CaseKind.REMAKING, CaseSource.LOSS_FOUND, people=people))
    did(counter, number, Remaking(Damage.DAMAGED, "媒体の故障", "前日の控え", DAY, "somebody else"))
    assert seen(counter, number).case.remaking.remade_by == counter.clerk.login_id
    alone = tried(counter, number, end(CaseOutcome.REMADE))
    assert refused(alone) is Reason.SAME_PERSON
    did(counter, number, end(CaseOutcome.REMADE), counter.both)


def test_a_report_of_a_birth_waits_longest_first_with_its_lateness(counter, couple):
    young = opened(counter, told(people=(couple[0].addressee_number,)))
    old = replace(
        told(CaseKind.REPORT, CaseSource.OTHER_TOWN, name="架空　新生児", from_municipality=HAKODATE),
        received_on=date(2026, 11, 2),
    )
    first = opened(counter, old)
    queue = upkeep.upkeep_queue(counter.node, counter.clerk)
    assert [one.case.number for one in queue.cases] == [first, young]
    assert queue.cases[0].standing.late_days == 11
    assert queue.cases[1].names == ("来訪　1号",)


@pytest.mark.parametrize("operator", ["checker", "officer", "admin"])
def test_only_who_keeps_the_register_right_sees_or_does_anything(counter, couple, operator):
    who = getattr(counter, operator)
    number = opened(counter, told(people=(couple[0].addressee_number,)))
    for answer in (
        upkeep.upkeep_queue(counter.node, who),
        missing_movers(counter.node, who),
        upkeep.case_view(counter.node, who, number),
        upkeep.open_upkeep_case(counter.node, who, told(people=(couple[0].addressee_number,))),
        tried(counter, number, end(CaseOutcome.NO_CHANGE), who),
    ):
        assert refused(answer) is Reason.NOT_PERMITTED
    assert upkeep.cases_about(counter.node, who, couple[0].addressee_number) == ()


def test_every_act_and_every_look_is_a_line_about_everybody_without_a_word_of_the_case(counter, couple):
    people = tuple(one.addressee_number for one in couple)
    number = opened(counter, told(people=people))
    seen(counter, number)
    upkeep.upkeep_queue(counter.node, counter.clerk)
    did(counter, number, end(CaseOutcome.NO_CHANGE))
    lines = [line for line in counter.lines() if line[0].startswith("upkeep:")]
    assert len(lines) == 4 * len(people)
    assert {subject for _, _, subject in lines} == {str(one.resident_record_code) for one in couple}
    with counter.node.store.unit() as unit:
        unit.cursor.execute("select convert_from(body, 'UTF8') from ledger.line")
        text = "".join(row[0] for row in unit.cursor.fetchall())
    assert "返戻" not in text
    assert HERE.town not in text


def test_a_case_about_nobody_known_is_a_line_of_its_own(counter):
    number = opened(counter, told(name="架空　未届"))
    assert counter.lines()[-1] == ("upkeep:case:recorded", counter.clerk.login_id, f"case:{number}")


def test_people_who_do_not_exist_and_entries_that_do_not_are_refused(counter, couple):
    assert (
        refused(upkeep.open_upkeep_case(counter.node, counter.clerk, told(people=(999,)))) is Reason.NOT_FOUND
    )
    number = opened(counter, told(name="架空　未届"))
    for act in (Identification((999,)), Joining("nothing", "聞き取り")):
        assert refused(tried(counter, number, act)) is Reason.NOT_FOUND
    gone = tried(counter, "2026-999999", end(CaseOutcome.NO_CHANGE))
    assert refused(gone) is Reason.NOT_FOUND
    assert refused(upkeep.case_view(counter.node, counter.clerk, "2026-999999")) is Reason.NOT_FOUND


def test_an_entry_of_before_the_case_or_of_others_is_neither_offered_nor_joined(
    counter, couple, move_in, comer
):
    strangers = arrived(counter, move_in(comer(7)))
    other = entered(
        counter,
        ExOfficioStrike((strangers[0].addressee_number,), ChangeReason.STRUCK_OTHER, DAY, DAY, "不現住"),
    )
    later(counter, 1)
    number = opened(
        counter, replace(told(people=(couple[0].addressee_number,)), received_on=date(2026, 11, 21))
    )
    assert seen(counter, number).offered == ()
    joined = tried(counter, number, Joining(other.entry_id, "聞き取り"))
    assert refused(joined) is Reason.ENTRY_NOT_FITTING


def test_a_page_that_is_older_than_the_case_changes_nothing(counter, couple):
    number = opened(counter, told(people=(couple[0].addressee_number,)))
    first, second = seen(counter, number), seen(counter, number, counter.both)
    assert first.version == second.version
    plan = SurveyPlan("調査　員", DAY)
    assert isinstance(tried(counter, number, plan, version=first.version), CaseDone)
    late = tried(counter, number, end(CaseOutcome.NO_CHANGE), counter.both, version=second.version)
    assert refused(late) is Reason.CHANGED_SINCE
    again = seen(counter, number, counter.both)
    assert again.case.end is None
    assert [one.step for one in again.steps] == ["OPENED", "PLANNED"]
    done = tried(counter, number, end(CaseOutcome.NO_CHANGE), counter.both, version=again.version)
    assert isinstance(done, CaseDone)


def test_two_clerks_who_act_at_one_moment_do_not_overwrite_each_other(counter, couple, monkeypatch):
    number = opened(counter, told(people=(couple[0].addressee_number,)))
    read, hurried = store.upkeep_case, []

    def read_then_overtaken(unit, wanted):
        row = read(unit, wanted)
        if not hurried:
            hurried.append(True)
            other = upkeep.act_in_case(
                counter.node, counter.both, wanted, SurveyPlan("調査　員", DAY), version=1
            )
            assert isinstance(other, CaseDone)
        return row

    monkeypatch.setattr(store, "upkeep_case", read_then_overtaken)
    answer = upkeep.act_in_case(counter.node, counter.clerk, number, end(CaseOutcome.NO_CHANGE), version=1)
    assert refused(answer) is Reason.CHANGED_SINCE
    assert [one.step for one in seen(counter, number).steps] == ["OPENED", "PLANNED"]


def test_whoever_came_back_is_not_waited_for_even_when_another_entry_strikes_them(counter, move_in, comer):
    people = arrived(counter, move_in(comer(1)))
    left(counter, people)
    returned = comer(1, resident_record_code=people[0].resident_record_code)
    back = arrived(counter, replace(move_in(returned), moved_on=DAY))
    number = back[0].addressee_number
    entered(counter, ExOfficioStrike((number,), ChangeReason.STRUCK_OTHER, DAY, DAY, "不現住"))
    later(counter, 60)
    assert missing(counter) == []
    case = told(CaseKind.MISSING_ARRIVAL, CaseSource.NO_ARRIVAL_REPORT, people=(number,))
    stale = upkeep.open_upkeep_case(counter.node, counter.clerk, case)
    assert refused(stale) is Reason.NOTHING_CHANGES, "a list from before they came back"


def test_whoever_was_given_to_a_case_by_mistake_is_waited_for_again_when_it_is_withdrawn(counter, couple):
    left(counter, couple)
    later(counter, 31)
    numbers = tuple(one.addressee_number for one in couple)
    number = opened(counter, told(CaseKind.MISSING_ARRIVAL, CaseSource.NO_ARRIVAL_REPORT, people=numbers))
    today = counter.node.clock.business_today()
    did(counter, number, Withdrawal(today, "取り違えた"))
    assert missing(counter) == list(numbers)
    assert upkeep.upkeep_queue(counter.node, counter.clerk).cases == ()
    (past,) = upkeep.upkeep_queue(counter.node, counter.clerk, ended=True).cases
    assert past.case.end.outcome is CaseOutcome.WITHDRAWN
    assert past.case.end.ended_by == counter.clerk.login_id
    opened(counter, told(CaseKind.MISSING_ARRIVAL, CaseSource.NO_ARRIVAL_REPORT, people=numbers))


@pytest.mark.requirement("R-005")
def test_a_mover_whose_case_was_closed_wrongly_comes_back_with_it(counter, couple):
    left(counter, couple)
    later(counter, 31)
    numbers = tuple(one.addressee_number for one in couple)
    number = opened(counter, told(CaseKind.MISSING_ARRIVAL, CaseSource.NO_ARRIVAL_REPORT, people=numbers))
    today = counter.node.clock.business_today()
    did(counter, number, replace(end(CaseOutcome.NO_CHANGE), ended_on=today))
    assert missing(counter) == [], "somebody decided"
    did(counter, number, Reopening(today, "転入していないことが分かった"))
    (line,) = upkeep.upkeep_queue(counter.node, counter.clerk).cases
    assert line.case.number == number
    assert line.case.reopenings[0].ended.outcome is CaseOutcome.NO_CHANGE
    assert [one.step for one in seen(counter, number).steps] == ["OPENED", "CLOSED", "REOPENED"]


def test_a_later_finding_is_held_against_a_strike_that_was_joined(counter, couple):
    wife = couple[1].addressee_number
    number = opened(counter, told(people=(wife,)))
    did(counter, number, Visit(DAY, "調査　員", SurveyFinding.DOES_NOT_LIVE_THERE, "空室", (wife,)))
    strike = ExOfficioStrike((wife,), ChangeReason.STRUCK_OTHER, DAY, DAY, "実態調査により不現住")
    waiting = entered(counter, strike, verified=False)
    did(counter, number, Joining(waiting.entry_id, "実態調査"))
    assert seen(counter, number).ungrounded == frozenset()
    did(counter, number, Visit(DAY, "調査　員", SurveyFinding.LIVES_THERE, "本人に面会した", (wife,)))
    assert seen(counter, number).ungrounded == {wife}


def test_an_entry_and_its_case_lead_to_each_other(counter, couple):
    wife = couple[1].addressee_number
    number = opened(counter, told(CaseKind.UNNOTIFIED, CaseSource.OTHER_OFFICE, people=(wife,)))
    strike = ExOfficioStrike((wife,), ChangeReason.STRUCK_OTHER, DAY, DAY, "不現住")
    entry = entered(counter, strike)
    did(counter, number, Joining(entry.entry_id, "聞き取り"))
    (joined,) = seen(counter, number).joined
    assert (joined.entry.entry_id, joined.state, joined.whose) == (entry.entry_id, "verified", wife)
    assert (joined.to_tell, joined.told) == (True, False)
    (line,) = upkeep.cases_of_entry(counter.node, counter.clerk, entry.entry_id)
    assert line.case.number == number
    assert upkeep.cases_of_entry(counter.node, counter.checker, entry.entry_id) == ()


def test_a_resident_keeps_the_cases_that_ended(counter, couple):
    wife = couple[1].addressee_number
    number = opened(counter, told(people=(wife,)))
    did(counter, number, end(CaseOutcome.NO_CHANGE))
    (line,) = upkeep.cases_about(counter.node, counter.clerk, wife)
    assert line.case.end is not None


@pytest.mark.parametrize("ended", [False, True])
def test_no_list_of_cases_ends_before_all_of_them_were_shown(counter, couple, monkeypatch, ended):
    monkeypatch.setattr(upkeep, "CASES_SHOWN_ROWS", 2)
    days = (DAY, date(2026, 11, 2), DAY, date(2026, 11, 19), date(2026, 11, 2))
    numbers = [
        opened(counter, replace(told(people=(couple[0].addressee_number,)), received_on=day)) for day in days
    ]
    if ended:
        for number in numbers:
            did(counter, number, end(CaseOutcome.NO_CHANGE))
    shown, after, pages = [], "", 0
    while pages < 3:
        page = upkeep.upkeep_queue(counter.node, counter.clerk, ended=ended, after=after)
        shown += [one.case.number for one in page.cases]
        after, pages = shown[-1], pages + 1
        assert page.more == (pages < 3)
        assert page.waiting == (0 if ended else 5)
    order = [numbers[place] for place in (1, 4, 3, 0, 2)]
    assert shown == (numbers[::-1] if ended else order)


def test_no_list_of_movers_ends_before_all_of_them_were_shown_and_none_is_torn_apart(
    counter, move_in, comer, monkeypatch
):
    monkeypatch.setattr(reports, "MOVERS_SHOWN_ROWS", 3)
    households = [
        arrived(counter, move_in(comer(1), comer(2, "妻"))),
        arrived(counter, move_in(comer(3), comer(4, "妻"))),
        arrived(counter, move_in(comer(5))),
    ]
    for people in households:
        left(counter, people)
    later(counter, 31)
    shown, after = [], ""
    while True:
        page = missing_movers(counter.node, counter.clerk, after=after)
        shown.append({one.record.addressee_number for one in page.movers})
        after = page.movers[-1].entry_id
        if not page.more:
            break
    together = [{one.addressee_number for one in people} for people in households]
    assert len(shown) == 2
    assert not shown[0] & shown[1]
    assert shown[0] | shown[1] == set().union(*together)
    assert all(any(one <= page for page in shown) for one in together)


def test_entries_that_are_not_offered_are_counted(counter, couple, monkeypatch):
    monkeypatch.setattr(upkeep, "ENTRIES_OFFERED_ROWS", 0)
    number = opened(counter, told(people=(couple[0].addressee_number,)))
    view = seen(counter, number)
    assert (view.offered, view.not_offered) == ((), 1)


def test_a_report_waits_for_a_change_of_the_same_people_before_it_touches_any_row(counter, couple):
    """Whoever changes a household waits at its lock for nothing that a report holds already."""
    left(counter, couple)
    numbers = [one.addressee_number for one in couple]
    done = []
    with counter.node.store.unit() as unit:
        home = {one.household_number for one in couple}
        codes = [str(one.resident_record_code) for one in couple]
        register.lock_concerned(unit, households=home, codes=codes)
        late = threading.Thread(target=lambda: done.append(report(counter, couple, date(2026, 11, 22))))
        late.start()
        waiting = "select count(*) from pg_locks where locktype = 'advisory' and not granted and database ="
        while unit.execute(
            f"{waiting} (select oid from pg_database where datname = current_database())"
        ).fetchone() == (0,):
            assert late.is_alive(), done
        unit.execute("set local lock_timeout = '1s'")
        rows = unit.execute(
            "select addressee_number from register.awaited_arrival where addressee_number = any(%s) for update",
            (numbers,),
        ).fetchall()
        assert len(rows) == len(numbers)
        assert done == []
    late.join(timeout=30)
    assert done == ["already"]


@pytest.fixture
def guarded(counter, move_in, comer):
    """A family of three; the second one is protected, with the third."""
    people = arrived(counter, move_in(comer(1), comer(2, "妻"), comer(3, "子")))
    kept = protection.apply_for_protection(
        counter.node, OFFICER, application(people[1], (people[2].addressee_number,))
    )
    assert not isinstance(kept, Refusal), kept
    return people


def _says_where(value) -> bool:
    text = json.dumps(asdict(value), default=str, ensure_ascii=False)
    return any(part in text for part in (HERE.town, HERE.block, HERE.postal_code, "函館"))


def test_a_case_about_a_protected_person_is_veiled_and_out_of_reach_for_whoever_has_not_the_right(
    counter,
    guarded,
):
    wife = guarded[1].addressee_number
    case = replace(
        told(people=(wife,), address="架空町一丁目2番3号", from_body="函館市"), content="架空町一丁目に居住か"
    )
    number = opened(counter, case, OFFICER)
    did(counter, number, Inquiry("函館市", HAKODATE, DAY, date(2026, 12, 4), "架空町一丁目2番3号"), OFFICER)
    view = seen(counter, number)
    assert view.line.hidden
    assert not _says_where(view)
    assert view.case.content == WITHHELD
    assert view.offered == ()
    (line,) = upkeep.upkeep_queue(counter.node, counter.clerk).cases
    assert not _says_where(line)
    (about,) = upkeep.cases_about(counter.node, counter.clerk, wife)
    assert not _says_where(about)
    for answer in (
        tried(counter, number, end(CaseOutcome.NO_CHANGE)),
        upkeep.open_upkeep_case(counter.node, counter.clerk, told(people=(wife,))),
        upkeep.open_upkeep_case(counter.node, counter.clerk, told(people=(guarded[0].addressee_number,))),
    ):
        assert refused(answer) is Reason.PROTECTED
    unknown = opened(counter, told(name="架空　他人"))
    named = tried(counter, unknown, Identification((wife,)))
    assert refused(named) is Reason.PROTECTED
    kept_back = [line for line in counter.lines() if line[0] == "protection:record:kept_back"]
    assert len(kept_back) == 4
    assert _says_where(seen(counter, number, OFFICER))


def test_a_survey_about_a_protected_person_raises_the_alert(counter, guarded):
    before = len(protection.overview(counter.node, OFFICER).alerts)
    done = upkeep.open_upkeep_case(counter.node, OFFICER, told(people=(guarded[1].addressee_number,)))
    assert done.alerts == (ProtectionAlert.PROTECTED_PERSON,)
    alerts = protection.overview(counter.node, OFFICER).alerts
    assert len(alerts) == before + 1
    assert counter.lines()[-1][0] == "protection:move:alerted"


def test_a_case_about_the_other_party_is_told_to_the_clerk_and_kept_for_the_officer(
    counter,
    guarded,
):
    done = upkeep.open_upkeep_case(counter.node, counter.clerk, told(name="相手　太郎"))
    assert done.alerts == (ProtectionAlert.OTHER_PARTY,)
    alerts = protection.overview(counter.node, OFFICER).alerts
    assert [one.alerts for one in alerts] == [(ProtectionAlert.OTHER_PARTY,)]


@pytest.mark.parametrize(
    "address", ["架空町一丁目2番3号", "東京都千代田区架空町一丁目２番３号", "架空町一丁目"]
)
def test_a_survey_of_the_address_of_a_protected_person_is_told_to_the_officer_alone(
    counter,
    guarded,
    address,
):
    quiet = upkeep.open_upkeep_case(counter.node, counter.clerk, told(address=address))
    elsewhere = upkeep.open_upkeep_case(counter.node, counter.clerk, told(address="架空町九丁目"))
    assert quiet.alerts == elsewhere.alerts == (), "the clerk learns nothing by asking"
    alerts = protection.overview(counter.node, OFFICER).alerts
    assert [one.alerts for one in alerts] == [(ProtectionAlert.PROTECTED_PERSON,)]
    open_eyed = upkeep.open_upkeep_case(counter.node, OFFICER, told(address=address))
    assert open_eyed.alerts == (ProtectionAlert.PROTECTED_PERSON,)


def test_a_protected_mover_who_does_not_arrive_is_listed_without_the_destination(
    counter,
    guarded,
):
    numbers = tuple(one.addressee_number for one in guarded)
    notice = MoveOutNotice(numbers, DAY, DAY, "北海道函館市", HAKODATE)
    view = enter(counter.node, OFFICER, notice, draw_codes=counter.draw, reception=AT_COUNTER)
    assert isinstance(verify_entry(counter.node, SECOND, view.entry_id), EntryView)
    later(counter, 31)
    found = missing_movers(counter.node, counter.clerk)
    assert len(found.movers) == len(guarded)
    assert all(one.hidden for one in found.movers)
    assert not any(_says_where(one) for one in found.movers)
    case = told(CaseKind.MISSING_ARRIVAL, CaseSource.NO_ARRIVAL_REPORT, people=numbers)
    assert refused(upkeep.open_upkeep_case(counter.node, counter.clerk, case)) is Reason.PROTECTED
    assert missing(counter, OFFICER) == list(numbers)
    opened(counter, case, OFFICER)


def test_an_entry_about_a_protected_person_cannot_be_joined_to_a_case_about_nobody(
    counter,
    guarded,
):
    strike = ExOfficioStrike((guarded[1].addressee_number,), ChangeReason.STRUCK_OTHER, DAY, DAY, "不現住")
    entry = entered(counter, strike, verified=False, operator=OFFICER)
    number = opened(counter, told(CaseKind.UNNOTIFIED, name="架空　他人"))
    answer = tried(counter, number, Joining(entry.entry_id, "聞き取り"))
    assert refused(answer) is Reason.PROTECTED


GONE_TO = "北海道函館市架空町八丁目9番10号"


@pytest.fixture
def parted(counter, couple):
    """A husband who stays, and a wife who left with a destination and is protected; she was of his household."""
    wife = couple[1]
    notice = MoveOutNotice((wife.addressee_number,), DAY, DAY, GONE_TO, HAKODATE)
    view = enter(counter.node, counter.clerk, notice, draw_codes=counter.draw, reception=AT_COUNTER)
    assert isinstance(view, EntryView), view
    assert isinstance(verify_entry(counter.node, counter.checker, view.entry_id), EntryView)
    kept = protection.apply_for_protection(counter.node, OFFICER, application(wife))
    assert not isinstance(kept, Refusal), kept
    return couple


def test_no_word_of_a_case_about_the_husband_tells_where_the_protected_wife_went(counter, parted):
    husband = parted[0].addressee_number
    said = replace(
        told(people=(husband,), from_body="函館市", address=GONE_TO), content=f"妻は {GONE_TO} にいる"
    )
    number = opened(counter, said, OFFICER)
    asked = Inquiry("函館市", HAKODATE, DAY, date(2026, 12, 4), f"{GONE_TO}の居住の有無")
    did(counter, number, asked, OFFICER)
    did(
        counter,
        number,
        Visit(DAY, "調査　員", SurveyFinding.LIVES_THERE, f"妻は{GONE_TO}へ", (husband,)),
        OFFICER,
    )
    view = seen(counter, number)
    (line,) = upkeep.upkeep_queue(counter.node, counter.clerk).cases
    (about,) = upkeep.cases_about(counter.node, counter.clerk, husband)
    for one in (view.line, line, about):
        assert (one.hidden, one.partly) == (False, True)
        text = json.dumps(asdict(one), default=str, ensure_ascii=False)
        assert "八丁目" not in text
        assert "函館" not in text
    assert view.case.visits[0].finding is SurveyFinding.LIVES_THERE
    assert "八丁目" in seen(counter, number, OFFICER).case.content
    did(counter, number, end(CaseOutcome.NO_CHANGE))


def test_a_guess_in_a_case_about_the_husband_is_shown_to_who_made_it_right_or_wrong(counter, parted):
    husband = parted[0].addressee_number
    for guess in (GONE_TO, "北海道函館市架空町八丁目9番11号"):
        number = opened(counter, replace(told(people=(husband,)), content=guess))
        did(counter, number, Reminder(DAY, date(2026, 12, 4), guess))
        view = seen(counter, number)
        assert not view.line.partly
        assert (view.case.content, view.case.reminders[0].words) == (guess, guess)


def test_a_name_alone_never_hides_a_case_nor_names_anybody(counter, guarded):
    number = opened(counter, told(name=PersonName("来訪　2号").kanji))
    assert not seen(counter, number).line.hidden
    assert seen(counter, number).people == ()


def test_what_the_database_keeps_of_a_case_cannot_be_rewritten(counter, couple):
    number = opened(counter, told(people=(couple[0].addressee_number,)))
    for statement in (
        "update register.upkeep_step set by = 'x' where number = %s",
        "delete from register.upkeep_step where number = %s",
        "delete from register.upkeep_case where number = %s",
        "update register.upkeep_case set received_on = '2030-01-01' where number = %s",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), counter.node.store.unit() as unit:
            unit.execute(statement, (number,))
