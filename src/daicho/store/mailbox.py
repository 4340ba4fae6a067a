"""Letters going out: posted with the change they tell of, numbered when taken, settled by receipts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

from daicho.store.mailbox_in import HAS_UNTOLD
from daicho.store.unit import Unit

_POST = """
INSERT INTO mailbox.outbox
    (letter_id, receiver, kind, content, posted_at, supersede_key, supersede_rank, matter)
SELECT n.letter_id, n.receiver, n.kind, n.content, %(at)s, n.key, n.rank, n.matter
FROM unnest(%(ids)s::text[], %(receivers)s::text[], %(kinds)s::text[], %(contents)s::bytea[],
            %(keys)s::text[], %(ranks)s::bigint[], %(matters)s::text[])
    WITH ORDINALITY AS n (letter_id, receiver, kind, content, key, rank, matter, place)
ORDER BY n.place
"""

# Every destination that has something to send: one short index walk per destination, however long the queues.
_WAITING_RECEIVERS = """
WITH RECURSIVE next (receiver) AS (
    (SELECT receiver FROM mailbox.outbox WHERE state = 'posted' ORDER BY receiver LIMIT 1)
    UNION ALL
    SELECT (SELECT o.receiver FROM mailbox.outbox o
            WHERE o.state = 'posted' AND o.receiver > next.receiver
            ORDER BY o.receiver LIMIT 1)
    FROM next WHERE next.receiver IS NOT NULL
)
SELECT receiver, EXISTS (SELECT FROM mailbox.stream_out s WHERE s.receiver = next.receiver)
FROM next WHERE receiver IS NOT NULL
UNION SELECT receiver, true FROM mailbox.stream_out
WHERE kept_below < next_number OR NOT (probe_at > %(now)s AND probe_at <= %(silent_until)s)
"""

# Each part walks one step of an index: how many letters there ever were does not matter.
_WORK_WAITS: LiteralString = f"""
SELECT (SELECT receiver FROM mailbox.outbox WHERE state = 'posted' ORDER BY receiver LIMIT 1) IS NOT NULL
    OR (SELECT sender FROM mailbox.inbox WHERE state = 'kept' ORDER BY sender LIMIT 1) IS NOT NULL
    OR EXISTS (SELECT FROM mailbox.stream_in s WHERE {HAS_UNTOLD})
    OR EXISTS (SELECT FROM mailbox.stream_out WHERE kept_below < next_number
        OR NOT (probe_at > %(now)s AND probe_at <= %(silent_until)s))
