"""審査: the second person compares the entry with the paper, and carries it out or sends it back."""

from daicho.faces.counter.ministry.notices import moj_handle
from daicho.faces.counter.network.received import received_handle
from daicho.faces.counter.residents import registry, resident_handle
from daicho.faces.counter.stopping.stops import ask_first
from daicho.faces.terminal.desk import Why
from daicho.faces.terminal.forms import UNREADABLE_STATUS
from daicho.faces.terminal.page import Answer, Go, Refused, Show, Turn
from daicho.faces.terminal.show import compare
from daicho.faces.wording.purposes import REGISTRY_PURPOSES
from daicho.faces.wording.refusals import explain
from daicho.faces.wording.terms import word
from daicho.nodes.office.second_person import second_person
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Permission, permissions_of

_GUIDE = "guide"
_WHY = Why(dict(REGISTRY_PURPOSES)["notice"], "法8条")


def queue(turn: Turn) -> Answer:
    """List what waits for a second person."""
    found = registry(turn).pending(turn.seat)
    if isinstance(found, Refusal):
        return Refused(found)
    rows = [
        {
            "pending": one,
            "kind": word(one.entry.kind),
            "names": [after.name.kanji for _, after in one.entry.pairs()],
            "own": second_person(turn.operator, entered_by=one.entered_by) is not None,
        }
        for one in found
    ]
    return Show("verify_queue.html", {"rows": rows, "guide": _guide_path(turn)})


def _guide_path(turn: Turn) -> str:
    """Give the address of the sheet of next steps after the change that was verified just now."""
    words = turn.unsealed(turn.query.get("guide", ""), _GUIDE)
    if words is None or turn.desks.hall is None:
        return ""
    return f"/residents/{resident_handle(turn, int(words[0]), _WHY)}/entries/{words[1]}/guide"


def entry(turn: Turn) -> Answer:
    """Show one entry before and after; carry it out, or send it back with the reason."""
    desk, form = registry(turn), turn.form
    found = desk.pending_entry(turn.seat, turn.parts["entry_id"])
    if isinstance(found, Refusal):
        return Refused(found, 409)
    refusal = second_person(turn.operator, entered_by=found.entered_by)
    if turn.posted and refusal is None:
        answer = _decide(turn, found.entry_id, (*found.entry.subjects, 0)[0])
        if isinstance(answer, Go):
            return answer
        refusal = answer
    values = {
        "pending": found,
        "entry": found.entry,
        "kind": word(found.entry.kind),
        "people": compare(found.entry),
        "form": form,
        "ask_first": ask_first(turn, (*found.entry.before, *found.entry.after)),
        "refusal": explain(refusal) if refusal is not None else None,
        "report_handle": _report_handle(turn, found.entry_id),
        "moj_handle": _moj_handle(turn, found.entry_id),
        "may_protect": Permission.MANAGE_PROTECTION in permissions_of(turn.operator)
        and turn.desks.protection is not None,
    }
    wrong = refusal is not None or not form.fine
    return Show("verify.html", values, UNREADABLE_STATUS if turn.posted and wrong else 200)


def _report_handle(turn: Turn, entry_id: str) -> str:
    """Make the address of the report from which an entry was made; empty where it was made from none."""
    desk = turn.desks.filings
    name = desk.of_entry(turn.operator, entry_id) if desk is not None else None
    return received_handle(turn, name) if name is not None else ""


def _moj_handle(turn: Turn, entry_id: str) -> str:
    """Make the address of the Ministry's notice from which an entry was made; empty where it was made from none."""
    desk = turn.desks.ministry
    name = desk.of_entry(turn.operator, entry_id) if desk is not None else None
    return moj_handle(turn, name) if name is not None else ""


def _decide(turn: Turn, entry_id: str, whose: int) -> Go | Refusal | None:
    desk, form = registry(turn), turn.form
    if form.raw("step") == "reject":
        why = form.text("why", required=True)
        if not form.fine:
            return None
        done = desk.reject(turn.seat, entry_id, why)
        return done if isinstance(done, Refusal) else Go("/verify", "rejected")
    if form.raw("step") != "verify":
        return None
    done = desk.verify(turn.seat, entry_id)
    if isinstance(done, Refusal):
        return done
    guide = f"?guide={turn.seal(_GUIDE, str(whose), entry_id)}" if whose else ""
    return Go(f"/verify{guide}", "verified")
