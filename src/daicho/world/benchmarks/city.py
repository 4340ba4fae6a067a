"""A city at work: one registry with the history of decades, and operators who look people up at its terminal."""

import atexit
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import chain, groupby, islice
from multiprocessing import get_context
from pathlib import Path
from random import Random
from statistics import median
from typing import Any, LiteralString, TypeVar

import psycopg

from daicho.nodes.config import read_config
from daicho.nodes.office.desk import Person
from daicho.nodes.registry.bodies import entry_body, read_record, resident_row
from daicho.nodes.registry.transfer import import_extract
from daicho.nodes.watch.assembly import Foundation, found_node
from daicho.nodes.watch.memory import collect_rarely
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Operator, Role
from daicho.rules.register.changes import Entry
from daicho.rules.register.extract import HEADER
from daicho.rules.register.reasons import ChangeKind, ChangeReason
from daicho.rules.register.record import AddressReason, ResidentRecord
from daicho.store import register
from daicho.store.unit import Unit
from daicho.world.benchmarks.measuring import percentile
from daicho.world.loading import ADMINISTRATOR, SECURITY_OFFICER
from daicho.world.people import population, ranges_of
from daicho.world.training import TOWN_PLACE, TrainingCopy, lower_training, raise_training
from daicho.world.visitor import Form, PageNotUnderstood, Visitor

_T = TypeVar("_T")

RESIDENTS = 300_000
CITY = "13201"
OPERATORS = 30
THINK_SECONDS = 5.0
AT_WORK_SECONDS = 60.0
YEARS = 20
MOVES_OF_A_HOUSEHOLD = 3  # within those years: three for each member, with those of the others in the history
_LOOKED_UP = 300
_HOUSEHOLDS_A_UNIT = 400
_WRITERS = 2
_SEED = 20_261_128
_LINES_A_CHUNK = 2_000
_OPENING_SECONDS = 0.5  # so that no process takes the work of two while the other still opens its registry
_HOUSEHOLD = HEADER.split(",").index("household_number")
_PAGES = ("", "/part/household", "/part/history")


@dataclass(frozen=True, slots=True)
class _Part:
    """Which households one process gives their history."""

    config: Path
    place: int


@dataclass(frozen=True, slots=True)
class _Somebody:
    """Whom an operator is asked for."""

    name: str
    birth: str


Enrol = Callable[[Foundation, Sequence[Person]], None]


def bench_city(enrol: Enrol, residents: int = RESIDENTS) -> dict[str, Any]:
    """Bring a city in, write its history, look at people one by one, then by all operators at once.

    As many removed records stand beside the living ones. The result is the 95th percentile of a resident's page
    in milliseconds until its bytes are there; the ceiling is that of the same terminal's first page, which asks
    the register nothing.
    """
    with _city() as copy:
        living = _bring_in(copy, residents, removed=False)
        removed = _bring_in(copy, residents, removed=True)
        _write_history(copy)
        _vacuum(copy)
        people = _sample(copy, _LOOKED_UP)
        _with_registry(copy, lambda foundation: enrol(foundation, _OPERATORS))
        alone = _signed_in(copy, 0)
        first = [_first_page(alone) for _ in range(_LOOKED_UP)]
        pages = [_look_at(alone, somebody) for somebody in people]
        busy = _all_at_work(copy, people)
        counts = _rows(copy, _COUNTS)[0]
    by_page = {name: percentile([times[place] for times in pages], 95) for place, name in enumerate(_NAMED)}
    return {
        "name": "city",
        "result": by_page["resident_p95_ms"],
        "unit": "ms",
        "ceiling": percentile(first, 95),
        "ratio": by_page["resident_p95_ms"] / percentile(first, 95),
        **{name: round(found, 1) for name, found in by_page.items()},
        "at_work_p50_ms": round(median(busy), 1),
        "at_work_p95_ms": round(percentile(busy, 95), 1),
        "at_work_requests": len(busy),
        "operators": OPERATORS,
        "imported_s": round(living.seconds, 1),
        "removed_imported_s": round(removed.seconds, 1),
        "importing_processes": _WRITERS,
        "records_brought_in": living.records + removed.records,
        "residents": residents,
        "versions": counts[0],
        "entries": counts[1],
        "removed_records": counts[2],
    }


_NAMED = ("search_p95_ms", "resident_p95_ms", "household_p95_ms", "history_p95_ms")
_COUNTS = (
    "SELECT (SELECT count(*) FROM register.resident_version), (SELECT count(*) FROM register.entry),"
    " (SELECT count(*) FROM register.resident WHERE NOT living)"
)


@contextmanager
def _city() -> Iterator[TrainingCopy]:
    """Raise a registry alone, with nobody in it; lower and remove it in the end."""
    home = Path(tempfile.mkdtemp(prefix="daicho-bench-"))
    home.chmod(0o711)
    try:
        copy = raise_training(
            home / "city", municipality=CITY, people=0, seed=_SEED, binaries=None, said=lambda _: None
        )
        try:
            yield copy
        finally:
            lower_training(copy)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _with_registry(copy: TrainingCopy, do: Callable[[Foundation], _T]) -> _T:
    foundation = found_node(read_config(_config(copy)), own_signer=False)
    try:
        return do(foundation)
    finally:
        foundation.close()


