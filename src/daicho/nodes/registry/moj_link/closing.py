"""What a change means for the notice of the Ministry that it was entered from, in the unit of the change."""

from collections.abc import Sequence

from daicho.nodes.chronicle import fact_by, note_many
from daicho.nodes.node import Node
from daicho.nodes.registry.moj_link.looking import look_for, read_notice
from daicho.nodes.registry.records import Told, subject_of
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.moj_link.drafting import check_moj_fit
from daicho.rules.moj_link.matching import MojOutcome
from daicho.rules.moj_link.notice import MojChange, change_kind_of
from daicho.rules.people.characters.convert import GETA
from daicho.rules.register.changes import Entry
from daicho.rules.register.record import ResidentKind
from daicho.store import moj_link
from daicho.store.moj_link import MojNoticeRow
from daicho.store.unit import Unit

_ARTICLE = juki("30-50")
SETTLED = Refusal(Reason.REPORT_SETTLED, _ARTICLE, "moj_notice")
_CHANGED = Refusal(Reason.MOJ_NOTICE_CHANGED, _ARTICLE, "moj_notice")
_UNWRITTEN = Refusal(Reason.CHARACTER_UNWRITTEN, _ARTICLE, "name")
SENT_BACK = "SENT_BACK"
_CHANGES = frozenset(change_kind_of(one) for one in MojChange)


def tie_notice(unit: Unit, node: Node, row: MojNoticeRow, entry_id: str, entry: Entry) -> Refusal | None:
    """Tie a notice to a change entered from it; of two clerks at one notice the second one is refused.

    Where the notice means one resident the change must be theirs, and it is looked at once more: since then something
    newer may stand. Where it is not clear whom it means the clerk says so.
    """
    if row.state not in ("matched", "open"):
        return SETTLED
    change = MojChange(row.change)
    whose = row.whose if row.state == "matched" else None
    refusal = check_moj_fit(change, whose, entry)
    if refusal is not None:
        return refusal
    if whose is not None and not _means_still(unit, node, row, whose):
        return _CHANGED
    chosen = next(one for one in entry.after if one.addressee_number in entry.subjects)
    if change is MojChange.NAME and GETA in chosen.name.kanji:
        return _UNWRITTEN
    return None if moj_link.take_notice(unit, row.name, entry_id, chosen.addressee_number) else SETTLED


def _means_still(unit: Unit, node: Node, row: MojNoticeRow, whose: int) -> bool:
    match = look_for(unit, node, read_notice(row.body or "")).match
    return match.outcome is MojOutcome.MATCHED and match.addressee_number == whose


def close_moj_notices(unit: Unit, node: Node, stand: Sequence[Told]) -> None:
    """Close the notices of changes that stand and let others of those people be looked at again.

    Of other kinds of changes, and of Japanese residents, nothing is even asked.
    """
    told = {one.row.id: one for one in stand if _may_be_notified(one.entry)}
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
    moj_link.look_again(unit, sorted({number for one in told.values() for number in one.entry.subjects}))


def open_notice_again(unit: Unit, entry_id: str, entry: Entry, *, sent_back: bool) -> None:
    """Let the notice be looked at again whose change was sent back or withdrawn.

    What a second person sent back is entered by nobody unseen: the button for all that matched leaves it out.
    """
    if _may_be_notified(entry):
        moj_link.release_notice(unit, entry_id, SENT_BACK if sent_back else "")


def _may_be_notified(entry: Entry) -> bool:
    foreign = (one.resident_kind is ResidentKind.FOREIGN for one in entry.after)
    return entry.kind in _CHANGES and any(foreign)
