"""戸籍の附票の通知（送付）: for which a clerk names the town, and what did not agree with a family register."""

from collections.abc import Collection

from daicho.faces.counter.network.supplements import birth_words, supplement_desk
from daicho.faces.counter.residents import resident_handle
from daicho.faces.terminal.desk import Why
from daicho.faces.terminal.forms import UNREADABLE_STATUS, WORDS_CHARACTERS
from daicho.faces.terminal.page import Answer, Go, Refused, Show, Turn, not_found
from daicho.faces.wording.fields import Mistake
from daicho.faces.wording.purposes import REGISTRY_PURPOSES
from daicho.faces.wording.supplements import OWED_STATES
from daicho.nodes.office.second_person import second_person
from daicho.nodes.registry.supplements.differing import OwedLine
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.operators.authority import Permission, permissions_of
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.written_dates import text_of_day
from daicho.rules.supplements.mismatch import MismatchItem, RegisterMismatch
from daicho.rules.supplements.notice import ID_CHARACTERS

ARTICLE = "住民基本台帳法第19条第1項・第2項"
FIELD, LETTER = "mismatch", "letter"
_KIND, _TOWN = "supplement-out", "supplement-town"
_WHY = Why(dict(REGISTRY_PURPOSES)["investigation"], "法8条")
_NAMES = {"to_municipality": "to_town", "notice": "notices"}
_UNKNOWN = Refusal(Reason.MUNICIPALITY_UNKNOWN, juki("19"), "to_municipality")


def queue(turn: Turn) -> Answer:
    """List what waits for a town to be named and what did not agree; send, or note as told on paper, what is ticked.

    By its number, what went in a letter that came back is listed instead, and may be told anew.
    """
    form, desk, terminal = turn.form, supplement_desk(turn), turn.seat.terminal
    ids = [words[0] for words in turn.picked(_KIND)] if turn.posted else []
    if not turn.posted:
        form.given = {LETTER: turn.query.get(LETTER, "")}
    letter = form.text(LETTER, limit=ID_CHARACTERS)
    if not turn.posted:
        return _list(turn, ids, None, letter)
    step = form.one_of("step", ("check", "send", "paper"), required=True)
    if not ids:
        form.mistake("notices", Mistake.NOBODY_CHOSEN)
    if step == "paper" and form.fine:
        refusal = desk.note_paper(turn.operator, ids, terminal, letter=letter)
        if refusal is None:
            return Go("/owed-supplements", "supplement_paper")
        form.refuse(refusal, {"notice": "notices"})
    town = _named(turn, step) if step in ("check", "send") else None
    if step == "send" and _sent(turn, ids, town, letter):
        return Go("/owed-supplements", "supplement_sent")
    return _list(turn, ids, town if form.fine else None, letter)


def _sent(turn: Turn, ids: Collection[str], town: MunicipalityCode | None, letter: str = "") -> bool:
    """Send to a town whose name was shown before; what hinders it is noted at the form."""
    if town is None or not turn.form.fine:
        return False
    desk, terminal = supplement_desk(turn), turn.seat.terminal
    refusal = desk.send_to(turn.operator, list(ids), town, terminal, letter=letter)
    if refusal is not None:
        turn.form.refuse(refusal, _NAMES)
    return refusal is None


def _named(turn: Turn, step: str) -> MunicipalityCode | None:
    """Read the town that was typed; it is sent to where this one was shown by its name before."""
    town = turn.form.municipality("to_town", required=True)
    if town is not None and not supplement_desk(turn).reaches(town):
        turn.form.refuse(_UNKNOWN, _NAMES)
        return None
    shown = turn.unsealed(turn.form.raw("once"), _TOWN)
    if step == "send" and town is not None and shown != (str(town),):
        turn.form.mistake("to_town", Mistake.NOT_YET_SHOWN)
        return None
    return town


def _list(turn: Turn, ticked: Collection[str], town: MunicipalityCode | None, letter: str) -> Answer:
    found = supplement_desk(turn).owed(turn.operator, turn.seat.terminal, letter=letter)
    if isinstance(found, Refusal):
        return Refused(found)
    rights = permissions_of(turn.operator)
    values = {
        "article": ARTICLE,
        "form": turn.form,
        "letter": letter,
        "unplaced": [_row(turn, one) | {"ticked": one.notice_id in ticked} for one in found.waiting],
        "differing": [_row(turn, one) for one in found.differing],
        "more": found.more,
        "may_enter": Permission.ENTER_CHANGE in rights,
        "count": len(ticked),
        **_to_confirm(turn, town),
    }
    return Show("supplements_owed.html", values, 200 if turn.form.fine else UNREADABLE_STATUS)


def _to_confirm(turn: Turn, town: MunicipalityCode | None) -> dict[str, object]:
    """Show a town by its name before anything is sent there."""
    return {"town": town, "once": turn.seal(_TOWN, str(town)) if town is not None else ""}


