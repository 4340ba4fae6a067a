"""B2: moves from the counter's commit to the national copy, over lines that lose and repeat envelopes."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import psycopg

from daicho.nodes.config import read_config
from daicho.nodes.registry import counter
from daicho.nodes.registry.intake import draw_codes
from daicho.nodes.registry.verifying import VerifyingTogether
from daicho.nodes.watch.assembly import found_node
from daicho.nodes.watch.memory import collect_rarely
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Operator, Role
from daicho.rules.people.addresses import Address
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.register.move_within import MoveWithinNotice
from daicho.rules.register.reception import Document, Notifier, Reception
from daicho.store import mailbox
from daicho.world import resting
from daicho.world.benchmarks.measuring import durable_commits, raised_nation, resident_mib
from daicho.world.checking import check_nation
from daicho.world.loading import TownLoaders, await_copies, await_quiet
from daicho.world.nation import Nation

PEOPLE = 100_000
MOVES = 9_000
LOST_PERCENT = REPEATED_PERCENT = 1.0
DURABLE_HOPS = 4  # registry, CS, prefecture, nation
_FIRST_PORT = 9700
_FIRST_PERSONS = 8
_SECOND_PERSONS = 64  # as many as the ceiling has clients
_WAKE_SECONDS = 0.1
_WAIT_SECONDS = 300
_LOAD_SECONDS = 3_600
_LOOKED_AT = 100
_LOOK_SECONDS = 0.05
_CLERK = Operator("BENCH-01", "BENCH", (Role.CLERK,))
_SECOND = Operator("BENCH-02", "BENCH", (Role.VERIFIER, Role.CLERK))
_SINGLES = (
    "select min(addressee_number), min(code) from register.resident_record where living group by household_number"
    " having count(*) = 1 and bool_and(body->>'resident_kind' = 'JAPANESE') order by 1 limit %s"
)
_ARRIVED = "select resident_record_code from identity.record where resident_record_code = any(%s) and address like %s"
_TWICE = "select count(*) from identity.history where resident_record_code = any(%s)"
_NEW_STREET = "測定町"


def bench_moves(residents: int = PEOPLE, moves: int = MOVES) -> dict[str, Any]:
    """Let the second persons of a town verify moves entered before; wait until the nation has each, once."""
    with raised_nation(residents, 1, _FIRST_PORT) as (nation, home):
        with TownLoaders(nation) as loaders:
            loaders.write_extracts(lambda _: None)
            resting.let_rest(nation)
            loaders.import_extracts(lambda _: None)
        await_copies(nation, lambda _: None, seconds=_LOAD_SECONDS)
        with resting.Building(nation) as building:
            building.finish(lambda _: None)
        _let_settle(nation)
        _lay_poor_lines(nation)
        registry = next(node for node in nation.plan if node.residents)
        people = _rows(nation, registry.short, _SINGLES, moves)
        codes = [code for _, code in people]
        config = nation.places.node(registry.short) / "node.toml"
        before = _rows(nation, "national", _TWICE, codes)[0][0]
        movers = tuple(addressee for addressee, _ in people)
        with ProcessPoolExecutor(1, get_context("spawn"), _open_counter, (config,)) as counter_process:
            begun = time.monotonic()
            counter_process.submit(_enter, registry.municipality, movers).result()
            entered = time.monotonic() - begun
            begun = time.monotonic()
            verifying = counter_process.submit(_verify)
            memory = [_memory(nation), *_await_arrival(nation, codes, begun)]
            seconds = time.monotonic() - begun
            verified = verifying.result() - begun
        await_quiet(nation, _WAIT_SECONDS)
        replaced = _rows(nation, "national", _TWICE, codes)[0][0] - before
        findings = check_nation(nation)
        if replaced != len(codes) or findings:
            raise AssertionError(f"{replaced} of {len(codes)} records replaced; {findings}")
        ceiling = durable_commits(nation.cluster.dsn("national"), home, updating=True) / DURABLE_HOPS
    return {
        "name": "B2-moves",
        "result": len(codes) / seconds,
        "unit": "moves/s",
        "ceiling": ceiling,
        "ratio": len(codes) / seconds / ceiling,
        "entered_per_s": round(len(codes) / entered, 1),
        "verified_per_s": round(len(codes) / verified, 1),
        "moves": len(codes),
        "memory_mib": {short: [instant[short] for instant in memory] for short in memory[0]},
        "residents": residents,
        "lost_percent": LOST_PERCENT,
        "repeated_percent": REPEATED_PERCENT,
    }


def _let_settle(nation: Nation) -> None:
    """Do at once what the server would do within minutes of the import, so that it is not measured with the moves."""
    for planned in nation.plan:
        dsn = nation.cluster.dsn(planned.database)
        with psycopg.connect(dsn, autocommit=True) as admin:
            admin.execute("vacuum analyze")


def _lay_poor_lines(nation: Nation) -> None:
    """Start every node again behind a line that loses and repeats."""
    section = f"\n[line]\nlost_percent = {LOST_PERCENT}\nrepeated_percent = {REPEATED_PERCENT}\n"
    for child in nation.supervisor.children:
        if child.process is not None:
            child.process.terminate()
            child.process.wait()
        config = child.folder / "node.toml"
        config.write_text(config.read_text() + section)
    nation.supervisor.start_all(lambda _: None)


def _rows(nation: Nation, short: str, query: str, *values: object) -> list[Any]:
    with psycopg.connect(nation.cluster.dsn(short.replace("-", "_"))) as connection:
        return list(connection.execute(query.encode(), values).fetchall())


def _await_arrival(nation: Nation, codes: list[str], begun: float) -> list[dict[str, int]]:
    """Wait until the nation has everybody; tell what memory the nodes hold when half have come, and in the end."""
    left, memory = codes, []
    with psycopg.connect(nation.cluster.dsn("national"), autocommit=True) as watching:
        for part in (len(codes) // 2, 0):
            while len(left) > part:
                if time.monotonic() - begun > _WAIT_SECONDS:
                    raise TimeoutError("the moves do not arrive")
                # Who was entered first comes first: looking at a few of those left costs the nation next to nothing.
                rows = watching.execute(_ARRIVED, (left[:_LOOKED_AT], f"%{_NEW_STREET}%")).fetchall()
                arrived = {row[0] for row in rows}
                left = [code for code in left if code not in arrived]
                if len(arrived) < _LOOKED_AT:
                    time.sleep(_LOOK_SECONDS)
            memory.append(_memory(nation))
    return memory


def _memory(nation: Nation) -> dict[str, int]:
    nodes = [(one.planned.short, one.process) for one in nation.supervisor.children]
    return {short: round(resident_mib(process.pid)) for short, process in nodes if process is not None}


_RECEIVED = Reception(Notifier.SELF, (Document.NUMBER_CARD,), card_expires_on=date(2034, 4, 1))
_counter_node: Any = None  # in the counter's process: the registry, opened before the clock runs
_entries: list[str] = []  # there, too: what waits for the second persons


def _open_counter(config: Path) -> None:
    global _counter_node
    collect_rarely()
    _counter_node = found_node(read_config(config), own_signer=False).node


def _enter(municipality: str, addressees: Sequence[int]) -> None:
    """Enter all moves, as first persons do."""
    town, today = MunicipalityCode(municipality), _counter_node.clock.business_today()

    def enter(place: int, addressee: int) -> str:
        address = Address(town, _NEW_STREET, f"{place + 1}番1号", "", "1000001", "")
        notice = MoveWithinNotice((addressee,), address, today, today)
        return _done(
            counter.enter(
                _counter_node, _CLERK, notice, draw_codes=draw_codes, terminal="bench", reception=_RECEIVED
            )
        ).entry_id

    with ThreadPoolExecutor(_FIRST_PERSONS) as clerks:
        _entries.extend(clerks.map(enter, range(len(addressees)), addressees))


def _verify() -> float:
    """Let the second persons verify them: each is a commit that the nation must hear of. Give the last one's instant."""
    verifying, done = VerifyingTogether(_counter_node), threading.Event()
    waking = threading.Thread(target=_wake_mailroom, args=(done,))
    waking.start()
    with ThreadPoolExecutor(_SECOND_PERSONS) as clerks:
        words = (counter.Verification(_SECOND, entry, "bench") for entry in _entries)
        for outcome in clerks.map(verifying.verify, words):
            _done(outcome)
    verified = time.monotonic()
    done.set()
    waking.join()
    return verified


def _wake_mailroom(done: threading.Event) -> None:
    """Wake the mailroom, which in a running registry is in the same process and hears the counter at once."""
    while not done.wait(_WAKE_SECONDS):
        with _counter_node.store.unit() as unit:
            mailbox.wake_others(unit)


def _done(outcome: counter.EntryView | Refusal) -> counter.EntryView:
    if isinstance(outcome, Refusal):
        raise RuntimeError(outcome.reason.value)  # noqa: TRY004 - the benchmark's own people are refused
    return outcome
