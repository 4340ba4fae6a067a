"""What the pages need from the node behind them, one protocol per task; the node's composition binds them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from daicho.faces.terminal.affairs import DeferralDesk, HandoverDesk, LineDesk, ProgrammesDesk, SealDesk
from daicho.faces.terminal.area_desk import AreaDesk
from daicho.faces.terminal.cards_desk import CardsDesk
from daicho.faces.terminal.character_desk import CharacterDesk
from daicho.faces.terminal.correspondence_desk import BulkDesk, CorrespondenceDesk, SurveyDesk
from daicho.faces.terminal.figures_desk import FiguresDesk
from daicho.faces.terminal.hall_desk import HallDesk
from daicho.faces.terminal.ministry_desk import MinistryDesk
from daicho.faces.terminal.network_desk import (
    DestinationDesk,
    FilingDesk,
    ForwardDesk,
    InquiryDesk,
    NumberDesk,
    PrintingDesk,
    RebuiltDesk,
)
from daicho.faces.terminal.node_standing import Connections, NodeStanding
from daicho.faces.terminal.paper_desk import (
    InspectionDesk,
    MailedDesk,
    NoticesDesk,
    Paper,
    PastPaper,
    TillDesk,
)
from daicho.faces.terminal.retention_desk import RetentionDesk
from daicho.faces.terminal.stop_desk import StopDesk
from daicho.faces.terminal.supplement_desk import SupplementDesk
from daicho.nodes.office.queues import Queue
from daicho.nodes.registry.certificates import VerifiedPaper
from daicho.nodes.registry.protection import MeasureView, ProtectionOverview
from daicho.nodes.registry.reports import MissingMovers
from daicho.nodes.registry.statistics import Balance, Population
from daicho.nodes.registry.upkeep import CaseDone, CaseLine, CaseView, UpkeepQueue
from daicho.rules.certificates.request import CertificateRequest
from daicho.rules.identity.search import SearchTerms
from daicho.rules.law.refusal import Refusal
from daicho.rules.network.kinds import NodeKind
from daicho.rules.operators.authority import Operator
from daicho.rules.people.codes import MunicipalityCode, ResidentRecordCode
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.sex import Sex
from daicho.rules.protection.measure import EndCause, Opinion, ProtectionMeasure
from daicho.rules.register.changes import Entry
from daicho.rules.register.drafting import Notice
from daicho.rules.register.lookup import ResidentTerms
from daicho.rules.register.reasons import ChangeKind
from daicho.rules.register.reception import Reception
from daicho.rules.register.record import ResidentRecord
from daicho.rules.register.statistics import CountedBy, CountedSpan
from daicho.rules.upkeep.acts import CaseAct
from daicho.rules.upkeep.case import UpkeepCase


@dataclass(frozen=True, slots=True)
class Info:
    """What stands in the header and never changes while the terminal runs."""

    kind: NodeKind
    body: str  # 千代田区
    body_code: str  # six digits, or "" where there is none
    home: MunicipalityCode | None
    node_name: str
    demo: bool
    training: bool = False  # everybody here is invented


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a list to choose from."""

    key: str
    words: str


@dataclass(frozen=True, slots=True)
class WhyChoices:
    """The purposes and legal bases from which an operator of this node may choose."""

    purposes: tuple[Choice, ...]
    bases: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Seat:
    """An operator at a terminal: with which authority, and where."""

    operator: Operator
    terminal: str


@dataclass(frozen=True, slots=True)
class Why:
    """For what and on which basis somebody is looked at: the purpose in words, the basis by its key."""

    purpose: str
    basis: str


@dataclass(frozen=True, slots=True)
class ResidentsFound:
    """At most fifty residents; `narrow` when there were more."""

    rows: tuple[ResidentRecord, ...]
    narrow: bool


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One change in the life of a record."""

    entry_id: str
    kind: ChangeKind
    change_date: date
    notified_on: date
    entered_by: str
    verified_by: str
    record: ResidentRecord
    recorded_at: datetime
    cancelled: bool = False  # a later entry turned it back


@dataclass(frozen=True, slots=True)
class PointInTime:
    """Of which day a record is asked, and as known at the end of which real day; none: as known now."""

    on: date
    known_on: date | None = None


@dataclass(frozen=True, slots=True)
class PastEntry:
    """One entry of a resident, before and after; `state` is "verified" when it stands in the register."""

    entry_id: str
    entry: Entry
    state: str
    entered_by: str
    entered_at: datetime
    verified_by: str


@dataclass(frozen=True, slots=True)
class OpenPermit:
    """The security officer's permission to correct one record, not used yet."""

    permit_id: str
    what: str
    permitted_by: str
    permitted_at: datetime


