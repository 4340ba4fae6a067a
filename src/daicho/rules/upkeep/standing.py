"""Where a case stands on a day, until when it waits, and what of it is kept from whom."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from daicho.rules.protection.veil import WITHHELD, names_place
from daicho.rules.upkeep.case import CaseEnd, CaseKind, Inquiry, TellingWay, UpkeepCase
from daicho.rules.upkeep.grounds import acted
from daicho.rules.upkeep.steps import owes_telling, telling_of

_Shut = Callable[..., bool]  # of whose words, and the words: whether they are kept back


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
    tellings = [telling_of(case, one.entry_id) for one in case.entries if acted(one.kind, one.ground)]
    if None in tellings:
        return CaseState.TO_TELL, case.due_on
    public = [
        one.ends_on
        for one in tellings
        if one is not None and one.way is TellingWay.PUBLIC_NOTICE and one.ends_on is not None
    ]
    if public and on <= max(public):
        return CaseState.MADE_PUBLIC, max(public)
    return CaseState.ENTERED, max(public) if public else case.due_on


def veiled_case(case: UpkeepCase) -> UpkeepCase:
    """Leave out of a case every word that may say where somebody lives, lived or went, and whom was asked.

    Law: 住民基本台帳事務処理要領 第6の10; which items these are is own definition.
    """
    return _veiled(case, lambda _by, *_texts: True)


def case_without_places(case: UpkeepCase, places: Collection[str], reader: str) -> UpkeepCase:
    """Leave out of a case, part by part, what names one of some folded places, but for what the reader wrote.

    Somebody's own words tell them nothing; to leave them out would tell whether a guess was right.

    Law: 住民基本台帳事務処理要領 第6の10; own definition.
    """

    def names_one(by: str, *texts: str) -> bool:
        return by != reader and any(names_place(text, places) for text in texts)

    return _veiled(case, names_one) if places else case


def _veiled(case: UpkeepCase, shut: _Shut) -> UpkeepCase:
    """Leave out each part of a case that is kept back."""
    remaking, end = case.remaking, case.end
    if shut(case.opened_by, case.content, case.address, case.from_body):
        case = replace(
            case,
            content=WITHHELD,
            address=_withheld(case.address),
            from_body=_withheld(case.from_body),
            from_municipality=None,
        )
    if remaking is not None and shut(remaking.remade_by, remaking.cause, remaking.restored_from):
        remaking = replace(remaking, cause=WITHHELD, restored_from=WITHHELD)
    return replace(
        case,
        inquiries=tuple(_veiled_inquiry(one, shut) for one in case.inquiries),
        reminders=tuple(
            replace(one, words=_withheld(one.words)) if shut(one.sent_by, one.words) else one
            for one in case.reminders
        ),
        visits=tuple(
            replace(one, words=_withheld(one.words)) if shut(one.noted_by, one.words) else one
            for one in case.visits
        ),
        entries=tuple(
            replace(one, confirmed_by=_withheld(one.confirmed_by))
            if shut(one.linked_by, one.confirmed_by)
            else one
            for one in case.entries
        ),
        tellings=tuple(
            replace(one, words=_withheld(one.words)) if shut(one.told_by, one.words) else one
            for one in case.tellings
        ),
        remaking=remaking,
        end=None if end is None else _veiled_end(end, shut),
        reopenings=tuple(
            replace(
                one,
                why=WITHHELD if shut(one.reopened_by, one.why) else one.why,
                ended=None if one.ended is None else _veiled_end(one.ended, shut),
            )
            for one in case.reopenings
        ),
    )


def _veiled_inquiry(one: Inquiry, shut: _Shut) -> Inquiry:
    """Leave out an inquiry with its answer: whom was asked tells of what was answered, and the other way round."""
    if not (shut(one.asked_by, one.asked_body, one.question) or shut(one.answered_by, one.answer)):
        return one
    return replace(
        one, asked_body=WITHHELD, municipality=None, question=WITHHELD, answer=_withheld(one.answer)
    )


def _veiled_end(end: CaseEnd, shut: _Shut) -> CaseEnd:
    return replace(end, why=WITHHELD) if shut(end.ended_by, end.why) else end


def _withheld(text: str) -> str:
    return WITHHELD if text else text
