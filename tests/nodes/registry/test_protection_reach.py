"""支援措置: who once lived with a protected person, what waits when a measure begins, and what two acts leave between."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.nodes.registry.conftest import AT_COUNTER, DAY, HERE
from tests.nodes.registry.test_certificates import ISSUER, Press, own
from tests.nodes.registry.test_protection import (
    LOOK,
    OFFICER,
    PARTY,
    SECOND,
    application,
    arrived,
    everything_in,
    shows_an_address,
)

from daicho.nodes.registry import certificates, protection, residents
from daicho.nodes.registry.counter import (
    EntryView,
    enter,
    entry_view,
    pending_entries,
    preview,
    reject_entry,
    verify_entry,
)
from daicho.nodes.registry.measures.names import in_both_spellings
from daicho.nodes.registry.reports import receive_move_in_report
from daicho.rules.law.refusal import Reason
from daicho.rules.operators.authority import Operator, Role
from daicho.rules.people.addresses import Address
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.names import PersonName
from daicho.rules.protection.measure import (
    ConsultedBody,
    EndCause,
    Opinion,
    ProtectionAlert,
    ProtectionMeasure,
)
from daicho.rules.protection.proposal import ProposalKind
from daicho.rules.protection.veil import WITHHELD
from daicho.rules.register.cancellation import Cancellation
from daicho.rules.register.household_change import HouseholdChangeNotice, HouseholdMove
from daicho.rules.register.lookup import ResidentTerms
from daicho.rules.register.move_out import MoveInReport
from daicho.rules.register.move_within import MoveWithinNotice
from daicho.rules.register.record import HouseholdRelation
from daicho.store import certificates as papers
from daicho.store import characters
from daicho.store import protection as store

OFFICER_AND_CLERK = Operator("shien03", "p3", (Role.PROTECTION_OFFICER, Role.CLERK))
ELSEWHERE = Address(HERE.municipality, "架空町二丁目", "7番1号", "", "1000002", "")


@pytest.fixture
def family(counter, move_in, comer):
    return arrived(counter, move_in(comer(1), comer(2, "妻"), comer(3, "子")))


def applied(counter, record, companions=()):
    kept = protection.apply_for_protection(counter.node, OFFICER, application(record, companions))
    assert isinstance(kept, ProtectionMeasure), kept
    return kept


def parted(record):
    return HouseholdChangeNotice(
        HouseholdMove.SPLIT, (record.addressee_number,), DAY, DAY,
        mover_relations=(HouseholdRelation(record.addressee_number, "世帯主"),),
    )  # fmt: skip


def moved(record, to=ELSEWHERE):
    return MoveWithinNotice((record.addressee_number,), to, DAY, DAY)


def seen_by_clerk(counter, record):
    return residents.resident_view(counter.node, counter.clerk, record.addressee_number, LOOK)


def hidden_everywhere(counter):
    with counter.node.store.reading() as unit:
        return store.hidden_everywhere(unit, counter.clerk.login_id, counter.node.clock.now())


def test_whoever_parted_the_household_and_stayed_under_the_roof_is_hidden_too(counter, family):
    arrived(counter, parted(family[2]))
    applied(counter, family[1])
    child = seen_by_clerk(counter, family[2])
    assert child.hidden
    assert not shows_an_address(child)
    assert hidden_everywhere(counter) == {one.addressee_number for one in family}
    terms = ResidentTerms(kanji="来訪", address=HERE.town)
    assert residents.search_residents(counter.node, counter.clerk, terms, LOOK).records == ()
    refused = enter(
        counter.node, counter.clerk, moved(family[2]), draw_codes=counter.draw, reception=AT_COUNTER
    )
    assert refused.reason is Reason.PROTECTED


def test_a_neighbour_who_never_was_of_their_household_is_not_hidden(counter, family, move_in, comer):
    (neighbour,) = arrived(counter, move_in(comer(4)))
    applied(counter, family[1])
    assert not seen_by_clerk(counter, neighbour).hidden
    assert seen_by_clerk(counter, neighbour).record.current_address == HERE


@pytest.mark.parametrize("when", ["before the measure", "after it"])
def test_whoever_moved_away_from_them_does_not_show_where_they_stayed(counter, family, when):
    if when == "before the measure":
        arrived(counter, moved(family[2]))
        applied(counter, family[1])
    else:
        applied(counter, family[1])
        entered = enter(
            counter.node, OFFICER, moved(family[2]), draw_codes=counter.draw, reception=AT_COUNTER
        )
        assert isinstance(verify_entry(counter.node, SECOND, entered.entry_id), EntryView)
    child = seen_by_clerk(counter, family[2])
    assert not child.hidden
    assert child.record.current_address == ELSEWHERE
    past = child.versions[0]
    text = everything_in(child)
    assert not any(part in text for part in (HERE.town, HERE.block))
    assert past.record.current_address.town == WITHHELD
    at = counter.node.clock.now()
    on = residents.resident_as_of(
        counter.node, counter.clerk, family[2].addressee_number, LOOK, legal_day=date(2026, 11, 15), recorded_at=at
    )  # fmt: skip
    assert on.record.current_address.town == WITHHELD
    whole = residents.resident_view(counter.node, OFFICER, family[2].addressee_number, LOOK)
    assert whole.versions[0].record.current_address == HERE


def test_a_draft_that_would_take_them_back_is_kept_back(counter, family):
    left = enter(counter.node, counter.clerk, moved(family[2]), draw_codes=counter.draw, reception=AT_COUNTER)
    assert isinstance(verify_entry(counter.node, counter.checker, left.entry_id), EntryView)
    applied(counter, family[1])
    back = Cancellation(left.entry_id, DAY, "錯誤")
    assert HERE.block in everything_in(
        preview(counter.node, OFFICER_AND_CLERK, back, draw_codes=counter.draw)
    )
    for ask in (preview, enter):
        assert ask(counter.node, counter.clerk, back, draw_codes=counter.draw).reason is Reason.PROTECTED


def test_no_act_rests_on_an_address_that_is_kept_back_and_no_guess_is_answered(counter, family):
    arrived(counter, moved(family[2], replace(HERE, building="離れ")))
    applied(counter, family[1])
    for guess in (replace(HERE, building="離れ"), replace(HERE, town="架空町"), ELSEWHERE):
        answer = preview(
            counter.node,
            counter.clerk,
            moved(family[2], guess),
            draw_codes=counter.draw,
            reception=AT_COUNTER,
        )
        assert answer.reason is Reason.PROTECTED


def test_what_somebody_typed_is_shown_as_typed_whoever_lives_there(counter, family):
    arrived(counter, moved(family[2]))
    applied(counter, family[1])
    for guess in (replace(HERE, block="2番"), replace(HERE, town="架空町一丁目2番3号", block="5号"), HERE):
        drafted = preview(
            counter.node,
            counter.clerk,
            moved(family[2], guess),
            draw_codes=counter.draw,
            reception=AT_COUNTER,
        )
        assert drafted.after[0].current_address.town == guess.town


def test_a_change_that_waits_when_a_measure_begins_is_told_to_the_officer(counter, family, move_in, comer):
    stranger = replace(
        comer(9),
        name=PersonName(kanji="相手　太郎", furigana="アイテ　タロウ"),
        birth_date=PARTY.birth_date,
    )
    for notice in (move_in(stranger), moved(family[1])):
        assert isinstance(
            enter(counter.node, counter.clerk, notice, draw_codes=counter.draw, reception=AT_COUNTER),
            EntryView,
        )
    applied(counter, family[1])
    alerts = protection.overview(counter.node, OFFICER).alerts
    assert {one.alerts[0] for one in alerts} == {
        ProtectionAlert.OTHER_PARTY,
        ProtectionAlert.PROTECTED_PERSON,
    }


def test_another_towns_report_of_a_protected_person_is_told_to_the_officer(counter, family):
    applied(counter, family[1])
    report = MoveInReport(
        (family[1].resident_record_code,), date(2026, 11, 18), DAY, MunicipalityCode("01202"), "北海道函館市別町8番"
    )  # fmt: skip
    with counter.node.store.unit() as unit:
        receive_move_in_report(unit, counter.node, report, peer="cs.m01202.p01.daicho.internal")
    (alert,) = protection.overview(counter.node, OFFICER).alerts
    assert ProtectionAlert.PROTECTED_PERSON in alert.alerts


def test_whoever_waits_to_be_entered_can_be_protected_and_nobody_else_verifies_or_reads_it(
    counter, move_in, comer
):
    node = counter.node
    waiting = enter(node, counter.clerk, move_in(comer(1)), draw_codes=counter.draw, reception=AT_COUNTER)
    (person,) = waiting.entry.after
    applied(counter, person)
    (pending,) = pending_entries(node, counter.checker)
    assert not shows_an_address(pending)
    assert entry_view(node, counter.checker, waiting.entry_id).reason is Reason.PROTECTED
    assert verify_entry(node, counter.checker, waiting.entry_id).reason is Reason.PROTECTED
    assert isinstance(verify_entry(node, SECOND, waiting.entry_id), EntryView)
    assert seen_by_clerk(counter, person).hidden


def test_what_is_sent_back_does_not_show_it(counter, family):
    applied(counter, family[1])
    entered = enter(counter.node, OFFICER, moved(family[1]), draw_codes=counter.draw, reception=AT_COUNTER)
    returned = reject_entry(counter.node, counter.checker, entered.entry_id, why="届書と違う")
    assert isinstance(returned, EntryView)
    assert not shows_an_address(returned)
    assert ELSEWHERE.block not in everything_in(returned)


def test_a_release_opens_the_household_that_was_asked_for_and_no_other(counter, family):
    arrived(counter, moved(family[2]))
    applied(counter, family[1], (family[2].addressee_number,))
    (asked,) = protection.ask_for_release(
        counter.node, counter.clerk, family[1].addressee_number, "本人が来庁した", 10
    )
    assert protection.decide_on_proposal(counter.node, OFFICER, asked, accept=True) is ProposalKind.RELEASE
    assert not seen_by_clerk(counter, family[0]).hidden
    assert seen_by_clerk(counter, family[1]).record.current_address == HERE
    assert seen_by_clerk(counter, family[2]).hidden


def test_a_release_that_nobody_decided_in_time_opens_nothing(counter, family):
    applied(counter, family[1])
    (asked,) = protection.ask_for_release(
        counter.node, counter.clerk, family[1].addressee_number, "本人が来庁した", 10
    )
    counter.node.clock.instant += timedelta(hours=5)
    assert protection.overview(counter.node, OFFICER).proposals == ()
    late = protection.decide_on_proposal(counter.node, OFFICER, asked, accept=True)
    assert (late.reason, late.detail) == (Reason.NOT_PENDING, "LAPSED")
    assert seen_by_clerk(counter, family[1]).hidden


def test_a_measure_that_begins_while_the_paper_is_set_holds_for_this_paper(counter, family):
    press = Press()

    def slow(certificate):
        applied(counter, family[1])
        return press(certificate)

    refused = certificates.issue(
        counter.node, counter.clerk, own(family[0]), family[0].addressee_number, LOOK, issuer=ISSUER, set_paper=slow
    )  # fmt: skip
    assert refused.reason is Reason.CHANGED_SINCE
    with counter.node.store.reading() as unit:
        assert papers.certificates_of(unit, family[0].addressee_number, limit_rows=10) == []


def test_what_ends_first_is_listed_first_and_nothing_is_out_of_reach(
    counter, family, move_in, comer, monkeypatch
):
    others = [arrived(counter, move_in(comer(number)))[0] for number in (11, 12, 13)]
    made = [applied(counter, one) for one in others]
    clock = counter.node.clock
    for days, one in ((0, made[2]), (30, made[1])):
        clock.instant += timedelta(days=days)
        opinion = Opinion(ConsultedBody.POLICE, clock.business_today(), confirms=True)
        protection.note_opinion(
            counter.node, OFFICER, one.number, opinion, counted_from=clock.business_today()
        )
    expected = [made[0].number, made[2].number, made[1].number]
    monkeypatch.setattr(protection, "SHOWN_ROWS", 2)
    first = protection.overview(counter.node, OFFICER)
    rest = protection.overview(counter.node, OFFICER, after=first.measures[-1][0].number)
    assert [one.number for one, _ in (*first.measures, *rest.measures)] == expected
    assert first.open_measures == 3
    asked = protection.ask_for_end(counter.node, OFFICER, made[1].number, "申出", EndCause.WITHDRAWN)
    protection.decide_on_proposal(counter.node, SECOND, asked[0], accept=True)
    assert protection.overview(counter.node, OFFICER).open_measures == 2


def test_the_other_party_is_known_under_a_character_of_the_towns_own(counter, family, move_in, comer):
    applied(counter, family[1])
    with counter.node.store.unit() as unit:
        assert in_both_spellings(unit, ["相手　太郎"]) == ["相手　太郎"]
    own = "\ue123"
    stranger = replace(
        comer(9),
        name=PersonName(kanji=f"{own}手　太郎", furigana="アイテ　タロウ"),
        birth_date=PARTY.birth_date,
    )
    with pytest.MonkeyPatch.context() as known:
        known.setattr(characters, "written_counterparts", lambda _unit, whose: dict.fromkeys(whose, "相"))
        entered = enter(
            counter.node, counter.clerk, move_in(stranger), draw_codes=counter.draw, reception=AT_COUNTER
        )
    assert entered.alerts == (ProtectionAlert.OTHER_PARTY,)
