"""The list of a survey, made in slices by a job: what was cut off goes on where it stopped.  対象世帯の抽出"""

from daicho.nodes.chronicle import note_by
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_record, read_scope
from daicho.nodes.registry.records import MACHINE
from daicho.nodes.watch.loops import Job
from daicho.rules.ledger.events import Event
from daicho.rules.people.kana import kanji_key
from daicho.rules.register.record import ResidentRecord
from daicho.rules.upkeep.regular import SURVEY, SurveyResult, SurveyScope, grounds_met, lives_in
from daicho.store import register, surveys
from daicho.store.surveys import SurveyedRow, SurveyRow
from daicho.store.unit import Unit

SLICE_HOUSEHOLDS = 300
_EVERY_SECONDS = 20.0


def survey_listing(node: Node) -> Job:
    """List the households of surveys that were started."""
    return Job("surveys", _EVERY_SECONDS, lambda: list_on(node))


def list_on(node: Node) -> bool:
    """List the next households of the oldest survey; tells whether anything is left to do."""
    with node.store.unit("surveys.list", few_trips=True) as unit:
        row = surveys.lock_next_listing(unit)
        if row is None:
            return False
        found = surveys.households_on(unit, row.looked_at or 0, limit_rows=SLICE_HOUSEHOLDS)
        if found:
            _keep_met(unit, node, row, found)
        through = len(found) < SLICE_HOUSEHOLDS
        surveys.note_looked(unit, row.number, None if through else found[-1])
        if through:
            note_by(
                unit, node, MACHINE, Event.SURVEY_RECORDED, terminal="machine", outcome="listed", subject=f"survey:{row.number}",
                basis=str(SURVEY), detail={"survey": row.number},
            )  # fmt: skip
        return True


def _keep_met(unit: Unit, node: Node, row: SurveyRow, households: list[int]) -> None:
    scope, today = read_scope(row.body), node.clock.business_today()
    members = surveys.members_of(unit, households)
    people = {whose for living in members.values() for whose in living}
    returned = surveys.returned_to(unit, people) if scope.grounds else frozenset[int]()
    records = {one.addressee_number: read_record(one.body) for one in register.residents(unit, people)}
    met = []
    for home, numbers in members.items():
        living = [records[one] for one in numbers]
        grounds = grounds_met(living, scope, returned, today) if _in_area(living, scope) else None
        if grounds is not None:
            place = kanji_key(living[0].current_address.one_line())
            met.append(SurveyedRow(row.number, home, place, len(living), [one.value for one in grounds]))
    if met:
        surveys.keep_households(unit, row.number, met)
        shift = (len(met), sum(one.people for one in met))
        surveys.shift_tallies(unit, row.number, {SurveyResult.NOT_VISITED.value: shift})


def _in_area(living: list[ResidentRecord], scope: SurveyScope) -> bool:
    return not scope.area or any(lives_in(one, scope.area) for one in living)
