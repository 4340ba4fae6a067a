"""A town's own characters: described, proposed by one person, confirmed by another, and what waits.  外字の同定

What two people stand for has its effect at once: on papers, and on the keys by which people are found. Records stay as
they are; whoever wants them written otherwise enters a correction.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from daicho.nodes.chronicle import note
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import (
    character_body,
    read_own_character,
    read_record,
    resident_row,
)
from daicho.nodes.registry.meeting import note_unprintable
from daicho.nodes.watch.characters import character_tables, sound_table
from daicho.paper.certificate import OwnGlyph
from daicho.paper.glyphs import code_points_of, printed_characters
from daicho.paper.outlines import CharacterPicture, PictureUnreadable, picture_of_text, read_picture
from daicho.rules.certificates.content import CertificateContent
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.people.characters.convert import in_jis
from daicho.rules.people.characters.identify import Queued, Unsettled, identify
from daicho.rules.people.characters.lookup import (
    GlyphsFound,
    GlyphTerms,
    check_glyph_terms,
    find_glyphs,
    sound_fits,
)
from daicho.rules.people.characters.own import (
    CaseOutcome,
    CharacterStep,
    IdentificationProposal,
    MeetingPlace,
    TownCharacter,
    check_description,
    confirm,
    decline,
    propose,
    settles,
)
from daicho.rules.people.characters.tables import Glyph, Sound
from daicho.rules.people.characters.unsettled import private_in
from daicho.rules.people.kana import kanji_key
from daicho.rules.register.recharacter import character_texts
from daicho.store import characters, folding
from daicho.store.characters import OwnColumns, OwnRow, OwnStepRow
from daicho.store.folding import NewKeys
from daicho.store.unit import Unit

SHOWN_ROWS = 200
READ_ROWS = 5_000  # nobody's readings are in an index
_REFOLDED_ROWS = 2_000
_ARTICLE = juki("14")
_GONE = Refusal(Reason.NOT_FOUND, _ARTICLE, "character")
_SPLIT_READING = str.maketrans("、・　", "   ")


@dataclass(frozen=True, slots=True)
class OwnStep:
    """One step in the life of a character of the town, with the entry after it."""

    step: CharacterStep
    by: str
    at: datetime
    entry: TownCharacter


@dataclass(frozen=True, slots=True)
class CharacterCase:
    """A character that waits for somebody: why, since when, where it was met how many times."""

    row: characters.CaseRow
    reason: Unsettled
    places: tuple[tuple[MeetingPlace, int], ...]
    entry: TownCharacter | None
    outcome: CaseOutcome | None
    candidates: tuple[Glyph, ...] = ()


@dataclass(frozen=True, slots=True)
class CharacterView:
    """One character with everything known of it; `entry` is none while nobody has described it."""

    character: str
    entry: TownCharacter | None
    steps: tuple[OwnStep, ...]
    case: CharacterCase | None
    glyph: Glyph | None
    proposed: Glyph | None
    candidates: tuple[Glyph, ...]
    version: int = 0  # in which the entry was seen


@dataclass(frozen=True, slots=True)
class CharacterQueue:
    """What waits: cases, and proposals that a second person decides; `narrow` tells that there is more."""

    cases: tuple[CharacterCase, ...]
    proposals: tuple[TownCharacter, ...]
    narrow: bool


@dataclass(frozen=True, slots=True)
class Proposed:
    """What one person proposes, as it comes from a form: a glyph's name or "", a new picture, the present one kept."""

    glyph_name: str
    why: str = ""
    picture: bytes = b""
    keep_picture: bool = False


def look_up_glyphs(operator: Operator, terms: GlyphTerms) -> GlyphsFound | Refusal:
    """Look glyphs of the national list up; nothing of anybody is touched."""
    return may(operator, Permission.SEARCH_RESIDENTS) or find_glyphs(terms, character_tables(), sound_table())


def own_characters(
    node: Node, operator: Operator, terms: GlyphTerms
) -> tuple[tuple[TownCharacter, ...], bool] | Refusal:
    """List the town's own characters that fit, all without terms, and whether there are more."""
    refusal = may(operator, Permission.SEARCH_RESIDENTS)
    if refusal is None and terms != GlyphTerms():
        refusal = check_glyph_terms(terms)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        rows = _candidates(unit, terms)
    found = [entry for entry in (read_own_character(row.body) for row in rows) if _fits(entry, terms)]
    return tuple(found[:SHOWN_ROWS]), len(found) > SHOWN_ROWS or len(rows) > READ_ROWS


