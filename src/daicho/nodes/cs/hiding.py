"""Whom the own registry keeps back, as this CS knows them again in what the nation tells its operators.  秘匿"""

from daicho.nodes.keeping.numbers import code_of_number
from daicho.nodes.node import Node
from daicho.rules.identity.record import KeptRecord
from daicho.rules.identity.search import SearchTerms
from daicho.rules.protection.likeness import Hidden, marks_of
from daicho.store import identity, kept_back
from daicho.store.unit import Unit


def kept_back_here(unit: Unit, node: Node, terms: SearchTerms | None = None) -> Hidden:
    """Gather whom the registry keeps back; with what is asked by, also whether it leads to one of them.

    Whom a measure of another town means that waits at the registry, this CS does not know: that letter is sealed for it.
    """
    codes = kept_back.all_kept_back(unit)
    if not codes:
        return Hidden()
    marks = frozenset(mark for one in identity.kept_under(unit, codes) for mark in _marks_of(one))
    number, code = (terms.number, terms.code) if terms is not None else (None, None)
    bearer = code_of_number(unit, node, number) if number is not None else None
    asked = identity.kept_under(unit, [str(code)]) if code is not None else []
    known = any(marks.isdisjoint(_marks_of(one)) for one in asked)
    return Hidden(codes, marks, bearer in codes, known and code not in codes)


def _marks_of(kept: KeptRecord) -> frozenset[str]:
    record = kept.record
    return marks_of(record.name_kanji, record.name_furigana, record.birth_date)
