"""Queues, letters that came back, and an operator's own history."""

import json
from collections.abc import Mapping
from datetime import date, datetime

from daicho.faces.desks.destinations import destination_counters, printing_counters
from daicho.faces.desks.registry import day_bounds
from daicho.faces.desks.supplements import supplement_counters
from daicho.faces.terminal.desk import Done, OperationLine, ReturnedLetter, Seat
from daicho.nodes.chronicle import note_by
from daicho.nodes.node import Node
from daicho.nodes.office.queues import Queue, waiting
from daicho.nodes.registry.areas.showing import how_much_is_left
from daicho.nodes.registry.filings.waiting import late_before
from daicho.nodes.registry.measures.sending import late_before as forwarding_late
from daicho.nodes.registry.meeting import how_much_waits
from daicho.nodes.retention.overview import KEEPING
from daicho.rules.law.article import Article, juki, security_standard
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import NodeKind
from daicho.rules.operators.authority import Permission, may
from daicho.rules.protection.proposal import RELEASE_WAITS
from daicho.store import (
    areas,
    deferral,
    extractions,
    filings,
    forwarding,
    hall_clients,
    inspection,
    ledger,
    mailbox,
    mailed,
    moj_link,
    number_changes,
    owed,
    posting,
    processing,
    protection,
    register,
    retention,
    seals,
    till,
    upkeep,
)
from daicho.store.unit import Unit

SHOWN_LETTERS = 200
HISTORY_LINES = 200
_KINDS = {
    "register.entry": "異動の連携（既存住基→CS）",
    "identity.report": "本人確認情報の通知",
    "report.move_in": "転入通知",
    "filing.report": "9条2項通知",
    "filing.answer": "9条2項通知への回答",
    "supplement.notices": "戸籍の附票記載事項通知",
    "supplement.mismatch": "戸籍照合通知",
    "report.move_out": "転出確定通知",
    "number.request": "個人番号とすべき番号の生成要求",
    "destination.info": "送付先情報（個人番号通知書）",
    "destination.refused": "機構が受け取らなかった送付先情報の通知（CS→既存住基）",
    "number.change": "個人番号の変更のための生成要求",
    "number.made": "個人番号とすべき番号の通知",
    "codes.wanted": "住民票コードの指定の求め",
    "codes.given": "住民票コードの指定",
    "protection.forward": "支援措置の転送",
    "protection.reply": "支援措置の転送への回答",
    "protection.kept_back": "支援措置による非表示の通知（既存住基→CS）",
}


def _notices(unit: Unit) -> int:
    return owed.how_many_owed(unit) + posting.how_many_to_post(unit)


