"""Entering and verifying: two people, one transaction, one letter, and nothing lost in between."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from tests.nodes.registry.conftest import AT_COUNTER

from daicho.nodes.registry.corrections import permit_correction
from daicho.nodes.registry.counter import (
    EntryView,
    enter,
    entry_view,
    pending_entries,
    reject_entry,
    verify_entry,
    withdraw_entry,
)
from daicho.nodes.registry.reports import receive_number
from daicho.nodes.registry.residents import Purpose, resident_as_of, resident_view, search_residents
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.addresses import Address
from daicho.rules.people.codes import IndividualNumber, MunicipalityCode, with_check_digit
from daicho.rules.people.dates import PartialDate
from daicho.rules.register.cancellation import Cancellation
from daicho.rules.register.correction import Correction
from daicho.rules.register.household_change import HouseholderChange
from daicho.rules.register.lookup import ResidentTerms
from daicho.rules.register.move_within import MoveWithinNotice
from daicho.rules.register.numbering import CodeChange
from daicho.rules.register.record import HouseholdRelation
from daicho.wire.codecs.letters import encode

DAY = date(2026, 11, 20)
THERE = Address(MunicipalityCode("13101"), "想像町二丁目", "4番5号", "", "1000002", "")
WHY = Purpose("転入の受付", "住民基本台帳法第22条", "t1")


def entered(counter, notice):
    view = enter(
        counter.node, counter.clerk, notice, draw_codes=counter.draw, reception=AT_COUNTER, terminal="t1"
    )
    assert isinstance(view, EntryView), view
    return view


def done(counter, notice):
    view = verify_entry(counter.node, counter.checker, entered(counter, notice).entry_id, terminal="t2")
    assert isinstance(view, EntryView), view
    return view


def reason(answer):
    assert isinstance(answer, Refusal), answer
    return answer.reason


def family(counter, move_in, comer):
    view = done(counter, move_in(comer(1), comer(2, "妻"), comer(3, "子")))
    return [record.addressee_number for record in view.entry.after]


@pytest.mark.requirement("R-014")
def test_nothing_stands_in_the_register_before_a_second_person_verified(counter, move_in, comer):
    view = entered(counter, move_in(comer(1)))
    number = view.entry.after[0].addressee_number
    assert reason(resident_view(counter.node, counter.clerk, number, WHY)) is Reason.NOT_FOUND
    assert counter.letters == []
    assert [one.entry_id for one in pending_entries(counter.node, counter.checker)] == [view.entry_id]
    verified = verify_entry(counter.node, counter.checker, view.entry_id)
    assert (verified.state, verified.verified_by) == ("verified", "check01")
    shown = resident_view(counter.node, counter.clerk, number, WHY)
    assert shown.record == view.entry.after[0]
    assert [one.entry_id for one in shown.entries] == [view.entry_id]
    assert pending_entries(counter.node, counter.checker) == ()
    (letter,) = counter.letters
    assert letter.kind == "register.entry"
    assert [one.record.resident_record_code for one in letter.content.updates] == [
        shown.record.resident_record_code
    ]


@pytest.mark.requirement("R-276")
def test_nobody_verifies_or_rejects_an_entry_of_their_own(counter, move_in, comer):
    view = enter(counter.node, counter.both, move_in(comer(1)), draw_codes=counter.draw, reception=AT_COUNTER)
    assert reason(verify_entry(counter.node, counter.both, view.entry_id)) is Reason.SAME_PERSON
    assert reason(reject_entry(counter.node, counter.both, view.entry_id, why="x")) is Reason.SAME_PERSON
    assert entry_view(counter.node, counter.clerk, view.entry_id).state == "entered"


def test_rights_are_asked_before_anything_is_done(counter, move_in, comer):
    answer = enter(
        counter.node, counter.checker, move_in(comer(1)), draw_codes=counter.draw, reception=AT_COUNTER
    )
    assert reason(answer) is Reason.NOT_PERMITTED
    view = entered(counter, move_in(comer(1)))
    assert reason(verify_entry(counter.node, counter.clerk, view.entry_id)) is Reason.NOT_PERMITTED
    assert reason(pending_entries(counter.node, counter.admin)) is Reason.NOT_PERMITTED
    assert reason(resident_view(counter.node, counter.admin, 1, WHY)) is Reason.NOT_PERMITTED


def test_two_operators_on_one_record_the_second_draft_is_stale(counter, move_in, comer):
    people = family(counter, move_in, comer)
    first = entered(counter, MoveWithinNotice((people[2],), THERE, DAY, DAY))
    second = entered(counter, MoveWithinNotice(tuple(people), THERE, DAY, DAY))
    verify_entry(counter.node, counter.checker, second.entry_id)
    before = resident_view(counter.node, counter.clerk, people[2], WHY).record
    assert [one.stale for one in pending_entries(counter.node, counter.checker)] == [True]
    assert reason(verify_entry(counter.node, counter.checker, first.entry_id)) is Reason.CONFLICT
    assert resident_view(counter.node, counter.clerk, people[2], WHY).record == before
    assert entry_view(counter.node, counter.clerk, first.entry_id).stale
    assert withdraw_entry(counter.node, counter.clerk, first.entry_id, why="二重").state == "cancelled"


def test_a_household_that_grew_meanwhile_makes_a_draft_stale(counter, move_in, comer):
    people = family(counter, move_in, comer)
    waiting = entered(counter, MoveWithinNotice(tuple(people), THERE, DAY, DAY))
    household = resident_view(counter.node, counter.clerk, people[0], WHY).record.household_number
    done(counter, move_in(comer(4, "母"), household_number=household))
    assert reason(verify_entry(counter.node, counter.checker, waiting.entry_id)) is Reason.CONFLICT


def test_one_person_moving_in_twice_gets_one_record(counter, move_in, comer):
    done(counter, move_in(comer(1)))
    known = counter.letters[0].content.updates[0].record.resident_record_code
    again = enter(
        counter.node,
        counter.clerk,
        move_in(comer(1, resident_record_code=known)),
        draw_codes=counter.draw,
        reception=AT_COUNTER,
    )
    assert reason(again) is Reason.ALREADY_RESIDENT
    elsewhere = comer(7, resident_record_code=counter.draw(None, 1)[0])
    one, two = entered(counter, move_in(elsewhere)), entered(counter, move_in(elsewhere))
    assert verify_entry(counter.node, counter.checker, one.entry_id).state == "verified"
    assert reason(verify_entry(counter.node, counter.checker, two.entry_id)) is Reason.CONFLICT


def test_an_entry_is_decided_once(counter, move_in, comer):
    view = entered(counter, move_in(comer(1)))
    assert reject_entry(counter.node, counter.checker, view.entry_id, why="紙と違う").outcome == "紙と違う"
    assert reason(verify_entry(counter.node, counter.checker, view.entry_id)) is Reason.NOT_PENDING
    assert reason(verify_entry(counter.node, counter.checker, "none")) is Reason.NOT_FOUND
    other = entered(counter, move_in(comer(2)))
    assert reason(withdraw_entry(counter.node, counter.both, other.entry_id, why="")) is Reason.NOT_PERMITTED


def test_a_refused_notice_leaves_no_trace(counter, move_in, comer):
    answer = enter(
        counter.node, counter.clerk, move_in(comer(1, "妻")), draw_codes=counter.draw, reception=AT_COUNTER
    )
    assert reason(answer) is Reason.HOUSEHOLDER_MISSING
    assert counter.lines() == []
    assert pending_entries(counter.node, counter.checker) == ()


@pytest.mark.requirement("R-263")
def test_each_step_leaves_a_ledger_line_per_person(counter, move_in, comer):
    view = done(counter, move_in(comer(1), comer(2, "妻")))
    codes = [str(one.resident_record_code) for one in view.entry.after]
    assert counter.lines() == [
        ("register:change:entered", "clerk01", codes[0]),
        ("register:change:entered", "clerk01", codes[1]),
        ("register:change:verified", "check01", codes[0]),
        ("register:change:verified", "check01", codes[1]),
    ]


def test_a_letter_that_cannot_be_posted_leaves_the_entry_waiting(counter, move_in, comer, monkeypatch):
    view = entered(counter, move_in(comer(1)))

    def broken(_unit, _node, _letters):
        raise RuntimeError("outbox")

    monkeypatch.setattr("daicho.nodes.registry.records.post_letters", broken)
    with pytest.raises(RuntimeError):
        verify_entry(counter.node, counter.checker, view.entry_id)
    assert entry_view(counter.node, counter.clerk, view.entry_id).state == "entered"
    assert len(counter.lines()) == 1


@pytest.mark.requirement("R-277")
def test_a_correction_uses_one_permission_of_another_person_once(counter, move_in, comer):
    people = family(counter, move_in, comer)
    what = "生年月日の誤記"
    assert reason(permit_correction(counter.node, counter.clerk, people[0], what)) is Reason.NOT_PERMITTED
    permit = permit_correction(counter.node, counter.officer, people[0], what)
    wrong = Correction(people[1], DAY, permit.permit_id, what, birth_date=PartialDate(1990, 1, 3))
    answer = enter(counter.node, counter.clerk, wrong, draw_codes=counter.draw)
    assert reason(answer) is Reason.PERMIT_MISSING
    right = Correction(people[0], DAY, permit.permit_id, what, birth_date=PartialDate(1990, 1, 3))
    view = done(counter, right)
    assert (view.entry.before[0].birth_date.day, view.entry.after[0].birth_date.day) == (2, 3)
    again = Correction(people[0], DAY, permit.permit_id, what, birth_date=PartialDate(1990, 1, 4))
    assert reason(enter(counter.node, counter.clerk, again, draw_codes=counter.draw)) is Reason.PERMIT_MISSING
    assert ("register:correction:permitted", "officer01", str(view.entry.after[0].resident_record_code)) in (
        counter.lines()
    )


def test_a_cancellation_compensates_and_can_be_done_once(counter, move_in, comer):
    view = done(counter, move_in(comer(1)))
    number = view.entry.after[0].addressee_number
    done(counter, Cancellation(view.entry_id, DAY, "錯誤"))
    shown = resident_view(counter.node, counter.clerk, number, WHY)
    assert not shown.record.living
    assert [one.version for one in shown.versions] == [1, 2]
    again = enter(counter.node, counter.clerk, Cancellation(view.entry_id, DAY, ""), draw_codes=counter.draw)
    assert reason(again) is Reason.ALREADY_CANCELLED


def test_a_record_as_of_a_legal_day_and_as_known_at_an_instant(counter, move_in, comer, clock):
    people = family(counter, move_in, comer)
    first_known = clock.now()
    clock.move(timedelta(days=3))
    moved = MoveWithinNotice(tuple(people), THERE, date(2026, 11, 15), date(2026, 11, 23))
    done(counter, moved)

    def town(legal_day, recorded_at):
        found = resident_as_of(
            counter.node, counter.clerk, people[0], WHY, legal_day=legal_day, recorded_at=recorded_at
        )
        return found.reason if isinstance(found, Refusal) else found.record.current_address.town

    assert town(date(2026, 11, 14), clock.now()) == "架空町一丁目"
    assert town(date(2026, 11, 15), clock.now()) == "想像町二丁目"
    assert town(date(2026, 11, 15), first_known) == "架空町一丁目"
    assert town(date(2026, 11, 9), clock.now()) is Reason.NOT_FOUND


@pytest.mark.requirement("R-279")
def test_a_search_says_its_purpose_first_and_leaves_a_line_per_person_shown(counter, move_in, comer):
    family(counter, move_in, comer)
    born = PartialDate(1990, 1, 2)
    terms = ResidentTerms(kana="らいほう", birth_date=born)
    silent = search_residents(counter.node, counter.clerk, terms, Purpose("", "法22条"))
    assert reason(silent) is Reason.PURPOSE_MISSING
    alone = search_residents(counter.node, counter.clerk, ResidentTerms(kana="ライホウ"), WHY)
    assert reason(alone) is Reason.TOO_FEW_SEARCH_TERMS
    place = ResidentTerms(address="架空町", birth_date=born)
    assert reason(search_residents(counter.node, counter.clerk, place, WHY)) is Reason.TOO_FEW_SEARCH_TERMS
    before = len(counter.lines())
    found = search_residents(counter.node, counter.clerk, terms, WHY)
    assert [one.name.kanji for one in found.records] == ["来訪　1号", "来訪　2号", "来訪　3号"]
    assert not found.narrow
    assert len(counter.lines()) == before + 3
    by_kanji = ResidentTerms(kanji="来訪2", address="架空町一丁目")
    assert len(search_residents(counter.node, counter.clerk, by_kanji, WHY).records) == 1
    nobody = ResidentTerms(kanji="不在", address="架空町一丁目")
    assert search_residents(counter.node, counter.clerk, nobody, WHY).records == ()


def test_no_answer_is_given_when_the_ledger_cannot_be_written(counter, move_in, comer, monkeypatch):
    people = family(counter, move_in, comer)

    def full(_unit, _node, _facts):
        raise OSError("disk full")

    monkeypatch.setattr("daicho.nodes.registry.residents.note_many", full)
    with pytest.raises(OSError, match="disk full"):
        resident_view(counter.node, counter.clerk, people[0], WHY)


def test_sql_and_html_in_a_name_stay_a_name(counter, move_in, comer):
    nasty = comer(1)
    name = type(nasty.name)(kanji="'; DROP TABLE register.resident; --<script>alert(1)</script>")
    person = type(nasty)(name, nasty.birth_date, nasty.sex, nasty.relationship)
    view = done(counter, move_in(person))
    terms = ResidentTerms(kanji="'; DROP TABLE", birth_date=PartialDate(1990, 1, 2))
    (found,) = search_residents(counter.node, counter.clerk, terms, WHY).records
    assert found.name.kanji == name.kanji
    assert view.entry.after[0].name.kanji == name.kanji


def test_a_code_change_reaches_the_record_and_the_letter(counter, move_in, comer):
    people = family(counter, move_in, comer)
    code = counter.letters[0].content.updates[0].record.resident_record_code
    number = IndividualNumber(with_check_digit("12345678901"))
    with counter.node.store.unit() as unit:
        receive_number(unit, counter.node, code, number, peer="cs")
    view = done(counter, CodeChange(people[0], DAY, True))
    update = counter.letters[-1].content.updates[0]
    assert update.individual_number == number
    assert update.record.old_resident_record_code == view.entry.before[0].resident_record_code
    done(counter, CodeChange(people[0], DAY, True))
    assert counter.letters[-1].content.updates[0].individual_number == number


def test_a_changed_relationship_reaches_the_cs_and_nobody_above(counter, move_in, comer):
    people = family(counter, move_in, comer)
    told = (HouseholdRelation(people[0], "夫"), HouseholdRelation(people[2], "子"))
    household = counter.letters[0]
    record = resident_view(counter.node, counter.clerk, people[0], WHY).record
    done(counter, HouseholderChange(record.household_number, people[1], told, DAY, DAY))
    letter = counter.letters[-1]
    assert letter is not household
    assert letter.content.updates == ()
    assert sorted(one.cs_items.relationship for one in letter.content.revisions) == ["世帯主", "夫"]


@pytest.mark.requirement("R-032", "R-036")
def test_one_record_is_found_by_individual_number_and_the_number_is_not_shown(counter, move_in, comer):
    family(counter, move_in, comer)
    code = counter.letters[0].content.updates[0].record.resident_record_code
    number = IndividualNumber(with_check_digit("12345678901"))
    other = IndividualNumber(with_check_digit("22345678901"))
    with counter.node.store.unit() as unit:
        receive_number(unit, counter.node, code, number, peer="cs")
    found = search_residents(counter.node, counter.clerk, ResidentTerms(individual_number=number), WHY)
    assert [one.resident_record_code for one in found.records] == [code]
    assert number not in str(encode(found.records))
    nobody = search_residents(counter.node, counter.clerk, ResidentTerms(individual_number=other), WHY)
    assert nobody.records == ()
    refused = search_residents(counter.node, counter.checker, ResidentTerms(individual_number=number), WHY)
    assert reason(refused) is Reason.NOT_PERMITTED


def test_two_verifications_at_one_instant_let_one_change_stand(counter, move_in, comer):
    people = family(counter, move_in, comer)
    drafts = [
        entered(counter, MoveWithinNotice(tuple(people), THERE, DAY, DAY)).entry_id,
        entered(counter, CodeChange(people[2], DAY, True)).entry_id,
        entered(counter, CodeChange(people[1], DAY, True)).entry_id,
    ]
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda one: verify_entry(counter.node, counter.checker, one), drafts))
    stood = [one for one in answers if isinstance(one, EntryView)]
    assert len(stood) == 1
    assert {one.reason for one in answers if isinstance(one, Refusal)} == {Reason.CONFLICT}
    shown = resident_view(counter.node, counter.clerk, people[0], WHY)
    assert {len(shown.versions), shown.record.update_sequence} <= {1, 2}
    assert len(counter.letters) == 2
