"""保存期間・廃棄: what is over, holds, a list and a second person's word for it, the record of destruction, boxes."""

from daicho.faces.counter.retention_acts import act_at_box, read_box
from daicho.faces.terminal.forms import UNREADABLE_STATUS, WORDS_CHARACTERS
from daicho.faces.terminal.page import Answer, Go, Refused, Show, Turn, not_found
from daicho.faces.terminal.retention_desk import RetentionDesk
from daicho.faces.wording.terms import word
from daicho.nodes.retention.boxes import BoxView
from daicho.nodes.retention.overview import OpenHold
from daicho.nodes.retention.runs import RunView
from daicho.rules.law.refusal import Refusal
from daicho.rules.network.kinds import NodeKind
from daicho.rules.operators.authority import Permission, permissions_of
from daicho.rules.retention.box import BoxStep, DisposalWay, PaperBox, PaperKind
from daicho.rules.retention.disposal import HELD_BY_HAND, HoldReason, RunState

ARTICLE = "住民基本台帳法施行令第34条"
_ABOVE = "住民基本台帳法施行令第30条の6"
_COLOURS = {
    RunState.PROPOSED: "orange", RunState.APPROVED: "red", RunState.DECLINED: "grey", RunState.WITHDRAWN: "grey",
    RunState.DONE: "green",
}  # fmt: skip
_CODE_SHOWN = 4
_PLACE_DIGITS = 6


def overview(turn: Turn) -> Answer:
    """Show what is over, the list that is open, holds and what was destroyed; draw up a list, set or lift a hold."""
    if turn.posted:
        answer = _acted(turn)
        if answer is not None:
            return answer
    found = _desk(turn).overview(turn.operator, turn.seat.terminal)
    if isinstance(found, Refusal):
        return Refused(found)
    run = found.open_run
    values = {
        **_rights(turn),
        "due": found.due,
        "any_due": any(one.over for one in found.due),
        "run": run,
        "run_handle": turn.seal("run", run.number) if run else "",
        "colours": _COLOURS,
        "past": [{"run": one, "handle": turn.seal("run", one.number)} for one in found.past],
        "holds": [
            {"hold": one, "whose": _shown_whose(turn, one), "handle": turn.seal("hold", str(one.number))}
            for one in found.holds
        ],
        "more_holds": found.more_holds,
        "reasons": HELD_BY_HAND,
        "registry": _is_registry(turn),
    }
    return Show("retention.html", values, 200 if turn.form.fine else UNREADABLE_STATUS)


def _acted(turn: Turn) -> Answer | None:
    form, desk, step = turn.form, _desk(turn), turn.form.raw("step")
    if step == "propose":
        made = desk.propose(turn.operator, turn.seat.terminal)
        if not isinstance(made, Refusal):
            return Go(f"/retention/runs/{turn.seal('run', made.line.number)}", "retention_proposed")
        form.refuse(made)
    elif step == "hold":
        whose = form.text("whose", required=True)
        reason = form.member("hold_reason", HoldReason, required=True)
        why = form.text("why", required=True, limit=WORDS_CHARACTERS)
        if reason is not None and form.fine:
            kept = desk.set_hold(turn.operator, turn.seat.terminal, whose, reason, why)
            if not isinstance(kept, Refusal):
                return Go("/retention", "retention_held")
            form.refuse(kept)
    return None


def lift(turn: Turn) -> Answer:
    """Let the hold in the path go."""
    words = turn.unseal("hold")
    if words is None:
        return not_found()
    refusal = _desk(turn).lift_hold(turn.operator, turn.seat.terminal, int(words[0]))
    return Refused(refusal, 409) if refusal is not None else Go("/retention", "retention_freed")


def run(turn: Turn) -> Answer:
    """Show one run; take a second person's word, or destroy the next things of an approved list."""
    words = turn.unseal("run")
    if words is None:
        return not_found()
    number = words[0]
    if turn.posted:
        done = _decided(turn, number)
        if done is not None:
            return done
    found = _desk(turn).run(turn.operator, turn.seat.terminal, number)
    if isinstance(found, Refusal):
        return Refused(found, 404)
    return Show("retention_run.html", _shown(turn, found), 200 if turn.form.fine else UNREADABLE_STATUS)


def _decided(turn: Turn, number: str) -> Answer | None:
    desk, step, who = _desk(turn), turn.form.raw("step"), turn.operator
    if step in ("accept", "decline"):
        digest = turn.form.text("digest", required=True)
        done = desk.decide(who, turn.seat.terminal, number, digest, accept=step == "accept")
        flash = "retention_approved" if step == "accept" else "retention_declined"
    elif step == "withdraw":
        done, flash = desk.withdraw(who, turn.seat.terminal, number), "retention_withdrawn"
    elif step == "end":
        done, flash = desk.end(who, turn.seat.terminal, number), "retention_ended"
    elif step == "carry_out":
        done = desk.carry_out(who, turn.seat.terminal, number)
        through = not isinstance(done, Refusal) and done.certificate is not None
        flash = "retention_done" if through else "retention_going_on"
    else:
        return None
    if isinstance(done, Refusal):
        turn.form.refuse(done, {"digest": "form"})
        return None
    return Go(f"/retention/runs/{turn.parts['handle']}", flash)


