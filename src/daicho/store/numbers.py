"""The vault of individual numbers: sealed bytes by resident record code, in a role of its own.

Every function runs inside `with unit.as_number_keeper():`; in any other role the database refuses.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from daicho.store import binary_copy
from daicho.store.unit import Unit

_BATCH_ROWS = 5_000
_KEEP = """
INSERT INTO numbers.individual_number (lookup, resident_record_code, sealed, effective_on)
VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
_HOLDER = "SELECT resident_record_code, state FROM numbers.individual_number WHERE lookup = %s"
_RETIRE = """
UPDATE numbers.individual_number SET state = 'former' WHERE resident_record_code = %s AND state = 'current'
"""
_DRAW = """
INSERT INTO numbers.individual_number (lookup, resident_record_code, sealed, effective_on, state)
VALUES (%s, %s, %s, %s, 'drawn') ON CONFLICT DO NOTHING
"""
_DRAWN = """
SELECT sealed FROM numbers.individual_number WHERE resident_record_code = %s AND state = 'drawn'
"""  # index: number_drawn
_HOLDERS = "SELECT lookup, resident_record_code, state FROM numbers.individual_number WHERE lookup = ANY(%s)"
_TAKE_DRAWN = """
UPDATE numbers.individual_number SET state = 'current' WHERE lookup = %s AND resident_record_code = %s AND state = 'drawn'
"""
_FOLLOW = "SELECT numbers.follow_codes(%s::text[], %s::text[], %s::bytea[])"  # index: number_current
_SEALED = """
SELECT resident_record_code, sealed FROM numbers.individual_number
WHERE resident_record_code = ANY(%s::text[]) AND state = 'current'
"""  # index: number_current
_LOOKUPS = """
SELECT resident_record_code, lookup FROM numbers.individual_number
WHERE resident_record_code = ANY(%s::text[]) AND state = 'current'
"""  # index: number_current
_KEPT = """
SELECT lookup, resident_record_code, state FROM numbers.individual_number WHERE lookup = ANY(%s)
UNION ALL
SELECT lookup, resident_record_code, state FROM numbers.individual_number
WHERE resident_record_code = ANY(%s::text[]) AND state = 'current'
"""  # indexes: primary key, number_current
_COPY = """
COPY numbers.individual_number (lookup, resident_record_code, sealed, effective_on) FROM STDIN (FORMAT binary)
"""
_COPY_HEAD = binary_copy.head(4)
_UNMATCHED = "SELECT times FROM numbers.unmatched WHERE whose = %s AND on_day = %s"
_ONE_MORE = """
INSERT INTO numbers.unmatched AS u (whose, on_day, times) VALUES (%s, %s, 1) ON CONFLICT (whose) DO UPDATE
SET on_day = excluded.on_day, times = CASE WHEN u.on_day = excluded.on_day THEN u.times + 1 ELSE 1 END
"""
_HOW_MANY = "SELECT count(*) FROM numbers.individual_number WHERE state = 'current'"


class NumberHeld(Exception):
    """The code already has another number; only a change of number may replace it."""


@dataclass(frozen=True, slots=True)
class SealedNumber:
    """One individual number as the vault gave it: sealed, with its keyed look-up value."""

    resident_record_code: str
    sealed: bytes
    lookup: bytes
    effective_on: date


def keep_number(unit: Unit, number: SealedNumber) -> bool:
    """Keep a number; False when somebody else has it, so that the next attempt must be drawn.

    Keeping the same number for the same code again does nothing and succeeds.
    """
    row = (number.lookup, number.resident_record_code, number.sealed, number.effective_on)
    unit.cursor.execute(_KEEP, row)
    if unit.cursor.rowcount == 1:
        return True
    unit.cursor.execute(_HOLDER, (number.lookup,))
    holder = unit.cursor.fetchone()
    if holder is None:
        raise NumberHeld("the code has another number")
    return bool(holder == (number.resident_record_code, "current"))


