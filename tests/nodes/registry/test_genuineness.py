"""R-041: a number that somebody shows is confirmed by the nation, in one word, with a line at both ends."""

import json
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from tests.nodes.mailroom.conftest import make_member
from tests.nodes.registry.conftest import DAY, code, lines_about
from tests.nodes.registry.test_line_down import Refusing, Silence
from tests.nodes.registry.test_protection import OFFICER, application, arrived
from tests.store.test_identity import person as known

from daicho.nodes.cs.genuineness import _ONWARD, carry_question
from daicho.nodes.national.genuineness import confirm_number as answer_question
from daicho.nodes.registry import protection
from daicho.nodes.registry.genuineness import confirm_number, confirm_number_of
from daicho.nodes.registry.residents import Purpose
from daicho.rules.identity.genuineness import PROVING, ConfirmingBasis, NumberVerdict
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.network.kinds import NodeKind
from daicho.rules.operators.authority import AUTHORITY, Operator, Permission, Role
from daicho.rules.people.codes import IndividualNumber, MunicipalityCode
from daicho.rules.register.numbering import CodeChange
from daicho.store import identity, numbers
from daicho.store.identity import Replacement
from daicho.wire.operations import NUMBER_CONFIRM, NumberAnswer, NumberQuestion
from daicho.wire.vault import Vault

WHY = Purpose("異動届の受付", ConfirmingBasis.OTHER_PREFECTURE.value, "t1")
# Who sees what protection hides, and asks the nation as every clerk.
OFFICER_AND_CLERK = Operator("shien09", "p9", (Role.PROTECTION_OFFICER, Role.CLERK))


def number_of(place: int) -> IndividualNumber:
    stem = f"{place:011d}"
    for check in range(10):
        try:
            return IndividualNumber(f"{stem}{check}")
        except ValueError:
            continue
    raise AssertionError(stem)


def lines(node: Any) -> list[dict[str, Any]]:
    return lines_about(node, "number:genuineness:confirmed")


@pytest.fixture
def nation(database, clock):
    store = database("national")
    return SimpleNamespace(
        me=make_member("national", NodeKind.NATIONAL)[0], store=store, clock=clock, vault=Vault(b"n" * 32)
    )


@pytest.fixture
def chain(counter, database, clock, nation):
    """The registry asks its CS, and that the nation."""
    above = SimpleNamespace(call=lambda _operation, _to, asked: answer_question(nation, opened(cs.me, asked)))
    cs = SimpleNamespace(
        me=make_member("cs", NodeKind.CS)[0], store=database("cs"), clock=clock,
        wire=SimpleNamespace(post=above, directory=lambda: SimpleNamespace(national=lambda: nation.me)),
    )  # fmt: skip
    below = SimpleNamespace(
        call=lambda _operation, _to, asked: carry_question(cs, opened(counter.node.me, asked))
    )
    counter.node.wire.post = below
    return SimpleNamespace(cs=cs, nation=nation, counter=counter)


def opened(sender, asked):
    assert isinstance(asked, NumberQuestion)
    return SimpleNamespace(sender=sender, request=asked)


def hold(node, whose, number, *, then=None):
    def sealed(one):
        return numbers.SealedNumber(str(whose), node.vault.seal(one, whose), node.vault.lookup(one), DAY)

    with node.store.unit() as unit, unit.as_number_keeper():
        assert numbers.keep_number(unit, sealed(number))
        if then is not None:
            assert numbers.change_number(unit, sealed(then))


