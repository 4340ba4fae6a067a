"""支援措置: the own CS learns whose address is kept back, and no operator without the right finds it there."""

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from tests.nodes.mailroom.conftest import make_member
from tests.nodes.registry.conftest import AT_COUNTER, DAY, HERE, HOME
from tests.nodes.registry.test_protection import OFFICER, SECOND, arrived
from tests.nodes.registry.test_protection_reach import OFFICER_AND_CLERK, applied, parted
from tests.store.test_identity import code_of, person

from daicho.faces.desks.look_up import NATION, OWN, PeopleDesk
from daicho.faces.terminal.desk import Seat, Why
from daicho.nodes.cs.intake import take_kept_back
from daicho.nodes.mailroom.receiving import ACCEPTED, SUPERSEDED
from daicho.nodes.registry import protection
from daicho.nodes.registry.counter import EntryView, enter, verify_entry
from daicho.nodes.registry.telling_cs import KIND, keep_cs_told
from daicho.rules.identity.inquiry import ROWS_OF_MANY
from daicho.rules.identity.record import RecordState
from daicho.rules.identity.search import AddressTerm, BirthTerm, NameTerm, SearchTerms, page
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.network.kinds import NodeKind
from daicho.rules.operators.authority import Operator, Role
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.dates import PartialDate
from daicho.rules.protection.measure import EndCause
from daicho.rules.protection.veil import WITHHELD
from daicho.rules.register.move_in import MoveInNotice
from daicho.store import identity
from daicho.store.identity import Replacement
from daicho.wire.codecs.identity import KeptBack
from daicho.wire.codecs.letters import encode
from daicho.wire.operations import LookUpAnswer, LookUpRow, RefusedAnswer

SECRET = "丸の内九丁目9番9号"
BORN = PartialDate(1970, 3, 10)
WHY = Why("本人確認", "own/30-6")
CLERK = Seat(Operator("clerk01", "k1", (Role.CLERK,)), "t1")
BOTH = Seat(Operator("shien01", "p1", (Role.CLERK, Role.PROTECTION_OFFICER)), "t1")


@pytest.fixture
def family(counter, move_in, comer):
    return arrived(counter, move_in(comer(1), comer(2, "妻"), comer(3, "子")))


def told(counter):
    return [one.content for one in counter.letters if one.kind == KIND]


def codes(people):
    return tuple(sorted(one.resident_record_code for one in people))


def test_the_cs_is_told_at_once_and_again_when_a_household_has_changed(counter, family):
    node = counter.node
    measure = applied(counter, family[1])
    assert [one.codes for one in told(counter)] == [codes(family)]
    keep_cs_told(node)
    assert len(told(counter)) == 1, "nothing is told twice"
    arrived_again(counter, parted(family[2]))
    keep_cs_told(node)
    assert len(told(counter)) == 1, "under the roof everybody is kept back as before"
    (asked,) = protection.ask_for_end(node, OFFICER, measure.number, "本人の申出", EndCause.WITHDRAWN)
    protection.decide_on_proposal(node, SECOND, asked, accept=True)
    first, last = told(counter)
    second = int(node.clock.now().timestamp())
    assert [(one.codes, one.told) for one in (first, last)] == [(codes(family), second), ((), second + 1)]


def test_the_cs_is_told_daily_so_that_neither_rests_on_a_copy_to_which_the_other_was_set_back(
    counter, family
):
    applied(counter, family[1])
    clock = counter.node.clock
    clock.instant += timedelta(hours=23)
    keep_cs_told(counter.node)
    assert len(told(counter)) == 1
    clock.instant += timedelta(hours=1)
    keep_cs_told(counter.node)
    keep_cs_told(counter.node)
    first, again = told(counter)
    assert (again.codes, again.told) == (first.codes, first.told + 86_400)


def test_a_town_without_measures_tells_nobody_anything(counter, family):
    counter.node.clock.instant += timedelta(days=30)
    keep_cs_told(counter.node)
    assert told(counter) == []


def test_the_cs_hears_whose_address_is_kept_back_before_it_hears_the_address(counter, family, comer):
    applied(counter, family[1])
    before = len(counter.letters)
    newcomer = MoveInNotice(
        (comer(7, "子"),), HERE, date(2026, 11, 10), DAY, "北海道函館市", MunicipalityCode("01202"),
        household_number=family[0].household_number,
    )  # fmt: skip
    arrived_again(counter, newcomer)
    kinds = [one.kind for one in counter.letters[before:]]
    assert kinds[0] == KIND
    assert len(kinds) > 1
    assert set(codes(family)) < set(told(counter)[-1].codes)


