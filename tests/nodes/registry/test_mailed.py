"""郵送請求: kept once, asked about, decided as at the counter, and hidden where the person is."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.nodes.registry import test_protection
from tests.nodes.registry.conftest import DAY, lines_about
from tests.nodes.registry.test_certificates import ISSUER, K, Press, R, own
from tests.nodes.registry.test_notices import PLACE
from tests.nodes.registry.test_protection import OFFICER, application, arrived

from daicho.nodes.registry import protection
from daicho.nodes.registry.certificates import IssuedPaper
from daicho.nodes.registry.papers import mailed, posting
from daicho.nodes.registry.papers.mailed import MailedView
from daicho.nodes.registry.residents import Purpose
from daicho.rules.certificates.mailed import (
    MailedFault,
    MailedRequest,
    MailedState,
    MailedStep,
    MailedStepKind,
)
from daicho.rules.certificates.posting import PostAct, PostState, PostStep
from daicho.rules.certificates.request import CertificateRequest, IdentityProof, IssueChannel, Judgement
from daicho.rules.law.refusal import Reason
from daicho.rules.protection.measure import AskingPerson, OtherParty, ProtectionMeasure

WHY = Purpose("証明書の交付（郵送請求）", "住民基本台帳法第12条", "t1")
S = MailedStepKind
family = test_protection.family


def came(record, **more):
    made = MailedRequest(
        "", DAY, K.PERSONAL_COPY, R.SELF, record.name.kanji, "東京都千代田区架空町一丁目2番3号", record.name.kanji,
        about=record.addressee_number, enclosed_yen=450, identity_copy=True, envelope=True,
    )  # fmt: skip
    return replace(made, **more)


def received(counter, one, name="m-1", who=None):
    return mailed.receive_mailed(counter.node, who or counter.clerk, name, one)


def acted(counter, kind, name="m-1", who=None, about=None, **said):
    done = MailedStep(kind, counter.node.clock.business_today(), "", counter.node.clock.now(), **said)
    return mailed.act_on_mailed(counter.node, who or counter.clerk, name, done, about=about)


def seen(counter, name="m-1", who=None):
    return mailed.mailed_view(counter.node, who or counter.clerk, name)


def listed(counter, who=None, *, done=False):
    return mailed.mailed_requests(counter.node, who or counter.clerk, done=done).lines


def issued(counter, request, about, name="m-1", who=None, press=None):
    return mailed.issue_mailed(
        counter.node, who or counter.clerk, name, request, about.addressee_number, WHY, issuer=ISSUER,
        set_paper=press or Press(),
    )  # fmt: skip


def by_post(record, **more):
    return own(record, K.PERSONAL_COPY, channel=IssueChannel.POST, **more)


def papers(counter):
    with counter.node.store.unit() as unit:
        return unit.execute("select count(*) from register.certificate").fetchone()[0]


def test_a_form_that_is_sent_twice_is_one_request_with_one_line_of_its_person(counter, family):
    assert received(counter, came(family[0])) == "m-1"
    assert received(counter, came(family[0])) == "m-1"
    (line,) = listed(counter)
    assert (line.mailed.number, line.age_days, line.late) == ("Y2026-000001", 0, False)
    told = lines_about(counter.node, "certificate:mailed:noted")
    assert [(one["subject"], one["outcome"], one["basis"]) for one in told] == [
        (family[0].resident_record_code, "RECEIVED", "住民基本台帳法第12条")
    ]
    assert received(counter, came(family[0], about=999_999), "m-2").reason is Reason.NOT_FOUND
    assert received(counter, came(family[0]), "m-3", who=counter.checker).reason is Reason.NOT_PERMITTED


def test_a_paper_made_for_a_request_goes_to_the_registered_address_and_its_change_with_it(counter, family):
    received(counter, came(family[0]))
    paper = issued(counter, by_post(family[0]), family[0])
    assert isinstance(paper, IssuedPaper), paper
    assert listed(counter) == ()
    (line,) = listed(counter, done=True)
    assert (line.paper, line.mailed.state, line.post) == (paper.number, MailedState.ISSUED, PostState.WAITING)
    (waits,) = posting.papers_to_post(counter.node, counter.clerk, PLACE, sent=False).lines
    assert (waits.number, waits.address) == (paper.number, "東京都千代田区架空町一丁目2番3号")
    done = PostAct(PostStep.SENT, DAY, recipient=family[0].name.kanji)
    assert posting.act_on_post(counter.node, counter.clerk, paper.number, done) is None
    assert listed(counter, done=True)[0].post is PostState.SENT
    assert issued(counter, by_post(family[0]), family[0]).reason is Reason.STEP_NOT_FITTING
    assert papers(counter) == 1


def test_no_paper_is_made_that_is_not_paid_or_is_of_somebody_else_or_of_the_counter(counter, family):
    received(counter, came(family[0], enclosed_yen=200))
    for request, about, reason in (
        (by_post(family[0]), family[0], Reason.FEE_SHORT),
        (by_post(family[1]), family[1], Reason.NOT_FOUND),
        (own(family[0]), family[0], Reason.CHANNEL_NOT_ALLOWED),
    ):
        assert issued(counter, request, about).reason is reason
    assert papers(counter) == 0
    assert acted(counter, S.FAULTS_ASKED, faults=(MailedFault.FEE,), words="100円の定額小為替") is None
    assert acted(counter, S.FAULTS_ASKED, faults=(MailedFault.FEE,)).reason is Reason.STEP_NOT_FITTING
    assert acted(counter, S.ANSWERED, enclosed_yen=100) is None
    assert isinstance(issued(counter, by_post(family[0]), family[0]), IssuedPaper)


def test_of_two_clerks_at_one_request_one_makes_a_paper(counter, family):
    received(counter, came(family[0]))

    class Slow(Press):
        """While the paper is set, somebody else refuses the request."""

        def __call__(self, certificate):
            assert acted(counter, S.REFUSED, who=counter.both, words="重複") is None
            return super().__call__(certificate)

    assert issued(counter, by_post(family[0]), family[0], press=Slow()).reason is Reason.CHANGED_SINCE
    assert papers(counter) == 0
    assert seen(counter).line.mailed.state is MailedState.REFUSED


def test_what_the_law_refuses_at_the_counter_it_refuses_by_post(counter, family):
    received(counter, came(family[0], requester=R.THIRD_PARTY, asker="債権　一郎"))
    asker = AskingPerson("債権　一郎", None, "大阪府某市1番")
    request = CertificateRequest(
        K.PERSONAL_COPY, R.THIRD_PARTY, asker, channel=IssueChannel.POST, people=(family[0].addressee_number,),
        purpose="債権の回収", judgement=Judgement.UNJUST, proof=IdentityProof.PHOTO,
    )  # fmt: skip
    assert issued(counter, request, family[0]).reason is Reason.REQUEST_NOT_JUSTIFIED
    assert seen(counter).line.mailed.state is MailedState.OPEN
    assert acted(counter, S.REFUSED, words="正当な理由が認められない") is None
    assert acted(counter, S.SENT_BACK) is None
    assert [one.mailed.state for one in listed(counter, done=True)] == [MailedState.CLOSED]


def test_a_request_about_somebody_protected_is_the_officers_and_says_nothing_to_others(counter, family):
    received(
        counter, came(family[1], asker="相手　太郎", requester=R.THIRD_PARTY, purpose="居場所を知りたい")
    )
    protection.apply_for_protection(counter.node, OFFICER, application(family[1]))
    (line,) = listed(counter)
    assert line.hidden
    assert (line.mailed.asker, line.mailed.asker_address, line.mailed.person_asked, line.mailed.purpose) == (
        "",
    ) * 4
    assert seen(counter).reason is Reason.PROTECTED
    assert acted(counter, S.REFUSED, words="x").reason is Reason.PROTECTED
    assert "protection:record:kept_back" in [event for event, _, _ in counter.lines()]
    view = seen(counter, who=OFFICER)
    assert isinstance(view, MailedView)
    assert view.line.mailed.asker == "相手　太郎"
    refused = CertificateRequest(
        K.PERSONAL_COPY, R.THIRD_PARTY, AskingPerson("相手　太郎"), channel=IssueChannel.POST,
        people=(family[1].addressee_number,), purpose="居場所を知りたい", judgement=Judgement.JUSTIFIED,
        proof=IdentityProof.PHOTO, strictly_examined=True,
    )  # fmt: skip
    assert issued(counter, refused, family[1], who=OFFICER).reason is Reason.REQUEST_NOT_JUSTIFIED


def test_who_is_meant_is_found_later_and_a_request_that_lies_too_long_is_marked(counter, family):
    received(counter, came(family[0], about=None, person_asked="来訪一号"))
    assert issued(counter, by_post(family[0]), family[0]).reason is Reason.NOT_FOUND
    assert acted(counter, S.PERSON_FOUND, about=999_999).reason is Reason.NOT_FOUND
    assert acted(counter, S.PERSON_FOUND, about=family[0].addressee_number) is None
    assert seen(counter).person.addressee_number == family[0].addressee_number
    counter.node.clock.move(timedelta(days=8))
    (line,) = listed(counter)
    assert (line.age_days, line.late) == (8, True)


def named(record, number):
    """Somebody's request for paper as the form makes it."""
    return AskingPerson(
        record.name.kanji, record.birth_date, record.current_address.one_line(), number.addressee_number
    )


