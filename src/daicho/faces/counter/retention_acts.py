"""What is typed about a box of papers, read as a box or as one act at it."""

from daicho.faces.terminal.forms import WORDS_CHARACTERS, Form
from daicho.faces.terminal.page import Turn
from daicho.faces.terminal.retention_desk import RetentionDesk
from daicho.rules.law.refusal import Refusal
from daicho.rules.law.retention import PAPERS
from daicho.rules.retention.box import DisposalWay, PaperBox, PaperDisposal, PaperKind
from daicho.rules.retention.disposal import HoldReason


def read_box(form: Form) -> PaperBox | None:
    """Read a new box; nothing where something cannot be read."""
    kind = form.member("paper_kind", PaperKind, required=True)
    content = form.text("content", required=True, limit=WORDS_CHARACTERS)
    first_on = form.day("first_on", required=True)
    last_on = form.day("last_on", required=True)
    sheets = form.whole_number("sheets", required=True)
    place = form.text("place", required=True, limit=WORDS_CHARACTERS)
    years = form.whole_number("years")
    if kind is None or first_on is None or last_on is None or sheets is None or not form.fine:
        return None
    return PaperBox(
        "", kind, content, first_on, last_on, sheets, place, PAPERS.years if years is None else years
    )


def act_at_box(turn: Turn, desk: RetentionDesk, number: str) -> PaperBox | Refusal | None:
    """Do what was asked for at a box; nothing where something cannot be read."""
    form, who, terminal = turn.form, turn.operator, turn.seat.terminal
    match form.raw("step"):
        case "propose":
            return desk.propose_box(who, terminal, number)
        case "decline":
            return desk.decline_box(who, terminal, number)
        case "hold":
            reason = form.member("hold_reason", HoldReason, required=True)
            why = form.text("why", required=True, limit=WORDS_CHARACTERS)
            return desk.hold_box(who, terminal, number, reason, why) if form.fine else None
        case "free":
            why = form.text("why", required=True, limit=WORDS_CHARACTERS)
            return desk.hold_box(who, terminal, number, None, why) if form.fine else None
        case "destroy":
            way = form.member("disposal_way", DisposalWay, required=True)
            disposed_on = form.day("disposed_on") or turn.today
            sheets = form.whole_number("sheets_counted", required=True)
            if way is None or sheets is None or not form.fine:
                return None
            return desk.destroy_box(who, terminal, number, PaperDisposal(disposed_on, way, sheets))
    return None
