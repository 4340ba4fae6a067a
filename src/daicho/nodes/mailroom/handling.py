"""Kept letters are handled once, each sender's in order; the effect and the settlement are one unit."""

import logging
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from pathlib import Path
from typing import Any, Generic, TypeVar

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
from daicho.wire.codecs.letters import Unreadable, decode
from daicho.wire.conversation import Outcome
from daicho.wire.operations import Letter

_Content = TypeVar("_Content")
_LOG = logging.getLogger("daicho.mailroom")
LETTERS_PER_UNIT = 256
BYTES_PER_UNIT = 4 * 1024 * 1024


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


@dataclass(frozen=True, slots=True)
class Together(Generic[_Content]):
    """A handler that takes several letters of one kind from one sender with one set of statements.

    It gives one outcome for each, in their order, and each must be what it would have been alone.
    """

    content: type[_Content]
    handle: Callable[[Unit, Node, Member, Sequence[_Content]], list[Settled]]


Alone = Callable[[Unit, Node, Member, bytes], Settled]
Handler = Alone | Together[Any]


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
        return _handle_together(node, handlers, box_key, sender)
    except StoreUnavailable:
        raise
    except Exception as fault:  # noqa: BLE001 - noted, then handled one by one
        _LOG.info("letters of %s are handled one by one after %s", sender, _place(fault))
        return all(_handle_alone(node, handlers, box_key, sender) for _ in range(LETTERS_PER_UNIT))


def _handle_together(node: Node, handlers: Mapping[str, Handler], box_key: bytes, sender: str) -> bool:
    """Handle letters up to a number and a size; tell whether there may be more."""
    with node.store.unit("mailroom.handle") as unit:
        if not mailbox_in.try_to_be_the_reader(unit, sender):
            return False
        letters = _next_kept(unit, node, sender, LETTERS_PER_UNIT)
        settled: list[Settled] = []
        for kind, run in groupby(letters, key=lambda letter: letter.kind):
            settled += _handle_run(unit, node, handlers.get(kind), box_key, list(run))
        _settle(unit, node, letters, settled)
        if letters:
            unit.after_commit(node.store.bell.ring)
            seams.at("mailroom.settled")
    if letters:
        seams.at("mailroom.after_settled")
    return len(letters) == LETTERS_PER_UNIT or sum(len(one.content) for one in letters) >= BYTES_PER_UNIT


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
            settled = _handle_run(unit, node, handlers.get(letter.kind), box_key, [letter])
            _settle(unit, node, [letter], settled)
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
    return mailbox_in.next_kept(
        unit, sender, limit_letters, BYTES_PER_UNIT, now=pause.now, pause_until=pause.latest
    )


def _settle(unit: Unit, node: Node, letters: Sequence[KeptLetter], settled: Sequence[Settled]) -> None:
    fates = [
        mailbox_in.Fate(letter.letter_id, one.outcome.value, *_words(one.refusal))
        for letter, one in zip(letters, settled, strict=True)
    ]
    if fates:
        mailbox_in.settle(unit, letters[0].sender, fates, now=node.clock.now())


def _handle_run(
    unit: Unit, node: Node, handler: Handler | None, box_key: bytes, letters: Sequence[KeptLetter]
) -> list[Settled]:
    """Handle letters of one kind from one sender; give one outcome for each."""
    member = node.wire.directory().member(letters[0].sender)
    if member is None or handler is None:
        return [refused(_malformed("kind" if member else "sender"))] * len(letters)
    if not isinstance(handler, Together):
        return [_handle(unit, node, handler, member, box_key, letter) for letter in letters]
    read = [_read(handler.content, box_key, letter) for letter in letters]
    readable = [one for one in read if not isinstance(one, Settled)]
    handled = iter(handler.handle(unit, node, member, readable) if readable else [])
    return [one if isinstance(one, Settled) else next(handled) for one in read]


def _handle(
    unit: Unit, node: Node, handler: Alone, member: Member, box_key: bytes, letter: KeptLetter
) -> Settled:
    try:
        return handler(unit, node, member, _opened(box_key, letter))
    except (BoxUnreadable, Unreadable) as error:
        return _unreadable(error)


def _read(content: type[_Content], box_key: bytes, letter: KeptLetter) -> _Content | Settled:
    try:
        return decode(content, _opened(box_key, letter))
    except (BoxUnreadable, Unreadable) as error:
        return _unreadable(error)


def _opened(box_key: bytes, letter: KeptLetter) -> bytes:
    return take_from_box(msgspec.json.decode(letter.content, type=Letter).body, private_key=box_key)


def _unreadable(error: BoxUnreadable | Unreadable) -> Settled:
    return refused(_malformed("box" if isinstance(error, BoxUnreadable) else str(error)))


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
