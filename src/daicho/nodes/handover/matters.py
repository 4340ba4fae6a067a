"""What hangs on residents in a folder: programme items, seals, protection measures, step by step, as values of the rules."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from daicho.rules.handover.comparison import RegisterTally, TallyCategory
from daicho.rules.handover.layout import IMPRINTS, HandoverFault, HandoverFile
from daicho.rules.handover.relations import FolderRelations
from daicho.rules.law.refusal import Reason
from daicho.rules.programmes.item import ProgrammeChange, ProgrammeItem
from daicho.rules.protection.measure import ProtectionMeasure
from daicho.rules.seals.registration import SealRegistration
from daicho.wire.codecs.letters import Unreadable, decode

_T = TypeVar("_T")
_F = HandoverFile
STEP_DIGITS = 15


class Unfitting(ValueError):
    """A value that is none; the message names the place in it, never the content."""


def value_of(wanted: type[_T], text: str) -> _T:
    """Read a value of the rules from a field. Raises: Unfitting."""
    try:
        return decode(wanted, text.encode())
    except (Unreadable, ValueError) as error:
        raise Unfitting(str(error)[:120]) from None


def programme_key(values: Mapping[str, Any]) -> str:
    """Name one item of one person, so that the names stand in the order of the file."""
    return f"{values['addressee_number']:0{STEP_DIGITS}d} {values['programme'].value}"


@dataclass(slots=True)
class MatterChecks:
    """Looks at each step, and at what a step says of people and of other steps."""

    relations: FolderRelations
    tally: RegisterTally
    _imprints: dict[str, int] = field(default_factory=dict)
    _open_seals: dict[str, tuple[int, int]] = field(default_factory=dict)
    _cards: dict[str, str] = field(default_factory=dict)

    def programme(self, line: int, values: Mapping[str, Any]) -> Iterator[HandoverFault]:
        """Look at one step of a programme item."""
        file, who = _F.PROGRAMMES, values["addressee_number"]
        yield from self.relations.refers(file, line, "addressee_number", who)
        yield from self.relations.step(file, line, programme_key(values), values["version"])
        kinds: tuple[tuple[str, type[ProgrammeChange | ProgrammeItem]], ...] = (
            ("change", ProgrammeChange),
            ("body", ProgrammeItem),
        )
        for name, wanted in kinds:
            if not values[name]:
                continue  # an item that was revoked is no more
            try:
                found = value_of(wanted, values[name])
            except Unfitting as wrong:
                yield HandoverFault(file, line, name, Reason.ITEM_MALFORMED, str(wrong))
            else:
                if found.programme is not values["programme"]:
                    yield HandoverFault(file, line, name, Reason.REFERENCE_MISSING)
        self.tally.add(TallyCategory.PROGRAMMES, values["programme"].value)

    def seal(self, line: int, values: Mapping[str, Any]) -> Iterator[HandoverFault]:
        """Look at one step of a seal registration."""
        file, who, number = _F.SEALS, values["addressee_number"], values["number"]
        yield from self.relations.refers(file, line, "addressee_number", who)
        yield from self.relations.step(file, line, number, values["version"])
        try:
            found = value_of(SealRegistration, values["body"])
        except Unfitting as wrong:
            yield HandoverFault(file, line, "body", Reason.ITEM_MALFORMED, str(wrong))
            return
        if (found.number, found.addressee_number) != (number, who):
            yield HandoverFault(file, line, "body", Reason.REFERENCE_MISSING)
        if values["imprint"] != f"{found.impression.image_id}.png":
            yield HandoverFault(file, line, "imprint", Reason.REFERENCE_MISSING)
        self._imprints.setdefault(f"{IMPRINTS}/{values['imprint']}", line)
        if values["version"] == 1:
            self.tally.add(TallyCategory.SEALS)
        if found.end is None:
            self._open_seals[number] = who, line
        else:
            self._open_seals.pop(number, None)
        yield from self._card(line, number, found.card_number)

    def _card(self, line: int, number: str, card: str) -> Iterator[HandoverFault]:
        """A card may be named by every step of its own registration, and by no other one."""
        holder = self._cards.setdefault(card, number)
        if holder != number:
            yield HandoverFault(_F.SEALS, line, "body", Reason.LINE_DOUBLED, "card_number")

    def protection(self, line: int, values: Mapping[str, Any]) -> Iterator[HandoverFault]:
        """Look at one step of a protection measure."""
        file, number = _F.PROTECTIONS, values["number"]
        yield from self.relations.step(file, line, number, values["version"])
        try:
            found = value_of(ProtectionMeasure, values["body"])
        except Unfitting as wrong:
            yield HandoverFault(file, line, "body", Reason.ITEM_MALFORMED, str(wrong))
            return
        if found.number != number:
            yield HandoverFault(file, line, "number", Reason.REFERENCE_MISSING)
        yield from self.relations.refers(file, line, "body", *sorted(found.people))
        if values["version"] == 1:
            self.tally.add(TallyCategory.PROTECTIONS)

    def at_end(self, files: Collection[str]) -> Iterator[HandoverFault]:
        """Name prints that nobody brought, and people with two seals."""
        for name, line in self._imprints.items():
            if name not in files:
                yield HandoverFault(_F.SEALS, line, "imprint", Reason.FILE_MISSING)
        holders: set[int] = set()
        for who, line in self._open_seals.values():
            if who in holders:
                yield HandoverFault(_F.SEALS, line, "addressee_number", Reason.SEAL_ALREADY_REGISTERED)
            holders.add(who)
