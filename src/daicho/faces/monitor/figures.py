"""A node's figures in the words of Prometheus."""

from collections.abc import Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from daicho.nodes.watch.meter import Meter
from daicho.nodes.watch.standing import Standing, Worry, worries


def figures(seen: Standing, meter: Meter) -> bytes:
    """Write everything that is known: what was counted since the start, and how the node stands now."""
    fresh = CollectorRegistry()
    fresh.register(_Seen(seen))
    return generate_latest(meter.register) + generate_latest(fresh)


class _Seen:
    """One look at a node as metrics."""

    def __init__(self, seen: Standing) -> None:
        self._seen = seen

    def collect(self) -> Iterator[Metric]:
        seen, health = self._seen, self._seen.health
        part = _gauge("daicho_part_up", "Whether a part that the node stands on is there.", "part")
        for name in ("database", "signer", "directory", "certificate"):
            part.add_metric([name], float(getattr(health, name)))
        yield part
        worry = _gauge("daicho_worry", "What somebody should look at; 1 means now.", "worry")
        found = worries(seen)
        for one in Worry:
            worry.add_metric([one.value], float(one in found))
        yield worry
        yield GaugeMetricFamily(
            "daicho_certificate_seconds",
            "How long the certificate is valid.",
            health.certificate_days * 86_400,
        )
        yield GaugeMetricFamily(
            "daicho_directory_seconds",
            "How long the directory is in force.",
            (health.directory_until - seen.at).total_seconds(),
        )
        yield GaugeMetricFamily("daicho_directory_serial", "The directory's number.", health.directory_serial)
        yield GaugeMetricFamily(
            "daicho_returned_letters", "Letters that came back refused.", seen.returned_letters
        )
        yield from self._letters()
        yield from self._ledger()

    def _letters(self) -> Iterator[Metric]:
        waiting = _gauge("daicho_outbox_letters", "Letters to be sent.", "receiver")
        unanswered = _gauge(
            "daicho_outbox_unanswered_letters", "Letters whose fate is not known yet.", "receiver"
        )
        oldest = _gauge("daicho_outbox_oldest_seconds", "How long the oldest letter waits.", "receiver")
        tries = _gauge("daicho_outbox_failures", "Failed tries in a row.", "receiver")
        for to in self._seen.destinations:
            waiting.add_metric([to.receiver], to.waiting_letters)
            unanswered.add_metric([to.receiver], to.unanswered_letters)
            oldest.add_metric([to.receiver], self._age(to.oldest_posted_at))
            tries.add_metric([to.receiver], to.tries)
        yield from (waiting, unanswered, oldest, tries)
        kept = _gauge("daicho_inbox_letters", "Letters to be handled.", "sender")
        parked = _gauge(
            "daicho_inbox_parked_letters", "Letters set aside after a fault of our own.", "sender"
        )
        age = _gauge("daicho_inbox_oldest_seconds", "How long the oldest letter waits.", "sender")
        for origin in self._seen.origins:
            kept.add_metric([origin.sender], origin.waiting_letters)
            parked.add_metric([origin.sender], origin.parked_letters)
            age.add_metric([origin.sender], self._age(origin.oldest_kept_at))
        yield from (kept, parked, age)

    def _ledger(self) -> Iterator[Metric]:
        ledger = self._seen.ledger
        if ledger is None:
            return
        for name, words, value in (
            ("daicho_ledger_lines", "Lines of the ledger that are under its tree.", ledger.lines),
            ("daicho_ledger_unplaced_lines", "Lines that are not under the tree yet.", ledger.unplaced_lines),
            ("daicho_ledger_signed_lines", "Lines under the newest checkpoint.", ledger.signed_lines or 0),
            (
                "daicho_ledger_witnessed_lines",
                "Lines under the newest checkpoint that a witness signed.",
                ledger.witnessed_lines or 0,
            ),
        ):
            yield GaugeMetricFamily(name, words, value)

    def _age(self, since: datetime | None) -> float:
        return max(0.0, (self._seen.at - since).total_seconds()) if since is not None else 0.0


def _gauge(name: str, words: str, label: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, words, labels=[label])
