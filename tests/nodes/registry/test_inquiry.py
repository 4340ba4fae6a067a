"""R-009: a clerk asks the Agency about somebody, with a line at every node that the answer passes."""

import json
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec import structs
from tests.nodes.mailroom.conftest import make_member
from tests.nodes.registry.conftest import DAY, HOME, code, lines_about
from tests.nodes.registry.test_genuineness import OFFICER_AND_CLERK, hold, number_of
from tests.nodes.registry.test_line_down import Refusing, Silence
from tests.nodes.registry.test_protection import OFFICER, application, arrived
from tests.store.test_identity import person as known

from daicho.faces.desks.letters import OwnHistoryDesk
from daicho.faces.terminal.desk import Seat
from daicho.nodes.cs import asking as carrying
from daicho.nodes.cs.asking import carry_look_up
from daicho.nodes.keeping.provide import provide
from daicho.nodes.keeping.terms import to_text
from daicho.nodes.national.compose import asking_of
from daicho.nodes.registry import protection
from daicho.nodes.registry.bodies import forwarded_body
from daicho.nodes.registry.inquiry import asking
from daicho.nodes.registry.inquiry.asking import AgencyAnswer, Inquiry, ask_agency
from daicho.nodes.registry.residents import Purpose
from daicho.nodes.watch.assembly import bases
from daicho.rules.identity.inquiry import ROWS_OF_MANY, InquiryAffair, InquiryBasis
from daicho.rules.identity.record import RecordState
from daicho.rules.identity.search import ROWS_SHOWN, AddressTerm, BirthTerm, NameTerm, SearchTerms
from daicho.rules.law.refusal import Reason
from daicho.rules.network.kinds import NodeKind, Relation, may_call
from daicho.rules.operators.authority import Operator, Role
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.dates import PartialDate
from daicho.rules.protection.forwarding import (
    ForwardedNotice,
    ForwardedParty,
    ForwardedPerson,
    ForwardedPlace,
    ForwardStanding,
)
from daicho.rules.protection.measure import AddressRole, ProtectionGround
from daicho.store import audit, forwarding, identity
from daicho.store.forwarding import ReceivedForward
from daicho.store.identity import Replacement
from daicho.wire.operations import IDENTITY_LOOK_UP, LookUpRequest
from daicho.wire.vault import Vault

WHY = Purpose("異動届の受付", InquiryBasis.OWN_PREFECTURE.value, "t1")
ELSEWHERE = replace(WHY, basis=InquiryBasis.OTHER_PREFECTURE.value)
BORN = BirthTerm(day=PartialDate(1990, 1, 2))
NAMED = SearchTerms(name=NameTerm(kanji="来訪"), birth=BORN)


def by_code(number):
    return SearchTerms(code=code(number))


def lines(node: Any) -> list[dict[str, Any]]:
    return lines_about(node, "provision:")


def keep(nation, number, **items):
    told = {
        "name_kanji": f"来訪　{number}号", "birth_date": PartialDate(1990, 1, 2), "municipality_code": MunicipalityCode("13102"),
        "record_state": RecordState.LIVING, "resident_record_code": code(number), "address": "海町一丁目１番",
    }  # fmt: skip
    with nation.store.unit() as unit:
        identity.save(unit, [Replacement(known(number, **(told | items)))])


@pytest.fixture
def chain(counter, database, clock):
    """A registry, its CS, and a nation that knows some people."""
    nation = SimpleNamespace(
        me=make_member("national", NodeKind.NATIONAL)[0], store=database("national"), clock=clock, vault=Vault(b"n" * 32),
        bases=bases(), limits={},
    )  # fmt: skip
    above = SimpleNamespace(
        call=lambda _operation, _to, asked: provide(nation, asking_of(cs.me), asked), asked=[]
    )
    cs = SimpleNamespace(
        me=replace(make_member("cs.m13101", NodeKind.CS)[0], municipality=HOME), store=database("cs"), clock=clock,
        wire=SimpleNamespace(post=above, directory=lambda: SimpleNamespace(national=lambda: nation.me)),
    )  # fmt: skip

    def below(operation, to, asked):
        assert may_call(counter.node.me, replace(cs.me, prefecture="13"), operation.callers)
        return carry_look_up(cs, SimpleNamespace(sender=counter.node.me, request=asked))

    counter.node.wire.post = SimpleNamespace(call=below)
    return SimpleNamespace(cs=cs, nation=nation, counter=counter, nodes=(counter.node, cs, nation))


