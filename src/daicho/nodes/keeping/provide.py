"""The one lawful way to an identity record above the municipality: question, basis, line in the ledger, answer."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import msgspec

from daicho.nodes.chronicle import Fact, note_shown
from daicho.nodes.keeping.numbers import code_of_number, numbers_of
from daicho.nodes.keeping.terms import from_text
from daicho.nodes.node import Node
from daicho.rules.identity.genuineness import UNMATCHED_OF_A_TOWN, check_guesses
from daicho.rules.identity.record import KeptRecord
from daicho.rules.identity.search import SearchTerms, check_terms, page
from daicho.rules.law.article import Article, juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.session import check_purpose
from daicho.rules.people.codes import IndividualNumber
from daicho.rules.people.dates import PartialDate
from daicho.rules.provision.answer import ProvidedIdentity, fill
from daicho.rules.provision.articles import Provider
from daicho.rules.provision.decision import Grant, may_search, out_of_reach, permit
from daicho.rules.provision.fields import EVERYTHING, Field
from daicho.rules.provision.request import ProvisionRequest, Requester
from daicho.store import copies, identity, numbers
from daicho.store.identity import Wanted
from daicho.store.unit import StoreUnavailable, Unit
from daicho.wire.operations import LookUpAnswer, LookUpRequest, LookUpRow, RefusedAnswer

_WITHOUT_NUMBER = tuple(one for one in EVERYTHING if one is not Field.INDIVIDUAL_NUMBER)


@dataclass(frozen=True, slots=True)
class Asking:
    """Who provides, who asks, and as which member of the network."""

    provider: Provider
    requester: Requester
    body: str
    peer: str
    territory: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """Who asks, and what."""

    asking: Asking
    request: LookUpRequest


def provide(node: Node, asking: Asking, request: LookUpRequest) -> LookUpAnswer:
    """Decide and answer; the lines about everybody shown are durable before the answer exists outside."""
    return provide_together(node, [Question(asking, request)])[0]


def provide_together(node: Node, questions: Sequence[Question]) -> list[LookUpAnswer]:
    """Answer several questions in one transaction: each is decided for itself, all become durable at once."""
    permitted = [_permitted(node, question) for question in questions]
    age, copied = _find_in_copy(node, questions, permitted)
    with node.store.unit("provision.answer", few_trips=True) as unit:
        current = [one for place, one in enumerate(permitted) if place not in copied]
        found = _find(unit, [_wanted(unit, node, one) for one in current if not isinstance(one, Refusal)])
        outcomes = [
            one if isinstance(one, Refusal) else _reached(question, one, copied.get(place) or next(found))
            for place, (question, one) in enumerate(zip(questions, permitted, strict=True))
        ]
        prepared = [
            _prepare(unit, node, question, outcome, age if place in copied else 0)
            for place, (question, outcome) in enumerate(zip(questions, outcomes, strict=True))
        ]
        note_shown(unit, node, [line for one in prepared for line in one.lines])
    return [one.answer for one in prepared]


@dataclass(frozen=True, slots=True)
class _Permitted:
    grant: Grant
    terms: SearchTerms
    on: date


@dataclass(frozen=True, slots=True)
class _Hits:
    grant: Grant
    rows: tuple[KeptRecord, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class _Prepared:
    answer: LookUpAnswer
    lines: list[tuple[Fact, tuple[str, bytes] | None]]


def _permitted(node: Node, question: Question) -> _Permitted | Refusal:
    """Decide before any record is read whether the question may be put."""
    asking, request = question.asking, question.request
    refusal = check_purpose(request.purpose, request.basis) or _operator_missing(request)
    if refusal is not None:
        return refusal
    terms = from_text(request.terms)
    if isinstance(terms, Refusal):
        return terms
    refusal = check_terms(terms)
    if refusal is not None:
        return refusal
    on = node.clock.business_today()
    table, _, item = request.basis.partition("/")
    fields = _WITHOUT_NUMBER if request.without_number else EVERYTHING
    grant = permit(
        ProvisionRequest(table, item, asking.body, fields, request.purpose),
        node.bases,
        on=on,
        provider=asking.provider,
        requester=asking.requester,
        territory=asking.territory,
    )
    if isinstance(grant, Refusal):
        return grant
    refusal = may_search(grant, by_code=terms.code is not None, by_number=terms.number is not None)
    if refusal is None and terms.number is not None:
        refusal = _guessed(node, asking, on)
    return refusal or _Permitted(grant, terms, on)


def _guessed(node: Node, asking: Asking, on: date) -> Refusal | None:
    """Refuse a number to a town that has named too many of nobody today, here or to have them confirmed."""
    town = _guesser(asking)
    if not town:
        return None
    with node.store.unit("provision.counted") as unit, unit.as_number_keeper():
        unmatched = numbers.unmatched_today(unit, town, on)
    return check_guesses(unmatched, UNMATCHED_OF_A_TOWN)


def _guesser(asking: Asking) -> str:
    """Name the town whose wrong numbers are counted; agencies ask by the number that somebody wrote into an application."""
    asks_nation = asking.provider is Provider.NATIONAL
    return str(asking.requester.municipality or "") if asks_nation else ""


def _operator_missing(request: LookUpRequest) -> Refusal | None:
    if request.operator_login_id and request.operator_role_id:
        return None
    return Refusal(Reason.NOT_PERMITTED, juki("30-25"), "operator")


def _wanted(unit: Unit, node: Node, permitted: _Permitted) -> Wanted:
    number = permitted.terms.number
    code = code_of_number(unit, node, number) if number is not None else None
    return Wanted(permitted.terms, code, permitted.on)


def _find(unit: Unit, wanted: Sequence[Wanted]) -> Iterator[list[KeptRecord]]:
    return iter(identity.look_up_together(unit, wanted) if wanted else [])


def _find_in_copy(
    node: Node, questions: Sequence[Question], permitted: Sequence[_Permitted | Refusal]
) -> tuple[int, dict[int, list[KeptRecord]]]:
    """Search for whoever accepts it on a server that follows; say how old what it holds is, and who was found.

    What nobody is found for there, or what cannot be asked there, is left to the server that leads.
    """
    willing = {
        place: one
        for place, (question, one) in enumerate(zip(questions, permitted, strict=True))
        if question.request.accepts_age_seconds and not isinstance(one, Refusal) and one.terms.number is None
    }
    if not willing or not node.store.has_copy:
        return 0, {}
    try:
        with node.store.reading_copy() as unit:
            age = copies.age_seconds(unit)
            if age is None:
                return 0, {}
            young = [p for p in willing if age <= questions[p].request.accepts_age_seconds]
            found = _find(unit, [Wanted(willing[place].terms, on=willing[place].on) for place in young])
            return age, {place: rows for place, rows in zip(young, found, strict=True) if rows}
    except StoreUnavailable:
        return 0, {}


def _reached(question: Question, permitted: _Permitted, found: list[KeptRecord]) -> _Hits | Refusal:
    """Leave out whom the asker may not reach; one person alone out of reach is a refusal with its reason."""
    cut = page(found)
    rows: list[KeptRecord] = []
    reason: Refusal | None = None
    for kept in cut.rows:
        refusal = out_of_reach(
            permitted.grant, kept, on=permitted.on, requester=question.asking.requester,
            territory=question.asking.territory,
        )  # fmt: skip
        if refusal is None:
            rows.append(kept)
        else:
            reason = refusal
    if not rows and reason is not None and len(cut.rows) == 1:
        return reason
    return _Hits(permitted.grant, tuple(rows), cut.narrow)


def _prepare(unit: Unit, node: Node, question: Question, outcome: _Hits | Refusal, age: int) -> _Prepared:
    """Write the answer and the ledger's lines for it: one for each person shown, one for a refusal or for nobody."""
    answer_id, basis = node.clock.new_id(), question.request.basis
    if isinstance(outcome, Refusal):
        fact = _fact(question, Event.PROVISION_REFUSED, "", outcome.reason.value, "", age)
        answer = LookUpAnswer(answer_id, basis, refused=refused_answer(outcome), age_seconds=age)
        return _Prepared(answer, [(fact, None)])
    codes = [str(kept.record.resident_record_code) for kept in outcome.rows]
    wants_number = Field.INDIVIDUAL_NUMBER in outcome.grant.fields
    told = numbers_of(unit, node, codes) if wants_number else {}
    withheld = [field.value for field in outcome.grant.withheld]
    rows = [
        LookUpRow(fields_of(fill(kept.record, outcome.grant, told.get(code))), withheld)
        for kept, code in zip(outcome.rows, codes, strict=True)
    ]
    answer = LookUpAnswer(answer_id, basis, rows, outcome.more, age_seconds=age)
    if not rows:
        _count_guess(unit, node, question)
        return _Prepared(
            answer, [(_fact(question, Event.PROVISION_GRANTED, "", "nobody", answer_id, age), None)]
        )
    facts = [
        _fact(question, Event.PROVISION_GRANTED, code, "granted", answer_id, age, number=code in told)
        for code in codes
    ]
    digests = [hashlib.sha256(msgspec.json.encode(row)).digest() for row in rows]
    return _Prepared(
        answer,
        [(fact, (answer_id, digest)) for fact, digest in zip(facts, digests, strict=True)],
    )


