"""Papers that go by post: what waits, what was sent, what came back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from daicho.store.unit import Unit

MOST_COUNTED = 1_000
_POSTED = "number, kind, requester, asker, delivery, issued_on, post, send_to"
_BY_POST = "delivery IN ('POSTED_TO_PERSON', 'POSTED_TO_REQUESTER')"
_TO_POST = f"""
SELECT {_POSTED} FROM register.certificate WHERE {_BY_POST} AND post IN ('', 'RETURNED')
ORDER BY issued_on, number LIMIT %s
"""
_SENT = f"SELECT {_POSTED} FROM register.certificate WHERE post = 'SENT' ORDER BY issued_on DESC, number DESC LIMIT %s"
_ONE = f"SELECT {_POSTED} FROM register.certificate WHERE number = %s AND {_BY_POST}"
_LOCKED = f"{_ONE} FOR UPDATE"
_PEOPLE = """
SELECT number, addressee_number, name FROM register.certificate_person WHERE number = ANY(%s)
ORDER BY number, addressee_number
"""
_STEP = "number, place, step, on_day, recipient, address, whose, version, cause, words, by, at"
_STEPS = f"SELECT {_STEP} FROM register.posting_step WHERE number = %s ORDER BY place"
_KEEP = f"INSERT INTO register.posting_step ({_STEP}) VALUES ({', '.join(['%s'] * 12)})"
_MOVE = "UPDATE register.certificate SET post = %s WHERE number = %s"
_LAST = "SELECT coalesce(max(place), 0) FROM register.posting_step WHERE number = %s"
_DESTROYED = "SELECT number FROM register.posting_step WHERE number = ANY(%s) AND step = 'DESTROYED'"
# A number beside a menu: how many more than so many there are does not matter there.
_HOW_MANY = f"""
SELECT count(*) FROM (
    SELECT FROM register.certificate WHERE {_BY_POST} AND post IN ('', 'RETURNED')
    ORDER BY issued_on, number LIMIT %s) AS o
"""


@dataclass(frozen=True, slots=True)
class PostedRow:
    """One paper that goes by post."""

    number: str
    kind: str
    requester: str
    asker: str
    delivery: str
    issued_on: date
    post: str
    send_to: str


@dataclass(frozen=True, slots=True)
class PostStepRow:
    """One step of a paper on its way."""

    number: str
    place: int
    step: str
    on_day: date
    recipient: str
    address: str
    whose: int | None
    version: int | None
    cause: str | None
    words: str
    by: str
    at: datetime


def papers_to_post(unit: Unit, *, limit_rows: int) -> list[PostedRow]:
    """List what waits to be sent and what came back, oldest first (index certificate_to_post)."""
    return [PostedRow(*row) for row in unit.execute(_TO_POST, (limit_rows,)).fetchall()]


def papers_sent(unit: Unit, *, limit_rows: int) -> list[PostedRow]:
    """List what was sent and did not come back, newest first (index certificate_posted)."""
    return [PostedRow(*row) for row in unit.execute(_SENT, (limit_rows,)).fetchall()]


def posted_paper(unit: Unit, number: str) -> PostedRow | None:
    """Read one paper that goes by post (primary key)."""
    row = unit.execute(_ONE, (number,)).fetchone()
    return None if row is None else PostedRow(*row)


def lock_posted(unit: Unit, number: str) -> PostedRow | None:
    """Read one paper that goes by post and keep it for oneself until the unit ends."""
    row = unit.execute(_LOCKED, (number,)).fetchone()
    return None if row is None else PostedRow(*row)


def people_on(unit: Unit, numbers: Sequence[str]) -> dict[str, list[tuple[int, str]]]:
    """List who stands on some papers, with the names as printed (index certificate_person_number)."""
    found: dict[str, list[tuple[int, str]]] = {}
    for number, whose, name in unit.execute(_PEOPLE, (list(numbers),)).fetchall():
        found.setdefault(str(number), []).append((int(whose), str(name)))
    return found


def post_steps(unit: Unit, number: str) -> list[PostStepRow]:
    """List the steps of a paper, oldest first (primary key)."""
    return [PostStepRow(*row) for row in unit.execute(_STEPS, (number,)).fetchall()]


def next_place(unit: Unit, number: str) -> int:
    """Tell the place of the next step of a paper that the unit holds."""
    row = unit.execute(_LAST, (number,)).fetchone()
    return (int(row[0]) if row else 0) + 1


def take_post_step(unit: Unit, row: PostStepRow, post: str) -> None:
    """Keep a step of a paper that the unit holds, and where the paper then stands."""
    values = (
        row.number, row.place, row.step, row.on_day, row.recipient, row.address, row.whose, row.version, row.cause,
        row.words, row.by, row.at,
    )  # fmt: skip
    unit.execute(_KEEP, values)
    unit.execute(_MOVE, (post, row.number))


def destroyed_papers(unit: Unit, numbers: Sequence[str]) -> frozenset[str]:
    """Name those of some papers that were destroyed before they reached anybody (primary key)."""
    return frozenset(str(row[0]) for row in unit.execute(_DESTROYED, (list(numbers),)).fetchall())


def how_many_to_post(unit: Unit) -> int:
    """Count what waits to be sent and what came back, up to a thousand (index certificate_to_post)."""
    row = unit.execute(_HOW_MANY, (MOST_COUNTED,)).fetchone()
    return int(row[0]) if row else 0
