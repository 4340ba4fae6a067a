"""Kept letters are handled once, each sender's in order; the effect and the settlement are one unit."""

import logging
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import msgspec

from daicho.nodes import seams
from daicho.nodes.node import Node
from daicho.rules.law.article import security_standard
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.network.kinds import Member
from daicho.store import mailbox_in
from daicho.store.mailbox_in import KeptLetter
from daicho.store.unit import StoreUnavailable, Unit
from daicho.wire import conversation
from daicho.wire.box import BoxUnreadable, take_from_box
from daicho.wire.codecs.letters import Unreadable
from daicho.wire.conversation import Outcome
from daicho.wire.operations import Letter

_LOG = logging.getLogger("daicho.mailroom")
LETTERS_PER_UNIT = 20


@dataclass(frozen=True, slots=True)
class Settled:
    """What a handler decided about a letter."""

    outcome: Outcome
    refusal: Refusal | None = None

    def __post_init__(self) -> None:
        """Keep a refusal and its reason together."""
        if (self.outcome is Outcome.REFUSED) != (self.refusal is not None):
            raise ValueError("a refused letter has a reason, and no other has one")


ACCEPTED = Settled(Outcome.ACCEPTED)
SUPERSEDED = Settled(Outcome.SUPERSEDED)


def refused(refusal: Refusal) -> Settled:
    """Refuse one letter; its number is used up, the letters after it go on."""
    return Settled(Outcome.REFUSED, refusal)


Handler = Callable[[Unit, Node, Member, bytes], Settled]


def handle_pass(node: Node, handlers: Mapping[str, Handler], box_key: bytes) -> bool:
    """Handle the next letters of each waiting sender; tell whether there may be more."""
    with node.store.unit("mailroom.senders") as unit:
        senders = mailbox_in.waiting_senders(unit)
    # Every sender gets its turn in each pass, so that one with many letters does not keep the others waiting.
    more = [handle_next(node, handlers, box_key, sender) for sender in senders]
    return any(more)


def handle_next(node: Node, handlers: Mapping[str, Handler], box_key: bytes, sender: str) -> bool:
    """Handle the next letters of one sender; tell whether there may be more.

    Several letters share a commit. When one of them fails for a fault of our own, all are rolled back and
    handled one by one, so that the fault touches nothing but its own letter.
    """
    try:
        done = _handle_together(node, handlers, box_key, sender)
    except StoreUnavailable:
        raise
    except Exception as fault:  # noqa: BLE001 - noted, then handled one by one
        _LOG.info("letters of %s are handled one by one after %s", sender, _place(fault))
        return all(_handle_alone(node, handlers, box_key, sender) for _ in range(LETTERS_PER_UNIT))
    return done == LETTERS_PER_UNIT


def _handle_together(node: Node, handlers: Mapping[str, Handler], box_key: bytes, sender: str) -> int:
    with node.store.unit("mailroom.handle") as unit:
        if not mailbox_in.try_to_be_the_reader(unit, sender):
            return 0
        letters = _next_kept(unit, node, sender, LETTERS_PER_UNIT)
        for letter in letters:
            _handle_and_settle(unit, node, handlers, box_key, letter)
        if letters:
            unit.after_commit(node.store.bell.ring)
            seams.at("mailroom.settled")
    if letters:
        seams.at("mailroom.after_settled")
    return len(letters)


def _handle_alone(node: Node, handlers: Mapping[str, Handler], box_key: bytes, sender: str) -> bool:
    """Handle one letter; count a fault against it. Tell whether a letter was handled."""
    letter: KeptLetter | None = None
    try:
        with node.store.unit("mailroom.handle_alone") as unit:
            if not mailbox_in.try_to_be_the_reader(unit, sender):
                return False
            letter = next(iter(_next_kept(unit, node, sender, 1)), None)
            if letter is None:
                return False
            _handle_and_settle(unit, node, handlers, box_key, letter)
            unit.after_commit(node.store.bell.ring)
            seams.at("mailroom.settled")
    except StoreUnavailable:
        raise
    except Exception as fault:
        if letter is None:
            raise
        return _set_back(node, letter, fault)
    seams.at("mailroom.after_settled")
    return True


def _next_kept(unit: Unit, node: Node, sender: str, limit_letters: int) -> list[KeptLetter]:
    pause = conversation.ahead(node.clock.now(), conversation.LONGEST_PAUSE_SECONDS)
    return mailbox_in.next_kept(unit, sender, limit_letters, now=pause.now, pause_until=pause.latest)


def _handle_and_settle(
    unit: Unit, node: Node, handlers: Mapping[str, Handler], box_key: bytes, letter: KeptLetter
) -> None:
    settled = _handle(unit, node, handlers, box_key, letter)
    reason, article, field = _words(settled.refusal)
    mailbox_in.settle(
        unit, letter, settled.outcome.value, reason=reason, article=article, field=field, now=node.clock.now()
    )


def _handle(
    unit: Unit, node: Node, handlers: Mapping[str, Handler], box_key: bytes, letter: KeptLetter
) -> Settled:
    member = node.wire.directory().member(letter.sender)
    handler = handlers.get(letter.kind)
    if member is None or handler is None:
        return refused(_malformed("kind" if member else "sender"))
    try:
        box = msgspec.json.decode(letter.content, type=Letter).body
        return handler(unit, node, member, take_from_box(box, private_key=box_key))
    except BoxUnreadable:
        return refused(_malformed("box"))
    except Unreadable as error:
        return refused(_malformed(str(error)))


def _malformed(field: str) -> Refusal:
    return Refusal(Reason.MALFORMED_LETTER, security_standard("6-7"), field)


def _words(refusal: Refusal | None) -> tuple[str, str, str]:
    if refusal is None:
        return "", "", ""
    return refusal.reason.value, f"{refusal.article.act}|{refusal.article.number}", refusal.field


def _set_back(node: Node, letter: KeptLetter, fault: Exception) -> bool:
    """Count our own fault; after three tries park the letter with an alarm. Tell whether the next may go."""
    tries = letter.tries + 1
    park = conversation.parks(tries)
    again = node.clock.now() + timedelta(seconds=conversation.pause_seconds(tries))
    with node.store.unit("mailroom.set_back") as unit:
        mailbox_in.note_fault(unit, letter, tries=tries, park=park, next_try_at=again, fault=_place(fault))
    _LOG.log(
        logging.ERROR if park else logging.WARNING,
        "letter %s of kind %s %s after %s",
        letter.letter_id,
        letter.kind,
        "is parked" if park else "is tried again",
        _place(fault),
    )
    return park


def _place(fault: Exception) -> str:
    """Name a fault and where it arose, without its message: that may hold personal data."""
    frames = traceback.extract_tb(fault.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return type(fault).__name__ + where
