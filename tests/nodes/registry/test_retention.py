"""保存期間・廃棄 over a real register: what is over is there for nobody, and goes by two people's word alone."""

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest
from tests.nodes.registry.conftest import AT_COUNTER, HERE, person
from tests.nodes.registry.test_protection import LOOK, application, arrived
from tests.nodes.registry.test_protection import OFFICER as SHIEN

from daicho.nodes.auditor.disposals import audit_disposals
from daicho.nodes.auditor.findings import Fault
from daicho.nodes.chronicle import note
from daicho.nodes.registry import corrections, protection, residents
from daicho.nodes.registry.counter import EntryView, enter, verify_entry
from daicho.nodes.registry.papers import notices
from daicho.nodes.retention import boxes, holds, listing, overview, runs
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.law.retention import REMOVED_RECORDS, last_day_kept
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Role
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.register.ex_officio import ExOfficioStrike, Restoration
from daicho.rules.register.lookup import ResidentTerms
from daicho.rules.register.move_in import MoveInNotice
from daicho.rules.register.reasons import ChangeReason
from daicho.rules.retention.box import DisposalWay, PaperBox, PaperDisposal, PaperKind
from daicho.rules.retention.disposal import DisposalCount, DisposalKind, HoldReason, RunState
from daicho.store import audit, ledger, register
from daicho.store import retention as store

DAY = date(2026, 11, 20)
RECORDS = Operator("bunsho01", "b1", (Role.RECORDS_OFFICER,))
SECURITY = Operator("sekinin01", "s1", (Role.SECURITY_OFFICER,))
BOTH = Operator("both02", "b2", (Role.RECORDS_OFFICER, Role.SECURITY_OFFICER))
KIND = DisposalKind.REMOVED_RECORD
LAST_DAY = datetime(2176, 11, 20, 1, 0, tzinfo=UTC)


def reason(answer):
    return answer.reason if isinstance(answer, Refusal) else answer


@pytest.fixture
def family(counter, move_in, comer):
    people = arrived(counter, move_in(comer(1), comer(2, "妻"), comer(3, "子")))
    settled(counter)
    return people


def settled(counter):
    """Drop every notice that is owed: what is owed to somebody is an affair that is open."""
    for line in notices.owed_notices(counter.node, counter.clerk).lines:
        assert notices.drop_notice(counter.node, counter.clerk, line.notice_id, "済") is None


def changed(counter, notice):
    view = enter(counter.node, counter.clerk, notice, draw_codes=counter.draw, reception=AT_COUNTER)
    assert isinstance(view, EntryView), view
    verified = verify_entry(counter.node, counter.checker, view.entry_id)
    assert isinstance(verified, EntryView), verified
    settled(counter)
    return verified


def struck(counter, people):
    numbers = tuple(one.addressee_number for one in people)
    changed(counter, ExOfficioStrike(numbers, ChangeReason.STRUCK_OTHER, DAY, DAY, "実態調査"))


@pytest.fixture
def gone(counter, family):
    """A family that was struck 150 years and a day ago."""
    struck(counter, family)
    counter.node.clock.instant = LAST_DAY + timedelta(days=1)
    return family


def proposed(counter):
    view = runs.propose_run(counter.node, RECORDS)
    assert isinstance(view, runs.RunView), view
    return view


def approved(counter):
    view = proposed(counter)
    decided = runs.decide_run(counter.node, SECURITY, view.line.number, view.digest, accept=True)
    assert isinstance(decided, runs.RunView), decided
    return decided


def done(counter, number):
    view = runs.carry_out(counter.node, RECORDS, number)
    assert isinstance(view, runs.RunView), view
    return view


def asked(counter, statement, *values):
    with counter.node.store.unit() as unit:
        return unit.execute(statement, values).fetchall()


def numbers(counter):
    return [row[0] for row in asked(counter, "select addressee_number from register.resident order by 1")]


def sees(counter, number):
    return residents.resident_view(counter.node, counter.clerk, number, LOOK)


