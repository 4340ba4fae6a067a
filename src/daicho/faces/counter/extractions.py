"""データ抽出（EUC）: whom a file is to name and what for, a second person's word, and the file, once."""

from daicho.faces.counter.hall_links import desk_of
from daicho.faces.terminal.desk import Choice
from daicho.faces.terminal.forms import UNREADABLE_STATUS, Form
from daicho.faces.terminal.page import Answer, Go, Hand, Refused, Show, Turn, not_found
from daicho.faces.terminal.show import era
from daicho.faces.wording.refusals import explain
from daicho.faces.wording.terms import word
from daicho.nodes.registry.hall.extractions import ORDER_ARTICLE, ExtractionView
from daicho.nodes.registry.hall.files import FileWords
from daicho.rules.hall.extraction import (
    APPROVED_ITEMS,
    AT_ONCE_PEOPLE,
    COUNTED_ONE_BY_ONE,
    EXTRACTED_ITEMS,
    READY_FOR,
    SUMMED,
    TOWN_CHARACTERS,
    WITHOUT_APPROVAL_PEOPLE,
    WORDS_CHARACTERS,
    ExtractionConditions,
    ExtractionOrder,
    ExtractionState,
)
from daicho.rules.hall.offices import OFFICE_DUTIES, HallItem
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.sex import Sex
from daicho.rules.protection.veil import WITHHELD
from daicho.rules.register.reasons import ChangeReason
from daicho.rules.register.record import ResidentKind

ARTICLE = "本人確認情報管理方法第3(3)"
_CSV = "text/csv; charset=utf-8"
_COLOURS = {
    ExtractionState.WAITING: "orange",
    ExtractionState.READY: "green",
    ExtractionState.DECLINED: "red",
    ExtractionState.MAKING: "orange",
    ExtractionState.KEPT: "green",
    ExtractionState.MADE: "grey",
    ExtractionState.LAPSED: "red",
}
_BASES = (
    Choice("住民基本台帳法第1条", "住民に関する事務（住民基本台帳法第1条）"),
    Choice("住民基本台帳法第34条", "記録の調査（住民基本台帳法第34条）"),
    *(Choice(str(one.article), f"{one.title}（{one.article}）") for one in OFFICE_DUTIES),
)
_CODED = {
    HallItem.SEX: Sex,
    HallItem.RESIDENT_KIND: ResidentKind,
    HallItem.REMOVAL_REASON: ChangeReason,
}


def extractions(turn: Turn) -> Answer:
    """Show the form and what was asked for; take an order."""
    desk, form = desk_of(turn), turn.form
    if turn.posted:
        order = _read(form, turn)
        if order is not None:
            kept = desk.ask_extraction(turn.operator, order, turn.seat.terminal)
            if not isinstance(kept, Refusal):
                waits = kept.state is ExtractionState.WAITING
                return Go("/extractions", "extraction_asked" if waits else "extraction_ready")
            form.refuse(kept)
    found = desk.extractions(turn.operator)
    if isinstance(found, Refusal):
        return Refused(found)
    values = {
        "article": ARTICLE,
        "form": form,
        "rows": [_row(turn, one) for one in found],
        "items": [(one, one in APPROVED_ITEMS) for one in EXTRACTED_ITEMS],
        "bases": _BASES,
        "sexes": tuple(Sex),
        "kinds": tuple(ResidentKind),
        "most": WITHOUT_APPROVAL_PEOPLE,
        "summed": SUMMED.days,
        "ready": READY_FOR.days,
        "counted_exactly": COUNTED_ONE_BY_ONE,
        "at_once": AT_ONCE_PEOPLE,
        "being_made": any(one.state is ExtractionState.MAKING for one in found),
    }
    return Show("extractions.html", values, 200 if form.fine else UNREADABLE_STATUS)


