"""支援措置: from the application on nobody without the right learns where somebody lives, by whatever way."""

import dataclasses
import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.nodes.registry.conftest import AT_COUNTER, HERE, HOME
from tests.nodes.registry.test_certificates import ISSUER, Press, own

from daicho.nodes.chronicle.disclose import own_part
from daicho.nodes.registry import certificates, disclosure, protection, residents
from daicho.nodes.registry.bodies import record_body
from daicho.nodes.registry.certificates import IssuedPaper
from daicho.nodes.registry.counter import EntryView, enter, entry_view, pending_entries, preview, verify_entry
from daicho.nodes.registry.residents import Purpose
from daicho.rules.certificates.content import CertificateKind
from daicho.rules.certificates.request import (
    CertificateRequest,
    CertificateRequester,
    IdentityProof,
    Judgement,
)
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.operators.authority import Operator, Role
from daicho.rules.people.addresses import Address
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.names import PersonName
from daicho.rules.protection.measure import (
    AddressRole,
    AskingPerson,
    ConsultedBody,
    EndCause,
    Opinion,
    OtherParty,
    ProtectedAddress,
    ProtectionAlert,
    ProtectionGround,
    ProtectionMeasure,
)
from daicho.rules.protection.proposal import ProposalKind
from daicho.rules.protection.veil import WITHHELD
from daicho.rules.register.lookup import ResidentTerms
from daicho.rules.register.move_within import MoveWithinNotice
from daicho.store import disclosure as store

OFFICER = Operator("shien01", "p1", (Role.PROTECTION_OFFICER,))
SECOND = Operator("shien02", "p2", (Role.PROTECTION_OFFICER, Role.VERIFIER))
LOOK = Purpose("住所の確認", "住民基本台帳法第7条", "t1")
PARTY = OtherParty("相手　太郎", birth_date=PartialDate(1975, 5, 5))


@pytest.fixture
def family(counter, move_in, comer):
    return arrived(counter, move_in(comer(1), comer(2, "妻"), comer(3, "子")))


def arrived(counter, notice):
    entered = enter(counter.node, counter.clerk, notice, draw_codes=counter.draw, reception=AT_COUNTER)
    assert isinstance(entered, EntryView), entered
    verified = verify_entry(counter.node, counter.checker, entered.entry_id)
    assert isinstance(verified, EntryView)
    return verified.entry.after


def application(record, companions=()):
    return ProtectionMeasure(
        number="",
        ground=ProtectionGround.DOMESTIC_VIOLENCE,
        applicant=record.addressee_number,
        other_parties=(PARTY,),
        addresses=(ProtectedAddress(AddressRole.PRESENT, HOME, "東京都千代田区架空町一丁目2番3号"),),
        applied_on=date(2026, 11, 20),
        companions=companions,
    )


@pytest.fixture
def measure(counter, family):
    kept = protection.apply_for_protection(
        counter.node, OFFICER, application(family[1], (family[2].addressee_number,))
    )
    assert isinstance(kept, ProtectionMeasure)
    return kept


def everything_in(value):
    """Write a value with all that is in it as one text."""
    return json.dumps(dataclasses.asdict(value), default=str, ensure_ascii=False)


def shows_an_address(value) -> bool:
    text = everything_in(value)
    return any(part in text for part in (HERE.town, HERE.block, HERE.postal_code, "北海道函館市"))


def test_the_application_hides_the_address_at_once_without_any_opinion(counter, family, measure):
    view = residents.resident_view(counter.node, counter.clerk, family[1].addressee_number, LOOK)
    assert view.hidden
    assert not shows_an_address(view)
    assert view.record.current_address.town == WITHHELD
    assert view.record.name == family[1].name
    seen = residents.resident_view(counter.node, OFFICER, family[1].addressee_number, LOOK)
    assert not seen.hidden
    assert seen.record.current_address == HERE
    assert [one.number for one in seen.measures] == [measure.number]


def test_whoever_shares_the_household_does_not_give_the_address_away(counter, family, measure):
    husband = residents.resident_view(counter.node, counter.clerk, family[0].addressee_number, LOOK)
    assert husband.hidden
    assert not shows_an_address(husband)


