"""住居表示等変更: a letter to each household that was renamed, and the certificate of the change for one person."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.nodes.registry.areas.conftest import PLAN
from tests.nodes.registry.test_certificates import ISSUER, K, Press
from tests.nodes.registry.test_protection import OFFICER, application

from daicho.nodes.registry import protection
from daicho.nodes.registry.certificates import IssuedPaper
from daicho.nodes.registry.correspondence import bulk
from daicho.nodes.registry.correspondence.people import RenamedAsker, certify_renaming, person_letters
from daicho.nodes.registry.papers import posting
from daicho.nodes.registry.residents import Purpose
from daicho.paper.workers import Sheet
from daicho.rules.certificates.request import CertificateRequester, IdentityProof
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.register.cancellation import Cancellation
from daicho.rules.register.move_within import MoveWithinNotice
from daicho.store import register

WHY = Purpose("住居表示の証明", "令12条", "t1")
UNTIL = date(2034, 1, 2)
SELF = RenamedAsker(CertificateRequester.SELF, "", IdentityProof.CARD, card_expires_on=UNTIL)
pytestmark = pytest.mark.requirement("R-005")


@pytest.fixture
def renamed(town, comer):
    """Give two households that were renamed, and the number of the change."""
    homes = [town.arrive(comer(1), comer(2, "妻")), town.arrive(comer(3))]
    number = town.approved()
    town.day_comes()
    town.work()
    return homes, number


def run(town, number, operator=None):
    who = operator or town.counter.clerk
    asked = bulk.start_run(town.node, who, K.RENAMED_NOTICE, number, ISSUER)
    assert isinstance(asked, str), asked
    while bulk.run_on(town.node):
        pass
    return bulk.runs_of(town.node, who, K.RENAMED_NOTICE, number)[-1]


def certified(town, person, asker=SELF, operator=None, press=None):
    return certify_renaming(
        town.node, operator or town.counter.clerk, person.addressee_number, asker, WHY, issuer=ISSUER,
        set_paper=press or Press(),
    )  # fmt: skip


def test_each_household_gets_one_letter_with_both_names_and_it_is_sent_by_the_bundle(town, renamed):
    homes, number = renamed
    view = run(town, number)
    assert (view.state, view.letters, view.left) == ("MADE", 2, ())
    papers = []

    def press(bundle):
        papers.extend(bundle)
        return Sheet(bundle[0].number, b"%PDF", specimen=False, sealed=False)

    done = bulk.print_bundle(town.node, town.counter.clerk, view.number, view.bundles[0], set_bundle=press)
    assert isinstance(done, IssuedPaper), done
    facts = papers[0].content.letter
    assert [one.content.letter.place.name for one in papers] == [home[0].name.kanji for home in homes]
    assert "改称町一丁目" in facts.place.lines[1]
    assert "2番3号" in facts.rows[0][1]
    assert "5番6号" in facts.rows[1][1]
    assert len(facts.table) == 2
    today = town.node.clock.business_today()
    assert bulk.send_bundle(town.node, town.counter.clerk, view.number, view.bundles[0], today) == 2
    assert bulk.send_bundle(town.node, town.counter.clerk, view.number, view.bundles[0], today) == 0
    sent = posting.papers_to_post(town.node, town.counter.clerk, ISSUER.place, sent=True).lines
    assert {one.kind for one in sent} == {K.RENAMED_NOTICE}
    assert run(town, number).letters == 0


def test_a_protected_household_gets_its_letter_from_the_officer_alone(town, renamed):
    homes, number = renamed
    measured = protection.apply_for_protection(town.node, OFFICER, application(town.record(homes[1][0])))
    assert not isinstance(measured, Refusal)
    assert run(town, number).letters == 1
    officer = replace(OFFICER, login_id="SHIEN01")
    town.in_office(officer)
    assert run(town, number, officer).letters == 1


def test_a_change_that_has_not_begun_is_told_to_nobody(town, comer):
    town.arrive(comer(1))
    number = town.approved()
    refused = bulk.start_run(town.node, town.counter.clerk, K.RENAMED_NOTICE, number, ISSUER)
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.NOT_PENDING


def test_the_certificate_names_both_addresses_costs_nothing_and_needs_a_proof(town, renamed):
    homes, _ = renamed
    press = Press()
    made = certified(town, homes[0][0], press=press)
    assert isinstance(made, IssuedPaper), made
    assert made.fee_yen == 0
    rows = dict(press.printed[-1].content.letter.rows)
    assert "2番3号" in rows["変更前の住所"]
    assert rows["変更の理由"] == PLAN.title
    unproven = RenamedAsker(CertificateRequester.SELF, "", IdentityProof.NONE)
    assert certified(town, homes[0][0], unproven).reason is Reason.IDENTITY_NOT_PROVEN
    agent = RenamedAsker(CertificateRequester.AGENT, "代理　人", IdentityProof.PHOTO)
    assert certified(town, homes[0][0], agent).reason is Reason.AUTHORITY_NOT_SHOWN


def test_of_a_protected_person_nobody_else_gets_the_certificate(town, renamed):
    homes, _ = renamed
    measured = protection.apply_for_protection(town.node, OFFICER, application(town.record(homes[0][1])))
    assert not isinstance(measured, Refusal)
    assert certified(town, homes[0][1]).reason is Reason.PROTECTED
    same = RenamedAsker(
        CertificateRequester.SAME_HOUSEHOLD, homes[0][0].name.kanji, IdentityProof.CARD, card_expires_on=UNTIL
    )
    assert certified(town, homes[0][1], same, OFFICER).reason is Reason.PROTECTED
    assert isinstance(certified(town, homes[0][1], SELF, OFFICER), IssuedPaper)


def test_a_change_that_was_turned_back_is_not_certified(town, renamed):
    homes, _ = renamed
    with town.node.store.reading() as unit:
        entry = register.entries_of(unit, homes[1][0].addressee_number)
    newest = max((one for one in entry if one.kind == "ADDRESS_RENAMED"), key=lambda one: one.entered_at)
    town.take(Cancellation(newest.id, town.node.clock.business_today(), "誤り"))
    town.node.clock.move(timedelta(days=1))
    found = person_letters(town.node, town.counter.clerk, homes[1][0].addressee_number)
    assert found.renamings == ()
    assert certified(town, homes[1][0]).reason is Reason.NOT_FOUND


def test_a_name_that_was_turned_back_is_told_to_nobody(town, renamed):
    homes, number = renamed
    with town.node.store.reading() as unit:
        entries = register.entries_of(unit, homes[1][0].addressee_number)
    newest = max((one for one in entries if one.kind == "ADDRESS_RENAMED"), key=lambda one: one.entered_at)
    town.take(Cancellation(newest.id, town.node.clock.business_today(), "誤り"))
    view = run(town, number)
    assert view.letters == 1
    assert view.left in (((homes[1][0].household_number, Reason.ENTRY_NOT_FITTING.value),), ())


def test_a_bundle_leaves_out_whom_moved_since_and_what_was_sent(town, renamed):
    homes, number = renamed
    view = run(town, number)
    node, clerk = town.node, town.counter.clerk
    everybody = tuple(one.addressee_number for one in homes[0])
    today = node.clock.business_today()
    there = replace(town.record(homes[0][0]).current_address, block="9番9号")
    town.take(MoveWithinNotice(everybody, there, today, today))
    bundle = bulk.bundle_view(node, clerk, view.number, view.bundles[0])
    assert [one.moved for one in bundle.letters] == [True, False]
    assert (bundle.to_send, bundle.to_print) == (1, 1)
    papers = []

    def press(letters):
        papers.extend(letters)
        return Sheet(letters[0].number, b"%PDF", specimen=False, sealed=False)

    bulk.print_bundle(node, clerk, view.number, view.bundles[0], set_bundle=press)
    assert [one.number for one in papers] == [bundle.letters[1].number]
    assert bulk.send_bundle(node, clerk, view.number, view.bundles[0], today) == 1
    nothing = bulk.print_bundle(node, clerk, view.number, view.bundles[0], set_bundle=press)
    assert isinstance(nothing, Refusal)
