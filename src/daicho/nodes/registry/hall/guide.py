"""手続き案内: where a family goes after a verified change, for the clerk who hands the sheet over."""

from dataclasses import dataclass

from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_entry
from daicho.nodes.registry.cards.holding import card_holders
from daicho.nodes.registry.guarding import KEPT_BACK, hidden_among, note_kept_back
from daicho.nodes.registry.programmes import items_for_paper
from daicho.nodes.registry.records import subject_of
from daicho.nodes.registry.residents import Purpose, note_shown
from daicho.rules.hall.guide import GuideVisit, concerned, visits_after
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.operators.session import check_purpose
from daicho.rules.register.changes import Entry
from daicho.store import register

_GONE = Refusal(Reason.NOT_FOUND, juki("8"), "entry_id")
_CANCELLED = Refusal(Reason.ALREADY_CANCELLED, juki("8"), "entry_id")
_WAITS = Refusal(Reason.NOT_PENDING, juki("8"), "entry_id", "ENTERED")


@dataclass(frozen=True, slots=True)
class GuideSheet:
    """What a family takes home after a change: whom it names, and its visits."""

    entry_id: str
    entry: Entry
    names: dict[int, str]
    visits: tuple[GuideVisit, ...]


def guide_after(
    node: Node, operator: Operator, addressee_number: int, entry_id: str, why: Purpose
) -> GuideSheet | Refusal:
    """Make the sheet for a change that stands and that nobody undoes; a line for everybody whom it names is durable first.

    Who stays in the household that somebody left or joined is not named.
    """
    refusal = may(operator, Permission.SEARCH_RESIDENTS) or check_purpose(why.purpose, why.basis)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        row = register.load_entry(unit, entry_id)
        entry = None if row is None else read_entry(row.body)
        if row is None or entry is None:
            return _GONE
        if addressee_number not in {one.addressee_number for one in entry.after}:
            return _GONE
        if row.state != "verified":
            return _WAITS
        if register.cancelling_entry(unit, entry_id) is not None:
            return _CANCELLED
        people = {one.addressee_number: one for one in concerned(entry)}
        hidden = hidden_among(unit, operator, people, node.clock.business_now())
    if hidden:
        note_kept_back(
            node, operator, [subject_of(people[number]) for number in sorted(hidden)], why.terminal
        )
        return KEPT_BACK
    note_shown(node, operator, list(people.values()), why)
    with node.store.unit("hall.guide") as unit:
        items = items_for_paper(unit, people)
        holders = card_holders(unit, node, people.values())
    held = {number: {one.programme for one in found if one.held} for number, found in items.items()}
    names = {number: one.name.kanji for number, one in people.items()}
    return GuideSheet(entry_id, entry, names, visits_after(entry, held, card_holders=holders))
