"""How commands use a node of the nation that runs on this machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from daicho.cli.nation import attached
from daicho.faces.desks.bind import office_of
from daicho.nodes.config import read_config
from daicho.nodes.watch.assembly import Foundation, found_node
from daicho.rules.operators.authority import Operator, Role
from daicho.store import office as book

NODE = click.option(
    "--node", required=True, help="The node's short name, as `daicho nation status --json` lists it."
)


@contextmanager
def opened_node(home: Path, short: str) -> Iterator[Foundation]:
    """Open a running node's database and wire beside its process. Raises: ClickException."""
    nation = attached(home)
    if short not in {node.short for node in nation.plan}:
        raise click.ClickException(f"ノード {short} はありません。")
    foundation = found_node(read_config(nation.places.node(short) / "node.toml"), own_signer=False)
    try:
        yield foundation
    finally:
        foundation.close()


def operator_of(foundation: Foundation, login_id: str) -> Operator:
    """Find an operator in the node's book; the command line knows nobody else.

    On the command line nobody proves who they are by a body, so it is open to demonstrations alone.
    Raises: ClickException.
    """
    if office_of(foundation.node, foundation.config).demo() is None:
        raise click.ClickException(
            "コマンドラインでは職員の本人確認ができないため、この操作はデモ環境だけで使えます。"
        )
    with foundation.node.store.reading() as unit:
        row = book.operator(unit, login_id)
    if row is None or not row.active:
        raise click.ClickException(f"照合ID {login_id} は登録されていません。")
    return Operator(row.login_id, row.role_id, tuple(Role(role) for role in row.roles))