class LetterDesk:
    """What waits for somebody at one node."""

    def __init__(self, node: Node) -> None:
        """Serve one node."""
        self._node = node

    def counts(self, who: Seat) -> Mapping[Queue, int]:
        """Count each queue that this operator may open and this node keeps."""
        counters = {Queue.REFUSED_LETTERS: mailbox.count_returned}
        if self._node.me.kind in KEEPING:
            counters[Queue.DISPOSAL] = retention.how_many_wait
        if self._node.me.kind is NodeKind.NATIONAL:
            counters |= printing_counters(who.operator)
        if self._node.me.kind is NodeKind.REGISTRY:
            counters[Queue.UNVERIFIED] = register.how_many_wait
            since = self._node.clock.now() - RELEASE_WAITS
            counters[Queue.PROTECTION] = lambda unit: protection.how_much_waits(unit, since)
            counters[Queue.UPKEEP] = upkeep.how_many_cases
            counters[Queue.CHARACTERS] = lambda unit: how_much_waits(unit, self._node, who.operator)
            counters[Queue.SEALS] = seals.how_many_wait
            counters[Queue.TILL] = till.how_many_wait
            counters[Queue.NOTICES] = _notices
            counters[Queue.INSPECTIONS] = inspection.how_many_wait
            counters[Queue.EXTRACTIONS] = extractions.how_many_wait
            counters[Queue.AREAS] = areas.how_many_wait
            counters[Queue.AREA_REST] = lambda unit: how_much_is_left(unit, self._node, who.operator)
            counters[Queue.FILINGS] = filings.how_many_to_record
            counters[Queue.FILINGS_TO_CONFIRM] = filings.how_many_to_confirm
            counters[Queue.FILINGS_TO_SEND] = filings.how_many_to_send
            late = late_before(self._node)
            counters[Queue.FILINGS_BACK] = lambda unit: filings.how_many_came_back(unit, late)
            unanswered = forwarding_late(self._node)
            counters[Queue.MAILED] = mailed.how_many_wait
            counters[Queue.FORWARDED] = lambda unit: forwarding.how_much_waits(unit, unanswered)
            counters[Queue.STOPS] = processing.how_many_to_decide
            counters[Queue.NUMBER_CHANGES] = number_changes.how_many_to_decide
            counters |= supplement_counters(self._node, who.operator)
            counters |= destination_counters(self._node, who.operator)
            counters[Queue.LINKS] = hall_clients.how_many_wait
            counters[Queue.DEFERRED] = deferral.how_many_wait
            counters[Queue.MINISTRY] = moj_link.how_many_wait
            counters[Queue.MINISTRY_TO_CONFIRM] = moj_link.how_many_to_confirm
            counters[Queue.MUNICIPAL] = moj_link.how_many_to_tell
            counters[Queue.MUNICIPAL_TO_CONFIRM] = moj_link.how_many_written
        return waiting(self._node.store, who.operator, counters)

    def returned(self, who: Seat, *, on_hold: bool) -> tuple[ReturnedLetter, ...] | Refusal:
        """List the letters that came back; nothing is set aside for good here."""
        refusal = may(who.operator, Permission.RESOLVE_REFUSED_LETTERS)
        if refusal is not None or on_hold:
            return refusal or ()
        with self._node.store.unit("returned.list") as unit:
            return tuple(self._letter(row) for row in mailbox.returned(unit, SHOWN_LETTERS))

    def returned_letter(self, who: Seat, letter_id: str) -> ReturnedLetter | Refusal:
        """Open one of them."""
        rows = self.returned(who, on_hold=False)
        if isinstance(rows, Refusal):
            return rows
        found = next((row for row in rows if row.letter_id == letter_id), None)
        return found or Refusal(Reason.NOT_FOUND, security_standard("6-7"), "letter_id")

    def resolve(self, who: Seat, letter_id: str, note_text: str) -> Done | Refusal:
        """Close one of them with a note of what was done."""
        refusal = may(who.operator, Permission.RESOLVE_REFUSED_LETTERS)
        if refusal is not None:
            return refusal
        with self._node.store.unit("returned.resolve") as unit:
            done = mailbox.resolve_returned(
                unit,
                letter_id,
                by=who.operator.login_id,
                at=self._node.clock.now(),
                resolution=note_text[:500],
            )
            if not done:
                return Refusal(Reason.NOT_FOUND, security_standard("6-7"), "letter_id")
            note_by(
                unit, self._node, who.operator, Event.LETTER_RESOLVED, terminal=who.terminal, outcome="resolved",
                detail={"letter": letter_id},
            )  # fmt: skip
        return Done(letter_id)

    def hold(self, who: Seat, letter_id: str, note_text: str) -> Done | Refusal:
        """Leave one of them in the queue."""
        found = self.returned_letter(who, letter_id)
        return found if isinstance(found, Refusal) else Done(letter_id, (note_text,))

    def _letter(self, row: mailbox.ReturnedLetter) -> ReturnedLetter:
        act, _, number = row.article.partition("|")
        article = Article(act, number) if number else juki("30-6")
        receiver = self._node.wire.directory().member(row.receiver)
        reason = Reason(row.reason) if row.reason in Reason.__members__ else Reason.MALFORMED_LETTER
        return ReturnedLetter(
            row.letter_id, receiver.title if receiver else row.receiver, "", _KINDS.get(row.kind, row.kind),
            Refusal(reason, article, row.field), row.returned_at, facts=(("受付番号", row.matter or "―"),),
        )  # fmt: skip


class OwnHistoryDesk:
    """An operator's own lines in the node's ledger."""

    def __init__(self, node: Node) -> None:
        """Serve one node."""
        self._node = node

    def own(self, who: Seat, first: date, last: date) -> tuple[tuple[OperationLine, ...], bool] | Refusal:
        """List the operator's own lines of some days, newest first."""
        refusal = may(who.operator, Permission.SEE_OWN_HISTORY)
        if refusal is not None:
            return refusal
        begin, end = day_bounds(first, last)
        ahead = self._node.clock.business_now() - self._node.clock.now()  # a demonstration's day is not today
        with self._node.store.unit("history.own") as unit:
            lines = ledger.lines_of_operator(
                unit, who.operator.login_id, begin - ahead, end - ahead, HISTORY_LINES + 1
            )
        return tuple(_line(line) for line in lines[:HISTORY_LINES]), len(lines) > HISTORY_LINES


def _line(line: ledger.PlacedLine) -> OperationLine:
    body = json.loads(line.body)
    subject = str(body.get("subject", ""))
    masked = f"*******{subject[-4:]}" if len(subject) == 11 and subject.isdigit() else subject
    return OperationLine(
        datetime.fromisoformat(body["at"]), body["event"], body.get("purpose", ""), body.get("basis", ""), masked,
        body.get("outcome", ""), body.get("terminal", ""),
    )  # fmt: skip
