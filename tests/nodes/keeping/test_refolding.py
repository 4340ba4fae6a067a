"""Keys of identification information of before are folded anew, and look-ups find everybody again."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest
from tests.store.test_identity import person

from daicho.nodes.keeping import refolding
from daicho.nodes.node import Node
from daicho.rules.people.kana import FOLDING
from daicho.store import folding, identity
from daicho.store.identity import Replacement
from daicho.store.unit import Store


def keys(store: Store) -> list[Any]:
    with store.unit() as unit:
        return unit.execute(
            "select resident_record_code, name_key, address_key from identity.record order by 1"
        ).fetchall()


@pytest.mark.parametrize("kind", ["CS", "PREFECTURE", "NATIONAL"])
def test_records_are_folded_anew_some_at_a_time(
    database: Callable[[str], Store], monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(refolding, "ROWS_AT_ONCE", 3)
    store = database(kind)
    with store.unit() as unit:
        identity.save(unit, [Replacement(person(number)) for number in range(1, 8)])
    right = keys(store)
    with store.unit() as unit:
        unit.execute(
            "update identity.record set name_key = 'old ' || name_key where resident_record_code > '1'"
        )
        unit.execute("update identity.record set address_key = 'old ' || address_key")
    job = refolding.identity_refolding(cast("Node", SimpleNamespace(store=store)))
    assert [job.work() for _ in range(4)] == [True, True, False, False]
    assert keys(store) == right
    with store.unit() as unit:
        assert folding.version(unit) == FOLDING
