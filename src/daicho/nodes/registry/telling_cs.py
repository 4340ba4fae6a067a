"""What the own CS is told of protection: whose address is kept back now, and nothing of why or from whom."""

import hashlib
from collections.abc import Sequence

from daicho.nodes.mailroom import Outgoing, partner, post_letters
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_measure, read_record
from daicho.nodes.registry.hall.outbox import tell_hall_of_protection
from daicho.nodes.registry.records import Told
from daicho.rules.network.kinds import NodeKind
from daicho.rules.people.codes import ResidentRecordCode
from daicho.store import kept_back, protection, register
from daicho.store.unit import Unit
from daicho.wire.codecs.identity import KeptBack

KIND = "protection.kept_back"


def tell_cs_whom_to_keep_back(unit: Unit, node: Node) -> bool:
    """Post the whole list to the own CS when it is another than was told last, or that was a day ago.

    The whole list, so that a household that grew, parted or moved can never leave the two apart for long; daily, under
    a number that follows the clock, so that neither comes to rest on a copy to which the other one was set back.
    While nobody knows who is protected no list is told. Tells whether it posted the list.
    """
    if protection.awaits_measures(unit):
        return False
    # Nobody else tells from here on, so that no list is told which another teller has overtaken.
    last = kept_back.told_last(unit)
    codes, now = _kept_back_now(unit, node), int(node.clock.now().timestamp())
    digest = _digest(codes)
    if last.stands(digest, now):
        return False
    told = kept_back.tell(unit, digest, now)
    cs = partner(node.wire.directory(), node.me, NodeKind.CS)
    letter = KeptBack(tuple(map(ResidentRecordCode, codes)), told)
    post_letters(unit, node, [Outgoing(cs, KIND, letter)])
    return True


def keep_back_first(unit: Unit, node: Node, told: Sequence[Told]) -> bool:
    """Tell the own CS of whoever came under a measure by changes of this unit, before it hears of these.

    The hall is told of whoever is covered from now on, or no longer, since it flags people as it reads; of a newcomer
    the change itself says it. Tells whether anybody is protected here at all.
    """
    if not told or not protection.any_open(unit):
        return False
    people = {record.addressee_number for one in told for record in one.entry.after}
    over = protection.measures_over(unit, people)
    if over:
        tell_cs_whom_to_keep_back(unit, node)
        tell_hall_of_protection(unit, node, _flagged_anew(unit, told, {number for _, number in over}))
    return True


def _flagged_anew(unit: Unit, told: Sequence[Told], measures: set[str]) -> set[int]:
    """Name who has come under one of some measures by changes of this unit, or from under it: by household, as it was."""
    named = {
        who for body in protection.bodies_of(unit, measures).values() for who in read_measure(body).people
    }
    before = {one.addressee_number: one for change in told for one in change.entry.before}
    after = {one.addressee_number for change in told for one in change.entry.after}
    held = register.load_people(
        unit,
        people=sorted(named | set(before)),
        households=sorted({one.household_number for one in before.values()}),
    )
    stood = {one.addressee_number: read_record(one.body) for one in held} | before
    known = set(stood) - (after - set(before))
    homes = {stood[who].household_number for who in named & known if stood[who].living}
    were = named | {who for who in known if stood[who].household_number in homes}
    now = {who for who, _ in protection.measures_over(unit, known)}
    return {who for who in known if (who in were) != (who in now)}


def _kept_back_now(unit: Unit, node: Node) -> list[str]:
    return kept_back.codes_of(unit, protection.hidden_everywhere(unit, "", node.clock.now()))


def _digest(codes: list[str]) -> bytes:
    return hashlib.sha256("".join(codes).encode()).digest() if codes else b""


def keep_cs_told(node: Node) -> bool:
    """Look whether the list is another by now; changes of households come by other ways than a measure."""
    now = int(node.clock.now().timestamp())
    with node.store.reading() as unit:
        if protection.awaits_measures(unit):
            return False
        stands = kept_back.told_as_seen(unit).stands(_digest(_kept_back_now(unit, node)), now)
    if not stands:
        with node.store.unit("protection.tell_cs") as unit:
            tell_cs_whom_to_keep_back(unit, node)
    return False
