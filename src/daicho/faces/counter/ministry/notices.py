"""法務省連携: the Ministry's files taken in, its notices matched, entered, asked about or ended by two people."""

from daicho.faces.counter.ministry.drafts import ministry_desk, moj_draft_path
from daicho.faces.counter.residents import resident_handle
from daicho.faces.terminal.desk import Why
from daicho.faces.terminal.forms import UNREADABLE_STATUS, WORDS_CHARACTERS
from daicho.faces.terminal.page import Answer, Go, Refused, Show, Turn, not_found
from daicho.faces.web.replies import BESIDE_FILE_BYTES
from daicho.faces.wording.ministry import (
    HELD_BACK,
    MOJ_STATES,
    NOT_LOOKED,
    WHAT_TO_DO,
    column_words,
    moj_fault_words,
)
from daicho.faces.wording.purposes import REGISTRY_PURPOSES
from daicho.faces.wording.refusals import REFUSALS
from daicho.nodes.office.second_person import second_person
from daicho.nodes.registry.moj_link.deciding import NoticeName
from daicho.nodes.registry.moj_link.showing import WAITING_STATES, MojLine, MojView
from daicho.nodes.registry.moj_link.taking import TakenFile
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.moj_link.files import FILE_BYTES, NOTICES_MOST
from daicho.rules.moj_link.notice import MOJ_ENDINGS_BY_HAND, MojEnding
from daicho.rules.operators.authority import Permission, permissions_of
from daicho.rules.register.record import ResidentRecord

ARTICLE = "住民基本台帳法第30条の50"
BODY_BYTES = FILE_BYTES + BESIDE_FILE_BYTES
FAULTS_SHOWN = 50
_WHY = Why(dict(REGISTRY_PURPOSES)["investigation"], "法8条")
_KIND = "moj-notice"
_STEPS = ("again", "ask", "propose", "confirm", "decline")


def notices(turn: Turn) -> Answer:
    """Show what waits and the files that came; take a file, or enter what matched."""
    form, faulty = turn.form, None
    if turn.posted:
        done = _taken(turn) if form.raw("step") == "take" else _entered(turn)
        if isinstance(done, Go):
            return done
        faulty = done
    found = ministry_desk(turn).overview(turn.operator, turn.seat.terminal)
    if isinstance(found, Refusal):
        return Refused(found)
    values = {
        "article": ARTICLE,
        "form": form,
        "may_enter": _may_enter(turn),
        "groups": [
            (state, [_row(turn, one) for one in found.waiting[state]], found.counts.get(state, 0))
            for state in WAITING_STATES
        ],
        "looking": found.counts.get("new", 0),
        "files": found.files,
        "missing": found.missing,
        "faults": _faults(faulty) if faulty is not None else (),
        "most": NOTICES_MOST,
    }
    return Show("moj_notices.html", values, 200 if form.fine and faulty is None else UNREADABLE_STATUS)


def _may_enter(turn: Turn) -> bool:
    return Permission.ENTER_CHANGE in permissions_of(turn.operator)


def _taken(turn: Turn) -> Go | TakenFile | None:
    """Take the file that was sent along; what is wrong in it comes back, and nothing of it is kept."""
    content = turn.form.file("moj_file", required=True)
    if not turn.form.fine:
        return None
    done = ministry_desk(turn).take(turn.operator, turn.seat.terminal, content)
    if isinstance(done, Refusal):
        turn.form.refuse(done, {"file": "moj_file"})
        return None
    if done.faults:
        return done
    if done.differing:
        return Go("/ministry", "moj_taken_differing")
    return Go("/ministry", "moj_again" if done.again else "moj_taken")


def _entered(turn: Turn) -> Go | None:
    if turn.form.one_of("step", ("enter",), required=True) != "enter":
        return None
    done = ministry_desk(turn).enter_matched(turn.operator, turn.seat.terminal)
    if isinstance(done, Refusal):
        turn.form.refuse(done)
        return None
    if not done.entered:
        return Go("/ministry", "moj_entered_none")
    return Go("/ministry", "moj_entered_some" if done.left else "moj_entered")


def _faults(taken: TakenFile) -> list[tuple[int, str, str]]:
    return [
        (one.line, column_words(one.column), moj_fault_words(one.reason))
        for one in taken.faults[:FAULTS_SHOWN]
    ]


def closed(turn: Turn) -> Answer:
    """List the notices that were closed, newest first."""
    found = ministry_desk(turn).closed(turn.operator, turn.seat.terminal)
    if isinstance(found, Refusal):
        return Refused(found)
    return Show("moj_closed.html", {"article": ARTICLE, "rows": [_row(turn, one) for one in found]})


