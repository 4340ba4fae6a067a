"""What was issued on paper, and of whom; the numbers of papers."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import date, datetime

from daicho.store.unit import Unit

_COLUMNS = (
    "number, kind, requester, channel, asker, basis, purpose, items, delivery, fee_yen, issued_on, issued_at,"
    " issued_by, terminal, mark, send_to"
)
_KEEP = f"INSERT INTO register.certificate ({_COLUMNS}) VALUES ({', '.join(['%s'] * 16)})"
_KEEP_PEOPLE = """
INSERT INTO register.certificate_person (number, addressee_number, name)
SELECT %s, n.whose, n.name FROM unnest(%s::bigint[], %s::text[]) AS n (whose, name)
"""
_OF_PERSON = f"""
SELECT {_COLUMNS} FROM register.certificate WHERE number IN (
    SELECT number FROM register.certificate_person WHERE addressee_number = %s)
ORDER BY issued_at DESC, number DESC LIMIT %s
"""
_BY_NUMBER = f"SELECT {_COLUMNS} FROM register.certificate WHERE number = %s"
_NAMES = "SELECT name FROM register.certificate_person WHERE number = %s ORDER BY addressee_number"


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """One paper as the book of papers has it."""

    number: str
    kind: str
    requester: str
    channel: str
    asker: str
    basis: str
    purpose: str
    items: list[str]
    delivery: str
    fee_yen: int
    issued_on: date
    issued_at: datetime
    issued_by: str
    terminal: str
    mark: bytes
    send_to: str = ""  # as the request states it


def draw_number(unit: Unit, year: int) -> str:
    """Draw the number of a paper; one that is not issued leaves a hole, never a double."""
    row = unit.execute("SELECT nextval('register.certificate_seq')").fetchone()
    return f"{year}-{int(row[0]) if row else 0:08d}"


def keep_certificate(unit: Unit, row: CertificateRow, people: Sequence[tuple[int, str]]) -> None:
    """Enter an issued paper into the book, with the people on it and their names as printed."""
    unit.execute(_KEEP, astuple(row))
    unit.execute(_KEEP_PEOPLE, (row.number, [number for number, _ in people], [name for _, name in people]))


def certificates_of(unit: Unit, addressee_number: int, *, limit_rows: int) -> list[CertificateRow]:
    """List the papers on which somebody stands, newest first (primary key of certificate_person)."""
    rows = unit.execute(_OF_PERSON, (addressee_number, limit_rows)).fetchall()
    return [CertificateRow(*row) for row in rows]


def certificate(unit: Unit, number: str) -> tuple[CertificateRow, list[str]] | None:
    """Find a paper by its number, with the names on it."""
    row = unit.execute(_BY_NUMBER, (number,)).fetchone()
    if row is None:
        return None
    names = [str(one[0]) for one in unit.execute(_NAMES, (number,)).fetchall()]
    return CertificateRow(*row), names
