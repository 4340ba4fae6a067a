"""Whom letters concern: only those that concern different people are handled with one set of statements."""

from collections.abc import Iterable

from daicho.rules.identity.record import IdentityRecord, KeptRecord
from daicho.rules.register.numbering import NUMBER_CHANGES
from daicho.rules.register.reasons import ChangeReason


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


def renumbered(records: Iterable[IdentityRecord]) -> set[str]:
    """Name the codes of whoever is told to have got another individual number."""
    return {str(one.resident_record_code) for one in records if one.change_reason in NUMBER_CHANGES}


def entered_numbers(records: Iterable[IdentityRecord]) -> set[str]:
    """Name the codes of whoever is told to have got a first individual number where they live now."""
    return {
        str(one.resident_record_code) for one in records if one.change_reason is ChangeReason.NUMBER_ENTERED
    }


def key_of(record: IdentityRecord) -> tuple[str, int]:
    """Give the key and the rank by which a later report of the same person makes this one needless.

    No report does so to one of another number: without it the number of the later one would be a stranger's.
    """
    if record.change_reason in NUMBER_CHANGES:
        return "", 0
    return str(record.resident_record_code), record.update_sequence
