"""The feed over a real register: at once, in order, each person with a line, nobody's home beyond duty and agreement."""

import csv
import io
import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest
from psycopg import sql
from tests.nodes.registry.conftest import AT_COUNTER, HERE
from tests.nodes.registry.hall.conftest import NO_NUMBERS
from tests.nodes.registry.hall.conftest import OFFICER as SEKININ
from tests.nodes.registry.test_protection import (
    OFFICER,
    SECOND,
    application,
    arrived,
    shows_an_address,
)
from tests.nodes.registry.test_retention import LAST_DAY, approved, done, struck

from daicho.nodes.registry import counter as desk
from daicho.nodes.registry import protection
from daicho.nodes.registry.hall import extractions, feed
from daicho.nodes.registry.hall.extractions import ExtractionView
from daicho.nodes.registry.hall.feed import BaseFile, BasePage, DayFile, FeedPage
from daicho.nodes.registry.hall.files import CODES, HallFile, write_file
from daicho.nodes.registry.hall.outbox import PLACED_ROWS, feed_placing
from daicho.nodes.registry.records import subject_of
from daicho.nodes.registry.reports import receive_number
from daicho.rules.hall.access import HallScope
from daicho.rules.hall.extraction import EXTRACTED_ITEMS, ExtractionConditions, ExtractionOrder
from daicho.rules.hall.feed import FeedKind, HallPerson
from daicho.rules.hall.offices import HallItem, HallOffice
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.codes import IndividualNumber, with_check_digit
from daicho.rules.people.names import PersonName
from daicho.rules.protection.measure import EndCause
from daicho.rules.register.ex_officio import ExOfficioStrike, Restoration
from daicho.rules.register.move_within import MoveWithinNotice
from daicho.rules.register.reasons import ChangeReason
from daicho.rules.register.record import HouseholdRelation
from daicho.store import hall_feed

DAY = date(2026, 11, 20)
NUMBER = IndividualNumber(with_check_digit("12345678901"))


def read(hall, caller, after=0, **items) -> FeedPage:
    page = feed.read_feed(hall.counter.node, caller, after, **items)
    assert isinstance(page, FeedPage), page
    return page


def day_over(hall, caller, *, plain=False) -> DayFile:
    """Fetch the file of the day, once it is over."""
    clock = hall.counter.node.clock
    clock.move(timedelta(days=1))
    made = feed.day_file(hall.counter.node, caller, DAY, plain=plain)
    clock.move(timedelta(days=-1))
    assert isinstance(made, DayFile), made
    return made


def moved(counter, people, by=None, check=None):
    there = replace(HERE, block="9番9号")
    notice = MoveWithinNotice(tuple(one.addressee_number for one in people), there, DAY, DAY)
    return changed(counter, notice, by, check)


def changed(counter, notice, by=None, check=None):
    entered = desk.enter(
        counter.node, by or counter.clerk, notice, draw_codes=counter.draw, reception=AT_COUNTER
    )
    assert not isinstance(entered, Refusal), entered
    verified = desk.verify_entry(counter.node, check or counter.checker, entered.entry_id)
    assert not isinstance(verified, Refusal), verified
    return verified


@pytest.mark.requirement("R-018")
def test_residents_of_before_are_base_data_for_every_office_and_the_feed_goes_on_from_there(
    hall, counter, family, move_in, comer
) -> None:
    with counter.node.store.unit() as unit:  # as after an import: in the register, and in no feed
        unit.execute("delete from hall.untold")
    for office in HallOffice:
        caller = hall.caller(office, HallScope.CHANGES, HallScope.BASE)
        assert read(hall, caller).changes == ()
        first = feed.base_page(counter.node, caller, 0, limit_rows=2)
        assert isinstance(first, BasePage)
        assert first.more
        rest = feed.base_page(counter.node, caller, first.next_after, limit_rows=2)
        assert isinstance(rest, BasePage)
        assert not rest.more
        people = [*first.people, *rest.people]
        assert [one.addressee_number for one in people] == [one.addressee_number for one in family]
        assert {one.items[HallItem.ADDRESS] for one in people} == {HERE.one_line()}
        assert hall.given()[-3:] == [subject_of(one) for one in family]
        assert (first.end, read(hall, caller, first.end).changes) == (0, ())
    arrived(counter, replace(move_in(comer(4)), address=replace(HERE, block="9番9号")))
    later = read(hall, hall.caller(HallOffice.ADDRESSEES, HallScope.CHANGES), 0)
    assert [one.change.kind for one in later.changes] == [FeedKind.ENTERED]