def ask(chain, terms, *, who=None, affair=InquiryAffair.MOVE_IN, why=WHY, number=False):
    asked = Inquiry(terms, affair, why, number)
    return ask_agency(chain.counter.node, who or chain.counter.clerk, asked)


@pytest.mark.requirement("R-009")
@pytest.mark.requirement("R-063")
def test_somebody_is_told_of_by_each_key_with_a_line_about_them_at_every_node(chain):
    keep(chain.nation, 50)
    hold(chain.nation, code(50), number_of(1))
    named = SearchTerms(
        name=NameTerm(kanji="来訪"), address=AddressTerm(MunicipalityCode("13102"), beginning="海町")
    )
    for terms in (by_code(50), SearchTerms(number=number_of(1)), NAMED, named):
        (one,) = ask(chain, terms).people
        assert (one.code, one.name_kanji, one.address) == (code(50), "来訪　50号", "海町一丁目１番")
        assert (one.municipality, one.living, one.number) == ("13102", True, None)
    for node in chain.nodes:
        told = lines(node)
        assert [line["subject"] for line in told] == [code(50)] * 4
        assert {(line["operator"], line["purpose"], line["basis"]) for line in told} == {
            ("clerk01", WHY.purpose, WHY.basis)
        }
        assert str(number_of(1)) not in json.dumps(told)


def test_several_are_told_of_without_numbers_and_one_with_theirs_by_a_further_question(chain):
    for number in (50, 51):
        keep(chain.nation, number)
        hold(chain.nation, code(number), number_of(number))
    answer = ask(chain, NAMED)
    assert {one.code for one in answer.people} == {code(50), code(51)}
    assert {one.number for one in answer.people} == {None}
    (one,) = ask(chain, by_code(51), number=True).people
    assert one.number == number_of(51)
    assert [line["outcome"] for line in lines(chain.counter.node)] == ["told", "told", "number"]
    assert len(lines(chain.nation)) == 3


def test_a_number_that_the_affair_does_not_need_never_leaves_the_nation(chain):
    keep(chain.nation, 50)
    hold(chain.nation, code(50), number_of(1))
    refusal = ask(chain, by_code(50), affair=InquiryAffair.CHECK, number=True)
    assert refusal.reason is Reason.NUMBER_NOT_NEEDED
    assert lines(chain.nation) == []
    passed = []
    post = chain.counter.node.wire.post
    chain.counter.node.wire.post = SimpleNamespace(
        call=lambda *given: passed.append(post.call(*given)) or passed[-1]
    )
    assert ask(chain, by_code(50)).people[0].number is None
    (answer,) = passed
    assert "individual_number" not in answer.rows[0].fields


@pytest.mark.parametrize(
    "asker", [Operator("v", "v1", (Role.VERIFIER,)), OFFICER], ids=["verifier", "protection officer"]
)
def test_whoever_may_not_ask_the_nation_is_told_nothing(chain, asker):
    keep(chain.nation, 50)
    assert ask(chain, by_code(50), who=asker).reason is Reason.NOT_PERMITTED
    assert [lines(node) for node in chain.nodes] == [[], [], []]


@pytest.mark.parametrize(
    ("terms", "why", "reason"),
    [
        (NAMED, replace(WHY, purpose=" "), Reason.PURPOSE_MISSING),
        (NAMED, replace(WHY, basis="30-10/1-2"), Reason.NO_LEGAL_BASIS),
        (SearchTerms(name=NameTerm(kanji="来訪")), WHY, Reason.TOO_FEW_SEARCH_TERMS),
    ],
)
def test_nobody_is_asked_without_purpose_article_and_terms(chain, terms, why, reason):
    keep(chain.nation, 50)
    assert ask(chain, terms, why=why).reason is reason
    assert lines(chain.nation) == []


