"""`daicho ministry`: the Ministry of Justice of the demonstration, as a pair of files."""

from datetime import date
from pathlib import Path

import click

from daicho.faces.wording.ministry import column_words, town_fault_words
from daicho.faces.wording.terms import word
from daicho.world.ministry import USUAL_SEED, MinistryReply, reply_to


@click.command(
    "ministry", short_help="read a town's notices as the Ministry does, and make notices for it (demo)"
)
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("reply", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--serial", type=click.IntRange(1, 999_999), default=1, show_default=True, help="Serial of the new file."
)
@click.option(
    "--day",
    type=click.DateTime(["%Y-%m-%d"]),
    required=True,
    help="Day on which it is made, not after the town's.",
)
@click.option("--seed", default=USUAL_SEED, show_default=True, help="The same seed gives the same file.")
def ministry(path: Path, reply: Path, serial: int, day: date, seed: str) -> None:
    """Read the municipal notices in PATH and write the Ministry's notices about some of those people to REPLY.

    All of it is invented; a real Ministry has its own terminal.
    """
    made = date(day.year, day.month, day.day)
    answer = reply_to(path.read_bytes(), serial=serial, day=made, seed=seed)
    if not isinstance(answer, MinistryReply):
        lines = [
            f"{one.line}行目 {column_words(one.column) or '行の全体'}：{town_fault_words(one.reason)}"
            for one in answer
        ]
        raise click.ClickException("\n".join(["市町村通知のファイルとして読めません。", *lines]))
    reply.write_bytes(answer.content)
    counts = "、".join(f"{word(act)} {count:,}" for act, count in answer.told.items())
    click.echo(f"市町村通知（{answer.municipality}・通番{answer.serial}）：{counts}")
    click.echo(f"法務省通知 {answer.notices:,} 件を {reply} に書きました。")
