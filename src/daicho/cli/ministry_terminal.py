"""`daicho ministry-terminal`: the stand-in of the Ministry of Justice, until it is told to stop."""

from datetime import date
from pathlib import Path

import click

from daicho.cli.assembling import log_to_standard_error, serve, told_to_stop
from daicho.faces.exchange.listener import Listener
from daicho.faces.moj.app import moj_app
from daicho.faces.moj.visit import Place
from daicho.nodes.clock import Clock, clock_started_on
from daicho.nodes.moj.book import Book
from daicho.nodes.moj.config import LOOPBACK, read_stand_in
from daicho.nodes.moj.journal import JournalDamaged, JournalInUse
from daicho.rules.people.codes import MunicipalityCode
from daicho.world.ministry import USUAL_SEED, MinistryReply, reply_to


def answering(content: bytes, serial: int, day: date) -> bytes:
    """Answer a town's file as `daicho ministry` does; nothing where nobody is told of."""
    reply = reply_to(content, serial=serial, day=day, seed=USUAL_SEED)
    return reply.content if isinstance(reply, MinistryReply) and reply.notices else b""


@click.command("ministry-terminal", short_help="the pages of whoever plays the Ministry of Justice (demo)")
@click.argument("name")
@click.option("--config", "path", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True,
              help="The stand-in's configuration file (TOML), which a nation writes by itself.")  # fmt: skip
def ministry_terminal(name: str, path: Path) -> None:
    """Run NAME, the stand-in of the Ministry of Justice of a demonstration, on the loopback alone.

    It is no node: it has no certificate and no database, and knows people from the towns' files.
    """
    log_to_standard_error()
    config = read_stand_in(path)
    if config.name != name:
        raise click.UsageError(f"{path} is the configuration of {config.name}")
    told = told_to_stop()
    clock = clock_started_on(config.business_day, started_at=config.started_at)
    folder = Path(config.folder)
    towns = {MunicipalityCode(code): title for code, title in config.towns.items()}
    book = _opened(folder, towns, clock)
    listener = Listener(moj_app(Place(book, answering, clock), config.origin), LOOPBACK, config.port)
    listener.start()
    serve(folder, told)
    listener.stop()
    book.close()


def _opened(folder: Path, towns: dict[MunicipalityCode, str], clock: Clock) -> Book:
    try:
        return Book(folder, towns, clock)
    except JournalDamaged as fault:
        raise click.ClickException(f"記録を読めません: {folder / 'journal' / str(fault)}") from fault
    except JournalInUse as fault:
        raise click.ClickException(f"別のプロセスが使っています: {fault}") from fault
