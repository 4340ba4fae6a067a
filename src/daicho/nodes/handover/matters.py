"""What hangs on residents in a folder: programme items, seals, protection measures, step by step, as values of the rules."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from daicho.rules.cards_held.events import CardEvent
from daicho.rules.handover.comparison import RegisterTally, TallyCategory
from daicho.rules.handover.layout import COLUMNS, IMPRINTS, HandoverFault, HandoverFile, format_fields
from daicho.rules.handover.relations import FolderRelations
from daicho.rules.law.refusal import Reason
from daicho.rules.people.characters.unsettled import private_in
from daicho.rules.programmes.item import ProgrammeChange, ProgrammeItem
from daicho.rules.protection.measure import ProtectionMeasure
from daicho.rules.seals.registration import SealRegistration
from daicho.wire.codecs.letters import Unreadable, decode, encode

_T = TypeVar("_T")
_F = HandoverFile
STEP_DIGITS = 15


class Unfitting(ValueError):
    """A value that is none; the message names the place in it, never the content."""

    def __init__(self, message: str, reason: Reason = Reason.ITEM_MALFORMED) -> None:
        super().__init__(message)
        self.reason = reason


def value_of(wanted: type[_T], text: str) -> _T:
    """Read a value of the rules from a field; an own character that only an escape writes was never looked up.

    Raises: Unfitting.
    """
    try:
        found = decode(wanted, text.encode())
    except (Unreadable, ValueError) as error:
        raise Unfitting(str(error)[:120]) from None
    made = encode(found).decode()
    strange = [one for one in private_in((made,)) if made.count(one) > text.count(one)]
    if strange:
        points = " ".join(f"U+{ord(one):04X}" for one in sorted(strange))
        raise Unfitting(points, Reason.CHARACTER_UNMAPPED)
    return found


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
                yield HandoverFault(file, line, name, wrong.reason, str(wrong))
            else:
                if found.programme is not values["programme"]:
                    yield HandoverFault(file, line, name, Reason.REFERENCE_MISSING)
        self._counted(file, TallyCategory.PROGRAMMES, values, values["programme"].value)

    def card(self, line: int, values: Mapping[str, Any]) -> Iterator[HandoverFault]:
        """Look at one note of somebody's cards."""
        file, who = _F.CARDS, values["addressee_number"]
        yield from self.relations.refers(file, line, "addressee_number", who)
        yield from self.relations.step(file, line, f"{who:0{STEP_DIGITS}d}", values["version"])
        try:
            value_of(CardEvent, values["body"])
        except Unfitting as wrong:
            yield HandoverFault(file, line, "body", wrong.reason, str(wrong))
        self._counted(file, TallyCategory.CARDS, values)

    def _counted(
        self, file: HandoverFile, category: TallyCategory, values: Mapping[str, Any], key: str = ""
    ) -> None:
        self.tally.add(category, key)
        self.tally.content(file, format_fields(COLUMNS[file], values))

    def hold(self, line: int, values: Mapping[str, Any]) -> Iterator[HandoverFault]:
        """Look at what keeps somebody's records from being destroyed."""
        yield from self.relations.hold(line, values)
        self._counted(_F.HOLDS, TallyCategory.HOLDS, values)

    def permit(self, line: int, values: Mapping[str, Any]) -> Iterator[HandoverFault]:
        """Look at a permission to correct."""
        yield from self.relations.permit(line, values)
        self._counted(_F.PERMITS, TallyCategory.PERMITS, values)

    def seal(self, line: int, values: Mapping[str, Any]) -> Iterator[HandoverFault]:
        """Look at one step of a seal registration."""
        file, who, number = _F.SEALS, values["addressee_number"], values["number"]
        yield from self.relations.refers(file, line, "addressee_number", who)
        yield from self.relations.step(file, line, number, values["version"])
        try:
            found = value_of(SealRegistration, values["body"])
        except Unfitting as wrong:
            yield HandoverFault(file, line, "body", wrong.reason, str(wrong))
            return
        if (found.number, found.addressee_number) != (number, who):
            yield HandoverFault(file, line, "body", Reason.REFERENCE_MISSING)
        if values["imprint"] != f"{found.impression.image_id}.png":
            yield HandoverFault(file, line, "imprint", Reason.REFERENCE_MISSING)
        self._imprints.setdefault(f"{IMPRINTS}/{values['imprint']}", line)
        self._counted(file, TallyCategory.SEALS, values)
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
            yield HandoverFault(file, line, "body", wrong.reason, str(wrong))
            return
        if found.number != number:
            yield HandoverFault(file, line, "number", Reason.REFERENCE_MISSING)
        yield from self.relations.refers(file, line, "body", *sorted(found.people))
        self._counted(file, TallyCategory.PROTECTIONS, values)

    @property
    def imprints(self) -> Collection[str]:
        """Name the prints that registrations refer to."""
        return self._imprints.keys()

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
