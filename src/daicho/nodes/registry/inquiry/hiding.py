"""Whom of those whom the Agency tells of a measure hides here, under whatever code and name they live by now.  秘匿"""

from collections.abc import Iterable
from dataclasses import replace

from daicho.nodes.keeping.numbers import code_of_number
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_forwarded, read_record
from daicho.nodes.registry.guarding import hidden_from, sees_protected
from daicho.nodes.registry.meeting import counterparts_in
from daicho.rules.identity.search import SearchTerms
from daicho.rules.operators.authority import Operator
from daicho.rules.people.characters.own import with_counterparts
from daicho.rules.people.codes import ResidentRecordCode
from daicho.rules.people.dates import PartialDate
from daicho.rules.protection.likeness import Hidden, marks_of
from daicho.store import forwarding, register
from daicho.store.unit import Unit

_Named = tuple[str, str | None, PartialDate]


def hidden_for(node: Node, operator: Operator, terms: SearchTerms) -> Hidden:
    """Gather whom measures of this town hide from an operator, and whom towns that forwarded one mean, found here or not.

    Whoever fled from here bears a new code that nobody here knows, and perhaps another surname.
    """
    if sees_protected(operator):
        return Hidden()
    with node.store.unit("inquiry.hidden") as unit:
        numbers = hidden_from(unit, operator, node.clock.business_now())
        records = [read_record(one.body) for one in register.residents(unit, numbers)] if numbers else []
        named: list[_Named] = [(one.name.kanji, one.name.furigana, one.birth_date) for one in records]
        marks = _marks(unit, [*named, *_told_of(unit)])
        codes = {
            str(code)
            for one in records
            for code in (one.resident_record_code, one.old_resident_record_code)
            if code
        }
        bearer = code_of_number(unit, node, terms.number) if terms.number is not None else None
        hidden = Hidden(frozenset(codes), marks, everybody=bearer in codes)
        return replace(hidden, known=_known(unit, terms.code, hidden))


def _told_of(unit: Unit) -> Iterable[_Named]:
    """Read whom other towns' measures name that nobody has settled here yet."""
    for body in forwarding.open_bodies(unit):
        for one in read_forwarded(body).people:
            yield one.name, one.furigana, one.birth_date


def _marks(unit: Unit, people: list[_Named]) -> frozenset[str]:
    """Fold everybody's name in both spellings: the network does not know the town's own characters."""
    written = counterparts_in(unit, [kanji for kanji, _, _ in people])
    return frozenset(
        mark
        for kanji, furigana, birth in people
        for name in {kanji, with_counterparts(kanji, written)}
        for mark in marks_of(name, furigana, birth)
    )


def _known(unit: Unit, code: ResidentRecordCode | None, hidden: Hidden) -> bool:
    held = register.resident_by_code(unit, str(code)) if code is not None else None
    if held is None:
        return False
    record = read_record(held.body)
    marks = marks_of(record.name.kanji, record.name.furigana, record.birth_date)
    return str(code) not in hidden.codes and hidden.marks.isdisjoint(marks)
