"""Letters coming in: kept verbatim, handled once and in order, settled, and told back to their sender."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from daicho.store.unit import Unit

_LOCK = 7_301_121  # first half of the advisory lock "I handle this sender's letters"

_WAITING_SENDERS = """
SELECT s.sender FROM mailbox.stream_in s
WHERE EXISTS (SELECT FROM mailbox.inbox i WHERE i.sender = s.sender AND i.state = 'kept')
ORDER BY s.sender
"""

_KEEP = """
INSERT INTO mailbox.inbox
    (sender, letter_id, epoch, number, kind, content, seal_hash, kept_at, state, outcome, reason, settled_at)
SELECT %(sender)s, n.letter_id, %(epoch)s, n.number, n.kind, n.content, %(seal)s, %(now)s,
    CASE WHEN n.reason = '' THEN 'kept' ELSE 'settled' END,
    CASE WHEN n.reason = '' THEN NULL ELSE 'refused' END, n.reason,
    CASE WHEN n.reason = '' THEN NULL ELSE %(now)s::timestamptz END
FROM unnest(%(ids)s::text[], %(numbers)s::bigint[], %(kinds)s::text[], %(contents)s::bytea[],
            %(reasons)s::text[])
    AS n (letter_id, number, kind, content, reason)
"""
_NEXT_KEPT = """
SELECT sender, letter_id, epoch, number, kind, content, tries, next_try_at > %s AND next_try_at <= %s
FROM (SELECT *, sum(size_bytes) OVER (ORDER BY epoch, number) - size_bytes AS before_bytes
      FROM (SELECT * FROM mailbox.inbox WHERE sender = %s AND state = 'kept'
            ORDER BY epoch, number LIMIT %s) AS next) AS so_far
WHERE before_bytes = 0 OR before_bytes < %s ORDER BY epoch, number
"""
# Of a stream `s`: below the first letter that waits everything has its fate, but for what is parked.
_UNTOLD: LiteralString = """
    FROM mailbox.inbox i
    WHERE i.sender = s.sender AND i.epoch = s.epoch AND i.state = 'settled' AND i.number >= s.told_below
      AND i.number < coalesce((
          SELECT k.number FROM mailbox.inbox k
          WHERE k.sender = s.sender AND k.epoch = s.epoch AND k.number >= s.told_below AND k.state = 'kept'
          ORDER BY k.number LIMIT 1), s.next_expected)
"""
_UNTOLD_APART: LiteralString = """
    FROM mailbox.told_apart a JOIN mailbox.inbox i USING (sender, letter_id)
    WHERE a.sender = s.sender AND i.epoch = s.epoch AND i.state = 'settled'
"""
HAS_UNTOLD: LiteralString = f"""
    (s.told_below < s.next_expected AND EXISTS (SELECT {_UNTOLD}) OR EXISTS (SELECT {_UNTOLD_APART}))
"""
_UNTOLD_SENDERS: LiteralString = f"""
SELECT s.sender FROM mailbox.stream_in s
WHERE NOT (s.tell_after > %s AND s.tell_after <= %s) AND {HAS_UNTOLD} ORDER BY s.sender
"""
_FATES: LiteralString = f"""
SELECT s.epoch, s.told_below, f.*
FROM mailbox.stream_in s CROSS JOIN LATERAL (
    (SELECT i.letter_id AS apart, i.number, sha256(i.content), i.outcome, i.reason, i.article, i.field
     {_UNTOLD_APART} ORDER BY i.number LIMIT %(limit)s)
    UNION ALL
    (SELECT '', i.number, sha256(i.content), i.outcome, i.reason, i.article, i.field
     {_UNTOLD} ORDER BY i.number LIMIT %(limit)s)) AS f
WHERE s.sender = %(sender)s
"""
_TELL_APART = """
INSERT INTO mailbox.told_apart (sender, letter_id) VALUES (%s, %s) ON CONFLICT DO NOTHING
"""
_SETTLE = """
UPDATE mailbox.inbox i SET state = 'settled', outcome = f.outcome, reason = f.reason, article = f.article,
    field = f.field, settled_at = %s
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
    AS f (letter_id, outcome, reason, article, field)
WHERE i.sender = %s AND i.letter_id = f.letter_id AND i.state = 'kept'
"""


@dataclass(frozen=True, slots=True)
class IncomingLetter:
    """A letter as it came: `content` is verbatim; a `reason` says that it is refused already."""

    letter_id: str
    number: int
    kind: str
    content: bytes
    reason: str = ""


@dataclass(frozen=True, slots=True)
class StreamFrom:
    """How a sender's stream stands: epoch and next number, and where the first epoch that it left was left."""

    expects: tuple[int, int]
    left: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class KeptLetter:
    """A letter that is kept and waits to be handled."""

    sender: str
    letter_id: str
    epoch: int
    number: int
    kind: str
    content: bytes
    tries: int


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a letter, and why, when it was refused."""

    letter_id: str
    outcome: str
    reason: str = ""
    article: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Untold:
    """A settled letter of which its sender has not heard yet."""

    number: int
    digest: bytes
    outcome: str
    reason: str
    article: str
    field: str


@dataclass(frozen=True, slots=True)
class Telling:
    """What a sender has not heard yet, of one epoch; how far its stream was told before, and who was told apart."""

    epoch: int = 0
    told_below: int = 0
    then_below: int = 0
    letters: tuple[Untold, ...] = ()
    apart: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParkedLetter:
    """A letter that our own fault broke three times: an alarm for this node's keepers."""

    sender: str
    letter_id: str
    kind: str
    kept_at: datetime
    last_fault: str


