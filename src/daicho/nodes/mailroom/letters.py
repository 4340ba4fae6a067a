"""Posting: a letter goes into the outbox in the same unit as the change it reports."""

from base64 import urlsafe_b64decode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from daicho.nodes.node import Node
from daicho.rules.network.kinds import Member, NodeKind
from daicho.store import mailbox
from daicho.store.unit import Unit
from daicho.wire.box import put_in_boxes
from daicho.wire.codecs.letters import encode
from daicho.wire.conversation import MAX_LETTER_BYTES
from daicho.wire.directory import Directory
from daicho.wire.operations import Letter


class LetterTooLarge(ValueError):
    """A letter is larger than any receiver takes: the use case must cut its content into several."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What to tell whom.

    `about` and `rank` let a newer letter about one record supersede an unsent older one; `matter` is what the
    sender itself calls the affair, so that a refused letter can be traced to it (an entry, never a person).
    """

    to: Member
    kind: str
    content: Any
    about: str = ""
    rank: int = 0
    matter: str = ""


def post(unit: Unit, node: Node, letters: Sequence[Outgoing]) -> None:
    """Close each letter in its receiver's box and post all of them in one round trip; wake the senders after.

    Raises: LetterTooLarge.
    """
    if not letters:
        return
    mailbox.post(unit, _posted(node, letters), node.clock.now())
    unit.after_commit(node.store.bell.ring)


def _posted(node: Node, letters: Sequence[Outgoing]) -> list[mailbox.PostedLetter]:
    """Close all letters to one receiver together, and give them in their order."""
    boxes: dict[int, bytes] = {}
    places: dict[str, list[int]] = {}
    for place, letter in enumerate(letters):
        places.setdefault(letter.to.box_key, []).append(place)
    for key, taken in places.items():
        contents = [_bytes(letters[place].content) for place in taken]
        boxes |= zip(taken, put_in_boxes(contents, receiver_public_key=urlsafe_b64decode(key)), strict=True)
    return [_letter(node.clock.new_id(), letter, boxes[place]) for place, letter in enumerate(letters)]


def _letter(letter_id: str, letter: Outgoing, box: bytes) -> mailbox.PostedLetter:
    part = msgspec.json.encode(Letter(letter_id, letter.kind, box))
    if len(part) > MAX_LETTER_BYTES:
        raise LetterTooLarge(f"{letter.kind}: {len(part)} bytes")
    return mailbox.PostedLetter(
        letter_id, str(letter.to.name), letter.kind, part, letter.about, letter.rank, letter.matter
    )


def _bytes(content: Any) -> bytes:
    return content if isinstance(content, bytes) else encode(content)


def post_to(unit: Unit, node: Node, *, to: NodeKind, kind: str, body: bytes) -> None:
    """Post one encoded letter to the own registry, CS or prefecture, or to the nation."""
    post(unit, node, [Outgoing(partner(node.wire.directory(), node.me, to), kind, body)])


def partner(directory: Directory, me: Member, kind: NodeKind) -> Member:
    """Find the node of a kind to which this node belongs. Raises: LookupError when there is none."""
    if kind is NodeKind.NATIONAL:
        return directory.national()
    if kind is NodeKind.PREFECTURE:
        return directory.prefecture(me.prefecture)
    code = me.municipality or ""
    found = directory.cs_of(code) if kind is NodeKind.CS else directory.registry_of(code)
    if found is None:
        raise LookupError(f"no {kind.value} of this municipality")
    return found
