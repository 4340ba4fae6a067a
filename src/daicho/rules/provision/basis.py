"""The legal bases as data: one row per affair for which somebody may ask.

The rows of the appended tables state the law as in force on 2026-06-14; the short words for each affair, the
split of the bodies and the right to use the individual number are our own.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from daicho.rules.provision.articles import ARTICLES, ProvidingArticle

_COLUMNS = (
    "table",
    "item",
    "article",
    "recipient_class",
    "body",
    "statute",
    "affair",
    "may_use_number",
    "in_force_from",
    "in_force_until",
)
_DIGITS = "〇一二三四五六七八九"


class MalformedBasis(ValueError):
    """The text of the legal bases cannot be read; names the line.  根拠の表の形式不正"""


def _kanji(number: int) -> str:
    words = ""
    for unit, name in ((100, "百"), (10, "十")):
        count, number = divmod(number, unit)
        if count:
            words += ("" if count == 1 else _DIGITS[count]) + name
    return words + (_DIGITS[number] if number else "")


def _numeral(item: str) -> str:
    return "の".join(_kanji(int(part)) for part in item.split("-"))


@dataclass(frozen=True, slots=True)
class BasisRow:
    """One affair of one set of bodies, with the article that opens it.  提供の根拠となる事務

    Law: 住民基本台帳法 別表第一〜別表第六
    """

    table: str
    item: str
    article: str
    recipient_class: str
    bodies: tuple[str, ...]
    statute: str
    affair: str
    may_use_number: bool
    in_force_from: date
    in_force_until: date | None = None

    @property
    def key(self) -> str:
        """Name the row in one word, such as `5-6` for passports.

        Law: none, own definition.
        """
        return f"{self.table}-{self.item}"

    @property
    def frame(self) -> ProvidingArticle:
        """Find the article's frame in which the row stands.

        Law: 住民基本台帳法 第30条の9〜第30条の15の2, 第37条
        """
        return ARTICLES[self.article]

    @property
    def label(self) -> str:
        """Cite the row as the law's own text would.

        Law: 住民基本台帳法 別表第一〜別表第六
        """
        if self.table in "123456":
            return f"住民基本台帳法別表第{_numeral(self.table)}の{_numeral(self.item)}"
        parts = self.article.replace(")", "").split("(")[1:]
        named = zip(parts, ("項", "号"), strict=False)
        return str(self.frame.article) + "".join(f"第{number}{unit}" for number, unit in named)

    def in_force(self, on: date) -> bool:
        """Tell whether the row is law on a day.

        Law: none, comparison of days.
        """
        return self.in_force_from <= on and (self.in_force_until is None or on <= self.in_force_until)


def _row(fields: dict[str, str], line: int) -> BasisRow:
    article = fields["article"]
    if article not in ARTICLES:
        raise MalformedBasis(f"line {line}: no frame for article {article}")
    if fields["may_use_number"] not in ("0", "1"):
        raise MalformedBasis(f"line {line}: may_use_number is 0 or 1")
    bodies = tuple(fields["body"].split("|"))
    if not all(bodies) or not fields["affair"]:
        raise MalformedBasis(f"line {line}: a row needs its bodies and its affair")
    try:
        since = date.fromisoformat(fields["in_force_from"])
        until = date.fromisoformat(fields["in_force_until"]) if fields["in_force_until"] else None
    except ValueError as problem:
        raise MalformedBasis(f"line {line}: {problem}") from problem
    return BasisRow(
        fields["table"],
        fields["item"],
        article,
        fields["recipient_class"],
        bodies,
        fields["statute"],
        fields["affair"],
        fields["may_use_number"] == "1",
        since,
        until,
    )


@dataclass(frozen=True, slots=True)
class BasisTable:
    """All legal bases that a node knows, by table and item.  提供の根拠の表

    Law: 住民基本台帳法 別表第一〜別表第六, 第30条の9〜第30条の15の2, 第37条
    """

    rows: tuple[BasisRow, ...]
    by_key: Mapping[tuple[str, str], tuple[BasisRow, ...]]
    known_from: date

    @classmethod
    def parse(cls, *texts: str) -> "BasisTable":
        """Read the rows from one or more CSV texts with a header; an unreadable line raises MalformedBasis.

        Law: 住民基本台帳法 別表第一〜別表第六
        """
        rows: list[BasisRow] = []
        for text in texts:
            reader = csv.DictReader(io.StringIO(text), strict=True)
            if tuple(reader.fieldnames or ()) != _COLUMNS:
                raise MalformedBasis("line 1: the header is not the one of the legal bases")
            for fields in reader:
                if None in fields or None in fields.values():
                    raise MalformedBasis(f"line {reader.line_num}: wrong number of columns")
                rows.append(_row(fields, reader.line_num))
        return cls.of(tuple(rows))

    @classmethod
    def of(cls, rows: tuple[BasisRow, ...]) -> "BasisTable":
        """Build the table from rows; two rows of one key must not be in force on one day.

        Law: none, arrangement of data.
        """
        if not rows:
            raise MalformedBasis("no rows")
        by_key: dict[tuple[str, str], tuple[BasisRow, ...]] = {}
        for row in rows:
            others = by_key.get((row.table, row.item), ())
            if any(
                row.in_force(other.in_force_from) or other.in_force(row.in_force_from) for other in others
            ):
                raise MalformedBasis(f"row {row.key} is in force twice on one day")
            by_key[(row.table, row.item)] = (*others, row)
        return cls(rows, MappingProxyType(by_key), min(row.in_force_from for row in rows))

    def known(self, table: str, item: str) -> tuple[BasisRow, ...]:
        """Give every version of one row, whatever the day.

        Law: none, look-up of data.
        """
        return self.by_key.get((table, item), ())

    def row(self, table: str, item: str, on: date) -> BasisRow | None:
        """Find the row as it stands on a day, or nothing.

        Law: 住民基本台帳法 別表第一〜別表第六
        """
        return next((row for row in self.known(table, item) if row.in_force(on)), None)

    def rows_for_body(self, body: str, on: date) -> tuple[BasisRow, ...]:
        """List the rows that name a body on a day, in the order of the law.

        Law: 住民基本台帳法 別表第一〜別表第六
        """
        return tuple(row for row in self.rows if body in row.bodies and row.in_force(on))
