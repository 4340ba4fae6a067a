"""What the own town owes and cannot tell by itself, and what did not agree with a family register: a clerk's work.

Whoever corrects the register does it by the ordinary forms; the next telling finds the change and closes what it settles.
送付できない附票通知・戸籍照合通知
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from daicho.nodes.chronicle import Fact, fact_by, note_many
from daicho.nodes.mailroom.receiving import ACCEPTED, SUPERSEDED, Settled, refused
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_record, read_register_mismatch
from daicho.nodes.registry.counter import home_of
from daicho.nodes.registry.guarding import (
    KEPT_BACK,
    Veil,
    covered_among,
    kept_residents,
    note_kept_back,
    veil_for,
)
from daicho.nodes.registry.records import subject_of
from daicho.nodes.registry.supplements.seeing import (
    BASIS,
    PURPOSE,
    eyes_of,
    notice_out,
    notices_out,
    sees_out,
    tells_place,
)
from daicho.nodes.registry.supplements.settling import note_mismatch, settle
from daicho.nodes.registry.supplements.telling import is_member, tell_town
from daicho.rules.filings.report import check_route
from daicho.rules.law.article import juki, security_standard
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.law.words import WORDS_CHARACTERS
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import Member, NodeKind
from daicho.rules.operators.authority import Operator, Permission, may, may_enter_or_verify, may_verify
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.register.record import ResidentRecord
from daicho.rules.supplements.mismatch import RegisterMismatch, check_mismatch
from daicho.rules.supplements.notice import AddressSupplementNotice, check_notice, is_notice_id
from daicho.store import register, supplements
from daicho.store.supplements import SupplementOut
from daicho.store.unit import Unit
from daicho.wire.codecs.supplements import ToldNotice, read_mismatch

SHOWN_ROWS = 200
_ARTICLE = juki("19")
_GONE = Refusal(Reason.NOT_FOUND, _ARTICLE, "notice")
_SETTLED = Refusal(Reason.REPORT_SETTLED, _ARTICLE, "notice")
_OVERTAKEN = Refusal(Reason.NOTICE_OVERTAKEN, _ARTICLE, "notice")
_NOT_OURS = Refusal(Reason.OTHER_MUNICIPALITY, _ARTICLE, "to_municipality")
_ONLY_CS = Refusal(Reason.NOT_PERMITTED, security_standard("6-7"), "sender")


@dataclass(frozen=True, slots=True)
class OwedLine:
    """One notice of the own town that waits for somebody, with the person as the register has them now.

    `receiver` is the town that was told, or that the domicile names and the network does not reach. `for_officer` tells
    that the record or the notice says less to whoever asks than it has; `overtaken` that a later notice of the person is told.
    """

    notice_id: str
    entry_id: str
    state: str
    owed_on: date
    receiver: MunicipalityCode | None
    differs_on: date | None
    proposed_by: str
    why: str
    record: ResidentRecord | None
    told: AddressSupplementNotice | None
    mismatch: RegisterMismatch | None
    for_officer: bool = False
    overtaken: bool = False


@dataclass(frozen=True, slots=True)
class OwedLists:
    """What waits for a town to be named, or what a letter held, and what did not agree; `more` tells of others."""

    waiting: tuple[OwedLine, ...]
    differing: tuple[OwedLine, ...]
    more: bool


def take_mismatch(unit: Unit, node: Node, sender: Member, content: bytes) -> Settled:
    """Note what the town that was told found; nobody else's word counts, and the first one stays until it is settled."""
    if sender.kind is not NodeKind.CS:
        return refused(_ONLY_CS)
    letter = read_mismatch(content)
    notice_id, receiver = letter.route.report_id, str(letter.route.receiver)
    if letter.route.sender != home_of(node):
        return refused(_NOT_OURS)
    refusal = check_route(letter.route, _ARTICLE) or check_mismatch(letter.mismatch)
    if refusal is not None or not is_notice_id(notice_id):
        return refused(refusal or _GONE)
    row = note_mismatch(unit, node, notice_id, receiver, letter.mismatch)
    if row is None:
        return SUPERSEDED
    detail, peer = {"notice": notice_id, "to": receiver}, str(sender.name)
    fact = Fact(
        Event.SUPPLEMENT_RECEIVED,
        subject=_subject(unit, row),
        outcome="differs",
        peer=peer,
        detail=detail,
    )
    note_many(unit, node, [fact])
    return ACCEPTED


def _subject(unit: Unit, row: SupplementOut) -> str:
    held = register.resident(unit, row.addressee_number) if row.addressee_number is not None else None
    return subject_of(read_record(held.body)) if held is not None else ""


