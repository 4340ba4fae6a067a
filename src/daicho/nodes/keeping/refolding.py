"""Keys by which people are found, folded by an earlier version of the program, are folded anew."""

from collections.abc import Callable, Sequence

from daicho.nodes.node import Node
from daicho.nodes.watch.loops import Job
from daicho.rules.identity.keys import address_key, name_key
from daicho.rules.people.kana import FOLDING
from daicho.store import folding
from daicho.store.folding import NewKeys
from daicho.store.unit import Unit

ROWS_AT_ONCE = 2_000
_LOOKS_SECONDS = 60.0


def refolding(
    node: Node,
    read: Callable[[Unit, str], Sequence[NewKeys]],
    write: Callable[[Unit, Sequence[NewKeys]], None],
) -> Job:
    """Fold all keys anew, some at a time; until it is done, others are searched as they were.

    `read` gives the keys of `ROWS_AT_ONCE` people after somebody, of the first ones after nobody.
    """
    last = ""

    def work() -> bool:
        nonlocal last
        with node.store.unit("folding.anew") as unit:
            if folding.version(unit) >= FOLDING:
                return False
            found = read(unit, last)
            write(unit, [one for one in found if one.changed])
            if len(found) < ROWS_AT_ONCE:
                folding.set_version(unit, FOLDING)
        last = found[-1].old.whose if found else ""
        return len(found) == ROWS_AT_ONCE

    return Job("refolding", _LOOKS_SECONDS, work)


def identity_refolding(node: Node) -> Job:
    """Fold the keys of identification information anew."""
    return refolding(node, _records, folding.rewrite_records)


def _records(unit: Unit, last: str) -> list[NewKeys]:
    kept = folding.records_after(unit, last, ROWS_AT_ONCE)
    return [NewKeys(one, name_key(one.name), address_key(one.address)) for one in kept]
