"""What a town said does not agree, and which of the own notices settles it, be it told before or after.  照合通知の終了"""

from collections.abc import Mapping, Sequence

from daicho.nodes.chronicle import Fact, note_many
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import mismatch_body, read_register_mismatch
from daicho.nodes.registry.supplements.seeing import notices_out, subject_of_notice
from daicho.rules.ledger.events import Event
from daicho.rules.supplements.mismatch import RegisterMismatch, is_settled
from daicho.rules.supplements.notice import AddressSupplementNotice
from daicho.store import supplements
from daicho.store.supplements import SupplementOut
from daicho.store.unit import Unit


def note_mismatch(
    unit: Unit, node: Node, notice_id: str, receiver: str, mismatch: RegisterMismatch
) -> SupplementOut | None:
    """Note what the town that was told found, and close it at once where a later notice has said so already.

    None where that town was not told this, or has answered before.
    """
    today = node.clock.business_today()
    if not supplements.differ_out(unit, notice_id, receiver, today, mismatch_body(mismatch)):
        return None
    supplements.note_steps(unit, "", [notice_id], "differs", today)
    row = supplements.supplement_out(unit, notice_id)
    if row is not None and row.addressee_number is not None:
        of_person = supplements.out_of_people(unit, [row.addressee_number])
        later = [one for one in of_person if one.told_on is not None and one.position > row.position]
        _close(unit, node, row, later, notices_out(unit, node, [row, *later]))
    return row


def settle(unit: Unit, node: Node, told: Sequence[SupplementOut]) -> None:
    """Close the mismatches that notices which are told now have corrected."""
    people = {row.addressee_number for row in told if row.addressee_number is not None}
    if not people:
        return
    open_rows = [row for row in supplements.out_of_people(unit, people) if row.body is not None]
    if not open_rows:
        return
    notices = notices_out(unit, node, [*open_rows, *told])
    for row in open_rows:
        later = [
            one
            for one in told
            if one.addressee_number == row.addressee_number and one.position > row.position
        ]
        _close(unit, node, row, later, notices)


def _close(
    unit: Unit,
    node: Node,
    row: SupplementOut,
    later: Sequence[SupplementOut],
    notices: Mapping[str, AddressSupplementNotice],
) -> None:
    if row.body is None:
        return
    mismatch, told = read_register_mismatch(row.body), notices.get(row.id)
    said = [notices[one.id] for one in later if one.id in notices]
    by = next((one for one in said if is_settled(mismatch, told or one, one)), None)
    if by is not None and supplements.settle_out(unit, row.id, by.notice_id, node.clock.now()):
        fact = Fact(
            Event.SUPPLEMENT_DECIDED, subject=subject_of_notice(by), outcome="settled",
            detail={"notice": row.id, "by": by.notice_id},
        )  # fmt: skip
        note_many(unit, node, [fact])
