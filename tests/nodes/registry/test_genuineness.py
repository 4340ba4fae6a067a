"""R-041: a number that somebody shows is confirmed by the nation, in one word, with a line at both ends."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from tests.nodes.mailroom.conftest import make_member
from tests.nodes.registry.conftest import DAY, code
from tests.nodes.registry.test_line_down import Refusing, Silence
from tests.nodes.registry.test_protection import OFFICER, application, arrived

from daicho.nodes.cs.genuineness import carry_question
from daicho.nodes.national.genuineness import confirm_number as answer_question
from daicho.nodes.registry import protection
from daicho.nodes.registry.genuineness import confirm_number, confirm_number_of
from daicho.nodes.registry.residents import Purpose
from daicho.rules.identity.genuineness import NumberVerdict
from daicho.rules.law.refusal import Reason
from daicho.rules.network.kinds import NodeKind
from daicho.rules.operators.authority import Operator, Role
from daicho.rules.people.codes import IndividualNumber
from daicho.store import numbers
from daicho.wire.operations import NumberAnswer, NumberQuestion
from daicho.wire.vault import Vault

WHY = Purpose("異動届の受付", "法22条", "t1")


def number_of(place: int) -> IndividualNumber:
    stem = f"{place:011d}"
    for check in range(10):
        try:
            return IndividualNumber(f"{stem}{check}")
        except ValueError:
            continue
    raise AssertionError(stem)


def lines(node: Any) -> list[dict[str, Any]]:
    with node.store.unit() as unit:
        rows = unit.execute(
            "select convert_from(body, 'UTF8') from ledger.line where convert_from(body, 'UTF8')::json->>'event' ="
            " 'number:genuineness:confirmed' order by line_id"
        ).fetchall()
    return [json.loads(row[0]) for row in rows]


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
    asked = NumberQuestion("r", str(code(50)), str(number_of(3)), "p", "b", "o", "r", "t")
    answer = answer_question(chain.nation, opened(chain.cs.me, asked))
    assert set(NumberAnswer.__struct_fields__) == {"answer_id", "verdict"}
    assert answer.verdict == "DIFFERS"


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
    asked = confirm_number_of(counter.node, OFFICER, whose, number_of(1), WHY)
    assert asked is NumberVerdict.DIFFERS


def test_whoever_may_not_enter_changes_and_whoever_names_no_purpose_is_refused(chain):
    node, verifier = chain.counter.node, Operator("v", "v1", (Role.VERIFIER,))
    refusal = confirm_number(node, verifier, code(50), number_of(1), WHY)
    assert refusal.reason is Reason.NOT_PERMITTED
    nameless = confirm_number(node, chain.counter.clerk, code(50), number_of(1), Purpose("", "", "t1"))
    assert nameless.reason is Reason.PURPOSE_MISSING
    assert lines(chain.nation) == []
