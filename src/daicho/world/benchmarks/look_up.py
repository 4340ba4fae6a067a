"""B1: lawful look-ups at the nation over mutual TLS, offered at fixed times by another process."""

import socket
import ssl
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from random import Random
from statistics import median
from typing import Any, BinaryIO

import msgspec

from daicho.nodes.config import read_config
from daicho.nodes.watch.assembly import Foundation, found_node
from daicho.nodes.watch.memory import collect_rarely
from daicho.rules.identity.record import IdentityRecord
from daicho.wire.authority import TlsFiles
from daicho.wire.envelope import RECEIPT, Head, Sealed, open_sealed, seal, seal_hash
from daicho.wire.http import client_context
from daicho.wire.operations import IDENTITY_LOOK_UP, LookUpAnswer, LookUpRequest, SearchTermsText
from daicho.world.benchmarks.filling import fill
from daicho.world.benchmarks.measuring import durable_commits, percentile, raised_nation
from daicho.world.nation import Nation

RESIDENTS = 1_000_000
RATES = (250, 500, 750, 1_000, 1_100, 1_200, 1_350, 1_500, 2_000)
P99_MILLISECONDS = 50.0
_SECONDS = 6.0
_WARM_SECONDS = 1.0
_CONNECTIONS = 96
_SAMPLE = 5_000
_ANSWERING_PROCESSES = 1
_CHECKED_RECEIPTS = 50
_RUNS = 5  # of each rate; their median counts
_FIRST_PORT = 9600


@dataclass(frozen=True, slots=True)
class _Offer:
    """What the load process is to do: whom to ask, as whom, how often, about whom."""

    config: Path
    national: str
    per_second: int
    people: tuple[tuple[str, str], ...]  # name, birth date


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of an offer; times in milliseconds from the planned moment."""

    times: tuple[float, ...]
    refused: int


def bench_look_up(residents: int = RESIDENTS) -> dict[str, Any]:
    """Find the highest rate of look-ups at which 99 of 100 are answered within 50 ms of the planned moment."""
    with raised_nation(4, 1, _FIRST_PORT) as (nation, home):
        _leave_national_alone(nation)
        app = read_config(nation.places.node("national") / "node.toml").database.app
        admin = nation.cluster.dsn("national")
        people = tuple(_asked_for(fill(app, admin, residents, _SAMPLE)))
        ceiling = durable_commits(admin, home)
        best, p99, p50 = 0, float("inf"), float("inf")
        agency = nation.places.node("agency-kensetsu") / "node.toml"
        with ProcessPoolExecutor(1, get_context("spawn"), collect_rarely) as load:
            for per_second in RATES:
                offer = _Offer(agency, "national.n.daicho.internal", per_second, people)
                outcomes = [load.submit(_offer, offer).result() for _ in range(_RUNS)]
                reached = median(percentile(outcome.times, 99) for outcome in outcomes)
                if any(outcome.refused for outcome in outcomes) or reached > P99_MILLISECONDS:
                    break
                best, p99 = per_second, reached
                p50 = median(percentile(outcome.times, 50) for outcome in outcomes)
    return {
        "name": "B1-look-up",
        "result": float(best),
        "unit": "answers/s",
        "ceiling": ceiling,
        "ratio": best / ceiling,
        "p50_ms": round(p50, 1),
        "p99_ms": round(p99, 1),
        "residents": residents,
    }


def _leave_national_alone(nation: Nation) -> None:
    """Stop every other node, whose duties at rest are not measured; let the nation answer in processes."""
    for child in nation.supervisor.children:
        if child.process is not None:
            child.process.terminate()
            child.process.wait()
    config = nation.places.node("national") / "node.toml"
    config.write_text(f"answering_processes = {_ANSWERING_PROCESSES}\n" + config.read_text())
    nation.supervisor.start_one("national")


def _asked_for(sample: list[IdentityRecord]) -> Iterator[tuple[str, str]]:
    for record in sample:
        yield record.name_kanji.partition("（")[0], str(record.birth_date)


def _offer(offer: _Offer) -> _Outcome:
    foundation = found_node(read_config(offer.config))
    try:
        envelopes = list(_envelopes(foundation, offer))
        answers = _send_all(foundation, offer, envelopes)
        warm = int(offer.per_second * _WARM_SECONDS)
        refused = sum(answer is None for _, answer in answers)
        for place in Random(offer.per_second).sample(range(len(answers)), k=_CHECKED_RECEIPTS):
            answer = answers[place][1]
            refused += answer is None or not _is_answer(foundation, offer, envelopes[place], answer)
        return _Outcome(tuple(1000 * seconds for seconds, _ in answers[warm:]), refused)
    finally:
        foundation.close()


def _envelopes(foundation: Foundation, offer: _Offer) -> Iterator[bytes]:
    """Sign every question beforehand: who asks is somebody else's machine."""
    node = foundation.node
    now, draw = datetime.now(UTC), Random(offer.per_second)
    head = Head(
        str(node.me.name), offer.national, IDENTITY_LOOK_UP.name, now, node.wire.directory().serial, []
    )
    for place in range(int(offer.per_second * (_SECONDS + _WARM_SECONDS))):
        name, birth = draw.choice(offer.people)
        question = LookUpRequest(
            f"{offer.per_second}-{place}", SearchTermsText(name=name, birth_date=birth), "1/97", "建設業の許可",
            "BENCH-01", "BENCH", "bench", node.clock.business_today().isoformat(),
        )  # fmt: skip
        yield seal(node.wire.signer, head, [msgspec.json.encode(question)])


