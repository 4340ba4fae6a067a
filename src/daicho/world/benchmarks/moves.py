"""B2: moves from the counter's commit to the national copy, over lines that lose and repeat envelopes."""

import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import psycopg

from daicho.nodes.config import read_config
from daicho.nodes.registry import counter
from daicho.nodes.registry.intake import draw_codes
from daicho.nodes.watch.assembly import found_node
from daicho.nodes.watch.memory import collect_rarely
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Operator, Role
from daicho.rules.people.addresses import Address
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.register.move_within import MoveWithinNotice
from daicho.world.benchmarks.measuring import durable_commits, raised_nation, resident_mib
from daicho.world.checking import check_nation
from daicho.world.loading import TownLoaders, await_copies, await_quiet
from daicho.world.nation import Nation

PEOPLE = 40_000
MOVES = 3_000
LOST_PERCENT = REPEATED_PERCENT = 1.0
DURABLE_HOPS = 4  # registry, CS, prefecture, nation
_FIRST_PORT = 9700
_COUNTERS = 8
_WAIT_SECONDS = 300
_OPENING_SECONDS = 1.0
_CLERK = Operator("BENCH-01", "BENCH", (Role.CLERK,))
_SECOND = Operator("BENCH-02", "BENCH", (Role.VERIFIER, Role.CLERK))
_SINGLES = (
    "select min(addressee_number), min(code) from register.resident where living group by household_number"
    " having count(*) = 1 and bool_and(body->>'resident_kind' = 'JAPANESE') order by 1 limit %s"
)
_ARRIVED = "select count(*) from identity.record where resident_record_code = any(%s) and address like %s"
_TWICE = "select count(*) from identity.history where resident_record_code = any(%s)"
_NEW_STREET = "測定町"


@dataclass(frozen=True, slots=True)
class _Movers:
    """Whom one counter is to move."""

    municipality: str
    addressees: tuple[int, ...]


def bench_moves(residents: int = PEOPLE, moves: int = MOVES) -> dict[str, Any]:
    """Let eight second persons of a town verify moves entered before; wait until the nation has each, once."""
    with raised_nation(residents, 1, _FIRST_PORT) as (nation, home):
        with TownLoaders(nation) as loaders:
            loaders.write_extracts(lambda _: None)
            loaders.import_extracts(lambda _: None)
        await_copies(nation, lambda _: None)
        _lay_poor_lines(nation)
        registry = next(node for node in nation.plan if node.residents)
        people = _rows(nation, registry.short, _SINGLES, moves)
        codes = [code for _, code in people]
        config = nation.places.node(registry.short) / "node.toml"
        before = _rows(nation, "national", _TWICE, codes)[0][0]
        with ProcessPoolExecutor(_COUNTERS, get_context("spawn"), _open_counter, (config,)) as pool:
            shares = [
                _Movers(registry.municipality, tuple(addressee for addressee, _ in people[place::_COUNTERS]))
                for place in range(_COUNTERS)
            ]
            list(pool.map(_ready, range(_COUNTERS)))
            begun = time.monotonic()
            entries = list(pool.map(_enter, shares))
            entered = time.monotonic() - begun
            begun = time.monotonic()
            verifying = pool.map(_verify, entries)
            memory = [_memory(nation), *(_await_arrival(nation, codes, part, begun) for part in (0.5, 1))]
            seconds = time.monotonic() - begun
            verified = max(verifying) - begun
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


def _await_arrival(nation: Nation, codes: list[str], part: float, begun: float) -> dict[str, int]:
    """Wait until the nation has this part of all; tell what memory the nodes hold by then, in MiB."""
    while _rows(nation, "national", _ARRIVED, codes, f"%{_NEW_STREET}%")[0][0] < part * len(codes):
        if time.monotonic() - begun > _WAIT_SECONDS:
            raise TimeoutError("the moves do not arrive")
        time.sleep(0.05)
    return _memory(nation)


def _memory(nation: Nation) -> dict[str, int]:
    nodes = [(one.planned.short, one.process) for one in nation.supervisor.children]
    return {short: round(resident_mib(process.pid)) for short, process in nodes if process is not None}


_counter_node: Any = None  # in a counter's process: the registry, opened before the clock runs


def _open_counter(config: Path) -> None:
    global _counter_node
    collect_rarely()
    _counter_node = found_node(read_config(config), own_signer=False).node


def _ready(place: int) -> int:
    """Let every process open its counter: each waits for the others."""
    time.sleep(_OPENING_SECONDS)
    return place


def _enter(movers: _Movers) -> list[str]:
    """Enter one move after the other, as the first person does; give the entries."""
    town, today = MunicipalityCode(movers.municipality), _counter_node.clock.business_today()
    entries = []
    for place, addressee in enumerate(movers.addressees):
        address = Address(town, _NEW_STREET, f"{place + 1}番1号", "", "1000001", "")
        notice = MoveWithinNotice((addressee,), address, today, today)
        entry = _done(counter.enter(_counter_node, _CLERK, notice, draw_codes=draw_codes, terminal="bench"))
        entries.append(entry.entry_id)
    return entries


def _verify(entries: Sequence[str]) -> float:
    """Let the second person verify them: each is a commit that the nation must hear of. Give the last one's instant."""
    for entry in entries:
        _done(counter.verify_entry(_counter_node, _SECOND, entry, terminal="bench"))
    return time.monotonic()


def _done(outcome: counter.EntryView | Refusal) -> counter.EntryView:
    if isinstance(outcome, Refusal):
        raise RuntimeError(outcome.reason.value)  # noqa: TRY004 - the benchmark's own people are refused
    return outcome
