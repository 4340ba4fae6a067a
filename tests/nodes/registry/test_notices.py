"""Notices that are owed, moving-out certificates and the post: printed once, sent where they must, kept from whom they must."""

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
from daicho.store import numbers

AWAY = MunicipalityCode("01202")
THERE = Address(HOME, "想像町二丁目", "4番5号", "", "1000002", "")
AGENT = Reception(
    Notifier.AGENT, (Document.DRIVING_LICENCE,), "架空　代理", authority=Authority.POWER_OF_ATTORNEY
)
BY_POST = Reception(Notifier.SELF, (Document.DRIVING_LICENCE,), channel=Channel.POST)
WHY = Purpose("異動届の受付", "法24条", "t1")
PLACE = ISSUER.place


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
        counter.node, counter.clerk, about, WHY, by_hand=True, issuer=ISSUER, set_paper=press
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
        counter.node, counter.clerk, about, WHY, by_hand=True, issuer=ISSUER, set_paper=Press()
    )
    assert refused.reason is Reason.CERTIFICATE_NOT_NEEDED


def test_a_notice_by_post_is_answered_by_post_and_once(counter, family):
    moved_out(counter, family, BY_POST)
    (line,) = owed(counter)
    assert (line.kind, len(line.names)) == (K.MOVE_OUT, 2)
    about = family[1].addressee_number
    paper = notices.issue_move_out(
        counter.node, counter.clerk, about, WHY, by_hand=False, issuer=ISSUER, set_paper=Press()
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
        counter.node, counter.clerk, family[0].addressee_number, WHY, by_hand=True, issuer=ISSUER, set_paper=slow
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
            counter.node, counter.clerk, about, WHY, by_hand=True, issuer=ISSUER, set_paper=Press()
        ),
    ):
        assert answer.reason is Reason.PROTECTED
    made = notices.issue_move_out(
        counter.node, OFFICER, about, WHY, by_hand=True, issuer=ISSUER, set_paper=Press()
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
        notices.issue_move_out(node, who, 1, WHY, by_hand=False, issuer=ISSUER, set_paper=Press()),
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
