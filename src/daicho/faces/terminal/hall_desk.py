"""What the pages of the links inside the hall, of extractions and of the sheet of next steps need from the node."""

from datetime import date
from typing import Protocol

from daicho.nodes.registry.hall.clients import ClientsOverview, ClientView
from daicho.nodes.registry.hall.extractions import ExtractionView
from daicho.nodes.registry.hall.files import FileWords, HallFile
from daicho.nodes.registry.hall.guide import GuideSheet
from daicho.nodes.registry.residents import Purpose
from daicho.rules.hall.access import HallClient, HallScope
from daicho.rules.hall.extraction import ExtractionOrder
from daicho.rules.hall.offices import HallOffice
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Operator


class HallDesk(Protocol):
    """The systems of other offices, extractions by staff, and where a family goes next, of one municipality."""

    def overview(self, who: Operator, /) -> ClientsOverview | Refusal:
        """List all systems and what waits for a second person."""
        ...

    def client(self, who: Operator, client_id: str, /) -> ClientView | Refusal:
        """Show one system."""
        ...

    def grantable(self, client: HallClient, /) -> tuple[HallScope, ...]:
        """List the scopes that a system may be given today."""
        ...

    def open(
        self, who: Operator, office: HallOffice, title: str, valid_until: date, terminal: str, /
    ) -> str | Refusal:
        """Open a system of an office; gives its name."""
        ...

    def ask_scope(
        self, who: Operator, client_id: str, scope: HallScope | None, reason: str, terminal: str, /
    ) -> Refusal | None:
        """Ask a second person to give a scope, or without one the word for a new secret."""
        ...

    def withdraw_scope(
        self, who: Operator, client_id: str, scope: HallScope | None, terminal: str, /
    ) -> Refusal | None:
        """Take back a scope, or without one the word for a new secret."""
        ...

    def end_secrets(self, who: Operator, client_id: str, terminal: str, /) -> Refusal | None:
        """Let no secret open any more."""
        ...

    def decide_scope(
        self, who: Operator, proposal_id: str, terminal: str, /, *, accept: bool
    ) -> str | Refusal:
        """Give the scope that somebody else asked for, or decline it."""
        ...

    def new_secret(self, who: Operator, client_id: str, terminal: str, /, *, at_once: bool) -> str | Refusal:
        """Make a new secret after a second person's word and give it this once."""
        ...

    def close(self, who: Operator, client_id: str, terminal: str, /) -> Refusal | None:
        """Close a system for good."""
        ...

    def extractions(self, who: Operator, /) -> tuple[ExtractionView, ...] | Refusal:
        """List what an operator asked for."""
        ...

    def ask_extraction(
        self, who: Operator, order: ExtractionOrder, terminal: str, /
    ) -> ExtractionView | Refusal:
        """Keep an order of an extraction, with a ledger line."""
        ...

    def make_extraction(
        self, who: Operator, number: str, words: FileWords, terminal: str, /
    ) -> HallFile | Refusal | None:
        """Write the file of an extraction once, with ledger lines; nothing while a large one is being made."""
        ...

    def waiting_extractions(self, who: Operator, /) -> tuple[ExtractionView, ...] | Refusal:
        """List the extractions that wait for a second person."""
        ...

    def decide_extraction(
        self, who: Operator, number: str, reason: str, terminal: str, /, *, accept: bool
    ) -> Refusal | None:
        """Agree to an extraction or decline it."""
        ...

    def guide(
        self, who: Operator, addressee_number: int, entry_id: str, why: Purpose, /
    ) -> GuideSheet | Refusal:
        """Make the sheet of a family's next steps, with ledger lines."""
        ...
