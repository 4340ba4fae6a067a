"""印鑑登録: by two people's word, ended by the register's own changes, certified against the card alone."""

from dataclasses import replace
from datetime import date, timedelta

import psycopg
import pytest
from tests.nodes.registry.conftest import AT_COUNTER, DAY, HERE, lines_about
from tests.nodes.registry.test_certificates import ISSUER, Press
from tests.nodes.registry.test_protection import OFFICER, SECOND, application, arrived
from tests.paper.test_imprints import png, square

from daicho.nodes.registry import (
    certificates,
    protection,
    reports,
)
from daicho.nodes.registry.certificates import IssuedPaper, VerifiedPaper
from daicho.nodes.registry.counter import EntryView, enter, verify_entry
from daicho.nodes.registry.residents import Purpose
from daicho.nodes.registry.seals import certificates as seal_certificates
from daicho.nodes.registry.seals import deciding, requests
from daicho.nodes.registry.seals.deciding import CardToMake
from daicho.nodes.registry.seals.requests import OpenRequest
from daicho.paper.imprints import size_of
from daicho.rules.certificates.content import CertificateKind
from daicho.rules.certificates.request import CertificateFees, CertificateRequester, IdentityProof
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.operators.authority import Operator, Role
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.names import PersonName
from daicho.rules.protection.measure import AskingPerson
from daicho.rules.register.death import DeathEntry
from daicho.rules.register.move_out import MoveOutNotice
from daicho.rules.register.move_within import MoveWithinNotice
from daicho.rules.register.name_change import NameCause, NameChangeEntry
from daicho.rules.seals.certificate import SealCertificateRequest
from daicho.rules.seals.ordinance import SealMaterial, ordinance_on
from daicho.rules.seals.registration import (
    SealApplication,
    SealEndCause,
    SealImpression,
    SealRegistration,
    SealRequest,
    SealRequestKind,
    SealState,
    SuspensionCause,
)
from daicho.rules.seals.visit import CounterVisit, SealApplicant, SealGuarantee, SealProof
from daicho.store import seals as store

WHY = Purpose("印鑑登録", "印鑑条例", "t1")
NOW = ordinance_on(DAY)
SCAN = png(square())  # 120 dots at 300 an inch: 10.2 mm
UNMEASURED = SealImpression("", 0, 0)
IN_PERSON = CounterVisit(proof=SealProof.PHOTO)
BY_AGENT = CounterVisit(SealApplicant.AGENT, SealProof.PHOTO, "代理　一郎", authority_shown=True)


@pytest.fixture
def woman(counter, move_in, comer):
    return arrived(counter, move_in(comer(1), comer(2, "妻"), comer(3, "子")))[1]


def form(record, **items):
    made = SealApplication(
        record.addressee_number,
        DAY,
        IN_PERSON,
        UNMEASURED,
        "来訪",
        SealMaterial.WOOD,
        capacity_confirmed=True,
    )
    return replace(made, **items)


def apply(counter, record, scan=SCAN, operator=None, **items):
    return requests.apply_for_seal(
        counter.node, operator or counter.clerk, form(record, **items), scan, WHY, NOW
    )


def decide(counter, request, *, accept=True, operator=None, reason=""):
    return deciding.decide_on_seal(
        counter.node, operator or counter.checker, request.request_id, accept=accept, ordinance=NOW,
        terminal="t1", reason=reason,
    )  # fmt: skip


def register(counter, record, **items):
    asked = apply(counter, record, **items)
    assert isinstance(asked, OpenRequest), asked
    made = decide(counter, asked)
    assert isinstance(made, SealRegistration), made
    return made


def view(counter, record, operator=None):
    return requests.seal_view(counter.node, operator or counter.clerk, record.addressee_number, WHY)


def answer(counter, record, *, on=DAY, bringer=IN_PERSON, operator=None):
    return requests.note_answer(
        counter.node, operator or counter.clerk, record.addressee_number, on, bringer, WHY
    )


