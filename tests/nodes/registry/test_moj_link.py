"""法務省連携 at a registry: files taken in once, notices matched, recorded or ended by two people, ours made and kept."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from tests.nodes.registry import test_retention as keeping
from tests.nodes.registry.conftest import AT_COUNTER, DAY, HERE, HOME, lines_about
from tests.nodes.registry.test_characters import OWN, identified
from tests.nodes.registry.test_protection import OFFICER, application, arrived
from tests.rules.moj_link.test_moj_link import CARD, HELD, NAME, NEW_CARD, PERSON, TOLD

from daicho.nodes.registry import corrections, protection
from daicho.nodes.registry.counter import EntryView, enter, reject_entry, verify_entry, withdraw_entry
from daicho.nodes.registry.moj_link import deciding, looking, showing, taking, telling
from daicho.nodes.registry.moj_link.showing import MojOverview, MojView
from daicho.nodes.registry.moj_link.taking import TakenFile
from daicho.nodes.registry.moj_link.telling import MadeFile, MunicipalOverview
from daicho.nodes.watch.characters import character_tables
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.moj_link.drafting import draft_of_notice
from daicho.rules.moj_link.files import (
    MojFileHead,
    MojFileKind,
    read_municipal_file,
    write_moj_file,
)
from daicho.rules.moj_link.municipal import MunicipalAct
from daicho.rules.moj_link.notice import MojChange, MojEnding, MojItems, MojNotice
from daicho.rules.operators.authority import Role
from daicho.rules.people.addresses import Address
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.names import PersonName
from daicho.rules.people.sex import Sex
from daicho.rules.register.arrival import ArrivingPerson
from daicho.rules.register.cancellation import Cancellation
from daicho.rules.register.correction import Correction
from daicho.rules.register.death import DeathEntry
from daicho.rules.register.move_in import MoveInNotice
from daicho.rules.register.move_out import MoveOutNotice
from daicho.rules.register.move_within import MoveWithinNotice
from daicho.rules.register.record import ResidentKind
from daicho.rules.register.residence_change import ResidenceChange
from daicho.store import moj_link, register
from daicho.wire.codecs.identity import HallBulk

BEFORE = date(2026, 11, 18)
OTHER_CARD = "XY11111111ZW"


def as_guest(relationship: str = "世帯主", card: str = CARD, **items: Any) -> ArrivingPerson:
    told = {"name": NAME, "birth_date": PERSON.birth_date, "sex": PERSON.sex} | items
    return ArrivingPerson(
        relationship=relationship, resident_kind=ResidentKind.FOREIGN,
        foreign=replace(HELD, residence_card_number=card), **told,
    )  # fmt: skip


@pytest.fixture
def family(counter, move_in):
    """A foreign couple that has just moved in, and so is owed to the Ministry; that is put into the first file."""
    other = as_guest(
        "妻", OTHER_CARD, name=PersonName("ＬＥ　ＭＡＩ", roman="LE MAI"), birth_date=PartialDate(1992, 2, 3)
    )
    people = arrived(counter, move_in(as_guest(), other))
    assert isinstance(made(counter), MadeFile)
    return people


def notice(change: MojChange = MojChange.CARD, notice_id: str = "N-1", **items: Any) -> MojNotice:
    return replace(MojNotice(notice_id, change, BEFORE, BEFORE, PERSON, TOLD[change]), **items)


def file_of(
    *notices: MojNotice, serial: int = 1, town: MunicipalityCode = HOME, made_on: date = DAY
) -> bytes:
    return write_moj_file(MojFileHead(MojFileKind.MOJ_NOTICE, town, serial, made_on, len(notices)), notices)


def taken(counter, *notices: MojNotice, serial: int = 1) -> TakenFile:
    done = taking.take_file(counter.node, counter.clerk, file_of(*notices, serial=serial))
    assert isinstance(done, TakenFile), done
    looking.look_at_new(counter.node)
    return done


def row(counter, line: int = 2, serial: int = 1):
    with counter.node.store.reading() as unit:
        return moj_link.moj_notice(unit, (serial, line))


def state(counter, line: int = 2, serial: int = 1) -> tuple[str, str | None]:
    held = row(counter, line, serial)
    return held.state, held.outcome


def batch(counter, who=None):
    return deciding.enter_matched(counter.node, who or counter.clerk, draw_codes=counter.draw)


def entered(counter, held: MojNotice, record, line: int = 2, who=None):
    return deciding.enter_from_notice(
        counter.node,
        who or counter.clerk,
        draft_of_notice(held, record, DAY),
        (1, line),
        draw_codes=counter.draw,
    )


def made(counter, who=None):
    return telling.make_municipal_file(counter.node, who or counter.clerk)


def told_in(counter, serial: int):
    content = telling.fetch_municipal_file(counter.node, counter.clerk, serial)
    assert isinstance(content, bytes), content
    head, notices, faults = read_municipal_file(content)
    assert faults == ()
    assert head is not None
    assert (head.serial, head.count, head.municipality) == (serial, len(notices), HOME)
    return notices


def resident(counter, number: int):
    with counter.node.store.reading() as unit:
        return looking.read_record(register.resident(unit, number).body)


def waiting_entry(counter, line: int = 2) -> str:
    held = row(counter, line)
    assert held.state == "entered"
    return held.entry_id


# files that come


@pytest.mark.requirement("R-023", "R-232")
def test_a_file_becomes_a_draft_that_a_second_person_verifies_and_the_notice_is_closed_with_it(
    counter, family
):
    assert taken(counter, notice()) == TakenFile(1, 1, 1)
    assert state(counter) == ("matched", "MATCHED")
    assert batch(counter) == deciding.EnteredMatched(1, 0)
    entry_id = waiting_entry(counter)
    assert resident(counter, family[0].addressee_number).foreign.residence_card_number == CARD
    own = verify_entry(counter.node, replace(counter.clerk, roles=counter.both.roles), entry_id)
    assert isinstance(own, Refusal)
    assert own.reason is Reason.SAME_PERSON
    assert isinstance(verify_entry(counter.node, counter.checker, entry_id), EntryView)
    assert resident(counter, family[0].addressee_number).foreign.residence_card_number == NEW_CARD
    closed = row(counter)
    assert (closed.state, closed.ending, closed.closed_by, closed.body) == (
        "closed", "RECORDED", counter.checker.login_id, None,
    )  # fmt: skip
    assert [one["outcome"] for one in lines_about(counter.node, "ministry:notice:decided")] == ["RECORDED"]


def test_the_same_file_again_changes_nothing_and_another_one_under_its_serial_is_refused(counter, family):
    taken(counter, notice())
    assert taken(counter, notice()) == TakenFile(1, 1, 1, again=True)
    other = taking.take_file(counter.node, counter.clerk, file_of(notice(notice_id="N-2")))
    assert isinstance(other, Refusal)
    assert (other.reason, other.field) == (Reason.SERIAL_TAKEN, "file")
    assert taken(counter, notice(), notice(notice_id="N-2"), serial=2) == TakenFile(2, 2, 1)


def test_a_notice_that_comes_again_with_other_content_marks_the_one_that_waits(counter, family):
    taken(counter, notice(), notice(MojChange.STATUS, "N-2"))
    other = notice(items=MojItems(card_number="GH00000000IJ"))
    assert taken(counter, other, notice(MojChange.STATUS, "N-2"), serial=2) == TakenFile(2, 2, 0, differing=1)
    assert [row(counter).refused, row(counter, 3).refused] == ["RESENT", ""]
    assert batch(counter) == deciding.EnteredMatched(1, 0)
    assert [row(counter).state, row(counter, 3).state] == ["matched", "entered"]


def test_two_clerks_who_bring_one_file_at_once_keep_it_once(counter, family):
    content = file_of(notice(), notice(notice_id="N-2"))
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: taking.take_file(counter.node, counter.clerk, content), range(4)))
    assert sorted(one.again for one in done) == [False, True, True, True]


def test_a_faulty_file_a_strangers_file_and_one_of_tomorrow_leave_nothing(counter, family):
    wrong = taking.take_file(counter.node, counter.clerk, file_of(notice()).replace(b"CARD", b"DRAC", 1))
    assert isinstance(wrong, TakenFile)
    assert [(one.line, one.column) for one in wrong.faults] == [(2, "change")]
    for content, reason in (
        (file_of(notice(), town=MunicipalityCode("01202")), Reason.OTHER_MUNICIPALITY),
        (file_of(notice(), made_on=DAY + timedelta(days=1)), Reason.DATE_IN_FUTURE),
    ):
        refused = taking.take_file(counter.node, counter.clerk, content)
        assert isinstance(refused, Refusal)
        assert (refused.reason, refused.field) == (reason, "file")
    assert isinstance(taking.take_file(counter.node, counter.checker, file_of(notice())), Refusal)
    with counter.node.store.reading() as unit:
        assert moj_link.moj_files(unit, limit_rows=9) == []


def test_a_serial_that_is_missing_is_named_until_its_file_comes(counter, family):
    taken(counter, notice(), serial=4)
    taken(counter, notice(notice_id="N-2"), serial=7)
    view = showing.moj_overview(counter.node, counter.clerk)
    assert isinstance(view, MojOverview)
    assert view.missing == (5, 6)
    taken(counter, notice(notice_id="N-3"), serial=5)
    view = showing.moj_overview(counter.node, counter.clerk)
    assert isinstance(view, MojOverview)
    assert (view.missing, [one.serial for one in view.files]) == ((6,), [7, 5, 4])


# whom they mean


def test_a_mismatch_stands_in_the_queue_with_its_items_until_a_clerk_says_whom_it_means(counter, family):
    person = replace(PERSON, birth_date=PartialDate(1990, 1, 3))
    taken(counter, notice(MojChange.STATUS, person=person))
    assert state(counter) == ("open", "DIFFERS")
    assert batch(counter) == deciding.EnteredMatched(0, 0)
    view = showing.moj_notice_view(counter.node, counter.clerk, (1, 2))
    assert isinstance(view, MojView)
    assert [one.value for one in view.line.differing] == ["BIRTH_DATE"]
    assert view.whose == family[0].addressee_number
    done = entered(counter, notice(MojChange.STATUS, person=person), family[0])
    assert isinstance(done, EntryView), done
    assert isinstance(verify_entry(counter.node, counter.checker, done.entry_id), EntryView)
    assert row(counter).ending == "RECORDED"


def test_whoever_bore_a_number_before_is_found_by_it(counter, family):
    taken(counter, notice())
    batch(counter)
    verify_entry(counter.node, counter.checker, waiting_entry(counter))
    taken(counter, notice(MojChange.CARD, "N-2"), serial=2)
    assert (row(counter, serial=2).ending, row(counter, serial=2).closed_by) == (
        "ALREADY_SO",
        "machine:register",
    )
    taken(counter, notice(MojChange.STATUS, "N-3"), serial=3)
    assert state(counter, serial=3) == ("open", "DIFFERS")
    assert list(row(counter, serial=3).differing) == ["FORMER_CARD_NUMBER"]


def test_nobody_somebody_who_moved_away_and_an_older_notice_wait_for_a_person(
    counter, family, move_in, comer
):
    head, wife = family
    stranger = replace(PERSON, card_number="QQ99999999QQ", roman="NOBODY", birth_date=PartialDate(1950, 1, 1))
    taken(counter, notice(person=stranger))
    assert state(counter) == ("open", "NOBODY")
    left = MoveOutNotice((wife.addressee_number,), DAY, DAY, "北海道函館市", MunicipalityCode("01202"))
    done = enter(counter.node, counter.clerk, left, draw_codes=counter.draw, reception=AT_COUNTER)
    verify_entry(counter.node, counter.checker, done.entry_id)
    gone = replace(PERSON, card_number=OTHER_CARD, roman="LE MAI", birth_date=PartialDate(1992, 2, 3))
    taken(counter, notice(notice_id="N-2", person=gone), serial=2)
    assert state(counter, serial=2) == ("open", "MOVED_AWAY")
    early = date(2026, 11, 1)  # before the stay here began
    taken(counter, notice(MojChange.LEFT_JAPAN, "N-3", happened_on=early, notified_on=early), serial=3)
    assert state(counter, serial=3) == ("open", "OUTDATED")
    assert head.addressee_number == row(counter, serial=3).whose


def test_what_one_notice_holds_stops_no_other(counter, family, monkeypatch):
    looked = looking.look_for

    def fails(unit, node, told):
        if told.notice_id == "N-1":
            raise ValueError("broken")
        return looked(unit, node, told)

    monkeypatch.setattr(looking, "look_for", fails)
    taken(counter, notice(), notice(MojChange.STATUS, "N-2"))
    assert [state(counter), state(counter, 3)] == [("open", None), ("matched", "MATCHED")]


def nationality(notice_id: str, new: str, on: date, old: str = "ベトナム") -> MojNotice:
    return notice(
        MojChange.NATIONALITY, notice_id, happened_on=on, notified_on=on,
        person=replace(PERSON, nationality=old), items=MojItems(nationality=new),
    )  # fmt: skip


THERE_AND_BACK = (
    nationality("N-1", "中国", date(2026, 11, 12)),
    nationality("N-2", "ベトナム", BEFORE, old="中国"),
)


def test_what_turns_an_earlier_notice_back_waits_for_it(counter, family):
    taken(counter, *THERE_AND_BACK)
    assert [state(counter), state(counter, 3)] == [("matched", "MATCHED"), ("open", "ALREADY_SO")]
    assert batch(counter) == deciding.EnteredMatched(1, 0)
    deciding.look_again(counter.node, counter.clerk, (1, 3))
    assert state(counter, 3) == ("open", "ALREADY_SO")  # the change is not verified yet
    verify_entry(counter.node, counter.checker, waiting_entry(counter))
    looking.look_at_new(counter.node)
    assert state(counter, 3) == ("matched", "MATCHED")
    batch(counter)
    verify_entry(counter.node, counter.checker, waiting_entry(counter, 3))
    assert resident(counter, family[0].addressee_number).foreign.nationality == "ベトナム"


def test_what_turns_an_earlier_notice_back_is_closed_when_two_people_ended_that_one(counter, family):
    third = replace(THERE_AND_BACK[1], notice_id="N-3")
    taken(counter, *THERE_AND_BACK, third)
    assert [state(counter, 3), state(counter, 4)] == [("open", "ALREADY_SO")] * 2
    deciding.propose_ending(counter.node, counter.clerk, (1, 2), MojEnding.TAKEN_BACK, "取消し")
    deciding.confirm_ending(counter.node, counter.checker, (1, 2))
    looking.look_at_new(counter.node)
    assert [row(counter, 3).ending, row(counter, 4).ending] == ["ALREADY_SO", "ALREADY_SO"]


def test_an_earlier_notice_that_comes_late_does_not_undo_what_was_closed_as_said_already(counter, family):
    taken(counter, THERE_AND_BACK[1])
    assert (row(counter).ending, row(counter).whose) == ("ALREADY_SO", family[0].addressee_number)
    taken(counter, THERE_AND_BACK[0], serial=2)
    assert state(counter, serial=2) == ("open", "OUTDATED")


def test_a_change_verified_meanwhile_lets_the_other_notices_of_its_person_be_looked_at_again(counter, family):
    third = "GH00000000IJ"
    second = notice(
        MojChange.CARD, "N-2", person=replace(PERSON, card_number=NEW_CARD), items=MojItems(card_number=third)
    )
    taken(counter, notice(), second)
    assert [state(counter), state(counter, 3)] == [("matched", "MATCHED"), ("open", "DIFFERS")]
    batch(counter)
    verify_entry(counter.node, counter.checker, waiting_entry(counter))
    looking.look_at_new(counter.node)
    assert batch(counter) == deciding.EnteredMatched(1, 0)
    verify_entry(counter.node, counter.checker, waiting_entry(counter, 3))
    assert resident(counter, family[0].addressee_number).foreign.residence_card_number == third


def test_of_two_notices_the_older_one_is_not_entered_from_its_page_after_the_newer_one(counter, family):
    older, newer = nationality("N-1", "中国", date(2026, 11, 12)), nationality("N-2", "タイ", BEFORE)
    taken(counter, older, newer)
    assert [state(counter), state(counter, 3)] == [("matched", "MATCHED")] * 2
    done = entered(counter, newer, family[0], line=3)
    verify_entry(counter.node, counter.checker, done.entry_id)
    looking.look_at_new(counter.node)
    assert state(counter) == ("open", "OUTDATED")


def test_a_match_is_looked_at_again_when_its_change_is_entered_from_its_page(counter, family):
    node, number = counter.node, family[0].addressee_number
    taken(counter, notice())
    permit = corrections.permit_correction(node, counter.officer, number, "生年月日")
    right = Correction(number, DAY, permit.permit_id, "生年月日", birth_date=PartialDate(1990, 1, 3))
    done = enter(node, counter.clerk, right, draw_codes=counter.draw)
    assert isinstance(verify_entry(node, counter.checker, done.entry_id), EntryView)
    refused = entered(counter, notice(), family[0])
    assert isinstance(refused, Refusal)
    assert (refused.reason, refused.field) == (Reason.MOJ_NOTICE_CHANGED, "moj_notice")
    assert row(counter).state == "matched"


# what becomes of them


def test_a_second_notice_of_a_household_waits_until_the_first_is_verified(counter, family):
    taken(counter, notice(), notice(MojChange.NAME, "N-2"))
    assert batch(counter) == deciding.EnteredMatched(1, 1)
    assert (row(counter, 3).state, row(counter, 3).refused) == ("matched", "WAITS")
    verify_entry(counter.node, counter.checker, waiting_entry(counter))
    looking.look_at_new(counter.node)
    assert batch(counter) == deciding.EnteredMatched(1, 0)  # it names the number that was borne before either


def test_a_name_reaches_the_cs_and_keeps_the_alias(counter, family):
    taken(counter, notice(MojChange.NAME))
    batch(counter)
    before = len(counter.letters)
    verify_entry(counter.node, counter.checker, waiting_entry(counter))
    name = resident(counter, family[0].addressee_number).name
    assert (name.roman, name.alias) == ("NGUYEN VAN BINH", NAME.alias)
    bulk = counter.letters[before].content
    assert isinstance(bulk, HallBulk)
    assert [one.record.name_kanji for one in bulk.updates] == ["ＮＧＵＹＥＮ　ＶＡＮ　ＢＩＮＨ（阮　安）"]
    assert resident(counter, family[1].addressee_number).householder_name == name.kanji


def test_a_householder_who_left_is_not_struck_before_somebody_says_who_heads_the_rest(counter, family):
    third = as_guest(
        "子", "CC33333333CC", name=PersonName("ＬＥ　ＢＡ", roman="LE BA"), birth_date=PartialDate(2015, 2, 3)
    )
    more = MoveInNotice((third,), HERE, date(2026, 11, 10), DAY, "北海道函館市", MunicipalityCode("01202"),
                        household_number=family[0].household_number)  # fmt: skip
    arrived(counter, more)
    taken(counter, notice(MojChange.LEFT_JAPAN))
    assert batch(counter) == deciding.EnteredMatched(0, 1)
    assert row(counter).refused == "HOUSEHOLDER_MISSING"


def test_whoever_died_or_left_is_struck_and_the_cs_is_told(counter, family):
    wife = replace(PERSON, card_number=OTHER_CARD, roman="LE MAI", birth_date=PartialDate(1992, 2, 3))
    taken(counter, notice(MojChange.STAY_ENDED, person=wife))
    batch(counter)
    before = len(counter.letters)
    verify_entry(counter.node, counter.checker, waiting_entry(counter))
    assert not resident(counter, family[1].addressee_number).living
    assert len(counter.letters) == before + 1
    assert [one.act for one in told_in(counter, made(counter).serial)] == [MunicipalAct.STRUCK]


def test_a_draft_that_is_sent_back_opens_the_notice_again(counter, family):
    taken(counter, notice())
    batch(counter)
    withdraw_entry(counter.node, counter.clerk, waiting_entry(counter), why="違う")
    assert (row(counter).state, row(counter).entry_id) == ("new", None)
    looking.look_at_new(counter.node)
    assert batch(counter) == deciding.EnteredMatched(1, 0)
    reject_entry(counter.node, counter.checker, waiting_entry(counter), why="違う")
    looking.look_at_new(counter.node)
    assert (row(counter).state, row(counter).refused) == ("matched", "SENT_BACK")
    assert batch(counter) == deciding.EnteredMatched(0, 0)  # nobody enters it unseen
    assert isinstance(entered(counter, notice(), family[0]), EntryView)
    assert row(counter).refused == ""


def test_of_two_clerks_at_one_notice_the_second_one_is_refused(counter, family):
    taken(counter, notice())
    assert isinstance(entered(counter, notice(), family[0]), EntryView)
    second = entered(counter, notice(), family[0], who=counter.both)
    assert isinstance(second, Refusal)
    assert second.reason is Reason.REPORT_SETTLED


def test_a_matched_notice_is_closed_by_no_other_change_and_of_nobody_else(counter, family):
    taken(counter, notice())
    for change in (
        DeathEntry(family[0].addressee_number, BEFORE, BEFORE),
        replace(draft_of_notice(notice(), family[1], DAY), card_number="TT77777777TT"),
    ):
        done = deciding.enter_from_notice(
            counter.node, counter.clerk, change, (1, 2), draw_codes=counter.draw
        )
        assert isinstance(done, Refusal)
        assert (done.reason, done.field) == (Reason.MOJ_NOTICE_NOT_FITTING, "moj_notice")
    assert row(counter).state == "matched"


def test_a_family_that_left_together_is_told_that_a_notice_is_of_one_person(counter, family):
    taken(counter, notice(MojChange.LEFT_JAPAN))
    strike = draft_of_notice(notice(MojChange.LEFT_JAPAN), family[0], DAY)
    both = replace(strike, addressee_numbers=tuple(one.addressee_number for one in family))
    done = deciding.enter_from_notice(counter.node, counter.clerk, both, (1, 2), draw_codes=counter.draw)
    assert isinstance(done, Refusal)
    assert done.reason is Reason.MOJ_NOTICE_NOT_FITTING


def test_whoever_died_is_struck_whatever_characters_the_name_has(counter, move_in):
    (guest,) = arrived(counter, move_in(as_guest(name=PersonName("〓　安", roman="NGUYEN VAN AN"))))
    taken(counter, notice(MojChange.DEATH))
    assert isinstance(entered(counter, notice(MojChange.DEATH), guest), EntryView)


@pytest.mark.requirement("R-277")
def test_birth_date_and_sex_are_corrected_without_a_permit_only_from_a_notice_of_that(counter, family):
    number = family[0].addressee_number
    birth = ResidenceChange(number, BEFORE, BEFORE, card_number=NEW_CARD, birth_date=PartialDate(1990, 1, 3))
    for change in (birth, replace(birth, birth_date=None, sex=Sex.FEMALE)):
        untied = enter(counter.node, counter.clerk, change, draw_codes=counter.draw)
        assert isinstance(untied, Refusal)
        assert untied.reason is Reason.PERMIT_MISSING
    taken(counter, notice())
    tied = deciding.enter_from_notice(counter.node, counter.clerk, birth, (1, 2), draw_codes=counter.draw)
    assert isinstance(tied, Refusal)
    assert tied.reason is Reason.MOJ_NOTICE_NOT_FITTING
    right = notice(MojChange.BIRTH_DATE, "N-2")
    taken(counter, right, serial=2)
    assert batch(counter) == deciding.EnteredMatched(1, 1)


def test_changes_of_japanese_residents_ask_nothing_of_the_link(counter, move_in, comer, monkeypatch):
    head, wife = arrived(counter, move_in(comer(1), comer(2, "妻")))
    for name in ("close_recorded_notices", "release_notice", "look_again"):
        monkeypatch.setattr(moj_link, name, lambda *_: pytest.fail("asked"))
    died = DeathEntry(wife.addressee_number, DAY, DAY)
    sent = enter(counter.node, counter.clerk, died, draw_codes=counter.draw)
    assert isinstance(reject_entry(counter.node, counter.checker, sent.entry_id, why="x"), EntryView)
    done = enter(counter.node, counter.clerk, died, draw_codes=counter.draw)
    assert isinstance(verify_entry(counter.node, counter.checker, done.entry_id), EntryView)
    assert not resident(counter, wife.addressee_number).living
    assert head.living


def test_that_nothing_is_to_be_recorded_is_the_word_of_two_people(counter, family):
    node = counter.node
    taken(counter, notice(person=replace(PERSON, card_number="QQ99999999QQ", roman="NOBODY")))
    assert deciding.ask_about(node, counter.clerk, (1, 2), "東京入管に照会") is None
    assert (row(counter).state, row(counter).asked) == ("open", "東京入管に照会")
    blank = deciding.propose_ending(node, counter.clerk, (1, 2), MojEnding.NOBODY_HERE, " ")
    assert isinstance(blank, Refusal)
    assert blank.field == "why"
    by_machine = deciding.propose_ending(node, counter.clerk, (1, 2), MojEnding.RECORDED, "x")
    assert isinstance(by_machine, Refusal)
    assert deciding.propose_ending(node, counter.both, (1, 2), MojEnding.NOBODY_HERE, "該当なし") is None
    own = deciding.confirm_ending(node, counter.both, (1, 2))
    assert isinstance(own, Refusal)
    assert own.reason is Reason.SAME_PERSON
    assert deciding.decline_ending(node, counter.checker, (1, 2)) is None
    looking.look_at_new(node)
    assert deciding.propose_ending(node, counter.clerk, (1, 2), MojEnding.NOBODY_HERE, "該当なし") is None
    assert deciding.confirm_ending(node, counter.checker, (1, 2)) is None
    closed = row(counter)
    assert (closed.state, closed.ending, closed.proposed_by, closed.closed_by, closed.body, closed.why) == (
        "closed", "NOBODY_HERE", counter.clerk.login_id, counter.checker.login_id, None, "該当なし",
    )  # fmt: skip
    again = deciding.confirm_ending(node, counter.checker, (1, 2))
    assert isinstance(again, Refusal)
    assert again.reason is Reason.REPORT_SETTLED


def test_why_nothing_was_recorded_is_kept_a_year_and_as_long_for_the_officer_alone_where_somebody_is_covered(
    counter, family, clock
):
    node = counter.node
    taken(counter, notice())
    assert deciding.propose_ending(node, counter.clerk, (1, 2), MojEnding.OVERTAKEN, "転出した") is None
    assert deciding.confirm_ending(node, counter.checker, (1, 2)) is None
    view = showing.moj_notice_view(node, counter.clerk, (1, 2))
    assert isinstance(view, MojView)
    assert (view.why, view.notice) == ("転出した", None)
    cover(counter, family[0])
    refused = showing.moj_notice_view(node, counter.clerk, (1, 2))
    assert isinstance(refused, Refusal)
    (line,) = showing.closed_moj_notices(node, counter.clerk)
    assert line.hidden
    clock.move(timedelta(days=366))
    telling.municipal_forgetting(node).work()
    assert (row(counter).why, row(counter).whose, list(row(counter).people)) == ("", None, [])


def test_the_database_lets_no_one_person_end_a_notice(counter, family):
    taken(counter, notice())
    with pytest.raises(psycopg.errors.CheckViolation), counter.node.store.unit() as unit:
        unit.execute(
            "update register.moj_notice set state = 'closed', ending = 'NOBODY_HERE', closed_by = 'a', body = null,"
            " closed_at = now()"
        )


def test_who_is_covered_is_left_to_the_officer(counter, family):
    cover(counter, family[0])
    taken(counter, notice())
    assert batch(counter) == deciding.EnteredMatched(0, 1)
    view = showing.moj_overview(counter.node, counter.clerk)
    assert isinstance(view, MojOverview)
    (line,) = view.waiting["matched"]
    assert (line.hidden, line.person) == (True, "")
    for done in (
        showing.moj_notice_view(counter.node, counter.clerk, (1, 2)),
        deciding.ask_about(counter.node, counter.clerk, (1, 2), "照会"),
        deciding.propose_ending(counter.node, counter.clerk, (1, 2), MojEnding.OVERTAKEN, "x"),
    ):
        assert isinstance(done, Refusal)
        assert done.reason is Reason.PROTECTED
    assert row(counter).state == "matched"
    assert isinstance(showing.moj_notice_view(counter.node, OFFICER, (1, 2)), MojView)
    assert batch(counter, OFFICER) == deciding.EnteredMatched(1, 0)
    assert len(lines_about(counter.node, "protection:record:kept_back")) == 3


def cover(counter, record) -> None:
    number = protection.apply_for_protection(counter.node, OFFICER, application(record))
    assert not isinstance(number, Refusal), number


# what the town tells


@pytest.mark.requirement("R-233")
def test_every_change_of_a_foreign_resident_is_in_exactly_one_file(counter, family):
    first = told_in(counter, 1)
    assert sorted(one.act for one in first) == [MunicipalAct.ENTERED] * 2
    assert {one.card_number for one in first} == {CARD, OTHER_CARD}
    nothing = made(counter)
    assert isinstance(nothing, Refusal)
    assert nothing.reason is Reason.NOTHING_OWED
    taken(counter, notice())
    batch(counter)
    verify_entry(counter.node, counter.checker, waiting_entry(counter))
    assert made(counter) == MadeFile(2, 1, 0)
    (told,) = told_in(counter, 2)
    assert (told.act, told.card_number, told.about) == (MunicipalAct.AMENDED, NEW_CARD, "N-1")
    assert told_in(counter, 2) == (told,)
    assert len(lines_about(counter.node, "ministry:report:made")) == 3


def test_two_clerks_who_make_a_file_at_once_put_nothing_into_two(counter, move_in):
    arrived(counter, move_in(as_guest()))
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda _: made(counter), range(3)))
    assert [one for one in done if isinstance(one, MadeFile)] == [MadeFile(1, 1, 0)]


def test_a_change_that_is_turned_back_is_told_too_and_a_japanese_never(counter, move_in, comer):
    (japanese,) = arrived(counter, move_in(comer(1)))
    assert isinstance(made(counter), Refusal)
    (guest,) = arrived(counter, move_in(as_guest()))
    with counter.node.store.reading() as unit:
        entry_id = register.entries_of(unit, guest.addressee_number)[0].id
    undone = enter(counter.node, counter.clerk, Cancellation(entry_id, DAY, "誤り"), draw_codes=counter.draw)
    assert isinstance(undone, EntryView), undone
    verify_entry(counter.node, counter.checker, undone.entry_id)
    assert made(counter) == MadeFile(1, 2, 0)
    assert [one.act for one in told_in(counter, 1)] == [MunicipalAct.ENTERED, MunicipalAct.STRUCK]
    assert japanese.addressee_number != guest.addressee_number


@pytest.mark.requirement("R-235")
def test_a_character_without_a_code_keeps_a_notice_and_what_follows_out_of_files_but_is_never_lost(
    counter, move_in
):
    odd = as_guest(name=PersonName("\ue001　一", roman="UE HAJIME"))
    (guest,) = arrived(counter, move_in(odd))
    assert made(counter) == MadeFile(0, 0, 1)
    view = telling.municipal_overview(counter.node, counter.clerk)
    assert isinstance(view, MunicipalOverview)
    (stuck,) = view.stuck
    assert [(one.item, text) for one, text in stuck.items] == [("name", "\ue001　一")]
    later = enter(counter.node, counter.clerk, draft_of_notice(notice(), guest, DAY), draw_codes=counter.draw)
    verify_entry(counter.node, counter.checker, later.entry_id)
    assert isinstance(made(counter), Refusal)  # the Ministry reads changes in their order
    wrong = telling.write_otherwise(counter.node, counter.clerk, stuck.id, {"name": "\ue002"})
    assert isinstance(wrong, Refusal)
    assert (wrong.reason, wrong.field) == (Reason.CHARACTER_WITHOUT_CODE, "name")
    assert telling.write_otherwise(counter.node, counter.both, stuck.id, {"name": "上　一"}) is None
    assert isinstance(made(counter), Refusal)  # nor does one person say how a name is written
    own = telling.decide_written(counter.node, counter.both, stuck.id, right=True)
    assert isinstance(own, Refusal)
    assert own.reason is Reason.SAME_PERSON
    assert isinstance(telling.decide_written(counter.node, counter.clerk, stuck.id, right=True), Refusal)
    assert telling.decide_written(counter.node, counter.both, stuck.id, right=False) is None
    assert telling.write_otherwise(counter.node, counter.clerk, stuck.id, {"name": "上　一"}) is None
    assert telling.decide_written(counter.node, counter.checker, stuck.id, right=True) is None
    assert {one["detail"]["items"] for one in lines_about(counter.node, "ministry:report:written")} == {
        "name"
    }
    twice = telling.write_otherwise(counter.node, counter.clerk, stuck.id, {"name": "上　一"})
    assert isinstance(twice, Refusal)
    # The later change has the same name, and is written otherwise on its own, as it was before.
    assert made(counter) == MadeFile(1, 1, 1)
    (again,) = telling.municipal_overview(counter.node, counter.clerk).stuck
    assert dict(again.written) == {"name": "上　一"}
    assert [one.name for one in told_in(counter, 1)] == ["上　一"]


def test_a_character_that_two_people_identified_since_goes_out_by_itself_and_in_the_order_of_changes(
    counter, move_in
):
    (guest,) = arrived(counter, move_in(as_guest(name=PersonName(f"渡{OWN}　一", roman="WATANABE HAJIME"))))
    assert made(counter) == MadeFile(0, 0, 1)
    assert isinstance(made(counter), Refusal)
    change = draft_of_notice(notice(), guest, DAY)
    later = enter(counter.node, counter.clerk, change, draw_codes=counter.draw)
    verify_entry(counter.node, counter.checker, later.entry_id)
    glyph = character_tables().glyphs.written("辺")
    assert glyph is not None
    identified(counter, glyph.name)
    view = telling.municipal_overview(counter.node, counter.clerk)
    assert [one.items for one in view.stuck] == [()]
    assert made(counter) == MadeFile(1, 2, 0)
    told = told_in(counter, 1)
    assert [one.act for one in told] == [MunicipalAct.ENTERED, MunicipalAct.AMENDED]
    assert all(OWN not in one.name and "〓" not in one.name for one in told)


def test_a_file_that_tells_of_somebody_covered_is_for_the_officer_alone(counter, move_in):
    (guest,) = arrived(counter, move_in(as_guest()))
    assert made(counter) == MadeFile(1, 1, 0)
    cover(counter, guest)
    refused = telling.fetch_municipal_file(counter.node, counter.clerk, 1)
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.PROTECTED
    with counter.node.store.reading() as unit:
        assert moj_link.made_files(unit, limit_rows=1)[0].handed_at is None
    assert isinstance(telling.fetch_municipal_file(counter.node, OFFICER, 1), bytes)


def test_where_somebody_left_a_protected_person_is_for_the_officer_alone(counter, move_in, comer):
    node = counter.node
    mother, child = arrived(
        counter, move_in(comer(1), as_guest("子", name=PersonName("\ue001　一", roman="UE HAJIME")))
    )
    written_otherwise(counter)
    away = Address(HOME, "架空町二丁目", "9番1号", "", "1000001", "")
    move = MoveWithinNotice((child.addressee_number,), away, DAY, DAY)
    moved = enter(node, counter.clerk, move, draw_codes=counter.draw, reception=AT_COUNTER)
    assert isinstance(verify_entry(node, counter.checker, moved.entry_id), EntryView)
    cover(counter, mother)
    assert made(counter) == MadeFile(0, 0, 1)
    view = telling.municipal_overview(node, counter.clerk)
    assert isinstance(view, MunicipalOverview)
    assert [(one.hidden, one.items) for one in view.stuck] == [(True, ())]
    refused = telling.write_otherwise(node, counter.clerk, view.stuck[0].id, {"name": "上　一"})
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.PROTECTED
    written_otherwise(counter, OFFICER)
    kept = telling.fetch_municipal_file(node, counter.clerk, 2)
    assert isinstance(kept, Refusal)
    assert kept.reason is Reason.PROTECTED
    content = telling.fetch_municipal_file(node, OFFICER, 2)
    assert isinstance(content, bytes)
    assert HERE.town in content.decode()


def written_otherwise(counter, who=None) -> None:
    """Write the one that is stuck otherwise, and put it into a file."""
    made(counter)
    view = telling.municipal_overview(counter.node, who or counter.clerk)
    (stuck,) = view.stuck
    done = telling.write_otherwise(counter.node, who or counter.clerk, stuck.id, {"name": "上　一"})
    assert done is None, done
    second = replace(
        who or counter.checker, login_id="second", roles=(*(who or counter.checker).roles, Role.VERIFIER)
    )
    assert telling.decide_written(counter.node, second, stuck.id, right=True) is None
    assert made(counter).notices == 1


def test_what_waits_behind_something_stuck_keeps_nobody_else_out_of_the_next_file(
    counter, move_in, monkeypatch
):
    monkeypatch.setattr(telling, "IN_ONE_FILE", 1)
    (odd,) = arrived(counter, move_in(as_guest(name=PersonName("\ue001　一", roman="UE HAJIME"))))
    assert made(counter) == MadeFile(0, 0, 1)
    change = draft_of_notice(notice(), odd, DAY)
    later = enter(counter.node, counter.clerk, change, draw_codes=counter.draw)
    verify_entry(counter.node, counter.checker, later.entry_id)
    arrived(counter, move_in(as_guest(card=OTHER_CARD, name=PersonName("ＬＥ　ＭＡＩ", roman="LE MAI"))))
    assert made(counter) == MadeFile(1, 1, 0)
    assert [one.card_number for one in told_in(counter, 1)] == [OTHER_CARD]


def test_what_a_file_said_is_forgotten_after_a_year(counter, family, clock):
    job = telling.municipal_forgetting(counter.node)
    assert job.work() is False
    assert isinstance(telling.fetch_municipal_file(counter.node, counter.clerk, 1), bytes)
    clock.move(timedelta(days=366))
    job.work()
    over = telling.fetch_municipal_file(counter.node, counter.clerk, 1)
    assert isinstance(over, Refusal)
    assert over.reason is Reason.RETENTION_OVER


@pytest.mark.requirement("R-470")
def test_whoever_is_destroyed_is_meant_by_no_notice_and_named_by_none_of_ours(counter, family):
    keeping.settled(counter)
    taken(counter, notice(MojChange.STATUS, person=replace(PERSON, birth_date=PartialDate(1990, 1, 3))))
    assert row(counter).whose == family[0].addressee_number
    wife = replace(PERSON, card_number=OTHER_CARD, roman="LE MAI", birth_date=PartialDate(1992, 2, 3))
    taken(
        counter,
        notice(MojChange.NATIONALITY, "N-2", person=wife, items=MojItems(nationality="ベトナム")),
        serial=2,
    )
    assert (row(counter, serial=2).state, row(counter, serial=2).whose) == (
        "closed",
        family[1].addressee_number,
    )
    keeping.struck(counter, family)
    assert made(counter) == MadeFile(2, 2, 0)
    counter.node.clock.instant = keeping.LAST_DAY + timedelta(days=1)
    keeping.done(counter, keeping.approved(counter).line.number)
    assert keeping.asked(counter, "select count(*) from register.resident") == [(0,)]
    assert (row(counter).whose, list(row(counter).people), row(counter, serial=2).whose) == (None, [], None)
    assert keeping.asked(counter, "select count(*) from register.municipal_notice") == [(0,)]
