"""What clerks and the officer are told of a measure when somebody's record changes.  支援措置の警告"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_entry, read_measure
from daicho.nodes.registry.measures.names import as_compared, in_both_spellings, keys_of
from daicho.nodes.registry.measures.people import NOTHING, note_about, records_of
from daicho.nodes.registry.records import MACHINE
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator
from daicho.rules.protection.measure import (
    AskingPerson,
    ProtectionAlert,
    ProtectionMeasure,
    WatchedMove,
    alerts_at_move,
)
from daicho.rules.register.changes import Entry
from daicho.store import protection, register
from daicho.store.protection import AlertRow
from daicho.store.unit import Unit

WAITING_ROWS = 10_000  # what waits for a second person is a day's work
_LOOKED_BACK = timedelta(minutes=10)
_BESIDE = timedelta(minutes=1)  # no entry takes longer from its draft to its end


def alert_of_change(
    unit: Unit, node: Node, operator: Operator, entry_id: str, entry: Entry, terminal: str,
    also: Mapping[str, str] = NOTHING,
) -> tuple[ProtectionAlert, ...]:  # fmt: skip
    """Find what measures say about a change that is entered, keep it for the officer, and tell it."""
    if not protection.any_open(unit):
        return ()
    move = _as_watched(unit, entry)
    numbers = {number for _, number in protection.measures_over(unit, entry.subjects)}
    numbers |= set(protection.measures_against(unit, keys_of(one.name for one in move.named)))
    if not numbers:
        return ()
    concerned = [read_measure(body) for body in protection.bodies_of(unit, numbers).values()]
    told = dict[ProtectionAlert, None]()
    for measure in concerned:
        told |= dict.fromkeys(_alerted(unit, node, operator, measure, entry_id, move, terminal, also))
    return tuple(told)


def _as_watched(unit: Unit, entry: Entry) -> WatchedMove:
    named = tuple(
        AskingPerson(name, one.birth_date, addressee_number=one.addressee_number)
        for one in entry.after
        if one.addressee_number in entry.subjects
        for name in in_both_spellings(unit, [one.name.kanji])
    )
    return WatchedMove(entry.kind, entry.subjects, named)


def _alerted(
    unit: Unit,
    node: Node,
    operator: Operator,
    measure: ProtectionMeasure,
    entry_id: str,
    move: WatchedMove,
    terminal: str,
    also: Mapping[str, str] = NOTHING,
) -> tuple[ProtectionAlert, ...]:
    compared, named = as_compared(unit, (measure,), move.named)
    alerts = alerts_at_move(compared[0], replace(move, named=named), node.clock.business_today())
    if alerts:
        row = AlertRow(
            node.clock.new_id(), measure.number, entry_id, [one.value for one in alerts], node.clock.now()
        )
        protection.keep_alerts(unit, [row])
        # Of the protected, never of the mover: whoever is the other party may ask what the ledger says of them.
        people = records_of(unit, measure.people)
        note_about(
            unit, node, operator, Event.PROTECTION_ALERTED, people, terminal, "told", measure.number, also
        )
    return alerts


def alert_of_crossing(unit: Unit, node: Node, measure: ProtectionMeasure, forward_id: str) -> None:
    """Tell the officer that a measure began which is turned on somebody who is protected here."""
    alerts = [ProtectionAlert.CROSSING.value]
    protection.keep_alerts(
        unit, [AlertRow(node.clock.new_id(), measure.number, forward_id, alerts, node.clock.now())]
    )
    people = records_of(unit, measure.people)
    note_about(unit, node, MACHINE, Event.PROTECTION_ALERTED, people, "", "told", measure.number)


def alert_of_what_waits(
    unit: Unit, node: Node, operator: Operator, measure: ProtectionMeasure, terminal: str
) -> None:
    """Tell what a measure that begins says about the changes that wait already."""
    for row in register.waiting_entries(unit, limit=WAITING_ROWS):
        _alerted(unit, node, operator, measure, row.id, _as_watched(unit, read_entry(row.body)), terminal)


def alert_of_entries_beside(node: Node) -> bool:
    """Tell what measures say about changes that were entered while they began, when neither could see the other."""
    since = node.clock.now() - _LOOKED_BACK
    with node.store.reading() as unit:
        if not protection.begun_since(unit, since):
            return False
    with node.store.unit("protection.beside") as unit:
        waiting = register.waiting_entries(unit, limit=WAITING_ROWS)
        for begun_at, body in protection.begun_since(unit, since):
            measure = read_measure(body)
            alerted = protection.alerted_of(unit, measure.number)
            for row in waiting:
                if row.entered_at >= begun_at - _BESIDE and row.id not in alerted:
                    _alerted(
                        unit, node, MACHINE, measure, row.id, _as_watched(unit, read_entry(row.body)), ""
                    )
    return False
