"""Weighted chance at the price of one number: a table in which each thing has as many places as its weight asks."""

from collections.abc import Sequence
from typing import TypeVar

_T = TypeVar("_T")


def spread(things: Sequence[_T], weights: Sequence[float], bits: int) -> list[_T]:
    """Give each thing its share of a table of 2 ** bits places, rounded so that no group of neighbours loses any."""
    places = 1 << bits
    each = sum(weights) / places
    table: list[_T] = []
    reached = 0.0
    for thing, weight in zip(things, weights, strict=True):
        reached += weight / each
        table += [thing] * (round(reached) - len(table))
    table += [things[-1]] * (places - len(table))
    return table[:places]
