"""The table of a change of names: old place and new place, one line each, read strictly with every fault by its line.

Law: none, an own format; docs/protocols/areas.md describes it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from daicho.rules.law.refusal import Reason
from daicho.rules.people.kana import kanji_key
from daicho.rules.people.names import MalformedName, checked_text
from daicho.rules.register.extract import BOM, decode_line, split_line

TABLE_BYTES = 2 * 1024 * 1024
LINES_MOST = 10_000
FAULTS_MOST = 1_000  # what is told of one table; whoever has more begins with these
_FORMULA_SIGNS = ("=", "+", "-", "@")
_FIGURES = "0-9０-９〇一二三四五六七八九十"
_HYPHEN = re.compile(f"[-‐‑‒–—―−－─]|(?<=[{_FIGURES}])[ーｰ](?=[{_FIGURES}])")
_MARK = re.compile(f"(?<=[{_FIGURES}])[ 　.．,，、､。｡・･'’]+(?=[{_FIGURES}])")
_HOUSEHOLD_DIGITS = 15
_POSTAL_DIGITS, _AZA_DIGITS = 7, 7


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column of the table.  対照表の列

    Law: none, own definition.
    """

    title: str
    most_characters: int
    required: bool = False


OLD_TOWN = TableColumn("旧町名", 100, required=True)
OLD_BLOCK = TableColumn("旧番地", 60)
OLD_BUILDING = TableColumn("旧方書", 100)
HOUSEHOLD = TableColumn("世帯番号", _HOUSEHOLD_DIGITS)
NEW_TOWN = TableColumn("新町名", 100, required=True)
NEW_BLOCK = TableColumn("新番地", 60)
NEW_BUILDING = TableColumn("新方書", 100)
POSTAL_CODE = TableColumn("郵便番号", _POSTAL_DIGITS + 1)
AZA_CODE = TableColumn("町字コード", _AZA_DIGITS)
TABLE_COLUMNS = (
    OLD_TOWN, OLD_BLOCK, OLD_BUILDING, HOUSEHOLD, NEW_TOWN, NEW_BLOCK, NEW_BUILDING, POSTAL_CODE, AZA_CODE,
)  # fmt: skip
TABLE_HEADER = ",".join(column.title for column in TABLE_COLUMNS)
_BY_TITLE = {column.title: column for column in TABLE_COLUMNS}


@dataclass(frozen=True, slots=True)
class TableFault:
    """What is wrong with one line of the table, and in which column.  対照表の誤り

    Law: none, own definition.
    """

    line: int
    column: str
    reason: Reason


def lot_key(text: str) -> str:
    """Fold a block or a building as names are compared, but keep apart what a hyphen or a mark between figures parts.

    Without it 1-23 and 12-3 would be one lot. Every form of the hyphen is one.
    Law: none, own definition.
    """
    return "-".join(".".join(map(kanji_key, _MARK.split(part))) for part in _HYPHEN.split(text))


@dataclass(frozen=True, slots=True)
class AreaLine:
    """One line: an old place and what it is called from now on.  新旧対照

    Without `old_block` it speaks of the whole town, and block and building stay as they are. What is left empty of the
    new place stays as it was, but for the code of the town, which does not outlive its name.
    Law: 住居表示に関する法律 第3条; 地方自治法 第260条
    """

    line: int
    old_town: str
    new_town: str
    old_block: str = ""
    old_building: str = ""
    household_number: int | None = None
    new_block: str = ""
    new_building: str = ""
    postal_code: str = ""
    aza_code: str = ""

    @property
    def whole_town(self) -> bool:
        """Tell whether the line names no block: everybody in the town is meant.

        Law: none, own definition.
        """
        return not self.old_block

    @property
    def key(self) -> tuple[str, str, str, int | None]:
        """Give what the line is about, folded as addresses are compared.

        Law: none, own definition.
        """
        return (
            kanji_key(self.old_town),
            lot_key(self.old_block),
            lot_key(self.old_building),
            self.household_number,
        )

    @property
    def new_place(self) -> tuple[str, str]:
        """Give the new town and block, folded as addresses are compared; no block where the line renames a town.

        Law: none, own definition.
        """
        return kanji_key(self.new_town), lot_key(self.new_block)


class _Wrong(ValueError):
    def __init__(self, column: str, reason: Reason) -> None:
        super().__init__(reason.value)
        self.column, self.reason = column, reason


def read_table(content: bytes) -> tuple[tuple[AreaLine, ...], tuple[TableFault, ...]]:
    """Read a table; with any fault it is not to be used, and every fault is told.

    Law: none, an own format: UTF-8, CSV with a header of the columns' names, in any order.
    """
    if len(content) > TABLE_BYTES:
        return (), (TableFault(0, "", Reason.FILE_TOO_LARGE),)
    raw = content.removeprefix(BOM).split(b"\n")
    if raw and not raw[-1].strip():
        raw.pop()
    if not raw:
        return (), (TableFault(0, "", Reason.FILE_EMPTY),)
    columns = _header(raw[0])
    if isinstance(columns, TableFault):
        return (), (columns,)
    if len(raw) == 1:
        return (), (TableFault(1, "", Reason.FILE_EMPTY),)
    if len(raw) - 1 > LINES_MOST:
        return (), (TableFault(LINES_MOST + 2, "", Reason.TOO_MANY_LINES),)
    lines: list[AreaLine] = []
    faults: list[TableFault] = []
    for number, one in enumerate(raw[1:], 2):
        try:
            lines.append(_line(number, one, columns))
        except _Wrong as wrong:
            faults.append(TableFault(number, wrong.column, wrong.reason))
    faults += _between(lines)
    return (() if faults else tuple(lines)), tuple(sorted(faults, key=lambda one: one.line)[:FAULTS_MOST])


