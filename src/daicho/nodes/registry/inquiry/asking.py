"""A clerk asks the Agency about somebody who need not live here, for an affair of the register.  機構への照会"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from daicho.nodes.chronicle import Fact, fact_by, note_many
from daicho.nodes.keeping.provide import birth_in, code_in, read_refused, refused_answer
from daicho.nodes.keeping.terms import to_text
from daicho.nodes.mailroom import partner
from daicho.nodes.node import Node
from daicho.nodes.registry.guarding import KEPT_BACK, note_kept_back
from daicho.nodes.registry.inquiry.hiding import hidden_for
from daicho.nodes.registry.residents import Purpose
from daicho.rules.identity.genuineness import UNMATCHED_OF_AN_OPERATOR, check_guesses
from daicho.rules.identity.inquiry import ROWS_OF_MANY, InquiryAffair, check_inquiry, check_shown
from daicho.rules.identity.search import SearchTerms
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import NodeKind
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.operators.session import check_purpose
from daicho.rules.people.codes import IndividualNumber, MunicipalityCode, ResidentRecordCode
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.sex import Sex
from daicho.rules.protection.likeness import Hidden
from daicho.store import ledger, numbers
from daicho.wire.http import WireRefused, WireUnavailable
from daicho.wire.operations import IDENTITY_LOOK_UP, LookUpAnswer, LookUpRequest, LookUpRow, RefusedAnswer

NOBODY = "nobody"
UNREACHABLE = Refusal(Reason.NODE_UNREACHABLE, juki("30-9"), "national")


@dataclass(frozen=True, slots=True)
class ToldPerson:
    """Somebody as the Agency tells of them."""

    code: ResidentRecordCode | None
    name_kanji: str
    name_furigana: str | None
    former_surname: str | None
    birth_date: PartialDate
    sex: Sex
    municipality: MunicipalityCode | None
    address: str
    living: bool
    change_reason: str
    change_date: date | None
    number: IndividualNumber | None = None


@dataclass(frozen=True, slots=True)
class AgencyAnswer:
    """Whom the Agency knows by what was asked, in its order; `more` asks for narrower terms."""

    people: tuple[ToldPerson, ...] = ()
    more: bool = False


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What is asked about whom, for which affair; `number` asks for the number of one person as well."""

    terms: SearchTerms
    affair: InquiryAffair
    why: Purpose
    number: bool = False


def ask_agency(node: Node, operator: Operator, asked: Inquiry) -> AgencyAnswer | Refusal:
    """Ask the Agency by way of the own CS; a line for each person told of is durable before anybody sees them.

    Whom a measure hides, or another town's that is not settled here, is not asked about by code, and found by nothing else:
    under which article they are told of, or not, says already in which prefecture they live.
    """
    refusal = _may_ask(operator, asked)
    if refusal is not None:
        return refusal
    code = asked.terms.code
    if code is not None and code in hidden_for(node, operator, asked.terms).codes:
        note_kept_back(node, operator, [str(code)], asked.why.terminal)
        return KEPT_BACK
    refusal = _enough(node, operator, asked)
    if refusal is not None:
        _note(node, operator, asked, LookUpAnswer("", asked.why.basis), (), refusal.reason.value)
        return refusal
    answer = _answer(node, operator, asked)
    hidden = hidden_for(node, operator, asked.terms)  # as it is when the answer is shown
    rows = [one for one in answer.rows if not _shuts(hidden, one)]
    if answer.more:  # an answer that is full and short by one would betray who is left out
        rows = rows[:ROWS_OF_MANY]
    told = None if answer.refused is None else _refusal(answer.refused, hidden)
    # The own history of whoever asked says no more than the page does.
    _note(node, operator, asked, answer, rows, told.reason.value if told is not None else NOBODY)
    if told is not None:
        return told
    return AgencyAnswer(tuple(map(_person, rows)), answer.more)


def _may_ask(operator: Operator, asked: Inquiry) -> Refusal | None:
    """Refuse whoever may not ask the nation, or not by or for a number, names no ground, or asks for too much."""
    by_number = asked.number or asked.terms.number is not None
    return (
        may(operator, Permission.ENTER_CHANGE)
        or may(operator, Permission.ASK_NATION)
        or (may(operator, Permission.SEARCH_BY_NUMBER) if by_number else None)
        or check_purpose(asked.why.purpose, asked.why.basis)
        or check_inquiry(asked.terms, asked.affair, asked.why.basis, number=asked.number)
    )


