"""The queue from which notices of individual numbers are printed: told by towns, sent, come back.  個人番号通知書"""

from collections.abc import Sequence
from dataclasses import dataclass

from daicho.nodes.chronicle import Fact, fact_by, note_many
from daicho.nodes.keeping.destination import OTHER_NUMBER, keep_destination
from daicho.nodes.keeping.numbers import sealed_number
from daicho.nodes.mailroom.receiving import ACCEPTED, SUPERSEDED, Settled, refused
from daicho.nodes.national.bundles import still_theirs
from daicho.nodes.node import Node
from daicho.rules.destination.checking import check_destination, is_control_number
from daicho.rules.destination.keeping import printed_kept_until
from daicho.rules.destination.record import DestinationInfo, DestinationPerson
from daicho.rules.identity.own_residents import number_waits
from daicho.rules.identity.record import UpwardReport
from daicho.rules.law.article import bango
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import Member, NodeKind
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.kana import kanji_key
from daicho.store import code_stock, destination, identity, notice_bundles, numbers
from daicho.store.destination import NoticeName, PrintedNotice, QueuedPerson
from daicho.store.notice_bundles import RefusedRow
from daicho.store.unit import Unit
from daicho.wire.codecs.destination import read_destination, read_kept

SHOWN_ROWS = 100
_ARTICLE = bango("7")
_SENDER = Refusal(Reason.NOT_PERMITTED, _ARTICLE, "sender")
_SINCE = {"sent": "printed", "returned": "sent"}


def take_destination(unit: Unit, node: Node, sender: Member, content: bytes) -> Settled:
    """Keep a town's file and queue a notice for each of its people; the same once more does nothing.

    What is printed is a number that was made for this very person, nobody else's. Of whom another town is the holder yet is
    held until the report comes that makes this town the holder, as requests for numbers are.
    """
    if sender.kind is not NodeKind.CS or sender.municipality is None:
        return refused(_SENDER)
    info = read_destination(content)
    today = node.clock.business_today()
    refusal = check_destination(info, sender.municipality, today)
    if refusal is None and not all(_was_made_for(unit, node, one) for one in info.persons):
        refusal = OTHER_NUMBER
    held = {one.resident_record_code: _waits(unit, info, one) for one in info.persons}
    until = printed_kept_until(today) if all(held.values()) else None
    kept: bool | Refusal = refusal or keep_destination(unit, node, info, kept_until=until)
    if kept is False:
        return SUPERSEDED
    facts = []
    for one in info.persons:
        outcome = "held" if held[one.resident_record_code] else "queued"
        if isinstance(kept, Refusal):
            outcome = kept.reason.value
        facts.append(
            _queued(str(one.resident_record_code), outcome, str(sender.name), info.destination_control_number)
        )
    note_many(unit, node, facts)
    if isinstance(kept, Refusal):
        _keep_refused(unit, node, info, sender, kept)
        return refused(kept)
    people = [
        QueuedPerson(
            str(one.resident_record_code), kanji_key(one.name_kanji), str(one.birth_date),
            "held" if held[one.resident_record_code] else "waiting",
        )
        for one in info.persons
    ]  # fmt: skip
    name = (str(info.municipality_code), info.destination_control_number)
    destination.queue(unit, name, people, node.clock.now())
    notice_bundles.not_refused(unit, name)
    return ACCEPTED


def _keep_refused(unit: Unit, node: Node, info: DestinationInfo, sender: Member, why: Refusal) -> None:
    """Note the number of a file that is refused, for whoever is asked about it; nothing of anybody in it."""
    number = info.destination_control_number if is_control_number(info.destination_control_number) else ""
    row = RefusedRow(str(sender.municipality), number, node.clock.now(), why.reason.value, why.field)
    notice_bundles.keep_refused(unit, row)


def release_held(unit: Unit, node: Node, reports: Sequence[UpwardReport]) -> None:
    """Queue what was held until these reports: the town that told it holds the person's record now."""
    held = [(str(one.record.resident_record_code), str(one.record.municipality_code)) for one in reports]
    freed = destination.release(unit, held)
    note_many(unit, node, [_queued(code, "queued", "", number) for number, code in freed])


def _queued(code: str, outcome: str, peer: str, control_number: str) -> Fact:
    return Fact(
        Event.NUMBER_NOTICE_QUEUED, subject=code, outcome=outcome, peer=peer, detail={"file": control_number}
    )


def _waits(unit: Unit, info: DestinationInfo, one: DestinationPerson) -> bool:
    code = str(one.resident_record_code)
    return number_waits(identity.holder(unit, code), code_stock.given_to(unit, code), info.municipality_code)


def _was_made_for(unit: Unit, node: Node, one: DestinationPerson) -> bool:
    """Tell whether a number was made for the person, under the code of now or one that it replaced or that replaced it."""
    code, on = str(one.resident_record_code), node.clock.business_today()
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
    """One notice in the queue, with the file from which it is printed, without its individual numbers.

    Of one that could not be printed: its last bundle, and why its letter was left out there.
    """

    row: PrintedNotice
    file: DestinationInfo
    bundle: int = 0
    hindrance: str = ""


