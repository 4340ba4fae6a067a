"""文字: which 邉 is this, the town's own characters, what waits to be identified, and whom it concerns."""

import re

from daicho.faces.counter.residents import registry, resident_handle
from daicho.faces.terminal.character_desk import CharacterDesk
from daicho.faces.terminal.desk import Choice, OpenPermit, Why
from daicho.faces.terminal.forms import UNREADABLE_STATUS, WORDS_CHARACTERS, Form, half_width
from daicho.faces.terminal.page import Answer, Go, Hand, Refused, Show, Turn, not_found
from daicho.faces.terminal.show import code_points_of
from daicho.faces.wording.fields import Mistake
from daicho.nodes.registry.characters import CharacterView, Proposed
from daicho.nodes.watch.characters import character_tables
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Permission, permissions_of
from daicho.rules.people.characters.lookup import GlyphTerms
from daicho.rules.people.characters.own import (
    CharacterSource,
    TownCharacter,
    code_points,
    find_glyph,
    read_character,
)

ARTICLE = "住民基本台帳法第14条"
_DIGEST = re.compile("[0-9a-f]{64}")
_WHY = Why("correction", "法14条")
_NAMES = {
    "character": "form",
    "source_note": "note",
    "glyph": "glyph",
    "proposal": "form",
    "confirmed_by": "form",
    "like": "like",
    "permit_id": "form",
    "written": "form",
    "withdrawn_by": "form",
    "addressee_number": "form",
}
_NONE, _KEEP = "none", "keep"


def look_up(turn: Turn) -> Answer:
    """Look a character up in every table, by family, reading, strokes or code."""
    form, values = turn.form, _empty(turn)
    if not turn.posted:
        return Show("characters.html", values)
    terms = _terms(form)
    if not form.fine:
        return Show("characters.html", values, UNREADABLE_STATUS)
    found = _desk(turn).look_up(turn.operator, terms)
    if isinstance(found, Refusal):
        form.refuse(found, _NAMES)
        return Show("characters.html", values, UNREADABLE_STATUS)
    own = _desk(turn).own(turn.operator, terms)
    drawn, more = ((), False) if isinstance(own, Refusal) or terms.code else own
    values |= {"rows": found.rows, "narrow": found.narrow, "own": _rows(drawn), "more_own": more}
    return Show("characters.html", values)


def _empty(turn: Turn) -> dict[str, object]:
    return {
        "article": ARTICLE,
        "form": turn.form,
        "rows": None,
        "narrow": False,
        "own": [],
        "more_own": False,
    }


def _terms(form: Form) -> GlyphTerms:
    strokes = form.whole_number("strokes")
    return GlyphTerms(
        like=form.text("like", limit=8),
        reading=form.text("reading", limit=20),
        strokes=strokes if strokes is not None else 0,
        about=form.ticked("about"),
        code=form.text("character_code", limit=20),
    )


def own_characters(turn: Turn) -> Answer:
    """List the town's own characters, or go to one by the character or its code points."""
    form = turn.form
    terms, status = GlyphTerms(), 200
    if turn.posted and form.raw("step") == "open":
        character = read_character(half_width(form.text("character", required=True, limit=24)))
        if character:
            return Go(f"/own-characters/{code_points(character)}")
        form.mistake("character", Mistake.NOT_A_CHARACTER)
    elif turn.posted and form.raw("step") == "search":
        terms = _terms(form)
    found = _desk(turn).own(turn.operator, terms)
    if isinstance(found, Refusal):
        form.refuse(found, _NAMES)
        found = ((), False)
    if not form.fine:
        status = UNREADABLE_STATUS
    values = {
        "article": ARTICLE,
        "form": form,
        "rows": _rows(found[0]),
        "narrow": found[1],
        "searched": terms != GlyphTerms(),
    }
    return Show("own_characters.html", values, status)


