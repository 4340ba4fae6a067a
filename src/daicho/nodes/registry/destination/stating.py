"""To where somebody stated that their notice goes, and a notice that goes once more by order.  送付先の申出・再送付

What one clerk stated diverts nothing before a second person has looked; until then letters of that person wait.
"""

from collections.abc import Sequence

from daicho.nodes.chronicle import Fact, fact_by, note_many
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import stated_body
from daicho.nodes.registry.cards.shown import card_of_notice
from daicho.nodes.registry.destination.guarded import BASIS, PURPOSE, guarded_among, may_be_second, shut_among
from daicho.nodes.registry.guarding import kept_back, kept_record, kept_residents, sees_protected
from daicho.nodes.registry.numbers import has_number
from daicho.nodes.registry.records import subject_of
from daicho.rules.destination.owed import check_order
from daicho.rules.destination.record import PrintKind
from daicho.rules.destination.stated import StatedDestination, check_stated
from daicho.rules.law.article import bango
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.register.record import ResidentRecord
from daicho.store import number_notices
from daicho.store.number_notices import NumberNoticeRow, StatedRow
from daicho.store.unit import Unit

_ARTICLE = bango("7")
_WAITS = Refusal(Reason.NUMBER_NOTICE_WAITS, _ARTICLE, "words")
_STATED = Refusal(Reason.DESTINATION_STATED, _ARTICLE, "address")
_NOTHING = Refusal(Reason.NOT_FOUND, _ARTICLE, "address")
_LOOKED_AT = Refusal(Reason.NOT_PENDING, _ARTICLE, "picked")
_NOTHING_WAITS = Refusal(Reason.NOT_PENDING, _ARTICLE, "confirm")
_FOR_OFFICER = Refusal(Reason.NOT_PERMITTED, _ARTICLE, "ground")


def state_destination(
    node: Node,
    operator: Operator,
    stated_id: str,
    addressee_number: int,
    stated: StatedDestination,
    *,
    terminal: str = "",
) -> Refusal | None:
    """Record another destination; the same form sent twice records one. Whoever flees is an officer's affair.

    What an officer states for somebody guarded is read by officers alone, whatever its ground.
    """
    refusal = may(operator, Permission.ENTER_CHANGE)
    if refusal is not None:
        return refusal
    with node.store.unit("destinations.state") as unit:
        record = kept_record(unit, node, addressee_number)
        shut = _shut(unit, node, operator, addressee_number)
        guarded = bool(guarded_among(unit, [addressee_number]))
        row = StatedRow(
            stated_id, addressee_number, stated.for_officer or (guarded and sees_protected(operator)), stated.until,
            operator.login_id, node.clock.now(), terminal, stated_body(stated),
        )  # fmt: skip
        if not shut:
            refusal = check_stated(stated, record, node.clock.business_today())
            if refusal is None and record is not None:
                refusal = card_of_notice(unit, node, stated.reception, [record], [addressee_number])
            if refusal is None and stated.for_officer and not sees_protected(operator):
                refusal = _FOR_OFFICER
            if refusal is None and not number_notices.state(unit, row):
                return None if number_notices.stated_by(unit, stated_id) == addressee_number else _STATED
            if refusal is None:
                note_many(unit, node, [_by(operator, Event.DESTINATION_STATED, record, "stated", terminal)])
    return kept_back(node, operator, record, terminal) if shut else refusal


def verify_destinations(
    node: Node, operator: Operator, stated_ids: Sequence[str], *, terminal: str = ""
) -> Refusal | None:
    """Note as a second person that others stated these destinations, all or none; what is an officer's by another officer."""
    refusal = None if sees_protected(operator) else may(operator, Permission.VERIFY_CHANGE)
    if refusal is not None:
        return refusal
    with node.store.unit("destinations.verify") as unit:
        rows = number_notices.lock_stated(unit, sorted(set(stated_ids)))
        shut = shut_among(unit, node, operator, {row.addressee_number for row in rows})
        if not rows or len(rows) != len(set(stated_ids)) or shut or any(row.verified_by for row in rows):
            return _LOOKED_AT
        for row in rows:
            refusal = may_be_second(operator, row)
            if refusal is not None:
                return refusal
        verified = (operator.login_id, node.clock.now())
        number_notices.verify_stated(unit, [row.id for row in rows], verified)
        people = kept_residents(unit, node, {row.addressee_number for row in rows})
        facts = [
            _by(operator, Event.DESTINATION_STATED, one, "verified", terminal) for one in people.values()
        ]
        note_many(unit, node, facts)
    return None