@pytest.mark.requirement("R-041")
@pytest.mark.parametrize(
    ("shown", "verdict"),
    [
        (2, NumberVerdict.MATCHES),
        (1, NumberVerdict.LAPSED),
        (3, NumberVerdict.DIFFERS),  # somebody else's
        (4, NumberVerdict.DIFFERS),  # nobody's
    ],
)
def test_a_number_is_confirmed_against_the_network_with_a_line_at_every_node(chain, shown, verdict):
    hold(chain.nation, code(50), number_of(1), then=number_of(2))
    hold(chain.nation, code(51), number_of(3))
    counter = chain.counter
    assert confirm_number(counter.node, counter.clerk, code(50), number_of(shown), WHY) is verdict
    for node in (counter.node, chain.cs, chain.nation):
        (line,) = lines(node)
        assert (line["outcome"], line["subject"], line["operator"]) == (verdict, code(50), "clerk01")
        assert str(number_of(shown)) not in json.dumps(line)
        assert line["purpose"] == WHY.purpose


def test_the_answer_says_one_word_and_names_nobody(chain):
    hold(chain.nation, code(51), number_of(3))
    answer = answer_question(chain.nation, opened(chain.cs.me, question(3)))
    assert set(NumberAnswer.__struct_fields__) == {"answer_id", "verdict", "refused"}
    assert (answer.verdict, answer.refused) == ("DIFFERS", None)


def question(shown, **said):
    why = {"purpose": WHY.purpose, "basis": WHY.basis} | said
    return NumberQuestion(
        "r", str(code(50)), str(number_of(shown)), why["purpose"], why["basis"], "o", "r", "t"
    )


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"purpose": " "}, Reason.PURPOSE_MISSING),
        ({"basis": " "}, Reason.PURPOSE_MISSING),
        ({"basis": "法22条"}, Reason.NO_LEGAL_BASIS),
    ],
)
def test_the_nation_says_nothing_without_a_purpose_and_an_article_of_provision(chain, said, reason):
    hold(chain.nation, code(50), number_of(3))
    answer = answer_question(chain.nation, opened(chain.cs.me, question(3, **said)))
    assert (answer.verdict, answer.refused.reason) == ("NO_ANSWER", reason.value)
    (line,) = lines(chain.nation)
    assert (line["outcome"], line["subject"]) == (reason.value, code(50))


def test_a_refusal_of_the_nation_is_told_at_the_counter_and_written_at_every_node(chain, monkeypatch):
    counter = chain.counter
    monkeypatch.setattr("daicho.nodes.national.genuineness.UNMATCHED_OF_A_TOWN", 0)
    refusal = confirm_number(counter.node, counter.clerk, code(50), number_of(1), WHY)
    assert refusal == Refusal(Reason.GUESSED_TOO_OFTEN, PROVING, "individual_number")
    assert [[one["outcome"] for one in lines(node)] for node in (counter.node, chain.cs, chain.nation)] == [
        ["GUESSED_TOO_OFTEN"]
    ] * 3


def test_whoever_guesses_under_many_codes_comes_to_an_end_until_the_next_day(chain, clock, monkeypatch):
    monkeypatch.setattr("daicho.nodes.registry.genuineness.UNMATCHED_OF_AN_OPERATOR", 2)
    hold(chain.nation, code(50), number_of(2))
    node, clerk = chain.counter.node, chain.counter.clerk
    for whose in (51, 52):
        assert confirm_number(node, clerk, code(whose), number_of(2), WHY) is NumberVerdict.DIFFERS
    assert confirm_number(node, clerk, code(50), number_of(2), WHY).reason is Reason.GUESSED_TOO_OFTEN
    assert len(lines(chain.nation)) == 2, "nobody was asked a third time"
    other = Operator("clerk09", "k9", (Role.CLERK,))
    assert confirm_number(node, other, code(50), number_of(2), WHY) is NumberVerdict.MATCHES
    clock.move(timedelta(days=1))
    assert confirm_number(node, clerk, code(50), number_of(2), WHY) is NumberVerdict.MATCHES
    assert confirm_number(node, clerk, code(51), number_of(2), WHY) is NumberVerdict.DIFFERS
    assert confirm_number(node, clerk, code(50), number_of(2), WHY) is NumberVerdict.MATCHES, "counted anew"