def _config(copy: TrainingCopy) -> Path:
    return copy.places.node(copy.plan.short) / "node.toml"


@dataclass(frozen=True, slots=True)
class _Share:
    """Which households of a file one process brings in: every one whose number leaves `place`, divided by the processes."""

    residents: int
    removed: bool
    place: int


@dataclass(frozen=True, slots=True)
class _BroughtIn:
    """How many records the files of all processes brought, and how long it took until the last one was through."""

    records: int
    seconds: float


def _bring_in(copy: TrainingCopy, residents: int, *, removed: bool) -> _BroughtIn:
    """Import everybody who lives there, or as many who have left; the first of them have years that are over.

    The seconds begin when every process has its registry open; each draws the whole town and takes its own households.
    """
    before = _rows(copy, _STANDING, not removed)[0][0]
    shares = [_Share(residents, removed, place) for place in range(_WRITERS)]
    with ProcessPoolExecutor(_WRITERS, get_context("spawn"), _open_registry, (_config(copy),)) as pool:
        wait([pool.submit(time.sleep, _OPENING_SECONDS) for _ in shares])
        begun = time.monotonic()
        records = sum(pool.map(_import_share, shares))
        seconds = time.monotonic() - begun
    standing = _rows(copy, _STANDING, not removed)[0][0] - before
    if standing != records:
        raise RuntimeError(f"{records} records were reported, {standing} stand")
    return _BroughtIn(records, seconds)


_foundation: Foundation | None = None  # in a process that imports: the registry that it opened


def _open_registry(config: Path) -> None:
    global _foundation
    collect_rarely()
    _foundation = found_node(read_config(config), own_signer=False)
    atexit.register(_foundation.close)


def _import_share(share: _Share) -> int:
    """Import one share of a file in a transaction of its own; give how many records it brought."""
    if _foundation is None:
        raise RuntimeError("no registry is open")
    report = import_extract(_foundation.node, ADMINISTRATOR, SECURITY_OFFICER, _chunks_of(share))
    if isinstance(report, Refusal):
        raise TypeError(report.reason)
    return report.imported


def _chunks_of(share: _Share) -> Iterator[bytes]:
    """Draw the lines of one share; a household is in one share as a whole: a file in which it has no head is faulty."""
    most, struck = (2 * share.residents, share.residents) if share.removed else (share.residents, 0)
    people = population(_SEED, CITY, most, ranges_of(TOWN_PLACE), struck=struck)
    header = next(people)
    rest = islice(people, share.residents, None) if share.removed else people
    own = (
        line for line in rest if int(line.split(",", _HOUSEHOLD + 1)[_HOUSEHOLD]) % _WRITERS == share.place
    )
    lines = chain((header,), own)
    for part in iter(lambda: list(islice(lines, _LINES_A_CHUNK)), []):
        yield ("\n".join(part) + "\n").encode()


def _write_history(copy: TrainingCopy) -> None:
    """Let every household move a few times, decades ago, each move written by the register's own statements."""
    parts = [_Part(_config(copy), place) for place in range(_WRITERS)]
    with ProcessPoolExecutor(_WRITERS, get_context("spawn"), collect_rarely) as pool:
        list(pool.map(_write_part, parts))


