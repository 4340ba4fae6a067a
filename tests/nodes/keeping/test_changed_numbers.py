"""Another individual number: drawn by the nation, nobody's until its town tells, and at every level in the place of one."""

from dataclasses import replace

import pytest
from tests.nodes.keeping.test_letters_together import PARTIES, Party, number_of, record
from tests.store.test_identity import items

from daicho.nodes.keeping.numbers import code_of_number, numbers_of
from daicho.nodes.national import intake as nation
from daicho.nodes.national import numbering
from daicho.rules.identity.record import IdentityUpdate, UpwardReport
from daicho.rules.law.refusal import Reason
from daicho.rules.network.kinds import NodeKind
from daicho.rules.register.reasons import ChangeReason
from daicho.store import numbers
from daicho.wire.codecs.identity import HallBulk, NumberRequest, UpwardBulk
from daicho.wire.codecs.letters import encode

CHANGED = ChangeReason.NUMBER_CHANGED_ON_REQUEST


@pytest.fixture(params=[one for one in PARTIES if "nation" not in one.lower()])
def party(request, databases):
    kind, sender, handler, name, _ = PARTIES[request.param]
    one = Party(databases, kind, sender, handler, name)
    yield one
    one.store.close()


@pytest.fixture
def ministry(databases):
    one = Party(
        databases, NodeKind.NATIONAL, NodeKind.PREFECTURE,
        next(p for p in PARTIES.values() if p[0] is NodeKind.NATIONAL)[2], "identity.report",
    )  # fmt: skip
    yield one
    one.store.close()


def tell(party, told, number):
    if party.kind == "register.entry":
        stamp = party.node.clock.now()
        bulk = HallBulk((IdentityUpdate(told, items(timestamp=stamp), number),), f"e{told.update_sequence}")
    else:
        bulk = UpwardBulk((UpwardReport(told, number),))
    party.keep([encode(bulk)])
    party.handle()
    return party.state()["fates"][-1][2:4]


def renumbered(told):
    return replace(told, update_sequence=told.update_sequence + 1, change_reason=CHANGED)


def number_now(party, told):
    with party.store.unit() as unit:
        return numbers_of(unit, party.node, [str(told.resident_record_code)]).get(
            str(told.resident_record_code)
        )


def whose(party, number):
    with party.store.unit() as unit:
        return code_of_number(unit, party.node, number)


@pytest.mark.requirement("R-011")
def test_another_number_takes_the_place_of_the_former_one(party):
    first = record(1, 1, ours=True)
    tell(party, first, number_of(1))
    assert tell(party, renumbered(first), number_of(2))[0] == "accepted"
    assert number_now(party, first) == number_of(2)
    assert whose(party, number_of(1)) is None
    # Nothing that is told later overtakes the letter that brings it.
    upward = [row for row in party.state()["letters"] if row[1] == "identity.report"]
    assert (upward[0][2], upward[0][3]) in {("", 0), (None, 0)}, upward


@pytest.mark.parametrize("mine", [True, False])
def test_a_former_number_comes_back_to_nobody(party, mine):
    first, other = record(1, 1, ours=True), record(2, 1, ours=True)
    tell(party, first, number_of(1))
    second = renumbered(first)
    tell(party, second, number_of(2))
    if mine:
        assert tell(party, renumbered(second), number_of(1))[1] == Reason.NUMBER_DUPLICATE.value
    else:
        assert tell(party, other, number_of(1))[1] == Reason.NUMBER_DUPLICATE.value
    assert number_now(party, first) == number_of(2)


def test_another_number_comes_by_no_other_reason_and_nobody_else_s_at_all(party):
    first, other = record(1, 1, ours=True), record(2, 1, ours=True)
    tell(party, first, number_of(1))
    moved = replace(first, update_sequence=2, change_reason=ChangeReason.MOVE_WITHIN, address="本町9番")
    assert tell(party, moved, number_of(2))[0] != "accepted"
    tell(party, other, number_of(2))
    assert tell(party, renumbered(first), number_of(2))[1] == Reason.NUMBER_DUPLICATE.value
    assert number_now(party, first) == number_of(1)


def ask(ministry, code, monkeypatch):
    """Ask as the CS of the town; gives what is posted back."""
    posted = []
    monkeypatch.setattr(numbering, "post_letters", lambda _unit, _node, letters: posted.extend(letters))
    cs = ministry.node.wire.directory().cs_of("13101")
    with ministry.store.unit() as unit:
        numbering.make_another_number(unit, ministry.node, cs, encode(NumberRequest(code)))
    return [one.content.individual_number for one in posted]


def test_a_drawn_number_is_nobody_s_until_its_town_tells_that_it_is_recorded(ministry, monkeypatch):
    first = record(1, 1, ours=True)
    tell(ministry, first, number_of(1))
    (drawn,) = ask(ministry, first.resident_record_code, monkeypatch)
    assert drawn != number_of(1)
    assert number_now(ministry, first) == number_of(1)
    assert whose(ministry, drawn) is None
    with ministry.store.unit() as unit, unit.as_number_keeper():
        assert numbers.holder_of_lookup(unit, ministry.node.vault.lookup(drawn)) is None
    # Asked again before it is recorded: the same one. What was on its way meanwhile tells the former one.
    assert ask(ministry, first.resident_record_code, monkeypatch) == [drawn]
    moved = replace(first, update_sequence=2, change_reason=ChangeReason.MOVE_WITHIN, address="本町9番")
    assert tell(ministry, moved, number_of(1))[0] == "accepted"
    assert tell(ministry, renumbered(moved), drawn)[0] == "accepted"
    assert number_now(ministry, first) == drawn
    (next_one,) = ask(ministry, first.resident_record_code, monkeypatch)
    assert next_one not in (drawn, number_of(1))


def test_art8_the_nation_takes_no_number_that_it_did_not_draw(ministry):
    first = record(1, 1, ours=True)
    tell(ministry, first, number_of(1))
    assert tell(ministry, renumbered(first), number_of(2))[1] == Reason.NUMBER_DUPLICATE.value
    assert number_now(ministry, first) == number_of(1)


def test_a_number_drawn_for_somebody_else_is_refused(ministry, monkeypatch):
    first, other = record(1, 1, ours=True), record(2, 1, ours=True)
    tell(ministry, first, number_of(1))
    tell(ministry, other, number_of(2))
    (drawn,) = ask(ministry, first.resident_record_code, monkeypatch)
    assert tell(ministry, renumbered(other), drawn)[1] == Reason.NUMBER_DUPLICATE.value


def test_who_is_not_known_yet_to_live_there_waits_for_the_report(ministry, monkeypatch):
    elsewhere = record(1, 1, ours=False)
    tell(ministry, elsewhere, number_of(1))
    assert ask(ministry, elsewhere.resident_record_code, monkeypatch) == []
    posted = []
    monkeypatch.setattr(numbering, "post_letters", lambda _unit, _node, letters: posted.extend(letters))
    monkeypatch.setattr(nation, "give_waiting", numbering.give_waiting)
    came = replace(record(1, 2, ours=True), change_reason=ChangeReason.MOVE_IN)
    assert tell(ministry, came, number_of(1))[0] == "accepted"
    (letter,) = posted
    assert letter.content.individual_number != number_of(1)
    assert number_now(ministry, came) == number_of(1)
