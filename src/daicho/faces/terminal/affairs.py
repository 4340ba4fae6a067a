"""What the pages of a resident's further affairs need from the node behind them, one protocol per task."""

from datetime import date
from typing import Protocol

from daicho.nodes.handover.ordering import OrderView
from daicho.nodes.registry.certificates import IssuedPaper
from daicho.nodes.registry.deferral import AffairLine, AffairsWaiting, AffairView
from daicho.nodes.registry.programmes import ProgrammesView
from daicho.nodes.registry.residents import Purpose
from daicho.nodes.registry.seals.deciding import CardToMake, SealWork
from daicho.nodes.registry.seals.requests import OpenRequest, SealView
from daicho.nodes.watch.line import LineDown
from daicho.rules.deferral.affair import AffairState, DeferredAffair
from daicho.rules.handover.order import HandoverOrder
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Operator
from daicho.rules.programmes.item import ProgrammeChange
from daicho.rules.seals.certificate import SealCertificateRequest
from daicho.rules.seals.ordinance import SealOrdinance
from daicho.rules.seals.registration import (
    SealApplication,
    SealRegistration,
    SealRequest,
    SuspensionCause,
)
from daicho.rules.seals.visit import CounterVisit


class LineDesk(Protocol):
    """Whether those on whom the node rests answer."""

    def down(self, /) -> LineDown | None:
        """Tell that they do not, since when, and what waits; nothing while they do."""
        ...


class DeferralDesk(Protocol):
    """Affairs that were taken while the line was down."""

    def put_off(
        self, who: Operator, affair: DeferredAffair, terminal: str, affair_id: str = "", /
    ) -> AffairLine | Refusal:
        """Keep an affair until the line is back, or what one that waits says now."""
        ...

    def waiting(self, who: Operator, /) -> AffairsWaiting | Refusal:
        """List what waits, oldest first."""
        ...

    def opened(self, who: Operator, affair_id: str, terminal: str, /) -> AffairView | Refusal:
        """Open one, with a ledger line."""
        ...

    def finish(
        self, who: Operator, affair_id: str, terminal: str, state: AffairState, outcome: str, /
    ) -> Refusal | None:
        """Close one with what became of it."""
        ...


class HandoverDesk(Protocol):
    """Orders to move a whole register in or out."""

    def ask(self, who: Operator, order: HandoverOrder, terminal: str, /) -> int | Refusal:
        """Keep an order that waits for a second person."""
        ...

    def orders(self, who: Operator, /) -> tuple[OrderView, ...] | Refusal:
        """List orders, the newest first."""
        ...

    def decide(
        self, who: Operator, number: int, why: str, terminal: str, /, *, accept: bool
    ) -> Refusal | None:
        """Approve an order or decline it."""
        ...


class ProgrammesDesk(Protocol):
    """Programme items of one municipality's residents."""

    def view(self, who: Operator, addressee_number: int, why: Purpose, /) -> ProgrammesView | Refusal:
        """Show somebody's items, with a ledger line."""
        ...

    def change(
        self, who: Operator, addressee_number: int, change: ProgrammeChange, seen: int, why: Purpose, /
    ) -> Refusal | None:
        """Note what an office tells, or what was found ex officio; refused when anything was told since `seen`."""
        ...


class SealDesk(Protocol):
    """Seal registrations of one municipality's residents, and what two people decide about them."""

    @property
    def ordinance(self) -> SealOrdinance:
        """Give what the town's ordinance says today."""
        ...

    @property
    def issues(self) -> bool:
        """Tell whether this node issues certificates."""
        ...

    def view(self, who: Operator, addressee_number: int, why: Purpose, /) -> SealView | Refusal:
        """Show somebody's seal registration, with a ledger line."""
        ...

    def picture(
        self, who: Operator, addressee_number: int, image_id: str, why: Purpose, /
    ) -> bytes | Refusal:
        """Give the picture of a print, with a ledger line."""
        ...

    def apply(
        self, who: Operator, application: SealApplication, scan: bytes, why: Purpose, /
    ) -> OpenRequest | Refusal:
        """Keep an application."""
        ...

    def ask(self, who: Operator, request: SealRequest, why: Purpose, /) -> OpenRequest | Refusal:
        """Ask a second person to abolish, to let stand again, or to give another card."""
        ...

    def answered(
        self, who: Operator, addressee_number: int, answered_on: date, bringer: CounterVisit, why: Purpose, /
    ) -> Refusal | None:
        """Note that the answer to the letter of inquiry was brought, and by whom."""
        ...

    def withdraw(self, who: Operator, addressee_number: int, why: Purpose, /) -> Refusal | None:
        """Close what nobody has decided."""
        ...

    def suspend(
        self, who: Operator, addressee_number: int, cause: SuspensionCause, why: Purpose, /
    ) -> Refusal | None:
        """Stop certificates at once."""
        ...

    def told(
        self, who: Operator, addressee_number: int, number: str, told_on: date, why: Purpose, /
    ) -> Refusal | None:
        """Note that somebody was told of an end ex officio."""
        ...

    def work(self, who: Operator, terminal: str, /) -> SealWork | Refusal:
        """List what waits for somebody, with ledger lines."""
        ...

    def card(self, who: Operator, addressee_number: int, terminal: str, /) -> CardToMake | Refusal:
        """Tell the number of a card that was not handed over yet, with a ledger line."""
        ...

    def handed_over(
        self, who: Operator, addressee_number: int, version: int, terminal: str, /
    ) -> Refusal | None:
        """Note that a card was handed over."""
        ...

    def opened(
        self, who: Operator, request_id: str, terminal: str, /
    ) -> tuple[OpenRequest, SealView] | Refusal:
        """Open what waits, with a ledger line."""
        ...

    def decide(
        self, who: Operator, request_id: str, terminal: str, reason: str, /, *, accept: bool
    ) -> SealRegistration | Refusal | None:
        """Carry out what somebody else entered, or decline it."""
        ...

    def issue(
        self, who: Operator, request: SealCertificateRequest, addressee_number: int, why: Purpose, /
    ) -> IssuedPaper | Refusal:
        """Issue one certificate, with a line in the book and in the ledger."""
        ...
