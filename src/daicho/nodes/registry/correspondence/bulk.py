"""Letters to many households: written by a job some at a time, printed in bundles, sent bundle by bundle.  文書の一括作成

A run goes in the name of whoever asked for it, and ends when that one holds the right no more. It leaves out whoever that one
may not know of: whoever looks after protected people asks for a run of their own, and writes to whom nothing was written.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from daicho.nodes.chronicle import fact_by, note_by, note_many
from daicho.nodes.node import Node
from daicho.nodes.registry.areas.reach import shut_among
from daicho.nodes.registry.bodies import read_area, read_entry, read_letter, read_record
from daicho.nodes.registry.certificates import TRAINING_PREFIX, IssuedPaper, Issuer, ToPrint
from daicho.nodes.registry.characters import glyphs_for, note_missing
from daicho.nodes.registry.correspondence.writing import (
    About,
    WrittenLetter,
    certificate_of,
    has_moved,
    keep,
    note_letters,
    note_printed_again,
    to_print,
    with_contact,
    written,
)
from daicho.nodes.registry.guarding import kept_residents, veil_for
from daicho.nodes.registry.papers.posting import act_on_post
from daicho.nodes.registry.records import MACHINE, subject_of
from daicho.nodes.registry.residents import Purpose
from daicho.paper.certificate import Certificate, OwnGlyph
from daicho.paper.fonts import NoFont, find_fonts
from daicho.paper.workers import Sheet, Unprintable
from daicho.rules.areas.plan import AreaState, area_words
from daicho.rules.certificates.content import CertificateContent, CertificateKind
from daicho.rules.certificates.posting import PostAct, PostState, PostStep
from daicho.rules.certificates.request import CertificateFees, Delivery
from daicho.rules.correspondence.addressing import by_household, written_to
from daicho.rules.correspondence.households import renamed_notice, renamings_of_home, survey_sheet
from daicho.rules.correspondence.kept import KeptLetter
from daicho.rules.law.article import Article, juki, juki_order
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, Role, may, permissions_of
from daicho.rules.register.record import ResidentRecord
from daicho.rules.upkeep.regular import SurveyState
from daicho.store import areas, certificates, correspondence, office, posting, register, surveys
from daicho.store.certificates import CertificateRow
from daicho.store.correspondence import LetterRow, RunRow
from daicho.store.unit import Unit

SLICE_HOUSEHOLDS = 25
BUNDLE_LETTERS = 10  # what the press sets in one answer, with time to spare
BUNDLES_SHOWN = 50
LEFT_SHOWN = 50
_MARK_BYTES = 15
_K = CertificateKind
_BASES: dict[CertificateKind, Article] = {_K.SURVEY_SHEET: juki("34"), _K.RENAMED_NOTICE: juki_order("12")}
_RIGHTS = {_K.SURVEY_SHEET: Permission.UPKEEP_REGISTER, _K.RENAMED_NOTICE: Permission.PLAN_AREAS}
_PURPOSES = {_K.SURVEY_SHEET: "住民基本台帳の調査", _K.RENAMED_NOTICE: "住居表示等の変更の通知"}
_GONE = Refusal(Reason.NOT_FOUND, juki("34"), "run")
SetBundle = Callable[[Sequence[Certificate]], Sheet | Unprintable]


@dataclass(frozen=True, slots=True)
class RunView:
    """A run as a page shows it: how far it is, its bundles by their first letters, to whom nothing could be written."""

    number: str
    kind: CertificateKind
    source: str
    state: str
    asked_by: str
    asked_at: datetime
    letters: int
    bundles: tuple[str, ...]
    left: tuple[tuple[int, str], ...]
    next_bundle: str = ""  # with which one the list goes on


@dataclass(frozen=True, slots=True)
class Bundle:
    """The letters of one bundle as an operator may see them: how many wait to be sent, how many are printed.

    `unprintable` are the numbers of those with a character that nobody can show.
    """

    letters: tuple[WrittenLetter, ...]
    to_send: int
    unprintable: frozenset[str]
    to_print: int


@dataclass(frozen=True, slots=True)
class _Seen:
    """A letter of a bundle with where the post has it and who stands on it."""

    row: LetterRow
    post: str
    people: tuple[ResidentRecord, ...]

    @property
    def prints(self) -> bool:
        """Tell whether it lies here and still holds."""
        return self.row.state == "MADE" and not has_moved(self.row, self.people)


def _may(operator: Operator, kind: CertificateKind) -> Refusal | None:
    right = _RIGHTS.get(kind)
    if right is None:
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, juki("34"), "paper")
    return may(operator, right) or may(operator, Permission.ISSUE_CERTIFICATE)


def start_run(
    node: Node, operator: Operator, kind: CertificateKind, source: str, issuer: Issuer, *, terminal: str = ""
) -> str | Refusal:
    """Ask for letters to all households of a survey or of a change of names; of two that ask at once the second is refused."""
    refusal = _may(operator, kind) or _fonts_lack(node)
    if refusal is not None:
        return refusal
    with node.store.unit("letters.runs") as unit:
        refusal = _check_source(unit, kind, source)
        if refusal is not None:
            return refusal
        number = correspondence.draw_run_number(unit, node.clock.business_today().year)
        told = {"place": issuer.place, "title": issuer.title, "name": issuer.name, "contact": issuer.contact}
        row = RunRow(
            number, kind.value, source, "MAKING", json.dumps(told, ensure_ascii=False), operator.login_id, operator.role_id,
            terminal, node.clock.now(), Permission.SEE_PROTECTED in permissions_of(operator),
        )  # fmt: skip
        if not correspondence.keep_run(unit, row):
            return Refusal(Reason.ALREADY_ISSUED, _BASES[kind], "paper")
        _note_run(unit, node, operator, terminal, row, "started")
    return number


def _fonts_lack(node: Node) -> Refusal | None:
    try:
        may_issue = find_fonts().may_issue
    except NoFont:
        may_issue = False
    return None if may_issue or node.training else Refusal(Reason.FONT_MISSING, juki("34"), "font")


def _check_source(unit: Unit, kind: CertificateKind, source: str) -> Refusal | None:
    if kind is _K.SURVEY_SHEET:
        survey = surveys.survey(unit, source)
        fits = survey is not None and survey.state == SurveyState.OPEN.value
    else:
        area = areas.area(unit, source)
        fits = area is not None and area.begun_at is not None and area.state != AreaState.WITHDRAWN.value
    return None if fits else Refusal(Reason.NOT_PENDING, _BASES[kind], "paper")


def run_on(node: Node) -> bool:
    """Write to the next households of a run; tells whether anything is left to do."""
    with node.store.unit("letters.run", few_trips=True) as unit:
        row = correspondence.lock_next_run(unit)
        if row is None:
            return False
        operator = _asker(unit, row)
        kind = CertificateKind(row.kind)
        if operator is None or _may(operator, kind) is not None or _check_source(unit, kind, row.source):
            correspondence.end_run(unit, row.number, "STOPPED", node.clock.now())
            _note_run(unit, node, operator or MACHINE, row.terminal, row, "stopped")
            return True
        found = _households(unit, row)
        if found:
            wrote = _write_to(unit, node, row, operator, found)
            correspondence.note_run(unit, row.number, found[-1], wrote)
        if len(found) < SLICE_HOUSEHOLDS:
            correspondence.end_run(unit, row.number, "MADE", node.clock.now())
            _note_run(unit, node, operator, row.terminal, row, "made")
        return True


def stop_run(node: Node, operator: Operator, number: str, *, terminal: str = "") -> Refusal | None:
    """Stop a run between two of its units; what it wrote stays."""
    with node.store.unit("letters.stop") as unit:
        row = correspondence.run(unit, number)
        if row is None:
            return _GONE
        refusal = _may(operator, CertificateKind(row.kind))
        if refusal is not None:
            return refusal
        if not correspondence.end_run(unit, number, "STOPPED", node.clock.now()):
            return Refusal(Reason.NOT_PENDING, juki("34"), "run", "ended")
        _note_run(unit, node, operator, terminal, row, "stopped")
    return None


def _asker(unit: Unit, row: RunRow) -> Operator | None:
    """Give whoever asked for a run with the rights of today; nobody once the account is closed."""
    known = office.operator(unit, row.asked_by)
    if known is None or not known.active:
        return None
    return Operator(
        known.login_id, row.asked_role, tuple(Role(one) for one in known.roles if one in set(Role))
    )


def _households(unit: Unit, row: RunRow) -> list[int]:
    if row.kind == _K.SURVEY_SHEET.value:
        return surveys.next_households(unit, row.source, row.after, limit_rows=SLICE_HOUSEHOLDS)
    return areas.households_done(unit, row.source, row.after, limit_rows=SLICE_HOUSEHOLDS)


def _write_to(unit: Unit, node: Node, row: RunRow, operator: Operator, households: list[int]) -> int:
    register.lock_concerned(unit, households=households, codes=())
    kind = CertificateKind(row.kind)
    without = shut_among(unit, node, operator, households) | correspondence.written_to(
        unit, row.source, kind.value, households
    )
    living = surveys.members_of(unit, [one for one in households if one not in without])
    numbers = [whose for one in living.values() for whose in one]
    people = (
        by_household(read_record(one.body) for one in register.residents(unit, numbers)) if numbers else {}
    )
    issuer = _issuer(row)
    contents = _contents(unit, node, row, people, issuer)
    left: list[tuple[int, str]] = []
    wrote = 0
    for home, content in contents.items():
        refusal = _unprintable(node, content, people[home])
        if refusal is not None:
            left.append((home, refusal.value))
            continue
        _keep(unit, node, row, operator, content, people[home], issuer)
        wrote += 1
    left += [(home, Reason.ENTRY_NOT_FITTING.value) for home in people if home not in contents]
    if left:
        correspondence.leave_households(unit, row.number, left)
    return wrote


def _contents(
    unit: Unit, node: Node, row: RunRow, people: dict[int, tuple[ResidentRecord, ...]], issuer: Issuer
) -> dict[int, CertificateContent]:
    if row.kind == _K.SURVEY_SHEET.value:
        return {home: survey_sheet(living, row.source, issuer.place) for home, living in people.items()}
    area = areas.area(unit, row.source)
    if area is None:
        return {}
    plan, today = read_area(area.body), node.clock.business_today()
    everybody = [one.addressee_number for living in people.values() for one in living]
    renamed = areas.renamings_of(unit, everybody) if everybody else {}
    found: dict[int, CertificateContent] = {}
    for home, living in people.items():
        entries = [read_entry(body) for body in renamed.get(living[0].addressee_number, [])]
        # A name that was turned back, or that a later change has replaced, is told to nobody.
        newest = renamings_of_home(living[0], entries)[:1]
        entry = next((one for one in newest if one.words == area_words(plan)), None)
        content = renamed_notice(living, entry, plan, issuer.place, today) if entry is not None else None
        if content is not None:
            found[home] = with_contact(content, issuer)
    return found


def _unprintable(node: Node, content: CertificateContent, people: Sequence[ResidentRecord]) -> Reason | None:
    """Look every character up before a number is drawn; what nobody can show opens a case of its own."""
    _, missing = glyphs_for(node, content)
    if not missing or node.training:
        return None
    note_missing(node, missing, people)
    return Reason.CHARACTER_MISSING


def _keep(
    unit: Unit,
    node: Node,
    row: RunRow,
    operator: Operator,
    content: CertificateContent,
    people: Sequence[ResidentRecord],
    issuer: Issuer,
) -> None:
    kind, today = CertificateKind(row.kind), node.clock.business_today()
    number = certificates.draw_number(unit, today.year)
    if node.training:
        number = f"{TRAINING_PREFIX}{number}"
    why = Purpose(_PURPOSES[kind], str(_BASES[kind]), row.terminal)
    paper = to_print(content, people, why, "")
    certificates.keep_certificate(
        unit,
        _book_row(node, number, paper, operator, row),
        [(one.addressee_number, one.name.kanji) for one in people],
    )
    # A sheet goes by no post: surveyors carry it.
    to = written_to(people, people, today) if kind is _K.RENAMED_NOTICE else None
    about = About(
        people[0].household_number, source=row.source, to=to.addressee_number if to is not None else None
    )
    keep(unit, node, number, content, about, issuer, row.number)
    facts = [
        fact_by(
            operator, Event.CERTIFICATE_HANDED_OUT, terminal=row.terminal, purpose=why.purpose, basis=why.basis,
            outcome="issued", subject=subject_of(one), detail={"number": number, "run": row.number},
        )
        for one in people
    ]  # fmt: skip
    note_many(unit, node, facts)


def _book_row(node: Node, number: str, paper: ToPrint, operator: Operator, row: RunRow) -> CertificateRow:
    return CertificateRow(
        number=number,
        kind=paper.content.kind.value,
        requester=paper.requester.value,
        channel=paper.channel.value,
        asker=paper.asker,
        basis=paper.basis,
        purpose=paper.purpose,
        items=[],
        delivery=paper.delivery.value,
        fee_yen=0,
        issued_on=node.clock.business_today(),
        issued_at=node.clock.now(),
        issued_by=operator.login_id,
        terminal=row.terminal,
        mark=hashlib.sha256(node.clock.token(_MARK_BYTES)).digest(),
    )


def _issuer(row: RunRow) -> Issuer:
    told = json.loads(row.issuer)
    return Issuer(told["place"], told["title"], told["name"], CertificateFees({}), told["contact"])


def runs_of(
    node: Node, operator: Operator, kind: CertificateKind, source: str, *, page: tuple[str, str] = ("", "")
) -> tuple[RunView, ...] | Refusal:
    """List the runs about a survey or a change of names, with their bundles; `page` names a run and its first bundle shown."""
    refusal = _may(operator, kind)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        rows = [row for row in correspondence.runs_of(unit, source) if row.kind == kind.value]
        return tuple(
            _view(unit, node, operator, row, page[1] if row.number == page[0] else "") for row in rows
        )


def _view(unit: Unit, node: Node, operator: Operator, row: RunRow, first: str) -> RunView:
    left = correspondence.left_of_run(unit, row.number, limit_rows=LEFT_SHOWN)
    shut = shut_among(unit, node, operator, [home for home, _ in left])
    # Whose letters an operator may not see is told by no figure either: the officer's run is the officer's, for good.
    shown = not row.sees_protected or Permission.SEE_PROTECTED in permissions_of(operator)
    letters = BUNDLE_LETTERS * BUNDLES_SHOWN + 1
    numbers = (
        correspondence.numbers_of_run(unit, row.number, first=first, limit_rows=letters) if shown else []
    )
    bundles = numbers[::BUNDLE_LETTERS]
    return RunView(
        row.number, CertificateKind(row.kind), row.source, row.state, row.asked_by, row.asked_at,
        row.letters if shown else 0, tuple(bundles[:BUNDLES_SHOWN]),
        tuple(one for one in left if one[0] not in shut) if shown else (),
        bundles[BUNDLES_SHOWN] if len(bundles) > BUNDLES_SHOWN else "",
    )  # fmt: skip


def _bundle(unit: Unit, node: Node, operator: Operator, run: str, first: str) -> list[_Seen]:
    """Read the letters of a bundle that an operator may see, with the people on each."""
    rows = correspondence.letters_of_run(unit, run, first=first, limit_rows=BUNDLE_LETTERS)
    named = posting.people_on(unit, [one.number for one, _ in rows]) if rows else {}
    people = kept_residents(unit, node, {whose for one in named.values() for whose, _ in one})
    veil = veil_for(unit, operator, people, node.clock.business_now())
    shut = {number for number, one in people.items() if veil.touches(one)}
    seen = []
    for one, post in rows:
        on_it = [whose for whose, _ in named.get(one.number, [])]
        if shut.isdisjoint(on_it):
            seen.append(_Seen(one, post, tuple(people[whose] for whose in on_it if whose in people)))
    return seen


def _bundle_of(
    node: Node, operator: Operator, run: str, first: str
) -> tuple[CertificateKind, list[_Seen]] | Refusal:
    with node.store.reading() as unit:
        row = correspondence.run(unit, run)
        if row is None:
            return _GONE
        kind = CertificateKind(row.kind)
        return _may(operator, kind) or (kind, _bundle(unit, node, operator, run, first))


def bundle_view(
    node: Node, operator: Operator, run: str, first: str, *, terminal: str = ""
) -> Bundle | Refusal:
    """List the letters of one bundle; a ledger line for everybody on them is durable first."""
    found = _bundle_of(node, operator, run, first)
    if isinstance(found, Refusal):
        return found
    _, seen = found
    people = {who.addressee_number: who for one in seen for who in one.people}
    note_letters(node, operator, people.values(), terminal, "listed", "")
    letters = tuple(_line(one) for one in seen)
    unprintable = frozenset(
        one.row.number
        for one in seen
        if one.prints and not node.training and glyphs_for(node, read_letter(one.row.body).content)[1]
    )
    to_send = sum(one.by_post and one.state == "MADE" and not one.moved for one in letters)
    return Bundle(letters, to_send, unprintable, sum(one.prints for one in seen))


def _line(one: _Seen) -> WrittenLetter:
    return replace(written(one.row, one.post, hidden=False), moved=has_moved(one.row, one.people))


def print_bundle(
    node: Node, operator: Operator, run: str, first: str, *, set_bundle: SetBundle, terminal: str = ""
) -> IssuedPaper | Refusal:
    """Print what lies here of one bundle as one file, the same each time; a line for everybody on it is durable first.

    What was sent, what names a place that holds no more, and what cannot be shown is left out; the bundle's page names it.

    Raises: PressFault when it could not be set for a reason that lies with us.
    """
    found = _bundle_of(node, operator, run, first)
    if isinstance(found, Refusal):
        return found
    glyphs, lying = list[OwnGlyph](), list[tuple[_Seen, KeptLetter]]()
    for one in found[1]:
        letter = read_letter(one.row.body)
        own, missing = glyphs_for(node, letter.content)
        if one.prints and (node.training or not missing):
            glyphs += [glyph for glyph in own if glyph not in glyphs]
            lying.append((one, letter))
    if not lying:
        return Refusal(Reason.NOT_FOUND, juki("34"), "run")
    first_paper, *others = (certificate_of(node, letter) for _, letter in lying)
    sheet = set_bundle([replace(first_paper, own=tuple(glyphs)), *others])
    if isinstance(sheet, Unprintable):
        return Refusal(Reason.CHARACTER_MISSING, juki("34"), "name", sheet.missing[0].code_points)
    if sheet.specimen and not node.training:
        return Refusal(Reason.FONT_MISSING, juki("34"), "font")
    note_printed_again(node, operator, {one.row.number: one.people for one, _ in lying}, terminal, run)
    return IssuedPaper(lying[0][1].number, sheet.pdf, 0, Delivery.HANDED_OVER, frozenset())


def send_bundle(
    node: Node, operator: Operator, run: str, first: str, on: date, *, terminal: str = ""
) -> int | Refusal:
    """Note that the letters of one bundle were sent; tells how many.

    What was sent before, and what names a place that holds no more, stays as it is.
    """
    found = bundle_view(node, operator, run, first, terminal=terminal)
    if isinstance(found, Refusal):
        return found
    sent = 0
    for one in found.letters:
        if one.state != "MADE" or one.post is not PostState.WAITING or not one.by_post or one.moved:
            continue
        refusal = act_on_post(
            node, operator, one.number, PostAct(PostStep.SENT, on, one.to), terminal=terminal
        )
        if refusal is not None and not sent:
            return refusal
        sent += refusal is None
    return sent


def _note_run(unit: Unit, node: Node, operator: Operator, terminal: str, row: RunRow, outcome: str) -> None:
    kind = CertificateKind(row.kind)
    note_by(
        unit, node, operator, Event.LETTERS_ASKED, terminal=terminal, purpose=_PURPOSES[kind], basis=str(_BASES[kind]),
        outcome=outcome,
        subject=f"letters:{row.number}", detail={"run": row.number, "source": row.source},
    )  # fmt: skip
