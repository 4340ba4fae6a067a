"""To where somebody stated that their notice goes, and a notice that goes once more by order.  送付先の申出・再送付"""

from daicho.nodes.chronicle import Fact, fact_by, note_many
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import stated_body
from daicho.nodes.registry.destination.seeing import sees_stated
from daicho.nodes.registry.guarding import kept_back, kept_record, sees_protected, shut_to
from daicho.nodes.registry.numbers import number_reader
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

PURPOSE, BASIS = "個人番号の通知", "番号法7条"
_ARTICLE = bango("7")
_WAITS = Refusal(Reason.NUMBER_NOTICE_WAITS, _ARTICLE, "words")
_STATED = Refusal(Reason.DESTINATION_STATED, _ARTICLE, "address")
_NOTHING = Refusal(Reason.NOT_FOUND, _ARTICLE, "address")
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
    """Record another destination; the same form sent twice records one. Whoever flees is an officer's affair."""
    refusal = may(operator, Permission.ENTER_CHANGE)
    if refusal is not None:
        return refusal
    row = StatedRow(
        stated_id, addressee_number, stated.for_officer, stated.until, operator.login_id, node.clock.now(),
        terminal, stated_body(stated),
    )  # fmt: skip
    with node.store.unit("destinations.state") as unit:
        record = kept_record(unit, node, addressee_number)
        shut = _shut(unit, node, operator, addressee_number)
        if not shut:
            refusal = check_stated(stated, record, node.clock.business_today())
            if refusal is None and stated.for_officer and not sees_protected(operator):
                refusal = _FOR_OFFICER
            if refusal is None and not number_notices.state(unit, row):
                return None if number_notices.stated_by(unit, stated_id) == addressee_number else _STATED
            if refusal is None:
                note_many(unit, node, [_by(operator, Event.DESTINATION_STATED, record, "stated", terminal)])
    return kept_back(node, operator, record, terminal) if shut else refusal


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
    row = NumberNoticeRow(
        order_id, addressee_number, None, PrintKind.AGAIN.value, "waiting", node.clock.now(),
        operator.login_id, operator.role_id, terminal, words,
    )  # fmt: skip
    with node.store.unit("number_notices.order") as unit:
        record = kept_record(unit, node, addressee_number)
        shut = _shut(unit, node, operator, addressee_number)
        if not shut:
            refusal = check_order(record, words, has_number=_has_number(unit, node, record))
            if refusal is None and not number_notices.keep(unit, row):
                kept = number_notices.one(unit, order_id)
                same = kept is not None and kept.addressee_number == addressee_number
                return None if same else _WAITS
            if refusal is None:
                note_many(unit, node, [_by(operator, Event.NUMBER_NOTICE_OWED, record, "ordered", terminal)])
    return kept_back(node, operator, record, terminal) if shut else refusal


def _has_number(unit: Unit, node: Node, record: ResidentRecord | None) -> bool:
    if record is None or record.resident_record_code is None:
        return False
    return bool(number_reader(node.vault)(unit, [str(record.resident_record_code)]))


def _shut(unit: Unit, node: Node, operator: Operator, addressee_number: int) -> bool:
    """Tell whether a measure, or a destination of somebody who flees, keeps somebody from an operator."""
    if shut_to(unit, node, operator, addressee_number):
        return True
    row = number_notices.stated_of(unit, [addressee_number]).get(addressee_number)
    return row is not None and not sees_stated(operator, row)


def _by(operator: Operator, event: Event, record: ResidentRecord | None, outcome: str, terminal: str) -> Fact:
    return fact_by(
        operator, event, terminal=terminal, purpose=PURPOSE, basis=BASIS, outcome=outcome,
        subject=subject_of(record) if record is not None else "",
    )  # fmt: skip