def own_character(turn: Turn) -> Answer:
    """Show one character; describe it, propose what it is, decide on a proposal, or close its case."""
    character = _chosen(turn)
    if not character:
        return not_found()
    path = f"/own-characters/{turn.parts['code']}"
    if turn.posted:
        done = _taken(turn, character)
        if isinstance(done, str):
            return Go(path, done)
        if done is not None:
            turn.form.refuse(done, _NAMES)
    view = _desk(turn).view(turn.operator, character)
    if isinstance(view, Refusal):
        return Refused(view)
    if not turn.posted:
        turn.form.given = _as_fields(view)
    return Show("own_character.html", _shown(turn, view), 200 if turn.form.fine else UNREADABLE_STATUS)


def _shown(turn: Turn, view: CharacterView) -> dict[str, object]:
    rights, entry = permissions_of(turn.operator), view.entry
    proposal = entry.proposal if entry is not None else None
    held = entry.identification if entry is not None else None
    return {
        "article": ARTICLE,
        "form": turn.form,
        "view": view,
        "entry": entry,
        "held": held,
        "proposal": proposal,
        "code": code_points(view.character),
        "points": code_points_of(view.character),
        "sources": tuple(CharacterSource),
        "may_identify": Permission.IDENTIFY_CHARACTERS in rights,
        "own_proposal": proposal is not None and proposal.by == turn.operator.login_id,
        "pictures": _picture_choices(held is not None and bool(held.picture)),
        "candidates": view.candidates,
    }


def _picture_choices(has_picture: bool) -> tuple[Choice, ...]:
    kept = (Choice(_KEEP, "今の図形のまま"),) if has_picture else ()
    return (*kept, Choice(_NONE, "図形を使わない"))


def _as_fields(view: CharacterView) -> dict[str, str]:
    entry = view.entry
    if entry is None:
        return {}
    held = entry.identification
    return {
        "source": entry.source.value,
        "note": entry.source_note,
        "reading": entry.reading,
        "strokes": str(entry.strokes) if entry.strokes else "",
        "glyph": held.glyph_name if held else "",
        "picture_use": _KEEP if held and held.picture else _NONE,
    }


def _taken(turn: Turn, character: str) -> str | Refusal | None:
    """Take what was sent; the name of what is told once, a refusal, or nothing when a field is wrong."""
    form, desk, step = turn.form, _desk(turn), turn.form.raw("step")
    seat = turn.seat
    if step == "describe":
        entry = _read_description(form, character)
        done = desk.describe(turn.operator, entry, seat.terminal) if entry is not None else None
        return done if done is None or isinstance(done, Refusal) else "character_described"
    if step == "propose":
        proposed = _read_proposal(turn)
        done = desk.propose(turn.operator, character, proposed, seat.terminal) if proposed else None
        return done if done is None or isinstance(done, Refusal) else "character_proposed"
    if step in ("accept", "decline"):
        accept = step == "accept"
        version = form.whole_number("version")
        done = desk.decide(turn.operator, character, seat.terminal, accept=accept, seen_version=version)
        if isinstance(done, Refusal):
            return done
        return "character_confirmed" if accept else "character_declined"
    if step == "withdraw":
        done = desk.withdraw(turn.operator, character, seat.terminal)
        return done if isinstance(done, Refusal) else "character_withdrawn"
    if step == "close":
        return desk.close(turn.operator, character, seat.terminal) or "character_closed"
    return None


def _read_description(form: Form, character: str) -> TownCharacter | None:
    source = form.member("source", CharacterSource, required=True)
    note = form.text("note", limit=WORDS_CHARACTERS)
    reading, strokes = form.text("reading"), form.whole_number("strokes")
    if source is None or not form.fine:
        return None
    return TownCharacter(character, source, note, reading, strokes or 0)


def _read_proposal(turn: Turn) -> Proposed | None:
    form = turn.form
    text = form.text("glyph", limit=24)
    glyph = find_glyph(half_width(text), character_tables())
    if text and glyph is None:
        form.mistake("glyph", Mistake.NO_SUCH_GLYPH)
    if not text and not form.ticked("no_counterpart"):
        form.mistake("glyph", Mistake.MISSING)
    if text and form.ticked("no_counterpart"):
        form.mistake("glyph", Mistake.BOTH_GIVEN)
    use = form.one_of("picture_use", (_NONE, _KEEP))
    why = form.text("why", limit=WORDS_CHARACTERS)
    if not form.fine:
        return None
    picture = form.file("picture")
    return Proposed(glyph.name if glyph is not None else "", why, picture, keep_picture=use == _KEEP)


