"""Links inside the hall, extractions and the sheet of next steps, bound to the registry."""

from datetime import date

from daicho.nodes.node import Node
from daicho.nodes.registry.hall import clients, extractions, making
from daicho.nodes.registry.hall.clients import ClientsOverview, ClientView
from daicho.nodes.registry.hall.extractions import ExtractionView
from daicho.nodes.registry.hall.files import FileWords, HallFile
from daicho.nodes.registry.hall.guide import GuideSheet, guide_after
from daicho.nodes.registry.residents import Purpose
from daicho.rules.hall.access import HallClient, HallScope, check_scope
from daicho.rules.hall.extraction import ExtractionOrder
from daicho.rules.hall.offices import HallOffice, NumberOrdinance
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Operator


class LinkDesk:
    """A municipality's links inside the hall as their pages use them."""

    def __init__(self, node: Node, ordinance: NumberOrdinance) -> None:
        """Serve one registry under the town's ordinance of individual numbers."""
        self._node, self._ordinance = node, ordinance

    def overview(self, who: Operator) -> ClientsOverview | Refusal:
        """List all systems and what waits for a second person."""
        return clients.clients_overview(self._node, who)

    def client(self, who: Operator, client_id: str) -> ClientView | Refusal:
        """Show one system."""
        return clients.client_view(self._node, who, client_id)

    def grantable(self, client: HallClient) -> tuple[HallScope, ...]:
        """List the scopes that a system may be given today."""
        today = self._node.clock.business_today()
        return tuple(one for one in HallScope if check_scope(client, one, today, self._ordinance) is None)

    def open(
        self, who: Operator, office: HallOffice, title: str, valid_until: date, terminal: str
    ) -> str | Refusal:
        """Open a system of an office."""
        return clients.open_client(self._node, who, office, title, valid_until, terminal=terminal)

    def ask_scope(
        self, who: Operator, client_id: str, scope: HallScope | None, reason: str, terminal: str
    ) -> Refusal | None:
        """Ask a second person to give a scope, or without one the word for a new secret."""
        return clients.ask_for_scope(
            self._node, who, client_id, scope, reason, self._ordinance, terminal=terminal
        )

    def decide_scope(self, who: Operator, proposal_id: str, terminal: str, *, accept: bool) -> str | Refusal:
        """Give the scope that somebody else asked for, or decline it."""
        return clients.decide_on_scope(
            self._node, who, proposal_id, self._ordinance, accept=accept, terminal=terminal
        )

    def withdraw_scope(
        self, who: Operator, client_id: str, scope: HallScope | None, terminal: str
    ) -> Refusal | None:
        """Take back a scope, or without one the word for a new secret."""
        return clients.withdraw_scope(self._node, who, client_id, scope, terminal=terminal)

    def end_secrets(self, who: Operator, client_id: str, terminal: str) -> Refusal | None:
        """Let no secret open any more."""
        return clients.end_secrets(self._node, who, client_id, terminal=terminal)

    def new_secret(self, who: Operator, client_id: str, terminal: str, *, at_once: bool) -> str | Refusal:
        """Make a new secret after a second person's word and give it this once."""
        return clients.new_secret(self._node, who, client_id, at_once=at_once, terminal=terminal)

    def close(self, who: Operator, client_id: str, terminal: str) -> Refusal | None:
        """Close a system for good."""
        return clients.close_hall_client(self._node, who, client_id, terminal=terminal)

    def extractions(self, who: Operator) -> tuple[ExtractionView, ...] | Refusal:
        """List what an operator asked for."""
        return extractions.own_extractions(self._node, who)

    def ask_extraction(
        self, who: Operator, order: ExtractionOrder, terminal: str
    ) -> ExtractionView | Refusal:
        """Keep an order of an extraction."""
        return extractions.ask_for_extraction(self._node, who, order, terminal=terminal)

    def make_extraction(
        self, who: Operator, number: str, words: FileWords, terminal: str
    ) -> HallFile | Refusal | None:
        """Write the file of an extraction once; a large one is begun, and given when it is there."""
        return making.take_extraction(self._node, who, number, words, terminal=terminal)

    def waiting_extractions(self, who: Operator) -> tuple[ExtractionView, ...] | Refusal:
        """List the extractions that wait for a second person."""
        return extractions.waiting_extractions(self._node, who)

    def decide_extraction(
        self, who: Operator, number: str, reason: str, terminal: str, *, accept: bool
    ) -> Refusal | None:
        """Agree to an extraction or decline it."""
        return extractions.decide_on_extraction(
            self._node, who, number, accept=accept, why=reason, terminal=terminal
        )

    def guide(
        self, who: Operator, addressee_number: int, entry_id: str, why: Purpose
    ) -> GuideSheet | Refusal:
        """Make the sheet of a family's next steps."""
        return guide_after(self._node, who, addressee_number, entry_id, why)
