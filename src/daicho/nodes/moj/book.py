"""The stand-in's book: towns' files taken in once, notices noted, files made for towns, all of it kept."""

import logging
import threading
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from pathlib import Path

from daicho.nodes.clock import Clock
from daicho.nodes.moj.journal import Entry, Happened, Journal, JournalDamaged, end_at_once
from daicho.nodes.moj.knowing import Knowledge, KnownPerson
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.moj_link.files import (
    MojFileFault,
    MojFileHead,
    MojFileKind,
    missing_serials,
    read_moj_file,
    read_municipal_file,
    write_moj_file,
)
from daicho.rules.moj_link.municipal import MunicipalNotice
from daicho.rules.moj_link.notice import MojNotice
from daicho.rules.moj_link.persons import person_to_tell_of
from daicho.rules.people.codes import MunicipalityCode

_logger = logging.getLogger(__name__)
WAITING_MOST = 500  # of one town, and so of one file
HISTORY_LINES = 200
PEOPLE_SHOWN = 50
MISSING_SHOWN = 20
NO_NAME_YET = "DEMO-DRAFT"  # a notice is named when its file is made
_ARTICLE = juki("30-50")
Answering = Callable[[bytes, int, date], bytes]
"""Makes the file that answers a town's: its content, the serial and the day of the new one; empty when nobody is told of."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file: whose it was, whether it was here before, or what is wrong in it."""

    municipality: str = ""
    serial: int = 0
    again: bool = False
    faults: tuple[MojFileFault, ...] = ()


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file of the history; `about` is the serial of the town's file that it answers, or of ours that answers it.

    `answerable` tells whether it names anybody of whom a notice may be made.
    """

    happened: Happened
    municipality: MunicipalityCode
    serial: int
    made_on: date
    at: datetime
    notices: int
    about: int
    answerable: bool = False


@dataclass(frozen=True, slots=True)
class WaitingNotice:
    """A notice that waits for its file."""

    number: int
    municipality: MunicipalityCode
    key: int
    notice: MojNotice
    at: datetime


@dataclass(frozen=True, slots=True)
class TownLine:
    """A town of the demonstration: whom it has, what came last, what is missing, what waits."""

    municipality: MunicipalityCode
    title: str
    people: int
    received: int
    missing: tuple[int, ...]
    waiting: int
    sent: int


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A town's file as it was taken in."""

    line: FileLine
    notices: tuple[MunicipalNotice, ...]


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file for a town; `recorded` tells by which of the town's files it said of a notice that it is recorded."""

    line: FileLine
    notices: tuple[MojNotice, ...]
    recorded: Mapping[str, int]


_Place = tuple[Happened, str, int]


@dataclass(frozen=True, slots=True)
class _Content:
    """The file of an entry, read; an entry without one has neither head nor notices."""

    head: MojFileHead | None = None
    told: tuple[MunicipalNotice, ...] = ()
    telling: tuple[MojNotice, ...] = ()