@dataclass(frozen=True, slots=True)
class Sighting:
    """One time that somebody looked at a record."""

    at: datetime
    body: str
    role_id: str
    purpose: str
    basis: str
    outcome: str


@dataclass(frozen=True, slots=True)
class ResidentFile:
    """Everything of one resident that a page shows.

    `hidden` tells that a protection measure keeps addresses from this operator, `partly` that it keeps certain places;
    `measures` are for whoever may see.
    """

    record: ResidentRecord
    household: tuple[ResidentRecord, ...]
    history: tuple[HistoryLine, ...]
    sightings: tuple[Sighting, ...]
    hidden_sightings: int = 0  # lines that the law lets be shown only later
    waiting_entries: tuple[str, ...] = ()
    hidden: bool = False
    measures: tuple[ProtectionMeasure, ...] = ()
    partly: bool = False


@dataclass(frozen=True, slots=True)
class PendingEntry:
    """An entry that waits for a second person."""

    entry_id: str
    entry: Entry
    entered_by: str
    entered_by_name: str
    entered_at: datetime


@dataclass(frozen=True, slots=True)
class Done:
    """An act that was carried out: its number, and what the operator should know."""

    reference: str
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReturnedLetter:
    """A letter that its receiver refused, or one that was set aside."""

    letter_id: str
    to: str
    subject_name: str
    event: str  # what the letter reported, in words
    refusal: Refusal
    returned_at: datetime
    on_hold: bool = False
    facts: tuple[tuple[str, str], ...] = ()  # pairs of label and value for the detail page


@dataclass(frozen=True, slots=True)
class OperationLine:
    """One line of an operator's own history."""

    at: datetime
    event: str
    purpose: str
    basis: str
    subject: str
    outcome: str
    terminal: str


@dataclass(frozen=True, slots=True)
class SeenPerson:
    """What one look-up lets this operator see; a field that the basis does not give stays None.

    `ref` finds the record again and is never shown. `code_may_be_shown` offers the recorded reveal.
    """

    ref: str
    name_kanji: str
    name_furigana: str | None
    birth_date: PartialDate
    sex: Sex
    municipality: str
    address: str
    living: bool
    former_surname: str | None = None
    code_may_be_shown: bool = False
    code_tail: str = ""  # the last four digits, where the code may be shown
    change_words: str = ""
    change_date: date | None = None
    foreign: bool = False
    extra: tuple[tuple[str, str], ...] = ()  # further pairs of label and value
    basis_words: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PeopleFound:
    """At most fifty people; `narrow` when there were more; `basis_words` names the row that allowed it."""

    rows: tuple[SeenPerson, ...]
    narrow: bool
    basis_words: str = ""


class StandingDesk(Protocol):
    """How the node stands, for its administrator."""

    def standing(self, who: Seat) -> NodeStanding | Refusal:
        """Look at the node once, with a ledger line."""
        ...

    def connections(self, who: Seat) -> Connections | Refusal:
        """List who may call this node and whom it may call, with a ledger line."""
        ...


class RegistryDesk(Protocol):
    """The register of a municipality, as its counter uses it."""

    def why_choices(self) -> WhyChoices:
        """List the purposes and bases that the counter may name."""
        ...

    def search(self, who: Seat, terms: ResidentTerms, why: Why) -> ResidentsFound | Refusal:
        """Search the register; R-070 decides whether the terms are enough."""
        ...

    def resident(self, who: Seat, addressee_number: int, why: Why) -> ResidentFile | Refusal:
        """Open one resident's file, with a ledger line."""
        ...

    def as_of(
        self, who: Seat, addressee_number: int, point: PointInTime, why: Why
    ) -> ResidentRecord | Refusal:
        """Read one record as it stood at the end of a day, as known then or now, with a ledger line."""
        ...

    def reveal_code(self, who: Seat, addressee_number: int, why: Why) -> ResidentRecordCode | Refusal:
        """Give the whole 住民票コード, with a ledger line of its own."""
        ...

    def preview(self, who: Seat, notice: Notice, reception: Reception | None) -> Entry | Refusal:
        """Draft the change without keeping it, so that the clerk sees before and after."""
        ...

    def enter(self, who: Seat, notice: Notice, reception: Reception | None) -> Done | Refusal:
        """Keep the change, to be verified by a second person; `reference` is the entry's number."""
        ...

    def enter_from(
        self, who: Seat, notice: Notice, reception: Reception | None, affair: tuple[str, str]
    ) -> Done | Refusal:
        """Keep a change as `enter` does that was put off, and end its affair: which, and with what outcome."""
        ...

    def entry(self, who: Seat, addressee_number: int, entry_id: str, why: Why) -> PastEntry | Refusal:
        """Open one entry in the life of a resident, with a ledger line for everybody in it."""
        ...

    def permit_correction(self, who: Seat, addressee_number: int, what: str) -> Done | Refusal:
        """Permit the correction of one record once; `reference` is the permission's number."""
        ...

    def open_permits(self, who: Seat, addressee_number: int) -> tuple[OpenPermit, ...] | Refusal:
        """List the permissions for one record that no entry has used."""
        ...

    def pending(self, who: Seat) -> tuple[PendingEntry, ...] | Refusal:
        """List what waits for a second person, oldest first."""
        ...

    def pending_entry(self, who: Seat, entry_id: str) -> PendingEntry | Refusal:
        """Open one waiting entry for comparison with the paper."""
        ...

    def verify(self, who: Seat, entry_id: str) -> Done | Refusal:
        """Carry out a waiting entry; refused to whoever entered it."""
        ...

    def reject(self, who: Seat, entry_id: str, why: str) -> Done | Refusal:
        """Send a waiting entry back to whoever entered it."""
        ...