def work(counter, operator=None):
    return deciding.seal_work(counter.node, operator or counter.both, "t1")


def told_lines(counter):
    """Every line about seals: event, subject, outcome, purpose, basis."""
    return lines_about(counter.node, "seal:")


def ask(counter, record, kind, **items):
    request = SealRequest(kind, record.addressee_number, DAY, IN_PERSON)
    return requests.ask_about_seal(counter.node, counter.clerk, replace(request, **items), WHY, NOW)


@pytest.mark.requirement("F1-28")
def test_a_seal_stands_when_a_second_person_has_accepted_it_with_its_history(counter, woman):
    asked = apply(counter, woman)
    assert asked.state == "waiting"
    assert view(counter, woman).standing is None
    made = decide(counter, asked)
    seen = view(counter, woman)
    assert seen.standing == made
    assert (made.impression.width_tenths, made.name) == (102, woman.name.kanji)
    assert [(one.step, one.by) for one in seen.steps] == [("REGISTERED", "check01")]
    picture = requests.seal_print(
        counter.node, counter.clerk, woman.addressee_number, made.impression.image_id, WHY
    )
    assert size_of(picture)[0] == pytest.approx(10.8, abs=0.1)
    events = [line[0] for line in counter.lines() if line[0].startswith("seal:")]
    assert events == [
        "seal:request:entered", "seal:registration:shown", "seal:request:decided", "seal:registration:shown",
        "seal:registration:shown",
    ]  # fmt: skip


def test_nobody_decides_an_own_entry_nor_what_they_noted_the_answer_to(counter, woman):
    both = counter.both
    own = apply(counter, woman, operator=both)
    assert decide(counter, own, operator=both).reason is Reason.SAME_PERSON
    assert decide(counter, own, operator=counter.clerk).reason is Reason.NOT_PERMITTED
    requests.withdraw_request(counter.node, counter.clerk, woman.addressee_number, WHY)
    asked = apply(counter, woman, visit=BY_AGENT)
    assert answer(counter, woman, operator=both) is None
    assert decide(counter, asked, operator=both).reason is Reason.SAME_PERSON
    assert isinstance(decide(counter, asked), SealRegistration)
    for own in ("asked_by", "answered_by"):
        query = f"update register.seal_request set decided_by = {own} where state = 'accepted'"
        with (
            counter.node.store.unit() as unit,
            pytest.raises(psycopg.errors.CheckViolation, match="decided_by_a_second"),
        ):
            unit.execute(query)


def test_an_agent_s_application_waits_for_the_answer_and_ends_when_it_is_late(counter, woman):
    asked = apply(counter, woman, visit=BY_AGENT)
    assert asked.state == "inquiry"
    assert asked.request.answer_by == date(2026, 12, 21)
    assert decide(counter, asked).reason is Reason.NOT_PENDING
    late = answer(counter, woman, on=date(2026, 12, 22))
    assert late.reason is Reason.ANSWER_TOO_LATE
    assert apply(counter, woman).reason is Reason.SEAL_REQUEST_WAITING
    assert requests.withdraw_request(counter.node, counter.clerk, woman.addressee_number, WHY) is None
    assert apply(counter, woman).state == "waiting"


@pytest.mark.parametrize(
    ("scan", "items", "reason"),
    [
        (b"no picture", {}, Reason.SEAL_IMAGE_UNREADABLE),
        (png(square(ink=90)), {}, Reason.SEAL_SIZE),
        (png(square(400, 300)), {}, Reason.SEAL_SIZE),
        (SCAN, {"inscription": "佐藤"}, Reason.SEAL_NAME_DIFFERS),
    ],
)
def test_what_is_refused_keeps_neither_request_nor_print(counter, woman, scan, items, reason):
    claimed = SealImpression("x", 150, 150)  # what a form says of the size is not heard
    assert apply(counter, woman, scan, impression=claimed, **items).reason is reason
    with counter.node.store.unit() as unit:
        assert unit.execute("select count(*) from register.seal_image").fetchone()[0] == 0
    assert view(counter, woman).request is None


