"""What pages about other towns' letters, and about what the network tells and gives back, need from the node behind them."""

from collections.abc import Sequence
from typing import Protocol

from daicho.nodes.national.bundles import BundleList, BundleNotice, BundleView
from daicho.nodes.national.notices import NoticeList
from daicho.nodes.registry.destination.seeing import NoticesOfPerson, NumberNotices
from daicho.nodes.registry.filings.receiving import ReceivedLine, ReceivedList, ReceivedView
from daicho.nodes.registry.filings.sending import SentList, SentView
from daicho.nodes.registry.inquiry.asking import AgencyAnswer, Inquiry
from daicho.nodes.registry.measures.receiving import ForwardList, ForwardView
from daicho.nodes.registry.rebuilt.completing import ToComplete
from daicho.nodes.registry.rebuilt.opening import Opening
from daicho.nodes.registry.renumbering.asking import NumberChanges, NumberChangeView
from daicho.nodes.registry.residents import Purpose
from daicho.rules.destination.stated import StatedDestination
from daicho.rules.filings.answer import ReportAnswer
from daicho.rules.filings.report import FilingReport
from daicho.rules.identity.genuineness import NumberVerdict
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Operator
from daicho.rules.people.codes import IndividualNumber, MunicipalityCode, ResidentRecordCode
from daicho.rules.people.dates import PartialDate
from daicho.rules.protection.forwarding import ForwardAnswer
from daicho.rules.protection.measure import ProtectedAddress, ProtectionMeasure
from daicho.rules.register.drafting import Notice
from daicho.rules.register.numbering import NumberChange
from daicho.rules.register.reception import Reception
from daicho.store.destination import NoticeName
from daicho.store.notice_bundles import RefusedRow

ReportName = tuple[str, str]
"""Another town's report: the town, and its name there."""


class FilingDesk(Protocol):
    """Reports about filings, to other towns and from them, of one municipality."""

    def new_name(self) -> str:
        """Give the name of a report that is about to be entered."""
        ...

    def received(self, who: Operator, terminal: str, /, *, closed: bool) -> ReceivedList | Refusal:
        """List reports of other towns, with a ledger line."""
        ...

    def open_about(self, who: Operator, addressee_number: int, /) -> tuple[ReceivedLine, ...]:
        """List what is not recorded yet and may mean a resident, as far as the operator may know of it."""
        ...

    def received_one(
        self, who: Operator, name: ReportName, terminal: str, /, beside: int | None = None
    ) -> ReceivedView | Refusal:
        """Open one of them with whom it may mean, with a ledger line for each."""
        ...

    def of_entry(self, who: Operator, entry_id: str, /) -> ReportName | None:
        """Name the report from which a waiting change was entered."""
        ...

    def enter(
        self, who: Operator, notice: Notice, reception: Reception | None, name: ReportName, terminal: str, /
    ) -> tuple[str, tuple[str, ...]] | Refusal:
        """Enter a change from a report; gives the entry's number and what the clerk should know."""
        ...

    def answer(
        self, who: Operator, name: ReportName, answer: ReportAnswer, terminal: str, /
    ) -> Refusal | None:
        """Answer a report without a change; that nothing is to be recorded waits for a second person."""
        ...

    def confirm_answer(self, who: Operator, name: ReportName, terminal: str, /) -> Refusal | None:
        """Close one by the word of a second person that nothing is to be recorded, and tell its town."""
        ...

    def decline_answer(self, who: Operator, name: ReportName, terminal: str, /) -> Refusal | None:
        """Open one again that was held to be recorded: as a second person, or as who held it so."""
        ...

    def sent(self, who: Operator, terminal: str, /, *, closed: bool) -> SentList | Refusal:
        """List reports to other towns, with a ledger line."""
        ...

    def sent_one(self, who: Operator, report_id: str, terminal: str, /) -> SentView | Refusal:
        """Open one of them, with a ledger line."""
        ...

    def draft(
        self,
        who: Operator,
        report_id: str,
        receiver: MunicipalityCode,
        report: FilingReport,
        replaces: str,
        terminal: str,
        /,
    ) -> str | Refusal:
        """Keep a report that waits for a second person."""
        ...

    def send(self, who: Operator, report_id: str, terminal: str, /) -> Refusal | None:
        """Send what somebody else entered."""
        ...

    def give_back(self, who: Operator, report_id: str, why: str, terminal: str, /) -> Refusal | None:
        """Give it back with a reason."""
        ...

    def close(self, who: Operator, report_id: str, terminal: str, /) -> Refusal | None:
        """Close one with which nothing is left to do."""
        ...


