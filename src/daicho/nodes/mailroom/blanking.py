"""Letters that carried destination files say nothing any more once they are settled and their term is over.  送付先情報の消去

A letter keeps its name, its number and its fate, without which its stream could not go on; what was in its box goes.
"""

from datetime import timedelta

import msgspec

from daicho.nodes.chronicle import Fact, note_many
from daicho.nodes.node import Node
from daicho.nodes.watch.loops import Job
from daicho.rules.destination.keeping import DESTINATION_FILE
from daicho.rules.ledger.events import Event
from daicho.store import mailbox_blank
from daicho.store.mailbox_blank import OldLetter
from daicho.wire.codecs.destination import INFO
from daicho.wire.operations import Letter

BLANKED_ROWS = 500
_EVERY_SECONDS = 3_600.0


def letter_blanking(node: Node) -> Job:
    """Blank letters whose term is over."""
    return Job("destination-letters", _EVERY_SECONDS, lambda: blank_some(node) >= BLANKED_ROWS)


def blank_some(node: Node, *, limit_rows: int = BLANKED_ROWS) -> int:
    """Blank letters on both ways that were settled longer ago than the term, with a line, and count them.

    A letter of which its sender has not heard yet stays: both sides compare what they have of it.
    """
    before = node.clock.now() - timedelta(days=DESTINATION_FILE.days)
    with node.store.reading() as unit:
        if not mailbox_blank.sent_before(unit, before, limit_rows=1) and not mailbox_blank.taken_before(
            unit, before, limit_rows=1
        ):
            return 0
    with node.store.unit("destinations.blank") as unit:
        sent = mailbox_blank.sent_before(unit, before, limit_rows=limit_rows)
        taken = mailbox_blank.taken_before(unit, before, limit_rows=limit_rows)
        mailbox_blank.blank_sent(unit, sent, [_blank(one) for one in sent])
        mailbox_blank.blank_taken(unit, taken, [_blank(one) for one in taken])
        count = len(sent) + len(taken)
        if count:
            fact = Fact(Event.DESTINATION_FORGOTTEN, outcome="blanked", detail={"letters": str(count)})
            note_many(unit, node, [fact])
    return max(len(sent), len(taken))


def _blank(one: OldLetter) -> bytes:
    """Write a letter of that name whose box is empty."""
    return msgspec.json.encode(Letter(one.letter_id, INFO, b""))
