"""Notices that are owed, moving-out certificates and the post: printed once, sent where they must, kept from whom they must."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.nodes.registry.conftest import AT_COUNTER, DAY, HOME
from tests.nodes.registry.test_certificates import ISSUER, ITEM, NUMBER, K, Press, issue, own
from tests.nodes.registry.test_protection import OFFICER, application, arrived

from daicho.nodes.registry import certificates, protection
from daicho.nodes.registry.certificates import IssuedPaper
from daicho.nodes.registry.counter import EntryView, enter, verify_entry
from daicho.nodes.registry.papers import notices, posting
from daicho.nodes.registry.residents import Purpose
from daicho.rules.certificates.owed import Handing
from daicho.rules.certificates.posting import AddressSource, PostAct, PostState, PostStep, ReturnCause
from daicho.rules.certificates.request import (
    CertificateRequest,
    CertificateRequester,
    Delivery,
    IdentityProof,
    IssueChannel,
    Judgement,
)
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.addresses import Address
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.protection.measure import AskingPerson
from daicho.rules.register.cancellation import Cancellation
from daicho.rules.register.move_out import MoveOutNotice
from daicho.rules.register.move_within import MoveWithinNotice
from daicho.rules.register.reception import Authority, Channel, Document, Notifier, Reception
from daicho.store import numbers, upkeep

AWAY = MunicipalityCode("01202")
THERE = Address(HOME, "想像町二丁目", "4番5号", "", "1000002", "")
AGENT = Reception(
    Notifier.AGENT, (Document.DRIVING_LICENCE,), "架空　代理", authority=Authority.POWER_OF_ATTORNEY
)
BY_POST = Reception(Notifier.SELF, (Document.DRIVING_LICENCE,), channel=Channel.POST)
WHY = Purpose("異動届の受付", "法24条", "t1")
PLACE = ISSUER.place
POSTED = Handing(by_hand=False)


@pytest.fixture
def family(counter, move_in, comer):
    """Give a couple whose notices of their codes are done with."""
    people = arrived(counter, move_in(comer(1), comer(2, "妻")))
    for line in owed(counter):
        assert notices.drop_notice(counter.node, counter.clerk, line.notice_id, "済") is None
    return people


def changed(counter, notice, reception=AT_COUNTER):
    entered = enter(counter.node, counter.clerk, notice, draw_codes=counter.draw, reception=reception)
    assert isinstance(entered, EntryView), entered
    verified = verify_entry(counter.node, counter.checker, entered.entry_id)
    assert isinstance(verified, EntryView), verified
    return verified


def moved_out(counter, people, reception=AT_COUNTER, **items):
    told = MoveOutNotice(
        tuple(one.addressee_number for one in people), DAY + timedelta(days=10), DAY, "北海道函館市", AWAY, **items
    )  # fmt: skip
    return changed(counter, told, reception)


def owed(counter, operator=None):
    found = notices.owed_notices(counter.node, operator or counter.clerk)
    return found if isinstance(found, Refusal) else found.lines


def printed(counter, line, press=None, *, by_hand=False, operator=None):
    return notices.print_notice(
        counter.node, operator or counter.clerk, line.notice_id, by_hand=by_hand, issuer=ISSUER,
        set_paper=press or Press(),
    )  # fmt: skip


def hand(taker, **items):
    return Handing(True, taker, proof=IdentityProof.PHOTO, **items)


def certified(counter, about, handing=None, press=None):
    return notices.issue_move_out(
        counter.node,
        counter.clerk,
        about,
        WHY,
        handing or hand(about),
        issuer=ISSUER,
        set_paper=press or Press(),
    )


def undone(counter, view):
    entered = enter(
        counter.node, counter.clerk, Cancellation(view.entry_id, DAY, "届出の取下げ"), draw_codes=counter.draw
    )
    assert isinstance(entered, EntryView), entered
    assert isinstance(verify_entry(counter.node, counter.checker, entered.entry_id), EntryView)


def to_post(counter, operator=None, *, sent=False):
    found = posting.papers_to_post(counter.node, operator or counter.clerk, PLACE, sent=sent)
    return found if isinstance(found, Refusal) else found.lines


def act(counter, number, step, operator=None, **items):
    told = PostAct(step, items.pop("on", DAY), **items)
    return posting.act_on_post(counter.node, operator or counter.clerk, number, told)


@pytest.mark.requirement("R-314")
def test_whoever_got_a_code_is_told_it_by_post_once(counter, move_in, comer):
    (person,) = arrived(counter, move_in(comer(1)))
    (line,) = owed(counter)
    assert (line.kind, line.names, line.hidden) == (K.CODE_NOTICE, (person.name.kanji,), False)
    press = Press()
    paper = printed(counter, line, press)
    assert isinstance(paper, IssuedPaper)
    assert (paper.fee_yen, paper.delivery) == (0, Delivery.POSTED_TO_PERSON)
    assert str(person.resident_record_code) in press.text
    assert owed(counter) == ()
    assert notices.owed_line(counter.node, counter.clerk, line.notice_id).reason is Reason.NOT_FOUND
    assert printed(counter, line).reason is Reason.NOT_PENDING
    events = [event for event, _, _ in counter.lines() if event.startswith("certificate:")]
    assert events.count("certificate:notice:listed") == 1
    assert events.count("certificate:paper:handed_out") == 1
    (waiting,) = to_post(counter)
    assert (waiting.source, waiting.address) == (
        AddressSource.REGISTERED, PLACE + person.current_address.one_line(),
    )  # fmt: skip


def test_somebody_who_did_not_come_is_asked_at_the_address_before_and_learns_no_new_one(counter, family):
    moved = MoveWithinNotice((family[1].addressee_number,), THERE, date(2026, 11, 15), DAY)
    changed(counter, moved, AGENT)
    (line,) = owed(counter)
    assert line.kind is K.ACCEPTANCE_NOTICE
    assert printed(counter, line, by_hand=True).reason is Reason.CHANNEL_NOT_ALLOWED
    press = Press()
    paper = printed(counter, line, press)
    assert isinstance(paper, IssuedPaper)
    content = press.printed[0].content
    assert content.address == PLACE + family[1].current_address.one_line()
    assert THERE.town not in str(content)
    (waiting,) = to_post(counter)
    assert (waiting.source, waiting.address) == (AddressSource.FORMER, content.address)


def test_two_who_moved_are_written_to_one_by_one(counter, family):
    numbers_ = tuple(one.addressee_number for one in family)
    changed(counter, MoveWithinNotice(numbers_, THERE, date(2026, 11, 15), DAY), AGENT)
    press = Press()
    for line in owed(counter):
        assert isinstance(printed(counter, line, press), IssuedPaper)
    assert [[one.name for one in paper.content.people] for paper in press.printed] == [
        [one.name.kanji] for one in family
    ]


def test_what_a_cancelled_change_made_owed_is_owed_no_more(counter, family):
    view = changed(
        counter, MoveWithinNotice((family[1].addressee_number,), THERE, date(2026, 11, 15), DAY), AGENT
    )
    assert len(owed(counter)) == 1
    cancelled = Cancellation(view.entry_id, DAY, "届出の取下げ")
    entered = enter(counter.node, counter.clerk, cancelled, draw_codes=counter.draw)
    assert isinstance(entered, EntryView), entered
    assert isinstance(verify_entry(counter.node, counter.checker, entered.entry_id), EntryView)
    assert owed(counter) == ()


def test_a_notice_is_dropped_with_words_alone(counter, move_in, comer):
    arrived(counter, move_in(comer(1)))
    (line,) = owed(counter)
    drop = notices.drop_notice
    assert drop(counter.node, counter.clerk, line.notice_id, "　").field == "words"
    assert drop(counter.node, counter.checker, line.notice_id, "x").reason is Reason.NOT_PERMITTED
    assert drop(counter.node, counter.clerk, "x", "x").reason is Reason.NOT_FOUND
    assert drop(counter.node, counter.clerk, line.notice_id, "窓口で渡した") is None
    assert drop(counter.node, counter.clerk, line.notice_id, "x").reason is Reason.NOT_PENDING
    assert owed(counter) == ()


def test_the_certificate_of_those_who_leave_together_carries_number_and_code(counter, family):
    code = family[0].resident_record_code
    vault = counter.node.vault
    with counter.node.store.unit() as unit, unit.as_number_keeper():
        sealed = numbers.SealedNumber(str(code), vault.seal(NUMBER, str(code)), vault.lookup(NUMBER), DAY)
        numbers.keep_numbers(unit, [sealed])
    about = family[0].addressee_number
    refused = notices.leaving_with(counter.node, counter.clerk, about)
    assert refused.reason is Reason.CERTIFICATE_NOT_NEEDED
    moved_out(counter, family)
    found = notices.leaving_with(counter.node, counter.clerk, about)
    assert [one.addressee_number for one in found.people] == [one.addressee_number for one in family]
    press = Press()
    paper = notices.issue_move_out(
        counter.node, counter.clerk, about, WHY, hand(about), issuer=ISSUER, set_paper=press
    )
    assert (paper.delivery, paper.fee_yen) == (Delivery.HANDED_OVER, 0)
    assert str(NUMBER) in press.text.replace(" ", "").replace("　", "")
    assert [one.name for one in press.printed[0].content.people] == [one.name.kanji for one in family]
    assert "北海道函館市" in press.text
    assert to_post(counter) == ()


@pytest.mark.parametrize("items", [{"by_card": True}, {"abroad": True}])
def test_no_paper_for_a_move_by_card_or_abroad(counter, family, items):
    moved_out(counter, family, BY_POST, **items)
    assert owed(counter) == ()
    about = family[0].addressee_number
    refused = notices.issue_move_out(
        counter.node, counter.clerk, about, WHY, hand(about), issuer=ISSUER, set_paper=Press()
    )
    assert refused.reason is Reason.CERTIFICATE_NOT_NEEDED


def test_a_notice_by_post_is_answered_by_post_and_once(counter, family):
    moved_out(counter, family, BY_POST)
    (line,) = owed(counter)
    assert (line.kind, len(line.names)) == (K.MOVE_OUT, 2)
    about = family[1].addressee_number
    paper = notices.issue_move_out(
        counter.node, counter.clerk, about, WHY, POSTED, issuer=ISSUER, set_paper=Press()
    )
    assert isinstance(paper, IssuedPaper), paper
    assert owed(counter) == ()
    assert [one.number for one in to_post(counter)] == [paper.number]


def test_a_plan_that_changes_while_the_paper_is_set_is_not_certified(counter, family):
    view = moved_out(counter, family)
    press = Press()

    def slow(certificate):
        cancelled = Cancellation(view.entry_id, DAY, "取りやめ")
        entered = enter(counter.node, counter.clerk, cancelled, draw_codes=counter.draw)
        assert isinstance(verify_entry(counter.node, counter.checker, entered.entry_id), EntryView)
        return press(certificate)

    refused = notices.issue_move_out(
        counter.node, counter.clerk, family[0].addressee_number, WHY, hand(family[0].addressee_number), issuer=ISSUER, set_paper=slow
    )  # fmt: skip
    assert refused.reason is Reason.CHANGED_SINCE


def agents_paper(counter, record):
    principal = AskingPerson(record.name.kanji, record.birth_date, "", record.addressee_number)
    request = CertificateRequest(
        K.PERSONAL_COPY, CertificateRequester.AGENT, AskingPerson("架空　代理"), people=(record.addressee_number,),
        items=frozenset({ITEM.RECORD_CODE}), proof=IdentityProof.PHOTO, principal=principal, authority_shown=True,
    )  # fmt: skip
    return issue(counter, request, record)


def test_an_agents_paper_with_numbers_goes_to_the_person_and_nowhere_else(counter, family):
    paper = agents_paper(counter, family[0])
    assert paper.delivery is Delivery.POSTED_TO_PERSON
    (line,) = to_post(counter)
    assert (line.asker, line.names) == ("架空　代理", (family[0].name.kanji,))
    to_agent = act(counter, paper.number, PostStep.SENT, recipient="架空　代理")
    assert to_agent.field == "recipient"
    elsewhere = act(
        counter, paper.number, PostStep.SENT, recipient=family[0].name.kanji, address="代理人の住所"
    )
    assert elsewhere.field == "address"
    assert act(counter, paper.number, PostStep.SENT, recipient=family[0].name.kanji) is None
    assert to_post(counter) == ()
    assert [one.number for one in to_post(counter, sent=True)] == [paper.number]


def test_what_comes_back_waits_again_until_it_has_an_end(counter, family):
    paper = agents_paper(counter, family[0])
    name = family[0].name.kanji
    assert act(counter, paper.number, PostStep.SENT, recipient=name) is None
    back = ReturnCause.NOT_COLLECTED
    assert act(counter, paper.number, PostStep.RETURNED, cause=back) is None
    (line,) = to_post(counter)
    assert line.state is PostState.RETURNED
    assert act(counter, paper.number, PostStep.SENT, recipient=name) is None
    assert act(counter, paper.number, PostStep.RETURNED, cause=ReturnCause.UNKNOWN_THERE) is None
    assert act(counter, paper.number, PostStep.DESTROYED).field == "words"
    assert act(counter, paper.number, PostStep.HANDED_OVER, words="本人が来庁、旅券") is None
    assert to_post(counter) == ()
    seen = posting.post_view(counter.node, counter.clerk, paper.number, PLACE)
    assert [one.step for one in seen.steps] == [
        PostStep.SENT, PostStep.RETURNED, PostStep.SENT, PostStep.RETURNED, PostStep.HANDED_OVER,
    ]  # fmt: skip
    assert seen.line.state is PostState.CLOSED
    assert act(counter, paper.number, PostStep.SENT, recipient=name).reason is Reason.STEP_NOT_FITTING
    told = [event for event, _, _ in counter.lines() if event == "certificate:post:noted"]
    assert len(told) == 5


def test_the_address_of_a_sending_is_that_of_its_day_whatever_changes(counter, family):
    paper = agents_paper(counter, family[1])
    assert act(counter, paper.number, PostStep.SENT, recipient=family[1].name.kanji) is None
    changed(counter, MoveWithinNotice((family[1].addressee_number,), THERE, date(2026, 11, 15), DAY))
    seen = posting.post_view(counter.node, counter.clerk, paper.number, PLACE)
    assert seen.steps[0].address == PLACE + family[1].current_address.one_line()
    assert seen.line.address == PLACE + THERE.one_line()


def test_a_strangers_paper_goes_where_the_stranger_said(counter, family):
    request = CertificateRequest(
        K.PERSONAL_COPY, CertificateRequester.THIRD_PARTY, AskingPerson("架空　債権者"),
        channel=IssueChannel.POST, people=(family[0].addressee_number,), purpose="債権の回収",
        judgement=Judgement.JUSTIFIED, proof=IdentityProof.PHOTO,
    )  # fmt: skip
    paper = issue(counter, request, family[0])
    assert paper.delivery is Delivery.POSTED_TO_REQUESTER
    (line,) = to_post(counter)
    assert (line.source, line.address) == (AddressSource.STATED, "")
    assert act(counter, paper.number, PostStep.SENT, recipient="架空　債権者").field == "address"
    where = "東京都架空市1番"
    sent = act(counter, paper.number, PostStep.SENT, recipient="架空　債権者", address=where)
    assert sent is None
    seen = posting.post_view(counter.node, counter.clerk, paper.number, PLACE)
    assert seen.steps[0].address == where


def test_a_paper_that_was_handed_over_is_no_letter(counter, family):
    paper = issue(counter, own(family[0]), family[0])
    assert to_post(counter) == ()
    assert posting.post_view(counter.node, counter.clerk, paper.number, PLACE).reason is Reason.NOT_FOUND
    assert act(counter, paper.number, PostStep.SENT, recipient="x").reason is Reason.NOT_FOUND


@pytest.fixture
def protected(counter, move_in, comer):
    """Give a couple, of whom the wife is protected, with the notices of their codes and a letter on its way."""
    people = arrived(counter, move_in(comer(1), comer(2, "妻")))
    made = agents_paper(counter, people[1])
    applied = protection.apply_for_protection(counter.node, OFFICER, application(people[1]))
    assert not isinstance(applied, Refusal), applied
    return people, made.number


def test_nobody_without_the_right_learns_where_a_protected_person_is_written_to(counter, protected):
    people, number = protected
    assert all(line.hidden for line in owed(counter))
    (line,) = to_post(counter)
    assert (line.hidden, line.address) == (True, "")
    assert act(counter, number, PostStep.SENT, recipient=people[1].name.kanji).reason is Reason.PROTECTED
    for one in owed(counter):
        assert printed(counter, one).reason is Reason.PROTECTED
        dropped = notices.drop_notice(counter.node, counter.clerk, one.notice_id, "x")
        assert dropped.reason is Reason.PROTECTED
    seen = posting.post_view(counter.node, counter.clerk, number, PLACE)
    assert people[1].current_address.town not in str(seen)
    kept = [event for event, _, _ in counter.lines() if event == "protection:record:kept_back"]
    assert len(kept) >= 3


def test_the_officer_sends_what_is_owed_to_a_protected_person(counter, protected):
    people, number = protected
    lines = owed(counter, OFFICER)
    assert [line.hidden for line in lines] == [False, False]
    assert isinstance(printed(counter, lines[0], operator=OFFICER), IssuedPaper)
    name = people[1].name.kanji
    assert act(counter, number, PostStep.SENT, OFFICER, recipient=name) is None
    seen = posting.post_view(counter.node, OFFICER, number, PLACE)
    assert people[1].current_address.town in seen.steps[0].address
    hidden = posting.post_view(counter.node, counter.clerk, number, PLACE)
    assert hidden.steps[0].address == ""


def test_a_measure_that_begins_while_a_notice_is_set_keeps_it_back(counter, move_in, comer):
    (person,) = arrived(counter, move_in(comer(1)))
    (line,) = owed(counter)
    press = Press()

    def slow(certificate):
        protection.apply_for_protection(counter.node, OFFICER, application(person))
        return press(certificate)

    refused = notices.print_notice(
        counter.node, counter.clerk, line.notice_id, by_hand=False, issuer=ISSUER, set_paper=slow
    )
    assert refused.reason is Reason.CHANGED_SINCE
    assert len(owed(counter)) == 1


def test_a_leaving_family_of_a_protected_person_is_for_the_officer(counter, family):
    moved_out(counter, family)
    protection.apply_for_protection(counter.node, OFFICER, application(family[1]))
    about = family[0].addressee_number
    for answer in (
        notices.leaving_with(counter.node, counter.clerk, about),
        notices.issue_move_out(
            counter.node, counter.clerk, about, WHY, hand(about), issuer=ISSUER, set_paper=Press()
        ),
    ):
        assert answer.reason is Reason.PROTECTED
    made = notices.issue_move_out(
        counter.node, OFFICER, about, WHY, hand(about), issuer=ISSUER, set_paper=Press()
    )
    assert isinstance(made, IssuedPaper)


@pytest.mark.parametrize("operator", ["checker", "officer", "admin"])
def test_whoever_may_not_issue_neither_prints_nor_posts(counter, operator):
    who, node = getattr(counter, operator), counter.node
    told = PostAct(PostStep.SENT, DAY)
    for answer in (
        notices.owed_notices(node, who),
        notices.owed_line(node, who, "x"),
        notices.print_notice(node, who, "x", by_hand=False, issuer=ISSUER, set_paper=Press()),
        notices.drop_notice(node, who, "x", "x"),
        notices.leaving_with(node, who, 1),
        notices.issue_move_out(node, who, 1, WHY, POSTED, issuer=ISSUER, set_paper=Press()),
        posting.papers_to_post(node, who, PLACE, sent=False),
        posting.post_view(node, who, "x", PLACE),
        posting.act_on_post(node, who, "x", told),
    ):
        assert isinstance(answer, Refusal)
        assert answer.reason is Reason.NOT_PERMITTED


def test_what_cannot_be_printed_stays_owed(counter, move_in, comer):
    arrived(counter, move_in(comer(1)))
    (line,) = owed(counter)
    assert printed(counter, line, Press(specimen=True)).reason is Reason.FONT_MISSING
    assert len(owed(counter)) == 1
    history = certificates.certificate_history(counter.node, counter.clerk, 1)
    assert history == ()


def test_the_address_before_may_be_where_somebody_protected_lives_now(counter, family):
    """The husband left by an agent's notice; his former home is the wife's present one."""
    changed(counter, MoveWithinNotice((family[0].addressee_number,), THERE, date(2026, 11, 15), DAY), AGENT)
    (line,) = owed(counter)
    made = printed(counter, line)
    assert isinstance(made, IssuedPaper)
    protection.apply_for_protection(counter.node, OFFICER, application(family[1]))
    seen = posting.post_view(counter.node, counter.clerk, made.number, PLACE)
    assert family[1].current_address.town not in str(seen)
    assert family[1].current_address.town not in str(to_post(counter))
    officer = posting.post_view(counter.node, OFFICER, made.number, PLACE)
    assert family[1].current_address.town in officer.line.address


def test_an_owed_notice_to_such_an_address_is_for_the_officer(counter, family):
    changed(counter, MoveWithinNotice((family[0].addressee_number,), THERE, date(2026, 11, 15), DAY), AGENT)
    protection.apply_for_protection(counter.node, OFFICER, application(family[1]))
    (line,) = owed(counter)
    assert line.hidden
    assert printed(counter, line).reason is Reason.PROTECTED
    (line,) = owed(counter, OFFICER)
    assert isinstance(printed(counter, line, operator=OFFICER), IssuedPaper)


def test_a_notice_whose_letter_was_destroyed_is_owed_again_and_keeps_its_past(counter, family):
    """The code is told by law: a jam or a lost file must not end it."""
    changed(counter, MoveWithinNotice((family[1].addressee_number,), THERE, date(2026, 11, 15), DAY), AGENT)
    (line,) = owed(counter)
    first = printed(counter, line)
    assert act(counter, first.number, PostStep.SENT, recipient=family[1].name.kanji) is None
    assert act(counter, first.number, PostStep.RETURNED, cause=ReturnCause.NOT_COLLECTED) is None
    assert owed(counter) == ()
    assert act(counter, first.number, PostStep.DESTROYED, words="汚損") is None
    (again,) = owed(counter)
    assert (again.kind, again.names, again.owed_at) == (line.kind, line.names, line.owed_at)
    seen = posting.post_view(counter.node, counter.clerk, first.number, PLACE)
    assert family[1].current_address.town in seen.steps[0].address
    second = printed(counter, again)
    assert isinstance(second, IssuedPaper)
    assert owed(counter) == ()
    assert [one.number for one in to_post(counter)] == [second.number]


def test_a_notice_for_the_counter_that_was_spoiled_is_made_again_with_a_reason_once(counter, move_in, comer):
    arrived(counter, move_in(comer(1)))
    (line,) = owed(counter)
    paper = printed(counter, line, by_hand=True)
    found = notices.owed_notices(counter.node, counter.clerk)
    assert [one.paper for one in found.handed] == [paper.number]
    again = notices.make_again
    assert again(counter.node, counter.clerk, line.notice_id, " ").field == "words"
    assert again(counter.node, counter.checker, line.notice_id, "x").reason is Reason.NOT_PERMITTED
    assert again(counter.node, counter.clerk, line.notice_id, "紙詰まり") is None
    assert again(counter.node, counter.clerk, line.notice_id, "紙詰まり").reason is Reason.NOT_PENDING
    found = notices.owed_notices(counter.node, counter.clerk)
    assert (len(found.lines), found.handed) == (1, ())
    assert isinstance(printed(counter, found.lines[0]), IssuedPaper)
    assert again(counter.node, counter.clerk, found.lines[0].notice_id, "x").reason is Reason.NOT_FOUND
    assert "certificate:notice:owed_again" in [event for event, _, _ in counter.lines()]


def test_whoever_told_it_too_late_gets_no_certificate_of_moving_out(counter, family):
    about = family[0].addressee_number
    told = MoveOutNotice(
        (about,), date(2026, 9, 1), DAY, "北海道函館市", AWAY, successor=family[1].addressee_number
    )
    changed(counter, told)
    assert certified(counter, about).reason is Reason.CERTIFICATE_NOT_NEEDED
    assert not notices.is_certified(counter.node, about)


def left_today(counter, people, **items):
    told = MoveOutNotice(
        tuple(one.addressee_number for one in people), DAY, DAY, "北海道函館市", AWAY, **items
    )  # fmt: skip
    return changed(counter, told)


def test_whom_another_town_has_reported_gets_none_and_who_went_along_still_does(counter, family):
    left_today(counter, family)
    about, other = (one.addressee_number for one in family)
    assert notices.is_certified(counter.node, about)
    with counter.node.store.unit() as unit:
        upkeep.note_arrivals(unit, [about], DAY, counter.node.clock.now())
    assert certified(counter, about).reason is Reason.CERTIFICATE_NOT_NEEDED
    assert not notices.is_certified(counter.node, about)
    press = Press()
    assert isinstance(certified(counter, other, POSTED, press), IssuedPaper)
    assert [one.name for one in press.printed[0].content.people] == [family[1].name.kanji]


def test_an_owed_certificate_is_not_printed_for_whom_another_town_has_reported(counter, family):
    moved = MoveOutNotice(
        tuple(one.addressee_number for one in family), DAY, DAY, "北海道函館市", AWAY
    )  # fmt: skip
    changed(counter, moved, BY_POST)
    (line,) = owed(counter)
    with counter.node.store.unit() as unit:
        upkeep.note_arrivals(unit, [one.addressee_number for one in family], DAY, counter.node.clock.now())
    assert printed(counter, line).reason is Reason.CERTIFICATE_NOT_NEEDED


def test_a_second_certificate_is_made_only_with_a_reason_from_whichever_page(counter, family):
    moved_out(counter, family, BY_POST)
    (line,) = owed(counter)
    about = family[0].addressee_number
    assert printed(counter, line, by_hand=True).reason is Reason.CHANNEL_NOT_ALLOWED
    first = printed(counter, line)
    assert isinstance(first, IssuedPaper)
    refused = certified(counter, about)
    assert (refused.reason, refused.field) == (Reason.ALREADY_ISSUED, "again")
    assert isinstance(certified(counter, about, hand(about, again="紛失")), IssuedPaper)
    newest = certificates.certificate_history(counter.node, counter.clerk, about)[0]
    assert newest.purpose == "再交付：紛失"


def test_two_who_make_the_certificate_at_once_make_one(counter, family):
    moved_out(counter, family, BY_POST)
    (line,) = owed(counter)
    about = family[0].addressee_number
    made = []

    def slow(certificate):
        made.append(certified(counter, about))
        return Press()(certificate)

    assert printed(counter, line, slow).reason is Reason.CHANGED_SINCE
    assert isinstance(made[0], IssuedPaper)
    assert owed(counter) == ()


def test_two_who_print_one_notice_at_once_print_it_once(counter, move_in, comer):
    arrived(counter, move_in(comer(1)))
    (line,) = owed(counter)
    made = []

    def slow(certificate):
        made.append(printed(counter, line))
        return Press()(certificate)

    assert printed(counter, line, slow).reason is Reason.CHANGED_SINCE
    assert isinstance(made[0], IssuedPaper)
    assert len(to_post(counter)) == 1


def test_a_record_that_changes_while_its_notice_is_set_is_not_told_as_it_was(counter, move_in, comer):
    (person,) = arrived(counter, move_in(comer(1)))
    (line,) = owed(counter)

    def slow(certificate):
        changed(counter, MoveWithinNotice((person.addressee_number,), THERE, date(2026, 11, 20), DAY))
        return Press()(certificate)

    assert printed(counter, line, slow).reason is Reason.CHANGED_SINCE
    assert len(owed(counter)) == 1


def test_a_certificate_is_handed_to_whoever_came_and_proved_who_they_are(counter, family):
    moved_out(counter, family[:1], successor=family[1].addressee_number)
    about, stays = (one.addressee_number for one in family)
    assert certified(counter, about, Handing(True, about)).reason is Reason.IDENTITY_NOT_PROVEN
    assert certified(counter, about, hand(None)).field == "taker"
    agent = hand(None, agent="架空　代理", authority_shown=True)
    assert certified(counter, about, agent).reason is Reason.CHANNEL_NOT_ALLOWED
    assert isinstance(certified(counter, about, hand(stays)), IssuedPaper)
    newest = certificates.certificate_history(counter.node, counter.clerk, about)[0]
    assert (newest.requester, newest.asker) == ("SAME_HOUSEHOLD", family[1].name.kanji)
    guardian = replace(agent, legal_representative=True, again="再度来庁")
    assert isinstance(certified(counter, about, guardian), IssuedPaper)
    newest = certificates.certificate_history(counter.node, counter.clerk, about)[0]
    assert (newest.requester, newest.asker) == ("AGENT", "架空　代理")


def test_a_letter_of_a_change_that_was_turned_back_is_destroyed_and_not_owed_again(counter, family):
    view = changed(
        counter, MoveWithinNotice((family[1].addressee_number,), THERE, date(2026, 11, 15), DAY), AGENT
    )
    (line,) = owed(counter)
    paper = printed(counter, line)
    assert not to_post(counter)[0].turned_back
    undone(counter, view)
    (waiting,) = to_post(counter)
    assert waiting.turned_back
    sent = act(counter, paper.number, PostStep.SENT, recipient=family[1].name.kanji)
    assert sent.reason is Reason.STEP_NOT_FITTING
    assert act(counter, paper.number, PostStep.DESTROYED, words="異動取消") is None
    assert (owed(counter), to_post(counter)) == ((), ())


def test_a_moving_out_certificate_goes_where_they_are_or_where_they_go(counter, family):
    moved_out(counter, family)
    about, name = family[0].addressee_number, family[0].name.kanji
    paper = certified(counter, about, POSTED)
    (line,) = to_post(counter)
    assert (line.address, line.planned) == (PLACE + family[0].current_address.one_line(), "北海道函館市")
    assert act(counter, paper.number, PostStep.SENT, recipient=name, address="どこか").field == "address"
    assert act(counter, paper.number, PostStep.SENT, recipient=name, address=line.planned) is None
    seen = posting.post_view(counter.node, counter.clerk, paper.number, PLACE)
    assert seen.steps[0].address == "北海道函館市"


def test_whoever_is_no_resident_any_more_is_written_to_where_they_said_they_are(counter, family):
    left_today(counter, family)
    told = "青森県架空市1番"
    paper = issue(
        counter, own(family[0], kind=K.REMOVED_COPY, channel=IssueChannel.POST, send_to=told), family[0]
    )
    assert isinstance(paper, IssuedPaper), paper
    (line,) = to_post(counter)
    assert (line.source, line.address) == (AddressSource.STATED_BY_PERSON, told)
    name = family[0].name.kanji
    assert act(counter, paper.number, PostStep.SENT, recipient="他人", address=told).field == "recipient"
    assert act(counter, paper.number, PostStep.SENT, recipient=name, address=told) is None


def test_the_address_that_a_stranger_stated_comes_from_the_request(counter, family):
    request = CertificateRequest(
        K.PERSONAL_COPY, CertificateRequester.THIRD_PARTY, AskingPerson("架空株式会社", None, "東京都架空市1番"),
        IssueChannel.POST, (family[0].addressee_number,), purpose="債権の保全", proof=IdentityProof.DOCUMENTS,
        judgement=Judgement.JUSTIFIED,
    )  # fmt: skip
    assert isinstance(issue(counter, request, family[0]), IssuedPaper)
    assert to_post(counter)[0].address == "東京都架空市1番"