def test_a_town_whose_operators_guess_together_comes_to_an_end_at_the_nation(chain, monkeypatch):
    monkeypatch.setattr("daicho.nodes.national.genuineness.UNMATCHED_OF_A_TOWN", 2)
    hold(chain.nation, code(50), number_of(2))
    for place in range(2):
        guesser = Operator(f"clerk1{place}", "k", (Role.CLERK,))
        asked = confirm_number(chain.counter.node, guesser, code(51), number_of(2), WHY)
        assert asked is NumberVerdict.DIFFERS
    refusal = confirm_number(chain.counter.node, chain.counter.clerk, code(50), number_of(2), WHY)
    assert refusal.reason is Reason.GUESSED_TOO_OFTEN
    elsewhere = make_member("cs.m01202", NodeKind.CS)[0]
    other_town = replace(elsewhere, municipality=MunicipalityCode("01202"))
    assert answer_question(chain.nation, opened(other_town, question(2))).verdict == "MATCHES"


@pytest.mark.parametrize("changes", [1, 2, 3])
def test_a_former_number_stays_somebodys_however_often_their_code_was_replaced(chain, changes):
    """R-041: the number in force goes along with the code, former ones stay under the code of their time."""
    codes = [code(60 + place) for place in range(changes + 1)]
    hold(chain.nation, codes[0], number_of(1), then=number_of(2))
    with chain.nation.store.unit() as unit:
        kept = known(1, resident_record_code=codes[0])
        identity.save(unit, [Replacement(kept)])
        for former, present in pairwise(codes):
            sequence = kept.record.update_sequence + 1
            now = known(
                1, resident_record_code=present, old_resident_record_code=former, update_sequence=sequence
            )
            assert identity.save(unit, [Replacement(now, kept)]) == {present}
            with unit.as_number_keeper():
                numbers.follow_codes(unit, {former: present}, chain.nation.vault.reseal)
            kept = now

    def told_of(whose, shown):
        asked = msgspec.structs.replace(question(shown), resident_record_code=str(whose))
        return answer_question(chain.nation, opened(chain.cs.me, asked)).verdict

    assert [told_of(codes[-1], shown) for shown in (1, 2, 3)] == ["LAPSED", "MATCHES", "DIFFERS"]
    assert told_of(codes[0], 2) == "DIFFERS", "nobody has that code any more"


@pytest.mark.parametrize("line", [Silence(), Refusing()])
def test_without_an_answer_that_is_told_and_written_down(chain, line):
    counter = chain.counter
    counter.node.wire.post = line
    verdict = confirm_number(counter.node, counter.clerk, code(50), number_of(1), WHY)
    assert verdict is NumberVerdict.NO_ANSWER
    assert [one["outcome"] for one in lines(counter.node)] == ["NO_ANSWER"]
    assert lines(chain.nation) == []


def test_a_cs_that_reaches_no_nation_says_so(chain):
    chain.cs.wire.post = Silence()
    counter = chain.counter
    verdict = confirm_number(counter.node, counter.clerk, code(50), number_of(1), WHY)
    assert verdict is NumberVerdict.NO_ANSWER
    assert [one["outcome"] for one in lines(chain.cs)] == ["NO_ANSWER"]


@pytest.mark.requirement("R-041")
def test_the_number_that_is_recorded_of_a_newborn_is_confirmed_without_typing_it(chain, move_in, comer):
    counter = chain.counter
    (record,) = arrived(counter, move_in(comer(1)))
    whose = record.addressee_number
    nothing = confirm_number_of(counter.node, counter.clerk, whose, None, WHY)
    assert (nothing.reason, nothing.field) == (Reason.FIELD_MISSING, "individual_number")
    hold(counter.node, record.resident_record_code, number_of(7))
    hold(chain.nation, record.resident_record_code, number_of(7))
    assert confirm_number_of(counter.node, counter.clerk, whose, None, WHY) is NumberVerdict.MATCHES
    shown = confirm_number_of(counter.node, counter.clerk, whose, number_of(8), WHY)
    assert shown is NumberVerdict.DIFFERS


