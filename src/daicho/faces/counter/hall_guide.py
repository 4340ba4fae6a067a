"""手続き案内: where a family goes after a change, on the screen and on the paper that it takes home."""

from itertools import groupby

from daicho.faces.counter.hall_links import desk_of
from daicho.faces.counter.residents import chosen, purpose_of
from daicho.faces.terminal.page import Answer, Refused, Show, Turn, not_found
from daicho.faces.wording.terms import word
from daicho.rules.hall.guide import GuideVisit
from daicho.rules.law.refusal import Reason, Refusal


def guide(turn: Turn) -> Answer:
    """Show the sheet of one change; printed, it is the paper for the family."""
    who = chosen(turn)
    if who is None:
        return not_found()
    entry_id = turn.parts["entry_id"]
    found = desk_of(turn).guide(turn.operator, who.addressee_number, entry_id, purpose_of(turn, who))
    if isinstance(found, Refusal):
        return Refused(found, 404 if found.reason is Reason.NOT_FOUND else 409)
    counters = [
        {"counter": counter, "visits": [_visit(one, found.names) for one in visits]}
        for counter, visits in groupby(found.visits, key=lambda one: one.counter)
    ]
    values = {
        "who": who,
        "sheet": found,
        "kind": word(found.entry.kind),
        "counters": counters,
        "names": list(found.names.values()),
        "body": turn.info.body,
        "today": turn.today,
    }
    return Show("hall_guide.html", values)


def _visit(visit: GuideVisit, names: dict[int, str]) -> dict[str, object]:
    return {"visit": visit, "names": [names[number] for number in visit.people]}
