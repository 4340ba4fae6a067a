"""Look-ups on a server that follows: whoever accepts an age is told it; whoever does not gets what holds now."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from tests.conftest import Databases, until
from tests.nodes.mailroom.conftest import make_member
from tests.store.test_identity import code_of, person

from daicho.nodes.clock import FixedClock
from daicho.nodes.keeping.provide import Asking, Question, provide_together
from daicho.nodes.watch.assembly import bases
from daicho.rules.identity.record import RecordState
from daicho.rules.law.refusal import Reason
from daicho.rules.network.kinds import NodeKind
from daicho.rules.people.dates import PartialDate
from daicho.rules.provision.articles import Provider, RequesterKind
from daicho.rules.provision.request import Requester
from daicho.store import copies, identity
from daicho.store.identity import Replacement
from daicho.store.launcher import Cluster
from daicho.store.unit import Store
from daicho.wire.operations import LookUpAnswer, LookUpRequest, SearchTermsText

MINISTRY = "国土交通省"
ASKING = Asking(
    Provider.NATIONAL, Requester(RequesterKind.AGENCY, (MINISTRY,)), MINISTRY, "agency.n.daicho.internal"
)
BORN = "1970-03-10"


@dataclass
class Nation:
    """A national node whose database is followed by a second server."""

    node: Any
    leader: Cluster
    follower: Cluster
    database: str

    def keep(self, number: int, name: str, address: str) -> None:
        living = {"record_state": RecordState.LIVING, "birth_date": PartialDate.parse(BORN)}
        with self.node.store.unit() as unit:
            before = identity.lock_current(unit, [person(number).record])
            old = before.get(str(code_of(number)))
            sequence = old.record.update_sequence + 1 if old else 1
            new = person(number, name_kanji=name, address=address, update_sequence=sequence, **living)
            identity.save(unit, [Replacement(new, old)])

    def ask(self, name: str, age: int) -> LookUpAnswer:
        return self.ask_together((name, age))[0]

    def ask_together(self, *asked: tuple[str, int]) -> list[LookUpAnswer]:
        return provide_together(
            self.node,
            [
                Question(
                    ASKING,
                    LookUpRequest(
                        self.node.clock.new_id(), SearchTermsText(name=name, birth_date=BORN), "1/97", "許可の審査",
                        "KENSETSU-01", "SHINSA", "test", "2026-11-20", age,
                    ),
                )
                for name, age in asked
            ],
        )  # fmt: skip

    def line_of(self, answer: LookUpAnswer) -> dict[str, Any]:
        with psycopg.connect(self.leader.dsn(self.database)) as admin:
            row = admin.execute(
                "select convert_from(l.body, 'UTF8') from ledger.line l join ledger.answer a using (line_id)"
                " where a.answer_id = %s",
                (answer.answer_id,),
            ).fetchone()
        return dict(json.loads(row[0]))

    def applies(self, *, on: bool) -> None:
        with psycopg.connect(self.follower.dsn(), autocommit=True) as admin:
            admin.execute("select pg_wal_replay_resume()" if on else "select pg_wal_replay_pause()")
            state = "not paused" if on else "paused"
            until(lambda: admin.execute("select pg_get_wal_replay_pause_state()").fetchone() == (state,))

    def has_caught_up(self) -> None:
        with self.node.store.unit() as unit:
            copies.beat(unit)
        with psycopg.connect(self.leader.dsn()) as here, psycopg.connect(self.follower.dsn()) as there:
            end = here.execute("select pg_current_wal_lsn()").fetchone()
            until(lambda: there.execute("select pg_last_wal_replay_lsn() >= %s", end).fetchone() == (True,))


@pytest.fixture(scope="module")
def nation(binaries: Path | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nation]:
    folder = tmp_path_factory.mktemp("followed")
    leader = Cluster(folder / "leader", binaries=binaries, max_connections=20)
    leader.start()
    made = Databases(leader)
    addresses = made.fresh("national")
    made.admin.close()
    name = str(psycopg.conninfo.conninfo_to_dict(addresses["admin"])["dbname"])
    follower = Cluster(folder / "follower", binaries=binaries, max_connections=20)
    shutil.copyfile(folder / "leader.json", folder / "follower.json")
    parts = psycopg.conninfo.conninfo_to_dict(leader.dsn())
    subprocess.run(
        [leader.binaries / "pg_basebackup", "-D", follower.data, "-R", "-c", "fast", "-d", leader.dsn()],
        check=True, capture_output=True, env={**os.environ, "PGPASSWORD": str(parts["password"])},
    )  # fmt: skip
    note = json.loads((folder / "follower.json").read_text())
    (folder / "follower.json").write_text(json.dumps({**note, "socket_folder": ""}))
    follower.start()
    read = psycopg.conninfo.conninfo_to_dict(addresses["read"])
    store = Store(
        addresses["app"], read_dsn=addresses["read"],
        copy_dsn=follower.dsn(name, str(read["user"]), str(read["password"])), pool_wait_seconds=1,
    )  # fmt: skip
    member, _ = make_member("national", NodeKind.NATIONAL)
    clock = FixedClock(datetime(2026, 11, 20, 3, tzinfo=UTC))
    node = SimpleNamespace(me=member, store=store, clock=clock, bases=bases(), vault=None, limits={})
    yield Nation(node, leader, follower, name)
    store.close()
    follower.stop("immediate")
    leader.stop("immediate")


def test_who_accepts_an_age_is_answered_from_a_copy_and_the_ledger_says_so(nation: Nation) -> None:
    nation.keep(1, "鈴木　一郎", "本町1番1号")
    nation.has_caught_up()
    answer = nation.ask("鈴木　一郎", 60)
    assert 1 <= answer.age_seconds <= 60
    assert [row.fields["address"] for row in answer.rows] == ["本町1番1号"]
    assert nation.line_of(answer)["detail"]["age"] == str(answer.age_seconds)


def test_who_accepts_none_gets_what_holds_now(nation: Nation) -> None:
    nation.keep(2, "鈴木　二郎", "本町1番1号")
    nation.has_caught_up()
    nation.applies(on=False)
    try:
        nation.keep(2, "鈴木　二郎", "新町2番2号")
        old, new = nation.ask_together(("鈴木　二郎", 3600), ("鈴木　二郎", 0))
        assert [row.fields["address"] for row in old.rows] == ["本町1番1号"]
        assert [row.fields["address"] for row in new.rows] == ["新町2番2号"]
        assert (old.age_seconds > 0, new.age_seconds) == (True, 0)
        assert "age" not in nation.line_of(new)["detail"]
    finally:
        nation.applies(on=True)


def test_a_copy_that_is_older_than_accepted_is_not_shown(nation: Nation) -> None:
    nation.keep(3, "鈴木　三郎", "本町1番1号")
    nation.has_caught_up()
    nation.applies(on=False)
    try:
        nation.keep(3, "鈴木　三郎", "新町3番3号")
        until(lambda: nation.ask("鈴木　三郎", 2).age_seconds == 0)
        assert [row.fields["address"] for row in nation.ask("鈴木　三郎", 2).rows] == ["新町3番3号"]
    finally:
        nation.applies(on=True)


def test_whom_the_copy_does_not_know_yet_is_found_all_the_same(nation: Nation) -> None:
    nation.applies(on=False)
    try:
        nation.keep(4, "鈴木　四郎", "本町4番4号")
        answer = nation.ask("鈴木　四郎", 3600)
        assert (len(answer.rows), answer.age_seconds) == (1, 0)
    finally:
        nation.applies(on=True)


def test_an_age_changes_nothing_about_who_may_ask(nation: Nation) -> None:
    request = LookUpRequest(
        "q", SearchTermsText(name="鈴木　一郎", birth_date=BORN), "1/97", "", "KENSETSU-01", "SHINSA", "test", "2026-11-20", 60
    )  # fmt: skip
    (answer,) = provide_together(nation.node, [Question(ASKING, request)])
    assert answer.refused is not None
    assert answer.age_seconds == 0
    stranger = replace(ASKING, requester=Requester(RequesterKind.AGENCY, ("その他",)), body="その他")
    asked = LookUpRequest(
        "r", SearchTermsText(name="鈴木　一郎", birth_date=BORN), "1/97", "許可の審査", "X", "Y", "test", "2026-11-20", 60
    )  # fmt: skip
    (answer,) = provide_together(nation.node, [Question(stranger, asked)])
    assert answer.refused is not None
    assert answer.refused.reason in {reason.value for reason in Reason}
    assert answer.rows == []


def test_who_was_found_in_a_copy_and_is_out_of_reach_is_refused_with_the_copys_age(nation: Nation) -> None:
    nation.keep(6, "鈴木　六郎", "本町6番6号")
    nation.has_caught_up()
    elsewhere = replace(ASKING, territory="47")
    asked = LookUpRequest(
        "e", SearchTermsText(name="鈴木　六郎", birth_date=BORN), "1/97", "許可の審査", "X", "Y", "test", "2026-11-20", 60
    )  # fmt: skip
    (answer,) = provide_together(nation.node, [Question(elsewhere, asked)])
    assert answer.refused is not None
    assert answer.refused.reason == Reason.PERSON_OUT_OF_REACH.value
    assert 1 <= answer.age_seconds <= 60


def test_the_copy_is_away_and_the_leader_answers(nation: Nation) -> None:
    nation.keep(5, "鈴木　五郎", "本町5番5号")
    nation.follower.stop("immediate")
    answer = nation.ask("鈴木　五郎", 3600)
    assert (len(answer.rows), answer.age_seconds) == (1, 0)
