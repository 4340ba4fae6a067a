"""住居表示・町名地番の変更: a table brought, what it meets, a second person's word, progress, and what is left to do."""

import csv
import io
from collections.abc import Iterable

from daicho.faces.counter.correspondence.bulk import run_rows, stop_run
from daicho.faces.counter.residents import resident_handle
from daicho.faces.terminal.area_desk import AreaDesk
from daicho.faces.terminal.desk import Choice, Why
from daicho.faces.terminal.forms import UNREADABLE_STATUS, WORDS_CHARACTERS, Form
from daicho.faces.terminal.page import Answer, Go, Hand, Refused, Show, Turn, not_found
from daicho.faces.wording.areas import ASKED_WORDS, fault_words
from daicho.faces.wording.fields import Mistake
from daicho.faces.wording.purposes import REGISTRY_PURPOSES
from daicho.faces.wording.refusals import REFUSALS
from daicho.nodes.registry.areas.planning import Brought
from daicho.nodes.registry.areas.showing import AreaSummary, AreaView
from daicho.rules.areas.matching import AreaItemState
from daicho.rules.areas.plan import OPEN_STATES, AreaKind, AreaPlan, AreaState
from daicho.rules.areas.table import FAULTS_MOST, LINES_MOST, TABLE_BYTES, TABLE_HEADER
from daicho.rules.certificates.content import CertificateKind
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.operators.authority import Permission, permissions_of

ARTICLE = "住民基本台帳法施行令第12条"
FAULTS_SHOWN = 50
BODY_BYTES = TABLE_BYTES + 64 * 1024  # the table and the fields beside it
_WHY = Why(dict(REGISTRY_PURPOSES)["correction"], "法8条")
_FLASH_OF_WORD = {AreaState.APPROVED: "area_approved", AreaState.STOPPED: "area_stopped"}
_CSV = "text/csv; charset=utf-8"
_COLOURS = {
    AreaState.FAULTY: "red", AreaState.CHECKING: "grey", AreaState.CHECKED: "orange", AreaState.APPROVED: "green",
    AreaState.STOPPED: "red", AreaState.DONE: "grey", AreaState.DECLINED: "grey", AreaState.WITHDRAWN: "grey",
}  # fmt: skip


def areas(turn: Turn) -> Answer:
    """List the changes; take the table of a new one."""
    form = turn.form
    if turn.posted:
        answer = _brought(turn)
        if answer is not None:
            return answer
    after, before = turn.query.get("after", ""), turn.query.get("before", "")
    found = _desk(turn).overview(turn.operator, after, before)
    if isinstance(found, Refusal):
        return Refused(found)
    values = {
        **_rights(turn),
        "open": [_row(turn, one) for one in found.open],
        "past": [_row(turn, one) for one in found.past],
        "faulty": [_row(turn, one) for one in found.faulty],
        "first_page": not (after or before),
        "more_open": found.more_open,
        "more": found.more,
        "kinds": tuple(AreaKind),
        "lines_most": LINES_MOST,
    }
    return Show("areas.html", values, 200 if form.fine else UNREADABLE_STATUS)


def _row(turn: Turn, one: AreaSummary) -> dict[str, object]:
    return {"area": one, "handle": turn.seal("area", one.number), "colour": _COLOURS[one.state]}


def _brought(turn: Turn) -> Answer | None:
    form = turn.form
    plan = _read(form)
    table = form.file("table", required=True)
    if plan is None or not form.fine:
        return None
    brought = _desk(turn).bring(turn.operator, turn.seat.terminal, plan, table)
    if isinstance(brought, Brought):
        flash = "area_faulty" if brought.faults else "area_brought"
        return Go(f"/areas/{turn.seal('area', brought.number)}", flash)
    if brought.reason is Reason.DATE_ORDER:
        form.mistake("in_force_on", Mistake.BEFORE_ITS_NOTICE)
    else:
        form.refuse(brought, {"title": "area_title"})
    return None


