"""通信回復後に処理する事務: what is taken says enough, keeps its day, and is over once somebody says what became of it."""

from datetime import date

import pytest

from daicho.rules.certificates.request import IdentityProof
from daicho.rules.deferral.affair import (
    FIELD_CHARACTERS,
    FIELDS_MOST,
    WORDS_CHARACTERS,
    AffairKind,
    AffairState,
    DeferredAffair,
    as_taken_on,
    check_affair,
    close_affair,
)
from daicho.rules.law.refusal import Reason
from daicho.rules.people.codes import with_check_digit

DAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    "affair",
    [
        DeferredAffair(AffairKind.OTHER, "住民票コードの照会"),
        DeferredAffair(AffairKind.DISCLOSURE, addressee_number=5, proof=IdentityProof.CARD),
        DeferredAffair(AffairKind.WITHOUT_CODE, page="/move-in-from-abroad", form=(("town", "架空町"),)),
        DeferredAffair(AffairKind.CARD_MOVE_IN, "2人", "03-0000-0000"),
    ],
)
def test_what_says_enough_is_taken(affair) -> None:
    assert check_affair(affair) is None


@pytest.mark.parametrize(
    ("affair", "reason", "field"),
    [
        (DeferredAffair(AffairKind.DISCLOSURE, "本人"), Reason.FIELD_MISSING, "addressee_number"),
        (
            DeferredAffair(AffairKind.DISCLOSURE, addressee_number=5),
            Reason.IDENTITY_NOT_PROVEN,
            "proof",
        ),
        (DeferredAffair(AffairKind.WITHOUT_CODE, "出生"), Reason.FIELD_MISSING, "form"),
        (DeferredAffair(AffairKind.OTHER, " "), Reason.FIELD_MISSING, "words"),
        (DeferredAffair(AffairKind.OTHER, "字" * (WORDS_CHARACTERS + 1)), Reason.FIELD_TOO_LONG, "words"),
        (
            DeferredAffair(AffairKind.OTHER, "字", "0" * (WORDS_CHARACTERS + 1)),
            Reason.FIELD_TOO_LONG,
            "contact",
        ),
        (
            DeferredAffair(AffairKind.OTHER, "字", form=(("a", "b" * 2 * FIELD_CHARACTERS),)),
            Reason.FIELD_TOO_LONG,
            "form",
        ),
        (
            DeferredAffair(AffairKind.OTHER, "字", form=tuple((f"f{n}", "") for n in range(FIELDS_MOST + 1))),
            Reason.FIELD_TOO_LONG,
            "form",
        ),
    ],
)
def test_what_says_nothing_or_too_much_is_refused(affair, reason, field) -> None:
    refusal = check_affair(affair)
    assert (refusal.reason, refusal.field) == (reason, field)


def test_nobody_writes_an_individual_number_down() -> None:
    number = with_check_digit(f"{7:011d}")
    for affair in (
        DeferredAffair(AffairKind.OTHER, f"番号 {number}"),
        DeferredAffair(AffairKind.OTHER, "字", number),
    ):
        assert check_affair(affair).reason is Reason.INDIVIDUAL_NUMBER_NOT_USED


def test_a_notice_keeps_the_day_on_which_it_was_handed_in() -> None:
    """行政手続法37条: given when it arrived, whenever it is entered; the periods of 法22条 end with that day."""
    kept = dict(as_taken_on({"notified_on": " ", "decided_on": "", "moved_on": ""}, DAY))
    assert kept == {"notified_on": "2026-11-20", "decided_on": "2026-11-20", "moved_on": ""}
    assert dict(as_taken_on({"notified_on": "R8.11.1"}, DAY)) == {"notified_on": "R8.11.1"}
    assert as_taken_on({"town": "架空町"}, DAY) == (("town", "架空町"),)


def test_what_is_closed_says_what_became_of_it_and_forgets_the_form() -> None:
    affair = DeferredAffair(
        AffairKind.WITHOUT_CODE, "妹", contact="03", form=(("town", "架空町"),), page="/move-in", household=5
    )
    closed = close_affair(affair, AffairState.FINISHED, "入力した")
    assert (closed.outcome, closed.form, closed.contact, closed.fields) == ("入力した", (), "", {})
    assert (closed.words, closed.household) == ("", None)
    assert affair.fields == {"town": "架空町"}


@pytest.mark.parametrize(
    ("state", "outcome", "reason"),
    [
        (AffairState.WAITING, "字", Reason.NOT_PENDING),
        (AffairState.FINISHED, " ", Reason.FIELD_MISSING),
        (AffairState.WITHDRAWN, "字" * (WORDS_CHARACTERS + 1), Reason.FIELD_TOO_LONG),
    ],
)
def test_what_is_not_closed_in_words_goes_on(state, outcome, reason) -> None:
    assert close_affair(DeferredAffair(AffairKind.OTHER, "字"), state, outcome).reason is reason
