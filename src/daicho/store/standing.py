"""How the queues and the ledger of a node stand: counts, ages and names of nodes, nothing about anybody."""

from dataclasses import dataclass
from datetime import datetime

from daicho.store.unit import Unit

_DESTINATIONS = """
SELECT receiver, coalesce(o.letters, 0), coalesce(k.letters, 0), o.oldest, coalesce(s.tries, 0),
       coalesce(s.last_fault, '')
FROM mailbox.stream_out s
FULL JOIN (SELECT receiver, count(*) AS letters, min(posted_at) AS oldest
           FROM (SELECT receiver, posted_at FROM mailbox.outbox WHERE state = 'posted'
                 UNION ALL
                 SELECT o.receiver, o.posted_at FROM mailbox.stream_out s JOIN mailbox.outbox o USING (receiver, epoch)
                 WHERE s.kept_below < s.next_number AND o.number >= s.kept_below) AS sent_next
           GROUP BY receiver) o USING (receiver)
LEFT JOIN (SELECT o.receiver, count(*) AS letters FROM mailbox.outbox o JOIN mailbox.stream_out s USING (receiver, epoch)
           WHERE o.state = 'numbered' AND o.number < s.kept_below GROUP BY o.receiver) k USING (receiver)
ORDER BY receiver
"""

_ORIGINS = """
SELECT s.sender, coalesce(w.kept, 0), coalesce(w.parked, 0), w.oldest
FROM mailbox.stream_in s
LEFT JOIN (SELECT sender, count(*) FILTER (WHERE state = 'kept') AS kept,
                  count(*) FILTER (WHERE state = 'parked') AS parked, min(kept_at) AS oldest
           FROM mailbox.inbox WHERE state <> 'settled' GROUP BY sender) w USING (sender)
ORDER BY s.sender
"""

_LEDGER = """
SELECT (SELECT count(*) FROM ledger.pending), (SELECT coalesce(max(position) + 1, 0) FROM ledger.leaf),
       c.size, c.made_at, w.size, w.made_at
FROM (SELECT) nothing
LEFT JOIN LATERAL (SELECT size, made_at FROM ledger.checkpoint ORDER BY size DESC LIMIT 1) c ON true
LEFT JOIN LATERAL (SELECT size, made_at FROM ledger.cosignature ORDER BY size DESC LIMIT 1) w ON true
"""


@dataclass(frozen=True, slots=True)
class Destination:
    """What waits for one receiver: to be sent, and sent without word of its fate."""

    receiver: str
    waiting_letters: int
    unanswered_letters: int
    oldest_posted_at: datetime | None
    tries: int  # failures in a row
    last_fault: str


@dataclass(frozen=True, slots=True)
class Origin:
    """What came from one sender and is not handled."""

    sender: str
    waiting_letters: int
    parked_letters: int
    oldest_kept_at: datetime | None


@dataclass(frozen=True, slots=True)
class LedgerStanding:
    """How far lines have become a tree that others have seen."""

    unplaced_lines: int
    lines: int
    signed_lines: int | None
    signed_at: datetime | None
    witnessed_lines: int | None
    witnessed_at: datetime | None


def destinations(unit: Unit) -> list[Destination]:
    """List every receiver with what waits for it."""
    return [Destination(*row) for row in unit.execute(_DESTINATIONS).fetchall()]


def origins(unit: Unit) -> list[Origin]:
    """List every sender with what waits to be handled."""
    return [Origin(*row) for row in unit.execute(_ORIGINS).fetchall()]


def ledger_standing(unit: Unit) -> LedgerStanding:
    """Tell how the ledger stands."""
    row = unit.execute(_LEDGER).fetchone()
    assert row is not None  # noqa: S101 - the query always gives one row
    return LedgerStanding(*row)