@pytest.mark.parametrize("way", ["version", "entry", "pending", "search"])
def test_no_way_of_looking_gives_the_address_to_whoever_has_not_the_right(counter, family, measure, way):
    node, clerk, number = counter.node, counter.clerk, family[1].addressee_number
    if way == "version":
        at = node.clock.now()
        found = residents.resident_as_of(
            node, clerk, number, LOOK, legal_day=date(2026, 11, 20), recorded_at=at
        )
    elif way == "entry":
        past = residents.resident_view(node, OFFICER, number, LOOK).entries[0].entry_id
        found = residents.resident_entry(node, clerk, number, past, LOOK)
    elif way == "pending":
        moved = MoveWithinNotice(
            (number,), replace(HERE, block="9番9号"), date(2026, 11, 20), date(2026, 11, 20)
        )
        waiting = enter(node, OFFICER, moved, draw_codes=counter.draw, reception=AT_COUNTER)
        if isinstance(waiting, Refusal):
            pytest.fail(str(waiting))
        (found,) = pending_entries(node, counter.checker)
        assert entry_view(node, counter.checker, waiting.entry_id).reason is Reason.PROTECTED
        assert "9番9号" not in everything_in(found)
    else:
        terms = ResidentTerms(kanji="来訪　2号", birth_date=PartialDate(1990, 1, 2))
        found = residents.search_residents(node, clerk, terms, LOOK)
        assert [one.name.kanji for one in found.records] == ["来訪　2号"]
    assert not shows_an_address(found)


def test_whoever_asks_by_address_or_household_does_not_find_them_nor_how_many_there_are(
    counter, family, measure, move_in, comer
):
    (neighbour,) = arrived(counter, move_in(comer(4)))
    for terms in (
        ResidentTerms(kanji="来訪", address=HERE.town),
        ResidentTerms(household_number=family[1].household_number, kanji="来訪"),
    ):
        seen = residents.search_residents(counter.node, counter.clerk, terms, LOOK)
        whole = residents.search_residents(counter.node, OFFICER, terms, LOOK)
        assert not isinstance(seen, Refusal), seen
        assert {one.addressee_number for one in seen.records} <= {neighbour.addressee_number}
        assert not seen.narrow
        assert {one.addressee_number for one in family} <= {one.addressee_number for one in whole.records}


def test_a_clerk_without_the_right_can_enter_verify_issue_disclose_nothing_and_each_attempt_is_a_line(
    counter, family, measure
):
    node, number = counter.node, family[1].addressee_number
    moved = MoveWithinNotice((number,), replace(HERE, block="9番9号"), date(2026, 11, 20), date(2026, 11, 20))
    tried = [
        enter(node, counter.clerk, moved, draw_codes=counter.draw, reception=AT_COUNTER),
        preview(node, counter.clerk, moved, draw_codes=counter.draw, reception=AT_COUNTER),
        certificates.issue(
            node, counter.clerk, own(family[1]), number, LOOK, issuer=ISSUER, set_paper=Press()
        ),
        disclosure.hand_out(
            node, counter.clerk, number, purpose=LOOK.purpose, basis=LOOK.basis, terminal="t1"
        ),
        residents.may_reach(node, counter.clerk, number, "t1"),
    ]
    assert [one.reason for one in tried] == [Reason.PROTECTED] * 5
    kept_back = [one for one in counter.lines() if one[0] == "protection:record:kept_back"]
    refused = [one for one in counter.lines() if one[0] == "certificate:paper:refused"]
    covered = len(family)  # a change touches the records of the whole household
    assert (len(kept_back), len(refused)) == (2 * covered + 2, 1)
    entered = enter(node, OFFICER, moved, draw_codes=counter.draw, reception=AT_COUNTER)
    assert isinstance(entered, EntryView), entered
    refused = verify_entry(node, counter.checker, entered.entry_id)
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.PROTECTED
    assert counter.lines()[-1][:2] == ("protection:record:kept_back", counter.checker.login_id)
    assert isinstance(verify_entry(node, SECOND, entered.entry_id), EntryView)


def test_no_refusal_tells_whether_a_guessed_address_is_right(counter, family, measure):
    number = family[1].addressee_number
    for guess in (HERE, replace(HERE, block="9番9号"), replace(HERE, town="架空町二丁目")):
        moved = MoveWithinNotice((number,), guess, date(2026, 11, 20), date(2026, 11, 20))
        answer = preview(counter.node, counter.clerk, moved, draw_codes=counter.draw, reception=AT_COUNTER)
        assert answer.reason is Reason.PROTECTED


