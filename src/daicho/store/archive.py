"""Copies of a database server, and its log since then: together they bring back any instant.  複写と復元

The log is received as it is written, by PostgreSQL's own program, through a slot that lets no server throw away
what has not been received.
"""

import json
import shutil
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from daicho.store.daemon import Daemon
from daicho.store.launcher import Cluster, DatabaseFault, find_binaries, write_private

SLOT = "archive"
_NAME = "copy-%Y%m%dT%H%M%SZ"
_RECOVERY_SECONDS = 3600
_CONNECT_SECONDS = 3
_DATABASES = "SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres' ORDER BY 1"
_BEHIND = """
SELECT pg_wal_lsn_diff(pg_current_wal_flush_lsn(), r.flush_lsn)::bigint
FROM pg_replication_slots s JOIN pg_stat_replication r ON r.pid = s.active_pid WHERE s.slot_name = %s
"""
_LOCAL_ALONE = "local all all scram-sha-256\nlocal replication all scram-sha-256\n"


@dataclass(frozen=True, slots=True)
class Copy:
    """A whole copy of a server's files: where it is, and when it was finished."""

    folder: Path
    finished: datetime


class Archive:
    """A folder with copies of one server and the log that it wrote since the first of them."""

    def __init__(self, folder: Path, *, binaries: Path | None = None) -> None:
        """Describe it; nothing is made yet."""
        self.folder = folder.resolve()
        self._binaries = find_binaries(binaries)

    @property
    def log(self) -> Path:
        """Where the log lies."""
        return self.folder / "log"

    def receiver(self, dsn: str) -> Daemon:
        """Describe the process that writes the log away; it follows whoever leads."""
        self.log.mkdir(mode=0o700, parents=True, exist_ok=True)
        command = [
            str(self._binaries / "pg_receivewal"), "--directory", str(self.log), "--slot", SLOT,
            "--synchronous", "--dbname", self._without_password(dsn),
        ]  # fmt: skip
        return Daemon(command, str(self.log), self.folder / "receiver.log")

    @staticmethod
    def behind_bytes(dsn: str) -> int | None:
        """Tell how much of the log has not been written away; None when nobody is receiving it."""
        with psycopg.connect(dsn, connect_timeout=_CONNECT_SECONDS) as admin:
            row = admin.execute(_BEHIND, (SLOT,)).fetchone()
        return int(row[0]) if row is not None and row[0] is not None else None

    def take(self, dsn: str) -> Copy:
        """Copy the server's files while it works, and let PostgreSQL verify the copy.

        Raises: DatabaseFault; nothing half made is left under the name of a copy.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self.folder / "copy.new"
        shutil.rmtree(fresh, ignore_errors=True)
        self._run(
            "pg_basebackup", "--pgdata", str(fresh), "--checkpoint", "fast", "--wal-method", "stream",
            "--dbname", self._without_password(dsn),
        )  # fmt: skip
        self._run("pg_verifybackup", "--quiet", str(fresh))
        # A copy ends with a whole piece of log. If the leader changed just there, PostgreSQL's receiver would ask
        # for nothing and never go on; so something follows at once.
        with psycopg.connect(dsn, autocommit=True) as admin:
            admin.execute("SELECT pg_logical_emit_message(true, 'daicho', 'copied')")
        # Its last file lists all others; a second is added because the name has no fractions.
        written = (fresh / "backup_manifest").stat().st_mtime
        finished = datetime.fromtimestamp(int(written) + 1, UTC)
        made = self.folder / finished.strftime(_NAME)
        shutil.rmtree(made, ignore_errors=True)
        fresh.replace(made)
        return Copy(made, finished)

    def copies(self) -> list[Copy]:
        """List the copies, the oldest first."""
        found = sorted(self.folder.glob("copy-*Z"))
        return [Copy(one, datetime.strptime(one.name, _NAME).replace(tzinfo=UTC)) for one in found]

    def restore(self, into: Path, password: str, to: datetime | None = None) -> Cluster:
        """Bring the server back as it was at an instant, or as it was last, in a new folder; start it there.

        Raises: DatabaseFault when no copy is old enough, the folder is not empty, or the log does not reach there.
        """
        usable = [one for one in self.copies() if to is None or one.finished <= to]
        if not usable:
            raise DatabaseFault("no copy was finished before that instant")
        data = into.resolve() / "database"
        if data.exists():
            raise DatabaseFault(f"{data} exists already")
        data.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copytree(usable[-1].folder, data, symlinks=True)
        data.chmod(0o700)
        for name in ("standby.signal", "patroni.dynamic.json", "postgresql.base.conf", "backup_manifest"):
            (data / name).unlink(missing_ok=True)
        (data / "postgresql.conf").write_text("")
        (data / "pg_hba.conf").write_text(_LOCAL_ALONE)
        (data / "postgresql.auto.conf").write_text(_way_back(self.log, to))
        (data / "recovery.signal").touch()
        note = {"password": password, "socket_folder": ""}
        write_private(data.with_name(data.name + ".json"), json.dumps(note).encode())
        server = Cluster(data, binaries=self._binaries)
        server.start({"hot_standby": "off"}, seconds=_RECOVERY_SECONDS)
        server.await_answer(_RECOVERY_SECONDS)
        (data / "postgresql.auto.conf").write_text("")
        return server

    def _run(self, tool: str, *arguments: str) -> None:
        ended = subprocess.run(
            [str(self._binaries / tool), *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        if ended.returncode != 0:
            raise DatabaseFault(f"{tool} failed: {ended.stderr.decode(errors='replace')[-800:]}")

    def _without_password(self, dsn: str) -> str:
        """Write an address without its password, which goes to a file: a command line is for everybody to read."""
        parts = psycopg.conninfo.conninfo_to_dict(dsn)
        file = self.folder / "password"
        write_private(file, f"*:*:*:*:{parts.pop('password', '')}\n".encode())
        return psycopg.conninfo.make_conninfo("", **parts, passfile=str(file))


def databases_of(dsn: str) -> list[str]:
    """List the databases of a server, but for those that every server has."""
    with psycopg.connect(dsn) as admin:
        return [str(row[0]) for row in admin.execute(_DATABASES).fetchall()]


def _way_back(log: Path, to: datetime | None) -> str:
    """Write how the server finds its log, and where it is to stop; the last piece may be unfinished."""
    whole, begun = f'"{log}/%f"', f'"{log}/%f.partial"'
    lines = [
        f'restore_command = \'cp {whole} "%p" || cp {begun} "%p"\'',
        "recovery_target_action = 'promote'",
    ]
    if to is not None:
        lines.append(f"recovery_target_time = '{to.astimezone(UTC).isoformat()}'")
    return "\n".join(lines) + "\n"
