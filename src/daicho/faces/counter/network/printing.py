"""個人番号通知書の作成・発送: the nation's queue of what towns told, what was sent, what came back."""

from daicho.faces.counter.network.supplements import picked
from daicho.faces.terminal.forms import UNREADABLE_STATUS
from daicho.faces.terminal.network_desk import PrintingDesk
from daicho.faces.terminal.page import Answer, Go, Refused, Show, Turn
from daicho.faces.wording.destinations import PRINTED_STATES
from daicho.faces.wording.fields import Mistake
from daicho.nodes.national.notices import NoticeLine, NoticeName
from daicho.rules.law.refusal import Refusal

_ARTICLE = "番号法第7条第1項"
_KIND = "printed-notice"


def waiting(turn: Turn) -> Answer:
    """List what is to be printed; note what was sent."""
    return _list(turn, marked=False)


def sent(turn: Turn) -> Answer:
    """List what was sent; note what came back."""
    return _list(turn, marked=True)


def _list(turn: Turn, *, marked: bool) -> Answer:
    form, desk, terminal = turn.form, _desk(turn), turn.seat.terminal
    names: list[NoticeName] = []
    if turn.posted:
        names = [(number, int(place)) for number, place in picked(turn, _KIND)]
        if not names:
            form.mistake("notices", Mistake.NOBODY_CHOSEN)
        else:
            refusal = desk.mark(turn.operator, names, "returned" if marked else "sent", terminal)
            if refusal is None:
                where = "/printed-notices/sent" if marked else "/printed-notices"
                return Go(where, "printed_returned" if marked else "printed_sent")
            form.refuse(refusal)
    found = desk.queued(turn.operator, terminal, marked=marked)
    if isinstance(found, Refusal):
        return Refused(found)
    rows = [_row(turn, one, names) for one in found.lines]
    values = {"article": _ARTICLE, "form": form, "rows": rows, "more": found.more, "marked": marked}
    return Show("printed_notices.html", values, 200 if form.fine else UNREADABLE_STATUS)


def _row(turn: Turn, line: NoticeLine, ticked: list[NoticeName]) -> dict[str, object]:
    row = line.row
    words, colour = PRINTED_STATES[row.state]
    return {
        "row": row,
        "file": line.file,
        "person": line.file.persons[row.place - 1],
        "words": words,
        "colour": colour,
        "handle": turn.seal(_KIND, row.control_number, str(row.place)),
        "ticked": (row.control_number, row.place) in ticked,
    }


def _desk(turn: Turn) -> PrintingDesk:
    desk = turn.desks.printing
    if desk is None:
        raise LookupError("this node prints no notices")
    return desk
