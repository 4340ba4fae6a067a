"""Letters with destination files that are settled and whose term is over: found and blanked, on both ways."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from daicho.store.unit import Unit

_OVER = "kind = 'destination.info' AND state = 'settled' AND NOT blanked AND settled_at < %s"
_SENT = f"""
SELECT receiver, letter_id FROM mailbox.outbox WHERE {_OVER} ORDER BY settled_at LIMIT %s
"""  # index: outbox_to_blank
_TAKEN = f"""
SELECT sender, letter_id FROM mailbox.inbox i WHERE {_OVER} AND EXISTS (
    SELECT FROM mailbox.stream_in s
    WHERE s.sender = i.sender AND (i.epoch < s.epoch OR (i.epoch = s.epoch AND i.number < s.told_below)))
ORDER BY settled_at LIMIT %s
"""  # index: inbox_to_blank
_BLANK_SENT = "SELECT mailbox.blank_sent(%s, %s)"
_BLANK_TAKEN = "SELECT mailbox.blank_taken(%s, %s, %s)"


@dataclass(frozen=True, slots=True)
class OldLetter:
    """One settled letter: to whom it went or from whom it came, its name."""

    other: str
    letter_id: str


def sent_before(unit: Unit, before: datetime, *, limit_rows: int) -> list[OldLetter]:
    """List sent letters that were settled before an instant and are not blank, oldest first (index outbox_to_blank)."""
    return [OldLetter(*row) for row in unit.execute(_SENT, (before, limit_rows)).fetchall()]


def taken_before(unit: Unit, before: datetime, *, limit_rows: int) -> list[OldLetter]:
    """List taken letters settled before an instant of which their sender has heard, oldest first (index inbox_to_blank)."""
    return [OldLetter(*row) for row in unit.execute(_TAKEN, (before, limit_rows)).fetchall()]


def blank_sent(unit: Unit, letters: Sequence[OldLetter], contents: Sequence[bytes]) -> None:
    """Put these contents in the place of what sent letters said (unique letter_id)."""
    if letters:
        unit.execute(_BLANK_SENT, ([one.letter_id for one in letters], list(contents)))


def blank_taken(unit: Unit, letters: Sequence[OldLetter], contents: Sequence[bytes]) -> None:
    """Put these contents in the place of what taken letters said (primary key)."""
    if letters:
        columns = ([one.other for one in letters], [one.letter_id for one in letters], list(contents))
        unit.execute(_BLANK_TAKEN, columns)
