"""Whom letters concern: only those that concern different people are handled with one set of statements."""

from collections.abc import Iterable

from daicho.rules.identity.record import IdentityRecord, KeptRecord


def codes_in(records: Iterable[IdentityRecord]) -> set[str]:
    """List the codes that records concern: their own, and those that they take the place of."""
    named = [(one.resident_record_code, one.old_resident_record_code) for one in records]
    return {str(code) for pair in named for code in pair if code is not None}


def replaced_codes(pairs: Iterable[tuple[IdentityRecord, KeptRecord | None]]) -> dict[str, str]:
    """Name the former code of each person whose record takes the place of one under another code."""
    return {
        str(record.resident_record_code): str(old.record.resident_record_code)
        for record, old in pairs
        if old is not None and old.record.resident_record_code != record.resident_record_code
    }
