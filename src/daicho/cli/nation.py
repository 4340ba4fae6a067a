"""`daicho nation`: a whole nation on this machine."""

import json
import os
import shutil
import signal
import sys
import threading
import time
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from daicho.cli.telling import Teller
from daicho.store.launcher import DatabaseFault
from daicho.store.migrate import MigrationFault
from daicho.world.nation import (
    Nation,
    NationRuns,
    count_copies,
    lower_nation,
    raise_nation,
    read_plan,
    running_pid,
    server_of,
    settled,
)
from daicho.world.opening import open_nation
from daicho.world.plan import MINISTRY, TOWNS_MAX, Places
from daicho.world.rotation import keep_directory_fresh
from daicho.world.supervisor import NodeDidNotStart, Supervisor

HOME = click.option("--home", type=click.Path(path_type=Path), default=Path("var/nation"), show_default=True,
                    help="The folder of the nation.")  # fmt: skip
_DIRECTORY_EVERY_SECONDS = 600
_DOWN_SECONDS = 60


@click.group(short_help="a whole nation on this machine: up, down, status, check, reset")
def nation() -> None:
    """Start, stop and examine a nation: national server, prefectures, municipalities, an agency, an auditor."""


@nation.command()
@HOME
@click.option("--people", default=100_000, show_default=True, help="Synthetic residents of a new nation.")
@click.option(
    "--towns",
    default=4,
    show_default=True,
    type=click.IntRange(1, TOWNS_MAX),
    help="Municipalities of a new nation.",
)
@click.option("--replicated", is_flag=True, help="A new nation's database on three servers (Patroni, etcd).")
@click.option(
    "--once", is_flag=True, help="Tell the story, check everything, stop, and exit 0 or say what failed."
)
@click.option("--no-story", is_flag=True, help="Start only.")
@click.option(
    "--pg-bin",
    type=click.Path(exists=True, path_type=Path),
    help="PostgreSQL's bin folder instead of the wheel's.",
)
def up(
    home: Path, people: int, towns: int, replicated: bool, once: bool, no_story: bool, pg_bin: Path | None
) -> None:
    """Found the nation if need be, start it, tell what happened, and stay until Ctrl-C."""
    teller = Teller()
    started = time.monotonic()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    if once:
        shutil.rmtree(home, ignore_errors=True)
    try:
        with teller.progress("国を起こしています") as said:
            risen = raise_nation(home, people=people, town_count=towns, binaries=pg_bin, said=said,
                                 replicated=replicated, beside=(MINISTRY,))  # fmt: skip
    except NationRuns as error:
        raise click.ClickException(
            f"この国は既に動いています (pid {error})。停止は `daicho nation down`。"
        ) from None
    except (DatabaseFault, MigrationFault, NodeDidNotStart) as error:
        raise click.ClickException(str(error)) from error
    failed = ""
    try:
        if not risen.places.opened.exists() and not no_story:
            failed = open_nation(risen, teller, stop)
        if not stop.is_set():
            teller.address(risen, seconds=time.monotonic() - started)
        if not once and not failed:
            _stay(risen, stop, teller)
    finally:
        with teller.progress("国を止めています") as said:
            lower_nation(risen, said)
    if failed:
        raise click.ClickException(failed)
    if once and not stop.is_set():
        teller.say("すべて確認できました。")


def _stay(risen: Nation, stop: threading.Event, teller: Teller) -> None:
    looked = time.monotonic()
    while not stop.wait(0.5):
        for short in risen.supervisor.restart_dead():
            teller.say(f"再起動しました: {short}")
        for part in risen.cluster.revive():
            teller.say(f"再起動しました: {part}")
        if time.monotonic() - looked > _DIRECTORY_EVERY_SECONDS:
            looked = time.monotonic()
            keep_directory_fresh(risen)


@nation.command()
@HOME
def down(home: Path) -> None:
    """Stop the nation that another terminal started."""
    places = Places(home.resolve())
    pid = running_pid(places)
    if pid is None:
        click.echo("動いている国はありません。")
        return
    os.kill(pid, signal.SIGTERM)
    end = time.monotonic() + _DOWN_SECONDS
    while running_pid(places) is not None:
        if time.monotonic() > end:
            raise click.ClickException(f"{_DOWN_SECONDS} 秒待っても停止しません (pid {pid})。")
        time.sleep(0.1)
    click.echo("停止しました。")


def attached(home: Path) -> Nation:
    """Describe a running nation to commands of another terminal. Raises: ClickException when none runs."""
    places = Places(home.resolve())
    if running_pid(places) is None:
        raise click.ClickException("動いている国がありません。`daicho nation up` で起動してください。")
    from daicho.world.founding import Ports

    plan = read_plan(places)
    state = json.loads(places.state.read_text())
    ports = {short: Ports(*pair) for short, pair in state["ports"].items()}
    return Nation(places, plan, server_of(places), Supervisor(places, plan), ports)


@nation.command()
@HOME
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def status(home: Path, as_json: bool) -> None:
    """Show what runs, what each level keeps and what is on its way."""
    risen = attached(home)
    counts = count_copies(risen)
    if as_json:
        click.echo(json.dumps({"settled": settled(counts), "nodes": counts}, ensure_ascii=False))
        return
    table = Table("ノード", "住民", "本人確認情報", "送信待ち", "処理待ち", "返戻", "台帳の行")
    for node in risen.plan:
        one = counts[node.short]
        table.add_row(
            node.title,
            *(
                str(one.get(key, "―"))
                for key in ("residents", "records", "to_send", "to_handle", "returned", "lines")
            ),
        )
    Console().print(table)


@nation.command()
@HOME
def check(home: Path) -> None:
    """Let the auditor recompute everything; exit 1 with what was found."""
    from daicho.world.checking import check_nation

    findings = check_nation(attached(home))
    for finding in findings:
        click.echo(finding)
    if findings:
        sys.exit(1)
    click.echo("異常はありません。")


@nation.command()
@HOME
@click.confirmation_option(prompt="国のデータをすべて消します。よろしいですか")
def reset(home: Path) -> None:
    """Remove the nation and all its data."""
    places = Places(home.resolve())
    if running_pid(places) is not None:
        raise click.ClickException("動いている国は消せません。先に `daicho nation down`。")
    if places.database.exists() or places.servers.exists():
        server_of(places).stop("immediate")
    shutil.rmtree(places.home, ignore_errors=True)
    click.echo("消しました。")
