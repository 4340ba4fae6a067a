"""The things on a list, one page after another: what a second person looks at before they stand for it."""

from dataclasses import dataclass
from datetime import date

from daicho.nodes.node import Node
from daicho.nodes.retention.runs import note_run_shown
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.register.reasons import ChangeReason
from daicho.rules.retention.disposal import ARTICLE, DisposalKind, ItemState
from daicho.store import retention
from daicho.store.retention import ListedRow

SHOWN_ITEMS = 100
_CODE_SHOWN = 4


@dataclass(frozen=True, slots=True)
class ListedThing:
    """One thing of a list: an addressee number with when and why it was struck, or the end of a code."""

    place: int
    kind: DisposalKind
    whose: str
    kept_until: date
    state: ItemState
    removed_on: date | None = None
    reason: ChangeReason | None = None


@dataclass(frozen=True, slots=True)
class ListPage:
    """Some things of a list in its order; there may be `more` behind them."""

    number: str
    things: tuple[ListedThing, ...]
    more: bool


def list_page(
    node: Node, operator: Operator, number: str, *, after: int = 0, terminal: str = ""
) -> ListPage | Refusal:
    """Show the things of a list behind a place; a ledger line tells of the page."""
    refusal = may(operator, Permission.SEE_RETENTION)
    if refusal is not None:
        return refusal
    with node.store.unit("retention.list") as unit:
        if retention.run(unit, number) is None:
            return Refusal(Reason.NOT_FOUND, ARTICLE, "run")
        rows = retention.page_of_run(unit, number, after, limit_rows=SHOWN_ITEMS + 1)
        shown = rows[:SHOWN_ITEMS]
        people = [int(one.whose) for one in shown if one.kind == DisposalKind.REMOVED_RECORD]
        removals = retention.removals_of(unit, people) if people else {}
        note_run_shown(unit, node, operator, number, terminal, {"after": str(after)})
    return ListPage(number, tuple(_thing(one, removals) for one in shown), len(rows) > SHOWN_ITEMS)


def _thing(one: ListedRow, removals: dict[int, tuple[date, str]]) -> ListedThing:
    kind, state = DisposalKind(one.kind), ItemState(one.state)
    if kind is not DisposalKind.REMOVED_RECORD:
        return ListedThing(one.place, kind, f"…{one.whose[-_CODE_SHOWN:]}", one.kept_until, state)
    removal = removals.get(int(one.whose))
    if removal is None:
        return ListedThing(one.place, kind, one.whose, one.kept_until, state)
    day, why = removal
    return ListedThing(one.place, kind, one.whose, one.kept_until, state, day, ChangeReason(why))
