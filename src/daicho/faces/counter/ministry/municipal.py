"""市町村通知: what changes of foreign residents' records owe the Ministry, what has no code, and the files that were made."""

from daicho.faces.counter.ministry.drafts import ministry_desk
from daicho.faces.terminal.forms import UNREADABLE_STATUS
from daicho.faces.terminal.page import Answer, Go, Hand, Refused, Show, Turn, not_found
from daicho.faces.wording.ministry import ITEM_LABELS
from daicho.nodes.office.second_person import second_person
from daicho.nodes.registry.moj_link.telling import MunicipalOverview, StuckNotice
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Permission, permissions_of

ARTICLE = "出入国管理及び難民認定法第61条の8の2"
_FILE, _STUCK = "municipal-file", "municipal-stuck"


def municipal(turn: Turn) -> Answer:
    """Show what is owed, what is stuck and the files; make the next file, or take how something is written otherwise.

    That is confirmed by a second person on the same page.
    """
    form = turn.form
    if turn.posted:
        done = _STEPS.get(form.raw("step"), _written)(turn)
        if done is not None:
            return done
    found = ministry_desk(turn).municipal(turn.operator, turn.seat.terminal)
    if isinstance(found, Refusal):
        return Refused(found)
    return Show("municipal_notices.html", _shown(turn, found), 200 if form.fine else UNREADABLE_STATUS)


def _made(turn: Turn) -> Go | None:
    done = ministry_desk(turn).make(turn.operator, turn.seat.terminal)
    if isinstance(done, Refusal):
        turn.form.refuse(done, {"file": "form"})
        return None
    return Go("/municipal-notices", "municipal_made" if done.serial else "municipal_stuck")


def _written(turn: Turn) -> Go | None:
    form = turn.form
    words = turn.unsealed(form.raw("which"), _STUCK)
    if words is None or form.one_of("step", ("write",), required=True) != "write":
        return None
    mark, items = words[1], words[2:]
    written = {item: form.text(f"{mark}-{item}", required=True) for item in items}
    if not form.fine:
        return None
    refusal = ministry_desk(turn).write(turn.operator, turn.seat.terminal, words[0], written)
    if refusal is None:
        return Go("/municipal-notices", "municipal_written")
    names = {one: f"{mark}-{one}" for one in items}
    form.refuse(refusal, names | {"municipal_notice": "form", "addressee_number": "form"})
    return None


def _decided(turn: Turn) -> Go | None:
    """Take a second person's word on how something is written otherwise, or take back what one wrote."""
    form = turn.form
    words = turn.unsealed(form.raw("which"), _STUCK)
    if words is None:
        return None
    right = form.raw("step") == "confirm"
    refusal = ministry_desk(turn).decide_written(turn.operator, turn.seat.terminal, words[0], right=right)
    if refusal is None:
        return Go("/municipal-notices", "municipal_confirmed" if right else "municipal_declined")
    form.refuse(refusal, {"municipal_notice": "form", "addressee_number": "form"})
    return None


_STEPS = {"make": _made, "confirm": _decided, "decline": _decided}


def _shown(turn: Turn, found: MunicipalOverview) -> dict[str, object]:
    return {
        "article": ARTICLE,
        "form": turn.form,
        "seen": found,
        "may_make": Permission.ENTER_CHANGE in permissions_of(turn.operator),
        "stuck": [_stuck(turn, one) for one in found.stuck],
        "files": [(one, turn.seal(_FILE, str(one.serial))) for one in found.files],
    }


def _stuck(turn: Turn, one: StuckNotice) -> dict[str, object]:
    """Give one notice that is stuck, with a form of its own, whose fields bear its mark."""
    mark = f"w{one.mark}"
    items = tuple(unwritten.item for unwritten, _ in one.items)
    if not turn.posted:
        turn.form.given = {
            **turn.form.given,
            **{f"{mark}-{item}": one.written.get(item, "") for item in items},
        }
    own = one.written_by == turn.operator.login_id
    may_confirm = bool(one.written_by) and second_person(turn.operator, entered_by=one.written_by) is None
    fields = [
        {
            "name": f"{mark}-{unwritten.item}",
            "label": ITEM_LABELS[unwritten.item],
            "recorded": text,
            "written": one.written.get(unwritten.item, ""),
            "characters": [(two.position, two.character) for two in unwritten.characters],
        }
        for unwritten, text in one.items
    ]
    return {
        "notice": one,
        "fields": fields,
        "may_confirm": may_confirm,
        "may_decline": may_confirm or (own and Permission.ENTER_CHANGE in permissions_of(turn.operator)),
        "which": turn.seal(_STUCK, one.id, mark, *items),
    }


def municipal_file(turn: Turn) -> Answer:
    """Hand over a file that was made, as often as it is asked for."""
    words = turn.unseal(_FILE)
    if words is None:
        return not_found()
    content = ministry_desk(turn).fetch(turn.operator, turn.seat.terminal, int(words[0]))
    if isinstance(content, Refusal):
        return Refused(content, 409)
    return Hand(content, "text/plain; charset=utf-8", f"municipal-notice-{int(words[0]):06}.txt", saved=True)