def owed_notices(
    node: Node, operator: Operator, *, letter: str = "", terminal: str = ""
) -> OwedLists | Refusal:
    """List what waits for a town to be named and what did not agree, oldest first; a line for each who is shown is durable first.

    With the name of a letter, as a letter that came back has it, list what went in it last and is not answered, instead of
    both. Whom a measure hides is in the list of the officer alone.
    """
    refusal = may_enter_or_verify(operator)
    if refusal is not None:
        return refusal
    with node.store.unit("supplements.owed_listed") as unit:
        hidden = eyes_of(unit, node, operator).hidden
        if letter:
            waiting = _of_letter(unit, letter, hidden)
            differing: list[SupplementOut] = []
        else:
            waiting = supplements.waiting_out(unit, hidden, limit_rows=SHOWN_ROWS + 1)
            differing = supplements.differing_out(unit, hidden, limit_rows=SHOWN_ROWS + 1)
        lines = _lines(unit, node, operator, [*waiting[:SHOWN_ROWS], *differing[:SHOWN_ROWS]])
        facts = [_about(operator, Event.SUPPLEMENT_SHOWN, terminal, "listed", one) for one in lines]
        nobody = fact_by(operator, Event.SUPPLEMENT_SHOWN, terminal=terminal, outcome="listed")
        note_many(unit, node, facts or [nobody])
    parted = len(waiting[:SHOWN_ROWS])
    more = max(len(waiting), len(differing)) > SHOWN_ROWS
    return OwedLists(tuple(lines[:parted]), tuple(lines[parted:]), more)


def _of_letter(unit: Unit, letter: str, hidden: Collection[int]) -> list[SupplementOut]:
    if not is_notice_id(letter):
        return []
    return supplements.out_of_letter(unit, letter, hidden, limit_rows=SHOWN_ROWS + 1)


def _lines(unit: Unit, node: Node, operator: Operator, rows: Sequence[SupplementOut]) -> list[OwedLine]:
    """Put each notice beside its person, as far as either may be read by whoever asks."""
    numbers = {row.addressee_number for row in rows if row.addressee_number is not None}
    held = {one.addressee_number: read_record(one.body) for one in register.residents(unit, numbers)}
    veil = veil_for(unit, operator, numbers, node.clock.business_now())
    notices, late = notices_out(unit, node, rows), _overtaken(unit, rows)
    lines = []
    for row in rows:
        record, told = held.get(row.addressee_number or 0), notices.get(row.id)
        line = _line(row, None if record is None else veil.over(record), told)
        if _says_too_much(veil, row, record, told):
            # The town is read from the domicile, which may be what is kept back.
            line = replace(line, receiver=None, told=None, mismatch=_items_alone(line), for_officer=True)
        lines.append(replace(line, overtaken=row.id in late))
    return lines


def _items_alone(line: OwedLine) -> RegisterMismatch | None:
    return RegisterMismatch(line.mismatch.items) if line.mismatch is not None else None


def _says_too_much(
    veil: Veil, row: SupplementOut, record: ResidentRecord | None, told: AddressSupplementNotice | None
) -> bool:
    """Tell whether the record, the notice or what does not agree says more than somebody may read: each is of its own day."""
    mismatch = read_register_mismatch(row.body) if row.body is not None else None
    places = veil.places.get(row.addressee_number or 0, frozenset())
    return (record is not None and veil.touches(record)) or tells_place(told, mismatch, places)


def _overtaken(unit: Unit, rows: Sequence[SupplementOut], town: str = "") -> frozenset[str]:
    """Name those of some notices of whose person a later one, not among them, was told already, or told to one town.

    What a town did not agree with is open, and so is what only waits.
    """
    ids = {row.id for row in rows}
    of_people = supplements.out_of_people(
        unit, {one.addressee_number for one in rows if one.addressee_number}
    )
    last: dict[int | None, int] = {}
    for one in of_people:
        said = one.told_on is not None and one.state in ("told", "paper", "closed")
        if said and one.id not in ids and (not town or one.receiver in (None, town)):
            last[one.addressee_number] = max(one.position, last.get(one.addressee_number, 0))
    return frozenset(row.id for row in rows if row.position < last.get(row.addressee_number, 0))


def _line(
    row: SupplementOut, record: ResidentRecord | None, told: AddressSupplementNotice | None
) -> OwedLine:
    return OwedLine(
        row.id, row.entry_id, row.state, row.owed_on,
        MunicipalityCode(row.receiver) if row.receiver is not None else None, row.differs_on,
        row.proposed_by or "", row.why, record, told,
        read_register_mismatch(row.body) if row.body is not None else None,
    )  # fmt: skip