def _candidates(unit: Unit, terms: GlyphTerms) -> list[OwnRow]:
    if terms.like:
        return characters.own_of_family(unit, kanji_key(terms.like), limit_rows=READ_ROWS + 1)
    if terms.strokes:
        about = int(terms.about)
        return characters.own_of_strokes(
            unit, terms.strokes - about, terms.strokes + about, limit_rows=READ_ROWS + 1
        )
    return characters.own_characters(unit, limit_rows=READ_ROWS + 1)


def _fits(entry: TownCharacter, terms: GlyphTerms) -> bool:
    readings = tuple(entry.reading.translate(_SPLIT_READING).split())
    return sound_fits(Sound(entry.strokes, readings), terms)


def character_view(node: Node, operator: Operator, character: str) -> CharacterView | Refusal:
    """Show one character with its history and its case."""
    refusal = may(operator, Permission.SEARCH_RESIDENTS)
    if refusal is not None:
        return refusal
    tables = character_tables()
    with node.store.reading() as unit:
        row = characters.own_character(unit, character)
        case = characters.case_of(unit, character)
        steps = characters.own_steps(unit, character)
        entry = None if row is None else read_own_character(row.body)
        seen = None if case is None else _case(case, characters.meetings_of(unit, [character]), entry)
    held = entry.identification if entry is not None else None
    asked = entry.proposal if entry is not None else None
    found = identify(character, tables)
    return CharacterView(
        character=character,
        entry=entry,
        version=0 if row is None else row.version,
        steps=tuple(
            OwnStep(CharacterStep(one.step), one.by, one.at, read_own_character(one.body)) for one in steps
        ),
        case=seen,
        glyph=tables.glyphs.named(held.glyph_name) if held else found if isinstance(found, Glyph) else None,
        proposed=tables.glyphs.named(asked.glyph_name) if asked else None,
        candidates=found.candidates if isinstance(found, Queued) else (),
    )


def _case(
    row: characters.CaseRow, meetings: Iterable[tuple[str, str, int]], entry: TownCharacter | None
) -> CharacterCase:
    places = tuple((MeetingPlace(place), times) for one, place, times in meetings if one == row.character)
    found = identify(row.character, character_tables())
    candidates = found.candidates if isinstance(found, Queued) else ()
    outcome = CaseOutcome(row.outcome) if row.outcome else None
    return CharacterCase(row, Unsettled(row.reason), places, entry, outcome, candidates)


def character_queue(node: Node, operator: Operator) -> CharacterQueue | Refusal:
    """List the characters that wait, those met first at the top, and what a second person is asked."""
    refusal = may(operator, Permission.IDENTIFY_CHARACTERS)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        cases = characters.open_cases(unit, limit_rows=SHOWN_ROWS + 1)
        meetings = characters.meetings_of(unit, [one.character for one in cases])
        described = characters.own_of(unit, [one.character for one in cases])
        waiting = characters.own_waiting(unit, limit_rows=SHOWN_ROWS)
    entries = {row.character: read_own_character(row.body) for row in described}
    return CharacterQueue(
        tuple(_case(one, meetings, entries.get(one.character)) for one in cases[:SHOWN_ROWS]),
        tuple(read_own_character(row.body) for row in waiting),
        narrow=len(cases) > SHOWN_ROWS,
    )


def describe_character(
    node: Node, operator: Operator, entry: TownCharacter, *, terminal: str = ""
) -> TownCharacter | Refusal:
    """Enter a character into the town's list, or describe it anew; what it is held for stays."""
    refusal = may(operator, Permission.IDENTIFY_CHARACTERS)
    if refusal is not None:
        return refusal
    with node.store.unit("characters.describe") as unit:
        row = characters.own_character(unit, entry.character)
        case = characters.case_of(unit, entry.character)
        waits = row is not None or (case is not None and case.open)
        refusal = check_description(entry, character_tables(), waits=waits)
        if refusal is not None:
            return refusal
        held = None if row is None else read_own_character(row.body)
        made = replace(
            entry,
            identification=held.identification if held else None,
            proposal=held.proposal if held else None,
        )
        if made == held:
            return Refusal(Reason.NOTHING_CHANGES, _ARTICLE, "character")
        kept = _keep(unit, node, operator, row, made, CharacterStep.DESCRIBED)
        if not kept:
            return Refusal(Reason.CHANGED_SINCE, _ARTICLE, "character")
        _note(unit, node, operator, Event.CHARACTER_RECORDED, entry.character, terminal, "described")
    return made


