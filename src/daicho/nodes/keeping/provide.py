"""The one lawful way to an identity record above the municipality: question, basis, line in the ledger, answer."""

import hashlib
from dataclasses import dataclass

import msgspec

from daicho.nodes import seams
from daicho.nodes.chronicle import Fact, note_answer, note_many
from daicho.nodes.keeping.numbers import code_of_number, numbers_of
from daicho.nodes.keeping.terms import from_text
from daicho.nodes.node import Node
from daicho.rules.identity.record import KeptRecord
from daicho.rules.identity.search import SearchTerms, check_terms, page
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.session import check_purpose
from daicho.rules.people.codes import IndividualNumber
from daicho.rules.provision.answer import ProvidedIdentity, fill
from daicho.rules.provision.articles import Provider
from daicho.rules.provision.decision import Grant, decide, may_search, permit
from daicho.rules.provision.fields import EVERYTHING, Field
from daicho.rules.provision.request import ProvisionRequest, Requester
from daicho.store import identity
from daicho.store.unit import Unit
from daicho.wire.operations import LookUpAnswer, LookUpRequest, LookUpRow, RefusedAnswer


@dataclass(frozen=True, slots=True)
class Asking:
    """Who provides, who asks, and as which member of the network."""

    provider: Provider
    requester: Requester
    body: str
    peer: str
    territory: str = ""


def provide(node: Node, asking: Asking, request: LookUpRequest) -> LookUpAnswer:
    """Decide and answer; the lines about everybody shown are durable before the answer exists outside."""
    answer_id = node.clock.new_id()
    with node.store.unit() as unit:
        outcome = _decide(unit, node, asking, request)
        if isinstance(outcome, Refusal):
            _note_refusal(unit, node, asking, request, outcome)
            answer = LookUpAnswer(answer_id, request.basis, refused=refused_answer(outcome))
        else:
            answer = _answer(unit, node, asking, request, outcome, answer_id)
        seams.at("provision.before_commit")
    seams.at("provision.after_commit")
    return answer


@dataclass(frozen=True, slots=True)
class _Hits:
    grant: Grant
    rows: tuple[KeptRecord, ...]
    more: bool


def _decide(unit: Unit, node: Node, asking: Asking, request: LookUpRequest) -> _Hits | Refusal:
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
    asked = ProvisionRequest(table, item, asking.body, EVERYTHING, request.purpose)
    grant = permit(
        asked,
        node.bases,
        on=on,
        provider=asking.provider,
        requester=asking.requester,
        territory=asking.territory,
    )
    if isinstance(grant, Refusal):
        return grant
    refusal = may_search(grant, by_code=terms.code is not None, by_number=terms.number is not None)
    if refusal is not None:
        return refusal
    found = page(_find(unit, node, terms))
    rows: list[KeptRecord] = []
    reason: Refusal | None = None
    for kept in found.rows:
        decided = decide(
            asked, kept, node.bases, on=on, provider=asking.provider, requester=asking.requester,
            territory=asking.territory,
        )  # fmt: skip
        if isinstance(decided, Grant):
            rows.append(kept)
        else:
            reason = decided
    if not rows and reason is not None and len(found.rows) == 1:
        return reason
    return _Hits(grant, tuple(rows), found.narrow)


def _operator_missing(request: LookUpRequest) -> Refusal | None:
    if request.operator_login_id and request.operator_role_id:
        return None
    return Refusal(Reason.NOT_PERMITTED, juki("30-25"), "operator")


def _find(unit: Unit, node: Node, terms: SearchTerms) -> list[KeptRecord]:
    number_code = code_of_number(unit, node, terms.number) if terms.number is not None else None
    return identity.look_up(unit, terms, number_code=number_code)


def _answer(
    unit: Unit, node: Node, asking: Asking, request: LookUpRequest, hits: _Hits, answer_id: str
) -> LookUpAnswer:
    codes = [str(kept.record.resident_record_code) for kept in hits.rows]
    wants_number = Field.INDIVIDUAL_NUMBER in hits.grant.fields
    numbers = numbers_of(unit, node, codes) if wants_number else {}
    rows = [
        LookUpRow(fields_of(fill(kept.record, hits.grant, numbers.get(str(kept.record.resident_record_code)))),
                  [field.value for field in hits.grant.withheld])
        for kept in hits.rows
    ]  # fmt: skip
    facts = [_fact(asking, request, Event.PROVISION_GRANTED, code, "granted", answer_id) for code in codes]
    digests = [hashlib.sha256(msgspec.json.encode(row)).digest() for row in rows]
    if rows:
        note_answer(unit, node, facts, answer_id=answer_id, digests=digests)
    else:
        note_many(unit, node, [_fact(asking, request, Event.PROVISION_GRANTED, "", "nobody", answer_id)])
    return LookUpAnswer(answer_id, request.basis, rows, hits.more)


def _note_refusal(unit: Unit, node: Node, asking: Asking, request: LookUpRequest, refusal: Refusal) -> None:
    fact = _fact(asking, request, Event.PROVISION_REFUSED, "", refusal.reason.value, "")
    note_many(unit, node, [fact])


def _fact(
    asking: Asking, request: LookUpRequest, event: Event, subject: str, outcome: str, answer_id: str
) -> Fact:
    return Fact(
        event, request.operator_login_id, request.operator_role_id, request.terminal, request.purpose, request.basis,
        subject, outcome, asking.peer, {"answer": answer_id, "body": asking.body, "request": request.request_id},
    )  # fmt: skip


def refused_answer(refusal: Refusal) -> RefusedAnswer:
    """Write a refusal for the wire."""
    return RefusedAnswer(refusal.reason.value, refusal.article.act, refusal.article.number, refusal.field)


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
