"""Words of second persons that are written together: each comes to what it would alone, and to its asker alone."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from random import Random

import pytest
from tests.nodes.registry.conftest import AT_COUNTER

from daicho.nodes.registry.bodies import read_entry
from daicho.nodes.registry.counter import (
    EntryView,
    Verification,
    enter,
    pending_entries,
    verify_entries,
    verify_entry,
)
from daicho.nodes.registry.verifying import VerifyingTogether
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.addresses import Address
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.register.household_change import HouseholderChange
from daicho.rules.register.move_within import MoveWithinNotice
from daicho.rules.register.numbering import CodeChange
from daicho.rules.register.record import HouseholdRelation
from daicho.store import register
from daicho.wire.codecs.letters import Unreadable

DAY = date(2026, 11, 20)
THERE = Address(MunicipalityCode("13101"), "想像町二丁目", "4番5号", "", "1000002", "")


def entered(counter, notice):
    view = enter(
        counter.node, counter.clerk, notice, draw_codes=counter.draw, reception=AT_COUNTER, terminal="t1"
    )
    assert isinstance(view, EntryView), view
    return view.entry_id


def household(counter, move_in, comer):
    """A couple that lives here."""
    entry = entered(counter, move_in(comer(1), comer(2, "妻")))
    view = verify_entry(counter.node, counter.checker, entry)
    first, second = view.entry.after
    return first.household_number, first.addressee_number, second.addressee_number


def drafts_about(counter, couple):
    """Four changes of one household, of which any that stands makes the others stale."""
    home, head, spouse = couple
    return [
        entered(counter, MoveWithinNotice((head, spouse), THERE, DAY, DAY)),
        entered(counter, CodeChange(head, DAY, True)),
        entered(counter, CodeChange(spouse, DAY, True)),
        entered(counter, HouseholderChange(home, spouse, (HouseholdRelation(head, "夫"),), DAY, DAY)),
    ]


def what_came_of(answers):
    return [one.reason if isinstance(one, Refusal) else one.state for one in answers]


def what_is_left(counter):
    """Everything that verifications write, but what is drawn: lines, letters, how each record and entry stands."""
    with counter.node.store.unit() as unit:
        records = unit.execute(
            "select r.addressee_number, r.version, r.kana, r.householder, r.address, e.kind"
            " from register.resident r join register.entry e on e.id = r.entry_id order by 1"
        ).fetchall()
        entries = unit.execute(
            "select kind, state, verified_by from register.entry order by entered_at, kind, households"
        ).fetchall()
        versions = unit.execute(
            "select addressee_number, version from register.resident_version order by 1, 2"
        ).fetchall()
    return records, sorted(map(str, entries)), versions, len(counter.letters), len(counter.lines())


@pytest.mark.parametrize("seed", range(8))
def test_words_written_together_come_to_what_they_come_to_one_by_one(seed, database, counter, move_in, comer):
    """Two households with four drafts each, in any order, some twice, some by whoever may not, some of nothing."""
    chance = Random(seed)
    who = ("checker", "checker", "both", "clerk")
    plan = [
        (chance.randrange(2), chance.randrange(5), chance.choice(who)) for _ in range(chance.randrange(1, 11))
    ]

    def lived(together):
        counter.letters.clear()
        counter.stock = 0
        counter.node = replace(counter.node, store=database("registry"))
        couples = [household(counter, move_in, comer) for _ in range(2)]
        drafts = [[*drafts_about(counter, couple), "no such entry"] for couple in couples]
        words = [Verification(getattr(counter, who), drafts[home][draft]) for home, draft, who in plan]
        if together:
            answers = verify_entries(counter.node, words)
        else:
            answers = [verify_entry(counter.node, one.operator, one.entry_id) for one in words]
        return what_came_of(answers), what_is_left(counter)

    assert lived(together=True) == lived(together=False)


def test_one_entry_twice_stands_once_and_the_second_hears_so(counter, move_in, comer):
    entry = entered(counter, move_in(comer(1)))
    word = Verification(counter.checker, entry)
    first, second = verify_entries(counter.node, [word, word])
    assert first.state == "verified"
    assert (second.reason, second.detail) == (Reason.NOT_PENDING, "VERIFIED")
    assert len(counter.letters) == 1


def test_many_second_persons_at_once_each_hear_of_their_own_entry(counter, move_in, comer):
    entries = [entered(counter, move_in(comer(place))) for place in range(30)]
    verifying = VerifyingTogether(counter.node)
    words = [Verification(counter.checker, entry, f"t{place}") for place, entry in enumerate(entries)]
    with ThreadPoolExecutor(30) as clerks:
        answers = list(clerks.map(verifying.verify, words))
    assert [one.entry_id for one in answers] == entries
    assert {one.state for one in answers} == {"verified"}
    assert pending_entries(counter.node, counter.checker) == ()
    assert len(counter.letters) == 30


def test_an_entry_that_cannot_be_read_breaks_nobody_elses_verification(counter, move_in, comer, monkeypatch):
    entries = [entered(counter, move_in(comer(place))) for place in range(6)]
    with counter.node.store.unit() as unit:
        spoiled = register.load_entry(unit, entries[2]).body

    def read(body):
        if body == spoiled:
            raise Unreadable("Entry")
        return read_entry(body)

    monkeypatch.setattr("daicho.nodes.registry.desk.read_entry", read)
    verifying = VerifyingTogether(counter.node)

    def verified(entry):
        try:
            return verifying.verify(Verification(counter.checker, entry)).state
        except Unreadable:
            return "unreadable"

    with ThreadPoolExecutor(6) as clerks:
        states = list(clerks.map(verified, entries))
    assert states == ["verified", "verified", "unreadable", "verified", "verified", "verified"]
    assert [one.entry_id for one in pending_entries(counter.node, counter.checker)] == [entries[2]]
