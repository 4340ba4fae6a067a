"""The way out: lease a destination, number letters, send them in order, note what is kept."""

from datetime import timedelta

import msgspec

from daicho.nodes import seams
from daicho.nodes.node import Node
from daicho.store import mailbox
from daicho.wire import conversation
from daicho.wire.http import WireRefused, WireUnavailable
from daicho.wire.operations import LETTERS_DELIVER, KeptReceipt, Letter
from daicho.wire.signer.client import SignerUnavailable

LEASE_SECONDS = 60


def send_pass(node: Node, holder: str) -> bool:
    """Serve one destination for one batch; tell whether there may be more."""
    now = node.clock.now()
    with node.store.unit() as unit:
        receiver = mailbox.lease(unit, holder, now, now + timedelta(seconds=LEASE_SECONDS))
        if receiver is None:
            return False
        batch = _next_batch(unit, receiver)
        failures = mailbox.failures_of(unit, receiver)
    seams.at("mailroom.after_number")
    try:
        receipt = _deliver(node, receiver, batch) if batch else None
    except (WireUnavailable, WireRefused, SignerUnavailable):
        rest = node.clock.now() + timedelta(seconds=conversation.rest_seconds(failures + 1))
        with node.store.unit() as unit:
            mailbox.release(unit, holder, receiver, rest_until=rest, failures=failures + 1)
        return False
    seams.at("mailroom.after_send")
    with node.store.unit() as unit:
        if receipt is not None:
            below = conversation.kept_below(receipt.epoch, batch[0].epoch, receipt.next_expected)
            mailbox.mark_kept(unit, receiver, batch[0].epoch, below)
        mailbox.release(unit, holder, receiver, rest_until=None, failures=0)
    return True


def _next_batch(unit: "mailbox.Unit", receiver: str) -> list[mailbox.NumberedLetter]:
    """Take what was numbered before and not kept; when there is nothing, number the next letters."""
    batch = mailbox.taken(unit, receiver, conversation.BATCH_LETTERS)
    if not batch:
        sizes = mailbox.waiting_sizes(unit, receiver, conversation.BATCH_LETTERS)
        if sizes:
            mailbox.number(unit, receiver, conversation.take(sizes))
            batch = mailbox.taken(unit, receiver, conversation.BATCH_LETTERS)
    return batch[: conversation.take([len(letter.body) for letter in batch])]


def _deliver(node: Node, receiver: str, batch: list[mailbox.NumberedLetter]) -> KeptReceipt:
    member = node.wire.directory().member(receiver)
    if member is None:
        raise WireUnavailable("no longer a member")
    parts = [msgspec.json.encode(Letter(letter.letter_id, letter.kind, letter.body)) for letter in batch]
    opened = node.wire.post.call_parts(
        LETTERS_DELIVER, member, parts, epoch=batch[0].epoch, first=batch[0].number
    )
    return msgspec.json.decode(opened.parts[0], type=KeptReceipt)
