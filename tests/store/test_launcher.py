"""The private server: found, started, trusted, killed, adopted."""

import tempfile
from pathlib import Path

import psycopg
import pytest

from daicho.store.launcher import Cluster, DatabaseFault, check_server_address
from daicho.store.selftest import test_server as check_server


def test_a_started_server_passes_the_self_test(cluster: Cluster) -> None:
    found = check_server(cluster.dsn())
    assert found["checksums"] == "on"
    assert int(found["trigrams"]) > 0


def test_a_wrong_password_is_refused(cluster: Cluster) -> None:
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(cluster.dsn(password="wrong"), connect_timeout=3)


def test_a_server_left_over_is_adopted_and_a_killed_one_is_started_again(binaries: Path | None) -> None:
    folder = Path(tempfile.mkdtemp(prefix="daicho-test-"))
    folder.chmod(0o755)
    one = Cluster(folder / "data", binaries=binaries)
    one.start()
    try:
        pid = (folder / "data" / "postmaster.pid").read_text().split("\n")[0]
        again = Cluster(folder / "data", binaries=binaries)
        again.start()
        assert (folder / "data" / "postmaster.pid").read_text().split("\n")[0] == pid
        one.kill()
        again.start()
        assert again.running()
    finally:
        one.stop("immediate")
    assert not one.running()


@pytest.mark.parametrize("url", ["postgresql://u@db.example/x", "postgresql://u@db.example/x?sslmode=require"])
def test_a_database_on_another_machine_needs_a_verified_certificate(url: str) -> None:
    with pytest.raises(DatabaseFault, match="verify-full"):
        check_server_address(url)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u@db.example/x?sslmode=verify-full",
        "postgresql://u@127.0.0.1/x",
        "postgresql://u@/x?host=%2Frun%2Fpg",
    ],
)
def test_a_near_database_or_a_verified_one_is_accepted(url: str) -> None:
    check_server_address(url)
