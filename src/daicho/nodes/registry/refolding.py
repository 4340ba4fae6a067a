"""Keys of residents that an earlier version of the program folded are folded anew."""

from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_record, resident_row
from daicho.nodes.watch.loops import Job
from daicho.rules.people.kana import FOLDING
from daicho.store import folding
from daicho.store.folding import Keys, NewKeys

ROWS_AT_ONCE = 2_000
_LOOKS_SECONDS = 60.0


def refolding(node: Node) -> Job:
    """Fold the keys of all residents anew, some at a time; until it is done, others are searched as they were."""
    place = 0

    def work() -> bool:
        nonlocal place
        with node.store.unit("register.refold") as unit:
            if folding.version(unit) >= FOLDING:
                return False
            held = folding.residents_after(unit, place, ROWS_AT_ONCE)
            new = [_folded(old, body) for old, body in held]
            changed = [
                one
                for one in new
                if (one.name_key, one.address_key) != (one.old.name_key, one.old.address_key)
            ]
            folding.rewrite_residents(unit, changed)
            if len(held) < ROWS_AT_ONCE:
                folding.set_version(unit, FOLDING)
        place = int(held[-1][0].whose) if held else 0
        return len(held) == ROWS_AT_ONCE

    return Job("refolding", _LOOKS_SECONDS, work)


def _folded(old: Keys, body: str) -> NewKeys:
    row = resident_row(read_record(body), 1)
    return NewKeys(old, row.kanji, row.address)
