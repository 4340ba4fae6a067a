"""Keys of residents that an earlier version of the program folded are folded anew."""

from daicho.nodes.keeping import refolding
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_record, resident_row
from daicho.nodes.watch.loops import Job
from daicho.store import folding
from daicho.store.folding import NewKeys
from daicho.store.unit import Unit


def resident_refolding(node: Node) -> Job:
    """Fold the keys of all residents anew."""
    return refolding.refolding(node, _residents, folding.rewrite_residents)


def _residents(unit: Unit, last: str) -> list[NewKeys]:
    folded = []
    for old, body in folding.residents_after(unit, int(last or 0), refolding.ROWS_AT_ONCE):
        row = resident_row(read_record(body), 1)
        folded.append(NewKeys(old, row.kanji, row.address))
    return folded
