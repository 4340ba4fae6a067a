"""Rows as PostgreSQL's COPY takes them in binary: each field is its length and its bytes, so that nothing is escaped.

A driver's own writer looks up the kind of every value; whole towns pass here, of which the columns are known.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from struct import Struct
from typing import LiteralString

from daicho.store.unit import Unit

_BEGIN = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END = b"\xff\xff"
_BLOCK_ROWS = 256
_LENGTH = Struct(">i").pack
_LENGTHS = tuple(map(_LENGTH, range(2_048)))
_FOUR_BYTES = Struct(">ii").pack
_DAY_0 = date(2000, 1, 1).toordinal()
_MOMENT_0 = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
NOTHING = b"\xff\xff\xff\xff"


def head(columns: int) -> bytes:
    """Begin a row of so many fields."""
    return columns.to_bytes(2, "big")


def fields(items: Sequence[bytes | None]) -> bytes:
    """Write fields of which the bytes are known, such as texts in UTF-8."""
    try:
        return b"".join([NOTHING if item is None else _LENGTHS[len(item)] + item for item in items])
    except IndexError:
        return b"".join([NOTHING if item is None else _LENGTH(len(item)) + item for item in items])


def day(value: date | None) -> bytes:
    """Write a date."""
    return NOTHING if value is None else _FOUR_BYTES(4, value.toordinal() - _DAY_0)


def day_number(value: date) -> int:
    """Count a date as PostgreSQL does."""
    return value.toordinal() - _DAY_0


def moment_number(value: datetime) -> int:
    """Count a moment as PostgreSQL does, in microseconds."""
    return (value - _MOMENT_0) // _MICROSECOND


def copy_rows(unit: Unit, statement: LiteralString, rows: Iterable[bytes]) -> None:
    """Send rows to a statement that copies from its client in binary."""
    source = iter(rows)
    with unit.cursor.copy(statement) as copy:
        copy.write(_BEGIN)
        while block := b"".join(islice(source, _BLOCK_ROWS)):
            copy.write(block)
        copy.write(_END)
