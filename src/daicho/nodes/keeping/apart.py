"""Which letters may be handled with one set of statements: those that concern different people."""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TypeVar

_Letter = TypeVar("_Letter")


def runs_apart(
    letters: Sequence[_Letter], codes_of: Callable[[_Letter], Collection[str]]
) -> Iterator[list[_Letter]]:
    """Cut letters, in their order, into runs in which nobody is concerned twice."""
    run: list[_Letter] = []
    concerned: set[str] = set()
    for letter in letters:
        codes = set(codes_of(letter))
        if run and codes & concerned:
            yield run
            run, concerned = [], set()
        run.append(letter)
        concerned |= codes
    if run:
        yield run
