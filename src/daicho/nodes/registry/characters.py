"""A town's own characters: described, proposed by one person, confirmed by another, and what waits.  外字の同定

What two people stand for has its effect at once: on papers, and on the keys by which people are found. Records stay as
they are; whoever wants them written otherwise enters a correction.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from daicho.nodes.chronicle import note_by
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import (
    character_body,
    read_own_character,
    read_record,
    resident_row,
)
from daicho.nodes.registry.guarding import sees_everything
from daicho.nodes.registry.measures.names import fold_other_parties_anew
from daicho.nodes.registry.meeting import cases_seen, counterparts_in, note_unprintable, waiting_cases
from daicho.nodes.watch.characters import character_tables, sound_table
from daicho.paper.certificate import OwnGlyph
from daicho.paper.fonts import find_fonts
from daicho.paper.glyphs import code_points_of, missing_glyphs, printed_characters
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
    withdraw,
)
from daicho.rules.people.characters.tables import Glyph, Sound
from daicho.rules.people.kana import kanji_key
from daicho.rules.register.recharacter import character_texts
from daicho.rules.register.record import ResidentRecord
from daicho.store import characters, folding
from daicho.store.characters import CaseRow, OwnColumns, OwnRow, OwnStepRow
from daicho.store.folding import NewKeys
from daicho.store.unit import Unit

SHOWN_ROWS = 200
SHOWN_STEPS_ROWS = 100
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
    """A character that waits for somebody, or waited: why, and what became of it.

    Since when, and where it was met how many times, is told to whoever sees everything.
    """

    character: str
    reason: Unsettled
    open: bool
    entry: TownCharacter | None
    outcome: CaseOutcome | None
    closed_by: str
    closed_at: datetime | None
    candidates: tuple[Glyph, ...] = ()
    first_met_at: datetime | None = None
    places: tuple[tuple[MeetingPlace, int], ...] = ()


@dataclass(frozen=True, slots=True)
class CharacterView:
    """One character with everything known of it; `entry` is none while nobody has described it.

    The steps begin with the oldest that is shown, `more_steps` tells of older ones; `may_close` tells that whoever asks
    could say that nobody bears the character any more.
    """

    character: str
    entry: TownCharacter | None
    steps: tuple[OwnStep, ...]
    case: CharacterCase | None
    glyph: Glyph | None
    proposed: Glyph | None
    candidates: tuple[Glyph, ...]
    version: int = 0  # in which the entry was seen
    more_steps: bool = False
    may_close: bool = False


@dataclass(frozen=True, slots=True)
class CharacterQueue:
    """What waits: cases, and proposals that a second person decides; whether there are more of either.

    `whole` tells that it is every case, and not those alone of which an operator may know.
    """

    cases: tuple[CharacterCase, ...]
    proposals: tuple[TownCharacter, ...]
    more_cases: bool
    more_proposals: bool
    whole: bool


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
        case = _case_of(unit, node, operator, character)
        steps = characters.own_steps(unit, character, limit_rows=SHOWN_STEPS_ROWS + 1)
        entry = None if row is None else read_own_character(row.body)
        whole = sees_everything(unit, operator)
        seen = None if case is None else _cases(unit, [case], whole=whole)[0]
    held = entry.identification if entry is not None else None
    asked = entry.proposal if entry is not None else None
    found = identify(character, tables)
    return CharacterView(
        character=character,
        entry=entry,
        version=0 if row is None else row.version,
        steps=tuple(
            OwnStep(CharacterStep(one.step), one.by, one.at, read_own_character(one.body))
            for one in reversed(steps[:SHOWN_STEPS_ROWS])
        ),
        more_steps=len(steps) > SHOWN_STEPS_ROWS,
        case=seen,
        may_close=seen is not None and seen.open and whole,
        glyph=tables.glyphs.named(held.glyph_name) if held else found if isinstance(found, Glyph) else None,
        proposed=tables.glyphs.named(asked.glyph_name) if asked else None,
        candidates=found.candidates if isinstance(found, Queued) else (),
    )


def _case_of(unit: Unit, node: Node, operator: Operator, character: str) -> CaseRow | None:
    """Read the case of a character, if the operator may know of it."""
    case = characters.case_of(unit, character)
    return case if case is not None and cases_seen(unit, node, operator, [character]) else None


def _cases(unit: Unit, rows: Sequence[CaseRow], *, whole: bool) -> list[CharacterCase]:
    """Put cases beside what is known of their characters; to whoever does not see everything without days and counts."""
    wanted = [row.character for row in rows]
    entries = {row.character: read_own_character(row.body) for row in characters.own_of(unit, wanted)}
    places: dict[str, tuple[tuple[MeetingPlace, int], ...]] = {}
    for one, place, times in characters.meetings_of(unit, wanted) if whole else ():
        places[one] = (*places.get(one, ()), (MeetingPlace(place), times))
    found = {one: identify(one, character_tables()) for one in wanted}
    return [
        CharacterCase(
            character=row.character,
            reason=Unsettled(row.reason),
            open=row.open,
            entry=entries.get(row.character),
            outcome=CaseOutcome(row.outcome) if row.outcome else None,
            closed_by=row.closed_by or "",
            closed_at=row.closed_at,
            candidates=known.candidates if isinstance(known := found[row.character], Queued) else (),
            first_met_at=row.first_met_at if whole else None,
            places=places.get(row.character, ()),
        )
        for row in rows
    ]


def character_queue(node: Node, operator: Operator) -> CharacterQueue | Refusal:
    """List the characters that wait, those met first at the top, and what a second person is asked.

    Whoever does not see everything has those of which they may know, in the order of their code points.
    """
    refusal = may(operator, Permission.IDENTIFY_CHARACTERS)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        whole = sees_everything(unit, operator)
        rows = waiting_cases(unit, node, operator, limit_rows=SHOWN_ROWS + 1)
        shown = rows[:SHOWN_ROWS] if whole else sorted(rows[:SHOWN_ROWS], key=lambda row: row.character)
        cases = _cases(unit, shown, whole=whole)
        waiting = characters.own_waiting(unit, limit_rows=SHOWN_ROWS + 1)
    return CharacterQueue(
        tuple(cases),
        tuple(read_own_character(row.body) for row in waiting[:SHOWN_ROWS]),
        more_cases=len(rows) > SHOWN_ROWS,
        more_proposals=len(waiting) > SHOWN_ROWS,
        whole=whole,
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
        case = _case_of(unit, node, operator, entry.character)
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


def withdraw_identification(
    node: Node, operator: Operator, character: str, *, terminal: str = ""
) -> TownCharacter | Refusal:
    """Take an own proposal back that nobody has decided."""
    refusal = may(operator, Permission.IDENTIFY_CHARACTERS)
    if refusal is not None:
        return refusal
    with node.store.unit("characters.withdraw") as unit:
        row = characters.own_character(unit, character)
        if row is None:
            return _GONE
        made = withdraw(read_own_character(row.body), operator.login_id)
        if isinstance(made, Refusal):
            return made
        if not _keep(unit, node, operator, row, made, CharacterStep.WITHDRAWN):
            return Refusal(Reason.CHANGED_SINCE, _ARTICLE, "character")
        _note(unit, node, operator, Event.CHARACTER_DECIDED, character, terminal, "withdrawn")
    return made


def _settle(unit: Unit, node: Node, operator: Operator, made: TownCharacter) -> None:
    """Close the case of a character that two people stand for; find its bearers anew, and other parties by their names."""
    case = characters.case_of(unit, made.character)
    held = made.identification
    outcome = settles(held, Unsettled(case.reason)) if case is not None and case.open and held else None
    if outcome is not None:
        characters.close_case(unit, made.character, outcome.value, operator.login_id, node.clock.now())
    _fold_anew(unit, made.character)
    fold_other_parties_anew(unit, made.character)


def _fold_anew(unit: Unit, character: str) -> None:
    """Make the search keys of everybody anew in whose record a character was ever written."""
    last = 0
    while whose := characters.users_of(unit, character, after=last, limit_rows=_REFOLDED_ROWS):
        last = whose[-1]
        found = [(old, read_record(body)) for old, body in folding.residents_named(unit, whose)]
        written = counterparts_in(unit, (text for _, record in found for text in character_texts(record)))
        rows = [(old, resident_row(record, 1, written)) for old, record in found]
        anew = [NewKeys(old, row.kanji, row.address, row.roof) for old, row in rows]
        folding.rewrite_residents(unit, [one for one in anew if one.changed])


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


def glyphs_for(
    node: Node, content: CertificateContent, issuer: str = ""
) -> tuple[tuple[OwnGlyph, ...], tuple[str, ...]]:
    """Tell how a paper shows characters of the town's own, and which nobody can show: what the font lacks may be drawn, too."""
    own = own_glyphs(node, unusual_characters(content))
    known = {one.character for one in own}
    lacking = {one.character for one in missing_glyphs(content, find_fonts(), issuer=issuer, own=known)}
    drawn = own_glyphs(node, lacking)
    shown = {one.character for one in drawn}
    return (*own, *drawn), tuple(sorted(lacking - shown))


def note_missing(node: Node, missing: Iterable[str], records: Sequence[ResidentRecord] = ()) -> None:
    """Open a case for each character that a paper of some people could not show.

    Of a case of nobody in particular only whoever sees everything hears.
    """
    wanted = sorted(set(missing))
    with node.store.unit("characters.missing") as unit:
        settled = characters.settled_characters(unit, wanted)
        note_unprintable(unit, [(one, _reason(one, settled)) for one in wanted], records, node.clock.now())


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
    detail = {"character": code_points_of(character)}
    note_by(unit, node, operator, event, terminal=terminal, outcome=outcome, detail=detail)
