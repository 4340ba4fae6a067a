"""A change of the register as the fields of a line; what stood before and after is in the versions that it wrote.

Law: 住民基本台帳法 第8条, 第22条–第25条
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from daicho.rules.handover.layout import COLUMNS, HandoverFile, format_fields
from daicho.rules.handover.records import Wrong
from daicho.rules.law.refusal import Reason
from daicho.rules.register.changes import Entry, Lateness
from daicho.rules.register.reasons import ChangeKind, ChangeReason, Ground
from daicho.rules.register.reception import Channel, Reception
from daicho.rules.register.record import ResidentRecord

_LATENESS = ("late_due_on", "late_days", "late_article", "late_fine_article")
_RECEPTION = (
    "reception_documents", "reception_name", "reception_authority", "reception_channel", "reception_card_expires_on",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One verified change without its records: what it was, on whose word, entered and verified by whom.  移行する異動

    Law: 住民基本台帳法 第8条, 第22条–第25条
    """

    entry_id: str
    kind: ChangeKind
    reason: ChangeReason
    change_date: date
    notified_on: date
    entered_by: str
    entered_at: datetime
    verified_by: str
    verified_at: datetime
    ground: Ground
    subjects: tuple[int, ...] = ()
    terminal: str = ""
    outcome: str = ""
    cancels: str = ""
    permit: str = ""
    reason_detail: str = ""
    words: str = ""
    effective_on: date | None = None
    lateness: Lateness | None = None
    reception: Reception | None = None


_PLAIN = (
    "entry_id", "kind", "reason", "change_date", "notified_on", "entered_by", "entered_at", "verified_by",
    "verified_at", "ground", "subjects", "terminal", "outcome", "cancels", "permit", "reason_detail", "words",
    "effective_on",
)  # fmt: skip


def format_entry(line: EntryLine) -> str:
    """Write a change as a line, always the same for the same change.

    Law: none, an own layout.
    """
    values: dict[str, Any] = {item: getattr(line, item) for item in _PLAIN}
    late, received = line.lateness, line.reception
    if late is not None:
        values |= {
            "late_due_on": late.due_on,
            "late_days": late.days_late,
            "late_article": late.article,
            "late_fine_article": late.fine_article,
        }
    if received is not None:
        values |= {
            "reception_notifier": received.notifier,
            "reception_documents": received.documents,
            "reception_name": received.name,
            "reception_questions": received.questions_answered,
            "reception_authority": received.authority,
            "reception_channel": received.channel,
            "reception_card_expires_on": received.card_expires_on,
        }
    return format_fields(COLUMNS[HandoverFile.ENTRIES], values)


def read_entry_values(values: Mapping[str, Any]) -> EntryLine | list[Wrong]:
    """Make a change of its fields, or name every item that does not go with the others.

    Law: 本人確認情報管理方法 第3(2)ア: nobody verifies their own entry.
    """
    wrong: list[Wrong] = []
    if values["entered_by"] == values["verified_by"]:
        wrong.append(("verified_by", Reason.SAME_PERSON))
    if values["cancels"] == values["entry_id"]:
        wrong.append(("cancels", Reason.FIELD_UNKNOWN_VALUE))
    if any(values[item] is not None for item in _LATENESS):
        wrong += [(item, Reason.FIELD_MISSING) for item in _LATENESS if values[item] is None]
    if values["reception_notifier"] is None:
        wrong += [("reception_notifier", Reason.FIELD_MISSING) for item in _RECEPTION if values[item]][:1]
    if wrong:
        return wrong
    return EntryLine(
        **{item: values[item] for item in _PLAIN}, lateness=_lateness(values), reception=_reception(values)
    )


def _lateness(values: Mapping[str, Any]) -> Lateness | None:
    if values["late_due_on"] is None:
        return None
    due_on, days, article, fine = (values[item] for item in _LATENESS)
    return Lateness(due_on, days, article, fine)


def _reception(values: Mapping[str, Any]) -> Reception | None:
    if values["reception_notifier"] is None:
        return None
    return Reception(
        values["reception_notifier"],
        values["reception_documents"],
        values["reception_name"],
        values["reception_questions"],
        values["reception_authority"],
        values["reception_channel"] or Channel.COUNTER,
        values["reception_card_expires_on"],
    )


def entry_line(
    entry: Entry, entry_id: str, entered: tuple[str, datetime, str], verified: tuple[str, datetime, str]
) -> EntryLine:
    """Take from a change what a line of it says; `entered` is by whom, when and where, `verified` ends with the outcome.

    Law: none, an own layout.
    """
    return EntryLine(
        entry_id=entry_id,
        kind=entry.kind,
        reason=entry.reason,
        change_date=entry.change_date,
        notified_on=entry.notified_on,
        entered_by=entered[0],
        entered_at=entered[1],
        terminal=entered[2],
        verified_by=verified[0],
        verified_at=verified[1],
        outcome=verified[2],
        ground=entry.ground,
        subjects=entry.subjects,
        cancels=entry.cancels,
        permit=entry.permission,
        reason_detail=entry.reason_detail,
        words=entry.words,
        effective_on=entry.effective_on,
        lateness=entry.lateness,
        reception=entry.reception,
    )


def whole_entry(line: EntryLine, before: Iterable[ResidentRecord], after: Iterable[ResidentRecord]) -> Entry:
    """Put a change together again with the records that stood before it and those that it wrote.

    Law: none, arrangement of one value.
    """
    return Entry(
        kind=line.kind,
        reason=line.reason,
        change_date=line.change_date,
        notified_on=line.notified_on,
        before=tuple(before),
        after=tuple(after),
        subjects=line.subjects,
        ground=line.ground,
        lateness=line.lateness,
        reason_detail=line.reason_detail,
        permission=line.permit,
        cancels=line.cancels,
        effective_on=line.effective_on,
        words=line.words,
        reception=line.reception,
    )
