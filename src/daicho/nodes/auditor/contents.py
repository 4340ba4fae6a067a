"""What one node's database holds, in a few numbers: enough to tell whether a restored one holds the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from daicho.nodes.auditor.books import Frontier
from daicho.rules.ledger.tree import leaf_hash
from daicho.store import audit
from daicho.store.unit import Store, Unit

_ROOT_OF_NOTHING = b""


@dataclass(frozen=True, slots=True)
class Contents:
    """A database's ledger as a tree, and the digest of everything in it, table by table.

    `roots` are the tree's roots, recomputed from the lines' bytes, at the sizes that were asked for and at the last.
    """

    size: int
    roots: dict[int, bytes]
    tables: dict[str, audit.TableDigest]

    @property
    def root(self) -> bytes:
        """Give the root of the whole tree."""
        return self.roots.get(self.size, _ROOT_OF_NOTHING)


def contents_of(store: Store, sizes: Sequence[int] = ()) -> Contents:
    """Recompute a database's ledger and digest its tables, all as of one instant."""
    with store.unit("audit.contents") as unit:
        audit.as_of_now(unit)
        size, roots = _roots(unit, frozenset(sizes))
        return Contents(size, roots, audit.table_digests(unit))


def _roots(unit: Unit, sizes: frozenset[int]) -> tuple[int, dict[int, bytes]]:
    frontier = Frontier()
    roots: dict[int, bytes] = {}
    for body in audit.placed_bodies(unit):
        frontier.add(leaf_hash(body))
        if frontier.size in sizes:
            roots[frontier.size] = frontier.root()
    if frontier.size:
        roots[frontier.size] = frontier.root()
    return frontier.size, roots


def differing_tables(one: Contents, other: Contents) -> list[str]:
    """Name the tables that do not hold the same in both."""
    return sorted(
        name
        for name in one.tables.keys() | other.tables.keys()
        if one.tables.get(name) != other.tables.get(name)
    )