@dataclass(frozen=True, slots=True)
class NoticeList:
    """Notices of one state, and the last of them where there are more behind it."""

    lines: tuple[NoticeLine, ...]
    more: NoticeName | None


def queued_notices(
    node: Node,
    operator: Operator,
    state: str = "waiting",
    *,
    after: NoticeName | None = None,
    terminal: str = "",
) -> NoticeList | Refusal:
    """List the notices of one state, behind one of them; a line for each person shown is durable first.

    No number is opened for it.
    """
    refusal = may(operator, Permission.SEND_NUMBER_NOTICES)
    if refusal is not None:
        return refusal
    with node.store.unit("number_notices.queued") as unit:
        behind = destination.lock_notices(unit, [after]) if after is not None else []
        since = behind[0] if behind else None
        if state == "waiting":
            rows = destination.waiting_notices(unit, limit_rows=SHOWN_ROWS + 1, after=since)
        else:
            rows = destination.marked_notices(unit, state, limit_rows=SHOWN_ROWS + 1, after=since)
        return _shown(unit, node, operator, rows, terminal)


def found_notices(
    node: Node,
    operator: Operator,
    *,
    control_number: str = "",
    name: str = "",
    birth: PartialDate | None = None,
    terminal: str = "",
) -> NoticeList | Refusal:
    """Find notices by the number of their file, or by name and birth date together, whatever their state."""
    refusal = may(operator, Permission.SEND_NUMBER_NOTICES)
    if refusal is not None:
        return refusal
    if not control_number and (not name or birth is None):
        return Refusal(Reason.FIELD_MISSING, _ARTICLE, "birth" if name else "control_number")
    with node.store.unit("number_notices.found") as unit:
        limit = SHOWN_ROWS + 1
        if control_number:
            rows = destination.notices_of_file(unit, control_number, limit_rows=limit)
        else:
            rows = destination.notices_of_person(unit, str(birth), kanji_key(name), limit_rows=limit)
        found = _shown(unit, node, operator, rows, terminal)
        if not rows:
            nobody = fact_by(operator, Event.NUMBER_NOTICE_SHOWN, terminal=terminal, outcome="nobody")
            note_many(unit, node, [nobody])
    return NoticeList(found.lines, None)


def _shown(
    unit: Unit, node: Node, operator: Operator, rows: Sequence[PrintedNotice], terminal: str
) -> NoticeList:
    shown = rows[:SHOWN_ROWS]
    kept = destination.files(unit, {one.file for one in shown})
    note_many(unit, node, [_by(operator, Event.NUMBER_NOTICE_SHOWN, one, "shown", terminal) for one in shown])
    stuck = [one.name for one in shown if one.state == "stuck"]
    left_out = notice_bundles.why_left_out(unit, stuck) if stuck else {}
    lines = tuple(
        NoticeLine(one, read_kept(kept[one.file].body), *left_out.get(one.name, (0, ""))) for one in shown
    )
    last = shown[-1] if len(rows) > SHOWN_ROWS else None
    return NoticeList(lines, None if last is None else (*last.file, last.place))


def mark_notices(
    node: Node, operator: Operator, names: Sequence[NoticeName], state: str, *, terminal: str = ""
) -> Refusal | None:
    """Note that notices were sent, or that letters came back: all or none, each once."""
    refusal = may(operator, Permission.SEND_NUMBER_NOTICES)
    if refusal is not None:
        return refusal
    with node.store.unit("number_notices.mark") as unit:
        wanted = sorted(set(names))
        enclosed = notice_bundles.in_same_letters(unit, wanted) if state == "sent" else []
        # Whoever marks the last but one meanwhile waits: one of the two sees that nothing waits any more.
        files = {(town, number) for town, number, _ in wanted}
        destination.lock_files(unit, files)
        rows = destination.lock_notices(unit, wanted)
        if not rows or len(rows) != len(wanted) or any(one.state != _SINCE[state] for one in rows):
            return Refusal(Reason.NOT_PENDING, _ARTICLE, "notices")
        if any(one.asked_by for one in notice_bundles.lock_prints(unit, enclosed)):
            return Refusal(Reason.NOT_PENDING, _ARTICLE, "notices", "reprint")
        refusal = still_theirs(unit, node, rows) if state == "sent" else None
        if refusal is not None:
            return refusal
        destination.mark_notices(unit, wanted, state, (operator.login_id, node.clock.now()))
        until = printed_kept_until(node.clock.business_today())
        destination.keep_until(unit, files, until)
        note_many(unit, node, [_by(operator, Event.NUMBER_NOTICE_SENT, one, state, terminal) for one in rows])
    return None


def _by(operator: Operator, event: Event, row: PrintedNotice, outcome: str, terminal: str) -> Fact:
    return fact_by(
        operator, event, terminal=terminal, subject=row.resident_record_code, outcome=outcome,
        detail={"file": row.control_number},
    )  # fmt: skip