def test_a_declined_application_registers_nothing_and_another_may_follow(counter, woman):
    asked = apply(counter, woman)
    assert decide(counter, asked, accept=False, reason="印影が申請書と違う") is None
    seen = view(counter, woman)
    assert seen.standing is None
    (unmet,) = seen.unmet
    assert (unmet.state, unmet.why, unmet.asked_by, unmet.decided_by) == (
        "declined", "印影が申請書と違う", "clerk01", "check01",
    )  # fmt: skip
    assert decide(counter, asked).reason is Reason.NOT_PENDING
    assert isinstance(register(counter, woman), SealRegistration)


def test_another_seal_takes_the_place_of_the_former_under_numbers_of_its_own(counter, woman):
    first = register(counter, woman)
    assert apply(counter, woman).reason is Reason.SEAL_ALREADY_REGISTERED
    second = register(counter, woman, inscription=woman.name.kanji, replaces=first.number)
    seen = view(counter, woman)
    assert seen.standing == second
    assert [(one.number, one.end.cause) for one in seen.past] == [(first.number, SealEndCause.CHANGED)]
    assert second.card_number != first.card_number
    assert [one.step for one in seen.steps] == ["REGISTERED", "CHANGED", "REGISTERED"]


def test_a_loss_stops_at_once_and_a_second_person_ends_or_resumes(counter, woman):
    made = register(counter, woman)
    cause = SuspensionCause.CARD_LOST
    assert requests.suspend_seal(counter.node, counter.clerk, woman.addressee_number, cause, WHY) is None
    assert view(counter, woman).standing.state is SealState.SUSPENDED
    again = requests.suspend_seal(counter.node, counter.clerk, woman.addressee_number, cause, WHY)
    assert again.reason is Reason.NOTHING_CHANGES
    assert ask(counter, woman, SealRequestKind.RESUME).reason is Reason.SEAL_CARD_DIFFERS
    card = made.card_number
    assert ask(counter, woman, SealRequestKind.EXCHANGE_CARD, card_number=card).reason is (
        Reason.SEAL_SUSPENDED
    )
    resumed = decide(counter, ask(counter, woman, SealRequestKind.RESUME, card_number=card))
    assert resumed == made
    over = decide(counter, ask(counter, woman, SealRequestKind.ABOLISH, cause=SealEndCause.CARD_LOST))
    assert over.end.cause is SealEndCause.CARD_LOST
    assert view(counter, woman).standing is None
    assert ask(counter, woman, SealRequestKind.EXCHANGE_CARD).reason is Reason.SEAL_NOT_REGISTERED


def change(counter, notice, reception=None):
    entered = enter(counter.node, counter.clerk, notice, draw_codes=counter.draw, reception=reception)
    assert isinstance(entered, EntryView), entered
    verified = verify_entry(counter.node, counter.checker, entered.entry_id)
    assert isinstance(verified, EntryView), verified


@pytest.mark.requirement("F1-28")
def test_death_ends_the_registration_in_the_unit_of_the_change_and_leaves_a_line(counter, woman):
    register(counter, woman)
    change(counter, DeathEntry(woman.addressee_number, DAY, DAY))
    seen = view(counter, woman)
    assert seen.standing is None
    assert (seen.past[0].end.cause, seen.past[0].end.ended_on) == (SealEndCause.DIED, DAY)
    assert seen.steps[0].by == "check01"
    assert ("seal:registration:changed", "check01", str(woman.resident_record_code)) in counter.lines()


