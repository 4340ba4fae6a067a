"""How the names of other parties are compared and found: in both spellings of the town's own characters."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from daicho.nodes.registry.bodies import read_measure
from daicho.nodes.registry.meeting import counterparts_in
from daicho.rules.people.characters.own import with_counterparts
from daicho.rules.people.kana import kanji_key
from daicho.rules.protection.measure import AskingPerson, ProtectionMeasure
from daicho.store import folding, protection
from daicho.store.unit import Unit

_FOLDED_ROWS = 500


def keys_of(names: Iterable[str]) -> set[str]:
    """Fold names as they are written."""
    return {key for one in names if (key := kanji_key(one))}


def folded_names(unit: Unit, names: Iterable[str], *, held: bool = False) -> set[str]:
    """Fold names in both spellings, as other parties are found by."""
    return keys_of(in_both_spellings(unit, names, held=held))


def in_both_spellings(unit: Unit, names: Iterable[str], *, held: bool = False) -> list[str]:
    """Give names as they are written, and with the town's own characters as their counterparts are written.

    With `held` nobody confirms another counterpart until the unit ends.
    """
    written = tuple(names)
    counterparts = counterparts_in(unit, written, held=held)
    return list(dict.fromkeys((*written, *(with_counterparts(one, counterparts) for one in written))))


def as_compared(
    unit: Unit, measures: Iterable[ProtectionMeasure], people: Iterable[AskingPerson]
) -> tuple[tuple[ProtectionMeasure, ...], tuple[AskingPerson, ...]]:
    """Give measures and whoever may be an other party of one with the town's own characters by their counterparts.

    So two names are the same whichever of both spellings each is written in. For comparing alone: what is kept, shown
    and printed stays as it was written.
    """
    guarding, asking = tuple(measures), tuple(people)
    names = (one.name for measure in guarding for one in measure.other_parties)
    counterparts = counterparts_in(unit, (*names, *(one.name for one in asking)))
    if not counterparts:
        return guarding, asking
    return tuple(
        replace(
            measure,
            other_parties=tuple(
                replace(one, name=with_counterparts(one.name, counterparts)) for one in measure.other_parties
            ),
        )
        for measure in guarding
    ), tuple(replace(one, name=with_counterparts(one.name, counterparts)) for one in asking)


def fold_other_parties_anew(unit: Unit, character: str = "") -> None:
    """Add the keys of all other parties in whose name a character stands, or of all, as names are folded now.

    A key of before stays: it finds a measure whose names are compared then.
    """
    behind: tuple[date | None, str] = (None, "")
    while rows := protection.open_measures(unit, after=behind, limit_rows=_FOLDED_ROWS):
        measures = [read_measure(row.body) for row in rows]
        behind = (measures[-1].last_day, rows[-1].number)
        named = [
            (row.number, [one.name for one in measure.other_parties if character in one.name])
            for row, measure in zip(rows, measures, strict=True)
        ]
        folding.add_other_parties(
            unit,
            [(key, number) for number, names in named for key in keys_of(in_both_spellings(unit, names))],
        )