def test_the_refusal_of_the_other_party_is_that_of_anybody_without_a_good_reason(counter, family, measure):
    def asked(name, judgement):
        request = CertificateRequest(
            CertificateKind.PERSONAL_COPY, CertificateRequester.THIRD_PARTY, AskingPerson(name),
            people=(family[1].addressee_number,), purpose="債権の回収", judgement=judgement,
            proof=IdentityProof.PHOTO, strictly_examined=True,
        )  # fmt: skip
        return certificates.issue(
            counter.node, OFFICER, request, family[1].addressee_number, LOOK, issuer=ISSUER, set_paper=Press()
        )

    other, nobody = asked("相手太郎", Judgement.JUSTIFIED), asked("架空　他人", Judgement.OPEN)
    assert other == nobody
    assert other.reason is Reason.REQUEST_NOT_JUSTIFIED
    assert isinstance(asked("架空　債権者", Judgement.JUSTIFIED), IssuedPaper)


def test_a_release_wants_two_people_opens_for_one_and_shuts_by_itself(counter, family, measure):
    node, number = counter.node, family[1].addressee_number
    (asked,) = protection.ask_for_release(node, counter.clerk, number, "本人が来庁した", 10)
    assert residents.resident_view(node, counter.clerk, number, LOOK).hidden, "asking alone opens nothing"
    own_word = protection.decide_on_proposal(node, counter.clerk, asked, accept=True)
    assert own_word.reason is Reason.NOT_PERMITTED
    assert protection.decide_on_proposal(node, OFFICER, asked, accept=True) is ProposalKind.RELEASE
    assert residents.resident_view(node, counter.clerk, number, LOOK).record.current_address == HERE
    assert residents.resident_view(node, counter.both, number, LOOK).hidden, "it opens for whoever asked"
    node.clock.instant += timedelta(minutes=10)
    assert residents.resident_view(node, counter.clerk, number, LOOK).hidden
    again = protection.decide_on_proposal(node, OFFICER, asked, accept=True)
    assert again.reason is Reason.NOT_PENDING


def test_nobody_decides_what_they_asked_for(counter, family, measure):
    (asked,) = protection.ask_for_release(
        counter.node, OFFICER, family[1].addressee_number, "本人が来庁した", 10
    )
    refused = protection.decide_on_proposal(counter.node, OFFICER, asked, accept=True)
    assert refused.reason is Reason.SAME_PERSON
    assert protection.decide_on_proposal(counter.node, SECOND, asked, accept=False) is ProposalKind.RELEASE
    (one,) = protection.overview(counter.node, OFFICER).measures
    assert one[0].releases == ()


def test_the_block_outlives_its_term_until_two_people_end_it(counter, family, measure):
    node, number = counter.node, family[1].addressee_number
    opinion = Opinion(ConsultedBody.POLICE, date(2026, 11, 20), confirms=True)
    confirmed = protection.note_opinion(node, OFFICER, measure.number, opinion)
    assert confirmed.last_day == date(2027, 11, 19)
    node.clock.instant += timedelta(days=800)
    assert residents.resident_view(node, counter.clerk, number, LOOK).hidden
    (asked,) = protection.ask_for_end(node, OFFICER, measure.number, "期間満了", EndCause.TERM_OVER)
    assert residents.resident_view(node, counter.clerk, number, LOOK).hidden
    assert protection.decide_on_proposal(node, SECOND, asked, accept=True) is ProposalKind.END
    seen = residents.resident_view(node, counter.clerk, number, LOOK)
    assert not seen.hidden
    assert seen.record.current_address == HERE
    assert protection.overview(node, OFFICER).measures == ()
    steps = protection.measure_view(node, OFFICER, measure.number).steps
    assert [one.step for one in steps] == ["APPLIED", "OPINION_NOTED", "ENDED"]


def test_the_other_partys_move_is_told_to_the_clerk_and_kept_for_the_officer(
    counter, family, measure, move_in, comer
):
    stranger = replace(
        comer(9), name=PersonName(kanji="相手　太郎", furigana="アイテ　タロウ"), birth_date=PartialDate(1975, 5, 5)
    )  # fmt: skip
    entered = enter(
        counter.node, counter.clerk, move_in(stranger), draw_codes=counter.draw, reception=AT_COUNTER
    )
    assert entered.alerts == (ProtectionAlert.OTHER_PARTY,)
    (mover,) = (str(one.resident_record_code) for one in entered.entry.after)
    assert not [line for line in counter.lines() if line[0].startswith("protection:") and line[2] == mover]
    (kept,) = protection.overview(counter.node, OFFICER).alerts
    assert kept.alerts == (ProtectionAlert.OTHER_PARTY,)
    assert protection.see_alert(counter.node, OFFICER, kept.alert_id) is None
    assert protection.overview(counter.node, OFFICER).alerts == ()