def test_a_moving_out_ends_it_when_it_takes_effect_and_not_when_it_is_announced(counter, woman, clock):
    register(counter, woman)
    people = (woman.addressee_number,)
    notice = MoveOutNotice(people, date(2026, 11, 25), DAY, "北海道函館市", MunicipalityCode("01202"))
    change(counter, notice, AT_COUNTER)
    assert view(counter, woman).standing is not None
    clock.move(timedelta(days=5))
    assert reports.strike_due_movers(counter.node)[0] == 1
    seen = view(counter, woman)
    assert seen.past[0].end.cause is SealEndCause.MOVED_OUT
    assert seen.steps[0].by == "machine:register"


@pytest.mark.parametrize(
    ("name", "stands"),
    [("佐藤　2号", False), ("来訪　花子", True)],
    ids=["other surname", "other given name"],
)
def test_a_new_name_ends_what_the_seal_no_longer_says(counter, woman, name, stands):
    register(counter, woman)
    named = PersonName(name, "サトウ　ハナコ", furigana_confirmed=True)
    change(counter, NameChangeEntry(woman.addressee_number, named, NameCause.MARRIAGE, DAY, DAY))
    seen = view(counter, woman)
    if stands:
        assert seen.standing.name == name
        assert [one.step for one in seen.steps] == ["RENAMED", "REGISTERED"]
    else:
        assert seen.past[0].end.cause is SealEndCause.NAME_CHANGED


def test_a_moving_within_leaves_the_seal_and_the_certificate_has_the_new_address(counter, woman):
    made = register(counter, woman)
    moved = MoveWithinNotice((woman.addressee_number,), replace(HERE, block="9番9号"), DAY, DAY)
    change(counter, moved, AT_COUNTER)
    assert view(counter, woman).standing == made
    press = Press()
    assert isinstance(issue(counter, woman, made, press=press), IssuedPaper)
    assert "9番9号" in press.text


def test_whoever_died_meanwhile_is_not_registered_any_more(counter, woman):
    asked = apply(counter, woman)
    change(counter, DeathEntry(woman.addressee_number, DAY, DAY))
    assert decide(counter, asked).reason is Reason.NOT_LIVING
    assert view(counter, woman).standing is None


def own(record, made, **items):
    asker = AskingPerson(record.name.kanji, record.birth_date, addressee_number=record.addressee_number)
    return replace(SealCertificateRequest(CertificateRequester.SELF, asker, made.card_number), **items)


def issue(counter, record, made, *, press=None, operator=None, issuer=ISSUER, **items):
    return seal_certificates.issue_seal_certificate(
        counter.node, operator or counter.clerk, own(record, made, **items), record.addressee_number, WHY,
        issuer=issuer, ordinance=NOW, set_paper=press or Press(),
    )  # fmt: skip


@pytest.mark.requirement("F1-28")
def test_a_certificate_shows_the_seal_and_stands_in_both_books(counter, woman):
    made = register(counter, woman)
    press = Press()
    paper = issue(counter, woman, made, press=press)
    assert isinstance(paper, IssuedPaper), paper
    printed = press.printed[0]
    assert size_of(printed.imprint)[0] == pytest.approx(10.8, abs=0.1)
    assert printed.content.kind is CertificateKind.SEAL
    (kept,) = view(counter, woman).papers
    assert (kept.number, kept.registration, kept.issued_by) == (paper.number, made.number, "clerk01")
    history = certificates.certificate_history(counter.node, counter.clerk, woman.addressee_number)
    assert [(row.number, row.kind) for row in history] == [(paper.number, "SEAL")]
    genuine = certificates.verify_paper(counter.node, printed.verification)
    assert isinstance(genuine, VerifiedPaper)
    assert genuine.kind is CertificateKind.SEAL
    assert ("certificate:paper:handed_out", "clerk01", str(woman.resident_record_code)) in counter.lines()


def test_without_the_card_there_is_no_certificate_and_the_attempt_leaves_a_line(counter, woman):
    made = register(counter, woman)
    press = Press()
    refused = issue(counter, woman, made, press=press, card_number="99999999")
    assert refused.reason is Reason.SEAL_CARD_DIFFERS
    assert press.printed == []
    assert view(counter, woman).papers == ()
    assert [line[0] for line in counter.lines()].count("certificate:paper:refused") == 1


