"""A registry with a family, two people who look after links, and systems of offices."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from tests.nodes.registry.conftest import Counter
from tests.nodes.registry.test_protection import arrived

from daicho.nodes.registry.hall import calling, clients
from daicho.nodes.registry.hall.calling import GivenToken, HallCaller
from daicho.rules.hall.access import HallScope
from daicho.rules.hall.offices import HallOffice, NumberOrdinance
from daicho.rules.operators.authority import Operator, Role
from daicho.store import hall_clients

ADMIN = Operator("kanri01", "a1", (Role.ADMINISTRATOR,))
OFFICER = Operator("sekinin01", "s1", (Role.SECURITY_OFFICER,))
UNTIL = date(2027, 3, 31)
NO_NUMBERS = NumberOrdinance()
NUMBERS = NumberOrdinance(frozenset(HallOffice))


@dataclass
class Hall:
    """What tests do with links."""

    counter: Counter

    def opened(self, office: HallOffice, *scopes: HallScope, ordinance: NumberOrdinance = NUMBERS) -> str:
        """Open a system with scopes that two people gave."""
        node = self.counter.node
        client_id = clients.open_client(node, ADMIN, office, f"{office.value}のシステム", UNTIL)
        assert isinstance(client_id, str), client_id
        for scope in scopes:
            asked = clients.ask_for_scope(node, ADMIN, client_id, scope, "資格管理のため", ordinance)
            assert asked is None, asked
        overview = clients.clients_overview(node, OFFICER)
        assert isinstance(overview, clients.ClientsOverview)
        for one in overview.waiting:
            decided = clients.decide_on_scope(node, OFFICER, one.proposal.id, ordinance, accept=True)
            assert decided == client_id, decided
        return client_id

    def secret(self, client_id: str, *, at_once: bool = True) -> str:
        """Make a secret after a second person's word."""
        node = self.counter.node
        asked = clients.ask_for_scope(node, ADMIN, client_id, None, "接続のため", NO_NUMBERS)
        assert asked is None, asked
        overview = clients.clients_overview(node, OFFICER)
        assert isinstance(overview, clients.ClientsOverview)
        (word,) = [one.proposal.id for one in overview.waiting if one.scope is None]
        assert clients.decide_on_scope(node, OFFICER, word, NO_NUMBERS, accept=True) == client_id
        secret = clients.new_secret(node, ADMIN, client_id, at_once=at_once)
        assert isinstance(secret, str), secret
        return secret

    def admitted(self, client_id: str, ordinance: NumberOrdinance = NUMBERS) -> HallCaller:
        """Sign a system in."""
        node = self.counter.node
        token = calling.give_token(node, client_id, self.secret(client_id), (), ordinance)
        assert isinstance(token, GivenToken), token
        caller = calling.caller_of(node, token.text, ordinance)
        assert isinstance(caller, HallCaller), caller
        return caller

    def caller(
        self, office: HallOffice, *scopes: HallScope, ordinance: NumberOrdinance = NUMBERS
    ) -> HallCaller:
        """Open a system and sign it in."""
        return self.admitted(self.opened(office, *scopes, ordinance=ordinance), ordinance)

    def cursor(self, client_id: str) -> int:
        """Tell how far a system has read."""
        with self.counter.node.store.unit() as unit:
            row = hall_clients.client(unit, client_id)
        assert row is not None
        return row.cursor

    def given(self) -> list[str]:
        """Name everybody of whom something was given, from the ledger."""
        return [subject for event, _, subject in self.counter.lines() if event == "hall:record:given"]


@pytest.fixture
def hall(counter: Counter) -> Hall:
    return Hall(counter)


@pytest.fixture
def family(counter: Counter, move_in: Callable[..., Any], comer: Callable[..., Any]) -> Any:
    return arrived(counter, move_in(comer(1), comer(2, "妻"), comer(3, "子")))
