"""Which letters may be handled with one set of statements: those that concern different people."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import TypeVar

from daicho.rules.identity.record import IdentityRecord

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


def codes_in(records: Iterable[IdentityRecord]) -> set[str]:
    """List the codes that records concern: their own, and those that they take the place of."""
    named = [(one.resident_record_code, one.old_resident_record_code) for one in records]
    return {str(code) for pair in named for code in pair if code is not None}