class Book:
    """Everything that the stand-in has, as its journal tells it; one act at a time."""

    def __init__(self, folder: Path, towns: Mapping[MunicipalityCode, str], clock: Clock) -> None:
        """Read the journal, and the towns' lists that lie in the folder and are not in it.

        Raises: JournalDamaged, JournalInUse.
        """
        self._journal = Journal(folder / "journal")
        self._lists, self._lists_seen = folder / "lists", set[str]()
        self._towns, self._clock = dict(towns), clock
        self._lock = threading.RLock()
        self._knowledge = Knowledge()
        self._lines: dict[_Place, tuple[int, FileLine]] = {}
        self._waiting: dict[int, WaitingNotice] = {}
        self._sent_in: dict[int, int] = {}
        self._withdrawn: set[int] = set()
        self._last = 0
        try:
            for entry in self._journal.entries():
                self._replay(entry)
        except JournalDamaged:
            self.close()
            raise
        self.take_lists()

    def close(self) -> None:
        """Let another process have the folder."""
        self._journal.close()

    @property
    def today(self) -> date:
        """Tell the business day of the demonstration."""
        return self._clock.business_today()

    # what happens

    def take_lists(self) -> None:
        """Take in the towns' lists that were put into the folder since; one that is faulty is told to the log."""
        with self._lock:
            for file in sorted(self._lists.glob("*.txt")):
                if file.name not in self._lists_seen:
                    self._take_list(file)

    def take(self, content: bytes) -> Taken | Refusal:
        """Take in a town's file, whole or not at all; the same again changes nothing, another under its serial is refused."""
        head, _, faults = read_municipal_file(content)
        if head is None or faults:
            return Taken(faults=faults)
        if head.municipality not in self._towns:
            return Refusal(Reason.OTHER_MUNICIPALITY, _ARTICLE, "file")
        if head.made_on > self.today:
            return Refusal(Reason.DATE_IN_FUTURE, _ARTICLE, "file")
        taken = Taken(head.municipality, head.serial)
        with self._lock:
            found = self._lines.get((Happened.RECEIVED, head.municipality, head.serial))
            if found is not None:
                same = self._journal.entry(found[0]).content.encode() == content
                return replace(taken, again=True) if same else Refusal(Reason.SERIAL_TAKEN, _ARTICLE, "file")
            self._add(Happened.RECEIVED, head.municipality, content)
        return taken

    def answer(self, municipality: str, serial: int, answering: Answering) -> int | Refusal:
        """Make the file that answers a town's, once; give its serial."""
        with self._lock:
            found = self._lines.get((Happened.RECEIVED, municipality, serial))
            if found is None:
                return Refusal(Reason.NOT_FOUND, _ARTICLE)
            if found[1].about:
                return found[1].about
            if not found[1].answerable:
                return Refusal(Reason.NOTHING_OWED, _ARTICLE, "file")
            town, next_one = found[1].municipality, self._next_serial(municipality)
            made = answering(self._journal.entry(found[0]).content.encode(), next_one, self.today)
            if not made:
                return Refusal(Reason.NOTHING_OWED, _ARTICLE, "file")
            self._add(Happened.SENT, town, made, about=serial)
        return next_one

    def note(self, notice: MojNotice, key: int) -> Refusal | None:
        """Note a notice of somebody whom a file told of; it waits for its file. The same that waits is not noted twice."""
        with self._lock:
            known = self._knowledge.people.get(key)
            if known is None:
                return Refusal(Reason.NOT_FOUND, _ARTICLE)
            if notice.notified_on > self.today:
                return Refusal(Reason.DATE_IN_FUTURE, _ARTICLE, "notified_on")
            content = self._file_of(known.municipality, 1, (notice,))
            faults = read_moj_file(content).faults
            if faults:
                return Refusal(faults[0].reason, _ARTICLE, faults[0].column)
            of_town = list(self._of_town(known.municipality))
            if any((one.key, one.notice) == (key, notice) for one in of_town):
                return None
            if len(of_town) >= WAITING_MOST:
                return Refusal(Reason.TOO_MANY_LINES, _ARTICLE)
            entry, line = known.first
            self._add(Happened.NOTED, known.municipality, content, about=entry, line=line)
        return None

    def withdraw(self, number: int) -> Refusal | None:
        """Take back a notice that waits for its file; what was taken back already stays so."""
        with self._lock:
            if number in self._withdrawn:
                return None
            waits = self._waiting.get(number)
            if waits is None:
                return Refusal(Reason.NOT_FOUND, _ARTICLE)
            self._add(Happened.WITHDRAWN, waits.municipality, b"", about=number)
        return None

    def make(self, municipality: str, last: int) -> int | Refusal:
        """Make one file of what waits for a town, as far as the notice `last`; give the serial of the file that has it."""
        with self._lock:
            waits = [one for one in self._of_town(municipality) if one.number <= last]
            if not waits:
                return self._sent_in.get(last, Refusal(Reason.NOTHING_OWED, _ARTICLE))
            serial = self._next_serial(municipality)
            named = tuple(
                replace(one.notice, notice_id=f"DEMO-{serial:06}-{place:03}")
                for place, one in enumerate(waits, 1)
            )
            content = self._file_of(waits[0].municipality, serial, named)
            numbers = tuple(one.number for one in waits)
            self._add(Happened.SENT, waits[0].municipality, content, noted=numbers)
        return serial

    # what is seen

    def towns(self) -> list[TownLine]:
        """Tell how it stands with each town."""
        with self._lock:
            living = Counter(one.municipality for one in self._knowledge.people.values() if one.living)
            return [
                TownLine(
                    town, title, living[town], max(came := self._serials(Happened.RECEIVED, town), default=0),
                    missing_serials(came, MISSING_SHOWN), sum(1 for _ in self._of_town(town)),
                    max(self._serials(Happened.SENT, town), default=0),
                )
                for town, title in self._towns.items()
            ]  # fmt: skip

    def title_of(self, municipality: str) -> str:
        """Name a town of the demonstration; "" of any other."""
        return next((title for town, title in self._towns.items() if town == municipality), "")

    def history(self) -> list[FileLine]:
        """List the files of both ways, the newest first."""
        with self._lock:
            return [line for _, line in islice(reversed(self._lines.values()), HISTORY_LINES)]

    def waiting(self, municipality: str) -> list[WaitingNotice]:
        """List what waits for a town's file."""
        with self._lock:
            return list(self._of_town(municipality))

    def people(self, municipality: str, words: str = "") -> tuple[list[KnownPerson], int]:
        """Find people of a town by a part of name or number, those it has before those it had; tell how many there are."""
        wanted = _plain(words)
        with self._lock:
            found = [
                one
                for one in self._knowledge.people.values()
                if one.municipality == municipality
                and any(
                    wanted in _plain(told)
                    for told in (one.person.roman, one.person.kanji, one.person.card_number)
                )
            ]
        found.sort(key=lambda one: (not one.living, one.person.roman or one.person.kanji, one.key))
        return found[:PEOPLE_SHOWN], len(found)

    def person(self, key: int) -> KnownPerson | None:
        """Give one person as the last file told."""
        with self._lock:
            return self._knowledge.people.get(key)

    def received(self, municipality: str, serial: int) -> ReceivedFile | None:
        """Read a town's file again."""
        with self._lock:
            found = self._lines.get((Happened.RECEIVED, municipality, serial))
            if found is None:
                return None
            content = self._journal.entry(found[0]).content.encode()
        return ReceivedFile(found[1], read_municipal_file(content)[1])

    def sent(self, municipality: str, serial: int) -> SentFile | None:
        """Read a file for a town again, with what the town said since."""
        content = self.content(municipality, serial)
        if content is None:
            return None
        notices = read_moj_file(content).notices
        with self._lock:
            line = self._lines[Happened.SENT, municipality, serial][1]
            told = {
                one.notice_id: self._knowledge.recorded.get((line.municipality, one.notice_id), 0)
                for one in notices
            }
        return SentFile(line, notices, told)

    def content(self, municipality: str, serial: int) -> bytes | None:
        """Give a file for a town, as often as it is asked for."""
        with self._lock:
            found = self._lines.get((Happened.SENT, municipality, serial))
            return None if found is None else self._journal.entry(found[0]).content.encode()

    # how it is kept

    def _take_list(self, file: Path) -> None:
        self._lists_seen.add(file.name)
        content = file.read_bytes()
        head, _, faults = read_municipal_file(content)
        if head is None or faults or head.municipality not in self._towns:
            _logger.warning("%s is no list of a town of this demonstration", file.name)
        elif not any(place[:2] == (Happened.LIST, head.municipality) for place in self._lines):
            self._add(Happened.LIST, head.municipality, content)

    def _add(
        self,
        happened: Happened,
        municipality: str,
        content: bytes,
        about: int = 0,
        line: int = 0,
        noted: tuple[int, ...] = (),
    ) -> None:
        text = content.decode()
        entry = Entry(
            self._last + 1, happened, self._clock.now(), str(municipality), text, about, line, noted
        )
        read = _content_of(entry)  # what could not be read at the next start is not kept
        self._journal.append(entry)
        try:
            self._take_up(entry, read)
        except Exception:
            _logger.exception("entry %d is kept and not understood; the process ends", entry.number)
            end_at_once()

    def _replay(self, entry: Entry) -> None:
        try:
            self._take_up(entry, _content_of(entry))
        except Exception as error:
            raise JournalDamaged(self._journal.name(entry.number)) from error

    def _take_up(self, entry: Entry, read: _Content) -> None:
        """Let an entry change what is known; the same at its writing and at every later start."""
        self._last = entry.number
        town = MunicipalityCode(entry.municipality)
        if entry.happened is Happened.WITHDRAWN:
            del self._waiting[entry.about]
            self._withdrawn.add(entry.about)
        elif entry.happened is Happened.NOTED:
            (notice,) = read.telling
            key = self._knowledge.whom((entry.about, entry.line))
            self._waiting[entry.number] = WaitingNotice(entry.number, town, key, notice, entry.at)
        else:
            line = self._keep_line(entry, read)
            if entry.happened is Happened.SENT:
                keys = [self._waiting.pop(number).key for number in entry.noted]
                self._knowledge.tell(town, read.telling, keys)
                self._sent_in.update(dict.fromkeys(entry.noted, line.serial))
            elif entry.happened is Happened.LIST:
                self._knowledge.introduce(town, read.told, entry.number)
            else:
                self._knowledge.hear(town, line.serial, read.told, entry.number)

    def _keep_line(self, entry: Entry, read: _Content) -> FileLine:
        head = read.head
        if head is None or head.municipality != entry.municipality:
            raise ValueError("a file that was kept has a head, and is its town's")
        place = (entry.happened, head.municipality, head.serial)
        answerable = any(person_to_tell_of(one) is not None for one in read.told)
        line = FileLine(
            entry.happened, head.municipality, head.serial, head.made_on, entry.at, head.count, entry.about, answerable
        )  # fmt: skip
        self._lines[place] = (entry.number, line)
        answered = (Happened.RECEIVED, head.municipality, entry.about)
        if entry.happened is Happened.SENT and answered in self._lines:
            number, before = self._lines[answered]
            self._lines[answered] = (number, replace(before, about=head.serial))
        return line

    def _of_town(self, municipality: str) -> Iterator[WaitingNotice]:
        return (one for one in self._waiting.values() if one.municipality == municipality)

    def _serials(self, happened: Happened, municipality: str) -> list[int]:
        return [serial for kind, town, serial in self._lines if (kind, town) == (happened, str(municipality))]

    def _next_serial(self, municipality: str) -> int:
        return max(self._serials(Happened.SENT, municipality), default=0) + 1

    def _file_of(self, town: MunicipalityCode, serial: int, notices: tuple[MojNotice, ...]) -> bytes:
        head = MojFileHead(MojFileKind.MOJ_NOTICE, town, serial, self.today, len(notices))
        return write_moj_file(head, notices)


def _content_of(entry: Entry) -> _Content:
    """Read the file of an entry. Raises: ValueError when it has a fault."""
    content = entry.content.encode()
    if entry.happened is Happened.WITHDRAWN:
        return _Content()
    if entry.happened in (Happened.NOTED, Happened.SENT):
        file = read_moj_file(content)
        head, faults = file.head, file.faults
        made = _Content(head, telling=file.notices)
    else:
        head, told, faults = read_municipal_file(content)
        made = _Content(head, told)
    if head is None or faults:
        raise ValueError(f"{entry.happened}: a file with {len(faults)} faults")
    return made


def _plain(words: str) -> str:
    """Write words of any width and case alike, as people type them."""
    return unicodedata.normalize("NFKC", words).strip().upper()
