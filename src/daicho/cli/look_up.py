"""`daicho look-up`: an agency or a mayor's office asks the nation."""

from pathlib import Path

import click
import msgspec

from daicho.cli.nation import HOME
from daicho.cli.node_access import opened_node
from daicho.nodes.agency.ask import ask_nation
from daicho.wire.http import WireRefused, WireUnavailable
from daicho.wire.operations import LookUpAnswer, LookUpRequest, SearchTermsText


@click.command("look-up", short_help="ask the nation for identification information under a legal basis")
@click.option("--node", default="agency-kensetsu", show_default=True, help="Who asks (short name).")
@HOME
@click.option("--name", default="", help="Name, whole (kanji or kana).")
@click.option("--birth", default="", help="Birth date, YYYY-MM-DD.")
@click.option(
    "--address", default="", help="Municipality code/beginning of the address, such as 13101/丸の内."
)
@click.option("--basis", default="1/97", show_default=True, help="Legal basis: table/item of 別表.")
@click.option("--purpose", required=True, help="The affair for which it is asked.")
@click.option("--operator", default="KENSETSU-01", show_default=True, help="照合ID of whoever asks.")
@click.option("--accept-age", default=0, show_default=True, type=click.IntRange(0, 3600),
              help="Accept data that are so many seconds old; 0: as they are now.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def look_up(node: str, home: Path, name: str, birth: str, address: str, basis: str, purpose: str, operator: str,
            accept_age: int, as_json: bool) -> None:  # fmt: skip
    """Ask; the answer holds only what the article allows, and every person shown is a line in the nation's ledger."""
    with opened_node(home, node) as foundation:
        clock = foundation.node.clock
        request = LookUpRequest(
            clock.new_id(), SearchTermsText(name=name, birth_date=birth, address=address), basis, purpose, operator,
            "SHINSA", "cli", clock.business_today().isoformat(), accept_age,
        )  # fmt: skip
        try:
            answer = ask_nation(foundation.node, request)
        except (WireUnavailable, WireRefused) as fault:
            raise click.ClickException(f"全国サーバに届きません: {fault}") from fault
    if as_json:
        click.echo(msgspec.json.encode(answer))
    else:
        _print(answer)
    if answer.refused is not None:
        raise click.ClickException(
            f"拒否: {answer.refused.reason}（{answer.refused.act}第{answer.refused.number}条 {answer.refused.field}）"
        )


def _print(answer: LookUpAnswer) -> None:
    for row in answer.rows:
        click.echo("  ".join(row.fields.values()))
    if answer.age_seconds:
        click.echo(f"{answer.age_seconds} 秒前までの内容です。")
    if answer.more:
        click.echo("該当者が多すぎます。条件を絞ってください。")
    elif not answer.rows and answer.refused is None:
        click.echo("該当する人はいません。")