class LookUpDesk(Protocol):
    """Identification information, as a CS, a prefecture or the nation looks it up for an operator."""

    def why_choices(self) -> WhyChoices:
        """List the purposes and bases under which this node's operators may search."""
        ...

    def scopes(self) -> tuple[Choice, ...]:
        """List where may be searched; one entry means that there is nothing to choose."""
        ...

    def search(self, who: Seat, terms: SearchTerms, why: Why, scope: str) -> PeopleFound | Refusal:
        """Search one scope; R-070 decides whether the terms are enough."""
        ...

    def record(self, who: Seat, ref: str, why: Why) -> SeenPerson | Refusal:
        """Open one person's record, with a ledger line."""
        ...

    def reveal_code(self, who: Seat, ref: str, why: Why) -> ResidentRecordCode | Refusal:
        """Give the whole 住民票コード, with a ledger line of its own."""
        ...


class QueueDesk(Protocol):
    """What waits for somebody, and the letters that came back."""

    def counts(self, who: Seat) -> Mapping[Queue, int]:
        """Count each queue that this operator may open and this node keeps."""
        ...

    def returned(self, who: Seat, *, on_hold: bool) -> tuple[ReturnedLetter, ...] | Refusal:
        """List the letters that came back, or those set aside, oldest first."""
        ...

    def returned_letter(self, who: Seat, letter_id: str) -> ReturnedLetter | Refusal:
        """Open one of them."""
        ...

    def resolve(self, who: Seat, letter_id: str, note: str, /) -> Done | Refusal:
        """Close one of them with a note of what was done."""
        ...

    def hold(self, who: Seat, letter_id: str, note: str, /) -> Done | Refusal:
        """Set one of them aside with a note why."""
        ...


class HistoryDesk(Protocol):
    """An operator's own history of operations."""

    def own(self, who: Seat, first: date, last: date) -> tuple[tuple[OperationLine, ...], bool] | Refusal:
        """List the operator's own lines of some days, newest first, and whether there are more."""
        ...


@dataclass(frozen=True, slots=True)
class Disclosed:
    """What a resident's own page shows."""

    record: ResidentRecord
    sightings: tuple[Sighting, ...]
    hidden_sightings: int
    proof_file: bytes  # for the one-file verifier
    made_at: datetime


class DisclosureDesk(Protocol):
    """The disclosure to the person, opened by a one-time code from the counter."""

    def open(self, code: str) -> Disclosed | Refusal:
        """Open the page of whoever was given this code; it opens once."""
        ...

    def hand_out(self, who: Seat, addressee_number: int, why: Why) -> Done | Refusal:
        """Gather the answers and make a one-time code after the counter checked the person's identity."""
        ...


class CertificateDesk(Protocol):
    """Certificates of one municipality."""

    def issue(
        self, who: Seat, request: CertificateRequest, addressee_number: int, why: Why, /
    ) -> Paper | Refusal:
        """Issue one certificate, with a line in the book and in the ledger."""
        ...

    def fetch(self, number: str, /) -> bytes | None:
        """Give a paper that was issued a moment ago."""
        ...

    def past(self, who: Seat, addressee_number: int, /) -> tuple[PastPaper, ...] | Refusal:
        """List what was issued of somebody."""
        ...

    def verify(self, text: str, /) -> VerifiedPaper | Refusal:
        """Tell what the book says of a paper, by the text of its 2D code."""
        ...