def owed_notice(node: Node, operator: Operator, notice_id: str, *, terminal: str = "") -> OwedLine | Refusal:
    """Show one notice with what it says and what did not agree; the line is durable first.

    Where the record or the notice says less to whoever asks than it has, the notice is for the officer alone.
    """
    refusal = may_enter_or_verify(operator)
    if refusal is not None:
        return refusal
    with node.store.unit("supplements.owed_shown") as unit:
        row = supplements.supplement_out(unit, notice_id)
        if row is None:
            return _GONE
        shut = _shut(unit, node, operator, [row])
        if not shut:
            record = _record(unit, node, row)
            line = _line(row, record, notice_out(unit, node, row))
            note_many(unit, node, [_about(operator, Event.SUPPLEMENT_SHOWN, terminal, "shown", line)])
    if shut:
        note_kept_back(node, operator, shut, terminal)
        return KEPT_BACK
    return line


def _record(unit: Unit, node: Node, row: SupplementOut) -> ResidentRecord | None:
    return _records(unit, node, [row]).get(row.addressee_number or 0)


def _records(unit: Unit, node: Node, rows: Sequence[SupplementOut]) -> dict[int, ResidentRecord]:
    numbers = {row.addressee_number for row in rows if row.addressee_number is not None}
    return kept_residents(unit, node, numbers)


def _shut(unit: Unit, node: Node, operator: Operator, rows: Sequence[SupplementOut]) -> list[str]:
    """Name whom an operator reached for in notices that are not for them."""
    eyes = eyes_of(unit, node, operator)
    if eyes.everything:
        return []
    numbers = {row.addressee_number for row in rows if row.addressee_number is not None}
    records = {one.addressee_number: read_record(one.body) for one in register.residents(unit, numbers)}
    veil = veil_for(unit, operator, numbers, node.clock.business_now())
    notices = notices_out(unit, node, rows) if veil.places else {}
    shut = []
    for row in rows:
        record = records.get(row.addressee_number or 0)
        if not sees_out(eyes, row) or _says_too_much(veil, row, record, notices.get(row.id)):
            shut.append(subject_of(record) if record is not None else "")
    return shut


def send_to(
    node: Node,
    operator: Operator,
    notice_ids: Sequence[str],
    town: MunicipalityCode,
    *,
    letter: str = "",
    terminal: str = "",
) -> Refusal | None:
    """Tell a town that a clerk names what waits, or what the town that was told first has no register for, in one unit.

    That same town may be asked to look once more, and what went in a `letter` that came back is told anew. Where that town
    has been told of a later change of the person, the earlier one is not sent after it: it would be recorded as the newer.

    Law: 住民基本台帳法 第19条第1項
    """
    if not is_member(node, town):
        return may(operator, Permission.ENTER_CHANGE) or Refusal(
            Reason.MUNICIPALITY_UNKNOWN, _ARTICLE, "to_municipality"
        )
    told = (node.clock.business_today(), operator.login_id)

    def act(unit: Unit, rows: Sequence[SupplementOut]) -> Refusal | str:
        if not all(_may_be_told(row, letter) for row in rows):
            return _SETTLED
        if _overtaken(unit, rows, str(town)):
            return _OVERTAKEN
        in_order = sorted(rows, key=lambda row: (row.position, row.id))
        notices = notices_out(unit, node, in_order)
        unfit = next(
            (bad for one in notices.values() if (bad := check_notice(one, told[0])) is not None), None
        )
        if len(notices) != len(rows):
            return _GONE
        if unfit is not None:
            return unfit
        supplements.tell_out(unit, [row.id for row in rows], "told", str(town), told)
        covered = _covered(unit, rows)
        letters = [
            ToldNotice(notices[row.id], row.addressee_number in covered, row.position) for row in in_order
        ]
        note_many(unit, node, tell_town(unit, node, town, letters))
        settle(unit, node, in_order)
        return "sent"

    return _decided(node, operator, notice_ids, Permission.ENTER_CHANGE, act, terminal)


def _may_be_told(row: SupplementOut, letter: str) -> bool:
    """Tell whether a notice waits, did not agree, or went in a letter that came back and not in another one since."""
    in_letter = bool(letter) and row.letter == letter
    return row.state in ("waiting", "differs") or (row.state == "told" and in_letter)


def _covered(unit: Unit, rows: Sequence[SupplementOut]) -> frozenset[int]:
    people = {row.addressee_number for row in rows if row.addressee_number is not None}
    return covered_among(unit, people)


