"""What the hall is told, in the unit that makes it so: verified changes, and whose protection began or ended."""

from collections.abc import Iterable, Sequence

from daicho.nodes.node import Node
from daicho.nodes.registry.records import Told
from daicho.nodes.watch.loops import Job
from daicho.store import hall_feed
from daicho.store.unit import Unit

PLACED_ROWS = 2_000
_EVERY_SECONDS = 30.0


def tell_hall(unit: Unit, node: Node, told: Sequence[Told]) -> None:
    """Tell the hall of changes that were written in this unit: one statement, whoever reads them later."""
    hall_feed.tell(unit, [one.row.id for one in told], node.clock.business_today())


def tell_hall_of_protection(unit: Unit, node: Node, addressee_numbers: Iterable[int]) -> None:
    """Tell the hall whose addresses are kept back from now on, or no longer."""
    hall_feed.tell_of_people(unit, sorted(addressee_numbers), node.clock.business_today())


def place_some(node: Node, *, waiting: bool = False) -> int:
    """Give places to what is committed, in a short unit of its own, and count it; `waiting` after whoever else does."""
    with node.store.unit("hall.place") as unit:
        return hall_feed.place(unit, limit_rows=PLACED_ROWS, waiting=waiting)


def feed_placing(node: Node) -> Job:
    """Give places to what nobody reads for a while, so that a first reader does not wait for years of work."""

    def work() -> bool:
        with node.store.reading() as unit:
            if not hall_feed.unplaced(unit):
                return False
        return place_some(node) == PLACED_ROWS

    return Job("hall-feed", _EVERY_SECONDS, work)