def _row(turn: Turn, line: OwedLine) -> dict[str, object]:
    words, colour = OWED_STATES[line.state]
    return {"line": line, "words": words, "colour": colour, "handle": turn.seal(_KIND, line.notice_id)}


def notice(turn: Turn) -> Answer:
    """Show one notice of the own town with what did not agree; open the correction, send it elsewhere, or close it."""
    words = turn.unseal(_KIND)
    if words is None:
        return not_found()
    notice_id, form, desk = words[0], turn.form, supplement_desk(turn)
    town: MunicipalityCode | None = None
    if turn.posted and form.raw("step") in ("check", "send"):
        town = _named(turn, form.raw("step"))
        if form.raw("step") == "send" and _sent(turn, [notice_id], town):
            return Go("/owed-supplements", "supplement_sent")
    elif turn.posted:
        answer = _decided(turn, notice_id)
        if answer is not None:
            return answer
    found = desk.owed_one(turn.operator, notice_id, turn.seat.terminal)
    if isinstance(found, Refusal):
        return Refused(found, 409)
    values = _shown(turn, found) | _to_confirm(turn, town if form.fine else None)
    return Show("supplement_owed.html", values, 200 if form.fine else UNREADABLE_STATUS)


def _shown(turn: Turn, found: OwedLine) -> dict[str, object]:
    may_enter = Permission.ENTER_CHANGE in permissions_of(turn.operator)
    proposed = found.state == "proposed"
    may_confirm = proposed and second_person(turn.operator, entered_by=found.proposed_by) is None
    own = found.proposed_by == turn.operator.login_id
    record = found.record
    handle = resident_handle(turn, record.addressee_number, _WHY) if record is not None else ""
    correctable = record is not None and record.living and may_enter and found.state == "differs"
    return {
        "article": ARTICLE,
        "form": turn.form,
        "told": found.told,
        "birth": birth_words(found.told) if found.told is not None else "",
        "mismatch": found.mismatch,
        "says_birth": _birth(found.mismatch),
        "record": record,
        "resident": handle,
        "elsewhere": found.mismatch is not None and MismatchItem.NO_REGISTER in found.mismatch.items,
        "correction": f"/residents/{handle}/correction?{FIELD}={turn.seal(FIELD, found.notice_id)}"
        if correctable
        else "",
        "may_enter": may_enter and found.state in ("waiting", "differs"),
        "may_confirm": may_confirm,
        "may_decline": proposed and (may_confirm or (may_enter and own)),
        **_row(turn, found),
    }


def _birth(mismatch: RegisterMismatch | None) -> str:
    if mismatch is None or mismatch.birth_date is None:
        return ""
    return text_of_day(mismatch.birth_date, mismatch.birth_written or None, western=False)


def _decided(turn: Turn, notice_id: str) -> Answer | None:
    """Carry out what was pressed; None when the page is to be shown again with what is wrong."""
    form, desk, terminal = turn.form, supplement_desk(turn), turn.seat.terminal
    step = form.one_of("step", ("propose", "confirm", "decline", "paper"), required=True)
    if step == "propose":
        why = form.text("why", required=True, limit=WORDS_CHARACTERS)
        if not form.fine:
            return None
        refusal, told = desk.propose_closing(turn.operator, notice_id, why, terminal), "supplement_proposed"
    elif step == "confirm":
        refusal, told = desk.confirm_closing(turn.operator, notice_id, terminal), "supplement_closed"
    elif step == "decline":
        refusal, told = desk.decline_closing(turn.operator, notice_id, terminal), "supplement_declined"
    elif step == "paper":
        refusal, told = desk.note_paper(turn.operator, [notice_id], terminal), "supplement_paper"
    else:
        return None
    if refusal is None:
        return Go("/owed-supplements", told)
    form.refuse(refusal, _NAMES)
    return None


def fields_from_mismatch(turn: Turn, addressee_number: int) -> dict[str, str]:
    """Give what the family register says, for a correction that is opened from a mismatch of that person; else nothing."""
    words = turn.unsealed(turn.query.get(FIELD, ""), FIELD)
    if turn.desks.supplements is None or words is None:
        return {}
    found = supplement_desk(turn).owed_one(turn.operator, words[0], turn.seat.terminal)
    if isinstance(found, Refusal) or found.mismatch is None or found.state != "differs":
        return {}
    if found.record is None or found.record.addressee_number != addressee_number:
        return {}
    says = found.mismatch
    fields = {
        "n-kanji": says.name,
        "birth": says.birth_written or (str(says.birth_date) if says.birth_date is not None else ""),
        "sex": says.sex.value if says.sex is not None else "",
        "domicile": says.registered_domicile,
        "head": says.family_register_head,
    }
    return {name: text for name, text in fields.items() if text}
