"""移行の指示 at the terminal: an administrator asks, a security officer approves, others see neither page."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from tests.faces.terminal.conftest import running
from tests.faces.terminal.test_requests import signed_in
from tests.faces.terminal.test_upkeep_requests import Hands
from tests.nodes.registry import conftest as register_hands
from tests.nodes.registry.conftest import Counter

from daicho.faces.desks.handover_orders import HandoverDesk
from daicho.faces.desks.letters import LetterDesk
from daicho.faces.terminal.desk import Desks
from daicho.nodes.handover import ordering
from daicho.nodes.office.desk import Person
from daicho.nodes.office.operators import enrol, enrol_demo_credential
from daicho.rules.handover.order import HandoverWay
from daicho.rules.network.kinds import NodeKind
from daicho.rules.operators.authority import Operator, Role

CLERK, ADMIN, OFFICER = "A1001", "K3001", "S9001"
counter = register_hands.counter


@dataclass
class Place:
    """A terminal of a registry with nobody in it."""

    terminal: Any
    counter: Counter

    def hands(self, login_id: str) -> Hands:
        return Hands(self.terminal.url, *signed_in(self.terminal.url, login_id))


@pytest.fixture
def place(counter: Counter) -> Iterator[Place]:
    node = counter.node
    desks = Desks(LetterDesk(node), handover=HandoverDesk(node))
    with running(node.store, NodeKind.REGISTRY, given=desks, clock=node.clock) as terminal:
        person = Person(Operator(OFFICER, "SEKININ-1", (Role.SECURITY_OFFICER,)), "関　守", "情報政策課")
        enrol(terminal.office, person)
        enrol_demo_credential(terminal.office, OFFICER)
        yield Place(terminal, counter)


def test_an_order_is_asked_for_declined_approved_and_ready_for_the_command(place: Place) -> None:
    admin, officer = place.hands(ADMIN), place.hands(OFFICER)
    assert "移行の指示はありません" in admin.get("/handover-orders")[1]
    wrong, text = admin.send("/handover-orders", way="", purpose="")
    assert wrong == 422
    assert 'id="e-way"' in text
    assert 'id="e-purpose"' in text
    wrong, text = admin.send("/handover-orders", way="IN", purpose="更改", manifest="zz")
    assert wrong == 422
    assert 'id="e-manifest"' in text
    text = admin.done("/handover-orders", way="IN", purpose="更改", manifest="A" * 64, tell_cs="yes")
    assert "承認待ち" in text
    text = officer.get("/handover-approvals")[1]
    assert "a" * 64 in text
    assert "コミュニケーションサーバへ通知" in text
    wrong, text = officer.send("/handover-approvals", step="decline", number="1", why="")
    assert wrong == 422
    assert "不承認" not in text
    assert '<a href="#f-why">理由を入力してください。</a>' in text
    assert 'id="e-why"' in text
    text = officer.done("/handover-approvals", step="decline", number="1", why="目録が違う")
    assert "承認を待つ移行の指示はありません" in text
    admin.done("/handover-orders", way="OUT", purpose="更改")
    assert "承認しました" in officer.done("/handover-approvals", step="accept", number="2", why="")
    text = admin.get("/handover-orders")[1]
    assert "承認済み" in text
    assert "目録が違う" in text
    used = ordering.use_order(place.counter.node, 2, HandoverWay.OUT)
    assert isinstance(used, ordering.UsedOrder)
    assert (used.operator.login_id, used.approver.login_id) == (ADMIN, OFFICER)


def test_others_reach_neither_page(place: Place) -> None:
    for login_id, paths in (
        (CLERK, ("/handover-orders", "/handover-approvals")),
        (ADMIN, ("/handover-approvals",)),
        (OFFICER, ("/handover-orders",)),
    ):
        hands = place.hands(login_id)
        assert [hands.get(path)[0] for path in paths] == [403] * len(paths), login_id
