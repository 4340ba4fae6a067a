"""印鑑登録の照会書・保証書: written while an answer is awaited, to the registered address alone, once."""

import pytest
from tests.nodes.registry.test_certificates import ISSUER, K, Press
from tests.nodes.registry.test_protection import OFFICER, application
from tests.nodes.registry.test_seals import BY_AGENT, WHY, answer, apply, woman  # noqa: F401 - a fixture

from daicho.nodes.registry import protection
from daicho.nodes.registry.certificates import IssuedPaper
from daicho.nodes.registry.correspondence.people import person_letters, write_guarantee, write_seal_inquiry
from daicho.nodes.registry.correspondence.writing import letter_view
from daicho.nodes.registry.papers import posting
from daicho.nodes.registry.seals import requests
from daicho.rules.certificates.posting import PostAct, PostStep
from daicho.rules.law.refusal import Reason, Refusal

pytestmark = pytest.mark.requirement("F1-28")


def inquire(counter, record, press=None, operator=None):
    return write_seal_inquiry(
        counter.node,
        operator or counter.clerk,
        record.addressee_number,
        WHY,
        issuer=ISSUER,
        set_paper=press or Press(),
    )


def test_the_inquiry_goes_to_the_registered_address_with_the_last_day_of_the_answer(counter, woman):  # noqa: F811
    asked = apply(counter, woman, visit=BY_AGENT)
    press = Press()
    made = inquire(counter, woman, press)
    assert isinstance(made, IssuedPaper), made
    facts = press.printed[-1].content.letter
    assert facts.due == "令和8年12月21日"
    assert facts.place.lines[1].endswith("2番3号")
    assert (
        asked.request.answer_by
        == person_letters(counter.node, counter.clerk, woman.addressee_number).inquiry_until
    )
    again = inquire(counter, woman)
    assert isinstance(again, Refusal)
    assert again.reason is Reason.ALREADY_ISSUED
    act = PostAct(PostStep.SENT, asked.request.asked_on, woman.name.kanji)
    assert posting.act_on_post(counter.node, counter.clerk, made.number, act) is None
    assert letter_view(counter.node, counter.clerk, made.number).state == "SENT"


def test_nobody_is_asked_without_an_application_that_waits_for_the_answer(counter, woman):  # noqa: F811
    assert inquire(counter, woman).reason is Reason.NOT_PENDING
    apply(counter, woman, visit=BY_AGENT)
    answer(counter, woman)
    assert inquire(counter, woman).reason is Reason.NOT_PENDING


def test_the_form_of_a_guarantee_names_the_applicant_and_bears_no_seal(counter, woman):  # noqa: F811
    press = Press()
    made = write_guarantee(
        counter.node, counter.clerk, woman.addressee_number, WHY, issuer=ISSUER, set_paper=press
    )
    assert isinstance(made, IssuedPaper), made
    content = press.printed[-1].content
    assert (content.kind, content.letter.rows[0][1]) == (K.SEAL_GUARANTEE, woman.name.kanji)


def test_a_protected_person_is_written_to_by_the_officer_alone(counter, woman):  # noqa: F811
    apply(counter, woman, visit=BY_AGENT)
    assert not isinstance(protection.apply_for_protection(counter.node, OFFICER, application(woman)), Refusal)
    assert inquire(counter, woman).reason is Reason.PROTECTED
    assert isinstance(inquire(counter, woman, operator=OFFICER), IssuedPaper)


def test_the_inquiry_of_an_application_that_was_withdrawn_is_not_sent(counter, woman):  # noqa: F811
    asked = apply(counter, woman, visit=BY_AGENT)
    made = inquire(counter, woman)
    assert isinstance(made, IssuedPaper), made
    assert requests.withdraw_request(counter.node, counter.clerk, woman.addressee_number, WHY) is None
    act = PostAct(PostStep.SENT, asked.request.asked_on, woman.name.kanji)
    refused = posting.act_on_post(counter.node, counter.clerk, made.number, act)
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.NOT_PENDING
    assert letter_view(counter.node, counter.clerk, made.number).state == "MADE"
