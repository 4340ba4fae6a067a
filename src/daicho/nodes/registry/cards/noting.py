"""Cards at the counter: shown with what is due on them, and noted as they are issued, stopped, amended, given back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from daicho.nodes.chronicle import note_by
from daicho.nodes.node import Node
from daicho.nodes.registry.cards.holding import facts_about, kept_event
from daicho.nodes.registry.guarding import KEPT_BACK, Veil, kept_record, note_kept_back, veil_for
from daicho.nodes.registry.records import subject_of
from daicho.nodes.registry.residents import Purpose
from daicho.rules.cards_held.duties import CardDuty, duties_of
from daicho.rules.cards_held.entering import check_event
from daicho.rules.cards_held.events import CardEvent, CardStep, KeptCardEvent, cards_of, next_card
from daicho.rules.cards_held.kinds import CardKind
from daicho.rules.cards_held.standing import CardFacts, CardStanding, standings_on
from daicho.rules.law.article import bango
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.operators.session import check_purpose
from daicho.rules.register.record import ResidentRecord
from daicho.store import cards_held
from daicho.store.cards_held import CardNoteRow
from daicho.store.unit import Unit
from daicho.wire.codecs.letters import encode

_ARTICLE = bango("17")
_GONE = Refusal(Reason.NOT_FOUND, _ARTICLE, "addressee_number")
STALE = Refusal(Reason.CHANGED_SINCE, _ARTICLE, "seen")


@dataclass(frozen=True, slots=True)
class NotedCardEvent:
    """One note of somebody's cards: by whom, when, and whether it was withdrawn."""

    version: int
    event: CardEvent
    by: str
    at: datetime
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class CardsView:
    """Somebody's cards as they stand today, what is due on them, and everything that was noted, the newest first.

    `seen` counts the notes: whoever acts says how many they saw. `next_cards` names the how-manieth of its kind a card
    would be that is not noted yet.
    """

    record: ResidentRecord
    cards: tuple[CardStanding, ...]
    due: tuple[CardDuty, ...]
    history: tuple[NotedCardEvent, ...]
    seen: int
    next_cards: Mapping[CardKind, int]


@dataclass(frozen=True, slots=True)
class _Reach:
    """A record within reach of an operator, with what was noted and what counts for its cards."""

    record: ResidentRecord
    rows: tuple[CardNoteRow, ...]
    kept: tuple[KeptCardEvent, ...]
    facts: CardFacts


def cards_view(node: Node, operator: Operator, addressee_number: int, why: Purpose) -> CardsView | Refusal:
    """Show somebody's cards; the ledger line is durable first."""
    refusal = may(operator, Permission.SEARCH_RESIDENTS) or check_purpose(why.purpose, why.basis)
    if refusal is not None:
        return refusal
    with node.store.unit("cards.show") as unit:
        found = _reach(unit, node, operator, addressee_number)
        if isinstance(found, _Reach):
            _note(unit, node, operator, Event.CARDS_SHOWN, found.record, why, "shown")
    return _view(node, found) if isinstance(found, _Reach) else _kept_back(node, operator, found, why)


def _reach(unit: Unit, node: Node, operator: Operator, number: int) -> _Reach | str | None:
    """Give what is within reach, or the subject of whom a measure keeps from this operator, or nothing."""
    record = kept_record(unit, node, number)
    if record is None:
        return None
    veil = veil_for(unit, operator, [number], node.clock.business_now())
    if number in veil.hidden:
        return subject_of(record)
    return _within(unit, node, record, veil)


def _within(unit: Unit, node: Node, record: ResidentRecord, veil: Veil) -> _Reach:
    rows = tuple(cards_held.notes_of_people(unit, [record.addressee_number]))
    facts = facts_about(unit, node, record, veil.over)
    return _Reach(veil.over(record), rows, tuple(map(kept_event, rows)), facts)


def _view(node: Node, found: _Reach) -> CardsView:
    today = node.clock.business_today()
    cards = standings_on(cards_of(found.kept), found.facts, today)
    gone = {one.event.withdraws for one in found.kept if one.event.step is CardStep.WITHDRAWN}
    history = tuple(
        NotedCardEvent(row.version, one.event, row.by, row.at, row.version in gone)
        for row, one in zip(found.rows, found.kept, strict=True)
    )
    due = duties_of(cards, found.facts, today)
    following = {kind: next_card(kind, found.kept) for kind in CardKind}
    return CardsView(found.record, cards, due, history[::-1], len(found.rows), following)


def _kept_back(node: Node, operator: Operator, subject: str | None, why: Purpose) -> Refusal:
    if subject is None:
        return _GONE
    note_kept_back(node, operator, [subject], why.terminal)
    return KEPT_BACK


def _note(
    unit: Unit,
    node: Node,
    operator: Operator,
    event: Event,
    record: ResidentRecord,
    why: Purpose,
    outcome: str,
    detail: dict[str, str] | None = None,
) -> None:
    note_by(
        unit,
        node,
        operator,
        event,
        terminal=why.terminal,
        purpose=why.purpose,
        basis=why.basis,
        subject=subject_of(record),
        outcome=outcome,
        detail=detail,
    )


def note_card(
    node: Node, operator: Operator, addressee_number: int, event: CardEvent, seen: int, why: Purpose
) -> Refusal | None:
    """Note what happened to somebody's card; refused when anything was noted since the notes were `seen`.

    The record itself does not change, and nobody above the town is told.
    """
    refusal = may(operator, Permission.ENTER_CHANGE) or check_purpose(why.purpose, why.basis)
    if refusal is not None:
        return refusal
    with node.store.unit("cards.note") as unit:
        found = _reach(unit, node, operator, addressee_number)
        if isinstance(found, _Reach):
            if len(found.rows) != seen:
                return STALE
            today = node.clock.business_today()
            refusal = check_event(event, found.kept, found.facts, today)
            if refusal is None:
                if not _keep(unit, node, operator, found.record, event, seen + 1, why.terminal):
                    return STALE
                outcome = "withdrawn" if event.step is CardStep.WITHDRAWN else "noted"
                detail = {"kind": event.kind.value, "card": str(event.card), "step": event.step.value}
                _note(unit, node, operator, Event.CARD_NOTED, found.record, why, outcome, detail)
            return refusal
    return _kept_back(node, operator, found, why)


def _keep(
    unit: Unit,
    node: Node,
    operator: Operator,
    record: ResidentRecord,
    event: CardEvent,
    version: int,
    terminal: str,
) -> bool:
    row = CardNoteRow(
        record.addressee_number, version, operator.login_id, node.clock.now(), encode(event).decode()
    )
    return cards_held.keep_note(unit, row, terminal)


def cards_beside(node: Node, operator: Operator, addressee_number: int) -> CardsView | None:
    """Give somebody's cards to be shown beside a record that was opened just now, whose ledger line stands for both.

    Nothing where a measure hides where they live, or where nothing was noted.
    """
    if may(operator, Permission.SEARCH_RESIDENTS) is not None:
        return None
    with node.store.reading() as unit:
        if not cards_held.notes_of_people(unit, [addressee_number]):
            return None
        found = _reach(unit, node, operator, addressee_number)
    return _view(node, found) if isinstance(found, _Reach) else None
