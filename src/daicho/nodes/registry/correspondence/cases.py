"""The papers of a case: what can be written in it, to which household, and what was written.  事案の文書"""

from collections.abc import Sequence
from dataclasses import dataclass

from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_case, read_entry, read_letter, read_record
from daicho.nodes.registry.certificates import IssuedPaper, Issuer, SetPaper
from daicho.nodes.registry.correspondence.writing import (
    About,
    WrittenLetter,
    kept_from_public,
    note_letters,
    write_letter,
    written,
)
from daicho.nodes.registry.guarding import hidden_among, kept_residents
from daicho.nodes.registry.residents import Purpose
from daicho.nodes.registry.upkeep import fact_of
from daicho.rules.certificates.content import CertificateContent, CertificateKind
from daicho.rules.correspondence.addressing import by_household, written_to
from daicho.rules.correspondence.cases import (
    CasePaper,
    ToldChange,
    basis_of_paper,
    case_paper,
    check_case_paper,
    papers_of_case,
)
from daicho.rules.law.article import juki
from daicho.rules.law.closed_days import CLOSED_DAYS
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.register.record import ResidentRecord
from daicho.rules.upkeep.case import UpkeepCase
from daicho.rules.upkeep.periods import UpkeepDeadline, upkeep_due
from daicho.store import correspondence, register, upkeep
from daicho.store.unit import Unit

_PURPOSE = "正確な記録の確保"
_GONE = Refusal(Reason.NOT_FOUND, juki("14"), "number")
_K = CertificateKind


@dataclass(frozen=True, slots=True)
class CaseLetters:
    """What can be written in a case, to which households of it, of which changes, and what was written.

    Each household stands under its number with the people of the case and who is addressed.
    """

    number: str
    kinds: tuple[CertificateKind, ...]
    households: tuple[tuple[int, tuple[ResidentRecord, ...], ResidentRecord | None], ...]
    told: tuple[ToldChange, ...]
    letters: tuple[WrittenLetter, ...]
    hidden: bool


@dataclass(frozen=True, slots=True)
class _Case:
    """A case with what its letters rest on."""

    case: UpkeepCase
    people: dict[int, ResidentRecord]
    told: tuple[ToldChange, ...]

    def household_of(self, unit: Unit, number: int) -> list[ResidentRecord]:
        """Read everybody of one household."""
        return [read_record(one.body) for one in register.household(unit, number)]


def case_letters(node: Node, operator: Operator, number: str, *, terminal: str = "") -> CaseLetters | Refusal:
    """Show what can be and was written in a case; a ledger line for everybody on a letter is durable first."""
    refusal = may(operator, Permission.UPKEEP_REGISTER)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        read = _read(unit, node, number)
        if read is None:
            return _GONE
        today, people = node.clock.business_today(), read.people
        hidden = bool(people) and bool(hidden_among(unit, operator, people, node.clock.business_now()))
        rows = correspondence.letters_of_case(unit, number)
        prints = may(operator, Permission.ISSUE_CERTIFICATE) is None and not hidden
        households = tuple(
            (home, members, written_to(members, read.household_of(unit, home), today))
            for home, members in by_household(people.values()).items()
        )
    if rows:
        note_letters(node, operator, people.values(), terminal, "listed", "")
    return CaseLetters(
        number,
        papers_of_case(read.case, to_tell=bool(read.told)) if prints else (),
        households,
        read.told,
        tuple(written(row, post, hidden=hidden) for row, post in rows),
        hidden,
    )


def _read(unit: Unit, node: Node, number: str) -> _Case | None:
    row = upkeep.upkeep_case(unit, number)
    if row is None:
        return None
    case = read_case(row.body)
    rows = [held for one in case.entries if (held := register.load_entry(unit, one.entry_id)) is not None]
    told = []
    for held in rows:
        fact, _ = fact_of(unit, node, held)
        if fact.stands and fact.ex_officio:
            told.append(ToldChange(held.id, fact.kind, read_entry(held.body).change_date, fact.subjects))
    return _Case(case, kept_residents(unit, node, case.people), tuple(told))


