"""`daicho audit`: everything recomputed from stored bytes, with a role that can only read."""

import json
import sys
from pathlib import Path

import click

from daicho.cli.nation import HOME, attached
from daicho.cli.telling import Teller
from daicho.world.checking import audit_nation


@click.command(short_help="recompute every ledger, checkpoint, copy and second signature")
@HOME
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def audit(home: Path, as_json: bool) -> None:
    """Recompute chains, checkpoints, cosignatures, counts, copies and dual control of a running nation."""
    risen = attached(home)
    if as_json:
        found = audit_nation(risen)
        click.echo(json.dumps([{"node": f.node, "fault": f.fault.value, "place": f.place} for f in found]))
    else:
        with Teller().progress("監査しています"):
            found = audit_nation(risen)
        for finding in found:
            click.echo(str(finding))
        click.echo(f"{len(found)} 件の異常" if found else "異常はありません。")
    if found:
        sys.exit(1)
