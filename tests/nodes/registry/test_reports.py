"""What comes from outside or by the calendar: reports, numbers, due days."""

from datetime import date, timedelta

import pytest
from tests.nodes.registry.conftest import AT_COUNTER

from daicho.nodes.registry.counter import enter, pending_entries, verify_entry
from daicho.nodes.registry.numbers import number_reader
from daicho.nodes.registry.reports import receive_move_in_report, receive_number, strike_due_movers
from daicho.nodes.registry.residents import Purpose, resident_view
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.codes import IndividualNumber, MunicipalityCode, with_check_digit
from daicho.rules.register.move_out import MoveInReport, MoveOutNotice
from daicho.rules.register.reasons import ChangeReason
from daicho.rules.register.record import HouseholdRelation

DAY = date(2026, 11, 20)
ELSEWHERE = MunicipalityCode("01202")
WHY = Purpose("確認", "住民基本台帳法第9条")
NUMBER = IndividualNumber(with_check_digit("12345678901"))
OTHER = IndividualNumber(with_check_digit("22345678901"))


def done(counter, notice):
    view = enter(counter.node, counter.clerk, notice, draw_codes=counter.draw, reception=AT_COUNTER)
    assert not isinstance(view, Refusal), view
    return verify_entry(counter.node, counter.checker, view.entry_id)


def family(counter, move_in, comer):
    return done(counter, move_in(comer(1), comer(2, "妻"), comer(3, "子"))).entry.after


def report(counter, codes, **more):
    told = MoveInReport(tuple(codes), date(2026, 11, 18), DAY, ELSEWHERE, "北海道函館市架空町8番", **more)
    with counter.node.store.unit() as unit:
        return receive_move_in_report(unit, counter.node, told, peer="cs.m01202.p01.daicho.internal")


def shown(counter, number):
    return resident_view(counter.node, counter.clerk, number, WHY).record


def test_a_report_strikes_a_scheduled_mover_at_once_and_comes_twice_in_vain(counter, move_in, comer):
    people = family(counter, move_in, comer)
    done(counter, MoveOutNotice((people[1].addressee_number,), date(2026, 11, 30), DAY, "函館市", ELSEWHERE))
    outcome = report(counter, [people[1].resident_record_code])
    assert outcome.state == "applied"
    gone = shown(counter, people[1].addressee_number)
    assert gone.removal.reason is ChangeReason.MOVE_OUT
    assert gone.removal.removed_on == date(2026, 11, 18)
    assert counter.letters[-1].content.updates[0].record.change_reason is ChangeReason.MOVE_OUT
    assert report(counter, [people[1].resident_record_code]).state == "already"
    assert outcome.entry.entered_by != outcome.entry.verified_by


def test_a_report_of_somebody_who_gave_no_notice_waits_for_a_person(counter, move_in, comer):
    people = family(counter, move_in, comer)
    outcome = report(counter, [people[2].resident_record_code])
    assert outcome.state == "waiting"
    assert shown(counter, people[2].addressee_number).living
    (waiting,) = pending_entries(counter.node, counter.checker)
    verify_entry(counter.node, counter.checker, waiting.entry_id)
    assert not shown(counter, people[2].addressee_number).living


def test_a_late_report_does_not_strike_somebody_who_is_back_and_about_to_leave_again(counter, move_in, comer):
    """Away, back on the 10th, a new notice; only now does the report of the first move arrive."""
    people = family(counter, move_in, comer)
    back, since = people[1], people[1].resident_since
    done(counter, MoveOutNotice((back.addressee_number,), date(2026, 11, 30), DAY, "函館市", ELSEWHERE))
    late = MoveInReport(
        (back.resident_record_code,), since - timedelta(1), since, ELSEWHERE, "北海道函館市架空町8番"
    )
    same_day = MoveInReport((back.resident_record_code,), since, since, ELSEWHERE, "北海道函館市架空町8番")
    with counter.node.store.unit() as unit:
        assert receive_move_in_report(unit, counter.node, late, peer="cs").state == "already"
    assert shown(counter, back.addressee_number).living
    with counter.node.store.unit() as unit:
        assert receive_move_in_report(unit, counter.node, same_day, peer="cs").state == "waiting"
    assert shown(counter, back.addressee_number).living


def test_a_report_about_a_stranger_is_refused(counter, move_in, comer):
    family(counter, move_in, comer)
    answer = report(counter, counter.draw(None, 1))
    assert answer.reason is Reason.NOT_FOUND


def test_due_movers_are_struck_on_their_day_together(counter, move_in, comer, clock):
    people = family(counter, move_in, comer)
    numbers = tuple(one.addressee_number for one in people)
    leave = MoveOutNotice(numbers[:2], date(2026, 11, 22), DAY, "函館市", ELSEWHERE)
    done(counter, leave)
    assert strike_due_movers(counter.node) == (0, 0)
    clock.move(timedelta(days=2))
    assert strike_due_movers(counter.node) == (2, 0)
    assert strike_due_movers(counter.node) == (0, 0)
    assert not shown(counter, numbers[0]).living
    assert shown(counter, numbers[2]).is_householder


def test_a_due_day_without_a_successor_is_left_for_a_person(counter, move_in, comer, clock):
    people = family(counter, move_in, comer)
    numbers = tuple(one.addressee_number for one in people)
    leave = MoveOutNotice(
        numbers[:1],
        date(2026, 11, 22),
        DAY,
        "函館市",
        ELSEWHERE,
        successor=numbers[1],
        relations=(HouseholdRelation(numbers[2], "子"),),
    )
    done(counter, leave)
    done(counter, move_in(comer(4, "母"), household_number=people[0].household_number))
    clock.move(timedelta(days=2))
    assert strike_due_movers(counter.node) == (0, 1)
    assert shown(counter, numbers[0]).living


@pytest.mark.requirement("R-054")
def test_a_number_takes_effect_on_receipt_and_is_kept_apart(counter, move_in, comer):
    people = family(counter, move_in, comer)
    code = people[0].resident_record_code

    def receive(number, **more):
        with counter.node.store.unit() as unit:
            return receive_number(unit, counter.node, code, number, peer="cs", **more)

    assert receive(NUMBER).state == "applied"
    assert receive(NUMBER).state == "already"
    assert receive(OTHER).reason is Reason.NUMBER_DUPLICATE
    update = counter.letters[-1].content.updates[0]
    assert update.individual_number == NUMBER
    assert update.record.change_reason is ChangeReason.NUMBER_ENTERED
    assert shown(counter, people[0].addressee_number).update_sequence == 2
    assert receive(OTHER, reason=ChangeReason.NUMBER_CHANGED_EX_OFFICIO).state == "applied"
    with counter.node.store.unit() as unit:
        assert number_reader(counter.node.vault)(unit, [code]) == {code: OTHER}
        second = people[1].resident_record_code
        taken = receive_number(unit, counter.node, second, NUMBER, peer="cs")
    assert taken.reason is Reason.NUMBER_DUPLICATE


def test_a_number_for_nobody_is_refused_and_not_kept(counter):
    (code,) = counter.draw(None, 1)
    with counter.node.store.unit() as unit:
        assert receive_number(unit, counter.node, code, NUMBER, peer="cs").reason is Reason.NOT_FOUND
        assert number_reader(counter.node.vault)(unit, [code]) == {}