def test_all_residents_as_a_file_have_a_line_each_with_its_digest(hall, counter, family) -> None:
    caller = hall.caller(HallOffice.ADDRESSEES, HallScope.BASE)
    made = feed.base_file(counter.node, caller, 0, plain=False)
    assert isinstance(made, BaseFile)
    assert made.file.content.decode().count("\r\n") == 4
    assert (made.page.more, made.page.people) == (False, ())
    assert hall.given() == [subject_of(one) for one in family]
    refused = feed.base_page(counter.node, hall.caller(HallOffice.TAX, HallScope.RESIDENTS), 0)
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.SCOPE_NOT_GRANTED


@pytest.mark.requirement("R-018")
def test_a_verified_change_reaches_every_office_at_once(hall, family) -> None:
    for office in HallOffice:
        page = read(hall, hall.caller(office, HallScope.CHANGES))
        assert [(one.change.kind, one.change.person.addressee_number) for one in page.changes] == [
            (FeedKind.ENTERED, one.addressee_number) for one in family
        ]
        assert page.next_after == page.end == 1


def test_what_waits_for_a_second_person_is_told_to_nobody(hall, counter, move_in, comer) -> None:
    entered = desk.enter(
        counter.node, counter.clerk, move_in(comer(1)), draw_codes=counter.draw, reception=AT_COUNTER
    )
    assert not isinstance(entered, Refusal)
    caller = hall.caller(HallOffice.NHI, HallScope.CHANGES)
    assert read(hall, caller).changes == ()
    desk.verify_entry(counter.node, counter.checker, entered.entry_id)
    assert len(read(hall, caller).changes) == 1


def test_each_person_told_of_has_a_line_that_names_office_affair_and_article(hall, family) -> None:
    caller = hall.caller(HallOffice.NHI, HallScope.CHANGES)
    read(hall, caller)
    assert hall.given() == [subject_of(one) for one in family]
    with hall.counter.node.store.unit() as unit:
        unit.cursor.execute(
            "select convert_from(body, 'UTF8')::json from ledger.line where event = 'hall:record:given'"
        )
        (line, *_) = [row[0] for row in unit.cursor.fetchall()]
    assert line["purpose"] == "被保険者の資格の管理"
    assert line["basis"] == "国民健康保険法第9条"
    assert line["detail"]["body"] == "国民健康保険"
    assert "来訪" not in str(line)


def test_the_cursor_is_what_the_reader_said_and_a_place_beyond_the_end_is_refused(hall, family) -> None:
    client_id = hall.opened(HallOffice.NHI, HallScope.CHANGES)
    caller = hall.admitted(client_id)
    moved(hall.counter, family)
    first = read(hall, caller, 0, limit_rows=1)
    assert (first.next_after, first.end) == (1, 2)
    second = read(hall, caller, first.next_after, limit_rows=1)
    assert [one.change.kind for one in second.changes] == [FeedKind.CHANGED] * 3
    assert hall.cursor(client_id) == 1
    assert read(hall, caller, 2).changes == ()
    for wrong in (3, -1):
        refused = feed.read_feed(hall.counter.node, caller, wrong)
        assert isinstance(refused, Refusal)
        assert refused.reason is Reason.CURSOR_AHEAD


