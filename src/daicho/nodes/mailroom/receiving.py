"""The way in: keep durably, answer, handle in order and once, tell the sender what became of it."""

import logging
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

import msgspec

from daicho.nodes import seams
from daicho.nodes.node import Node
from daicho.rules.law.refusal import Refusal
from daicho.rules.network.kinds import Member
from daicho.store import mailbox
from daicho.store.unit import StoreUnavailable, Unit
from daicho.wire import conversation
from daicho.wire.box import BoxUnreadable, take_from_box
from daicho.wire.codecs.letters import Unreadable
from daicho.wire.conversation import Outcome
from daicho.wire.envelope import Opened
from daicho.wire.http import WireRefused, WireUnavailable
from daicho.wire.operations import LETTERS_SETTLE, KeptReceipt, Letter, Nothing, Settlement, Settlements

_LOG = logging.getLogger("daicho.mailroom")
TOLD_PER_PASS = 500
_ARTICLE_SECURITY = "平成14年総務省告示第334号"


@dataclass(frozen=True, slots=True)
class Settled:
    """What a handler decided about a letter."""

    outcome: Outcome
    refusal: Refusal | None = None


ACCEPTED = Settled(Outcome.ACCEPTED)
SUPERSEDED = Settled(Outcome.SUPERSEDED)


def refused(refusal: Refusal) -> Settled:
    """Refuse one letter; its number is used up, the letters after it go on."""
    return Settled(Outcome.REFUSED, refusal)


Handler = Callable[[Unit, Node, Member, bytes], Settled]


def keep_batch(node: Node, opened: Opened) -> KeptReceipt:
    """Keep the letters of a checked batch verbatim, skip repeats, ask again after a hole."""
    sender, epoch = str(opened.sender.name), opened.head.epoch
    letters = [msgspec.json.decode(part, type=Letter) for part in opened.parts]
    with node.store.unit() as unit:
        expected = mailbox.next_expected(unit, sender, epoch)
        decided = conversation.intake(expected, opened.head.first, len(letters))
        fresh = letters[decided.skip :] if decided.keep else []
        mailbox.keep(
            unit,
            sender,
            [
                mailbox.NumberedLetter(letter.letter_id, letter.kind, letter.body, epoch, expected + place)
                for place, letter in enumerate(fresh)
            ],
            opened.seal_hash,
            node.clock.now(),
            decided.next_expected,
        )
        seams.at("mailroom.before_kept")
    seams.at("mailroom.after_kept")
    return KeptReceipt(epoch, decided.next_expected)


def handle_pass(node: Node, handlers: Mapping[str, Handler], box_key: bytes) -> bool:
    """Handle one letter of each waiting sender; tell whether there may be more."""
    with node.store.unit() as unit:
        senders = mailbox.senders_waiting(unit, node.clock.now())
    more = False
    for sender in senders:
        while handle_next(node, handlers, box_key, sender):
            more = True
    return more


def handle_next(node: Node, handlers: Mapping[str, Handler], box_key: bytes, sender: str) -> bool:
    """Handle the next letter of one sender: its effect and its settlement are one unit."""
    letter: mailbox.KeptLetter | None = None
    try:
        with node.store.unit() as unit:
            letter = mailbox.next_kept(unit, sender, node.clock.now())
            if letter is None:
                return False
            settled = _handle(unit, node, handlers, box_key, letter)
            reason, article, field = _words(settled.refusal)
            mailbox.settle(unit, letter.sequence, settled.outcome.value, reason, article, field)
            seams.at("mailroom.before_settle")
    except StoreUnavailable:
        raise
    except Exception as fault:
        if letter is None:
            raise
        _set_back(node, letter, fault)
        return True
    seams.at("mailroom.after_settle")
    return True


def _handle(
    unit: Unit, node: Node, handlers: Mapping[str, Handler], box_key: bytes, letter: mailbox.KeptLetter
) -> Settled:
    member = node.wire.directory().member(letter.sender)
    handler = handlers.get(letter.kind)
    if member is None or handler is None:
        return Settled(Outcome.REFUSED, _malformed("kind" if member else "sender"))
    try:
        content = take_from_box(letter.body, private_key=box_key)
        return handler(unit, node, member, content)
    except BoxUnreadable:
        return Settled(Outcome.REFUSED, _malformed("box"))
    except Unreadable as error:
        return Settled(Outcome.REFUSED, _malformed(str(error)))


def _malformed(field: str) -> Refusal:
    from daicho.rules.law.article import security_standard
    from daicho.rules.law.refusal import Reason

    return Refusal(Reason.MALFORMED_LETTER, security_standard("6-7"), field)


def _words(refusal: Refusal | None) -> tuple[str, str, str]:
    if refusal is None:
        return "", "", ""
    return refusal.reason.value, f"{refusal.article.act}|{refusal.article.number}", refusal.field


def _set_back(node: Node, letter: mailbox.KeptLetter, fault: Exception) -> None:
    """Count our own fault; after three tries park the letter and raise the alarm."""
    tries = letter.tries + 1
    park = conversation.parks(tries)
    rest = node.clock.now() + timedelta(seconds=conversation.rest_seconds(tries))
    with node.store.unit() as unit:
        mailbox.fail(unit, letter.sequence, park=park, try_again_at=rest)
    level = logging.ERROR if park else logging.WARNING
    _LOG.log(
        level, "letter %s of kind %s %s after %s", letter.letter_id, letter.kind,
        "is parked" if park else "is tried again", type(fault).__name__, exc_info=fault,
    )  # fmt: skip


def tell_pass(node: Node) -> bool:
    """Tell senders what became of their letters; tell whether there may be more."""
    with node.store.unit() as unit:
        rows = mailbox.untold(unit, TOLD_PER_PASS)
    reached = False
    for (sender, epoch), group in groupby(rows, key=lambda row: (row[0], row[1])):
        member = node.wire.directory().member(sender)
        items = [Settlement(row[2], row[3], row[4], row[5], row[6]) for row in group]
        if member is None:
            continue
        try:
            node.wire.post.call(LETTERS_SETTLE, member, Settlements(epoch, items))
        except (WireUnavailable, WireRefused):
            continue
        seams.at("mailroom.after_told")
        with node.store.unit() as unit:
            mailbox.mark_told(unit, sender, epoch, [item.number for item in items])
        reached = True
    return reached and len(rows) == TOLD_PER_PASS


def take_settlements(node: Node, opened: Opened) -> Nothing:
    """Write what a receiver tells about our letters; refused ones appear in the work queue."""
    told = msgspec.json.decode(opened.parts[0], type=Settlements)
    items = [(item.number, item.outcome, item.reason, item.article, item.field) for item in told.items]
    with node.store.unit() as unit:
        mailbox.take_outcomes(unit, str(opened.sender.name), told.epoch, items, node.clock.now())
        seams.at("mailroom.before_outcome")
    return Nothing()


def box_key_of(text: str) -> bytes:
    """Read a public box key as the directory writes it."""
    return urlsafe_b64decode(text)
