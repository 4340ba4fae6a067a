"""`daicho cluster`: a database on three servers, its copies, and the way back to any instant."""

import json
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from functools import partial
from pathlib import Path

import click
import psycopg
from rich.console import Console
from rich.table import Table

from daicho.cli.telling import Teller
from daicho.nodes.auditor.contents import Contents, contents_of, differing_tables
from daicho.store.archive import databases_of
from daicho.store.launcher import DatabaseFault
from daicho.store.replicated import ReplicatedCluster, Server
from daicho.store.unit import Store

HOME = click.option("--home", type=click.Path(path_type=Path), default=Path("var/cluster"), show_default=True,
                    help="The folder of the servers; of a replicated nation: var/nation/cluster.")  # fmt: skip
_LOOK_SECONDS = 1.0
_ROLES = {"leader": "主", "sync_standby": "同期の従", "replica": "従"}


@click.group(short_help="a database on three servers: up, status, backup, restore")
def cluster() -> None:
    """Keep a node's database on three servers (Patroni, etcd), copy it, bring it back as of any instant."""


@contextmanager
def _faults_told() -> Iterator[None]:
    try:
        yield
    except DatabaseFault as fault:
        raise click.ClickException(str(fault)) from fault


@cluster.command()
@HOME
@click.option("--pg-bin", type=click.Path(exists=True, path_type=Path),
              help="PostgreSQL's bin folder instead of the wheel's.")  # fmt: skip
def up(home: Path, pg_bin: Path | None) -> None:
    """Start three servers, made anew if there are none; start again what dies; stay until Ctrl-C."""
    teller = Teller()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with _faults_told():
        servers = ReplicatedCluster(home, binaries=pg_bin)
        with teller.progress("三つのサーバを起こしています"):
            servers.start()
    _show(servers)
    click.echo(f"接続先 ([database] の app・read・audit): {_form_of(servers.dsn)}")
    click.echo(f"古くてもよい問合せの接続先 (copy): {_form_of(servers.dsn_of_copies)}")
    click.echo(f"管理者の合言葉: {servers.folder / 'cluster.json'}  停止: Ctrl-C")
    leader = servers.leader()
    while not stop.wait(_LOOK_SECONDS):
        for part in servers.revive():
            teller.say(f"再起動しました: {part}")
        if (now := servers.leader()) and now != leader:
            leader = now
            teller.say(f"主サーバが替わりました: {now}")
    with teller.progress("止めています"):
        servers.stop()


def _form_of(address: Callable[[str, str, str], str]) -> str:
    return address("DATABASE", "ROLE", "PASSWORD")


@cluster.command()
@HOME
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def status(home: Path, as_json: bool) -> None:
    """Show which server leads and how far the others are behind."""
    with _faults_told():
        servers = _founded(home)
    if as_json:
        click.echo(json.dumps([asdict(one) for one in servers.standing()]))
    else:
        _show(servers)


def _founded(home: Path) -> ReplicatedCluster:
    servers = ReplicatedCluster(home)
    if not servers.founded:
        raise DatabaseFault(f"{home} にサーバはありません。`daicho cluster up` で起こしてください。")
    return servers


def _show(servers: ReplicatedCluster) -> None:
    table = Table("サーバ", "役割", "状態", "系列", "遅れ (バイト)")
    for one in servers.standing():
        lag = "―" if one.lag_bytes is None else f"{one.lag_bytes:,}"
        table.add_row(one.name, _ROLES.get(one.role, one.role), one.state, str(one.timeline), lag)
    Console().print(table)
    click.echo(_log_said(servers))


def _log_said(servers: ReplicatedCluster) -> str:
    try:
        behind = servers.archive.behind_bytes(servers.dsn())
    except psycopg.OperationalError:
        return "主サーバがいません。"
    if behind is None:
        return "記録（ログ）は保存されていません。保存の処理を起こし直しているか、止まっています。"
    return f"記録（ログ）は保存されています（遅れ {behind:,} バイト）。"


@cluster.command()
@HOME
def backup(home: Path) -> None:
    """Copy the running servers' files; with the log that is always kept, any later instant can be brought back."""
    with _faults_told():
        servers = _founded(home)
        with Teller().progress("複写しています"):
            copy = servers.archive.take(servers.dsn())
    click.echo(f"{copy.folder}  ({copy.finished.isoformat()} 以後の任意の時点に戻せます)")


@cluster.command()
@HOME
@click.option(
    "--to", "instant", help="The instant, such as 2026-11-22T10:00:00+09:00; without it the last one."
)
@click.option(
    "--into", type=click.Path(path_type=Path), required=True, help="A new folder for the restored server."
)
@click.option("--keep", is_flag=True, help="Leave the restored server running.")
def restore(home: Path, instant: str | None, into: Path, keep: bool) -> None:
    """Bring the databases back in a new folder, recompute their ledgers, and compare with the running servers."""
    teller = Teller()
    with _faults_told():
        servers = _founded(home)
        to = _instant(instant)
        with teller.progress("戻しています"):
            restored = servers.archive.restore(into, servers.superuser_password(), to)
        try:
            _compare(restored, servers if servers.running() else None)
        finally:
            if not keep:
                restored.stop()
    click.echo(f"{into / 'database'}: {_form_of(restored.dsn)}" if keep else f"{into / 'database'}")


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter("2026-11-22T10:00:00+09:00 の形で", param_hint="--to") from None
    return found.astimezone()


def _compare(restored: Server, running: Server | None) -> None:
    table = Table("データベース", "台帳の行", "根 (再計算)", "稼働中のものと")
    for name in databases_of(restored.dsn()):
        back = _with_store(restored, name, contents_of)
        said = "―"
        if running is not None:
            said = _said(back, _with_store(running, name, partial(contents_of, sizes=(back.size,))))
        table.add_row(name, f"{back.size:,}", back.root.hex()[:16], said)
    Console().print(table)


def _said(back: Contents, now: Contents) -> str:
    """Say how a restored database stands to the running one."""
    if back.size and now.roots.get(back.size) != back.root:
        return "台帳が異なります"
    differing = differing_tables(back, now)
    if not differing:
        return "同じ内容です"
    return f"台帳はその後 {now.size - back.size:,} 行、変わった表 {len(differing)}"


def _with_store(server: Server, name: str, act: Callable[[Store], Contents]) -> Contents:
    store = Store(server.dsn(name), pool_connections=1)
    try:
        return act(store)
    finally:
        store.close()
