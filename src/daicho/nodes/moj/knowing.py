"""Whom the stand-in knows: what the towns' files and its own notices say of people, one after the other."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from daicho.rules.moj_link.municipal import MunicipalAct, MunicipalNotice
from daicho.rules.moj_link.notice import MojNotice, MojPerson
from daicho.rules.moj_link.persons import person_after, person_told_by
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.sex import Sex

NoticeOfTown = tuple[MunicipalityCode, str]
LineOfEntry = tuple[int, int]
"""A line of a town's file, counted from 1, and the number of the journal's entry that holds the file."""
_NameKey = tuple[str, str, Sex, str]


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody of whom a file told: where, as whom, and whether a town still has them.

    `key` is a number of our own and of this run; `first` is the line that first told of them, and stays.
    """

    key: int
    municipality: MunicipalityCode
    person: MojPerson
    category: str
    living: bool
    told_on: date
    first: LineOfEntry


class Knowledge:
    """Everybody of whom a file told, and which notices a town has recorded."""

    def __init__(self) -> None:
        """Know nobody."""
        self.people: dict[int, KnownPerson] = {}
        self.recorded: dict[NoticeOfTown, int] = {}
        self._told_of: dict[NoticeOfTown, int] = {}
        self._by_card: dict[str, int] = {}
        self._by_name: defaultdict[_NameKey, set[int]] = defaultdict(set)
        self._by_line: dict[LineOfEntry, int] = {}

    def hear(
        self, town: MunicipalityCode, serial: int, notices: Iterable[MunicipalNotice], entry: int
    ) -> None:
        """Take in what a town tells; the last word counts, and a town speaks of nobody whom another one has."""
        for line, told in enumerate(notices, 2):
            if told.about:
                self.recorded.setdefault((town, told.about), serial)
            person = person_told_by(told)
            key = self._whom(town, told, person)
            before = self.people.get(key) if key is not None else None
            if before is not None:
                self._by_line[entry, line] = before.key
                entered = told.act is MunicipalAct.ENTERED
                if before.living and before.municipality != town and not entered:
                    continue
            self._hear_of(town, told, person, before, (entry, line))

    def introduce(self, town: MunicipalityCode, notices: Iterable[MunicipalNotice], entry: int) -> None:
        """Take in whom a town had at the beginning: each line is somebody else, and whoever is known already stays so."""
        for line, told in enumerate(notices, 2):
            key = self._by_card.get(told.card_number) if told.card_number else None
            if key is not None:
                self._by_line[entry, line] = key
            else:
                self._hear_of(town, told, person_told_by(told), None, (entry, line))

    def whom(self, line: LineOfEntry) -> int:
        """Give the key of whom a line of a town's file told. Raises: KeyError."""
        return self._by_line[line]

    def tell(self, town: MunicipalityCode, notices: Sequence[MojNotice], keys: Sequence[int]) -> None:
        """Note what an own file tells; `keys` name its people, none where a town's file is answered: cards name those."""
        for place, notice in enumerate(notices):
            key = keys[place] if place < len(keys) else self._by_card.get(notice.person.card_number)
            if key is None:
                continue
            known = self.people[key]
            self._told_of[town, notice.notice_id] = key
            category = notice.items.category or known.category
            person = person_after(known.person, notice.items)
            self._keep(replace(known, person=person, category=category))

    def _hear_of(
        self,
        town: MunicipalityCode,
        told: MunicipalNotice,
        person: MojPerson | None,
        before: KnownPerson | None,
        line: LineOfEntry,
    ) -> None:
        person = person or (before.person if before is not None else None)
        if person is None:
            return
        key, first = (before.key, before.first) if before is not None else (len(self.people) + 1, line)
        living = told.act is not MunicipalAct.STRUCK
        self._by_line[line] = key
        self._keep(KnownPerson(key, town, person, told.category, living, told.changed_on, first))

    def _whom(self, town: MunicipalityCode, told: MunicipalNotice, person: MojPerson | None) -> int | None:
        """Find whom a town means: by the notice that it recorded, by any card ever borne, by all that names them."""
        key = self._told_of.get((town, told.about)) if told.about else None
        if key is None and told.card_number:
            key = self._by_card.get(told.card_number)
        if key is None and person is not None:
            same = self._by_name.get(_name_key(person), set())
            key = next(iter(same)) if len(same) == 1 else None
            # Whom a town enters beside somebody with another card is somebody else of the same name and birth date.
            here = self.people[key] if key is not None else None
            if here is not None and here.living and here.municipality == town and here.person.card_number:
                entered = told.act is MunicipalAct.ENTERED and told.card_number
                key = None if entered else key
        return key

    def _keep(self, known: KnownPerson) -> None:
        self.people[known.key] = known
        if known.person.card_number:
            self._by_card[known.person.card_number] = known.key
        self._by_name[_name_key(known.person)].add(known.key)


def _name_key(person: MojPerson) -> _NameKey:
    return person.roman or person.kanji, str(person.birth_date), person.sex, person.nationality
