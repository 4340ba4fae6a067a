"""Individual numbers of residents: sealed by the vault, kept apart from the register."""

from collections.abc import Callable, Sequence
from datetime import date

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
