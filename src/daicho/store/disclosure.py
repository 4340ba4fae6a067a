"""One-time codes of the disclosure to the person."""

from collections.abc import Iterable
from datetime import datetime

from daicho.store.unit import Unit


def hand_out(
    unit: Unit, code_hash: bytes, addressee_number: int, bundle: bytes, at: datetime, expires_at: datetime
) -> None:
    """Keep a bundle under the hash of its code."""
    unit.execute(
        "insert into disclosure.handed_out values (%s, %s, %s, %s, %s)",
        (code_hash, addressee_number, bundle, at, expires_at),
    )


def void_codes(unit: Unit, addressee_numbers: Iterable[int], at: datetime) -> None:
    """Let no code that was handed out open any more, of some people (read whole: applications for protection are rare)."""
    unit.execute(
        "update disclosure.handed_out set opened_at = %s where addressee_number = any(%s) and opened_at is null",
        (at, sorted(addressee_numbers)),
    )


def open_once(unit: Unit, code_hash: bytes, at: datetime) -> tuple[int, bytes, datetime] | None:
    """Open a bundle: once, and before its code expires; give the person, the bundle, and when it was made."""
    row = unit.execute(
        "update disclosure.handed_out set opened_at = %s where code_hash = %s and opened_at is null and expires_at > %s"
        " returning addressee_number, bundle, handed_out_at",
        (at, code_hash, at),
    ).fetchone()
    return (int(row[0]), bytes(row[1]), row[2]) if row else None
