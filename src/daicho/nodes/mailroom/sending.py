"""The way out: lease a destination, number letters, send them in order, note what is kept."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from daicho.nodes import seams
from daicho.nodes.node import Node
from daicho.rules.network.kinds import NodeKind
from daicho.store import mailbox, mailbox_in
from daicho.store.unit import Unit
from daicho.wire import conversation
from daicho.wire.conversation import Stream
from daicho.wire.http import WireRefused, WireUnavailable
from daicho.wire.operations import LETTERS_DELIVER, KeptReceipt
from daicho.wire.signer.client import SignerUnavailable

_LOG = logging.getLogger("daicho.mailroom")
LEASE_SECONDS = 60  # longer than one delivery may take
PROBE_SECONDS = 600  # a silent receiver is asked this often what it expects
BACKLOG_BYTES = 256 * 1024  # with more than this to handle, a CS handles before it sends ...
BACKLOG_SECONDS = 30  # ... unless the oldest of it has waited so long


@dataclass(frozen=True, slots=True)
class Batch:
    """What goes out under one signature; without parts it only asks what the receiver expects."""

    lease: mailbox.Lease
    first: int
    parts: list[bytes]

    @property
    def start(self) -> Stream:
        """Name the epoch and number with which the batch begins."""
        return Stream(self.lease.epoch, self.first)


def send_pass(node: Node, holder: str) -> bool:
    """Serve one destination for one batch; tell whether there may be more.

    A CS rests while an extract comes in: its own copy is whole before others hear of it.
    """
    now = node.clock.now()
    holder = f"{holder} {node.clock.new_id()}"  # the batch's own: its receipt is heard as long as no other was taken
    with node.store.unit("mailroom.take") as unit:
        since = now - timedelta(seconds=BACKLOG_SECONDS)
        if node.me.kind is NodeKind.CS and mailbox_in.has_backlog(unit, BACKLOG_BYTES, since=since):
            return False
        lease = _lease(unit, holder, now)
        if lease is None:
            return False
        batch = _take(unit, node, lease)
        seams.at("mailroom.numbered")
    seams.at("mailroom.before_send")
    try:
        receipt = _deliver(node, batch)
    except (WireUnavailable, SignerUnavailable) as fault:
        _give_up_for_now(node, batch, holder, type(fault).__name__)
        return True
    except WireRefused as fault:
        _LOG.error("letters to %s are refused as a batch: %s %s", lease.receiver, fault.status, fault.code)
        _give_up_for_now(node, batch, holder, f"{fault.status} {fault.code}")
        return True
    seams.at("mailroom.after_send")
    with node.store.unit("mailroom.mark") as unit:
        _note(unit, node, batch, holder, receipt)
    return True


def _lease(unit: Unit, holder: str, now: datetime) -> mailbox.Lease | None:
    return mailbox.lease(
        unit, holder=holder, now=now, until=conversation.ahead(now, LEASE_SECONDS).latest,
        pause_until=conversation.ahead(now, conversation.LONGEST_PAUSE_SECONDS).latest,
        silent_until=conversation.ahead(now, PROBE_SECONDS).latest,
    )  # fmt: skip


def _take(unit: Unit, node: Node, lease: mailbox.Lease) -> Batch:
    """Choose the next letters, numbering those that have no number yet."""
    found = mailbox.candidates(unit, lease, conversation.MAX_BATCH_LETTERS)
    fresh = [letter.seq for letter in found if letter.number == 0]
    old = mailbox.supersede(unit, fresh, now=node.clock.now())
    found = [letter for letter in found if letter.seq not in old]
    chosen = found[: conversation.fill_batch([letter.size_bytes for letter in found])]
    mailbox.give_numbers(unit, lease, [letter.seq for letter in chosen if letter.number == 0])
    first = next((letter.number for letter in chosen if letter.number), lease.next_number)
    return Batch(lease, first, mailbox.contents(unit, [letter.seq for letter in chosen]))


def _deliver(node: Node, batch: Batch) -> KeptReceipt:
    member = node.wire.directory().member(batch.lease.receiver)
    if member is None:
        raise WireUnavailable("no longer a member")
    opened = node.wire.post.call_parts(
        LETTERS_DELIVER, member, batch.parts, epoch=batch.lease.epoch, first=batch.first
    )
    try:
        return msgspec.json.decode(opened.parts[0], type=KeptReceipt)
    except (msgspec.DecodeError, IndexError) as error:
        raise WireUnavailable("the receipt is malformed") from error


def _note(unit: Unit, node: Node, batch: Batch, holder: str, receipt: KeptReceipt) -> None:
    """Write what a receipt means; the stream is read again, for another sender may have moved it."""
    receiver = batch.lease.receiver
    now = mailbox.stream_of(unit, receiver)
    stream = Stream(now.epoch, now.next_number)
    left = Stream(receipt.left_epoch, receipt.left_number) if receipt.left_epoch else None
    kept = Stream(receipt.epoch, receipt.next_expected)
    newest = now.holder == holder
    progress = conversation.after_receipt(stream, batch.start, kept, left, newest=newest)
    if progress.raise_epoch_to:
        _LOG.error("%s knows letters of ours that we do not: the stream begins again", receiver)
        mailbox.raise_epoch(unit, receiver, progress.raise_epoch_to)
    if progress.kept_below:
        mailbox.mark_kept(unit, receiver, stream.epoch, progress.kept_below)
    if progress.send_again_from:
        _LOG.warning("%s asks for letters again from number %s", receiver, progress.send_again_from)
        mailbox.take_back(unit, receiver, stream.epoch, progress.send_again_from)
    if (lost := progress.post_again_from) is not None:
        again = mailbox.post_again(unit, receiver, (lost.epoch, lost.number), stream.epoch)
        if again:
            _LOG.warning("%s may lack %s letters of older epochs: they are posted again", receiver, again)
    stalled = progress.stalled and bool(batch.parts)
    _release(unit, node, batch, holder, "no progress" if stalled else "")


def _give_up_for_now(node: Node, batch: Batch, holder: str, fault: str) -> None:
    with node.store.unit("mailroom.pause") as unit:
        _release(unit, node, batch, holder, fault)


def _release(unit: Unit, node: Node, batch: Batch, holder: str, fault: str) -> None:
    now = node.clock.now()
    tries = batch.lease.tries + 1 if fault else 0
    pause = timedelta(seconds=conversation.pause_seconds(tries) if fault else 0)
    mailbox.release(
        unit, batch.lease.receiver, holder, tries=tries, next_try_at=now + pause,
        probe_at=now + pause if fault else now + timedelta(seconds=PROBE_SECONDS), fault=fault,
    )  # fmt: skip


def work_waits(node: Node) -> bool:
    """Look whether anything waits for the mailroom's threads, in one statement."""
    silence = conversation.ahead(node.clock.now(), PROBE_SECONDS)
    with node.store.unit("mailroom.look") as unit:
        return mailbox.work_waits(unit, now=silence.now, silent_until=silence.latest)


def begin(node: Node) -> None:
    """At a node's start: nobody holds a destination, and each receiver is asked what it expects."""
    with node.store.unit("mailroom.begin") as unit:
        mailbox.release_leases(unit)


def begin_new_epochs(node: Node) -> int:
    """After the database was restored from a copy: every stream begins again. Tell how many there are."""
    with node.store.unit("mailroom.new_epochs") as unit:
        return mailbox.raise_every_epoch(unit)
