"""`daicho import` and `daicho export`: a municipality's register as one CSV file."""

from collections.abc import Iterator
from pathlib import Path

import click

from daicho.cli.nation import HOME
from daicho.cli.node_access import NODE, opened_node, operator_of
from daicho.cli.telling import Teller
from daicho.nodes.registry.extract import fault_lines
from daicho.nodes.registry.transfer import export_extract as give_extract
from daicho.nodes.registry.transfer import import_extract as take_extract
from daicho.rules.law.refusal import Refusal

_CHUNK_BYTES = 1024 * 1024


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk


@click.command("import", short_help="import a register extract (CSV) into a registry")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@NODE
@HOME
@click.option(
    "--operator",
    default="KANRI-01",
    show_default=True,
    help="照合ID of the administrator who brings the file.",
)
@click.option(
    "--approved-by", default="SEKININ-01", show_default=True, help="照合ID of the security officer."
)
def import_extract(path: Path, node: str, home: Path, operator: str, approved_by: str) -> None:
    """Import the extract PATH; bad lines go to PATH.errors.csv, good ones are kept, nothing is doubled."""
    with opened_node(home, node) as foundation:
        people = operator_of(foundation, operator), operator_of(foundation, approved_by)
        lines = sum(chunk.count(b"\n") for chunk in _chunks(path))
        with Teller().bar("取込み", lines) as progress:
            report = take_extract(foundation.node, *people, _chunks(path), progress=progress)
    if isinstance(report, Refusal):
        raise click.ClickException(f"{report.reason.value}: {report.article}")
    click.echo(
        f"取込み {report.imported:,} 人、登録済み {report.already_there:,} 人、誤り {report.refused:,} 行"
    )
    if report.faults:
        errors = path.with_suffix(path.suffix + ".errors.csv")
        errors.write_text("\n".join(fault_lines(report.faults)) + "\n", encoding="utf-8")
        raise click.ClickException(f"誤りのある行を {errors} に書きました。")


@click.command("export", short_help="export a registry as an extract (CSV)")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@NODE
@HOME
@click.option("--operator", default="KANRI-01", show_default=True, help="照合ID of the administrator.")
@click.option(
    "--approved-by", default="SEKININ-01", show_default=True, help="照合ID of the security officer."
)
@click.option("--purpose", required=True, help="What the file is for; it stands in the ledger.")
def export_extract(path: Path, node: str, home: Path, operator: str, approved_by: str, purpose: str) -> None:
    """Export the whole register to PATH; the ledger line is durable before the first byte."""
    with opened_node(home, node) as foundation, path.open("wb") as file:
        people = operator_of(foundation, operator), operator_of(foundation, approved_by)
        done = give_extract(foundation.node, *people, file.write, purpose=purpose)
    if isinstance(done, Refusal):
        path.unlink(missing_ok=True)
        raise click.ClickException(f"{done.reason.value}: {done.article}")
    click.echo(f"{done:,} 人を書き出しました。")