def arrived_again(counter, notice):
    """Let both hands be of those who have the right."""
    entered = enter(counter.node, OFFICER_AND_CLERK, notice, draw_codes=counter.draw, reception=AT_COUNTER)
    assert isinstance(verify_entry(counter.node, SECOND, entered.entry_id), EntryView)


@pytest.fixture
def cs(database, clock):
    store = database("cs")
    node = SimpleNamespace(
        me=replace(make_member("cs", NodeKind.CS)[0], municipality=HOME), store=store, clock=clock,
        bases=SimpleNamespace(rows_for_body=lambda *_: [], row=lambda *_: None),
    )  # fmt: skip
    living = {
        "record_state": RecordState.LIVING,
        "birth_date": BORN,
        "municipality_code": MunicipalityCode("13101"),
    }
    with store.unit() as unit:
        identity.save(
            unit,
            [
                Replacement(person(1, name_kanji="渡辺　花", address=SECRET, **living)),
                Replacement(person(2, name_kanji="渡辺　一", address="丸の内一丁目1番", **living)),
            ],
        )
    return node


def hear(node, told_as, *numbers, kind=NodeKind.REGISTRY):
    letter = encode(KeptBack(tuple(map(code_of, numbers)), told_as))
    with node.store.unit() as unit:
        return take_kept_back(unit, node, make_member("x", kind)[0], letter)


BY_NAME = SearchTerms(name=NameTerm(kanji="渡辺"), birth=BirthTerm(BORN))
BY_ADDRESS = replace(BY_NAME, address=AddressTerm(HOME, beginning="丸の内"))


@pytest.mark.parametrize("terms", [BY_NAME, BY_ADDRESS], ids=["by name", "by address"])
def test_whoever_looks_up_at_the_cs_learns_no_protected_address_unless_they_may(cs, terms):
    assert hear(cs, 1, 1) == ACCEPTED
    desk = PeopleDesk(cs)
    seen = {one.name_kanji: one for one in desk.search(CLERK, terms, WHY, OWN).rows}
    if terms is BY_ADDRESS:
        assert seen.keys() == {"渡辺　一"}
    else:
        assert seen["渡辺　花"].address == WITHHELD
        opened = desk.record(CLERK, seen["渡辺　花"].ref, WHY)
        assert opened.address == WITHHELD
        assert isinstance(desk.reveal_code(CLERK, seen["渡辺　花"].ref, WHY), Refusal)
    whole = {one.name_kanji: one.address for one in desk.search(BOTH, terms, WHY, OWN).rows}
    assert whole == {"渡辺　花": SECRET, "渡辺　一": "丸の内一丁目1番"}


def answered(monkeypatch, *people, refused="", more=False):
    """Let the nation answer with some people; gather what it was asked."""
    rows = [
        LookUpRow(
            {"name": "渡辺　花", "address": SECRET, "birth_date": str(BORN), "municipality_code": "01202"}
            | one
        )
        for one in people
    ]
    why_not = RefusedAnswer(refused, "住民基本台帳法", "30-10") if refused else None
    asked = []

    def ask(_node, request):
        asked.append(request)
        return LookUpAnswer("a", "x/1", rows, more, why_not)

    monkeypatch.setattr("daicho.faces.desks.look_up.ask_nation", ask)
    return asked


def named(number, name="渡辺　花"):
    return {"name": name, "resident_record_code": str(code_of(number))}


ABROAD = Why("本人確認", "30-10/1-4")


@pytest.mark.parametrize(
    "row",
    [named(1), named(9), named(9, "別姓　花"), {}],
    ids=["their code", "a new code", "a new code and surname", "no code"],
)
def test_of_whom_the_registry_keeps_back_the_nation_tells_nobody_without_the_right(cs, monkeypatch, row):
    """Not even in which municipality they live by now, nor by telling of them under one article and not the other."""
    asked, desk = answered(monkeypatch, row), PeopleDesk(cs)
    (before,) = desk.search(CLERK, BY_NAME, ABROAD, NATION).rows
    assert before.municipality, "nobody is protected here yet"
    hear(cs, 1, 1)
    for terms in (BY_NAME, BY_ADDRESS):
        assert desk.search(CLERK, terms, ABROAD, NATION).rows == ()
    now = desk.record(CLERK, before.ref, ABROAD)
    assert (now.municipality, now.address) == ("", WITHHELD)
    (whole,) = desk.search(BOTH, BY_NAME, ABROAD, NATION).rows
    assert (whole.address, whole.municipality) == (SECRET, before.municipality)
    assert all(one.without_number for one in asked), "no number is fetched that no page shows"


