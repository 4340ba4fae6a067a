"""Certificates, bound to the registry and its press."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path

from daicho.faces.terminal.desk import Seat, Why
from daicho.faces.terminal.paper_desk import Paper, PastPaper
from daicho.faces.wording.places import place_name
from daicho.nodes.config import IssuerConfig
from daicho.nodes.node import Node
from daicho.nodes.registry import certificates
from daicho.nodes.registry.certificates import IssuedPaper, Issuer, SetPaper, VerifiedPaper
from daicho.nodes.registry.counter import home_of
from daicho.nodes.registry.residents import Purpose
from daicho.paper.certificate import Certificate
from daicho.paper.fonts import find_fonts
from daicho.paper.offices import read_seal_key
from daicho.paper.sealing import NotSealable, SealKey
from daicho.paper.workers import Press, Sheet, Unprintable
from daicho.rules.certificates.content import CertificateKind
from daicho.rules.certificates.mailed import MailedRequest
from daicho.rules.certificates.request import (
    CertificateFees,
    CertificateRequest,
    CertificateRequester,
    IssueChannel,
)
from daicho.rules.law.refusal import Refusal

PAPERS_HELD = 32
HELD_SECONDS = 600.0


class PaperDesk:
    """Issues certificates; a paper can be fetched for ten minutes, and is nowhere else."""

    def __init__(self, node: Node, issuer: IssuerConfig, seal_fee_yen: int | None = None) -> None:
        """Serve one registry; the press starts with the first paper.

        Raises: UnfitSealKey when the configured key could not seal today.
        """
        self._node = node
        self._seal_key: SealKey | None = (
            read_seal_key(Path(issuer.seal_folder), node.clock.now()) if issuer.seal_folder else None
        )
        place = place_name(home_of(node))
        fees = {
            (kind, channel): issuer.fee_yen
            for kind in CertificateKind
            for channel in (IssueChannel.COUNTER, IssueChannel.POST)
        }
        if seal_fee_yen is not None:
            fees[CertificateKind.SEAL, IssueChannel.COUNTER] = seal_fee_yen
        self._issuer = Issuer(place, f"{place}長", issuer.name, CertificateFees(fees), issuer.contact)
        self._lock = threading.Lock()
        self._binding = threading.Lock()
        self._press: Press | None = None
        self._papers: OrderedDict[str, tuple[float, bytes]] = OrderedDict()

    def issue(
        self, who: Seat, request: CertificateRequest, addressee_number: int, why: Why
    ) -> Paper | Refusal:
        """Issue one certificate and hold it for printing."""
        purpose = Purpose(why.purpose, why.basis, who.terminal)
        issued = self.held(
            lambda issuer, set_paper: certificates.issue(
                self._node,
                who.operator,
                request,
                addressee_number,
                purpose,
                issuer=issuer,
                set_paper=set_paper,
            )
        )
        if isinstance(issued, Refusal):
            return issued
        return Paper(issued.number, issued.fee_yen, issued.delivery, tuple(sorted(issued.withheld)))

    def held(self, issue: Callable[[Issuer, SetPaper], IssuedPaper | Refusal]) -> IssuedPaper | Refusal:
        """Let a paper be issued under this town's name on its press, and hold it for printing."""
        issued = issue(self._issuer, self._set)
        if not isinstance(issued, Refusal):
            with self._lock:
                self._papers[issued.number] = (time.monotonic(), issued.pdf)
                while len(self._papers) > PAPERS_HELD:
                    self._papers.popitem(last=False)
        return issued

    def fee_by_post(self, came: MailedRequest) -> int:
        """Tell what a request by post costs; a public body pays nothing."""
        if came.requester is CertificateRequester.PUBLIC:
            return 0
        fee = self._issuer.fees.amount_yen(came.kind, IssueChannel.POST)
        return 0 if isinstance(fee, Refusal) else fee

    def set_with(self, print_again: Callable[[SetPaper], IssuedPaper | Refusal]) -> IssuedPaper | Refusal:
        """Let what was written before be set once more on this town's press; nothing of it is held."""
        return print_again(self._set)

    def set_bundle(self, certificates: Sequence[Certificate]) -> Sheet | Unprintable:
        """Set some letters as one file."""
        with self._binding:  # one at a time: the counter's papers go between
            return self._opened().set_bundle(certificates)

    def fetch(self, number: str) -> bytes | None:
        """Give a paper that was issued a moment ago."""
        with self._lock:
            held = self._papers.get(number)
        return held[1] if held is not None and time.monotonic() - held[0] < HELD_SECONDS else None

    def past(self, who: Seat, addressee_number: int) -> tuple[PastPaper, ...] | Refusal:
        """List what was issued of somebody."""
        rows = certificates.certificate_history(self._node, who.operator, addressee_number)
        if isinstance(rows, Refusal):
            return rows
        return tuple(
            PastPaper(
                row.number, CertificateKind(row.kind), CertificateRequester(row.requester), row.issued_at,
                row.issued_by, row.fee_yen,
            )
            for row in rows
        )  # fmt: skip

    def verify(self, text: str) -> VerifiedPaper | Refusal:
        """Tell what the book says of a paper."""
        return certificates.verify_paper(self._node, text)

    def _set(self, certificate: Certificate) -> Sheet | Unprintable:
        press = self._opened()
        if self._seal_key is None:
            return press.set(certificate)
        try:
            return press.set(certificate, self._node.clock.now())
        except NotSealable:  # a specimen, which whoever asked refuses to issue
            return press.set(certificate)

    def _opened(self) -> Press:
        with self._lock:
            if self._press is None:
                self._press = Press(find_fonts(), self._seal_key)
            return self._press

    @property
    def issuer(self) -> Issuer:
        """Name the town as the one who issues."""
        return self._issuer
