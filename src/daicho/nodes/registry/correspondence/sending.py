"""That a letter was sent, made public or destroyed, noted at its case in the same unit.  発送・掲示の記録"""

from dataclasses import replace
from datetime import date

from daicho.nodes.chronicle import fact_by, note_many
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_case, read_letter, read_request
from daicho.nodes.registry.guarding import KEPT_BACK, hidden_among, kept_residents, note_kept_back
from daicho.nodes.registry.records import subject_of
from daicho.nodes.registry.upkeep import act_by_letter, fact_of
from daicho.rules.certificates.posting import POST, PostAct, PostStep
from daicho.rules.correspondence.cases import CasePaper, act_of_sending, told_by_sending
from daicho.rules.correspondence.kept import holds_place
from daicho.rules.law.article import juki, juki_order
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.store import correspondence, posting, register, seals, upkeep
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
    refusal = _check_sending(unit, node, row, act) if act.step is PostStep.SENT else None
    if refusal is not None or row.state != "MADE":
        # What a sending means was noted at the case by the first one.
        return refusal
    return _sent(unit, node, operator, row, act.on, act.recipient, terminal)


def _check_sending(unit: Unit, node: Node, row: LetterRow, act: PostAct) -> Refusal | None:
    """Refuse to send what names a place that holds no more, a day that has passed, or what nobody is asked any more."""
    letter = read_letter(row.body)
    people = kept_residents(unit, node, [letter.to]) if letter.to is not None else {}
    if not holds_place(letter, people):
        return Refusal(Reason.CHANGED_SINCE, POST, "number")
    due_on = letter.wanted.due_on if letter.wanted is not None else None
    if row.state == "SENT" and due_on is not None and due_on <= act.on:
        return Refusal(Reason.DATE_ORDER, POST, "on")
    if row.request_id is None:
        return None
    asked = seals.seal_request(unit, row.request_id)
    waits = asked is not None and asked.state == "inquiry" and read_request(asked.body).awaits_answer
    return None if waits else Refusal(Reason.NOT_PENDING, POST, "number")


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
        refusal = may(operator, Permission.UPKEEP_REGISTER)
        wanted = letter.wanted
        told = _told_by(unit, node, row.case_number, wanted)
        if refusal is None and (told or not wanted.entries):
            act = act_of_sending(replace(wanted, entries=told), on, to, ends_on)
            refusal = act_by_letter(unit, node, operator, row.case_number, act, terminal)
        if refusal is not None:
            return _on_the_day(refusal)
    correspondence.note_state(unit, row.number, "SENT")
    return None


def _told_by(unit: Unit, node: Node, case_number: str, wanted: CasePaper) -> tuple[str, ...]:
    """Name the changes that are told with this letter: one of two households waits for the letter to the other."""
    held = upkeep.upkeep_case(unit, case_number)
    about = frozenset(read_case(held.body).people) if held is not None else frozenset[int]()
    entries = [found for one in wanted.entries if (found := register.load_entry(unit, one)) is not None]
    subjects = {one.id: about.intersection(fact_of(unit, node, one)[0].subjects) for one in entries}
    sent = [
        former
        for one, _ in correspondence.letters_of_case(unit, case_number)
        if one.state == "SENT" and (former := read_letter(one.body).wanted) is not None
    ]
    return told_by_sending(wanted, sent, subjects)


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
