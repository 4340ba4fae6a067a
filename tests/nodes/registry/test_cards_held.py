"""カード等情報: noted with its history, void and due as the record says, compared with what is shown at the counter."""

from dataclasses import replace
from datetime import date, timedelta

import psycopg
import pytest
from tests.nodes.registry.conftest import AT_COUNTER, DAY
from tests.nodes.registry.test_certificates import K, Press, issue, own
from tests.nodes.registry.test_notices import THERE
from tests.nodes.registry.test_protection import OFFICER, application, arrived
from tests.nodes.registry.test_protection_of_places import rewritten
from tests.nodes.registry.test_seals import apply as apply_for_seal

from daicho.nodes.registry import protection
from daicho.nodes.registry.cards import noting
from daicho.nodes.registry.cards.holding import card_holders
from daicho.nodes.registry.cards.noting import CardsView
from daicho.nodes.registry.certificates import IssuedPaper
from daicho.nodes.registry.counter import EntryView, enter, preview, verify_entry
from daicho.nodes.registry.guarding import kept_record
from daicho.nodes.registry.hall.guide import GuideSheet, guide_after
from daicho.nodes.registry.renumbering import asking
from daicho.nodes.registry.reports import receive_number
from daicho.nodes.registry.residents import Purpose
from daicho.rules.cards_held.duties import CardDutyKind
from daicho.rules.cards_held.events import CardCause, CardEvent, CardStep
from daicho.rules.cards_held.kinds import CardKind
from daicho.rules.cards_held.standing import CardState, LapseCause
from daicho.rules.hall.guide import GuideCounter
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.codes import IndividualNumber, MunicipalityCode, with_check_digit
from daicho.rules.people.names import FormerSurname, PersonName
from daicho.rules.register.death import DeathEntry
from daicho.rules.register.move_out import MoveOutNotice
from daicho.rules.register.move_within import MoveWithinNotice
from daicho.rules.register.name_change import NameCause, NameChangeEntry
from daicho.rules.register.numbering import CodeChange, LeakGround, NumberChange
from daicho.rules.register.reasons import ChangeReason
from daicho.rules.register.reception import Document, Notifier, Reception
from daicho.rules.register.record import AddressReason, Removal
from daicho.rules.seals.visit import CounterVisit, SealProof

WHY = Purpose("カードの記録", "番号法第17条", "t1")
S, C = CardStep, CardState
GOT, UNTIL = date(2024, 5, 10), date(2034, 1, 2)  # everybody here was born on 2 January
CARD = CardEvent(CardKind.NUMBER_CARD, S.ISSUED, 1, GOT, UNTIL)


@pytest.fixture
def family(counter, move_in, comer):
    return arrived(counter, move_in(comer(1), comer(2, "妻"), comer(3, "子")))


@pytest.fixture
def woman(counter, family):
    """Give somebody who brought a card along and has handed it in."""
    assert note(counter, family[1], CARD) is None
    assert note(counter, family[1], told(S.CONTINUED)) is None
    return family[1]


def told(step, on=DAY, **more):
    if step in (S.SUSPENDED, S.VOIDED, S.RETURNED):
        more.setdefault("cause", CardCause.LOST)
    return CardEvent(CardKind.NUMBER_CARD, step, more.pop("card", 1), on, **more)


def view(counter, record, operator=None):
    return noting.cards_view(counter.node, operator or counter.clerk, record.addressee_number, WHY)


def note(counter, record, event, operator=None, seen=None):
    if seen is None:
        with counter.node.store.unit() as unit:
            row = unit.execute(
                "select count(*) from register.card_event where addressee_number = %s",
                (record.addressee_number,),
            ).fetchone()
        seen = row[0]
    return noting.note_card(
        counter.node, operator or counter.clerk, record.addressee_number, event, seen, WHY
    )


def pass_hour(counter):
    counter.node.clock.instant += timedelta(hours=1)


def state(counter, record):
    (one,) = view(counter, record).cards
    return one.state, None if one.lapse is None else one.lapse.cause


def changed(counter, notice, reception=None):
    entered = enter(counter.node, counter.clerk, notice, draw_codes=counter.draw, reception=reception)
    assert isinstance(entered, EntryView), entered
    verified = verify_entry(counter.node, counter.checker, entered.entry_id)
    assert isinstance(verified, EntryView), verified
    return verified