def stream_from(unit: Unit, sender: str) -> StreamFrom | None:
    """Lock a sender's stream and tell how it stands."""
    row = unit.execute(
        "SELECT epoch, next_expected, left_epoch, left_number FROM mailbox.stream_in"
        " WHERE sender = %s FOR UPDATE",
        (sender,),
    ).fetchone()
    if row is None:
        return None
    return StreamFrom((int(row[0]), int(row[1])), None if row[2] is None else (int(row[2]), int(row[3])))


def open_stream(unit: Unit, sender: str) -> None:
    """Make sure that a sender has a stream to lock."""
    unit.execute(
        "INSERT INTO mailbox.stream_in (sender, epoch, next_expected)"
        " VALUES (%s, 1, 1) ON CONFLICT DO NOTHING",
        (sender,),
    )


def advance(unit: Unit, sender: str, epoch: int, next_expected: int, *, left: tuple[int, int] | None) -> None:
    """Note how far a sender's stream has come, and where it left the first epoch that it ever left."""
    unit.execute(
        "UPDATE mailbox.stream_in SET epoch = %s, next_expected = %s, left_epoch = %s, left_number = %s,"
        " told_below = CASE WHEN epoch = %s THEN told_below ELSE 1 END WHERE sender = %s",
        (epoch, next_expected, *(left or (None, None)), epoch, sender),
    )


def letters_at(unit: Unit, sender: str, epoch: int, first: int, last: int) -> dict[int, str]:
    """Name the letters that a stream has at some numbers."""
    rows = unit.execute(
        "SELECT number, letter_id FROM mailbox.inbox"
        " WHERE sender = %s AND epoch = %s AND number BETWEEN %s AND %s",
        (sender, epoch, first, last),
    ).fetchall()
    return {int(number): str(letter_id) for number, letter_id in rows}


def epochs_of(unit: Unit, sender: str, letter_ids: Sequence[str]) -> dict[str, int]:
    """Tell in which epoch each of these letters was seen, if it was."""
    rows = unit.execute(
        "SELECT letter_id, epoch FROM mailbox.inbox WHERE sender = %s AND letter_id = ANY (%s)",
        (sender, list(letter_ids)),
    ).fetchall()
    return {str(letter_id): int(epoch) for letter_id, epoch in rows}


def held(unit: Unit, sender: str) -> tuple[int, int]:
    """Count letters and bytes that wait here for a sender's sake, parked ones included."""
    row = unit.execute(
        "SELECT count(*), coalesce(sum(size_bytes), 0)::bigint FROM mailbox.inbox"
        " WHERE sender = %s AND state <> 'settled'",
        (sender,),
    ).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def keep(
    unit: Unit, sender: str, epoch: int, letters: Sequence[IncomingLetter], *, seal_hash: str, now: datetime
) -> None:
    """Keep new letters of one batch, verbatim."""
    if letters:
        parameters = {
            "sender": sender,
            "epoch": epoch,
            "seal": seal_hash,
            "now": now,
            "ids": [letter.letter_id for letter in letters],
            "numbers": [letter.number for letter in letters],
            "kinds": [letter.kind for letter in letters],
            "contents": [letter.content for letter in letters],
            "reasons": [letter.reason for letter in letters],
        }
        unit.execute(_KEEP, parameters)


def renumber(unit: Unit, sender: str, epoch: int, letter_id: str, number: int) -> None:
    """Give a known letter its number in a newer epoch; if it is settled, its sender is told again."""
    unit.execute(
        "UPDATE mailbox.inbox SET epoch = %s, number = %s WHERE sender = %s AND letter_id = %s",
        (epoch, number, sender, letter_id),
    )


def waiting_senders(unit: Unit) -> list[str]:
    """List senders of letters that wait to be handled."""
    return [str(row[0]) for row in unit.execute(_WAITING_SENDERS).fetchall()]


def has_backlog(unit: Unit, above_bytes: int, *, since: datetime) -> bool:
    """Tell whether more than so many bytes of letters wait to be handled, all of them kept after `since`."""
    row = unit.execute(
        "SELECT coalesce(sum(size_bytes) > %s AND min(kept_at) > %s, false) FROM mailbox.inbox"
        " WHERE state = 'kept'",
        (above_bytes, since),
    ).fetchone()
    return bool(row and row[0])


