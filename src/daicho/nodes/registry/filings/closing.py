"""What a change that was entered from another town's report means for the report, in the unit of the change."""

from collections.abc import Sequence

from daicho.nodes.chronicle import fact_by, note_many
from daicho.nodes.mailroom import Outgoing, partner, post_letters
from daicho.nodes.node import Node
from daicho.nodes.registry.records import Told, subject_of
from daicho.rules.filings.answer import ReportAnswer, change_of, check_fit
from daicho.rules.filings.report import FilingKind, Route
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import NodeKind
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.register.changes import Entry
from daicho.store import filings
from daicho.store.filings import FilingIn
from daicho.store.unit import Unit
from daicho.wire.codecs.filings import ANSWER, FilingAnswer

_ARTICLE = juki("9")
_SETTLED = Refusal(Reason.REPORT_SETTLED, _ARTICLE, "report")
_CHANGES = frozenset(change_of(kind) for kind in FilingKind)


def tie_to_entry(unit: Unit, row: FilingIn, entry_id: str, entry: Entry) -> Refusal | None:
    """Tie an open report to a change entered from it; of two clerks at one report the second one is refused."""
    if row.state != "open":
        return _SETTLED
    refusal = check_fit(FilingKind(row.kind), entry.kind, entry.ground)
    if refusal is None and not filings.take_in(unit, row.sender, row.id, entry_id):
        return _SETTLED
    return refusal


def close_reports(unit: Unit, node: Node, stand: Sequence[Told]) -> None:
    """Close the reports of changes that stand and answer their towns; others are not even asked about."""
    told = {one.row.id: one for one in stand if one.entry.kind in _CHANGES}
    if not told:
        return
    entries = [(entry_id, one.operator.login_id) for entry_id, one in told.items()]
    closed = filings.close_recorded(unit, entries, ReportAnswer.RECORDED.value, node.clock.now())
    if not closed:
        return
    note_many(
        unit, node,
        [
            fact_by(
                told[row.entry_id].operator, Event.FILING_ANSWERED, terminal=told[row.entry_id].terminal,
                outcome=ReportAnswer.RECORDED.value, subject=subject_of(record),
                detail={"report": row.id, "from": row.sender, "entry": row.entry_id},
            )
            for row in closed
            if row.entry_id is not None
            for record in told[row.entry_id].entry.after
            if record.addressee_number in told[row.entry_id].entry.subjects
        ],
    )  # fmt: skip
    for row in closed:
        answer_town(unit, node, row, ReportAnswer.RECORDED)


def open_report_again(unit: Unit, entry_id: str) -> None:
    """Open the report again whose change was sent back or withdrawn."""
    filings.release_in(unit, entry_id)


def answer_town(unit: Unit, node: Node, row: FilingIn, answer: ReportAnswer) -> None:
    """Post what became of a report to the town that sent it."""
    home = node.me.municipality
    if home is None:
        raise ValueError("a registry belongs to a municipality")
    content = FilingAnswer(Route(row.id, MunicipalityCode(row.sender), home), answer)
    cs = partner(node.wire.directory(), node.me, NodeKind.CS)
    post_letters(unit, node, [Outgoing(cs, ANSWER, content, matter=row.id)])
