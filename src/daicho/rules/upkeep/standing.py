"""Where a case stands on a day, until when it waits, and what of it is kept from whom."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from daicho.rules.protection.veil import WITHHELD
from daicho.rules.upkeep.case import CaseKind, TellingWay, UpkeepCase
from daicho.rules.upkeep.steps import owes_telling


class CaseState(StrEnum):
    """What a case waits for.  事案の状態"""

    RECEIVED = "RECEIVED"  # 処理待ち
    ASKED = "ASKED"  # 照会の回答待ち
    REMINDED = "REMINDED"  # 催告の期限待ち
    SURVEYED = "SURVEYED"  # 調査中
    ENTERED = "ENTERED"  # 異動の入力済み
    TO_TELL = "TO_TELL"  # 通知・公示待ち
    MADE_PUBLIC = "MADE_PUBLIC"  # 公示中
    REMADE = "REMADE"  # 再製済み・確認待ち
    CLOSED = "CLOSED"  # 終了


@dataclass(frozen=True, slots=True)
class CaseStanding:
    """What a case waits for, until when, since how long, and by how much it is late.  事案の処理状況

    Units: whole calendar days.
    """

    state: CaseState
    due_on: date | None
    waited_days: int
    late_days: int


def standing_of(case: UpkeepCase, on: date) -> CaseStanding:
    """Tell where a case stands on a day.

    Law: none, own definition.
    """
    state, due_on = _state(case, on)
    last = case.end.ended_on if case.end is not None else on
    late = 0 if due_on is None else max(0, (on - due_on).days)
    return CaseStanding(state, due_on, max(0, (last - case.received_on).days), late)


def _state(case: UpkeepCase, on: date) -> tuple[CaseState, date | None]:
    if case.end is not None:
        return CaseState.CLOSED, None
    if case.remaking is not None:
        return CaseState.REMADE, case.due_on
    if case.entries:
        return _after_entry(case, on)
    open_due = [one.due_on for one in case.inquiries if one.answered_on is None]
    if open_due:
        return CaseState.ASKED, min(open_due)
    if case.reminders:
        return CaseState.REMINDED, case.reminders[-1].due_on
    if case.kind is CaseKind.SURVEY and (case.plan is not None or case.visits):
        return CaseState.SURVEYED, case.due_on
    return CaseState.RECEIVED, case.due_on


def _after_entry(case: UpkeepCase, on: date) -> tuple[CaseState, date | None]:
    if not owes_telling(case):
        return CaseState.ENTERED, case.due_on
    if case.telling is None:
        return CaseState.TO_TELL, case.due_on
    ends_on = case.telling.ends_on
    if case.telling.way is TellingWay.PUBLIC_NOTICE and ends_on is not None and on <= ends_on:
        return CaseState.MADE_PUBLIC, ends_on
    return CaseState.ENTERED, ends_on if case.telling.way is TellingWay.PUBLIC_NOTICE else case.due_on


def veiled_case(case: UpkeepCase) -> UpkeepCase:
    """Leave out of a case every word that may say where somebody lives, lived or went, and whom was asked.

    Law: 住民基本台帳事務処理要領 第6の10; which items these are is own definition.
    """
    remaking, end, telling = case.remaking, case.end, case.telling
    return replace(
        case,
        content=WITHHELD,
        address=_withheld(case.address),
        from_body=_withheld(case.from_body),
        from_municipality=None,
        inquiries=tuple(
            replace(
                one,
                asked_body=WITHHELD,
                municipality=None,
                question=WITHHELD,
                answer=_withheld(one.answer),
            )
            for one in case.inquiries
        ),
        reminders=tuple(replace(one, words=_withheld(one.words)) for one in case.reminders),
        visits=tuple(replace(one, words=_withheld(one.words)) for one in case.visits),
        entries=tuple(replace(one, confirmed_by=_withheld(one.confirmed_by)) for one in case.entries),
        telling=None if telling is None else replace(telling, words=_withheld(telling.words)),
        remaking=None
        if remaking is None
        else replace(remaking, cause=WITHHELD, restored_from=_withheld(remaking.restored_from)),
        end=None if end is None else replace(end, why=WITHHELD),
    )


def _withheld(text: str) -> str:
    return WITHHELD if text else text