def carried(chain, terms, **items):
    """Let the CS carry what a registry asks that checks nothing itself."""
    asked = LookUpRequest(
        "r", to_text(terms), WHY.basis, "p", "x", "x", "t", DAY.isoformat(), without_number=True
    )
    opened = SimpleNamespace(sender=chain.counter.node.me, request=structs.replace(asked, **items))
    return carry_look_up(chain.cs, opened)


def test_the_cs_carries_no_question_under_another_row(chain):
    answer = carried(chain, by_code(50), basis="30-10/1-2")
    assert (answer.refused.reason, answer.rows) == ("NO_LEGAL_BASIS", [])
    assert [line["outcome"] for line in lines(chain.cs)] == ["NO_LEGAL_BASIS"]
    assert lines(chain.nation) == []


@pytest.mark.parametrize(
    "terms",
    [NAMED, SearchTerms(number=number_of(50)), replace(NAMED, code=code(50))],
    ids=["by name", "by number", "by code and name"],
)
def test_the_cs_asks_for_no_number_but_that_of_one_person_named_by_their_code_alone(chain, terms):
    keep(chain.nation, 50)
    hold(chain.nation, code(50), number_of(50))
    answer = carried(chain, terms, without_number=False)
    assert (answer.refused.reason, answer.rows, lines(chain.nation)) == ("CODE_MISSING", [], [])
    assert "individual_number" in carried(chain, by_code(50), without_number=False).rows[0].fields
    assert "individual_number" not in carried(chain, by_code(50)).rows[0].fields
    assert [line["outcome"] for line in lines(chain.cs)] == ["CODE_MISSING", "number", "told"]
    assert [line["detail"].get("number") for line in lines(chain.nation)] == ["told", None]


def test_who_names_numbers_of_nobody_is_stopped_for_the_day_at_the_registry_and_their_town_at_the_nation(
    chain, monkeypatch
):
    keep(chain.nation, 50)
    hold(chain.nation, code(50), number_of(50))
    guessed, right = SearchTerms(number=number_of(9)), SearchTerms(number=number_of(50))
    monkeypatch.setattr(asking, "UNMATCHED_OF_AN_OPERATOR", 2)
    monkeypatch.setattr("daicho.nodes.keeping.provide.UNMATCHED_OF_A_TOWN", 3)
    for _ in range(2):
        assert ask(chain, guessed) == AgencyAnswer()
    asked = len(lines(chain.nation))
    assert ask(chain, right).reason is Reason.GUESSED_TOO_OFTEN
    assert (len(lines(chain.nation)), lines(chain.counter.node)[-1]["outcome"]) == (
        asked,
        "GUESSED_TOO_OFTEN",
    )
    assert ask(chain, by_code(50)).people, "who asks otherwise is answered"
    assert carried(chain, guessed).refused is None
    assert carried(chain, right).refused.reason == "GUESSED_TOO_OFTEN"
    chain.counter.node.clock.move(timedelta(days=1))
    assert ask(chain, right).people


def test_who_has_been_told_of_too_many_people_is_stopped_for_the_day_with_a_line(chain, monkeypatch):
    for number in (50, 51):
        keep(chain.nation, number)
    monkeypatch.setattr("daicho.rules.identity.inquiry.SHOWN_A_DAY", 2)
    assert len(ask(chain, NAMED).people) == 2
    refusal = ask(chain, by_code(50))
    assert (refusal.reason, refusal.article.number) == (Reason.SHOWN_TOO_MANY, "6-7")
    assert lines(chain.counter.node)[-1]["outcome"] == "SHOWN_TOO_MANY"
    assert len(lines(chain.nation)) == 2
    chain.counter.node.clock.move(timedelta(days=1))
    assert ask(chain, by_code(50)).people


def test_an_answer_of_many_is_cut_to_one_length_whoever_is_left_out(chain, protected):
    for number in range(100, 100 + ROWS_SHOWN):
        keep(chain.nation, number)
    everything, less = ask(chain, NAMED, who=OFFICER_AND_CLERK), ask(chain, NAMED)
    assert (len(everything.people), everything.more) == (len(less.people), less.more) == (ROWS_OF_MANY, True)


