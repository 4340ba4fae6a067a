"""A certificate: decided by the law, printed, in the book and in the ledger before it is handed out."""

from dataclasses import replace
from datetime import date

import pytest
from tests.nodes.registry.conftest import AT_COUNTER

from daicho.nodes.registry import certificates
from daicho.nodes.registry.certificates import IssuedPaper, Issuer, VerifiedPaper
from daicho.nodes.registry.counter import EntryView, enter, verify_entry
from daicho.nodes.registry.residents import Purpose
from daicho.paper.glyphs import MissingGlyph
from daicho.paper.workers import PressFault, Sheet, Unprintable
from daicho.rules.certificates.content import CertificateItem, CertificateKind
from daicho.rules.certificates.request import (
    CertificateFees,
    CertificateRequest,
    CertificateRequester,
    Delivery,
    IdentityProof,
    IssueChannel,
    Judgement,
)
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.codes import IndividualNumber, with_check_digit
from daicho.rules.protection.measure import AskingPerson
from daicho.store import numbers

K, R, ITEM = CertificateKind, CertificateRequester, CertificateItem
FEES = CertificateFees({(kind, channel): 300 for kind in CertificateKind for channel in IssueChannel})
ISSUER = Issuer("東京都千代田区", "東京都千代田区長", "見本　一郎", FEES)
NUMBER = IndividualNumber(with_check_digit("12345678901"))


class Press:
    """Keeps what it was asked to print."""

    def __init__(self, *, specimen=False, missing=()):
        self.printed, self.specimen, self.missing = [], specimen, missing

    def __call__(self, certificate):
        self.printed.append(certificate)
        if self.missing:
            return Unprintable(certificate.number, self.missing)
        return Sheet(certificate.number, b"%PDF", self.specimen, sealed=False)

    @property
    def text(self):
        return " ".join(
            item.text or "" for person in self.printed[-1].content.people for item in person.items
        )


@pytest.fixture
def family(counter, move_in, comer):
    notice = move_in(comer(1), comer(2, "妻"), comer(3, "子"))
    entered = enter(counter.node, counter.clerk, notice, draw_codes=counter.draw, reception=AT_COUNTER)
    assert isinstance(entered, EntryView)
    verified = verify_entry(counter.node, counter.checker, entered.entry_id)
    assert isinstance(verified, EntryView)
    return verified.entry.after


WHY = Purpose("証明書の交付", "住民基本台帳法第12条", "t1")


def own(record, kind=K.HOUSEHOLD_COPY, **more):
    asker = AskingPerson(record.name.kanji, addressee_number=record.addressee_number)
    card = {"proof": IdentityProof.CARD, "card_expires_on": date(2199, 1, 2)}
    return CertificateRequest(kind, R.SELF, asker, **{**card, **more})


def issue(counter, request, about, press=None, *, operator=None, issuer=ISSUER):
    return certificates.issue(
        counter.node,
        operator or counter.clerk,
        request,
        about.addressee_number,
        WHY,
        issuer=issuer,
        set_paper=press or Press(),
    )


def book(counter):
    with counter.node.store.unit() as unit:
        return unit.execute(
            "select number, kind, fee_yen, issued_by from register.certificate order by 1"
        ).fetchall()


@pytest.mark.requirement("R-007", "R-016")
def test_a_household_copy_is_printed_entered_into_the_book_and_told_of_everybody_on_it(counter, family):
    press = Press()
    paper = issue(counter, own(family[0]), family[0], press)
    assert isinstance(paper, IssuedPaper)
    assert [person.name for person in press.printed[0].content.people] == [one.name.kanji for one in family]
    assert book(counter) == [(paper.number, "HOUSEHOLD_COPY", 300, "clerk01")]
    told = [subject for event, _, subject in counter.lines() if event == "certificate:paper:handed_out"]
    assert sorted(told) == sorted(str(one.resident_record_code) for one in family)
    assert paper.delivery is Delivery.HANDED_OVER
    assert press.printed[0].issuer_title == "東京都千代田区長"


@pytest.mark.requirement("R-027")
def test_the_individual_number_is_printed_for_the_person_who_asks_for_it_and_for_nobody_else(counter, family):
    code = family[0].resident_record_code
    vault = counter.node.vault
    with counter.node.store.unit() as unit, unit.as_number_keeper():
        sealed = numbers.SealedNumber(
            str(code), vault.seal(NUMBER, str(code)), vault.lookup(NUMBER), date(2026, 11, 20)
        )
        numbers.keep_numbers(unit, [sealed])
    press = Press()
    issue(
        counter, own(family[0], K.PERSONAL_COPY, items=frozenset({ITEM.INDIVIDUAL_NUMBER})), family[0], press
    )
    assert str(NUMBER) in press.text.replace(" ", "").replace("　", "")
    issue(counter, own(family[0], K.PERSONAL_COPY), family[0], press)
    assert str(NUMBER) not in press.text
    stranger = CertificateRequest(
        K.PERSONAL_COPY, R.THIRD_PARTY, AskingPerson("架空　債権者"), people=(family[0].addressee_number,),
        items=frozenset({ITEM.INDIVIDUAL_NUMBER}), purpose="債権の回収", judgement=Judgement.JUSTIFIED,
        proof=IdentityProof.PHOTO,
    )  # fmt: skip
    refused = issue(counter, stranger, family[0], press)
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.ITEM_FORBIDDEN


