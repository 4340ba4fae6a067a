"""住民基本台帳の閲覧: applications, a second person's word, the list of four items, what is made public of a year."""

import csv
import io
import re

from daicho.faces.counter.tables import BOM
from daicho.faces.terminal.forms import UNREADABLE_STATUS, WORDS_CHARACTERS, Form
from daicho.faces.terminal.page import Answer, Go, Hand, Refused, Show, Turn, not_found
from daicho.faces.terminal.paper_desk import InspectionDesk
from daicho.faces.terminal.show import era
from daicho.faces.wording.fields import Mistake
from daicho.faces.wording.places import find_place, place_name
from daicho.faces.wording.terms import word
from daicho.nodes.registry.papers.inspections import SHOWN_ROWS, InspectionCase
from daicho.rules.inspection.application import (
    MOST_READERS,
    InspectionApplication,
    InspectionKind,
    InspectionReader,
    InspectionScope,
    article_of,
    is_published,
)
from daicho.rules.inspection.report import PublishedInspection, days_of_fiscal_year, fiscal_year_of
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Permission, permissions_of
from daicho.rules.people.dates import era_text
from daicho.rules.people.names import MAX_NAME_CHARACTERS
from daicho.rules.people.sex import Sex

ARTICLE = "住民基本台帳法第11条・第11条の2"
READERS = tuple(range(1, MOST_READERS + 1))
SHOWN_READERS = 4
STATES = {
    "asked": ("審査待ち", "orange"),
    "approved": ("閲覧を認めた", "green"),
    "declined": ("認めない", "grey"),
    "withdrawn": ("取下げ", "grey"),
    "revoked": ("認めたことの取消し", "red"),
}
_FIRST_YEAR, _LAST_YEAR = 2006, 9998
_BETWEEN_AREAS = re.compile("[、,，]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_CSV = "text/csv; charset=utf-8"
_NAMES = {
    "body": "applicant_body",
    "purpose": "inspection_purpose",
    "address": "body_address",
    "readers": "reader1-name",
    "number": "form",
}


def inspections(turn: Turn) -> Answer:
    """List what waits for a second person, and the newest applications."""
    found = _desk(turn).overview(turn.operator)
    if isinstance(found, Refusal):
        return Refused(found)
    values = {
        "article": ARTICLE,
        "to_decide": [_row(turn, one) for one in found.waiting],
        "newest": [_row(turn, one) for one in found.newest],
        "more": len(found.newest) == SHOWN_ROWS,
        "kinds": tuple(InspectionKind),
        "year": fiscal_year_of(turn.today),
    }
    return Show("inspections.html", values)


def _row(turn: Turn, one: InspectionCase) -> dict[str, object]:
    state, colour = STATES[one.state]
    return {
        "one": one,
        "application": one.application,
        "state": state,
        "colour": colour,
        "scope": scope_words(one.application.scope),
        "own": one.asked_by == turn.operator.login_id,
        "handle": turn.seal("inspection", one.number),
    }


def scope_words(scope: InspectionScope) -> str:
    """Say whose items are read."""
    words = ["、".join(scope.areas)]
    if scope.born_from is not None or scope.born_until is not None:
        words.append(f"{era(scope.born_from)}〜{era(scope.born_until)}生まれ")
    if scope.sex is not None:
        words.append(word(scope.sex))
    return "、".join(words)


def new_inspection(turn: Turn) -> Answer:
    """Take a request or an application of the kind in the path."""
    kind = next((one for one in InspectionKind if one.value == turn.parts["kind"]), None)
    if kind is None:
        return not_found()
    form = turn.form
    if turn.posted:
        application = _read(turn, kind)
        if application is not None:
            number = _desk(turn).apply(turn.operator, turn.seat.terminal, application)
            if not isinstance(number, Refusal):
                handle = turn.seal("inspection", number)
                return Go(f"/inspections/cases/{handle}", "inspection_asked")
            form.refuse(number, _NAMES)
    values = {
        "article": article_of(kind),
        "form": form,
        "kind": kind,
        "public": kind is InspectionKind.PUBLIC,
        "readers": READERS,
        "shown_readers": SHOWN_READERS,
        "more_readers": any(form.raw(f"reader{one}-name") for one in READERS[SHOWN_READERS:]),
    }
    return Show("inspection_new.html", values, 200 if form.fine else UNREADABLE_STATUS)


def _read(turn: Turn, kind: InspectionKind) -> InspectionApplication | None:
    form = turn.form
    body = form.text("applicant_body", limit=MAX_NAME_CHARACTERS)
    texts = {
        name: form.text(name, limit=WORDS_CHARACTERS)
        for name in (
            "inspection_purpose", "summary", "legal_basis", "body_address", "handling", "publication", "area",
            "hardship", "officer", "client",
        )
    }  # fmt: skip
    names = {
        name: form.text(name, limit=MAX_NAME_CHARACTERS)
        for name in ("representative", "supervisor", "handlers")
    }
    readers = tuple(one for place in READERS if (one := _reader(form, place)) is not None)
    scope = InspectionScope(
        _areas(turn, texts["area"]),
        form.day("born_from"),
        form.day("born_until"),
        form.member("scope_sex", Sex),
    )
    received_on = form.day("received_on") or turn.today
    inspect_on = form.day("inspect_on", required=True)
    if inspect_on is None or not form.fine:
        return None
    return InspectionApplication(
        kind, body, texts["inspection_purpose"], readers, scope, received_on, inspect_on,
        address=texts["body_address"],
        representative=names["representative"],
        summary=texts["summary"],
        legal_basis=texts["legal_basis"],
        withheld=form.ticked("withheld"),
        supervisor=names["supervisor"],
        handlers=tuple(part.strip() for part in names["handlers"].split("、") if part.strip()),
        handling=texts["handling"],
        publication=texts["publication"],
        officer=texts["officer"],
        hardship=texts["hardship"],
        corporate=form.ticked("corporate"),
        client=texts["client"],
    )  # fmt: skip


def _areas(turn: Turn, text: str) -> tuple[str, ...]:
    """Part what was typed into areas, without the town's name: no address of its register says it."""
    home, areas = _desk(turn).place, []
    for area in filter(None, map(str.strip, _BETWEEN_AREAS.split(text))):
        _, code, rest = find_place(area)
        areas.append(rest if code and place_name(code) == home else area)
    return tuple(areas)


def _reader(form: Form, place: int) -> InspectionReader | None:
    name = form.text(f"reader{place}-name", limit=MAX_NAME_CHARACTERS)
    about = form.text(f"reader{place}-about", required=bool(name), limit=WORDS_CHARACTERS)
    return InspectionReader(name, about) if name or about else None


def inspection(turn: Turn) -> Answer:
    """Show one application; take a second person's word, or lay the list before the readers who came."""
    words = turn.unseal("inspection")
    if words is None:
        return not_found()
    desk, form = _desk(turn), turn.form
    found = desk.case(turn.operator, words[0])
    if isinstance(found, Refusal):
        return Refused(found, 404)
    if turn.posted:
        done = _done(turn, found)
        if done is not None:
            return done
    rights = permissions_of(turn.operator)
    application = found.application
    values = {
        **_row(turn, found),
        "article": article_of(application.kind),
        "form": form,
        "public": application.kind is InspectionKind.PUBLIC,
        "published": is_published(application),
        "readings": found.readings,
        "may_decide": found.state == "asked" and Permission.VERIFY_CHANGE in rights,
        "may_end": found.state == "asked"
        or (found.state == "approved" and Permission.VERIFY_CHANGE in rights),
    }
    return Show("inspection.html", values, 200 if form.fine else UNREADABLE_STATUS)


def _done(turn: Turn, found: InspectionCase) -> Answer | None:
    form, desk, step = turn.form, _desk(turn), turn.form.raw("step")
    if step in ("accept", "decline"):
        accept = step == "accept"
        why = form.text("why", required=not accept, limit=WORDS_CHARACTERS)
        if not form.fine:
            return None
        refusal = desk.decide(turn.operator, turn.seat.terminal, found.number, why, accept=accept)
        if refusal is None:
            return Go("/inspections", "inspection_approved" if accept else "inspection_declined")
        form.refuse(refusal, {"number": "form", "verified_by": "form"})
        return None
    if step == "end":
        return _ended(turn, found)
    if step != "read":
        return None
    readers = found.application.readers
    present = tuple(one.name for place, one in enumerate(readers) if form.ticked(f"present-{place}"))
    if not present:
        form.mistake("present", Mistake.NOBODY_CHOSEN)
        return None
    charged = found.application.kind is not InspectionKind.PUBLIC
    fee_yen = form.whole_number("inspection_fee", required=charged) if charged else 0
    if fee_yen is None or not form.fine:
        return None
    shown = desk.read(
        turn.operator,
        turn.seat.terminal,
        found.number,
        present,
        fee_yen,
        identity_shown=form.ticked("identity_shown"),
    )
    if isinstance(shown, Refusal):
        form.refuse(
            shown, dict.fromkeys(("identity_shown", "inspect_on", "area", "present", "number"), "form")
        )
        return None
    values = {
        **_row(turn, found),
        "shown": shown,
        "today": turn.today,
        "article": article_of(shown.application.kind),
    }
    return Show("inspection_list.html", values)


def _ended(turn: Turn, found: InspectionCase) -> Answer | None:
    form = turn.form
    why = form.text("ended_why", required=True, limit=WORDS_CHARACTERS)
    if not form.fine:
        return None
    refusal = _desk(turn).end(turn.operator, turn.seat.terminal, found.number, why)
    if refusal is None:
        return Go("/inspections", "inspection_ended")
    form.refuse(refusal, {"number": "form"})
    return None


def report(turn: Turn) -> Answer:
    """Show what is made public of the inspections of one fiscal year."""
    form, year = _year(turn)
    values: dict[str, object] = {
        "article": "住民基本台帳法第11条第3項・第11条の2第12項",
        "form": form,
        "year": year,
    }
    rows: tuple[PublishedInspection, ...] = ()
    if form.fine:
        found = _desk(turn).report(turn.operator, year)
        if isinstance(found, Refusal):
            return Refused(found)
        rows = found
    first, last = days_of_fiscal_year(year)
    values.update(
        first=first,
        last=last,
        bodies=[(one, scope_words(one.scope)) for one in rows if one.kind is InspectionKind.PUBLIC],
        others=[(one, scope_words(one.scope)) for one in rows if one.kind is not InspectionKind.PUBLIC],
    )
    return Show("inspection_report.html", values, 200 if form.fine else UNREADABLE_STATUS)


def report_file(turn: Turn) -> Answer:
    """Give what is made public of one fiscal year as a file."""
    form, year = _year(turn)
    if not form.fine:
        return not_found()
    found = _desk(turn).report(turn.operator, year)
    if isinstance(found, Refusal):
        return Refused(found)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        ("区分", "機関・申出者", "代表者", "請求の事由・利用の目的の概要", "閲覧の年月日", "住民の範囲")
    )
    for one in found:
        words = (
            word(one.kind), one.body, one.representative, one.summary, era_text(one.inspected_on),
            scope_words(one.scope),
        )  # fmt: skip
        writer.writerow("'" + text if text.startswith(_FORMULA) else text for text in words)
    return Hand((BOM + out.getvalue()).encode(), _CSV, f"inspections-{year}.csv", saved=True)


def _year(turn: Turn) -> tuple[Form, int]:
    form = Form({"year": turn.query.get("year", "")})
    this_year = fiscal_year_of(turn.today)
    year = form.whole_number("year") or this_year
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        form.mistake("year", Mistake.NOT_IN_LIST)
        year = this_year
    return form, year


def _desk(turn: Turn) -> InspectionDesk:
    desk = turn.desks.inspections
    if desk is None:
        raise LookupError("this node keeps no inspections")
    return desk
