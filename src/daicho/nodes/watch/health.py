"""How a node is: what the monitor may know, and nothing about anybody."""

from datetime import datetime

import msgspec

from daicho.nodes.node import Node
from daicho.store.unit import StoreUnavailable
from daicho.wire.authority import TlsFiles, days_left
from daicho.wire.signer.client import SignerUnavailable


class Health(msgspec.Struct, frozen=True):
    """`ready` means that letters can come and go."""

    ready: bool
    database: bool
    signer: bool
    directory: bool
    certificate: bool
    node: str
    directory_serial: int
    directory_until: datetime
    certificate_days: float


def health(node: Node, files: TlsFiles) -> Health:
    """Ask database, signer, directory and certificate."""
    now, directory = node.clock.now(), node.wire.directory()
    certificate_days = round(days_left(files.pair, now), 2)
    database, signer = _database(node), _signer(node)
    in_force, valid = not directory.expired(now), certificate_days > 0
    return Health(
        database and signer and in_force and valid, database, signer, in_force, valid, str(node.me.name),
        directory.serial, directory.expires_at, certificate_days,
    )  # fmt: skip


def _database(node: Node) -> bool:
    try:
        with node.store.unit("health.ping") as unit:
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
