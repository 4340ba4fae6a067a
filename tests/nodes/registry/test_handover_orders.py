"""Orders to move a whole register: by two people at terminals, used once, for one folder."""

import hashlib
from dataclasses import replace

import pytest
from tests.nodes.registry.test_handover import elsewhere, folder, nothing_stands, silent, town

from daicho.faces.desks.handover import hands_of
from daicho.nodes.handover import ordering
from daicho.nodes.handover.orders import load
from daicho.rules.handover.order import HandoverOrder, HandoverOrderState, HandoverWay
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.operators.authority import Operator, Role
from daicho.store import office as book

__all__ = ["elsewhere", "folder", "town"]  # fixtures
OUT = HandoverOrder(HandoverWay.OUT, "更改")


def enrolled(counter, *, active=True):
    """Write both people into the node's book, as an office does."""
    counter.admin = Operator("KANRI-01", "KANRI", (Role.ADMINISTRATOR,))
    counter.officer = Operator("SEKININ-01", "SEKININSHA", (Role.SECURITY_OFFICER,))
    with counter.node.store.unit() as unit:
        for one in (counter.admin, counter.officer):
            roles = tuple(role.value for role in one.roles)
            row = book.OperatorRow(one.login_id, one.role_id, "氏名", "課", roles, active)
            book.save_operator(unit, row, at=counter.node.clock.now())
    return counter


def asked(counter, order):
    number = ordering.ask_for_handover(counter.node, counter.admin, order, terminal="t1")
    assert isinstance(number, int), number
    return number


def decided(counter, number, operator=None, *, accept=True, why=""):
    who = operator or counter.officer
    return ordering.decide_handover(counter.node, who, number, why, accept=accept, terminal="t2")


@pytest.mark.requirement("R-267")
def test_an_order_is_asked_for_approved_by_another_and_used_once(counter):
    enrolled(counter)
    number = asked(counter, OUT)
    assert ordering.use_order(counter.node, number, HandoverWay.OUT).reason is Reason.APPROVAL_MISSING
    assert decided(counter, number) is None
    assert ordering.use_order(counter.node, number, HandoverWay.IN).reason is Reason.APPROVAL_MISSING
    used = ordering.use_order(counter.node, number, HandoverWay.OUT)
    assert (used.operator, used.approver, used.order) == (counter.admin, counter.officer, OUT)
    assert ordering.use_order(counter.node, number, HandoverWay.OUT).reason is Reason.ORDER_USED
    (view,) = ordering.handover_orders_of(counter.node, counter.officer)
    assert view.state is HandoverOrderState.USED
    events = [line for line in counter.lines() if line[0].startswith("register:handover")]
    assert events == [
        ("register:handover:ordered", "KANRI-01", ""),
        ("register:handover:decided", "SEKININ-01", ""),
        ("register:handover:ordered", "KANRI-01", ""),
    ]


@pytest.mark.requirement("R-267")
def test_nobody_asks_or_approves_without_the_right_or_alone(counter):
    node, number = counter.node, asked(counter, OUT)
    for who in (counter.clerk, counter.officer):
        assert ordering.ask_for_handover(node, who, OUT, terminal="").reason is Reason.NOT_PERMITTED
    assert decided(counter, number, counter.admin).reason is Reason.NOT_PERMITTED
    both = replace(counter.admin, roles=(Role.ADMINISTRATOR, Role.SECURITY_OFFICER))
    assert decided(counter, number, both).reason is Reason.SAME_PERSON
    assert decided(counter, number, accept=False).field == "why"
    assert decided(counter, number, accept=False, why="目的が分からない") is None
    assert decided(counter, number).reason is Reason.NOT_PENDING
    assert decided(counter, 99).reason is Reason.NOT_FOUND
    assert ordering.use_order(node, number, HandoverWay.OUT).reason is Reason.APPROVAL_MISSING
    assert ordering.handover_orders_of(node, counter.clerk).reason is Reason.NOT_PERMITTED


def test_whoever_lost_the_right_answers_for_nothing_any_more(counter):
    enrolled(counter, active=False)
    number = asked(counter, OUT)
    decided(counter, number)
    assert ordering.use_order(counter.node, number, HandoverWay.OUT).reason is Reason.APPROVAL_MISSING
    (view,) = ordering.handover_orders_of(counter.node, counter.admin)
    assert view.state is HandoverOrderState.READY


def test_an_order_takes_in_the_folder_that_was_approved_and_no_other(elsewhere, folder):
    hands = hands_of(elsewhere.node)
    people = elsewhere.node, elsewhere.admin, elsewhere.officer
    other = load(*people, folder, hands, silent, manifest="0" * 64)
    assert [(one.file, one.reason) for one in other.faults] == [("manifest.csv", Reason.FILE_CHANGED)]
    assert nothing_stands(elsewhere)
    manifest = hashlib.sha256((folder / "manifest.csv").read_bytes()).hexdigest()
    assert load(*people, folder, hands, silent, manifest=manifest).faults == []


@pytest.mark.parametrize(
    ("order", "field"),
    [
        (HandoverOrder(HandoverWay.OUT, " "), "purpose"),
        (HandoverOrder(HandoverWay.OUT, "字" * 201), "purpose"),
        (HandoverOrder(HandoverWay.OUT, "更改", "0" * 64), "way"),
        (HandoverOrder(HandoverWay.OUT, "更改", tell_cs=True), "way"),
        (HandoverOrder(HandoverWay.IN, "更改"), "manifest"),
        (HandoverOrder(HandoverWay.IN, "更改", "0" * 63), "manifest"),
    ],
)
def test_an_order_says_what_for_and_which_folder(counter, order, field):
    done = ordering.ask_for_handover(counter.node, counter.admin, order, terminal="")
    assert isinstance(done, Refusal)
    assert done.field == field