def test_a_refusal_is_a_line_in_the_ledger_and_no_paper(counter, family):
    press = Press()
    request = CertificateRequest(
        K.PERSONAL_COPY, R.THIRD_PARTY, AskingPerson("架空　他人"), people=(family[0].addressee_number,),
        purpose="知りたい", proof=IdentityProof.PHOTO,
    )  # fmt: skip
    refused = issue(counter, request, family[0], press)
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.REQUEST_NOT_JUSTIFIED
    assert press.printed == []
    assert book(counter) == []
    refusals = [subject for event, _, subject in counter.lines() if event == "certificate:paper:refused"]
    assert refusals == [str(family[0].resident_record_code)]


@pytest.mark.parametrize("operator", ["checker", "officer", "admin"])
def test_only_who_may_issue_issues(counter, family, operator):
    answer = issue(counter, own(family[0]), family[0], operator=getattr(counter, operator))
    assert isinstance(answer, Refusal)
    assert answer.reason is Reason.NOT_PERMITTED
    history = certificates.certificate_history(
        counter.node, getattr(counter, operator), family[0].addressee_number
    )
    assert isinstance(history, Refusal)


@pytest.mark.parametrize(
    ("press", "reason"),
    [
        (Press(specimen=True), Reason.FONT_MISSING),
        (Press(missing=(MissingGlyph("\U000e0000", 0, "name"),)), Reason.CHARACTER_MISSING),
    ],
)
def test_what_cannot_be_printed_rightly_is_not_issued(counter, family, press, reason):
    refused = issue(counter, own(family[0]), family[0], press)
    assert isinstance(refused, Refusal)
    assert refused.reason is reason
    assert book(counter) == []


def test_a_press_that_fails_leaves_neither_book_nor_ledger(counter, family):
    def broken(_certificate):
        raise PressFault("lost")

    with pytest.raises(PressFault):
        issue(counter, own(family[0]), family[0], broken)
    assert book(counter) == []
    assert not [event for event, _, _ in counter.lines() if event.startswith("certificate:")]


@pytest.mark.requirement("F1-25")
def test_what_was_issued_of_somebody_is_listed_newest_first(counter, family):
    first = issue(counter, own(family[0]), family[0])
    second = issue(counter, own(family[1], K.PERSONAL_COPY), family[1])
    history = certificates.certificate_history(counter.node, counter.clerk, family[1].addressee_number)
    assert [row.number for row in history] == [second.number, first.number]
    history = certificates.certificate_history(counter.node, counter.clerk, family[2].addressee_number)
    assert [row.number for row in history] == [first.number]


def test_whoever_has_the_paper_hears_that_it_is_genuine_and_nobody_else_hears_anything(counter, family):
    press = Press()
    paper = issue(counter, own(family[0]), family[0], press)
    text = press.printed[0].verification
    genuine = certificates.verify_paper(counter.node, text)
    assert isinstance(genuine, VerifiedPaper)
    assert (genuine.number, genuine.kind) == (paper.number, K.HOUSEHOLD_COPY)
    assert genuine.names == tuple(one.name.kanji for one in family)
    number, mark = text.split()[1:]
    other = issue(counter, own(family[0]), family[0], press)
    for wrong in (
        "", "DAICHO", f"DAICHO {number}", f"DAICHO {number} {mark[:-1]}", f"DAICHO {other.number} {mark}",
        f"OTHER {number} {mark}", f"DAICHO 1999-00000001 {mark}", f"{text} {mark}",
    ):  # fmt: skip
        refused = certificates.verify_paper(counter.node, wrong)
        assert isinstance(refused, Refusal), wrong


def test_a_fee_that_is_not_set_is_not_guessed_and_a_public_body_pays_none(counter, family):
    unset = replace(ISSUER, fees=CertificateFees({}))
    number = family[0].addressee_number
    refused = issue(counter, own(family[0]), family[0], issuer=unset)
    assert isinstance(refused, Refusal)
    public = CertificateRequest(
        K.PERSONAL_COPY, R.PUBLIC, AskingPerson("架空税務署"), people=(number,), purpose="税の調査",
        proof=IdentityProof.PHOTO,
    )  # fmt: skip
    paper = issue(counter, public, family[0], issuer=unset)
    assert isinstance(paper, IssuedPaper)
    assert paper.fee_yen == 0
