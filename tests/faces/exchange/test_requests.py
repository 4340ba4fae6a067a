"""What a listener does with requests of members and strangers, over real TLS connections."""

import random
import socket
import ssl
import threading
import time
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from tests.faces.exchange.conftest import now, until

from daicho.faces.exchange.listener import NodeHttpProtocol
from daicho.store.unit import StoreUnavailable
from daicho.wire.operations import (
    IDENTITY_LOOK_UP,
    LETTERS_SETTLE,
    OPERATIONS,
    LookUpAnswer,
    LookUpRequest,
    Nothing,
    SearchTermsText,
    Settlement,
    Settlements,
)

CS, OTHER_CS, PREFECTURE, NATIONAL = "cs.m131016.p13", "cs.m012025.p01", "prefecture.p13", "national.n"
AGENCY, AUDITOR = "agency-kensetsu.n", "auditor.n"
DELIVER, SETTLE, LOOK_UP = "/v1/letters/deliver", "/v1/letters/settle", "/v1/identity/look_up"
SETTLEMENTS = msgspec.json.encode(Settlements(1, [Settlement(1, bytes(32), "accepted")]))


@pytest.fixture
def settling(listen):
    """A listener of the prefecture that counts what its handler is given."""
    calls: list[Settlements] = []

    def settle(opened):
        calls.append(msgspec.json.decode(opened.parts[0], type=Settlements))
        return Nothing()

    def start(**options):
        bare = listen(PREFECTURE, {"letters.settle": settle}, **options)
        bare.calls = calls
        return bare

    return start


def _settle(country, bare, caller=CS, **head) -> bytes:
    return country[caller].sealed(LETTERS_SETTLE, bare.name, [SETTLEMENTS], **head)


@pytest.mark.requirement("R-452")
def test_a_town_of_another_prefecture_delivers_nothing(prefecture, country, nothing_kept):
    stranger = country[OTHER_CS]
    with stranger.line(prefecture.port, prefecture.name) as line:
        answer = line.ask(DELIVER, stranger.letter(prefecture.name, first=1))
    assert (answer.status, answer.code) == (403, "RELATION_NOT_ALLOWED")


@pytest.mark.requirement("R-452")
@pytest.mark.parametrize("caller", [AGENCY, AUDITOR])
def test_agency_and_auditor_post_no_letters(prefecture, country, nothing_kept, caller):
    with country[caller].line(prefecture.port, prefecture.name) as line:
        answer = line.ask(DELIVER, country[caller].letter(prefecture.name, first=1))
    assert (answer.status, answer.code) == (403, "RELATION_NOT_ALLOWED")


def test_a_certified_name_that_is_no_member_learns_nothing(prefecture, country, copied):
    caller = copied(CS)
    caller.certify(name="cs.m131024.p13.daicho.internal")
    with caller.line(prefecture.port, prefecture.name) as line:
        for path, method in (("/health", "GET"), (DELIVER, "POST")):
            answer = line.ask(path, method=method)
            assert (answer.status, answer.code) == (403, "UNKNOWN_PEER")


def test_a_member_who_was_removed_is_refused_on_the_connection_that_is_open(prefecture, country):
    caller = country[CS]
    with caller.line(prefecture.port, prefecture.name) as line:
        assert line.ask("/health", method="GET").status == 200
        before = prefecture.inbox()
        prefecture.take_directory(country, country.directory(without=caller.name))
        try:
            epoch, first = prefecture.expected(caller)
            answer = line.ask(DELIVER, caller.letter(prefecture.name, first=first, epoch=epoch))
            assert (answer.status, answer.code) == (403, "UNKNOWN_PEER")
            assert prefecture.inbox() == before
        finally:
            prefecture.take_directory(country, country.directory())
        answer = line.ask(DELIVER, caller.letter(prefecture.name, first=first, epoch=epoch))
        assert answer.status == 200, "listed again, heard again"


