"""What the pages of papers need from the node behind them, one protocol per task."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from daicho.nodes.registry.certificates import IssuedPaper
from daicho.nodes.registry.papers.inspections import InspectionCase, InspectionOverview, ReadList
from daicho.nodes.registry.papers.mailed import MailedList, MailedView
from daicho.nodes.registry.papers.notices import Leaving, OwedLine, OwedNotices
from daicho.nodes.registry.papers.posting import PostLines, PostView
from daicho.nodes.registry.papers.sheets import PaperSheets, SheetBook
from daicho.nodes.registry.papers.till import ClosedTill, TillOverview, TillSeen
from daicho.nodes.registry.residents import Purpose
from daicho.rules.certificates.content import CertificateItem, CertificateKind
from daicho.rules.certificates.mailed import MailedRequest, MailedStep
from daicho.rules.certificates.owed import Handing
from daicho.rules.certificates.posting import PostAct
from daicho.rules.certificates.request import CertificateRequest, CertificateRequester, Delivery
from daicho.rules.certificates.sheets import SheetNote, SheetRange
from daicho.rules.certificates.till import FreeCause, TillClosing, TillCount
from daicho.rules.inspection.application import InspectionApplication
from daicho.rules.inspection.report import PublishedInspection
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Operator


@dataclass(frozen=True, slots=True)
class Paper:
    """A certificate that was issued: its number, the fee, what the clerk should know."""

    number: str
    fee_yen: int
    delivery: Delivery
    withheld: tuple[CertificateItem, ...]


@dataclass(frozen=True, slots=True)
class PastPaper:
    """A certificate of somebody as the book of papers has it."""

    number: str
    kind: CertificateKind
    requester: CertificateRequester
    issued_at: datetime
    issued_by: str
    fee_yen: int


class MailedDesk(Protocol):
    """Requests for papers that came by post."""

    def new_name(self) -> str:
        """Give the name of a request that is about to be noted."""
        ...

    def receive(self, who: Operator, terminal: str, mailed_id: str, came: MailedRequest, /) -> str | Refusal:
        """Note what came, with a ledger line for whom it asks about."""
        ...

    def listed(self, who: Operator, terminal: str, /, *, done: bool) -> MailedList | Refusal:
        """List what waits, or what is done, with a ledger line."""
        ...

    def one(self, who: Operator, terminal: str, mailed_id: str, /) -> MailedView | Refusal:
        """Open one request, with a ledger line for whom it asks about."""
        ...

    def act(
        self, who: Operator, terminal: str, mailed_id: str, done: MailedStep, /, about: int | None = None
    ) -> Refusal | None:
        """Take a step with one."""
        ...

    def issue(
        self, who: Operator, why: Purpose, mailed_id: str, request: CertificateRequest, about: int, /
    ) -> IssuedPaper | Refusal:
        """Issue the paper that one asks for, and hold it for printing."""
        ...

    def fee_yen(self, came: MailedRequest, /) -> int:
        """Tell what a request costs."""
        ...


class TillDesk(Protocol):
    """Cash-ups and numbered sheets of one municipality."""

    def overview(self, who: Operator, first: date, last: date, /) -> TillOverview | Refusal:
        """Add up what stands in no cash-up; list what waits and what was closed in some days."""
        ...

    def closing(self, who: Operator, number: str, /) -> ClosedTill | Refusal:
        """Show one cash-up."""
        ...

    def waive(
        self, who: Operator, terminal: str, number: str, cause: FreeCause, words: str, /
    ) -> Refusal | None:
        """Note that the fee of a paper was not taken."""
        ...

    def undo_waiver(self, who: Operator, terminal: str, number: str, words: str, /) -> Refusal | None:
        """Take back what somebody else noted of a fee."""
        ...

    def close(
        self, who: Operator, terminal: str, seen: TillSeen, count: TillCount, words: str, /
    ) -> TillClosing | Refusal:
        """Close a cash-up."""
        ...

    def decide(
        self, who: Operator, terminal: str, number: str, why: str, /, *, accept: bool
    ) -> Refusal | None:
        """Confirm what somebody else closed, or return it."""
        ...

    def book(self, who: Operator, /) -> SheetBook | Refusal:
        """Show what lies in the cabinet."""
        ...

    def sheets_of(self, who: Operator, paper: str, /) -> PaperSheets | Refusal:
        """Tell on which sheets a paper went out."""
        ...

    def receive(
        self, who: Operator, terminal: str, came: SheetRange, received_on: date, words: str, /
    ) -> str | Refusal:
        """Keep a delivery of sheets."""
        ...

    def note(self, who: Operator, terminal: str, told: SheetNote, /) -> Refusal | None:
        """Note on which sheets a paper went out, or that sheets were spoiled."""
        ...

    def undo(self, who: Operator, terminal: str, taken: SheetRange, words: str, /) -> Refusal | None:
        """Take back what somebody else noted of sheets."""
        ...

    def destroy(self, who: Operator, terminal: str, seen: tuple[str, ...], /) -> int | Refusal:
        """Note that spoiled sheets that others noted were cut up."""
        ...


class NoticesDesk(Protocol):
    """Notices that one municipality owes, moving-out certificates, and papers that go by post."""

    def owed(self, who: Operator, terminal: str, /) -> OwedNotices | Refusal:
        """List the notices that are owed, with ledger lines."""
        ...

    def line(self, who: Operator, terminal: str, notice_id: str, /) -> OwedLine | Refusal:
        """Show one notice that is owed, with ledger lines."""
        ...

    def print(
        self, who: Operator, terminal: str, notice_id: str, /, *, by_hand: bool
    ) -> IssuedPaper | Refusal:
        """Print one notice, with a line in the book and in the ledger."""
        ...

    def drop(self, who: Operator, terminal: str, notice_id: str, words: str, /) -> Refusal | None:
        """Note that a notice is not printed, and why."""
        ...

    def again(self, who: Operator, terminal: str, notice_id: str, words: str, /) -> Refusal | None:
        """Let a notice whose paper was spoiled or lost be owed once more, and note why."""
        ...

    def certified(self, addressee_number: int, /) -> bool:
        """Tell whether a moving-out certificate can be had of somebody."""
        ...

    def leaving(self, who: Operator, terminal: str, addressee_number: int, /) -> Leaving | Refusal:
        """Name who leaves together with a resident."""
        ...

    def move_out(
        self, who: Operator, addressee_number: int, why: Purpose, handing: Handing, /
    ) -> IssuedPaper | Refusal:
        """Issue the moving-out certificate of all who leave together."""
        ...

    def post(self, who: Operator, terminal: str, /, *, sent: bool) -> PostLines | Refusal:
        """List what waits to be sent or came back, or what was sent, with ledger lines."""
        ...

    def letter(self, who: Operator, terminal: str, number: str, /) -> PostView | Refusal:
        """Show one paper that goes by post, with ledger lines."""
        ...

    def act(self, who: Operator, terminal: str, number: str, act: PostAct, /) -> Refusal | None:
        """Note what was done with a paper that goes by post."""
        ...


class InspectionDesk(Protocol):
    """Inspections of one municipality's register."""

    @property
    def place(self) -> str:
        """Name the town, as it may stand before an address."""
        ...

    def overview(self, who: Operator, /) -> InspectionOverview | Refusal:
        """List what waits for a second person, and the newest applications."""
        ...

    def case(self, who: Operator, number: str, /) -> InspectionCase | Refusal:
        """Show one application with its readings."""
        ...

    def apply(self, who: Operator, terminal: str, application: InspectionApplication, /) -> str | Refusal:
        """Keep an application."""
        ...

    def decide(
        self, who: Operator, terminal: str, number: str, why: str, /, *, accept: bool
    ) -> Refusal | None:
        """Approve what somebody else entered, or decline it."""
        ...

    def end(self, who: Operator, terminal: str, number: str, why: str, /) -> Refusal | None:
        """Withdraw what nobody has decided, or revoke an approval."""
        ...

    def read(
        self,
        who: Operator,
        terminal: str,
        number: str,
        present: tuple[str, ...],
        fee_yen: int,
        /,
        *,
        identity_shown: bool,
    ) -> ReadList | Refusal:
        """Lay the list before readers, with a ledger line for everybody on it."""
        ...

    def report(self, who: Operator, year: int, /) -> tuple[PublishedInspection, ...] | Refusal:
        """List what is made public of one fiscal year."""
        ...
