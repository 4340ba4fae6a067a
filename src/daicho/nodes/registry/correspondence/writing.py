"""A letter written, kept and printed again: the same content under the same number.  文書の作成・再印刷"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from daicho.nodes.chronicle import fact_by, note_many
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import letter_body, read_letter
from daicho.nodes.registry.certificates import (
    IssuedPaper,
    Issuer,
    SetPaper,
    ToPrint,
    guard_of,
    print_and_book,
    refused_paper,
    set_sheet,
)
from daicho.nodes.registry.guarding import KEPT_BACK, kept_residents, measures_about, told_by
from daicho.nodes.registry.records import subject_of
from daicho.nodes.registry.residents import Purpose
from daicho.paper.certificate import Certificate
from daicho.paper.workers import Unprintable
from daicho.rules.certificates.content import CertificateContent, CertificateKind
from daicho.rules.certificates.posting import PostState
from daicho.rules.certificates.request import CertificateRequester, Delivery, IssueChannel
from daicho.rules.correspondence.cases import CasePaper
from daicho.rules.correspondence.kept import KeptLetter, holds_place, names_homes
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.people.kana import kanji_key
from daicho.rules.protection.veil import names_place
from daicho.rules.register.record import ResidentRecord
from daicho.store import certificates, correspondence, posting
from daicho.store.correspondence import LetterRow
from daicho.store.unit import Unit

ON_PLAIN_PAPER = "-"  # what stands in the place of a code's text: a letter bears none
LETTER_GONE = Refusal(Reason.NOT_FOUND, juki("14"), "number")


@dataclass(frozen=True, slots=True)
class About:
    """Of what a letter is: a case with what was wanted, a request about a seal, or a survey or change of names."""

    household_number: int
    case_number: str | None = None
    request_id: str | None = None
    source: str = ""
    wanted: CasePaper | None = None
    ends_on: date | None = None
    to: int | None = None  # whose registered place the letter goes to


@dataclass(frozen=True, slots=True)
class WrittenLetter:
    """A letter in a list or on its page: to whom, where it stands, how often it was printed again.

    `hidden` is for the protection officer; `post` is where the post has it, for what goes by post. `moved` tells that it lies
    here and names another place than the register does.
    """

    number: str
    kind: CertificateKind
    state: str
    issued_on: date
    names: tuple[str, ...]
    to: str
    due: str
    again: int
    by_post: bool
    post: PostState
    case_number: str = ""
    hidden: bool = False
    ends_on: date | None = None
    send_to: str = ""  # as a clerk stated it; empty is the registered address
    moved: bool = False


def write_letter(
    node: Node,
    operator: Operator,
    why: Purpose,
    content: CertificateContent,
    records: Sequence[ResidentRecord],
    about: About,
    *,
    issuer: Issuer,
    set_paper: SetPaper,
    still_so: Callable[[Unit], bool],
    send_to: str = "",
) -> IssuedPaper | Refusal:
    """Write one letter: its number, book and ledger as of any paper, and its content so that it can be printed again.

    Raises: PressFault when it could not be set for a reason that lies with us.
    """
    content = with_contact(content, issuer)
    with node.store.reading() as unit:
        guard = guard_of(unit, node, operator, records)
    if guard.shut or guard.keeps_back(content):
        return refused_paper(node, operator, why, records[0], KEPT_BACK)

    def beside(unit: Unit, number: str) -> None:
        keep(unit, node, number, content, about, issuer)

    return print_and_book(
        node, operator, why, to_print(content, records, why, send_to), issuer=issuer, set_paper=set_paper,
        still_so=lambda unit: guard_of(unit, node, operator, records) == guard and still_so(unit),
        beside=beside,
    )  # fmt: skip


def with_contact(content: CertificateContent, issuer: Issuer) -> CertificateContent:
    """Name on a letter the office that answers."""
    if content.letter is None or content.letter.place is None:
        return content
    return replace(content, letter=replace(content.letter, contact=issuer.contact))


def to_print(
    content: CertificateContent, records: Sequence[ResidentRecord], why: Purpose, send_to: str
) -> ToPrint:
    """Say of a letter what the book of papers says of every paper."""
    place = content.letter.place if content.letter is not None else None
    posted = Delivery.POSTED_TO_REQUESTER if send_to else Delivery.POSTED_TO_PERSON
    delivery = Delivery.HANDED_OVER if place is None else posted
    return ToPrint(
        content=content,
        requester=CertificateRequester.SELF,
        channel=IssueChannel.COUNTER if place is None else IssueChannel.POST,
        asker=place.name if place is not None else content.people[0].name,
        basis=why.basis,
        delivery=delivery,
        fee_yen=0,
        records=tuple(records),
        purpose=why.purpose,
        send_to=send_to,
    )


def keep(
    unit: Unit,
    node: Node,
    number: str,
    content: CertificateContent,
    about: About,
    issuer: Issuer,
    run: str | None = None,
) -> None:
    """Keep a letter beside its line in the book."""
    today = node.clock.business_today()
    letter = KeptLetter(
        number, content, issuer.title, issuer.name, today, about.wanted, about.ends_on, about.to, issuer.place
    )
    row = LetterRow(
        number, content.kind.value, about.household_number, "MADE", about.case_number, about.request_id, run,
        about.source, 0, letter_body(letter),
    )  # fmt: skip
    correspondence.keep_letter(unit, row)


def kept_from_public(unit: Unit, records: Iterable[ResidentRecord]) -> frozenset[int]:
    """Name those of some people whose place nothing public may say, whoever writes it.

    That is whom a measure covers, and whoever once lived with such a person where that one is.
    """
    people = {one.addressee_number: one for one in records}
    told = told_by(unit, people)
    kept = set[int]()
    for number, record in people.items():
        places = frozenset[str]().union(*told.get(number, {}).values())
        home = record.current_address.one_line()
        if measures_about(unit, [number]) or names_place(home, places) or _within(home, places):
            kept.add(number)
    return frozenset(kept)


def _within(home: str, places: Iterable[str]) -> bool:
    key = kanji_key(home)
    return bool(key) and any(key in place for place in places)


def certificate_of(node: Node, letter: KeptLetter) -> Certificate:
    """Give a letter as it is set: with the names and the day under which it went out first."""
    return Certificate(
        content=letter.content,
        issuer_title=letter.issuer_title,
        issuer_name=letter.issuer_name,
        issued_on=letter.issued_on,
        number=letter.number,
        verification=ON_PLAIN_PAPER,
        training=node.training,
    )


def print_again(
    node: Node, operator: Operator, number: str, *, set_paper: SetPaper, terminal: str = ""
) -> IssuedPaper | Refusal:
    """Print the same letter once more; a ledger line for everybody on it is durable first.

    Raises: PressFault when it could not be set for a reason that lies with us.
    """
    refusal = may(operator, Permission.ISSUE_CERTIFICATE)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        row = correspondence.letter(unit, number)
        if row is None:
            return LETTER_GONE
        letter, records = read_letter(row.body), people_on(unit, node, number)
        guard = guard_of(unit, node, operator, records)
        public = letter.content.letter is not None and letter.content.letter.place is None
        shut = public and names_homes(letter, records, kept_from_public(unit, records))
    why = Purpose("文書の再印刷", str(juki("14")), terminal)
    if row.state == "DROPPED":
        return Refusal(Reason.NOT_PENDING, juki("14"), "number", row.state)
    if has_moved(row, records):
        return Refusal(Reason.CHANGED_SINCE, juki("14"), "number")
    if records and (guard.shut or shut or guard.keeps_back(letter.content)):
        return refused_paper(node, operator, why, records[0], KEPT_BACK)
    sheet = set_sheet(node, certificate_of(node, letter), set_paper, records)
    if isinstance(sheet, Unprintable):
        return Refusal(Reason.CHARACTER_MISSING, juki("14"), "name", sheet.missing[0].code_points)
    if sheet.specimen and not node.training:
        return Refusal(Reason.FONT_MISSING, juki("14"), "font")
    note_printed_again(node, operator, {number: records}, terminal)
    return IssuedPaper(number, sheet.pdf, 0, Delivery.HANDED_OVER, frozenset())


def has_moved(row: LetterRow, records: Iterable[ResidentRecord]) -> bool:
    """Tell whether a letter that lies here names another place than that at which whoever is addressed is registered."""
    people = {one.addressee_number: one for one in records}
    return row.state == "MADE" and not holds_place(read_letter(row.body), people)


def people_on(unit: Unit, node: Node, number: str) -> list[ResidentRecord]:
    """Read the records of the people of a letter."""
    named = [whose for whose, _ in posting.people_on(unit, [number]).get(number, [])]
    return list(kept_residents(unit, node, named).values())


def note_printed_again(
    node: Node,
    operator: Operator,
    papers: Mapping[str, Iterable[ResidentRecord]],
    terminal: str,
    run: str = "",
) -> None:
    """Write that letters were printed once more, each with a line for everybody on it that names the letter."""
    facts = [
        fact_by(
            operator, Event.CERTIFICATE_HANDED_OUT, terminal=terminal, outcome="printed_again", subject=subject_of(one),
            detail={"number": number} | ({"run": run} if run else {}),
        )
        for number, records in papers.items()
        for one in records
    ]  # fmt: skip
    with node.store.unit("letters.again") as unit:
        correspondence.note_again(unit, papers.keys())
        note_many(unit, node, facts)


def letter_view(
    node: Node, operator: Operator, number: str, *, terminal: str = ""
) -> WrittenLetter | Refusal:
    """Show one letter; a ledger line for everybody on it is durable first."""
    refusal = may(operator, Permission.ISSUE_CERTIFICATE)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        row = correspondence.letter(unit, number)
        found = certificates.certificate(unit, number)
        if row is None or found is None:
            return LETTER_GONE
        records = people_on(unit, node, number)
        posted = posting.posted_paper(unit, number)
        hidden = guard_of(unit, node, operator, records).shut
    note_letters(node, operator, records, terminal, "shown", number)
    line = written(row, posted.post if posted is not None else "", hidden=hidden)
    line = replace(line, moved=not hidden and has_moved(row, records))
    return line if posted is None or hidden else replace(line, send_to=posted.send_to)


def written(row: LetterRow, post: str, *, hidden: bool) -> WrittenLetter:
    """Give a letter as a list shows it."""
    letter = read_letter(row.body)
    facts, content = letter.content.letter, letter.content
    place = facts.place if facts is not None else None
    return WrittenLetter(
        row.number,
        CertificateKind(row.kind),
        row.state,
        letter.issued_on,
        tuple(one.name for one in content.people),
        place.name if place is not None else "",
        facts.due if facts is not None else "",
        row.again,
        by_post=place is not None,
        post=PostState(post or PostState.WAITING),
        case_number=row.case_number or "",
        hidden=hidden,
        ends_on=letter.ends_on,
    )


def note_letters(
    node: Node,
    operator: Operator,
    records: Iterable[ResidentRecord],
    terminal: str,
    outcome: str,
    number: str,
) -> None:
    """Write that letters about people were shown."""
    facts = [
        fact_by(
            operator, Event.POST_SHOWN, terminal=terminal, outcome=outcome, subject=subject_of(one),
            detail={"number": number} if number else {},
        )
        for one in records
    ]  # fmt: skip
    if facts:
        with node.store.unit("letters.note") as unit:
            note_many(unit, node, facts)
