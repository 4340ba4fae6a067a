"""What the register holds, counted and digested as a folder is: the other side of the comparison."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from daicho.nodes.handover.checking import PersonDigests, version_line
from daicho.nodes.handover.folder import sums_of
from daicho.nodes.handover.registered import RegisterLines, character_lines
from daicho.rules.handover.comparison import RegisterTally, TallyCategory
from daicho.rules.handover.entries import format_entry
from daicho.rules.handover.layout import COLUMNS, IMPRINTS, HandoverFile, format_fields
from daicho.rules.register.record import ResidentRecord
from daicho.store.unit import Unit
from daicho.wire.vault import Vault

_F = HandoverFile


def count_register(unit: Unit, vault: Vault, kept_from: date) -> tuple[RegisterTally, list[tuple[int, str]]]:
    """Count everything that stands in the register and make the digest of each person."""
    lines, tally = RegisterLines(unit, vault, kept_from), RegisterTally()
    numbers: dict[int, str] = {}
    for who, _, number, day in lines.numbered():
        if number:
            numbers[who] = number
            tally.number(who, day)
    digests: list[tuple[int, str]] = []
    made = PersonDigests(lambda person: numbers.get(person, ""))
    last: ResidentRecord | None = None
    for head, record in lines.versions():
        who = record.addressee_number
        tally.version(record)
        if last is not None and last.addressee_number != who:
            tally.standing(last)
        last = record
        if (done := made.version(who, version_line(head["version"], head["legal_day"], record))) is not None:
            digests.append(done)
    if last is not None:
        tally.standing(last)
    if (done := made.end()) is not None:
        digests.append(done)
    _count_matters(lines, tally)
    return tally, digests


def _count_matters(lines: RegisterLines, tally: RegisterTally) -> None:
    _count(tally, _F.PERMITS, TallyCategory.PERMITS, lines.permissions())
    for entry, made_by_a_load in lines.entries():
        tally.add(TallyCategory.ENTRIES)
        if not made_by_a_load:  # no folder has it
            tally.content(_F.ENTRIES, format_entry(entry))
    for values in lines.programmes():
        tally.add(TallyCategory.PROGRAMMES, values["programme"])
        tally.content(_F.PROGRAMMES, format_fields(COLUMNS[_F.PROGRAMMES], values))
    _count(tally, _F.CARDS, TallyCategory.CARDS, lines.cards())
    prints: set[str] = set()
    for values in lines.seals():
        prints.add(values["imprint"])
        _count(tally, _F.SEALS, TallyCategory.SEALS, [values])
    for name, image in lines.imprints(prints):
        tally.picture(f"{IMPRINTS}/{name}", sums_of(image).sha256)
    _count(tally, _F.PROTECTIONS, TallyCategory.PROTECTIONS, lines.measures())
    _count(tally, _F.HOLDS, TallyCategory.HOLDS, lines.holds())
    for one in character_lines(lines.characters()[0]):
        tally.content(_F.CHARACTERS, one)


def _count(
    tally: RegisterTally, file: HandoverFile, category: TallyCategory, rows: Iterable[dict[str, Any]]
) -> None:
    for values in rows:
        tally.add(category)
        tally.content(file, format_fields(COLUMNS[file], values))