def note_paper(
    node: Node, operator: Operator, notice_ids: Sequence[str], *, letter: str = "", terminal: str = ""
) -> Refusal | None:
    """Note that what waits, did not agree, or went in a `letter` that came back, was told on paper."""
    told = (node.clock.business_today(), operator.login_id)

    def act(unit: Unit, rows: Sequence[SupplementOut]) -> Refusal | str:
        if not all(_may_be_told(row, letter) for row in rows):
            return _SETTLED
        ids = [row.id for row in rows]
        supplements.tell_out(unit, ids, "paper", None, told)
        supplements.note_steps(unit, "", ids, "paper", told[0])
        settle(unit, node, rows)
        return "paper"

    return _decided(node, operator, notice_ids, Permission.ENTER_CHANGE, act, terminal)


def propose_closing(
    node: Node, operator: Operator, notice_id: str, why: str, *, terminal: str = ""
) -> Refusal | None:
    """Say why a mismatch needs no change of the register, or what waits is not to be told; a second person closes it."""
    if not why.strip(" 　"):
        return Refusal(Reason.FIELD_MISSING, _ARTICLE, "why")
    by = operator.login_id, node.clock.now()

    def act(unit: Unit, rows: Sequence[SupplementOut]) -> Refusal | str:
        proposed = supplements.propose_out(unit, rows[0].id, by, why[:WORDS_CHARACTERS])
        return "proposed" if proposed else _SETTLED

    return _decided(node, operator, [notice_id], Permission.ENTER_CHANGE, act, terminal)


def confirm_closing(node: Node, operator: Operator, notice_id: str, *, terminal: str = "") -> Refusal | None:
    """Close by the word of a second person what somebody gave a reason for.

    Law: 本人確認情報管理方法 第3(2)ア; own definition.
    """
    by = operator.login_id, node.clock.now()

    def act(unit: Unit, rows: Sequence[SupplementOut]) -> Refusal | str:
        refusal = may_verify(rows[0].proposed_by or "", operator.login_id)
        if refusal is not None:
            return refusal
        return "closed" if supplements.close_out(unit, rows[0].id, by) else _SETTLED

    return _decided(node, operator, [notice_id], Permission.VERIFY_CHANGE, act, terminal)


def decline_closing(node: Node, operator: Operator, notice_id: str, *, terminal: str = "") -> Refusal | None:
    """Take that back: as a second person, or as whoever said so."""

    def act(unit: Unit, rows: Sequence[SupplementOut]) -> Refusal | str:
        own = rows[0].proposed_by == operator.login_id
        refusal = may(operator, Permission.ENTER_CHANGE if own else Permission.VERIFY_CHANGE)
        if refusal is not None:
            return refusal
        return "declined" if supplements.decline_out(unit, rows[0].id) else _SETTLED

    return may_enter_or_verify(operator) or _decided(node, operator, [notice_id], None, act, terminal)


def _decided(
    node: Node,
    operator: Operator,
    notice_ids: Sequence[str],
    needed: Permission | None,
    act: Callable[[Unit, Sequence[SupplementOut]], Refusal | str],
    terminal: str,
) -> Refusal | None:
    """Let somebody decide about notices that are for them, with a line for each person, in one unit; all or none."""
    refusal = may(operator, needed) if needed is not None else None
    wanted = sorted(set(notice_ids))
    if refusal is None and not wanted:
        refusal = Refusal(Reason.FIELD_MISSING, _ARTICLE, "notices")
    if refusal is not None:
        return refusal
    with node.store.unit("supplements.decide") as unit:
        rows = supplements.lock_out(unit, wanted)
        if len(rows) != len(wanted):
            return _GONE
        shut = _shut(unit, node, operator, rows)
        if not shut:
            done = act(unit, rows)
            if isinstance(done, Refusal):
                return done
            records = _records(unit, node, rows)
            lines = [_line(row, records.get(row.addressee_number or 0), None) for row in rows]
            facts = [_about(operator, Event.SUPPLEMENT_DECIDED, terminal, done, one) for one in lines]
            note_many(unit, node, facts)
    if shut:
        note_kept_back(node, operator, shut, terminal)
        return KEPT_BACK
    return None


def _about(operator: Operator, event: Event, terminal: str, outcome: str, line: OwedLine) -> Fact:
    return fact_by(
        operator, event, terminal=terminal, purpose=PURPOSE, basis=BASIS, outcome=outcome,
        subject=subject_of(line.record) if line.record is not None else "",
        detail={"notice": line.notice_id, "to": str(line.receiver or "")},
    )  # fmt: skip