def write_case_letter(
    node: Node,
    operator: Operator,
    number: str,
    wanted: CasePaper,
    *,
    issuer: Issuer,
    set_paper: SetPaper,
    terminal: str = "",
) -> IssuedPaper | Refusal:
    """Write one paper of a case to one household, or the public notice; what is not sent yet is not written twice.

    Raises: PressFault when it could not be set for a reason that lies with us.
    """
    refusal = may(operator, Permission.UPKEEP_REGISTER) or may(operator, Permission.ISSUE_CERTIFICATE)
    if refusal is not None:
        return refusal
    today = node.clock.business_today()
    public = wanted.kind is _K.PUBLIC_NOTICE
    ends_on = upkeep_due(UpkeepDeadline.PUBLIC_NOTICE, today, CLOSED_DAYS) if public else None
    with node.store.reading() as unit:
        read = _read(unit, node, number)
        if read is None:
            return _GONE
        refusal = check_case_paper(read.case, wanted, today, to_tell=bool(read.told))
        if refusal is not None:
            return refusal
        people = [read.people[one] for one in wanted.people if one in read.people]
        households = by_household(people)
        if len(people) != len(wanted.people) or (len(households) != 1 and not public):
            return Refusal(Reason.FIELD_UNKNOWN_VALUE, basis_of_paper(wanted.kind), "people")
        home = next(iter(households))
        household = read.household_of(unit, home)
        kept_back = kept_from_public(unit, people) if public else frozenset[int]()
        content = case_paper(
            wanted,
            people,
            household,
            read.told,
            town=issuer.place,
            on=today,
            ends_on=ends_on,
            kept_back=kept_back,
        )
    if isinstance(content, Refusal):
        return content
    body = public or wanted.kind is _K.ARRIVAL_INQUIRY
    to = None if body else written_to(people, household, today)
    registered = to.addressee_number if to is not None and not wanted.address.strip() else None
    about = About(home, case_number=number, wanted=wanted, ends_on=ends_on, to=registered)

    def still_so(unit: Unit) -> bool:
        kept = kept_from_public(unit, people) if public else kept_back
        known = kept_residents(unit, node, wanted.people)
        return (
            kept == kept_back
            and list(known.values()) == sorted(people, key=lambda one: one.addressee_number)
            and (not _waits(unit, number, wanted, home))
        )

    with node.store.reading() as unit:
        if _waits(unit, number, wanted, home):
            return Refusal(Reason.ALREADY_ISSUED, basis_of_paper(wanted.kind), "paper")
    return write_letter(
        node, operator, Purpose(_PURPOSE, str(basis_of_paper(wanted.kind)), terminal), content,
        _with_addressee(people, [] if to is None else [to]), about, issuer=issuer, set_paper=set_paper, still_so=still_so,
        send_to=_send_to(wanted, content),
    )  # fmt: skip


def _with_addressee(people: Sequence[ResidentRecord], to: Sequence[ResidentRecord]) -> list[ResidentRecord]:
    """Put whoever is written to first: the book and the post know them, too."""
    first = [one for one in to if one not in people]
    return [*first, *people]


def _send_to(wanted: CasePaper, content: CertificateContent) -> str:
    """Tell whither a letter goes that does not go to the registered address."""
    place = content.letter.place if content.letter is not None else None
    if place is None or not wanted.address.strip():
        return ""
    care_of = f"　{place.care_of}様方" if place.care_of else ""
    return "　".join(place.lines) + care_of


def _waits(unit: Unit, number: str, wanted: CasePaper, home: int) -> bool:
    """Tell whether the same paper about any of the same people was written and is neither sent nor dropped."""
    for row, _ in correspondence.letters_of_case(unit, number):
        if row.state != "MADE" or row.kind != wanted.kind.value:
            continue
        former = read_letter(row.body).wanted
        same_entries = former is None or former.entries == wanted.entries
        same_people = former is None or not set(former.people).isdisjoint(wanted.people)
        same_home = row.household_number == home and same_people
        if same_entries and (same_home or wanted.kind is _K.PUBLIC_NOTICE):
            return True
    return False
