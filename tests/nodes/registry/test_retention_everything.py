"""What is destroyed is gone everywhere: no table of the register or of the offices around it names who was destroyed."""

import json
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from tests.nodes.registry import (
    test_letters,
    test_mailed,
    test_notices,
    test_seals,
    test_surveys,
    test_till,
    test_upkeep,
)
from tests.nodes.registry.conftest import AT_COUNTER
from tests.nodes.registry.test_certificates import issue, own
from tests.nodes.registry.test_notices import THERE, act, owed, printed, to_post
from tests.nodes.registry.test_protection import OFFICER as SHIEN
from tests.nodes.registry.test_protection import application
from tests.nodes.registry.test_retention import (
    DAY,
    LAST_DAY,
    approved,
    asked,
    changed,
    done,
    family,  # noqa: F401 - a family of three
    numbers,
    proposed,
    returned,
    sees,
    settled,
    struck,
)

from daicho.nodes.registry import corrections, deferral, protection, residents, stops
from daicho.nodes.registry.bodies import case_body, number_change_body, read_case
from daicho.nodes.registry.correspondence import writing
from daicho.nodes.registry.counter import enter, entry_view, reject_entry
from daicho.nodes.registry.papers import till
from daicho.nodes.registry.supplements.telling import tell_some
from daicho.nodes.registry.surveys import running
from daicho.rules.cards_held.events import CardEvent, CardStep
from daicho.rules.cards_held.kinds import CardKind
from daicho.rules.certificates.posting import PostStep
from daicho.rules.certificates.till import FreeCause
from daicho.rules.deferral.affair import AffairKind, AffairState, DeferredAffair
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.dates import PartialDate
from daicho.rules.register.cancellation import Cancellation
from daicho.rules.register.correction import Correction
from daicho.rules.register.ex_officio import ExOfficioStrike, Restoration
from daicho.rules.register.move_within import MoveWithinNotice
from daicho.rules.register.numbering import LeakGround, NumberChange
from daicho.rules.register.processing import ProcessingStop, StopCause, StopKind
from daicho.rules.register.reasons import ChangeKind, ChangeReason, Ground
from daicho.rules.retention.disposal import DisposalCount, DisposalKind
from daicho.rules.upkeep.case import CaseKind, CaseOutcome, LinkedEntry
from daicho.rules.upkeep.regular import HouseholdFinding, SurveyResult
from daicho.store import cards_held, forwarding, hall_feed, number_changes, number_notices, register
from daicho.store import upkeep as cases
from daicho.wire.codecs.letters import encode

KIND = DisposalKind.REMOVED_RECORD
FIRST_NUMBER = 987_654_321
NOTICE = '{"name": "%s", "resident_record_code": "%s"}'
_EVERY_TABLE = """
select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema', 'ledger', 'mailbox') order by 1
"""


@pytest.fixture(autouse=True)
def _numbers_that_nothing_else_has(counter, request):
    with counter.node.store.unit() as unit:
        unit.execute("select setval('register.addressee_seq', %s, false)", (FIRST_NUMBER,))
    request.getfixturevalue("family")


def letters_of(counter, people):
    """Have papers of somebody posted, waived, put on sheets and owed, and dropped."""
    test_till.received(counter)
    paper = issue(counter, own(people[0]), people[0])
    assert (
        till.waive_fee(counter.node, counter.clerk, paper.number, FreeCause.REDUCED, "来訪さんの減免") is None
    )
    assert test_till.noted(counter, "A0000001", paper.number) is None
    everybody = tuple(one.addressee_number for one in people)
    test_notices.changed(counter, MoveWithinNotice(everybody, THERE, DAY, DAY), reception=test_notices.AGENT)
    assert len(owed(counter)) == len(people)
    printed(counter, owed(counter)[0])
    (waiting,) = to_post(counter)
    assert not isinstance(
        act(counter, waiting.number, PostStep.SENT, recipient=people[0].name.kanji), Refusal
    )
    case = test_upkeep.opened(counter, test_upkeep.told(people=(people[0].addressee_number,)))
    reminded = test_letters.written(counter, case, test_letters.reminder(people[:1], words="来訪さんへ"))
    assert test_letters.sent(counter, reminded.number, people[0].name.kanji) is None
    test_upkeep.did(counter, case, test_upkeep.end(CaseOutcome.NO_CHANGE))
    settled(counter)
    return paper


