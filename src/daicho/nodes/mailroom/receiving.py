"""The way in: keep durably, answer, and write what receivers tell about our own letters.

The step numbers are those of docs/protocols/letters.md; the envelope's own steps come before them.
"""

import hashlib
import logging

import msgspec

from daicho.nodes.mailroom.handling import (
    ACCEPTED,
    SUPERSEDED,
    Handler,
    Settled,
    handle_next,
    handle_pass,
    refused,
)
from daicho.nodes.mailroom.telling import tell_pass
from daicho.nodes.node import Node
from daicho.rules.law.refusal import Reason
from daicho.store import mailbox, mailbox_in
from daicho.store.mailbox import ToldFate
from daicho.store.mailbox_in import IncomingLetter
from daicho.store.unit import Unit
from daicho.wire import conversation
from daicho.wire.conversation import Keeping, Outcome, Stream, Verdict
from daicho.wire.envelope import Opened
from daicho.wire.operations import KeptReceipt, Letter, Nothing, Settlement, Settlements

_LOG = logging.getLogger("daicho.mailroom")
QUOTA_LETTERS = 50_000  # a sender's letters that wait here at most
QUOTA_BYTES = 512 * 1024 * 1024
MAX_NAME_CHARACTERS = 64


def keep_batch(node: Node, opened: Opened) -> KeptReceipt:
    """Keep the letters of a checked batch verbatim, skip repeats, ask again after a hole.

    Nothing is answered before it is durable. A malformed letter uses up its number and is refused alone.
    """
    sender, epoch, first = str(opened.sender.name), opened.head.epoch, opened.head.first
    letters = [_read(part, first + place) for place, part in enumerate(opened.parts)]
    with node.store.unit("mailroom.keep") as unit:
        decided, left = _decide(unit, sender, epoch, first, letters)
        if decided.verdict is Verdict.KEEP:
            chosen = letters[decided.skip : decided.skip + decided.keep]
            _keep(unit, node, opened, chosen)
            came_to = decided.stream
            mailbox_in.advance(
                unit, sender, came_to.epoch, came_to.number, left=_place(left) if left else None
            )
            unit.after_commit(node.store.bell.ring)
        elif decided.verdict is not Verdict.REPEAT:
            _LOG.warning("letters of %s: %s", sender, decided.verdict.value)
    return KeptReceipt(decided.stream.epoch, decided.stream.number, *_place(left))


def _place(left: Stream | None) -> tuple[int, int]:
    return (0, 0) if left is None else (left.epoch, left.number)


def _read(part: bytes, number: int) -> IncomingLetter:
    """Read a letter's name and kind; bytes that are no letter get a name of their own (step 1)."""
    try:
        letter = msgspec.json.decode(part, type=Letter)
        if _is_name(letter.letter_id) and _is_name(letter.kind):
            return IncomingLetter(letter.letter_id, number, letter.kind, part)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    return IncomingLetter(_own_name(part), number, "", part, Reason.MALFORMED_LETTER.value)


def _is_name(text: str) -> bool:
    return 0 < len(text) <= MAX_NAME_CHARACTERS and text.isascii() and text.isprintable()


def _own_name(part: bytes) -> str:
    return "malformed " + hashlib.sha256(part).hexdigest()[:48]


def _decide(
    unit: Unit, sender: str, epoch: int, first: int, letters: list[IncomingLetter]
) -> tuple[conversation.Reception, Stream | None]:
    """Steps 2 to 7, epoch, fork, hole, repeat, quota, and with step 9 where an epoch was left."""
    if not 0 < epoch < conversation.MAX_EPOCH or first < 1:
        return conversation.Reception(Verdict.GAP, Stream(1, 1)), None
    mailbox_in.open_stream(unit, sender)
    stands = mailbox_in.stream_from(unit, sender) or mailbox_in.StreamFrom((1, 1))
    stream, left = Stream(*stands.expects), Stream(*stands.left) if stands.left else None
    known: dict[int, str] = {}
    if epoch == stream.epoch and first < stream.number:
        known = mailbox_in.letters_at(unit, sender, epoch, first, first + len(letters) - 1)
    count, size_bytes = mailbox_in.held(unit, sender)
    room = QUOTA_LETTERS - count if size_bytes < QUOTA_BYTES else 0
    names = [letter.letter_id for letter in letters]
    decided = conversation.receive(stream, epoch, first, names, known=known, room_letters=room)
    return decided, conversation.left_at(left, stream, epoch)


def _keep(unit: Unit, node: Node, opened: Opened, letters: list[IncomingLetter]) -> None:
    """Step 8: keep new letters, renumber known ones of an older epoch, refuse a name used twice."""
    sender, epoch = str(opened.sender.name), opened.head.epoch
    names = [letter.letter_id for letter in letters]
    earlier = mailbox_in.epochs_of(unit, sender, names)
    fresh = []
    for letter, keeping in zip(letters, conversation.keep_each(epoch, names, earlier), strict=True):
        if keeping is Keeping.RENUMBER:
            mailbox_in.renumber(unit, sender, epoch, letter.letter_id, letter.number)
        elif keeping is Keeping.NEW:
            fresh.append(letter)
        else:
            name = f"repeated {epoch}-{letter.number}"
            fresh.append(
                IncomingLetter(
                    name, letter.number, letter.kind, letter.content, Reason.MALFORMED_LETTER.value
                )
            )
    mailbox_in.keep(unit, sender, epoch, fresh, seal_hash=opened.seal_hash, now=node.clock.now())


def take_settlements(node: Node, opened: Opened) -> Nothing:
    """Write what a receiver tells about our letters; refused ones go to the work queue, repeats do nothing.

    Raises: msgspec.DecodeError when the part is no such message.
    """
    told: Settlements = opened.request
    receiver = str(opened.sender.name)
    fates = _understood(receiver, told.items)
    with node.store.unit("mailroom.outcomes") as unit:
        now = node.clock.now()
        for fate, letter_id in mailbox.settle(unit, receiver, told.epoch, fates, now=now) if fates else ():
            if fate.outcome == Outcome.REFUSED:
                mailbox.put_into_returned(unit, letter_id, fate, now=now)
    return Nothing()


def _understood(receiver: str, items: list[Settlement]) -> list[ToldFate]:
    """Take what can be understood; of a letter that is told twice, what was told first."""
    known: dict[tuple[int, bytes], ToldFate] = {}
    for item in items:
        reason = item.reason or "NOT_SAID"
        fate = ToldFate(item.number, item.digest, item.outcome, reason, item.article, item.field)
        if item.outcome in tuple(Outcome):
            known.setdefault((item.number, item.digest), fate)
        else:
            _LOG.error("%s tells an outcome that does not exist", receiver)
    return list(known.values())


__all__ = [
    "ACCEPTED", "SUPERSEDED", "Handler", "Settled", "handle_next", "handle_pass", "keep_batch", "refused",
    "take_settlements", "tell_pass",
]  # fmt: skip
