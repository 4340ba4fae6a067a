"""処理の抑止: what an officer stopped is refused with its cause, at entry and at the second person's word, until it ends."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.nodes.registry.conftest import AT_COUNTER, DAY, HERE
from tests.nodes.registry.test_certificates import ISSUER, WHY, own
from tests.nodes.registry.test_protection import OFFICER, application, arrived

from daicho.nodes.registry import certificates, protection, stops
from daicho.nodes.registry.counter import enter, verify_entry
from daicho.nodes.registry.reports import receive_move_in_report, strike_due_movers
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.names import PersonName
from daicho.rules.register.death import DeathEntry
from daicho.rules.register.household_change import HouseholdChangeNotice, HouseholdMove
from daicho.rules.register.move_in import MoveInNotice
from daicho.rules.register.move_out import MoveInReport, MoveOutNotice
from daicho.rules.register.move_within import MoveWithinNotice
from daicho.rules.register.name_change import NameCause, NameChangeEntry
from daicho.rules.register.processing import ProcessingStop, StopCause, StopKind
from daicho.store import processing, register

AWAY = MunicipalityCode("01202")
THERE = replace(HERE, town="想像町二丁目")


@pytest.fixture
def family(counter, move_in, comer):
    return arrived(counter, move_in(comer(1), comer(2, "妻")))


def stop(record, kind=StopKind.CHANGES, **more):
    return ProcessingStop(kind, StopCause.FALSE_NOTICE, "本人から通報", record.addressee_number, **more)


def placed(counter, record, kind=StopKind.CHANGES, name="s1", **more):
    done = stops.place_stop(counter.node, counter.clerk, name, stop(record, kind, **more))
    assert done == name, done
    return done


def moved(counter, *people):
    notice = MoveWithinNotice(tuple(one.addressee_number for one in people), THERE, DAY, DAY)
    return enter(counter.node, counter.clerk, notice, draw_codes=counter.draw, reception=AT_COUNTER)


def reason(answer):
    return (answer.reason, answer.detail) if isinstance(answer, Refusal) else answer


STOPPED = (Reason.PROCESSING_HELD, "FALSE_NOTICE")


def test_a_stop_of_changes_refuses_to_enter_and_names_its_cause(counter, family):
    placed(counter, family[1])
    assert reason(moved(counter, *family)) == STOPPED
    gone = enter(
        counter.node, counter.clerk, DeathEntry(family[1].addressee_number, DAY, DAY), draw_codes=counter.draw,
    )  # fmt: skip
    assert reason(gone) == STOPPED


def test_what_was_entered_before_the_stop_is_refused_to_the_second_person_until_it_ends(counter, family):
    waiting = moved(counter, *family)
    placed(counter, family[0])
    assert reason(verify_entry(counter.node, counter.checker, waiting.entry_id)) == STOPPED
    assert stops.end_stop(counter.node, counter.clerk, "s1", "通報は誤り") is None
    assert reason(verify_entry(counter.node, counter.checker, waiting.entry_id)) == STOPPED
    assert stops.confirm_end(counter.node, counter.checker, "s1") is None
    assert not isinstance(verify_entry(counter.node, counter.checker, waiting.entry_id), Refusal)


def test_a_stop_of_changes_ends_by_two(counter, family):
    done = stops.place_stop(counter.node, counter.both, "s1", stop(family[0]))
    assert done == "s1"
    assert stops.confirm_end(counter.node, counter.checker, "s1").reason is Reason.NOT_PENDING
    assert stops.end_stop(counter.node, counter.both, "s1", " ").reason is Reason.FIELD_MISSING
    assert stops.end_stop(counter.node, counter.both, "s1", "解決") is None
    assert stops.end_stop(counter.node, counter.clerk, "s1", "解決").reason is Reason.NOT_PENDING
    assert stops.confirm_end(counter.node, counter.both, "s1").reason is Reason.SAME_PERSON
    assert stops.decline_end(counter.node, counter.checker, "s1") is None
    assert reason(moved(counter, family[0], family[1])) == STOPPED
    stops.end_stop(counter.node, counter.both, "s1", "解決")
    assert stops.confirm_end(counter.node, counter.checker, "s1") is None
    assert stops.confirm_end(counter.node, counter.checker, "s1").reason is Reason.NOT_PENDING


def issue(counter, record):
    return certificates.issue(
        counter.node, counter.clerk, own(record), record.addressee_number, WHY, issuer=ISSUER, set_paper=None
    )


def test_a_stop_of_certificates_stops_no_change_and_ends_by_two_as_well(counter, family):
    placed(counter, family[1], StopKind.PAPERS)
    refused = issue(counter, family[0])
    assert reason(refused) == STOPPED
    assert not isinstance(moved(counter, *family), Refusal)
    assert stops.end_stop(counter.node, counter.clerk, "s1", "解決") is None
    assert reason(issue(counter, family[0])) == STOPPED
    assert stops.confirm_end(counter.node, counter.checker, "s1") is None
    assert stops.stops_over(counter.node, family[1]) == ()


def test_what_asks_only_ends_by_one(counter, family):
    placed(counter, family[1], StopKind.ASK_FIRST)
    assert stops.end_stop(counter.node, counter.clerk, "s1", "解決") is None
    assert stops.stops_over(counter.node, family[1]) == ()


def verified(counter, entry):
    done = verify_entry(counter.node, counter.checker, entry.entry_id)
    assert not isinstance(done, Refusal), done
    return done.entry.after


@pytest.mark.parametrize("kind", [StopKind.PAPERS, StopKind.ASK_FIRST])
@pytest.mark.parametrize("by", ["split", "move"])
def test_a_stop_of_a_household_goes_along_with_who_comes_out_of_it(counter, family, kind, by):
    placed(counter, family[0], kind, whole_household=True)
    notice = HouseholdChangeNotice(HouseholdMove.SPLIT, (family[1].addressee_number,), DAY, DAY)
    entry = moved(counter, family[1])
    if by == "split":
        entry = enter(counter.node, counter.clerk, notice, draw_codes=counter.draw, reception=AT_COUNTER)
    after = {one.addressee_number: one for one in verified(counter, entry)}
    wife = after[family[1].addressee_number]
    assert wife.household_number != family[0].household_number
    (hers,) = stops.stops_over(counter.node, wife)
    assert (hers.stop.kind, hers.stop.cause, hers.stop.words) == (
        kind,
        StopCause.FALSE_NOTICE,
        "本人から通報",
    )
    assert (hers.row.addressee_number, hers.row.household_number) == (wife.addressee_number, None)
    (his,) = stops.stops_over(counter.node, family[0])
    assert his.row.household_number == family[0].household_number
    if kind is StopKind.PAPERS:
        assert reason(issue(counter, wife)) == STOPPED
    assert [event for event, _, _ in counter.lines()].count("register:stop:placed") == 2


def test_who_stays_in_a_stopped_household_gets_no_stop_of_their_own(counter, family):
    placed(counter, family[0], StopKind.PAPERS, whole_household=True)
    verified(counter, moved(counter, *family))
    assert len(stops.stop_list(counter.node, counter.clerk).views) == 1


@pytest.mark.parametrize(
    "notice",
    [
        lambda one: DeathEntry(one.addressee_number, DAY, DAY, by_report=True),
        lambda one: NameChangeEntry(
            one.addressee_number,
            PersonName("婚姻　2号", "コンイン　ニゴウ"),
            NameCause.MARRIAGE,
            DAY,
            DAY,
            by_report=True,
        ),
    ],
)
def test_that_a_clerk_says_another_town_told_it_passes_no_stop(counter, family, notice):
    waiting = enter(counter.node, counter.clerk, notice(family[1]), draw_codes=counter.draw)
    placed(counter, family[1])
    assert reason(verify_entry(counter.node, counter.checker, waiting.entry_id)) == STOPPED
    assert reason(enter(counter.node, counter.clerk, notice(family[1]), draw_codes=counter.draw)) == STOPPED


def test_a_stop_waits_for_who_holds_the_household_and_reads_it_again(counter, family, monkeypatch):
    locked = []
    monkeypatch.setattr(
        stops, "kept_record", record_by_turns([family[1], replace(family[1], household_number=999)])
    )
    monkeypatch.setattr(
        stops.register, "lock_concerned", lambda _unit, **named: locked.extend(named["households"])
    )
    refused = stops.place_stop(counter.node, counter.clerk, "s1", stop(family[1]))
    assert (refused.reason, locked) == (Reason.CHANGED_SINCE, [family[1].household_number])


def record_by_turns(records):
    left = list(records)
    return lambda *_: left.pop(0)


def test_a_stop_of_a_household_covers_who_comes_into_it(counter, family, comer):
    placed(counter, family[0], whole_household=True)
    join = MoveInNotice(
        (comer(9, "同居人"),), HERE, DAY, DAY, "函館市", AWAY, household_number=family[0].household_number
    )
    answer = enter(counter.node, counter.clerk, join, draw_codes=counter.draw, reception=AT_COUNTER)
    assert reason(answer) == STOPPED
    assert [one.stop.cause for one in stops.stops_over(counter.node, family[1])] == [StopCause.FALSE_NOTICE]


def test_a_stop_is_over_after_its_last_day(counter, family, clock):
    placed(counter, family[0], last_day=DAY)
    assert reason(moved(counter, *family)) == STOPPED
    clock.instant += timedelta(days=1)
    assert stops.stops_over(counter.node, family[0]) == ()
    assert not isinstance(moved(counter, *family), Refusal)
    (view,) = stops.stop_list(counter.node, counter.clerk).views
    assert view.over
    over = stops.place_stop(counter.node, counter.clerk, "s2", stop(family[0], last_day=DAY))
    assert (over.reason, over.field) == (Reason.DATE_ORDER, "last_day")


def test_who_is_to_move_out_stays_when_the_day_comes_and_is_struck_by_what_another_town_tells(
    counter, family, clock
):
    leaving = MoveOutNotice((family[1].addressee_number,), DAY + timedelta(days=1), DAY, "函館市", AWAY)
    entry = enter(counter.node, counter.clerk, leaving, draw_codes=counter.draw, reception=AT_COUNTER)
    verify_entry(counter.node, counter.checker, entry.entry_id)
    placed(counter, family[1])
    clock.instant += timedelta(days=3)
    assert strike_due_movers(counter.node) == (0, 1)
    told = MoveInReport((family[1].resident_record_code,), DAY, DAY, AWAY, "北海道函館市")
    with counter.node.store.unit() as unit:
        assert receive_move_in_report(unit, counter.node, told, peer="cs").state == "applied"


def test_whose_changes_are_stopped_keeps_nobody_else_in_the_register(counter, family, clock, monkeypatch):
    monkeypatch.setattr("daicho.nodes.registry.reports.DUE_ROWS", 1)
    for one, days in ((family[1], 1), (family[0], 2)):
        day = DAY + timedelta(days=days)
        leaving = MoveOutNotice((one.addressee_number,), day, DAY, "函館市", AWAY)
        verified(
            counter,
            enter(counter.node, counter.clerk, leaving, draw_codes=counter.draw, reception=AT_COUNTER),
        )
    placed(counter, family[1])
    clock.instant += timedelta(days=3)
    with counter.node.store.unit() as unit:
        due = processing.due_movers(unit, on=DAY + timedelta(days=3), limit=1)
    assert [number for number, _ in due] == [family[0].addressee_number]
    assert processing_left(counter, clock) == 1


def processing_left(counter, clock):
    with counter.node.store.unit() as unit:
        return processing.due_and_stopped(unit, on=clock.instant.date())


def test_a_form_sent_twice_is_one_stop_and_another_under_its_name_is_none(counter, family):
    placed(counter, family[0])
    placed(counter, family[0])
    other = stops.place_stop(counter.node, counter.clerk, "s1", stop(family[1]))
    assert other.reason is Reason.NOT_PENDING
    assert len(stops.stop_list(counter.node, counter.clerk).views) == 1


def test_whom_protection_hides_is_stopped_by_who_may_see_them_alone(counter, family):
    protection.apply_for_protection(counter.node, OFFICER, application(family[0]))
    refused = stops.place_stop(counter.node, counter.clerk, "s1", stop(family[0]))
    assert refused.reason is Reason.PROTECTED
    assert stops.place_stop(counter.node, OFFICER, "s1", stop(family[0])) == "s1"
    (view,) = stops.stop_list(counter.node, counter.checker).views
    assert (view.hidden, view.record) == (True, None)
    assert stops.one_stop(counter.node, counter.clerk, "s1").reason is Reason.PROTECTED
    assert stops.end_stop(counter.node, counter.clerk, "s1", "解決").reason is Reason.PROTECTED


@pytest.mark.parametrize("who", ["checker", "admin", "officer"])
def test_who_enters_nothing_stops_nothing(counter, family, who):
    refused = stops.place_stop(counter.node, getattr(counter, who), "s1", stop(family[0]))
    assert refused.reason is Reason.NOT_PERMITTED


def test_every_act_leaves_a_line_without_the_reason_in_words(counter, family):
    placed(counter, family[0])
    stops.end_stop(counter.node, counter.clerk, "s1", "通報は誤り")
    stops.confirm_end(counter.node, counter.checker, "s1")
    events = [event for event, _, _ in counter.lines() if event.startswith("register:stop")]
    assert events == ["register:stop:placed", "register:stop:ended", "register:stop:ended"]
    with counter.node.store.unit() as unit:
        said = unit.execute("select string_agg(convert_from(body, 'UTF8'), '') from ledger.line").fetchone()[
            0
        ]
        assert register.resident(unit, family[0].addressee_number) is not None
    assert "通報" not in said
