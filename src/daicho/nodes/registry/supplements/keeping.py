"""Keeping what a town tells, be it another one or the own: each notice once, and what protection says of it."""

from collections.abc import Sequence

from daicho.nodes.chronicle import Fact, note_many
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import supplement_body
from daicho.nodes.registry.supplements.seeing import subject_of_notice
from daicho.rules.ledger.events import Event
from daicho.store import supplements
from daicho.store.supplements import SupplementIn
from daicho.store.unit import Unit
from daicho.wire.codecs.supplements import ProtectionMark, ToldNotice


def keep_notices(unit: Unit, node: Node, sender: str, told: Sequence[ToldNotice], *, peer: str) -> int:
    """Keep notices with a line for each person, and count those that were not there; what did not agree opens again.

    A mark that came before its notice holds for it.
    """
    now, today = node.clock.now(), node.clock.business_today()
    marked = supplements.take_marks(unit, sender, [one.notice.notice_id for one in told])
    rows = [
        SupplementIn(
            sender, one.notice.notice_id, one.notice.standing.value, today, now, one.position, "open",
            one.protected or one.notice.notice_id in marked,
            str(one.notice.resident_record_code or "") or None, body=supplement_body(one.notice),
        )
        for one in told
    ]  # fmt: skip
    new = supplements.keep_in(unit, rows)
    again = supplements.open_again(unit, sender, [one for one in rows if one.id not in new])
    taken = new | again
    supplements.note_steps(unit, sender, taken, "received", today)
    note_many(
        unit, node,
        [
            Fact(
                Event.SUPPLEMENT_RECEIVED, subject=subject_of_notice(one.notice), outcome="received", peer=peer,
                detail={"notice": one.notice.notice_id, "from": sender},
            )
            for one in told
            if one.notice.notice_id in taken
        ],
    )  # fmt: skip
    return len(taken)


def keep_marks(unit: Unit, node: Node, sender: str, marks: Sequence[ProtectionMark], *, peer: str) -> int:
    """Note of which open notices the address is kept back now, with a line for each that changed.

    Of those that have not come yet it is kept: letters overtake each other.
    """
    if not marks:
        return 0
    named = {one.notice_id: one.protected for one in marks}
    changed = supplements.mark_in(unit, sender, named)
    supplements.take_marks(unit, sender, [one for one, protected in named.items() if not protected])
    kept = supplements.keep_marks(unit, sender, [one for one, protected in named.items() if protected])
    facts = [
        Fact(
            Event.SUPPLEMENT_RECEIVED,
            subject=code or "",
            outcome="marked",
            peer=peer,
            detail={"from": sender},
        )
        for code in changed
    ]
    note_many(unit, node, facts)
    return len(changed) + len(kept)
