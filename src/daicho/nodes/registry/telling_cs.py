"""What the own CS is told of protection: whose address is kept back now, and nothing of why or from whom."""

import hashlib

from daicho.nodes.mailroom import Outgoing, partner, post_letters
from daicho.nodes.node import Node
from daicho.rules.network.kinds import NodeKind
from daicho.rules.people.codes import ResidentRecordCode
from daicho.store import kept_back, protection
from daicho.store.unit import Unit
from daicho.wire.codecs.identity import KeptBack

KIND = "protection.kept_back"


def tell_cs_whom_to_keep_back(unit: Unit, node: Node) -> bool:
    """Post the whole list to the own CS when it is another than was told last; tell whether it is.

    The whole list, so that a household that grew, parted or moved can never leave the two apart for long.
    """
    # Nobody else tells from here on, so that no list is told which another teller has overtaken.
    last = kept_back.told_last(unit)
    codes = _kept_back_now(unit, node)
    digest = _digest(codes)
    if last == digest:
        return False
    told = kept_back.tell(unit, digest)
    cs = partner(node.wire.directory(), node.me, NodeKind.CS)
    letter = KeptBack(tuple(map(ResidentRecordCode, codes)), told)
    post_letters(unit, node, [Outgoing(cs, KIND, letter)])
    return True


def _kept_back_now(unit: Unit, node: Node) -> list[str]:
    return kept_back.codes_of(unit, protection.hidden_everywhere(unit, "", node.clock.now()))


def _digest(codes: list[str]) -> bytes:
    return hashlib.sha256("".join(codes).encode()).digest() if codes else b""


def keep_cs_told(node: Node) -> bool:
    """Look whether the list is another by now; changes of households come by other ways than a measure."""
    with node.store.reading() as unit:
        same = kept_back.told_as_seen(unit) == _digest(_kept_back_now(unit, node))
    if not same:
        with node.store.unit("protection.tell_cs") as unit:
            tell_cs_whom_to_keep_back(unit, node)
    return False