def test_the_other_party_inside_the_household_gets_no_paper_in_the_name_of_whom_it_protects(counter, family):
    husband, wife = family[:2]
    party = OtherParty(husband.name.kanji, birth_date=husband.birth_date)
    made = replace(application(wife), other_parties=(party,))
    assert isinstance(protection.apply_for_protection(counter.node, OFFICER, made), ProtectionMeasure)
    received(counter, came(wife, requester=R.SAME_HOUSEHOLD, asker=husband.name.kanji))
    hers = by_post(wife, people=(wife.addressee_number,))
    for requester in (R.SELF, R.SAME_HOUSEHOLD):
        refusal = issued(counter, replace(hers, requester=requester), wife, who=OFFICER)
        assert (refusal.reason, refusal.field) == (Reason.ASKER_DIFFERS, "asker")
    his = replace(hers, requester=R.SAME_HOUSEHOLD, asker=named(husband, husband))
    assert issued(counter, his, wife, who=OFFICER).reason is Reason.REQUEST_NOT_JUSTIFIED
    assert papers(counter) == 0


def test_an_agent_signed_and_not_whom_they_act_for(counter, family):
    received(counter, came(family[0], requester=R.AGENT, asker="代理　花子"))
    asked = CertificateRequest(
        K.PERSONAL_COPY, R.AGENT, AskingPerson("代理花子", None, "大阪府某市1番"), channel=IssueChannel.POST,
        people=(family[0].addressee_number,), proof=IdentityProof.PHOTO, authority_shown=True,
        principal=named(family[0], family[0]),
    )  # fmt: skip
    wrong = replace(asked, asker=AskingPerson(family[0].name.kanji))
    assert issued(counter, wrong, family[0]).reason is Reason.ASKER_DIFFERS
    assert isinstance(issued(counter, asked, family[0]), IssuedPaper)


