"""Another individual number: drawn by the nation, nobody's until its town tells, and at every level in the place of one."""

from dataclasses import replace

import pytest
from tests.nodes.keeping.test_letters_together import PARTIES, Party, number_of, record
from tests.store.test_identity import items

from daicho.nodes.keeping.numbers import code_of_number, numbers_of
from daicho.nodes.national import intake as nation
from daicho.nodes.national import numbering
from daicho.rules.identity.record import IdentityUpdate, RecordState, UpwardReport
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


def elsewhere(sequence, reason):
    return replace(record(1, sequence, ours=False), change_reason=reason)


def changed_elsewhere(ministry, monkeypatch):
    """Let somebody get another number in the town to which they moved; gives the new one."""
    first = record(1, 1, ours=True)
    tell(ministry, first, number_of(1))
    tell(ministry, elsewhere(2, ChangeReason.MOVE_IN), number_of(1))
    monkeypatch.setattr(numbering, "number_waits", lambda *_: False)
    (drawn,) = ask(ministry, first.resident_record_code, monkeypatch)
    assert tell(ministry, elsewhere(3, CHANGED), drawn)[0] == "accepted"
    return drawn


@pytest.mark.requirement("R-011")
def test_who_changed_the_number_elsewhere_and_comes_back_is_taken_and_the_town_given_the_new_one(
    ministry, monkeypatch
):
    drawn = changed_elsewhere(ministry, monkeypatch)
    posted = []
    monkeypatch.setattr(numbering, "post_letters", lambda _unit, _node, some: posted.extend(some))
    back = replace(record(1, 4, ours=True), change_reason=ChangeReason.MOVE_IN)
    assert tell(ministry, back, number_of(1))[0] == "accepted"
    (letter,) = posted
    assert (letter.content.individual_number, letter.content.drawn) == (drawn, False)
    assert (number_now(ministry, back), whose(ministry, number_of(1))) == (drawn, None)
    # What the town tells before it has recorded the answer is taken as well; then it tells the number in force.
    moved = replace(record(1, 5, ours=True), address="本町9番")
    assert tell(ministry, moved, number_of(1))[0] == "accepted"
    told = replace(moved, update_sequence=6, change_reason=ChangeReason.NUMBER_CHANGED_EX_OFFICIO)
    assert tell(ministry, told, drawn)[0] == "accepted"
    assert number_now(ministry, back) == drawn


def test_another_person_s_former_number_is_refused_of_who_moves_in_too(ministry, monkeypatch):
    changed_elsewhere(ministry, monkeypatch)
    other = replace(record(2, 1, ours=True), change_reason=ChangeReason.MOVE_IN)
    assert tell(ministry, other, number_of(1))[1] == Reason.NUMBER_DUPLICATE.value


def test_a_first_number_in_another_town_takes_the_place_of_the_former_one_at_a_prefecture(databases):
    kind, sender, handler, name, _ = next(p for p in PARTIES.values() if p[0] is NodeKind.PREFECTURE)
    party = Party(databases, kind, sender, handler, name)
    first = record(1, 1, ours=True)
    tell(party, first, number_of(1))
    entered = replace(first, update_sequence=2, change_reason=ChangeReason.NUMBER_ENTERED)
    assert tell(party, entered, number_of(2))[0] == "accepted"
    assert number_now(party, first) == number_of(2)
    party.store.close()


def test_a_number_that_another_town_s_report_overtook_is_in_force_and_told_there(ministry, monkeypatch):
    first = record(1, 1, ours=True)
    tell(ministry, first, number_of(1))
    (drawn,) = ask(ministry, first.resident_record_code, monkeypatch)
    posted = []
    monkeypatch.setattr(numbering, "post_letters", lambda _unit, _node, some: posted.extend(some))
    assert tell(ministry, elsewhere(2, ChangeReason.MOVE_IN), number_of(1))[0] == "accepted"
    assert tell(ministry, renumbered(first), number_of(3))[0] == "superseded"
    assert posted == []
    assert tell(ministry, renumbered(first), drawn)[0] == "superseded"
    (letter,) = posted
    assert (letter.content.individual_number, letter.content.drawn) == (drawn, False)
    assert number_now(ministry, first) == drawn


def test_a_prefecture_passes_on_a_number_that_was_overtaken(databases):
    kind, sender, handler, name, _ = next(p for p in PARTIES.values() if p[0] is NodeKind.PREFECTURE)
    party = Party(databases, kind, sender, handler, name)
    first = record(1, 3, ours=True)
    tell(party, first, number_of(1))
    late = replace(first, update_sequence=2, change_reason=CHANGED)
    assert tell(party, late, number_of(2))[0] == "superseded"
    upward = [row for row in party.state()["letters"] if row[1] == "identity.report"]
    assert len(upward) == 2
    assert number_now(party, first) == number_of(1)
    party.store.close()


@pytest.mark.parametrize("number", [0, 1])
def test_a_cs_asks_for_the_number_of_who_comes_back_where_none_is_known_and_of_nobody_else(databases, number):
    kind, sender, handler, name, _ = next(p for p in PARTIES.values() if p[0] is NodeKind.CS)
    party = Party(databases, kind, sender, handler, name)
    first = record(1, 1, ours=True)
    gone = replace(
        first, update_sequence=2, record_state=RecordState.REMOVED, change_reason=ChangeReason.DEATH
    )
    tell(party, first, number_of(1))
    tell(party, gone, number_of(1))
    assert tell(party, replace(first, update_sequence=3), number_of(number))[0] == "accepted"
    kinds = [row[1] for row in party.state()["letters"]]
    assert kinds.count("number.request") == (0 if number else 1)
    party.store.close()