@pytest.mark.requirement("R-476")
def test_a_removed_record_is_there_on_its_last_day_and_for_nobody_on_the_next(counter, family):
    struck(counter, family)
    number, node = family[0].addressee_number, counter.node
    terms = ResidentTerms(kanji="来訪", birth_date=family[0].birth_date, include_removed=True)
    alone = ResidentTerms(addressee_number=number)
    node.clock.instant = LAST_DAY
    assert not isinstance(sees(counter, number), Refusal)
    assert len(residents.search_residents(node, counter.clerk, terms, LOOK).records) == 3
    node.clock.move(timedelta(days=1))
    assert residents.search_residents(node, counter.clerk, terms, LOOK).records == ()
    assert residents.search_residents(node, counter.clerk, alone, LOOK).records == ()
    assert reason(sees(counter, number)) is Reason.NOT_FOUND
    past = residents.resident_as_of(
        node, counter.clerk, number, LOOK, legal_day=DAY, recorded_at=node.clock.now()
    )
    assert reason(past) is Reason.NOT_FOUND
    permit = corrections.permit_correction(node, counter.officer, number, "氏名")
    assert reason(permit) is Reason.NOT_FOUND
    assert numbers(counter) == [one.addressee_number for one in family], "and lies there as before"


@pytest.mark.requirement("R-470", "R-305")
def test_two_people_destroy_what_is_over_and_prove_it(counter, gone):
    (due,) = overview.retention_overview(counter.node, RECORDS).due
    assert (due.over, due.more, due.oldest) == (3, False, LAST_DAY.date())
    view = approved(counter)
    assert view.waiting == 3
    assert numbers(counter) == [one.addressee_number for one in gone], "a word destroys nothing"
    through = done(counter, view.line.number)
    assert numbers(counter) == []
    certificate = through.certificate
    assert certificate.counts == (DisposalCount(KIND, 3, 3, 0, 0),)
    assert certificate.listed_digest == certificate.erased_digest == view.digest
    assert (certificate.proposed_by, certificate.approved_by) == ("bunsho01", "sekinin01")
    again = runs.run_view(counter.node, SECURITY, view.line.number)
    assert again.certificate == certificate
    codes = [str(one.resident_record_code) for one in gone]
    lines = [line for line in counter.lines() if line[0] == Event.RECORD_DISPOSED.value]
    assert sorted(subject for _, _, subject in lines) == sorted(codes)
    assert asked(counter, "select count(*) from retention.item") == [(0,)]


def test_nothing_of_the_people_is_left_in_any_table_but_the_ledgers(counter, gone):
    view = approved(counter)
    done(counter, view.line.number)
    assert asked(counter, "select count(*) from register.resident_version") == [(0,)]
    assert asked(counter, "select count(*) from register.entry_person") == [(0,)]
    rows = asked(counter, "select body::text, seen::text, disposed from register.entry")
    assert set(rows) == {("{}", "{}", True)}
    with counter.node.store.unit() as unit:
        assert audit.entries_and_lines_alone(unit, Event.CHANGE_VERIFIED.value) == (0, 0)
        (row,) = unit.execute("select id from register.entry limit 1").fetchall()
        assert register.load_entry(unit, row[0]) is None


def test_what_concerns_somebody_who_lives_here_stays_until_they_go(counter, family):
    father, *others = family
    left = tuple(one.addressee_number for one in others)
    changed(counter, ExOfficioStrike(left, ChangeReason.STRUCK_OTHER, DAY, DAY, "実態調査"))
    counter.node.clock.instant = LAST_DAY + timedelta(days=1)
    over = sees(counter, father.addressee_number)
    assert not isinstance(over, Refusal)
    for one in over.entries:
        told = {person.addressee_number for person in (*one.entry.before, *one.entry.after)}
        assert told <= {father.addressee_number}, "who is over is not shown beside who lives here"
    view = approved(counter)
    done(counter, view.line.number)
    assert numbers(counter) == [father.addressee_number]
    shown = sees(counter, father.addressee_number)
    assert not isinstance(shown, Refusal)
    (entry,) = shown.entries
    assert [one.addressee_number for one in entry.entry.after] == [father.addressee_number]
    assert asked(counter, "select count(*) from register.entry where disposed") == [(1,)]


