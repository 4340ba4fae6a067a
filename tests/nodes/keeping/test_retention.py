"""保存期間・廃棄 at the CS, the prefecture and the nation: each counts its own years and destroys its own copy."""

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import cast

import pytest
from tests.store.test_identity import code_of, items, person

from daicho.nodes.node import Node
from daicho.nodes.retention import holds, listing, overview, runs
from daicho.rules.identity.record import RecordState
from daicho.rules.identity.search import SearchTerms
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.network.kinds import NodeKind
from daicho.rules.operators.authority import Operator, Role
from daicho.rules.retention.disposal import DisposalCount, DisposalKind, HoldReason
from daicho.store import identity
from daicho.store import retention as store
from daicho.store.identity import Replacement

RECORDS = Operator("bunsho01", "b1", (Role.RECORDS_OFFICER,))
SECURITY = Operator("sekinin01", "s1", (Role.SECURITY_OFFICER,))
TODAY = date(2026, 11, 20)
LONG_AGO = date(1876, 11, 19)
KINDS = (NodeKind.CS, NodeKind.PREFECTURE, NodeKind.NATIONAL)
RECORD, VERSION = DisposalKind.IDENTITY_RECORD, DisposalKind.IDENTITY_VERSION


def record(number, *, removed_until=None, received_on=TODAY, **more):
    state = RecordState.LIVING if removed_until is None else RecordState.REMOVED
    kept = person(number, record_state=state, **more)
    return replace(kept, received_on=received_on, kept_until=removed_until)


@pytest.fixture(params=KINDS)
def node(request, database, clock):
    """A level that keeps: 1 lives; 2 is over since yesterday; 3 until today; of 1 a version of 150 years and a day ago."""
    store = database(request.param.value)
    made = SimpleNamespace(
        me=SimpleNamespace(kind=request.param, name="node.internal"), store=store, clock=clock
    )
    before = record(1, received_on=date(1870, 1, 1))
    now = record(1, received_on=LONG_AGO, update_sequence=9)
    with store.unit() as unit:
        identity.save(unit, [Replacement(before)])
        identity.save(unit, [Replacement(now, before)])
        identity.save(unit, [Replacement(record(2, removed_until=TODAY - timedelta(days=1)))])
        identity.save(unit, [Replacement(record(3, removed_until=TODAY))])
        if request.param is NodeKind.CS:
            identity.save_items(unit, [(code_of(2), items())])
    return cast("Node", made)


def asked(node, statement):
    with node.store.unit() as unit:
        return unit.execute(statement).fetchall()


def codes(node):
    return [row[0] for row in asked(node, "select resident_record_code from identity.record order by 1")]


def approved(node):
    view = runs.propose_run(node, RECORDS)
    assert isinstance(view, runs.RunView), view
    decided = runs.decide_run(node, SECURITY, view.line.number, view.digest, accept=True)
    assert isinstance(decided, runs.RunView), decided
    return view


@pytest.mark.requirement("R-475")
def test_who_is_over_is_found_by_nobody_before_anything_is_destroyed(node):
    with node.store.unit() as unit:
        found = [identity.look_up(unit, SearchTerms(code=code_of(number)), on=TODAY) for number in (1, 2, 3)]
        always = identity.look_up(unit, SearchTerms(code=code_of(2)))
    assert [len(one) for one in found] == [1, 0, 1]
    assert len(always) == 1


@pytest.mark.requirement("R-470", "R-109")
def test_each_level_destroys_what_is_over_and_nothing_else(node):
    due = {one.kind: (one.over, one.oldest) for one in overview.retention_overview(node, RECORDS).due}
    yesterday = TODAY - timedelta(days=1)
    assert due == {VERSION: (1, yesterday), RECORD: (1, yesterday)}
    view = approved(node)
    assert len(codes(node)) == 3
    through = runs.carry_out(node, SECURITY, view.line.number)
    assert through.certificate.counts == (
        DisposalCount(RECORD, 1, 1, 0, 0),
        DisposalCount(VERSION, 1, 1, 0, 0),
    )
    assert codes(node) == sorted([str(code_of(1)), str(code_of(3))])
    assert asked(node, "select count(*) from identity.history") == [(0,)]
    if node.me.kind is NodeKind.CS:
        assert asked(node, "select count(*) from identity.cs_items") == [(0,)]
    assert isinstance(runs.propose_run(node, RECORDS), Refusal)


@pytest.mark.requirement("R-470")
def test_a_number_goes_with_its_record_and_stays_at_the_nation_so_that_nobody_gets_it_again(node):
    code = str(code_of(2))
    with node.store.unit() as unit, unit.as_number_keeper():
        for place, state in enumerate(("current", "former")):
            unit.execute(
                "insert into numbers.individual_number values (%s, %s, %s, %s, %s)",
                (bytes([place]) * 16, code, b"sealed", TODAY, state),
            )
    view = approved(node)
    runs.carry_out(node, RECORDS, view.line.number)
    with node.store.unit() as unit, unit.as_number_keeper():
        (left,) = unit.execute("select count(*) from numbers.individual_number").fetchone()
    assert left == (2 if node.me.kind is NodeKind.NATIONAL else 0)