@pytest.mark.requirement("F1-26")
def test_what_happens_to_a_card_stands_with_its_history_and_nobody_above_is_told(counter, family):
    letters, who = len(counter.letters), family[1]
    assert view(counter, who).cards == ()
    assert note(counter, who, CARD) is None
    assert state(counter, who) == (C.CONTINUING, None)
    (duty,) = view(counter, who).due
    assert (duty.kind, duty.due_on) == (CardDutyKind.CONTINUE, date(2027, 2, 18))
    assert note(counter, who, told(S.CONTINUED)) is None
    assert note(counter, who, told(S.SUSPENDED)) is None
    assert state(counter, who) == (C.SUSPENDED, None)
    last = view(counter, who).history[0].version
    assert note(counter, who, told(S.WITHDRAWN, withdraws=last, words="別人の届")) is None
    seen = view(counter, who)
    assert [(one.event.step, one.by, one.withdrawn) for one in seen.history] == [
        (S.WITHDRAWN, "clerk01", False), (S.SUSPENDED, "clerk01", True),
        (S.CONTINUED, "clerk01", False), (S.ISSUED, "clerk01", False),
    ]  # fmt: skip
    (one,) = seen.cards
    assert (one.state, one.expires_on, seen.seen) == (C.VALID, UNTIL, 4)
    assert len(counter.letters) == letters
    subject = str(who.resident_record_code)
    lines = [line for line in counter.lines() if line[0] == "card:event:noted"]
    assert lines == [("card:event:noted", "clerk01", subject)] * 4
    assert ("card:record:shown", "clerk01", subject) in counter.lines()


def test_whoever_saw_less_than_was_noted_meanwhile_notes_nothing(counter, woman):
    for late in (0, 1, 3):
        refused = note(counter, woman, told(S.SUSPENDED), seen=late)
        assert (refused.reason, refused.field) == (Reason.CHANGED_SINCE, "seen")
    refused = note(counter, woman, told(S.RESUMED))
    assert (refused.reason, refused.field) == (Reason.NOTHING_CHANGES, "step")
    assert view(counter, woman).seen == 2


def test_the_database_lets_nobody_change_or_forget_a_note(counter, woman):
    for statement in ("update register.card_event set by = 'x'", "delete from register.card_event"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), counter.node.store.unit() as unit:
            unit.execute(statement)
    assert view(counter, woman).seen == 2


def test_who_may_note_and_who_may_look(counter, woman):
    for operator in (counter.checker, counter.officer, counter.admin):
        assert note(counter, woman, told(S.SUSPENDED), operator).reason is Reason.NOT_PERMITTED
    nobody = Purpose("", "")
    number = woman.addressee_number
    shown = noting.cards_view(counter.node, counter.clerk, number, nobody)
    noted = noting.note_card(counter.node, counter.clerk, number, told(S.SUSPENDED), 2, nobody)
    assert shown.reason is noted.reason is Reason.PURPOSE_MISSING
    assert noting.cards_view(counter.node, counter.clerk, 999, WHY).reason is Reason.NOT_FOUND


def test_of_a_protected_person_nothing_is_shown_nor_noted_and_the_attempt_leaves_a_line(counter, woman):
    measured = protection.apply_for_protection(counter.node, OFFICER, application(woman))
    assert not isinstance(measured, Refusal)
    before = [line for line in counter.lines() if line[0] == "protection:record:kept_back"]
    assert view(counter, woman).reason is Reason.PROTECTED
    assert note(counter, woman, told(S.SUSPENDED)).reason is Reason.PROTECTED
    assert noting.cards_beside(counter.node, counter.clerk, woman.addressee_number) is None
    after = [line for line in counter.lines() if line[0] == "protection:record:kept_back"]
    assert len(after) == len(before) + 2
    assert isinstance(view(counter, woman, OFFICER), CardsView)


@pytest.mark.requirement("F1-26")
def test_a_card_follows_the_record_of_its_holder(counter, woman, family):
    number = woman.addressee_number
    everybody = tuple(one.addressee_number for one in family)
    pass_hour(counter)
    changed(counter, MoveWithinNotice(everybody, THERE, DAY, DAY), AT_COUNTER)
    (duty,) = view(counter, woman).due
    assert (duty.kind, duty.due_on) == (CardDutyKind.AMEND, date(2026, 12, 4))
    pass_hour(counter)
    assert note(counter, woman, told(S.AMENDED)) is None
    assert view(counter, woman).due == ()
    pass_hour(counter)
    name = PersonName(kanji="改名　花子", furigana="カイメイ　ハナコ")
    changed(counter, NameChangeEntry(number, name, NameCause.MARRIAGE, DAY, DAY))
    assert [one.kind for one in view(counter, woman).due] == [CardDutyKind.AMEND], (
        "recorded after it was written"
    )
    changed(counter, DeathEntry(number, DAY, DAY))
    assert state(counter, woman) == (C.LAPSED, LapseCause.DEATH)
    assert [one.kind for one in view(counter, woman).due] == [CardDutyKind.RETURN]
    assert note(counter, woman, told(S.RETURNED, cause=CardCause.DUTY)) is None
    assert view(counter, woman).due == ()


