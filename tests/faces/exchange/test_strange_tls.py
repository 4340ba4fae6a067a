"""Callers that do not keep to TLS: each is turned away, nothing is kept, and the next good caller is heard."""

import os
import socket
import time
from collections.abc import Callable
from typing import Any

import pytest
from tests.faces.exchange.conftest import Caller, Country, Running
from tlslite.api import HandshakeSettings, TLSConnection, X509CertChain, parsePEMKey
from tlslite.constants import KeyUpdateMessageType
from tlslite.errors import TLSAbruptCloseError, TLSAlert, TLSClosedConnectionError
from tlslite.messages import ApplicationData, ClientHello

CS, REGISTRY = "cs.m131016.p13", "registry.m131016.p13"
SECONDS = 10
HEALTH = b"GET /health HTTP/1.1\r\nHost: node\r\n\r\n"
TURNED_AWAY = (TLSAlert, TLSAbruptCloseError, TLSClosedConnectionError, ConnectionError)

NO_HANDSHAKE = {
    "a record longer than TLS allows": b"\x16\x03\x01\xff\xff" + bytes(100),
    "a record of no known kind": b"\x63\x03\x03\x00\x04abcd",
    "a hello of SSL 2": b"\x80\x2e\x01\x00\x02\x00\x15\x00\x00\x00\x10" + bytes(35),
    "an alert first": b"\x15\x03\x01\x00\x02\x02\x28",
    "application data first": b"\x17\x03\x03\x00\x05hello",
    "a change of cipher first": b"\x14\x03\x03\x00\x01\x01",
    "a handshake message of sixteen megabytes": b"\x16\x03\x01\x00\x04\x01\xff\xff\xff",
    "a hello of noise": b"\x16\x03\x01\x00\x20\x01\x00\x00\x1c" + os.urandom(28),
    "an empty record again and again": b"\x16\x03\x01\x00\x00" * 200,
    "nothing": b"",
}


def heard(prefecture: Running, country: Country) -> None:
    """The listener still answers whoever keeps to the rules."""
    with country[CS].line(prefecture.port, prefecture.name) as line:
        assert line.ask("/health", method="GET").status == 200


@pytest.mark.parametrize("case", NO_HANDSHAKE)
def test_what_is_no_handshake_ends_the_connection(
    prefecture: Running, country: Country, nothing_kept: None, case: str
) -> None:
    with socket.create_connection(("127.0.0.1", prefecture.port), SECONDS) as plain:
        plain.sendall(NO_HANDSHAKE[case])
        plain.shutdown(socket.SHUT_WR)
        end, came = time.monotonic() + SECONDS, b""
        try:
            while chunk := plain.recv(4096):
                came += chunk
                assert time.monotonic() < end
        except ConnectionError:
            pass
    assert came[:1] in (b"", b"\x15"), "nothing but an alert"
    heard(prefecture, country)


def connected(prefecture: Running) -> TLSConnection:
    plain = socket.create_connection(("127.0.0.1", prefecture.port), SECONDS)
    return TLSConnection(plain)


def chain_and_key(caller: Caller) -> tuple[Any, Any]:
    pair = caller.files.pair.read_text()
    chain = X509CertChain()
    chain.parsePemList(pair)
    key = pair[pair.index("-----BEGIN PRIVATE KEY") : pair.index("-----END PRIVATE KEY")]
    return chain, parsePEMKey(key + "-----END PRIVATE KEY-----\n", private=True)


def plain_settings() -> HandshakeSettings:
    """Without compressed certificates, which this client sends whether or not they were asked for."""
    settings = HandshakeSettings()
    settings.certificate_compression_send = []
    return settings


def greet(connection: TLSConnection, prefecture: Running, caller: Caller, **more: Any) -> None:
    chain, key = chain_and_key(caller)
    usual = {
        "certChain": chain,
        "privateKey": key,
        "serverName": prefecture.name,
        "settings": plain_settings(),
    }
    connection.handshakeClientCert(**usual | more)