def change_number(unit: Unit, number: SealedNumber) -> bool:
    """Replace a code's number, the former one staying taken; False when the new one is taken already.

    One that was drawn for this code is in force from now on.
    """
    unit.cursor.execute(_HOLDER, (number.lookup,))
    holder = unit.cursor.fetchone()
    drawn = holder == (number.resident_record_code, "drawn")
    if holder is not None and not drawn:
        return bool(holder == (number.resident_record_code, "current"))
    unit.cursor.execute(_RETIRE, (number.resident_record_code,))
    if drawn:
        unit.cursor.execute(_TAKE_DRAWN, (number.lookup, number.resident_record_code))
        return unit.cursor.rowcount == 1
    return keep_number(unit, number)


def may_be_changed(unit: Unit, numbers: Sequence[SealedNumber], *, drawn_only: bool) -> bool:
    """Tell whether codes may take these numbers: nobody else has or had one, nor the same person before.

    With `drawn_only` each must have been drawn for its code here.
    """
    unit.cursor.execute(_HOLDERS, ([one.lookup for one in numbers],))
    held = {bytes(lookup): (code, state) for lookup, code, state in unit.cursor.fetchall()}
    for one in numbers:
        holder = held.get(one.lookup)
        fresh = holder is None and not drawn_only
        if not fresh and holder not in (
            (one.resident_record_code, "current"),
            (one.resident_record_code, "drawn"),
        ):
            return False
    return True


def had_before(unit: Unit, numbers: Sequence[SealedNumber]) -> frozenset[str]:
    """Name the codes whose number is one that the same code had before (primary key)."""
    unit.cursor.execute(_HOLDERS, ([one.lookup for one in numbers],))
    held = {bytes(lookup): (code, state) for lookup, code, state in unit.cursor.fetchall()}
    return frozenset(
        one.resident_record_code
        for one in numbers
        if held.get(one.lookup) == (one.resident_record_code, "former")
    )


def draw_number(unit: Unit, number: SealedNumber) -> bool:
    """Keep a number that nobody has or had as drawn for a code, not in force yet; False when it is taken."""
    unit.cursor.execute(
        _DRAW, (number.lookup, number.resident_record_code, number.sealed, number.effective_on)
    )
    return unit.cursor.rowcount == 1


def put_in_force(unit: Unit, number: SealedNumber) -> bool:
    """Let a number that was drawn for a code be in force from now on; False where it was not drawn for it."""
    unit.cursor.execute(_HOLDER, (number.lookup,))
    return unit.cursor.fetchone() == (number.resident_record_code, "drawn") and change_number(unit, number)


def drawn_of(unit: Unit, code: str) -> bytes | None:
    """Give what is sealed of the number that was drawn for a code and is not in force yet (index number_drawn)."""
    unit.cursor.execute(_DRAWN, (str(code),))
    row = unit.cursor.fetchone()
    return None if row is None else bytes(row[0])


def follow_codes(unit: Unit, replaced: Mapping[str, str], reseal: Callable[[bytes, str, str], bytes]) -> None:
    """Let the current numbers of some codes go along to those that replace them, given as former to present code.

    `reseal` is given what is sealed, the former and the present code.
    """
    held = sealed_of(unit, list(replaced))
    if held:
        present = [replaced[code] for code in held]
        sealed = [reseal(content, code, replaced[code]) for code, content in held.items()]
        unit.cursor.execute(_FOLLOW, (list(held), present, sealed))


def code_of_lookup(unit: Unit, lookup: bytes) -> str | None:
    """Find whose current number this is; served by the primary key."""
    unit.cursor.execute(_HOLDER, (lookup,))
    row = unit.cursor.fetchone()
    return str(row[0]) if row is not None and row[1] == "current" else None