@pytest.mark.requirement("R-470")
def test_nobody_decides_alone_and_nobody_about_another_list(counter, gone):
    view = runs.propose_run(counter.node, BOTH)
    number, digest = view.line.number, view.digest
    node = counter.node
    assert reason(runs.decide_run(node, BOTH, number, digest, accept=True)) is Reason.SAME_PERSON
    assert reason(runs.decide_run(node, RECORDS, number, digest, accept=True)) is Reason.NOT_PERMITTED
    assert reason(runs.decide_run(node, SECURITY, number, "0" * 64, accept=True)) is Reason.LIST_DIFFERS
    assert reason(runs.carry_out(node, RECORDS, number)) is Reason.NOT_PENDING
    assert reason(runs.carry_out(node, counter.clerk, number)) is Reason.NOT_PERMITTED
    assert reason(runs.propose_run(node, RECORDS)) is Reason.RUN_OPEN
    assert reason(runs.propose_run(node, SECURITY)) is Reason.NOT_PERMITTED
    assert isinstance(runs.decide_run(node, SECURITY, number, digest, accept=False), runs.RunView)
    assert reason(runs.decide_run(node, SECURITY, number, digest, accept=True)) is Reason.NOT_PENDING
    assert reason(runs.carry_out(node, RECORDS, number)) is Reason.NOT_PENDING
    assert len(numbers(counter)) == 3
    assert isinstance(runs.propose_run(node, RECORDS), runs.RunView), "and may be proposed again"


def test_nothing_is_due_while_everything_is_kept(counter, family):
    struck(counter, family)
    counter.node.clock.instant = LAST_DAY
    assert reason(runs.propose_run(counter.node, RECORDS)) is Reason.NOTHING_DUE
    assert overview.retention_overview(counter.node, RECORDS).due[0].over == 0


def test_a_run_that_was_cut_off_goes_on_where_it_stopped_with_one_line_for_each(counter, gone, monkeypatch):
    monkeypatch.setattr(runs, "BATCH_ITEMS", 1)
    view = approved(counter)
    number, whole = view.line.number, runs.note_many
    passed = []

    class Killed(Exception):
        pass

    def killed(unit, node, facts):
        whole(unit, node, facts)
        passed.append(facts)
        if len(passed) == 2:
            raise Killed  # everything of the second batch is written, and nothing is durable

    monkeypatch.setattr(runs, "note_many", killed)
    with pytest.raises(Killed):
        runs.carry_out(counter.node, RECORDS, number)
    monkeypatch.setattr(runs, "note_many", whole)
    assert len(numbers(counter)) == 2
    half = runs.run_view(counter.node, SECURITY, number)
    assert (half.counts, half.waiting) == ((DisposalCount(KIND, 3, 1, 0, 0),), 2)
    assert half.line.state is RunState.APPROVED
    part = runs.carry_out(counter.node, SECURITY, number, batches=1)
    assert (part.waiting, part.certificate) == (1, None)
    through = done(counter, number)
    assert through.certificate.counts == (DisposalCount(KIND, 3, 3, 0, 0),)
    lines = [line for line in counter.lines() if line[0] == Event.RECORD_DISPOSED.value]
    assert len(lines) == len({subject for _, _, subject in lines}) == 3


def returned(counter, record):
    """Let somebody move in again who brings the code of before."""
    today = counter.node.clock.business_today()
    comes = person(9, resident_record_code=record.resident_record_code)
    notice = MoveInNotice((comes,), HERE, today, today, "北海道函館市", MunicipalityCode("01202"))
    return changed(counter, notice)


def test_a_record_that_lives_again_since_the_list_was_drawn_up_stays(counter, gone):
    view = approved(counter)
    back = gone[1].addressee_number
    returned(counter, gone[1])
    through = done(counter, view.line.number)
    assert through.certificate.counts == (DisposalCount(KIND, 3, 2, 0, 1),)
    assert through.certificate.erased_digest != through.certificate.listed_digest
    assert numbers(counter) == [back]
    shown = sees(counter, back)
    assert not isinstance(shown, Refusal)
    assert shown.record.living


def test_a_hold_that_was_set_after_approval_keeps_what_it_names(counter, gone):
    view = approved(counter)
    held = gone[2].addressee_number
    hold = holds.set_hold(counter.node, RECORDS, str(held), HoldReason.LITIGATION, "令和158年(行ウ)第1号")
    through = done(counter, view.line.number)
    assert through.certificate.counts == (DisposalCount(KIND, 3, 2, 1, 0),)
    assert numbers(counter) == [held]
    assert reason(sees(counter, held)) is Reason.NOT_FOUND, "it is kept, and for nobody to see"
    assert reason(runs.propose_run(counter.node, RECORDS)) is Reason.NOTHING_DUE
    assert [one.number for one in overview.retention_overview(counter.node, SECURITY).holds] == [hold]
    assert len(asked(counter, "select whose from retention.hold")) == 1
    assert holds.lift_hold(counter.node, RECORDS, hold) is None
    assert reason(holds.lift_hold(counter.node, RECORDS, hold)) is Reason.NOT_FOUND
    last = approved(counter)
    assert last.waiting == 1
    done(counter, last.line.number)
    assert asked(counter, "select whose from retention.hold") == [], "the name goes with the record"


