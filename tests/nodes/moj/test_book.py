"""The stand-in of the Ministry: it knows people from files alone, takes each file once, and has it all after a restart."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from tests.rules.moj_link.test_moj_link import CARD, HELD, HOME, NEW_CARD, PERSON, entry_of, foreigner

from daicho.cli.ministry_terminal import answering
from daicho.nodes.clock import FixedClock
from daicho.nodes.moj import journal
from daicho.nodes.moj.book import NO_NAME_YET, Book, Taken
from daicho.nodes.moj.journal import Happened, JournalDamaged, JournalInUse
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.moj_link.files import MojFileHead, MojFileKind, read_moj_file, write_municipal_file
from daicho.rules.moj_link.municipal import MunicipalAct, municipal_notice
from daicho.rules.moj_link.notice import MojChange, MojItems, MojNotice
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.names import PersonName
from daicho.rules.people.sex import Sex

TODAY = date(2026, 11, 20)
OTHER = MunicipalityCode("01202")
TOWNS = {HOME: "千代田区", OTHER: "函館市"}


def told(record, act=MunicipalAct.ENTERED, notice_id="e-1", about=""):
    made = municipal_notice(entry_of((None, record)), record.addressee_number, act, notice_id, about)
    assert made is not None
    return made


def town_file(*notices, serial=1, town=HOME, made_on=TODAY) -> bytes:
    head = MojFileHead(MojFileKind.MUNICIPAL_NOTICE, town, serial, made_on, len(notices))
    return write_municipal_file(head, notices)


def a_notice(change=MojChange.CARD, items=None, happened=TODAY) -> MojNotice:
    items = items or MojItems(card_number=NEW_CARD)
    return MojNotice(NO_NAME_YET, change, happened, happened, PERSON, items)


@pytest.fixture
def opened(tmp_path):
    """Open the book; the process that had it before has ended."""
    clock = FixedClock(datetime(2026, 11, 20, 1, 5, tzinfo=UTC))
    before: list[Book] = []

    def begin():
        while before:
            before.pop().close()
        before.append(Book(tmp_path, TOWNS, clock))
        return before[0]

    yield begin
    while before:
        before.pop().close()


@pytest.fixture
def book(opened):
    one = opened()
    assert one.take(town_file(told(foreigner()))) == Taken(HOME, 1)
    return one


def the_one(book, town=HOME):
    (found,), count = book.people(town)
    assert count == 1
    return found


def made_of(book, town=HOME):
    """Press the button below what is shown."""
    return book.make(town, book.waiting(town)[-1].number)


def seen(book):
    return book.towns(), book.history(), book.waiting(HOME), book.people(HOME), book.people(OTHER)


def test_the_same_file_again_changes_nothing_and_another_under_its_serial_is_refused(book):
    before = seen(book)
    again = book.take(town_file(told(foreigner())))
    assert isinstance(again, Taken)
    assert again.again
    other = book.take(town_file(told(foreigner(), notice_id="e-2")))
    assert isinstance(other, Refusal)
    assert other.reason is Reason.SERIAL_TAKEN
    assert seen(book) == before


@pytest.mark.parametrize(("content", "reason"), [
    (town_file(told(foreigner()), town=MunicipalityCode("27100")), Reason.OTHER_MUNICIPALITY),
    (town_file(told(foreigner()), serial=2, made_on=date(2026, 11, 21)), Reason.DATE_IN_FUTURE),
])  # fmt: skip
def test_a_file_of_elsewhere_or_of_a_day_to_come_is_refused(book, content, reason):
    refused = book.take(content)
    assert isinstance(refused, Refusal)
    assert refused.reason is reason
    assert len(book.history()) == 1


def test_a_faulty_file_is_told_by_line_and_kept_nowhere(book):
    done = book.take(town_file(told(foreigner()), serial=2).replace(b"ENTERED", b"ENTRED"))
    assert isinstance(done, Taken)
    assert [(one.line, one.column) for one in done.faults] == [(2, "act")]
    assert len(book.history()) == 1


def test_everything_is_there_after_a_restart_and_a_half_written_entry_was_never_there(book, opened, tmp_path):
    key = the_one(book).key
    assert book.note(a_notice(), key) is None
    assert book.answer(HOME, 1, answering) == 1
    assert book.note(a_notice(MojChange.DEATH, MojItems()), key) is None
    (tmp_path / "journal" / ".new").write_bytes(b'{"number"')
    again = opened()
    assert seen(again) == seen(book)
    assert made_of(again) == 2
    assert seen(opened()) == seen(again)


def test_an_end_right_after_an_entry_was_kept_costs_no_entry(book, opened, tmp_path):
    """The name under which it was written may still stand beside the entry's own."""
    journal = tmp_path / "journal"
    (journal / ".new").hardlink_to(journal / "00000001.json")
    again = opened()
    assert again.note(a_notice(), the_one(again).key) is None
    assert seen(opened()) == seen(again)


