"""A whole nation on one machine: found it, start it, stop it, ask how it is."""

import json
import os
import shutil
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from daicho.rules.network.kinds import NodeKind
from daicho.store.launcher import Cluster
from daicho.store.replicated import ReplicatedCluster, Server
from daicho.store.selftest import test_server
from daicho.world.founding import FIRST_PORT, Ports, forget_sockets, found, prepare
from daicho.world.introducing import introduce
from daicho.world.plan import Places, PlannedNode, StandIn, plan_nation
from daicho.world.supervisor import Supervisor

SERVER_SETTINGS = {"max_wal_size": "4GB", "checkpoint_timeout": "15min", "shared_buffers": "512MB"}
_CONNECTIONS_PER_NODE = 30


class NationRuns(RuntimeError):
    """Another supervisor runs this nation already."""


@dataclass(slots=True)
class Nation:
    """The nation in one folder."""

    places: Places
    plan: tuple[PlannedNode, ...]
    cluster: Server
    supervisor: Supervisor
    ports: dict[str, Ports]
    stand_ins: dict[StandIn, int] = field(default_factory=dict)  # by port
    left_out: dict[StandIn, str] = field(default_factory=dict)  # those that did not start, and why

    def terminal(self, short: str) -> str:
        """Give the address of a node's terminal."""
        node = next(node for node in self.plan if node.short == short)
        label = ".".join(node.name.split(".")[:-2]).replace(".", "-")
        return f"http://{label}.localhost:{self.ports[short].terminal}"


def read_plan(places: Places) -> tuple[PlannedNode, ...]:
    """Read which nodes a founded nation has."""
    plan = json.loads((places.home / "plan.json").read_text())
    return plan_nation(int(plan["people"]), int(plan["towns"]))


def running_pid(places: Places) -> int | None:
    """Give the supervisor's process number if it is alive."""
    with suppress(FileNotFoundError, ValueError, ProcessLookupError, PermissionError):
        pid = int(places.pid.read_text())
        os.kill(pid, 0)
        if b"daicho" in Path(f"/proc/{pid}/cmdline").read_bytes():
            return pid
    return None


def server_of(places: Places, binaries: Path | None = None, *, max_connections: int = 200) -> Server:
    """Describe the server, or the three, on which a nation's databases stand. Raises: DatabaseFault."""
    if places.servers.exists():
        return ReplicatedCluster(places.servers, binaries=binaries, max_connections=max_connections)
    return Cluster(places.database, binaries=binaries, max_connections=max_connections)


def raise_nation(
    home: Path,
    *,
    people: int,
    town_count: int,
    binaries: Path | None,
    said: Callable[[str], None],
    first_port: int = FIRST_PORT,
    replicated: bool = False,
    beside: tuple[StandIn, ...] = (),
) -> Nation:
    """Found the nation if it is not there, its database on three servers if so wished, and start everything.

    `beside` are processes of the outside world that are started after the nodes; the nation goes on without one that fails.

    Raises: NationRuns, DatabaseFault, NodeDidNotStart.
    """
    places = Places(home.resolve())
    if running_pid(places) is not None:
        raise NationRuns(str(running_pid(places)))
    fresh = not places.state.exists()
    if fresh:
        shutil.rmtree(places.home, ignore_errors=True)
        places.home.mkdir(parents=True, mode=0o711)
        (places.home / "plan.json").write_text(json.dumps({"people": people, "towns": town_count}))
    plan = read_plan(places)
    places.pid.write_text(str(os.getpid()))
    if fresh and replicated:
        places.servers.mkdir(mode=0o700)
    cluster = server_of(places, binaries, max_connections=_CONNECTIONS_PER_NODE * len(plan))
    cluster.start(SERVER_SETTINGS)
    report = test_server(cluster.dsn())
    said(f"データベース: PostgreSQL {int(report['version']) // 10000}.{int(report['version']) % 10000}")
    if fresh:
        found(places, plan, cluster, said)
    if places.opened.exists():  # a nation of an earlier version has no lists yet
        introduce(places, plan, beside)
    ports, others = prepare(places, plan, cluster, fresh=fresh, first_port=first_port, beside=beside)
    stand_ins = {one: others[one.short] for one in beside}
    nation = Nation(places, plan, cluster, Supervisor(places, plan, beside), ports, stand_ins)
    try:
        nation.left_out = nation.supervisor.start_all(lambda node: said(f"起動: {node.title}"))
    except BaseException:
        lower_nation(nation, lambda _: None)
        raise
    for one in nation.left_out:
        del nation.stand_ins[one]
    return nation


def lower_nation(nation: Nation, said: Callable[[str], None]) -> None:
    """Stop in the reverse order of starting, the database last (R-420)."""
    nation.supervisor.stop_all(lambda node: said(f"停止: {node.title}"))
    nation.cluster.stop()
    forget_sockets(nation.places)
    nation.places.pid.unlink(missing_ok=True)


def count_copies(
    nation: Nation, kinds: Collection[NodeKind] | None = None, names: Collection[str] | None = None
) -> dict[str, dict[str, int]]:
    """Count what each level keeps, as the auditor's role sees it; of some kinds of node and things, or of all."""
    counts: dict[str, dict[str, int]] = {}
    for node in nation.plan:
        if kinds is not None and node.kind not in kinds:
            continue
        with psycopg.connect(nation.cluster.dsn(node.database)) as connection:
            found: dict[str, int] = {}
            for name, query in _COUNTS.items():
                if names is not None and name not in names:
                    continue
                table = query.split(" from ")[1].split(" ")[0]
                row = connection.execute("select to_regclass(%s) is not null", (table,)).fetchone()
                if row and row[0]:
                    value = connection.execute(query.encode()).fetchone()
                    found[name] = int(value[0]) if value else 0
            counts[node.short] = found
    return counts


_COUNTS = {
    "residents": "select count(*) from register.resident where living",
    "records": "select count(*) from identity.record where record_state = 'living'",
    "to_send": "select count(*) from mailbox.outbox o left join mailbox.stream_out s using (receiver)"
    " where o.state <> 'settled' or o.epoch = s.epoch and o.number >= s.kept_below",
    "to_handle": "select count(*) from mailbox.inbox where state = 'kept'",
    "parked": "select count(*) from mailbox.inbox where state = 'parked'",
    "returned": "select count(*) from mailbox.returned where resolved_by is null",
    "lines": "select count(*) from ledger.line",
    "placed": "select count(*) from ledger.leaf",
}


def settled(counts: dict[str, dict[str, int]]) -> bool:
    """Tell whether no letter is on its way and none waits."""
    return all(one.get("to_send", 0) == 0 and one.get("to_handle", 0) == 0 for one in counts.values())
