"""Records as the database keeps them: what was written before this version is read, and nothing of a day is lost."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from tests.rules.people.test_written_dates import written_dates
from tests.rules.register.conftest import DAY, Town, arriving, record
from tests.rules.register.test_birth_written import WORDS, born, moved_in

from daicho.nodes.registry.bodies import entry_body, read_entry, read_record, record_body, resident_row
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.written_dates import text_of_day
from daicho.rules.register.birth import BirthEntry
from daicho.wire.codecs.letters import Unreadable, decode, encode


def before(body):
    """Write a body as it was written before a record knew the words of its birth date."""
    told = json.loads(body)
    for one in (told, *told.get("before", ()), *told.get("after", ())):
        one.pop("birth_written", None)
    return json.dumps(told, ensure_ascii=False)


@pytest.mark.parametrize(
    "day", [PartialDate(1970, 3, 10), PartialDate(1970, 3, None), PartialDate(1970, None, None), PartialDate(None, 5, 1),
            PartialDate(None, None, None)],
)  # fmt: skip
def test_a_record_of_before_is_read_and_written_with_nothing_more(day):
    one = record(1, birth_date=day)
    body = before(record_body(one))
    assert "birth_written" not in body
    assert read_record(body) == one
    assert record_body(read_record(body)) == record_body(one)


def test_a_change_of_before_is_read():
    entry = Town().settle(record(1)).file(
        BirthEntry(arriving(1, "子", birth_date=PartialDate.of(DAY)), 1, DAY, DAY)
    )  # fmt: skip
    assert read_entry(before(entry_body(entry))) == entry


@pytest.mark.parametrize("words", WORDS)
def test_a_record_and_a_change_keep_every_form(words):
    entry = moved_in(**born(words))
    assert read_entry(entry_body(entry)) == entry
    assert read_record(record_body(entry.after[0])) == entry.after[0]


@given(written_dates())
def test_every_day_comes_back_from_the_database_as_it_was_written_and_is_found_by_its_key(told):
    one = record(1, birth_date=told.folded, birth_written=told.kept)
    again = read_record(record_body(one))
    assert again == one
    assert text_of_day(again.birth_date, again.birth_written, western=False) == told.japanese()
    row = resident_row(one, 1)
    assert row.birth == str(told.folded)
    assert row.birth.startswith(told.folded.search_key())


def test_the_words_are_no_part_of_a_day_that_travels():
    written = json.loads(encode(PartialDate(1970, 3, None)))
    assert written == {"year": 1970, "month": 3, "day": None}
    with pytest.raises(Unreadable):
        decode(PartialDate, json.dumps(written | {"written": "昭和45年3月頃"}).encode())
    with pytest.raises(Unreadable):
        decode(PartialDate, json.dumps(written | {"month": 2, "day": 30}).encode())
    assert replace(PartialDate(1970, 3, None), month=2) == PartialDate(1970, 2, None)
