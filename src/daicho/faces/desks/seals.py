"""Seal registrations, bound to the registry and its press."""

from dataclasses import replace
from datetime import date

from daicho.faces.desks.certificates import PaperDesk
from daicho.nodes.config import SealsConfig
from daicho.nodes.node import Node
from daicho.nodes.registry.certificates import IssuedPaper
from daicho.nodes.registry.residents import Purpose
from daicho.nodes.registry.seals import certificates, deciding, requests
from daicho.nodes.registry.seals.deciding import CardToMake, SealWork
from daicho.nodes.registry.seals.requests import OpenRequest, SealView
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.operators.authority import Operator
from daicho.rules.seals.certificate import SealCertificateRequest
from daicho.rules.seals.ordinance import CERTIFICATION, SealOrdinance, ordinance_on
from daicho.rules.seals.registration import (
    SealApplication,
    SealRegistration,
    SealRequest,
    SuspensionCause,
)
from daicho.rules.seals.visit import CounterVisit


class SealsDesk:
    """A municipality's registered seals as its pages use them; without papers no certificate is issued."""

    def __init__(self, node: Node, papers: PaperDesk | None, chosen: SealsConfig) -> None:
        """Serve one registry under what its ordinance chooses."""
        self._node, self._papers, self._chosen = node, papers, chosen

    @property
    def ordinance(self) -> SealOrdinance:
        """Give the model ordinance in force today with what the town chose."""
        return replace(
            ordinance_on(self._node.clock.business_today()),
            answer_days=self._chosen.answer_days,
            sex_printed=self._chosen.sex_printed,
            number_card_accepted=self._chosen.number_card_accepted,
        )

    @property
    def issues(self) -> bool:
        """Tell whether this node issues certificates."""
        return self._papers is not None

    def view(self, who: Operator, addressee_number: int, why: Purpose) -> SealView | Refusal:
        """Show somebody's seal registration."""
        return requests.seal_view(self._node, who, addressee_number, why)

    def picture(self, who: Operator, addressee_number: int, image_id: str, why: Purpose) -> bytes | Refusal:
        """Give the picture of a print."""
        return requests.seal_print(self._node, who, addressee_number, image_id, why)

    def apply(
        self, who: Operator, application: SealApplication, scan: bytes, why: Purpose
    ) -> OpenRequest | Refusal:
        """Keep an application."""
        return requests.apply_for_seal(self._node, who, application, scan, why, self.ordinance)

    def ask(self, who: Operator, request: SealRequest, why: Purpose) -> OpenRequest | Refusal:
        """Ask a second person to abolish, to let stand again, or to give another card."""
        return requests.ask_about_seal(self._node, who, request, why, self.ordinance)

    def answered(
        self, who: Operator, addressee_number: int, answered_on: date, bringer: CounterVisit, why: Purpose
    ) -> Refusal | None:
        """Note that the answer to the letter of inquiry was brought, and by whom."""
        return requests.note_answer(self._node, who, addressee_number, answered_on, bringer, why)

    def withdraw(self, who: Operator, addressee_number: int, why: Purpose) -> Refusal | None:
        """Close what nobody has decided."""
        return requests.withdraw_request(self._node, who, addressee_number, why)

    def suspend(
        self, who: Operator, addressee_number: int, cause: SuspensionCause, why: Purpose
    ) -> Refusal | None:
        """Stop certificates at once."""
        return requests.suspend_seal(self._node, who, addressee_number, cause, why)

    def told(
        self, who: Operator, addressee_number: int, number: str, told_on: date, why: Purpose
    ) -> Refusal | None:
        """Note that somebody was told of an end ex officio."""
        return requests.note_end_told(self._node, who, addressee_number, number, told_on, why)

    def work(self, who: Operator, terminal: str) -> SealWork | Refusal:
        """List what waits for somebody."""
        return deciding.seal_work(self._node, who, terminal)

    def card(self, who: Operator, addressee_number: int, terminal: str) -> CardToMake | Refusal:
        """Tell the number of a card that was not handed over yet."""
        return deciding.card_to_make(self._node, who, addressee_number, terminal)

    def handed_over(
        self, who: Operator, addressee_number: int, version: int, terminal: str
    ) -> Refusal | None:
        """Note that a card was handed over."""
        return deciding.hand_over_card(self._node, who, addressee_number, version, terminal)

    def opened(self, who: Operator, request_id: str, terminal: str) -> tuple[OpenRequest, SealView] | Refusal:
        """Open what waits."""
        return deciding.seal_to_decide(self._node, who, request_id, terminal)

    def decide(
        self, who: Operator, request_id: str, terminal: str, reason: str, *, accept: bool
    ) -> SealRegistration | Refusal | None:
        """Carry out what somebody else entered, or decline it."""
        return deciding.decide_on_seal(
            self._node,
            who,
            request_id,
            accept=accept,
            ordinance=self.ordinance,
            terminal=terminal,
            reason=reason,
        )

    def issue(
        self, who: Operator, request: SealCertificateRequest, addressee_number: int, why: Purpose
    ) -> IssuedPaper | Refusal:
        """Issue one certificate and hold it for printing."""
        if self._papers is None:
            return Refusal(Reason.FONT_MISSING, CERTIFICATION, "font")
        return self._papers.held(
            lambda issuer, set_paper: certificates.issue_seal_certificate(
                self._node, who, request, addressee_number, why,
                issuer=issuer, ordinance=self.ordinance, set_paper=set_paper,
            )
        )  # fmt: skip
