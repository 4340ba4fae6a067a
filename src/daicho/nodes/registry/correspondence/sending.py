"""That a letter was sent, made public or destroyed, noted at its case in the same unit.  発送・掲示の記録"""

from datetime import date

from daicho.nodes.chronicle import fact_by, note_many
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_letter
from daicho.nodes.registry.guarding import KEPT_BACK, hidden_among, kept_residents, note_kept_back
from daicho.nodes.registry.records import subject_of
from daicho.nodes.registry.upkeep import act_by_letter
from daicho.rules.certificates.posting import POST, PostAct, PostStep
from daicho.rules.correspondence.cases import act_of_sending
from daicho.rules.law.article import juki, juki_order
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.store import correspondence, posting
from daicho.store.correspondence import LetterRow
from daicho.store.unit import Unit

_PUBLIC = juki_order("12")
# The day of a sending is one field on the page of the post, whatever step of the case it becomes.
_DAYS = frozenset(("sent_on", "asked_on", "begun_on", "answer_due_on", "notice_due_on"))


def follow_post(
    unit: Unit, node: Node, operator: Operator, number: str, act: PostAct, terminal: str
) -> Refusal | None:
    """Note at the letter, and at its case, what was done with it at the post; nothing of other papers."""
    row = correspondence.lock_letter(unit, number)
    if row is None:
        return None
    if act.step is PostStep.DESTROYED and row.state == "MADE":
        correspondence.note_state(unit, number, "DROPPED")
    if act.step not in (PostStep.SENT, PostStep.HANDED_OVER):
        return None
    return _sent(unit, node, operator, row, act.on, act.recipient, terminal)


def _sent(
    unit: Unit,
    node: Node,
    operator: Operator,
    row: LetterRow,
    on: date,
    to: str,
    terminal: str,
    ends_on: date | None = None,
) -> Refusal | None:
    letter = read_letter(row.body)
    if row.case_number is not None and letter.wanted is not None:
        act = act_of_sending(letter.wanted, on, to, ends_on)
        refusal = may(operator, Permission.UPKEEP_REGISTER) or act_by_letter(
            unit, node, operator, row.case_number, act, terminal
        )
        if refusal is not None:
            return _on_the_day(refusal)
    correspondence.note_state(unit, row.number, "SENT")
    return None


def _on_the_day(refusal: Refusal) -> Refusal:
    if refusal.field not in _DAYS:
        return refusal
    return Refusal(refusal.reason, POST, "on", refusal.detail)


def note_public(
    node: Node, operator: Operator, number: str, begun_on: date, ends_on: date | None, *, terminal: str = ""
) -> Refusal | None:
    """Note that a public notice hangs from a day on, at the letter and at its case."""
    refusal = may(operator, Permission.UPKEEP_REGISTER)
    if refusal is not None:
        return refusal
    with node.store.unit("letters.public") as unit:
        row, shut = _locked(unit, node, operator, number)
        if row is None:
            return Refusal(Reason.NOT_FOUND, _PUBLIC, "number")
        if not shut:
            if row.state != "MADE" or posting.posted_paper(unit, number) is not None:
                return Refusal(Reason.NOT_PENDING, _PUBLIC, "number", row.state)
            last = ends_on or read_letter(row.body).ends_on
            return _sent(unit, node, operator, row, begun_on, "", terminal, last)
    note_kept_back(node, operator, shut, terminal)
    return KEPT_BACK


def drop_letter(node: Node, operator: Operator, number: str, *, terminal: str = "") -> Refusal | None:
    """Note that what goes by no post was written in vain; what goes by post is destroyed at the post's page."""
    refusal = may(operator, Permission.ISSUE_CERTIFICATE)
    if refusal is not None:
        return refusal
    with node.store.unit("letters.drop") as unit:
        row, shut = _locked(unit, node, operator, number)
        if row is None:
            return Refusal(Reason.NOT_FOUND, juki("14"), "number")
        if not shut:
            if row.state != "MADE" or posting.posted_paper(unit, number) is not None:
                return Refusal(Reason.NOT_PENDING, juki("14"), "number", row.state)
            correspondence.note_state(unit, number, "DROPPED")
            facts = [
                fact_by(
                    operator, Event.NOTICE_DROPPED, terminal=terminal, outcome="dropped", subject=one,
                    detail={"number": number},
                )
                for one in _subjects(unit, node, number)
            ]  # fmt: skip
            note_many(unit, node, facts)
            return None
    note_kept_back(node, operator, shut, terminal)
    return KEPT_BACK


def _locked(unit: Unit, node: Node, operator: Operator, number: str) -> tuple[LetterRow | None, list[str]]:
    """Lock a letter, and name whom a measure hides from whoever acts on it."""
    row = correspondence.lock_letter(unit, number)
    if row is None:
        return None, []
    named = [whose for whose, _ in posting.people_on(unit, [number]).get(number, [])]
    people = kept_residents(unit, node, named)
    hidden = hidden_among(unit, operator, people, node.clock.business_now())
    return row, [subject_of(people[one]) for one in sorted(hidden)]


def _subjects(unit: Unit, node: Node, number: str) -> list[str]:
    named = [whose for whose, _ in posting.people_on(unit, [number]).get(number, [])]
    return [subject_of(one) for one in kept_residents(unit, node, named).values()]