def test_what_the_cs_carries_is_not_in_the_history_of_who_uses_the_cs(chain, protected):
    who, day = Seat(chain.counter.clerk, "t1"), chain.cs.clock.business_today()
    assert ask(chain, NAMED) == AgencyAnswer()
    assert [line["subject"] for line in lines(chain.cs)] == [protected.resident_record_code]
    assert OwnHistoryDesk(chain.cs).own(who, day, day) == ((), False)
    assert len(OwnHistoryDesk(chain.counter.node).own(who, day, day)[0]) > 0


def test_both_ends_of_the_chain_can_be_asked_whether_their_books_agree(chain, protected):
    """One is told of and one is left out: each node's asker counts what came, and its provider has as many lines."""
    keep(chain.nation, 51)
    assert len(ask(chain, NAMED).people) == 1
    for asker, provider in zip(chain.nodes, chain.nodes[1:], strict=False):
        with asker.store.unit() as unit:
            (said,) = set(audit.answers_received(unit, "provision:answer:received"))
        assert (said.peer, said.shown) == (str(provider.me.name), 2)
        with provider.store.unit() as unit:
            assert audit.answers_given(unit, [said.answer_id]) == {said.answer_id: 2}
            assert audit.answers_without_line(unit) == []


def test_whose_people_the_own_prefecture_notified_is_told_under_the_one_article_alone(chain):
    keep(chain.nation, 50)
    keep(chain.nation, 51, municipality_code=MunicipalityCode("27215"))
    for number, right, wrong in ((50, WHY, ELSEWHERE), (51, ELSEWHERE, WHY)):
        assert ask(chain, by_code(number), why=right).people[0].code == code(number)
        assert ask(chain, by_code(number), why=wrong).reason is Reason.PERSON_OUT_OF_REACH
    assert ask(chain, by_code(60)) == AgencyAnswer()
    assert lines(chain.counter.node)[-1]["outcome"] == "nobody"


@pytest.mark.parametrize("line", [Silence(), Refusing()])
def test_without_an_answer_that_is_told_and_written_down(chain, line):
    keep(chain.nation, 50)
    chain.counter.node.wire.post = line
    assert ask(chain, by_code(50)).reason is Reason.NODE_UNREACHABLE
    assert [one["outcome"] for one in lines(chain.counter.node)] == ["NODE_UNREACHABLE"]


def test_a_cs_that_reaches_no_nation_says_so_and_waits_for_a_shorter_time_than_its_registry(chain):
    chain.cs.wire.post = Silence()
    assert ask(chain, by_code(50)).reason is Reason.NODE_UNREACHABLE
    assert [one["outcome"] for one in lines(chain.cs)] == ["NODE_UNREACHABLE"]
    connecting_seconds = 3
    assert carrying._ONWARD.timeout_seconds + connecting_seconds < IDENTITY_LOOK_UP.timeout_seconds
    assert Relation.OWN_REGISTRY_TO_CS in IDENTITY_LOOK_UP.callers


@pytest.fixture
def protected(chain, move_in, comer):
    """Somebody who is kept back here, and stands at the nation as living elsewhere by now."""
    (record,) = arrived(chain.counter, move_in(comer(1)))
    protection.apply_for_protection(chain.counter.node, OFFICER, application(record))
    keep(chain.nation, 1, resident_record_code=record.resident_record_code)
    hold(chain.nation, record.resident_record_code, number_of(1))
    return record


def test_whoever_is_kept_back_is_found_by_nothing_and_betrayed_by_no_article(chain, protected):
    """That somebody is told of under the one article, and not under the other, says in which prefecture they live."""
    where = SearchTerms(
        name=NameTerm(kanji="来訪"), address=AddressTerm(MunicipalityCode("13102"), beginning="海町")
    )
    for terms in (NAMED, where, SearchTerms(number=number_of(1))):
        assert ask(chain, terms) == AgencyAnswer()
        assert ask(chain, terms, why=ELSEWHERE) == AgencyAnswer()
        (seen,) = ask(chain, terms, who=OFFICER_AND_CLERK).people
        assert seen.address == "海町一丁目１番"
    told = [line for line in lines(chain.counter.node) if line["operator"] == chain.counter.clerk.login_id]
    assert {(line.get("subject", ""), line["outcome"]) for line in told} == {("", "nobody")}


