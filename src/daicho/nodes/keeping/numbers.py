"""Individual numbers that came with reports: sealed here, kept apart, compared by their digests."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from daicho.nodes.node import Node
from daicho.rules.law.article import bango
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.network.kinds import NodeKind
from daicho.rules.people.codes import IndividualNumber, ResidentRecordCode
from daicho.store import numbers
from daicho.store.unit import Unit

_NOBODY: Mapping[str, str] = MappingProxyType({})
_DUPLICATE = Refusal(Reason.NUMBER_DUPLICATE, bango("8"), "individual_number")


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
    unit: Unit,
    node: Node,
    given: Sequence[tuple[ResidentRecordCode, IndividualNumber]],
    replaced: Mapping[str, str] = _NOBODY,
    changed: Collection[str] = (),
    entered: Collection[str] = (),
) -> Refusal | frozenset[str]:
    """Keep numbers, all or none, and name whose number is one that they had before: the one in force stays.

    Refuse when somebody else has or had one of them.

    `replaced` names the former code of each person whose code changed: the number goes along, told again or not.
    `changed` names the codes whose person is told to have got another number: at the nation only one that it has drawn
    for this code itself. `entered` names whose first number in their town it is: here it may take the place of another.
    """
    if not given and not replaced:
        return frozenset()
    on = node.clock.business_today()
    sealed = [sealed_number(node, code, number, on) for code, number in given]
    with unit.as_number_keeper():
        before = numbers.lookups_of(unit, list(replaced.values())) if replaced else {}
        held = {code: before[former] for code, former in replaced.items() if former in before}
        others = [one for one in sealed if held.get(one.resident_record_code) != one.lookup]
        others, anew = _apart(others, changed)
        if any(one.resident_record_code in held for one in (*others, *anew)) or not _may_be_changed(
            unit, node, anew, {one.lookup for one in others}
        ):
            return _DUPLICATE
        former: frozenset[str] = frozenset()
        missed = frozenset(numbers.keep_numbers(unit, others, all_or_none=True))
        if missed:
            # Of these nothing is written yet.
            former = numbers.had_before(unit, [one for one in others if one.resident_record_code in missed])
            others, first = _apart(others, missed)
            anew += [
                one for one in first if one.resident_record_code in (missed - former) & frozenset(entered)
            ]
            if (
                not missed - former <= frozenset(entered)
                or not _may_be_changed(unit, node, anew, {one.lookup for one in others})
                or numbers.keep_numbers(unit, others, all_or_none=True)
            ):
                return _DUPLICATE
        for one in anew:
            numbers.change_number(unit, one)
        if held:
            numbers.follow_codes(unit, {replaced[code]: code for code in held}, node.vault.reseal)
    return former


def _apart(
    sealed: Sequence[numbers.SealedNumber], changed: Collection[str]
) -> tuple[list[numbers.SealedNumber], list[numbers.SealedNumber]]:
    """Part numbers that are kept as they come from those that take the place of another one."""
    anew = [one for one in sealed if one.resident_record_code in changed]
    return [one for one in sealed if one.resident_record_code not in changed], anew


def _may_be_changed(
    unit: Unit, node: Node, anew: Sequence[numbers.SealedNumber], beside: Collection[bytes]
) -> bool:
    """Tell whether numbers may take the place of others: each for one person alone, at the nation only as drawn."""
    if not anew:
        return True
    lookups = {one.lookup for one in anew}
    if len(lookups) < len(anew) or not lookups.isdisjoint(beside):
        return False
    return numbers.may_be_changed(unit, anew, drawn_only=node.me.kind is NodeKind.NATIONAL)


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
