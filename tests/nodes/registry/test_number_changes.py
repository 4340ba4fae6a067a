"""個人番号の変更: two people ask, the nation's answer is recorded once, and no code changes in between (番号法7条2項)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.nodes.registry.conftest import AT_COUNTER, DAY
from tests.nodes.registry.test_protection import OFFICER, application, arrived

from daicho.faces.desks.sightings import sightings_of
from daicho.nodes.registry import protection, stops
from daicho.nodes.registry.counter import enter, verify_entry
from daicho.nodes.registry.disclosure import former_subjects
from daicho.nodes.registry.numbers import number_reader
from daicho.nodes.registry.renumbering import asking
from daicho.nodes.registry.renumbering.answers import let_lapse, take_made_number
from daicho.nodes.registry.reports import receive_number
from daicho.nodes.registry.residents import Purpose, resident_view
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.codes import IndividualNumber, MunicipalityCode, with_check_digit
from daicho.rules.register.death import DeathEntry
from daicho.rules.register.move_out import MoveOutNotice
from daicho.rules.register.numbering import CodeChange, LeakGround, NumberChange
from daicho.rules.register.processing import ProcessingStop, StopCause, StopKind
from daicho.rules.register.reasons import ChangeKind, ChangeReason
from daicho.store import number_changes
from daicho.wire.codecs.identity import NUMBER_CHANGE

FIRST = IndividualNumber(with_check_digit("12345678901"))
OTHER = IndividualNumber(with_check_digit("22345678901"))
THIRD = IndividualNumber(with_check_digit("32345678901"))
PEER = "cs.m13101.p13.daicho.internal"


@pytest.fixture
def woman(counter, move_in, comer, monkeypatch):
    monkeypatch.setattr(
        "daicho.nodes.registry.renumbering.asking.post_letters",
        lambda _unit, _node, letters: counter.letters.extend(letters),
    )
    (record,) = arrived(counter, move_in(comer(1)))
    with counter.node.store.unit() as unit:
        assert receive_number(unit, counter.node, record.resident_record_code, FIRST, peer=PEER)
    return record


def asked(record, *, on_request=True, **more):
    said = NumberChange(
        record.addressee_number, LeakGround.CARD_STOLEN, "盗難の届出済み", DAY, on_request,
        AT_COUNTER if on_request else None,
    )  # fmt: skip
    return replace(said, **more)


def wanted(counter, record, name="r1", **more):
    return asking.enter_number_change(counter.node, counter.clerk, name, asked(record, **more))


def came(counter, code, number, *, drawn=True):
    with counter.node.store.unit() as unit:
        return take_made_number(unit, counter.node, code, number, peer=PEER, drawn=drawn)


def state(counter, name="r1"):
    with counter.node.store.unit() as unit:
        return number_changes.one(unit, name)


def number_now(counter, code):
    with counter.node.store.unit() as unit:
        return number_reader(counter.node.vault)(unit, [str(code)]).get(str(code))


def reason(answer):
    return answer.reason if isinstance(answer, Refusal) else answer


@pytest.mark.requirement("R-011")
def test_art7_another_number_is_asked_for_by_two_and_takes_effect_on_receipt(counter, woman):
    assert wanted(counter, woman) == "r1"
    assert reason(asking.ask_nation(counter.node, counter.clerk, "r1")) is Reason.NOT_PERMITTED
    assert asking.ask_nation(counter.node, counter.checker, "r1") is None
    letter = counter.letters[-1]
    assert (letter.kind, letter.content.resident_record_code) == (NUMBER_CHANGE, woman.resident_record_code)
    assert number_now(counter, woman.resident_record_code) == FIRST
    entry = came(counter, woman.resident_record_code, OTHER).entry
    assert entry.entry.kind is ChangeKind.NUMBER_CHANGE
    assert entry.entry.reason is ChangeReason.NUMBER_CHANGED_ON_REQUEST
    assert number_now(counter, woman.resident_record_code) == OTHER
    told = counter.letters[-1].content.updates[0]
    assert told.individual_number == OTHER
    row = state(counter)
    assert (row.state, row.entry_id) == ("recorded", entry.entry_id)
    # The same answer once more brings nothing, and answers no later request.
    assert came(counter, woman.resident_record_code, OTHER).state == "already"
    assert wanted(counter, woman, "r2", on_request=False) == "r2"
    assert asking.ask_nation(counter.node, counter.checker, "r2") is None
    assert came(counter, woman.resident_record_code, OTHER).state == "already"
    assert state(counter, "r2").state == "asked"
    came(counter, woman.resident_record_code, THIRD)
    assert state(counter, "r2").state == "recorded"


def test_whoever_entered_it_is_not_the_second_person(counter, woman):
    asking.enter_number_change(counter.node, counter.both, "r1", asked(woman))
    assert reason(asking.ask_nation(counter.node, counter.both, "r1")) is Reason.SAME_PERSON
    assert reason(asking.give_back(counter.node, counter.both, "r1", "違う")) is Reason.SAME_PERSON


def test_a_form_sent_twice_is_one_request_and_another_form_waits_for_it(counter, woman):
    assert wanted(counter, woman) == wanted(counter, woman) == "r1"
    assert reason(wanted(counter, woman, words="別の理由")) is Reason.NUMBER_ASKED
    assert reason(wanted(counter, woman, "r2")) is Reason.NUMBER_ASKED
    assert asking.give_back(counter.node, counter.checker, "r1", "理由が足りない") is None
    assert reason(asking.ask_nation(counter.node, counter.checker, "r1")) is Reason.NOT_PENDING
    assert wanted(counter, woman, "r2") == "r2"


def test_the_second_word_is_given_once(counter, woman):
    wanted(counter, woman)
    assert asking.ask_nation(counter.node, counter.checker, "r1") is None
    posted = len(counter.letters)
    assert reason(asking.ask_nation(counter.node, counter.checker, "r1")) is Reason.NOT_PENDING
    assert len(counter.letters) == posted


def test_no_number_that_was_drawn_comes_unasked_in_the_place_of_another(counter, woman):
    assert came(counter, woman.resident_record_code, OTHER).state == "already"
    wanted(counter, woman)
    assert came(counter, woman.resident_record_code, OTHER).state == "already"
    asking.ask_nation(counter.node, counter.checker, "r1")
    assert asking.drop(counter.node, counter.clerk, "r1", "請求の取下げ") is None
    assert came(counter, woman.resident_record_code, OTHER).state == "already"
    assert number_now(counter, woman.resident_record_code) == FIRST


def test_art7_who_got_another_number_elsewhere_and_came_back_has_it_here_too(counter, woman):
    code = woman.resident_record_code
    entry = came(counter, code, OTHER, drawn=False).entry
    assert entry.entry.reason is ChangeReason.NUMBER_CHANGED_EX_OFFICIO
    assert number_now(counter, code) == OTHER
    assert counter.letters[-1].content.updates[0].individual_number == OTHER
    assert came(counter, code, OTHER, drawn=False).state == "already"
    # A letter that is older than that brings the former one back to nobody.
    assert reason(came(counter, code, FIRST, drawn=False)) is Reason.NUMBER_DUPLICATE
    assert number_now(counter, code) == OTHER


def test_who_has_left_again_is_not_given_the_number_in_force_here(counter, woman):
    death(counter, woman)
    assert came(counter, woman.resident_record_code, OTHER, drawn=False).state == "already"
    assert number_now(counter, woman.resident_record_code) == FIRST


def leaves(counter, record):
    day = DAY + timedelta(days=9)
    notice = MoveOutNotice(
        (record.addressee_number,), day, DAY, "北海道想像市本町1番", MunicipalityCode("01202")
    )
    entry = enter(counter.node, counter.clerk, notice, draw_codes=counter.draw, reception=AT_COUNTER)
    assert not isinstance(verify_entry(counter.node, counter.checker, entry.entry_id), Refusal)


def test_who_is_to_move_out_is_not_asked_for_and_keeps_the_number_that_the_next_town_hears(counter, woman):
    wanted(counter, woman)
    asking.ask_nation(counter.node, counter.checker, "r1")
    leaves(counter, woman)
    assert came(counter, woman.resident_record_code, OTHER).state == "already"
    assert number_now(counter, woman.resident_record_code) == FIRST
    assert state(counter).state == "lapsed"
    assert reason(wanted(counter, woman, "r2")) is Reason.SCHEDULED_ALREADY


@pytest.mark.parametrize("whole_household", [False, True])
def test_a_stop_of_changes_stops_the_request_at_either_word(counter, woman, whole_household):
    wanted(counter, woman)
    stop = ProcessingStop(
        StopKind.CHANGES, StopCause.FALSE_NOTICE, "本人から通報", woman.addressee_number, whole_household
    )
    assert stops.place_stop(counter.node, counter.clerk, "s1", stop) == "s1"
    assert reason(asking.ask_nation(counter.node, counter.checker, "r1")) is Reason.PROCESSING_HELD
    assert asking.give_back(counter.node, counter.checker, "r1", "抑止中") is None
    assert reason(wanted(counter, woman, "r2")) is Reason.PROCESSING_HELD


def death(counter, record):
    entry = enter(
        counter.node, counter.clerk, DeathEntry(record.addressee_number, DAY, DAY),
        draw_codes=counter.draw, reception=AT_COUNTER,
    )  # fmt: skip
    verify_entry(counter.node, counter.checker, entry.entry_id)


def code_change(counter, record):
    return enter(
        counter.node, counter.clerk, CodeChange(record.addressee_number, DAY, on_request=True),
        draw_codes=counter.draw, reception=AT_COUNTER,
    )  # fmt: skip


def test_a_code_changes_not_between_the_question_and_the_answer(counter, woman):
    waiting = code_change(counter, woman)
    wanted(counter, woman)
    asking.ask_nation(counter.node, counter.checker, "r1")
    assert reason(verify_entry(counter.node, counter.checker, waiting.entry_id)) is Reason.NUMBER_ASKED
    assert reason(code_change(counter, woman)) is Reason.NUMBER_ASKED
    came(counter, woman.resident_record_code, OTHER)
    again = verify_entry(counter.node, counter.checker, code_change(counter, woman).entry_id)
    (after,) = again.entry.after
    assert number_now(counter, after.resident_record_code) == OTHER


def test_the_code_that_the_nation_is_told_is_the_one_of_the_second_word(counter, woman):
    wanted(counter, woman)
    changed = verify_entry(counter.node, counter.checker, code_change(counter, woman).entry_id)
    (after,) = changed.entry.after
    assert asking.ask_nation(counter.node, counter.checker, "r1") is None
    assert counter.letters[-1].content.resident_record_code == after.resident_record_code


def test_who_has_died_meanwhile_keeps_the_number_and_the_request_lapses(counter, woman):
    wanted(counter, woman)
    asking.ask_nation(counter.node, counter.checker, "r1")
    death(counter, woman)
    assert came(counter, woman.resident_record_code, OTHER).state == "already"
    assert number_now(counter, woman.resident_record_code) == FIRST
    assert state(counter).state == "lapsed"
    assert reason(wanted(counter, woman, "r2")) is Reason.ALREADY_REMOVED


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"reception": None}, Reason.RECEPTION_MISSING),
        ({"words": ""}, Reason.FIELD_MISSING),
        ({"asked_on": DAY + timedelta(days=1)}, Reason.DATE_IN_FUTURE),
        ({"addressee_number": 9_999}, Reason.NOT_FOUND),
    ],
)
def test_a_request_that_cannot_be_is_not_kept(counter, woman, more, expected):
    assert reason(wanted(counter, woman, **more)) is expected
    assert state(counter) is None


def test_whom_protection_hides_is_asked_for_by_who_may_see_them_alone(counter, woman):
    protection.apply_for_protection(counter.node, OFFICER, application(woman))
    assert reason(wanted(counter, woman)) is Reason.PROTECTED
    assert asking.enter_number_change(counter.node, OFFICER, "r1", asked(woman)) == "r1"
    assert reason(asking.number_change(counter.node, counter.clerk, "r1")) is Reason.PROTECTED
    assert reason(asking.ask_nation(counter.node, counter.checker, "r1")) is Reason.PROTECTED
    assert state(counter).state == "entered"
    (view,) = asking.number_change_list(counter.node, counter.checker).views
    assert (view.hidden, view.record) == (True, None)
    (seen,) = asking.number_change_list(counter.node, OFFICER).views
    assert (seen.hidden, seen.record.addressee_number) == (False, woman.addressee_number)


def test_no_number_stands_in_the_request_nor_in_the_ledger(counter, woman):
    wanted(counter, woman)
    asking.ask_nation(counter.node, counter.checker, "r1")
    came(counter, woman.resident_record_code, OTHER)
    with counter.node.store.unit() as unit:
        kept = unit.execute("select row_to_json(c)::text from register.number_change c").fetchone()[0]
        lines = unit.execute("select string_agg(convert_from(body, 'UTF8'), '') from ledger.line").fetchone()[
            0
        ]
    assert not any(number in text for number in (FIRST, OTHER) for text in (kept, lines))
    events = [event for event, _, _ in counter.lines()]
    assert events.count("number:change:entered") == events.count("number:change:decided") == 1


def test_what_is_open_and_what_came_of_the_rest_is_listed(counter, woman):
    wanted(counter, woman)
    assert asking.open_number_change(counter.node, woman.addressee_number) == "entered"
    (view,) = asking.number_change_list(counter.node, counter.checker).views
    assert (view.request_id, view.record.addressee_number) == ("r1", woman.addressee_number)
    asking.give_back(counter.node, counter.checker, "r1", "理由が足りない")
    assert asking.open_number_change(counter.node, woman.addressee_number) == ""
    assert asking.number_change_list(counter.node, counter.clerk).views == ()
    (closed,) = asking.number_change_list(counter.node, counter.clerk, closed=True).views
    assert (closed.state, closed.why) == ("returned", "理由が足りない")
    assert reason(asking.number_change_list(counter.node, counter.admin)) is Reason.NOT_PERMITTED


@pytest.mark.requirement("R-010")
def test_who_saw_a_record_under_the_former_code_is_told_under_the_new_one(counter, woman):
    why = Purpose("確認", "法8条", "T1")
    assert not isinstance(resident_view(counter.node, counter.clerk, woman.addressee_number, why), Refusal)
    before = len(sightings_of(counter.node, woman)[0])
    (after,) = verify_entry(counter.node, counter.checker, code_change(counter, woman).entry_id).entry.after
    assert before == len(sightings_of(counter.node, after)[0]) == 1
    with counter.node.store.unit() as unit:
        assert former_subjects(unit, after) == (str(woman.resident_record_code),)


def test_a_request_lapses_when_its_person_has_left_before_the_nation_answered(counter, woman):
    wanted(counter, woman)
    asking.ask_nation(counter.node, counter.checker, "r1")
    let_lapse(counter.node)
    assert state(counter).state == "asked"
    death(counter, woman)
    let_lapse(counter.node)
    assert state(counter).state == "lapsed"
    assert [event for event, _, _ in counter.lines()].count("number:change:decided") == 2
    assert came(counter, woman.resident_record_code, OTHER).state == "already"
