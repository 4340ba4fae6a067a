"""The queue from which notices of individual numbers are printed: told by towns, sent, come back.  個人番号通知書"""

from collections.abc import Sequence
from dataclasses import dataclass

from daicho.nodes.chronicle import Fact, fact_by, note_many
from daicho.nodes.keeping.destination import OTHER_NUMBER, keep_destination, kept_destination
from daicho.nodes.keeping.numbers import sealed_number
from daicho.nodes.mailroom.receiving import ACCEPTED, SUPERSEDED, Settled, refused
from daicho.nodes.node import Node
from daicho.rules.destination.checking import check_destination
from daicho.rules.destination.keeping import printed_kept_until
from daicho.rules.destination.record import DestinationInfo
from daicho.rules.identity.own_residents import number_waits
from daicho.rules.law.article import bango
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import Member, NodeKind
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.store import code_stock, destination, identity, numbers
from daicho.store.destination import PrintedNotice
from daicho.store.unit import Unit
from daicho.wire.codecs.destination import read_destination

SHOWN_ROWS = 100
_ARTICLE = bango("7")
_SENDER = Refusal(Reason.NOT_PERMITTED, _ARTICLE, "sender")
_SINCE = {"sent": "waiting", "returned": "sent"}
NoticeName = tuple[str, int]
"""One notice: the file in which it came, and the person's place in it."""


def take_destination(unit: Unit, node: Node, sender: Member, content: bytes) -> Settled:
    """Keep a town's file and queue a notice for each of its people; the same once more does nothing.

    What is printed is a number that was made for this very person: no other town's, none of somebody else.
    """
    if sender.kind is not NodeKind.CS or sender.municipality is None:
        return refused(_SENDER)
    info = read_destination(content)
    refusal = check_destination(info, sender.municipality, node.clock.business_today())
    if refusal is None and not all(_is_theirs(unit, node, info, place) for place in range(info.person_count)):
        refusal = OTHER_NUMBER
    outcome = "queued" if refusal is None else refusal.reason.value
    if refusal is None and not keep_destination(unit, node, info, kept_until=None):
        return SUPERSEDED
    note_many(
        unit, node,
        [
            Fact(
                Event.NUMBER_NOTICE_QUEUED, subject=str(one.resident_record_code), outcome=outcome,
                peer=str(sender.name), detail={"file": info.destination_control_number},
            )
            for one in info.persons
        ],
    )  # fmt: skip
    if refusal is not None:
        return refused(refusal)
    codes = [str(one.resident_record_code) for one in info.persons]
    destination.queue(unit, info.destination_control_number, codes, node.clock.now())
    return ACCEPTED


def _is_theirs(unit: Unit, node: Node, info: DestinationInfo, place: int) -> bool:
    """Tell whether a number was made for the person, under the code of now or one that it replaced, and they are the town's."""
    one, on = info.persons[place], node.clock.business_today()
    code = str(one.resident_record_code)
    if number_waits(identity.holder(unit, code), code_stock.given_to(unit, code), info.municipality_code):
        return False
    sealed = sealed_number(node, code, str(one.individual_number), on)
    with unit.as_number_keeper():
        if numbers.may_be_changed(unit, [sealed], drawn_only=True):
            return True
        found = numbers.holder_of_lookup(unit, sealed.lookup)
    if found is None or not found[1]:
        return False
    return code in identity.codes_replaced_by(unit, found[0]) or found[0] in identity.codes_replaced_by(
        unit, code
    )


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One notice in the queue, with the file from which it is printed."""

    row: PrintedNotice
    file: DestinationInfo


@dataclass(frozen=True, slots=True)
class NoticeList:
    """Notices of one state, and whether there are more."""

    lines: tuple[NoticeLine, ...]
    more: bool


def queued_notices(
    node: Node, operator: Operator, *, marked: bool = False, terminal: str = ""
) -> NoticeList | Refusal:
    """List what is to be printed, or what was sent or came back; each person shown is a ledger line first."""
    refusal = may(operator, Permission.SEND_NUMBER_NOTICES)
    if refusal is not None:
        return refusal
    with node.store.unit("number_notices.queued") as unit:
        read = destination.marked_notices if marked else destination.waiting_notices
        rows = read(unit, limit_rows=SHOWN_ROWS + 1)
        shown = rows[:SHOWN_ROWS]
        kept = destination.files(unit, {one.control_number for one in shown})
        files = {name: kept_destination(unit, node, row) for name, row in kept.items()}
        note_many(
            unit, node, [_by(operator, Event.NUMBER_NOTICE_SHOWN, one, "shown", terminal) for one in shown]
        )
    lines = tuple(NoticeLine(one, files[one.control_number]) for one in shown)
    return NoticeList(lines, len(rows) > SHOWN_ROWS)


def mark_notices(
    node: Node, operator: Operator, names: Sequence[NoticeName], state: str, *, terminal: str = ""
) -> Refusal | None:
    """Note that notices were sent, or that letters came back: all or none, each once."""
    refusal = may(operator, Permission.SEND_NUMBER_NOTICES)
    if refusal is not None:
        return refusal
    with node.store.unit("number_notices.mark") as unit:
        wanted = sorted(set(names))
        rows = destination.lock_notices(unit, wanted)
        if not rows or len(rows) != len(wanted) or any(one.state != _SINCE[state] for one in rows):
            return Refusal(Reason.NOT_PENDING, _ARTICLE, "notices")
        destination.mark_notices(unit, wanted, state, (operator.login_id, node.clock.now()))
        until = printed_kept_until(node.clock.business_today())
        destination.keep_until(unit, {number for number, _ in wanted}, until)
        note_many(unit, node, [_by(operator, Event.NUMBER_NOTICE_SENT, one, state, terminal) for one in rows])
    return None


def _by(operator: Operator, event: Event, row: PrintedNotice, outcome: str, terminal: str) -> Fact:
    return fact_by(
        operator, event, terminal=terminal, subject=row.resident_record_code, outcome=outcome,
        detail={"file": row.control_number},
    )  # fmt: skip
