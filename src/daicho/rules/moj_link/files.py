"""The files between the Ministry and a town: a head with serial and count, a line for each notice, read strictly.  通知ファイル

Law: none, an own format; docs/protocols/moj.md describes it. What the real terminals exchange is not public.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from daicho.rules.law.refusal import Reason
from daicho.rules.moj_link.municipal import MunicipalAct, MunicipalNotice
from daicho.rules.moj_link.notice import MojChange, MojItems, MojNotice, MojPerson, check_moj_notice
from daicho.rules.people.codes import MalformedCode, MunicipalityCode
from daicho.rules.people.dates import ERAS, MalformedDate, PartialDate
from daicho.rules.people.names import CONTROL_CHARACTER, MalformedName, checked_text
from daicho.rules.people.sex import Sex
from daicho.rules.register.reasons import ChangeKind, ChangeReason
from daicho.rules.register.residence_change import PERIOD_CHARACTERS

FILE_BYTES = 1024 * 1024
NOTICES_MOST = 2_000
FAULTS_MOST = 100
SERIAL_MOST = 999_999
FIELD_CHARACTERS = 300
FORMAT, VERSION = "DAICHO-MOJ", "1"
HEAD = ("format", "version", "kind", "municipality", "serial", "made_on", "count")
MOJ_COLUMNS = (
    "notice_id", "change", "happened_on", "notified_on", "card_number", "roman", "kanji", "birth_date", "sex",
    "nationality", "new_roman", "new_kanji", "new_birth_date", "new_sex", "new_nationality", "new_category",
    "new_card_number", "new_status", "new_period", "new_ends_on",
)  # fmt: skip
MUNICIPAL_COLUMNS = (
    "notice_id", "act", "kind", "reason", "changed_on", "notified_on", "card_number", "roman", "name", "alias",
    "birth_date", "sex", "nationality", "category", "address", "former_address", "destination", "about",
)  # fmt: skip
_Read = TypeVar("_Read")
_Member = TypeVar("_Member", bound=StrEnum)


class MojFileKind(StrEnum):
    """Which way a file goes.  通知ファイルの種別

    Law: none, own definition.
    """

    MOJ_NOTICE = "MOJ_NOTICE"  # 法務省から市区町村へ
    MUNICIPAL_NOTICE = "MUNICIPAL_NOTICE"  # 市区町村から法務省へ


@dataclass(frozen=True, slots=True)
class MojFileHead:
    """The first line: which way, for or of which town, its serial, its day, how many notices.  ファイルの見出し

    Law: none, own definition.
    """

    kind: MojFileKind
    municipality: MunicipalityCode
    serial: int
    made_on: date
    count: int


@dataclass(frozen=True, slots=True)
class MojFileFault:
    """What is wrong in one line of a file, counted from 1, and in which column; never what stands there.  ファイルの誤り

    Law: none, own definition.
    """

    line: int
    column: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class MojFile:
    """A file of the Ministry as read: its head, its notices, or what is wrong with it.  法務省通知ファイル

    Law: none, own definition.
    """

    head: MojFileHead | None
    notices: tuple[MojNotice, ...] = ()
    faults: tuple[MojFileFault, ...] = ()


class _Wrong(ValueError):
    def __init__(self, column: str, reason: Reason) -> None:
        super().__init__(column)
        self.column, self.reason = column, reason


def digest_of_file(content: bytes) -> str:
    """Give what tells two files of one serial apart.

    Law: none, own definition: SHA-256.
    """
    return hashlib.sha256(content).hexdigest()


def read_moj_file(content: bytes) -> MojFile:
    """Read a file of the Ministry whole or not at all; each fault by line and column.

    Law: none, own definition.
    """
    return MojFile(*_read_lines(content, MojFileKind.MOJ_NOTICE, MOJ_COLUMNS, _moj_notice))


def read_municipal_file(
    content: bytes,
) -> tuple[MojFileHead | None, tuple[MunicipalNotice, ...], tuple[MojFileFault, ...]]:
    """Read a file of a town, as the Ministry does.

    Law: none, own definition.
    """
    return _read_lines(content, MojFileKind.MUNICIPAL_NOTICE, MUNICIPAL_COLUMNS, _municipal_notice)


def _read_lines(
    content: bytes,
    kind: MojFileKind,
    columns: Sequence[str],
    line: Callable[[Mapping[str, str]], _Read],
) -> tuple[MojFileHead | None, tuple[_Read, ...], tuple[MojFileFault, ...]]:
    lines = _lines(content)
    if isinstance(lines, Reason):
        return None, (), (MojFileFault(1, "", lines),)
    try:
        head = _head(_fields(lines[0], HEAD), kind)
    except _Wrong as wrong:
        return None, (), (MojFileFault(1, wrong.column, wrong.reason),)
    if head.count != len(lines) - 1:
        return head, (), (MojFileFault(1, "count", Reason.COUNT_DIFFERS),)
    read: list[_Read] = []
    faults: list[MojFileFault] = []
    seen: set[str] = set()
    for number, text in enumerate(lines[1:], 2):
        try:
            fields = _fields(text, columns)
            _once(fields["notice_id"], seen)
            read.append(line(fields))
        except _Wrong as wrong:
            faults.append(MojFileFault(number, wrong.column, wrong.reason))
            if len(faults) == FAULTS_MOST:
                break
    return head, () if faults else tuple(read), tuple(faults)


def _once(notice_id: str, seen: set[str]) -> None:
    if notice_id in seen:
        raise _Wrong("notice_id", Reason.LINE_DOUBLED)
    seen.add(notice_id)


def _lines(content: bytes) -> list[str] | Reason:
    if not content:
        return Reason.FILE_EMPTY
    if len(content) > FILE_BYTES:
        return Reason.FILE_TOO_LARGE
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return Reason.LINE_NOT_UTF8
    if not text.endswith("\n"):
        return Reason.LINE_MALFORMED  # it may have been cut off
    lines = text[:-1].split("\n")
    return Reason.TOO_MANY_LINES if len(lines) > NOTICES_MOST + 1 else lines


def _fields(text: str, columns: Sequence[str]) -> dict[str, str]:
    fields = text.split("\t")
    if len(fields) != len(columns):
        raise _Wrong("", Reason.FIELD_COUNT)
    for column, field in zip(columns, fields, strict=True):
        if len(field) > FIELD_CHARACTERS:
            raise _Wrong(column, Reason.FIELD_TOO_LONG)
        if CONTROL_CHARACTER.search(field):
            raise _Wrong(column, Reason.FIELD_CONTROL_CHARACTER)
    return dict(zip(columns, fields, strict=True))


def _head(fields: Mapping[str, str], kind: MojFileKind) -> MojFileHead:
    if (fields["format"], fields["version"]) != (FORMAT, VERSION):
        raise _Wrong("format", Reason.LAYOUT_UNKNOWN)
    if fields["kind"] != kind:
        raise _Wrong("kind", Reason.LAYOUT_UNKNOWN)
    try:
        town = MunicipalityCode(fields["municipality"])
    except MalformedCode:
        raise _Wrong("municipality", Reason.MUNICIPALITY_UNKNOWN) from None
    serial = _number(fields, "serial", SERIAL_MOST)
    if serial == 0:
        raise _Wrong("serial", Reason.NUMBER_MALFORMED)
    return MojFileHead(kind, town, serial, _day(fields, "made_on"), _number(fields, "count", NOTICES_MOST))


def _number(fields: Mapping[str, str], column: str, most: int) -> int:
    text = fields[column]
    plain = text.isascii() and text.isdecimal() and len(text) <= len(str(most)) and str(int(text)) == text
    if not plain or int(text) > most:
        raise _Wrong(column, Reason.NUMBER_MALFORMED)
    return int(text)


def _day(fields: Mapping[str, str], column: str) -> date:
    text = fields[column]
    if not text:
        raise _Wrong(column, Reason.FIELD_MISSING)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise _Wrong(column, Reason.DATE_MALFORMED) from None
    # No change of today is older than the first era.
    if day.isoformat() != text or day < ERAS[0].began:
        raise _Wrong(column, Reason.DATE_MALFORMED)
    return day


def _birth(fields: Mapping[str, str], column: str) -> PartialDate:
    try:
        return PartialDate.parse(fields[column])
    except MalformedDate:
        raise _Wrong(column, Reason.DATE_MALFORMED) from None


def _member(fields: Mapping[str, str], column: str, kind: type[_Member]) -> _Member:
    try:
        return kind(fields[column])
    except ValueError:
        raise _Wrong(column, Reason.FIELD_UNKNOWN_VALUE) from None


def _text(fields: Mapping[str, str], column: str, limit: int = 150) -> str:
    text = fields[column]
    if not text:
        return text
    try:
        return checked_text(text, what=column, limit=limit)
    except MalformedName:
        raise _Wrong(column, Reason.ITEM_MALFORMED) from None


def _moj_notice(fields: Mapping[str, str]) -> MojNotice:
    notice = MojNotice(
        notice_id=fields["notice_id"],
        change=_member(fields, "change", MojChange),
        happened_on=_day(fields, "happened_on"),
        notified_on=_day(fields, "notified_on"),
        person=MojPerson(
            card_number=fields["card_number"],
            roman=_text(fields, "roman"),
            kanji=_text(fields, "kanji"),
            birth_date=_birth(fields, "birth_date"),
            sex=_member(fields, "sex", Sex),
            nationality=_text(fields, "nationality", 50),
        ),
        items=MojItems(
            roman=_text(fields, "new_roman"),
            kanji=_text(fields, "new_kanji"),
            birth_date=_birth(fields, "new_birth_date") if fields["new_birth_date"] else None,
            sex=_member(fields, "new_sex", Sex) if fields["new_sex"] else None,
            nationality=_text(fields, "new_nationality", 50),
            category=_text(fields, "new_category", 50),
            card_number=fields["new_card_number"],
            status=_text(fields, "new_status", 50),
            period=_text(fields, "new_period", PERIOD_CHARACTERS),
            ends_on=_day(fields, "new_ends_on") if fields["new_ends_on"] else None,
        ),
    )
    refusal = check_moj_notice(notice)
    if refusal is not None:
        raise _Wrong(refusal.field, refusal.reason)
    return notice


def _municipal_notice(fields: Mapping[str, str]) -> MunicipalNotice:
    long = {
        name: _text(fields, name, FIELD_CHARACTERS) for name in ("address", "former_address", "destination")
    }
    short = {name: _text(fields, name) for name in ("roman", "name", "alias", "nationality", "category")}
    return MunicipalNotice(
        notice_id=fields["notice_id"],
        act=_member(fields, "act", MunicipalAct),
        kind=_member(fields, "kind", ChangeKind),
        reason=_member(fields, "reason", ChangeReason),
        changed_on=_day(fields, "changed_on"),
        notified_on=_day(fields, "notified_on"),
        card_number=fields["card_number"],
        birth_date=_birth(fields, "birth_date"),
        sex=_member(fields, "sex", Sex),
        about=fields["about"],
        **short,
        **long,
    )


def write_moj_file(head: MojFileHead, notices: Sequence[MojNotice]) -> bytes:
    """Write a file of the Ministry.

    Law: none, own definition.
    """
    return _written(head, (_moj_fields(one) for one in notices))


def _moj_fields(notice: MojNotice) -> tuple[object, ...]:
    person, items = notice.person, notice.items
    return (
        notice.notice_id, notice.change.value, notice.happened_on, notice.notified_on, person.card_number, person.roman,
        person.kanji, person.birth_date, person.sex.value, person.nationality, items.roman, items.kanji,
        items.birth_date or "", items.sex.value if items.sex else "", items.nationality, items.category,
        items.card_number, items.status, items.period, items.ends_on or "",
    )  # fmt: skip


def write_municipal_file(head: MojFileHead, notices: Sequence[MunicipalNotice]) -> bytes:
    """Write a file of a town.

    Law: 出入国管理及び難民認定法 第61条の8の2; own definition
    """
    return _written(head, ([getattr(one, column) for column in MUNICIPAL_COLUMNS] for one in notices))


def _written(head: MojFileHead, rows: Iterable[Iterable[object]]) -> bytes:
    first = (FORMAT, VERSION, head.kind.value, head.municipality, head.serial, head.made_on, head.count)
    # What separates may not stand in a field.
    lines = ("\t".join(_plain(field) for field in row) for row in (first, *rows))
    return "".join(f"{line}\n" for line in lines).encode()


def _plain(field: object) -> str:
    return CONTROL_CHARACTER.sub(" ", str(field))[:FIELD_CHARACTERS]


def missing_serials(known: Iterable[int], most: int) -> tuple[int, ...]:
    """Name the serials that are missing between the first and the last file that came, at most so many.

    Law: none, own definition.
    """
    missing: list[int] = []
    before: int | None = None
    for serial in sorted(known):
        if before is not None:
            missing += range(before + 1, min(serial, before + 1 + most - len(missing)))
        before = serial
        if len(missing) >= most:
            break
    return tuple(missing)