def _count_guess(unit: Unit, node: Node, question: Question) -> None:
    town = _guesser(question.asking)
    if town and question.request.terms.individual_number:
        with unit.as_number_keeper():
            numbers.note_unmatched(unit, town, node.clock.business_today())


def _fact(
    question: Question,
    event: Event,
    subject: str,
    outcome: str,
    answer_id: str,
    age: int,
    *,
    number: bool = False,
) -> Fact:
    """Say what became of a question; `number` that the individual number was told along with the rest."""
    asking, request = question.asking, question.request
    more = ({"age": str(age)} if age else {}) | ({"number": "told"} if number else {})
    return Fact(
        event, request.operator_login_id, request.operator_role_id, request.terminal, request.purpose, request.basis,
        subject, outcome, asking.peer, {"answer": answer_id, "body": asking.body, "request": request.request_id} | more,
    )  # fmt: skip


def refused_answer(refusal: Refusal) -> RefusedAnswer:
    """Write a refusal for the wire."""
    return RefusedAnswer(refusal.reason.value, refusal.article.act, refusal.article.number, refusal.field)


def read_refused(told: RefusedAnswer) -> Refusal:
    """Read a refusal off the wire; a reason that nobody here knows is that no law allows it."""
    reason = Reason(told.reason) if told.reason in Reason.__members__ else Reason.NO_LEGAL_BASIS
    return Refusal(reason, Article(told.act, told.number), told.field)


