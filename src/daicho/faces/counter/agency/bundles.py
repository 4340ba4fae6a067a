"""個人番号通知書の束: ordered, made, fetched closed for the press, printed, sent; and sheets that are printed anew."""

from daicho.faces.counter.agency.acts import BUNDLE, WHY_CHARACTERS, printing_desk
from daicho.faces.terminal.forms import UNREADABLE_STATUS
from daicho.faces.terminal.page import Answer, Go, Hand, Refused, Show, Turn, not_found
from daicho.faces.wording.destinations import (
    BUNDLE_STATES,
    LETTER_STATES,
    PRINTED_STATES,
    left_out_words,
    refused_words,
    waits_words,
)
from daicho.faces.wording.fields import Mistake
from daicho.nodes.national.bundles import BundleNotice, BundleView
from daicho.rules.law.refusal import Refusal
from daicho.rules.people.codes import MunicipalityCode
from daicho.store.destination import NoticeName
from daicho.store.notice_bundles import BundleRow, LetterRow

_ARTICLE = "番号法第7条第1項"
_KIND, _ASKED, _BEFORE = "bundle-notice", "reprint-notice", "notice-bundles-before"


def bundles(turn: Turn) -> Answer:
    """List the bundles, newest first."""
    words = turn.unsealed(turn.query.get("before", ""), _BEFORE)
    found = printing_desk(turn).bundles(turn.operator, before=int(words[0]) if words else None)
    if isinstance(found, Refusal):
        return Refused(found)
    values = {
        "article": _ARTICLE,
        "rows": [_bundle_row(turn, one) for one in found.rows],
        "more": "" if found.more is None else turn.seal(_BEFORE, str(found.more)),
        "can_print": printing_desk(turn).can_print,
    }
    return Show("notice_bundles.html", values)


def _bundle_row(turn: Turn, row: BundleRow) -> dict[str, object]:
    words, colour = BUNDLE_STATES[row.state]
    if row.state == "made" and row.fetched_by is not None:
        words, colour = "印刷待ち（取り出し済み）", "blue"
    return {
        "row": row, "handle": turn.seal(BUNDLE, str(row.number)), "words": words, "colour": colour,
        "waits": waits_words(row.hindrance),
    }  # fmt: skip


def bundle(turn: Turn) -> Answer:
    """Show one bundle; note that it is printed or sent, drop it, or ask that sheets be printed anew."""
    number = _number(turn)
    if number is None:
        return not_found()
    names: list[NoticeName] = []
    if turn.posted:
        names = [(town, one, int(place)) for town, one, place in turn.picked(_KIND)]
        done = _acted(turn, number, names)
        if done is not None:
            return done
    found = printing_desk(turn).bundle(turn.operator, number, turn.seat.terminal)
    if isinstance(found, Refusal):
        return Refused(found, 404)
    return Show(
        "notice_bundle.html", _shown(turn, found, names), 200 if turn.form.fine else UNREADABLE_STATUS
    )


def _acted(turn: Turn, number: int, names: list[NoticeName]) -> Go | None:
    form, desk, who, terminal = turn.form, printing_desk(turn), turn.operator, turn.seat.terminal
    step = form.raw("step")
    refusal: Refusal | None = None
    if step == "reprint":
        why = form.text("why", required=True, limit=WHY_CHARACTERS)
        if not names:
            form.mistake("notices", Mistake.NOBODY_CHOSEN)
        if not form.fine:
            return None
        refusal = desk.reprint(who, names, why, terminal)
        if refusal is None:
            return Go("/notice-reprints", "reprint_asked")
    else:
        act = {"printed": desk.printed, "send": desk.send, "drop": desk.drop}.get(step)
        if act is None:
            return None
        refusal = act(who, number, terminal)
        if refusal is None:
            where = "/notice-bundles" if step == "drop" else f"/notice-bundles/{turn.parts['handle']}"
            return Go(where, f"notice_bundle_{step}")
    form.refuse(refusal, {"bundle": "form"})
    return None


