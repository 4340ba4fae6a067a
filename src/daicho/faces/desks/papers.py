"""Cash-ups, sheets, notices, the post and inspections, bound to the registry."""

from datetime import date

from daicho.faces.desks.certificates import PaperDesk
from daicho.faces.wording.places import place_name
from daicho.nodes.node import Node
from daicho.nodes.registry.certificates import IssuedPaper
from daicho.nodes.registry.counter import home_of
from daicho.nodes.registry.papers import inspections, mailed, notices, posting, sheets, till
from daicho.nodes.registry.papers.inspections import InspectionCase, InspectionOverview, ReadList
from daicho.nodes.registry.papers.mailed import MailedList, MailedView
from daicho.nodes.registry.papers.notices import Leaving, OwedLine, OwedNotices
from daicho.nodes.registry.papers.posting import PostLines, PostView
from daicho.nodes.registry.papers.sheets import PaperSheets, SheetBook
from daicho.nodes.registry.papers.till import ClosedTill, TillOverview, TillSeen
from daicho.nodes.registry.residents import Purpose
from daicho.rules.certificates.mailed import MailedRequest, MailedStep
from daicho.rules.certificates.owed import Handing
from daicho.rules.certificates.posting import PostAct
from daicho.rules.certificates.request import CertificateRequest
from daicho.rules.certificates.sheets import SheetNote, SheetRange
from daicho.rules.certificates.till import FreeCause, TillClosing, TillCount
from daicho.rules.inspection.application import InspectionApplication
from daicho.rules.inspection.report import PublishedInspection
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Operator


class OfficeTill:
    """A municipality's cash-ups and numbered sheets as their pages use them."""

    def __init__(self, node: Node) -> None:
        """Serve one registry."""
        self._node = node

    def overview(self, who: Operator, first: date, last: date) -> TillOverview | Refusal:
        """Add up what stands in no cash-up; list what waits and what was closed in some days."""
        return till.till_overview(self._node, who, first, last)

    def closing(self, who: Operator, number: str) -> ClosedTill | Refusal:
        """Show one cash-up."""
        return till.closed_till(self._node, who, number)

    def waive(
        self, who: Operator, terminal: str, number: str, cause: FreeCause, words: str
    ) -> Refusal | None:
        """Note that the fee of a paper was not taken."""
        return till.waive_fee(self._node, who, number, cause, words, terminal=terminal)

    def undo_waiver(self, who: Operator, terminal: str, number: str, words: str) -> Refusal | None:
        """Take back what somebody else noted of a fee."""
        return till.undo_waiver(self._node, who, number, words, terminal=terminal)

    def close(
        self, who: Operator, terminal: str, seen: TillSeen, count: TillCount, words: str
    ) -> TillClosing | Refusal:
        """Close a cash-up."""
        return till.close_till(self._node, who, seen, count, words, terminal=terminal)

    def decide(self, who: Operator, terminal: str, number: str, why: str, *, accept: bool) -> Refusal | None:
        """Confirm what somebody else closed, or return it."""
        return till.decide_on_till(self._node, who, number, accept=accept, why=why, terminal=terminal)

    def book(self, who: Operator) -> SheetBook | Refusal:
        """Show what lies in the cabinet."""
        return sheets.sheet_book(self._node, who)

    def sheets_of(self, who: Operator, paper: str) -> PaperSheets | Refusal:
        """Tell on which sheets a paper went out."""
        return sheets.sheets_of_paper(self._node, who, paper)

    def receive(
        self, who: Operator, terminal: str, came: SheetRange, received_on: date, words: str
    ) -> str | Refusal:
        """Keep a delivery of sheets."""
        return sheets.receive_sheets(self._node, who, came, received_on, words, terminal=terminal)

    def note(self, who: Operator, terminal: str, told: SheetNote) -> Refusal | None:
        """Note on which sheets a paper went out, or that sheets were spoiled."""
        return sheets.note_sheets(self._node, who, told, terminal=terminal)

    def undo(self, who: Operator, terminal: str, taken: SheetRange, words: str) -> Refusal | None:
        """Take back what somebody else noted of sheets."""
        return sheets.undo_sheets(self._node, who, taken, words, terminal=terminal)

    def destroy(self, who: Operator, terminal: str, seen: tuple[str, ...]) -> int | Refusal:
        """Note that spoiled sheets that others noted were cut up."""
        return sheets.destroy_spoiled(self._node, who, seen, terminal=terminal)


class OfficeMail:
    """A municipality's requests by post as their pages use them."""

    def __init__(self, node: Node, papers: PaperDesk) -> None:
        """Serve one registry with its press."""
        self._node, self._papers = node, papers

    def new_name(self) -> str:
        """Give the name of a request that is about to be noted."""
        return self._node.clock.new_id()

    def receive(self, who: Operator, terminal: str, mailed_id: str, came: MailedRequest) -> str | Refusal:
        """Note what came."""
        return mailed.receive_mailed(self._node, who, mailed_id, came, terminal=terminal)

    def listed(self, who: Operator, terminal: str, *, done: bool) -> MailedList | Refusal:
        """List what waits, or what is done."""
        return mailed.mailed_requests(self._node, who, done=done, terminal=terminal)

    def one(self, who: Operator, terminal: str, mailed_id: str) -> MailedView | Refusal:
        """Open one request."""
        return mailed.mailed_view(self._node, who, mailed_id, terminal=terminal)

    def act(
        self, who: Operator, terminal: str, mailed_id: str, done: MailedStep, about: int | None = None
    ) -> Refusal | None:
        """Take a step with one."""
        return mailed.act_on_mailed(self._node, who, mailed_id, done, about=about, terminal=terminal)

    def issue(
        self, who: Operator, why: Purpose, mailed_id: str, request: CertificateRequest, about: int
    ) -> IssuedPaper | Refusal:
        """Issue the paper that one asks for, and hold it for printing."""
        return self._papers.held(
            lambda issuer, set_paper: mailed.issue_mailed(
                self._node, who, mailed_id, request, about, why, issuer=issuer, set_paper=set_paper
            )
        )

    def fee_yen(self, came: MailedRequest) -> int:
        """Tell what a request costs."""
        return self._papers.fee_by_post(came)


