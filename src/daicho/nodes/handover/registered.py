"""What the register holds, as the lines of a folder say it: whoever is over or destroyed is named in none of them."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from daicho.rules.handover.entries import EntryLine, entry_line
from daicho.rules.handover.layout import COLUMNS, HandoverFile, format_fields
from daicho.rules.handover.mapping import MappedCharacter, character_values
from daicho.rules.people.characters.own import CharacterSource, TownCharacter
from daicho.rules.programmes.item import Programme
from daicho.rules.protection.measure import ProtectionMeasure
from daicho.rules.register.changes import Entry
from daicho.rules.register.record import ResidentRecord
from daicho.rules.retention.disposal import HoldReason
from daicho.store import handover
from daicho.store.unit import Unit
from daicho.wire.codecs.letters import decode, encode
from daicho.wire.vault import Vault

_F = HandoverFile
_SEEN = CharacterSource.FORMER_RECORD  # where a character stood of which no more is known
_STEP = ("number", "version", "step", "by", "at", "body")
Values = dict[str, Any]


@dataclass(slots=True)
class RegisterLines:
    """Everything that is kept in a register, in the order of the files; `numbered` is read first.

    `kept_from` is the first day of striking of which records are not over.
    """

    unit: Unit
    vault: Vault
    kept_from: date
    people: set[int] = field(default_factory=set)
    permits: set[str] = field(default_factory=set)

    def numbered(self) -> Iterator[tuple[int, int, str, str]]:
        """Give everybody's number of versions, individual number and its first day; "" without one."""
        for batch in handover.residents(self.unit, self.kept_from):
            codes = [str(code) for _, _, code in batch if code]
            with self.unit.as_number_keeper():
                sealed = handover.sealed_numbers(self.unit, codes)
            for who, versions, code in batch:
                self.people.add(who)
                number = sealed.get(code or "")
                if number is None or code is None:
                    yield who, versions, "", ""
                else:
                    yield who, versions, self.vault.open(number[0], code), number[1].isoformat()

    def versions(self) -> Iterator[tuple[Values, ResidentRecord]]:
        """Give every version, what stands before its items apart."""
        for who, version, entry_id, legal_day, recorded_at, body in handover.versions(self.unit):
            if who in self.people:
                head = {
                    "addressee_number": who, "version": version, "entry_id": entry_id, "legal_day": legal_day,
                    "recorded_at": recorded_at,
                }  # fmt: skip
                yield head, decode(ResidentRecord, body.encode(), our_own=True)

    def entries(self) -> Iterator[tuple[EntryLine, bool]]:
        """Give every change of which somebody is left, and whether a load made it; after the permits."""
        gone = handover.gone_entries(self.unit, self.kept_from)
        for entry_id, by, at, terminal, second, second_at, outcome, made, body in handover.entries(self.unit):
            if entry_id in gone:
                continue
            line = entry_line(
                decode(Entry, body.encode(), our_own=True),
                entry_id,
                (by, at, terminal),
                (second, second_at, outcome),
            )
            yield self._of_those_left(line, gone), made

    def _of_those_left(self, line: EntryLine, gone: Collection[str]) -> EntryLine:
        return replace(
            line,
            subjects=tuple(one for one in line.subjects if one in self.people),
            cancels="" if line.cancels in gone else line.cancels,
            permit=line.permit if line.permit in self.permits else "",
        )

    def households(self) -> Iterator[tuple[int, int, int]]:
        """Give the members of each living household and its householder, 0 without one."""
        return handover.households(self.unit)

    def permissions(self) -> Iterator[Values]:
        """Give every permission to correct the record of somebody who is left."""
        for one in handover.permits(self.unit):
            if one.addressee_number in self.people:
                self.permits.add(one.id)
                yield {
                    "permit_id": one.id,
                    "addressee_number": one.addressee_number,
                    "what": one.what,
                    "permitted_by": one.permitted_by,
                    "permitted_at": one.permitted_at,
                }

    def programmes(self) -> Iterator[Values]:
        """Give every step of every programme item."""
        for one in handover.programme_steps(self.unit):
            if one.addressee_number in self.people:
                yield {
                    "addressee_number": one.addressee_number,
                    "programme": Programme(one.programme),
                    "version": one.version,
                    "by": one.by,
                    "at": one.at,
                    "change": one.change,
                    "body": one.body or "",
                }

    def cards(self) -> Iterator[Values]:
        """Give every note of everybody's cards."""
        names = ("addressee_number", "version", "by", "at", "terminal", "body")
        for one in handover.card_notes(self.unit):
            if one[0] in self.people:
                yield dict(zip(names, one, strict=True))

    def seals(self) -> Iterator[Values]:
        """Give every step of every seal registration."""
        for one, whose, image_id in handover.seal_steps(self.unit):
            if whose in self.people:
                yield {**_step_values(one), "addressee_number": whose, "imprint": f"{image_id}.png"}

    def imprints(self, wanted: Collection[str]) -> Iterator[tuple[str, bytes]]:
        """Give the prints that some registrations name."""
        for image_id, image in handover.seal_images(self.unit):
            if f"{image_id}.png" in wanted:
                yield f"{image_id}.png", image

    def measures(self) -> Iterator[Values]:
        """Give every step of every protection measure of somebody who is left."""
        measured = handover.people_measured(self.unit)
        for one in handover.measure_steps(self.unit):
            left = [who for who in measured.get(one.number, []) if who in self.people]
            if left:
                values = _step_values(one)
                yield values | {"body": self._measure_of(one.body, left)}

    def _measure_of(self, body: str, left: list[int]) -> str:
        """Leave out of a measure whoever is gone; in an applicant's place stands the first of those who are left."""
        found = decode(ProtectionMeasure, body.encode(), our_own=True)
        named = (found.applicant, *found.companions)
        kept = [one for one in named if one in self.people] or left[:1]
        if len(kept) == len(named) and found.people <= self.people:
            return body
        releases = tuple(
            replace(one, people=tuple(who for who in one.people if who in self.people))
            for one in found.releases
        )
        made = replace(found, applicant=kept[0], companions=tuple(kept[1:]), releases=releases)
        return encode(made).decode()

    def holds(self) -> Iterator[Values]:
        """Give what a hand keeps from being destroyed."""
        for who, reason, why, by, at in handover.holds(self.unit):
            if who in self.people:
                yield {"addressee_number": who, "reason": HoldReason(reason), "why": why, "by": by, "at": at}

    def characters(self) -> tuple[list[MappedCharacter], Mapping[str, bytes]]:
        """Give the town's own characters, and the pictures that they name, by the names of their files."""
        entries = [
            decode(TownCharacter, body.encode(), our_own=True) for body in handover.own_characters(self.unit)
        ]
        named = {one.identification.picture for one in entries if one.identification is not None}
        files: dict[str, str] = {}
        pictures: dict[str, bytes] = {}
        for digest, kind, content in handover.pictures(self.unit, sorted(named - {""})):
            files[digest] = f"{digest}.{kind}"
            pictures[files[digest]] = content
        rows = [
            MappedCharacter(
                one.character, "", one.character, one,
                files.get(one.identification.picture, "") if one.identification is not None else "",
            )
            for one in entries
        ]  # fmt: skip
        return rows, pictures


def _step_values(one: handover.StepLine) -> Values:
    return {name: getattr(one, name) for name in _STEP}


def character_lines(rows: Iterable[MappedCharacter]) -> Iterator[str]:
    """Write own characters as they stand here, whatever another maker called them.

    Of which nothing is known but that a record has it is nothing to compare: it may be on the list or not.
    """
    for row in rows:
        if row.entry is not None and replace(row.entry, proposal=None) != TownCharacter(row.character, _SEEN):
            ours = MappedCharacter(row.character, "", row.character, row.entry, row.picture)
            yield format_fields(COLUMNS[_F.CHARACTERS], character_values(ours, _SEEN))
