"""Keys of a running nation, renewed, replaced and revoked by its administrator."""

import json
import secrets
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta

from daicho.rules.network.kinds import Member, MessageKey
from daicho.wire.authority import TlsFiles, serial_of
from daicho.wire.directory import Directory
from daicho.wire.signer.hardware import make_key
from daicho.wire.signer.keystore import add_message_key, newest_message_key, write_private
from daicho.world.founding import (
    DIRECTORY_HOURS,
    HARDWARE,
    MESSAGE_KEY_DAYS,
    HardwareKey,
    authority_of,
    certify,
    hardware_of,
    make_lists,
    publish,
    read_directory,
)
from daicho.world.nation import Nation

KEY_NOTICE = timedelta(seconds=10)  # so that everybody has fetched the directory before the key signs


def _new_lists(nation: Nation) -> None:
    lists = make_lists(nation.places, datetime.now(UTC))
    for node in nation.plan:
        TlsFiles(nation.places.node(node.short)).install_lists(lists)


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
            certify(nation.places, node, now)
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


def revoke_node(nation: Nation, short: str) -> None:
    """Revoke the certificate and take the node out of the directory."""
    node = next(node for node in nation.plan if node.short == short)
    pair = TlsFiles(nation.places.node(short)).pair
    authority_of(nation.places, node).revoke(serial_of(pair), datetime.now(UTC))
    _new_lists(nation)
    directory = read_directory(nation.places)
    _publish(nation, tuple(member for member in directory.members if member.name != node.name))