def test_a_hold_that_is_typed_with_leading_zeros_holds_the_same_person(counter, gone):
    view = approved(counter)
    held = gone[2].addressee_number
    hold = holds.set_hold(
        counter.node, RECORDS, f"{held:015d}", HoldReason.LITIGATION, "令和158年(行ウ)第1号"
    )
    assert not isinstance(hold, Refusal)
    through = done(counter, view.line.number)
    assert through.certificate.counts == (DisposalCount(KIND, 3, 2, 1, 0),)
    assert numbers(counter) == [held]
    with pytest.raises(psycopg.errors.CheckViolation), counter.node.store.unit() as unit:
        store.keep_hold(unit, f"0{held}", "LITIGATION", "x", "bunsho01", counter.node.clock.now())
    held_line = [subject for event, _, subject in counter.lines() if event == Event.HOLD_CHANGED.value]
    assert held_line == [str(gone[2].resident_record_code)], "named as every other line about the person"


def test_a_hold_waits_for_the_batch_that_is_being_destroyed(counter, gone):
    """It holds, or it is refused because the record is gone: it is never kept for a record that went at that moment."""
    view = approved(counter)
    held = str(gone[0].addressee_number)
    answer = []
    hand = threading.Thread(
        target=lambda: answer.append(holds.set_hold(counter.node, RECORDS, held, HoldReason.AUDIT, "監査"))
    )
    with counter.node.store.unit() as unit:
        store.lock_run(unit, view.line.number)
        store.dispose(unit, view.line.number, 1, counter.node.clock.now())
        hand.start()
        hand.join(0.5)
        assert answer == []
    hand.join(10)
    assert reason(answer[0]) is Reason.NOT_FOUND
    assert asked(counter, "select count(*) from retention.hold") == [(0,)]


def test_a_hold_that_lies_there_outlives_whatever_is_destroyed(counter, gone):
    view = approved(counter)
    whose = str(gone[0].addressee_number)
    hold = holds.set_hold(counter.node, RECORDS, whose, HoldReason.AUDIT, "監査")
    assert holds.lift_hold(counter.node, RECORDS, hold) is None
    done(counter, view.line.number)
    assert asked(counter, "select count(*) from retention.hold") == [(0,)]


@pytest.mark.requirement("R-470")
def test_whoever_drew_up_a_list_takes_it_back_and_nobody_else(counter, gone):
    node, number = counter.node, proposed(counter).line.number
    other = Operator("bunsho02", "b3", (Role.RECORDS_OFFICER,))
    assert reason(runs.withdraw_run(node, other, number)) is Reason.NOT_PERMITTED
    assert reason(runs.withdraw_run(node, SECURITY, number)) is Reason.NOT_PERMITTED
    back = runs.withdraw_run(node, RECORDS, number)
    assert back.line.state is RunState.WITHDRAWN
    assert reason(runs.withdraw_run(node, RECORDS, number)) is Reason.NOT_PENDING
    assert reason(runs.decide_run(node, SECURITY, number, back.digest, accept=True)) is Reason.NOT_PENDING
    assert asked(counter, "select count(*) from retention.item") == [(0,)]
    assert [one.number for one in overview.retention_overview(node, RECORDS).past] == [number]
    assert isinstance(runs.propose_run(node, RECORDS), runs.RunView)
    with node.store.unit() as unit:
        assert audit_disposals(unit, node.me) == []


@pytest.mark.requirement("R-470", "R-305")
def test_an_approved_run_is_stopped_and_says_what_it_left(counter, gone, monkeypatch):
    monkeypatch.setattr(runs, "BATCH_ITEMS", 1)
    node, number = counter.node, approved(counter).line.number
    assert reason(runs.end_run(node, counter.clerk, number)) is Reason.NOT_PERMITTED
    runs.carry_out(node, RECORDS, number, batches=1)
    ended = runs.end_run(node, SECURITY, number)
    assert ended.line.state is RunState.DONE
    assert ended.certificate.counts == (DisposalCount(KIND, 3, 1, 0, 0, 2),)
    assert len(numbers(counter)) == 2
    assert reason(runs.end_run(node, SECURITY, number)) is Reason.NOT_PENDING
    with node.store.unit() as unit:
        assert audit_disposals(unit, node.me) == []
    assert approved(counter).waiting == 2, "what was left is due for another list"


