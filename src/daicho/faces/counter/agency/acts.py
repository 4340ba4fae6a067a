"""What is done with notices of individual numbers that were chosen in a list of the queue.  個人番号通知書の発送"""

from collections.abc import Callable, Sequence

from daicho.faces.terminal.network_desk import PrintingDesk
from daicho.faces.terminal.page import Go, Turn
from daicho.faces.wording.fields import Mistake
from daicho.rules.law.refusal import Refusal
from daicho.store.destination import NoticeName

BUNDLE, _ONCE = "notice-bundle", "notice-bundle-new"
WHY_CHARACTERS = 200


def printing_desk(turn: Turn) -> PrintingDesk:
    """Give the desk of the nation's press; these pages are served only where there is one."""
    desk = turn.desks.printing
    if desk is None:
        raise LookupError("this node prints no notices")
    return desk


def order_once(turn: Turn) -> str:
    """Give what a form carries so that the bundle that it orders is ordered once."""
    return turn.seal(_ONCE, turn.once(_ONCE, printing_desk(turn).new_name))


def acted(turn: Turn, state: str, names: Sequence[NoticeName]) -> Go | None:
    """Do what a form of the list of a state asks for with the notices that were chosen; what is wrong stands in the form."""
    step = turn.form.raw("step")
    if not names and step != "oldest":
        turn.form.mistake("notices", Mistake.NOBODY_CHOSEN)
        return None
    if step == "give_up" and state in ("waiting", "printed"):
        return _held_back(turn, state, names)
    if state == "waiting":
        return _ordered(turn, () if step == "oldest" else names)
    act = _reprint if step == "reprint" else _ACTS.get(state)
    return None if act is None else act(turn, names)


def _ordered(turn: Turn, names: Sequence[NoticeName]) -> Go | None:
    name = turn.once(_ONCE, printing_desk(turn).new_name)
    done = printing_desk(turn).order(turn.operator, name, names, turn.seat.terminal)
    if isinstance(done, Refusal):
        turn.form.refuse(done, {"press": "notices"})
        return None
    left = printing_desk(turn).how_many_wait_of(turn.operator, names) if names else 0
    path = f"/notice-bundles/{turn.seal(BUNDLE, str(done))}"
    return Go(path, "bundle_ordered_part" if left else "bundle_ordered")


def _marked(turn: Turn, names: Sequence[NoticeName], state: str) -> Go | None:
    refusal = printing_desk(turn).mark(turn.operator, names, state, turn.seat.terminal)
    if refusal is not None:
        turn.form.refuse(refusal)
        return None
    return Go(f"/printed-notices/{'printed' if state == 'sent' else 'sent'}", f"printed_{state}")


def _reprint(turn: Turn, names: Sequence[NoticeName]) -> Go | None:
    why = turn.form.text("why", required=True, limit=WHY_CHARACTERS)
    if not turn.form.fine:
        return None
    refusal = printing_desk(turn).reprint(turn.operator, names, why, turn.seat.terminal)
    if refusal is not None:
        turn.form.refuse(refusal)
        return None
    return Go("/notice-reprints", "reprint_asked")


def _held_back(turn: Turn, state: str, names: Sequence[NoticeName]) -> Go | None:
    why = turn.form.text("why", required=True, limit=WHY_CHARACTERS)
    if not turn.form.fine:
        return None
    desk, terminal = printing_desk(turn), turn.seat.terminal
    refusal = desk.decide_stuck(turn.operator, names, terminal, again=False, why=why)
    if refusal is not None:
        turn.form.refuse(refusal)
        return None
    return Go("/printed-notices" if state == "waiting" else "/printed-notices/printed", "notice_held_back")


def _stuck(turn: Turn, names: Sequence[NoticeName]) -> Go | None:
    step = turn.form.raw("step")
    if step not in ("retry", "give_up"):
        return None
    desk, terminal = printing_desk(turn), turn.seat.terminal
    refusal = desk.decide_stuck(turn.operator, names, terminal, again=step == "retry")
    if refusal is not None:
        turn.form.refuse(refusal)
        return None
    return Go("/printed-notices" if step == "retry" else "/printed-notices/stuck", f"notice_{step}")


_ACTS: dict[str, Callable[[Turn, Sequence[NoticeName]], Go | None]] = {
    "printed": lambda turn, names: _marked(turn, names, "sent"),
    "sent": lambda turn, names: _marked(turn, names, "returned"),
    "stuck": _stuck,
}
