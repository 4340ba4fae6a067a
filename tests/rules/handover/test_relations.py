"""What lines say of each other: nobody twice, nothing that refers to nobody, nothing that is silently missing."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from tests.rules.register.conftest import HOME, code, record

from daicho.rules.handover.entries import EntryLine
from daicho.rules.handover.layout import HandoverFile
from daicho.rules.handover.relations import FolderRelations
from daicho.rules.law.refusal import Reason
from daicho.rules.people.codes import IndividualNumber, MunicipalityCode, with_check_digit
from daicho.rules.register.reasons import ChangeKind, ChangeReason, Ground
from daicho.rules.register.record import Removal, ScheduledMoveOut
from daicho.rules.retention.disposal import HoldReason

KEPT_FROM = date(2014, 6, 20)
AT = datetime(2026, 11, 20, tzinfo=UTC)
DEAD = Removal(ChangeReason.DEATH, date(2020, 1, 2), date(2020, 1, 5))


def number(place):
    return IndividualNumber(with_check_digit(f"{place:011d}"))


class Folder:
    """A folder line by line; faults gather."""

    def __init__(self) -> None:
        self.relations = FolderRelations(HOME, KEPT_FROM)
        self.faults = []
        self.line = 1

    def _next(self):
        self.line += 1
        return self.line

    def resident(self, who, versions=1, own=None, since=date(2015, 10, 5)):
        values = {
            "addressee_number": who,
            "versions": versions,
            "individual_number": own,
            "number_effective_on": since,
        }
        self.faults += self.relations.resident(self._next(), values)

    def version(self, one, version=1, entry=""):
        values = {"addressee_number": one.addressee_number, "version": version, "entry_id": entry}
        self.faults += self.relations.version(self._next(), values, one)

    def household(self, home, head, members):
        values = {"household_number": home, "householder": head, "members": members}
        self.faults += self.relations.household(self._next(), values)

    def entry(self, entry_id, **items):
        made = EntryLine(
            entry_id, ChangeKind.MOVE_IN, ChangeReason.MOVE_IN, date(2026, 1, 1), date(2026, 1, 1), "a", AT, "b", AT,
            Ground.NOTICE, **items,
        )  # fmt: skip
        self.faults += self.relations.entry(self._next(), made)

    def hold(self, who, reason=HoldReason.LITIGATION):
        self.faults += self.relations.hold(self._next(), {"addressee_number": who, "reason": reason})

    def end(self):
        self.faults += self.relations.at_end()
        return self.said()

    def versions_end(self):
        self.faults += self.relations.versions_end()

    def said(self):
        return [(fault.file, fault.field, fault.reason) for fault in self.faults]


@pytest.fixture
def folder():
    return Folder()


LONG_AGO = Removal(ChangeReason.DEATH, date(2013, 1, 2), date(2014, 6, 19))


def test_a_record_whose_years_are_over_does_not_come_in(folder) -> None:
    """令34条1項: what was struck before 2014-06-20 was over after five years, and is provided to nobody."""
    town(folder, record(1, removal=LONG_AGO), record(2, removal=DEAD))
    folder.versions_end()
    assert folder.end() == [("versions.csv", "removed_on", Reason.RETENTION_OVER)]


def test_what_somebody_holds_comes_in_after_its_years(folder) -> None:
    town(folder, record(1, removal=LONG_AGO))
    folder.versions_end()
    folder.hold(1)
    assert folder.end() == []


def test_a_hold_is_of_somebody_who_is_there_and_for_a_reason_that_people_give(folder) -> None:
    town(folder, record(1, removal=DEAD))
    folder.versions_end()
    folder.hold(1, HoldReason.PROTECTION)
    folder.hold(7)
    assert folder.end() == [
        ("holds.csv", "reason", Reason.FIELD_UNKNOWN_VALUE),
        ("holds.csv", "addressee_number", Reason.REFERENCE_MISSING),
    ]


def test_who_is_to_head_a_household_is_there(folder) -> None:
    plan = ScheduledMoveOut(
        date(2026, 12, 1), date(2026, 11, 20), "北海道函館市", None, abroad=False, by_card=False, successor=9
    )
    town(folder, record(1, scheduled_move_out=plan))
    folder.versions_end()
    assert ("versions.csv", "scheduled_relations", Reason.REFERENCE_MISSING) in folder.said()


def town(folder, *records):
    for one in records:
        folder.resident(one.addressee_number)
    for one in records:
        folder.version(one)
    folder.versions_end()


def test_a_town_that_goes_together_has_no_fault(folder) -> None:
    folder.resident(1, 2, number(1))
    folder.resident(2, 1)
    folder.resident(3, 1)
    folder.version(record(1, relationship="子"), 1, "e1")
    folder.version(record(1), 2, "e2")
    folder.version(record(2, relationship="妻"), 1, "e1")
    folder.version(record(3, relationship="長男", removal=DEAD), 1)
    folder.versions_end()
    folder.household(1, 1, 2)
    folder.entry("e1", subjects=(1, 2))
    folder.entry("e2", cancels="e1", permit="p1")
    folder.faults += folder.relations.permit(9, {"permit_id": "p1", "addressee_number": 1})
    assert folder.end() == []
    assert folder.relations.people == 3


def test_nobody_and_no_number_comes_twice(folder) -> None:
    folder.resident(5, own=number(1))
    folder.resident(5)
    folder.resident(6, own=number(1))
    folder.resident(4, own=number(2), since=None)
    assert folder.said() == [
        (HandoverFile.RESIDENTS, "addressee_number", Reason.ADDRESSEE_DUPLICATE),
        (HandoverFile.RESIDENTS, "individual_number", Reason.NUMBER_DUPLICATE),
        (HandoverFile.RESIDENTS, "addressee_number", Reason.ORDER_WRONG),
        (HandoverFile.RESIDENTS, "number_effective_on", Reason.FIELD_MISSING),
    ]


def test_a_history_with_a_gap_or_an_end_missing_is_named(folder) -> None:
    folder.resident(1, 3)
    folder.version(record(1), 1)
    folder.version(record(1), 3)
    folder.resident(2, 2)
    folder.version(record(2, 2), 1)
    folder.versions_end()
    assert folder.said() == [
        (HandoverFile.VERSIONS, "version", Reason.VERSION_GAP),
        (HandoverFile.RESIDENTS, "versions", Reason.COUNT_DIFFERS),
    ]


def test_versions_of_nobody_and_out_of_order_are_named(folder) -> None:
    folder.resident(1)
    folder.resident(2)
    folder.version(record(2, 2))
    folder.version(record(9))
    folder.version(record(1))
    folder.versions_end()
    assert folder.said() == [
        (HandoverFile.VERSIONS, "addressee_number", Reason.REFERENCE_MISSING),
        (HandoverFile.VERSIONS, "addressee_number", Reason.ORDER_WRONG),
    ]


def test_two_householders_and_two_people_of_one_code_are_named(folder) -> None:
    town(folder, record(1), record(2, relationship="世帯主"), record(3, 3, resident_record_code=code(1)))
    assert folder.said() == [
        (HandoverFile.VERSIONS, "relationship", Reason.HOUSEHOLDER_TWICE),
        (HandoverFile.VERSIONS, "resident_record_code", Reason.CODE_DUPLICATE),
    ]


def test_only_what_stands_must_be_of_this_town_and_in_todays_words(folder) -> None:
    elsewhere = replace(record(1).current_address, municipality=MunicipalityCode("01202"))
    folder.resident(1, 2)
    folder.version(record(1, relationship="長男", current_address=elsewhere), 1)
    folder.version(record(1), 2)
    folder.resident(2)
    folder.version(record(2, 2, current_address=elsewhere))
    folder.resident(3)
    folder.version(record(3, 1, relationship="長男"))
    folder.versions_end()
    assert folder.said() == [
        (HandoverFile.VERSIONS, "municipality_code", Reason.OTHER_MUNICIPALITY),
        (HandoverFile.VERSIONS, "relationship", Reason.RELATIONSHIP_UNKNOWN),
    ]


def test_a_number_needs_the_code_under_which_it_is_kept(folder) -> None:
    folder.resident(1, own=number(1))
    folder.version(record(1, resident_record_code=None))
    folder.versions_end()
    assert folder.said() == [(HandoverFile.VERSIONS, "resident_record_code", Reason.CODE_MISSING)]


def test_households_are_compared_with_those_who_live_in_them(folder) -> None:
    town(folder, record(1), record(2, relationship="妻"), record(3, 3), record(4, 4))
    folder.household(1, 2, 3)
    folder.household(1, 1, 2)
    folder.household(4, 4, 1)
    folder.household(9, 1, 1)
    assert folder.end() == [
        (HandoverFile.HOUSEHOLDS, "members", Reason.COUNT_DIFFERS),
        (HandoverFile.HOUSEHOLDS, "householder", Reason.REFERENCE_MISSING),
        (HandoverFile.HOUSEHOLDS, "household_number", Reason.LINE_DOUBLED),
        (HandoverFile.HOUSEHOLDS, "household_number", Reason.REFERENCE_MISSING),
        (HandoverFile.HOUSEHOLDS, "household_number", Reason.LINE_MISSING),
    ]


def test_a_household_without_a_householder_is_said_to_have_none(folder) -> None:
    town(folder, record(2, relationship="子"))
    folder.household(1, 2, 1)
    folder.faults, before = [], folder.said()
    assert before == [(HandoverFile.HOUSEHOLDS, "householder", Reason.REFERENCE_MISSING)]
    other = Folder()
    town(other, record(2, relationship="子"))
    other.household(1, 0, 1)
    assert other.end() == []


def test_changes_refer_to_what_is_there_and_use_it_once(folder) -> None:
    town(folder, record(1))
    folder.resident(2)
    folder.version(record(2, 2), entry="lost")
    folder.household(1, 1, 1)
    folder.entry("e1", subjects=(1, 77))
    folder.entry("e1")
    folder.entry("e2", cancels="e1", permit="p1")
    folder.entry("e3", cancels="e1", permit="p1")
    folder.entry("e4", cancels="gone")
    folder.faults += folder.relations.permit(9, {"permit_id": "p2", "addressee_number": 88})
    folder.faults += folder.relations.permit(9, {"permit_id": "p2", "addressee_number": 1})
    assert folder.end() == [
        (HandoverFile.ENTRIES, "subjects", Reason.REFERENCE_MISSING),
        (HandoverFile.ENTRIES, "entry_id", Reason.LINE_DOUBLED),
        (HandoverFile.ENTRIES, "cancels", Reason.LINE_DOUBLED),
        (HandoverFile.ENTRIES, "permit", Reason.LINE_DOUBLED),
        (HandoverFile.PERMITS, "addressee_number", Reason.REFERENCE_MISSING),
        (HandoverFile.PERMITS, "permit_id", Reason.LINE_DOUBLED),
        (HandoverFile.VERSIONS, "entry_id", Reason.REFERENCE_MISSING),
        (HandoverFile.ENTRIES, "cancels", Reason.REFERENCE_MISSING),
        (HandoverFile.ENTRIES, "permit", Reason.REFERENCE_MISSING),
    ]


def test_steps_of_one_thing_follow_each_other(folder) -> None:
    step = folder.relations.step
    told = [("a", 1), ("a", 2), ("b", 1), ("b", 3), ("a", 3), ("c", 2)]
    for key, version in told:
        folder.faults += step(HandoverFile.SEALS, 2, key, version)
    assert folder.said() == [
        (HandoverFile.SEALS, "version", Reason.VERSION_GAP),
        (HandoverFile.SEALS, "", Reason.ORDER_WRONG),
        (HandoverFile.SEALS, "version", Reason.VERSION_GAP),
        (HandoverFile.SEALS, "version", Reason.VERSION_GAP),
    ]