def test_another_code_and_another_number_void_a_card(counter, family):
    early = replace(CARD, on=date(2026, 11, 12), expires_on=date(2036, 1, 2))
    for record in family[:2]:
        assert note(counter, record, early) is None
    changed(counter, CodeChange(family[0].addressee_number, DAY, on_request=True), AT_COUNTER)
    assert state(counter, family[0]) == (C.LAPSED, LapseCause.CODE_CHANGED)
    number_of(counter, family[1], "1")
    assert state(counter, family[1]) == (C.VALID, None), "the first number is no other one"
    number_of(counter, family[1], "2", ChangeReason.NUMBER_CHANGED_ON_REQUEST)
    assert state(counter, family[1]) == (C.LAPSED, LapseCause.NUMBER_CHANGED)


def number_of(counter, record, first, reason=ChangeReason.NUMBER_ENTERED):
    number = IndividualNumber(with_check_digit(f"{first}2345678901"))
    with counter.node.store.unit() as unit:
        peer = "cs.m13101.p13.daicho.internal"
        assert receive_number(
            unit, counter.node, record.resident_record_code, number, peer=peer, reason=reason
        )


def shown(counter, record, expires_on, **more):
    """Try a moving out, handed in by somebody who shows a number card."""
    reception = replace(AT_COUNTER, card_expires_on=expires_on, **more)
    return preview(counter.node, counter.clerk, leaving(record), draw_codes=counter.draw, reception=reception)


def leaving(record):
    return MoveOutNotice((record.addressee_number,), DAY, DAY, "転出先", MunicipalityCode("01202"))


@pytest.mark.requirement("R-013", "R-040")
def test_a_card_that_proves_nothing_any_more_is_refused_with_its_field(counter, woman):
    assert not isinstance(shown(counter, woman, UNTIL), Refusal)
    for day, reason in ((None, Reason.FIELD_MISSING), (DAY - timedelta(days=1), Reason.CARD_EXPIRED)):
        refused = shown(counter, woman, day)
        assert (refused.reason, refused.field, str(refused.article)) == (
            reason, "card_expires_on", "住民基本台帳法第27条",
        )  # fmt: skip
    assert note(counter, woman, told(S.SUSPENDED)) is None
    assert shown(counter, woman, UNTIL).reason is Reason.CARD_SUSPENDED
    assert not isinstance(shown(counter, woman, date(2036, 1, 2)), Refusal), "a card not noted yet"
    passport = replace(AT_COUNTER, documents=(Document.PASSPORT,), card_expires_on=None)
    notice = leaving(woman)
    assert not isinstance(
        preview(counter.node, counter.clerk, notice, draw_codes=counter.draw, reception=passport), Refusal
    )
    assert note(counter, woman, told(S.RETURNED)) is None
    assert shown(counter, woman, UNTIL).reason is Reason.CARD_RETURNED
    assert enter(
        counter.node, counter.clerk, notice, draw_codes=counter.draw, reception=replace(AT_COUNTER, card_expires_on=UNTIL)
    ).reason is Reason.CARD_RETURNED  # fmt: skip


@pytest.mark.requirement("R-013")
def test_whose_card_it_is_follows_from_who_came(counter, family):
    head, wife, child = family
    for one in (head, wife):
        assert note(counter, one, told(S.SUSPENDED, expires_on=UNTIL)) is None
    reasons = {
        Notifier.HOUSEHOLDER: Reason.CARD_SUSPENDED,
        Notifier.SAME_HOUSEHOLD: Reason.CARD_SUSPENDED,
        Notifier.SELF: None,  # the child's own card is not known
    }
    for notifier, reason in reasons.items():
        name = wife.name.kanji if notifier is Notifier.SAME_HOUSEHOLD else ""
        found = shown(counter, child, UNTIL, notifier=notifier, name=name)
        assert (found.reason if isinstance(found, Refusal) else None) is reason, notifier
    # Neither the child's card nor that of somebody of whom the register knows nothing is the stopped one of another.
    for name in (child.name.kanji, "架空　花子"):
        itself = shown(counter, child, UNTIL, notifier=Notifier.SAME_HOUSEHOLD, name=name)
        assert not isinstance(itself, Refusal), name