def confirm_notice(
    node: Node, operator: Operator, addressee_number: int, *, terminal: str = ""
) -> Refusal | None:
    """Let the notice of somebody guarded go where it stands, to themselves: an officer answers for the place."""
    refusal = may(operator, Permission.SEE_PROTECTED)
    if refusal is not None:
        return refusal
    with node.store.unit("destinations.confirm") as unit:
        record = kept_record(unit, node, addressee_number)
        confirmed = (operator.login_id, node.clock.now())
        if record is None or not number_notices.confirm(unit, addressee_number, confirmed):
            return _NOTHING_WAITS
        note_many(unit, node, [_by(operator, Event.NUMBER_NOTICE_OWED, record, "confirmed", terminal)])
    return None


def end_destination(
    node: Node, operator: Operator, addressee_number: int, *, terminal: str = ""
) -> Refusal | None:
    """End another destination: from now on letters go to the address."""
    refusal = may(operator, Permission.ENTER_CHANGE)
    if refusal is not None:
        return refusal
    with node.store.unit("destinations.end") as unit:
        record = kept_record(unit, node, addressee_number)
        shut = _shut(unit, node, operator, addressee_number)
        if not shut:
            ended = (operator.login_id, node.clock.now())
            if not number_notices.end_stated(unit, [addressee_number], ended):
                return _NOTHING
            note_many(unit, node, [_by(operator, Event.DESTINATION_STATED, record, "ended", terminal)])
    return kept_back(node, operator, record, terminal) if shut else None


def order_notice(
    node: Node, operator: Operator, order_id: str, addressee_number: int, words: str, *, terminal: str = ""
) -> Refusal | None:
    """Let a notice go once more, such as of a letter that came back; the same form sent twice is one order."""
    refusal = may(operator, Permission.ENTER_CHANGE)
    if refusal is not None:
        return refusal
    with node.store.unit("number_notices.order") as unit:
        # Of a number that the town never told anybody it is the first notice, whoever asks for it.
        kind = PrintKind.AGAIN if number_notices.ever_told(unit, addressee_number) else PrintKind.FIRST
        row = NumberNoticeRow(
            order_id, addressee_number, None, kind.value, "waiting", node.clock.now(),
            operator.login_id, operator.role_id, terminal, words,
        )  # fmt: skip
        record = kept_record(unit, node, addressee_number)
        shut = _shut(unit, node, operator, addressee_number)
        if not shut:
            refusal = check_order(record, words, has_number=has_number(unit, record))
            if refusal is None and not number_notices.keep(unit, row):
                kept = number_notices.one(unit, order_id)
                same = kept is not None and kept.addressee_number == addressee_number
                return None if same else _WAITS
            if refusal is None:
                note_many(unit, node, [_by(operator, Event.NUMBER_NOTICE_OWED, record, "ordered", terminal)])
    return kept_back(node, operator, record, terminal) if shut else refusal


def _shut(unit: Unit, node: Node, operator: Operator, addressee_number: int) -> bool:
    """Tell whether a measure, or a destination of whoever fled from their household, keeps somebody from an operator."""
    return bool(shut_among(unit, node, operator, [addressee_number]))


def _by(operator: Operator, event: Event, record: ResidentRecord | None, outcome: str, terminal: str) -> Fact:
    return fact_by(
        operator, event, terminal=terminal, purpose=PURPOSE, basis=BASIS, outcome=outcome,
        subject=subject_of(record) if record is not None else "",
    )  # fmt: skip