@pytest.mark.parametrize("number", [False, True])
def test_nobody_asks_by_the_code_of_whoever_is_kept_back(chain, protected, number):
    for why in (WHY, ELSEWHERE):
        refusal = ask(chain, SearchTerms(code=protected.resident_record_code), why=why, number=number)
        assert refusal.reason is Reason.PROTECTED
    assert lines(chain.nation) == []
    assert chain.counter.lines()[-1] == (
        "protection:record:kept_back",
        "clerk01",
        str(protected.resident_record_code),
    )


def test_who_is_out_of_reach_is_said_while_anybody_is_kept_back_only_of_whom_the_register_knows(
    chain, protected, move_in, comer
):
    """Of a code that nobody here knows it would say where whoever fled, and got it there, does not live."""
    (other,) = arrived(chain.counter, move_in(replace(comer(9), birth_date=PartialDate(1950, 5, 6))))
    keep(chain.nation, 9, resident_record_code=other.resident_record_code)
    keep(chain.nation, 51)
    known = SearchTerms(code=other.resident_record_code)
    assert ask(chain, known, why=ELSEWHERE).reason is Reason.PERSON_OUT_OF_REACH
    assert ask(chain, by_code(51), why=ELSEWHERE) == AgencyAnswer()
    assert ask(chain, by_code(51), why=ELSEWHERE, who=OFFICER_AND_CLERK).reason is Reason.PERSON_OUT_OF_REACH


@pytest.mark.parametrize("name", ["来訪　１号", "別姓　1号"], ids=["the same name", "another surname"])
def test_whoever_fled_and_got_another_code_there_is_found_by_nothing_either(chain, protected, name):
    keep(chain.nation, 70, name_kanji=name)
    hold(chain.nation, code(70), number_of(7))
    named = replace(NAMED, name=NameTerm(kanji=name))
    for terms in (named, by_code(70), SearchTerms(number=number_of(7))):
        for why in (WHY, ELSEWHERE):
            assert ask(chain, terms, why=why) == AgencyAnswer()
        assert code(70) in {one.code for one in ask(chain, terms, who=OFFICER_AND_CLERK).people}
    keep(chain.nation, 71)
    assert ask(chain, by_code(71)).people, "who only shares the birth date is told of"


def test_whose_number_the_register_keeps_is_hidden_under_whatever_name(chain, protected):
    hold(chain.counter.node, protected.resident_record_code, number_of(7))
    keep(chain.nation, 70, name_kanji="別姓　花", birth_date=PartialDate(1991, 1, 2))
    hold(chain.nation, code(70), number_of(7))
    for why in (WHY, ELSEWHERE):
        assert ask(chain, SearchTerms(number=number_of(7)), why=why) == AgencyAnswer()
    assert ask(chain, SearchTerms(number=number_of(7)), who=OFFICER_AND_CLERK).people


def forwarded(chain, name):
    """Let a measure of another town wait that means nobody who is found in this register."""
    notice = ForwardedNotice(
        ForwardStanding.IN_FORCE, DAY, ProtectionGround.STALKING, DAY,
        (ForwardedPerson(name, "", PartialDate(1990, 1, 2), applicant=True),), (ForwardedParty("相手　太郎"),),
        (ForwardedPlace(AddressRole.PREVIOUS, "前町"),), DAY,
    )  # fmt: skip
    row = ReceivedForward(
        "01202", "f", 1, "IN_FORCE", chain.counter.node.clock.now(), body=forwarded_body(notice)
    )
    with chain.counter.node.store.unit() as unit:
        assert forwarding.keep_received(unit, row)


def test_whom_another_towns_measure_means_is_found_by_nothing_while_it_waits(chain):
    keep(chain.nation, 50)
    keep(chain.nation, 51)
    forwarded(chain, "来訪　50号")
    assert [one.code for one in ask(chain, NAMED).people] == [code(51)]
    for why in (WHY, ELSEWHERE):
        assert ask(chain, by_code(50), why=why) == AgencyAnswer()
    assert ask(chain, by_code(50), who=OFFICER_AND_CLERK).people
    told = [line for line in lines(chain.counter.node) if line["operator"] == chain.counter.clerk.login_id]
    assert code(50) not in {line.get("subject", "") for line in told}
