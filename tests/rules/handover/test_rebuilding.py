"""R-046: what the network keeps of somebody becomes a record that says what it does not know."""

from dataclasses import replace
from datetime import date

import pytest
from tests.store.test_identity import items, person

from daicho.rules.handover.layout import COLUMNS, HandoverFile, LineReader, format_fields, header_of
from daicho.rules.handover.order import HandoverOrder, HandoverWay, check_order_at
from daicho.rules.handover.rebuilding import (
    NOT_RELATED,
    rebuilt_measure,
    rebuilt_record,
)
from daicho.rules.handover.records import read_record_values, record_values
from daicho.rules.identity.record import RecordState
from daicho.rules.law.refusal import Reason
from daicho.rules.network.kinds import Member, NodeKind, NodeName
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.dates import UNKNOWN
from daicho.rules.protection.measure import check_application
from daicho.rules.register.reasons import ChangeReason
from daicho.rules.register.record import UNKNOWN_DAY, ResidentKind

DAY = date(2026, 11, 20)
LIVING = person(1, record_state=RecordState.LIVING, address="架空町一丁目2番3号　海風荘２０１")


@pytest.mark.requirement("R-046")
@pytest.mark.parametrize("known", [items(), items(relationship="長男"), None])
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"foreign_resident": True, "name_kanji": "ＳＭＩＴＨ　ＪＯＨＮ（須見　譲）"},
        {"former_surname_kanji": "旧田", "former_surname_furigana": "キュウダ"},
        {"record_state": RecordState.REMOVED, "change_reason": ChangeReason.DEATH},
        {"record_state": RecordState.REMOVED, "change_reason": ChangeReason.MINOR_CORRECTION},
        {"scheduled_flag": True, "scheduled_move_out_on": date(2026, 12, 1)},
        {"name_furigana": None},
    ],
)
def test_whatever_is_kept_of_somebody_makes_a_record_that_the_folder_takes(known, changes):
    kept = replace(LIVING, record=replace(LIVING.record, **changes))
    record = rebuilt_record(kept, known, 7)
    file = HandoverFile.VERSIONS
    values = {
        "addressee_number": 7,
        "version": 1,
        "entry_id": "",
        "legal_day": DAY,
        "recorded_at": None,
    } | record_values(record)
    reader = LineReader.begun(file, f"{header_of(COLUMNS[file])}\n".encode(), {}, frozenset())
    read = reader.read(2, f"{format_fields(COLUMNS[file], values)}\n".encode())
    assert read_record_values(7, read) == record
    assert record.current_address.one_line() == kept.record.address
    assert record.current_address.building == "海風荘２０１"
    assert record.processing_hold is record.living


def test_what_is_not_known_is_said_and_no_moving_out_happens_by_itself():
    plan = replace(
        LIVING, record=replace(LIVING.record, scheduled_flag=True, scheduled_move_out_on=date(2026, 12, 1))
    )
    record = rebuilt_record(plan, None, 7)
    assert (record.relationship, record.householder_name) == (NOT_RELATED, UNKNOWN)
    assert (record.resident_since_written, record.address_since_written) == (UNKNOWN_DAY, UNKNOWN_DAY)
    assert (record.scheduled_move_out, record.remarks[1]) == (None, "転出予定　2026-12-01")


def test_an_alias_is_taken_out_of_its_brackets_of_foreign_residents_alone():
    told = replace(LIVING, record=replace(LIVING.record, name_kanji="名（通称）", foreign_resident=True))
    record = rebuilt_record(told, items(), 7)
    assert (record.name.kanji, record.name.alias, record.resident_kind) == (
        "名",
        "通称",
        ResidentKind.FOREIGN,
    )
    ours = rebuilt_record(replace(told, record=replace(told.record, foreign_resident=False)), items(), 7)
    assert (ours.name.kanji, ours.name.alias) == ("名（通称）", None)


def test_an_address_that_was_kept_back_is_under_a_measure_that_nobody_could_apply_for():
    measure = rebuilt_measure("2026-000001", 7, DAY)
    assert (measure.people, measure.last_day, measure.end) == (frozenset({7}), None, None)
    assert check_application(measure, DAY).field == "other_parties"


@pytest.mark.parametrize(
    ("kind", "way", "town", "field"),
    [
        (NodeKind.REGISTRY, HandoverWay.IN, None, None),
        (NodeKind.REGISTRY, HandoverWay.OUT, "13101", "town"),
        (NodeKind.CS, HandoverWay.OUT, None, None),
        (NodeKind.CS, HandoverWay.OUT, "13101", "town"),
        (NodeKind.CS, HandoverWay.IN, None, "way"),
        (NodeKind.PREFECTURE, HandoverWay.OUT, "13101", None),
        (NodeKind.PREFECTURE, HandoverWay.OUT, None, "town"),
        (NodeKind.PREFECTURE, HandoverWay.OUT, "27215", "town"),
        (NodeKind.NATIONAL, HandoverWay.OUT, "13101", "way"),
    ],
)
def test_whoever_keeps_no_register_writes_out_what_it_keeps_and_takes_nothing_in(kind, way, town, field):
    node = Member(NodeName("n.p13.daicho.internal"), kind, "架空", "h:1", (), "", "", prefecture="13")
    order = HandoverOrder(way, "滅失", town=MunicipalityCode(town) if town else None)
    refusal = check_order_at(order, node)
    assert (refusal and refusal.field) == field
    if town == "27215":
        assert refusal.reason is Reason.OTHER_MUNICIPALITY
