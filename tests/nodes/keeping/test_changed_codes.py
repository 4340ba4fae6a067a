"""A changed resident record code: the number goes along at every level, and nobody else's number with it."""

from dataclasses import replace

import pytest
from tests.nodes.keeping.test_letters_together import PARTIES, Party, number_of, record
from tests.store.test_identity import code_of, items

from daicho.nodes.chronicle import disclose, note
from daicho.nodes.chronicle.disclose import former_codes, own_part
from daicho.nodes.keeping.numbers import code_of_number, numbers_of
from daicho.rules.identity.record import IdentityUpdate, UpwardReport
from daicho.rules.law.refusal import Reason
from daicho.rules.ledger.events import Event
from daicho.rules.register.reasons import ChangeReason
from daicho.wire.codecs.identity import HallBulk, UpwardBulk
from daicho.wire.codecs.letters import encode


@pytest.fixture(params=PARTIES)
def party(request, databases):
    kind, sender, handler, name, _ = PARTIES[request.param]
    one = Party(databases, kind, sender, handler, name)
    yield one
    one.store.close()


def tell(party, told, number):
    """Bring one record, with a number or without."""
    if party.kind == "register.entry":
        stamp = party.node.clock.now()
        bulk = HallBulk((IdentityUpdate(told, items(timestamp=stamp), number),), f"e{told.update_sequence}")
    else:
        bulk = UpwardBulk((UpwardReport(told, number),))
    party.keep([encode(bulk)])
    party.handle()
    return party.state()["fates"][-1][2:4]


def changed(told, place):
    return replace(
        told,
        resident_record_code=code_of(place),
        old_resident_record_code=told.resident_record_code,
        update_sequence=told.update_sequence + 1,
        change_reason=ChangeReason.CODE_CHANGED_ON_REQUEST,
    )


def whose(party, number):
    with party.store.unit() as unit:
        return code_of_number(unit, party.node, number)


@pytest.mark.parametrize("again", [True, False])
def test_whose_code_changes_twice_keeps_the_number(party, again):
    first = record(1, 1, ours=True)
    number = number_of(1)
    assert tell(party, first, number)[0] == "accepted"
    second = changed(first, 5)
    third = changed(second, 6)
    for told in (second, third):
        assert tell(party, told, number if again else None)[0] == "accepted"
        assert whose(party, number) == told.resident_record_code
    with party.store.unit() as unit:
        assert numbers_of(unit, party.node, [str(third.resident_record_code)]) == {
            str(third.resident_record_code): number
        }
    assert len(party.state()["numbers"]) == 1


def test_another_number_does_not_come_with_another_code(party):
    first = record(1, 1, ours=True)
    assert tell(party, first, number_of(1))[0] == "accepted"
    assert tell(party, changed(first, 5), number_of(2))[0] != "accepted"
    assert whose(party, number_of(1)) == first.resident_record_code
    assert whose(party, number_of(2)) is None


def test_a_refused_change_of_code_moves_no_number(party):
    first, other = record(1, 1, ours=True), record(2, 1, ours=True)
    assert tell(party, first, number_of(1))[0] == "accepted"
    assert tell(party, other, number_of(2))[0] == "accepted"
    assert tell(party, changed(first, 5), number_of(2))[1] == Reason.NUMBER_DUPLICATE.value
    assert whose(party, number_of(1)) == first.resident_record_code
    assert whose(party, number_of(2)) == other.resident_record_code


def test_who_saw_a_record_under_a_former_code_is_told_under_the_present_one_by_every_node(party):
    first = record(1, 1, ours=True)
    tell(party, first, number_of(1))
    second = changed(first, 5)
    tell(party, second, None)
    subject = str(second.resident_record_code)
    with party.store.unit() as unit:
        assert former_codes(unit, subject) == (str(first.resident_record_code),)
        alone = own_part(unit, party.node, subject)
        whole = own_part(unit, party.node, subject, former=former_codes(unit, subject))
        assert whole["waiting"] > alone["waiting"]
        assert former_codes(unit, str(first.resident_record_code)) == ()


def test_of_many_lines_the_newest_are_told_under_whichever_code(party, monkeypatch):
    monkeypatch.setattr(disclose, "LINES_SHOWN", 2)
    with party.store.unit() as unit:
        for code in ("a", "b", "a", "b"):
            note(unit, party.node, event=Event.IDENTITY_SHOWN, subject=code, outcome="shown")
        part = own_part(unit, party.node, "a", former=("b",))
    assert part["waiting"] == 2
