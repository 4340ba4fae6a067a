"""B5: durable appends to the ledger."""

from datetime import UTC, datetime
from typing import Any

import psycopg

from daicho.rules.ledger.events import Event
from daicho.rules.ledger.line import LedgerLine
from daicho.store import ledger
from daicho.world.benchmarks.measuring import Bed, rate


def bench_ledger() -> dict[str, Any]:
    """Append durably, one line each, against bare durable commits of the same size."""
    with Bed("national") as bed:
        with psycopg.connect(bed.admin_dsn, autocommit=True) as admin:
            admin.execute("create table bare (body bytea)")
            admin.execute("grant insert on bare to bench_app")
        now = datetime.now(UTC)
        line = LedgerLine(
            Event.PROVISION_GRANTED, now, now.date(), "national.n.daicho.internal", bytes(16), "BENCH-01", "BENCH",
            "bench", "性能の測定", "1/97", "", "granted",
        )  # fmt: skip
        body = line.body()

        def append() -> int:
            with bed.store.unit() as unit:
                ledger.append(unit, [line])
            return 1

        def bare() -> int:
            with bed.store.unit() as unit:
                unit.execute("insert into public.bare values (%s)", (body,))
            return 1

        ceiling = rate(bare)
        result = rate(append)
    return {
        "name": "B5-ledger",
        "result": result,
        "unit": "lines/s",
        "ceiling": ceiling,
        "ratio": result / ceiling,
    }
