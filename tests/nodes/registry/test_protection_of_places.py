"""支援措置: a place that the record of whoever once lived there still tells, found, printed, disclosed or released."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.nodes.registry.conftest import AT_COUNTER, HERE
from tests.nodes.registry.test_certificates import ISSUER, Press
from tests.nodes.registry.test_protection import (
    LOOK,
    OFFICER,
    SECOND,
    application,
    arrived,
    everything_in,
)
from tests.nodes.registry.test_protection_reach import (
    ELSEWHERE,
    OFFICER_AND_CLERK,
    applied,
    moved,
    parted,
    seen_by_clerk,
)

from daicho.nodes.registry import certificates, disclosure, protection, residents
from daicho.nodes.registry.bodies import resident_row
from daicho.nodes.registry.certificates import IssuedPaper
from daicho.nodes.registry.counter import EntryView, enter, verify_entry
from daicho.nodes.registry.measures.alerting import alert_of_entries_beside
from daicho.rules.certificates.content import CertificateItem, CertificateKind
from daicho.rules.certificates.request import (
    CertificateRequest,
    CertificateRequester,
    IdentityProof,
    Judgement,
)
from daicho.rules.law.refusal import Reason
from daicho.rules.protection.measure import AskingPerson, ProtectionAlert
from daicho.rules.protection.proposal import ProposalKind
from daicho.rules.protection.veil import WITHHELD
from daicho.rules.register.lookup import ResidentTerms
from daicho.store import protection as store
from daicho.store import register

HOME_TEXT = HERE.town + HERE.block


@pytest.fixture
def family(counter, move_in, comer):
    return arrived(counter, move_in(comer(1), comer(2, "妻"), comer(3, "子")))


def rewritten(counter, record, **items):
    """Let a record stand as another version of itself, as if a change had written it."""
    after = replace(record, **items)
    with counter.node.store.unit() as unit:
        write_again(unit, after)
    return after


def write_again(unit, record):
    last = register.versions(unit, record.addressee_number)[-1]
    row = resident_row(record, last.version + 1)
    register.write_records(
        unit, [register.NewVersion(row, last.entry_id, last.change_date, last.recorded_at)]
    )


@pytest.fixture
def former(counter, family):
    """Let the third of them move away, known to have come from where the protected second one stays."""
    (gone,) = arrived(counter, moved(family[2]))
    came_from = f"東京都千代田区{HOME_TEXT}"
    return rewritten(counter, gone, previous_address=came_from, move_in_from_address=came_from)


def issued(counter, operator, record, kind, requester, **items):
    asker = AskingPerson(record.name.kanji, record.birth_date, addressee_number=record.addressee_number)
    values = {
        "asker": asker if requester is CertificateRequester.SELF else AskingPerson("架空　債権者"),
        "people": (record.addressee_number,),
        "proof": IdentityProof.PHOTO,
    } | items
    return certificates.issue(
        counter.node, operator, CertificateRequest(kind, requester, **values), record.addressee_number, LOOK,
        issuer=ISSUER, set_paper=Press(),
    )  # fmt: skip


def test_the_fixture_tells_the_place(counter, family, former):
    applied(counter, family[1])
    assert HOME_TEXT in everything_in(former)
    veiled = seen_by_clerk(counter, former)
    assert (veiled.hidden, veiled.partly) == (False, True)
    assert HOME_TEXT not in everything_in(veiled.record)


def test_one_roof_is_one_roof_whatever_the_building_is_called(counter, family):
    arrived(counter, parted(family[2]))
    arrived(counter, moved(family[2], replace(HERE, building="架空荘２０１号室")))
    applied(counter, family[1])
    assert seen_by_clerk(counter, family[2]).hidden
    terms = ResidentTerms(kanji="来訪", address=HERE.town)
    assert residents.search_residents(counter.node, counter.clerk, terms, LOOK).records == ()


def test_until_the_roof_is_folded_the_whole_address_tells(counter, family):
    arrived(counter, parted(family[2]))
    with counter.node.store.unit() as unit:
        unit.execute("update register.resident set roof = ''")
    applied(counter, family[1])
    assert seen_by_clerk(counter, family[2]).hidden


def test_nobody_is_found_by_an_address_that_may_not_be_said_of_them(counter, family, move_in, comer):
    arrived(counter, moved(family[2]))
    applied(counter, family[1])
    entered = enter(
        counter.node,
        OFFICER_AND_CLERK,
        moved(family[1], ELSEWHERE),
        draw_codes=counter.draw,
        reception=AT_COUNTER,
    )
    assert isinstance(verify_entry(counter.node, SECOND, entered.entry_id), EntryView)
    terms = ResidentTerms(kanji="来訪", address=ELSEWHERE.town)
    found = residents.search_residents(counter.node, counter.clerk, terms, LOOK)
    assert found.records == ()
    assert not found.narrow
    assert len(residents.search_residents(counter.node, OFFICER_AND_CLERK, terms, LOOK).records) == 2


def test_a_page_is_as_full_as_without_those_who_are_kept_back(counter, family, move_in, comer, monkeypatch):
    arrived(counter, moved(family[2]))
    others = [arrived(counter, move_in(comer(number)))[0] for number in (11, 12, 13)]
    for one in others:
        arrived(counter, moved(one))
    applied(counter, family[1], (family[2].addressee_number,))
    monkeypatch.setattr(residents, "SHOWN_ROWS", 2)
    terms = ResidentTerms(kanji="来訪", address=ELSEWHERE.town)
    found = residents.search_residents(counter.node, counter.clerk, terms, LOOK)
    assert len(found.records) == 2
    assert found.narrow, "three others live there"
    numbers = {one.addressee_number for one in found.records}
    assert numbers <= {one.addressee_number for one in others}


def test_their_own_paper_without_the_place_is_issued_by_anybody(counter, family, former):
    applied(counter, family[1])
    answer = issued(
        counter, counter.clerk, former, CertificateKind.RECORDED_ITEMS, CertificateRequester.SELF,
        items=frozenset({CertificateItem.SEX}),
    )  # fmt: skip
    assert isinstance(answer, IssuedPaper), answer


def test_their_own_paper_with_the_place_needs_whoever_may_read_it_and_nothing_more(counter, family, former):
    applied(counter, family[1])
    asked = (former, CertificateKind.PERSONAL_COPY, CertificateRequester.SELF)
    assert issued(counter, counter.clerk, *asked).reason is Reason.PROTECTED
    answer = issued(counter, OFFICER_AND_CLERK, *asked)
    assert isinstance(answer, IssuedPaper), "no strict scrutiny that would hint at a measure"


def test_whoever_asks_from_outside_for_such_a_paper_is_examined_as_for_the_protected_person(
    counter, family, former
):
    applied(counter, family[1])
    grounds = {"purpose": "債権の回収", "judgement": Judgement.JUSTIFIED}

    def asked(kind, **items):
        return issued(
            counter, OFFICER_AND_CLERK, former, kind, CertificateRequester.THIRD_PARTY, **(grounds | items)
        )

    assert asked(CertificateKind.PERSONAL_COPY).reason is Reason.REQUEST_NOT_JUSTIFIED
    party = AskingPerson("相手　太郎")
    assert (
        asked(CertificateKind.PERSONAL_COPY, asker=party, strictly_examined=True).reason
        is Reason.REQUEST_NOT_JUSTIFIED
    )
    assert isinstance(asked(CertificateKind.PERSONAL_COPY, strictly_examined=True), IssuedPaper)
    assert isinstance(asked(CertificateKind.RECORDED_ITEMS), IssuedPaper), "the four items tell no place"


def test_a_code_of_whoever_lived_with_them_opens_nothing_after_the_application(
    counter, family, former, monkeypatch
):
    monkeypatch.setattr(
        disclosure,
        "gather_bundle",
        lambda _node, _record: b'{"parts": []}',
    )

    def handed():
        operator = replace(counter.officer, roles=(*counter.officer.roles, *OFFICER_AND_CLERK.roles))
        return disclosure.hand_out(
            counter.node,
            operator,
            former.addressee_number,
            purpose="開示請求",
            basis="own/30-32",
            terminal="t1",
        )

    early = handed()
    applied(counter, family[1])
    assert disclosure.open_page(counter.node, early).reason is Reason.CODE_WORN_OUT
    opened = disclosure.open_page(counter.node, handed())
    assert HOME_TEXT in everything_in(opened.record), "of their own past they know"
    assert WITHHELD not in everything_in(opened.record)


def test_what_a_clerk_remarked_on_the_place_is_not_disclosed_to_whoever_left_it(counter, family, former):
    applied(counter, family[1])
    with counter.node.store.reading() as unit:
        remarked = replace(former, remarks=(f"元の配偶者は{HOME_TEXT}に居住", "別件"))
        assert disclosure.as_its_person_reads(unit, remarked).remarks == ("別件",)
        assert disclosure.as_its_person_reads(unit, replace(family[1], remarks=remarked.remarks)).remarks == (
            remarked.remarks
        )


def test_a_block_of_certain_places_is_opened_by_two_people_for_a_while(counter, family, former):
    applied(counter, family[1])
    asked = protection.ask_for_release(
        counter.node, counter.clerk, former.addressee_number, "本人が来庁した", 10
    )
    assert isinstance(asked, tuple), asked
    for one in asked:
        assert protection.decide_on_proposal(counter.node, OFFICER, one, accept=True) is ProposalKind.RELEASE
    assert HOME_TEXT in everything_in(seen_by_clerk(counter, former).record)
    assert seen_by_clerk(counter, family[1]).hidden, "the protected person's own block stands"
    counter.node.clock.instant += timedelta(minutes=11)
    assert HOME_TEXT not in everything_in(seen_by_clerk(counter, former).record)


def test_a_change_entered_while_a_measure_began_is_told_once(counter, family, monkeypatch):
    with monkeypatch.context() as beside:
        beside.setattr(store, "any_open", lambda _unit: False)
        entered = enter(
            counter.node, OFFICER_AND_CLERK, moved(family[1]), draw_codes=counter.draw, reception=AT_COUNTER
        )
        assert entered.alerts == ()
        beside.setattr(register, "waiting_entries", lambda _unit, **_limit: [])
        applied(counter, family[1])
    assert protection.overview(counter.node, OFFICER).alerts == ()
    for _ in range(2):
        alert_of_entries_beside(counter.node)
    (alert,) = protection.overview(counter.node, OFFICER).alerts
    assert ProtectionAlert.PROTECTED_PERSON in alert.alerts


def test_an_application_names_people_whose_households_stand_still(counter, family, monkeypatch):
    lock = register.lock_concerned

    def moved_meanwhile(unit, *, households, codes):
        lock(unit, households=households, codes=codes)
        write_again(unit, replace(family[1], household_number=family[1].household_number + 1_000))

    monkeypatch.setattr(register, "lock_concerned", moved_meanwhile)
    refused = protection.apply_for_protection(counter.node, OFFICER, application(family[1]))
    assert refused.reason is Reason.CHANGED_SINCE
