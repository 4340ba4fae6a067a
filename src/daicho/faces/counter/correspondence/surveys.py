"""定期調査: surveys that were started, one with its figures and households, what was found at one household."""

from daicho.faces.counter.correspondence.bulk import run_rows, stop_run
from daicho.faces.counter.residents import resident_handle
from daicho.faces.counter.tables import Heading, Row, Table, csv_file
from daicho.faces.terminal.correspondence_desk import SurveyDesk
from daicho.faces.terminal.desk import Why
from daicho.faces.terminal.forms import UNREADABLE_STATUS, WORDS_CHARACTERS, Form
from daicho.faces.terminal.page import Answer, Go, Hand, Refused, Show, Turn, not_found
from daicho.faces.terminal.show import era, moment
from daicho.faces.wording.purposes import REGISTRY_PURPOSES
from daicho.faces.wording.terms import word
from daicho.nodes.registry.guarding import sees_protected
from daicho.nodes.registry.surveys.running import SurveyedHousehold, SurveyList, SurveySummary, SurveyView
from daicho.rules.certificates.content import CertificateKind
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.names import MAX_NAME_CHARACTERS
from daicho.rules.upkeep.regular import (
    Difference,
    HouseholdFinding,
    SurveyBasis,
    SurveyGround,
    SurveyResult,
    SurveyScope,
    SurveyState,
)

ARTICLE = "住民基本台帳法第34条"
_WHY = Why(dict(REGISTRY_PURPOSES)["investigation"], "法34条")
_COLOURS = {
    SurveyState.LISTING: "blue", SurveyState.OPEN: "orange", SurveyState.ENDED: "green", SurveyState.WITHDRAWN: "grey",
}  # fmt: skip
RESULT_COLOURS = {
    SurveyResult.NOT_VISITED: "grey", SurveyResult.AS_REGISTERED: "green", SurveyResult.DIFFERS: "red",
    SurveyResult.NOBODY_MET: "orange",
}  # fmt: skip
_NOTED = tuple(one for one in SurveyResult if one is not SurveyResult.NOT_VISITED)
_NAMES = {"people": "differing", "survey": "form", "result": "survey_result", "household": "form"}


def surveys(turn: Turn) -> Answer:
    """List the surveys; take the scope of a new one."""
    form = turn.form
    if turn.posted:
        scope = _read_scope(form)
        if scope is not None:
            done = desk_of(turn).start(turn.operator, turn.seat.terminal, scope)
            if not isinstance(done, Refusal):
                return Go(f"/upkeep/surveys/{turn.seal('survey', done)}", "survey_started")
            form.refuse(done, {"until": "survey_until"})
    found = desk_of(turn).overview(turn.operator)
    if isinstance(found, Refusal):
        return Refused(found)
    values = {
        "article": ARTICLE,
        "form": form,
        "rows": [_row(turn, one) for one in found],
        "bases": tuple(SurveyBasis),
        "grounds": tuple(SurveyGround),
    }
    return Show("surveys.html", values, 200 if form.fine else UNREADABLE_STATUS)


def _row(turn: Turn, one: SurveyView) -> dict[str, object]:
    summary = one.summary
    return {
        "view": one,
        "survey": summary,
        "colour": _COLOURS[summary.state],
        "handle": turn.seal("survey", summary.number),
    }


def _read_scope(form: Form) -> SurveyScope | None:
    basis = form.member("survey_basis", SurveyBasis, required=True)
    title = form.text("survey_title", required=True, limit=WORDS_CHARACTERS)
    surveyors = form.text("surveyors", required=True, limit=MAX_NAME_CHARACTERS)
    until = form.day("survey_until", required=True)
    area = form.text("survey_area")
    age = form.whole_number("age_years")
    quiet = form.whole_number("quiet_years")
    grounds = tuple(one for one in SurveyGround if form.ticked(f"ground-{one.value}"))
    if basis is None or until is None or not form.fine:
        return None
    return SurveyScope(
        basis,
        title,
        surveyors,
        until,
        area,
        grounds,
        100 if age is None else age,
        10 if quiet is None else quiet,
    )


def survey(turn: Turn) -> Answer:
    """Show one survey with a page of its households; have sheets written, or end it."""
    words = turn.unseal("survey")
    if words is None:
        return not_found()
    number, form, desk = words[0], turn.form, desk_of(turn)
    if turn.posted:
        answer = _acted(turn, number)
        if answer is not None:
            return answer
    chosen = next((one for one in SurveyResult if one.value == turn.query.get("result", "")), None)
    after = _after(turn)
    found = desk.listed(turn.operator, turn.seat.terminal, number, chosen, after)
    if isinstance(found, Refusal):
        return Refused(found, 404)
    return Show("survey.html", _shown(turn, found, chosen), 200 if form.fine else UNREADABLE_STATUS)


def _after(turn: Turn) -> tuple[str, int]:
    words = turn.unsealed(turn.query.get("after", ""), "after")
    return (words[0], int(words[1])) if words is not None else ("", 0)


def _shown(turn: Turn, found: SurveyList, chosen: SurveyResult | None) -> dict[str, object]:
    view, number = found.view, found.view.summary.number
    return {
        **_row(turn, view),
        **run_rows(turn, CertificateKind.SURVEY_SHEET, number),
        "article": ARTICLE,
        "form": turn.form,
        "results": [(one, *view.tallies.get(one, (0, 0)), RESULT_COLOURS[one]) for one in SurveyResult],
        "chosen": chosen.value if chosen is not None else "",
        "rows": [
            {
                "home": one,
                "colour": RESULT_COLOURS[one.result],
                "handle": turn.seal("survey-home", number, str(one.household_number)),
            }
            for one in found.households
        ],
        "first_page": "after" not in turn.query,
        "next": turn.seal("after", found.after[0], str(found.after[1])) if found.after is not None else "",
        "open": view.summary.state is SurveyState.OPEN,
        "going": view.summary.state in (SurveyState.OPEN, SurveyState.LISTING),
    }