def affairs_of(counter, people):
    """Let somebody have an affair that is through, a permit used and one unused, a place of the feed, a seal, a measure."""
    first = people[0]
    affair = DeferredAffair(
        AffairKind.OTHER, "来訪さんの用件", "", first.addressee_number, form=(("name", first.name.kanji),)
    )
    line = deferral.put_off(counter.node, counter.clerk, affair, terminal="t1")
    assert not isinstance(line, Refusal), line
    assert (
        deferral.finish(
            counter.node, counter.clerk, line.affair_id, AffairState.FINISHED, "済", terminal="t1"
        )
        is None
    )
    for _ in range(2):
        permit = corrections.permit_correction(
            counter.node, counter.officer, first.addressee_number, f"{first.name.kanji}の生年月日"
        )
        assert not isinstance(permit, Refusal), permit
    right = Correction(
        first.addressee_number, DAY, permit.permit_id, permit.what, birth_date=PartialDate(1989, 2, 3)
    )
    changed(counter, right)
    with counter.node.store.unit() as unit:
        hall_feed.tell_of_people(unit, [one.addressee_number for one in people], DAY)
        hall_feed.place(unit, limit_rows=1_000)
        hall_feed.tell_of_people(unit, [first.addressee_number], DAY)
    test_seals.register(counter, people[1])
    asked_by_post = test_mailed.came(first)
    assert test_mailed.received(counter, asked_by_post) == "m-1"
    measure = protection.apply_for_protection(counter.node, SHIEN, application(people[1]))
    assert not isinstance(measure, Refusal), measure
    with counter.node.store.unit() as unit:
        told = forwarding.ToldTown(
            "f-1", measure.number, "01202", 1, "PROVISIONAL", "x", counter.node.clock.now()
        )
        assert forwarding.keep_told(unit, told)
        here = forwarding.ReceivedForward(
            "01202", "g-1", 1, "PROVISIONAL", counter.node.clock.now(), body="{}"
        )
        assert forwarding.keep_received(unit, here)
        forwarding.tie_received(unit, "01202", "g-1", measure.number)
    with counter.node.store.unit() as unit:
        # As if it had ended long ago: how it ends is not what is asked here.
        unit.execute("update register.protection set open = false")
    stop = ProcessingStop(StopKind.PAPERS, StopCause.OWN_WISH, first.name.kanji, first.addressee_number)
    assert stops.place_stop(counter.node, counter.clerk, "s1", stop) == "s1"
    wanted = NumberChange(first.addressee_number, LeakGround.OTHER, first.name.kanji, DAY, on_request=False)
    with counter.node.store.unit() as unit:
        row = number_changes.NumberChangeRow(
            "r1", first.addressee_number, "entered", "clerk01", counter.node.clock.now(), "",
            number_change_body(wanted),
        )  # fmt: skip
        assert number_changes.keep(unit, row)
        notice = number_notices.NumberNoticeRow(
            "o-1", first.addressee_number, None, "3", "waiting", counter.node.clock.now(), "clerk01", "k", "t1",
            first.name.kanji,
        )  # fmt: skip
        assert number_notices.keep(unit, notice)
        stated = number_notices.StatedRow(
            "s-1", first.addressee_number, False, None, "clerk01", counter.node.clock.now(), "t1", "{}"
        )
        assert number_notices.state(unit, stated)
        written = CardEvent(CardKind.NUMBER_CARD, CardStep.AMENDED, 1, DAY, words=first.name.kanji)
        card = cards_held.CardNoteRow(
            first.addressee_number, 1, "clerk01", counter.node.clock.now(), encode(written).decode()
        )
        assert cards_held.keep_note(unit, card, "t1")


def notices_of(counter, people):
    """Owe notices of the address supplement of somebody: one that waits, one that does not agree, one for the own town."""
    tell_some(counter.node)
    told = NOTICE % (people[0].name.kanji, people[0].resident_record_code)
    with counter.node.store.unit() as unit:
        unit.execute(
            "insert into register.supplement_out (id, entry_id, addressee_number, position, receiver, state, owed_on, told_on,"
            " body, differs_on) select w.id, o.entry_id, o.addressee_number, 1, '13101', w.state, o.owed_on, o.owed_on,"
            " w.body, case w.state when 'differs' then o.owed_on end"
            " from (values ('own', 'told', null::json), ('other', 'differs', %s::json)) as w (id, state, body)"
            " cross join (select * from register.supplement_out where addressee_number = %s limit 1) as o",
            (json.dumps({"items": ["NAME"], "name": people[0].name.kanji}, ensure_ascii=False),
             people[0].addressee_number),
        )  # fmt: skip
        unit.execute(
            "insert into register.supplement_in (sender, id, standing, received_on, received_at, position, protected, code,"
            " body) values ('13101', 'own', 'RESIDENT', %s, now(), 1, false, %s, %s)",
            (DAY, str(people[0].resident_record_code), told),
        )


