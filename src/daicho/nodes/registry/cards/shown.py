"""A card that is shown as proof is compared with what the register knows of it, before anything rests on it."""

from collections.abc import Iterable, Sequence
from datetime import date
from unicodedata import normalize

from daicho.nodes.node import Node
from daicho.nodes.registry.cards.holding import standings_of_people
from daicho.rules.cards_held.shown import check_notification_card, check_number_card
from daicho.rules.certificates.request import IdentityProof
from daicho.rules.law.article import Article, juki
from daicho.rules.law.refusal import Refusal
from daicho.rules.people.kana import is_selector
from daicho.rules.people.names import PersonName
from daicho.rules.register.reception import Document, Notifier, Reception
from daicho.rules.register.record import ResidentRecord
from daicho.rules.seals.ordinance import CONFIRMATION
from daicho.rules.seals.visit import CounterVisit, SealProof
from daicho.store.unit import Unit

_IN_WRITING = juki("27")
_FIELD = "card_expires_on"


def card_of_notice(
    unit: Unit,
    node: Node,
    reception: Reception | None,
    records: Iterable[ResidentRecord],
    subjects: Iterable[int],
) -> Refusal | None:
    """Refuse a card by which whoever handed a notice in was to be known, if it proves nothing any more.

    `records` are those of the households concerned, as they stand before the notice.
    """
    shown = set() if reception is None else set(reception.documents)
    if reception is None or not shown & {Document.NUMBER_CARD, Document.NOTIFICATION_CARD}:
        return None
    people = _who_came(reception, tuple(records), frozenset(subjects))
    holders = tuple(standings_of_people(unit, node, people).values())
    refusal = None
    if Document.NUMBER_CARD in shown:
        today = node.clock.business_today()
        refusal = check_number_card(reception.card_expires_on, holders, today, _IN_WRITING, _FIELD)
    if refusal is None and Document.NOTIFICATION_CARD in shown:
        refusal = check_notification_card(holders, _IN_WRITING, "documents")
    return refusal


def _who_came(
    reception: Reception, records: Sequence[ResidentRecord], subjects: frozenset[int]
) -> tuple[ResidentRecord, ...]:
    """Name those of a register whose card it may be; of somebody from elsewhere it knows nothing."""
    match reception.notifier:
        case Notifier.SELF:
            return tuple(one for one in records if one.addressee_number in subjects)
        case Notifier.HOUSEHOLDER:
            homes = {one.household_number for one in records if one.addressee_number in subjects}
            return tuple(one for one in records if one.is_householder and one.household_number in homes)
        case Notifier.SAME_HOUSEHOLD:
            said = _folded(reception.name)
            return tuple(one for one in records if said in _spellings(one.name))
        case Notifier.LEGAL_REPRESENTATIVE | Notifier.AGENT:
            return ()


def _spellings(name: PersonName) -> frozenset[str]:
    """Write a name in every way in which its bearer may give it: as recorded, by alias, in Roman letters, by former surname."""
    spelled = [name.kanji, name.alias, name.roman]
    if name.former_surname is not None:
        _, space, given = name.kanji.partition("　")
        spelled.append(name.former_surname.kanji + space + given)
    return frozenset(_folded(one) for one in spelled if one)


def _folded(name: str) -> str:
    """Leave out what nobody writes on a form: spaces, selectors of a variant, width and case."""
    plain = "".join(one for one in name if not is_selector(one))
    return "".join(normalize("NFKC", plain).casefold().split())


def card_as_proof(
    unit: Unit,
    node: Node,
    proof: IdentityProof,
    expires_on: date | None,
    holder: ResidentRecord | None,
    article: Article,
) -> Refusal | None:
    """Refuse a number card by which somebody was to be known who asks for a paper, if it proves nothing any more."""
    if proof is not IdentityProof.CARD:
        return None
    return _by_card(unit, node, expires_on, holder, article)


def card_of_visit(unit: Unit, node: Node, visit: CounterVisit, person: ResidentRecord) -> Refusal | None:
    """Refuse a number card by which somebody was to be known who came about a seal, if it proves nothing any more."""
    if visit.proof is not SealProof.CARD:
        return None
    holder = None if visit.alone else person
    return _by_card(unit, node, visit.card_expires_on, holder, CONFIRMATION)


def _by_card(
    unit: Unit, node: Node, expires_on: date | None, holder: ResidentRecord | None, article: Article
) -> Refusal | None:
    people = () if holder is None else (holder,)
    holders = tuple(standings_of_people(unit, node, people).values())
    return check_number_card(expires_on, holders, node.clock.business_today(), article, _FIELD)
