"""Keys of before are folded anew: whoever was found under an old key is found under the new one, and nobody is lost."""

from datetime import date

from tests.nodes.registry.conftest import AT_COUNTER

from daicho.nodes.keeping import refolding
from daicho.nodes.registry.counter import EntryView, enter, verify_entry
from daicho.nodes.registry.refolding import resident_refolding
from daicho.rules.people.kana import FOLDING
from daicho.store import folding

DAY = date(2026, 11, 20)


def residents(counter, move_in, comer, count):
    for number in range(1, count + 1):
        view = enter(
            counter.node, counter.clerk, move_in(comer(number)), draw_codes=counter.draw, reception=AT_COUNTER
        )
        assert isinstance(view, EntryView)
        assert isinstance(verify_entry(counter.node, counter.checker, view.entry_id), EntryView)


def keys(counter):
    with counter.node.store.unit() as unit:
        return unit.execute(
            "select addressee_number, kanji, address from register.resident order by 1"
        ).fetchall()


def test_residents_are_folded_anew_some_at_a_time(counter, move_in, comer, monkeypatch):
    monkeypatch.setattr(refolding, "ROWS_AT_ONCE", 2)
    residents(counter, move_in, comer, 5)
    right = keys(counter)
    with counter.node.store.unit() as unit:
        unit.execute("update register.resident set kanji = 'old ' || kanji, address = 'old ' || address")
        assert folding.version(unit) < FOLDING
    job = resident_refolding(counter.node)
    assert [job.work() for _ in range(4)] == [True, True, False, False]
    assert keys(counter) == right
    with counter.node.store.unit() as unit:
        assert folding.version(unit) == FOLDING


def test_keys_that_were_written_meanwhile_stay(counter, move_in, comer):
    residents(counter, move_in, comer, 1)
    ((whose, name, place),) = keys(counter)
    with counter.node.store.unit() as unit:
        read = folding.Keys(str(whose), "read before", "read before")
        folding.rewrite_residents(unit, [folding.NewKeys(read, "wrong", "wrong")])
    assert keys(counter) == [(whose, name, place)]