def propose_identification(
    node: Node, operator: Operator, character: str, proposed: Proposed, *, terminal: str = ""
) -> TownCharacter | Refusal:
    """Say what a character is, and how it is drawn; another person decides."""
    refusal = may(operator, Permission.IDENTIFY_CHARACTERS)
    if refusal is not None:
        return refusal
    picture: CharacterPicture | None = None
    if proposed.picture:
        try:
            picture = read_picture(proposed.picture)
        except PictureUnreadable:
            return Refusal(Reason.PICTURE_UNREADABLE, _ARTICLE, "picture")
    with node.store.unit("characters.propose") as unit:
        row = characters.own_character(unit, character)
        if row is None:
            return _GONE
        held = read_own_character(row.body)
        present = held.identification.picture if held.identification and proposed.keep_picture else ""
        asked = IdentificationProposal(
            proposed.glyph_name, picture.digest if picture else present, operator.login_id, proposed.why
        )
        made = propose(held, asked, character_tables())
        if isinstance(made, Refusal):
            return made
        if picture is not None:
            at = node.clock.now()
            characters.keep_picture(
                unit, picture.digest, picture.kind, picture.content, operator.login_id, at
            )
        if not _keep(unit, node, operator, row, made, CharacterStep.PROPOSED):
            return Refusal(Reason.CHANGED_SINCE, _ARTICLE, "character")
        outcome = proposed.glyph_name or "no_counterpart"
        _note(unit, node, operator, Event.CHARACTER_PROPOSED, character, terminal, outcome)
    return made


def decide_identification(
    node: Node,
    operator: Operator,
    character: str,
    *,
    accept: bool,
    terminal: str = "",
    seen_version: int | None = None,
) -> TownCharacter | Refusal:
    """Stand for what somebody else proposed, or send it back; with a version, only for what was seen.

    Once two people stand for it, whoever bears the character is found by its counterpart, and its case is closed.
    """
    refusal = may(operator, Permission.IDENTIFY_CHARACTERS)
    if refusal is not None:
        return refusal
    with node.store.unit("characters.decide") as unit:
        row = characters.own_character(unit, character)
        if row is None:
            return _GONE
        if seen_version is not None and seen_version != row.version:
            return Refusal(Reason.CHANGED_SINCE, _ARTICLE, "character")
        held = read_own_character(row.body)
        by = operator.login_id
        made = confirm(held, by, character_tables()) if accept else decline(held, by)
        if isinstance(made, Refusal):
            return made
        step = CharacterStep.CONFIRMED if accept else CharacterStep.DECLINED
        if not _keep(unit, node, operator, row, made, step):
            return Refusal(Reason.CHANGED_SINCE, _ARTICLE, "character")
        if accept:
            _settle(unit, node, operator, made)
        outcome = "confirmed" if accept else "declined"
        _note(unit, node, operator, Event.CHARACTER_DECIDED, character, terminal, outcome)
    return made


def _settle(unit: Unit, node: Node, operator: Operator, made: TownCharacter) -> None:
    """Close the case of a character that two people stand for, and find its bearers anew."""
    case = characters.case_of(unit, made.character)
    held = made.identification
    outcome = settles(held, Unsettled(case.reason)) if case is not None and case.open and held else None
    if outcome is not None:
        characters.close_case(unit, made.character, outcome.value, operator.login_id, node.clock.now())
    _fold_anew(unit, made.character)


def _fold_anew(unit: Unit, character: str) -> None:
    """Make the search keys of everybody anew in whose record a character was ever written."""
    last = 0
    while whose := characters.users_of(unit, character, after=last, limit_rows=_REFOLDED_ROWS):
        last = whose[-1]
        found = [(old, read_record(body)) for old, body in folding.residents_named(unit, whose)]
        private = private_in(text for _, record in found for text in character_texts(record))
        written = characters.written_counterparts(unit, private)
        rows = [(old, resident_row(record, 1, written)) for old, record in found]
        anew = [NewKeys(old, row.kanji, row.address, row.roof) for old, row in rows]
        folding.rewrite_residents(unit, [one for one in anew if one.changed])


