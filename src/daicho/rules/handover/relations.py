"""What the lines of a handover folder say of each other: nobody twice, nothing that refers to what is not there.

Law: 住民基本台帳法 第6条第1項, 第7条第4号; 本人確認情報管理方法 第3
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from daicho.rules.handover.entries import EntryLine
from daicho.rules.handover.layout import HandoverFault, HandoverFile
from daicho.rules.law.refusal import Reason
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.register.record import HOUSEHOLDER, ResidentRecord
from daicho.rules.register.relationship import check_relationship
from daicho.rules.retention.disposal import HELD_BY_HAND

_F = HandoverFile


@dataclass(slots=True)
class _Person:
    line: int
    versions: int
    has_number: bool
    seen: int = 0


@dataclass(slots=True)
class _Home:
    line: int
    members: int = 0
    heads: int = 0
    head: int = 0
    listed: bool = False


@dataclass(slots=True)
class FolderRelations:
    """Remembers of each line what others may refer to, and names what does not go together.  移行データの関連検査

    Files are told of in the order of `HandoverFile`; `at_end` names what can be known only then. Records that were struck
    before `kept_from` are over, and nobody is provided with them.
    Law: none, an own layout.
    """

    home: MunicipalityCode
    kept_from: date
    _people: dict[int, _Person] = field(default_factory=dict)
    _last_person: int = 0
    _numbers: set[str] = field(default_factory=set)
    _codes: set[str] = field(default_factory=set)
    _homes: dict[int, _Home] = field(default_factory=dict)
    _last_home: int = 0
    _over: dict[int, int] = field(default_factory=dict)
    _standing: tuple[int, int, ResidentRecord] | None = None
    _wanted_entries: dict[str, int] = field(default_factory=dict)
    _entries: set[str] = field(default_factory=set)
    _cancelled: dict[str, int] = field(default_factory=dict)
    _wanted_permits: dict[str, int] = field(default_factory=dict)
    _permits: set[str] = field(default_factory=set)
    _steps: dict[tuple[str, str], int] = field(default_factory=dict)
    _last_key: dict[str, str] = field(default_factory=dict)
    _once: set[tuple[str, str]] = field(default_factory=set)

    @property
    def people(self) -> int:
        """Count the people of the folder."""
        return len(self._people)

    def resident(self, line: int, values: Mapping[str, Any]) -> Iterator[HandoverFault]:
        """Look at a line of the list of residents.

        Law: 番号法 第7条: one number for one person.
        """
        number, own = values["addressee_number"], values["individual_number"]
        if number in self._people:
            yield HandoverFault(_F.RESIDENTS, line, "addressee_number", Reason.ADDRESSEE_DUPLICATE)
            return
        if number < self._last_person:
            yield HandoverFault(_F.RESIDENTS, line, "addressee_number", Reason.ORDER_WRONG)
        self._last_person = number
        self._people[number] = _Person(line, values["versions"], own is not None)
        if own is None:
            return
        if own in self._numbers:
            yield HandoverFault(_F.RESIDENTS, line, "individual_number", Reason.NUMBER_DUPLICATE)
        self._numbers.add(own)
        if values["number_effective_on"] is None:
            yield HandoverFault(_F.RESIDENTS, line, "number_effective_on", Reason.FIELD_MISSING)

    def version(
        self, line: int, values: Mapping[str, Any], record: ResidentRecord
    ) -> Iterator[HandoverFault]:
        """Look at one version of a record: they come person by person, numbered from 1 without a gap.

        Law: 住民基本台帳法 第7条
        """
        number, version = values["addressee_number"], values["version"]
        person = self._people.get(number)
        if person is None:
            yield HandoverFault(_F.VERSIONS, line, "addressee_number", Reason.REFERENCE_MISSING)
            return
        standing = self._standing
        if standing is not None and standing[1] != number:
            if number < standing[1]:
                yield HandoverFault(_F.VERSIONS, line, "addressee_number", Reason.ORDER_WRONG)
            yield from self._stands(*standing)
        if version != person.seen + 1:
            yield HandoverFault(_F.VERSIONS, line, "version", Reason.VERSION_GAP)
        person.seen = max(person.seen, version)
        self._standing = (line, number, record)
        if values["entry_id"]:
            self._wanted_entries.setdefault(values["entry_id"], line)

    def _stands(self, line: int, number: int, record: ResidentRecord) -> Iterator[HandoverFault]:
        """Look at the newest version of somebody, which is what stands in the register."""
        if record.current_address.municipality != self.home:
            yield HandoverFault(_F.VERSIONS, line, "municipality_code", Reason.OTHER_MUNICIPALITY)
        code = record.resident_record_code
        if code is None and self._people[number].has_number:
            yield HandoverFault(_F.VERSIONS, line, "resident_record_code", Reason.CODE_MISSING)
        if code is not None and code in self._codes:
            yield HandoverFault(_F.VERSIONS, line, "resident_record_code", Reason.CODE_DUPLICATE)
        if code is not None:
            self._codes.add(code)
        plan = record.scheduled_move_out
        if plan is not None:
            after = [plan.successor] if plan.successor is not None else []
            after += [one.addressee_number for one in plan.relations]
            yield from self.refers(_F.VERSIONS, line, "scheduled_relations", *after)
        if record.removal is not None:
            if record.removal.struck_on < self.kept_from:
                self._over[number] = line
            return
        if check_relationship(record.relationship) is not None:
            yield HandoverFault(_F.VERSIONS, line, "relationship", Reason.RELATIONSHIP_UNKNOWN)
        home = self._homes.setdefault(record.household_number, _Home(line))
        home.members += 1
        if record.relationship == HOUSEHOLDER:
            home.heads, home.head = home.heads + 1, number
            if home.heads > 1:
                yield HandoverFault(_F.VERSIONS, line, "relationship", Reason.HOUSEHOLDER_TWICE)

    def versions_end(self) -> Iterator[HandoverFault]:
        """Look at the last person, and at everybody's number of versions.

        Law: none, an own layout.
        """
        if self._standing is not None:
            yield from self._stands(*self._standing)
            self._standing = None
        for person in self._people.values():
            if person.seen != person.versions:
                yield HandoverFault(
                    _F.RESIDENTS, person.line, "versions", Reason.COUNT_DIFFERS, f"found={person.seen}"
                )

    def household(self, line: int, values: Mapping[str, Any]) -> Iterator[HandoverFault]:
        """Compare a listed household with the people who live in it; one without a householder is listed as such.

        Law: 住民基本台帳法 第6条第1項, 第7条第4号
        """
        number = values["household_number"]
        home = self._homes.get(number)
        if home is None:
            yield HandoverFault(_F.HOUSEHOLDS, line, "household_number", Reason.REFERENCE_MISSING)
            return
        if home.listed:
            yield HandoverFault(_F.HOUSEHOLDS, line, "household_number", Reason.LINE_DOUBLED)
        elif number < self._last_home:
            yield HandoverFault(_F.HOUSEHOLDS, line, "household_number", Reason.ORDER_WRONG)
        home.listed, self._last_home = True, number
        if values["members"] != home.members:
            yield HandoverFault(_F.HOUSEHOLDS, line, "members", Reason.COUNT_DIFFERS, f"found={home.members}")
        if values["householder"] != home.head:
            yield HandoverFault(_F.HOUSEHOLDS, line, "householder", Reason.REFERENCE_MISSING)

    def entry(self, line: int, one: EntryLine) -> Iterator[HandoverFault]:
        """Look at a change: known once, of people who are there, undone once, by a permission used once.

        Law: 本人確認情報管理方法 第3
        """
        if one.entry_id in self._entries:
            yield HandoverFault(_F.ENTRIES, line, "entry_id", Reason.LINE_DOUBLED)
        self._entries.add(one.entry_id)
        self._wanted_entries.pop(one.entry_id, None)
        if any(number not in self._people for number in one.subjects):
            yield HandoverFault(_F.ENTRIES, line, "subjects", Reason.REFERENCE_MISSING)
        for name, wanted, asked in (
            ("cancels", self._cancelled, one.cancels),
            ("permit", self._wanted_permits, one.permit),
        ):
            if asked and asked in wanted:
                yield HandoverFault(_F.ENTRIES, line, name, Reason.LINE_DOUBLED)
            if asked:
                wanted.setdefault(asked, line)

    def permit(self, line: int, values: Mapping[str, Any]) -> Iterator[HandoverFault]:
        """Look at a permission to correct.

        Law: 本人確認情報管理方法 第3
        """
        if values["permit_id"] in self._permits:
            yield HandoverFault(_F.PERMITS, line, "permit_id", Reason.LINE_DOUBLED)
        self._permits.add(values["permit_id"])
        yield from self.refers(_F.PERMITS, line, "addressee_number", values["addressee_number"])

    def hold(self, line: int, values: Mapping[str, Any]) -> Iterator[HandoverFault]:
        """Look at what keeps somebody's records from being destroyed, also after their years.

        Law: none, own: what is needed for a right or a duty is not destroyed.
        """
        number = values["addressee_number"]
        yield from self.refers(_F.HOLDS, line, "addressee_number", number)
        if values["reason"] not in HELD_BY_HAND:
            yield HandoverFault(_F.HOLDS, line, "reason", Reason.FIELD_UNKNOWN_VALUE)
        self._over.pop(number, None)

    def refers(self, file: str, line: int, name: str, *numbers: int) -> Iterator[HandoverFault]:
        """Name a field that speaks of somebody who is not there.

        Law: none, an own layout.
        """
        if any(number not in self._people for number in numbers):
            yield HandoverFault(file, line, name, Reason.REFERENCE_MISSING)

    def step(self, file: str, line: int, key: str, version: int) -> Iterator[HandoverFault]:
        """Look at one step in the life of a thing: the steps of one follow each other from 1 on, things in their order.

        Law: none, an own layout.
        """
        last = self._last_key.get(file, "")
        if key < last:
            yield HandoverFault(file, line, "", Reason.ORDER_WRONG)
        self._last_key[file] = key
        if version != self._steps.get((file, key), 0) + 1:
            yield HandoverFault(file, line, "version", Reason.VERSION_GAP)
        if key != last:
            self._steps.pop((file, last), None)
        self._steps[file, key] = version

    def once(self, file: str, line: int, name: str, value: str) -> Iterator[HandoverFault]:
        """Name a value that may stand once and stands again.

        Law: none, an own layout.
        """
        if (name, value) in self._once:
            yield HandoverFault(file, line, name, Reason.LINE_DOUBLED)
        self._once.add((name, value))

    def at_end(self) -> Iterator[HandoverFault]:
        """Name what others refer to and nobody brought, and whose years are over.

        Law: 住民基本台帳法施行令 第34条第1項
        """
        for line in self._over.values():
            yield HandoverFault(_F.VERSIONS, line, "removed_on", Reason.RETENTION_OVER)
        for line in self._wanted_entries.values():
            yield HandoverFault(_F.VERSIONS, line, "entry_id", Reason.REFERENCE_MISSING)
        for number, home in self._homes.items():
            if not home.listed:
                yield HandoverFault(
                    _F.HOUSEHOLDS, 0, "household_number", Reason.LINE_MISSING, f"household={number}"
                )
        for name, wanted, there in (
            ("cancels", self._cancelled, self._entries),
            ("permit", self._wanted_permits, self._permits),
        ):
            for asked, line in wanted.items():
                if asked not in there:
                    yield HandoverFault(_F.ENTRIES, line, name, Reason.REFERENCE_MISSING)
