"""カード等情報: which cards stand until when, what voids them, what is due on them, and which of them prove anything."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.register.conftest import DAY, THERE, code, record

from daicho.rules.cards_held.duties import CardDutyKind, duties_of
from daicho.rules.cards_held.entering import STEPS, check_event
from daicho.rules.cards_held.events import CardCause, CardEvent, CardStep, KeptCardEvent, cards_of, next_card
from daicho.rules.cards_held.kinds import CARD_RULES, CardHolder, CardKind, latest_expiry
from daicho.rules.cards_held.shown import check_notification_card, check_number_card
from daicho.rules.cards_held.standing import CardState, LapseCause, facts_of, standings_on
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.codes import with_check_digit
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.names import PersonName
from daicho.rules.register.reasons import ChangeReason
from daicho.rules.register.record import (
    AddressReason,
    ForeignItems,
    Removal,
    ResidentKind,
    ScheduledMoveOut,
)

K, S, C = CardKind, CardStep, CardState
GOT = date(2024, 5, 10)
UNTIL = date(2034, 4, 1)  # the tenth birthday after it
WOMAN = record(1, birth_date=PartialDate(1980, 4, 1))
CARD = CardEvent(K.NUMBER_CARD, S.ISSUED, 1, GOT, UNTIL)
_NOTICE = juki("27")


def told(step, on=DAY, kind=K.NUMBER_CARD, card=1, **more):
    if step in (S.SUSPENDED, S.VOIDED, S.RETURNED) and "cause" not in more:
        more["cause"] = CardCause.LOST
    return CardEvent(kind, step, card, on, **more)


def kept(*events):
    return tuple(KeptCardEvent(place, event, noon(event.on)) for place, event in enumerate(events, 1))


def noon(day):
    return datetime(day.year, day.month, day.day, 3, tzinfo=UTC)


def facts(who=WOMAN, *versions, numbers=()):
    stood = versions or ((who.resident_since, who),)
    return facts_of(((since, since, noon(since), one) for since, one in stood), who, numbers)


def stand(*events, who=WOMAN, day=DAY, about=None):
    return standings_on(cards_of(kept(*events)), about or facts(who), day)


def only(*events, **more):
    (one,) = stand(*events, **more)
    return one


def lapse(*events, **more):
    found = only(*events, **more).lapse
    return None if found is None else (found.cause, found.on)


def check(event, *before, who=WOMAN, about=None, on=DAY):
    return check_event(event, kept(*before), about or facts(who), on)


def moved(who=WOMAN, on=date(2026, 11, 10), notified=date(2026, 11, 12), **items):
    return replace(
        who, address_reason=AddressReason.MOVE_IN, resident_since=on, resident_since_notified_on=notified,
        **items,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("born", "issued", "applied", "last"),
    [
        (date(1980, 4, 1), date(2024, 5, 10), None, date(2034, 4, 1)),
        # A birthday on the day of the issue does not count.
        (date(1980, 4, 1), date(2024, 4, 1), None, date(2034, 4, 1)),
        (date(1980, 4, 1), date(2024, 3, 31), None, date(2033, 4, 1)),
        (date(2010, 6, 1), date(2024, 5, 10), None, date(2028, 6, 1)),
        (date(1996, 2, 29), date(2024, 5, 10), None, date(2034, 2, 28)),
        (date(1996, 2, 29), date(2022, 3, 10), None, date(2032, 2, 29)),
        # Eighteen since 2022-04-01, of the day of asking; twenty before.
        (date(2003, 6, 1), date(2022, 4, 20), date(2022, 3, 31), date(2026, 6, 1)),
        (date(2003, 6, 1), date(2022, 4, 20), date(2022, 4, 1), date(2031, 6, 1)),
        (date(2001, 6, 1), date(2021, 7, 1), None, date(2031, 6, 1)),
        # An age is attained at the end of the day before the birthday.
        (date(2006, 5, 10), date(2024, 5, 20), date(2024, 5, 10), date(2034, 5, 10)),
        (date(2006, 5, 10), date(2024, 5, 20), date(2024, 5, 9), date(2029, 5, 10)),
    ],
)
def test_until_which_birthday_a_number_card_stands(born, issued, applied, last):
    holder = CardHolder(PartialDate(born.year, born.month, born.day))
    assert latest_expiry(K.NUMBER_CARD, issued, holder, applied_on=applied) == last


def test_other_terms():
    grown = CardHolder(PartialDate(1980, 4, 1))
    assert latest_expiry(K.NUMBER_CARD, GOT, replace(grown, stay_ends_on=date(2027, 2, 3))) == date(
        2027, 2, 3
    )
    assert latest_expiry(K.NUMBER_CARD, GOT, grown, renewed=True) == date(2035, 4, 1)
    assert latest_expiry(K.NUMBER_CARD, GOT, CardHolder(PartialDate(1980, None, None))) is None
    assert latest_expiry(K.RESIDENT_CARD, date(2015, 12, 28), grown) == date(2025, 12, 27)
    assert latest_expiry(K.NOTIFICATION_CARD, date(2015, 11, 1), grown) is None


@given(
    st.dates(date(1930, 1, 1), date(2026, 1, 1)),
    st.dates(date(2016, 1, 1), date(2035, 12, 31)),
)
def test_a_card_stands_from_four_to_ten_years_and_ends_on_a_birthday(born, issued):
    holder = CardHolder(PartialDate(born.year, born.month, born.day))
    last = latest_expiry(K.NUMBER_CARD, issued, holder)
    if born > issued:
        assert last is None
        return
    years = (last - issued).days / 365.25
    assert 3.99 < years <= 10.01
    assert (last.month, last.day) in ((born.month, born.day), (2, 28))


def test_a_card_is_valid_from_its_issue_to_the_day_on_its_face():
    assert stand(CARD, day=GOT - timedelta(days=1)) == ()
    assert only(CARD).state is C.VALID
    assert only(CARD, day=UNTIL).usable
    assert lapse(CARD, day=UNTIL + timedelta(days=1)) == (LapseCause.EXPIRED, UNTIL + timedelta(days=1))
    longer = told(S.EXTENDED, date(2026, 1, 5), expires_on=date(2034, 6, 1))
    assert only(CARD, longer).expires_on == date(2034, 6, 1)
    assert only(CARD, longer, day=date(2026, 1, 4)).expires_on == UNTIL


def test_a_stop_holds_until_it_is_released():
    stopped, again = told(S.SUSPENDED, date(2026, 6, 1)), told(S.RESUMED, date(2026, 6, 5))
    assert only(CARD, stopped, day=date(2026, 6, 4)).state is C.SUSPENDED
    assert only(CARD, stopped, again).state is C.VALID
    assert not only(CARD, stopped).usable


REMOVED = date(2026, 7, 1)
STAY = ForeignItems(date(2013, 2, 3), "フィリピン", "中長期在留者", residence_expires_on=date(2029, 2, 3))


@pytest.mark.parametrize(
    ("reason", "found"),
    [
        (ChangeReason.DEATH, (LapseCause.DEATH, REMOVED)),
        (ChangeReason.MOVE_OUT_ABROAD, (LapseCause.ABROAD, REMOVED)),
        (ChangeReason.STRUCK_OTHER, (LapseCause.STRUCK, REMOVED)),
        (ChangeReason.MOVE_OUT, None),
        (ChangeReason.STRUCK_NATURALISED, None),
        (ChangeReason.STRUCK_NATIONALITY_LOST, None),
    ],
)
def test_what_the_end_of_a_record_makes_of_a_card(reason, found):
    gone = replace(WOMAN, removal=Removal(reason, REMOVED, REMOVED))
    assert lapse(CARD, who=gone) == found
    assert only(CARD, who=gone).state is (C.LAPSED if found else C.GONE)
    assert only(CARD, who=gone, day=REMOVED - timedelta(days=1)).state is C.VALID


def abroad(day):
    plan = ScheduledMoveOut(day, day, "アメリカ", None, abroad=True, by_card=False)
    return replace(WOMAN, scheduled_move_out=plan)


def test_since_2024_05_27_a_card_is_used_on_abroad_if_that_was_asked_for():
    event = told(S.CONTINUED, date(2026, 6, 25), abroad=True)
    leaver = abroad(REMOVED)
    assert check(event, CARD, who=leaver) is None
    gone = replace(leaver, removal=Removal(ChangeReason.MOVE_OUT_ABROAD, REMOVED, REMOVED))
    assert lapse(CARD, event, who=gone) is None
    assert check(event, CARD).reason is Reason.STEP_NOT_FITTING
    guest = replace(leaver, resident_kind=ResidentKind.FOREIGN, foreign=STAY)
    assert check(event, CARD, who=guest).reason is Reason.STEP_NOT_FITTING, (
        "no address supplement says where they are"
    )
    early = replace(event, on=date(2024, 5, 26))
    assert check(early, CARD, who=leaver).reason is Reason.STEP_NOT_FITTING


def back(on, reason, removed_on, who=WOMAN, way=AddressReason.MOVE_IN_FROM_ABROAD, **more):
    """Give what counts of somebody who left the register and has the same record again since a day."""
    gone = replace(who, removal=Removal(reason, removed_on, removed_on))
    now = replace(who, address_reason=way, resident_since=on, resident_since_notified_on=on, **more)
    return facts(now, (who.resident_since, who), (removed_on, gone), (on, now))


LEFT, HOME = date(2020, 7, 1), date(2023, 4, 3)
FORMER = replace(CARD, on=date(2018, 5, 10), expires_on=date(2028, 4, 1))


@pytest.mark.parametrize(
    ("reason", "cause"),
    [(ChangeReason.MOVE_OUT_ABROAD, LapseCause.ABROAD), (ChangeReason.STRUCK_OTHER, LapseCause.STRUCK)],
)
def test_a_void_card_stays_void_when_its_holder_comes_back(reason, cause):
    about = back(HOME, reason, LEFT)
    assert lapse(FORMER, about=about) == (cause, LEFT)
    assert only(FORMER, about=about).state is C.LAPSED
    assert shown(FORMER.expires_on, stand(FORMER, about=about)).reason is Reason.CARD_VOID
    assert check(told(S.CONTINUED), FORMER, about=about).reason is Reason.CARD_VOID
    # One that was issued after they came back is another card, and an end that was undone ended nothing.
    assert only(CARD, about=back(HOME, reason, LEFT)).state is C.VALID
    gone = replace(WOMAN, removal=Removal(reason, LEFT, LEFT))
    undone = facts(WOMAN, (WOMAN.resident_since, WOMAN), (LEFT, gone), (LEFT, WOMAN))
    assert only(FORMER, about=undone).state is C.VALID
    # Neither did one of which the first day of the stay was put right before it was undone.
    right = replace(WOMAN, resident_since=WOMAN.resident_since + timedelta(days=1))
    undone = facts(right, (WOMAN.resident_since, WOMAN), (LEFT, gone), (LEFT, right))
    assert only(FORMER, about=undone).state is C.VALID


def test_whoever_comes_back_from_another_town_was_gone_and_hands_the_card_in_again():
    about = back(date(2026, 11, 10), ChangeReason.MOVE_OUT, REMOVED, way=AddressReason.MOVE_IN)
    states = [only(CARD, about=about, day=day).state for day in (date(2026, 7, 2), DAY)]
    assert states == [C.GONE, C.CONTINUING]


ABROAD = told(S.CONTINUED, date(2026, 6, 25), abroad=True)


def test_a_card_used_on_abroad_is_handed_in_by_whoever_comes_back():
    came = date(2026, 11, 10)
    about = back(came, ChangeReason.MOVE_OUT_ABROAD, REMOVED)
    assert only(CARD, ABROAD, about=about).state is C.CONTINUING
    (duty,) = duties_of(stand(CARD, ABROAD, about=about), about, DAY)
    assert (duty.kind, duty.due_on) == (CardDutyKind.CONTINUE, date(2027, 2, 8))
    here = told(S.CONTINUED)
    assert check(here, CARD, ABROAD, about=about) is None
    assert only(CARD, ABROAD, here, about=about, day=date(2027, 3, 1)).state is C.VALID
    assert check(replace(here, expires_on=UNTIL), about=about) is None, "another town let it be used on"
    assert lapse(CARD, ABROAD, about=about, day=date(2027, 3, 1)) == (
        LapseCause.NOT_CONTINUED, date(2027, 2, 9),
    )  # fmt: skip


def test_a_card_is_used_on_abroad_for_the_one_time_for_which_that_was_asked():
    came, again = date(2026, 9, 1), date(2026, 11, 2)
    home = replace(
        WOMAN, address_reason=AddressReason.MOVE_IN_FROM_ABROAD, resident_since=came, resident_since_notified_on=came,
    )  # fmt: skip
    gone = replace(home, removal=Removal(ChangeReason.MOVE_OUT_ABROAD, again, again))
    first = replace(WOMAN, removal=Removal(ChangeReason.MOVE_OUT_ABROAD, REMOVED, REMOVED))
    about = facts(gone, (WOMAN.resident_since, WOMAN), (REMOVED, first), (came, home), (again, gone))
    here = told(S.CONTINUED, date(2026, 9, 2))
    assert lapse(CARD, ABROAD, here, about=about) == (LapseCause.ABROAD, again)
    asked = told(S.CONTINUED, date(2026, 10, 30), abroad=True)
    assert lapse(CARD, ABROAD, here, asked, about=about) is None


def test_a_card_that_was_brought_along_is_void_when_its_holder_moves_on_without_handing_it_in():
    came, on = moved(on=date(2026, 7, 1), notified=date(2026, 7, 2)), date(2026, 8, 3)
    left = replace(came, removal=Removal(ChangeReason.MOVE_OUT, on, on))
    gone = facts(left, (came.resident_since, came), (on, left))
    assert lapse(CARD, about=gone) == (LapseCause.NOT_CONTINUED, on)
    assert only(CARD, told(S.CONTINUED, date(2026, 7, 2)), about=gone).state is C.GONE
    later = date(2026, 12, 1)
    # Whoever comes back brings a void card along.
    home = moved()
    again = facts(home, (came.resident_since, came), (on, left), (home.resident_since, home))
    assert lapse(CARD, about=again) == (LapseCause.NOT_CONTINUED, on)
    slow = replace(came, removal=Removal(ChangeReason.MOVE_OUT, later, later))
    assert lapse(CARD, about=facts(slow), day=later) == (LapseCause.NOT_CONTINUED, date(2026, 10, 1))


def test_another_code_or_number_voids_a_card_and_not_the_one_that_came_after():
    day = date(2026, 8, 3)
    changed = replace(WOMAN, old_resident_record_code=code(9), record_code_used_from=day)
    again = told(S.ISSUED, date(2026, 9, 1), card=2, expires_on=date(2036, 4, 1))
    assert lapse(CARD, who=changed) == (LapseCause.CODE_CHANGED, day)
    assert stand(CARD, again, who=changed)[1].state is C.VALID
    numbered = facts(WOMAN, numbers=(day,))
    assert lapse(CARD, about=numbered) == (LapseCause.NUMBER_CHANGED, day)
    assert stand(CARD, again, about=numbered)[1].state is C.VALID
    # Who came with the code of before has used it all along.
    assert lapse(CARD, who=replace(WOMAN, record_code_used_from=day)) is None


def test_a_new_card_takes_the_place_of_the_former_one_and_of_the_kinds_of_before():
    again = told(S.ISSUED, date(2026, 9, 1), card=2, expires_on=date(2036, 4, 1))
    assert [one.state for one in stand(CARD, again)] == [C.LAPSED, C.VALID]
    # Also one of which the call centre knew first.
    heard, used = told(S.SUSPENDED, date(2026, 9, 1), card=2), told(S.CONTINUED, date(2026, 9, 8), card=2)
    assert [one.state for one in stand(CARD, heard)] == [C.VALID, C.SUSPENDED]
    assert stand(CARD, heard, used)[0].lapse.cause is LapseCause.REPLACED
    old = told(S.ISSUED, date(2015, 12, 1), K.RESIDENT_CARD, expires_on=date(2025, 11, 30))
    paper = told(S.ISSUED, date(2015, 11, 1), K.NOTIFICATION_CARD)
    number, resident, notice = stand(CARD, old, paper, day=date(2024, 6, 1))
    assert (number.state, resident.lapse.cause, notice.lapse.cause) == (
        C.VALID, LapseCause.REPLACED, LapseCause.REPLACED,
    )  # fmt: skip


def test_whoever_moved_in_hands_the_card_in_within_ninety_days_of_the_notice():
    comer = facts(moved())
    assert only(CARD, about=comer).state is C.CONTINUING
    (duty,) = duties_of(stand(CARD, about=comer), comer, DAY)
    # 2026-11-12 and ninety days.
    assert (duty.kind, duty.due_on) == (CardDutyKind.CONTINUE, date(2027, 2, 10))
    assert only(CARD, about=comer, day=date(2027, 2, 10)).usable
    assert lapse(CARD, about=comer, day=date(2027, 2, 11)) == (LapseCause.NOT_CONTINUED, date(2027, 2, 11))
    done = told(S.CONTINUED)
    assert check(done, CARD, about=comer) is None
    assert only(CARD, done, about=comer, day=date(2027, 2, 11)).state is C.VALID
    late = replace(done, on=date(2027, 2, 11))
    assert check(late, about=comer, on=date(2027, 3, 1)).reason is Reason.TOO_LATE
    # A card that came along is often known by nothing but its being used on.
    known = replace(done, expires_on=UNTIL)
    assert check(known, about=comer) is None
    assert check(replace(known, on=date(2026, 11, 9)), about=comer).reason is Reason.DATE_ORDER


def test_a_card_whose_holder_gave_notice_after_fourteen_days_is_void():
    late = facts(moved(on=date(2026, 10, 1), notified=date(2026, 11, 12)))
    cause, on = lapse(CARD, about=late)
    assert (cause, on) == (LapseCause.LATE_ARRIVAL, date(2026, 10, 16))
    assert check(told(S.CONTINUED, expires_on=UNTIL), about=late).reason is Reason.TOO_LATE


def test_who_moved_within_the_town_since_still_hands_in_what_was_brought_along():
    came = moved()
    now = replace(came, address_reason=AddressReason.MOVE_WITHIN, current_address=THERE)
    about = facts(now, (came.resident_since, came), (DAY, now))
    assert only(CARD, about=about).state is C.CONTINUING


def amended(**items):
    now = replace(WOMAN, **items)
    return facts(now, (WOMAN.resident_since, WOMAN), (date(2026, 11, 6), now))


@pytest.mark.parametrize(
    "items",
    [{"current_address": THERE}, {"name": PersonName(kanji="改名　一号", furigana="カイメイ　イチゴウ")}],
)
def test_what_changed_on_the_face_is_told_within_fourteen_days(items):
    about = amended(**items)
    (duty,) = duties_of(stand(CARD, about=about), about, DAY)
    assert (duty.kind, duty.due_on, str(duty.article)) == (CardDutyKind.AMEND, DAY, "番号法第17条")
    assert duties_of(stand(CARD, told(S.AMENDED), about=about), about, DAY) == ()
    # What a face does not say changes nothing of it, and what was undone neither.
    other = amended(relationship="妻")
    assert duties_of(stand(CARD, about=other), other, DAY) == ()
    # A change of before of which the town hears after the card was written is not on it.
    now = replace(WOMAN, **items)
    since, heard = WOMAN.resident_since, date(2026, 11, 18)
    stood = ((since, since, noon(since), WOMAN), (date(2026, 11, 2), heard, noon(heard), now))
    told_late = facts_of(stood, now)
    written = told(S.AMENDED, date(2026, 11, 10))
    (duty,) = duties_of(stand(CARD, written, about=told_late), told_late, DAY)
    assert duty.due_on == date(2026, 11, 16)
    # Of one day the hour decides: what is recorded after the card was written is not on it.
    for hours, there in ((-1, 1), (1, 0)):
        on_that_day = KeptCardEvent(2, told(S.AMENDED, heard), noon(heard) + timedelta(hours=hours))
        cards = standings_on(cards_of((*kept(CARD), on_that_day)), told_late, DAY)
        assert len(duties_of(cards, told_late, DAY)) == there
    back = facts(WOMAN, *((since, replace(WOMAN, **one)) for since, one in (
        (WOMAN.resident_since, {}), (date(2026, 11, 6), items), (date(2026, 11, 10), {}),
    )))  # fmt: skip
    assert duties_of(stand(CARD, about=back), back, DAY) == ()


def test_furigana_counts_where_the_face_carries_it():
    def read(furigana, **items):
        return replace(WOMAN, name=replace(WOMAN.name, furigana=furigana, furigana_confirmed=True), **items)

    before, after = read("カクウ　ハナコ"), read("カクウ　カコ")
    written = replace(CARD, on=date(2026, 7, 1), expires_on=date(2036, 4, 1))

    def due(card, *stood):
        since = (WOMAN.resident_since, date(2026, 11, 9))
        about = facts(stood[-1], *zip(since, stood, strict=True))
        return [(one.kind, one.due_on) for one in duties_of(stand(card, about=about), about, DAY)]

    assert due(written, before, after) == [(CardDutyKind.AMEND, date(2026, 11, 24))]
    assert due(CARD, before, after) == [], "written before faces carried it"
    silent = replace(before, name=replace(before.name, furigana_confirmed=False))
    assert due(written, silent, after) == [], "a face without it says nothing else"
    guest = {"resident_kind": ResidentKind.FOREIGN, "foreign": STAY}
    stays = replace(written, expires_on=date(2029, 2, 3))
    assert due(stays, read("カクウ", **guest), read("カコ", **guest)) == [], "no item of a foreign resident"
    paper = told(S.ISSUED, date(2015, 11, 1), K.NOTIFICATION_CARD)
    assert due(paper, before, after) == []
    about = facts(after, (WOMAN.resident_since, before), (date(2026, 11, 9), after))
    assert only(paper, about=about).state is C.VALID


def test_void_cards_come_back_and_who_left_is_told_until_when_to_move_in():
    gone = replace(WOMAN, removal=Removal(ChangeReason.STRUCK_OTHER, REMOVED, REMOVED))
    (duty,) = duties_of(stand(CARD, who=gone), facts(gone), DAY)
    assert (duty.kind, duty.due_on, str(duty.article)) == (CardDutyKind.RETURN, None, "番号法施行令第15条")
    assert duties_of(stand(CARD, told(S.RETURNED), who=gone), facts(gone), DAY) == ()
    plan = ScheduledMoveOut(REMOVED, REMOVED, "函館市", None, abroad=False, by_card=True)
    left = replace(WOMAN, scheduled_move_out=plan, removal=Removal(ChangeReason.MOVE_OUT, REMOVED, REMOVED))
    (duty,) = duties_of(stand(CARD, who=left), facts(left), DAY)
    assert (duty.kind, duty.due_on) == (CardDutyKind.MOVE_IN, date(2026, 7, 31))


def test_a_card_about_to_expire_is_renewed_and_with_a_longer_stay_extended():
    (duty,) = duties_of(stand(CARD, day=date(2034, 1, 1)), facts(), date(2034, 1, 1))
    assert (duty.kind, duty.due_on) == (CardDutyKind.RENEW, UNTIL)
    assert duties_of(stand(CARD, day=date(2033, 12, 31)), facts(), date(2033, 12, 31)) == ()
    guest = replace(WOMAN, resident_kind=ResidentKind.FOREIGN, foreign=STAY)
    short = replace(CARD, expires_on=date(2027, 2, 3))
    (duty,) = duties_of(stand(short, who=guest), facts(guest), DAY)
    assert (duty.kind, duty.due_on) == (CardDutyKind.EXTEND, date(2027, 2, 3))
    extended = told(S.EXTENDED, expires_on=date(2029, 2, 3))
    assert check(extended, short, who=guest) is None
    assert duties_of(stand(short, extended, who=guest), facts(guest), DAY) == ()
    # Two months more while a longer stay is asked for, and no day later.
    assert check(replace(extended, expires_on=date(2029, 4, 3)), short, who=guest) is None
    assert check(replace(extended, expires_on=date(2029, 4, 4)), short, who=guest).reason is (
        Reason.CARD_TERM_EXCEEDED
    )


def test_a_longer_stay_puts_off_no_birthday():
    stay = replace(STAY, residence_expires_on=date(2031, 11, 20))
    child = replace(
        WOMAN, birth_date=PartialDate(2016, 1, 2), resident_kind=ResidentKind.FOREIGN, foreign=stay,
    )  # fmt: skip
    card = replace(CARD, on=date(2026, 12, 1), expires_on=date(2031, 1, 2))
    about = facts(child)

    def due(*events, day):
        return [one.kind for one in duties_of(stand(*events, about=about, day=day), about, day)]

    known = told(S.CONTINUED, date(2026, 12, 1), expires_on=date(2031, 1, 2))
    for one in (card, known):
        assert due(one, day=date(2030, 10, 1)) == []
        assert due(one, day=date(2030, 10, 2)) == [CardDutyKind.RENEW]
    # What ends with the stay of before is extended, whether or not its issue is known.
    for one in (card, known):
        assert due(replace(one, expires_on=date(2027, 2, 3)), day=date(2026, 12, 2)) == [CardDutyKind.EXTEND]


def test_a_face_that_says_two_months_more_is_read_at_every_desk():
    stay = replace(STAY, residence_expires_on=date(2026, 10, 20))
    guest = replace(moved(), resident_kind=ResidentKind.FOREIGN, foreign=stay)
    face = {"expires_on": date(2026, 12, 20)}
    for step in (S.CONTINUED, S.AMENDED, S.RESUMED):
        assert check(told(step, **face), who=guest) is None, step
        beyond = check(told(step, expires_on=date(2026, 12, 21)), who=guest)
        assert beyond.reason is Reason.CARD_TERM_EXCEEDED
    assert check(told(S.ISSUED, **face), who=guest).reason is Reason.CARD_TERM_EXCEEDED


def test_what_was_lost_or_stolen_is_not_asked_back_for_ever():
    def due(*events):
        return [one.kind for one in duties_of(stand(*events), facts(), DAY)]

    void = told(S.VOIDED, cause=CardCause.DAMAGED)
    assert due(CARD, void) == [CardDutyKind.RETURN]
    for cause in (CardCause.LOST, CardCause.STOLEN):
        gone = told(S.VOIDED, cause=cause)
        assert due(CARD, gone) == []
        assert only(CARD, gone).state is C.LAPSED
        # A card that is void already may turn out to be lost, and one that is found is given back.
        assert check(gone, CARD, void) is None
        assert due(CARD, void, gone) == []
        assert check(gone, CARD, gone).reason is Reason.NOTHING_CHANGES
        assert check(told(S.RETURNED, cause=CardCause.DUTY), CARD, void, gone) is None
    assert check(void, CARD, void).reason is Reason.CARD_VOID
    # Stopped when it was lost, found again, and void since.
    lost, found = told(S.SUSPENDED, date(2026, 6, 1)), told(S.RESUMED, date(2026, 6, 5))
    again = told(S.ISSUED, date(2026, 9, 1), card=2, expires_on=date(2036, 4, 1))
    assert due(CARD, lost, again) == []
    assert due(CARD, lost, found, again) == [CardDutyKind.RETURN]


def test_a_notification_card_is_worth_nothing_once_the_record_says_something_else():
    paper = told(S.ISSUED, date(2015, 11, 1), K.NOTIFICATION_CARD)
    assert only(paper).state is C.VALID
    about = amended(current_address=THERE)
    assert lapse(paper, about=about) == (LapseCause.FACE_DIFFERS, date(2026, 11, 6))
    assert duties_of(stand(paper, about=about), about, DAY) == ()


@pytest.mark.parametrize(
    ("event", "before", "reason", "field"),
    [
        (replace(CARD, on=DAY + timedelta(days=1)), (), Reason.DATE_IN_FUTURE, "on"),
        (replace(CARD, on=date(2015, 12, 31)), (), Reason.DATE_ORDER, "on"),
        (replace(CARD, applied_on=DAY), (), Reason.DATE_ORDER, "applied_on"),
        (replace(CARD, expires_on=None), (), Reason.FIELD_MISSING, "expires_on"),
        (replace(CARD, expires_on=date(2034, 4, 2)), (), Reason.CARD_TERM_EXCEEDED, "expires_on"),
        (replace(CARD, expires_on=date(2024, 5, 9)), (), Reason.CARD_EXPIRED, "expires_on"),
        (CARD, (CARD,), Reason.NOTHING_CHANGES, "card"),
        (replace(CARD, card=3), (CARD,), Reason.NOT_FOUND, "card"),
        (told(S.ISSUED, date(2015, 12, 29), K.RESIDENT_CARD), (), Reason.CARD_KIND_NOT_ISSUED, "on"),
        (told(S.ISSUED, date(2020, 5, 25), K.NOTIFICATION_CARD), (), Reason.CARD_KIND_NOT_ISSUED, "on"),
        (told(S.SUSPENDED, kind=K.NOTIFICATION_CARD), (), Reason.STEP_NOT_FITTING, "step"),
        (told(S.AMENDED, date(2015, 6, 1), K.RESIDENT_CARD), (), Reason.STEP_NOT_FITTING, "step"),
        (told(S.CONTINUED, date(2015, 6, 1), K.RESIDENT_CARD), (), Reason.STEP_NOT_FITTING, "step"),
        (told(S.CAME_BACK), (CARD,), Reason.STEP_NOT_FITTING, "step"),
        (told(S.AMENDED, date(2020, 5, 25), K.NOTIFICATION_CARD), (), Reason.STEP_NOT_FITTING, "step"),
        (told(S.ISSUED, kind=K.SPECIFIED_RESIDENCE_CARD, expires_on=UNTIL), (), Reason.NOT_ENTITLED, "kind"),
        (told(S.RETURNED, cause=None), (CARD,), Reason.FIELD_MISSING, "cause"),
        (told(S.AMENDED, GOT - timedelta(days=1)), (CARD,), Reason.DATE_ORDER, "on"),
        (told(S.AMENDED), (CARD, told(S.SUSPENDED)), Reason.CARD_SUSPENDED, "card"),
        (told(S.AMENDED), (CARD, told(S.VOIDED)), Reason.CARD_VOID, "card"),
        (told(S.AMENDED), (CARD, told(S.RETURNED)), Reason.CARD_RETURNED, "card"),
        (told(S.SUSPENDED), (CARD, told(S.SUSPENDED)), Reason.NOTHING_CHANGES, "step"),
        (told(S.RESUMED), (CARD,), Reason.NOTHING_CHANGES, "step"),
        (told(S.DISPOSED), (CARD,), Reason.STEP_NOT_FITTING, "step"),
        (told(S.CONTINUED), (CARD,), Reason.TOO_LATE, "on"),
        (told(S.WITHDRAWN, withdraws=1), (CARD,), Reason.FIELD_MISSING, "words"),
        (told(S.WITHDRAWN, withdraws=2, words="誤り"), (CARD,), Reason.NOT_FOUND, "withdraws"),
        (told(S.AMENDED, words="x" * 201), (CARD,), Reason.FIELD_TOO_LONG, "words"),
        (told(S.AMENDED, words="a\x07"), (CARD,), Reason.FIELD_CONTROL_CHARACTER, "words"),
        (told(S.ISSUED, date(2016, 2, 1), K.NOTIFICATION_CARD, expires_on=UNTIL), (),
         Reason.FIELD_UNKNOWN_VALUE, "expires_on"),
    ],
)  # fmt: skip
def test_what_cannot_be_noted_is_refused_with_its_field(event, before, reason, field):
    refused = check(event, *before)
    assert isinstance(refused, Refusal), "nothing was refused"
    assert (refused.reason, refused.field) == (reason, field)


def test_who_is_struck_gets_no_card_but_gives_one_back():
    gone = replace(WOMAN, removal=Removal(ChangeReason.DEATH, REMOVED, REMOVED))
    again = told(S.ISSUED, card=2, expires_on=date(2036, 4, 1))
    assert check(again, CARD, who=gone).reason is Reason.ALREADY_REMOVED
    assert check(told(S.RETURNED, cause=CardCause.DUTY), CARD, who=gone) is None


def test_the_last_note_is_withdrawn_and_the_card_is_what_it_was():
    lost = told(S.SUSPENDED)
    away = told(S.WITHDRAWN, withdraws=2, words="別人の届")
    assert check(away, CARD, lost) is None
    assert only(CARD, lost, away).state is C.VALID
    assert check(replace(away, withdraws=1), CARD, lost).reason is Reason.NOT_FOUND
    assert check(away, CARD, lost, away).reason is Reason.NOT_FOUND
    whole = told(S.WITHDRAWN, withdraws=1, words="別人の交付")
    assert stand(CARD, whole) == ()
    assert next_card(K.NUMBER_CARD, kept(CARD, whole)) == 1
    assert check(CARD, CARD, whole) is None
    assert next_card(K.NUMBER_CARD, kept(CARD)) == 2


def test_what_another_system_or_the_call_centre_knew_first_opens_a_card():
    for event in (told(S.SUSPENDED), told(S.RETURNED), told(S.RESUMED, expires_on=UNTIL)):
        assert check(event) is None
    assert check(told(S.RESUMED)).field == "expires_on"
    assert check(told(S.RETURNED, kind=K.NOTIFICATION_CARD)) is None
    assert only(told(S.SUSPENDED)).expires_on is None


def test_no_individual_number_is_noted():
    refused = check(told(S.AMENDED, words=f"番号 {with_check_digit('12345678901')}"), CARD)
    assert (refused.reason, refused.field) == (Reason.INDIVIDUAL_NUMBER_NOT_USED, "words")


def shown(expires_on, *holders, day=DAY):
    return check_number_card(expires_on, holders, day, _NOTICE, "card_expires_on")


@pytest.mark.requirement("R-013")
def test_a_card_is_taken_by_its_face_unless_the_register_knows_better():
    assert shown(UNTIL, ()) is None, "nothing is known of this person's cards"
    assert shown(UNTIL, stand(CARD)) is None
    assert shown(DAY, ()) is None
    for refused, reason in (
        (shown(None, ()), Reason.FIELD_MISSING),
        (shown(DAY - timedelta(days=1), ()), Reason.CARD_EXPIRED),
        (shown(UNTIL, stand(CARD, told(S.SUSPENDED))), Reason.CARD_SUSPENDED),
        (shown(UNTIL, stand(CARD, told(S.VOIDED))), Reason.CARD_VOID),
        (shown(UNTIL, stand(CARD, told(S.RETURNED))), Reason.CARD_RETURNED),
        (shown(UNTIL, stand(CARD, told(S.RETURNED), told(S.DISPOSED))), Reason.CARD_RETURNED),
        # Stopped before the register knew until when it stands: of one person it can only be this one.
        (shown(UNTIL, stand(told(S.SUSPENDED))), Reason.CARD_SUSPENDED),
    ):
        assert (refused.reason, refused.field) == (reason, "card_expires_on")


@pytest.mark.requirement("R-013")
def test_another_card_than_the_stopped_one_and_another_person_s_are_taken():
    stopped = stand(CARD, told(S.SUSPENDED))
    assert shown(date(2036, 4, 1), stopped) is None
    assert shown(UNTIL, stopped, stand(CARD)) is None
    assert shown(UNTIL, stopped, ()).reason is Reason.CARD_SUSPENDED
    assert shown(UNTIL, stand(told(S.SUSPENDED)), ()) is None
    assert shown(UNTIL, stand(told(S.RETURNED))) is None, "what was given back lies here"


def test_a_notification_card_that_came_back_or_differs_is_no_paper():
    def paper(*events, **more):
        found = stand(*events, **more)
        return check_notification_card((found,), _NOTICE, "documents")

    issued = told(S.ISSUED, date(2015, 11, 1), K.NOTIFICATION_CARD)
    assert paper(issued) is None
    assert paper() is None
    assert paper(issued, told(S.RETURNED, kind=K.NOTIFICATION_CARD)).reason is Reason.CARD_RETURNED
    assert paper(issued, about=amended(current_address=THERE)).reason is Reason.CARD_VOID


def test_every_kind_has_a_rule_and_steps_of_its_own():
    assert set(CARD_RULES) == set(STEPS) == set(CardKind)
