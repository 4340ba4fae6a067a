"""A form that is filled in from another town's report, and the entry that closes the report."""

from daicho.faces.counter.people_fields import name_as_fields
from daicho.faces.counter.residents import chosen
from daicho.faces.terminal.desk import Done
from daicho.faces.terminal.network_desk import FilingDesk, ReportName
from daicho.faces.terminal.page import Turn
from daicho.faces.terminal.show import typed
from daicho.faces.wording.filings import STRUCK_FOR
from daicho.rules.filings.answer import change_of
from daicho.rules.filings.report import FilingKind, FilingReport, cause_of
from daicho.rules.law.refusal import Refusal
from daicho.rules.register.drafting import Notice
from daicho.rules.register.reasons import ChangeKind, ChangeReason
from daicho.rules.register.reception import Reception

FIELD = "report"
PAGES = {
    ChangeKind.BIRTH: "birth",
    ChangeKind.DEATH: "death",
    ChangeKind.NAME_CHANGE: "name",
    ChangeKind.EX_OFFICIO_STRIKE: "ex-officio-strike",
}


def filing_desk(turn: Turn) -> FilingDesk:
    """Give the desk of filings; the table of pages serves these pages only where there is one."""
    desk = turn.desks.filings
    if desk is None:
        raise LookupError("this node tells other towns nothing")
    return desk


def draft_path(turn: Turn, handle: str, kind: FilingKind, name: ReportName) -> str:
    """Give the page on which a resident's change is entered from a report."""
    return f"/residents/{handle}/{PAGES[change_of(kind)]}?{FIELD}={turn.seal(FIELD, *name)}"


def report_of(turn: Turn) -> ReportName | None:
    """Name the report from which a form was opened; none where it is no such form, or of another session."""
    words = turn.unsealed(turn.query.get(FIELD, ""), FIELD)
    return (words[0], words[1]) if words is not None and turn.desks.filings is not None else None


def fill_from_report(turn: Turn) -> None:
    """Fill a form in from the report from which it is opened; what the report does not say stays as it is."""
    name = report_of(turn)
    if name is None or turn.posted:
        return
    found = filing_desk(turn).received_one(turn.operator, name, turn.seat.terminal)
    if isinstance(found, Refusal) or found.report is None or found.line.state != "open":
        return
    turn.form.given = {**turn.form.given, **_fields(turn, found.report)}


def enter_from(turn: Turn, notice: Notice, reception: Reception | None) -> Done | Refusal | None:
    """Enter a change from the report from which its form was opened; None where it was opened from none."""
    name = report_of(turn)
    if name is None:
        return None
    done = filing_desk(turn).enter(turn.operator, notice, reception, name, turn.seat.terminal)
    return done if isinstance(done, Refusal) else Done(*done)


def _fields(turn: Turn, report: FilingReport) -> dict[str, str]:
    day, accepted = typed(report.happened_on), typed(report.accepted_on)
    told = {"notified_on": accepted, "by_report": "yes"}
    change = change_of(report.kind)
    if change is ChangeKind.DEATH:
        return told | {"died_on": day}
    if change is ChangeKind.BIRTH:
        return told | _child(report, day)
    if change is ChangeKind.NAME_CHANGE:
        return told | _name(report, day)
    lost = report.kind is FilingKind.NATIONALITY_LOST
    reason = ChangeReason.STRUCK_NATIONALITY_LOST if lost else ChangeReason.STRUCK_OTHER
    struck = {"cause": reason.value, "struck_from": day, "detail": STRUCK_FOR[report.kind]}
    who = chosen(turn)
    return struck | ({f"who-{who.addressee_number}": "yes"} if who is not None else {})


def _child(report: FilingReport, born: str) -> dict[str, str]:
    name = report.name
    fields = {
        "p1-birth": born,
        "p1-sex": report.sex.value if report.sex is not None else "",
        "p1-domicile": report.registered_domicile,
        "p1-head": report.family_register_head,
    }
    if name is not None:
        fields |= {
            "p1-kanji": name.kanji,
            "p1-furigana": name.furigana or "",
            "p1-confirmed": "yes" if name.furigana else "",
        }
    return fields


def _name(report: FilingReport, day: str) -> dict[str, str]:
    cause = cause_of(report.kind)
    fields = {
        "cause": cause.value if cause is not None else "",
        "changed_on": day,
        "domicile": report.registered_domicile,
        "head": report.family_register_head,
    }
    if report.name is not None:
        # Former surname, alias and roman letters are no business of the family register.
        said = name_as_fields(report.name)
        if report.kind is not FilingKind.FURIGANA:  # how it is written stays as the register has it
            fields |= {"n-kanji": said["n-kanji"]}
        if report.name.furigana:
            fields |= {"n-furigana": said["n-furigana"], "n-confirmed": "yes"}
        else:
            fields |= {"n-furigana": "", "n-confirmed": ""}
    return fields
