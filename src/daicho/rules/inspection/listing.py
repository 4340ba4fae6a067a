"""The list that is laid before readers: four items of those in the scope, without anybody who is protected."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date

from daicho.rules.inspection.application import InspectionScope
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.kana import kanji_key
from daicho.rules.people.names import PersonName
from daicho.rules.people.sex import Sex
from daicho.rules.protection.measure import ProtectionMeasure, hidden_people
from daicho.rules.register.record import ResidentRecord

MOST_LINES = 1_000


@dataclass(frozen=True, slots=True)
class InspectionLine:
    """The four items of one resident, and nothing else of them.  閲覧に供する四項目

    Law: 住民基本台帳法 第11条第1項
    """

    name: str
    birth_date: PartialDate
    sex: Sex
    address: str


def in_scope(record: ResidentRecord, scope: InspectionScope) -> bool:
    """Tell whether a resident is among those whose items are read; of whose birth too little is known, is not.

    Law: 住民基本台帳法 第11条第2項, 第11条の2第2項; how a scope is applied is own definition.
    """
    if not record.living or (scope.sex is not None and record.sex is not scope.sex):
        return False
    if not kanji_key(record.current_address.one_line()).startswith(kanji_key(scope.area)):
        return False
    if scope.born_from is None and scope.born_until is None:
        return True
    born = record.birth_date.whole
    return born is not None and (scope.born_from or date.min) <= born <= (scope.born_until or date.max)


def inspection_list(
    records: Iterable[ResidentRecord],
    scope: InspectionScope,
    measures: Iterable[ProtectionMeasure],
    covered: Container[int],
    on: date,
) -> tuple[tuple[int, InspectionLine], ...]:
    """Write the list in the order of addresses; whom a measure protects or covers is left out without a trace.

    Gives pairs with the number of whom each line is, which is never shown.

    Law: 住民基本台帳法 第11条第1項, 第11条の2第1項; 住民基本台帳事務処理要領 第6の10
    """
    hidden = hidden_people(measures, on)
    found = [
        one
        for one in records
        if in_scope(one, scope) and one.addressee_number not in hidden and one.addressee_number not in covered
    ]
    found.sort(key=lambda one: (kanji_key(one.current_address.one_line()), one.addressee_number))
    return tuple((one.addressee_number, _line(one)) for one in found)


def _line(record: ResidentRecord) -> InspectionLine:
    return InspectionLine(
        _name(record.name), record.birth_date, record.sex, record.current_address.one_line()
    )


def _name(name: PersonName) -> str:
    """Write a name with what stands beside it by law: the former surname, the alias."""
    beside = [one for one in (name.former_surname and name.former_surname.kanji, name.alias) if one]
    return f"{name.kanji}（{'・'.join(beside)}）" if beside else name.kanji