class ProtectionDesk(Protocol):
    """Protection measures of one municipality, and what two people decide about them."""

    def overview(self, who: Seat, after: str, /) -> ProtectionOverview | Refusal:
        """List open measures from behind one on, what waits for a second person, and what nobody has looked at."""
        ...

    def measure(self, who: Seat, number: str, /) -> MeasureView | Refusal:
        """Open one measure, with a ledger line."""
        ...

    def apply(self, who: Seat, application: ProtectionMeasure, /) -> ProtectionMeasure | Refusal:
        """Keep an application, which holds provisionally at once."""
        ...

    def note_opinion(
        self, who: Seat, number: str, opinion: Opinion, counted_from: date | None, /
    ) -> ProtectionMeasure | Refusal:
        """Note what a body said about the need."""
        ...

    def renew(
        self, who: Seat, number: str, opinion: Opinion, applied_on: date, /
    ) -> ProtectionMeasure | Refusal:
        """Let another year follow."""
        ...

    def towns_told(self, who: Seat, number: str, /) -> ProtectionMeasure | Refusal:
        """Note that the other towns were told."""
        ...

    def ask_for_release(self, who: Seat, addressee_number: int, why: str, minutes: int, /) -> Done | Refusal:
        """Ask a second person to open what hides one resident for a while."""
        ...

    def ask_for_end(self, who: Seat, number: str, why: str, cause: EndCause, /) -> Done | Refusal:
        """Ask a second person to end a measure."""
        ...

    def decide(self, who: Seat, proposal_id: str, /, *, accept: bool) -> Done | Refusal:
        """Carry out what somebody else asked for, or decline it."""
        ...

    def see_alert(self, who: Seat, alert_id: str, /) -> Refusal | None:
        """Note that an alert was looked at."""
        ...


class StatisticsDesk(Protocol):
    """Counts of one municipality; nothing about anybody."""

    def population(self, who: Seat, on: date, by: CountedBy, /) -> Population | Refusal:
        """Count who lives here on a day, with a ledger line."""
        ...

    def balance(self, who: Seat, span: CountedSpan, by: CountedBy, /) -> Balance | Refusal:
        """Count who came and went in a period and compare with both its ends, with a ledger line."""
        ...


class UpkeepDesk(Protocol):
    """Cases in which one municipality's register may be wrong."""

    def queue(self, who: Seat, after: str, /, *, ended: bool) -> UpkeepQueue | Refusal:
        """List open cases from behind one on, what waits longest first, or those that ended, with ledger lines."""
        ...

    def missing(self, who: Seat, after: str, /) -> MissingMovers | Refusal:
        """List movers whom no town has reported, from behind an entry on, with ledger lines."""
        ...

    def case(self, who: Seat, number: str, /) -> CaseView | Refusal:
        """Open one case, with ledger lines."""
        ...

    def about(self, who: Seat, addressee_number: int, /) -> tuple[CaseLine, ...]:
        """List the cases of a resident, for whoever may see them."""
        ...

    def of_entry(self, who: Seat, entry_id: str, /) -> tuple[CaseLine, ...]:
        """List the cases to which a change is joined, for whoever may see them."""
        ...

    def open(self, who: Seat, case: UpkeepCase, /) -> CaseDone | Refusal:
        """Keep a new case."""
        ...

    def act(self, who: Seat, number: str, act: CaseAct, version: int, /) -> CaseDone | Refusal:
        """Do one thing in a case that stands as it was seen."""
        ...


@dataclass(frozen=True, slots=True)
class Desks:
    """The desks that a node has; a page whose desk is absent is not served."""

    queues: QueueDesk | None = None
    history: HistoryDesk | None = None
    registry: RegistryDesk | None = None
    look_up: LookUpDesk | None = None
    disclosure: DisclosureDesk | None = None
    standing: StandingDesk | None = None
    certificates: CertificateDesk | None = None
    protection: ProtectionDesk | None = None
    statistics: StatisticsDesk | None = None
    upkeep: UpkeepDesk | None = None
    characters: CharacterDesk | None = None
    programmes: ProgrammesDesk | None = None
    seals: SealDesk | None = None
    till: TillDesk | None = None
    notices: NoticesDesk | None = None
    inspections: InspectionDesk | None = None
    hall: HallDesk | None = None
    retention: RetentionDesk | None = None
    line: LineDesk | None = None
    deferral: DeferralDesk | None = None
    handover: HandoverDesk | None = None
    areas: AreaDesk | None = None
    filings: FilingDesk | None = None
    numbers: NumberDesk | None = None
    ministry: MinistryDesk | None = None
    forwarding: ForwardDesk | None = None
    mailed: MailedDesk | None = None
    stops: StopDesk | None = None
    correspondence: CorrespondenceDesk | None = None
    bulk: BulkDesk | None = None
    surveys: SurveyDesk | None = None
    supplements: SupplementDesk | None = None
    inquiry: InquiryDesk | None = None
    destinations: DestinationDesk | None = None
    printing: PrintingDesk | None = None
    rebuilt: RebuiltDesk | None = None
    cards: CardsDesk | None = None
    figures: FiguresDesk | None = None
