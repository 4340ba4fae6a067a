"""The office of one node: its store and clock, and its ledger as the place where every act is noted."""

from collections.abc import Callable

from daicho.gate.demo_authenticator import DemoAuthenticator
from daicho.gate.passkey import Place
from daicho.nodes.chronicle.notes import note
from daicho.nodes.node import Node
from daicho.nodes.office.desk import LIMITS, Office, OfficeFact
from daicho.rules.operators.session import SessionLimits
from daicho.store.unit import Unit


def office_of(
    node: Node,
    place: Place,
    *,
    demo: Callable[[], DemoAuthenticator | None],
    limits: SessionLimits = LIMITS,
) -> Office:
    """Join a node to its office; `demo` is asked at every sign-in, so that the directory decides."""

    def write(unit: Unit, fact: OfficeFact) -> None:
        note(
            unit,
            node,
            event=fact.event,
            operator_login_id=fact.login_id,
            operator_role_id=fact.role_id,
            terminal=fact.terminal,
            outcome=fact.outcome,
            detail=fact.detail,
        )

    return Office(node.store, node.clock, place, write, demo, limits)
