"""What an operator's act leaves in the ledger, item by item."""

import json

import pytest

from daicho.nodes.chronicle import fact_by, note_by, note_many
from daicho.rules.ledger.events import Event

SAID = {
    "terminal": "madoguchi-1",
    "outcome": "shown",
    "subject": "addressee:7",
    "purpose": "届出の受付",
    "basis": "住民基本台帳法 第22条",
    "peer": "cs.m13101.p13.daicho.internal",
}


def bodies(counter):
    with counter.node.store.unit() as unit:
        unit.cursor.execute("select convert_from(body, 'UTF8') from ledger.line order by line_id")
        return [json.loads(row[0]) for row in unit.cursor.fetchall()]


def test_a_line_names_the_operator_by_both_ids_and_says_all_that_was_said(counter):
    with counter.node.store.unit() as unit:
        note_by(unit, counter.node, counter.clerk, Event.RESIDENT_SHOWN, detail={"entry": "e1"}, **SAID)
    (line,) = bodies(counter)
    for own in ("salt", "at", "business_day"):
        assert line.pop(own)
    assert line == {
        **SAID,
        "event": "register:record:shown",
        "operator": "clerk01",
        "role": "k1",
        "node": str(counter.node.me.name),
        "detail": {"entry": "e1"},
    }


def test_a_line_alone_and_one_of_many_say_the_same(counter):
    with counter.node.store.unit() as unit:
        note_by(unit, counter.node, counter.clerk, Event.RESIDENT_SHOWN, **SAID)
        note_many(unit, counter.node, [fact_by(counter.clerk, Event.RESIDENT_SHOWN, **SAID)])
    alone, one_of_many = ({**line, "salt": ""} for line in bodies(counter))
    assert alone == one_of_many


@pytest.mark.parametrize("left_out", ["subject", "purpose", "basis", "peer"])
def test_what_was_not_said_is_left_out_of_the_line(counter, left_out):
    said = {name: value for name, value in SAID.items() if name != left_out}
    with counter.node.store.unit() as unit:
        note_by(unit, counter.node, counter.clerk, Event.RESIDENT_SHOWN, **said)
    assert left_out not in bodies(counter)[0]