class OfficeNotices:
    """A municipality's notices and its post as their pages use them."""

    def __init__(self, node: Node, papers: PaperDesk) -> None:
        """Serve one registry with its press."""
        self._node, self._papers = node, papers
        self._place = place_name(home_of(node))

    def owed(self, who: Operator, terminal: str) -> OwedNotices | Refusal:
        """List the notices that are owed."""
        return notices.owed_notices(self._node, who, terminal=terminal)

    def line(self, who: Operator, terminal: str, notice_id: str) -> OwedLine | Refusal:
        """Show one notice that is owed."""
        return notices.owed_line(self._node, who, notice_id, terminal=terminal)

    def print(self, who: Operator, terminal: str, notice_id: str, *, by_hand: bool) -> IssuedPaper | Refusal:
        """Print one notice and hold it for printing."""
        return self._papers.held(
            lambda issuer, set_paper: notices.print_notice(
                self._node, who, notice_id, by_hand=by_hand, issuer=issuer, set_paper=set_paper, terminal=terminal
            )
        )  # fmt: skip

    def drop(self, who: Operator, terminal: str, notice_id: str, words: str) -> Refusal | None:
        """Note that a notice is not printed, and why."""
        return notices.drop_notice(self._node, who, notice_id, words, terminal=terminal)

    def again(self, who: Operator, terminal: str, notice_id: str, words: str) -> Refusal | None:
        """Let a notice whose paper was spoiled or lost be owed once more, and note why."""
        return notices.make_again(self._node, who, notice_id, words, terminal=terminal)

    def certified(self, addressee_number: int) -> bool:
        """Tell whether a moving-out certificate can be had of somebody."""
        return notices.is_certified(self._node, addressee_number)

    def leaving(self, who: Operator, terminal: str, addressee_number: int) -> Leaving | Refusal:
        """Name who leaves together with a resident."""
        return notices.leaving_with(self._node, who, addressee_number, terminal=terminal)

    def move_out(
        self, who: Operator, addressee_number: int, why: Purpose, handing: Handing
    ) -> IssuedPaper | Refusal:
        """Issue the moving-out certificate of all who leave together and hold it for printing."""
        return self._papers.held(
            lambda issuer, set_paper: notices.issue_move_out(
                self._node, who, addressee_number, why, handing, issuer=issuer, set_paper=set_paper
            )
        )

    def post(self, who: Operator, terminal: str, *, sent: bool) -> PostLines | Refusal:
        """List what waits to be sent or came back, or what was sent."""
        return posting.papers_to_post(self._node, who, self._place, sent=sent, terminal=terminal)

    def letter(self, who: Operator, terminal: str, number: str) -> PostView | Refusal:
        """Show one paper that goes by post."""
        return posting.post_view(self._node, who, number, self._place, terminal=terminal)

    def act(self, who: Operator, terminal: str, number: str, act: PostAct) -> Refusal | None:
        """Note what was done with a paper that goes by post."""
        return posting.act_on_post(self._node, who, number, act, terminal=terminal)


class OfficeInspections:
    """A municipality's inspections as their pages use them."""

    def __init__(self, node: Node) -> None:
        """Serve one registry."""
        self._node = node

    @property
    def place(self) -> str:
        """Name the town, as it may stand before an address."""
        return place_name(home_of(self._node))

    def overview(self, who: Operator) -> InspectionOverview | Refusal:
        """List what waits for a second person, and the newest applications."""
        return inspections.inspection_overview(self._node, who)

    def case(self, who: Operator, number: str) -> InspectionCase | Refusal:
        """Show one application with its readings."""
        return inspections.inspection_case(self._node, who, number)

    def apply(self, who: Operator, terminal: str, application: InspectionApplication) -> str | Refusal:
        """Keep an application."""
        return inspections.apply_to_inspect(self._node, who, application, terminal=terminal)

    def decide(self, who: Operator, terminal: str, number: str, why: str, *, accept: bool) -> Refusal | None:
        """Approve what somebody else entered, or decline it."""
        return inspections.decide_on_inspection(
            self._node, who, number, accept=accept, why=why, terminal=terminal
        )

    def end(self, who: Operator, terminal: str, number: str, why: str) -> Refusal | None:
        """Withdraw what nobody has decided, or revoke an approval."""
        return inspections.end_inspection(self._node, who, number, why, terminal=terminal)

    def read(
        self,
        who: Operator,
        terminal: str,
        number: str,
        present: tuple[str, ...],
        fee_yen: int,
        *,
        identity_shown: bool,
    ) -> ReadList | Refusal:
        """Lay the list before readers."""
        return inspections.read_inspection_list(
            self._node,
            who,
            number,
            present,
            identity_shown=identity_shown,
            fee_yen=fee_yen,
            terminal=terminal,
        )

    def report(self, who: Operator, year: int) -> tuple[PublishedInspection, ...] | Refusal:
        """List what is made public of one fiscal year."""
        return inspections.inspection_report(self._node, who, year)