def _write_part(part: _Part) -> None:
    foundation = found_node(read_config(part.config), own_signer=False)
    node, draw = foundation.node, Random(_SEED + part.place)
    try:
        today, now = node.clock.business_today(), node.clock.now()
        days = [
            today - timedelta(days=365 * YEARS * (MOVES_OF_A_HOUSEHOLD - time_) // MOVES_OF_A_HOUSEHOLD + 1)
            for time_ in range(MOVES_OF_A_HOUSEHOLD)
        ]
        with node.store.unit() as unit:
            unit.cursor.execute(_HOUSEHOLDS, (_WRITERS, part.place))
            homes = [row[0] for row in unit.cursor.fetchall()]
        for begin in range(0, len(homes), _HOUSEHOLDS_A_UNIT):
            with node.store.unit() as unit:
                _move(unit, homes[begin : begin + _HOUSEHOLDS_A_UNIT], days, now, draw)
    finally:
        foundation.close()


def _move(unit: Unit, homes: Sequence[int], days: Sequence[date], now: datetime, draw: Random) -> None:
    held = register.load_people(unit, households=homes)
    records = sorted(
        ((one.version, read_record(one.body)) for one in held), key=lambda one: one[1].household_number
    )
    for time_, day in enumerate(days):
        versions: list[register.NewVersion] = []
        for home, members in groupby(records, key=lambda one: one[1].household_number):
            before = tuple(record for _, record in members)
            block = f"{draw.randint(1, 40)}番{draw.randint(1, 30)}号"
            after = tuple(_moved(record, block, day) for record in before)
            entry = _entry(f"city-{home}-{time_}", before, after, day, now)
            register.keep_entry(unit, entry, [record.addressee_number for record in after])
            versions += [
                register.NewVersion(resident_row(record, time_ + 2), entry.id, day, now) for record in after
            ]
        register.write_records(unit, versions)
        records = [(time_ + 2, read_record(one.row.body)) for one in versions]


def _moved(record: ResidentRecord, block: str, day: date) -> ResidentRecord:
    return replace(
        record,
        current_address=replace(record.current_address, block=block, building=""),
        address_since=max(day, record.resident_since),
        address_since_notified_on=max(day, record.resident_since),
        address_reason=AddressReason.MOVE_WITHIN,
        previous_address=record.current_address.one_line(),
        update_sequence=record.update_sequence + 1,
    )


def _entry(
    entry_id: str,
    before: tuple[ResidentRecord, ...],
    after: tuple[ResidentRecord, ...],
    day: date,
    now: datetime,
) -> register.EntryRow:
    change = Entry(
        ChangeKind.MOVE_WITHIN, ChangeReason.MOVE_WITHIN, day, day, before, after,
        tuple(record.addressee_number for record in after),
    )  # fmt: skip
    return register.EntryRow(
        id=entry_id, kind=change.kind.value, reason=change.reason.value, change_date=day, notified_on=day,
        entered_by="CITY-01", entered_at=now, body=entry_body(change), verified_by="CITY-02", verified_at=now,
        state="verified", households=(after[0].household_number,),
    )  # fmt: skip


def _vacuum(copy: TrainingCopy) -> None:
    """Do at once what the server would do within minutes, so that it is not measured with the pages."""
    with psycopg.connect(copy.cluster.dsn(copy.plan.database), autocommit=True) as admin:
        admin.execute("vacuum analyze")


def _rows(copy: TrainingCopy, query: LiteralString, *values: object) -> list[Any]:
    with psycopg.connect(copy.cluster.dsn(copy.plan.database)) as connection:
        return list(connection.execute(query, values).fetchall())


def _sample(copy: TrainingCopy, count: int) -> list[_Somebody]:
    """Choose people whose whole birth date is known, from everywhere in the register."""
    rows = _rows(copy, _PEOPLE, count)
    records = [read_record(body) for (body,) in rows]
    return [_Somebody(record.name.kanji.replace("　", " "), str(record.birth_date)) for record in records]


def _signed_in(copy: TrainingCopy, place: int) -> Visitor:
    visitor = Visitor(copy.address)
    home = visitor.submit(
        visitor.open("/sign-in"), Form("/sign-in/demo", "post"), login_id=_OPERATORS[place].operator.login_id
    )
    if "ログアウト" not in home.text:
        raise PageNotUnderstood(home.text[:200])
    return visitor


def _first_page(visitor: Visitor) -> float:
    visitor.open("/")
    return 1000 * visitor.waited_seconds


def _look_at(visitor: Visitor, somebody: _Somebody, think: Callable[[], None] = lambda: None) -> list[float]:
    """Search somebody, open the file, its household and its history; give the milliseconds of each page."""
    asking = visitor.open("/search")
    form = asking.form("name", "birth", "purpose", "basis")
    think()
    page = visitor.submit(
        asking, form, "step=search", name=somebody.name, birth=somebody.birth, purpose="notice", basis="法8条"
    )
    times = [1000 * visitor.waited_seconds]
    file = next((href for _, href in page.links if href.startswith("/residents/")), None)
    for part in _PAGES if file else ():
        think()
        page = visitor.open(f"{file}{part}")
        times.append(1000 * visitor.waited_seconds)
    if page.status != 200 or len(times) <= len(_PAGES):
        raise PageNotUnderstood(f"{page.status} {page.text[:200]}")
    return times


def _all_at_work(copy: TrainingCopy, people: Sequence[_Somebody]) -> list[float]:
    """Let every operator look up one resident after the other, thinking before each page."""
    ends = time.monotonic() + AT_WORK_SECONDS

    def work(place: int) -> list[float]:
        visitor, draw = _signed_in(copy, place), Random(_SEED + place)

        def think() -> None:
            time.sleep(draw.uniform(0, 2 * THINK_SECONDS))

        times: list[float] = []
        while time.monotonic() < ends:
            times += _look_at(visitor, draw.choice(people), think)
        return times

    with ThreadPoolExecutor(OPERATORS) as operators:
        return [took for times in operators.map(work, range(OPERATORS)) for took in times]


_OPERATORS = [
    Person(Operator(f"CITY-{place:02d}", "CITY", (Role.CLERK,)), f"窓口 {place}", "測定")
    for place in range(OPERATORS)
]
_STANDING = "SELECT count(*) FROM register.resident WHERE living = %s"
_HOUSEHOLDS = (
    "SELECT household_number FROM register.resident WHERE living GROUP BY household_number"
    " HAVING household_number %% %s = %s ORDER BY household_number"
)
_PEOPLE = (
    "SELECT v.body::text FROM register.resident r JOIN register.resident_version v USING (addressee_number, version)"
    " WHERE r.living AND r.birth NOT LIKE '%%-00' AND v.body->>'birth_written' IS NULL"
    " ORDER BY hashint8(addressee_number) LIMIT %s"
)