def close_replaced(
    node: Node, operator: Operator, character: str, *, held_by_somebody: bool, terminal: str = ""
) -> Refusal | None:
    """Close the case of a character that no living record holds any more, as far as the operator may see."""
    refusal = may(operator, Permission.IDENTIFY_CHARACTERS)
    if refusal is None and held_by_somebody:
        refusal = Refusal(Reason.CHARACTER_IN_USE, _ARTICLE, "character")
    if refusal is not None:
        return refusal
    with node.store.unit("characters.close") as unit:
        replaced = CaseOutcome.REPLACED.value
        if not characters.close_case(unit, character, replaced, operator.login_id, node.clock.now()):
            return _GONE
        _note(unit, node, operator, Event.CHARACTER_CLOSED, character, terminal, "replaced")
    return None


def confirmed_picture(node: Node, operator: Operator, character: str) -> CharacterPicture | Refusal:
    """Give the picture of a character that two people stand for, or its counterpart as one."""
    refusal = may(operator, Permission.SEARCH_RESIDENTS)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        shown = characters.shown_characters(unit, [character])
    if shown and shown[0].picture is not None and shown[0].picture_kind is not None:
        return CharacterPicture(shown[0].picture_kind, bytes(shown[0].picture))
    return picture_of_text(shown[0].written) if shown and shown[0].written else _GONE


def proposed_picture(node: Node, operator: Operator, digest: str) -> CharacterPicture | Refusal:
    """Give any picture that was brought, by its digest, for whoever compares."""
    refusal = may(operator, Permission.IDENTIFY_CHARACTERS)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        found = characters.picture(unit, digest)
    return _GONE if found is None else CharacterPicture(*found)


def unusual_characters(content: CertificateContent) -> frozenset[str]:
    """Gather the characters of a paper that may be the town's own: those that JIS X 0213 does not hold."""
    return frozenset(one for one in printed_characters(content) if len(one) > 1 or not in_jis(one))


def own_glyphs(node: Node, wanted: Collection[str]) -> tuple[OwnGlyph, ...]:
    """Tell how a paper shows characters of the town's own."""
    if not wanted:
        return ()
    with node.store.reading() as unit:
        shown = characters.shown_characters(unit, wanted)
    return tuple(
        OwnGlyph(one.character, CharacterPicture(one.picture_kind, bytes(one.picture)).as_svg())
        if one.picture_kind is not None and one.picture is not None
        else OwnGlyph(one.character, written=one.written)
        for one in shown
        if one.picture is not None or one.written
    )


def note_missing(node: Node, missing: Iterable[str]) -> None:
    """Open a case for each character that a paper could not show."""
    wanted = sorted(set(missing))
    with node.store.unit("characters.missing") as unit:
        settled = characters.settled_characters(unit, wanted)
        note_unprintable(unit, [(one, _reason(one, settled)) for one in wanted], node.clock.now())


def _reason(character: str, settled: Iterable[str]) -> Unsettled:
    found = identify(character, character_tables())
    return found.reason if isinstance(found, Queued) and character not in settled else Unsettled.NO_GLYPH


def _keep(
    unit: Unit, node: Node, operator: Operator, row: OwnRow | None, made: TownCharacter, step: CharacterStep
) -> bool:
    columns, done = (
        columns_of(made),
        OwnStepRow(step.value, operator.login_id, node.clock.now(), character_body(made)),
    )
    if row is None:
        return characters.keep_own(unit, made.character, columns, done)
    return characters.take_own_step(unit, row, columns, done)


def columns_of(entry: TownCharacter) -> OwnColumns:
    """Put an entry beside the columns by which it is found."""
    held = entry.identification
    return OwnColumns(
        strokes=entry.strokes,
        family=kanji_key(held.written) if held else "",
        waiting=entry.proposal is not None,
        glyph_name=held.glyph_name if held else None,
        written=held.written if held else "",
        picture=(held.picture or None) if held else None,
        identified_by=held.by if held else None,
        confirmed_by=held.confirmed_by if held else None,
        body=character_body(entry),
    )


def _note(
    unit: Unit, node: Node, operator: Operator, event: Event, character: str, terminal: str, outcome: str
) -> None:
    note(
        unit, node, event=event, operator_login_id=operator.login_id, operator_role_id=operator.role_id,
        terminal=terminal, outcome=outcome, detail={"character": code_points_of(character)},
    )  # fmt: skip
