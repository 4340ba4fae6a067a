"""Of which households an operator may not know that a table meets them.

That is whoever lives with somebody whose address is kept back, and whoever once lived with a protected person and lives
where that one does: the name of their place would tell as much.
"""

from collections.abc import Collection

from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_record
from daicho.nodes.registry.guarding import hidden_from, sees_everything, veil_for
from daicho.rules.operators.authority import Operator
from daicho.store import areas, protection, register
from daicho.store.unit import Unit


def shut_among(unit: Unit, node: Node, operator: Operator, households: Collection[int]) -> frozenset[int]:
    """Name those of some households of which an operator may not know."""
    if not households or sees_everything(unit, operator):
        return frozenset()
    living = register.standing_of(unit, people=(), codes=(), households=sorted(households))
    home = {one.addressee_number: one.household_number for one in living if one.living}
    shut = _shut(unit, node, operator, home)
    return frozenset(home[one] for one in shut) & frozenset(households)


def not_yet_here(unit: Unit, households: Collection[int]) -> frozenset[int]:
    """Name those of some households in which nobody lives: the entry that brings them waits, and says of itself that it does.

    Nobody sees to them, and who is about to come is not to be asked by a table.
    """
    if not households:
        return frozenset()
    living = register.standing_of(unit, people=(), codes=(), households=sorted(households))
    return frozenset(households) - {one.household_number for one in living if one.living}


def shut_everywhere(unit: Unit, node: Node, operator: Operator) -> frozenset[int]:
    """Name every household of which an operator may not know; it reads everybody who is protected."""
    if sees_everything(unit, operator):
        return frozenset()
    hidden = hidden_from(unit, operator, node.clock.business_now())
    mates = protection.ever_with(unit, hidden) - hidden
    return areas.households_of(unit, hidden | _shut(unit, node, operator, mates))


def _shut(unit: Unit, node: Node, operator: Operator, people: Collection[int]) -> frozenset[int]:
    """Name those of some people whose home an operator may not learn."""
    veil = veil_for(unit, operator, people, node.clock.business_now())
    apart = [one for one in people if one in veil.places and one not in veil.hidden]
    records = [read_record(one.body) for one in register.residents(unit, apart)] if apart else []
    kept = {one.addressee_number for one in records if veil.keeps_home_of(one)}
    return frozenset(one for one in people if one in veil.hidden) | kept
