"""文書: papers of a case written to one household each, kept, printed again, sent, and kept from whom they must."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.nodes.registry.conftest import AT_COUNTER
from tests.nodes.registry.test_certificates import ISSUER, K, Press
from tests.nodes.registry.test_protection import OFFICER, SECOND, application, arrived
from tests.nodes.registry.test_upkeep import DAY, did, entered, left, opened, seen, told

from daicho.nodes.registry import protection
from daicho.nodes.registry.certificates import IssuedPaper
from daicho.nodes.registry.correspondence.cases import case_letters, write_case_letter
from daicho.nodes.registry.correspondence.sending import drop_letter, note_public
from daicho.nodes.registry.correspondence.writing import letter_view, print_again
from daicho.nodes.registry.counter import EntryView, enter, verify_entry
from daicho.nodes.registry.papers import posting
from daicho.rules.certificates.posting import PostAct, PostStep, ReturnCause
from daicho.rules.correspondence.cases import WITHHELD_PLACE, CasePaper, NoticeDuty
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.register.ex_officio import ExOfficioStrike
from daicho.rules.register.move_within import MoveWithinNotice
from daicho.rules.register.reasons import ChangeReason
from daicho.rules.upkeep.acts import Joining
from daicho.rules.upkeep.case import CaseEnd as End
from daicho.rules.upkeep.case import CaseKind, CaseOutcome, CaseSource, SurveyFinding, TellingWay, Visit

PLACE = ISSUER.place
pytestmark = pytest.mark.requirement("R-005")


def write(counter, number, wanted, operator=None, press=None):
    return write_case_letter(
        counter.node, operator or counter.clerk, number, wanted, issuer=ISSUER, set_paper=press or Press()
    )


def reminder(people, **items) -> CasePaper:
    numbers = tuple(one.addressee_number for one in people)
    return CasePaper(K.REMINDER, numbers, DAY + timedelta(days=14), NoticeDuty.MOVE_WITHIN, **items)


def written(counter, number, wanted, operator=None, press=None) -> IssuedPaper:
    made = write(counter, number, wanted, operator, press)
    assert isinstance(made, IssuedPaper), made
    return made


def sent(counter, number, to, on=DAY, operator=None, **items):
    act = PostAct(PostStep.SENT, on, to, **items)
    return posting.act_on_post(counter.node, operator or counter.clerk, number, act)


def case_of(counter, people, kind=CaseKind.UNNOTIFIED, source=CaseSource.RETURNED_MAIL) -> str:
    return opened(counter, told(kind, source, people=tuple(one.addressee_number for one in people)))


@pytest.fixture
def couple(counter, move_in, comer):
    return arrived(counter, move_in(comer(1), comer(2, "妻")))


def test_a_reminder_stands_in_the_book_goes_by_post_and_is_noted_at_its_case_when_it_is_sent(counter, couple):
    number = case_of(counter, couple)
    press = Press()
    made = written(counter, number, reminder(couple), press=press)
    facts = press.printed[-1].content.letter
    assert facts.place.name == couple[0].name.kanji
    assert facts.due == "令和8年12月4日"
    assert not seen(counter, number).case.reminders  # it lies on the desk
    (line,) = posting.papers_to_post(counter.node, counter.clerk, PLACE, sent=False).lines[-1:]
    assert line.number == made.number
    assert sent(counter, made.number, couple[0].name.kanji) is None
    (noted,) = seen(counter, number).case.reminders
    assert (noted.sent_on, noted.due_on, noted.sent_by) == (DAY, DAY + timedelta(days=14), "clerk01")
    assert letter_view(counter.node, counter.clerk, made.number).state == "SENT"


def test_the_same_paper_is_printed_again_with_the_same_words_and_each_time_leaves_a_line(counter, couple):
    number = case_of(counter, couple)
    press = Press()
    made = written(counter, number, reminder(couple, words="用紙を同封した"), press=press)
    counter.node.clock.instant += timedelta(days=3)
    again = print_again(counter.node, counter.clerk, made.number, set_paper=press)
    assert isinstance(again, IssuedPaper), again
    first, second = press.printed[-2:]
    assert (first.content, first.number, first.issued_on) == (second.content, second.number, second.issued_on)
    handed = [one for one in counter.lines() if one[0] == "certificate:paper:handed_out"]
    assert len(handed) == 2 * len(couple)
    assert letter_view(counter.node, counter.clerk, made.number).again == 1


def test_a_form_sent_twice_writes_one_letter_and_another_one_after_it_was_sent(counter, couple):
    number = case_of(counter, couple)
    made = written(counter, number, reminder(couple))
    twice = write(counter, number, reminder(couple))
    assert isinstance(twice, Refusal)
    assert twice.reason is Reason.ALREADY_ISSUED
    assert sent(counter, made.number, couple[0].name.kanji) is None
    assert isinstance(write(counter, number, reminder(couple)), IssuedPaper)


def test_two_households_get_two_letters_and_neither_names_the_other(counter, move_in, comer):
    (first,), (second,) = arrived(counter, move_in(comer(1))), arrived(counter, move_in(comer(2)))
    number = case_of(counter, (first, second))
    both = write(counter, number, reminder((first, second)))
    assert isinstance(both, Refusal)
    press = Press()
    written(counter, number, reminder((first,)), press=press)
    assert second.name.kanji not in repr(press.printed[-1].content)
    assert len(case_letters(counter.node, counter.clerk, number).households) == 2


def test_a_letter_with_a_stated_address_goes_there_with_whose_home_it_is(counter, couple):
    number = case_of(counter, couple)
    press = Press()
    made = written(
        counter,
        number,
        reminder(couple, address="北海道函館市東雲町4番13号", care_of="親族　太郎"),
        press=press,
    )
    assert press.printed[-1].content.letter.place.care_of == "親族　太郎"
    view = letter_view(counter.node, counter.clerk, made.number)
    assert view.send_to == "北海道函館市東雲町4番13号　親族　太郎様方"
    assert sent(counter, made.number, couple[0].name.kanji, address=view.send_to) is None


def test_a_letter_that_came_back_is_sent_again_only_while_its_day_has_not_passed(counter, couple):
    number = case_of(counter, couple)
    made = written(counter, number, reminder(couple))
    assert sent(counter, made.number, couple[0].name.kanji) is None
    back = PostAct(PostStep.RETURNED, DAY, cause=ReturnCause.UNKNOWN_THERE)
    assert posting.act_on_post(counter.node, counter.clerk, made.number, back) is None
    counter.node.clock.instant += timedelta(days=20)
    late = sent(counter, made.number, couple[0].name.kanji, on=DAY + timedelta(days=20))
    assert isinstance(late, Refusal)
    assert (late.reason, late.field) == (Reason.DATE_ORDER, "on")
    assert len(seen(counter, number).case.reminders) == 1


def test_what_is_destroyed_before_it_is_sent_may_be_written_anew_and_is_not_printed_again(counter, couple):
    number = case_of(counter, couple)
    made = written(counter, number, reminder(couple))
    act = PostAct(PostStep.DESTROYED, DAY, words="期限を誤った")
    assert posting.act_on_post(counter.node, counter.clerk, made.number, act) is None
    again = print_again(counter.node, counter.clerk, made.number, set_paper=Press())
    assert isinstance(again, Refusal)
    assert isinstance(write(counter, number, reminder(couple)), IssuedPaper)


def test_a_case_that_ended_meanwhile_keeps_the_letter_from_being_noted_as_sent(counter, couple):
    number = case_of(counter, couple)
    made = written(counter, number, reminder(couple))
    did(counter, number, End(DAY, "", CaseOutcome.NO_CHANGE, "届出の必要がない"))
    late = sent(counter, made.number, couple[0].name.kanji)
    assert isinstance(late, Refusal)
    assert late.reason is Reason.CASE_CLOSED
    assert letter_view(counter.node, counter.clerk, made.number).state == "MADE"


def test_an_inquiry_to_a_person_waits_for_its_answer_in_the_case(counter, couple):
    number = case_of(counter, couple)
    numbers = tuple(one.addressee_number for one in couple)
    made = written(counter, number, CasePaper(K.PERSON_INQUIRY, numbers, DAY + timedelta(days=14)))
    assert sent(counter, made.number, couple[0].name.kanji) is None
    (asked,) = seen(counter, number).case.inquiries
    assert (asked.asked_body, asked.due_on) == (couple[0].name.kanji, DAY + timedelta(days=14))


def test_another_town_is_asked_about_movers_whom_it_did_not_report(counter, couple):
    left(counter, couple)
    number = opened(counter, told(CaseKind.MISSING_ARRIVAL, CaseSource.NO_ARRIVAL_REPORT,
                                  people=tuple(one.addressee_number for one in couple)))  # fmt: skip
    press = Press()
    numbers = tuple(one.addressee_number for one in couple)
    wanted = CasePaper(
        K.ARRIVAL_INQUIRY,
        numbers,
        DAY + timedelta(days=14),
        address="北海道函館市東雲町",
        asked_body="函館市長",
    )
    made = written(counter, number, wanted, press=press)
    content = press.printed[-1].content
    assert content.letter.place.body
    assert [row[2] for row in content.letter.table] == ["北海道函館市", "北海道函館市"]
    view = letter_view(counter.node, counter.clerk, made.number)
    assert sent(counter, made.number, "函館市長", address=view.send_to) is None
    assert seen(counter, number).case.inquiries[0].asked_body == "函館市長"


def struck(counter, people) -> tuple[str, str]:
    numbers = tuple(one.addressee_number for one in people)
    number = case_of(counter, people, CaseKind.SURVEY)
    did(
        counter,
        number,
        Visit(DAY, "調査　太郎", SurveyFinding.DOES_NOT_LIVE_THERE, "空き家であった", numbers),
    )
    strike = ExOfficioStrike(numbers, ChangeReason.STRUCK_OTHER, DAY, DAY, "不現住")
    entry = entered(counter, strike).entry_id
    did(counter, number, Joining(entry, "実態調査"))
    return number, entry


def public_notice(people, entry) -> CasePaper:
    numbers = tuple(one.addressee_number for one in people)
    return CasePaper(K.PUBLIC_NOTICE, numbers, words="住所及び居所が明らかでない", entries=(entry,))


def test_a_notice_of_a_strike_and_a_public_notice_after_it_came_back_end_the_case(counter, couple):
    number, entry = struck(counter, couple)
    numbers = tuple(one.addressee_number for one in couple)
    made = written(counter, number, CasePaper(K.EX_OFFICIO_NOTICE, numbers, entries=(entry,)))
    assert sent(counter, made.number, couple[0].name.kanji) is None
    press = Press()
    notice = written(counter, number, public_notice(couple, entry), press=press)
    assert PLACE in press.printed[-1].content.letter.table[0][1]
    assert note_public(counter.node, counter.clerk, notice.number, DAY, None) is None
    notified, public = seen(counter, number).case.tellings
    assert (notified.way, public.way) == (TellingWay.NOTICE, TellingWay.PUBLIC_NOTICE)
    assert public.ends_on == letter_view(counter.node, counter.clerk, notice.number).ends_on
    twice = note_public(counter.node, counter.clerk, notice.number, DAY, None)
    assert isinstance(twice, Refusal)
    assert twice.reason is Reason.NOT_PENDING


def test_a_public_notice_names_no_place_of_a_protected_person_whoever_prints_it(counter, couple):
    """The measure outlives the strike; the officer sees the place, and everybody who passes the board must not."""
    applied = protection.apply_for_protection(counter.node, OFFICER, application(couple[0]))
    assert not isinstance(applied, Refusal)
    number = opened(
        counter, told(CaseKind.SURVEY, people=tuple(one.addressee_number for one in couple)), OFFICER
    )
    numbers = tuple(one.addressee_number for one in couple)
    did(
        counter,
        number,
        Visit(DAY, "調査　太郎", SurveyFinding.DOES_NOT_LIVE_THERE, "空き家", numbers),
        OFFICER,
    )
    entry = entered(
        counter,
        ExOfficioStrike(numbers, ChangeReason.STRUCK_OTHER, DAY, DAY, "不現住"),
        verified=False,
        operator=OFFICER,
    )
    assert isinstance(verify_entry(counter.node, SECOND, entry.entry_id), EntryView)
    did(counter, number, Joining(entry.entry_id, "実態調査"), OFFICER)
    press = Press()
    written(counter, number, public_notice(couple, entry.entry_id), OFFICER, press)
    content = press.printed[-1].content
    assert {row[1] for row in content.letter.table} == {WITHHELD_PLACE}
    assert couple[0].current_address.town not in repr(content)


def test_a_public_notice_written_before_a_measure_began_is_not_printed_again(counter, couple):
    number, entry = struck(counter, couple)
    notice = written(counter, number, public_notice(couple, entry))
    applied = protection.apply_for_protection(counter.node, OFFICER, application(couple[0]))
    assert not isinstance(applied, Refusal)
    for operator in (counter.clerk, OFFICER):
        again = print_again(counter.node, operator, notice.number, set_paper=Press())
        assert isinstance(again, Refusal)
        assert again.reason is Reason.PROTECTED
    assert drop_letter(counter.node, OFFICER, notice.number) is None
    press = Press()
    written(counter, number, public_notice(couple, entry), OFFICER, press)
    assert WITHHELD_PLACE in repr(press.printed[-1].content)


def test_a_letter_to_somebody_protected_is_written_read_and_printed_by_the_officer_alone(counter, couple):
    number = case_of(counter, couple)
    made = written(counter, number, reminder(couple))
    applied = protection.apply_for_protection(counter.node, OFFICER, application(couple[0]))
    assert not isinstance(applied, Refusal)
    assert print_again(counter.node, counter.clerk, made.number, set_paper=Press()).reason is Reason.PROTECTED
    assert letter_view(counter.node, counter.clerk, made.number).hidden
    assert case_letters(counter.node, counter.clerk, number).kinds == ()
    assert sent(counter, made.number, couple[0].name.kanji).reason is Reason.PROTECTED
    assert write(counter, number, reminder(couple)).reason in (Reason.ALREADY_ISSUED, Reason.PROTECTED)
    assert isinstance(print_again(counter.node, OFFICER, made.number, set_paper=Press()), IssuedPaper)


def test_a_telling_needs_a_change_that_stands(counter, couple):
    number = case_of(counter, couple, CaseKind.SURVEY)
    numbers = tuple(one.addressee_number for one in couple)
    refused = write(counter, number, CasePaper(K.EX_OFFICIO_NOTICE, numbers, entries=("none",)))
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.STEP_NOT_FITTING
    assert K.EX_OFFICIO_NOTICE not in case_letters(counter.node, counter.clerk, number).kinds


def test_what_no_press_can_set_leaves_nothing_in_the_book(counter, couple):
    number = case_of(counter, couple)
    press = Press(specimen=True)
    assert isinstance(write(counter, number, reminder(couple), press=press), Refusal)
    assert case_letters(counter.node, counter.clerk, number).letters == ()


def moved(counter, notice):
    view = enter(counter.node, counter.clerk, notice, draw_codes=counter.draw, reception=AT_COUNTER)
    assert isinstance(view, EntryView), view
    assert isinstance(verify_entry(counter.node, counter.checker, view.entry_id), EntryView)


def test_a_letter_to_a_home_that_was_left_is_neither_printed_nor_sent_and_is_written_anew(counter, couple):
    number = case_of(counter, couple)
    made = written(counter, number, reminder(couple))
    everybody = tuple(one.addressee_number for one in couple)
    there = replace(couple[0].current_address, town="架空町二丁目")
    moved(counter, MoveWithinNotice(everybody, there, DAY, DAY))
    assert letter_view(counter.node, counter.clerk, made.number).moved
    again = print_again(counter.node, counter.clerk, made.number, set_paper=Press())
    assert isinstance(again, Refusal)
    assert again.reason is Reason.CHANGED_SINCE
    assert sent(counter, made.number, couple[0].name.kanji).reason is Reason.CHANGED_SINCE
    act = PostAct(PostStep.DESTROYED, DAY, words="転居のため")
    assert posting.act_on_post(counter.node, counter.clerk, made.number, act) is None
    press = Press()
    anew = written(counter, number, reminder(couple), press=press)
    assert "架空町二丁目" in press.printed[-1].content.letter.place.lines[1]
    assert sent(counter, anew.number, couple[0].name.kanji) is None


def test_what_came_back_is_sent_again_or_handed_over_and_its_step_is_noted_once(counter, couple):
    number = case_of(counter, couple)
    made = written(counter, number, reminder(couple))
    back = PostAct(PostStep.RETURNED, DAY, cause=ReturnCause.NOT_COLLECTED)
    for _ in range(2):
        assert sent(counter, made.number, couple[0].name.kanji) is None
        assert posting.act_on_post(counter.node, counter.clerk, made.number, back) is None
    assert len(seen(counter, number).case.reminders) == 1
    did(counter, number, End(DAY, "", CaseOutcome.NO_CHANGE, "届出の必要がない"))
    handed = PostAct(PostStep.HANDED_OVER, DAY, words="窓口で交付")
    assert posting.act_on_post(counter.node, counter.clerk, made.number, handed) is None


def test_a_change_of_two_households_is_told_in_the_case_once_both_letters_went(counter, move_in, comer):
    people = (*arrived(counter, move_in(comer(1))), *arrived(counter, move_in(comer(2))))
    number, entry = struck(counter, people)
    for place, one in enumerate(people):
        paper = CasePaper(K.EX_OFFICIO_NOTICE, (one.addressee_number,), entries=(entry,))
        made = written(counter, number, paper)
        assert not seen(counter, number).case.tellings
        assert sent(counter, made.number, one.name.kanji) is None
        assert letter_view(counter.node, counter.clerk, made.number).state == "SENT"
        assert len(seen(counter, number).case.tellings) == place


def test_two_people_of_one_household_each_get_a_letter_of_their_own(counter, couple):
    number = case_of(counter, couple)
    written(counter, number, reminder(couple[:1]))
    assert isinstance(write(counter, number, reminder(couple[1:])), IssuedPaper)
    assert write(counter, number, reminder(couple)).reason is Reason.ALREADY_ISSUED
