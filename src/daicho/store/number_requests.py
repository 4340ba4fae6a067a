"""Requests for individual numbers that wait for a report: which town asked about which code, and no number."""

from collections.abc import Sequence
from datetime import datetime

from daicho.store.unit import Unit


def keep_waiting(
    unit: Unit, code: str, municipality: str, asked_at: datetime, *, another: bool = False
) -> None:
    """Keep a request until the municipality holds the person's record; asked twice, kept once.

    `another` tells that a number shall come in the place of one that is there.
    """
    unit.execute(
        "insert into codes.number_wanted as w (resident_record_code, municipality, asked_at, another)"
        " values (%s, %s, %s, %s)"
        " on conflict (resident_record_code, municipality) do update set another = w.another or excluded.another",
        (code, municipality, asked_at, another),
    )


def take_answerable(unit: Unit, held: Sequence[tuple[str, str]]) -> list[tuple[str, str, bool]]:
    """Take the requests of municipalities that hold these records now: code, municipality, whether for another number."""
    rows = unit.execute(
        "delete from codes.number_wanted w using unnest(%s::text[], %s::text[]) as h(code, municipality)"
        " where w.resident_record_code = h.code and w.municipality = h.municipality"
        " returning w.resident_record_code, w.municipality, w.another",
        ([code for code, _ in held], [municipality for _, municipality in held]),
    ).fetchall()
    return sorted((str(code), str(municipality), bool(another)) for code, municipality, another in rows)