def test_a_second_person_sees_everybody_on_the_list_before_they_stand_for_it(counter, gone, monkeypatch):
    monkeypatch.setattr(listing, "SHOWN_ITEMS", 2)
    node, number = counter.node, proposed(counter).line.number
    first = listing.list_page(node, SECURITY, number)
    last = listing.list_page(node, SECURITY, number, after=first.things[-1].place)
    assert (len(first.things), first.more, len(last.things), last.more) == (2, True, 1, False)
    one = last.things[0]
    assert (one.whose, one.removed_on, one.reason) == (
        str(gone[2].addressee_number), DAY, ChangeReason.STRUCK_OTHER,
    )  # fmt: skip
    assert one.kept_until == LAST_DAY.date()
    assert reason(listing.list_page(node, counter.clerk, number)) is Reason.NOT_PERMITTED
    assert reason(listing.list_page(node, SECURITY, "2026-999999")) is Reason.NOT_FOUND
    assert [event for event, who, _ in counter.lines() if who == "sekinin01"] == [
        Event.RETENTION_LISTED.value
    ] * 2


def test_the_proof_is_found_however_often_a_run_was_looked_at(counter, gone):
    number = approved(counter).line.number
    done(counter, number)
    for _ in range(12):
        runs.run_view(counter.node, SECURITY, number)
    with counter.node.store.unit() as unit:
        last = ledger.lines_about(unit, f"run:{number}", 1)
    assert Event.DISPOSAL_FINISHED.value.encode() in last[0].body


@pytest.mark.requirement("R-470")
@pytest.mark.parametrize("lie", ["2026-11-21", "2031-11-19", "2176-11-19"])
def test_the_database_believes_no_list_that_says_that_something_ends_earlier(counter, family, lie):
    struck(counter, family)
    whose = str(family[0].addressee_number)
    unit_of = counter.node.store.unit
    with unit_of() as unit:
        (content,) = unit.execute(
            "select retention.content_of('REMOVED_RECORD', %s, %s)", (whose, b"s")
        ).fetchone()
        now = counter.node.clock.now()
        run = store.RunRow("2026-000009", "proposed", date(2300, 1, 1), "0" * 64, 0, b"s", "a", now)
        item = store.ItemRow(KIND.value, whose, whose, "x", date.fromisoformat(lie), content)
        assert store.keep_run(unit, run, [item])
    with unit_of() as unit:
        assert store.decide_run(unit, run.number, "approved", "b", now)
        (told,) = store.dispose(unit, run.number, 10, now)
    assert told.state == "changed"
    assert len(numbers(counter)) == 3


def test_the_end_that_the_database_counts_for_itself_is_that_of_the_law(counter):
    days = [date(2008, 1, 1) + timedelta(days=place) for place in range(12_000)]
    rows = asked(counter, "select day, retention.removed_until(day) from unnest(%s::date[]) as n (day)", days)
    off = {day: (last_day_kept(REMOVED_RECORDS, day) - end).days for day, end in rows}
    assert set(off.values()) <= {0, 1}
    assert {day for day, days_off in off.items() if days_off} <= {
        day for day in days if (day + timedelta(days=1)).month == 3
    }, "a day more at most, where the years end in February"


def test_what_the_register_says_of_itself_holds_as_well(counter, family):
    struck(counter, family)
    back = Restoration((family[1].addressee_number,), DAY, "誤り")
    waiting = enter(counter.node, counter.clerk, back, draw_codes=counter.draw)
    assert isinstance(waiting, EntryView), waiting
    measure = protection.apply_for_protection(counter.node, SHIEN, application(family[0]))
    assert not isinstance(measure, Refusal), measure
    counter.node.clock.instant = LAST_DAY + timedelta(days=1)
    view = proposed(counter)
    assert (view.waiting, view.held_back) == (1, 2)
    (thing,) = listing.list_page(counter.node, SECURITY, view.line.number).things
    assert thing.whose == str(family[2].addressee_number)


