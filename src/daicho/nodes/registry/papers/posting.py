"""Papers that go by post: what waits, what was sent where and when, what came back unopened.  発送・返戻"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from daicho.nodes.chronicle import Fact, fact_by, note_many
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_entry, read_record
from daicho.nodes.registry.correspondence.sending import follow_post
from daicho.nodes.registry.guarding import KEPT_BACK, Veil, note_kept_back, veil_for
from daicho.nodes.registry.papers.notices import letter_of_acceptance, says_too_much
from daicho.nodes.registry.records import subject_of
from daicho.rules.certificates.content import CertificateKind
from daicho.rules.certificates.posting import (
    POST,
    STATED,
    AddressSource,
    PostAct,
    PostState,
    PostStep,
    ReturnCause,
    address_source,
    check_post,
    state_after,
)
from daicho.rules.certificates.request import CertificateRequester, Delivery
from daicho.rules.certificates.text import address_text
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.register.record import ResidentRecord
from daicho.store import owed, posting, register
from daicho.store.posting import PostedRow, PostStepRow
from daicho.store.register import Held
from daicho.store.unit import Unit

SHOWN_ROWS = 200
WORDS_CHARACTERS = 200
_GONE = Refusal(Reason.NOT_FOUND, POST, "number")
_REGISTERED = frozenset((AddressSource.REGISTERED, AddressSource.PLANNED))


@dataclass(frozen=True, slots=True)
class PostLine:
    """A paper that goes by post; `address` is empty where a measure keeps it back, or where nobody stated one.

    `planned` is where somebody goes who moves away; `turned_back` tells that the change behind a letter was cancelled.
    """

    number: str
    kind: CertificateKind
    requester: CertificateRequester
    asker: str
    issued_on: date
    state: PostState
    source: AddressSource
    names: tuple[str, ...]
    address: str
    hidden: bool
    planned: str = ""
    turned_back: bool = False


@dataclass(frozen=True, slots=True)
class PostLines:
    """Papers that go by post in their order; `more` tells that not all are shown."""

    lines: tuple[PostLine, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class PastPost:
    """One step of a paper on its way, with the address to which it went as this operator may read it."""

    step: PostStep
    on: date
    recipient: str
    address: str
    cause: ReturnCause | None
    words: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PostView:
    """One paper that goes by post, and what was done with it."""

    line: PostLine
    steps: tuple[PastPost, ...]


@dataclass(frozen=True, slots=True)
class _Bundle:
    """Papers with whom they name, as this operator may read them."""

    people: Mapping[str, Sequence[tuple[int, str]]]
    held: Mapping[int, Held]
    records: Mapping[int, ResidentRecord]
    veil: Veil
    turned_back: frozenset[str]

    def of(self, row: PostedRow) -> list[ResidentRecord]:
        """Give the records of the people on a paper."""
        return [self.records[whose] for whose, _ in self.people.get(row.number, ()) if whose in self.records]

    def is_turned_back(self, row: PostedRow) -> bool:
        """Tell whether a paper tells of a change that was cancelled."""
        stays = row.kind == CertificateKind.MOVE_OUT.value and any(
            one.living and one.scheduled_move_out is None for one in self.of(row)
        )
        return stays or row.number in self.turned_back


def papers_to_post(
    node: Node, operator: Operator, place: str, *, sent: bool, terminal: str = ""
) -> PostLines | Refusal:
    """List what waits to be sent or came back, or what was sent; a line for everybody named is durable first."""
    refusal = may(operator, Permission.ISSUE_CERTIFICATE)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        read = posting.papers_sent if sent else posting.papers_to_post
        rows = read(unit, limit_rows=SHOWN_ROWS + 1)
        shown = rows[:SHOWN_ROWS]
        bundle = _bundle(unit, node, operator, shown)
        lines = _lines(unit, shown, bundle, place)
    _note_shown(node, operator, bundle.records.values(), terminal, "listed", "")
    return PostLines(lines, more=len(rows) > SHOWN_ROWS)


def _bundle(unit: Unit, node: Node, operator: Operator, rows: Sequence[PostedRow]) -> _Bundle:
    papers = [row.number for row in rows]
    people = posting.people_on(unit, papers) if rows else {}
    numbers = {whose for named in people.values() for whose, _ in named}
    held = {one.addressee_number: one for one in register.residents(unit, numbers)} if numbers else {}
    records = {number: read_record(one.body) for number, one in held.items()}
    veil = veil_for(unit, operator, records, node.clock.business_now())
    return _Bundle(people, held, records, veil, owed.turned_back(unit, papers) if rows else frozenset())


def _lines(unit: Unit, rows: Sequence[PostedRow], bundle: _Bundle, place: str) -> tuple[PostLine, ...]:
    former = _former_addresses(unit, rows, bundle.veil, place)
    return tuple(_line(row, bundle, former, place) for row in rows)


def _former_addresses(unit: Unit, rows: Sequence[PostedRow], veil: Veil, place: str) -> dict[str, str]:
    """Read for notices of acceptance to which address they go, where this operator may learn it."""
    letters = [row.number for row in rows if row.kind == CertificateKind.ACCEPTANCE_NOTICE.value]
    found: dict[str, str] = {}
    notices = owed.notices_of_papers(unit, letters) if letters else []
    entries = register.entry_bodies(unit, [one.entry_id for one in notices])
    for notice in notices:
        body = entries.get(notice.entry_id)
        if body is None or notice.paper is None:
            continue
        entry = read_entry(body)
        letter = letter_of_acceptance(entry, notice.people[0], place)
        shut = says_too_much(veil, CertificateKind(notice.kind), entry, ())
        if not shut and not isinstance(letter, Refusal):
            found[notice.paper] = letter.address
    return found


def _line(row: PostedRow, bundle: _Bundle, former: Mapping[str, str], place: str) -> PostLine:
    people, records, source = bundle.people.get(row.number, ()), bundle.of(row), _source(row)
    hidden = any(map(bundle.veil.touches, records))
    address = planned = ""
    if hidden:
        pass
    elif source is AddressSource.FORMER:
        address = former.get(row.number, "")
    elif source in STATED:
        address = row.send_to
    elif records:
        address = _home(records[0], place)
        planned = _planned(source, records)
    return PostLine(
        row.number,
        CertificateKind(row.kind),
        CertificateRequester(row.requester),
        row.asker,
        row.issued_on,
        PostState(row.post or PostState.WAITING),
        source,
        tuple(name for _, name in people),
        address,
        hidden,
        planned if planned != address else "",
        bundle.is_turned_back(row),
    )


def _source(row: PostedRow) -> AddressSource:
    return address_source(
        CertificateKind(row.kind), Delivery(row.delivery), CertificateRequester(row.requester)
    )


def _planned(source: AddressSource, records: Sequence[ResidentRecord]) -> str:
    """Tell where those go who are certified to move away."""
    plan = records[0].scheduled_move_out if records else None
    return plan.destination if plan is not None and source is AddressSource.PLANNED else ""


def _home(record: ResidentRecord, place: str) -> str:
    """Give the address to which a resident is written; whoever has left is written to where they went."""
    if not record.living and record.move_out_to_address:
        return record.move_out_to_address
    return address_text(record, place)


def post_view(
    node: Node, operator: Operator, number: str, place: str, *, terminal: str = ""
) -> PostView | Refusal:
    """Show one paper that goes by post; a ledger line for everybody on it is durable first."""
    refusal = may(operator, Permission.ISSUE_CERTIFICATE)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        row = posting.posted_paper(unit, number)
        if row is None:
            return _GONE
        bundle = _bundle(unit, node, operator, [row])
        (line,) = _lines(unit, [row], bundle, place)
        steps = tuple(_past(unit, one, line, bundle.veil, place) for one in posting.post_steps(unit, number))
    _note_shown(node, operator, bundle.records.values(), terminal, "shown", number)
    return PostView(line, steps)


def _past(unit: Unit, row: PostStepRow, line: PostLine, veil: Veil, place: str) -> PastPost:
    # What a requester stated, or a clerk wrote, may tell where somebody protected stays, too.
    address = row.address or (line.address if line.source is AddressSource.FORMER else "")
    if row.whose is not None and not line.hidden:
        version = next(
            (one for one in register.versions(unit, row.whose) if one.version == row.version), None
        )
        address = _home(veil.over(read_record(version.body)), place) if version is not None else ""
    return PastPost(
        PostStep(row.step),
        row.on_day,
        row.recipient,
        "" if line.hidden or row.step != PostStep.SENT.value else address,
        ReturnCause(row.cause) if row.cause is not None else None,
        "" if line.hidden else row.words,
        row.by,
        row.at,
    )


def act_on_post(
    node: Node, operator: Operator, number: str, act: PostAct, *, terminal: str = ""
) -> Refusal | None:
    """Note that a paper was sent, came back, was handed over or destroyed."""
    refusal = may(operator, Permission.ISSUE_CERTIFICATE)
    if refusal is not None:
        return refusal
    with node.store.unit("posting.step") as unit:
        row = posting.lock_posted(unit, number)
        if row is None:
            return _GONE
        bundle = _bundle(unit, node, operator, [row])
        shut = [subject_of(one) for one in bundle.records.values() if bundle.veil.touches(one)]
        if not shut:
            return _acted(unit, node, operator, row, act, bundle, terminal)
    note_kept_back(node, operator, shut, terminal)
    return KEPT_BACK


def _acted(
    unit: Unit,
    node: Node,
    operator: Operator,
    row: PostedRow,
    act: PostAct,
    bundle: _Bundle,
    terminal: str,
) -> Refusal | None:
    source, state = _source(row), PostState(row.post or PostState.WAITING)
    people = bundle.people.get(row.number, ())
    names = {name: whose for whose, name in people}
    days = (row.issued_on, node.clock.business_today())
    planned = {one for one in (_planned(source, bundle.of(row)),) if one}
    turned_back = bundle.is_turned_back(row)
    refusal = check_post(state, act, source, names, days, planned=planned, turned_back=turned_back)
    refusal = refusal or follow_post(unit, node, operator, row.number, act, terminal)
    if refusal is not None:
        return refusal
    registered = act.step is PostStep.SENT and source in _REGISTERED and not act.address
    whose = names.get(act.recipient) if registered else None
    version = bundle.held[whose].version if whose is not None and whose in bundle.held else None
    step = PostStepRow(
        row.number,
        posting.next_place(unit, row.number),
        act.step.value,
        act.on,
        act.recipient,
        act.address,
        whose if version is not None else None,
        version,
        act.cause.value if act.cause is not None else None,
        act.words[:WORDS_CHARACTERS],
        operator.login_id,
        node.clock.now(),
    )
    posting.take_post_step(unit, step, state_after(act.step).value)
    if act.step is PostStep.DESTROYED and not turned_back:
        # What the law wants told is not told by a paper that is no more.
        for notice in owed.notices_of_papers(unit, [row.number]):
            owed.owe_again(unit, notice)
    facts = [
        _fact(operator, one, terminal, act.step.value, row.number, Event.POST_NOTED)
        for one in bundle.records.values()
    ]
    note_many(unit, node, facts)
    return None


def _note_shown(
    node: Node,
    operator: Operator,
    records: Iterable[ResidentRecord],
    terminal: str,
    outcome: str,
    number: str,
) -> None:
    facts = [_fact(operator, one, terminal, outcome, number, Event.POST_SHOWN) for one in records]
    if facts:
        with node.store.unit("posting.note") as unit:
            note_many(unit, node, facts)


def _fact(
    operator: Operator, record: ResidentRecord, terminal: str, outcome: str, number: str, event: Event
) -> Fact:
    return fact_by(
        operator,
        event,
        terminal=terminal,
        subject=subject_of(record),
        outcome=outcome,
        detail={"number": number} if number else {},
    )