@pytest.mark.requirement("R-044")
def test_no_table_of_the_hall_holds_a_number_or_anything_about_anybody(hall, counter, family) -> None:
    node, one = counter.node, family[0]
    with node.store.unit() as unit:
        receive_number(unit, node, one.resident_record_code, NUMBER, peer="cs")
    caller = hall.caller(HallOffice.NHI, HallScope.CHANGES, HallScope.BASE, HallScope.NUMBERS)
    given = str(read(hall, caller)) + str(feed.base_page(node, caller, 0))
    order = ExtractionOrder(ExtractionConditions(DAY), frozenset(EXTRACTED_ITEMS), "目的", "根拠")
    asked = extractions.ask_for_extraction(node, counter.clerk, order)
    assert isinstance(asked, ExtractionView), asked
    extractions.decide_on_extraction(node, SEKININ, asked.row.number, accept=True)
    made = extractions.make_extraction(node, counter.clerk, asked.row.number, CODES)
    assert isinstance(made, HallFile), made
    told = (one.name.kanji, HERE.one_line(), str(one.birth_date))
    assert all(text in given + made.content.decode() for text in (*told, str(NUMBER)))
    with node.store.unit() as unit:
        tables = unit.execute("select table_name from information_schema.tables where table_schema = 'hall'")
        names = [row[0] for row in tables.fetchall()]
        kept = []
        for name in names:
            query = sql.SQL("select row_to_json(t)::text from hall.{} t").format(sql.Identifier(name))
            kept += [str(row[0]) for row in unit.connection.execute(query).fetchall()]
    assert len(names) >= 7
    assert kept
    for text in (*told, HERE.town, str(NUMBER), str(one.resident_record_code)):
        assert text not in "".join(kept)


@pytest.mark.requirement("R-037", "R-044")
def test_the_number_comes_from_its_own_vault_and_only_to_work_that_uses_it(hall, family) -> None:
    node, one = hall.counter.node, family[0]
    with node.store.unit() as unit:
        receive_number(unit, node, one.resident_record_code, NUMBER, peer="cs")
    insured = hall.caller(HallOffice.NHI, HallScope.CHANGES, HallScope.NUMBERS)
    told = read(hall, insured)
    assert told.changes[0].change.person.items[HallItem.INDIVIDUAL_NUMBER] == str(NUMBER)
    assert told.changes[-1].change.reason.value == "NUMBER_ENTERED"
    for caller in (
        hall.caller(HallOffice.NHI, HallScope.CHANGES),
        hall.caller(HallOffice.ELECTION, HallScope.CHANGES),
    ):
        page = read(hall, caller)
        assert str(NUMBER) not in str(page)
        assert len(page.changes) == 3
        assert page.next_after == 2


def test_the_number_is_kept_from_a_caller_once_the_ordinance_does_not_name_it(hall, family) -> None:
    client_id = hall.opened(HallOffice.NHI, HallScope.CHANGES, HallScope.NUMBERS)
    caller = hall.admitted(client_id, NO_NUMBERS)
    assert HallScope.NUMBERS not in caller.scopes
    assert HallItem.INDIVIDUAL_NUMBER not in caller.items


def test_without_the_scope_no_call_is_answered(hall, family) -> None:
    caller = hall.caller(HallOffice.NHI, HallScope.RESIDENTS)
    node = hall.counter.node
    for refused in (feed.read_feed(node, caller, 0), feed.day_file(node, caller, DAY, plain=False)):
        assert isinstance(refused, Refusal)
        assert refused.reason is Reason.SCOPE_NOT_GRANTED
    other = feed.resident_for(
        node, hall.caller(HallOffice.NHI, HallScope.CHANGES), family[0].addressee_number
    )
    assert isinstance(other, Refusal)
    assert hall.given() == []