def _send_all(
    foundation: Foundation, offer: _Offer, envelopes: list[bytes]
) -> list[tuple[float, bytes | None]]:
    """Send each question at its planned moment, over connections that stay open; give delay and answer of each."""
    member = foundation.node.wire.directory().member(offer.national)
    if member is None:
        raise LookupError(offer.national)
    host, port = member.endpoint.split(":")
    context = client_context(TlsFiles(Path(foundation.config.tls.folder)))
    answers: list[tuple[float, bytes | None]] = [(float("inf"), None)] * len(envelopes)
    places, start = count(), time.monotonic() + 1

    def serve(connection: ssl.SSLSocket) -> None:
        with connection, connection.makefile("rb") as answer:
            for place in places:
                if place >= len(envelopes):
                    break
                planned = start + place / offer.per_second
                time.sleep(max(0.0, planned - time.monotonic()))
                connection.sendall(_post(offer.national, envelopes[place]))
                body = _answer(answer)
                answers[place] = (time.monotonic() - planned, body)

    with ThreadPoolExecutor(_CONNECTIONS) as threads:
        connections = [
            context.wrap_socket(socket.create_connection((host, int(port))), server_hostname=offer.national)
            for _ in range(_CONNECTIONS)
        ]
        for connection in connections:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        list(threads.map(serve, connections))
    return answers


def _post(host: str, content: bytes) -> bytes:
    head = (
        f"POST {IDENTITY_LOOK_UP.path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


def _answer(reader: BinaryIO) -> bytes | None:
    """Read one answer; None when it is no answer to the question."""
    status = reader.readline()
    size = 0
    while (line := reader.readline()) not in (b"\r\n", b""):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            size = int(value)
    body = reader.read(size)
    return body if status.startswith(b"HTTP/1.1 200") else None


def _is_answer(foundation: Foundation, offer: _Offer, question: bytes, answer: bytes) -> bool:
    node = foundation.node
    opened = open_sealed(
        answer, me=str(node.me.name), directory=node.wire.directory(), now=datetime.now(UTC), peer=offer.national,
        operation=IDENTITY_LOOK_UP.name, max_bytes=IDENTITY_LOOK_UP.max_answer_bytes, max_parts=1, purpose=RECEIPT,
        reply_to=seal_hash(msgspec.json.decode(question, type=Sealed).seal),
    )  # fmt: skip
    return bool(msgspec.json.decode(opened.parts[0], type=LookUpAnswer).rows)