def test_a_certificate_revoked_since_the_handshake_ends_the_open_connection(country, copied, settling):
    bare, caller = settling(), copied(CS)
    serial = caller.certify()
    with caller.line(bare.port, bare.name) as line:
        assert line.ask(SETTLE, _settle(country, bare)).status == 200
        caller.authority.revoke(serial, now())
        country.new_lists()
        answers = []

        def refused() -> bool:
            answers.append(line.ask(SETTLE, _settle(country, bare)))
            return answers[-1].status == 403

        begun = time.monotonic()
        until(refused, seconds=2)
        assert time.monotonic() - begun < 1, "the lists are looked at ten times a second"
        assert answers[-1].code == "CERTIFICATE_REVOKED"
        assert answers[-1].headers["connection"] == "close"
    assert len(bare.calls) == len(answers)


def test_a_certificate_that_expires_at_noon_ends_the_open_connection(country, settling):
    ahead = [timedelta(0)]
    bare = settling(clock=lambda: now() + ahead[0])
    with country[CS].line(bare.port, bare.name) as line:
        assert line.ask(SETTLE, _settle(country, bare)).status == 200
        ahead[0] = timedelta(days=8)
        answer = line.ask(SETTLE, _settle(country, bare))
        assert (answer.status, answer.code) == (403, "CERTIFICATE_EXPIRED")


def test_one_member_does_not_speak_for_another(prefecture, country, nothing_kept):
    with country[NATIONAL].line(prefecture.port, prefecture.name) as line:
        answer = line.ask(DELIVER, country[CS].letter(prefecture.name, first=1))
    assert (answer.status, answer.code) == (400, "NOT_THE_PEER")


def test_a_look_up_that_is_replayed_is_answered_once(country, listen):
    seen = []

    def look_up(opened):
        seen.append(opened)
        return LookUpAnswer("1", "1-97")

    bare = listen(NATIONAL, {"identity.look_up": look_up})
    request = LookUpRequest("1", SearchTermsText(), "1-97", "許可", "SHOKAI-01", "R", "T", "2026-11-20")
    body = country[AGENCY].sealed(IDENTITY_LOOK_UP, bare.name, [msgspec.json.encode(request)])
    with country[AGENCY].line(bare.port, bare.name) as line:
        assert line.ask(LOOK_UP, body).status == 200
        again = line.ask(LOOK_UP, body)
        assert (again.status, again.code) == (409, "REPLAYED")
    assert len(seen) == 1


def test_a_look_up_is_remembered_though_the_clock_jumps_a_day_ahead_and_back(country, listen):
    seen = []

    def look_up(opened):
        seen.append(opened)
        return LookUpAnswer("1", "1-97")

    jump = [timedelta(0)]
    bare = listen(NATIONAL, {"identity.look_up": look_up}, clock=lambda: now() + jump[0])
    request = LookUpRequest("1", SearchTermsText(), "1-97", "許可", "SHOKAI-01", "R", "T", "2026-11-20")
    once, other = (
        country[AGENCY].sealed(IDENTITY_LOOK_UP, bare.name, [msgspec.json.encode(request)]) for _ in range(2)
    )
    with country[AGENCY].line(bare.port, bare.name) as line:
        assert line.ask(LOOK_UP, once).status == 200
        jump[0] = timedelta(days=1)
        assert line.ask(LOOK_UP, other).status != 200
        jump[0] = timedelta(0)
        again = line.ask(LOOK_UP, once)
        assert (again.status, again.code) == (409, "REPLAYED")
    assert len(seen) == 1


def test_letters_may_be_repeated_and_the_answer_is_bound_to_the_call(country, settling):
    bare = settling()
    body = _settle(country, bare)
    with country[CS].line(bare.port, bare.name) as line:
        assert line.ask(SETTLE, body).status == 200
        assert line.ask(SETTLE, body).status == 200, "its receiver knows repeats itself"


def test_paths_and_methods_that_do_not_exist_are_named(country, settling):
    bare = settling()
    with country[CS].line(bare.port, bare.name) as line:
        assert line.ask("/v1/letters").code == "UNKNOWN_PATH"
        assert line.ask("/" + "a" * 2000).code == "UNKNOWN_PATH"
        refused = line.ask(SETTLE, method="GET")
        assert (refused.status, refused.code) == (405, "METHOD_NOT_ALLOWED")
        assert line.ask(SETTLE, _settle(country, bare)).status == 200