@pytest.mark.parametrize(
    ("who", "whose", "why", "wanted"),
    [
        (SECURITY, "1", "x", Reason.NOT_PERMITTED),
        (RECORDS, "1", " ", Reason.FIELD_MISSING),
        (RECORDS, "十", "x", Reason.HOLD_NUMBER_MALFORMED),
        (RECORDS, "", "x", Reason.HOLD_NUMBER_MALFORMED),
        (RECORDS, "000", "x", Reason.HOLD_NUMBER_MALFORMED),
        (RECORDS, "999999", "x", Reason.NOT_FOUND),
    ],
)
def test_a_hold_names_somebody_and_its_affair(counter, who, whose, why, wanted):
    assert reason(holds.set_hold(counter.node, who, whose, HoldReason.AUDIT, why)) is wanted


_DESTROYED = (
    "delete from register.resident",
    "delete from register.resident_version",
    "delete from register.entry",
    "update register.entry set body = '{}', disposed = true",
    "delete from retention.run",
    "truncate register.resident cascade",
)


@pytest.mark.requirement("R-470")
@pytest.mark.parametrize("statement", _DESTROYED)
@pytest.mark.parametrize("role", ["app", "read", "audit", "owner", "admin"])
def test_nobody_but_that_role_destroys_anything(fresh_dsn, role, statement):
    addresses = fresh_dsn("registry")
    with psycopg.connect(addresses["admin"]) as admin:
        admin.execute(
            "insert into register.entry (id, kind, reason, change_date, notified_on, entered_by, entered_at,"
            " verified_by, verified_at, state, seen, households, body)"
            " values ('i', 'DEATH', 'X', now(), now(), 'a', now(), 'b', now(), 'verified', '{}', '{}', '{}')"
        )
    with psycopg.connect(addresses[role]) as connection:
        connection.execute("set default_transaction_read_only = off")
        connection.commit()
        refused = (
            psycopg.errors.InsufficientPrivilege,
            psycopg.errors.ForeignKeyViolation,
            psycopg.errors.CheckViolation,
        )
        with pytest.raises(refused):
            connection.execute(statement)


