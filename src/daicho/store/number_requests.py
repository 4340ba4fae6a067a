"""Requests for individual numbers that wait for a report: which town asked about which code, and no number."""

from collections.abc import Sequence
from datetime import datetime

from daicho.store.unit import Unit


def keep_waiting(unit: Unit, code: str, municipality: str, asked_at: datetime) -> None:
    """Keep a request until the municipality holds the person's record; asked twice, kept once."""
    unit.execute(
        "insert into codes.number_wanted values (%s, %s, %s) on conflict do nothing",
        (code, municipality, asked_at),
    )


def take_answerable(unit: Unit, held: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Take the requests of municipalities that hold these records now: code and municipality of each."""
    rows = unit.execute(
        "delete from codes.number_wanted w using unnest(%s::text[], %s::text[]) as h(code, municipality)"
        " where w.resident_record_code = h.code and w.municipality = h.municipality"
        " returning w.resident_record_code, w.municipality",
        ([code for code, _ in held], [municipality for _, municipality in held]),
    ).fetchall()
    return sorted((str(code), str(municipality)) for code, municipality in rows)