@pytest.mark.requirement("R-013")
def test_a_card_is_found_by_every_spelling_of_its_holder_s_name(counter, family):
    names = {
        "alias": "通称\U000e0100　四郎",
        "roman": "RAIHO HANAKO",
        "former_surname": FormerSurname("旧架空", "キュウカクウ"),
    }
    wife = rewritten(counter, family[1], name=replace(family[1].name, **names))
    assert note(counter, wife, told(S.SUSPENDED, expires_on=UNTIL)) is None
    given = wife.name.kanji.partition("　")[2]
    for name in (wife.name.kanji, "通称四郎", "Raiho Hanako", f"旧架空　{given}"):
        refused = shown(counter, family[2], UNTIL, notifier=Notifier.SAME_HOUSEHOLD, name=name)
        assert isinstance(refused, Refusal), name
        assert refused.reason is Reason.CARD_SUSPENDED


@pytest.mark.requirement("R-013")
def test_a_request_for_another_number_and_a_certificate_ask_for_the_card_as_well(counter, woman):
    number_of(counter, woman, "1")
    assert note(counter, woman, told(S.VOIDED)) is None
    bad = Reception(Notifier.SELF, (Document.NUMBER_CARD,), card_expires_on=UNTIL)
    asked = NumberChange(woman.addressee_number, LeakGround.CARD_STOLEN, "盗難", DAY, on_request=True, reception=bad)  # fmt: skip
    assert asking.enter_number_change(counter.node, counter.clerk, "r1", asked).reason is Reason.CARD_VOID
    press = Press()
    for day, reason in (
        (UNTIL, Reason.CARD_VOID), (None, Reason.FIELD_MISSING), (date(2020, 1, 2), Reason.CARD_EXPIRED),
    ):  # fmt: skip
        refused = issue(counter, own(woman, K.PERSONAL_COPY, card_expires_on=day), woman, press)
        assert (refused.reason, refused.field) == (reason, "card_expires_on")
        assert counter.lines()[-1][0] == "certificate:paper:refused"
    good = own(woman, K.PERSONAL_COPY, card_expires_on=date(2036, 1, 2))
    assert isinstance(issue(counter, good, woman, press), IssuedPaper)


@pytest.mark.requirement("R-013")
def test_an_application_for_a_seal_asks_for_the_card_and_keeps_no_print_of_a_refused_one(counter, woman):
    assert note(counter, woman, told(S.SUSPENDED)) is None
    card = CounterVisit(proof=SealProof.CARD, card_expires_on=UNTIL)
    refused = apply_for_seal(counter, woman, visit=card)
    assert (refused.reason, refused.field) == (Reason.CARD_SUSPENDED, "card_expires_on")
    with counter.node.store.unit() as unit:
        assert unit.execute("select count(*) from register.seal_image").fetchone() == (0,)
    other = replace(card, card_expires_on=date(2036, 1, 2))
    assert not isinstance(apply_for_seal(counter, woman, visit=other), Refusal)


def test_the_sheet_of_next_steps_is_certain_of_whose_card_is_known(counter, woman, family):
    verified = changed(
        counter, MoveWithinNotice(tuple(one.addressee_number for one in family), THERE, DAY, DAY), AT_COUNTER
    )
    sheet = guide_after(counter.node, counter.clerk, woman.addressee_number, verified.entry_id, WHY)
    assert isinstance(sheet, GuideSheet)
    cards = [one for one in sheet.visits if one.counter is GuideCounter.NUMBER_CARD]
    others = tuple(one.addressee_number for one in family if one != woman)
    assert [(one.people, one.certain) for one in cards] == [
        ((woman.addressee_number,), True), (others, False),
    ]  # fmt: skip


def test_nobody_is_sent_to_a_desk_with_a_card_that_was_lost(counter, woman):
    def holders():
        with counter.node.store.unit() as unit:
            return card_holders(unit, counter.node, [woman])

    number = frozenset((woman.addressee_number,))
    assert holders() == number
    assert note(counter, woman, told(S.SUSPENDED)) is None
    assert holders() == number
    assert note(counter, woman, told(S.VOIDED)) is None
    assert (view(counter, woman).due, holders()) == ((), frozenset())


@pytest.mark.requirement("F1-26")
def test_a_void_card_does_not_come_back_with_its_holder(counter, woman):
    with counter.node.store.unit() as unit:
        record = kept_record(unit, counter.node, woman.addressee_number)
    rewritten(counter, record, removal=Removal(ChangeReason.MOVE_OUT_ABROAD, DAY, DAY))
    pass_hour(counter)
    rewritten(counter, record, address_reason=AddressReason.MOVE_IN_FROM_ABROAD, resident_since=DAY)
    assert state(counter, woman) == (C.LAPSED, LapseCause.ABROAD)
    assert shown(counter, woman, UNTIL).reason is Reason.CARD_VOID
