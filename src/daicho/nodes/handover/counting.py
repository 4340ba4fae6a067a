"""What the register holds, counted and digested as a folder is: the other side of the comparison."""

from collections.abc import Iterator

from daicho.nodes.handover.checking import PersonDigests, version_line
from daicho.rules.handover.comparison import RegisterTally, TallyCategory
from daicho.rules.register.record import ResidentRecord
from daicho.store import handover
from daicho.store.unit import Unit
from daicho.wire.codecs.letters import decode
from daicho.wire.vault import Vault


def numbers_of_everybody(unit: Unit, vault: Vault) -> Iterator[list[tuple[int, int, str, str]]]:
    """Give everybody's number of versions, individual number and its first day, some people at a time; "" without one."""
    for batch in handover.residents(unit):
        codes = [str(code) for _, _, code in batch if code]
        with unit.as_number_keeper():
            sealed = handover.sealed_numbers(unit, codes)
        found = {
            code: (vault.open(content, code), day.isoformat()) for code, (content, day) in sealed.items()
        }
        yield [(who, versions, *found.get(code or "", ("", ""))) for who, versions, code in batch]


def count_register(unit: Unit, vault: Vault) -> tuple[RegisterTally, list[tuple[int, str]]]:
    """Count everything that stands in the register and make the digest of each person."""
    tally = RegisterTally()
    numbers: dict[int, str] = {}
    for batch in numbers_of_everybody(unit, vault):
        for who, _, number, _ in batch:
            if number:
                numbers[who] = number
                tally.add(TallyCategory.NUMBERS)
    digests: list[tuple[int, str]] = []
    made = PersonDigests(lambda person: numbers.get(person, ""))
    last: ResidentRecord | None = None
    for who, version, _, legal_day, _, body in handover.versions(unit):
        record = decode(ResidentRecord, body.encode(), our_own=True)
        tally.version(record)
        if last is not None and last.addressee_number != who:
            tally.standing(last)
        last = record
        if (done := made.version(who, version_line(version, legal_day, record))) is not None:
            digests.append(done)
    if last is not None:
        tally.standing(last)
    if (done := made.end()) is not None:
        digests.append(done)
    _count_matters(unit, tally)
    return tally, digests


def _count_matters(unit: Unit, tally: RegisterTally) -> None:
    for _ in handover.entries(unit):
        tally.add(TallyCategory.ENTRIES)
    for _ in handover.permits(unit):
        tally.add(TallyCategory.PERMITS)
    for step in handover.programme_steps(unit):
        tally.add(TallyCategory.PROGRAMMES, step.programme)
    for one, _, _ in handover.seal_steps(unit):
        if one.version == 1:
            tally.add(TallyCategory.SEALS)
    for one in handover.measure_steps(unit):
        if one.version == 1:
            tally.add(TallyCategory.PROTECTIONS)
