"""Individual numbers that came with reports: sealed here, kept apart, compared by their digests."""

from collections.abc import Mapping, Sequence
from datetime import date

from daicho.nodes.node import Node
from daicho.rules.law.article import bango
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.codes import IndividualNumber, ResidentRecordCode
from daicho.store import numbers
from daicho.store.unit import Unit


def sealed_number(node: Node, code: str, number: str, on: date) -> numbers.SealedNumber:
    """Seal one number for one person's row, in force from a day."""
    return numbers.SealedNumber(str(code), node.vault.seal(number, code), node.vault.lookup(number), on)


def changed_numbers(unit: Unit, node: Node, given: Mapping[str, IndividualNumber | None]) -> set[str]:
    """Name the codes for which another number came than the one kept."""
    wanted = {code: node.vault.lookup(number) for code, number in given.items() if number is not None}
    if not wanted:
        return set()
    with unit.as_number_keeper():
        kept = numbers.lookups_of(unit, list(wanted))
    return {code for code, lookup in kept.items() if wanted[code] != lookup}


def keep_all(
    unit: Unit, node: Node, given: Sequence[tuple[ResidentRecordCode, IndividualNumber]]
) -> Refusal | None:
    """Keep numbers, all or none; refuse when somebody else has one of them."""
    if not given:
        return None
    on = node.clock.business_today()
    sealed = [sealed_number(node, code, number, on) for code, number in given]
    with unit.as_number_keeper():
        missed = numbers.keep_numbers(unit, sealed, all_or_none=True)
    return Refusal(Reason.NUMBER_DUPLICATE, bango("8"), "individual_number") if missed else None


def numbers_of(unit: Unit, node: Node, codes: Sequence[str]) -> dict[str, IndividualNumber]:
    """Open the numbers of some people."""
    if not codes:
        return {}
    with unit.as_number_keeper():
        sealed = numbers.sealed_of(unit, codes)
    return {code: IndividualNumber(node.vault.open(content, code)) for code, content in sealed.items()}


def code_of_number(unit: Unit, node: Node, number: str) -> str | None:
    """Find whose number this is."""
    with unit.as_number_keeper():
        return numbers.code_of_lookup(unit, node.vault.lookup(number))