def said_of(counter, cluster, words):
    """Name every table outside ledger and letters of which a row says one of some words."""
    name = psycopg.conninfo.conninfo_to_dict(counter.node.store.app_dsn)["dbname"]
    found = {}
    with psycopg.connect(cluster.dsn(str(name))) as admin:
        for (table,) in admin.execute(_EVERY_TABLE).fetchall():
            rows = [row[0] for row in admin.execute(f"select t::text from {table} t").fetchall()]
            said = [one for one in words if any(one in row for row in rows)]
            if said:
                found[table] = said
    return found


def words_of(people):
    return [
        word
        for one in people
        for word in (
            str(one.addressee_number), str(one.resident_record_code), one.name.kanji,
        )
    ]  # fmt: skip


@pytest.mark.requirement("R-470")
def test_no_row_of_any_table_names_who_was_destroyed(counter, family, cluster):  # noqa: F811 - the fixture
    letters_of(counter, family)
    notices_of(counter, family)
    affairs_of(counter, family)
    struck(counter, family)
    before = said_of(counter, cluster, words_of(family))
    for table in (
        "register.processing_hold", "register.number_change",
        "register.certificate", "register.owed_notice", "register.posting_step",
        "register.deferred_affair", "register.correction_permit", "hall.feed", "hall.untold", "register.seal_registration",
        "register.entry", "register.resident_version", "register.protection_person", "register.supplement_out",
        "register.supplement_in", "register.number_notice", "register.stated_destination",
    ):  # fmt: skip
        assert table in before, table
    counter.node.clock.instant = LAST_DAY + timedelta(days=1)
    view = approved(counter)
    assert view.waiting == 3
    through = done(counter, view.line.number)
    assert through.certificate.counts == (DisposalCount(KIND, 3, 3, 0, 0),)
    assert said_of(counter, cluster, [*words_of(family), "来訪"]) == {}
    assert asked(counter, "select count(*) from register.certificate") == [(0,)]
    rows = asked(counter, "select paper, disposed, closing from register.sheet")
    assert rows == [(None, True, "")], "the sheet stays counted"
    assert asked(counter, "select people from hall.feed where people is not null") == [([],)]
    assert asked(counter, "select distinct state from register.supplement_out order by 1") == [
        ("closed",),
        ("told",),
    ]


def test_a_sheet_says_one_thing_alone(counter):
    test_till.received(counter)
    nothing = "insert into register.sheet (delivery, place, noted_on, noted_by, noted_at) select number, 1, now(), 'x', now()"
    with pytest.raises(psycopg.errors.CheckViolation), counter.node.store.unit() as unit:
        unit.execute(f"{nothing} from register.sheet_delivery")


@pytest.mark.requirement("R-470")
def test_what_others_share_names_those_who_stay_alone(counter, family, cluster):  # noqa: F811 - the fixture
    """The child goes; every entry that the three shared is the parents' alone from then on, and can be read."""
    father, mother, child = family
    everybody = tuple(one.addressee_number for one in family)
    moved = changed(counter, MoveWithinNotice(everybody, THERE, DAY, DAY))
    with counter.node.store.unit() as unit:
        hall_feed.tell_of_people(unit, everybody, DAY)
        hall_feed.place(unit, limit_rows=1_000)
    struck(counter, [child])
    stay = [father.addressee_number, mother.addressee_number]
    counter.node.clock.instant = LAST_DAY + timedelta(days=1)
    view = approved(counter)
    done(counter, view.line.number)
    assert numbers(counter) == stay
    words = words_of([child])
    assert said_of(counter, cluster, words) == {}
    shown = sees(counter, mother.addressee_number)
    assert not isinstance(shown, Refusal)
    for one in shown.entries:
        told = {person.addressee_number for person in (*one.entry.before, *one.entry.after)}
        assert child.addressee_number not in told
        assert child.addressee_number not in one.entry.subjects
        assert told
        assert not isinstance(entry_view(counter.node, counter.clerk, one.entry_id), Refusal)
        again = residents.resident_entry(
            counter.node, counter.clerk, mother.addressee_number, one.entry_id, test_notices.WHY
        )
        assert not isinstance(again, Refusal)
    assert moved.entry_id in {one.entry_id for one in shown.entries}
    with counter.node.store.unit() as unit:
        (row,) = unit.execute("select people from hall.feed where people is not null").fetchall()
    assert row[0] == stay