def test_a_form_that_comes_again_with_another_content_is_refused_and_not_swallowed(counter, family):
    received(counter, came(family[0]))
    other = came(family[1])
    assert received(counter, other).reason is Reason.FORM_USED
    assert received(counter, other, "m-2") == "m-2"
    assert len(listed(counter)) == 2
    assert acted(counter, S.PERSON_FOUND, about=family[1].addressee_number) is None
    assert received(counter, came(family[0])) == "m-1", (
        "who is meant is the office's word and not the letter's"
    )


def test_a_request_with_the_name_of_somebody_protected_is_the_officers_before_anybody_is_found(
    counter, family, move_in, comer
):
    (other,) = arrived(counter, move_in(comer(9)))
    protected = family[1]
    received(counter, came(family[0], about=None, person_asked=f"世帯主の妻 {protected.name.kanji}"), "m-1")
    received(counter, came(other, asker=protected.name.kanji), "m-2")
    received(counter, came(other, about=None, person_asked="だれか"), "m-3")
    assert isinstance(
        protection.apply_for_protection(counter.node, OFFICER, application(protected)), ProtectionMeasure
    )
    hidden = {line.mailed_id: line.hidden for line in listed(counter)}
    assert hidden == {"m-1": True, "m-2": True, "m-3": False}
    for name in ("m-1", "m-2"):
        assert seen(counter, name).reason is Reason.PROTECTED
        assert acted(counter, S.REFUSED, name, words="x").reason is Reason.PROTECTED
        assert isinstance(seen(counter, name, who=OFFICER), MailedView)
    assert issued(counter, by_post(other), other, name="m-2").reason is Reason.PROTECTED
    assert not any(line.hidden for line in listed(counter, who=OFFICER))


def test_of_a_request_that_nobody_of_here_was_found_for_nothing_is_kept_once_it_went_back(counter, family):
    received(counter, came(family[0], about=None, person_asked="消えた　人", purpose="理由がある"))
    assert acted(counter, S.REFUSED, words="消えた　人を特定できない") is None
    assert acted(counter, S.SENT_BACK) is None
    with counter.node.store.unit() as unit:
        (body,) = unit.execute("select body::text from register.mailed_request").fetchone()
    for word in ("消えた", "理由がある", "架空町", family[0].name.kanji):
        assert word not in body
        assert word.encode("unicode_escape").decode() not in body
    (line,) = listed(counter, done=True)
    assert line.mailed.state is MailedState.CLOSED


@pytest.mark.parametrize("kind", [S.RECEIVED, S.ISSUED])
def test_no_step_is_taken_by_hand_that_another_act_takes(counter, family, kind):
    received(counter, came(family[0]))
    assert acted(counter, kind, paper="x").reason in {Reason.STEP_NOT_FITTING, Reason.FIELD_UNKNOWN_VALUE}
