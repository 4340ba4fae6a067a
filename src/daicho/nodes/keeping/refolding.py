"""Keys of identification information that an earlier version of the program folded are folded anew."""

from daicho.nodes.node import Node
from daicho.nodes.watch.loops import Job
from daicho.rules.identity.keys import address_key, name_key
from daicho.rules.people.kana import FOLDING
from daicho.store import folding
from daicho.store.folding import NewKeys

ROWS_AT_ONCE = 2_000
_LOOKS_SECONDS = 60.0


def refolding(node: Node) -> Job:
    """Fold the keys of all records anew, some at a time; until it is done, others are searched as they were."""
    place = ""

    def work() -> bool:
        nonlocal place
        with node.store.unit("keeping.refold") as unit:
            if folding.version(unit) >= FOLDING:
                return False
            kept = folding.records_after(unit, place, ROWS_AT_ONCE)
            new = [NewKeys(one, name_key(one.name), address_key(one.address)) for one in kept]
            changed = [
                one
                for one in new
                if (one.name_key, one.address_key) != (one.old.name_key, one.old.address_key)
            ]
            folding.rewrite_records(unit, changed)
            if len(kept) < ROWS_AT_ONCE:
                folding.set_version(unit, FOLDING)
        place = kept[-1].whose if kept else ""
        return len(kept) == ROWS_AT_ONCE

    return Job("refolding", _LOOKS_SECONDS, work)