def test_a_change_that_lost_one_of_its_people_can_still_be_undone(counter, family):  # noqa: F811 - the fixture
    *others, child = family
    struck(counter, [child])
    counter.node.clock.instant = LAST_DAY + timedelta(days=1)
    today = counter.node.clock.business_today()
    view = approved(counter)
    moved = changed(
        counter, MoveWithinNotice(tuple(one.addressee_number for one in others), THERE, today, today)
    )
    done(counter, view.line.number)
    back = changed(counter, Cancellation(moved.entry_id, today, "誤り"))
    assert {one.addressee_number for one in back.entry.after} == {one.addressee_number for one in others}


def test_an_open_affair_or_a_notice_that_is_owed_keeps_a_record(counter, family):  # noqa: F811 - the fixture
    first, second, _ = family
    affair = DeferredAffair(AffairKind.OTHER, "用件", "", first.addressee_number)
    waiting = deferral.put_off(counter.node, counter.clerk, affair, terminal="t1")
    assert not isinstance(waiting, Refusal)
    with counter.node.store.unit() as unit:
        (entry,) = unit.execute("select id from register.entry limit 1").fetchone()
        unit.execute(
            "insert into register.owed_notice (id, kind, people, entry_id, owed_at)"
            " values ('o', 'CODE_NOTICE', %s, %s, now())",
            ([second.addressee_number], entry),
        )
    # struck without the helper, which drops whatever is owed
    numbers_ = tuple(one.addressee_number for one in family)
    test_notices.changed(
        counter, ExOfficioStrike(numbers_, ChangeReason.STRUCK_OTHER, DAY, DAY, "実態調査"), reception=None
    )
    counter.node.clock.instant = LAST_DAY + timedelta(days=1)
    view = proposed(counter)
    assert (view.waiting, view.held_back) == (1, 2)


@pytest.mark.requirement("R-476")
def test_who_comes_back_when_their_record_is_over_brings_nothing_of_it(counter, family):  # noqa: F811 - the fixture
    """By the code the number is theirs again; what the old record said is in no draft, version or entry."""
    father, mother, _ = family
    struck(counter, family)
    counter.node.clock.instant = LAST_DAY + timedelta(days=1)
    today = counter.node.clock.business_today()
    wrong = Restoration((father.addressee_number,), today, "誤り")
    refused = enter(counter.node, counter.clerk, wrong, draw_codes=counter.draw)
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.NOT_FOUND
    back = returned(counter, mother)
    assert [one.addressee_number for one in back.entry.after] == [mother.addressee_number]
    assert back.entry.before == ()
    assert back.entry.after[0].update_sequence > mother.update_sequence
    shown = sees(counter, mother.addressee_number)
    assert [one.record.name.kanji for one in shown.versions] == ["来訪　9号"]
    assert [one.entry_id for one in shown.entries] == [back.entry_id]
    past = shown.versions[0].version - 1
    assert past > 0, "the old record lies there, destroyed by a run alone"
    then = residents.resident_as_of(
        counter.node, counter.clerk, mother.addressee_number, test_notices.WHY, legal_day=DAY,
        recorded_at=counter.node.clock.now(),
    )  # fmt: skip
    assert then.reason is Reason.NOT_FOUND
    for one in asked(counter, "select id from register.entry"):
        entry = residents.resident_entry(
            counter.node, counter.clerk, mother.addressee_number, one[0], test_notices.WHY
        )
        assert isinstance(entry, Refusal) is (one[0] != back.entry_id)


