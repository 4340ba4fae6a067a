"""Stocks of resident record codes: given out by the nation, used up by the registries."""

from collections.abc import Sequence
from datetime import date

from daicho.rules.people.codes import MunicipalityCode
from daicho.store.unit import Unit


def given(unit: Unit, pool_id: str, municipality: str) -> list[str]:
    """List what was handed out to a municipality under one request."""
    rows = unit.execute(
        "select code from codes.handed_out where pool_id = %s and municipality = %s order by code",
        (pool_id, municipality),
    ).fetchall()
    return [str(row[0]) for row in rows]


def given_to(unit: Unit, code: str) -> MunicipalityCode | None:
    """Tell to which municipality a code was handed out."""
    row = unit.execute("select municipality from codes.handed_out where code = %s", (code,)).fetchone()
    return MunicipalityCode(row[0]) if row else None


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


def asked_for(unit: Unit, pool_id: str) -> bool:
    """Tell whether this database made a request, or some before it kept which (index request_pool).

    The letters of a register that was lost come again to the one that was rebuilt: people have those codes.
    """
    row = unit.execute(
        "select exists (select from codes.request where pool_id = %s or pool_id is null)", (pool_id,)
    ).fetchone()
    return bool(row and row[0])


def use_up(unit: Unit) -> None:
    """Use up the whole stock: nobody knows who has which of its codes."""
    unit.execute("update codes.stock set used = true where not used")


def open_request(unit: Unit, day: date, pool_id: str) -> bool:
    """Note that codes were asked for on a day, and how the request is called; tell whether nobody had asked on it yet at
    this stock.
    """
    return (
        unit.execute(
            "insert into codes.request (day, stock, pool_id) select %s, count(*), %s from codes.stock on conflict do nothing",
            (day, pool_id),
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
