"""After a nation's first load everything is in its place, and whoever waited for it has seen everybody."""

import psycopg
import pytest

from daicho.store.resting_indexes import records_written, resting_indexes
from daicho.world.founding import owner_dsn
from daicho.world.loading import await_copies
from daicho.world.nation import Nation
from daicho.world.plan import KEEPERS

pytestmark = [pytest.mark.nation]


def test_no_index_rests(nation: Nation) -> None:
    keepers = [node for node in nation.plan if node.kind in KEEPERS]
    assert keepers
    rest = {node.short: resting_indexes(owner_dsn(nation.places, node, nation.cluster)) for node in keepers}
    assert not any(rest.values()), rest


def test_everybody_is_counted_although_the_server_has_forgotten_what_was_written(nation: Nation) -> None:
    """As after a power cut in the middle of the load."""
    national = next(node for node in nation.plan if node.short == "national")
    with psycopg.connect(nation.cluster.dsn("national"), autocommit=True) as server:
        server.execute("select pg_stat_reset()")
    assert records_written(owner_dsn(nation.places, national, nation.cluster)) == 0
    heard: list[int] = []
    await_copies(nation, heard.append)
    assert heard[-1] == sum(node.residents for node in nation.plan)