def test_one_resident_is_told_as_now_and_nobody_leaves_a_line_too(hall, family) -> None:
    node, caller = hall.counter.node, hall.caller(HallOffice.NHI, HallScope.RESIDENTS)
    told = feed.resident_for(node, caller, family[1].addressee_number)
    assert isinstance(told, HallPerson)
    assert told.items[HallItem.ADDRESS] == HERE.one_line()
    refused = feed.resident_for(node, caller, 999)
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.NOT_FOUND
    assert hall.given() == [subject_of(family[1]), ""]


@pytest.fixture
def measure(counter, family):
    kept = protection.apply_for_protection(counter.node, OFFICER, application(family[1]))
    assert not isinstance(kept, Refusal), kept
    return kept


def test_whoever_was_told_before_learns_of_a_measure_and_of_its_end(hall, counter, family) -> None:
    caller = hall.caller(HallOffice.NHI, HallScope.CHANGES)
    assert len(read(hall, caller).changes) == 3
    kept = protection.apply_for_protection(counter.node, OFFICER, application(family[1]))
    assert not isinstance(kept, Refusal)
    begun = read(hall, caller, 1)
    assert {one.change.kind for one in begun.changes} == {FeedKind.PROTECTION}
    assert {one.change.person.addressee_number for one in begun.changes} == {
        one.addressee_number for one in family
    }
    assert all(one.change.person.protected for one in begun.changes)
    # The other party may live in the household still: no line that they may be told says that offices heard something.
    assert len(hall.given()) == 3
    (asked,) = protection.ask_for_end(counter.node, OFFICER, kept.number, "本人の申出", EndCause.WITHDRAWN)
    protection.decide_on_proposal(counter.node, SECOND, asked, accept=True)
    ended = read(hall, caller, 2)
    assert len(ended.changes) == 3
    assert not any(one.change.person.protected for one in ended.changes)


def test_who_takes_the_covered_in_is_flagged_though_nothing_of_theirs_changed(
    hall, counter, move_in, comer
) -> None:
    mother = arrived(counter, move_in(comer(1)))[0]
    daughter = arrived(counter, replace(move_in(comer(2)), address=replace(HERE, block="9番9号")))[0]
    protection.apply_for_protection(counter.node, OFFICER, application(daughter))
    caller = hall.caller(HallOffice.NHI, HallScope.CHANGES)
    known = read(hall, caller)
    assert {one.change.person.addressee_number: one.change.person.protected for one in known.changes} == {
        mother.addressee_number: False,
        daughter.addressee_number: True,
    }
    joins = MoveWithinNotice(
        (daughter.addressee_number,), HERE, DAY, DAY, household_number=mother.household_number,
        mover_relations=(HouseholdRelation(daughter.addressee_number, "子"),),
    )  # fmt: skip
    changed(counter, joins, OFFICER, SECOND)
    told = [one.change for one in read(hall, caller, known.next_after).changes]
    of_her = [one for one in told if one.person.addressee_number == mother.addressee_number]
    assert [(one.kind, one.person.protected) for one in of_her] == [(FeedKind.PROTECTION, True)]
    # The mother's home was told under her household number: of the daughter no office hears it, nor that she moved.
    assert told == of_her
    page = read(hall, caller)
    of_daughter = [
        one.change.person
        for one in page.changes
        if one.change.person.addressee_number == daughter.addressee_number
    ]
    assert all(HallItem.HOUSEHOLD_NUMBER in one.withheld for one in of_daughter)


def test_one_of_a_covered_family_who_moves_is_told_of_to_nobody_and_who_stays_loses_the_flag(
    hall, counter, family
) -> None:
    father, mother, child = family
    protection.apply_for_protection(counter.node, OFFICER, application(child))
    caller = hall.caller(HallOffice.NHI, HallScope.CHANGES)
    known = read(hall, caller)
    moved(counter, [child], OFFICER, SECOND)
    told = [one.change for one in read(hall, caller, known.next_after).changes]
    assert {one.person.addressee_number for one in told} == {
        father.addressee_number,
        mother.addressee_number,
    }
    assert not any(one.person.protected for one in told)