def _row(turn: Turn, one: ExtractionView) -> dict[str, object]:
    state = one.state
    return {
        "view": one,
        "row": one.row,
        "state": state,
        "colour": _COLOURS[state],
        "lines": condition_lines(one.order.conditions),
        "items": "・".join(word(item) for item in EXTRACTED_ITEMS if item in one.order.items),
        "handle": turn.seal("extraction", one.row.number),
        "own": one.row.asked_by == turn.operator.login_id,
        "fault": explain(Refusal(Reason(one.row.fault), ORDER_ARTICLE)).happened if one.row.fault else "",
    }


def condition_lines(asked: ExtractionConditions) -> tuple[str, ...]:
    """Write conditions as a second person reads them."""
    ages = [str(one) if one is not None else "" for one in (asked.youngest, asked.oldest)]
    lines = [f"{era(asked.as_of)}現在"]
    if any(ages):
        lines.append(f"年齢 {ages[0]}〜{ages[1]}歳")
    if asked.sex is not None:
        lines.append(f"性別 {word(asked.sex)}")
    if asked.resident_kind is not None:
        lines.append(word(asked.resident_kind))
    if asked.town:
        lines.append(f"町名 {asked.town}")
    if asked.resident_from is not None or asked.resident_until is not None:
        lines.append(f"住民となった日 {era(asked.resident_from)}〜{era(asked.resident_until)}")
    if asked.householders_only:
        lines.append("世帯主のみ")
    return tuple(lines)


def _read(form: Form, turn: Turn) -> ExtractionOrder | None:
    purpose = form.text("purpose", required=True, limit=WORDS_CHARACTERS)
    basis = form.one_of("basis", tuple(one.key for one in _BASES), required=True)
    conditions = ExtractionConditions(
        as_of=form.day("as_of") or turn.today,
        youngest=form.whole_number("youngest"),
        oldest=form.whole_number("oldest"),
        sex=form.member("sex", Sex),
        resident_kind=form.member("kind", ResidentKind),
        town=form.text("town", limit=TOWN_CHARACTERS),
        resident_from=form.day("resident_from"),
        resident_until=form.day("resident_until"),
        householders_only=form.ticked("householders_only"),
    )
    items = frozenset(one for one in EXTRACTED_ITEMS if form.ticked(f"item-{one.value}"))
    if not form.fine:
        return None
    return ExtractionOrder(conditions, items, purpose, basis, form.ticked("characters_replaced"))


def extraction_file(turn: Turn) -> Answer:
    """Give the file of an extraction in the answer to the form itself, once; a large one is made first, beside the requests."""
    words = turn.unseal("extraction")
    if words is None:
        return not_found()
    made = desk_of(turn).make_extraction(turn.operator, words[0], _WORDS, turn.seat.terminal)
    if isinstance(made, Refusal):
        return Refused(made, 409)
    if made is None:
        return Go("/extractions", "extraction_begun")
    return Hand(made.content, _CSV, f"{words[0]}.csv", saved=True)


def approvals(turn: Turn) -> Answer:
    """List the extractions that wait for a second person; take a word for one."""
    desk, form = desk_of(turn), turn.form
    if turn.posted and form.raw("step") in ("accept", "decline"):
        accept = form.raw("step") == "accept"
        why = form.text("why", limit=WORDS_CHARACTERS)
        if form.fine:
            refusal = desk.decide_extraction(
                turn.operator, form.raw("number"), why, turn.seat.terminal, accept=accept
            )
            if refusal is None:
                flash = "extraction_approved" if accept else "extraction_declined"
                return Go("/extraction-approvals", flash)
            form.refuse(refusal, {"number": "form", "why": "why"})
    found = desk.waiting_extractions(turn.operator)
    if isinstance(found, Refusal):
        return Refused(found)
    values = {
        "article": ARTICLE,
        "form": form,
        "rows": [_row(turn, one) for one in found],
        "counted_exactly": COUNTED_ONE_BY_ONE,
    }
    return Show("extraction_approvals.html", values, 200 if form.fine else UNREADABLE_STATUS)


_WORDS = FileWords(
    addressee_number="宛名番号",
    living="現存",
    protected="支援措置",
    items={one: word(one) for one in HallItem},
    coded={item: {one.value: word(one) for one in kind} for item, kind in _CODED.items()},
    marks=("", "○"),
    withheld=WITHHELD,
)
