"""閲覧 over a real register: approved by a second person, four items, without the protected, a line for everybody read."""

from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from tests.nodes.registry.conftest import DAY, HERE, HOME
from tests.nodes.registry.test_certificates import NUMBER
from tests.nodes.registry.test_notices import changed
from tests.nodes.registry.test_protection import OFFICER, SECOND, application, arrived
from tests.rules.inspection.test_inspection import PUBLIC, RESEARCH, RESIDENCE, SECRET

from daicho.nodes.registry import protection
from daicho.nodes.registry.papers import inspections, till
from daicho.nodes.registry.papers.inspections import InspectionCase, ReadList
from daicho.nodes.registry.papers.till import TillSeen
from daicho.rules.certificates.till import Means, TillCount
from daicho.rules.inspection.application import InspectionScope
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.addresses import Address
from daicho.rules.people.sex import Sex
from daicho.rules.protection.measure import EndCause
from daicho.rules.register.household_change import HouseholdChangeNotice, HouseholdMove
from daicho.rules.register.move_within import MoveWithinNotice

AREA = InspectionScope((HERE.town,))
ELSEWHERE = Address(HOME, "想像町二丁目", "4番5号", "", "1000002", "")


@pytest.fixture
def family(counter, move_in, comer):
    return arrived(counter, move_in(comer(1), comer(2, "妻"), comer(3, "子")))


def asked(counter, told=PUBLIC, **items):
    number = inspections.apply_to_inspect(
        counter.node, counter.clerk, replace(told, **{"scope": AREA, **items})
    )
    assert isinstance(number, str), number
    return number


def approved(counter, told=PUBLIC, **items):
    number = asked(counter, told, **items)
    refusal = inspections.decide_on_inspection(counter.node, counter.checker, number, accept=True)
    assert refusal is None
    return number


def read(counter, number, operator=None, present=None, *, identity_shown=True):
    names = present if present is not None else [one.name for one in PUBLIC.readers]
    return inspections.read_inspection_list(
        counter.node, operator or counter.clerk, number, names, identity_shown=identity_shown
    )


def names_on(counter, number, operator=None):
    found = read(counter, number, operator)
    assert isinstance(found, ReadList), found
    return [line.name for line in found.lines]


def shown(counter):
    return [subject for event, _, subject in counter.lines() if event == "inspection:list:shown"]


def test_a_list_is_read_when_a_second_person_has_approved_and_everybody_on_it_can_know(counter, family):
    number = asked(counter)
    assert read(counter, number).reason is Reason.NOT_PENDING
    assert inspections.decide_on_inspection(counter.node, counter.checker, number, accept=True) is None
    found = read(counter, number)
    assert [(one.name, one.address) for one in found.lines] == [
        (one.name.kanji, one.current_address.one_line()) for one in family
    ]
    assert sorted(shown(counter)) == sorted(str(one.resident_record_code) for one in family)
    assert all(str(one.resident_record_code) not in str(found) for one in family)
    assert str(NUMBER) not in str(found)
    case = inspections.inspection_case(counter.node, counter.checker, number)
    assert isinstance(case, InspectionCase)
    assert [(one.place, one.readers, one.people, one.by) for one in case.readings] == [
        (1, ["閲覧　一"], 3, "clerk01"),
    ]
    # A page that is loaded again is no second reading; whoever was on it is told all the same.
    read(counter, number)
    case = inspections.inspection_case(counter.node, counter.checker, number)
    assert [one.place for one in case.readings] == [1]
    assert len(shown(counter)) == 2 * len(family)
    assert len(inspections.inspection_report(counter.node, counter.clerk, 2026)) == 1


def test_nobody_approves_an_own_entry(counter, family):
    number = inspections.apply_to_inspect(counter.node, counter.both, replace(PUBLIC, scope=AREA))
    decide = inspections.decide_on_inspection
    assert decide(counter.node, counter.both, number, accept=True).reason is Reason.SAME_PERSON
    assert decide(counter.node, counter.clerk, number, accept=True).reason is Reason.NOT_PERMITTED
    assert decide(counter.node, counter.checker, number, accept=False).field == "why"
    assert decide(counter.node, counter.checker, number, accept=False, why="公益性が認められない") is None
    again = decide(counter.node, counter.checker, number, accept=True)
    assert (again.reason, again.detail) == (Reason.NOT_PENDING, "DECLINED")
    assert read(counter, number).reason is Reason.NOT_PENDING
    with (
        counter.node.store.unit() as unit,
        pytest.raises(psycopg.errors.CheckViolation),
        unit.connection.transaction(),
    ):
        unit.execute("update register.inspection set decided_by = asked_by")


