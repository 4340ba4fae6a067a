"""9条2項通知（送付）: what the own family register tells other towns, by two people, and what became of it."""

from daicho.faces.counter.network.drafts import filing_desk
from daicho.faces.counter.people_fields import spaced
from daicho.faces.terminal.forms import UNREADABLE_STATUS, WORDS_CHARACTERS, Form
from daicho.faces.terminal.page import Answer, Go, Refused, Show, Turn, not_found
from daicho.faces.terminal.show import era, typed
from daicho.faces.wording.fields import Mistake
from daicho.faces.wording.filings import SENT_STATES
from daicho.nodes.office.second_person import second_person
from daicho.nodes.registry.filings.sending import SentLine, SentView
from daicho.rules.filings.report import (
    NUMBER_CHARACTERS,
    FilingKind,
    FilingReport,
    ReportedPerson,
)
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Permission, permissions_of
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.names import MAX_NAME_CHARACTERS, MalformedName, PersonName
from daicho.rules.people.sex import Sex

ARTICLE = "住民基本台帳法第9条第2項"
_KIND, _NEW = "filing-out", "filing-new"
_NAMES = {
    "to_municipality": "to_town",
    "change_date": "happened_on",
    "notified_on": "accepted_on",
    "person_name": "whose_name",
    "person_address": "whose_address",
    "householder": "whose_householder",
    "name": "told-kanji",
    "furigana": "told-furigana",
    "sex": "told-sex",
    "registered_domicile": "told-domicile",
    "family_register_head": "told-head",
    "remarks": "filing_remarks",
}


def queue(turn: Turn) -> Answer:
    """List the reports that are not closed, oldest first."""
    return _list(turn, closed=False)


def closed(turn: Turn) -> Answer:
    """List the reports that are closed, newest first."""
    return _list(turn, closed=True)


def _list(turn: Turn, *, closed: bool) -> Answer:
    found = filing_desk(turn).sent(turn.operator, turn.seat.terminal, closed=closed)
    if isinstance(found, Refusal):
        return Refused(found)
    values = {
        "article": ARTICLE,
        "rows": [_row(turn, one) for one in found.lines],
        "more": found.more,
        "closed": closed,
        "may_enter": Permission.ENTER_CHANGE in permissions_of(turn.operator),
    }
    return Show("filings_sent.html", values)


def _row(turn: Turn, line: SentLine) -> dict[str, object]:
    words, colour = SENT_STATES[line.state]
    return {"line": line, "words": words, "colour": colour, "handle": turn.seal(_KIND, line.report_id)}


def new(turn: Turn) -> Answer:
    """Enter a report, or the one that came back anew for another town."""
    form, desk = turn.form, filing_desk(turn)
    again = turn.unsealed(turn.query.get("again", ""), _KIND)
    replaces = again[0] if again is not None else ""
    if not turn.posted and replaces:
        found = desk.sent_one(turn.operator, replaces, turn.seat.terminal)
        if isinstance(found, Refusal):
            return Refused(found, 409)
        if found.report is not None:
            form.given = _as_fields(found)
    name = turn.once(_NEW, filing_desk(turn).new_name)
    if turn.posted:
        report, town = _read(form), form.municipality("to_town", required=True)
        if report is not None and town is not None and form.fine:
            done = desk.draft(
                turn.operator, name, MunicipalityCode(town), report, replaces, turn.seat.terminal
            )
            if not isinstance(done, Refusal):
                return Go("/sent-filings", "filing_entered")
            form.refuse(done, _NAMES)
    values = {
        "article": ARTICLE,
        "form": form,
        "kinds": tuple(FilingKind),
        "once": turn.seal(_NEW, name),
        "again": bool(replaces),
    }
    return Show("filing_new.html", values, 200 if form.fine else UNREADABLE_STATUS)


def _read(form: Form) -> FilingReport | None:
    kind = form.member("filing_kind", FilingKind, required=True)
    number = form.text("filing_number", required=True, limit=NUMBER_CHARACTERS)
    happened_on, accepted_on = form.day("happened_on", required=True), form.day("accepted_on", required=True)
    whose = spaced(form.text("whose_name", required=True, limit=MAX_NAME_CHARACTERS))
    birth = form.written_day("whose_birth", required=True)
    address = form.text("whose_address", required=True)
    householder = spaced(form.text("whose_householder", limit=MAX_NAME_CHARACTERS))
    name, sex = _told_name(form), form.member("told-sex", Sex)
    domicile = form.text("told-domicile")
    head = spaced(form.text("told-head", limit=MAX_NAME_CHARACTERS))
    remarks = form.text("filing_remarks", limit=WORDS_CHARACTERS)
    if kind is None or happened_on is None or accepted_on is None or birth is None or not form.fine:
        return None
    return FilingReport(
        kind, number, happened_on, accepted_on, ReportedPerson(whose, birth.folded, address, householder), name, sex,
        domicile, head, remarks,
    )  # fmt: skip


