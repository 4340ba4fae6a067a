"""The list that is laid before readers: four items of those in the scope, without anybody who is protected."""

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date

from daicho.rules.inspection.application import InspectionScope
from daicho.rules.people.kana import kanji_key
from daicho.rules.people.names import PersonName
from daicho.rules.people.sex import Sex
from daicho.rules.people.written_dates import text_of_day
from daicho.rules.protection.measure import ProtectionMeasure, hidden_people
from daicho.rules.register.record import ResidentRecord

MOST_LINES = 1_000
_NUMERAL = "0-9〇一二三四五六七八九十百千"
# Between two numerals a hyphen or a space parts what is no longer told apart without it: 1-1 is not 11.
_PARTED = re.compile(f"(?<=[{_NUMERAL}])([ 　]*[-‐‑‒–—―−・･'’.,．，、。][ 　]*|[ 　]+)(?=[{_NUMERAL}])")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９－", "0123456789-")
_ENDS_IN_NUMERAL = re.compile(f"[{_NUMERAL}]$")
_NUMBER = re.compile("([0-9]+)")
_BEGINS_WITH_NUMERAL = re.compile(f"[{_NUMERAL}]")


@dataclass(frozen=True, slots=True)
class InspectionLine:
    """The four items of one resident, and nothing else of them.  閲覧に供する四項目

    The birth date is text as the register has it: in eras, a foreign resident's western.
    Law: 住民基本台帳法 第11条第1項
    """

    name: str
    birth: str
    sex: Sex
    address: str


def in_scope(record: ResidentRecord, scope: InspectionScope) -> bool:
    """Tell whether a resident is among those whose items are read; of whose birth too little is known, is not.

    Searching is wider: it tells 1-1 from 11 no more, while whoever reads sees nobody beyond what was approved.

    Law: 住民基本台帳法 第11条第2項, 第11条の2第2項; how a scope is applied is own definition.
    """
    if not record.living or (scope.sex is not None and record.sex is not scope.sex):
        return False
    address = _place_key(record.current_address.one_line())
    if not any(_begins(address, _place_key(area)) for area in scope.areas):
        return False
    if scope.born_from is None and scope.born_until is None:
        return True
    born = record.birth_date.whole
    return born is not None and (scope.born_from or date.min) <= born <= (scope.born_until or date.max)


def _place_key(address: str) -> str:
    """Fold an address as for searching, but keep what parts one number of it from the next."""
    parts = _PARTED.split(address.translate(_FULL_WIDTH))
    # Every second part is what parted two: some hyphen, or the space before a building.
    marks = ("" if place % 2 == 0 else "-" if one.strip() else " " for place, one in enumerate(parts))
    return "".join(mark or kanji_key(one) for mark, one in zip(marks, parts, strict=True))


def _in_order(address: str) -> list[str | int]:
    """Part an address into words and numbers in turn, so that 2番 stands before 10番."""
    return [int(one) if place % 2 else one for place, one in enumerate(_NUMBER.split(_place_key(address)))]


def _begins(address: str, area: str) -> bool:
    """Tell whether an address lies in an area: it begins so, and a number at the area's end is not a part of a longer one."""
    if not address.startswith(area):
        return False
    rest = address[len(area) :]
    return not (_ENDS_IN_NUMERAL.search(area) and _BEGINS_WITH_NUMERAL.match(rest))


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
    found.sort(key=lambda one: (_in_order(one.current_address.one_line()), one.addressee_number))
    return tuple((one.addressee_number, _line(one)) for one in found)


def _line(record: ResidentRecord) -> InspectionLine:
    western = record.foreign is not None
    born = text_of_day(record.birth_date, record.birth_written, western=western)
    return InspectionLine(_name(record.name), born, record.sex, record.current_address.one_line())


def _name(name: PersonName) -> str:
    """Write a name with what stands beside it by law: the former surname, the alias."""
    beside = [one for one in (name.former_surname and name.former_surname.kanji, name.alias) if one]
    return f"{name.kanji}（{'・'.join(beside)}）" if beside else name.kanji
