"""Seals: prints, registrations with their steps, what waits for a second person, certificates of a registration."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import datetime

from daicho.store.unit import Unit

_LOCK = """
SELECT pg_advisory_xact_lock(hashtextextended('seal', whose)) FROM (
    SELECT whose FROM unnest(%s::bigint[]) AS n (whose) ORDER BY whose) AS in_order
"""
_NUMBERS = "SELECT nextval('register.seal_seq')"
_CARDS = "SELECT nextval('register.seal_card_seq')"
_KEEP_IMAGE = "INSERT INTO register.seal_image (id, image) VALUES (%s, %s)"
_IMAGE = "SELECT image FROM register.seal_image WHERE id = %s"
_REGISTRATION = (
    "number, addressee_number, card_number, version, open, card_waits, to_tell, image_id, body::text"
)
_KEEP = """
INSERT INTO register.seal_registration
    (number, addressee_number, card_number, version, open, card_waits, to_tell, image_id, body)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
_REPLACE = """
UPDATE register.seal_registration
SET card_number = %s, version = %s, open = %s, card_waits = %s, to_tell = %s, body = %s
WHERE number = %s AND version = %s RETURNING version
"""
_STEP = "INSERT INTO register.seal_step (number, version, step, by, at, body) VALUES (%s, %s, %s, %s, %s, %s)"
_STANDING = (
    f"SELECT {_REGISTRATION} FROM register.seal_registration WHERE addressee_number = ANY(%s) AND open"
)
_OF_PERSON = (
    f"SELECT {_REGISTRATION} FROM register.seal_registration WHERE addressee_number = %s ORDER BY number DESC"
)
_BY_NUMBER = f"SELECT {_REGISTRATION} FROM register.seal_registration WHERE number = %s"
_CARDS_WAIT = (
    f"SELECT {_REGISTRATION} FROM register.seal_registration WHERE card_waits ORDER BY number LIMIT %s"
)
_TO_TELL = f"SELECT {_REGISTRATION} FROM register.seal_registration WHERE to_tell ORDER BY number LIMIT %s"
_STEPS = """
SELECT s.number, s.step, s.by, s.at FROM register.seal_registration r JOIN register.seal_step s ON s.number = r.number
WHERE r.addressee_number = %s ORDER BY s.at DESC, s.number DESC, s.version DESC LIMIT %s
"""
_REQUEST = "id, addressee_number, kind, state, asked_by, asked_at, answered_by, image_id, body::text"
_KEEP_REQUEST = """
INSERT INTO register.seal_request (id, addressee_number, kind, state, asked_by, asked_at, answered_by, image_id, body)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
_LOCKED = f"SELECT {_REQUEST} FROM register.seal_request WHERE id = %s FOR UPDATE"
_ONE = f"SELECT {_REQUEST} FROM register.seal_request WHERE id = %s"
_OPEN = f"""
SELECT {_REQUEST} FROM register.seal_request WHERE addressee_number = %s AND state IN ('inquiry', 'waiting')
"""
_WAITING = (
    f"SELECT {_REQUEST} FROM register.seal_request WHERE state = 'waiting' ORDER BY asked_at, id LIMIT %s"
)
_INQUIRIES = (
    f"SELECT {_REQUEST} FROM register.seal_request WHERE state = 'inquiry' ORDER BY asked_at, id LIMIT %s"
)
_UNMET = """
SELECT id, kind, state, asked_by, asked_at, decided_by, decided_at, why FROM register.seal_request
WHERE addressee_number = %s AND state IN ('declined', 'withdrawn') ORDER BY asked_at DESC, id DESC LIMIT %s
"""
_MOVE = """
UPDATE register.seal_request SET state = %s, answered_by = %s, decided_by = %s, decided_at = %s, why = %s, body = %s
WHERE id = %s
"""
_COUNT = "SELECT count(*) FROM register.seal_request WHERE state = 'waiting'"
_KEEP_PAPER = "INSERT INTO register.seal_certificate (number, registration) VALUES (%s, %s)"
_PAPERS = """
SELECT c.number, s.registration, c.requester, c.asker, c.issued_at, c.issued_by, c.fee_yen
FROM register.seal_registration r JOIN register.seal_certificate s ON s.registration = r.number
JOIN register.certificate c ON c.number = s.number
WHERE r.addressee_number = %s ORDER BY c.issued_at DESC, c.number DESC LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class RegistrationRow:
    """One registration as it stands."""

    number: str
    addressee_number: int
    card_number: str
    version: int
    open: bool
    card_waits: bool
    to_tell: bool
    image_id: str
    body: str