def test_whoever_a_covered_person_left_behind_is_no_longer_flagged(hall, counter, family) -> None:
    father, mother, child = family
    protection.apply_for_protection(counter.node, OFFICER, application(child))
    caller = hall.caller(HallOffice.ELECTION, HallScope.CHANGES)
    known = read(hall, caller)
    gone = ExOfficioStrike((child.addressee_number,), ChangeReason.STRUCK_OTHER, DAY, DAY, "実態調査")
    changed(counter, gone, OFFICER, SECOND)
    told = [one.change for one in read(hall, caller, known.next_after).changes]
    assert {(one.kind, one.person.addressee_number, one.person.protected) for one in told} == {
        (FeedKind.STRUCK, child.addressee_number, True),
        (FeedKind.PROTECTION, father.addressee_number, False),
        (FeedKind.PROTECTION, mother.addressee_number, False),
    }
    back = Restoration((child.addressee_number,), DAY, "実態調査の誤り")
    changed(counter, back, OFFICER, SECOND)
    again = read(hall, caller, known.next_after)
    flags = {one.change.person.addressee_number: one.change.person.protected for one in again.changes}
    assert flags == {one.addressee_number: True for one in family}


def test_whoever_moves_to_the_covered_is_flagged_though_the_move_is_not_told(
    hall, counter, move_in, comer
) -> None:
    mother = arrived(counter, move_in(comer(1)))[0]
    daughter = arrived(counter, replace(move_in(comer(2)), address=replace(HERE, block="9番9号")))[0]
    protection.apply_for_protection(counter.node, OFFICER, application(daughter))
    caller = hall.caller(HallOffice.NHI, HallScope.CHANGES)
    known = read(hall, caller)
    joins = MoveWithinNotice(
        (mother.addressee_number,), replace(HERE, block="9番9号"), DAY, DAY,
        household_number=daughter.household_number,
        mover_relations=(HouseholdRelation(mother.addressee_number, "母"),),
    )  # fmt: skip
    changed(counter, joins, OFFICER, SECOND)
    told = [one.change for one in read(hall, caller, known.next_after).changes]
    assert [(one.kind, one.person.addressee_number, one.person.protected) for one in told] == [
        (FeedKind.PROTECTION, mother.addressee_number, True)
    ]


def test_whoever_is_over_or_destroyed_is_told_to_nobody_and_stops_no_feed(hall, counter, family) -> None:
    father, *others = family
    caller = hall.caller(HallOffice.NHI, HallScope.CHANGES, HallScope.BASE, HallScope.FILES)
    struck(counter, others)
    counter.node.clock.instant = LAST_DAY + timedelta(days=1)

    def told() -> set[int]:
        page = read(hall, caller)
        assert page.next_after == 2
        made = feed.day_file(counter.node, caller, DAY, plain=False)
        assert isinstance(made, DayFile)
        assert (made.places, made.file.people) == (2, 1)
        base = feed.base_page(counter.node, caller, 0)
        assert isinstance(base, BasePage)
        return {
            *(one.change.person.addressee_number for one in page.changes),
            *(one.addressee_number for one in base.people),
        }

    assert told() == {father.addressee_number}
    done(counter, approved(counter).line.number)
    assert told() == {father.addressee_number}


def test_a_day_that_is_not_over_is_no_file(hall, family) -> None:
    caller = hall.caller(HallOffice.NHI, HallScope.FILES)
    for day in (DAY, DAY + timedelta(days=1)):
        refused = feed.day_file(hall.counter.node, caller, day, plain=False)
        assert isinstance(refused, Refusal)
        assert refused.reason is Reason.NOT_YET_KNOWN
    made = day_over(hall, caller)
    assert (made.first, made.last, made.places) == (1, 1, 1), "what had no place yet got one first"


