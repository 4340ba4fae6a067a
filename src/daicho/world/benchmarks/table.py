"""Which benchmarks there are, but for the city, which needs a face for its operators."""

from collections.abc import Callable
from typing import Any

from daicho.world.benchmarks.ledger import bench_ledger
from daicho.world.benchmarks.load import bench_load
from daicho.world.benchmarks.look_up import bench_look_up
from daicho.world.benchmarks.moves import bench_moves
from daicho.world.benchmarks.peopling import bench_people
from daicho.world.benchmarks.press import bench_press
from daicho.world.benchmarks.rising import bench_rising
from daicho.world.benchmarks.search import bench_search

BENCHES: dict[str, Callable[..., dict[str, Any]]] = {
    "B1": bench_look_up,
    "B2": bench_moves,
    "B3": bench_rising,
    "B5": bench_ledger,
    "B9": bench_search,
    "B10": bench_load,
    "people": bench_people,
    "press": bench_press,
}
SIZED = ("B1", "B2", "B3", "B9", "people", "city")  # those that can be asked for another number of residents