def test_a_missing_entry_is_named_and_not_passed_over(book, opened, tmp_path):
    assert book.note(a_notice(), the_one(book).key) is None
    (tmp_path / "journal" / "00000001.json").unlink()
    with pytest.raises(JournalDamaged, match="00000001"):
        opened()


def test_a_file_is_answered_once_also_by_two_at_a_time(book):
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: book.answer(HOME, 1, answering), range(4)))
    assert made == [1] * 4
    assert [one.happened for one in book.history()] == [Happened.SENT, Happened.RECEIVED]
    assert book.received(HOME, 1).line.about == 1


def test_a_town_that_tells_of_nobody_left_is_not_answered(opened):
    book = opened()
    book.take(town_file(told(foreigner(), MunicipalAct.STRUCK)))
    refused = book.answer(HOME, 1, answering)
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.NOTHING_OWED


def test_notices_wait_until_their_file_is_made_are_named_in_it_and_are_in_no_other(book):
    key = the_one(book).key
    assert book.note(a_notice(), key) is None
    assert book.note(a_notice(), key) is None
    assert len(book.waiting(HOME)) == 1, "the form was sent twice"
    assert book.note(a_notice(MojChange.LEFT_JAPAN, MojItems()), key) is None
    assert made_of(book) == 1
    file = read_moj_file(book.content(HOME, 1))
    assert file.faults == ()
    assert [(one.notice_id, one.change) for one in file.notices] == [
        ("DEMO-000001-001", MojChange.CARD),
        ("DEMO-000001-002", MojChange.LEFT_JAPAN),
    ]
    refused = book.make(HOME, 10**6)
    assert isinstance(refused, Refusal)
    assert book.waiting(HOME) == []


def test_a_notice_that_was_taken_back_is_in_no_file(book, opened):
    assert book.note(a_notice(), the_one(book).key) is None
    (waits,) = book.waiting(HOME)
    assert book.withdraw(waits.number) is None
    assert isinstance(book.make(HOME, waits.number), Refusal)
    assert opened().waiting(HOME) == []


@pytest.mark.parametrize(("notice", "field"), [
    (a_notice(items=MojItems(card_number="X1")), "new_card_number"),
    (a_notice(happened=date(2026, 11, 21)), "notified_on"),
    (replace(a_notice(), happened_on=date(2026, 11, 20), notified_on=date(2026, 11, 19)), "notified_on"),
    (a_notice(MojChange.STATUS, MojItems(period="1年")), "new_status"),
])  # fmt: skip
def test_a_notice_that_no_town_could_read_is_refused_with_its_field(book, notice, field):
    refused = book.note(notice, the_one(book).key)
    assert isinstance(refused, Refusal)
    assert refused.field == field
    assert book.waiting(HOME) == []


