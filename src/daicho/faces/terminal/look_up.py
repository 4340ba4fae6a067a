"""本人確認: identification information of a CS, a prefecture or the nation, looked up under a legal basis."""

from daicho.faces.terminal.desk import LookUpDesk, SeenPerson, Why
from daicho.faces.terminal.forms import UNREADABLE_STATUS
from daicho.faces.terminal.page import Answer, Refused, Show, Turn, not_found
from daicho.faces.terminal.terms import SEARCH_NAMES, read_terms, read_why
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Permission, permissions_of

_KIND = "person"


def _desk(turn: Turn) -> LookUpDesk:
    desk = turn.desks.look_up
    if desk is None:
        raise LookupError("this node looks nobody up")
    return desk


def _handle(turn: Turn, person: SeenPerson, why: Why) -> str:
    return turn.seal(_KIND, person.ref, why.purpose, why.basis)


def _opened(turn: Turn) -> tuple[str, Why] | None:
    words = turn.unseal(_KIND)
    if words is None:
        return None
    return words[0], Why(words[1], words[2])


def search(turn: Turn) -> Answer:
    """Show the form, and the rows found when it was sent."""
    desk, form = _desk(turn), turn.form
    choices, scopes = desk.why_choices(), desk.scopes()
    number = Permission.SEARCH_BY_NUMBER in permissions_of(turn.operator)
    values: dict[str, object] = {
        "form": form,
        "choices": choices,
        "scopes": scopes,
        "number": number,
        "rows": None,
        "narrow": False,
        "basis_words": "",
    }
    if not turn.posted or form.raw("step") == "clear":
        form.given = {} if turn.posted else form.given
        return Show("look_up.html", values)
    why = read_why(form, choices)
    terms = read_terms(form, turn.info.home, number=number)
    scope = form.one_of("scope", tuple(one.key for one in scopes)) or scopes[0].key
    if why is None or not form.fine:
        return Show("look_up.html", values, UNREADABLE_STATUS)
    found = desk.search(turn.seat, terms, why, scope)
    if isinstance(found, Refusal):
        form.refuse(found, SEARCH_NAMES)
        return Show("look_up.html", values, UNREADABLE_STATUS)
    values["rows"] = [{"person": person, "handle": _handle(turn, person, why)} for person in found.rows]
    values["narrow"], values["basis_words"] = found.narrow, found.basis_words
    return Show("look_up.html", values)


def record(turn: Turn) -> Answer:
    """Show one person's record as far as the basis lets it be seen."""
    return _record(turn, "")


def reveal(turn: Turn) -> Answer:
    """Show the whole resident code once; the act is recorded by itself."""
    who = _opened(turn)
    if who is None:
        return not_found()
    code = _desk(turn).reveal_code(turn.seat, who[0], who[1])
    return Refused(code) if isinstance(code, Refusal) else _record(turn, str(code))


def _record(turn: Turn, code: str) -> Answer:
    who = _opened(turn)
    if who is None:
        return not_found()
    person = _desk(turn).record(turn.seat, who[0], who[1])
    if isinstance(person, Refusal):
        return Refused(person, 409)
    values = {
        "seen": person,
        "why": who[1],
        "handle": turn.parts["handle"],
        "code": code,
        "today": turn.today,
    }
    return Show("person.html", values)
