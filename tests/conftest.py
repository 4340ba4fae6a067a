"""What tests of several rooms share: one throwaway PostgreSQL, a database per test, a clock that stands still."""

import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from psycopg import sql
from xdist.scheduler import LoadFileScheduling

from daicho.nodes.clock import FixedClock
from daicho.store.launcher import Cluster, came_true
from daicho.store.migrate import migrate
from daicho.store.roles import NodeDatabase, create_node_database
from daicho.store.unit import Store

# How fast examples are made says how busy the machine is, and nothing about the code.
settings.register_profile("daicho", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("daicho")
NIGHTLY = "DAICHO_NIGHTLY" in os.environ
_COUNT = itertools.count(1)
_MEMORY_BYTES = 4 * 1024**3


_LONG = (
    "tests/nation/",
    "tests/wire/test_conversation.py",
    "tests/nodes/mailroom/test_kills.py",
    "tests/rules/register/test_moves",
    "tests/wire/",
)


class _FileByFile(LoadFileScheduling):
    """One worker per file, and one for all files of the nation: two nations would fight for ports and cores."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return "nation" if file.startswith("tests/nation/") else file


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes one worker longest, the nation first: whoever comes last leaves the others idle."""
    items.sort(
        key=lambda item: next((n for n, long in enumerate(_LONG) if item.nodeid.startswith(long)), len(_LONG))
    )


def until(holds: Callable[[], Any], seconds: float = 20) -> None:
    """Wait until something holds; fail when it does not come to hold."""
    assert came_true(lambda: bool(holds()), seconds), "did not happen in time"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling:
    """Choose how tests are shared out, however many workers there are."""
    return _FileByFile(config, log)


@pytest.fixture(scope="session")
def binaries() -> Path | None:
    """The binaries under test: the wheel's, or those that the environment names."""
    named = os.environ.get("DAICHO_TEST_PG_BIN")
    return Path(named) if named else None


@pytest.fixture(scope="session")
def cluster(binaries: Path | None) -> Iterator[Cluster]:
    """One server for the whole session; without fsync and in memory if it may, for nothing here outlives it."""
    folder = Path(tempfile.mkdtemp(prefix="daicho-test-", dir=_memory_folder()))
    folder.chmod(0o755)
    one = Cluster(folder / "data", binaries=binaries, max_connections=120)
    one.start({"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"})
    yield one
    one.stop("immediate")
    shutil.rmtree(folder, ignore_errors=True)


def _memory_folder() -> Path | None:
    """A folder in memory with room for a session's databases: copying a template there takes 10 ms, not 300."""
    folder = Path("/dev") / "shm"
    enough = folder.is_dir() and os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > _MEMORY_BYTES
    return folder if enough else None


class Databases:
    """Makes databases of each kind of node from a template that is migrated once."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self._templates: dict[str, NodeDatabase] = {}

    @cached_property
    def admin(self) -> psycopg.Connection:
        """One connection of the superuser for all databases."""
        return psycopg.connect(self.cluster.dsn(), autocommit=True)

    def fresh(self, kind: str) -> dict[str, str]:
        """Give the addresses of a new database, by role ("app", "read", "audit", "owner", "admin")."""
        template = self._template(kind.lower())
        name = f"t{next(_COUNT)}"
        self.admin.execute(
            sql.SQL("create database {} template {} owner {} strategy file_copy").format(
                sql.Identifier(name), sql.Identifier(template.name), sql.Identifier(template.role("owner"))
            )
        )
        roles = [sql.Identifier(template.role(role)) for role in ("app", "read", "audit")]
        self.admin.execute(
            sql.SQL("revoke all on database {0} from public; grant connect on database {0} to {1}").format(
                sql.Identifier(name), sql.SQL(", ").join(roles)
            )
        )
        addresses = {
            role: self.cluster.dsn(name, template.role(role), secret)
            for role, secret in template.passwords.items()
        }
        return {**addresses, "admin": self.cluster.dsn(name)}

    def drop(self, addresses: dict[str, str]) -> None:
        """Remove a database that a test has done with."""
        name = psycopg.conninfo.conninfo_to_dict(addresses["admin"])["dbname"]
        self.admin.execute(
            sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(str(name)))
        )

    def _template(self, kind: str) -> NodeDatabase:
        if kind not in self._templates:
            made = create_node_database(self.cluster.dsn(), f"pattern_of_{kind}")
            migrate(self.cluster.dsn(made.name, made.role("owner"), made.passwords["owner"]), kind)
            self._templates[kind] = made
        return self._templates[kind]


@pytest.fixture(scope="session")
def databases(cluster: Cluster) -> Iterator[Databases]:
    made = Databases(cluster)
    yield made
    made.admin.close()


@pytest.fixture
def fresh_dsn(databases: Databases) -> Iterator[Callable[[str], dict[str, str]]]:
    """Make a migrated database of a kind and give its addresses by role; it is gone after the test."""
    made: list[dict[str, str]] = []

    def make(kind: str) -> dict[str, str]:
        made.append(databases.fresh(kind))
        return made[-1]

    yield make
    for addresses in made:
        databases.drop(addresses)


@pytest.fixture
def database(fresh_dsn: Callable[[str], dict[str, str]]) -> Iterator[Callable[[str], Store]]:
    """Make a migrated database of a kind and give its store."""
    stores: list[Store] = []

    def make(kind: str) -> Store:
        addresses = fresh_dsn(kind)
        stores.append(Store(addresses["app"], read_dsn=addresses["read"], pool_connections=4))
        return stores[-1]

    yield make
    for store in stores:
        store.close()


@pytest.fixture
def clock() -> FixedClock:
    """A counter's morning: 2026-11-20, 10:00 in Japan."""
    return FixedClock(datetime(2026, 11, 20, 1, 0, tzinfo=UTC))


MODULE = "/usr/lib/softhsm/libsofthsm2.so"
PIN = "2468"


@pytest.fixture
def token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A fresh token of SoftHSM2, a real PKCS#11 module, in a folder of its own."""
    (tmp_path / "tokens").mkdir()
    settings_file = tmp_path / "softhsm.conf"
    settings_file.write_text(
        f"directories.tokendir = {tmp_path / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n"
    )
    monkeypatch.setenv("SOFTHSM2_CONF", str(settings_file))
    subprocess.run(
        ["softhsm2-util", "--init-token", "--free", "--label", "daicho", "--pin", PIN, "--so-pin", "1357"],
        check=True, capture_output=True,
    )  # fmt: skip
    return "daicho"
