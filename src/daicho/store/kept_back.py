"""Whose address is kept back: what a registry has told its CS, and what the CS was told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from daicho.store.unit import Unit

_SEEN = "SELECT told, digest FROM register.kept_back_told"
_TOLD = f"{_SEEN} FOR UPDATE"
_TELL = "UPDATE register.kept_back_told SET told = greatest(told + 1, %s), digest = %s RETURNING told"
_CODES = """
SELECT r.code FROM unnest(%s::bigint[]) AS n (whose) CROSS JOIN LATERAL (
    SELECT code FROM register.resident WHERE addressee_number = n.whose OFFSET 0) AS r
WHERE r.code IS NOT NULL ORDER BY r.code
"""
_NEWER = "UPDATE kept_back.heard SET told = %s WHERE told < %s"
_NO_LONGER = "DELETE FROM kept_back.whom WHERE resident_record_code <> ALL(%s)"
_FROM_NOW = """
INSERT INTO kept_back.whom (resident_record_code) SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING
"""
_ALL = "SELECT resident_record_code FROM kept_back.whom"
_AMONG = "SELECT resident_record_code FROM kept_back.whom WHERE resident_record_code = ANY(%s)"
_A_DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class LastTelling:
    """What a CS was told last: under which number, which is the second of it unless two fell into one."""

    told: int = 0
    digest: bytes = b""

    def stands(self, digest: bytes, at_seconds: int) -> bool:
        """Tell whether nothing need be told: it is the same list, told within a day or never anything but nobody."""
        return self.digest == digest and (self.told == 0 or at_seconds - self.told < _A_DAY_SECONDS)


def codes_of(unit: Unit, addressee_numbers: Iterable[int]) -> list[str]:
    """List the codes of some residents in their order; whoever has none is left out."""
    return [str(row[0]) for row in unit.execute(_CODES, (sorted(addressee_numbers),)).fetchall()]


def told_as_seen(unit: Unit) -> LastTelling:
    """Give what the CS was told last, whoever tells meanwhile."""
    row = unit.execute(_SEEN).fetchone()
    return LastTelling(int(row[0]), bytes(row[1])) if row else LastTelling()


def told_last(unit: Unit) -> LastTelling:
    """Give what the CS was told last, and keep others from telling meanwhile."""
    row = unit.execute(_TOLD).fetchone()
    return LastTelling(int(row[0]), bytes(row[1])) if row else LastTelling()


def tell(unit: Unit, digest: bytes, at_seconds: int) -> int:
    """Note what the CS is told now; give the number of the telling, which is above every earlier one."""
    row = unit.execute(_TELL, (at_seconds, digest)).fetchone()
    return int(row[0]) if row else 0


def take(unit: Unit, told: int, codes: Sequence[str]) -> bool:
    """Keep at a CS what its registry tells; False when a later telling came before."""
    if unit.execute(_NEWER, (told, told)).rowcount != 1:
        return False
    unit.execute(_NO_LONGER, (list(codes),))
    unit.execute(_FROM_NOW, (list(codes),))
    return True


def kept_back_among(unit: Unit, codes: Iterable[str]) -> frozenset[str]:
    """Name those of some codes whose address this CS keeps back (primary key)."""
    return frozenset(str(row[0]) for row in unit.execute(_AMONG, (sorted(codes),)).fetchall())


def all_kept_back(unit: Unit) -> frozenset[str]:
    """Name everybody whose address this CS keeps back."""
    return frozenset(str(row[0]) for row in unit.execute(_ALL).fetchall())