def _row(turn: Turn, line: MojLine) -> dict[str, object]:
    words, colour = MOJ_STATES[line.state]
    held_back = HELD_BACK.get(line.refused, "")
    if line.refused and not held_back:
        held_back = REFUSALS[Reason(line.refused)].happened
    return {
        "line": line,
        "words": words,
        "colour": colour,
        "held_back": held_back,
        "handle": moj_handle(turn, line.name),
    }


def moj_handle(turn: Turn, name: NoticeName) -> str:
    """Make the address of one notice for this session."""
    return turn.seal(_KIND, *map(str, name))


def notice(turn: Turn) -> Answer:
    """Show one notice with whom it may mean and the form that records it; take an inquiry, an ending or a second word."""
    words = turn.unseal(_KIND)
    if words is None:
        return not_found()
    name, form, desk = (int(words[0]), int(words[1])), turn.form, ministry_desk(turn)
    if turn.posted and form.raw("step") != "beside":
        done = _decided(turn, name)
        if done is not None:
            return done
    beside = form.whole_number("addressee", required=True) if form.raw("step") == "beside" else None
    found = desk.one(turn.operator, name, turn.seat.terminal, beside)
    if isinstance(found, Refusal) and beside is not None and found.reason is Reason.NOT_FOUND:
        form.refuse(found, {"addressee_number": "addressee"})
        found = desk.one(turn.operator, name, turn.seat.terminal)
    if isinstance(found, Refusal):
        return Refused(found, 409)
    return Show("moj_notice.html", _shown(turn, name, found), 200 if form.fine else UNREADABLE_STATUS)


def _decided(turn: Turn, name: NoticeName) -> Go | None:
    """Carry out what was pressed; None when the page is to be shown again with what is wrong."""
    form, desk, who, terminal = turn.form, ministry_desk(turn), turn.operator, turn.seat.terminal
    step = form.one_of("step", _STEPS, required=True)
    here, where, told = f"/ministry/notices/{turn.parts['handle']}", "/ministry", ""
    refusal: Refusal | None = None
    if step == "again":
        refusal, where, told = desk.look_again(who, name, terminal), here, "moj_looked"
    elif step == "ask":
        words = form.text("moj_asked", required=True, limit=WORDS_CHARACTERS)
        if form.fine:
            refusal, where, told = desk.ask(who, name, words, terminal), here, "moj_asked"
    elif step == "propose":
        ending = form.member("moj_ending", MojEnding, required=True)
        why = form.text("moj_why", required=True, limit=WORDS_CHARACTERS)
        if ending is not None and form.fine:
            refusal, told = desk.propose(who, name, ending, why, terminal), "moj_proposed"
    elif step == "confirm":
        refusal, told = desk.confirm(who, name, terminal), "moj_closed"
    elif step == "decline":
        refusal, told = desk.decline(who, name, terminal), "moj_declined"
    if refusal is not None:
        form.refuse(
            refusal, {"asked": "moj_asked", "why": "moj_why", "ending": "moj_ending", "moj_notice": "form"}
        )
    return Go(where, told) if form.fine and told else None


def _shown(turn: Turn, name: NoticeName, found: MojView) -> dict[str, object]:
    may_enter, line = _may_enter(turn), found.line
    waits = line.state in ("matched", "open")
    proposed = line.state == "proposed"
    may_confirm = proposed and second_person(turn.operator, entered_by=line.proposed_by) is None
    own = line.proposed_by == turn.operator.login_id
    return {
        "article": ARTICLE,
        "form": turn.form,
        "view": found,
        "notice": found.notice,
        "people": [_person(turn, name, found, one) for one in found.people],
        "endings": MOJ_ENDINGS_BY_HAND,
        "to_do": (WHAT_TO_DO[line.outcome] if line.outcome else NOT_LOOKED) if waits else "",
        "may_enter": may_enter and waits,
        "may_confirm": may_confirm,
        "may_decline": proposed and (may_confirm or (may_enter and own)),
        **_row(turn, line),
    }


def _person(turn: Turn, name: NoticeName, found: MojView, one: ResidentRecord) -> dict[str, object]:
    handle = resident_handle(turn, one.addressee_number, _WHY)
    # Where the notice means one resident nobody else's change closes it.
    open_to = found.line.state == "open" or one.addressee_number == found.whose
    path = moj_draft_path(turn, handle, found.line.change, name) if open_to else ""
    return {"record": one, "handle": handle, "path": path}
