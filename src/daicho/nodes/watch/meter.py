"""What a node counts about its own work: transactions, answers, warnings. Nothing about anybody."""

import logging

from prometheus_client import CollectorRegistry, Counter, Histogram

from daicho.nodes import seams
from daicho.nodes.clock import ticks

_SECONDS = (0.002, 0.01, 0.05, 0.25, 1.0, 5.0)


class _Counting(logging.Handler):
    def __init__(self, counter: Counter) -> None:
        super().__init__(logging.WARNING)
        self._counter = counter

    def emit(self, record: logging.LogRecord) -> None:
        self._counter.labels(record.levelname.lower(), record.name).inc()


class Meter:
    """Hears of every named transaction, measures it, and passes its seams."""

    def __init__(self) -> None:
        """Begin at zero, with a register of its own: several nodes may live in one process."""
        self.register = CollectorRegistry()
        self._units = Histogram(
            "daicho_unit_seconds",
            "Committed transactions, by what they are for.",
            ["unit"],
            buckets=_SECONDS,
            registry=self.register,
        )
        self._answers = Counter(
            "daicho_answers",
            "Answers to other nodes.",
            ["operation", "status"],
            registry=self.register,
        )
        self._warnings = Counter(
            "daicho_log_records",
            "What the log tells, by its gravity and room.",
            ["level", "room"],
            registry=self.register,
        )

    def answered(self, operation: str, status: int) -> None:
        """Count an answer to another node."""
        self._answers.labels(operation, str(status)).inc()

    def counts_log(self) -> logging.Handler:
        """Make a log handler that counts, and writes nothing."""
        return _Counting(self._warnings)

    def warnings(self) -> list[tuple[str, str, int]]:
        """List how often each room has complained since the start: gravity, room, count; errors first."""
        found = [
            (sample.labels["level"], sample.labels["room"], int(sample.value))
            for family in self._warnings.collect()
            for sample in family.samples
            if sample.name.endswith("_total")
        ]
        return sorted(found)

    def begins(self, _name: str) -> float:
        """Take the time."""
        return ticks()

    def before_commit(self, name: str) -> None:
        """Pass the seam at which nothing is durable yet."""
        seams.at(f"{name}.before_commit")

    def after_commit(self, name: str, begun: float) -> None:
        """Count, and pass the seam at which nobody has been told yet."""
        self._units.labels(name).observe(ticks() - begun)
        seams.at(f"{name}.after_commit")