def code_in(row: LookUpRow) -> str:
    """Read the resident record code off a row, "" where none was told."""
    return row.fields.get("resident_record_code", "")


def birth_in(row: LookUpRow) -> PartialDate:
    """Read the birth date off a row, one of which nothing is known where none was told."""
    return PartialDate.parse(row.fields.get("birth_date", "0000-00-00"))


def fields_of(provided: ProvidedIdentity) -> dict[str, str]:
    """Write what an answer holds as texts by name; what the grant does not open has no name here."""
    found: dict[str, str | None] = {}
    if provided.name is not None:
        found |= {
            "name": provided.name.kanji,
            "furigana": provided.name.furigana,
            "former_surname": provided.name.former_surname_kanji,
        }
    if provided.birth_date is not None:
        found["birth_date"] = str(provided.birth_date)
    if provided.sex is not None:
        found["sex"] = provided.sex.value
    if provided.address is not None:
        found |= {
            "municipality_code": str(provided.address.municipality_code),
            "postal_code": provided.address.postal_code,
            "address": provided.address.address,
        }
    if provided.change is not None:
        found |= {
            "change_reason": provided.change.reason.value,
            "change_date": provided.change.changed_on.isoformat(),
            "record_state": provided.change.record_state.value,
        }
    number: IndividualNumber | None = provided.individual_number
    found["individual_number"] = str(number) if number else None
    code = provided.resident_record_code
    found["resident_record_code"] = str(code) if code else None
    return {name: text for name, text in found.items() if text}
