"""戸籍の附票の通知（受領）: what towns tell of people whose family register is here, recorded or said not to agree; counts."""

from collections.abc import Collection
from datetime import date, timedelta

from daicho.faces.counter.people_fields import spaced
from daicho.faces.terminal.forms import UNREADABLE_STATUS, WORDS_CHARACTERS, Form
from daicho.faces.terminal.page import Answer, Go, Refused, Show, Turn, not_found
from daicho.faces.terminal.show import typed
from daicho.faces.terminal.supplement_desk import SupplementDesk
from daicho.faces.wording.fields import Mistake
from daicho.faces.wording.supplements import COUNT_WORDS, RECEIVED_STATES
from daicho.nodes.registry.supplements.receiving import SupplementLine
from daicho.nodes.registry.supplements.seeing import NoticeName
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Permission, permissions_of
from daicho.rules.people.names import MAX_NAME_CHARACTERS
from daicho.rules.people.sex import Sex
from daicho.rules.people.written_dates import text_of_day
from daicho.rules.supplements.mismatch import MismatchItem, RegisterMismatch
from daicho.rules.supplements.notice import DOMICILE_CHARACTERS, AddressSupplementNotice

ARTICLE = "住民基本台帳法第19条第1項・第2項"
_KIND = "supplement-in"
_NAMES = {
    "items": "differs",
    "name": "says-kanji",
    "birth_date": "says-birth",
    "sex": "says-sex",
    "registered_domicile": "says-domicile",
    "family_register_head": "says-head",
    "remarks": "says-remarks",
}


def supplement_desk(turn: Turn) -> SupplementDesk:
    """Give the desk of the address supplement; the table of pages serves these pages only where there is one."""
    desk = turn.desks.supplements
    if desk is None:
        raise LookupError("this node tells no town of registered domiciles")
    return desk


def queue(turn: Turn) -> Answer:
    """List the notices that wait, oldest first; note many at once as recorded."""
    form, desk = turn.form, supplement_desk(turn)
    names: list[NoticeName] = []
    if turn.posted:
        names = [(town, notice_id) for town, notice_id in turn.picked(_KIND)]
        if not names:
            form.mistake("notices", Mistake.NOBODY_CHOSEN)
            return _list(turn, names, done=False)
        done = desk.record(turn.operator, names, turn.seat.terminal)
        if not isinstance(done, Refusal):
            return Go("/supplements", "supplement_recorded")
        form.refuse(done, {"notice": "notices"})
    return _list(turn, names, done=False)


def done(turn: Turn) -> Answer:
    """List the notices that were recorded or did not agree, newest first."""
    return _list(turn, (), done=True)


def _list(turn: Turn, ticked: Collection[NoticeName], *, done: bool) -> Answer:
    found = supplement_desk(turn).received(turn.operator, turn.seat.terminal, done=done)
    if isinstance(found, Refusal):
        return Refused(found)
    rows = [_row(turn, one) | {"ticked": (str(one.sender), one.notice_id) in ticked} for one in found.lines]
    values = {
        "article": ARTICLE,
        "form": turn.form,
        "rows": rows,
        "more": found.more,
        "done": done,
        "may_record": Permission.ENTER_CHANGE in permissions_of(turn.operator),
    }
    return Show("supplements.html", values, 200 if turn.form.fine else UNREADABLE_STATUS)


def _row(turn: Turn, line: SupplementLine) -> dict[str, object]:
    words, colour = RECEIVED_STATES[line.state]
    handle = turn.seal(_KIND, str(line.sender), line.notice_id)
    birth = birth_words(line.notice) if line.notice is not None else ""
    return {"line": line, "words": words, "colour": colour, "handle": handle, "birth": birth}


def birth_words(notice: AddressSupplementNotice) -> str:
    """Write the birth date of a notice as a family register would."""
    return text_of_day(notice.birth_date, notice.birth_written or None, western=False)


def notice(turn: Turn) -> Answer:
    """Show one notice; note it as recorded, or tell its town what does not agree."""
    words = turn.unseal(_KIND)
    if words is None:
        return not_found()
    name, form, desk = (words[0], words[1]), turn.form, supplement_desk(turn)
    if turn.posted:
        answer = _decided(turn, name)
        if answer is not None:
            return answer
    found = desk.received_one(turn.operator, name, turn.seat.terminal)
    if isinstance(found, Refusal):
        return Refused(found, 409)
    may_enter = Permission.ENTER_CHANGE in permissions_of(turn.operator) and found.state == "open"
    values = {
        "article": ARTICLE,
        "form": form,
        "notice": found.notice,
        "may_record": may_enter,
        "items": tuple(MismatchItem),
        "sexes": tuple(Sex),
        **_row(turn, found),
    }
    return Show("supplement.html", values, 200 if form.fine else UNREADABLE_STATUS)


def _decided(turn: Turn, name: NoticeName) -> Answer | None:
    """Carry out what was pressed; None when the page is to be shown again with what is wrong."""
    form, desk, terminal = turn.form, supplement_desk(turn), turn.seat.terminal
    step = form.one_of("step", ("record", "differs"), required=True)
    if step == "record":
        done = desk.record(turn.operator, [name], terminal)
        if not isinstance(done, Refusal):
            return Go("/supplements", "supplement_recorded")
        form.refuse(done)
        return None
    mismatch = _mismatch(form)
    if step is None or mismatch is None or not form.fine:
        return None
    refusal = desk.tell_mismatch(turn.operator, name, mismatch, terminal)
    if refusal is None:
        return Go("/supplements", "supplement_differs")
    form.refuse(refusal, _NAMES)
    return None


def _mismatch(form: Form) -> RegisterMismatch | None:
    items = tuple(one for one in MismatchItem if form.ticked(f"differs-{one.value}"))
    if not items:
        form.mistake("differs", Mistake.MISSING)
    name = spaced(form.text("says-kanji", limit=MAX_NAME_CHARACTERS))
    birth = form.written_day("says-birth")
    sex = form.member("says-sex", Sex)
    domicile = form.text("says-domicile", limit=DOMICILE_CHARACTERS)
    head = spaced(form.text("says-head", limit=MAX_NAME_CHARACTERS))
    remarks = form.text("says-remarks", limit=WORDS_CHARACTERS)
    if not form.fine:
        return None
    return RegisterMismatch(
        items, name, birth.folded if birth is not None else None, (birth.kept or "") if birth is not None else "",
        sex, domicile, head, remarks,
    )  # fmt: skip


def counts(turn: Turn) -> Answer:
    """Count the notices of a month by day; of this month where none is named."""
    form = turn.form
    form.given = dict(turn.query)
    month = form.day("on") or turn.today
    found = supplement_desk(turn).counts(turn.operator, month, turn.seat.terminal)
    if isinstance(found, Refusal):
        return Refused(found)
    before = found.first - timedelta(days=1)
    values = {
        "article": ARTICLE,
        "form": form,
        "found": found,
        "headings": COUNT_WORDS,
        "before": typed(before),
        "after": typed(_next_month(found.first)) if _next_month(found.first) <= turn.today else "",
        "month": f"{typed(found.first)}",
    }
    return Show("supplement_counts.html", values, 200 if form.fine else UNREADABLE_STATUS)


def _next_month(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)