def _shown(turn: Turn, found: RunView) -> dict[str, object]:
    return {
        **_rights(turn),
        "view": found,
        "line": found.line,
        "colour": _COLOURS[found.line.state],
        "certificate": found.certificate,
        "own": found.line.proposed_by == turn.operator.login_id,
        "state": found.line.state.name,
        "listed": any(one.listed for one in found.counts) and found.certificate is None,
        "here": turn.parts["handle"],
    }


def listed(turn: Turn) -> Answer:
    """Show the things on a list, one page after another."""
    words = turn.unseal("run")
    if words is None:
        return not_found()
    after = turn.query.get("after", "")
    place = int(after) if after.isascii() and after.isdigit() and len(after) <= _PLACE_DIGITS else 0
    found = _desk(turn).listed(turn.operator, turn.seat.terminal, words[0], place)
    if isinstance(found, Refusal):
        return Refused(found, 404)
    last = found.things[-1].place if found.things else place
    values = {
        **_rights(turn),
        "page": found,
        "after": place,
        "last": last,
        "here": turn.parts["handle"],
        "registry": _is_registry(turn),
    }
    return Show("retention_list.html", values)


def boxes(turn: Turn) -> Answer:
    """List the boxes that stand there, what is over longest first."""
    return _boxes(turn, destroyed=False)


def destroyed(turn: Turn) -> Answer:
    """List the boxes that were destroyed, newest first."""
    return _boxes(turn, destroyed=True)


def _boxes(turn: Turn, *, destroyed: bool) -> Answer:
    found = _desk(turn).boxes(turn.operator, turn.seat.terminal, destroyed=destroyed)
    if isinstance(found, Refusal):
        return Refused(found)
    values = {
        **_rights(turn),
        "rows": [
            {"box": one.box, "due": one.due, "handle": turn.seal("box", one.box.number)}
            for one in found.boxes
        ],
        "more": found.more,
        "destroyed": destroyed,
    }
    return Show("retention_boxes.html", values)


def new_box(turn: Turn) -> Answer:
    """Enter a box that was closed."""
    form = turn.form
    if turn.posted:
        told = read_box(form)
        if told is not None:
            kept = _desk(turn).put_into_box(turn.operator, turn.seat.terminal, told)
            if not isinstance(kept, Refusal):
                return Go(f"/retention/box/{turn.seal('box', kept.number)}", "box_boxed")
            form.refuse(kept)
    values = {**_rights(turn), "kinds": tuple(PaperKind)}
    return Show("retention_box_new.html", values, 200 if form.fine else UNREADABLE_STATUS)


def box(turn: Turn) -> Answer:
    """Show one box; hold it, ask for its destruction, decide about that."""
    words = turn.unseal("box")
    if words is None:
        return not_found()
    number, desk = words[0], _desk(turn)
    if turn.posted:
        done = act_at_box(turn, desk, number)
        if isinstance(done, PaperBox):
            return Go(f"/retention/box/{turn.parts['handle']}", "box_noted")
        if done is not None:
            turn.form.refuse(done, {"box": "form"})
    found = desk.box(turn.operator, turn.seat.terminal, number)
    if isinstance(found, Refusal):
        return Refused(found, 404)
    return Show("retention_box.html", _box_shown(turn, found), 200 if turn.form.fine else UNREADABLE_STATUS)


def _box_shown(turn: Turn, found: BoxView) -> dict[str, object]:
    return {
        **_rights(turn),
        "box": found.line.box,
        "due": found.line.due,
        "own": found.line.box.proposed_by == turn.operator.login_id,
        "reasons": HELD_BY_HAND,
        "ways": tuple(DisposalWay),
        "steps": [(one.at, word(BoxStep(one.step)), one.by) for one in found.steps],
    }


def _rights(turn: Turn) -> dict[str, object]:
    rights = permissions_of(turn.operator)
    return {
        "article": ARTICLE if turn.info.kind in (NodeKind.REGISTRY, NodeKind.CS) else _ABOVE,
        "form": turn.form,
        "may_manage": Permission.MANAGE_RETENTION in rights,
        "may_approve": Permission.APPROVE_DISPOSAL in rights,
    }


def _is_registry(turn: Turn) -> bool:
    return turn.info.kind is NodeKind.REGISTRY


def _shown_whose(turn: Turn, hold: OpenHold) -> str:
    return hold.whose if _is_registry(turn) else f"…{hold.whose[-_CODE_SHOWN:]}"


def _desk(turn: Turn) -> RetentionDesk:
    desk = turn.desks.retention
    if desk is None:
        raise LookupError("this node keeps no records")
    return desk
