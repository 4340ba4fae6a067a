"""Small figures are not given away, nor can they be computed from what is given: which rows of a table are not shown.  秘匿

A table has districts as rows and the parts into which their people fall as columns. Each set of parts (the sexes, Japanese
and foreign residents, the classes of ages) is a block of its own: it splits the sum of its row, which is shown, and nothing
that is shown joins two blocks. A row shows a block wholly or not at all. Of the rows that do not show it an outsider knows
each row's sum and, from the sum over the town, each column's: then the least and the most that one of its fields may be are
max(0, row + column - all) and min(row, column), and every number between is possible. So it is these bounds that are looked
at, and rows are added until they are wide enough.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

Cells = tuple[int, ...]
LEAST_PEOPLE = 5
LEAST_OF_LEAST, MOST_OF_LEAST = 3, 100


def is_small(count: int, least: int) -> bool:
    """Tell whether a number is kept back: below the least that is shown, and not zero, which is about nobody.

    Law: none, own definition.
    """
    return 0 < count < least


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the most that a field may be to somebody who has the whole table.  推測の幅

    Law: none, own definition.
    """

    least: int
    most: int


def bounds_of(row: int, column: int, everybody: int) -> Bounds:
    """Give the bounds of one field by its row's sum, its column's and that of all rows that do not show the block.

    Law: none; the bounds of Fréchet, which whole numbers reach.
    """
    return Bounds(max(0, row + column - everybody), min(row, column))


def _too_narrow(rows: Mapping[str, Cells], hidden: Collection[str], least: int) -> frozenset[int]:
    """Name the columns in which a small field could not as well be nothing as be no small one.

    A row whose sum is below the least may only be nothing or all of it. Of a column of which the whole town has fewer, such
    as of those whose age nobody knows, each may have all: but then in as many rows as the least at least.
    """
    columns, town = _sums(rows, hidden), _sums(rows, rows)
    everybody, narrow = sum(columns), set[int]()
    few = len(hidden) < least
    for one in hidden:
        whole = sum(rows[one])
        for place, count in enumerate(rows[one]):
            if is_small(count, least):
                found = bounds_of(whole, columns[place], everybody)
                wanted = min(least, whole, town[place])
                if found.least > 0 or found.most < wanted or (few and town[place] < least):
                    narrow.add(place)
    return frozenset(narrow)


def _sums(rows: Mapping[str, Cells], some: Collection[str]) -> list[int]:
    return [sum(column) for column in zip(*(rows[one] for one in some), strict=True)]


def _open(rows: Mapping[str, Cells], unknown: Collection[str], least: int) -> bool:
    """Tell whether each small field of some rows may be one of three numbers at least, or any that there is."""
    columns = _sums(rows, unknown)
    return all(
        found.most - found.least >= min(2, whole, columns[place])
        for one in unknown
        for whole in (sum(rows[one]),)
        for place, count in enumerate(rows[one])
        if is_small(count, least)
        for found in (bounds_of(whole, columns[place], sum(columns)),)
    )


def hidden_rows(
    rows: Mapping[str, Cells], least: int, kept: Collection[str] = (), known: Collection[str] = ()
) -> frozenset[str]:
    """Choose the rows that do not show a block: those with a small field, those `kept` hidden, and whom these need.

    Rows are added from the smallest on, one that has somebody in the column that needs it first. `known` are rows that a
    table given out before showed, so that an outsider knows them nearly: where the others would be known without them,
    as many of these are hidden as the least that is shown, lest one alone be guessed.
    Law: none, own definition.
    """
    hidden = {one for one, cells in rows.items() if any(is_small(count, least) for count in cells)}
    hidden |= rows.keys() & set(kept)
    shown = sorted(rows.keys() - hidden, key=lambda one: (sum(rows[one]), one))
    while shown and (narrow := _too_narrow(rows, hidden, least)):
        helps = [one for one in shown if any(rows[one][place] for place in narrow)]
        hidden.add(chosen := (helps or shown)[0])
        shown.remove(chosen)
    while shown and len(hidden & set(known)) < least and not _open(rows, hidden - set(known), least):
        hidden.add(shown.pop(0))
    return frozenset(hidden)


def merged_rows(
    sizes: Mapping[str, tuple[int, int]], least: int, kept: Collection[str] = (), known: Collection[str] = ()
) -> frozenset[str]:
    """Choose the districts that are shown as one row only: those of too few people or households, and whom these need.

    Of a district in the merged row an outsider knows that somebody lives there, and of all the sum: each may have from
    one to the sum less one for each of the others. What is `known` counts as for the rows of a block.
    Law: none, own definition.
    """
    small = {one for one, (people, homes) in sizes.items() if people < least or homes < least}
    merged = small | (sizes.keys() & set(kept))
    shown = sorted(sizes.keys() - merged, key=lambda one: (sizes[one], one))
    while merged and shown and not _wide_together(sizes, merged, least):
        merged.add(shown.pop(0))
    while shown and len(merged & set(known)) < least and not _apart(sizes, merged - set(known)):
        merged.add(shown.pop(0))
    return frozenset(merged)


def _apart(sizes: Mapping[str, tuple[int, int]], unknown: Collection[str]) -> bool:
    """Tell whether districts whose sum may be known nearly still hide each other, or there is none."""
    return not unknown or _wide_together(sizes, unknown, LEAST_OF_LEAST)


def _wide_together(sizes: Mapping[str, tuple[int, int]], merged: Collection[str], least: int) -> bool:
    others = len(merged) - 1
    return others > 0 and all(sum(sizes[one][place] for one in merged) - others >= least for place in (0, 1))