@dataclass(frozen=True, slots=True)
class SealStepRow:
    """One step in the life of a registration."""

    number: str
    step: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SealRequestRow:
    """What somebody asks a second person to decide."""

    id: str
    addressee_number: int
    kind: str
    state: str
    asked_by: str
    asked_at: datetime
    answered_by: str | None
    image_id: str | None
    body: str


@dataclass(frozen=True, slots=True)
class UnmetRequestRow:
    """A request that was declined, by whom and why, or withdrawn."""

    id: str
    kind: str
    state: str
    asked_by: str
    asked_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of a request: its state, by whom, when, why; nobody decides a withdrawal or an answer."""

    state: str
    by: str | None = None
    at: datetime | None = None
    why: str = ""
    answered_by: str | None = None


@dataclass(frozen=True, slots=True)
class SealPaperRow:
    """One certificate of somebody's seal."""

    number: str
    registration: str
    requester: str
    asker: str
    issued_at: datetime
    issued_by: str
    fee_yen: int


def hold_people(unit: Unit, addressee_numbers: Iterable[int]) -> None:
    """Let nobody else change the seals of some people until the unit ends."""
    unit.execute(_LOCK, (sorted(addressee_numbers),))


def draw_number(unit: Unit) -> str:
    """Draw the number of a registration."""
    row = unit.execute(_NUMBERS).fetchone()
    return f"{int(row[0]) if row else 0:07d}"


def draw_card_number(unit: Unit) -> str:
    """Draw the number of a registration card."""
    row = unit.execute(_CARDS).fetchone()
    return f"{int(row[0]) if row else 0:08d}"


def keep_image(unit: Unit, image_id: str, image: bytes) -> None:
    """Keep the print of a seal."""
    unit.execute(_KEEP_IMAGE, (image_id, image))


def image(unit: Unit, image_id: str) -> bytes | None:
    """Read the print of a seal (primary key)."""
    row = unit.execute(_IMAGE, (image_id,)).fetchone()
    return None if row is None else bytes(row[0])


def keep_registration(unit: Unit, row: RegistrationRow, step: SealStepRow) -> None:
    """Keep a new registration with its first step."""
    unit.execute(_KEEP, astuple(row))
    unit.execute(_STEP, (row.number, row.version, step.step, step.by, step.at, row.body))


def take_step(unit: Unit, row: RegistrationRow, step: SealStepRow) -> bool:
    """Replace a registration by what a step made of it; False when it does not stand in the version before.

    `row.version` is the new one.
    """
    words = (row.card_number, row.version, row.open, row.card_waits, row.to_tell, row.body)
    # A row is asked for: in a unit of few trips nobody knows yet how many were changed.
    if unit.execute(_REPLACE, (*words, row.number, row.version - 1)).fetchone() is None:
        return False
    unit.execute(_STEP, (row.number, row.version, step.step, step.by, step.at, row.body))
    return True


def standing_of(unit: Unit, addressee_numbers: Iterable[int]) -> list[RegistrationRow]:
    """Read the registrations that stand of some people (index seal_registration_open)."""
    rows = unit.execute(_STANDING, (sorted(addressee_numbers),)).fetchall()
    return [RegistrationRow(*row) for row in rows]


def registrations_of(unit: Unit, addressee_number: int) -> list[RegistrationRow]:
    """List all registrations of somebody, newest first (index seal_registration_person)."""
    return [RegistrationRow(*row) for row in unit.execute(_OF_PERSON, (addressee_number,)).fetchall()]


