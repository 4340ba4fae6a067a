"""個人番号の確認: whether a number that somebody shows is theirs, as the network says."""

from collections.abc import Callable

from daicho.faces.counter.deferral import draft_of, take_up
from daicho.faces.counter.residents import opened_to_act
from daicho.faces.terminal.desk import Choice, WhyChoices
from daicho.faces.terminal.forms import FIELD_CHARACTERS, UNREADABLE_STATUS, Form, half_width
from daicho.faces.terminal.network_desk import NumberDesk
from daicho.faces.terminal.page import Answer, Go, Refused, Show, Turn
from daicho.faces.terminal.terms import read_why
from daicho.faces.wording.fields import Mistake
from daicho.faces.wording.filings import NUMBER_BASES, VERDICT_WORDS
from daicho.faces.wording.purposes import REGISTRY_PURPOSES
from daicho.faces.wording.terms import word
from daicho.nodes.registry.residents import Purpose
from daicho.rules.deferral.affair import AffairKind, AffairState, DeferredAffair
from daicho.rules.identity.genuineness import ConfirmingBasis, NumberVerdict
from daicho.rules.law.refusal import Refusal
from daicho.rules.people.codes import IndividualNumber, MalformedCode
from daicho.rules.programmes.item import says_individual_number

ARTICLE = "番号法第16条"
_CHOICES = WhyChoices(
    tuple(Choice(key, words) for key, words in REGISTRY_PURPOSES),
    tuple(Choice(basis.value, words) for basis, words in NUMBER_BASES),
)
_KEPT = ("purpose", "basis", "shown-code")
_NAMES = {
    "individual_number": "shown-number",
    "resident_record_code": "shown-code",
    "addressee_number": "form",
}
_COLOURS = {NumberVerdict.MATCHES: "good", NumberVerdict.NO_ANSWER: "warn"}
Asked = Callable[[], NumberVerdict | Refusal | None]
Ours = Callable[[DeferredAffair], bool]


def number_check(turn: Turn) -> Answer:
    """Ask about somebody who need not live here yet, by the code of the papers that were brought."""
    take_up(turn)
    form = turn.form

    def ask() -> NumberVerdict | Refusal | None:
        why = read_why(form, _CHOICES)
        code, number = form.resident_code("shown-code", required=True), _number(form, required=True)
        if why is None or code is None or number is None or not form.fine:
            return None
        asked = Purpose(why.purpose, why.basis, turn.seat.terminal)
        return _desk(turn).confirm(turn.operator, code, number, asked)

    def ours(affair: DeferredAffair) -> bool:
        return affair.addressee_number is None and _digits(affair.fields.get("shown-code", "")) == _digits(
            form.raw("shown-code")
        )

    put_off = DeferredAffair(
        AffairKind.NUMBER,
        purpose=dict(REGISTRY_PURPOSES).get(form.raw("purpose"), ""),
        basis=form.raw("basis") if form.raw("basis") in set(ConfirmingBasis) else "",
        page="/number-check",
        form=tuple((name, _without_number(form.raw(name))[:FIELD_CHARACTERS]) for name in _KEPT),
    )
    return _page(turn, ask, put_off, ours, {"who": None, "file": None, "choices": _CHOICES})


def number_check_of(turn: Turn) -> Answer:
    """Ask about the resident in the path: by the number that is shown, or the one that is recorded."""
    found = opened_to_act(turn)
    if isinstance(found, Refused):
        return found
    who, file = found
    form = turn.form

    def ask() -> NumberVerdict | Refusal | None:
        recorded = form.raw("step") == "recorded"
        number = None if recorded else _number(form, required=True)
        if number is None and not recorded:
            return None
        # The record of whoever lives here is notified by the own prefecture.
        why = Purpose(who.why.purpose, ConfirmingBasis.OWN_PREFECTURE.value, turn.seat.terminal)
        return _desk(turn).confirm_of(turn.operator, who.addressee_number, number, why)

    def ours(affair: DeferredAffair) -> bool:
        return affair.addressee_number == who.addressee_number

    put_off = DeferredAffair(
        AffairKind.NUMBER, addressee_number=who.addressee_number, purpose=who.why.purpose, basis=who.why.basis,
        page="number", form=(("shown-number", ""),),
    )  # fmt: skip
    return _page(turn, ask, put_off, ours, {"who": who, "file": file})


def _page(turn: Turn, ask: Asked, put_off: DeferredAffair, ours: Ours, values: dict[str, object]) -> Answer:
    form, verdict = turn.form, None
    if turn.posted and form.raw("step") == "later":
        answer = _put_off(turn, put_off)
        if answer is not None:
            return answer
    elif turn.posted:
        told = ask()
        if isinstance(told, Refusal):
            form.refuse(told, _NAMES)
        else:
            verdict = told
            _finish(turn, verdict, ours)
    # Whatever came of it, the number goes back onto no page, nor from a field into which it was typed by mistake.
    form.given = {
        key: "" if key == "shown-number" else _without_number(text) for key, text in form.given.items()
    }
    shown = {
        "article": ARTICLE,
        "form": form,
        "verdict": verdict,
        "words": VERDICT_WORDS[verdict] if verdict is not None else "",
        "colour": _COLOURS.get(verdict, "bad") if verdict is not None else "",
        "may_put_off": verdict is NumberVerdict.NO_ANSWER and turn.desks.deferral is not None,
        **values,
    }
    return Show("number_check.html", shown, 200 if form.fine else UNREADABLE_STATUS)


def _put_off(turn: Turn, affair: DeferredAffair) -> Answer | None:
    """Keep the question until somebody answers; the number itself is kept nowhere and is to be shown again."""
    desk = turn.desks.deferral
    if desk is None:
        return None
    done = desk.put_off(turn.operator, affair, turn.seat.terminal)
    return Refused(done, 409) if isinstance(done, Refusal) else Go("/later", "affair_taken")


def _finish(turn: Turn, verdict: NumberVerdict | None, ours: Ours) -> None:
    """Close the affair from which the page was opened, once there is an answer and where it is the one that was asked."""
    draft, desk = draft_of(turn), turn.desks.deferral
    if draft is None or desk is None or verdict is None or verdict is NumberVerdict.NO_ANSWER:
        return
    found = desk.opened(turn.operator, draft, turn.seat.terminal)
    if isinstance(found, Refusal) or found.affair.kind is not AffairKind.NUMBER or not ours(found.affair):
        return
    outcome = f"確認の結果：{word(verdict)}"
    desk.finish(turn.operator, draft, turn.seat.terminal, AffairState.FINISHED, outcome)


def _number(form: Form, *, required: bool) -> IndividualNumber | None:
    text = _digits(form.text("shown-number", required=required))
    if not text:
        return None
    try:
        return IndividualNumber(text)
    except MalformedCode:
        form.mistake("shown-number", Mistake.NO_SUCH_NUMBER)
        return None


def _without_number(text: str) -> str:
    return "" if says_individual_number(text) else text


def _digits(text: str) -> str:
    return half_width(text).replace(" ", "").replace("-", "")


def _desk(turn: Turn) -> NumberDesk:
    desk = turn.desks.numbers
    if desk is None:
        raise LookupError("this node asks nobody about numbers")
    return desk
