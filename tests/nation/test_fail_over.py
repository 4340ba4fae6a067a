"""A nation whose databases stand on three servers: the leader falls while it works; what is read may be some seconds old."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.nation.conftest import REGISTRY, arrived, move_within, populated, rows_of, until
from tests.store.test_replicated import not_applying

from daicho.nodes.agency.ask import ask_nation
from daicho.nodes.auditor.contents import contents_of, differing_tables
from daicho.nodes.config import read_config
from daicho.nodes.watch.assembly import Foundation, found_node
from daicho.store.unit import Store
from daicho.wire.operations import LookUpAnswer, LookUpRequest, SearchTermsText
from daicho.world.checking import check_nation
from daicho.world.loading import await_quiet
from daicho.world.nation import Nation

pytestmark = [pytest.mark.nation, pytest.mark.nightly, pytest.mark.timeout(900)]
_GAP_SECONDS = 60


@pytest.fixture(scope="module")
def nation(binaries: Path | None) -> Iterator[Nation]:
    with populated(binaries, people=180, town_count=2, first_port=9500, replicated=True) as risen:
        yield risen


@pytest.fixture(scope="module")
def agency(nation: Nation) -> Iterator[Foundation]:
    config = read_config(nation.places.node("agency-kensetsu") / "node.toml")
    foundation = found_node(config, own_signer=False)
    yield foundation
    foundation.close()


def _ask(nation: Nation, agency: Foundation, code: str, *, age: int = 0) -> LookUpAnswer:
    clock = agency.node.clock
    ((name, birth),) = rows_of(
        nation,
        "national",
        "select name_kanji, birth_date from identity.record where resident_record_code = %s",
        code,
    )
    terms = SearchTermsText(name=str(name), birth_date=str(birth))
    request = LookUpRequest(
        clock.new_id(), terms, "1/97", "資格の確認", "KENSETSU-01", "SHINSA", "test",
        clock.business_today().isoformat(), age,
    )  # fmt: skip
    return ask_nation(agency.node, request)


def _somebody(nation: Nation) -> str:
    ((code,),) = rows_of(
        nation,
        "national",
        "select min(resident_record_code) from identity.record where record_state = 'living'",
    )
    return str(code)


class _Again(threading.Thread):
    """Does something again and again, remembers what was acknowledged and the longest pause between two."""

    def __init__(self, act) -> None:
        super().__init__(daemon=True)
        self.act, self.acknowledged, self.gap = act, [], 0.0
        self.told = threading.Event()

    def run(self) -> None:
        last = time.monotonic()
        while not self.told.is_set():
            try:
                self.acknowledged.append(self.act(len(self.acknowledged)))
            except Exception:  # noqa: BLE001 - a person tries again, whatever the screen said
                self.told.wait(0.1)
                continue
            self.gap, last = max(self.gap, time.monotonic() - last), time.monotonic()


def test_who_accepts_it_is_answered_by_a_server_that_follows_and_told_how_old_it_is(
    nation: Nation, agency: Foundation
) -> None:
    code = _somebody(nation)
    now = _ask(nation, agency, code)
    assert now.age_seconds == 0
    answers: list[LookUpAnswer] = []

    def from_a_copy() -> bool:
        answers.append(_ask(nation, agency, code, age=30))
        return 1 <= answers[-1].age_seconds <= 30

    until(from_a_copy, nation)
    assert answers[-1].rows == now.rows
    ((line,),) = rows_of(
        nation,
        "national",
        "select convert_from(l.body, 'UTF8') from ledger.line l join ledger.answer a using (line_id)"
        " where a.answer_id = %s",
        answers[-1].answer_id,
    )
    assert f'"age":"{answers[-1].age_seconds}"' in str(line).replace(" ", "")


def test_a_copy_that_is_too_old_is_not_asked(nation: Nation, agency: Foundation) -> None:
    code = _somebody(nation)
    with not_applying(nation.cluster):
        until(lambda: _ask(nation, agency, code, age=2).age_seconds == 0, nation)
        assert _ask(nation, agency, code, age=2).rows
    until(lambda: _ask(nation, agency, code, age=30).age_seconds > 0, nation)


def test_the_leader_falls_and_nothing_acknowledged_is_lost_at_any_level(
    nation: Nation, agency: Foundation, capsys: pytest.CaptureFixture[str]
) -> None:
    code = _somebody(nation)
    asks = _Again(lambda _: _ask(nation, agency, code).answer_id)
    moves = _Again(lambda count: (move_within(nation, f"6番{count + 1}号"), f"6番{count + 1}号"))
    workers = (asks, moves)
    for one in workers:
        one.start()
    until(lambda: all(len(one.acknowledged) >= 5 for one in workers), nation, 60)
    fallen = nation.cluster.leader()
    nation.cluster.kill(fallen)
    until(lambda: nation.cluster.leader() not in {"", fallen}, nation, _GAP_SECONDS)
    before = [len(one.acknowledged) for one in workers]
    until(
        lambda: all(len(one.acknowledged) >= count + 5 for one, count in zip(workers, before, strict=True)),
        nation,
        _GAP_SECONDS,
    )
    nation.cluster.revive()
    until(nation.cluster.stands, nation, 120)
    for one in workers:
        one.told.set()
    for one in workers:
        one.join(60)
    given = rows_of(
        nation, "national", "select count(*) from ledger.answer where answer_id = any(%s)", asks.acknowledged
    )
    assert given == [(len(asks.acknowledged),)]
    kept = "select count(*) from register.entry e where state = 'verified' and e::text like %s"
    for _, block in moves.acknowledged:
        assert rows_of(nation, REGISTRY, kept, f"%{block}%") >= [(1,)]
    who, block = moves.acknowledged[-1]
    until(arrived(nation, who, block), nation)
    await_quiet(nation, 60)
    assert check_nation(nation) == []
    with capsys.disabled():
        print(
            f"\nlook-ups {len(asks.acknowledged)}, moves {len(moves.acknowledged)}, lost 0;"
            f" longest gaps {asks.gap:.1f} s and {moves.gap:.1f} s"
        )
    assert max(asks.gap, moves.gap) < _GAP_SECONDS


def test_a_restored_nation_has_the_same_ledgers_and_copies(nation: Nation, tmp_path: Path) -> None:
    servers = nation.cluster
    servers.archive.take(servers.dsn())
    move_within(nation, "7番1号")
    await_quiet(nation, 60)
    until(lambda: servers.archive.behind_bytes(servers.dsn()) == 0, nation)
    restored = servers.archive.restore(tmp_path / "back", servers.superuser_password())
    try:
        for node in nation.plan:
            back, here = (Store(one.dsn(node.database), pool_connections=1) for one in (restored, servers))
            try:
                then = contents_of(back)
                now = contents_of(here, (then.size,))
                # Nothing was told to the nodes to stop: only their ledgers may have gone on.
                assert now.roots[then.size] == then.root
                assert then.size > 0
                assert {one for one in differing_tables(then, now) if not one.startswith("ledger.")} == set()
            finally:
                back.close()
                here.close()
    finally:
        restored.stop()