def test_a_file_waits_for_whoever_gives_places(hall, counter, family) -> None:
    caller = hall.caller(HallOffice.NHI, HallScope.FILES)
    node, files = counter.node, []
    node.clock.move(timedelta(days=1))
    fetching = threading.Thread(target=lambda: files.append(feed.day_file(node, caller, DAY, plain=False)))
    with node.store.unit() as unit:
        hall_feed.tell_of_people(unit, [family[0].addressee_number], DAY)
    with node.store.unit() as unit:
        assert hall_feed.place(unit, limit_rows=PLACED_ROWS) == 1
        fetching.start()
        fetching.join(0.3)
    fetching.join(10)
    (made,) = files
    assert isinstance(made, DayFile)
    assert (made.places, made.file.people) == (2, 3)


def test_a_file_says_of_each_row_what_is_kept_back_and_alters_nothing(hall, counter, move_in, comer) -> None:
    odd = replace(comer(1), name=PersonName("－来訪　花子", "ライホウ　ハナコ"))
    family = arrived(counter, move_in(odd, comer(2, "妻")))
    protection.apply_for_protection(counter.node, OFFICER, application(family[1]))
    caller = hall.caller(HallOffice.NHI, HallScope.BASE)
    made = feed.base_file(counter.node, caller, 0, plain=False)
    assert isinstance(made, BaseFile)
    rows = list(csv.DictReader(io.StringIO(made.file.content.decode("utf-8-sig"))))
    assert all({"ADDRESS", "POSTAL_CODE", "HOUSEHOLD_NUMBER"} <= set(one["WITHHELD"].split()) for one in rows)
    assert {one["ADDRESS"] for one in rows} == {""}
    machine = write_file(
        (), [((), HallPerson(1, True, {HallItem.NAME: "=A1"}))], [HallItem.NAME], CODES, plain=False
    )
    assert machine.content.decode().splitlines()[1] == "1,1,0,,=A1"


@pytest.mark.requirement("R-038")
def test_only_lines_about_whose_number_was_given_say_so(hall, family) -> None:
    node, one = hall.counter.node, family[0]
    with node.store.unit() as unit:
        receive_number(unit, node, one.resident_record_code, NUMBER, peer="cs")
    protection.apply_for_protection(node, OFFICER, application(family[1]))
    read(hall, hall.caller(HallOffice.NHI, HallScope.CHANGES, HallScope.NUMBERS))
    with node.store.unit() as unit:
        unit.cursor.execute(
            "select convert_from(body, 'UTF8')::json from ledger.line where event = 'hall:record:given'"
        )
        lines = [row[0] for row in unit.cursor.fetchall()]
    assert len(lines) == 3
    assert [line["detail"].get("individual_number") for line in lines].count("given") == 1


def test_no_way_gives_an_office_the_address_of_the_covered(hall, counter, family, measure) -> None:
    scopes = (HallScope.CHANGES, HallScope.RESIDENTS, HallScope.FILES)
    for office in HallOffice:
        caller = hall.caller(office, *scopes)
        assert not shows_an_address(read(hall, caller))
        told = feed.resident_for(counter.node, caller, family[0].addressee_number)
        assert isinstance(told, HallPerson)
        assert told.protected
        assert not shows_an_address(
            replace(told, items={key.value: text for key, text in told.items.items()})
        )
        made = day_over(hall, caller)
        assert HERE.town not in made.file.content.decode()


def test_that_the_covered_moved_is_told_to_nobody_without_the_agreement(
    hall, counter, family, measure
) -> None:
    shut = hall.caller(HallOffice.NHI, HallScope.CHANGES)
    opened = hall.caller(HallOffice.NHI, HallScope.CHANGES, HallScope.PROTECTED_ADDRESSES)
    moved(counter, family, OFFICER, SECOND)
    assert read(hall, shut, 2).changes == ()
    told = read(hall, opened, 2)
    assert {one.change.person.items[HallItem.ADDRESS] for one in told.changes} == {"架空町一丁目9番9号"}
    assert all(one.change.person.protected for one in told.changes)


