"""Keys of a running nation: replaced, renewed, moved into a token, revoked; nothing stops and nothing is lost."""

import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from tests.conftest import MODULE, PIN
from tests.nation.conftest import REGISTRY, arrived, move_within, until

from daicho.nodes.config import read_config
from daicho.wire.authority import TlsFiles, serial_of
from daicho.wire.http import client_context
from daicho.wire.signer.client import SignerClient
from daicho.world.checking import check_nation
from daicho.world.founding import publish, read_directory
from daicho.world.nation import Nation
from daicho.world.rotation import (
    move_key_to_token,
    renew_certificates,
    revoke_node,
    rotate_message_key,
)

pytestmark = [pytest.mark.nation]

CS, AGENCY = "cs-m132012", "agency-kensetsu"
_BLOCKS = iter(range(50, 100))
WAIT_SECONDS = 30


def _letters_flow(nation: Nation, quiet: Callable[[], None]) -> None:
    """A change goes from the counter to the nation, and every copy and book agrees."""
    block = f"{next(_BLOCKS)}番55号"
    until(arrived(nation, move_within(nation, block), block), nation)
    quiet()
    assert check_nation(nation) == []


def _last_seal_kid(nation: Nation, short: str) -> str:
    """The kid that the node's signer uses now, as the node itself says it."""
    client = SignerClient(Path(read_config(nation.places.node(short) / "node.toml").signer_socket))
    kid, _ = client.sign_digests("letter", [bytes(32)])
    client.close()
    return kid


@pytest.mark.nightly
@pytest.mark.parametrize("short", [CS, REGISTRY])
def test_a_message_key_is_replaced_while_letters_flow(
    nation: Nation, quiet: Callable[[], None], short: str
) -> None:
    kid = rotate_message_key(nation, short)
    until(lambda: _last_seal_kid(nation, short) == kid, nation)
    _letters_flow(nation, quiet)


def test_certificates_are_renewed_under_running_connections(
    nation: Nation, quiet: Callable[[], None]
) -> None:
    before = {node.short: serial_of(TlsFiles(nation.places.node(node.short)).pair) for node in nation.plan}
    assert renew_certificates(nation) == len(nation.plan)
    _letters_flow(nation, quiet)
    after = {node.short: serial_of(TlsFiles(nation.places.node(node.short)).pair) for node in nation.plan}
    assert not set(before.values()) & set(after.values())


@pytest.fixture
def files_again(nation: Nation) -> Iterator[None]:
    """After the test the CS signs with its key file again."""
    config = nation.places.node(CS) / "node.toml"
    text = config.read_text()
    yield
    (nation.places.node(CS) / "hardware.json").unlink(missing_ok=True)
    config.write_text(text)
    _restart(nation, CS)
    rotate_message_key(nation, CS)


def _restart(nation: Nation, short: str) -> None:
    child = nation.supervisor.child(short)
    assert child.process is not None
    os.kill(child.process.pid, signal.SIGTERM)
    child.process.wait(WAIT_SECONDS)
    nation.supervisor.await_ready(short)


@pytest.mark.nightly
def test_a_cs_moves_its_key_into_a_token_and_goes_on(
    nation: Nation, quiet: Callable[[], None], token: str, files_again: None
) -> None:
    kid = move_key_to_token(nation, CS, module=MODULE, token=token, pin=PIN)
    _restart(nation, CS)
    until(lambda: _last_seal_kid(nation, CS) == kid, nation)
    _letters_flow(nation, quiet)


def _heard_by_the_nation(nation: Nation, short: str) -> str:
    """Ask the national server how it is, with a node's own certificate: its answer, or its refusal."""
    context = client_context(TlsFiles(nation.places.node(short)))
    national = next(node.name for node in nation.plan if node.short == "national")
    with closing(socket.create_connection(("127.0.0.1", nation.ports["national"].exchange), 10)) as plain:
        try:
            with context.wrap_socket(plain, server_hostname=national) as tls:
                tls.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
                return tls.recv(100).split(b" ")[1].decode()
        except OSError as error:
            return type(error).__name__


def test_a_node_that_is_revoked_is_refused_at_once_and_heard_again_when_it_is_listed_anew(
    nation: Nation, quiet: Callable[[], None]
) -> None:
    directory = read_directory(nation.places)
    member = directory.member(next(node.name for node in nation.plan if node.short == AGENCY))
    assert member is not None
    assert _heard_by_the_nation(nation, AGENCY) == "200"
    revoke_node(nation, AGENCY)
    until(lambda: _heard_by_the_nation(nation, AGENCY) in {"SSLError", "403"}, nation)
    until(lambda: _heard_by_the_nation(nation, AGENCY) == "SSLError", nation)
    now = read_directory(nation.places)
    members = (*now.members, member)
    publish(nation.places, replace(now, serial=now.serial + 1, members=members, _by_name={}))
    renew_certificates(nation, AGENCY)
    until(lambda: _heard_by_the_nation(nation, AGENCY) == "200", nation)
    _letters_flow(nation, quiet)
