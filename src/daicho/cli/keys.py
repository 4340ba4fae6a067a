"""`daicho keys`: authorities, certificates and message keys of a nation."""

from datetime import UTC, datetime
from pathlib import Path

import click

from daicho.cli.nation import HOME, attached
from daicho.wire.authority import TlsFiles, days_left
from daicho.wire.signer.keystore import KeyNotOpened
from daicho.world.rotation import move_key_to_token, renew_certificates, revoke_node, rotate_message_key


@click.group(short_help="show, renew, rotate and revoke keys")
def keys() -> None:
    """Certificates of nodes last seven days and are renewed by themselves; this is for the hand."""


@keys.command()
@HOME
def show(home: Path) -> None:
    """List every node's certificate with the days it has left."""
    risen = attached(home)
    now = datetime.now(UTC)
    for node in risen.plan:
        left = days_left(TlsFiles(risen.places.node(node.short)).pair, now)
        click.echo(f"{node.name:<46} {left:5.1f} 日")


@keys.command()
@HOME
@click.option("--node", "short", default="", help="One node; without it all of them.")
def renew(home: Path, short: str) -> None:
    """Issue new certificates and revocation lists; running nodes take them without a restart."""
    risen = attached(home)
    click.echo(f"{renew_certificates(risen, short)} 件の証明書を更新しました。")


@keys.command()
@HOME
@click.option("--node", "short", required=True, help="The node whose message key is replaced.")
def rotate(home: Path, short: str) -> None:
    """Give a node a new message key; the old one stays valid in the directory until it expires."""
    risen = attached(home)
    click.echo(f"新しい電文署名鍵: {rotate_message_key(risen, short)}")


@keys.command("to-token")
@HOME
@click.option("--node", "short", required=True, help="The node whose message key moves.")
@click.option("--module", required=True, type=click.Path(exists=True, dir_okay=False),
              help="The PKCS#11 module of the hardware, such as libsofthsm2.so.")  # fmt: skip
@click.option("--token", required=True, help="The token's label.")
@click.option("--pin", prompt=True, hide_input=True, help="The token's user PIN; asked for when not given.")
def to_token(home: Path, short: str, module: str, token: str, pin: str) -> None:
    """Make the next message key of a node inside a hardware token; it is used from the node's next start on."""
    try:
        kid = move_key_to_token(attached(home), short, module=module, token=token, pin=pin)
    except KeyNotOpened as error:
        raise click.ClickException(f"トークンで鍵を作れません（{error}）。") from None
    click.echo(f"新しい電文署名鍵: {kid}（ノードを再起動すると使い始めます）")


@keys.command()
@HOME
@click.option("--node", "short", required=True, help="The node that loses its membership.")
@click.confirmation_option(prompt="このノードは以後どこにも接続できません。よろしいですか")
def revoke(home: Path, short: str) -> None:
    """Revoke a node's certificate and take it out of the signed directory."""
    revoke_node(attached(home), short)
    click.echo("失効し、名簿から外しました。")