def test_whoever_once_lived_with_the_covered_does_not_tell_the_place(hall, counter, move_in, comer) -> None:
    family = arrived(counter, move_in(comer(1), comer(2, "妻")))
    moved(counter, family[1:])
    scopes = (HallScope.CHANGES, HallScope.RESIDENTS, HallScope.FILES)
    caller = hall.caller(HallOffice.NHI, *scopes)
    protection.apply_for_protection(counter.node, OFFICER, application(family[0]))
    page = read(hall, caller)
    gone = [one.change.person for one in page.changes if one.change.person.addressee_number == 2]
    assert gone
    assert not any(one.protected for one in gone)
    assert HERE.block not in str(page)
    told = feed.resident_for(counter.node, caller, family[1].addressee_number)
    assert isinstance(told, HallPerson)
    assert told.items[HallItem.ADDRESS] == "架空町一丁目9番9号"
    made = day_over(hall, caller)
    assert HERE.block not in made.file.content.decode()


def test_a_day_is_a_file_with_mark_of_order_and_a_line_with_its_digest(hall, family) -> None:
    caller = hall.caller(HallOffice.NHI, HallScope.FILES)
    made = day_over(hall, caller)
    assert made.file.content.startswith(
        b"\xef\xbb\xbfposition,kind,reason,change_date,notified_on,legal_day,ADDRESSEE_NUMBER"
    )
    lines = made.file.content.decode().splitlines()
    assert len(lines) == 4
    assert lines[1].startswith(
        f"1,ENTERED,MOVE_IN,2026-11-10,2026-11-20,2026-11-10,{family[0].addressee_number},1,0,"
    )
    assert made.file.people == 3
    assert hall.given() == [subject_of(one) for one in family]
    empty = feed.day_file(hall.counter.node, caller, date(2026, 11, 19), plain=False)
    assert isinstance(empty, DayFile)
    assert (empty.file.people, len(empty.file.content.decode().splitlines())) == (0, 1)


def test_a_file_for_an_old_system_counts_what_it_replaced(hall, counter, move_in, comer) -> None:
    odd = replace(comer(1), name=PersonName("髙橋　\ue001子", "タカハシ　ハナコ"))
    arrived(counter, move_in(odd))
    caller = hall.caller(HallOffice.NHI, HallScope.FILES)
    made = day_over(hall, caller, plain=True)
    assert "高橋　〓子" in made.file.content.decode()
    assert made.file.replaced == 4  # in the name, and in the name of the householder
    verbatim = day_over(hall, caller)
    assert ("髙橋　\ue001子" in verbatim.file.content.decode(), verbatim.file.replaced) == (True, 0)


def test_places_are_given_while_nobody_reads(hall, family) -> None:
    node = hall.counter.node
    assert feed_placing(node).work() is False
    with node.store.reading() as unit:
        assert (hall_feed.end(unit), hall_feed.unplaced(unit)) == (1, 0)


def test_a_line_of_the_ledger_wakes_nobody_who_waits_for_a_change(
    hall, counter, family, move_in, comer
) -> None:
    node = counter.node
    read(hall, hall.caller(HallOffice.NHI, HallScope.CHANGES))
    heard = node.store.feed_bell.rings
    read(hall, hall.caller(HallOffice.NHI, HallScope.CHANGES))
    assert node.store.feed_bell.rings == heard
    arrived(counter, replace(move_in(comer(4)), address=replace(HERE, block="9番9号")))
    assert node.store.feed_bell.rings > heard


def test_waiting_ends_when_something_may_be_there(hall, family) -> None:
    feed.await_feed(hall.counter.node, 0, 0.0)
    feed.await_feed(hall.counter.node, 1, 0.0)
