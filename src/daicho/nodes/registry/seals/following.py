"""What verified changes of the register make of registered seals: ended ex officio, or under another name.  職権抹消

Two people stand behind the change itself; nobody is asked a second time about what follows from it by rule.
"""

from collections.abc import Sequence

from daicho.nodes.chronicle import Fact, fact_by, note_many
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_registration, registration_row
from daicho.nodes.registry.records import Told, subject_of
from daicho.rules.ledger.events import Event
from daicho.rules.register.record import ResidentRecord
from daicho.rules.seals.ordinance import ordinance_on
from daicho.rules.seals.registration import SealRegistration, SealStep, after_change
from daicho.store import seals
from daicho.store.seals import SealStepRow
from daicho.store.unit import Unit


def follow_changes(unit: Unit, node: Node, told: Sequence[Told]) -> None:
    """Let the seals follow changes that were written in this unit; asks nothing where nobody left or was renamed."""
    concerned: dict[int, tuple[Told, ResidentRecord]] = {}
    for one in told:
        for before, after in one.entry.pairs():
            if before is not None and _may_matter(before, after):
                concerned[after.addressee_number] = (one, after)
    if not concerned:
        return
    seals.hold_people(unit, concerned)
    ordinance = ordinance_on(node.clock.business_today())
    facts = []
    for row in seals.standing_of(unit, concerned):
        one, record = concerned[row.addressee_number]
        standing = read_registration(row.body)
        changed = after_change(standing, record, one.entry.legal_day, ordinance)
        if changed != standing:
            step = _step(changed)
            noted = SealStepRow(row.number, step, one.operator.login_id, node.clock.now())
            if not seals.take_step(unit, registration_row(changed, row.version + 1), noted):
                raise RuntimeError("a seal changed under its lock")
            facts.append(_fact(one, record, step, row.number))
    if facts:
        note_many(unit, node, facts)


def _may_matter(before: ResidentRecord, after: ResidentRecord) -> bool:
    gone = after.removal is not None and before.removal is None
    return gone or (after.removal is None and before.name != after.name)


def _step(changed: SealRegistration) -> str:
    return SealStep.RENAMED.value if changed.end is None else changed.end.cause.value


def _fact(one: Told, record: ResidentRecord, step: str, number: str) -> Fact:
    return fact_by(
        one.operator,
        Event.SEAL_CHANGED,
        terminal=one.terminal,
        subject=subject_of(record),
        outcome=step,
        detail={"registration": number, "entry": one.row.id},
    )
