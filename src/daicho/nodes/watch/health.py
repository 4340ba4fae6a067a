"""How a node is: what the monitor may know, and nothing about anybody."""

from typing import Any

from daicho.nodes.node import Node
from daicho.store.unit import StoreUnavailable
from daicho.wire.authority import TlsFiles, days_left
from daicho.wire.signer.client import SignerUnavailable


def health(node: Node, files: TlsFiles) -> dict[str, Any]:
    """Ask database, signer, directory and certificate; `ready` means that letters can come and go."""
    now = node.clock.now()
    directory = node.wire.directory()
    certificate_days = round(days_left(files.pair, now), 2)
    found = {
        "database": _database(node),
        "signer": _signer(node),
        "directory": not directory.expired(now),
        "certificate": certificate_days > 0,
    }
    return {
        "ready": all(found.values()),
        **found,
        "node": str(node.me.name),
        "directory_serial": directory.serial,
        "directory_until": directory.expires_at.isoformat(),
        "certificate_days": certificate_days,
    }


def _database(node: Node) -> bool:
    try:
        with node.store.unit() as unit:
            unit.answers()
    except StoreUnavailable:
        return False
    return True


def _signer(node: Node) -> bool:
    try:
        node.wire.signer.sign_digests("receipt", [])
    except SignerUnavailable:
        return False
    return True