def test_an_exchanged_card_serves_and_the_former_does_not(counter, woman):
    made = register(counter, woman)
    assert ask(counter, woman, SealRequestKind.EXCHANGE_CARD).reason is Reason.SEAL_CARD_DIFFERS
    asked = ask(counter, woman, SealRequestKind.EXCHANGE_CARD, card_number=made.card_number)
    other = decide(counter, asked)
    assert issue(counter, woman, made).reason is Reason.SEAL_CARD_DIFFERS
    assert isinstance(issue(counter, woman, other), IssuedPaper)


def test_a_fee_that_is_not_set_is_not_guessed(counter, woman):
    made = register(counter, woman)
    refused = issue(counter, woman, made, issuer=replace(ISSUER, fees=CertificateFees({})))
    assert (refused.reason, refused.field) == (Reason.FIELD_MISSING, "amounts_yen")


@pytest.mark.parametrize("operator", ["checker", "officer", "admin"])
def test_only_who_may_issue_issues(counter, woman, operator):
    made = register(counter, woman)
    assert issue(counter, woman, made, operator=getattr(counter, operator)).reason is Reason.NOT_PERMITTED


def test_a_protected_person_s_seal_is_kept_back_from_whoever_has_not_the_right(counter, woman):
    made = register(counter, woman)
    protection.apply_for_protection(counter.node, OFFICER, application(woman))
    node, number = counter.node, woman.addressee_number
    answers = [
        view(counter, woman),
        requests.seal_print(node, counter.clerk, number, made.impression.image_id, WHY),
        apply(counter, woman),
        ask(counter, woman, SealRequestKind.EXCHANGE_CARD),
        requests.suspend_seal(node, counter.clerk, number, SuspensionCause.OTHER, WHY),
        requests.withdraw_request(node, counter.clerk, number, WHY),
        issue(counter, woman, made),
    ]
    assert [one.reason for one in answers] == [Reason.PROTECTED] * len(answers)
    assert view(counter, woman, OFFICER).standing == made
    strict = issue(counter, woman, made, operator=OFFICER)
    assert strict.reason is Reason.REQUEST_NOT_JUSTIFIED
    assert isinstance(issue(counter, woman, made, operator=OFFICER, proof=IdentityProof.PHOTO), IssuedPaper)
    asked = requests.ask_about_seal(
        node,
        OFFICER,
        SealRequest(SealRequestKind.EXCHANGE_CARD, number, DAY, IN_PERSON, card_number=made.card_number),
        WHY,
        NOW,
    )
    assert deciding.seal_to_decide(node, counter.checker, asked.request_id, "t").reason is Reason.PROTECTED
    assert decide(counter, asked).reason is Reason.PROTECTED
    assert deciding.card_to_make(node, counter.clerk, number, "t").reason is Reason.PROTECTED
    assert deciding.hand_over_card(node, counter.clerk, number, 1, "t").reason is Reason.PROTECTED
    found = work(counter, counter.checker)
    assert len(found.waiting) == len(found.cards) == 1
    assert HERE.town not in repr(found)
    assert isinstance(decide(counter, asked, operator=SECOND), SealRegistration)


def test_nobody_fetches_another_person_s_print_by_the_number_of_its_picture(counter, woman, move_in, comer):
    made = register(counter, woman)
    (other,) = arrived(counter, move_in(comer(7)))
    answer = requests.seal_print(
        counter.node, counter.clerk, other.addressee_number, made.impression.image_id, WHY
    )
    assert isinstance(answer, Refusal)
    assert answer.reason is Reason.NOT_FOUND


