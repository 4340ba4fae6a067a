"""The register extract: one resident per CSV line, read strictly, each fault named with its field and rule.

Law: none, an own format; docs/protocols/extract.md describes it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import compress
from operator import gt, itemgetter
from typing import TypeVar

from daicho.rules.law.refusal import Reason
from daicho.rules.people.addresses import Address
from daicho.rules.people.codes import IndividualNumber, MunicipalityCode, ResidentRecordCode
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.names import FormerSurname, PersonName
from daicho.rules.people.sex import Sex
from daicho.rules.people.written_dates import MAX_WRITTEN_CHARACTERS, may_mean_that_day, says_that_day
from daicho.rules.register.reasons import REMOVAL_REASONS, ChangeReason
from daicho.rules.register.record import (
    HOUSEHOLDER,
    AddressReason,
    ForeignItems,
    Removal,
    ResidentKind,
    ResidentRecord,
)
from daicho.rules.register.relationship import check_relationship

_T = TypeVar("_T")
LINE_MAX_BYTES = 8_192
LINES_MAX = 5_000_000
BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the extract.  項目"""

    name: str
    max_chars: int
    required: bool = False
    text: bool = False  # free text, in which a leading = + - @ would be a formula of somebody's spreadsheet


COLUMNS = (
    Column("addressee_number", 15, required=True),
    Column("resident_record_code", 11),
    Column("individual_number", 12),
    Column("household_number", 15, required=True),
    Column("name_kanji", 100, required=True, text=True),
    Column("name_furigana", 100, text=True),
    Column("furigana_confirmed", 1),
    Column("birth_date", 10, required=True),
    Column("birth_written", MAX_WRITTEN_CHARACTERS),
    Column("sex", 7, required=True),
    Column("relationship", 30, required=True, text=True),
    Column("householder_name", 100, required=True, text=True),
    Column("municipality_code", 6, required=True),
    Column("aza_code", 7),
    Column("postal_code", 7),
    Column("town", 100, required=True, text=True),
    Column("block", 60, text=True),
    Column("building", 100, text=True),
    Column("resident_since", 10, required=True),
    Column("resident_since_notified_on", 10),
    Column("address_since", 10, required=True),
    Column("notified_on", 10, required=True),
    Column("address_reason", 20),
    Column("previous_address", 200, text=True),
    Column("previous_municipality_code", 6),
    Column("move_in_from_address", 200, text=True),
    Column("registered_domicile", 200, text=True),
    Column("family_register_head", 100, text=True),
    Column("former_surname_kanji", 50, text=True),
    Column("former_surname_furigana", 50, text=True),
    Column("alias", 100, text=True),
    Column("roman", 100, text=True),
    Column("resident_kind", 8),
    Column("nationality", 50, text=True),
    Column("foreign_category", 50, text=True),
    Column("foreign_since", 10),
    Column("residence_card_number", 12),
    Column("residence_status", 50, text=True),
    Column("residence_period", 30, text=True),
    Column("residence_expires_on", 10),
    Column("processing_hold", 1),
    Column("update_sequence", 9),
    Column("removal_reason", 30),
    Column("removed_on", 10),
    Column("removal_notified_on", 10),
    Column("resident_since_written", MAX_WRITTEN_CHARACTERS),
    Column("address_since_written", MAX_WRITTEN_CHARACTERS),
    Column("removed_written", MAX_WRITTEN_CHARACTERS),
)
HEADER = ",".join(column.name for column in COLUMNS)
_BY_NAME = {column.name: column for column in COLUMNS}
_CONTROL = re.compile("[\x00-\x1f\x7f\x80-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_FORMULA_SIGNS = ("=", "+", "-", "@")
_FORMULA_TRACES = ("=", "+", "@", ",-", '"-')  # without any of them no field begins like a formula
_COUNT_DIGITS = 15
_ONLY_FOREIGN = ("nationality", "foreign_category", "foreign_since", "residence_card_number")
_MARKS = {"": False, "0": False, "1": True}
# An enumeration that is asked for a value takes ten times as long as a dictionary.
_KINDS = {member.value: member for member in ResidentKind}
_SEXES = {member.value: member for member in Sex}
_ADDRESS_REASONS = {member.value: member for member in AddressReason}
_CHANGE_REASONS = {member.value: member for member in ChangeReason}


@dataclass(frozen=True, slots=True)
class LineFault:
    """What is wrong with one line; `imported` tells that the line was taken all the same.  行の誤り"""

    line: int
    field: str
    reason: Reason
    imported: bool = False


@dataclass(frozen=True, slots=True)
class ExtractRow:
    """One good line: the record, and apart from it the individual number.  抽出行"""

    line: int
    record: ResidentRecord
    individual_number: IndividualNumber | None


class _Fault(ValueError):
    def __init__(self, column: str, reason: Reason) -> None:
        super().__init__(reason.value)
        self.column = column
        self.reason = reason


def split_line(line: str) -> list[str]:
    """Cut one CSV line into its fields; quotes may enclose a field, and a doubled quote stands for one.

    Law: none, RFC 4180 without line breaks inside a field.
    """
    if '"' not in line:
        return line.split(",")
    fields: list[str] = []
    at, end = 0, len(line)
    while True:
        if at < end and line[at] == '"':
            parts: list[str] = []
            at += 1
            while True:
                stop = line.find('"', at)
                if stop < 0:
                    raise _Fault("", Reason.LINE_MALFORMED)
                parts.append(line[at:stop])
                at = stop + 1
                if at >= end or line[at] != '"':
                    break
                parts.append('"')
                at += 1
            fields.append("".join(parts))
            if at < end and line[at] != ",":
                raise _Fault("", Reason.LINE_MALFORMED)
        else:
            stop = line.find(",", at)
            stop = end if stop < 0 else stop
            if '"' in line[at:stop]:
                raise _Fault("", Reason.LINE_MALFORMED)
            fields.append(line[at:stop])
            at = stop
        if at >= end:
            return fields
        at += 1


def parse_header(line: str) -> tuple[Column, ...] | LineFault:
    """Read the header: any order, no unknown or doubled column, every required one there.

    Law: none, an own format.
    """
    try:
        names = split_line(line)
    except _Fault:
        return LineFault(1, "", Reason.LINE_MALFORMED)
    for name in names:
        if name not in _BY_NAME:
            return LineFault(1, name[:40], Reason.COLUMN_UNKNOWN)
        if names.count(name) > 1:
            return LineFault(1, name, Reason.COLUMN_UNKNOWN)
    for column in COLUMNS:
        if column.required and column.name not in names:
            return LineFault(1, column.name, Reason.COLUMN_MISSING)
    return tuple(_BY_NAME[name] for name in names)


def decode_line(raw: bytes, limit_bytes: int = LINE_MAX_BYTES) -> str | Reason:
    """Turn the bytes of one line into text without its line end.

    Law: none, an own format: UTF-8, of an extract at most 8,192 bytes, no control characters.
    """
    if len(raw) > limit_bytes:
        return Reason.LINE_TOO_LONG
    try:
        line = raw.decode("utf-8")
    except UnicodeDecodeError:
        return Reason.LINE_NOT_UTF8
    line = line.removesuffix("\n").removesuffix("\r")
    if _CONTROL.search(line) is not None:
        return Reason.FIELD_CONTROL_CHARACTER
    return line


def _as_date(text: str, column: str) -> date | None:
    if not text:
        return None
    if len(text) == 10:
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise _Fault(column, Reason.DATE_MALFORMED)


def _needed_date(text: str, column: str) -> date:
    day = _as_date(text, column)
    if day is None:
        raise _Fault(column, Reason.FIELD_MISSING)
    return day


def _as_count(text: str, column: str, default: int | None = None) -> int:
    if not text and default is not None:
        return default
    count = int(text) if text and len(text) <= _COUNT_DIGITS and text.isascii() and text.isdigit() else 0
    if count == 0:
        raise _Fault(column, Reason.NUMBER_MALFORMED)
    return count


def _as_mark(text: str, column: str) -> bool:
    mark = _MARKS.get(text)
    if mark is None:
        raise _Fault(column, Reason.FIELD_UNKNOWN_VALUE)
    return mark


@dataclass(slots=True)
class ExtractReader:
    """Reads one file's lines for one town and remembers what must not come twice.  抽出ファイル"""

    columns: tuple[Column, ...]
    home: MunicipalityCode
    known_municipalities: frozenset[str]  # five digits each; empty: any with a right check digit
    _limits: tuple[int, ...] = ()
    _required: tuple[bool, ...] = ()
    _in_order: Callable[[list[str]], tuple[str, ...]] = tuple
    _addressees: set[int] = field(default_factory=set)
    _codes: set[str] = field(default_factory=set)
    _numbers: set[str] = field(default_factory=set)
    _heads: set[int] = field(default_factory=set)
    _members: dict[int, int] = field(default_factory=dict)
    _places: dict[tuple[str, ...], Address] = field(default_factory=dict)
    _towns: dict[str, MunicipalityCode] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Remember what is asked of each column.

        Law: none, an own format.
        """
        names = [column.name for column in self.columns]
        # A column that the file does not have reads as empty, which stands behind the fields.
        self._in_order = itemgetter(
            *(names.index(one.name) if one.name in names else len(names) for one in COLUMNS)
        )
        self._limits = tuple(column.max_chars for column in self.columns)
        self._required = tuple(column.required for column in self.columns)

    def read(self, number: int, raw: bytes) -> ExtractRow | LineFault:
        """Read one line; the first fault found is told.

        Law: none, an own format.
        """
        line = decode_line(raw)
        if isinstance(line, Reason):
            return LineFault(number, "", line)
        try:
            row = self._row(number, self._fields(line))
        except _Fault as fault:
            return LineFault(number, fault.column, fault.reason)
        return self._once(row) or row

    def headless(self) -> list[LineFault]:
        """Name the first line of each household whose householder did not come; the line stands.

        Law: 住民基本台帳法 第6条第1項, 第7条第4号
        """
        return [
            LineFault(line, "relationship", Reason.HOUSEHOLDER_MISSING, imported=True)
            for household, line in self._members.items()
            if household not in self._heads
        ]

    def _fields(self, line: str) -> tuple[str, ...]:
        """Cut a line into its fields, in the order of COLUMNS, and look at each as text."""
        fields = split_line(line)
        if len(fields) != len(self.columns):
            raise _Fault("", Reason.FIELD_COUNT)
        # A good line passes in three steps over all its fields; only a bad one is searched for its column.
        too_long = any(map(gt, map(len, fields), self._limits))
        formula = line.startswith(_FORMULA_SIGNS) or any(map(line.__contains__, _FORMULA_TRACES))
        if too_long or formula or not all(compress(fields, self._required)):
            self._name_fault(fields)
        fields.append("")
        return self._in_order(fields)

    def _name_fault(self, fields: list[str]) -> None:
        for column, value in zip(self.columns, fields, strict=True):
            if len(value) > column.max_chars:
                raise _Fault(column.name, Reason.FIELD_TOO_LONG)
            if column.required and not value:
                raise _Fault(column.name, Reason.FIELD_MISSING)
            if column.text and value.startswith(_FORMULA_SIGNS):
                raise _Fault(column.name, Reason.FIELD_FORMULA)

    def _once(self, row: ExtractRow) -> LineFault | None:
        record = row.record
        code = record.resident_record_code
        if record.addressee_number in self._addressees:
            return LineFault(row.line, "addressee_number", Reason.ADDRESSEE_DUPLICATE)
        if code is not None and code in self._codes:
            return LineFault(row.line, "resident_record_code", Reason.CODE_DUPLICATE)
        if row.individual_number is not None and row.individual_number in self._numbers:
            return LineFault(row.line, "individual_number", Reason.NUMBER_DUPLICATE)
        if record.living:
            if record.relationship == HOUSEHOLDER:
                if record.household_number in self._heads:
                    return LineFault(row.line, "relationship", Reason.HOUSEHOLDER_TWICE)
                self._heads.add(record.household_number)
            self._members.setdefault(record.household_number, row.line)
        self._addressees.add(record.addressee_number)
        if code is not None:
            self._codes.add(code)
        if row.individual_number is not None:
            self._numbers.add(row.individual_number)
        return None

    def _municipality(self, text: str, column: str) -> MunicipalityCode:
        known = self._towns.get(text)
        if known is not None:
            return known
        try:
            code = MunicipalityCode(text)
        except ValueError:
            raise _Fault(column, Reason.MUNICIPALITY_UNKNOWN) from None
        if self.known_municipalities and code not in self.known_municipalities:
            raise _Fault(column, Reason.MUNICIPALITY_UNKNOWN)
        self._towns[text] = code
        return code

    def _address(self, *key: str) -> Address:
        """Read the municipality, the parts of an address and its codes, in the order of Address."""
        known = self._places.get(key)
        if known is not None:
            return known
        code = self._municipality(key[0], "municipality_code")
        if code != self.home:
            raise _Fault("municipality_code", Reason.OTHER_MUNICIPALITY)
        try:
            address = Address(code, *key[1:])
        except ValueError:
            raise _Fault("town", Reason.FIELD_UNKNOWN_VALUE) from None
        if len(self._places) >= 1_000:
            self._places.clear()
        self._places[key] = address
        return address

    def _row(self, line: int, fields: tuple[str, ...]) -> ExtractRow:
        (
            addressee, code, number, household, kanji, furigana, confirmed, birth_date, birth_written, sex,
            relationship, householder_name, municipality, aza_code, postal_code, town, block, building, since,
            since_notified, address_since, notified_on, address_reason, previous_address, previous, came_from, domicile,
            family_head, former, former_furigana, alias, roman, resident_kind, nationality, category,
            foreign_since, card, status, period, expires_on, hold, sequence, removal, removed_on, removal_notified,
            since_written, address_written, removed_written,
        ) = fields  # fmt: skip
        if relationship != HOUSEHOLDER and check_relationship(relationship) is not None:
            raise _Fault("relationship", Reason.RELATIONSHIP_UNKNOWN)
        try:
            birth = PartialDate.parse(birth_date)
        except ValueError:
            raise _Fault("birth_date", Reason.DATE_MALFORMED) from None
        if birth_written and not says_that_day(birth_written, birth):
            raise _Fault("birth_written", Reason.DATE_MALFORMED)
        notified = _needed_date(notified_on, "notified_on")
        kind = _member(_KINDS, resident_kind or "JAPANESE", "resident_kind")
        resident_since = _needed_date(since, "resident_since")
        lives_since = _needed_date(address_since, "address_since")
        record = ResidentRecord(
            addressee_number=_as_count(addressee, "addressee_number"),
            resident_record_code=_checked(ResidentRecordCode, code, "resident_record_code") if code else None,
            household_number=_as_count(household, "household_number"),
            name=_name(
                kanji,
                furigana or None,
                _as_mark(confirmed, "furigana_confirmed"),
                roman or None,
                (former, former_furigana) if former else None,
                alias or None,
            ),
            birth_date=birth,
            birth_written=birth_written or None,
            sex=_member(_SEXES, sex, "sex"),
            relationship=relationship,
            householder_name=householder_name,
            resident_kind=kind,
            resident_since=resident_since,
            resident_since_notified_on=_as_date(since_notified, "resident_since_notified_on")
            or resident_since,
            address_reason=_member(_ADDRESS_REASONS, address_reason or "UNKNOWN", "address_reason"),
            current_address=self._address(municipality, town, block, building, postal_code, aza_code),
            address_since=lives_since,
            resident_since_written=_written(since_written, resident_since, "resident_since_written"),
            address_since_written=_written(address_written, lives_since, "address_since_written"),
            address_since_notified_on=notified,
            update_sequence=_as_count(sequence, "update_sequence", 1),
            previous_address=previous_address or None,
            previous_municipality=self._municipality(previous, "previous_municipality_code")
            if previous
            else None,
            move_in_from_address=came_from or None,
            registered_domicile=domicile or None,
            family_register_head=family_head or None,
            removal=_removal(removal, removed_on, removal_notified, removed_written),
            foreign=_foreign(
                kind, nationality, category, foreign_since, card, status, period, expires_on, former, alias
            ),
            processing_hold=_as_mark(hold, "processing_hold"),
        )
        individual = _checked(IndividualNumber, number, "individual_number") if number else None
        return ExtractRow(line, record, individual)


def _checked(kind: Callable[[str], _T], text: str, column: str) -> _T:
    try:
        return kind(text)
    except ValueError:
        raise _Fault(column, Reason.CHECK_DIGIT_WRONG) from None


def _member(members: Mapping[str, _T], text: str, column: str) -> _T:
    found = members.get(text)
    if found is None:
        raise _Fault(column, Reason.FIELD_UNKNOWN_VALUE)
    return found


def _name(
    kanji: str,
    furigana: str | None,
    confirmed: bool,
    roman: str | None,
    former: tuple[str, str] | None,
    alias: str | None,
) -> PersonName:
    try:
        surname = FormerSurname(former[0], former[1] or None) if former else None
        return PersonName(kanji, furigana, confirmed, roman, surname, alias)
    except ValueError:
        raise _Fault("name_kanji", Reason.FIELD_UNKNOWN_VALUE) from None


def _written(text: str, day: date, column: str) -> str | None:
    if not may_mean_that_day(text or None, day):
        raise _Fault(column, Reason.DATE_MALFORMED)
    return text or None


def _removal(text: str, removed: str, notified: str, written: str) -> Removal | None:
    removed_on = _as_date(removed, "removed_on")
    if not text and removed_on is None:
        if written:
            raise _Fault("removed_on", Reason.FIELD_MISSING)
        return None
    reason = _member(_CHANGE_REASONS, text, "removal_reason")
    if reason not in REMOVAL_REASONS:
        raise _Fault("removal_reason", Reason.FIELD_UNKNOWN_VALUE)
    if removed_on is None:
        raise _Fault("removed_on", Reason.FIELD_MISSING)
    notified_on = _as_date(notified, "removal_notified_on") or removed_on
    return Removal(reason, removed_on, notified_on, _written(written, removed_on, "removed_written"))


def _foreign(
    kind: ResidentKind, nationality: str, category: str, since: str, card: str, status: str, period: str,
    expires_on: str, former: str, alias: str,
) -> ForeignItems | None:  # fmt: skip
    if kind is ResidentKind.JAPANESE:
        if nationality or category or since or card:
            column = next(compress(_ONLY_FOREIGN, (nationality, category, since, card)))
            raise _Fault(column, Reason.FOREIGN_ITEMS_FORBIDDEN)
        if alias:
            raise _Fault("alias", Reason.ALIAS_ONLY_FOREIGN)
        return None
    if not nationality:
        raise _Fault("nationality", Reason.FOREIGN_ITEMS_MISSING)
    if not category:
        raise _Fault("foreign_category", Reason.FOREIGN_ITEMS_MISSING)
    if former:
        raise _Fault("former_surname_kanji", Reason.FORMER_SURNAME_ONLY_JAPANESE)
    return ForeignItems(
        since=_needed_date(since, "foreign_since"),
        nationality=nationality,
        category=category,
        residence_card_number=card or None,
        residence_status=status or None,
        residence_period=period or None,
        residence_expires_on=_as_date(expires_on, "residence_expires_on"),
    )


def _iso(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _quoted(value: str) -> str:
    if "," in value or '"' in value:
        return '"' + value.replace('"', '""') + '"'
    return value


def format_line(record: ResidentRecord, individual_number: str | None) -> str:
    """Write one record as a line of the extract, in the order of COLUMNS, without the line end.

    Law: none, an own format.
    """
    name, place, foreign, removal = (
        record.name,
        record.current_address,
        record.foreign,
        record.removal,
    )
    former = name.former_surname
    values = (
        str(record.addressee_number),
        record.resident_record_code or "",
        individual_number or "",
        str(record.household_number),
        name.kanji,
        name.furigana or "",
        "1" if name.furigana_confirmed else "0",
        str(record.birth_date),
        record.birth_written or "",
        record.sex.value,
        record.relationship,
        record.householder_name,
        str(place.municipality),
        place.aza_code,
        place.postal_code,
        place.town,
        place.block,
        place.building,
        record.resident_since.isoformat(),
        record.resident_since_notified_on.isoformat(),
        record.address_since.isoformat(),
        record.address_since_notified_on.isoformat(),
        record.address_reason.value,
        record.previous_address or "",
        record.previous_municipality or "",
        record.move_in_from_address or "",
        record.registered_domicile or "",
        record.family_register_head or "",
        former.kanji if former else "",
        (former.furigana or "") if former else "",
        name.alias or "",
        name.roman or "",
        record.resident_kind.value,
        *_foreign_fields(foreign),
        "1" if record.processing_hold else "0",
        str(record.update_sequence),
        removal.reason.value if removal else "",
        _iso(removal.removed_on) if removal else "",
        _iso(removal.notified_on) if removal else "",
        record.resident_since_written or "",
        record.address_since_written or "",
        (removal.removed_written or "") if removal else "",
    )
    return ",".join(_quoted(value) for value in values)


def _foreign_fields(foreign: ForeignItems | None) -> tuple[str, ...]:
    if foreign is None:
        return ("",) * 7
    return (
        foreign.nationality, foreign.category, foreign.since.isoformat(), foreign.residence_card_number or "",
        foreign.residence_status or "", foreign.residence_period or "", _iso(foreign.residence_expires_on),
    )  # fmt: skip