def test_the_role_cannot_be_stepped_into_and_its_parts_cannot_be_called(counter, gone):
    view = approved(counter)
    user = counter.node.store.app_dsn
    role = str(psycopg.conninfo.conninfo_to_dict(user)["user"]).removesuffix("_app") + "_disposal"
    with psycopg.connect(user) as connection:
        for statement in (
            psycopg.sql.SQL("set role {}").format(psycopg.sql.Identifier(role)),
            psycopg.sql.SQL("select retention.erase_resident(1)"),
            psycopg.sql.SQL("select retention.forget_list({})").format(view.line.number),
            psycopg.sql.SQL("update retention.run set digest = repeat('0', 64)"),
            psycopg.sql.SQL("update retention.item set kept_until = '2000-01-01'"),
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(statement)


def test_the_database_asks_for_a_second_persons_word_itself(counter, gone):
    view = proposed(counter)
    with pytest.raises(psycopg.errors.InsufficientPrivilege), counter.node.store.unit() as unit:
        store.dispose(unit, view.line.number, 1, counter.node.clock.now())
    with pytest.raises(psycopg.errors.CheckViolation), counter.node.store.unit() as unit:
        store.decide_run(unit, view.line.number, "approved", "bunsho01", counter.node.clock.now())
    approved_run = runs.decide_run(counter.node, SECURITY, view.line.number, view.digest, accept=True)
    assert isinstance(approved_run, runs.RunView)
    more = "insert into retention.item values (%s, 9, 'REMOVED_RECORD', '1', '1', 'x', '2000-01-01', %s, 'listed')"
    with pytest.raises(psycopg.errors.CheckViolation), counter.node.store.unit() as unit:
        unit.execute(more, (view.line.number, bytes(32)))
    through = done(counter, view.line.number)
    for state in ("proposed", "approved", "declined", "done"):
        with pytest.raises(psycopg.errors.CheckViolation), counter.node.store.unit() as unit:
            unit.execute("update retention.run set state = %s", (state,))
    assert through.line.state is RunState.DONE


def test_the_auditor_counts_again_and_notices_another_record_of_destruction(counter, gone):
    view = approved(counter)
    done(counter, view.line.number)
    node = counter.node
    with node.store.unit() as unit:
        assert ledger.sequence(unit, 1_000) > 0
        assert audit_disposals(unit, node.me) == []
        assert audit.leaves_without_line(unit) == []
    with node.store.unit() as unit:
        # Somebody says that one thing more was destroyed under this run than its record says.
        said = {"run": view.line.number, "kind": KIND.value, "kept_until": "2176-11-20", "content": "00" * 32}
        note(unit, node, event=Event.RECORD_DISPOSED, subject="addressee:9", outcome="erased", detail=said)
    with node.store.unit() as unit:
        (finding,) = audit_disposals(unit, node.me)
    assert (finding.fault, finding.place) == (Fault.DISPOSAL_DIFFERS, f"run {view.line.number}")


@pytest.mark.parametrize(
    "statement",
    [
        "update retention.item set state = 'erased' where place = 1",
        "delete from retention.run",
        "update retention.run set decided_by = 'nobody09'",
    ],
)
def test_the_auditor_misses_lines_a_run_and_the_word_of_whoever_is_named(counter, gone, cluster, statement):
    view = approved(counter)
    node = counter.node
    with node.store.unit() as unit:
        assert audit_disposals(unit, node.me) == []
    # By somebody who reached the server itself: no role of the node may do it.
    name = psycopg.conninfo.conninfo_to_dict(node.store.app_dsn)["dbname"]
    with psycopg.connect(cluster.dsn(str(name))) as admin:
        admin.execute("set session_replication_role = replica")
        admin.execute(statement)
    with node.store.unit() as unit:
        (finding,) = audit_disposals(unit, node.me)
    assert (finding.fault, finding.place) == (Fault.DISPOSAL_DIFFERS, f"run {view.line.number}")


@pytest.mark.requirement("R-474", "R-305")
def test_a_box_of_papers_lives_a_year_and_goes_before_a_second_person(counter):
    node = counter.node
    told = PaperBox("", PaperKind.NOTICES, "転入届 11月分", date(2026, 11, 2), DAY, 250, "書庫A-1")
    assert reason(boxes.put_into_box(node, SECURITY, told)) is Reason.NOT_PERMITTED
    assert reason(boxes.put_into_box(node, RECORDS, replace(told, sheets=0))) is Reason.FIELD_UNKNOWN_VALUE
    box = boxes.put_into_box(node, RECORDS, told)
    assert isinstance(box, PaperBox)
    assert reason(boxes.propose_a_box(node, RECORDS, box.number)) is Reason.STILL_KEPT
    node.clock.move(timedelta(days=366))
    (line,) = boxes.boxes_view(node, SECURITY).boxes
    assert line.due
    held = boxes.hold_a_box(node, RECORDS, box.number, HoldReason.AUDIT, "監査")
    assert isinstance(held, PaperBox)
    assert reason(boxes.propose_a_box(node, RECORDS, box.number)) is Reason.DISPOSAL_HELD
    assert isinstance(boxes.hold_a_box(node, RECORDS, box.number, None, "監査終了"), PaperBox)
    assert isinstance(boxes.propose_a_box(node, RECORDS, box.number), PaperBox)
    assert isinstance(boxes.decline_a_box(node, SECURITY, box.number), PaperBox)
    assert isinstance(boxes.propose_a_box(node, RECORDS, box.number), PaperBox)
    shredded = PaperDisposal(node.clock.business_today(), DisposalWay.SHREDDED, 250)
    assert reason(boxes.destroy_a_box(node, RECORDS, box.number, shredded)) is Reason.NOT_PERMITTED
    fewer = replace(shredded, sheets=240)
    assert reason(boxes.destroy_a_box(node, SECURITY, box.number, fewer)) is Reason.QUANTITY_DIFFERS
    assert isinstance(boxes.destroy_a_box(node, SECURITY, box.number, shredded), PaperBox)
    assert boxes.boxes_view(node, SECURITY).boxes == ()
    (gone_box,) = boxes.boxes_view(node, RECORDS, destroyed=True).boxes
    assert gone_box.box.disposal == shredded
    steps = [(one.step, one.by) for one in boxes.box_view(node, RECORDS, box.number).steps]
    assert steps == [
        ("BOXED", "bunsho01"), ("HELD", "bunsho01"), ("FREED", "bunsho01"), ("PROPOSED", "bunsho01"),
        ("DECLINED", "sekinin01"), ("PROPOSED", "bunsho01"), ("DISPOSED", "sekinin01"),
    ]  # fmt: skip
    assert reason(boxes.box_view(node, RECORDS, "2026-999999")) is Reason.NOT_FOUND
