"""Look-ups by processes of their own: answered, noted, refused, and back when one of them is killed."""

import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
from tests.faces.exchange.conftest import Answer, Caller, Country, Running, until

from daicho.wire.envelope import RECEIPT, open_sealed, seal_hash
from daicho.wire.envelope import Sealed as SealedEnvelope
from daicho.wire.operations import IDENTITY_LOOK_UP, LookUpAnswer, LookUpRequest, SearchTermsText

NATIONAL, CS = "national.n", "cs.m131016.p13"
LOOK_UP = "/v1/identity/look_up"
ASKERS = 12


@pytest.fixture(scope="module")
def nation(country: Country, databases: Any) -> Iterator[Running]:
    from tests.faces.exchange.conftest import _runner

    with _runner(databases) as start:
        yield start(NATIONAL, country, answering_processes=2)


def question(caller: Caller, to: str, name: str = "渡辺　花子", request_id: str = "q") -> bytes:
    request = LookUpRequest(
        request_id, SearchTermsText(name=name, birth_date="1970-03-10"), "30-10/1-4", "住民基本台帳の事務", "MADO-01", "KAKARI",
        "madoguchi", "2026-11-20",
    )  # fmt: skip
    return caller.sealed(IDENTITY_LOOK_UP, to, [msgspec.json.encode(request)])


def opened(nation: Running, asker: Caller, asked: bytes, answer: Answer) -> LookUpAnswer:
    """Check the receipt as the asker does."""
    assert answer.status == 200, answer.body
    found = open_sealed(
        answer.body, me=asker.name, directory=nation.node.foundation.keeper.current(), now=datetime.now(UTC),
        peer=nation.name, operation=IDENTITY_LOOK_UP.name, max_bytes=IDENTITY_LOOK_UP.max_answer_bytes,
        max_parts=1, purpose=RECEIPT, reply_to=seal_hash(msgspec.json.decode(asked, type=SealedEnvelope).seal),
    )  # fmt: skip
    return msgspec.json.decode(found.parts[0], type=LookUpAnswer)


def lines(nation: Running) -> list[dict[str, Any]]:
    with psycopg.connect(nation.addresses["admin"]) as admin:
        rows = admin.execute(
            "select convert_from(body, 'UTF8') from ledger.line where event like 'provision%' order by line_id"
        ).fetchall()
    return [json.loads(row[0]) for row in rows]


def children() -> list[int]:
    """Find the processes that answer: children of this process, by their command."""
    found = []
    for place in Path("/proc").iterdir():
        if place.name.isdigit():
            try:
                command = (place / "cmdline").read_bytes()
                parent = (place / "stat").read_text().rpartition(")")[2].split()[1]
            except OSError:
                continue
            if b"daicho.cli.answering" in command and int(parent) == os.getpid():
                found.append(int(place.name))
    return found


def test_many_askers_at_once_each_get_their_own_receipt_and_a_line_each(
    nation: Running, country: Country
) -> None:
    asker = country[CS]
    before = len(lines(nation))

    def ask(place: int) -> list[LookUpAnswer]:
        answers = []
        with asker.line(nation.port, nation.name) as line:
            for turn in range(5):
                asked = question(asker, nation.name, request_id=f"{place}-{turn}")
                answers.append(opened(nation, asker, asked, line.ask(LOOK_UP, asked)))
        return answers

    with ThreadPoolExecutor(ASKERS) as askers:
        answers = [answer for some in askers.map(ask, range(ASKERS)) for answer in some]
    assert all(answer.refused is None and answer.rows == [] for answer in answers)
    assert len({answer.answer_id for answer in answers}) == 5 * ASKERS
    noted = lines(nation)[before:]
    assert sorted(line["detail"]["answer"] for line in noted) == sorted(a.answer_id for a in answers)
    assert {line["detail"]["request"] for line in noted} == {
        f"{p}-{t}" for p in range(ASKERS) for t in range(5)
    }


def test_a_question_out_of_order_spoils_only_itself(nation: Running, country: Country) -> None:
    asker = country[CS]
    start = threading.Barrier(8)

    def ask(place: int) -> int:
        asked = question(asker, nation.name if place % 2 == 0 else "somebody.else.daicho.internal")
        with asker.line(nation.port, nation.name) as line:
            start.wait()
            return line.ask(LOOK_UP, asked).status

    with ThreadPoolExecutor(8) as askers:
        assert list(askers.map(ask, range(8))) == [200, 400] * 4


def test_a_question_is_answered_once_whichever_process_it_would_reach(
    nation: Running, country: Country
) -> None:
    asker = country[CS]
    asked, malformed = question(asker, nation.name), b'{"seal": 1}'
    with asker.line(nation.port, nation.name) as line:
        told = [line.ask(LOOK_UP, asked) for _ in range(6)]
        assert [answer.status for answer in told] == [200] + [409] * 5
        assert {answer.code for answer in told[1:]} == {"REPLAYED"}
        assert [line.ask(LOOK_UP, malformed).code for _ in range(2)] == ["MALFORMED", "MALFORMED"]


def test_who_may_not_ask_is_refused_before_any_process_hears_of_it(nation: Running, country: Country) -> None:
    with country["registry.m131016.p13"].line(nation.port, nation.name) as line:
        assert line.ask(LOOK_UP, b"{}").code == "RELATION_NOT_ALLOWED"


def test_a_process_that_is_killed_costs_one_try_and_stands_again(nation: Running, country: Country) -> None:
    asker = country[CS]
    assert len(children()) == 2
    for pid in children():
        os.kill(pid, signal.SIGKILL)
    codes = []

    def answered() -> bool:
        with asker.line(nation.port, nation.name) as line:
            answer = line.ask(LOOK_UP, question(asker, nation.name))
        codes.append(answer.status)
        return answer.status == 200

    until(answered)
    assert set(codes) <= {200, 503}
    until(lambda: answered() and len(children()) == 2)


def test_a_process_takes_a_newer_directory_before_it_answers(
    run_node: Callable[..., Running], new_country: Country
) -> None:
    nation = run_node(NATIONAL, new_country, answering_processes=1)
    asker = new_country[CS]
    with asker.line(nation.port, nation.name) as line:
        assert line.ask(LOOK_UP, question(asker, nation.name)).status == 200
        nation.take_directory(new_country, new_country.directory())
        asked = question(asker, nation.name)
        answer = opened(nation, asker, asked, line.ask(LOOK_UP, asked))
    assert answer.refused is None


def test_processes_end_with_their_node_and_whoever_still_asks_is_told_to_come_again(
    run_node: Callable[..., Running], new_country: Country
) -> None:
    others = set(children())
    nation = run_node(NATIONAL, new_country, answering_processes=2)
    own = set(children()) - others
    assert len(own) == 2
    nation.node.answerers.stop()
    until(lambda: not own & set(children()))
    asker = new_country[CS]
    with asker.line(nation.port, nation.name) as line:
        answer = line.ask(LOOK_UP, question(asker, nation.name))
    assert (answer.status, answer.code) == (503, "ANSWERER_UNAVAILABLE")
