"""Stocks of resident record codes: given out by the nation, used up by the registries."""

from collections.abc import Sequence
from datetime import date, datetime

from daicho.store.unit import Unit


def given(unit: Unit, pool_id: str, municipality: str) -> list[str]:
    """List what was handed out to a municipality under one request."""
    rows = unit.execute(
        "select code from codes.handed_out where pool_id = %s and municipality = %s order by code",
        (pool_id, municipality),
    ).fetchall()
    return [str(row[0]) for row in rows]


def given_elsewhere(unit: Unit, code: str, municipality: str) -> bool:
    """Tell whether a code was handed out to another municipality."""
    row = unit.execute(
        "select exists (select from codes.handed_out where code = %s and municipality <> %s)",
        (code, municipality),
    ).fetchone()
    return bool(row and row[0])


def want_number(unit: Unit, code: str, municipality: str, asked_at: datetime) -> None:
    """Note that a municipality waits for a number until it holds the person's record; asked once, kept once."""
    unit.execute(
        "insert into codes.number_wanted values (%s, %s, %s) on conflict do nothing",
        (code, municipality, asked_at),
    )


def take_wanted(unit: Unit, held: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Take the requests of municipalities that hold these records now: code and municipality of each."""
    rows = unit.execute(
        "delete from codes.number_wanted w using unnest(%s::text[], %s::text[]) as h(code, municipality)"
        " where w.resident_record_code = h.code and w.municipality = h.municipality"
        " returning w.resident_record_code, w.municipality",
        ([code for code, _ in held], [municipality for _, municipality in held]),
    ).fetchall()
    return sorted((str(code), str(municipality)) for code, municipality in rows)


def hand_out(unit: Unit, pool_id: str, municipality: str, codes: Sequence[str]) -> list[str]:
    """Hand out those codes that nobody was given and nobody has; give what was new."""
    rows = unit.execute(
        "insert into codes.handed_out (code, pool_id, municipality) select c, %s, %s from unnest(%s::text[]) as n(c)"
        " where not exists (select from identity.record r where r.resident_record_code = c)"
        " on conflict do nothing returning code",
        (pool_id, municipality, list(codes)),
    ).fetchall()
    return [str(row[0]) for row in rows]


def add_to_stock(unit: Unit, codes: Sequence[str]) -> int:
    """Put codes from the nation into the registry's stock; the same again changes nothing."""
    return unit.execute(
        "insert into codes.stock (code) select c from unnest(%s::text[]) as n(c)"
        " where not exists (select from register.resident r where r.code = c) on conflict do nothing",
        (list(codes),),
    ).rowcount


def open_request(unit: Unit, day: date) -> bool:
    """Note that codes were asked for on a day; tell whether nobody had asked on it yet at this stock."""
    return (
        unit.execute(
            "insert into codes.request (day, stock) select %s, count(*) from codes.stock on conflict do nothing",
            (day,),
        ).rowcount
        == 1
    )


def draw(unit: Unit, count: int) -> list[str]:
    """Use up unused codes; fewer when the stock runs out. A drawn code is never drawn again."""
    rows = unit.execute(
        "update codes.stock s set used = true where s.code in"
        " (select code from codes.stock where not used order by code limit %s for update skip locked)"
        " returning s.code",
        (count,),
    ).fetchall()
    return [str(row[0]) for row in rows]


def left(unit: Unit) -> int:
    """Count the unused codes."""
    row = unit.execute("select count(*) from codes.stock where not used").fetchone()
    return int(row[0]) if row else 0
