"""How fast the press is: papers a second in bulk, and how long one alone takes."""

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from daicho.paper.certificate import Certificate
from daicho.paper.workers import Press


@dataclass(frozen=True, slots=True)
class PressFigures:
    """One measurement of a press that is warm."""

    sheets_per_second: float
    single_p50_milliseconds: float
    single_p99_milliseconds: float


def measure_press(
    press: Press, certificates: Sequence[Certificate], signed_at: datetime | None, *, singles: int = 100
) -> PressFigures:
    """Set all papers in bulk, then some of them one by one; `signed_at` seals them. At least two singles."""
    for _ in press.set_all(certificates[: 2 * len(certificates) // 10 + 2], signed_at):
        pass  # both workers open their fonts before anything is measured
    begun = time.perf_counter()
    done = sum(1 for _ in press.set_all(certificates, signed_at))
    taken = time.perf_counter() - begun
    alone = []
    for place in range(singles):
        begun = time.perf_counter()
        press.set(certificates[place % len(certificates)], signed_at)
        alone.append((time.perf_counter() - begun) * 1000)
    cuts = statistics.quantiles(alone, n=100, method="inclusive")
    return PressFigures(done / taken, cuts[49], cuts[98])
