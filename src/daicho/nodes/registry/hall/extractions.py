"""EUC: staff say whom they mean and what for; a second person agrees where many or closer items go out; made once.

The file is written when it is fetched and is kept nowhere; a large one waits sealed until then (`making`). Whoever agrees
sees conditions and a count, and nobody.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from daicho.nodes.chronicle import Fact, fact_by, note_many
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_record
from daicho.nodes.registry.guarding import veil_for
from daicho.nodes.registry.hall.files import FileWords, HallFile, write_file
from daicho.nodes.registry.meeting import counterparts_in
from daicho.nodes.registry.records import subject_of
from daicho.rules.hall.extraction import (
    COUNTED_ONE_BY_ONE,
    EXTRACTED_ITEMS,
    READY_FOR,
    SUMMED,
    ExtractionConditions,
    ExtractionOrder,
    ExtractionState,
    birth_years,
    check_order,
    extracted,
    grew,
    lapsed,
    needs_approval,
    selects,
    tells_place,
)
from daicho.rules.hall.feed import HallPerson
from daicho.rules.law.article import Article
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.operators.deciding import Undecided, check_reasoned_decision
from daicho.rules.people.characters.own import with_counterparts
from daicho.rules.people.kana import kanji_key
from daicho.rules.register.record import ResidentRecord
from daicho.store import extractions
from daicho.store.extractions import ExtractionRow, Narrowed
from daicho.store.unit import Unit
from daicho.wire.codecs.letters import decode, encode

SHOWN_ROWS = 50
_BATCH_ROWS = 2_000
ORDER_ARTICLE = Article("本人確認情報管理方法", "3")
EXTRACTION_GONE = Refusal(Reason.NOT_FOUND, ORDER_ARTICLE, "number")
# A file leaves the screens on which rights are asked: nobody's right opens in it what a measure keeps back.
ANYBODY = Operator("machine:extraction", "machine", ())


@dataclass(frozen=True, slots=True)
class ExtractionView:
    """One extraction: what is asked for, by whom, and how it stands."""

    row: ExtractionRow
    order: ExtractionOrder
    state: ExtractionState


def view_of(row: ExtractionRow, at: datetime) -> ExtractionView:
    """Read an extraction as it stands at an instant."""
    state = ExtractionState(row.state)
    since = {ExtractionState.READY: row.decided_at or row.asked_at, ExtractionState.KEPT: row.made_at}.get(
        state
    )
    if since is not None and lapsed(since, at):
        state = ExtractionState.LAPSED
    return ExtractionView(row, decode(ExtractionOrder, row.body.encode(), our_own=True), state)


def ask_for_extraction(
    node: Node, operator: Operator, order: ExtractionOrder, *, terminal: str = ""
) -> ExtractionView | Refusal:
    """Keep an order with the count of whom it means today; the line says what for, before anybody is read out."""
    today = node.clock.business_today()
    refusal = may(operator, Permission.EXTRACT_DATA) or check_order(order, today)
    if refusal is not None:
        return refusal
    with node.store.unit("extraction.ask") as unit:
        now = node.clock.now()
        counted, covered = _counted(unit, node, order.conditions)
        lately = extractions.without_approval_lately(
            unit, operator.login_id, since=now - SUMMED, ready_since=now - READY_FOR
        )
        second = needs_approval(order.items, counted, lately=lately, covered=covered)
        row = ExtractionRow(
            extractions.draw_number(unit, today.year),
            (ExtractionState.WAITING if second else ExtractionState.READY).value,
            second,
            counted,
            operator.login_id,
            now,
            encode(order).decode(),
        )
        extractions.keep_extraction(unit, row)
        detail = {"number": row.number, "people": str(counted)}
        note_many(
            unit,
            node,
            [extraction_fact(Event.EXTRACTION_ASKED, operator, order, terminal, "entered", detail)],
        )
    return ExtractionView(row, order, ExtractionState(row.state))


def _counted(unit: Unit, node: Node, conditions: ExtractionConditions) -> tuple[int, bool]:
    """Count whom conditions mean and tell whether a measure covers any; of many the keys are counted, and none is read."""
    keyed = extractions.how_many_may_be_meant(unit, narrowed_by(unit, conditions))
    if keyed > COUNTED_ONE_BY_ONE:
        return keyed, False
    covered = [one for _, one in _meant(unit, node, conditions)]
    return len(covered), any(covered)


def extraction_fact(
    event: Event,
    operator: Operator,
    order: ExtractionOrder,
    terminal: str,
    outcome: str,
    detail: dict[str, str],
    subject: str = "",
) -> Fact:
    """Say what somebody did about an extraction."""
    return fact_by(
        operator,
        event,
        terminal=terminal,
        purpose=order.purpose,
        basis=order.basis,
        subject=subject,
        outcome=outcome,
        detail=detail,
    )


def _meant(unit: Unit, node: Node, conditions: ExtractionConditions) -> Iterator[tuple[ResidentRecord, bool]]:
    """Find whom conditions mean, each with whether a measure covers them.

    Who is asked for by a town is not found when the home is kept back: being found would tell it.
    """
    narrowed = narrowed_by(unit, conditions)
    for batch in extractions.records(unit, narrowed, batch_rows=_BATCH_ROWS):
        yield from meant_among(unit, node, conditions, batch)


def meant_among(
    unit: Unit, node: Node, conditions: ExtractionConditions, batch: Sequence[tuple[int, str]]
) -> Iterator[tuple[ResidentRecord, bool]]:
    """Find whom conditions mean among some records, each with whether a measure covers them."""
    at, by_place = node.clock.business_now(), tells_place(conditions)
    found = [one for one in (read_record(body) for _, body in batch) if selects(conditions, one)]
    veil = veil_for(unit, ANYBODY, [one.addressee_number for one in found], at)
    for one in found:
        if not (by_place and veil.keeps_home_of(one)):
            covered = one.addressee_number in veil.hidden
            yield (one if covered else veil.over(one)), covered


def narrowed_by(unit: Unit, conditions: ExtractionConditions) -> Narrowed:
    """Say by what the database narrows whom conditions mean."""
    town = conditions.town.strip()
    written = counterparts_in(unit, (town,)) if town else {}
    years = birth_years(conditions)
    return Narrowed(
        f"{max(years[0], 0):04d}" if years else "",
        f"{max(years[1], 0):04d}-99" if years else "",
        kanji_key(with_counterparts(town, written)) if town else "",
        conditions.householders_only,
    )


def own_extractions(node: Node, operator: Operator) -> tuple[ExtractionView, ...] | Refusal:
    """List what an operator asked for, newest first."""
    refusal = may(operator, Permission.EXTRACT_DATA)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        rows = extractions.extractions_of(unit, operator.login_id, limit_rows=SHOWN_ROWS)
    return tuple(view_of(row, node.clock.now()) for row in rows)


def waiting_extractions(node: Node, operator: Operator) -> tuple[ExtractionView, ...] | Refusal:
    """List what waits for a second person, oldest first."""
    refusal = may(operator, Permission.APPROVE_BULK_OUTPUT)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        rows = extractions.waiting_extractions(unit, limit_rows=SHOWN_ROWS)
    return tuple(view_of(row, node.clock.now()) for row in rows)


def decide_on_extraction(
    node: Node, operator: Operator, number: str, *, accept: bool, why: str = "", terminal: str = ""
) -> Refusal | None:
    """Agree to an extraction that somebody else asked for, or decline it with a reason."""
    refusal = may(operator, Permission.APPROVE_BULK_OUTPUT)
    if refusal is not None:
        return refusal
    with node.store.unit("extraction.decide") as unit:
        row = extractions.lock_extraction(unit, number)
        if row is None:
            return EXTRACTION_GONE
        waits = ExtractionState.WAITING.value
        undecided = Undecided(ORDER_ARTICLE, "number", row.state, waits, (row.asked_by,))
        refusal = check_reasoned_decision(undecided, operator.login_id, accept=accept, why=why)
        if refusal is not None:
            return refusal
        state = (ExtractionState.READY if accept else ExtractionState.DECLINED).value
        extractions.decide_extraction(unit, number, state, operator.login_id, node.clock.now(), why.strip())
        outcome = "accepted" if accept else "declined"
        detail = {"number": number}
        event = Event.EXTRACTION_DECIDED
        note_many(
            unit,
            node,
            [
                extraction_fact(
                    event, operator, view_of(row, node.clock.now()).order, terminal, outcome, detail
                )
            ],
        )
    return None


def make_extraction(
    node: Node, operator: Operator, number: str, words: FileWords, *, terminal: str = ""
) -> HallFile | Refusal:
    """Write the file for whoever asked for it, once; its lines are durable before the first byte.

    Everybody whom it names has a line with the digest, by which a file can be known again; a file of nobody has one, too.
    """
    refusal = may(operator, Permission.EXTRACT_DATA)
    if refusal is not None:
        return refusal
    with node.store.unit("extraction.make") as unit:
        row = extractions.lock_extraction(unit, number)
        if row is None or row.asked_by != operator.login_id:
            return EXTRACTION_GONE
        view = view_of(row, node.clock.now())
        refusal = may_be_made(view.state)
        if refusal is not None:
            return refusal
        order = view.order
        people = [
            (subject_of(one), extracted(one, order.items, covered=covered))
            for one, covered in _meant(unit, node, order.conditions)
        ]
        covered = any(person.protected for _, person in people)
        if grew(row.counted, len(people)) or (
            not row.needs_second and needs_approval(order.items, len(people), covered=covered)
        ):
            return Refusal(Reason.CHANGED_SINCE, ORDER_ARTICLE, "number")
        made = _written(people, order, words)
        extractions.note_made(unit, number, node.clock.now(), made.people, made.replaced, made.digest)
        detail = {"number": number, "people": str(made.people), "sha256": made.digest.hex()}
        named = [subject for subject, _ in people] or [""]
        for first in range(0, len(named), _BATCH_ROWS):
            some = named[first : first + _BATCH_ROWS]
            event = Event.EXTRACTION_MADE
            note_many(
                unit,
                node,
                [extraction_fact(event, operator, order, terminal, "made", detail, one) for one in some],
            )
    return made


def _written(people: list[tuple[str, HallPerson]], order: ExtractionOrder, words: FileWords) -> HallFile:
    items = [one for one in EXTRACTED_ITEMS if one in order.items]
    rows = (((), person) for _, person in people)
    return write_file((), rows, items, words, plain=order.characters_replaced)


def may_be_made(state: ExtractionState) -> Refusal | None:
    """Refuse what is not ready to be made into its file."""
    match state:
        case ExtractionState.READY:
            return None
        case ExtractionState.MADE | ExtractionState.MAKING | ExtractionState.KEPT:
            return Refusal(Reason.FILE_ALREADY_MADE, ORDER_ARTICLE, "number")
        case ExtractionState.LAPSED:
            return Refusal(Reason.APPROVAL_LAPSED, ORDER_ARTICLE, "number")
        case _:
            return Refusal(Reason.APPROVAL_MISSING, ORDER_ARTICLE, "number", state.value)