def _enough(node: Node, operator: Operator, asked: Inquiry) -> Refusal | None:
    """Refuse whoever has named too many numbers of nobody today, or has been told of too many people."""
    now = node.clock.business_now()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    with node.store.unit("inquiry.counted") as unit:
        shown = ledger.people_in_lines(
            unit, operator.login_id, Event.PROVISION_RECEIVED.value, node.clock.now() - (now - midnight)
        )
        unmatched = 0
        if asked.terms.number is not None:
            with unit.as_number_keeper():
                unmatched = numbers.unmatched_today(unit, operator.login_id, now.date())
    return check_guesses(unmatched, UNMATCHED_OF_AN_OPERATOR) or check_shown(shown)


def _answer(node: Node, operator: Operator, asked: Inquiry) -> LookUpAnswer:
    request = LookUpRequest(
        node.clock.new_id(), to_text(asked.terms), asked.why.basis, asked.why.purpose, operator.login_id,
        operator.role_id, asked.why.terminal, node.clock.business_today().isoformat(),
        without_number=not asked.number,
    )  # fmt: skip
    cs = partner(node.wire.directory(), node.me, NodeKind.CS)
    try:
        answer = node.wire.post.call(IDENTITY_LOOK_UP, cs, request)
    except (WireUnavailable, WireRefused):
        return LookUpAnswer("", asked.why.basis, refused=refused_answer(UNREACHABLE))
    if not isinstance(answer, LookUpAnswer):
        raise TypeError("not an answer to a look-up")
    return answer


def _note(
    node: Node,
    operator: Operator,
    asked: Inquiry,
    answer: LookUpAnswer,
    rows: Sequence[LookUpRow],
    nobody: str,
) -> None:
    """Write a line for each person who is shown, or one for nobody; the number stands in none of them.

    A number by which nobody is shown counts as guessed, whoever is left out.
    """
    outcome = "number" if asked.number else "told"
    facts = [_fact(node, operator, asked, answer, code_in(one), outcome) for one in rows]
    with node.store.unit("inquiry.asked") as unit:
        if asked.terms.number is not None and not rows and nobody == NOBODY:
            with unit.as_number_keeper():
                numbers.note_unmatched(unit, operator.login_id, node.clock.business_today())
        note_many(unit, node, facts or [_fact(node, operator, asked, answer, "", nobody)])


def _fact(
    node: Node, operator: Operator, asked: Inquiry, answer: LookUpAnswer, subject: str, outcome: str
) -> Fact:
    why = asked.why
    return fact_by(
        operator, Event.PROVISION_RECEIVED, terminal=why.terminal, purpose=why.purpose, basis=why.basis,
        subject=subject, outcome=outcome, peer=str(partner(node.wire.directory(), node.me, NodeKind.CS).name),
        detail={"answer": answer.answer_id, "shown": str(len(answer.rows))},
    )  # fmt: skip


def _refusal(told: RefusedAnswer, hidden: Hidden) -> Refusal | None:
    """Read why nothing was told; that somebody is out of reach says where they do not live.

    While anybody is kept back it is said only of whom the own register knows by that code: all others are nobody.
    """
    refusal = read_refused(told)
    if refusal.reason is Reason.PERSON_OUT_OF_REACH and hidden.anybody and not hidden.known:
        return None
    return refusal


def _shuts(hidden: Hidden, row: LookUpRow) -> bool:
    """Tell whether a row is, or may be, of somebody who is hidden; of whom no code came, nobody can tell."""
    code, given = code_in(row), row.fields
    named = (given.get("name", ""), given.get("furigana"), birth_in(row))
    return hidden.anybody and (not code or hidden.shuts(code, *named))


def _person(row: LookUpRow) -> ToldPerson:
    given = row.fields
    code, number = code_in(row), given.get("individual_number")
    changed, town = given.get("change_date"), given.get("municipality_code")
    return ToldPerson(
        ResidentRecordCode(code) if code else None, given.get("name", ""), given.get("furigana"),
        given.get("former_surname"), birth_in(row),
        Sex(given.get("sex", "UNKNOWN")), MunicipalityCode(town) if town else None,
        given.get("address", ""), given.get("record_state") == "living", given.get("change_reason", ""),
        date.fromisoformat(changed) if changed else None, IndividualNumber(number) if number else None,
    )  # fmt: skip
