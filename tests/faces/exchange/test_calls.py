"""What a caller makes of the other end: one that answers, one that refuses, one that lies, drips or floods."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest
from tests.faces.exchange.conftest import now

from daicho.store.unit import StoreUnavailable
from daicho.wire.envelope import RECEIPT, Head, seal
from daicho.wire.http import Post, WireRefused, WireUnavailable, server_context
from daicho.wire.operations import LETTERS_SETTLE, Nothing, Settlement, Settlements

CS, PREFECTURE, NATIONAL = "cs.m131016.p13", "prefecture.p13", "national.n"
CALL = replace(LETTERS_SETTLE, timeout_seconds=1, max_answer_bytes=4096)
TOLD = Settlements(1, [Settlement(1, bytes(32), "accepted")])


@pytest.fixture
def post(country) -> Iterator[Post]:
    """The outgoing calls of one town's CS."""
    directory = country.directory()
    caller = country[CS]
    made = Post(caller.name, caller.pen, lambda: directory, caller.files, now)
    yield made
    made.close()


def _at(country, port: int, short: str = PREFECTURE):
    return replace(country[short].member, endpoint=f"127.0.0.1:{port}")


@contextmanager
def _server(country, answer: bytes, *, as_: str = PREFECTURE, drip: float = 0) -> Iterator[int]:
    """A server with a good certificate that says what it is told to, whatever it is asked."""
    context = server_context(country[as_].files)
    stop = threading.Event()

    def serve(server: socket.socket) -> None:
        with suppress(OSError):
            plain, _ = server.accept()
            with plain, context.wrap_socket(plain, server_side=True) as tls:
                tls.recv(65536)
                while not stop.is_set():
                    tls.sendall(answer)
                    if not drip:
                        return
                    stop.wait(drip)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve, args=(server,))
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            stop.set()
            server.close()
            thread.join(15)


def _http(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: " + str(len(body)).encode() + b"\r\n\r\n" + body


def test_a_call_is_answered_over_one_connection_that_stays_open(country, listen, post):
    bare = listen(PREFECTURE, {"letters.settle": lambda _: Nothing()})
    for _ in range(3):
        assert post.call(CALL, _at(country, bare.port), TOLD) == Nothing()


def test_a_refusal_comes_with_status_and_code(country, listen, post):
    bare = listen(PREFECTURE, {})
    with pytest.raises(WireRefused) as caught:
        post.call(CALL, _at(country, bare.port), TOLD)
    assert (caught.value.status, caught.value.code) == (404, "UNKNOWN_PATH")


def test_a_node_that_asks_to_be_left_alone_counts_as_away(country, listen, post):
    def away(_):
        raise StoreUnavailable("OperationalError")

    bare = listen(PREFECTURE, {"letters.settle": away})
    with pytest.raises(WireUnavailable, match="STORE_UNAVAILABLE"):
        post.call(CALL, _at(country, bare.port), TOLD)


def test_with_an_expired_directory_nothing_is_sent(country, listen):
    asked = []
    bare = listen(PREFECTURE, {"letters.settle": asked.append})
    old = country.directory(hours=-1)
    caller = country[CS]
    post = Post(caller.name, caller.pen, lambda: old, caller.files, now)
    with pytest.raises(WireUnavailable, match="directory has expired"):
        post.call(CALL, _at(country, bare.port), TOLD)
    assert asked == []


def test_nobody_is_at_home(country, post):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(WireUnavailable):
        post.call(CALL, _at(country, port), TOLD)


def test_the_right_address_with_another_nodes_certificate_is_told_nothing(country, listen, post):
    asked = []
    bare = listen(NATIONAL, {"letters.settle": asked.append})
    with pytest.raises(WireUnavailable):
        post.call(CALL, _at(country, bare.port, PREFECTURE), TOLD)
    assert asked == []


def test_an_answer_to_another_call_is_no_answer(country, post):
    server = country[PREFECTURE]
    head = Head(server.name, country[CS].name, CALL.name, now(), 1, [], "0" * 64)
    stale = seal(server.pen, head, [msgspec.json.encode(Nothing())], purpose=RECEIPT)
    with _server(country, _http(stale)) as port, pytest.raises(WireUnavailable, match="answer refused"):
        post.call(CALL, _at(country, port), TOLD)


def test_a_letter_is_no_answer(country, post):
    server = country[PREFECTURE]
    letter = server.sealed(CALL, country[CS].name, [b"{}"])
    with _server(country, _http(letter)) as port, pytest.raises(WireUnavailable, match="answer refused"):
        post.call(CALL, _at(country, port), TOLD)


@pytest.mark.parametrize("body", [b"", b"{}", b"nonsense", b"[" * 4000, b"\xff\xfe"])
def test_nonsense_is_no_answer(country, post, body):
    with _server(country, _http(body)) as port, pytest.raises(WireUnavailable):
        post.call(CALL, _at(country, port), TOLD)


def test_a_flood_is_given_up_before_it_fills_the_memory(country, post):
    flood = b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n" + b"x" * 200_000
    with _server(country, flood) as port, pytest.raises(WireUnavailable, match="too large"):
        post.call(CALL, _at(country, port), TOLD)


def test_an_answer_that_breaks_off_is_no_answer(country, post):
    broken = b"HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\nhalf"
    with _server(country, broken) as port, pytest.raises(WireUnavailable):
        post.call(CALL, _at(country, port), TOLD)


def test_an_answer_that_drips_is_given_up_in_time(country, post):
    begun = now()
    drip = b"HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\nx"
    with _server(country, drip, drip=0.2) as port, pytest.raises(WireUnavailable):
        post.call(CALL, _at(country, port), TOLD)
    assert now() - begun < timedelta(seconds=5)


def test_a_renewed_certificate_is_used_at_the_next_call(country, listen, copied):
    seen = []
    bare = listen(PREFECTURE, {"letters.settle": lambda opened: seen.append(opened) or Nothing()})
    caller = copied(CS)
    serial = caller.certify()
    directory = country.directory()
    post = Post(caller.name, caller.pen, lambda: directory, caller.files, now)
    try:
        post.call(CALL, _at(country, bare.port), TOLD)
        caller.authority.revoke(serial, now())
        country.new_lists(caller)
        bare.listener.reload_tls()
        with pytest.raises(WireUnavailable):
            post.call(CALL, _at(country, bare.port), TOLD)
        caller.certify()
        post.call(CALL, _at(country, bare.port), TOLD)
    finally:
        post.close()
    assert len(seen) == 2