def test_a_protected_persons_move_is_told(counter, family, measure):
    moved = MoveWithinNotice(
        (family[1].addressee_number,), Address(HOME, "架空町二丁目", "1番", "", "1000001", ""),
        date(2026, 11, 20), date(2026, 11, 20),
    )  # fmt: skip
    entered = enter(counter.node, OFFICER, moved, draw_codes=counter.draw, reception=AT_COUNTER)
    assert isinstance(entered, EntryView), entered
    assert entered.alerts == (
        ProtectionAlert.PROTECTED_PERSON, ProtectionAlert.SEPARATED, ProtectionAlert.ADDRESSES_CHANGE,
    )  # fmt: skip


@pytest.mark.parametrize("operator", ["clerk", "checker", "officer", "admin"])
def test_only_the_protection_officer_sees_that_measures_exist(counter, family, measure, operator):
    who = getattr(counter, operator)
    for answer in (
        protection.overview(counter.node, who),
        protection.measure_view(counter.node, who, measure.number),
        protection.apply_for_protection(counter.node, who, application(family[0])),
        protection.ask_for_end(counter.node, who, measure.number, "x", EndCause.WITHDRAWN),
        protection.see_alert(counter.node, who, "x"),
    ):
        assert answer.reason is Reason.NOT_PERMITTED


def test_no_ledger_line_about_a_measure_says_where_or_from_whom(counter, family, measure):
    with counter.node.store.unit() as unit:
        unit.cursor.execute("select convert_from(body, 'UTF8') from ledger.line order by line_id")
        text = "\n".join(row[0] for row in unit.cursor.fetchall())
    assert "protection:measure:recorded" in text
    assert not any(word in text for word in ("相手", HERE.town, "架空町"))
    assert record_body(family[1]) not in text


def test_the_bundle_that_somebody_takes_home_has_no_line_of_protection(counter, family, measure):
    person = family[1]
    residents.may_reach(counter.node, counter.clerk, person.addressee_number, "t1")
    refused = certificates.issue(
        counter.node,
        counter.clerk,
        own(person),
        person.addressee_number,
        LOOK,
        issuer=ISSUER,
        set_paper=Press(),
    )
    assert refused.reason is Reason.PROTECTED
    subject = str(person.resident_record_code)
    lines = [event for event, _, whom in counter.lines() if whom == subject]
    kept = [one for one in lines if one.startswith("protection:") or one == "certificate:paper:refused"]
    assert {"protection:record:kept_back", "certificate:paper:refused"} <= set(kept)
    with counter.node.store.unit() as unit:
        told = own_part(unit, counter.node, subject)
    assert len(told["lines"]) + told["waiting"] == len(lines) - len(kept)


def test_a_code_that_was_handed_out_before_opens_nothing_after(counter, family):
    node, number = counter.node, family[1].addressee_number
    with node.store.unit() as unit:
        now = node.clock.now()
        store.hand_out(
            unit, disclosure._hash("ABCD"), number, b'{"parts": []}', now, now + timedelta(hours=1)
        )
    assert isinstance(
        protection.apply_for_protection(node, OFFICER, application(family[1])), ProtectionMeasure
    )
    assert disclosure.open_page(node, "ABCD").reason is Reason.CODE_WORN_OUT


def test_whoever_left_together_with_them_does_not_show_where_to(counter, family, measure):
    node = counter.node
    with node.store.unit() as unit:
        unit.execute("update register.resident set living = false, householder = false")
    husband = residents.resident_view(node, counter.clerk, family[0].addressee_number, LOOK)
    assert husband.hidden
    assert not shows_an_address(husband)


def test_two_officers_at_one_measure_do_not_overwrite_each_other(counter, measure, monkeypatch):
    opinion = Opinion(ConsultedBody.POLICE, date(2026, 11, 20), confirms=False)
    taken = protection.protection.take_step
    monkeypatch.setattr(
        protection.protection, "take_step", lambda *a, **k: (taken(*a, **k), taken(*a, **k))[1]
    )
    refused = protection.note_opinion(counter.node, OFFICER, measure.number, opinion)
    assert refused.reason is Reason.CHANGED_SINCE
