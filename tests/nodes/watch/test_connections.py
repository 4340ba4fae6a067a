"""The list of allowed connections says exactly what is judged at each call."""

import pytest
from tests.faces.terminal.conftest import network

from daicho.faces.wording.calls import call_words
from daicho.nodes.watch.connections import allowed_callees, allowed_callers
from daicho.rules.network.kinds import NodeKind, may_call
from daicho.wire.operations import OPERATIONS

MEMBERS = network()


@pytest.mark.parametrize("me", MEMBERS, ids=lambda one: one.name)
@pytest.mark.requirement("R-043")
def test_the_list_is_what_every_call_is_judged_by(me):
    into = {
        (one.name, call)
        for row in allowed_callers(me, MEMBERS)
        for one in row.members
        for call in row.operations
    }
    out = {
        (one.name, call)
        for row in allowed_callees(me, MEMBERS)
        for one in row.members
        for call in row.operations
    }
    assert into == {
        (one.name, call.name) for one in MEMBERS for call in OPERATIONS if may_call(one, me, call.callers)
    }
    assert out == {
        (one.name, call.name) for one in MEMBERS for call in OPERATIONS if may_call(me, one, call.callers)
    }


@pytest.mark.requirement("R-043")
def test_a_registry_speaks_to_its_own_communication_server_alone_and_hears_it_and_the_auditor():
    registry = MEMBERS[0]
    (callee,) = allowed_callees(registry, MEMBERS)
    assert [one.name for one in callee.members] == ["cs.m13101.p13.daicho.internal"]
    callers = [one.kind for row in allowed_callers(registry, MEMBERS) for one in row.members]
    assert callers == [NodeKind.CS, NodeKind.AUDITOR]


def test_every_call_has_words():
    assert all(call_words(one.name) for one in OPERATIONS)
