"""A form that is filled in from a notice of the Ministry, and the entry that closes the notice."""

from collections.abc import Sequence

from daicho.faces.counter.residents import chosen
from daicho.faces.terminal.desk import Done
from daicho.faces.terminal.ministry_desk import MinistryDesk
from daicho.faces.terminal.page import Turn
from daicho.nodes.registry.moj_link.deciding import NoticeName
from daicho.rules.law.refusal import Refusal
from daicho.rules.moj_link.drafting import STRUCK_WORDS, written_name
from daicho.rules.moj_link.notice import MojChange, MojNotice, change_kind_of
from daicho.rules.register.drafting import Notice
from daicho.rules.register.name_change import NameCause
from daicho.rules.register.reasons import ChangeKind, ChangeReason
from daicho.rules.register.reception import Reception

FIELD = "moj"
PAGES = {
    ChangeKind.NAME_CHANGE: "name",
    ChangeKind.DEATH: "death",
    ChangeKind.EX_OFFICIO_STRIKE: "ex-officio-strike",
    ChangeKind.RESIDENCE_STATUS_CHANGE: "residence",
}


def ministry_desk(turn: Turn) -> MinistryDesk:
    """Give the desk of the link; the table of pages serves these pages only where there is one."""
    desk = turn.desks.ministry
    if desk is None:
        raise LookupError("this node has no link with the Ministry")
    return desk


def moj_draft_path(turn: Turn, handle: str, change: MojChange, name: NoticeName) -> str:
    """Give the page on which a resident's change is entered from a notice."""
    page = PAGES[change_kind_of(change)]
    return f"/residents/{handle}/{page}?{FIELD}={turn.seal(FIELD, *map(str, name), change.value)}"


def notice_of(turn: Turn) -> NoticeName | None:
    """Name the notice from which a form was opened; none where it is no such form, or of another session."""
    words = _sealed(turn)
    return (int(words[0]), int(words[1])) if words else None


def change_told(turn: Turn) -> MojChange | None:
    """Name what the notice tells from which a form was opened; none where it was opened from none."""
    words = _sealed(turn)
    return MojChange(words[2]) if words else None


def _sealed(turn: Turn) -> Sequence[str]:
    words = turn.unsealed(turn.query.get(FIELD, ""), FIELD)
    return words if words is not None and turn.desks.ministry is not None else ()


def fill_from_notice(turn: Turn) -> None:
    """Fill a form in from the notice from which it is opened; what the notice does not say stays as it is."""
    name = notice_of(turn)
    if name is None or turn.posted:
        return
    found = ministry_desk(turn).one(turn.operator, name, turn.seat.terminal)
    if isinstance(found, Refusal) or found.notice is None or found.line.state not in ("matched", "open"):
        return
    turn.form.given = {**turn.form.given, **_fields(turn, found.notice)}


def enter_from_moj(turn: Turn, notice: Notice, reception: Reception | None) -> Done | Refusal | None:
    """Enter a change from the notice from which its form was opened; None where it was opened from none."""
    name = notice_of(turn)
    if name is None:
        return None
    done = ministry_desk(turn).enter(turn.operator, notice, reception, name, turn.seat.terminal)
    return done if isinstance(done, Refusal) else Done(*done)


def _fields(turn: Turn, notice: MojNotice) -> dict[str, str]:
    day, notified = notice.happened_on.isoformat(), notice.notified_on.isoformat()
    kind = change_kind_of(notice.change)
    if kind is ChangeKind.DEATH:
        return {"died_on": day, "notified_on": notified}
    if kind is ChangeKind.EX_OFFICIO_STRIKE:
        who = chosen(turn)
        ticked = {f"who-{who.addressee_number}": "yes"} if who is not None else {}
        words = STRUCK_WORDS[notice.change]
        return {"cause": ChangeReason.STRUCK_OTHER.value, "struck_from": day, "detail": words} | ticked
    days = {"changed_on": day, "notified_on": notified}
    if kind is ChangeKind.NAME_CHANGE:
        items = notice.items
        named = {
            "cause": NameCause.FOREIGN_REPORT.value,
            "n-kanji": written_name(items),
            "n-roman": items.roman,
        }
        return days | named | {"n-furigana": "", "n-confirmed": ""}
    return days | _residence(notice)


def _residence(notice: MojNotice) -> dict[str, str]:
    items = notice.items
    told = {
        "nationality": items.nationality,
        "category": items.category,
        "card": items.card_number,
        "status": items.status,
        "birth": str(items.birth_date) if items.birth_date is not None else "",
        "sex": items.sex.value if items.sex is not None else "",
    }
    fields = {name: text for name, text in told.items() if text}
    if items.status:
        fields |= {"period": items.period, "expires": items.ends_on.isoformat() if items.ends_on else ""}
    elif items.ends_on is not None:
        fields["expires"] = items.ends_on.isoformat()
    return fields