def test_only_who_was_named_reads_on_a_day_that_was_asked_for(counter, family, clock):
    number = approved(counter, inspect_on=DAY + timedelta(days=3))
    assert read(counter, number).field == "inspect_on"
    clock.move(timedelta(days=3))
    assert read(counter, number, present=["通行　人"]).reason is Reason.NOT_ENTITLED
    assert read(counter, number, identity_shown=False).reason is Reason.IDENTITY_NOT_PROVEN
    assert shown(counter) == []
    assert len(names_on(counter, number)) == 3
    clock.move(timedelta(days=31))
    assert read(counter, number).reason is Reason.TOO_LATE


def nobody_on(counter, number):
    refused = read(counter, number)
    return isinstance(refused, Refusal) and (refused.reason, refused.field) == (Reason.NOT_FOUND, "area")


def refused_at_once(counter, **items):
    return inspections.apply_to_inspect(counter.node, counter.clerk, replace(PUBLIC, **items))


def test_whoever_is_not_in_the_scope_is_not_on_the_list(counter, family):
    for scope in (InspectionScope(("想像町",)), InspectionScope((HERE.town,), sex=Sex.FEMALE)):
        refused = refused_at_once(counter, scope=scope)
        assert (refused.reason, refused.field) == (Reason.NOT_FOUND, "area")
    moved = MoveWithinNotice((family[2].addressee_number,), ELSEWHERE, DAY, DAY)
    changed(counter, moved)
    number = approved(counter)
    assert names_on(counter, number) == [one.name.kanji for one in family[:2]]


@pytest.mark.parametrize("who", ["clerk", "keeper"])
def test_nobody_protected_and_nobody_who_lives_with_them_is_on_it_whoever_makes_it(
    counter, family, move_in, comer, who
):
    (other,) = arrived(counter, move_in(comer(9)))
    operator = (
        counter.clerk if who == "clerk" else replace(SECOND, roles=(*SECOND.roles, *counter.clerk.roles))
    )
    number = approved(counter)
    assert len(names_on(counter, number, operator)) == 4
    protection.apply_for_protection(counter.node, OFFICER, application(family[1]))
    assert names_on(counter, number, operator) == [other.name.kanji]
    assert len(shown(counter)) == 5


def test_whoever_parted_the_household_and_stayed_under_the_roof_is_not_on_it(counter, family):
    split = HouseholdChangeNotice(HouseholdMove.SPLIT, (family[2].addressee_number,), DAY, DAY)
    changed(counter, split)
    number = approved(counter)
    protection.apply_for_protection(counter.node, OFFICER, application(family[1]))
    assert nobody_on(counter, number)


def test_a_release_opens_the_record_for_a_clerk_and_not_the_list_for_strangers(counter, family):
    number = approved(counter)
    protection.apply_for_protection(counter.node, OFFICER, application(family[1]))
    (proposal,) = protection.ask_for_release(
        counter.node, counter.clerk, family[1].addressee_number, "窓口に来庁", 30
    )
    done = protection.decide_on_proposal(counter.node, OFFICER, proposal, accept=True)
    assert not isinstance(done, Refusal), done
    assert nobody_on(counter, number)


def test_whoever_is_protected_no_more_is_on_it_again(counter, family):
    number = approved(counter)
    made = protection.apply_for_protection(counter.node, OFFICER, application(family[1]))
    assert nobody_on(counter, number)
    (proposal,) = protection.ask_for_end(counter.node, OFFICER, made.number, "申出", EndCause.WITHDRAWN)
    assert not isinstance(protection.decide_on_proposal(counter.node, SECOND, proposal, accept=True), Refusal)
    assert len(names_on(counter, number)) == 3


def test_an_area_that_is_too_large_is_refused_and_nobody_is_shown(counter, family, monkeypatch):
    number = approved(counter)
    monkeypatch.setattr(inspections, "LOOKED_AT_ROWS", 2)
    refused = read(counter, number)
    assert (refused.reason, refused.field) == (Reason.SCOPE_TOO_WIDE, "area")
    assert refused_at_once(counter, scope=AREA).reason is Reason.SCOPE_TOO_WIDE
    monkeypatch.setattr(inspections, "LOOKED_AT_ROWS", 5_000)
    monkeypatch.setattr(inspections, "MOST_LINES", 2)
    assert read(counter, number).reason is Reason.SCOPE_TOO_WIDE
    assert shown(counter) == []
    case = inspections.inspection_case(counter.node, counter.clerk, number)
    assert case.readings == ()