def test_health_is_told_to_members_and_holds_nothing_about_anybody(prefecture, country):
    with country[CS].line(prefecture.port, prefecture.name) as line:
        answer = line.ask("/health", method="GET")
    told = msgspec.json.decode(answer.body)
    assert answer.status == 200
    assert set(told) == {
        "ready", "database", "signer", "directory", "certificate", "node", "directory_serial", "directory_until",
        "certificate_days",
    }  # fmt: skip


@pytest.mark.parametrize("chunked", [False, True])
def test_an_envelope_above_the_limit_is_not_read_to_its_end(country, settling, chunked):
    bare = settling()
    size = LETTERS_SETTLE.max_bytes + 1
    with country[CS].line(bare.port, bare.name) as line:
        if chunked:
            line.send(f"POST {SETTLE} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
            line.send(f"{size:x}\r\n".encode() + b"x" * size + b"\r\n")  # no end: it must not be waited for
        else:
            line.send(f"POST {SETTLE} HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n\r\n".encode())
        answer = line.answer()
    assert (answer.status, answer.code) == (413, "TOO_LARGE")
    assert bare.calls == []


def test_a_body_that_drips_is_given_up(country, settling):
    bare = settling(body_seconds=0.3)
    with country[CS].line(bare.port, bare.name) as line:
        line.send(f"POST {SETTLE} HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\nhalf".encode())
        answer = line.answer()
        assert (answer.status, answer.code) == (408, "TOO_SLOW")
    assert bare.calls == []


def test_a_body_that_breaks_off_reaches_no_handler(country, settling):
    bare = settling()
    for _ in range(5):
        with country[CS].line(bare.port, bare.name) as line:
            line.send(f"POST {SETTLE} HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\nhalf".encode())
    with country[CS].line(bare.port, bare.name) as line:
        assert line.ask(SETTLE, _settle(country, bare)).status == 200
    assert len(bare.calls) == 1


def test_a_head_that_does_not_come_ends_the_connection(country, settling, monkeypatch):
    monkeypatch.setattr(NodeHttpProtocol, "head_seconds", 0.3)
    bare = settling()
    with country[CS].line(bare.port, bare.name) as line:
        line.send(b"POST /v1/letters/settle HTTP/1.1\r\nHost:")
        assert line.tls.recv(100) == b""


def test_a_head_without_end_is_refused(country, settling):
    bare = settling()
    with country[CS].line(bare.port, bare.name) as line:
        line.send(b"POST /v1/letters/settle HTTP/1.1\r\n")
        line.tls.settimeout(0.05)
        assert _first_words_while_sending(line, b"X-More: " + b"a" * 4000 + b"\r\n")[:13] in (
            "HTTP/1.1 400 ",
            "",
        )
    with country[CS].line(bare.port, bare.name) as line:
        assert line.ask(SETTLE, _settle(country, bare)).status == 200


def _first_words_while_sending(line, more: bytes) -> str:
    """What the other end says while it is being sent more and more; it must say something in the end."""
    for _ in range(100):
        try:
            line.send(more)
            return line.tls.recv(100).decode()
        except TimeoutError:
            continue
        except OSError:
            return ""
    raise AssertionError("a head of 400 KB was read without a word")


def test_when_all_hands_are_full_the_next_is_asked_to_come_back(country, listen):
    go_on, entered = threading.Event(), threading.Semaphore(0)

    def slow(_):
        entered.release()
        assert go_on.wait(15)
        return Nothing()

    bare = listen(PREFECTURE, {"letters.settle": slow}, workers=1, queue_requests=1)
    first = []
    with country[CS].line(bare.port, bare.name) as one, country[CS].line(bare.port, bare.name) as two:
        working = threading.Thread(
            target=lambda: first.append(one.ask(SETTLE, _settle(country, bare)).status)
        )
        working.start()
        assert entered.acquire(timeout=15)
        answer = two.ask(SETTLE, _settle(country, bare))
        assert (answer.status, answer.code) == (503, "BUSY")
        assert int(answer.headers["retry-after"]) >= 1
        go_on.set()
        working.join(15)
        assert first == [200]
        assert two.ask(SETTLE, _settle(country, bare)).status == 200, "nothing stays taken"


def test_without_its_database_a_node_says_so_and_when_to_come_back(country, listen):
    def settle(_):
        raise StoreUnavailable("OperationalError")

    bare = listen(PREFECTURE, {"letters.settle": settle})
    with country[CS].line(bare.port, bare.name) as line:
        answer = line.ask(SETTLE, _settle(country, bare))
    assert (answer.status, answer.code) == (503, "STORE_UNAVAILABLE")
    assert "retry-after" in answer.headers


def test_without_its_signer_a_node_answers_nothing_unsigned(country, settling):
    bare = settling()
    bare.signer.stop()
    with country[CS].line(bare.port, bare.name) as line:
        answer = line.ask(SETTLE, _settle(country, bare))
        assert (answer.status, answer.code) == (503, "SIGNER_UNAVAILABLE")
        bare.signer.ensure()
        assert line.ask(SETTLE, _settle(country, bare)).status == 200


def test_a_fault_of_ours_tells_the_caller_nothing_but_that(country, listen):
    def settle(_):
        raise ZeroDivisionError("山田花子")

    bare = listen(PREFECTURE, {"letters.settle": settle})
    with country[CS].line(bare.port, bare.name) as line:
        answer = line.ask(SETTLE, _settle(country, bare))
    assert (answer.status, answer.code) == (500, "OWN_FAULT")
    assert answer.body == b'{"code":"OWN_FAULT","step":0}'


@pytest.mark.parametrize(
    "part",
    [
        b"",
        b"null",
        b"[]",
        b'{"epoch":1}',
        b'{"epoch":-1,"items":[]}',
        b'{"epoch":1,"items":[],"more":1}',
        b"[" * 5000,
    ],
)
def test_a_request_of_another_form_does_not_reach_its_handler(country, settling, part):
    bare = settling()
    with country[CS].line(bare.port, bare.name) as line:
        answer = line.ask(SETTLE, country[CS].sealed(LETTERS_SETTLE, bare.name, [part]))
    assert (answer.status, answer.code) == (400, "REQUEST_FORM")
    assert bare.calls == []


def test_a_call_without_its_part_is_refused(country, settling):
    bare = settling()
    with country[CS].line(bare.port, bare.name) as line:
        answer = line.ask(SETTLE, country[CS].sealed(LETTERS_SETTLE, bare.name, []))
    assert (answer.status, answer.code) == (400, "PART_COUNT")


def test_noise_on_the_line_harms_nobody(country, settling):
    """Two hundred connections of noise, some of it nearly a request; the next call is answered as ever."""
    bare, chance = settling(), random.Random(20261120)
    good = f"POST {SETTLE} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nnot json!".encode()
    for round_ in range(100):
        noise = bytearray(good)
        for _ in range(chance.randint(1, 8)):
            noise[chance.randrange(len(noise))] = chance.randrange(256)
        with country[CS].line(bare.port, bare.name) as line:
            line.tls.settimeout(5)
            line.send(bytes(noise) if round_ % 2 else chance.randbytes(200))
            line.tls.shutdown(socket.SHUT_WR)
            try:
                answer = line.tls.recv(200)
            except (OSError, ssl.SSLError):
                answer = b""
            assert not answer.startswith((b"HTTP/1.1 2", b"HTTP/1.1 5")), (bytes(noise), answer)
    assert bare.calls == []
    with country[CS].line(bare.port, bare.name) as line:
        assert line.ask(SETTLE, _settle(country, bare)).status == 200


def _open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def test_connections_that_come_and_go_leave_no_open_files(country, settling):
    bare = settling()
    with country[CS].line(bare.port, bare.name) as line:
        line.ask(SETTLE, _settle(country, bare))
    before = _open_files()
    for _ in range(30):
        with country[CS].line(bare.port, bare.name) as line:
            line.ask("/health", method="GET")
    until(lambda: _open_files() <= before + 1)


def test_every_operation_of_the_table_has_a_path_of_its_own():
    assert len({one.path for one in OPERATIONS}) == len(OPERATIONS)
    assert all(one.path.startswith("/v1/") for one in OPERATIONS)