def _read(form: Form) -> AreaPlan | None:
    kind = form.member("area_kind", AreaKind, required=True)
    title = form.text("area_title", required=True, limit=WORDS_CHARACTERS)
    in_force_on = form.day("in_force_on", required=True)
    number = form.text("notice_number", required=True, limit=WORDS_CHARACTERS)
    notice_on = form.day("notice_on", required=True)
    prefix = form.text("domicile_prefix", limit=WORDS_CHARACTERS)
    if kind is None or in_force_on is None or notice_on is None:
        return None
    return AreaPlan(kind, title, in_force_on, number, notice_on, prefix)


def area(turn: Turn) -> Answer:
    """Show one change; take a second person's word, take it back, or take up again what was left."""
    words = turn.unseal("area")
    if words is None:
        return not_found()
    if turn.posted:
        done = _acted(turn, words[0])
        if done is not None:
            return done
    found = _desk(turn).view(turn.operator, turn.seat.terminal, words[0])
    if isinstance(found, Refusal):
        return Refused(found, 404 if found.reason is Reason.NOT_FOUND else 403)
    return Show("area.html", _shown(turn, found), 200 if turn.form.fine else UNREADABLE_STATUS)


def _acted(turn: Turn, number: str) -> Answer | None:
    desk, form, who, terminal = _desk(turn), turn.form, turn.operator, turn.seat.terminal
    done: object
    match form.raw("step"):
        case "accept" | "decline" as step:
            digest = form.text("digest", required=True)
            done = desk.decide(who, terminal, number, digest, accept=step == "accept")
            flash = _FLASH_OF_WORD.get(done, "area_declined") if isinstance(done, AreaState) else ""
        case "withdraw":
            done, flash = desk.withdraw(who, terminal, number), "area_withdrawn"
        case "stop":
            done, flash = desk.stop(who, terminal, number), "area_stopped"
        case "resume":
            done, flash = desk.resume(who, terminal, number), "area_asked_again"
        case "again":
            done = desk.again(who, terminal, number)
            flash = "area_asked_again" if done is AreaState.CHECKED else "area_again"
        case "letters" if turn.desks.bulk is not None:
            done = turn.desks.bulk.start(who, terminal, CertificateKind.RENAMED_NOTICE, number)
            flash = "letters_asked"
        case "stop-letters" if turn.desks.bulk is not None:
            done, flash = stop_run(turn), "letters_stopped"
        case _:
            return None
    if isinstance(done, Refusal):
        form.refuse(
            done,
            {"digest": "form", "area": "form", "table": "form", "addressee_number": "form", "run": "form"},
        )
        return None
    return Go(f"/areas/{turn.parts['handle']}", flash)


def _shown(turn: Turn, found: AreaView) -> dict[str, object]:
    one = found.summary
    tallies = [(state, found.tallies[state]) for state in AreaItemState if state in found.tallies]
    listed = found.tallies.get(AreaItemState.LISTED)
    return {
        **_rights(turn),
        **run_rows(turn, CertificateKind.RENAMED_NOTICE, one.number),
        "view": found,
        "area": one,
        "plan": one.plan,
        "article": str(one.plan.basis),
        "colour": _COLOURS[one.state],
        "state": one.state.name,
        "own": one.brought_by == turn.operator.login_id,
        "tallies": [(state, much) for state, much in tallies if much.households],
        "still_listed": listed.households if listed else 0,
        "faults": [(fault, fault_words(fault.reason)) for fault in found.faults[:FAULTS_SHOWN]],
        "more_faults": len(found.faults) > FAULTS_SHOWN,
        "all_faults": len(found.faults) < FAULTS_MOST,
        "may_withdraw": one.state in OPEN_STATES and not one.begun,
        "asked": ASKED_WORDS[found.asked] if found.asked is not None else "",
        "handle": turn.parts["handle"],
        "queue": turn.seal("area-queue", one.number, "0"),
    }


