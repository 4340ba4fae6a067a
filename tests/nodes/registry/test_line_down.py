"""The counter while its CS does not answer: each affair goes on, or waits in one list and is finished later."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.nodes.registry.conftest import AT_COUNTER, DAY, HERE, code
from tests.nodes.registry.test_certificates import ISSUER, Press, own
from tests.nodes.registry.test_programmes import change, told
from tests.nodes.registry.test_protection import OFFICER, application, arrived
from tests.nodes.registry.test_seals import register as register_seal

from daicho.faces.desks.deferral import LineDesk
from daicho.nodes.registry import certificates, corrections, deferral, disclosure, protection, residents
from daicho.nodes.registry.cards.noting import note_card
from daicho.nodes.registry.certificates import IssuedPaper
from daicho.nodes.registry.counter import EntryView, enter, verify_entry
from daicho.nodes.registry.deferral import AffairLine, AffairsWaiting, AffairView
from daicho.nodes.registry.intake import draw_codes
from daicho.nodes.registry.residents import Purpose
from daicho.nodes.watch.line import SETTLES, Line, look_at_line, upward
from daicho.rules.cards_held.events import CardCause, CardEvent, CardStep
from daicho.rules.cards_held.kinds import CardKind
from daicho.rules.certificates.request import IdentityProof
from daicho.rules.deferral.affair import AffairKind, AffairState, DeferredAffair, as_taken_on
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.names import PersonName
from daicho.rules.protection.measure import ProtectionMeasure
from daicho.rules.register.birth import BirthEntry
from daicho.rules.register.correction import Correction
from daicho.rules.register.death import DeathEntry
from daicho.rules.register.lookup import ResidentTerms
from daicho.rules.register.move_in import MoveInFromAbroad
from daicho.rules.register.move_out import MoveOutNotice
from daicho.rules.register.move_within import MoveWithinNotice
from daicho.rules.register.name_change import NameCause, NameChangeEntry
from daicho.store import code_stock
from daicho.wire.http import WireRefused, WireUnavailable

WHY = Purpose("異動届の受付", "法22条", "t1")


class Silence:
    """A line at whose end nobody answers."""

    def call(self, _operation, to, *_given, **_more):
        raise WireUnavailable(str(to.name))


class Refusing:
    """A CS that answers, and refuses."""

    def call(self, *_given, **_more):
        raise WireRefused(403, "NOT_PERMITTED")


@pytest.fixture
def cut(counter):
    counter.node.wire.post = Silence()
    return counter


@pytest.fixture
def family(cut, move_in, comer):
    return arrived(cut, move_in(comer(1), comer(2, "妻"), comer(3, "子")))


def born(comer):
    return replace(comer(9, "子"), birth_date=PartialDate(DAY.year, DAY.month, DAY.day))


def stands(counter, notice, reception=None):
    entered = enter(counter.node, counter.clerk, notice, draw_codes=counter.draw, reception=reception)
    assert isinstance(entered, EntryView), entered
    assert isinstance(verify_entry(counter.node, counter.checker, entered.entry_id), EntryView)


def test_every_change_is_entered_verified_and_its_letter_waits(cut, family, move_in, comer):
    who = [one.addressee_number for one in family]
    permit = corrections.permit_correction(cut.node, cut.officer, who[0], "字の誤り")
    before = len(cut.letters)
    changes = [
        (move_in(comer(7)), AT_COUNTER),
        (MoveInFromAbroad((comer(8),), HERE, DAY, DAY, "カナダ"), AT_COUNTER),
        (MoveWithinNotice((who[2],), replace(HERE, block="9番9号"), DAY, DAY), AT_COUNTER),
        (BirthEntry(born(comer), family[0].household_number, DAY, DAY), None),
        (
            NameChangeEntry(
                who[1], PersonName("来訪　改", "ライホウ　カイ"), NameCause.NAME_CHANGED, DAY, DAY
            ),
            AT_COUNTER,
        ),
        (
            Correction(who[0], DAY, permit.permit_id, "誤記", minor=True, registered_domicile="北海道函館市"),
            None,
        ),
        (
            MoveOutNotice((who[1],), DAY + timedelta(days=5), DAY, "北海道函館市", MunicipalityCode("01202")),
            AT_COUNTER,
        ),
        (DeathEntry(who[2], DAY, DAY), None),
    ]
    for notice, reception in changes:
        stands(cut, notice, reception)
    assert len(cut.letters) >= before + 5, "what the CS does not keep is not told"


def test_people_are_found_shown_and_read_as_of_a_day(cut, family):
    terms = ResidentTerms(kana="ライホウ", birth_date=PartialDate(1990, 1, 2))
    found = residents.search_residents(cut.node, cut.clerk, terms, WHY)
    assert len(found.records) == 3
    view = residents.resident_view(cut.node, cut.clerk, family[0].addressee_number, WHY)
    assert len(view.household) == 3


def test_papers_seals_items_and_protection_need_nobody_else(cut, family):
    request = own(family[0])
    paper = certificates.issue(
        cut.node, cut.clerk, request, family[0].addressee_number, WHY, issuer=ISSUER, set_paper=Press()
    )
    assert isinstance(paper, IssuedPaper), paper
    register_seal(cut, family[0])
    assert not isinstance(change(cut, family[0], told()), Refusal)
    measure = protection.apply_for_protection(cut.node, OFFICER, application(family[1]))
    assert isinstance(measure, ProtectionMeasure)


@pytest.mark.requirement("R-047")
def test_codes_are_drawn_from_the_stock_until_it_is_empty(cut, family, comer):
    birth = BirthEntry(born(comer), family[0].household_number, DAY, DAY)
    with cut.node.store.unit() as unit:
        code_stock.add_to_stock(unit, [str(code(77))])
    entered = enter(cut.node, cut.clerk, birth, draw_codes=draw_codes)
    assert isinstance(entered, EntryView), entered
    verify_entry(cut.node, cut.checker, entered.entry_id)
    again = enter(cut.node, cut.clerk, birth, draw_codes=draw_codes)
    assert (again.reason, again.field) == (Reason.CODE_MISSING, "resident_record_code")


@pytest.mark.parametrize("line", [Silence(), Refusing()])
def test_a_disclosure_alone_is_refused_and_nothing_is_handed_out(cut, family, line):
    cut.node.wire.post = line
    done = disclosure.hand_out(
        cut.node, cut.clerk, family[0].addressee_number, purpose="開示", basis="法30条の32", terminal="t1"
    )
    assert isinstance(done, Refusal)
    assert done.reason is Reason.NODE_UNREACHABLE
    assert "disclosure:code:handed_out" not in {event for event, _, _ in cut.lines()}


def put_off(counter, affair, operator=None):
    return deferral.put_off(counter.node, operator or counter.clerk, affair, terminal="t1")


def taken(counter, affair):
    done = put_off(counter, affair)
    assert isinstance(done, AffairLine), done
    return done.affair_id


def listed(counter, operator=None):
    found = deferral.waiting(counter.node, operator or counter.clerk)
    assert isinstance(found, AffairsWaiting), found
    return found.lines


def disclosure_of(record):
    return DeferredAffair(
        AffairKind.DISCLOSURE, addressee_number=record.addressee_number, purpose="開示", basis="法30条の32",
        proof=IdentityProof.PHOTO,
    )  # fmt: skip


def test_an_affair_is_taken_listed_opened_and_finished_with_lines(cut, family):
    affair_id = taken(cut, disclosure_of(family[0]))
    (line,) = listed(cut)
    assert (line.affair_id, line.kind, line.taken_by) == (affair_id, AffairKind.DISCLOSURE, "clerk01")
    view = deferral.open_affair(cut.node, cut.both, affair_id, terminal="t2")
    assert isinstance(view, AffairView)
    assert (view.name, view.state) == (family[0].name.kanji, AffairState.WAITING)
    done = deferral.finish(
        cut.node, cut.both, affair_id, AffairState.FINISHED, "確認コードを渡した", terminal="t2"
    )
    assert done is None
    assert listed(cut) == ()
    again = deferral.finish(cut.node, cut.both, affair_id, AffairState.WITHDRAWN, "もう一度", terminal="t2")
    assert again.reason is Reason.NOT_PENDING
    subject = str(family[0].resident_record_code)
    assert [line for line in cut.lines() if line[0].startswith("deferral:")] == [
        ("deferral:affair:taken", "clerk01", subject),
        ("deferral:affair:shown", "both01", subject),
        ("deferral:affair:closed", "both01", subject),
    ]


def test_what_was_taken_first_stands_first(cut):
    first = taken(cut, DeferredAffair(AffairKind.OTHER, "一"))
    cut.node.clock.move(timedelta(minutes=1))
    second = taken(cut, DeferredAffair(AffairKind.OTHER, "二"))
    assert [one.affair_id for one in listed(cut)] == [first, second]


def test_a_form_comes_back_as_it_was_filled_in_with_its_day(cut):
    form = as_taken_on({"town": "架空町一丁目", "p1-kanji": "新　生", "notified_on": ""}, DAY)
    affair_id = taken(cut, DeferredAffair(AffairKind.WITHOUT_CODE, page="/move-in-from-abroad", form=form))
    cut.node.clock.move(timedelta(days=3))
    view = deferral.open_affair(cut.node, cut.clerk, affair_id, terminal="t1")
    assert view.affair.fields == {"town": "架空町一丁目", "p1-kanji": "新　生", "notified_on": "2026-11-20"}
    deferral.finish(cut.node, cut.clerk, affair_id, AffairState.FINISHED, "入力した", terminal="t1")
    with cut.node.store.unit() as unit:
        (body,) = unit.execute("select body::text from register.deferred_affair").fetchone()
    assert "新　生" not in body
    assert "架空町" not in body, "a finished affair keeps nothing of anybody"


def test_nobody_takes_or_opens_what_a_measure_keeps_back(cut, family):
    affair_id = taken(cut, disclosure_of(family[1]))
    protection.apply_for_protection(cut.node, OFFICER, application(family[1]))
    for done in (
        put_off(cut, disclosure_of(family[1])),
        deferral.open_affair(cut.node, cut.clerk, affair_id, terminal="t1"),
        deferral.finish(cut.node, cut.clerk, affair_id, AffairState.FINISHED, "渡した", terminal="t1"),
    ):
        assert isinstance(done, Refusal)
        assert done.reason is Reason.PROTECTED
    assert [one.affair_id for one in listed(cut)] == [affair_id], "the list says nothing of anybody"
    assert isinstance(deferral.open_affair(cut.node, OFFICER, affair_id, terminal="t1"), AffairView)


def form_of(household, town="架空町一丁目"):
    return DeferredAffair(
        AffairKind.WITHOUT_CODE, page="/move-in-from-abroad", household=household,
        form=as_taken_on({"town": town, "household": str(household or ""), "notified_on": ""}, DAY),
    )  # fmt: skip


def lines_kept_back(counter):
    return [line[1:] for line in counter.lines() if line[0] == Event.PROTECTED_KEPT_BACK.value]


def test_a_form_that_names_a_protected_household_is_kept_from_whoever_may_not_learn_it(cut, family):
    """住民基本台帳事務処理要領6の10: whoever comes into a victim's household has the victim's address in the form."""
    affair_id = taken(cut, form_of(family[1].household_number))
    protection.apply_for_protection(cut.node, OFFICER, application(family[1]))
    for done in (
        put_off(cut, form_of(family[1].household_number)),
        deferral.open_affair(cut.node, cut.clerk, affair_id, terminal="t1"),
        deferral.finish(cut.node, cut.clerk, affair_id, AffairState.FINISHED, "入力した", terminal="t1"),
        deferral.put_off(cut.node, cut.clerk, form_of(None), terminal="t1", affair_id=affair_id),
    ):
        assert isinstance(done, Refusal)
        assert done.reason is Reason.PROTECTED
    assert ("clerk01", str(family[1].resident_record_code)) in lines_kept_back(cut)
    assert isinstance(deferral.open_affair(cut.node, OFFICER, affair_id, terminal="t1"), AffairView)


def test_what_an_officer_of_protection_takes_of_a_newcomer_opens_for_such_officers_alone(cut, family):
    """An address may stand in it without a household number."""
    done = put_off(cut, form_of(None), OFFICER)
    assert isinstance(done, AffairLine)
    shut = deferral.open_affair(cut.node, cut.clerk, done.affair_id, terminal="t1")
    assert shut.reason is Reason.PROTECTED
    assert lines_kept_back(cut) == [("clerk01", "")]
    again = replace(form_of(None), guarded=False)
    renewed = deferral.put_off(cut.node, OFFICER, again, terminal="t1", affair_id=done.affair_id)
    assert isinstance(renewed, AffairLine)
    assert isinstance(deferral.open_affair(cut.node, OFFICER, done.affair_id, terminal="t1"), AffairView)


def abroad(comer):
    return MoveInFromAbroad((comer(8),), HERE, DAY, DAY, "カナダ")


def entered_from(counter, comer, affair_id):
    also = deferral.closing(counter.node, counter.clerk, affair_id, "国外からの転入届の入力", terminal="t1")
    return enter(
        counter.node, counter.clerk, abroad(comer), draw_codes=counter.draw, reception=AT_COUNTER, also=also
    )


def how_many_entries(counter):
    with counter.node.store.unit() as unit:
        return unit.execute("select count(*) from register.entry").fetchone()[0]


def test_one_put_off_notice_becomes_one_entry(cut, comer):
    affair_id = taken(cut, form_of(None))
    assert isinstance(entered_from(cut, comer, affair_id), EntryView)
    assert listed(cut) == ()
    again = entered_from(cut, comer, affair_id)
    assert again.reason is Reason.NOT_PENDING
    assert how_many_entries(cut) == 1


def test_an_entry_that_does_not_stand_leaves_its_affair_waiting(cut, comer, monkeypatch):
    affair_id = taken(cut, form_of(None))

    def broken(*_given, **_more):
        raise RuntimeError("the machine stops")

    monkeypatch.setattr("daicho.nodes.registry.deferral.note_by", broken)
    with pytest.raises(RuntimeError):
        entered_from(cut, comer, affair_id)
    monkeypatch.undo()
    assert how_many_entries(cut) == 0
    assert [one.affair_id for one in listed(cut)] == [affair_id]


def test_a_form_that_is_put_off_again_is_the_same_affair(cut):
    affair_id = taken(cut, form_of(None))
    cut.node.clock.move(timedelta(minutes=5))
    again = deferral.put_off(
        cut.node, cut.clerk, form_of(None, "架空町二丁目"), terminal="t1", affair_id=affair_id
    )
    assert (again.affair_id, len(listed(cut))) == (affair_id, 1)
    view = deferral.open_affair(cut.node, cut.clerk, affair_id, terminal="t1")
    assert view.affair.fields["town"] == "架空町二丁目"
    deferral.finish(cut.node, cut.clerk, affair_id, AffairState.WITHDRAWN, "来ない", terminal="t1")
    late = deferral.put_off(cut.node, cut.clerk, form_of(None), terminal="t1", affair_id=affair_id)
    assert late.reason is Reason.NOT_PENDING


def test_two_clicks_take_one_affair_and_two_visitors_two(cut):
    affair = DeferredAffair(AffairKind.OTHER, "住民票コードの照会")
    assert taken(cut, affair) == taken(cut, affair)
    cut.node.clock.move(timedelta(minutes=1))
    taken(cut, affair)
    assert len(listed(cut)) == 2


def test_a_disclosure_is_taken_from_whoever_has_proved_who_they_are(cut, family):
    unproven = replace(disclosure_of(family[0]), proof=IdentityProof.NONE)
    assert put_off(cut, unproven).reason is Reason.IDENTITY_NOT_PROVEN


@pytest.mark.requirement("R-013")
def test_a_disclosure_is_taken_with_no_card_that_proves_nothing_any_more(cut, family):
    until = date(2034, 1, 2)
    lost = CardEvent(CardKind.NUMBER_CARD, CardStep.SUSPENDED, 1, DAY, until, cause=CardCause.LOST)
    assert note_card(cut.node, cut.clerk, family[0].addressee_number, lost, 0, WHY) is None
    by_card = replace(disclosure_of(family[0]), proof=IdentityProof.CARD)
    for day, reason in (
        (None, Reason.FIELD_MISSING), (DAY - timedelta(days=1), Reason.CARD_EXPIRED), (until, Reason.CARD_SUSPENDED),
    ):  # fmt: skip
        refused = put_off(cut, replace(by_card, card_expires_on=day))
        assert isinstance(refused, Refusal), day
        assert (refused.reason, refused.field, str(refused.article)) == (
            reason, "card_expires_on", "住民基本台帳法第30条の32",
        )  # fmt: skip
    assert listed(cut) == ()
    another = taken(cut, replace(by_card, card_expires_on=date(2036, 1, 2)))
    kept = deferral.open_affair(cut.node, cut.clerk, another, terminal="t1").affair
    assert (kept.proof, kept.card_expires_on) == (IdentityProof.CARD, date(2036, 1, 2))


def test_an_affair_of_somebody_whose_years_are_over_names_nobody(cut, family):
    affair_id = taken(cut, disclosure_of(family[2]))
    stands(cut, DeathEntry(family[2].addressee_number, DAY, DAY))
    cut.node.clock.move(timedelta(days=151 * 366))
    view = deferral.open_affair(cut.node, cut.clerk, affair_id, terminal="t1")
    assert view.name == ""
    assert put_off(cut, disclosure_of(family[2])).reason is Reason.NOT_FOUND


def test_an_answer_about_the_line_holds_for_a_moment(counter, monkeypatch):
    clock, asked = counter.node.clock, []
    monkeypatch.setattr(
        "daicho.faces.desks.deferral.look_at_line", lambda *_given: asked.append(1) or len(asked)
    )
    desk = LineDesk(counter.node, Line(clock.now))
    assert [desk.down(), desk.down()] == [1, 1]
    clock.move(timedelta(seconds=4))
    assert desk.down() == 2


def test_only_the_counter_takes_and_lists(cut, family):
    for operator in (cut.admin, cut.officer, cut.checker):
        assert put_off(cut, disclosure_of(family[0]), operator).reason is Reason.NOT_PERMITTED
        assert deferral.waiting(cut.node, operator).reason is Reason.NOT_PERMITTED
        assert deferral.open_affair(cut.node, operator, "x", terminal="").reason is Reason.NOT_PERMITTED


def test_an_affair_of_nobody_and_one_that_is_not_there_are_refused(cut):
    gone = DeferredAffair(AffairKind.DISCLOSURE, addressee_number=999, proof=IdentityProof.CARD)
    assert put_off(cut, gone).reason is Reason.NOT_FOUND
    assert deferral.open_affair(cut.node, cut.clerk, "x", terminal="").reason is Reason.NOT_FOUND
    done = deferral.finish(cut.node, cut.clerk, "x", AffairState.FINISHED, "字", terminal="")
    assert done.reason is Reason.NOT_FOUND


def test_a_line_is_down_once_it_has_been_for_a_while_and_up_at_the_first_answer(counter):
    clock = counter.node.clock
    line = Line(clock.now)
    (own_cs,) = upward(counter.node)
    name, began = str(own_cs.name), clock.now()
    line.heard(name, answered=False)
    assert look_at_line(counter.node, line) is None, "one question that is missed is no outage"
    clock.move(SETTLES)
    line.heard(name, answered=False)
    down = look_at_line(counter.node, line)
    assert (down.since, down.waiting_letters, down.oldest) == (began, 0, None)
    line.heard("cs.m01202.p01.daicho.internal", answered=False)
    line.heard(name, answered=True)
    assert look_at_line(counter.node, line) is None, "others' lines are not ours"


def test_the_letters_that_wait_are_counted(counter, monkeypatch, move_in, comer):
    monkeypatch.undo()  # letters go into the outbox
    clock, line = counter.node.clock, Line(counter.node.clock.now)
    (own_cs,) = upward(counter.node)
    arrived(counter, move_in(comer(1)))
    posted_at = clock.now()
    line.heard(str(own_cs.name), answered=False)
    clock.move(timedelta(minutes=3))
    down = look_at_line(counter.node, line)
    assert (down.waiting_letters, down.oldest) == (1, posted_at)
    assert down.to == own_cs.title
