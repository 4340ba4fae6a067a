"""In whose record a character stands, the correction that writes it otherwise, and the end of a case.  文字の同定による修正"""

from daicho.nodes.chronicle import note_by
from daicho.nodes.node import Node
from daicho.nodes.registry import counter
from daicho.nodes.registry.bodies import read_own_character, read_record
from daicho.nodes.registry.counter import EntryView
from daicho.nodes.registry.desk import CodeSource
from daicho.nodes.registry.guarding import KEPT_BACK, note_kept_back, sees_everything, veil_for
from daicho.nodes.registry.meeting import living_as_read
from daicho.nodes.registry.records import subject_of
from daicho.nodes.registry.residents import SHOWN_ROWS, Found, Purpose, note_shown
from daicho.paper.glyphs import code_points_of
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.people.characters.own import CaseOutcome
from daicho.rules.register.recharacter import CharacterChange, correction_of_character, holds_character
from daicho.rules.register.record import ResidentRecord
from daicho.store import characters, register
from daicho.store.unit import Unit

READ_ROWS = 500
MOST_READ_ROWS = 20_000
_ARTICLE = juki("14")
_GONE = Refusal(Reason.NOT_FOUND, _ARTICLE, "character")
_PURPOSE, _BASIS = "correction", "法14条"


def residents_holding(
    node: Node, operator: Operator, character: str, *, terminal: str = ""
) -> Found | Refusal:
    """Find the living in whose record a character stands, with a ledger line for each.

    What a protection measure keeps from whoever asks is not looked at: that a name of a place holds the character would
    tell where somebody lives.
    """
    refusal = may(operator, Permission.SEARCH_RESIDENTS) or may(operator, Permission.IDENTIFY_CHARACTERS)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        found, everybody = _bearers(unit, node, operator, character, enough_rows=SHOWN_ROWS + 1)
    shown = tuple(found[:SHOWN_ROWS])
    note_shown(node, operator, shown, Purpose(_PURPOSE, _BASIS, terminal))
    return Found(shown, narrow=len(found) > SHOWN_ROWS or not everybody)


def _bearers(
    unit: Unit, node: Node, operator: Operator, character: str, *, enough_rows: int
) -> tuple[list[ResidentRecord], bool]:
    """Read the living in whose record a character stands, as the operator may see it; tell whether these are all."""
    found: list[ResidentRecord] = []
    last, read_rows = 0, 0
    while len(found) < enough_rows and read_rows < MOST_READ_ROWS:
        whose = characters.users_of(unit, character, after=last, limit_rows=READ_ROWS)
        living = living_as_read(unit, node, operator, whose)
        found += [record for record in living.values() if holds_character(record, character)]
        if len(whose) < READ_ROWS:
            return found, True
        last, read_rows = whose[-1], read_rows + len(whose)
    return found, False


def close_replaced(node: Node, operator: Operator, character: str, *, terminal: str = "") -> Refusal | None:
    """Close the case of a character that no living record holds any more.

    Only whoever sees every record can say so. While anybody is protected all others are refused, whatever the
    character: an answer that rests on records which they may not read would tell what stands there.
    """
    refusal = may(operator, Permission.IDENTIFY_CHARACTERS)
    if refusal is not None:
        return refusal
    with node.store.unit("characters.close") as unit:
        if not sees_everything(unit, operator):
            return may(operator, Permission.SEE_PROTECTED)
        # Whoever writes a record that holds it waits here, and opens the case again.
        if not characters.lock_case(unit, character):
            return _GONE
        found, everybody = _bearers(unit, node, operator, character, enough_rows=1)
        if found or not everybody:
            return Refusal(Reason.CHARACTER_IN_USE, _ARTICLE, "character")
        replaced = CaseOutcome.REPLACED.value
        characters.close_case(unit, character, replaced, operator.login_id, node.clock.now())
        detail = {"character": code_points_of(character)}
        note_by(
            unit, node, operator, Event.CHARACTER_CLOSED, terminal=terminal, outcome="replaced", detail=detail
        )
    return None


def correct_character(
    node: Node,
    operator: Operator,
    character: str,
    addressee_number: int,
    permit_id: str = "",
    *,
    draw_codes: CodeSource,
    terminal: str = "",
) -> EntryView | Refusal:
    """Enter the minor correction that writes a character as its counterpart; a second person verifies it.

    It uses the security officer's permission for this record that the clerk names, as every correction does. A record
    of which anything is kept back is corrected by whoever may read it whole: the answer tells what stands there.
    """
    refusal = may(operator, Permission.ENTER_CHANGE) or may(operator, Permission.IDENTIFY_CHARACTERS)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        row = characters.own_character(unit, character)
        held = register.resident(unit, addressee_number)
        veil = veil_for(unit, operator, [addressee_number], node.clock.business_now())
    if held is None:
        return _GONE
    record = read_record(held.body)
    if veil.touches(record):
        note_kept_back(node, operator, [subject_of(record)], terminal)
        return KEPT_BACK
    entry = read_own_character(row.body) if row is not None else None
    if entry is None or entry.identification is None:
        return _GONE
    written = entry.identification.written
    change = CharacterChange(
        character,
        written,
        node.clock.business_today(),
        permit_id,
        f"文字の同定 {code_points_of(character)} → {code_points_of(written)}",
    )
    notice = correction_of_character(record, change)
    if isinstance(notice, Refusal):
        return notice
    return counter.enter(node, operator, notice, draw_codes=draw_codes, terminal=terminal)