def test_the_public_hears_what_the_act_wants_of_a_year_and_nothing_of_residents(counter, family, clock):
    readers = {"readers": PUBLIC.readers}
    for told in (PUBLIC, SECRET, replace(RESEARCH, **readers), replace(RESIDENCE, **readers)):
        assert len(names_on(counter, approved(counter, told))) == 3
    approved(counter)  # nobody came
    rows = inspections.inspection_report(counter.node, counter.clerk, 2026)
    assert [(one.body, one.inspected_on) for one in rows] == [("架空省", DAY), ("架空新聞社", DAY)]
    assert family[0].name.kanji not in str(rows)
    assert inspections.inspection_report(counter.node, counter.clerk, 2025) == ()
    clock.move(timedelta(days=200))
    assert len(inspections.inspection_report(counter.node, counter.clerk, 2026)) == 2


def test_several_areas_and_years_of_birth_narrow_before_anything_is_counted(counter, family, monkeypatch):
    changed(counter, MoveWithinNotice((family[2].addressee_number,), ELSEWHERE, DAY, DAY))
    both = InspectionScope((HERE.town, ELSEWHERE.town))
    assert len(names_on(counter, approved(counter, scope=both))) == 3
    born = family[2].birth_date.whole
    monkeypatch.setattr(inspections, "LOOKED_AT_ROWS", 1)
    assert refused_at_once(counter, scope=both).reason is Reason.SCOPE_TOO_WIDE
    alone = InspectionScope((ELSEWHERE.town,), born, born)
    assert names_on(counter, approved(counter, scope=alone)) == [family[2].name.kanji]


def test_what_was_asked_is_withdrawn_and_an_approval_revoked_with_a_reason(counter, family):
    end, number = inspections.end_inspection, asked(counter)
    assert end(counter.node, counter.clerk, number, " ").field == "ended_why"
    assert end(counter.node, counter.clerk, number, "申出者の都合") is None
    refused = inspections.decide_on_inspection(counter.node, counter.checker, number, accept=True)
    assert (refused.reason, refused.detail) == (Reason.NOT_PENDING, "WITHDRAWN")
    number = approved(counter)
    assert len(names_on(counter, number)) == 3
    assert end(counter.node, counter.clerk, number, "目的外利用").reason is Reason.NOT_PERMITTED
    assert end(counter.node, counter.checker, number, "目的外利用") is None
    assert read(counter, number).detail == "REVOKED"
    assert end(counter.node, counter.checker, number, "x").reason is Reason.NOT_PENDING
    case = inspections.inspection_case(counter.node, counter.clerk, number)
    assert (case.state, case.decided_by, case.ended_by, case.ended_why) == (
        "revoked", "check01", "check01", "目的外利用",
    )  # fmt: skip
    assert len(case.readings) == 1


def test_what_an_inspection_costs_is_in_one_cash_up(counter, family):
    number = approved(counter, RESEARCH, readers=PUBLIC.readers)
    names = [one.name for one in PUBLIC.readers]
    for _ in range(2):
        found = inspections.read_inspection_list(
            counter.node, counter.clerk, number, names, identity_shown=True, fee_yen=900
        )
        assert isinstance(found, ReadList), found
    account = till.till_overview(counter.node, counter.clerk, DAY, DAY).account
    assert (account.inspections, account.due_yen(Means.CASH), account.papers) == (1, 900, 0)
    closing = till.close_till(counter.node, counter.clerk, TillSeen(0, 900), TillCount(900, 0), "")
    assert closing.account.inspection_fees_yen == 900
    assert till.till_overview(counter.node, counter.clerk, DAY, DAY).account.inspections == 0
    assert till.decide_on_till(counter.node, counter.both, closing.number, accept=False, why="x") is None
    assert till.till_overview(counter.node, counter.clerk, DAY, DAY).account.inspections == 1
    public = approved(counter)
    refused = inspections.read_inspection_list(
        counter.node, counter.clerk, public, names, identity_shown=True, fee_yen=1
    )
    assert refused.field == "fee_yen"


@pytest.mark.parametrize("operator", ["officer", "admin"])
def test_whoever_handles_no_inspections_sees_none(counter, operator):
    who, node = getattr(counter, operator), counter.node
    for answer in (
        inspections.inspection_overview(node, who),
        inspections.inspection_case(node, who, "x"),
        inspections.apply_to_inspect(node, who, PUBLIC),
        inspections.decide_on_inspection(node, who, "x", accept=True),
        inspections.read_inspection_list(node, who, "x", ["閲覧　一"], identity_shown=True),
        inspections.inspection_report(node, who, 2026),
        inspections.end_inspection(node, who, "x", "x"),
    ):
        assert isinstance(answer, Refusal)
        assert answer.reason is Reason.NOT_PERMITTED