def test_whoever_lives_again_since_the_list_was_drawn_up_stays(node):
    view = approved(node)
    with node.store.unit() as unit:
        old = identity.lock_current(unit, [person(2).record])
        back = record(2, update_sequence=99)
        assert identity.save(unit, [Replacement(back, old[str(code_of(2))])])
    through = runs.carry_out(node, RECORDS, view.line.number)
    assert through.certificate.counts[0] == DisposalCount(RECORD, 1, 0, 0, 1)
    assert str(code_of(2)) in codes(node)


def test_a_hold_is_by_the_code_and_keeps_record_and_versions(node):
    view = approved(node)
    assert isinstance(holds.set_hold(node, RECORDS, "1", HoldReason.AUDIT, "x"), Refusal)
    for number in (1, 2):
        held = holds.set_hold(node, RECORDS, str(code_of(number)), HoldReason.LITIGATION, "係争中")
        assert not isinstance(held, Refusal)
    through = runs.carry_out(node, RECORDS, view.line.number)
    assert through.certificate.counts == (
        DisposalCount(RECORD, 1, 0, 1, 0),
        DisposalCount(VERSION, 1, 0, 1, 0),
    )
    assert runs.propose_run(node, RECORDS).reason is Reason.NOTHING_DUE


@pytest.mark.parametrize("node", [NodeKind.CS], indirect=True)
def test_whose_address_is_kept_back_stays_at_the_cs(node):
    with node.store.unit() as unit:
        unit.execute("insert into kept_back.whom values (%s)", (str(code_of(2)),))
    view = runs.propose_run(node, RECORDS)
    assert (view.waiting, view.held_back) == (1, 1)


def test_a_list_shows_the_end_of_a_code_and_no_more(node):
    view = runs.propose_run(node, RECORDS)
    things = listing.list_page(node, SECURITY, view.line.number).things
    assert {one.whose for one in things} == {f"…{str(code_of(number))[-4:]}" for number in (1, 2)}
    assert {(one.removed_on, one.reason) for one in things} == {(None, None)}


def test_a_hold_on_somebody_follows_them_to_another_code(node):
    """A code that was changed: what was kept under the one before is the same person's."""
    with node.store.unit() as unit:
        old = identity.lock_current(unit, [person(1).record])[str(code_of(1))]
        moved = replace(person(9, update_sequence=99).record, old_resident_record_code=code_of(1))
        assert identity.save(unit, [Replacement(replace(old, record=moved, received_on=TODAY), old)])
    view = approved(node)
    assert not isinstance(holds.set_hold(node, RECORDS, str(code_of(9)), HoldReason.AUDIT, "x"), Refusal)
    through = runs.carry_out(node, RECORDS, view.line.number)
    assert DisposalCount(VERSION, 2, 0, 2, 0) in through.certificate.counts
    number = overview.retention_overview(node, RECORDS).holds[0].number
    assert holds.lift_hold(node, RECORDS, number) is None
    assert not isinstance(holds.set_hold(node, RECORDS, str(code_of(1)), HoldReason.AUDIT, "x"), Refusal)
    assert asked(node, f"select retention.hold_of('{code_of(9)}', now())") == [("AUDIT",)]


def test_nobody_sets_a_hold_for_a_code_under_which_nothing_is_kept(node):
    refused = holds.set_hold(node, RECORDS, str(code_of(77)), HoldReason.AUDIT, "x")
    assert refused.reason is Reason.NOT_FOUND


@pytest.mark.parametrize(("lie", "state"), [("2026-11-18", "changed"), ("2026-11-19", "erased")])
def test_the_database_believes_no_list_that_says_that_a_version_ends_earlier(node, lie, state):
    (key,) = asked(node, "select id::text from identity.history")[0]
    with node.store.unit() as unit:
        (content,) = unit.execute(
            "select retention.content_of('IDENTITY_VERSION', %s, %s)", (key, b"s")
        ).fetchone()
        now = node.clock.now()
        run = store.RunRow("2026-000009", "proposed", date(2300, 1, 1), "0" * 64, 0, b"s", "a", now)
        item = store.ItemRow(VERSION.value, key, str(code_of(1)), "x", date.fromisoformat(lie), content)
        assert store.keep_run(unit, run, [item])
    with node.store.unit() as unit:
        assert store.decide_run(unit, run.number, "approved", "b", now)
        (told,) = store.dispose(unit, run.number, 10, now)
    assert told.state == state