class ForwardDesk(Protocol):
    """Protection measures forwarded to other towns and by them."""

    def forward(self, who: Operator, number: str, terminal: str, /) -> ProtectionMeasure | Refusal:
        """Tell all towns of a measure that were not told and are on the network."""
        ...

    def send_again(self, who: Operator, number: str, told: str, terminal: str, /) -> Refusal | None:
        """Send once more what a town has not answered."""
        ...

    def add_address(
        self, who: Operator, number: str, address: ProtectedAddress, terminal: str, /
    ) -> ProtectionMeasure | Refusal:
        """Name another address that is to be protected."""
        ...

    def received(self, who: Operator, terminal: str, /, *, closed: bool) -> ForwardList | Refusal:
        """List what other towns forward, with a ledger line."""
        ...

    def received_one(
        self, who: Operator, name: ReportName, terminal: str, /, beside: tuple[int, ...] = ()
    ) -> ForwardView | Refusal:
        """Open one of them with whom it may mean, with a ledger line for each."""
        ...

    def take_up(
        self, who: Operator, name: ReportName, people: tuple[int, ...], sequence: int, terminal: str, /
    ) -> Refusal | None:
        """Take one up for some residents, the applicant first, as it was seen."""
        ...

    def answer(
        self, who: Operator, name: ReportName, answer: ForwardAnswer, sequence: int, terminal: str, /
    ) -> Refusal | None:
        """Answer one without a measure, or that its end was seen."""
        ...


class InquiryDesk(Protocol):
    """What the Agency tells of somebody who need not live here."""

    def ask(self, who: Operator, asked: Inquiry, /) -> AgencyAnswer | Refusal:
        """Ask it, with a ledger line for everybody told of."""
        ...


class NumberDesk(Protocol):
    """Whether a number that somebody shows is theirs, and how they get another one."""

    def confirm(
        self, who: Operator, code: ResidentRecordCode, number: IndividualNumber, why: Purpose, /
    ) -> NumberVerdict | Refusal:
        """Ask about somebody by their code, with a ledger line."""
        ...

    def confirm_of(
        self, who: Operator, addressee_number: int, number: IndividualNumber | None, why: Purpose, /
    ) -> NumberVerdict | Refusal:
        """Ask about a resident, with the number that is recorded when none is given; with a ledger line."""
        ...

    def new_name(self) -> str:
        """Give the name of a request that is about to be entered."""
        ...

    def enter_change(self, who: Operator, name: str, asked: NumberChange, terminal: str, /) -> str | Refusal:
        """Keep a request for another number that waits for a second person."""
        ...

    def decide_change(
        self, who: Operator, name: str, step: str, why: str, terminal: str, /
    ) -> Refusal | None:
        """Ask the nation ("ask") or give back ("return") as a second person, or take back ("drop")."""
        ...

    def changes(self, who: Operator, terminal: str, /, *, closed: bool) -> NumberChanges | Refusal:
        """List requests, with a ledger line."""
        ...

    def change(self, who: Operator, name: str, terminal: str, /) -> NumberChangeView | Refusal:
        """Open one of them, with a ledger line."""
        ...

    def change_under_way(self, addressee_number: int, /) -> str:
        """Tell how far a request for somebody's number has come; nothing where none is open."""
        ...


class DestinationDesk(Protocol):
    """Which notices of individual numbers one municipality owes and told, and where its residents stated theirs to go."""

    def new_name(self) -> str:
        """Give the name of an order, or of a destination, that is about to be entered."""
        ...

    def all(self, who: Operator, terminal: str, /) -> NumberNotices | Refusal:
        """List notices and stated destinations, a ledger line for each person."""
        ...

    def of(self, who: Operator, addressee_number: int, terminal: str, /) -> NoticesOfPerson | Refusal:
        """Show those of one resident, with a ledger line."""
        ...

    def state(
        self, who: Operator, name: str, addressee_number: int, stated: StatedDestination, terminal: str, /
    ) -> Refusal | None:
        """Record another destination."""
        ...

    def verify(self, who: Operator, names: Sequence[str], terminal: str, /) -> Refusal | None:
        """Note as a second person that others stated these: all or none."""
        ...

    def confirm(self, who: Operator, addressee_number: int, terminal: str, /) -> Refusal | None:
        """Let the notice of somebody guarded go."""
        ...

    def end(self, who: Operator, addressee_number: int, terminal: str, /) -> Refusal | None:
        """End it."""
        ...

    def order(
        self, who: Operator, name: str, addressee_number: int, words: str, terminal: str, /
    ) -> Refusal | None:
        """Let a notice go once more."""
        ...


