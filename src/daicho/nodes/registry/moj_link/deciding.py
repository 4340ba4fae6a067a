"""What somebody makes of the Ministry's notices: drafts that a second person verifies, inquiries, endings by two people."""

from collections.abc import Callable
from dataclasses import dataclass

from daicho.nodes.chronicle import fact_by, note_many
from daicho.nodes.node import Node
from daicho.nodes.registry.counter import EntryView, enter
from daicho.nodes.registry.desk import CodeSource
from daicho.nodes.registry.guarding import KEPT_BACK, hidden_among, kept_residents, note_kept_back
from daicho.nodes.registry.moj_link.closing import SETTLED, tie_notice
from daicho.nodes.registry.moj_link.looking import (
    BASIS,
    PURPOSE,
    in_our_characters,
    look_at,
    read_notice,
    subjects_in,
)
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.law.words import WORDS_CHARACTERS
from daicho.rules.ledger.events import Event
from daicho.rules.moj_link.drafting import draft_of_notice
from daicho.rules.moj_link.matching import MojOutcome
from daicho.rules.moj_link.notice import MOJ_ENDINGS_BY_HAND, MojEnding
from daicho.rules.operators.authority import Operator, Permission, may, may_enter_or_verify, may_verify
from daicho.rules.register.changes import Entry
from daicho.rules.register.drafting import Notice
from daicho.rules.register.reception import Reception
from daicho.store import moj_link, register
from daicho.store.moj_link import MojNoticeRow
from daicho.store.unit import Unit

ENTERED_AT_ONCE = 50
_ARTICLE = juki("30-50")
GONE = Refusal(Reason.NOT_FOUND, _ARTICLE, "moj_notice")
_WAITS = "WAITS"  # somebody of the household has a change that is not verified yet
NoticeName = tuple[int, int]


@dataclass(frozen=True, slots=True)
class EnteredMatched:
    """How many matched notices became drafts, and how many were left."""

    entered: int
    left: int


def enter_matched(
    node: Node, operator: Operator, *, draw_codes: CodeSource, terminal: str = ""
) -> EnteredMatched | Refusal:
    """Enter what the oldest matched notices say, each as a draft of its own; what cannot be entered so is left.

    Each is looked at once more first. Whoever has a change that waits, in the household too, comes after it is verified:
    a draft beside another one would go stale. Who is covered is left to the officer for protection.
    """
    refusal = may(operator, Permission.ENTER_CHANGE)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        rows = moj_link.notices_to_enter(unit, limit_rows=ENTERED_AT_ONCE)
    entered = 0
    for row in rows:
        notice = _still_matched(node, row)
        if notice is None:
            continue
        done = enter_from_notice(
            node, operator, notice, row.name, draw_codes=draw_codes, terminal=terminal, quietly=True
        )
        if isinstance(done, EntryView):
            entered += 1
        else:
            _note_refused(node, row, done.reason.value)
    return EnteredMatched(entered, len(rows) - entered)


def _still_matched(node: Node, row: MojNoticeRow) -> Notice | None:
    """Look at a matched notice again; gives its change, or none where it is not to be entered now."""
    with node.store.unit("moj_link.look_again") as unit:
        held = moj_link.moj_notice(unit, row.name, locked=True)
        if held is None or held.state != "matched" or held.body is None:
            return None
        found = look_at(unit, node, held)
        whose = found.match.addressee_number
        if found.match.outcome is not MojOutcome.MATCHED or whose is None:
            return None
        record = found.people[whose]
        household = register.household(unit, record.household_number)
        people = {whose, *(one.addressee_number for one in household)}
        if register.waiting_for(unit, people):
            moj_link.note_refused(unit, row.name, _WAITS)
            return None
    told = in_our_characters(read_notice(held.body))[0]
    return draft_of_notice(told, record, node.clock.business_today())


def _note_refused(node: Node, row: MojNoticeRow, reason: str) -> None:
    with node.store.unit("moj_link.refused") as unit:
        moj_link.note_refused(unit, row.name, reason)


def enter_from_notice(
    node: Node,
    operator: Operator,
    notice: Notice,
    name: NoticeName,
    *,
    draw_codes: CodeSource,
    terminal: str = "",
    reception: Reception | None = None,
    quietly: bool = False,
) -> EntryView | Refusal:
    """Enter a change from a notice of the Ministry; both stand or fall together.

    `quietly`, nobody reached for anybody: what a measure keeps back leaves no line for each notice of many.
    """

    def tie(unit: Unit, entry_id: str, entry: Entry) -> Refusal | None:
        row = moj_link.moj_notice(unit, name, locked=True)
        return GONE if row is None else tie_notice(unit, node, row, entry_id, entry)

    if quietly:
        refusal = _covered(node, operator, name)
        if refusal is not None:
            return refusal
    return enter(
        node, operator, notice, draw_codes=draw_codes, terminal=terminal, reception=reception, also=tie,
        notified=True,
    )  # fmt: skip


def _covered(node: Node, operator: Operator, name: NoticeName) -> Refusal | None:
    with node.store.reading() as unit:
        row = moj_link.moj_notice(unit, name)
        if row is None:
            return GONE
        return KEPT_BACK if kept_from(unit, node, operator, row) else None


def kept_from(unit: Unit, node: Node, operator: Operator, row: MojNoticeRow) -> frozenset[int]:
    """Name those of whom a notice may mean whose records a measure keeps from an operator."""
    return hidden_among(unit, operator, people_of(row), node.clock.business_now())


