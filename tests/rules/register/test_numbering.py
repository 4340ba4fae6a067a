"""住民票コード・個人番号の変更: who may ask, on which days, and what becomes of a card (法30条の4, 番号法7条2項)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.rules.register.conftest import DAY, Town, code, record

from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.register.numbering import (
    CodeChange,
    LeakGround,
    NumberChange,
    NumberNotice,
    card_void_since,
    check_number_change,
)
from daicho.rules.register.reasons import ChangeKind, ChangeReason, Ground
from daicho.rules.register.reception import Authority, Document, Notifier, Reception, check_reception
from daicho.rules.register.record import Removal

BEFORE = DAY - timedelta(days=3)
CARD = (Document.NUMBER_CARD,)
ASKED = NumberChange(
    1,
    LeakGround.CARD_STOLEN,
    "盗難届を出した",
    DAY,
    on_request=True,
    reception=Reception(Notifier.SELF, CARD),
)


def reason(answer):
    return answer.reason if isinstance(answer, Refusal) else answer


def town(**items):
    return Town().settle(record(1, **items))


def test_a_code_is_asked_for_on_one_day_and_used_from_another():
    entry = town().draft(CodeChange(1, DAY, on_request=True, asked_on=BEFORE, words="知られた"))
    assert (entry.change_date, entry.notified_on, entry.ground) == (DAY, BEFORE, Ground.NOTICE)
    assert entry.words == "知られた"
    assert entry.after[0].record_code_used_from == DAY


@pytest.mark.parametrize(
    ("changed_on", "asked_on", "expected", "field"),
    [
        (BEFORE, DAY, Reason.DATE_ORDER, "change_date"),
        (DAY + timedelta(days=1), DAY, Reason.DATE_IN_FUTURE, "change_date"),
        (DAY, DAY + timedelta(days=1), Reason.DATE_IN_FUTURE, "notified_on"),
        (date(2010, 4, 1), date(2010, 4, 1), Reason.DATE_ORDER, "change_date"),
    ],
)
def test_a_code_is_in_use_from_no_impossible_day(changed_on, asked_on, expected, field):
    known = town(record_code_used_from=date(2012, 1, 1))
    refusal = known.draft(CodeChange(1, changed_on, on_request=True, asked_on=asked_on))
    assert (refusal.reason, refusal.field) == (expected, field)


def test_a_card_in_hand_is_void_from_the_day_of_the_new_code_or_number():
    with_card = town(card_info=("交付済み",))
    assert card_void_since(with_card.records[1]) is None
    for notice in (
        CodeChange(1, DAY, on_request=True),
        NumberNotice(code(1), ChangeReason.NUMBER_CHANGED_ON_REQUEST, DAY),
    ):
        (after,) = with_card.draft(notice).after
        assert card_void_since(after) == DAY
        assert after.card_info[0] == "交付済み"
    first_number = NumberNotice(code(1), ChangeReason.NUMBER_ENTERED, DAY)
    assert with_card.draft(first_number).after[0].card_info == ("交付済み",)
    (without,) = town().draft(CodeChange(1, DAY, on_request=True)).after
    assert without.card_info == ()


@pytest.mark.parametrize("kind", [ChangeKind.CODE_CHANGE, ChangeKind.NUMBER_CHANGE])
@pytest.mark.parametrize(
    ("notifier", "authority", "expected"),
    [
        (Notifier.SELF, None, None),
        (Notifier.HOUSEHOLDER, None, Reason.AUTHORITY_NOT_SHOWN),
        (Notifier.SAME_HOUSEHOLD, None, Reason.AUTHORITY_NOT_SHOWN),
        (Notifier.AGENT, None, Reason.AUTHORITY_NOT_SHOWN),
        (Notifier.AGENT, Authority.POWER_OF_ATTORNEY, None),
        (Notifier.LEGAL_REPRESENTATIVE, Authority.FAMILY_REGISTER_CERTIFICATE, None),
    ],
)
def test_nobody_asks_for_another_code_or_number_of_somebody_else(kind, notifier, authority, expected):
    said = Reception(notifier, CARD, "代理　太郎", authority=authority)
    assert reason(check_reception(said, kind)) is expected


def test_another_number_is_asked_for_with_a_reason_in_writing():
    known = record(1)
    assert check_number_change(ASKED, known, has_number=True, on=DAY) is None
    nobody = check_number_change(replace(ASKED, reception=None), known, has_number=True, on=DAY)
    assert (nobody.reason, nobody.field) == (Reason.RECEPTION_MISSING, "notifier")
    by_the_mayor = replace(ASKED, reception=None, on_request=False)
    assert check_number_change(by_the_mayor, known, has_number=True, on=DAY) is None
    silent = check_number_change(replace(ASKED, words="　"), known, has_number=True, on=DAY)
    assert (silent.reason, silent.field) == (Reason.FIELD_MISSING, "words")


@pytest.mark.parametrize(
    ("items", "has_number", "expected"),
    [
        ({}, False, Reason.NUMBER_NOT_RECORDED),
        ({"resident_record_code": None}, True, Reason.NUMBER_NOT_RECORDED),
        ({"processing_hold": True}, True, Reason.PROCESSING_HELD),
        ({"removal": Removal(ChangeReason.DEATH, BEFORE, DAY)}, True, Reason.ALREADY_REMOVED),
    ],
)
def test_art7_nobody_else_than_a_resident_with_a_number_gets_another(items, has_number, expected):
    assert reason(check_number_change(ASKED, record(1, **items), has_number=has_number, on=DAY)) is expected


def test_another_number_is_not_asked_for_tomorrow_nor_for_nobody():
    tomorrow = replace(ASKED, asked_on=DAY + timedelta(days=1))
    assert reason(check_number_change(tomorrow, record(1), has_number=True, on=DAY)) is Reason.DATE_IN_FUTURE
    assert reason(check_number_change(ASKED, None, has_number=True, on=DAY)) is Reason.NOT_FOUND
    assert ASKED.reason is ChangeReason.NUMBER_CHANGED_ON_REQUEST
    assert replace(ASKED, on_request=False).reason is ChangeReason.NUMBER_CHANGED_EX_OFFICIO