def test_whoever_is_kept_back_is_asked_about_by_whoever_may_see_them_alone(chain, move_in, comer):
    counter = chain.counter
    (record,) = arrived(counter, move_in(comer(1)))
    protection.apply_for_protection(counter.node, OFFICER, application(record))
    whose, theirs = record.addressee_number, record.resident_record_code
    for refusal in (
        confirm_number_of(counter.node, counter.clerk, whose, number_of(1), WHY),
        confirm_number(counter.node, counter.clerk, theirs, number_of(1), WHY),
    ):
        assert refusal.reason is Reason.PROTECTED
    assert lines(chain.nation) == []
    asked = confirm_number_of(counter.node, OFFICER_AND_CLERK, whose, number_of(1), WHY)
    assert asked is NumberVerdict.DIFFERS


def test_whoever_is_kept_back_is_not_asked_about_by_the_code_of_before_either(chain, move_in, comer):
    counter = chain.counter
    (record,) = arrived(counter, move_in(comer(1)))
    former = record.resident_record_code
    (after,) = arrived(counter, CodeChange(record.addressee_number, DAY, on_request=True))
    assert after.old_resident_record_code == former != after.resident_record_code
    protection.apply_for_protection(counter.node, OFFICER, application(after))
    refusal = confirm_number(counter.node, counter.clerk, former, number_of(1), WHY)
    assert refusal.reason is Reason.PROTECTED
    assert lines(chain.nation) == []


@pytest.mark.parametrize(
    "asker", [Operator("v", "v1", (Role.VERIFIER,)), OFFICER], ids=["verifier", "protection officer"]
)
def test_whoever_may_not_ask_the_nation_confirms_no_number(chain, asker):
    refusal = confirm_number(chain.counter.node, asker, code(50), number_of(1), WHY)
    assert refusal.reason is Reason.NOT_PERMITTED
    assert lines(chain.nation) == []


def test_a_number_that_is_typed_takes_the_right_to_search_by_number(chain, move_in, comer, monkeypatch):
    (record,) = arrived(chain.counter, move_in(comer(1)))
    hold(chain.counter.node, record.resident_record_code, number_of(7))
    hold(chain.nation, record.resident_record_code, number_of(7))
    node, clerk, whose = chain.counter.node, chain.counter.clerk, record.addressee_number
    less = AUTHORITY | {Role.CLERK: AUTHORITY[Role.CLERK] - {Permission.SEARCH_BY_NUMBER}}
    monkeypatch.setattr("daicho.rules.operators.authority.AUTHORITY", less)
    assert confirm_number_of(node, clerk, whose, number_of(7), WHY).reason is Reason.NOT_PERMITTED
    assert confirm_number_of(node, clerk, whose, None, WHY) is NumberVerdict.MATCHES


@pytest.mark.parametrize(
    ("why", "reason"),
    [
        (Purpose("", "", "t1"), Reason.PURPOSE_MISSING),
        (replace(WHY, purpose=" "), Reason.PURPOSE_MISSING),
        (replace(WHY, basis="法22条"), Reason.NO_LEGAL_BASIS),
    ],
)
def test_whoever_names_no_purpose_or_another_article_is_refused_before_anybody_is_asked(chain, why, reason):
    refusal = confirm_number(chain.counter.node, chain.counter.clerk, code(50), number_of(1), why)
    assert refusal.reason is reason
    assert lines(chain.nation) == []


def test_a_cs_waits_for_a_shorter_time_than_its_registry():
    """The registry hears that nobody answered, and is not left without a word by a CS that still waits."""
    connecting_seconds = 3
    assert _ONWARD.timeout_seconds + connecting_seconds < NUMBER_CONFIRM.timeout_seconds
    assert _ONWARD.name == NUMBER_CONFIRM.name