def picture(turn: Turn) -> Answer:
    """Give the picture of a character, as it is confirmed, or one by its digest."""
    character, digest = _chosen(turn), turn.parts.get("digest", "")
    if not character or (digest and not _DIGEST.fullmatch(digest)):
        return not_found()
    found = _desk(turn).picture(turn.operator, character, digest)
    if isinstance(found, Refusal):
        return Refused(found, 404)
    return Hand(found.content, found.media_type, f"{turn.parts['code']}.{found.kind}")


def residents(turn: Turn) -> Answer:
    """Show the living in whose record a character stands; enter the correction of one of them."""
    character = _chosen(turn)
    if not character:
        return not_found()
    form, desk = turn.form, _desk(turn)
    if turn.posted and form.raw("step") == "correct":
        who = form.whole_number("addressee", required=True)
        if who is not None:
            done = desk.correct(turn.operator, character, who, form.raw("permit"), turn.seat.terminal)
            if not isinstance(done, Refusal):
                return Go(f"/own-characters/{turn.parts['code']}/residents", "character_corrected")
            form.refuse(done, _NAMES)
    view = desk.view(turn.operator, character)
    if isinstance(view, Refusal):
        return Refused(view)
    found = desk.residents(turn.operator, character, turn.seat.terminal)
    if isinstance(found, Refusal):
        return Refused(found)
    held = view.entry.identification if view.entry is not None else None
    values = {
        "article": ARTICLE,
        "form": form,
        "code": turn.parts["code"],
        "points": code_points_of(character),
        "character": character,
        "written": held.written if held is not None else "",
        "may_enter": Permission.ENTER_CHANGE in permissions_of(turn.operator),
        "rows": [
            {
                "record": one,
                "handle": resident_handle(turn, one.addressee_number, _WHY),
                "permits": _permits(turn, one.addressee_number),
            }
            for one in found.records
        ],
        "narrow": found.narrow,
    }
    return Show("character_residents.html", values, 200 if form.fine else UNREADABLE_STATUS)


def _permits(turn: Turn, addressee_number: int) -> tuple[OpenPermit, ...]:
    """List what the security officer permitted for one record: which of it is used, the clerk says."""
    if Permission.ENTER_CHANGE not in permissions_of(turn.operator):
        return ()
    found = registry(turn).open_permits(turn.seat, addressee_number)
    return () if isinstance(found, Refusal) else found


def cases(turn: Turn) -> Answer:
    """List the characters that wait, and what a second person is asked."""
    found = _desk(turn).queue(turn.operator)
    if isinstance(found, Refusal):
        return Refused(found)
    values = {
        "article": ARTICLE,
        "rows": [
            {
                "case": one,
                "code": code_points(one.character),
                "points": code_points_of(one.character),
            }
            for one in found.cases
        ],
        "proposals": [
            {**_row(one), "own": one.proposal is not None and one.proposal.by == turn.operator.login_id}
            for one in found.proposals
        ],
        "more_cases": found.more_cases,
        "more_proposals": found.more_proposals,
        "whole": found.whole,
    }
    return Show("character_cases.html", values)


def _rows(entries: tuple[TownCharacter, ...]) -> list[dict[str, object]]:
    return [_row(one) for one in entries]


def _row(one: TownCharacter) -> dict[str, object]:
    return {"entry": one, "code": code_points(one.character), "points": code_points_of(one.character)}


def _chosen(turn: Turn) -> str:
    """Read the character from the path; "" when it is written otherwise than our own pages write it."""
    character = read_character(turn.parts["code"])
    return character if character and code_points(character) == turn.parts["code"] else ""


def _desk(turn: Turn) -> CharacterDesk:
    desk = turn.desks.characters
    if desk is None:
        raise LookupError("this node keeps no characters of its own")
    return desk