def registration(unit: Unit, number: str) -> RegistrationRow | None:
    """Read one registration (primary key)."""
    row = unit.execute(_BY_NUMBER, (number,)).fetchone()
    return None if row is None else RegistrationRow(*row)


def cards_that_wait(unit: Unit, *, limit_rows: int) -> list[RegistrationRow]:
    """List the registrations whose card was not handed over (index seal_registration_card)."""
    return [RegistrationRow(*row) for row in unit.execute(_CARDS_WAIT, (limit_rows,)).fetchall()]


def ends_to_tell(unit: Unit, *, limit_rows: int) -> list[RegistrationRow]:
    """List the registrations of whose end the person was not told (index seal_registration_to_tell)."""
    return [RegistrationRow(*row) for row in unit.execute(_TO_TELL, (limit_rows,)).fetchall()]


def steps_of_seals(unit: Unit, addressee_number: int, *, limit_rows: int) -> list[SealStepRow]:
    """List the steps of somebody's registrations, newest first."""
    return [SealStepRow(*row) for row in unit.execute(_STEPS, (addressee_number, limit_rows)).fetchall()]


def keep_request(unit: Unit, row: SealRequestRow) -> None:
    """Keep what somebody asks a second person."""
    unit.execute(_KEEP_REQUEST, astuple(row))


def seal_request(unit: Unit, request_id: str) -> SealRequestRow | None:
    """Read one request (primary key)."""
    row = unit.execute(_ONE, (request_id,)).fetchone()
    return None if row is None else SealRequestRow(*row)


def lock_request(unit: Unit, request_id: str) -> SealRequestRow | None:
    """Read one request and keep it for oneself until the unit ends."""
    row = unit.execute(_LOCKED, (request_id,)).fetchone()
    return None if row is None else SealRequestRow(*row)


def open_request_of(unit: Unit, addressee_number: int) -> SealRequestRow | None:
    """Read what is open about somebody's seal (index seal_request_open)."""
    row = unit.execute(_OPEN, (addressee_number,)).fetchone()
    return None if row is None else SealRequestRow(*row)


def waiting_requests(unit: Unit, *, limit_rows: int) -> list[SealRequestRow]:
    """List what waits for a second person, oldest first."""
    return [SealRequestRow(*row) for row in unit.execute(_WAITING, (limit_rows,)).fetchall()]


def open_inquiries(unit: Unit, *, limit_rows: int) -> list[SealRequestRow]:
    """List the letters of inquiry that are out, oldest first (index seal_request_inquiry)."""
    return [SealRequestRow(*row) for row in unit.execute(_INQUIRIES, (limit_rows,)).fetchall()]


def unmet_requests_of(unit: Unit, addressee_number: int, *, limit_rows: int) -> list[UnmetRequestRow]:
    """List what was asked about somebody's seal and declined or withdrawn, newest first (index seal_request_unmet)."""
    rows = unit.execute(_UNMET, (addressee_number, limit_rows)).fetchall()
    return [UnmetRequestRow(*row) for row in rows]


def move_request(unit: Unit, request_id: str, body: str, decided: Decided) -> None:
    """Write what became of a request that the unit holds."""
    words = (decided.state, decided.answered_by, decided.by, decided.at, decided.why, body, request_id)
    unit.execute(_MOVE, words)


def how_many_wait(unit: Unit) -> int:
    """Count what waits for a second person."""
    row = unit.execute(_COUNT).fetchone()
    return int(row[0]) if row else 0


def keep_seal_paper(unit: Unit, number: str, registration: str) -> None:
    """Note of which registration a certificate was."""
    unit.execute(_KEEP_PAPER, (number, registration))


def seal_papers_of(unit: Unit, addressee_number: int, *, limit_rows: int) -> list[SealPaperRow]:
    """List the certificates of somebody's seals, newest first."""
    return [SealPaperRow(*row) for row in unit.execute(_PAPERS, (addressee_number, limit_rows)).fetchall()]
