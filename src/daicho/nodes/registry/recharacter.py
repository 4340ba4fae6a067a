"""In whose record a character stands, and the correction that writes it otherwise.  文字の同定による修正"""

from collections.abc import Sequence

from daicho.nodes.node import Node
from daicho.nodes.registry import counter
from daicho.nodes.registry.bodies import read_own_character, read_record
from daicho.nodes.registry.counter import EntryView
from daicho.nodes.registry.desk import CodeSource
from daicho.nodes.registry.guarding import veil_for
from daicho.nodes.registry.residents import SHOWN_ROWS, Found, Purpose, may_reach, note_shown
from daicho.paper.glyphs import code_points_of
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.register.recharacter import CharacterChange, correction_of_character, holds_character
from daicho.rules.register.record import ResidentRecord
from daicho.store import characters, register
from daicho.store.unit import Unit

READ_ROWS = 500
MOST_READ_ROWS = 20_000
_ARTICLE = juki("14")
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
    found: list[ResidentRecord] = []
    last, read_rows, everybody = 0, 0, False
    with node.store.reading() as unit:
        while not everybody and len(found) <= SHOWN_ROWS and read_rows < MOST_READ_ROWS:
            whose = characters.users_of(unit, character, after=last, limit_rows=READ_ROWS)
            living = _living(unit, node, operator, whose)
            found += [record for record in living if holds_character(record, character)]
            everybody, read_rows = len(whose) < READ_ROWS, read_rows + len(whose)
            last = whose[-1] if whose else last
    shown = tuple(found[:SHOWN_ROWS])
    note_shown(node, operator, shown, Purpose(_PURPOSE, _BASIS, terminal))
    return Found(shown, narrow=len(found) > SHOWN_ROWS or not everybody)


def _living(unit: Unit, node: Node, operator: Operator, whose: Sequence[int]) -> list[ResidentRecord]:
    """Read the living among some residents, as the operator may see them."""
    veil = veil_for(unit, operator, whose, node.clock.business_now())
    records = [read_record(held.body) for held in register.residents(unit, whose)]
    return [veil.over(one) for one in records if one.living]


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

    It uses the security officer's permission for this record that the clerk names, as every correction does.
    """
    refusal = (
        may(operator, Permission.ENTER_CHANGE)
        or may(operator, Permission.IDENTIFY_CHARACTERS)
        or may_reach(node, operator, addressee_number, terminal)
    )
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        row = characters.own_character(unit, character)
        held = register.resident(unit, addressee_number)
    entry = read_own_character(row.body) if row is not None else None
    if held is None or entry is None or entry.identification is None:
        return Refusal(Reason.NOT_FOUND, _ARTICLE, "character")
    written = entry.identification.written
    change = CharacterChange(
        character,
        written,
        node.clock.business_today(),
        permit_id,
        f"文字の同定 {code_points_of(character)} → {code_points_of(written)}",
    )
    notice = correction_of_character(read_record(held.body), change)
    if isinstance(notice, Refusal):
        return notice
    return counter.enter(node, operator, notice, draw_codes=draw_codes, terminal=terminal)