def test_who_has_a_new_card_is_known_by_it_and_the_town_says_that_it_is_recorded(book):
    known = the_one(book)
    book.note(a_notice(), known.key)
    made_of(book)
    assert the_one(book).person.card_number == NEW_CARD
    changed = foreigner(foreign=replace(HELD, residence_card_number=NEW_CARD))
    book.take(town_file(told(changed, MunicipalAct.AMENDED, "e-2", about="DEMO-000001-001"), serial=2))
    assert the_one(book).key == known.key
    assert book.sent(HOME, 1).recorded == {"DEMO-000001-001": 2}


def test_somebody_who_moves_is_one_person_and_the_former_town_speaks_of_them_no_more(book):
    key = the_one(book).key
    book.take(town_file(told(foreigner()), town=OTHER))
    book.take(town_file(told(foreigner(), MunicipalAct.STRUCK, "e-2"), serial=2))
    assert book.people(HOME) == ([], 0)
    moved = the_one(book, OTHER)
    assert (moved.key, moved.living) == (key, True)
    book.take(town_file(told(foreigner(), MunicipalAct.STRUCK, "e-3"), serial=2, town=OTHER))
    assert not the_one(book, OTHER).living


def test_two_of_one_name_and_birth_date_are_two_people_by_their_cards(opened):
    book = opened()
    twin = foreigner(2, foreign=replace(HELD, residence_card_number="ZZ00000000ZZ"))
    book.take(town_file(told(foreigner()), told(twin, notice_id="e-2")))
    assert [one.person.card_number for one in book.people(HOME)[0]] == [CARD, "ZZ00000000ZZ"]


def test_people_are_found_by_a_part_of_their_name_or_number(opened):
    book = opened()
    other = foreigner(
        2, name=PersonName("阮　文安", roman="RUAN WENAN"),
        foreign=replace(HELD, residence_card_number="ZZ00000000ZZ"),
    )  # fmt: skip
    book.take(town_file(told(foreigner()), told(other, notice_id="e-2")))
    for words, count in (
        ("nguyen", 1),
        ("文安", 1),
        ("zz0000", 1),
        ("ＮＧＵ", 1),
        ("阮 文", 1),
        ("", 2),
        ("NOBODY", 0),
    ):
        assert book.people(HOME, words)[1] == count, words


def test_a_towns_list_is_taken_once_and_leaves_the_towns_own_serials_free(tmp_path, opened):
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "13101.txt").write_bytes(town_file(told(foreigner())))
    assert the_one(opened()).living
    book = opened()
    assert [one.happened for one in book.history()] == [Happened.LIST]
    assert book.take(town_file(told(foreigner(), notice_id="e-7"))) == Taken(HOME, 1)
    assert the_one(book).key == 1
    assert [(one.received, one.people) for one in book.towns()] == [(1, 1), (0, 0)]


def test_a_button_that_is_pressed_twice_does_it_once_and_says_the_same(book, opened):
    key = the_one(book).key
    book.note(a_notice(), key)
    book.note(a_notice(MojChange.DEATH, MojItems()), key)
    first, last = (one.number for one in book.waiting(HOME))
    assert book.withdraw(first) is None
    assert book.withdraw(first) is None
    assert [book.make(HOME, last) for _ in range(2)] == [1, 1]
    book.note(a_notice(MojChange.STAY_ENDED, MojItems()), key)
    assert opened().make(HOME, last) == 1, "what came after the page was shown is not in its file"
    assert len(book.sent(HOME, 1).notices) == 1


def test_a_second_process_is_refused_by_the_folders_name(book, tmp_path):
    with pytest.raises(JournalInUse, match="journal"):
        Book(tmp_path, TOWNS, FixedClock(datetime(2026, 11, 20, 1, 5, tzinfo=UTC)))
    assert book.note(a_notice(), the_one(book).key) is None


class Ended(BaseException):
    """The process has ended."""