def _acted(turn: Turn, number: str) -> Answer | None:
    form, desk, who, terminal = turn.form, desk_of(turn), turn.operator, turn.seat.terminal
    done: object
    match form.raw("step"):
        case "sheets":
            done, flash, names = desk.sheets(who, terminal, number), "letters_asked", {"paper": "form"}
        case "stop-letters":
            done, flash, names = stop_run(turn), "letters_stopped", {"run": "form"}
        case "end":
            words = form.text("end_words", limit=WORDS_CHARACTERS)
            done = desk.end(who, terminal, number, words) if form.fine else None
            flash, names = "survey_ended", {"survey": "form"}
        case "withdraw":
            words = form.text("withdraw_words", required=True, limit=WORDS_CHARACTERS)
            done = desk.withdraw(who, terminal, number, words) if form.fine else None
            flash, names = "survey_withdrawn", {"survey": "form"}
        case _:
            return None
    if isinstance(done, Refusal):
        form.refuse(done, names)
    return Go(f"/upkeep/surveys/{turn.parts['handle']}", flash) if form.fine else None


def report(turn: Turn) -> Answer:
    """Hand out the figures of a survey: how many households and people came to what."""
    words = turn.unseal("survey")
    if words is None:
        return not_found()
    view = desk_of(turn).report(turn.operator, turn.seat.terminal, words[0])
    if isinstance(view, Refusal):
        return Refused(view, 404)
    summary = view.summary
    scope = summary.scope
    grounds = "、".join(word(one) for one in scope.grounds)
    about = [
        ("調査番号", summary.number),
        ("件名", scope.title),
        ("根拠", word(scope.basis)),
        ("区域", scope.area or "全域"),
        ("対象とする理由", grounds or "全世帯"),
        ("調査する職員", scope.surveyors),
        ("期限", era(scope.until)),
        ("開始", moment(summary.started_at)),
        ("状態", word(summary.state)),
        ("終了", moment(summary.ended_at) if summary.ended_at is not None else ""),
        ("終了の理由等", summary.words),
    ]
    rows = [Row(word(one), view.tallies.get(one, (0, 0))) for one in SurveyResult]
    total = Row("計", (view.households, sum(people for _, people in view.tallies.values())), "total")
    table = Table((Heading("調査", ("世帯", "人")),), (*rows, total))
    content = csv_file(about, "結果", [table])
    return Hand(content, "text/csv; charset=utf-8", f"survey-{words[0]}.csv", saved=True)


def household(turn: Turn) -> Answer:
    """Show one household of a survey; take what was found there."""
    words = turn.unseal("survey-home")
    if words is None:
        return not_found()
    number, home, desk = words[0], int(words[1]), desk_of(turn)
    found = desk.household(turn.operator, turn.seat.terminal, number, home)
    if isinstance(found, Refusal):
        return Refused(found, 404)
    if turn.posted:
        answer = _noted(turn, number, found)
        if answer is not None:
            return answer
    summary, one = found
    values = {
        "article": ARTICLE,
        "form": turn.form,
        "survey": summary,
        "survey_handle": turn.seal("survey", number),
        "home": one,
        "colour": RESULT_COLOURS[one.result],
        "people": [
            {"record": record, "handle": resident_handle(turn, record.addressee_number, _WHY)}
            for record in one.people
        ],
        "case": turn.seal("case", one.case_number) if one.case_number else "",
        "open": summary.state is SurveyState.OPEN and one.result is not SurveyResult.DIFFERS,
        "results": _NOTED,
        "differences": tuple(Difference),
    }
    return Show("survey_household.html", values, 200 if turn.form.fine else UNREADABLE_STATUS)


def _noted(turn: Turn, number: str, found: tuple[SurveySummary, SurveyedHousehold]) -> Answer | None:
    form, home = turn.form, found[1]
    result = form.member("survey_result", SurveyResult, required=True)
    visited_on = form.day("visited_on") or turn.today
    differs = result is SurveyResult.DIFFERS
    difference = form.member("difference", Difference, required=differs) if differs else None
    words = form.text("finding_words", required=differs, limit=WORDS_CHARACTERS)
    people = tuple(
        one.addressee_number
        for one in home.people
        if differs and form.ticked(f"differing-{one.addressee_number}")
    )
    visits = form.whole_number("visits") or 0
    if result is None or not form.fine:
        return None
    finding = HouseholdFinding(result, visited_on, words, difference, people)
    done = desk_of(turn).note(
        turn.operator, turn.seat.terminal, number, home.household_number, finding, visits
    )
    if isinstance(done, Refusal):
        if done.reason is Reason.PROTECTED:
            return Refused(done)
        form.refuse(done, _NAMES)
        return None
    if not done.number:
        return Go(f"/upkeep/surveys/{turn.seal('survey', number)}", "survey_noted")
    flash = "survey_case"
    if done.alerts:
        flash = "upkeep_alerted" if sees_protected(turn.operator) else "upkeep_officer"
    return Go(f"/upkeep/cases/{turn.seal('case', done.number)}", flash)


def desk_of(turn: Turn) -> SurveyDesk:
    """Give the desk of surveys; the table of pages serves these pages only where there is one."""
    desk = turn.desks.surveys
    if desk is None:
        raise LookupError("this node surveys nobody")
    return desk