def test_the_database_itself_lets_one_person_have_one_seal_and_no_reader_see_a_print(counter, woman):
    made = register(counter, woman)
    with counter.node.store.unit() as unit, pytest.raises(psycopg.errors.UniqueViolation):
        unit.execute(
            "insert into register.seal_registration select 'x', addressee_number, 'x', 1, true, false, false, image_id, body"
            " from register.seal_registration where number = %s", (made.number,)
        )  # fmt: skip
    with counter.node.store.reading() as unit, pytest.raises(psycopg.errors.InsufficientPrivilege):
        unit.execute("select image from register.seal_image")


def test_an_operator_of_another_role_enters_and_decides_nothing(counter, woman):
    stranger = Operator("x", "x", (Role.ADMINISTRATOR,))
    assert apply(counter, woman, operator=stranger).reason is Reason.NOT_PERMITTED
    assert work(counter, stranger).reason is Reason.NOT_PERMITTED
    assert deciding.card_to_make(counter.node, stranger, 1, "t").reason is Reason.NOT_PERMITTED
    asked = apply(counter, woman)
    assert (
        deciding.seal_to_decide(counter.node, stranger, asked.request_id, "t").reason is Reason.NOT_PERMITTED
    )
    opened, seen = deciding.seal_to_decide(counter.node, counter.checker, asked.request_id, "t")
    assert (opened.request_id, seen.record.addressee_number) == (asked.request_id, woman.addressee_number)


def test_letters_that_are_out_are_listed_the_oldest_first_with_their_last_day(
    counter, woman, move_in, comer, clock
):
    (other,) = arrived(counter, move_in(comer(7)))
    apply(counter, woman, visit=BY_AGENT)
    clock.move(timedelta(days=1))
    apply(counter, other, visit=BY_AGENT, applied_on=date(2026, 11, 21))
    for operator in (counter.clerk, counter.checker):
        found = work(counter, operator).inquiries
        assert [one.name for one in found] == [woman.name.kanji, other.name.kanji]
        assert found[0].open.request.answer_by == date(2026, 12, 21)
    assert answer(counter, woman, on=date(2026, 11, 21)) is None
    found = work(counter)
    assert [one.name for one in found.inquiries] == [other.name.kanji]
    assert [one.name for one in found.waiting] == [woman.name.kanji]
    assert work(counter, counter.clerk).waiting == (), "whoever does not decide sees no request that waits"


def test_everybody_whom_a_list_names_has_a_line_with_its_purpose(counter, woman, move_in, comer):
    (other,) = arrived(counter, move_in(comer(7)))
    register(counter, woman)
    apply(counter, other)
    before = len(told_lines(counter))
    work(counter)
    lines = told_lines(counter)[before:]
    assert sorted(line["subject"] for line in lines) == sorted(
        str(one.resident_record_code) for one in (woman, other)
    )
    assert {(line["outcome"], line["purpose"], line["basis"]) for line in lines} == {
        ("listed", "印鑑登録の事務", "印鑑条例準則第3条")
    }


def test_whoever_decides_says_for_what(counter, woman):
    asked = apply(counter, woman)
    deciding.seal_to_decide(counter.node, counter.checker, asked.request_id, "t1")
    decide(counter, asked)
    lines = [line for line in told_lines(counter) if line["operator"] == "check01"]
    assert len(lines) == 2
    assert {(line["purpose"], line["basis"], line["terminal"]) for line in lines} == {
        ("印鑑登録の審査", "印鑑条例準則第4条", "t1")
    }


def test_a_list_that_goes_on_says_so(counter, woman, move_in, comer, monkeypatch):
    monkeypatch.setattr(requests, "SHOWN_ROWS", 1)
    monkeypatch.setattr(deciding, "SHOWN_ROWS", 1)
    (other,) = arrived(counter, move_in(comer(7)))
    apply(counter, woman)
    assert work(counter).more == frozenset()
    apply(counter, other)
    found = work(counter)
    assert (len(found.waiting), found.more) == (1, {"waiting"})
    decide(counter, found.waiting[0].open, accept=False, reason="違う")
    assert view(counter, woman).more == frozenset()
    requests.withdraw_request(counter.node, counter.clerk, other.addressee_number, WHY)
    register(counter, woman)
    cause = SuspensionCause.OTHER
    requests.suspend_seal(counter.node, counter.clerk, woman.addressee_number, cause, WHY)
    decide(counter, apply(counter, woman, replaces=view(counter, woman).standing.number), accept=False)
    seen = view(counter, woman)
    assert (len(seen.steps), len(seen.unmet), seen.more) == (1, 1, {"steps", "unmet"})


