"""Keys of residents, and of other parties of measures, that an earlier version of the program folded are folded anew."""

from daicho.nodes.keeping import refolding
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_record, resident_row
from daicho.nodes.registry.measures.names import fold_other_parties_anew
from daicho.nodes.registry.meeting import look_at_characters
from daicho.nodes.watch.loops import Job
from daicho.store import folding
from daicho.store.folding import NewKeys
from daicho.store.unit import Unit


def resident_refolding(node: Node) -> Job:
    """Fold the keys of all residents anew, after those of the few from whom somebody is protected."""
    return refolding.refolding(node, _residents, folding.rewrite_residents)


def _residents(unit: Unit, last: str) -> list[NewKeys]:
    if not last:
        fold_other_parties_anew(unit)
    folded = []
    found = folding.residents_after(unit, int(last or 0), refolding.ROWS_AT_ONCE)
    records = [read_record(body) for _, body in found]
    looked = look_at_characters(unit, records)
    for (old, _), record in zip(found, records, strict=True):
        row = resident_row(record, 1, looked.counterparts)
        folded.append(NewKeys(old, row.kanji, row.address, row.roof))
    return folded