def asked(connection: TLSConnection) -> bytes:
    connection.write(HEALTH)
    return bytes(connection.read(max=4096, min=1))


def turned_away(prefecture: Running, country: Country, attempt: Callable[[], object]) -> None:
    with pytest.raises(TURNED_AWAY):
        attempt()
    heard(prefecture, country)


def test_a_caller_with_another_implementation_is_heard(prefecture: Running, country: Country) -> None:
    connection = connected(prefecture)
    greet(connection, prefecture, country[CS])
    assert asked(connection).startswith(b"HTTP/1.1 200")
    assert connection.version == (3, 4)
    connection.close()


def test_a_certificate_without_its_key_is_worth_nothing(
    prefecture: Running, country: Country, nothing_kept: None
) -> None:
    connection = connected(prefecture)
    key = chain_and_key(country[REGISTRY])[1]

    def attempt() -> None:
        greet(connection, prefecture, country[CS], privateKey=key)
        asked(connection)

    turned_away(prefecture, country, attempt)


WEAK = {
    "only SHA-1": {"ecdsaSigHashes": ["sha1"], "rsaSigHashes": ["sha1"], "rsaSchemes": ["pkcs1"]},
    "only TLS 1.2": {"minVersion": (3, 3), "maxVersion": (3, 3)},
    "only TLS 1.0": {"minVersion": (3, 1), "maxVersion": (3, 1)},
}


def test_a_compressed_certificate_that_nobody_asked_for_is_refused(
    prefecture: Running, country: Country, nothing_kept: None
) -> None:
    connection = connected(prefecture)

    def attempt() -> None:
        greet(connection, prefecture, country[CS], settings=HandshakeSettings())
        asked(connection)

    turned_away(prefecture, country, attempt)


@pytest.mark.parametrize("case", WEAK)
def test_a_caller_who_offers_only_what_is_weak_is_refused(
    prefecture: Running, country: Country, nothing_kept: None, case: str
) -> None:
    settings = plain_settings()
    for name, value in WEAK[case].items():
        setattr(settings, name, value)
    connection = connected(prefecture)

    def attempt() -> None:
        greet(connection, prefecture, country[CS], settings=settings)
        asked(connection)

    turned_away(prefecture, country, attempt)


def test_a_second_hello_inside_a_connection_ends_it(
    prefecture: Running, country: Country, nothing_kept: None
) -> None:
    connection = connected(prefecture)
    greet(connection, prefecture, country[CS])
    hello = ClientHello().create((3, 3), bytearray(32), bytearray(), [0x1301], extensions=[])
    for _ in connection._sendMsg(hello):
        pass
    turned_away(prefecture, country, lambda: asked(connection) and asked(connection))


def test_new_keys_asked_for_a_hundred_times_do_no_harm(prefecture: Running, country: Country) -> None:
    connection = connected(prefecture)
    greet(connection, prefecture, country[CS])
    for _ in range(100):
        for _ in connection.send_keyupdate_request(KeyUpdateMessageType.update_not_requested):
            pass
    assert asked(connection).startswith(b"HTTP/1.1 200")
    connection.close()
    heard(prefecture, country)


def test_a_record_that_was_changed_on_the_way_ends_the_connection(
    prefecture: Running, country: Country, nothing_kept: None
) -> None:
    connection = connected(prefecture)
    greet(connection, prefecture, country[CS])
    plain = connection.sock
    connection._recordLayer._recordSocket.sock = _Changing(plain)
    for _ in connection._sendMsg(ApplicationData().create(bytearray(HEALTH))):
        pass
    connection._recordLayer._recordSocket.sock = plain
    turned_away(prefecture, country, lambda: connection.read(max=10, min=1))


class _Changing:
    """A socket that flips one bit of what it sends."""

    def __init__(self, plain: Any) -> None:
        self._plain = plain

    def send(self, content: bytes) -> int:
        changed = bytearray(content)
        changed[-1] ^= 1
        return int(self._plain.send(bytes(changed)))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._plain, name)