def card(counter, record, operator=None):
    return deciding.card_to_make(counter.node, operator or counter.checker, record.addressee_number, "t1")


def handed(counter, record, version, operator=None):
    return deciding.hand_over_card(
        counter.node, operator or counter.clerk, record.addressee_number, version, "t1"
    )


def test_the_number_of_a_card_is_told_until_it_was_handed_over_and_each_time_leaves_a_line(counter, woman):
    assert card(counter, woman).reason is Reason.SEAL_NOT_REGISTERED
    made = register(counter, woman)
    assert [one.registration for one in work(counter).cards] == [made]
    for operator in (counter.checker, counter.clerk):
        told = card(counter, woman, operator)
        assert isinstance(told, CardToMake), told
        assert told.card_number == made.card_number
    assert [line["outcome"] for line in told_lines(counter)].count("card") == 2
    assert handed(counter, woman, told.version + 1).reason is Reason.CHANGED_SINCE
    assert handed(counter, woman, told.version) is None
    assert card(counter, woman).reason is Reason.SEAL_CARD_HANDED_OVER
    assert work(counter).cards == ()
    seen = view(counter, woman)
    assert (seen.standing.card_handed_on, seen.steps[0].step) == (DAY, "CARD_HANDED_OVER")
    assert handed(counter, woman, told.version + 1).reason is Reason.SEAL_CARD_HANDED_OVER


def test_a_card_that_was_exchanged_meanwhile_is_not_noted_as_handed_over(counter, woman):
    made = register(counter, woman)
    told = card(counter, woman)
    asked = ask(counter, woman, SealRequestKind.EXCHANGE_CARD, card_number=made.card_number)
    other = decide(counter, asked)
    assert handed(counter, woman, told.version).reason is Reason.CHANGED_SINCE
    assert card(counter, woman).card_number == other.card_number != made.card_number


def test_the_card_of_what_ended_is_made_by_nobody(counter, woman):
    register(counter, woman)
    change(counter, DeathEntry(woman.addressee_number, DAY, DAY))
    assert work(counter).cards == ()
    assert card(counter, woman).reason is Reason.SEAL_NOT_REGISTERED


def test_whoever_has_another_name_is_told_that_the_registration_ended(counter, woman, move_in, comer):
    made = register(counter, woman)
    named = PersonName("佐藤　2号", "サトウ　ハナコ", furigana_confirmed=True)
    change(counter, NameChangeEntry(woman.addressee_number, named, NameCause.MARRIAGE, DAY, DAY))
    assert [one.registration.number for one in work(counter).to_tell] == [made.number]

    def told(number, whose=woman, on=DAY):
        whose = whose.addressee_number
        return requests.note_end_told(counter.node, counter.clerk, whose, number, on, WHY)

    (other,) = arrived(counter, move_in(comer(7)))
    assert told(made.number, other).reason is Reason.SEAL_NOT_REGISTERED
    assert told("0").reason is Reason.SEAL_NOT_REGISTERED
    assert told(made.number, on=DAY + timedelta(1)).reason is Reason.DATE_IN_FUTURE
    assert told(made.number) is None
    assert work(counter).to_tell == ()
    seen = view(counter, woman)
    assert (seen.past[0].end.told_on, seen.steps[0].step) == (DAY, "TOLD")
    assert told(made.number).reason is Reason.NOTHING_CHANGES


def test_whoever_died_is_told_nothing(counter, woman):
    register(counter, woman)
    change(counter, DeathEntry(woman.addressee_number, DAY, DAY))
    assert work(counter).to_tell == ()