def _told_name(form: Form) -> PersonName | None:
    kanji = spaced(form.text("told-kanji", limit=MAX_NAME_CHARACTERS))
    furigana = spaced(form.text("told-furigana", limit=MAX_NAME_CHARACTERS))
    if not kanji:
        if furigana:
            form.mistake("told-kanji", Mistake.MISSING)
        return None
    try:
        return PersonName(kanji, furigana or None, furigana_confirmed=bool(furigana))
    except MalformedName as wrong:
        at_reading = str(wrong).startswith("furigana")
        form.mistake(
            "told-furigana" if at_reading else "told-kanji",
            Mistake.NOT_KANA if at_reading else Mistake.NOT_A_NAME,
        )
        return None


def _as_fields(found: SentView) -> dict[str, str]:
    """Write a report into the form; of one that came back, not the town that was wrong."""
    report = found.report
    if report is None:
        return {}
    name = report.name
    return {
        "filing_kind": report.kind.value,
        "filing_number": report.filing_number,
        "to_town": found.line.receiver if found.line.state == "returned" else "",
        "happened_on": typed(report.happened_on),
        "accepted_on": typed(report.accepted_on),
        "whose_name": report.person.name,
        "whose_birth": str(report.person.birth_date),
        "whose_address": report.person.address,
        "whose_householder": report.person.householder,
        "told-kanji": name.kanji if name is not None else "",
        "told-furigana": (name.furigana or "") if name is not None else "",
        "told-sex": report.sex.value if report.sex is not None else "",
        "told-domicile": report.registered_domicile,
        "told-head": report.family_register_head,
        "filing_remarks": report.remarks,
    }


def report(turn: Turn) -> Answer:
    """Show one report; send it or give it back as a second person, close it or begin it anew."""
    words = turn.unseal(_KIND)
    if words is None:
        return not_found()
    form, desk = turn.form, filing_desk(turn)
    if turn.posted:
        answer = _decided(turn, words[0])
        if answer is not None:
            return answer
    found = desk.sent_one(turn.operator, words[0], turn.seat.terminal)
    if isinstance(found, Refusal):
        return Refused(found, 409)
    rights, line = permissions_of(turn.operator), found.line
    drafted = line.state == "drafted"
    mine = line.entered_by == turn.operator.login_id
    may_decide = drafted and second_person(turn.operator, entered_by=line.entered_by) is None
    may_enter = Permission.ENTER_CHANGE in rights
    values = {
        "article": ARTICLE,
        "form": form,
        "view": found,
        "report": found.report,
        "may_decide": may_decide,
        "waits_for_another": drafted and not may_decide,
        "may_close": may_enter and (line.state in ("returned", "sent", "back") or (drafted and mine)),
        "may_renew": may_enter and line.state in ("returned", "back"),
        "closed_on": era(line.closed_at.date()) if line.closed_at is not None else "",
        **_row(turn, line),
    }
    return Show("filing_sent.html", values, 200 if form.fine else UNREADABLE_STATUS)


def _decided(turn: Turn, report_id: str) -> Answer | None:
    """Carry out what was pressed; None when the page is to be shown again with what is wrong."""
    form, desk, terminal = turn.form, filing_desk(turn), turn.seat.terminal
    step = form.one_of("step", ("send", "return", "close"), required=True)
    refusal: Refusal | None = None
    if step == "send":
        refusal = desk.send(turn.operator, report_id, terminal)
    elif step == "close":
        refusal = desk.close(turn.operator, report_id, terminal)
    else:
        why = form.text("why", required=True, limit=WORDS_CHARACTERS)
        if not form.fine:
            return None
        refusal = desk.give_back(turn.operator, report_id, why, terminal)
    if refusal is None:
        return Go(
            "/sent-filings", {"send": "filing_sent", "close": "filing_closed"}.get(step, "filing_returned")
        )
    form.refuse(refusal, {"to_municipality": "form"})
    return None
