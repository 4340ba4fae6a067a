"""Notices of towns about people whose family register is here: kept once, recorded in the supplement, or said not to agree.

戸籍の附票の通知の受領
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from daicho.nodes.chronicle import Fact, fact_by, note_many
from daicho.nodes.mailroom import Outgoing, partner, post_letters
from daicho.nodes.mailroom.receiving import ACCEPTED, SUPERSEDED, Settled, refused
from daicho.nodes.node import Node
from daicho.nodes.registry.counter import home_of
from daicho.nodes.registry.guarding import KEPT_BACK, note_kept_back
from daicho.nodes.registry.supplements.keeping import keep_marks, keep_notices
from daicho.nodes.registry.supplements.seeing import (
    BASIS,
    PURPOSE,
    NoticeName,
    covered_in,
    eyes_of,
    names_kept_places,
    notice_in,
    residents_in,
    sees_in,
    subject_of_notice,
)
from daicho.nodes.registry.supplements.settling import note_mismatch
from daicho.rules.filings.report import Route, check_route
from daicho.rules.law.article import juki, security_standard
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import Member, NodeKind
from daicho.rules.operators.authority import Operator, Permission, may, may_enter_or_verify
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.protection.veil import WITHHELD
from daicho.rules.supplements.mismatch import RegisterMismatch, check_mismatch
from daicho.rules.supplements.notice import (
    AddressSupplementNotice,
    SupplementStanding,
    check_notice,
    is_notice_id,
)
from daicho.rules.upkeep.periods import UpkeepDeadline, upkeep_period
from daicho.store import supplements
from daicho.store.supplements import SupplementIn
from daicho.store.unit import Unit
from daicho.wire.codecs.supplements import MISMATCH, MismatchLetter, read_notices

SHOWN_ROWS = 200
_ARTICLE = juki("19")
_GONE = Refusal(Reason.NOT_FOUND, _ARTICLE, "notice")
_SETTLED = Refusal(Reason.REPORT_SETTLED, _ARTICLE, "notice")
_NOT_OURS = Refusal(Reason.OTHER_MUNICIPALITY, _ARTICLE, "to_municipality")
_ONLY_CS = Refusal(Reason.NOT_PERMITTED, security_standard("6-7"), "sender")


@dataclass(frozen=True, slots=True)
class SupplementLine:
    """One notice in a list; without its content once it is done. `late` tells that it waits for longer than it should.

    `for_officer` tells that it names the home of a protected person who once lived with this one; it is left out then.
    """

    sender: MunicipalityCode
    notice_id: str
    standing: SupplementStanding
    state: str
    received_at: datetime
    protected: bool
    done_by: str
    done_at: datetime | None
    notice: AddressSupplementNotice | None
    late: bool = False
    for_officer: bool = False


@dataclass(frozen=True, slots=True)
class SupplementList:
    """A page of notices; `more` tells that there are others."""

    lines: tuple[SupplementLine, ...]
    more: bool


def take_notices(unit: Unit, node: Node, sender: Member, content: bytes) -> Settled:
    """Keep what another town tells in the unit that keeps its letter; the same again changes nothing.

    A notice that no register would make holds up no other: the letter is refused where it has none that is good.
    """
    if sender.kind is not NodeKind.CS:
        return refused(_ONLY_CS)
    letter = read_notices(content)
    today = node.clock.business_today()
    refusal = check_route(letter.route, _ARTICLE)
    if refusal is None and letter.route.receiver != home_of(node):
        refusal = _NOT_OURS
    if refusal is not None:
        return refused(refusal)
    town, peer = str(letter.route.sender), str(sender.name)
    checked = [(one, check_notice(one.notice, today)) for one in letter.notices]
    good = [one for one, unfit in checked if unfit is None]
    bad = [(one.notice, unfit) for one, unfit in checked if unfit is not None]
    marks = [one for one in letter.marks if is_notice_id(one.notice_id)]
    if bad and not good and not marks:
        return refused(bad[0][1])
    note_many(unit, node, [_unfit(notice, unfit, town, peer) for notice, unfit in bad])
    taken = keep_notices(unit, node, town, good, peer=peer)
    taken += keep_marks(unit, node, town, marks, peer=peer)
    return ACCEPTED if taken or bad else SUPERSEDED


def _unfit(notice: AddressSupplementNotice, unfit: Refusal, town: str, peer: str) -> Fact:
    """Leave word of a notice that was not kept; a name that is none is left out, and so is whom it is about."""
    named = notice.notice_id if is_notice_id(notice.notice_id) else ""
    detail = {"notice": named, "from": town, "reason": unfit.reason.value, "field": unfit.field}
    return Fact(Event.SUPPLEMENT_RECEIVED, outcome="refused", peer=peer, detail=detail)


def received_notices(
    node: Node, operator: Operator, *, done: bool = False, terminal: str = ""
) -> SupplementList | Refusal:
    """List what is to be recorded, oldest first, or what is done, newest first; a line for each who is shown is durable first.

    What is protected is in the list of the officer alone.
    """
    refusal = may_enter_or_verify(operator)
    if refusal is not None:
        return refusal
    with node.store.unit("supplements.received_listed") as unit:
        eyes = eyes_of(unit, node, operator)
        read = supplements.done_in if done else supplements.open_in
        rows = read(unit, eyes, limit_rows=SHOWN_ROWS + 1)
        kept = names_kept_places(unit, node, operator, rows[:SHOWN_ROWS])
        lines = tuple(_behind(_line(node, row), kept) for row in rows[:SHOWN_ROWS])
        shown = [one for one in lines if one.notice is not None]
        facts = [_about(operator, Event.SUPPLEMENT_SHOWN, terminal, "listed", one) for one in shown]
        nobody = fact_by(operator, Event.SUPPLEMENT_SHOWN, terminal=terminal, outcome="listed")
        note_many(unit, node, facts or [nobody])
    return SupplementList(lines, len(rows) > SHOWN_ROWS)


def _behind(line: SupplementLine, kept: frozenset[NoticeName]) -> SupplementLine:
    """Leave out of a line where somebody lives whom a measure hides."""
    if line.notice is None or (str(line.sender), line.notice_id) not in kept:
        return line
    less = replace(line.notice, address=WITHHELD, registered_domicile=WITHHELD)
    return replace(line, notice=less, for_officer=True)


def _line(node: Node, row: SupplementIn) -> SupplementLine:
    days = upkeep_period(UpkeepDeadline.REPORT, node.clock.business_today()).days
    late = row.state == "open" and row.received_at < node.clock.now() - timedelta(days=days)
    return SupplementLine(
        MunicipalityCode(row.sender), row.id, SupplementStanding(row.standing), row.state, row.received_at,
        row.protected, row.done_by or "", row.done_at, notice_in(row), late,
    )  # fmt: skip


def received_notice(
    node: Node, operator: Operator, name: NoticeName, *, terminal: str = ""
) -> SupplementLine | Refusal:
    """Show one notice with its resident record code; the line is durable first. What is protected is for the officer alone."""
    refusal = may_enter_or_verify(operator)
    if refusal is not None:
        return refusal
    with node.store.unit("supplements.received_shown") as unit:
        row = supplements.supplement_in(unit, *name)
        if row is None:
            return _GONE
        line = _line(node, row)
        open_to = _is_for(unit, node, operator, [row])[0]
        if open_to:
            shown = _about(operator, Event.SUPPLEMENT_SHOWN, terminal, "shown", line)
            if line.notice is not None and line.notice.resident_record_code is not None:
                shown.detail["resident_record_code"] = "shown"
            note_many(unit, node, [shown])
    if not open_to:
        note_kept_back(node, operator, [_subject(line)], terminal)
        return KEPT_BACK
    return line


def _is_for(unit: Unit, node: Node, operator: Operator, rows: Sequence[SupplementIn]) -> list[bool]:
    """Tell which notices are for an operator to open and to decide about."""
    eyes, kept = eyes_of(unit, node, operator), names_kept_places(unit, node, operator, rows)
    whose = residents_in(unit, rows) if eyes.hidden else {}
    return [sees_in(eyes, row, whose) and (row.sender, row.id) not in kept for row in rows]


def record_notices(
    node: Node, operator: Operator, names: Sequence[NoticeName], *, terminal: str = ""
) -> int | Refusal:
    """Note that notices are recorded in the supplements, with a line for each; gives of how many it was noted.

    All or none: of what somebody else has done meanwhile, or what is not for whoever asks, nothing is noted.
    Law: 住民基本台帳法 第18条, 第19条第1項
    """
    refusal = may(operator, Permission.ENTER_CHANGE)
    if refusal is None and not names:
        refusal = Refusal(Reason.FIELD_MISSING, _ARTICLE, "notices")
    return refusal or _finish(node, operator, names, "recorded", None, terminal)


def tell_mismatch(
    node: Node, operator: Operator, name: NoticeName, mismatch: RegisterMismatch, *, terminal: str = ""
) -> Refusal | None:
    """Tell the town that told of somebody what does not agree with the family register, in one unit.

    Law: 住民基本台帳法 第19条第2項
    """
    refusal = may(operator, Permission.ENTER_CHANGE) or check_mismatch(mismatch)
    if refusal is not None:
        return refusal
    done = _finish(node, operator, [name], "differs", mismatch, terminal)
    return done if isinstance(done, Refusal) else None


def _finish(
    node: Node,
    operator: Operator,
    names: Sequence[NoticeName],
    state: str,
    mismatch: RegisterMismatch | None,
    terminal: str,
) -> int | Refusal:
    by_town: dict[str, list[str]] = {}
    for town, notice_id in dict.fromkeys(names):
        by_town.setdefault(town, []).append(notice_id)
    done = (operator.login_id, node.clock.business_today(), node.clock.now())
    shut: list[str] = []
    with node.store.unit("supplements.finish") as unit:
        rows = [row for town in sorted(by_town) for row in supplements.lock_in(unit, town, by_town[town])]
        lines = [_line(node, row) for row in rows]
        fits = _is_for(unit, node, operator, rows)
        shut = [_subject(line) for line, fit in zip(lines, fits, strict=True) if not fit]
        if len(rows) != sum(map(len, by_town.values())):
            return _GONE
        if not shut and any(row.state != "open" for row in rows):
            return _SETTLED
        if not shut:
            covered = covered_in(unit, rows)
            heading = "recorded" if mismatch is None else "answered"
            for town, ids in by_town.items():
                hidden = [notice_id for sender, notice_id in covered if sender == town]
                supplements.finish_in(unit, town, ids, state, done, hidden)
                supplements.note_steps(unit, town, ids, heading, done[1])
            facts = [_about(operator, Event.SUPPLEMENT_DECIDED, terminal, state, one) for one in lines]
            note_many(unit, node, facts)
            if mismatch is not None:
                _answer(unit, node, lines[0], mismatch)
    if shut:
        note_kept_back(node, operator, shut, terminal)
        return KEPT_BACK
    return len(lines)


def _answer(unit: Unit, node: Node, line: SupplementLine, mismatch: RegisterMismatch) -> None:
    """Bring a mismatch to the town that told: by letter, or into the own queue where that is the own one."""
    home = home_of(node)
    if line.sender == home:
        note_mismatch(unit, node, line.notice_id, str(home), mismatch)
        return
    content = MismatchLetter(Route(line.notice_id, line.sender, home), mismatch)
    cs = partner(node.wire.directory(), node.me, NodeKind.CS)
    post_letters(unit, node, [Outgoing(cs, MISMATCH, content, matter=line.notice_id)])


def _subject(line: SupplementLine) -> str:
    return subject_of_notice(line.notice) if line.notice is not None else ""


def _about(operator: Operator, event: Event, terminal: str, outcome: str, line: SupplementLine) -> Fact:
    return fact_by(
        operator, event, terminal=terminal, purpose=PURPOSE, basis=BASIS, outcome=outcome, subject=_subject(line),
        detail={"notice": line.notice_id, "from": str(line.sender)},
    )  # fmt: skip
