"""`daicho disclosure`: who saw a resident's record, as a file that anybody can check."""

from pathlib import Path

import click

from daicho.cli.nation import HOME
from daicho.cli.node_access import NODE, opened_node
from daicho.nodes.registry.bodies import read_record
from daicho.nodes.registry.disclosure import gather_bundle, read_seen
from daicho.store import register
from daicho.wire.http import WireRefused, WireUnavailable


@click.command(short_help="write who saw a resident's record, with proofs")
@click.argument("addressee", type=int)
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@NODE
@HOME
def disclosure(addressee: int, path: Path, node: str, home: Path) -> None:
    """Gather the ledger lines about the resident ADDRESSEE from every server and write them to PATH.

    `python3 src/daicho/faces/citizen/verify_disclosure.py PATH` checks the file offline.
    """
    with opened_node(home, node) as foundation:
        with foundation.node.store.reading() as unit:
            held = register.resident(unit, addressee)
        if held is None:
            raise click.ClickException("その宛名番号の住民はいません。")
        try:
            bundle = gather_bundle(foundation.node, read_record(held.body))
        except (WireUnavailable, WireRefused) as fault:
            raise click.ClickException(f"CSに届きません: {fault}") from fault
    path.write_bytes(bundle)
    seen, waiting = read_seen(bundle)
    for line in seen:
        click.echo(
            f"{line.at:%Y-%m-%d %H:%M}  {line.node}  {line.body}  {line.purpose}  {line.basis}  {line.outcome}"
        )
    click.echo(f"{len(seen)} 回の閲覧、証明待ち {waiting} 行。ファイル: {path}")
