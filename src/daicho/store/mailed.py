"""Requests for papers that came by post, each with its steps, until the paper is made or all of it went back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from daicho.store.unit import Unit

MOST_COUNTED = 1_000
_ROW = "id, number, state, received_on, about, paper, body::text"
_KEEP = """
INSERT INTO register.mailed_request (id, number, state, received_on, about, body)
VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (id) DO NOTHING
"""
_ONE = f"SELECT {_ROW} FROM register.mailed_request WHERE id = %s"
_LOCKED = f"{_ONE} FOR UPDATE"
_MOVE = "UPDATE register.mailed_request SET state = %s, about = %s, paper = %s, body = %s WHERE id = %s"
_IS_WAITING = "state IN ('OPEN', 'ASKED', 'REFUSED')"
_WAITING = (
    f"SELECT {_ROW} FROM register.mailed_request WHERE {_IS_WAITING} ORDER BY received_on, number LIMIT %s"
)
_DONE = f"""
SELECT {_ROW} FROM register.mailed_request WHERE state IN ('ISSUED', 'CLOSED')
ORDER BY received_on DESC, number DESC LIMIT %s
"""
_POSTED = "SELECT number, post FROM register.certificate WHERE number = ANY(%s)"
_HOW_MANY = f"""
SELECT count(*) FROM (SELECT FROM register.mailed_request WHERE {_IS_WAITING} ORDER BY received_on, number LIMIT %s) AS o
"""


@dataclass(frozen=True, slots=True)
class MailedRow:
    """One request that came by post, with the columns by which it is found."""

    id: str
    number: str
    state: str
    received_on: date
    about: int | None
    paper: str | None
    body: str


def draw_number(unit: Unit, year: int) -> str:
    """Draw the number of a request."""
    row = unit.execute("SELECT nextval('register.mailed_seq')").fetchone()
    return f"Y{year}-{int(row[0]) if row else 0:06d}"


def keep_mailed(unit: Unit, row: MailedRow) -> bool:
    """Keep a request; False when its form was sent before (primary key)."""
    values = (row.id, row.number, row.state, row.received_on, row.about, row.body)
    return unit.execute(_KEEP, values).rowcount == 1


def mailed(unit: Unit, mailed_id: str, *, locked: bool = False) -> MailedRow | None:
    """Read one request (primary key); `locked`, nobody else changes it until the unit ends."""
    row = unit.execute(_LOCKED if locked else _ONE, (mailed_id,)).fetchone()
    return None if row is None else MailedRow(*row)


def move_mailed(unit: Unit, row: MailedRow) -> None:
    """Write a request that the unit holds as it stands after a step (primary key)."""
    unit.execute(_MOVE, (row.state, row.about, row.paper, row.body, row.id))


def mailed_list(unit: Unit, *, done: bool, limit_rows: int) -> list[MailedRow]:
    """List what waits, oldest first (index mailed_request_waiting), or what is done, newest first (mailed_request_done)."""
    return [MailedRow(*row) for row in unit.execute(_DONE if done else _WAITING, (limit_rows,)).fetchall()]


def posts_of(unit: Unit, papers: Collection[str]) -> dict[str, str]:
    """Tell where the papers of some requests stand on their way (primary key)."""
    return dict(unit.execute(_POSTED, (list(papers),)).fetchall())


def how_many_wait(unit: Unit) -> int:
    """Count what waits, up to a thousand (index mailed_request_waiting)."""
    row = unit.execute(_HOW_MANY, (MOST_COUNTED,)).fetchone()
    return int(row[0]) if row else 0