"""

_LEASE = """
UPDATE mailbox.stream_out SET holder = %(holder)s, leased_until = %(until)s, served_at = %(now)s
WHERE receiver = (
    SELECT receiver FROM mailbox.stream_out
    WHERE receiver = ANY (%(due)s) AND NOT (next_try_at > %(now)s AND next_try_at <= %(pause_until)s)
      AND (holder IS NULL OR NOT (leased_until > %(now)s AND leased_until <= %(until)s))
    ORDER BY CASE WHEN served_at > %(now)s THEN '-infinity' ELSE served_at END, receiver
    LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING receiver, epoch, next_number, tries, kept_below, holder
"""

_SUPERSEDE = """
UPDATE mailbox.outbox o SET state = 'settled', outcome = 'superseded', settled_at = %(now)s
WHERE o.seq = ANY (%(seqs)s) AND o.state = 'posted' AND o.outcome IS NULL AND o.supersede_key <> ''
  AND EXISTS (
    SELECT FROM mailbox.outbox n
    WHERE n.receiver = o.receiver AND n.state = 'posted' AND n.supersede_key <> ''
      AND n.supersede_key = o.supersede_key AND n.supersede_rank > o.supersede_rank OFFSET 0)
RETURNING o.seq
"""

# Each letter by its number, then by its key: a join over the stream would read and hash all that it ever carried.
_SETTLE = """
WITH found AS MATERIALIZED (
    SELECT o.seq, o.outcome IS NULL AS heard_now, told.outcome, told.place
    FROM unnest(%(numbers)s::bigint[], %(digests)s::bytea[], %(outcomes)s::text[])
        WITH ORDINALITY AS told (number, digest, outcome, place)
    CROSS JOIN LATERAL (
        SELECT seq, outcome FROM mailbox.outbox
        WHERE receiver = %(receiver)s AND epoch = %(epoch)s AND number = told.number AND state <> 'settled'
          AND sha256(content) = told.digest OFFSET 0) AS o
)
UPDATE mailbox.outbox AS o SET state = 'settled', outcome = coalesce(o.outcome, found.outcome),
    settled_at = coalesce(o.settled_at, %(now)s)
FROM found WHERE o.seq = ANY (ARRAY(SELECT seq FROM found)) AND o.seq = found.seq AND o.state <> 'settled'
RETURNING found.place, o.letter_id, found.heard_now
"""


@dataclass(frozen=True, slots=True)
class PostedLetter:
    """A letter to post; `content` is what will be signed, `matter` what the sender itself calls the affair.

    Of two posted letters with one `supersede_key` to one receiver only that of the higher rank is sent.
    """

    letter_id: str
    receiver: str
    kind: str
    content: bytes
    supersede_key: str = ""
    supersede_rank: int = 0
    matter: str = ""


@dataclass(frozen=True, slots=True)
class Lease:
    """One destination, held by one sender for a while, how far its stream has come, and how far it is kept there."""

    receiver: str
    epoch: int
    next_number: int
    tries: int
    kept_below: int = 1
    holder: str = ""

    @property
    def unanswered(self) -> bool:
        """Tell whether letters have numbers of which the receiver has not said that it keeps them."""
        return self.kept_below < self.next_number


@dataclass(frozen=True, slots=True)
class OutgoingLetter:
    """A letter that may go into the next batch; `number` is 0 until it is taken."""

    seq: int
    number: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class ToldFate:
    """What a receiver tells about one letter of ours: its number, its content's hash, its fate."""

    number: int
    digest: bytes
    outcome: str
    reason: str = ""
    article: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class ReturnedLetter:
    """A letter that came back refused and waits for a person."""

    letter_id: str
    receiver: str
    kind: str
    matter: str
    reason: str
    article: str
    field: str
    returned_at: datetime


@dataclass(frozen=True, slots=True)
class StreamState:
    """How one destination stands: for the operator's page and for monitoring."""

    receiver: str
    epoch: int
    next_number: int
    tries: int
    last_fault: str
    next_try_at: datetime


def post(unit: Unit, letters: Sequence[PostedLetter], posted_at: datetime) -> None:
    """Put letters into the outbox: one INSERT, no lock that another counter would wait for."""
    parameters = {
        "ids": [letter.letter_id for letter in letters],
        "receivers": [letter.receiver for letter in letters],
        "kinds": [letter.kind for letter in letters],
        "contents": [letter.content for letter in letters],
        "keys": [letter.supersede_key for letter in letters],
        "ranks": [letter.supersede_rank for letter in letters],
        "matters": [letter.matter for letter in letters],
        "at": posted_at,
    }
    unit.execute(_POST, parameters)


def wake_others(unit: Unit) -> None:
    """Wake the mailroom of another process on this database when the transaction commits.

    Once per piece of work, not per letter: the server lets transactions that notify commit one after another.
    """
    unit.execute("SELECT pg_notify('mailroom', '')")


def work_waits(unit: Unit, *, now: datetime, silent_until: datetime) -> bool:
    """Tell whether a letter is to be sent, handled or told of, be it later, or a receiver is due for a question."""
    row = unit.execute(_WORK_WAITS, {"now": now, "silent_until": silent_until}).fetchone()
    return bool(row and row[0])


def lease(
    unit: Unit, *, holder: str, now: datetime, until: datetime, pause_until: datetime, silent_until: datetime
) -> Lease | None:
    """Lease the destination that has waited longest among those with letters or due for a question.

    `until`, `pause_until` and `silent_until` are the latest ends that a lease, a pause and a silence can have now;
    a later one was written by a clock that has been set back since, and counts for nothing.
    """
    waiting = {"now": now, "silent_until": silent_until}
    found = unit.execute(_WAITING_RECEIVERS, waiting).fetchall()
    if not found:
        return None
    due = [str(receiver) for receiver, _ in found]
    if new := [str(receiver) for receiver, has_stream in found if not has_stream]:
        unit.execute(
            "INSERT INTO mailbox.stream_out (receiver) SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING",
            (new,),
        )
    row = unit.execute(
        _LEASE, {"holder": holder, "until": until, "now": now, "pause_until": pause_until, "due": due}
    ).fetchone()
    return _lease(row) if row else None


def _lease(row: tuple[Any, ...]) -> Lease:
    receiver, epoch, next_number, tries, kept_below, holder = row
    return Lease(str(receiver), int(epoch), int(next_number), int(tries), int(kept_below), str(holder or ""))


def release_leases(unit: Unit) -> None:
    """At a node's start nobody sends to anybody, and each receiver is asked once what it expects."""
    unit.execute("UPDATE mailbox.stream_out SET holder = NULL, leased_until = NULL, probe_at = '-infinity'")


def candidates(unit: Unit, leased: Lease, limit_letters: int) -> list[OutgoingLetter]:
    """List what to send next: letters that have a number and no receipt first, then posted ones."""
    numbered: list[tuple[int, int, int]] = []
    if leased.unanswered:
        numbered = unit.execute(
            "SELECT seq, number, size_bytes FROM mailbox.outbox"
            " WHERE receiver = %s AND epoch = %s AND number >= %s ORDER BY number LIMIT %s",
            (leased.receiver, leased.epoch, leased.kept_below, limit_letters),
        ).fetchall()
    posted = unit.execute(
        "SELECT seq, 0, size_bytes FROM mailbox.outbox"
        " WHERE receiver = %s AND state = 'posted' ORDER BY seq LIMIT %s",
        (leased.receiver, limit_letters - len(numbered)),
    ).fetchall()
    return [OutgoingLetter(int(seq), int(number), int(size)) for seq, number, size in [*numbered, *posted]]


def supersede(unit: Unit, seqs: list[int], *, now: datetime) -> set[int]:
    """Settle those posted letters of which a newer one is posted to the same place; tell which they were."""
    rows = unit.execute(_SUPERSEDE, {"seqs": seqs, "now": now}).fetchall() if seqs else []
    return {int(row[0]) for row in rows}


def give_numbers(unit: Unit, leased: Lease, seqs: list[int]) -> None:
    """Number posted letters, in this order, from the stream's next number on."""
    if not seqs:
        return
    unit.execute(
        "UPDATE mailbox.outbox o SET state = 'numbered', epoch = %s, number = n.number"
        " FROM unnest(%s::bigint[], %s::bigint[]) AS n (seq, number)"
        " WHERE o.seq = n.seq AND o.state = 'posted'",
        (leased.epoch, seqs, list(range(leased.next_number, leased.next_number + len(seqs)))),
    )
    unit.execute(
        "UPDATE mailbox.stream_out SET next_number = next_number + %s WHERE receiver = %s",
        (len(seqs), leased.receiver),
    )


def contents(unit: Unit, seqs: list[int]) -> list[bytes]:
    """Read the bytes of letters in the order of their numbers."""
    rows = unit.execute(
        "SELECT content FROM mailbox.outbox WHERE seq = ANY (%s) ORDER BY number", (seqs,)
    ).fetchall()
    return [bytes(row[0]) for row in rows]


def stream_of(unit: Unit, receiver: str) -> Lease:
    """Lock a destination's stream and read it."""
    row = unit.execute(
        "SELECT receiver, epoch, next_number, tries, kept_below, holder FROM mailbox.stream_out"
        " WHERE receiver = %s FOR UPDATE",
        (receiver,),
    ).fetchone()
    return _lease(row) if row else Lease(receiver, 1, 1, 0)


def mark_kept(unit: Unit, receiver: str, epoch: int, below: int) -> None:
    """Note that the receiver keeps every letter of the stream below a number."""
    unit.execute(
        "UPDATE mailbox.stream_out SET kept_below = greatest(kept_below, %s) WHERE receiver = %s AND epoch = %s",
        (below, receiver, epoch),
    )


def take_back(unit: Unit, receiver: str, epoch: int, first: int) -> None:
    """Send letters again from a number on: the receiver has lost them, even settled ones."""
    unit.execute(
        "UPDATE mailbox.stream_out SET kept_below = least(kept_below, %s) WHERE receiver = %s AND epoch = %s",
        (first, receiver, epoch),
    )


def post_again(unit: Unit, receiver: str, first: tuple[int, int], below_epoch: int) -> int:
    """Post letters of older epochs again from a place on, even settled ones; tell how many there were."""
    done = unit.execute(
        "UPDATE mailbox.outbox SET state = 'posted', epoch = NULL, number = NULL"
        " WHERE receiver = %s AND number IS NOT NULL AND (epoch, number) >= (%s, %s) AND epoch < %s",
        (receiver, *first, below_epoch),
    )
    return done.rowcount


def raise_epoch(unit: Unit, receiver: str, epoch: int) -> None:
    """Begin a stream again in a newer epoch: letters whose fate is unknown are numbered afresh when taken."""
    unit.execute(
        "UPDATE mailbox.outbox SET state = 'posted', epoch = NULL, number = NULL"
        " WHERE receiver = %s AND state = 'numbered'",
        (receiver,),
    )
    unit.execute(
        "UPDATE mailbox.stream_out SET epoch = %s, next_number = 1, kept_below = 1"
        " WHERE receiver = %s AND epoch < %s",
        (epoch, receiver, epoch),
    )


def raise_every_epoch(unit: Unit) -> int:
    """Begin every stream again: the database was restored from a copy. Tell how many streams there are."""
    rows = unit.execute("SELECT receiver, epoch FROM mailbox.stream_out FOR UPDATE").fetchall()
    for receiver, epoch in rows:
        raise_epoch(unit, str(receiver), int(epoch) + 1)
    return len(rows)


def release(
    unit: Unit,
    receiver: str,
    holder: str,
    *,
    tries: int,
    next_try_at: datetime,
    probe_at: datetime,
    fault: str,
) -> None:
    """Give a destination back until `next_try_at`; without letters, ask it again at `probe_at`."""
    unit.execute(
        "UPDATE mailbox.stream_out SET tries = %s, next_try_at = %s, probe_at = %s, last_fault = %s,"
        " holder = CASE WHEN holder = %s THEN NULL ELSE holder END,"
        " leased_until = CASE WHEN holder = %s THEN NULL ELSE leased_until END WHERE receiver = %s",
        (tries, next_try_at, probe_at, fault, holder, holder, receiver),
    )


def settle(
    unit: Unit, receiver: str, epoch: int, told: Sequence[ToldFate], *, now: datetime
) -> list[tuple[ToldFate, str]]:
    """Note the fates of letters that had none; give those fates with the letters' names.

    A letter that has its fate, but was sent once more to a receiver that had lost it, keeps it.
    """
    rows = unit.execute(
        _SETTLE,
        {
            "numbers": [one.number for one in told],
            "digests": [one.digest for one in told],
            "outcomes": [one.outcome for one in told],
            "receiver": receiver,
            "epoch": epoch,
            "now": now,
        },
    ).fetchall()
    return [(told[int(place) - 1], str(letter_id)) for place, letter_id, heard_now in rows if heard_now]


def put_into_returned(unit: Unit, letter_id: str, fate: ToldFate, *, now: datetime) -> None:
    """Put a refused letter into the work queue."""
    unit.execute(
        "INSERT INTO mailbox.returned (letter_id, reason, article, field, returned_at)"
        " VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        (letter_id, fate.reason, fate.article, fate.field, now),
    )


def returned(unit: Unit, limit_rows: int, kind: str = "", *, but: str = "") -> list[ReturnedLetter]:
    """List refused letters that wait for a person, oldest first, of one kind or of all (index returned_waiting).

    Those that were refused for the reason `but` are left out.
    """
    rows = unit.execute(
        "SELECT r.letter_id, o.receiver, o.kind, o.matter, r.reason, r.article, r.field, r.returned_at"
        " FROM mailbox.returned r JOIN mailbox.outbox o USING (letter_id)"
        " WHERE r.resolved_by IS NULL AND (%(kind)s = '' OR o.kind = %(kind)s)"
        " AND (%(but)s = '' OR r.reason <> %(but)s)"
        " ORDER BY r.returned_at, r.letter_id LIMIT %(limit)s",
        {"kind": kind, "but": but, "limit": limit_rows},
    ).fetchall()
    return [ReturnedLetter(*row) for row in rows]


def count_returned(unit: Unit) -> int:
    """Count refused letters that wait for a person."""
    return _count(unit.execute("SELECT count(*) FROM mailbox.returned WHERE resolved_by IS NULL").fetchone())


def resolve_returned(unit: Unit, letter_id: str, *, by: str, at: datetime, resolution: str) -> bool:
    """Note who resolved a refused letter and how; False when somebody had done so."""
    done = unit.execute(
        "UPDATE mailbox.returned SET resolved_by = %s, resolved_at = %s, resolution = %s"
        " WHERE letter_id = %s AND resolved_by IS NULL",
        (by, at, resolution, letter_id),
    )
    return done.rowcount == 1


def streams(unit: Unit) -> list[StreamState]:
    """List how every destination stands."""
    rows = unit.execute(
        "SELECT receiver, epoch, next_number, tries, last_fault,"
        " CASE WHEN isfinite(next_try_at) THEN next_try_at ELSE 'epoch' END"
        " FROM mailbox.stream_out ORDER BY receiver"
    ).fetchall()
    return [StreamState(*row) for row in rows]


def _count(row: tuple[int, ...] | None) -> int:
    return int(row[0]) if row else 0