@pytest.fixture
def guarantor(counter, move_in, comer):
    (record,) = arrived(counter, move_in(comer(7)))
    return record, register(counter, record)


def vouched(record, made, **items):
    guarantee = SealGuarantee(made.number, record.name.kanji, print_compared=True)
    return CounterVisit(proof=SealProof.GUARANTEE, guarantee=replace(guarantee, **items))


def test_somebody_registered_here_vouches_and_the_second_person_sees_the_guarantor_s_seal(
    counter, woman, guarantor
):
    record, made = guarantor
    asked = apply(counter, woman, visit=vouched(record, made))
    assert asked.state == "waiting"
    _, seen = deciding.seal_to_decide(counter.node, counter.checker, asked.request_id, "t1")
    assert seen.guarantor == made
    subject = str(record.resident_record_code)
    lines = [one["outcome"] for one in told_lines(counter) if one["subject"] == subject]
    assert lines.count("guarantor") == 2, "one of the entry, one of the second person"
    assert isinstance(decide(counter, asked), SealRegistration)


def test_a_guarantor_whose_seal_was_stopped_meanwhile_vouches_for_nobody(counter, woman, guarantor):
    record, made = guarantor
    asked = apply(counter, woman, visit=vouched(record, made))
    cause = SuspensionCause.OTHER
    assert requests.suspend_seal(counter.node, counter.clerk, record.addressee_number, cause, WHY) is None
    assert decide(counter, asked).reason is Reason.SEAL_GUARANTOR_UNFIT
    assert view(counter, woman).standing is None
    again = apply(counter, woman)
    assert again.reason is Reason.SEAL_REQUEST_WAITING


@pytest.mark.parametrize("items", [{"registration": "9999999"}, {"name": "別人　太郎"}])
def test_a_guarantee_that_names_nobody_registered_here_is_refused(counter, woman, guarantor, items):
    visit = vouched(*guarantor, **items)
    assert apply(counter, woman, visit=visit).reason is Reason.SEAL_GUARANTOR_UNFIT
    assert view(counter, woman).request is None


def test_a_protected_guarantor_is_kept_back_and_the_attempt_leaves_a_line(counter, woman, guarantor):
    record, made = guarantor
    protection.apply_for_protection(counter.node, OFFICER, application(record))
    assert apply(counter, woman, visit=vouched(record, made)).reason is Reason.PROTECTED
    subject = str(record.resident_record_code)
    assert ("protection:record:kept_back", "clerk01", subject) in counter.lines()
    assert view(counter, woman).request is None
    # A number that was guessed, without the name, tells nothing: as if nobody had it.
    before = len(counter.lines())
    guessed = apply(counter, woman, visit=vouched(record, made, name="別人　太郎"))
    assert guessed.reason is Reason.SEAL_GUARANTOR_UNFIT
    assert len(counter.lines()) == before


def test_the_answer_is_kept_with_whoever_brought_it(counter, woman):
    asked = apply(counter, woman, visit=BY_AGENT)
    unproven = answer(counter, woman, bringer=CounterVisit())
    assert (unproven.reason, unproven.field) == (Reason.IDENTITY_NOT_PROVEN, "proof")
    assert answer(counter, woman, bringer=BY_AGENT) is None
    opened, _ = deciding.seal_to_decide(counter.node, counter.checker, asked.request_id, "t1")
    assert (opened.request.bringer, opened.answered_by) == (BY_AGENT, "clerk01")


def test_the_database_itself_lets_no_step_follow_but_on_the_version_before(counter, woman):
    made = register(counter, woman)
    step = store.SealStepRow(made.number, "SUSPENDED", "clerk01", counter.node.clock.now())
    with counter.node.store.unit() as unit:
        row = store.registration(unit, made.number)
        for version in (row.version, row.version + 2):
            assert not store.take_step(unit, replace(row, version=version), step)
    assert len(view(counter, woman).steps) == 1
