"""Undoing an entry by a second one that turns it back; nothing is ever deleted.  異動取消"""

from dataclasses import dataclass, replace
from datetime import date

from daicho.rules.law.article import juki, juki_order
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.register.changes import Entry
from daicho.rules.register.correction import amendment_reason
from daicho.rules.register.deadlines import check_notified
from daicho.rules.register.household import changed_only, check_household, household_of, renewed
from daicho.rules.register.reasons import ChangeKind, ChangeReason, Ground
from daicho.rules.register.record import Removal, ResidentRecord

_ARTICLE = juki("8")
_STRIKE = juki_order("8")


@dataclass(frozen=True, slots=True)
class Cancellation:
    """A verified entry turns out to be wrong or is withdrawn.  異動取消

    Law: 住民基本台帳法 第8条, 第14条
    """

    entry_id: str
    cancelled_on: date
    why: str


def draft_cancellation(
    notice: Cancellation, cancelled: Entry, current: tuple[ResidentRecord, ...], on: date
) -> Entry | Refusal:
    """Write back what stood before the entry; a record that it created is struck, not erased.

    Only the last change of a record can be undone: a later one must be undone first.

    Law: 住民基本台帳法 第8条, 第14条; 住民基本台帳法施行令 第8条
    """
    refusal = check_notified(notice.cancelled_on, on, _ARTICLE)
    if refusal is not None:
        return refusal
    now = {record.addressee_number: record for record in current}
    if any(now.get(record.addressee_number) != record for record in cancelled.after):
        return Refusal(Reason.CHANGED_SINCE, _ARTICLE, "entry_id")
    after = tuple(
        _turned_back(old, new, notice.cancelled_on, cancelled.change_date) for old, new in cancelled.pairs()
    )
    touched = {record.addressee_number for record in after}
    others = tuple(record for number, record in now.items() if number not in touched)
    after = tuple(_under_present_head(record, (*others, *after)) for record in after)
    others = _renamed_others(others, after)
    refusal = _check_households(current, (*others, *after), (*after, *cancelled.after))
    if refusal is not None:
        return refusal
    before, after = changed_only(current, (*after, *others))
    return Entry(
        kind=ChangeKind.CANCELLATION,
        reason=_reason(cancelled),
        change_date=notice.cancelled_on,
        notified_on=notice.cancelled_on,
        before=before,
        after=after,
        subjects=cancelled.subjects,
        ground=Ground.EX_OFFICIO,
        words=notice.why,
        cancels=notice.entry_id,
        effective_on=cancelled.legal_day,
    )


def _under_present_head(record: ResidentRecord, whole: tuple[ResidentRecord, ...]) -> ResidentRecord:
    # The householder may have changed the name while this person was away.
    head = household_of(whole, record.household_number).householder
    if head is None or not record.living:
        return record
    return replace(record, householder_name=head.name.kanji)


def _renamed_others(
    others: tuple[ResidentRecord, ...], after: tuple[ResidentRecord, ...]
) -> tuple[ResidentRecord, ...]:
    # A householder who gets the old name back gives it to those who joined meanwhile, too.
    names = {one.household_number: one.name.kanji for one in after if one.living and one.is_householder}
    return tuple(
        renewed(record, relationship=record.relationship, householder_name=names[record.household_number])
        if record.living and record.household_number in names
        else record
        for record in others
    )


def _check_households(
    current: tuple[ResidentRecord, ...],
    whole: tuple[ResidentRecord, ...],
    touched: tuple[ResidentRecord, ...],
) -> Refusal | None:
    ids = {record.addressee_number for record in touched}
    for number in sorted({record.household_number for record in touched}):
        household = household_of(whole, number)
        # Whoever joined meanwhile is related to the householder of today, not to the one who comes back.
        today, then = household_of(current, number).householder, household.householder
        joined = any(member.addressee_number not in ids for member in household.members)
        if joined and today and then and today.addressee_number != then.addressee_number:
            return Refusal(Reason.CHANGED_SINCE, _ARTICLE, "relationship")
        refusal = check_household(household)
        if refusal is not None:
            return refusal
        if len({member.current_address for member in household.members}) > 1:
            return Refusal(Reason.CHANGED_SINCE, _ARTICLE, "current_address")
    return None


def _turned_back(
    old: ResidentRecord | None, new: ResidentRecord, cancelled_on: date, change_date: date
) -> ResidentRecord:
    sequence = new.update_sequence + 1
    if old is None:
        removal = Removal(ChangeReason.STRUCK_OTHER, change_date, cancelled_on)
        return replace(new, removal=removal, update_sequence=sequence)
    return replace(old, update_sequence=sequence)


def _reason(cancelled: Entry) -> ChangeReason:
    reasons = []
    for old, new in cancelled.pairs():
        if new.addressee_number not in cancelled.subjects:
            continue
        if new.living and (old is None or not old.living):
            reasons.append(ChangeReason.STRUCK_OTHER)
        elif old is not None and old.living and not new.living:
            reasons.append(ChangeReason.ENTERED_OTHER)
        elif old is not None:
            reasons.append(amendment_reason(new, old, minor=False))
    return next((r for r in reasons if r is not ChangeReason.NOT_REPORTED), ChangeReason.NOT_REPORTED)