def _header(raw: bytes) -> tuple[TableColumn, ...] | TableFault:
    text = decode_line(raw)
    if isinstance(text, Reason):
        return TableFault(1, "", text)
    try:
        titles = [title.strip(" 　") for title in split_line(text)]
    except ValueError:
        return TableFault(1, "", Reason.LINE_MALFORMED)
    for title in titles:
        if title not in _BY_TITLE or titles.count(title) > 1:
            # Whoever wrote a strange title could write a formula, and the faults are saved as a file.
            return TableFault(1, title if title in _BY_TITLE else "", Reason.COLUMN_UNKNOWN)
    for column in TABLE_COLUMNS:
        if column.required and column.title not in titles:
            return TableFault(1, column.title, Reason.COLUMN_MISSING)
    return tuple(_BY_TITLE[title] for title in titles)


def _line(number: int, raw: bytes, columns: Sequence[TableColumn]) -> AreaLine:
    text = decode_line(raw)
    if isinstance(text, Reason):
        raise _Wrong("", text)
    try:
        fields = split_line(text)
    except ValueError:
        raise _Wrong("", Reason.LINE_MALFORMED) from None
    if len(fields) != len(columns):
        raise _Wrong("", Reason.FIELD_COUNT)
    told = {column: _text(column, field) for column, field in zip(columns, fields, strict=True)}

    def of(column: TableColumn) -> str:
        return told.get(column, "")

    line = AreaLine(
        line=number,
        old_town=of(OLD_TOWN),
        new_town=of(NEW_TOWN),
        old_block=of(OLD_BLOCK),
        old_building=of(OLD_BUILDING),
        household_number=_household(of(HOUSEHOLD)),
        new_block=of(NEW_BLOCK),
        new_building=of(NEW_BUILDING),
        postal_code=_digits(POSTAL_CODE, of(POSTAL_CODE).replace("-", ""), _POSTAL_DIGITS),
        aza_code=_digits(AZA_CODE, of(AZA_CODE), _AZA_DIGITS),
    )
    _check(line)
    return line


def _text(column: TableColumn, field: str) -> str:
    text = field.strip(" 　")
    if not text:
        if column.required:
            raise _Wrong(column.title, Reason.FIELD_MISSING)
        return ""
    if len(text) > column.most_characters:
        raise _Wrong(column.title, Reason.FIELD_TOO_LONG)
    if text.startswith(_FORMULA_SIGNS):
        raise _Wrong(column.title, Reason.FIELD_FORMULA)
    try:
        return checked_text(text, what=column.title, limit=column.most_characters)
    except MalformedName:
        raise _Wrong(column.title, Reason.FIELD_CONTROL_CHARACTER) from None


def _household(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise _Wrong(HOUSEHOLD.title, Reason.FIELD_UNKNOWN_VALUE)
    return int(text)


def _digits(column: TableColumn, text: str, count: int) -> str:
    if text and not (len(text) == count and text.isascii() and text.isdigit()):
        raise _Wrong(column.title, Reason.FIELD_UNKNOWN_VALUE)
    return text


def _check(line: AreaLine) -> None:
    if line.whole_town:
        for column, told in (
            (OLD_BUILDING, line.old_building),
            (HOUSEHOLD, line.household_number),
            (NEW_BLOCK, line.new_block),
            (NEW_BUILDING, line.new_building),
        ):
            if told:
                raise _Wrong(column.title, Reason.FIELD_UNKNOWN_VALUE)
    elif not line.new_block:
        raise _Wrong(NEW_BLOCK.title, Reason.FIELD_MISSING)
    if (line.old_town, line.old_block) == (line.new_town, line.new_block or line.old_block):
        raise _Wrong(NEW_TOWN.title, Reason.NOTHING_CHANGES)


def _between(lines: Iterable[AreaLine]) -> list[TableFault]:
    """Find lines about the same place, and new places that are old ones of the table.

    A place that is both would be renamed twice: such a change is brought as two tables, one after the other.
    """
    faults: list[TableFault] = []
    known: set[tuple[str, str, str, int | None]] = set()
    for one in lines:
        if one.key in known:
            faults.append(TableFault(one.line, OLD_TOWN.title, Reason.LINE_DOUBLED))
        known.add(one.key)
    whole = {town for town, block, _, _ in known if not block}
    parted = {town for town, block, _, _ in known if block}
    places = {(town, block) for town, block, _, _ in known if block}
    for one in lines:
        place = one.new_place
        old = (
            whole | parted if one.whole_town else whole
        )  # the blocks of a renamed town are those of the other line
        of_a_town = place[0] in old and not (one.whole_town and place[0] == one.key[0])
        if of_a_town or (place in places and place != one.key[:2]):
            faults.append(TableFault(one.line, NEW_TOWN.title, Reason.LINE_CHAINED))
    return faults
