"""Numbered SQL files, applied once each, forward only, with a checksum that may never change."""

import hashlib
import importlib.resources
import re
from collections.abc import Iterable
from dataclasses import dataclass

import psycopg
from psycopg import sql

from daicho.rules.network.kinds import NodeKind
from daicho.store.launcher import check_server_address

_LOCK = 7_301_120  # any constant that nothing else in the database uses
_PLACEHOLDER = re.compile(r"(?<![:\w]):(owner|app|reader|auditor|numbers|disposal)\b")
_HEAD = "-- kinds:"
_VACUUM = re.compile(r"^-- vacuum: ([a-z_]+)\.([a-z_]+)$", re.MULTILINE)
_KINDS = frozenset({"all", *(kind.value.lower() for kind in NodeKind)})
_ROLE_OF = {
    "owner": "owner", "app": "app", "reader": "read", "auditor": "audit", "numbers": "numbers", "disposal": "disposal",
}  # fmt: skip


class MigrationFault(RuntimeError):
    """A file is malformed, or one that was applied has changed since, or is unknown to this version."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file: its number, its name, the kinds of node that need it, its text."""

    number: int
    name: str
    kinds: frozenset[str]
    text: str

    @property
    def checksum(self) -> str:
        """Give the SHA-256 of the file."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def rewritten(self) -> tuple[tuple[str, str], ...]:
        """Name the tables that it writes anew, as its head says: until they are cleaned no index of theirs answers alone."""
        return tuple((schema, table) for schema, table in _VACUUM.findall(self.text))

    def wanted_by(self, kind: str) -> bool:
        """Tell whether a node of this kind has these tables."""
        return "all" in self.kinds or kind.lower() in self.kinds


def read_migrations() -> tuple[Migration, ...]:
    """Read the files of the package in the order of their numbers. Raises: MigrationFault."""
    folder = importlib.resources.files("daicho.store") / "migrations"
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".sql"))
    found = tuple(parse_migration(name, (folder / name).read_text(encoding="utf-8")) for name in names)
    if len({one.number for one in found}) != len(found):
        raise MigrationFault("two migrations have one number")
    return found


def parse_migration(name: str, text: str) -> Migration:
    """Read one file: its number stands in its name, the kinds of node in its first line.

    Raises: MigrationFault.
    """
    head = text.split("\n", 1)[0]
    kinds = frozenset(kind.strip().lower() for kind in head.removeprefix(_HEAD).split(","))
    if not head.startswith(_HEAD) or not kinds <= _KINDS or not name[:4].isdecimal():
        raise MigrationFault(
            f"{name}: the first line names the kinds of node, the name begins with four digits"
        )
    return Migration(int(name[:4]), name, kinds, text)


def migrate(owner_dsn: str, kind: str, *, migrations: Iterable[Migration] | None = None) -> list[str]:
    """Apply what is missing, each file in a transaction of its own, under an advisory lock; say what was new.

    Tables that a file writes anew are cleaned behind it.

    Raises: MigrationFault when an applied file has another checksum now, or is not among the files.
    """
    check_server_address(owner_dsn)
    applied: list[str] = []
    wanted = [one for one in (read_migrations() if migrations is None else migrations) if one.wanted_by(kind)]
    with psycopg.connect(owner_dsn, autocommit=True) as owner:
        base = owner.info.dbname
        owner.execute("select pg_advisory_lock(%s)", (_LOCK,))
        owner.execute(
            "create table if not exists public.migration ("
            " number int primary key, name text not null, checksum text not null,"
            " applied_at timestamptz not null default now())"
        )
        owner.execute("revoke create on schema public from public")
        rows = owner.execute("select number, checksum from public.migration").fetchall()
        done = {int(number): str(checksum) for number, checksum in rows}
        if unknown := done.keys() - {one.number for one in wanted}:
            raise MigrationFault(f"this database was migrated by a newer version: {sorted(unknown)}")
        for one in wanted:
            if one.number in done:
                if done[one.number] != one.checksum:
                    raise MigrationFault(f"{one.name} was changed after it had been applied")
                continue
            with owner.transaction():
                owner.execute(_with_roles(one.text, base).encode())
                owner.execute(
                    "insert into public.migration (number, name, checksum) values (%s, %s, %s)",
                    (one.number, one.name, one.checksum),
                )
            applied.append(one.name)
            for table in one.rewritten:  # in no transaction; whatever else the server does meanwhile goes on
                owner.execute(sql.SQL("vacuum (analyze) {}").format(sql.Identifier(*table)))
        owner.execute("select pg_advisory_unlock(%s)", (_LOCK,))
    return applied


def _with_roles(text: str, database: str) -> str:
    def role(found: re.Match[str]) -> str:
        return sql.Identifier(f"{database}_{_ROLE_OF[found[1]]}").as_string()

    return _PLACEHOLDER.sub(role, text)