def test_a_fault_behind_a_kept_entry_ends_the_process_and_the_next_start_has_the_entry(
    book, opened, monkeypatch
):
    def end(code):
        raise Ended

    def fail(folder):
        raise OSError(5, "no such luck")

    key = the_one(book).key
    with monkeypatch.context() as patched:
        patched.setattr(journal.os, "_exit", end)
        patched.setattr(journal, "_keep_names", fail)
        with pytest.raises(Ended):
            book.note(a_notice(), key)
    again = opened()
    assert len(again.waiting(HOME)) == 1
    assert made_of(again) == 1


def test_a_full_disk_leaves_nothing_behind_and_the_next_act_is_kept(book, opened, monkeypatch):
    def fail(descriptor):
        raise OSError(28, "full")

    key = the_one(book).key
    with monkeypatch.context() as patched:
        patched.setattr(journal.os, "fsync", fail)
        with pytest.raises(OSError, match="full"):
            book.note(a_notice(), key)
    assert book.waiting(HOME) == []
    assert book.note(a_notice(), key) is None
    assert seen(opened()) == seen(book)


@pytest.mark.parametrize(("old", "new"), [
    (b'"about":1,"line":2', b'"about":1,"line":9'),
    (b'"about":1,"line":2', b'"about":1'),
    (b"\\tCARD\\t", b"\\tCURD\\t"),
    (b'"happened":"noted"', b'"happened":"withdrawn"'),
    (b"DAICHO", b"\xff\xfe"),
])  # fmt: skip
def test_an_entry_that_cannot_be_understood_stops_the_start_by_name(book, opened, tmp_path, old, new):
    book.note(a_notice(), the_one(book).key)
    file = tmp_path / "journal" / "00000002.json"
    content = file.read_bytes()
    assert old in content
    file.write_bytes(content.replace(old, new))
    with pytest.raises(JournalDamaged, match="00000002"):
        opened()


def test_a_faulty_list_is_told_to_the_log_and_one_that_comes_later_is_taken(tmp_path, opened, caplog):
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "13101.txt").write_bytes(b"x")
    book = opened()
    assert "13101.txt" in caplog.text
    (tmp_path / "lists" / "01202.txt").write_bytes(town_file(told(foreigner()), town=OTHER))
    book.take_lists()
    assert the_one(book, OTHER).living


def test_people_of_two_towns_lists_are_two_though_named_alike(tmp_path, opened):
    (tmp_path / "lists").mkdir()
    for town in TOWNS:
        one = foreigner(foreign=replace(HELD, residence_card_number=None))
        (tmp_path / "lists" / f"{town}.txt").write_bytes(town_file(told(one), town=town))
    book = opened()
    assert the_one(book).key != the_one(book, OTHER).key


@pytest.mark.parametrize("otherwise", [
    {"sex": Sex.FEMALE}, {"foreign": replace(HELD, nationality="ブラジル", residence_card_number=None)},
])  # fmt: skip
def test_who_differs_in_sex_or_nationality_is_somebody_else_of_the_same_name(opened, otherwise):
    book = opened()
    nameless = {"foreign": replace(HELD, residence_card_number=None)}
    book.take(town_file(told(foreigner(**nameless))))
    book.take(town_file(told(foreigner(**(nameless | otherwise))), town=OTHER))
    assert the_one(book).key != the_one(book, OTHER).key


def test_a_town_that_never_said_that_somebody_came_amends_whom_the_other_one_struck(book):
    key = the_one(book).key
    book.take(town_file(told(foreigner(), MunicipalAct.AMENDED), town=OTHER))
    assert book.people(OTHER) == ([], 0), "the other town has them still"
    book.take(town_file(told(foreigner(), MunicipalAct.STRUCK, "e-2"), serial=2))
    book.take(town_file(told(foreigner(), MunicipalAct.AMENDED, "e-3"), serial=2, town=OTHER))
    assert (the_one(book, OTHER).key, the_one(book, OTHER).living) == (key, True)
