"""印鑑登録: who registers which seal, how it is confirmed, how it ends, and who is given a certificate of it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.register.conftest import DAY, HOME, record

from daicho.rules.certificates.content import CertificateContent, CertificateItem, CertificateKind
from daicho.rules.certificates.request import CertificateRequester, IdentityProof, IssueChannel
from daicho.rules.law.closed_days import ClosedDays
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.names import FormerSurname, PersonName
from daicho.rules.protection.measure import (
    AddressRole,
    AskingPerson,
    OtherParty,
    ProtectedAddress,
    ProtectionGround,
    ProtectionMeasure,
)
from daicho.rules.register.reasons import ChangeReason
from daicho.rules.register.record import ForeignItems, Removal, ResidentKind, ScheduledMoveOut
from daicho.rules.seals.certificate import SealCertificateRequest, seal_certificate
from daicho.rules.seals.naming import forms_of
from daicho.rules.seals.ordinance import (
    MODEL,
    NameForm,
    SealFault,
    SealMaterial,
    ordinance_on,
)
from daicho.rules.seals.registration import (
    ApplicationPath,
    SealApplication,
    SealEndCause,
    SealImpression,
    SealRequest,
    SealRequestKind,
    SealState,
    SuspensionCause,
    after_change,
    card_handed_over,
    check_request,
    decide_on_application,
    ended,
    impression_of,
    registered,
    resumed,
    suspended,
    told_of_end,
    with_answer,
    with_inquiry,
    with_new_card,
)
from daicho.rules.seals.visit import CounterVisit, SealApplicant, SealGuarantee, SealProof

NOW = ordinance_on(DAY)
NAME = PersonName("渡邉　和子", "ワタナベ　カズコ")
WOMAN = record(1, name=NAME)
PRINT = SealImpression("i1", 150, 150)
IN_PERSON = CounterVisit(proof=SealProof.PHOTO)
WARD = CounterVisit(SealApplicant.WITH_GUARDIAN, SealProof.PHOTO, "後見　花子", authority_shown=True)
BY_AGENT = CounterVisit(SealApplicant.AGENT, SealProof.PHOTO, "代理　一郎", authority_shown=True)


def application(**items):
    made = SealApplication(
        1, DAY, IN_PERSON, PRINT, "渡邉", SealMaterial.WOOD, capacity_confirmed=True
    )  # fmt: skip
    return replace(made, **items)


def decide(what, who=WOMAN, standing=None, ordinance=NOW):
    return decide_on_application(what, who, standing, ordinance, DAY)


REGISTERED = registered(application(), WOMAN, "0000001", "00000011", DAY)


def test_a_seal_is_registered_at_once_for_whoever_comes_with_a_photo():
    assert decide(application()) is ApplicationPath.AT_ONCE
    assert decide(application(visit=CounterVisit(proof=SealProof.CARD))) is ApplicationPath.AT_ONCE


@pytest.mark.parametrize("visit", [BY_AGENT, CounterVisit(proof=SealProof.DOCUMENTS)])
def test_an_agent_and_whoever_has_no_photo_wait_for_the_answer_to_a_letter(visit):
    assert decide(application(visit=visit)) is ApplicationPath.BY_INQUIRY


@pytest.mark.parametrize(
    ("items", "who", "reason", "field"),
    [
        ({"applied_on": DAY + timedelta(1)}, {}, Reason.DATE_IN_FUTURE, "applied_on"),
        ({}, {"removal": Removal(ChangeReason.MOVE_OUT, DAY, DAY)}, Reason.NOT_LIVING, "addressee_number"),
        ({}, {"processing_hold": True}, Reason.PROCESSING_HELD, "addressee_number"),
        ({}, {"birth_date": PartialDate(2011, 11, 21)}, Reason.AGE_OUT_OF_RANGE, "addressee_number"),
        ({"capacity_confirmed": False}, {}, Reason.CAPACITY_NOT_CONFIRMED, "capacity_confirmed"),
        ({"under_guardianship": True}, {}, Reason.CAPACITY_NOT_CONFIRMED, "applicant"),
        ({"under_guardianship": True, "visit": BY_AGENT}, {}, Reason.CAPACITY_NOT_CONFIRMED, "applicant"),
        ({"visit": WARD}, {}, Reason.FIELD_MISSING, "under_guardianship"),
        ({"under_guardianship": True, "visit": replace(WARD, agent="")}, {}, Reason.FIELD_MISSING, "agent"),
        ({"under_guardianship": True, "visit": replace(WARD, authority_shown=False)}, {},
         Reason.AUTHORITY_NOT_SHOWN, "authority_shown"),
        ({"visit": CounterVisit(proof=SealProof.GUARANTEE)}, {}, Reason.FIELD_MISSING, "guarantor"),
        ({"visit": replace(BY_AGENT, proof=SealProof.GUARANTEE)}, {}, Reason.IDENTITY_NOT_PROVEN, "proof"),
        ({"visit": CounterVisit()}, {}, Reason.IDENTITY_NOT_PROVEN, "proof"),
        ({"visit": replace(BY_AGENT, agent=" ")}, {}, Reason.FIELD_MISSING, "agent"),
        ({"visit": replace(BY_AGENT, authority_shown=False)}, {}, Reason.AUTHORITY_NOT_SHOWN, "authority_shown"),
        ({"material": SealMaterial.RUBBER}, {}, Reason.SEAL_MATERIAL_FORBIDDEN, "material"),
        ({"material": SealMaterial.SOFT}, {}, Reason.SEAL_MATERIAL_FORBIDDEN, "material"),
        ({"faults": (SealFault.UNCLEAR,)}, {}, Reason.SEAL_UNFIT, "faults"),
        ({"faults": (SealFault.FRAME_BROKEN,)}, {}, Reason.SEAL_UNFIT, "faults"),
        ({"faults": (SealFault.OTHER_MATTER,)}, {}, Reason.SEAL_UNFIT, "faults"),
        ({"faults": (SealFault.OTHERS,)}, {}, Reason.SEAL_UNFIT, "faults"),
        ({"inscription": " "}, {}, Reason.FIELD_MISSING, "inscription"),
        ({"inscription": "渡" * 41}, {}, Reason.FIELD_TOO_LONG, "inscription"),
        ({"inscription": "佐藤"}, {}, Reason.SEAL_NAME_DIFFERS, "inscription"),
        ({"katakana": "ワタナベ"}, {}, Reason.FIELD_UNKNOWN_VALUE, "katakana"),
        ({"impression": SealImpression("i", 80, 80)}, {}, Reason.SEAL_SIZE, "image"),
        ({"impression": SealImpression("i", 100, 251)}, {}, Reason.SEAL_SIZE, "image"),
        ({"replaces": "0000009"}, {}, Reason.SEAL_NOT_REGISTERED, "replaces"),
    ],
)  # fmt: skip
def test_who_or_what_cannot_be_registered_is_refused_beside_its_field(items, who, reason, field):
    refused = decide(application(**items), replace(WOMAN, **who))
    assert isinstance(refused, Refusal)
    assert (refused.reason, refused.field) == (reason, field)


def test_fifteen_years_are_enough_on_the_birthday_itself():
    assert (
        decide(application(), replace(WOMAN, birth_date=PartialDate(2011, 11, 20))) is ApplicationPath.AT_ONCE
    )


def test_the_age_is_that_of_the_day_of_the_application_whenever_it_is_decided():
    eve = application(applied_on=DAY - timedelta(1))
    refused = decide(eve, replace(WOMAN, birth_date=PartialDate(2011, 11, 20)))
    assert refused.reason is Reason.AGE_OUT_OF_RANGE
    # Of 29 February an age is reached at the end of the 28th.
    leap = replace(WOMAN, birth_date=PartialDate(2012, 2, 29))
    for applied_on, path in ((date(2027, 2, 28), None), (date(2027, 3, 1), ApplicationPath.AT_ONCE)):
        made = decide_on_application(application(applied_on=applied_on), leap, None, NOW, date(2027, 3, 1))
        assert (made if path else made.reason) is (path or Reason.AGE_OUT_OF_RANGE)


def test_whoever_is_under_guardianship_registers_with_the_guardian_beside():
    ward = application(under_guardianship=True, visit=WARD)
    assert decide(ward) is ApplicationPath.AT_ONCE
    by_letter = replace(ward, visit=replace(WARD, proof=SealProof.DOCUMENTS))
    assert decide(by_letter) is ApplicationPath.BY_INQUIRY


def test_before_capacity_alone_counted_nobody_under_guardianship_registered():
    ward = application(under_guardianship=True, visit=WARD)
    refused = decide(ward, ordinance=ordinance_on(date(2019, 12, 13)))
    assert (refused.reason, refused.field) == (Reason.CAPACITY_NOT_CONFIRMED, "under_guardianship")
    assert ordinance_on(date(2019, 12, 14)).wards_register


GUARANTOR = replace(REGISTERED, number="0000007", addressee_number=7, name="保証　太郎")
GUARANTEE = SealGuarantee("0000007", "保証　太郎", print_compared=True)


def guaranteed(guarantee=GUARANTEE, guarantor=GUARANTOR, **items):
    visit = CounterVisit(proof=SealProof.GUARANTEE, guarantee=guarantee)
    made = application(visit=visit, **items)
    return decide_on_application(made, WOMAN, None, NOW, DAY, guarantor)


def test_the_written_word_of_somebody_registered_here_confirms_an_application_at_once():
    assert guaranteed() is ApplicationPath.AT_ONCE
    other_form = replace(GUARANTEE, name="保証太郎")
    assert guaranteed(other_form) is ApplicationPath.AT_ONCE


@pytest.mark.parametrize(
    "guarantor",
    [
        None,
        replace(GUARANTOR, number="0000008"),
        replace(GUARANTOR, addressee_number=1),
        replace(GUARANTOR, name="別人　太郎"),
        suspended(GUARANTOR, SuspensionCause.OTHER, DAY),
        ended(GUARANTOR, SealEndCause.MOVED_OUT, DAY),
    ],
    ids=["nobody", "another number", "oneself", "another name", "stopped", "ended"],
)
def test_nobody_is_vouched_for_by_whoever_has_no_seal_that_stands_nor_by_themselves(guarantor):
    refused = guaranteed(guarantor=guarantor)
    assert (refused.reason, refused.field) == (Reason.SEAL_GUARANTOR_UNFIT, "guarantor")


def test_a_guarantee_counts_once_its_print_was_compared():
    refused = guaranteed(replace(GUARANTEE, print_compared=False))
    assert (refused.reason, refused.field) == (Reason.FIELD_MISSING, "print_compared")


def test_one_person_has_one_seal_and_changes_it_by_naming_the_former():
    refused = decide(application(), standing=REGISTERED)
    assert (refused.reason, refused.field) == (Reason.SEAL_ALREADY_REGISTERED, "replaces")
    assert decide(application(replaces="0000001"), standing=REGISTERED) is ApplicationPath.AT_ONCE


@given(st.integers(1, 400), st.integers(1, 400))
def test_a_seal_goes_into_a_square_of_25_and_not_into_one_of_8_millimetres(across, down):
    answer = decide(application(impression=SealImpression("i", across, down)))
    longer = max(across, down)
    fits = 80 < longer <= 250
    assert (answer is ApplicationPath.AT_ONCE) == fits
    if not fits:
        assert answer.detail == ("SMALL" if longer <= 80 else "LARGE")


@pytest.mark.parametrize(
    ("dots", "per_metre", "tenths"), [(283, 23_622, 120), (1000, 39_370, 254), (94, 11_811, 80)]
)
def test_dots_at_a_known_fineness_are_a_length(dots, per_metre, tenths):
    assert impression_of("i", dots, dots, per_metre).width_tenths == tenths


FORMER = replace(NAME, former_surname=FormerSurname("葛城"))
FOREIGN = PersonName("EXAMPLE MARIA", alias="見本　真理", roman="EXAMPLE MARIA")


@pytest.mark.parametrize(
    ("inscription", "name", "katakana", "form"),
    [
        ("渡邉和子", NAME, "", NameForm.WHOLE),
        ("渡邊和子之印", NAME, "", NameForm.WHOLE),  # another form of the same character
        ("渡邉", NAME, "", NameForm.SINGLE),
        ("和子", NAME, "", NameForm.SINGLE),
        ("渡邉印", NAME, "", NameForm.SINGLE),
        ("渡和", NAME, "", NameForm.PARTS),
        ("渡邉和", NAME, "", NameForm.PARTS),
        ("葛城", FORMER, "", NameForm.FORMER_SURNAME),
        ("葛城和子", FORMER, "", NameForm.FORMER_SURNAME),
        ("葛和", FORMER, "", NameForm.FORMER_SURNAME),
        ("見本真理", FOREIGN, "", NameForm.ALIAS),
        ("真理", FOREIGN, "", NameForm.ALIAS),
        ("MARIA", FOREIGN, "", NameForm.SINGLE),
        ("エグザンプル", FOREIGN, "エグザンプル　マリア", NameForm.KATAKANA),
        ("マリア", FOREIGN, "エグザンプル　マリア", NameForm.KATAKANA),
    ],
)
def test_a_seal_says_a_name_in_one_of_the_forms_that_the_outline_allows(inscription, name, katakana, form):
    assert form in forms_of(inscription, name, katakana)


@pytest.mark.parametrize(
    "inscription", ["わたなべ", "渡", "和渡", "子和", "株式会社渡邉", "之印", "", "佐藤和子"]
)
def test_what_is_no_form_of_the_name_is_none(inscription):
    assert forms_of(inscription, NAME) == frozenset()


def test_a_former_surname_counts_only_since_it_is_recorded():
    who = replace(WOMAN, name=FORMER)
    assert decide(application(inscription="葛城"), who) is ApplicationPath.AT_ONCE
    earlier = ordinance_on(date(2019, 11, 4))
    assert decide(application(inscription="葛城"), who, ordinance=earlier).reason is Reason.SEAL_NAME_DIFFERS
    assert ordinance_on(date(2019, 11, 5)).forms == NOW.forms
    assert ordinance_on(date(2000, 1, 1)) == MODEL[0]


LETTERS = st.text("渡邉和子山田印AB", max_size=12)


@given(LETTERS, LETTERS.filter(bool), LETTERS)
def test_every_seal_of_the_whole_name_fits_and_the_others_take_their_letters_from_the_name(
    said, surname, given_name
):
    name = PersonName(f"{surname}　{given_name}" if given_name else surname)
    assert NameForm.WHOLE in forms_of(surname + given_name, name)
    if forms_of(said, name):
        assert set(said) <= set(surname + given_name) | set("之の印章")


def request(kind=SealRequestKind.REGISTER, **items):
    made = SealRequest(kind, 1, DAY, IN_PERSON)
    return replace(made, **items)


def test_the_answer_to_an_inquiry_is_brought_within_the_days_of_the_ordinance():
    asked = with_inquiry(request(application=application(visit=BY_AGENT)), DAY, NOW, ClosedDays())
    assert asked.awaits_answer
    assert asked.answer_by == date(2026, 12, 21)  # the 20th is a Sunday
    assert with_answer(asked, date(2026, 12, 22), IN_PERSON, DAY).reason is Reason.ANSWER_TOO_LATE
    assert with_answer(asked, DAY - timedelta(1), IN_PERSON, DAY).reason is Reason.DATE_ORDER
    assert with_answer(asked, date(2026, 12, 21), IN_PERSON, DAY).reason is Reason.DATE_IN_FUTURE
    answered = with_answer(asked, date(2026, 12, 21), IN_PERSON, date(2026, 12, 22))
    assert not answered.awaits_answer
    assert answered.bringer == IN_PERSON
    assert with_answer(answered, DAY, IN_PERSON, DAY).reason is Reason.NOT_PENDING
    assert with_answer(request(), DAY, IN_PERSON, DAY).reason is Reason.NOT_PENDING


@pytest.mark.parametrize(
    ("bringer", "reason", "field"),
    [
        (CounterVisit(), Reason.IDENTITY_NOT_PROVEN, "proof"),
        (CounterVisit(proof=SealProof.GUARANTEE, guarantee=GUARANTEE), Reason.IDENTITY_NOT_PROVEN, "proof"),
        (replace(BY_AGENT, agent=""), Reason.FIELD_MISSING, "agent"),
        (replace(BY_AGENT, authority_shown=False), Reason.AUTHORITY_NOT_SHOWN, "authority_shown"),
    ],
)
def test_whoever_brings_the_answer_proves_who_they_are(bringer, reason, field):
    asked = with_inquiry(request(application=application(visit=BY_AGENT)), DAY, NOW, ClosedDays())
    refused = with_answer(asked, DAY, bringer, DAY)
    assert (refused.reason, refused.field) == (reason, field)
    assert with_answer(asked, DAY, BY_AGENT, DAY).bringer == BY_AGENT


def test_a_ward_s_answer_is_brought_with_the_guardian_beside():
    ward = application(under_guardianship=True, visit=replace(WARD, proof=SealProof.DOCUMENTS))
    asked = with_inquiry(request(application=ward), DAY, NOW, ClosedDays())
    refused = with_answer(asked, DAY, BY_AGENT, DAY)
    assert (refused.reason, refused.field) == (Reason.CAPACITY_NOT_CONFIRMED, "applicant")
    assert with_answer(asked, DAY, WARD, DAY).bringer == WARD


def check(what, standing=REGISTERED):
    return check_request(what, WOMAN, standing, NOW, DAY)


@pytest.mark.parametrize(
    ("what", "reason", "field"),
    [
        (request(), Reason.FIELD_MISSING, "application"),
        (request(SealRequestKind.ABOLISH), Reason.FIELD_MISSING, "cause"),
        (request(SealRequestKind.ABOLISH, cause=SealEndCause.DIED), Reason.FIELD_MISSING, "cause"),
        (request(SealRequestKind.ABOLISH, cause=SealEndCause.GUARDIANSHIP), Reason.FIELD_MISSING, "why"),
        (request(SealRequestKind.ABOLISH, cause=SealEndCause.REQUESTED, visit=CounterVisit()),
         Reason.IDENTITY_NOT_PROVEN, "proof"),
        (request(SealRequestKind.RESUME), Reason.NOTHING_CHANGES, "registration"),
        (request(SealRequestKind.EXCHANGE_CARD, visit=CounterVisit()), Reason.IDENTITY_NOT_PROVEN, "proof"),
        (request(SealRequestKind.EXCHANGE_CARD), Reason.SEAL_CARD_DIFFERS, "card_number"),
        (request(SealRequestKind.EXCHANGE_CARD, card_number="00000012"), Reason.SEAL_CARD_DIFFERS, "card_number"),
        (request(SealRequestKind.EXCHANGE_CARD, visit=replace(IN_PERSON, proof=SealProof.GUARANTEE)),
         Reason.IDENTITY_NOT_PROVEN, "proof"),
    ],
)  # fmt: skip
def test_what_could_not_be_carried_out_is_refused_when_it_is_entered(what, reason, field):
    refused = check(what)
    assert (refused.reason, refused.field) == (reason, field)


def test_without_a_registration_nothing_is_abolished_resumed_or_exchanged():
    over = ended(REGISTERED, SealEndCause.REQUESTED, DAY)
    for standing in (None, over):
        for kind in set(SealRequestKind) - {SealRequestKind.REGISTER}:
            assert (
                check(request(kind, cause=SealEndCause.REQUESTED), standing).reason
                is Reason.SEAL_NOT_REGISTERED
            )
    assert ended(over, SealEndCause.DIED, DAY).reason is Reason.SEAL_NOT_REGISTERED
    assert suspended(over, SuspensionCause.OTHER, DAY).reason is Reason.SEAL_NOT_REGISTERED
    assert over.state is SealState.ENDED
    fine = request(SealRequestKind.ABOLISH, cause=SealEndCause.GUARDIANSHIP, why="登記所の通知")
    assert check(fine) is None


def test_a_card_is_exchanged_for_the_present_one_and_never_for_one_that_is_reported_lost():
    exchange = request(SealRequestKind.EXCHANGE_CARD, card_number="00000011")
    assert check(exchange) is None
    assert check(replace(exchange, visit=BY_AGENT)) is None
    lost = suspended(REGISTERED, SuspensionCause.CARD_LOST, DAY)
    refused = check(exchange, lost)
    assert (refused.reason, refused.field) == (Reason.SEAL_SUSPENDED, "registration")
    assert check(exchange, suspended(REGISTERED, SuspensionCause.SEAL_LOST, DAY)) is None


@pytest.mark.parametrize("cause", SuspensionCause)
def test_certificates_begin_again_for_the_person_and_for_no_agent_without_the_card(cause):
    stopped = suspended(REGISTERED, cause, DAY)
    bare = request(SealRequestKind.RESUME)
    with_card = replace(bare, card_number="00000011")
    found_again = cause is SuspensionCause.CARD_LOST
    assert (check(bare, stopped) is None) != found_again, "a card that was lost is shown when it was found"
    assert check(with_card, stopped) is None
    refused = check(replace(bare, visit=BY_AGENT), stopped)
    assert (refused.reason, refused.field) == (Reason.SEAL_CARD_DIFFERS, "card_number")
    assert check(replace(with_card, visit=BY_AGENT), stopped) is None
    unproven = replace(with_card, visit=replace(BY_AGENT, authority_shown=False))
    assert check(unproven, stopped).reason is Reason.AUTHORITY_NOT_SHOWN


def test_a_card_waits_until_it_is_handed_over_and_so_does_each_that_follows():
    assert REGISTERED.card_waits
    handed = card_handed_over(REGISTERED, DAY)
    assert not handed.card_waits
    assert card_handed_over(handed, DAY).reason is Reason.SEAL_CARD_HANDED_OVER
    assert with_new_card(handed, "00000012").card_waits
    over = ended(REGISTERED, SealEndCause.REQUESTED, DAY)
    assert not over.card_waits
    assert card_handed_over(over, DAY).reason is Reason.SEAL_NOT_REGISTERED


@pytest.mark.parametrize("cause", SealEndCause)
def test_whoever_did_not_ask_and_has_not_left_is_told_of_the_end(cause):
    over = ended(REGISTERED, cause, DAY)
    assert over.to_tell == (cause in (SealEndCause.GUARDIANSHIP, SealEndCause.NAME_CHANGED))
    told = told_of_end(over, DAY, DAY)
    if not over.to_tell:
        assert told.reason is Reason.NOTHING_CHANGES
        return
    assert not told.to_tell
    assert told_of_end(told, DAY, DAY).reason is Reason.NOTHING_CHANGES
    assert told_of_end(over, DAY - timedelta(1), DAY).reason is Reason.DATE_ORDER
    assert told_of_end(over, DAY + timedelta(1), DAY).reason is Reason.DATE_IN_FUTURE
    assert told_of_end(REGISTERED, DAY, DAY).reason is Reason.NOTHING_CHANGES


def test_a_registration_is_stopped_at_once_and_stands_again():
    stopped = suspended(REGISTERED, SuspensionCause.CARD_LOST, DAY)
    assert stopped.state is SealState.SUSPENDED
    assert suspended(stopped, SuspensionCause.OTHER, DAY).reason is Reason.NOTHING_CHANGES
    assert resumed(stopped) == REGISTERED


@pytest.mark.parametrize(
    ("reason", "cause"),
    [
        (ChangeReason.MOVE_OUT, SealEndCause.MOVED_OUT), (ChangeReason.MOVE_OUT_ABROAD, SealEndCause.MOVED_OUT),
        (ChangeReason.DEATH, SealEndCause.DIED), (ChangeReason.STRUCK_OTHER, SealEndCause.STRUCK),
        (ChangeReason.STRUCK_NATIONALITY_LOST, SealEndCause.STRUCK),
    ],
)  # fmt: skip
def test_whoever_leaves_the_register_has_no_seal_registered_any_more(reason, cause):
    gone = replace(WOMAN, removal=Removal(reason, DAY + timedelta(2), DAY))
    after = after_change(REGISTERED, gone, DAY, NOW)
    assert (after.end.cause, after.end.ended_on) == (cause, DAY + timedelta(2))
    assert after_change(after, WOMAN, DAY, NOW) == after


def test_an_announced_moving_out_leaves_the_seal_until_it_takes_effect():
    plan = ScheduledMoveOut(DAY + timedelta(9), DAY, "北海道函館市", None, abroad=False, by_card=False)
    assert after_change(REGISTERED, replace(WOMAN, scheduled_move_out=plan), DAY, NOW) == REGISTERED


def test_a_name_that_the_seal_still_says_keeps_it_and_another_one_ends_it():
    given_name = replace(WOMAN, name=PersonName("渡邉　佳寿子"))
    assert after_change(REGISTERED, given_name, DAY, NOW) == replace(REGISTERED, name="渡邉　佳寿子")
    married = replace(WOMAN, name=PersonName("佐藤　和子"))
    assert after_change(REGISTERED, married, DAY, NOW).end.cause is SealEndCause.NAME_CHANGED
    kept = replace(WOMAN, name=replace(married.name, former_surname=FormerSurname("渡邉")))
    assert after_change(REGISTERED, kept, DAY, NOW).end is None


def ask(**items):
    asker = AskingPerson("渡邉　和子", addressee_number=1)
    return replace(SealCertificateRequest(CertificateRequester.SELF, asker, "00000011"), **items)


def paper(what, registration=REGISTERED, who=WOMAN, measures=(), ordinance=NOW):
    return seal_certificate(what, registration, who, measures, ordinance, DAY, place="東京都千代田区")


def texts(content):
    return {one.item: one.text for one in content.people[0].items}


def test_a_certificate_says_name_birth_and_address_as_the_record_has_them():
    content = paper(ask())
    assert content.kind is CertificateKind.SEAL
    assert content.people[0].name == "渡邉　和子"
    assert texts(content) == {
        CertificateItem.BIRTH_DATE: "昭和55年4月1日",
        CertificateItem.ADDRESS: "東京都千代田区架空町一丁目2番3号",
    }


def test_the_sex_is_printed_only_where_the_ordinance_lets_it_and_somebody_asks():
    assert paper(ask(show_sex=True)).reason is Reason.ITEM_FORBIDDEN
    lets = replace(NOW, sex_printed=True)
    assert CertificateItem.SEX not in texts(paper(ask(), ordinance=lets))
    assert texts(paper(ask(show_sex=True), ordinance=lets))[CertificateItem.SEX] == "女"


def test_former_surname_and_alias_stand_beside_the_name():
    former = paper(ask(), who=replace(WOMAN, name=FORMER))
    assert texts(former)[CertificateItem.FORMER_SURNAME] == "葛城"
    foreign = replace(
        WOMAN, name=FOREIGN, resident_kind=ResidentKind.FOREIGN,
        foreign=ForeignItems(date(2012, 7, 9), "ブラジル", "中長期在留者"),
    )  # fmt: skip
    assert texts(paper(ask(), who=foreign))[CertificateItem.ALIAS] == "見本　真理"


@pytest.mark.parametrize(
    ("what", "change", "reason"),
    [
        (ask(card_number=""), {}, Reason.SEAL_CARD_DIFFERS),
        (ask(card_number="00000012"), {}, Reason.SEAL_CARD_DIFFERS),
        (ask(channel=IssueChannel.POST), {}, Reason.CHANNEL_NOT_ALLOWED),
        (ask(requester=CertificateRequester.THIRD_PARTY), {}, Reason.NOT_ENTITLED),
        (ask(asker=AskingPerson(" ")), {}, Reason.FIELD_MISSING),
        (ask(by_number_card=True, proof=IdentityProof.CARD), {}, Reason.CHANNEL_NOT_ALLOWED),
        (ask(), {"suspended_on": DAY}, Reason.SEAL_SUSPENDED),
        (ask(card_number="00000011"), {"card_number": "00000013"}, Reason.SEAL_CARD_DIFFERS),
    ],
)
def test_without_the_card_or_against_a_stop_there_is_no_certificate(what, change, reason):
    assert paper(what, replace(REGISTERED, **change)).reason is reason


def test_of_nobody_s_seal_and_of_whoever_has_gone_there_is_no_certificate():
    assert paper(ask(), None).reason is Reason.SEAL_NOT_REGISTERED
    assert paper(ask(), ended(REGISTERED, SealEndCause.DIED, DAY)).reason is Reason.SEAL_NOT_REGISTERED
    gone = replace(WOMAN, removal=Removal(ChangeReason.MOVE_OUT, DAY, DAY))
    assert paper(ask(), who=gone).reason is Reason.NOT_LIVING
    assert paper(ask(), who=replace(WOMAN, processing_hold=True)).reason is Reason.PROCESSING_HELD


def test_the_number_card_stands_for_the_registration_card_only_for_oneself_where_the_town_takes_it():
    takes = replace(NOW, number_card_accepted=True)
    by_card = ask(card_number="", by_number_card=True, proof=IdentityProof.CARD)
    assert isinstance(paper(by_card, ordinance=takes), CertificateContent)
    for other in (
        replace(by_card, proof=IdentityProof.PHOTO),
        replace(by_card, requester=CertificateRequester.AGENT, asker=AskingPerson("代理　一郎")),
    ):
        assert paper(other, ordinance=takes).reason is Reason.IDENTITY_NOT_PROVEN


def test_a_worn_card_is_exchanged_and_the_former_fits_no_more():
    other = with_new_card(REGISTERED, "00000012")
    assert paper(ask(), other).reason is Reason.SEAL_CARD_DIFFERS
    assert isinstance(paper(ask(card_number="00000012"), other), CertificateContent)


MEASURE = ProtectionMeasure(
    "2026-000001", ProtectionGround.STALKING, 1, (OtherParty("相手　太郎"),),
    (ProtectedAddress(AddressRole.PRESENT, HOME, "架空町"),), DAY,
)  # fmt: skip


def test_the_other_party_with_the_card_in_hand_learns_nothing_and_others_are_looked_at_strictly():
    bearer = ask(requester=CertificateRequester.AGENT, asker=AskingPerson("相手　太郎"))
    assert paper(bearer, measures=[MEASURE]).reason is Reason.REQUEST_NOT_JUSTIFIED
    assert (
        paper(replace(bearer, strictly_examined=True), measures=[MEASURE]).reason
        is Reason.REQUEST_NOT_JUSTIFIED
    )
    other = replace(bearer, asker=AskingPerson("代理　一郎"))
    assert paper(other, measures=[MEASURE]).reason is Reason.REQUEST_NOT_JUSTIFIED
    assert isinstance(paper(replace(other, strictly_examined=True), measures=[MEASURE]), CertificateContent)
    assert isinstance(paper(ask(proof=IdentityProof.PHOTO), measures=[MEASURE]), CertificateContent)


def test_the_other_party_does_not_learn_the_address_by_the_card_of_somebody_in_the_household():
    companion = replace(MEASURE, applicant=2)
    bearer = ask(requester=CertificateRequester.AGENT, asker=AskingPerson("相手　太郎"))
    assert paper(bearer, measures=[companion]).reason is Reason.REQUEST_NOT_JUSTIFIED
