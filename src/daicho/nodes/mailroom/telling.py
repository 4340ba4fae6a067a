"""Senders are told what became of their letters."""

import logging
from datetime import timedelta

from daicho.nodes import seams
from daicho.nodes.node import Node
from daicho.store import mailbox_in
from daicho.wire import conversation
from daicho.wire.http import WireRefused, WireUnavailable
from daicho.wire.operations import LETTERS_SETTLE, Settlement, Settlements
from daicho.wire.signer.client import SignerUnavailable

_LOG = logging.getLogger("daicho.mailroom")
TOLD_AT_ONCE_LETTERS = 500
REST_SECONDS = 2  # before a sender that could not be told is called again


def tell_pass(node: Node) -> bool:
    """Tell each sender what it has not heard; tell whether there may be more."""
    with node.store.unit("mailroom.untold") as unit:
        rest = conversation.ahead(node.clock.now(), REST_SECONDS)
        senders = mailbox_in.untold_senders(unit, now=rest.now, rest_until=rest.latest)
    more = [_tell(node, sender) for sender in senders]
    return any(more)


def _tell(node: Node, sender: str) -> bool:
    """Tell one sender about letters of one epoch; tell whether there may be more for it."""
    with node.store.unit("mailroom.fates") as unit:
        telling = mailbox_in.untold(unit, sender, TOLD_AT_ONCE_LETTERS)
    if not telling.letters:
        return False
    told = [
        Settlement(one.number, one.digest, one.outcome, one.reason, one.article, one.field)
        for one in telling.letters
    ]
    try:
        _call(node, sender, Settlements(telling.epoch, told))
    except (WireUnavailable, WireRefused, SignerUnavailable) as fault:
        _LOG.warning("%s cannot be told now: %s", sender, type(fault).__name__)
        with node.store.unit("mailroom.tell_later") as unit:
            mailbox_in.tell_later(unit, sender, node.clock.now() + timedelta(seconds=REST_SECONDS))
        return False
    seams.at("mailroom.after_told")
    with node.store.unit("mailroom.told") as unit:
        mailbox_in.mark_told(unit, sender, telling)
    return True


def _call(node: Node, sender: str, settlements: Settlements) -> None:
    member = node.wire.directory().member(sender)
    if member is None:
        raise WireUnavailable("no longer a member")
    node.wire.post.call(LETTERS_SETTLE, member, settlements)