def queue(turn: Turn) -> Answer:
    """List households that wait for a clerk; take the word that the address of one stays."""
    words = turn.unseal("area-queue")
    if words is None:
        return not_found()
    if turn.posted and turn.form.raw("step") == "dismiss" and _dismissed(turn, words[0]):
        return Go(f"/areas/{turn.parts['handle']}/queue", "area_dismissed")
    found = _desk(turn).queue(turn.operator, turn.seat.terminal, words[0], int(words[1]))
    if isinstance(found, Refusal):
        return Refused(found, 404 if found.reason is Reason.NOT_FOUND else 403)
    values = {
        **_rights(turn),
        "area": found.summary,
        "handle": turn.seal("area", words[0]),
        "rows": [
            {
                "home": one,
                "why": REFUSALS[one.why].happened if one.why else "",
                "handle": resident_handle(turn, one.head.addressee_number, _WHY),
            }
            for one in found.households
        ],
        "next": turn.seal("area-queue", words[0], str(found.after)) if found.after is not None else "",
        "dismissible": [
            Choice(str(one.household_number), f"{one.household_number}　{one.head.householder_name}")
            for one in found.households
            if one.may_be_dismissed
        ],
    }
    return Show("area_queue.html", values, 200 if turn.form.fine else UNREADABLE_STATUS)


def _dismissed(turn: Turn, number: str) -> bool:
    form = turn.form
    household = form.whole_number("household", required=True)
    why = form.text("why", required=True, limit=WORDS_CHARACTERS)
    if household is None or not form.fine:
        return False
    refusal = _desk(turn).dismiss(turn.operator, turn.seat.terminal, number, household, why)
    if refusal is not None:
        form.refuse(refusal, {"area": "form"})
    return refusal is None


def faults(turn: Turn) -> Answer:
    """Hand out everything that is wrong with a table, line by line."""
    words = turn.unseal("area")
    if words is None:
        return not_found()
    found = _desk(turn).view(turn.operator, turn.seat.terminal, words[0])
    if isinstance(found, Refusal):
        return Refused(found, 404 if found.reason is Reason.NOT_FOUND else 403)
    rows = [(one.line, one.column, fault_words(one.reason), one.reason.value) for one in found.faults]
    return Hand(
        _file([("行", "列", "誤り", "コード"), *rows]), _CSV, f"area-{words[0]}-faults.csv", saved=True
    )


def table(turn: Turn) -> Answer:
    """Hand out the whole table, as it was read."""
    words = turn.unseal("area")
    if words is None:
        return not_found()
    found = _desk(turn).table(turn.operator, turn.seat.terminal, words[0])
    if isinstance(found, Refusal):
        return Refused(found, 404 if found.reason is Reason.NOT_FOUND else 403)
    rows = [
        (
            one.old_town, one.old_block, one.old_building, one.household_number or "", one.new_town, one.new_block,
            one.new_building, one.postal_code, one.aza_code,
        )
        for one in found
    ]  # fmt: skip
    return Hand(_file([tuple(TABLE_HEADER.split(",")), *rows]), _CSV, f"area-{words[0]}.csv", saved=True)


def blank_table(_turn: Turn) -> Answer:
    """Hand out an empty table with its header."""
    return Hand(_file([tuple(TABLE_HEADER.split(","))]), _CSV, "area-table.csv", saved=True)


def _file(rows: Iterable[tuple[object, ...]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _rights(turn: Turn) -> dict[str, object]:
    rights = permissions_of(turn.operator)
    return {
        "article": ARTICLE,
        "form": turn.form,
        "may_plan": Permission.PLAN_AREAS in rights,
        "may_approve": Permission.APPROVE_AREAS in rights,
    }


def _desk(turn: Turn) -> AreaDesk:
    desk = turn.desks.areas
    if desk is None:
        raise LookupError("this node keeps no addresses of its own")
    return desk