def test_who_was_struck_by_mistake_keeps_the_versions_of_before(counter, family):  # noqa: F811 - the fixture
    mother = family[1]
    struck(counter, [mother])
    changed(counter, Restoration((mother.addressee_number,), DAY, "誤り"))
    before = sees(counter, mother.addressee_number)
    counter.node.clock.instant = LAST_DAY + timedelta(days=1)
    after = sees(counter, mother.addressee_number)
    assert len(before.versions) == len(after.versions) == 3
    assert len(before.entries) == len(after.entries) == 3


@pytest.mark.requirement("R-476")
def test_a_change_that_was_sent_back_shows_nobody_who_is_over(counter, family):  # noqa: F811 - the fixture
    father, _, child = family
    everybody = tuple(one.addressee_number for one in family)
    moving = MoveWithinNotice(everybody, THERE, DAY, DAY)
    waiting = enter(counter.node, counter.clerk, moving, draw_codes=counter.draw, reception=AT_COUNTER)
    assert not isinstance(
        reject_entry(counter.node, counter.checker, waiting.entry_id, why="用紙と違う"), Refusal
    )
    struck(counter, [child])
    counter.node.clock.instant = LAST_DAY + timedelta(days=1)
    shown = sees(counter, father.addressee_number)
    (one,) = (one for one in shown.entries if one.state == "rejected")
    told = {person.addressee_number for person in (*one.entry.before, *one.entry.after)}
    assert told == set(everybody) - {child.addressee_number}


def test_a_case_of_two_can_be_read_when_one_of_them_was_destroyed(counter, family):  # noqa: F811 - the fixture
    father, mother, _ = family
    struck(counter, [mother])
    with counter.node.store.unit() as unit:
        (entry,) = unit.execute("select id from register.entry where kind = 'EX_OFFICIO_STRIKE'").fetchone()
    people = (father.addressee_number, mother.addressee_number)
    case = test_upkeep.opened(counter, test_upkeep.told(people=people))
    with counter.node.store.unit() as unit:
        # As if the change had been joined and the case ended long ago: how that is done is not what is asked here.
        told = replace(
            read_case(cases.upkeep_case(unit, case).body),
            entries=(LinkedEntry(entry, ChangeKind.EX_OFFICIO_STRIKE, Ground.EX_OFFICIO, "実態調査"),),
        )
        unit.execute("update register.upkeep_case set open = false, body = %s", (case_body(told),))
    counter.node.clock.instant = LAST_DAY + timedelta(days=1)
    view = approved(counter)
    done(counter, view.line.number)
    with counter.node.store.unit() as unit:
        assert register.load_entry(unit, entry) is None
    seen = test_upkeep.seen(counter, case)
    assert [one.addressee_number for one in seen.people] == [father.addressee_number]
    assert seen.joined == ()


@pytest.mark.requirement("R-470")
def test_what_a_letter_and_a_survey_say_of_a_family_goes_with_the_first_of_them(counter, family, cluster):  # noqa: F811
    """The child is destroyed: the book still says that a letter went to the parents, and the letter says nothing."""
    people = tuple(one.addressee_number for one in family)
    case = test_upkeep.opened(counter, test_upkeep.told(CaseKind.UNNOTIFIED, people=people))
    letter = test_letters.written(counter, case, test_letters.reminder(family, words="来訪さんへ"))
    assert test_letters.sent(counter, letter.number, family[0].name.kanji) is None
    test_upkeep.did(counter, case, test_upkeep.end(CaseOutcome.NO_CHANGE))
    survey = test_surveys.started(counter)
    found = HouseholdFinding(SurveyResult.NOBODY_MET, DAY, f"{family[2].name.kanji}は不在")
    test_surveys.found(counter, survey, family[0].household_number, found)
    assert running.end_survey(counter.node, counter.clerk, survey, "終了") is None
    struck(counter, [family[2]])
    counter.node.clock.instant = LAST_DAY + timedelta(days=1)
    done(counter, approved(counter).line.number)
    # A case that concerns others as well stays as it is until the last of them goes.
    assert set(said_of(counter, cluster, words_of([family[2]]))) <= {
        "register.upkeep_case",
        "register.upkeep_step",
    }
    assert asked(counter, "select number from register.certificate") == [(letter.number,)]
    assert asked(counter, "select place, words from register.survey_household") == [("", "")]
    gone = writing.letter_view(counter.node, counter.clerk, letter.number)
    assert isinstance(gone, Refusal)
    assert gone.reason is Reason.NOT_FOUND