def people_of(row: MojNoticeRow) -> set[int]:
    """Name whom a notice means or may mean."""
    return {*row.people, *([] if row.whose is None else [row.whose])}


def notice_of_entry(node: Node, operator: Operator, entry_id: str) -> NoticeName | None:
    """Name the notice from which a waiting change was entered, for whoever compares them."""
    if may_enter_or_verify(operator) is not None:
        return None
    with node.store.reading() as unit:
        row = moj_link.notice_of_entry(unit, entry_id)
    return None if row is None else row.name


def ask_about(
    node: Node, operator: Operator, name: NoticeName, words: str, *, terminal: str = ""
) -> Refusal | None:
    """Note that somebody inquires about a notice; it waits on."""
    refusal = may(operator, Permission.ENTER_CHANGE) or _check_words(words, "asked")
    if refusal is not None:
        return refusal

    def decide(unit: Unit, row: MojNoticeRow) -> Refusal | str:
        by = operator.login_id, node.clock.now()
        return "asked" if moj_link.note_asked(unit, row.name, by, words.strip()) else SETTLED

    return _decided(node, operator, name, decide, terminal)


def _check_words(words: str, field: str) -> Refusal | None:
    if not words.strip():
        return Refusal(Reason.FIELD_MISSING, _ARTICLE, field)
    if len(words) > WORDS_CHARACTERS:
        return Refusal(Reason.FIELD_TOO_LONG, _ARTICLE, field)
    return None


def propose_ending(
    node: Node, operator: Operator, name: NoticeName, ending: MojEnding, why: str, *, terminal: str = ""
) -> Refusal | None:
    """Hold that nothing is to be recorded of a notice, with a reason; a second person closes it."""
    refusal = may(operator, Permission.ENTER_CHANGE) or _check_words(why, "why")
    if refusal is None and ending not in MOJ_ENDINGS_BY_HAND:
        refusal = Refusal(Reason.FIELD_UNKNOWN_VALUE, _ARTICLE, "ending")
    if refusal is not None:
        return refusal

    def decide(unit: Unit, row: MojNoticeRow) -> Refusal | str:
        by = operator.login_id, node.clock.now()
        proposed = moj_link.propose_ending(unit, row.name, ending.value, why.strip(), by)
        return "proposed" if proposed else SETTLED

    return _decided(node, operator, name, decide, terminal)


def confirm_ending(node: Node, operator: Operator, name: NoticeName, *, terminal: str = "") -> Refusal | None:
    """Close a notice of which nothing is to be recorded by the word of a second person; others may have waited for it."""
    refusal = may(operator, Permission.VERIFY_CHANGE)
    if refusal is not None:
        return refusal

    def decide(unit: Unit, row: MojNoticeRow) -> Refusal | str:
        refusal = may_verify(row.proposed_by or "", operator.login_id) if row.proposed_by else SETTLED
        if refusal is not None:
            return refusal
        by = operator.login_id, node.clock.now()
        if not moj_link.confirm_ending(unit, row.name, by):
            return SETTLED
        moj_link.look_again(unit, sorted(people_of(row)))
        return row.ending or "closed"

    return _decided(node, operator, name, decide, terminal)


def decline_ending(node: Node, operator: Operator, name: NoticeName, *, terminal: str = "") -> Refusal | None:
    """Let a notice be looked at again: by a second person, or by whoever held that nothing is to be recorded."""

    def decide(unit: Unit, row: MojNoticeRow) -> Refusal | str:
        own = row.proposed_by == operator.login_id
        refusal = may(operator, Permission.ENTER_CHANGE if own else Permission.VERIFY_CHANGE)
        if refusal is not None:
            return refusal
        return "declined" if moj_link.decline_ending(unit, row.name) else SETTLED

    return may_enter_or_verify(operator) or _decided(node, operator, name, decide, terminal)


def look_again(node: Node, operator: Operator, name: NoticeName, *, terminal: str = "") -> Refusal | None:
    """Look once more for whom a notice means: the register may have changed since."""
    refusal = may(operator, Permission.ENTER_CHANGE)
    if refusal is not None:
        return refusal

    def decide(unit: Unit, row: MojNoticeRow) -> Refusal | str:
        if row.state not in ("matched", "open"):
            return SETTLED
        look_at(unit, node, row)
        return "looked"

    return _decided(node, operator, name, decide, terminal)


def _decided(
    node: Node,
    operator: Operator,
    name: NoticeName,
    decide: Callable[[Unit, MojNoticeRow], Refusal | str],
    terminal: str,
) -> Refusal | None:
    """Let somebody decide about a notice that is for them, with a line for each whom it may mean, in one unit."""
    with node.store.unit("moj_link.decide") as unit:
        row = moj_link.moj_notice(unit, name, locked=True)
        if row is None:
            return GONE
        hidden = kept_from(unit, node, operator, row)
        people = kept_residents(unit, node, people_of(row))
        outcome: Refusal | str = KEPT_BACK if hidden else decide(unit, row)
        if not isinstance(outcome, Refusal):
            note_many(
                unit, node,
                [
                    fact_by(
                        operator, Event.MOJ_NOTICE_DECIDED, terminal=terminal, purpose=PURPOSE, basis=BASIS,
                        outcome=outcome, subject=one, detail={"notice": row.notice_id, "change": row.change},
                    )
                    for one in subjects_in(people, row.whose)
                ],
            )  # fmt: skip
    if hidden:
        shut = [one for number in sorted(hidden) if number in people for one in subjects_in(people, number)]
        note_kept_back(node, operator, shut, terminal)
    return outcome if isinstance(outcome, Refusal) else None