def holder_of_lookup(unit: Unit, lookup: bytes) -> tuple[str, bool] | None:
    """Find whose number this is or was, and whether it still is; a drawn one is nobody's yet (primary key)."""
    unit.cursor.execute(_HOLDER, (lookup,))
    row = unit.cursor.fetchone()
    return None if row is None or row[1] == "drawn" else (str(row[0]), row[1] == "current")


def sealed_of(unit: Unit, codes: Sequence[str]) -> dict[str, bytes]:
    """Give the sealed current numbers of up to as many codes as asked."""
    unit.cursor.execute(_SEALED, ([str(code) for code in codes],))
    return {code: bytes(sealed) for code, sealed in unit.cursor.fetchall()}


def lookups_of(unit: Unit, codes: Sequence[str]) -> dict[str, bytes]:
    """Give the look-up values of current numbers, to see whether an update brings another number."""
    unit.cursor.execute(_LOOKUPS, ([str(code) for code in codes],))
    return {code: bytes(lookup) for code, lookup in unit.cursor.fetchall()}


def unmatched_today(unit: Unit, whose: str, on: date) -> int:
    """Tell how many numbers somebody has named on a day that were none of the person's (primary key)."""
    unit.cursor.execute(_UNMATCHED, (whose, on))
    row = unit.cursor.fetchone()
    return int(row[0]) if row else 0


def note_unmatched(unit: Unit, whose: str, on: date) -> None:
    """Count one more of them; of former days nothing is kept."""
    unit.cursor.execute(_ONE_MORE, (whose, on))


def how_many(unit: Unit) -> int:
    """Count the current numbers."""
    unit.cursor.execute(_HOW_MANY)
    row = unit.cursor.fetchone()
    return int(row[0]) if row else 0


def keep_numbers(unit: Unit, numbers: Iterable[SealedNumber], *, all_or_none: bool = False) -> list[str]:
    """Keep many numbers; gives the codes whose number cannot be kept.

    A number that another transaction keeps in the same moment ends this one.
    """
    missed: list[str] = []
    fresh: list[SealedNumber] = []
    holder: dict[bytes, tuple[str, str]] = {}
    held: set[str] = set()
    for batch in _batches(numbers):
        codes = [str(number.resident_record_code) for number in batch]
        unit.cursor.execute(_KEPT, ([number.lookup for number in batch], codes))
        kept = unit.cursor.fetchall()
        if not kept and _are_apart(batch, holder, held):
            holder |= {number.lookup: (code, "current") for number, code in zip(batch, codes, strict=True)}
            held.update(codes)
            fresh += batch
            continue
        holder |= {bytes(lookup): (code, state) for lookup, code, state in kept}
        held |= {code for _, code, state in kept if state == "current"}
        for number, code in zip(batch, codes, strict=True):
            if number.lookup not in holder and code not in held:
                holder[number.lookup] = (code, "current")
                held.add(code)
                fresh.append(number)
            elif holder.get(number.lookup) != (code, "current"):
                missed.append(code)
    if fresh and not (all_or_none and missed):
        binary_copy.copy_rows(unit, _COPY, map(_row, fresh))
    return missed


def _are_apart(
    numbers: Sequence[SealedNumber], holder: Mapping[bytes, object], held: Collection[str]
) -> bool:
    """Tell whether nobody and no number comes twice, neither among these nor among those before."""
    lookups = {number.lookup for number in numbers}
    people = {number.resident_record_code for number in numbers}
    apart = len(lookups) == len(people) == len(numbers)
    return apart and lookups.isdisjoint(holder) and people.isdisjoint(held)


def _row(number: SealedNumber) -> bytes:
    contents = (number.lookup, number.resident_record_code.encode(), number.sealed)
    return _COPY_HEAD + binary_copy.fields(contents) + binary_copy.day(number.effective_on)


def _batches(numbers: Iterable[SealedNumber]) -> Iterator[list[SealedNumber]]:
    source = iter(numbers)
    while batch := list(islice(source, _BATCH_ROWS)):
        yield batch