def test_that_somebody_is_out_of_reach_does_not_say_where_whoever_is_kept_back_does_not_live(cs, monkeypatch):
    answered(monkeypatch, refused="PERSON_OUT_OF_REACH")
    desk = PeopleDesk(cs)
    new, known = (SearchTerms(code=code_of(number)) for number in (9, 2))
    assert isinstance(desk.search(CLERK, BY_NAME, ABROAD, NATION), Refusal), "nobody is kept back"
    hear(cs, 1, 1)
    for terms in (BY_NAME, new):
        assert desk.search(CLERK, terms, ABROAD, NATION).rows == ()
        assert isinstance(desk.search(BOTH, terms, ABROAD, NATION), Refusal)
    assert isinstance(desk.search(CLERK, known, ABROAD, NATION), Refusal)


def test_by_the_code_of_whoever_is_kept_back_the_nation_is_not_asked(cs, monkeypatch):
    asked = answered(monkeypatch, named(1))
    hear(cs, 1, 1)
    refusal = PeopleDesk(cs).search(CLERK, SearchTerms(code=code_of(1)), ABROAD, NATION)
    assert (refusal.reason, asked) == (Reason.PROTECTED, [])


def test_others_are_told_of_and_a_full_page_does_not_betray_who_is_left_out(cs, monkeypatch):
    answered(
        monkeypatch, named(1), *(named(number, f"渡辺　{number}") for number in range(10, 40)), more=True
    )
    desk = PeopleDesk(cs)
    hear(cs, 1, 1)
    found = desk.search(CLERK, BY_NAME, ABROAD, NATION)
    assert (len(found.rows), found.narrow, found.rows[0].address) == (ROWS_OF_MANY, True, SECRET)


def test_an_earlier_list_that_comes_late_changes_nothing_and_only_the_own_registry_is_heard(cs):
    assert hear(cs, 2, 1) == ACCEPTED
    assert hear(cs, 1) == SUPERSEDED
    assert hear(cs, 3, kind=NodeKind.CS).outcome != ACCEPTED.outcome
    (seen,) = (
        one for one in PeopleDesk(cs).search(CLERK, BY_NAME, WHY, OWN).rows if one.name_kanji == "渡辺　花"
    )
    assert seen.address == WITHHELD
    assert hear(cs, 3) == ACCEPTED
    (seen,) = (
        one for one in PeopleDesk(cs).search(CLERK, BY_NAME, WHY, OWN).rows if one.name_kanji == "渡辺　花"
    )
    assert seen.address == SECRET


@pytest.mark.parametrize(("town", "found"), [("13101", 0), ("01202", 1)])
def test_of_an_answer_without_a_code_nobody_of_this_town_is_told(cs, monkeypatch, town, found):
    answered(monkeypatch, {"name": "渡辺　別", "municipality_code": town})
    desk = PeopleDesk(cs)
    assert len(desk.search(CLERK, BY_NAME, ABROAD, NATION).rows) == 1, "nobody is protected here yet"
    hear(cs, 1, 1)
    assert len(desk.search(CLERK, BY_NAME, ABROAD, NATION).rows) == found
    assert len(desk.search(BOTH, BY_NAME, ABROAD, NATION).rows) == 1


def test_a_list_that_is_older_than_a_measure_shows_what_holds_now(cs):
    desk = PeopleDesk(cs)
    (before,) = (one for one in desk.search(CLERK, BY_NAME, WHY, OWN).rows if one.name_kanji == "渡辺　花")
    assert desk.record(CLERK, before.ref, WHY).address == SECRET
    hear(cs, 1, 1)
    assert desk.record(CLERK, before.ref, WHY).address == WITHHELD
    assert isinstance(desk.reveal_code(CLERK, before.ref, WHY), Refusal)
    assert desk.record(BOTH, before.ref, WHY).address == SECRET


def test_more_is_told_of_those_only_who_may_be_found(cs, monkeypatch):
    monkeypatch.setattr("daicho.faces.desks.look_up.ROWS_SHOWN", 1)
    monkeypatch.setattr("daicho.faces.desks.look_up.page", lambda rows: page(rows, 1))
    desk = PeopleDesk(cs)
    assert desk.search(CLERK, BY_ADDRESS, WHY, OWN).narrow
    hear(cs, 1, 1)
    found = desk.search(CLERK, BY_ADDRESS, WHY, OWN)
    assert ([one.name_kanji for one in found.rows], found.narrow) == (["渡辺　一"], False)
