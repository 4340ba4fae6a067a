"""What a change means for the notice of the Ministry that it was entered from, in the unit of the change."""

from collections.abc import Sequence

from daicho.nodes.chronicle import fact_by, note_many
from daicho.nodes.node import Node
from daicho.nodes.registry.records import Told, subject_of
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.moj_link.drafting import check_moj_fit
from daicho.rules.moj_link.notice import MojChange, change_kind_of
from daicho.rules.people.characters.convert import GETA
from daicho.rules.register.changes import Entry
from daicho.store import moj_link
from daicho.store.moj_link import MojNoticeRow
from daicho.store.unit import Unit

_ARTICLE = juki("30-50")
SETTLED = Refusal(Reason.REPORT_SETTLED, _ARTICLE, "moj_notice")
_UNWRITTEN = Refusal(Reason.CHARACTER_UNWRITTEN, _ARTICLE, "name")
_CHANGES = frozenset(change_kind_of(one) for one in MojChange)


def tie_notice(unit: Unit, row: MojNoticeRow, entry_id: str, entry: Entry) -> Refusal | None:
    """Tie a notice to a change entered from it; of two clerks at one notice the second one is refused.

    Where the notice means one resident the change must be theirs; where that is not clear the clerk says so.
    """
    if row.state not in ("matched", "open"):
        return SETTLED
    whose = row.whose if row.state == "matched" else None
    refusal = check_moj_fit(MojChange(row.change), whose, entry)
    if refusal is not None:
        return refusal
    chosen = [one for one in entry.after if one.addressee_number in entry.subjects]
    if any(GETA in one.name.kanji for one in chosen):
        return _UNWRITTEN
    if len(chosen) != 1 or not moj_link.take_notice(unit, row.name, entry_id, chosen[0].addressee_number):
        return SETTLED
    return None


def close_moj_notices(unit: Unit, node: Node, stand: Sequence[Told]) -> None:
    """Close the notices of changes that stand; others are not even asked about."""
    told = {one.row.id: one for one in stand if one.entry.kind in _CHANGES}
    if not told:
        return
    entries = [(entry_id, one.operator.login_id) for entry_id, one in told.items()]
    closed = moj_link.close_recorded_notices(unit, entries, node.clock.now())
    note_many(
        unit, node,
        [
            fact_by(
                told[row.entry_id].operator, Event.MOJ_NOTICE_DECIDED, terminal=told[row.entry_id].terminal,
                outcome="RECORDED", subject=subject_of(record),
                detail={"notice": row.notice_id, "change": row.change, "entry": row.entry_id},
            )
            for row in closed
            if row.entry_id is not None
            for record in told[row.entry_id].entry.after
            if record.addressee_number in told[row.entry_id].entry.subjects
        ],
    )  # fmt: skip


def open_notice_again(unit: Unit, entry_id: str) -> None:
    """Let the notice be looked at again whose change was sent back or withdrawn."""
    moj_link.release_notice(unit, entry_id)
