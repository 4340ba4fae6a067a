"""Individual numbers of residents: sealed by the vault, kept apart from the register."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from daicho.rules.people.codes import IndividualNumber, ResidentRecordCode
from daicho.rules.register.changes import Entry
from daicho.rules.register.record import ResidentRecord
from daicho.store import numbers
from daicho.store.unit import Unit
from daicho.wire.vault import Vault


def number_keeper(vault: Vault) -> Callable[[Unit, Sequence[tuple[str, str, date]]], Sequence[str]]:
    """Give the function that keeps the numbers of an import and names the codes it could not keep."""

    def keep(unit: Unit, rows: Sequence[tuple[str, str, date]]) -> Sequence[str]:
        sealed = [
            numbers.SealedNumber(code, vault.seal(number, code), vault.lookup(number), day)
            for code, number, day in rows
        ]
        with unit.as_number_keeper():
            return numbers.keep_numbers(unit, sealed)

    return keep


def number_reader(vault: Vault) -> Callable[[Unit, Sequence[str]], dict[str, str]]:
    """Give the function that reads the numbers of some codes."""

    def read(unit: Unit, codes: Sequence[str]) -> dict[str, str]:
        if not codes:
            return {}
        with unit.as_number_keeper():
            sealed = numbers.sealed_of(unit, codes)
        return {code: vault.open(content, code) for code, content in sealed.items()}

    return read


def has_number(unit: Unit, record: ResidentRecord | None) -> bool:
    """Tell whether somebody has a number under their present code; none is opened for it."""
    code = record.resident_record_code if record is not None else None
    with unit.as_number_keeper():
        return code is not None and bool(numbers.lookups_of(unit, [str(code)]))


def follow_codes(unit: Unit, vault: Vault, entries: Iterable[Entry]) -> None:
    """Let the number of everybody whose code a change replaces go along to the new code."""
    replaced = {
        str(before.resident_record_code): str(after.resident_record_code)
        for entry in entries
        for before, after in entry.pairs()
        if before is not None
        and before.resident_record_code is not None
        and after.resident_record_code not in (None, before.resident_record_code)
    }
    if replaced:
        with unit.as_number_keeper():
            numbers.follow_codes(unit, replaced, vault.reseal)


def numbers_of(
    unit: Unit, vault: Vault, records: Sequence[ResidentRecord]
) -> dict[ResidentRecordCode, IndividualNumber]:
    """Read the numbers of some people by their present code: `follow_codes` takes a number along when a code is replaced."""
    codes = sorted({one.resident_record_code for one in records if one.resident_record_code is not None})
    held = number_reader(vault)(unit, codes)
    return {code: IndividualNumber(held[code]) for code in codes if code in held}
