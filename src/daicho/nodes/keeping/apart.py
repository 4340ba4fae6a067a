"""Whom letters concern: only those that concern different people are handled with one set of statements."""

from collections.abc import Iterable

from daicho.rules.identity.record import IdentityRecord


def codes_in(records: Iterable[IdentityRecord]) -> set[str]:
    """List the codes that records concern: their own, and those that they take the place of."""
    named = [(one.resident_record_code, one.old_resident_record_code) for one in records]
    return {str(code) for pair in named for code in pair if code is not None}