def try_to_be_the_reader(unit: Unit, sender: str) -> bool:
    """Take the right to handle a sender's letters until the transaction ends, if nobody has it."""
    row = unit.execute("SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", (_LOCK, sender)).fetchone()
    return bool(row and row[0])


def next_kept(
    unit: Unit, sender: str, limit_letters: int, limit_bytes: int, *, now: datetime, pause_until: datetime
) -> list[KeptLetter]:
    """Read a sender's next letters in order, at least one; none while the first of them waits for another try.

    A try that is set for later than `pause_until` was set by a wrong clock and is due.
    """
    rows = unit.execute(_NEXT_KEPT, (now, pause_until, sender, limit_letters, limit_bytes)).fetchall()
    letters = []
    for sender_name, letter_id, epoch, number, kind, content, tries, waits in rows:
        if waits:
            break
        letters.append(KeptLetter(sender_name, letter_id, epoch, number, kind, bytes(content), tries))
    return letters


def settle(unit: Unit, sender: str, fates: Sequence[Fate], *, now: datetime) -> None:
    """Note what became of letters of one sender, in the transaction of what they did."""
    unit.execute(
        _SETTLE,
        (
            now,
            [one.letter_id for one in fates],
            [one.outcome for one in fates],
            [one.reason for one in fates],
            [one.article for one in fates],
            [one.field for one in fates],
            sender,
        ),
    )


def note_fault(
    unit: Unit, letter: KeptLetter, *, tries: int, park: bool, next_try_at: datetime, fault: str
) -> None:
    """Note that our own fault broke the handling of a letter; park it when it was once too often."""
    unit.execute(
        "UPDATE mailbox.inbox SET tries = %s, state = %s, next_try_at = %s, last_fault = %s"
        " WHERE sender = %s AND letter_id = %s AND state = 'kept'",
        (tries, "parked" if park else "kept", next_try_at, fault, letter.sender, letter.letter_id),
    )


def parked(unit: Unit, limit_rows: int) -> list[ParkedLetter]:
    """List parked letters, oldest first."""
    rows = unit.execute(
        "SELECT sender, letter_id, kind, kept_at, last_fault FROM mailbox.inbox"
        " WHERE state = 'parked' ORDER BY kept_at LIMIT %s",
        (limit_rows,),
    ).fetchall()
    return [ParkedLetter(*row) for row in rows]


def count_parked(unit: Unit) -> int:
    """Count parked letters."""
    row = unit.execute("SELECT count(*) FROM mailbox.inbox WHERE state = 'parked'").fetchone()
    return int(row[0]) if row else 0


def unpark(unit: Unit, sender: str, letter_id: str) -> bool:
    """Let a parked letter be handled again, after the fault was mended."""
    done = unit.execute(
        "UPDATE mailbox.inbox SET state = 'kept', tries = 0, next_try_at = '-infinity'"
        " WHERE sender = %s AND letter_id = %s AND state = 'parked'",
        (sender, letter_id),
    )
    if done.rowcount == 1:
        unit.execute(_TELL_APART, (sender, letter_id))
    return done.rowcount == 1


def untold_senders(unit: Unit, *, now: datetime, rest_until: datetime) -> list[str]:
    """List senders who have not heard what became of some letter and may be called now.

    A rest that lasts beyond `rest_until` was set by a wrong clock and is over.
    """
    return [str(row[0]) for row in unit.execute(_UNTOLD_SENDERS, (now, rest_until)).fetchall()]


def tell_later(unit: Unit, sender: str, tell_after: datetime) -> None:
    """Leave a sender alone for a while that cannot be told."""
    unit.execute("UPDATE mailbox.stream_in SET tell_after = %s WHERE sender = %s", (tell_after, sender))


def untold(unit: Unit, sender: str, limit_letters: int) -> Telling:
    """List what a sender has not heard yet of its stream, in order; before it, what was parked once, apart."""
    rows = unit.execute(_FATES, {"sender": sender, "limit": limit_letters}).fetchall()
    if not rows:
        return Telling()
    epoch, told_below = rows[0][:2]
    in_order = [row for row in rows if not row[2]]
    return Telling(
        epoch,
        told_below,
        in_order[-1][3] + 1 if in_order else told_below,
        tuple(Untold(*row[3:]) for row in rows),
        tuple(row[2] for row in rows if row[2]),
    )


def mark_told(unit: Unit, sender: str, told: Telling) -> None:
    """Note that a sender has heard; what was told beside it by somebody else stays as it is."""
    unit.execute(
        "UPDATE mailbox.stream_in SET told_below = %s WHERE sender = %s AND epoch = %s AND told_below = %s",
        (told.then_below, sender, told.epoch, told.told_below),
    )
    if told.apart:
        unit.execute(
            "DELETE FROM mailbox.told_apart WHERE sender = %s AND letter_id = ANY (%s)",
            (sender, list(told.apart)),
        )