def _shown(turn: Turn, found: BundleView, ticked: list[NoticeName]) -> dict[str, object]:
    states = [one.row.state for one in found.notices if not one.printed.over]
    return _bundle_row(turn, found.row) | {
        "article": _ARTICLE,
        "form": turn.form,
        "letters": [_letter(one) for one in found.letters if one.state == "left"],
        "rows": [_row(turn, one, ticked) for one in found.notices],
        "to_fetch": found.row.state == "made" and found.row.left_out < found.row.letters,
        "to_drop": found.row.state in ("making", "made") and found.row.fetched_by is None,
        "to_note": found.row.state == "made" and found.row.fetched_by is not None,
        "to_send": states.count("printed"),
    }


def _letter(one: LetterRow) -> dict[str, object]:
    words, colour = LETTER_STATES[one.state]
    return {"letter": one, "words": words, "colour": colour, "why": left_out_words(one.hindrance)}


def _row(turn: Turn, one: BundleNotice, ticked: list[NoticeName]) -> dict[str, object]:
    words, colour = PRINTED_STATES[one.row.state]
    if one.printed.over:
        words, colour = ("再作成へ", "grey") if one.printed.granted_by else ("この束では取りやめ", "grey")
    elif one.printed.asked_by is not None:
        words, colour = "再作成の承認待ち", "orange"
    return {
        "row": one.row, "printed": one.printed, "file": one.file, "person": one.file.persons[one.row.place - 1],
        "words": words, "colour": colour, "handle": turn.seal(_KIND, *one.row.file, str(one.row.place)),
        "can_ask": one.row.state == "printed" and not one.printed.over and one.printed.asked_by is None,
        "ticked": one.printed.notice in ticked,
    }  # fmt: skip


def bundle_file(turn: Turn) -> Answer:
    """Hand out a bundle as it was closed for the press."""
    number = _number(turn)
    if number is None:
        return not_found()
    found = printing_desk(turn).fetch(turn.operator, number, turn.seat.terminal)
    if isinstance(found, Refusal):
        return Refused(found, 409)
    return Hand(found, "application/octet-stream", f"notice-bundle-{number:06d}.bin", saved=True)


def reprints(turn: Turn) -> Answer:
    """List what is asked to be printed anew; let it be, or leave it."""
    form, desk = turn.form, printing_desk(turn)
    names: list[NoticeName] = []
    if turn.posted:
        names = [(town, one, int(place)) for town, one, place in turn.picked(_ASKED)]
        step = form.raw("step")
        if not names:
            form.mistake("notices", Mistake.NOBODY_CHOSEN)
        elif step in ("grant", "decline"):
            refusal = desk.decide(turn.operator, names, turn.seat.terminal, grant=step == "grant")
            if refusal is None:
                return Go("/notice-reprints", f"reprint_{step}")
            form.refuse(refusal, {"verified_by": "notices"})
    found = desk.asked(turn.operator, turn.seat.terminal)
    if isinstance(found, Refusal):
        return Refused(found)
    rows = [
        _row(turn, one, names)
        | {
            "handle": turn.seal(_ASKED, *one.row.file, str(one.row.place)),
            "own": one.printed.asked_by == turn.operator.login_id,
            "bundle": turn.seal(BUNDLE, str(one.printed.bundle)),
        }
        for one in found
    ]
    values = {"article": _ARTICLE, "form": form, "rows": rows}
    return Show("notice_reprints.html", values, 200 if form.fine else UNREADABLE_STATUS)


def refused(turn: Turn) -> Answer:
    """List the files of towns that were refused here, newest first."""
    found = printing_desk(turn).refused(turn.operator)
    if isinstance(found, Refusal):
        return Refused(found)
    rows = [
        {"row": one, "town": MunicipalityCode(one.municipality), "why": refused_words(one.reason, one.field)}
        for one in found
    ]
    return Show("refused_destinations.html", {"article": _ARTICLE, "rows": rows})


def specimen(turn: Turn) -> Answer:
    """Show a specimen of the letter, with nobody's number."""
    found = printing_desk(turn).specimen(turn.operator)
    return Refused(found) if isinstance(found, Refusal) else Hand(found, "application/pdf", "specimen.pdf")


def _number(turn: Turn) -> int | None:
    words = turn.unseal(BUNDLE)
    return None if words is None else int(words[0])
