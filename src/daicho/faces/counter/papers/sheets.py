"""証明用紙: numbered sheets that came, were used, were spoiled and cut up."""

from daicho.faces.terminal.forms import UNREADABLE_STATUS, WORDS_CHARACTERS, Form, half_width
from daicho.faces.terminal.page import Answer, Go, Refused, Show, Turn, not_found
from daicho.faces.terminal.paper_desk import TillDesk
from daicho.faces.wording.fields import Mistake
from daicho.faces.wording.terms import word
from daicho.nodes.registry.papers.sheets import SHOWN_ROWS, SheetBook
from daicho.rules.certificates.sheets import SheetNote, SheetRange, SpoilCause, sheet_range
from daicho.rules.law.refusal import Refusal

ARTICLE = "本人確認情報管理方法第6"
PAGE_SHEETS = 100
_SPOILED = {
    "first_sheet": "spoil-first_sheet",
    "last_sheet": "spoil-last_sheet",
    "cause": "spoil_cause",
    "words": "spoil-words",
}
_UNDONE = {name: f"undo-{name}" for name in ("first_sheet", "last_sheet", "words")}
_CAME = {"received_on": "sheets_received_on"}
_NAMES = {"sheets": "form", "paper": "form"}


def sheets(turn: Turn) -> Answer:
    """Show what lies in the cabinet; take a delivery, spoiled sheets, or that those were cut up."""
    if turn.posted:
        done = _done(turn)
        if done is not None:
            return done
    found = _desk(turn).book(turn.operator)
    if isinstance(found, Refusal):
        return Refused(found)
    values = {
        "article": ARTICLE,
        "form": turn.form,
        "deliveries": found.deliveries,
        "left": sum(one.left for one in found.deliveries),
        "spoiled": _spoiled(turn, found),
        "others": found.to_destroy,
        "more": len(found.spoiled) == SHOWN_ROWS,
        "causes": tuple(SpoilCause),
    }
    return Show("sheets.html", values, 200 if turn.form.fine else UNREADABLE_STATUS)


def _spoiled(turn: Turn, found: SheetBook) -> list[dict[str, object]]:
    return [
        {
            "sheet": SheetRange(one.series, one.digits, one.place, one.place).first_text,
            "cause": word(SpoilCause(one.cause or SpoilCause.MISPRINT)),
            "words": one.words,
            "noted_on": one.noted_on,
            "noted_by": one.noted_by,
            "own": one.noted_by == turn.operator.login_id,
        }
        for one in found.spoiled
    ]


def _done(turn: Turn) -> Answer | None:
    form, step = turn.form, turn.form.raw("step")
    if step == "receive":
        return _receive(turn)
    if step == "spoil":
        return _spoil(turn)
    if step == "undo":
        return _undo(turn)
    if step != "destroy":
        return None
    seen = tuple(dict.fromkeys(filter(None, form.raw("seen_sheets").split("、"))))
    count = _desk(turn).destroy(turn.operator, turn.seat.terminal, seen)
    if isinstance(count, Refusal):
        form.refuse(count, _NAMES)
        return None
    return Go("/office/sheets", "sheets_destroyed")


def _undo(turn: Turn) -> Answer | None:
    form = turn.form
    taken = _range(form, "undo-")
    words = form.text("undo-words", required=True, limit=WORDS_CHARACTERS)
    if taken is None or not form.fine:
        return None
    refusal = _desk(turn).undo(turn.operator, turn.seat.terminal, taken, words)
    if refusal is not None:
        form.refuse(refusal, {**_UNDONE, "verified_by": "form"})
        return None
    return Go("/office/sheets", "sheets_undone")


def _receive(turn: Turn) -> Answer | None:
    form = turn.form
    came = _range(form, "", last_required=True)
    received_on = form.day("sheets_received_on") or turn.today
    words = form.text("words", limit=WORDS_CHARACTERS)
    if came is None or not form.fine:
        return None
    number = _desk(turn).receive(turn.operator, turn.seat.terminal, came, received_on, words)
    if isinstance(number, Refusal):
        form.refuse(number, _CAME)
        return None
    return Go("/office/sheets", "sheets_received")


def _spoil(turn: Turn) -> Answer | None:
    form = turn.form
    taken = _range(form, "spoil-")
    cause = form.member("spoil_cause", SpoilCause, required=True)
    words = form.text("spoil-words", limit=WORDS_CHARACTERS)
    if taken is None or cause is None or not form.fine:
        return None
    refusal = _desk(turn).note(turn.operator, turn.seat.terminal, SheetNote(taken, cause=cause, words=words))
    if refusal is not None:
        form.refuse(refusal, _SPOILED)
        return None
    return Go("/office/sheets", "sheets_noted")


def paper_sheets(turn: Turn) -> Answer:
    """Note on which sheets the paper in the path went out."""
    words = turn.unseal("sheets")
    if words is None:
        return not_found()
    paper, form = words[0], turn.form
    if turn.posted:
        sheets_used = form.whole_number("sheets_used", required=True)
        if sheets_used is not None and not 1 <= sheets_used <= PAGE_SHEETS:
            form.mistake("sheets_used", Mistake.NOT_A_NUMBER)
        taken = _range(form, "", sheets=sheets_used or 1)
        if taken is not None and form.fine:
            refusal = _desk(turn).note(turn.operator, turn.seat.terminal, SheetNote(taken, paper))
            if refusal is None:
                return Go(f"/office/paper/{turn.parts['handle']}", "sheets_noted")
            form.refuse(refusal, _NAMES)
    found = _desk(turn).sheets_of(turn.operator, paper)
    if isinstance(found, Refusal):
        return Refused(found)
    values = {
        "article": ARTICLE,
        "form": form,
        "paper": paper,
        "texts": found.texts,
        "proposed": found.next_text,
    }
    return Show("paper_sheets.html", values, 200 if form.fine else UNREADABLE_STATUS)


def _range(form: Form, before: str, *, sheets: int = 1, last_required: bool = False) -> SheetRange | None:
    first = half_width(form.text(f"{before}first_sheet", required=True))
    last = half_width(form.text(f"{before}last_sheet", required=last_required))
    if not form.fine:
        return None
    found = sheet_range(first, last, sheets=sheets)
    if isinstance(found, Refusal):
        form.refuse(found, {name: f"{before}{name}" for name in ("first_sheet", "last_sheet")})
        return None
    return found


def _desk(turn: Turn) -> TillDesk:
    desk = turn.desks.till
    if desk is None:
        raise LookupError("this node keeps no sheets")
    return desk
