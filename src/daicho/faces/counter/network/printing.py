"""個人番号通知書の発送: the nation's queue of what towns told, what is printed, was sent, came back, and looked for."""

from daicho.faces.counter.agency.acts import BUNDLE, acted, order_once
from daicho.faces.counter.agency.acts import printing_desk as _desk
from daicho.faces.terminal.forms import UNREADABLE_STATUS
from daicho.faces.terminal.page import Answer, Refused, Show, Turn
from daicho.faces.wording.destinations import PRINTED_STATES, left_out_words
from daicho.nodes.national.notices import NoticeLine, NoticeList
from daicho.rules.destination.record import CONTROL_NUMBER_CHARACTERS, NAME_CHARACTERS
from daicho.rules.law.refusal import Refusal
from daicho.store.destination import NoticeName

_ARTICLE = "番号法第7条第1項"
_KIND, _AFTER = "printed-notice", "printed-notice-after"
_WHERE = {
    "waiting": "/printed-notices",
    "printed": "/printed-notices/printed",
    "stuck": "/printed-notices/stuck",
    "sent": "/printed-notices/sent",
    "returned": "/printed-notices/returned",
}
_TITLES = {
    "waiting": "作成を待つ通知書", "printed": "印刷した通知書", "stuck": "印刷できない通知書", "sent": "発送した通知書",
    "returned": "返戻された通知書", "found": "見つかった通知書",
}  # fmt: skip
_FOUND_NAMES = {"control_number": "control-number", "name": "name", "birth": "birth"}


def waiting(turn: Turn) -> Answer:
    """List what is to be printed; order a bundle of it."""
    return _list(turn, "waiting")


def printed(turn: Turn) -> Answer:
    """List what is printed; note what was sent, or ask that it be printed anew."""
    return _list(turn, "printed")


def stuck(turn: Turn) -> Answer:
    """List what could not be printed; let it wait again."""
    return _list(turn, "stuck")


def sent(turn: Turn) -> Answer:
    """List what was sent, or find one letter; note what came back."""
    return _list(turn, "sent")


def returned(turn: Turn) -> Answer:
    """List what came back."""
    return _list(turn, "returned")


def _list(turn: Turn, state: str) -> Answer:
    form, desk, terminal = turn.form, _desk(turn), turn.seat.terminal
    names: list[NoticeName] = []
    found: NoticeList | Refusal | None = None
    if turn.posted and form.raw("step") == "find":
        found = _found(turn)
    elif turn.posted:
        names = [(town, number, int(place)) for town, number, place in turn.picked(_KIND)]
        done = acted(turn, state, names)
        if done is not None:
            return done
    shows = "found" if isinstance(found, NoticeList) else state
    if not isinstance(found, NoticeList):
        found = desk.queued(turn.operator, state, terminal, after=_after(turn))
    if isinstance(found, Refusal):
        return Refused(found)
    more = "" if found.more is None else turn.seal(_AFTER, *map(str, found.more))
    values = {
        "article": _ARTICLE, "form": form, "rows": [_row(turn, one, names) for one in found.lines], "state": state,
        "shows": shows, "heading": _TITLES[shows], "more": f"{_WHERE[state]}?after={more}" if more else "",
        "once": order_once(turn) if state == "waiting" else "", "can_print": desk.can_print,
    }  # fmt: skip
    return Show("printed_notices.html", values, 200 if form.fine else UNREADABLE_STATUS)


def _found(turn: Turn) -> NoticeList | Refusal | None:
    """Look for letters by what was entered; nothing where that is not enough."""
    form = turn.form
    number = form.text("control-number", limit=CONTROL_NUMBER_CHARACTERS)
    name = form.text("name", limit=NAME_CHARACTERS)
    birth = form.partial_day("birth")
    if not form.fine:
        return None
    found = _desk(turn).found(
        turn.operator, turn.seat.terminal, control_number=number, name=name, birth=birth
    )
    if isinstance(found, Refusal):
        form.refuse(found, _FOUND_NAMES)
    return found


def _after(turn: Turn) -> NoticeName | None:
    words = turn.unsealed(turn.query.get("after", ""), _AFTER)
    return None if words is None else (words[0], words[1], int(words[2]))


def _row(turn: Turn, line: NoticeLine, ticked: list[NoticeName]) -> dict[str, object]:
    row = line.row
    words, colour = PRINTED_STATES[row.state]
    return {
        "row": row,
        "file": line.file,
        "person": line.file.persons[row.place - 1],
        "words": words,
        "colour": colour,
        "handle": turn.seal(_KIND, *row.file, str(row.place)),
        "why": left_out_words(line.hindrance) if line.hindrance else row.why,
        "bundle": turn.seal(BUNDLE, str(line.bundle)) if line.bundle else "",
        "number": line.bundle,
        "ticked": (*row.file, row.place) in ticked,
    }
