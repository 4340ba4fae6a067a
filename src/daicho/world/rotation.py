"""Keys of a running nation, renewed, replaced and revoked by its administrator."""

import json
import secrets
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from daicho.rules.network.kinds import Member, MessageKey
from daicho.wire.authority import Authority, TlsFiles, make_node_request, serial_of
from daicho.wire.directory import Directory
from daicho.wire.signer.client import SignerClient
from daicho.wire.signer.hardware import make_key
from daicho.wire.signer.keystore import add_message_key, newest_message_key, write_private
from daicho.world.founding import (
    DIRECTORY_HOURS,
    HARDWARE,
    MESSAGE_KEY_DAYS,
    HardwareKey,
    hardware_of,
    publish,
    read_directory,
)
from daicho.world.nation import Nation
from daicho.world.plan import PlannedNode

KEY_NOTICE = timedelta(seconds=10)  # so that everybody has fetched the directory before the key signs


def _authority(nation: Nation, node: PlannedNode) -> Authority:
    return Authority(nation.places.keys / ("sub-p" + node.prefecture if node.prefecture else "sub-n"))


def _new_lists(nation: Nation) -> None:
    now = datetime.now(UTC)
    folders = sorted(folder for folder in nation.places.keys.iterdir() if folder.is_dir())
    lists = b"".join(Authority(folder).make_crl(now) for folder in folders)
    for node in nation.plan:
        file = TlsFiles(nation.places.node(node.short)).crl
        fresh = file.with_suffix(".new")
        fresh.write_bytes(lists)
        fresh.replace(file)


def _publish(nation: Nation, members: tuple[Member, ...]) -> None:
    old = read_directory(nation.places)
    now = datetime.now(UTC)
    until = now + timedelta(hours=DIRECTORY_HOURS)
    publish(
        nation.places,
        Directory(old.serial + 1, now, until, old.profile, members, old.demo_day, old.authorities),
    )


def keep_directory_fresh(nation: Nation) -> bool:
    """Sign the directory anew when half of its day is over; tell whether it was."""
    directory = read_directory(nation.places)
    if directory.expires_at - datetime.now(UTC) > timedelta(hours=DIRECTORY_HOURS / 2):
        return False
    _publish(nation, directory.members)
    return True


def renew_certificates(nation: Nation, short: str = "") -> int:
    """Issue new certificates; the nodes notice the files and take them."""
    now = datetime.now(UTC)
    count = 0
    for node in nation.plan:
        if short in ("", node.short):
            files = TlsFiles(nation.places.node(node.short))
            key, request = make_node_request(node.name)
            chain = _authority(nation, node).issue_for_request(request, node.name, now)
            files.install(key, chain)
            count += 1
    _new_lists(nation)
    return count


def rotate_message_key(nation: Nation, short: str) -> str:
    """Make a new message key, publish it beside the old one, then let the signer use it."""
    made = add_message_key(nation.places.node(short) / "signer")
    _publish_key(nation, short, made.kid, made.x, made.y, in_force_from=datetime.now(UTC) + KEY_NOTICE)
    return made.kid


def _publish_key(nation: Nation, short: str, kid: str, x: str, y: str, *, in_force_from: datetime) -> None:
    node = next(node for node in nation.plan if node.short == short)
    until = in_force_from + timedelta(days=MESSAGE_KEY_DAYS)
    key = MessageKey(kid, x, y, in_force_from, until)
    directory = read_directory(nation.places)
    members = tuple(
        replace(member, message_keys=(*member.message_keys, key)) if member.name == node.name else member
        for member in directory.members
    )
    _publish(nation, members)


def move_key_to_token(nation: Nation, short: str, *, module: str, token: str, pin: str) -> str:
    """Make the node's next message key in a hardware token and publish it; the node uses it when it starts again.

    Raises: KeyNotOpened.
    """
    folder = nation.places.node(short)
    write_private(folder / "signer" / "pin", pin.encode())
    known = hardware_of(folder)
    newest = known.kid if known else newest_message_key(folder / "signer")[0]
    kid = f"{int(newest.split('-')[0]) + 1:04d}-{secrets.token_hex(4)}"
    x, y = make_key(module, token, folder / "signer", kid)
    made = HardwareKey(module, token, kid, x, y)
    write_private(folder / HARDWARE, json.dumps(asdict(made)).encode())
    config = (folder / "node.toml").read_text().rstrip("\n")
    if known is None:
        write_private(folder / "node.toml", "\n".join((config, *made.section(), "")).encode())
    # The token's newest key signs from the node's next start on, whenever that is.
    _publish_key(nation, short, kid, x, y, in_force_from=datetime.now(UTC) - timedelta(minutes=5))
    return kid


def use_newest_key(signer_socket: Path) -> str:
    """Let a signer take the newest message key, once everybody knows it."""
    return SignerClient(signer_socket).reload()


def revoke_node(nation: Nation, short: str) -> None:
    """Revoke the certificate and take the node out of the directory."""
    node = next(node for node in nation.plan if node.short == short)
    pair = TlsFiles(nation.places.node(short)).pair
    _authority(nation, node).revoke(serial_of(pair), datetime.now(UTC))
    _new_lists(nation)
    directory = read_directory(nation.places)
    _publish(nation, tuple(member for member in directory.members if member.name != node.name))