class PrintingDesk(Protocol):
    """The nation's queue of notices that are printed and sent."""

    def queued(
        self, who: Operator, state: str, terminal: str, /, *, after: NoticeName | None
    ) -> NoticeList | Refusal:
        """List notices that wait, were sent, or came back, behind one of them; a ledger line for each."""
        ...

    def found(
        self, who: Operator, terminal: str, /, *, control_number: str, name: str, birth: PartialDate | None
    ) -> NoticeList | Refusal:
        """Find notices by the number of their file, or by name and birth date; a ledger line for each."""
        ...

    def mark(
        self, who: Operator, names: Sequence[NoticeName], state: str, terminal: str, /
    ) -> Refusal | None:
        """Note that notices were sent or came back: all or none."""
        ...

    @property
    def can_print(self) -> bool:
        """Tell whether the node knows a press."""
        ...

    def new_name(self) -> str:
        """Give the name of a bundle that is about to be ordered."""
        ...

    def order(self, who: Operator, name: str, names: Sequence[NoticeName], terminal: str, /) -> int | Refusal:
        """Order a bundle of some notices, of none named those that wait longest; gives its number."""
        ...

    def bundles(self, who: Operator, /, *, before: int | None) -> BundleList | Refusal:
        """List bundles, newest first."""
        ...

    def bundle(self, who: Operator, number: int, terminal: str, /) -> BundleView | Refusal:
        """Show one bundle; a ledger line for each in it."""
        ...

    def how_many_wait_of(self, who: Operator, names: Sequence[NoticeName], /) -> int:
        """Count those of some notices that found no room in a bundle."""
        ...

    def fetch(self, who: Operator, number: int, terminal: str, /) -> bytes | Refusal:
        """Hand out a bundle, closed for the press."""
        ...

    def printed(self, who: Operator, number: int, terminal: str, /) -> Refusal | None:
        """Note that a bundle is printed."""
        ...

    def send(self, who: Operator, number: int, terminal: str, /) -> Refusal | None:
        """Note that what is printed of a bundle was sent."""
        ...

    def drop(self, who: Operator, number: int, terminal: str, /) -> Refusal | None:
        """Drop a bundle that nobody has fetched."""
        ...

    def reprint(
        self, who: Operator, names: Sequence[NoticeName], why: str, terminal: str, /
    ) -> Refusal | None:
        """Ask that printed notices be printed anew: all or none."""
        ...

    def asked(self, who: Operator, terminal: str, /) -> tuple[BundleNotice, ...] | Refusal:
        """List what is asked to be printed anew; a ledger line for each."""
        ...

    def decide(
        self, who: Operator, names: Sequence[NoticeName], terminal: str, /, *, grant: bool
    ) -> Refusal | None:
        """Let notices be printed anew as a second person, or leave them: all or none."""
        ...

    def decide_stuck(
        self, who: Operator, names: Sequence[NoticeName], terminal: str, /, *, again: bool, why: str = ""
    ) -> Refusal | None:
        """Let notices wait again that could not be printed, or give up what is not sent: all or none."""
        ...

    def refused(self, who: Operator, /) -> tuple[RefusedRow, ...] | Refusal:
        """List files of towns that were refused."""
        ...

    def specimen(self, who: Operator, /) -> bytes | Refusal:
        """Set a specimen of the letter."""
        ...


class RebuiltDesk(Protocol):
    """A register that was rebuilt from what the network keeps."""

    def to_complete(self, who: Operator, after: int, terminal: str, /) -> ToComplete | Refusal:
        """List who was rebuilt and waits to be completed, behind an addressee number, with a ledger line for each."""
        ...

    def opening(self) -> Opening | None:
        """Tell what is still to be said until addresses are shown of a register that knew no measures."""
        ...

    def say_measures_entered(self, who: Operator, terminal: str, /, *, security: bool) -> Refusal | None:
        """Take the word of the security officer, or else of the protection officer."""
        ...
