"""`daicho training`: a copy of a town in which people learn, with nobody real in it and no line out of it."""

import os
import signal
import threading
import time
from pathlib import Path

import click

from daicho.cli.telling import Teller
from daicho.store.launcher import DatabaseFault
from daicho.store.migrate import MigrationFault
from daicho.world.nation import NationRuns, running_pid
from daicho.world.plan import Places
from daicho.world.supervisor import NodeDidNotStart
from daicho.world.training import TrainingFailed, lower_training, raise_training, remove_training

_HOME = click.option("--home", type=click.Path(path_type=Path), default=Path("var/training"), show_default=True,
                     help="The folder of the copy.")  # fmt: skip
_DOWN_SECONDS = 60


@click.group(short_help="a training copy of a town, with invented people: up, down, reset")
def training() -> None:
    """Start, stop and remove a training copy; every page, paper and file of it says 研修用."""


@training.command()
@_HOME
@click.option(
    "--municipality", default="131016", show_default=True, help="Code of the town, of five or six digits."
)
@click.option("--people", default=2_000, show_default=True, type=click.IntRange(1, 500_000),
              help="Invented residents of a new copy.")  # fmt: skip
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same people.")
@click.option("--pg-bin", type=click.Path(exists=True, path_type=Path),
              help="PostgreSQL's bin folder instead of the wheel's.")  # fmt: skip
def up(home: Path, municipality: str, people: int, seed: int, pg_bin: Path | None) -> None:
    """Make the copy if need be, start it, and stay until Ctrl-C."""
    teller = Teller()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        with teller.progress("研修用の環境を起こしています") as said:
            copy = raise_training(
                home, municipality=municipality, people=people, seed=seed, binaries=pg_bin, said=said
            )
    except NationRuns as error:
        raise click.ClickException(
            f"この研修用の環境は既に動いています (pid {error})。停止は `daicho training down`。"
        ) from None
    except (DatabaseFault, MigrationFault, NodeDidNotStart, TrainingFailed, ValueError) as error:
        raise click.ClickException(str(error)) from error
    try:
        teller.say(f"[bold]研修用の環境が動いています[/]　{copy.address}/　止めるには Ctrl-C。")
        teller.say("サインイン: 照合ID に MADO-01（窓口）、SHINSA-01（審査）、SEKININ-01（修正の許可）、")
        teller.say("SHIEN-01・SHIEN-02（支援措置）、KANRI-01（管理）を入れ、「デモ認証器」を押してください。")
        while not stop.wait(0.5):
            copy.supervisor.restart_dead()
    finally:
        lower_training(copy)


@training.command()
@_HOME
def down(home: Path) -> None:
    """Stop the copy that another terminal started."""
    places = Places(home.resolve())
    pid = running_pid(places)
    if pid is None:
        click.echo("動いている研修用の環境はありません。")
        return
    os.kill(pid, signal.SIGTERM)
    end = time.monotonic() + _DOWN_SECONDS
    while running_pid(places) is not None:
        if time.monotonic() > end:
            raise click.ClickException(f"{_DOWN_SECONDS} 秒待っても停止しません (pid {pid})。")
        time.sleep(0.1)
    click.echo("停止しました。")


@training.command()
@_HOME
@click.confirmation_option(prompt="研修用の環境をすべて消します。よろしいですか")
def reset(home: Path) -> None:
    """Remove the copy with everything that was done in it; the next `up` makes it anew."""
    places = Places(home.resolve())
    if running_pid(places) is not None:
        raise click.ClickException("動いている環境は消せません。先に `daicho training down`。")
    if not remove_training(places):
        raise click.ClickException(f"{places.home} は研修用の環境ではありません。")
    click.echo("消しました。")
