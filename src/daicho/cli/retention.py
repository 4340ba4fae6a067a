"""`daicho retention`: what is over at a node, and the run that destroys it, by two people of that node."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import msgspec

from daicho.cli.nation import HOME
from daicho.cli.node_access import NODE, opened_node, operator_of
from daicho.cli.telling import Teller
from daicho.faces.desks.bind import enrol_demo_operators
from daicho.faces.wording.refusals import explain
from daicho.faces.wording.terms import word
from daicho.nodes.node import Node
from daicho.nodes.retention import overview, runs
from daicho.nodes.retention.runs import RunView
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Operator

_TERMINAL = "cli"
NUMBER = click.argument("number")
KEEPER = click.option(
    "--operator", default="BUNSHO-01", show_default=True, help="照合ID of the records officer."
)
SECOND = click.option(
    "--operator", default="SEKININ-01", show_default=True, help="照合ID of the security officer."
)


@click.group(short_help="what is over at a node, and its destruction by two people")
def retention() -> None:
    """Show what is over at a registry, CS, prefecture or the nation; draw up, approve, carry out, prove."""


@retention.command(short_help="count what is over, and list runs and holds")
@NODE
@HOME
@KEEPER
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def status(node: str, home: Path, operator: str, as_json: bool) -> None:
    """Count what is over; nobody is named."""
    with _opened(home, node, operator) as (keeper, who):
        found = overview.retention_overview(keeper, who, terminal=_TERMINAL)
    if isinstance(found, Refusal):
        raise _refused(found)
    if as_json:
        click.echo(msgspec.json.encode(found))
        return
    for one in found.due:
        click.echo(f"{word(one.kind)}  {one.over:,} 件{'以上' if one.more else ''}")
    for line in (found.open_run, *found.past):
        if line is not None:
            click.echo(
                f"一覧 {line.number}  {word(line.state)}  {line.proposed_by} → {line.decided_by or '―'}"
            )
    click.echo(f"保留 {len(found.holds):,} 件")


@retention.command(short_help="draw up a list of what is over")
@NODE
@HOME
@KEEPER
def propose(node: str, home: Path, operator: str) -> None:
    """Draw up a list of what is over and held by nothing; a second person decides about it."""
    with _opened(home, node, operator) as (keeper, who):
        _tell(runs.propose_run(keeper, who, terminal=_TERMINAL))


@retention.command(short_help="show a run, with its record of destruction")
@NUMBER
@NODE
@HOME
@KEEPER
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def show(number: str, node: str, home: Path, operator: str, as_json: bool) -> None:
    """Show one run."""
    with _opened(home, node, operator) as (keeper, who):
        found = runs.run_view(keeper, who, number, terminal=_TERMINAL)
    if as_json and isinstance(found, RunView):
        click.echo(msgspec.json.encode(found))
    else:
        _tell(found)


@retention.command(short_help="approve a list, by the digest that was shown")
@NUMBER
@click.argument("digest")
@NODE
@HOME
@SECOND
def approve(number: str, digest: str, node: str, home: Path, operator: str) -> None:
    """Stand for a list as a second person; DIGEST is the list's, as `show` gives it. Nothing is destroyed yet."""
    with _opened(home, node, operator) as (keeper, who):
        _tell(runs.decide_run(keeper, who, number, digest, accept=True, terminal=_TERMINAL))


@retention.command(short_help="decline a list")
@NUMBER
@NODE
@HOME
@SECOND
def decline(number: str, node: str, home: Path, operator: str) -> None:
    """Leave everything on a list where it is."""
    with _opened(home, node, operator) as (keeper, who):
        _tell(runs.decide_run(keeper, who, number, "", accept=False, terminal=_TERMINAL))


@retention.command(short_help="take back an own list that waits")
@NUMBER
@NODE
@HOME
@KEEPER
def withdraw(number: str, node: str, home: Path, operator: str) -> None:
    """Take back a list that waits for a second person."""
    with _opened(home, node, operator) as (keeper, who):
        _tell(runs.withdraw_run(keeper, who, number, terminal=_TERMINAL))


@retention.command(short_help="stop an approved list and leave the rest")
@NUMBER
@NODE
@HOME
@SECOND
def end(number: str, node: str, home: Path, operator: str) -> None:
    """Stop destroying; what is left of the list stays, and the record of destruction says so."""
    with _opened(home, node, operator) as (keeper, who):
        _tell(runs.end_run(keeper, who, number, terminal=_TERMINAL))


@retention.command(short_help="destroy what an approved list names")
@NUMBER
@NODE
@HOME
@SECOND
def carry_out(number: str, node: str, home: Path, operator: str) -> None:
    """Destroy what an approved list names; where it was cut off, the same command goes on."""
    with _opened(home, node, operator) as (keeper, who), Teller().progress("消去しています"):
        done = runs.carry_out(keeper, who, number, terminal=_TERMINAL)
        while isinstance(done, RunView) and done.waiting:
            done = runs.carry_out(keeper, who, number, terminal=_TERMINAL)
    _tell(done)


@contextmanager
def _opened(home: Path, node: str, login_id: str) -> Iterator[tuple[Node, Operator]]:
    with opened_node(home, node) as foundation:
        if foundation.node.me.kind not in overview.KEEPING:
            raise click.ClickException(f"ノード {node} は記録を保存していません。")
        if foundation.config.terminal is None:
            enrol_demo_operators(foundation)  # a node without a terminal has nobody else who could act
        yield foundation.node, operator_of(foundation, login_id)


def _tell(found: RunView | Refusal) -> None:
    if isinstance(found, Refusal):
        raise _refused(found)
    click.echo(f"一覧 {found.line.number}  {word(found.line.state)}")
    for one in found.counts:
        click.echo(
            f"{word(one.kind)}  一覧 {one.listed:,}  消去 {one.erased:,}  保留 {one.held:,}"
            f"  変更 {one.changed:,}  終了 {one.left:,}"
        )
    click.echo(f"一覧の要約値 {found.digest}")
    if found.certificate is not None:
        click.echo(f"消去したものの要約値 {found.certificate.erased_digest}")
        click.echo(f"廃棄記録の要約値 {found.certificate_digest}")
    if found.proof is not None:
        click.echo(
            f"台帳 {found.proof.position + 1:,} 行目、{found.proof.size:,} 行の署名 {found.proof.root}"
        )


def _refused(refusal: Refusal) -> click.ClickException:
    told = explain(refusal)
    return click.ClickException(f"{told.happened}{told.now}（{told.article}）")
