"""Files made from what waits, one for each destination, and posted to the own CS; each is made when it is needed.  送付先情報通知

Whoever dies in between begins again where nothing was done: files, letters, lines and states are one unit.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from daicho.nodes.chronicle import Fact, note_many
from daicho.nodes.mailroom import Outgoing, partner, post_letters
from daicho.nodes.mailroom.receiving import ACCEPTED, Settled, refused
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_stated
from daicho.nodes.registry.destination.guarded import guarded_among
from daicho.nodes.registry.destination.owing import gather_some
from daicho.nodes.registry.guarding import kept_residents
from daicho.nodes.registry.numbers import numbers_of
from daicho.nodes.registry.records import MACHINE, subject_of
from daicho.nodes.watch.characters import character_tables
from daicho.nodes.watch.loops import Job
from daicho.nodes.watch.places import place_name
from daicho.rules.destination.checking import check_destination
from daicho.rules.destination.making import Addressed, DestinationStamp, addressed_to, make_destination
from daicho.rules.destination.record import MAX_PERSONS, DestinationInfo, PrintKind
from daicho.rules.destination.settings import TownPlaces
from daicho.rules.destination.stated import StatedDestination, waits_for_officer
from daicho.rules.law.article import bango
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import Member, NodeKind
from daicho.rules.people.characters.identify import OwnCharacter, OwnTable
from daicho.rules.people.characters.unsettled import private_in
from daicho.rules.people.codes import IndividualNumber
from daicho.rules.register.record import ResidentRecord
from daicho.store import characters, mailbox, number_notices
from daicho.store.number_notices import NumberNoticeRow, StatedRow
from daicho.store.unit import Unit
from daicho.wire.codecs.destination import INFO, LETTER_BYTES, DestinationLetter, read_refused
from daicho.wire.codecs.letters import encode

ROUND_ROWS = 200
_EVERY_SECONDS = 60.0
_REFUSED_RESTS = timedelta(days=1)
_ONLY_CS = Refusal(Reason.NOT_PERMITTED, bango("7"), "sender")
NO_SETTINGS, NO_NUMBER, TOO_LARGE = "settings", "number", "size"
PROTECTED, UNVERIFIED, REFUSED, NATION_REFUSED = "protected", "unverified", "refused", "nation"
"""Why a notice waits, beside the refusal of a file that would contradict itself; a refused one says the reason behind it."""


@dataclass(frozen=True, slots=True)
class _Ready:
    """One notice with its person's record and number."""

    row: NumberNoticeRow
    record: ResidentRecord
    number: IndividualNumber


@dataclass(frozen=True, slots=True)
class _Letter:
    """Whose notices go in one letter: to one place, for one reason, of one household; whoever is guarded goes alone."""

    where: Addressed
    elsewhere: bool
    guarded: int  # whose it is; 0: of nobody who is guarded
    household: int
    kind: PrintKind
    role: str
    terminal: str


def destination_telling(node: Node, places: TownPlaces | None) -> Job:
    """Tell the CS once a minute to where notices go: of a family that came together in one file."""
    return Job("number-notices", _EVERY_SECONDS, lambda: tell_round(node, places)[1])


def tell_some(node: Node, places: TownPlaces | None, *, limit_rows: int = ROUND_ROWS) -> int:
    """Tell what waits, and count the files; what cannot be told says why."""
    return tell_round(node, places, limit_rows=limit_rows)[0]


def tell_round(node: Node, places: TownPlaces | None, *, limit_rows: int = ROUND_ROWS) -> tuple[int, bool]:
    """Gather what is owed and tell what waits; gives the count of files, and whether more may be done at once."""
    behind = gather_some(node, limit_rows=limit_rows * 5)
    end_over(node)
    take_returned(node)
    with node.store.reading() as unit:
        if not number_notices.any_waiting(unit):
            return 0, behind
    with node.store.unit("destinations.tell") as unit:
        rows = number_notices.lock_next(unit, node.clock.now(), limit_rows=limit_rows)
        # A round of what could not be told before is not begun again at once.
        more = behind or (len(rows) == limit_rows and rows[0].tried_at is None)
        living = _living(unit, node, rows)
        if places is None:
            ids = [row.id for row in rows if row.addressee_number in living]
            number_notices.hinder(unit, ids, NO_SETTINGS, node.clock.now())
            return 0, more
        sent = [
            one
            for letter, group in _grouped(unit, node, rows, living).items()
            for begin in range(0, len(group), MAX_PERSONS)
            for one in _told(unit, node, places, letter, group[begin : begin + MAX_PERSONS])
        ]
        cs = partner(node.wire.directory(), node.me, NodeKind.CS)
        letters = [
            Outgoing(cs, INFO, DestinationLetter(info), matter=info.destination_control_number)
            for info in sent
        ]
        post_letters(unit, node, letters)
    return len(sent), more


def _living(unit: Unit, node: Node, rows: Sequence[NumberNoticeRow]) -> dict[int, ResidentRecord]:
    """Read the records of those who live here; whoever left is told by nobody here, and waits no more."""
    people = kept_residents(unit, node, {row.addressee_number for row in rows})
    living = {number: one for number, one in people.items() if one.living}
    left = [row for row in rows if row.addressee_number not in living]
    number_notices.lapse(unit, [row.id for row in left], node.clock.now())
    note_many(unit, node, [_fact(row, people.get(row.addressee_number), "lapsed") for row in left])
    return living


def _ready(
    unit: Unit, node: Node, rows: Sequence[NumberNoticeRow], living: Mapping[int, ResidentRecord]
) -> list[_Ready]:
    """Join what waits with its numbers."""
    whose = {row.addressee_number for row in rows}
    numbers = numbers_of(unit, node.vault, [living[number] for number in whose])
    ready, without = [], []
    for row in rows:
        record = living[row.addressee_number]
        code = record.resident_record_code
        if code is None or code not in numbers:
            without.append(row.id)
        else:
            ready.append(_Ready(row, record, numbers[code]))
    number_notices.hinder(unit, without, NO_NUMBER, node.clock.now())
    return ready


def _why_it_waits(
    row: NumberNoticeRow,
    stated: StatedRow | None,
    where: StatedDestination | None,
    on: date,
    *,
    guarded: bool,
) -> str:
    """Tell why a notice goes nowhere yet, or nothing."""
    if stated is not None and stated.verified_by is None and where is not None and where.holds(on):
        return UNVERIFIED
    waits = waits_for_officer(
        where, on, guarded=guarded, for_officer=stated is not None and stated.for_officer,
        confirmed=row.confirmed_by is not None,
    )  # fmt: skip
    return PROTECTED if waits else ""


def _grouped(
    unit: Unit, node: Node, rows: Sequence[NumberNoticeRow], living: Mapping[int, ResidentRecord]
) -> dict[_Letter, list[_Ready]]:
    """Put together whose notices may go in one letter; what waits for somebody's word is set aside first."""
    today, town = node.clock.business_today(), place_name(node.me.municipality)
    rows = [row for row in rows if row.addressee_number in living]
    stated = number_notices.stated_of(unit, set(living))
    places = {number: read_stated(row.body) for number, row in stated.items()}
    guarded = guarded_among(unit, set(living))
    why = {
        row.id: _why_it_waits(
            row, stated.get(row.addressee_number), places.get(row.addressee_number), today,
            guarded=row.addressee_number in guarded,
        )
        for row in rows
    }  # fmt: skip
    for reason in (UNVERIFIED, PROTECTED):
        ids = [one for one, why_not in why.items() if why_not == reason]
        number_notices.hinder(unit, ids, reason, node.clock.now())
    groups: dict[_Letter, list[_Ready]] = defaultdict(list)
    for one in _ready(unit, node, [row for row in rows if not why[row.id]], living):
        whose = one.record.addressee_number
        elsewhere = places.get(whose)
        role = one.row.role or MACHINE.role_id
        letter = _Letter(
            addressed_to(one.record, elsewhere, town, today, guarded=whose in guarded),
            elsewhere is not None and elsewhere.holds(today),
            whose if whose in guarded else 0,
            one.record.household_number,
            PrintKind(one.row.print_kind),
            role,
            one.row.terminal,
        )
        groups[letter].append(one)
    return groups


def _told(
    unit: Unit, node: Node, places: TownPlaces, letter: _Letter, part: Sequence[_Ready]
) -> list[DestinationInfo]:
    """Note what of these people's notices goes in which file, or why it cannot; gives the files that go."""
    told = []
    for whose, info in _files(unit, node, places, letter, part):
        ids = [one.row.id for one in whose]
        hindrance = _hindrance(node, info)
        if hindrance:
            number_notices.hinder(unit, ids, hindrance, node.clock.now())
            continue
        number = info.destination_control_number
        number_notices.tell(unit, ids, (number, letter.elsewhere, bool(letter.guarded)), node.clock.now())
        note_many(unit, node, [_fact(one.row, one.record, "told", number) for one in whose])
        told.append(info)
    return told


def _files(
    unit: Unit, node: Node, places: TownPlaces, letter: _Letter, part: Sequence[_Ready]
) -> list[tuple[Sequence[_Ready], DestinationInfo]]:
    """Make one file of these people; where it cannot go, one of each: whose items do not fit keeps nobody else waiting."""
    own = _own(unit, part)
    together = _made(node, places, letter, part, own)
    if len(part) == 1 or not _hindrance(node, together):
        return [(part, together)]
    return [([one], _made(node, places, letter, [one], own)) for one in part]


def _made(
    node: Node, places: TownPlaces, letter: _Letter, part: Sequence[_Ready], own: OwnTable
) -> DestinationInfo:
    number = _control_number(places, [one.row.id for one in part])
    stamp = DestinationStamp(number, node.clock.business_today(), letter.role, letter.terminal, letter.kind)
    people = [(one.record, one.number) for one in part]
    return make_destination(
        letter.where, people, places, stamp, character_tables(), own, town=place_name(node.me.municipality)
    )


def _control_number(places: TownPlaces, notice_ids: Sequence[str]) -> str:
    """Name a file by whose notices it has: a registry that came back from a copy and tells again names it as before."""
    named = "\n".join((str(places.municipality), *sorted(notice_ids)))
    return hashlib.sha256(named.encode()).hexdigest()[:32]


def _hindrance(node: Node, info: DestinationInfo) -> str:
    """Tell why a file cannot go, or nothing: nobody is told what the CS would refuse."""
    refusal = check_destination(info, info.municipality_code, node.clock.business_today())
    if refusal is not None:
        return f"{refusal.reason.value} {refusal.field}"
    return TOO_LARGE if len(encode(DestinationLetter(info))) > LETTER_BYTES else ""


def _own(unit: Unit, group: Iterable[_Ready]) -> OwnTable:
    """Read of the town's own characters what two people stand for."""
    texts = [
        text
        for one in group
        for text in (
            one.record.name.kanji, one.record.name.alias or "", one.record.current_address.one_line(),
        )
    ]  # fmt: skip
    found = characters.identified_characters(unit, private_in(texts))
    return {one: OwnCharacter(glyph, image) for one, (glyph, image) in found.items()}


def _fact(row: NumberNoticeRow, record: ResidentRecord | None, outcome: str, file: str = "") -> Fact:
    detail = {"notice": row.id, "kind": row.print_kind} | ({"file": file} if file else {})
    subject = subject_of(record) if record is not None else ""
    return Fact(Event.NUMBER_NOTICE_TOLD, subject=subject, outcome=outcome, detail=detail)


def take_returned(node: Node) -> int:
    """Let what went in a file that the CS refused wait again with the reason, and count the letters.

    It is told anew after a day, should nobody have mended the record before. A file that the CS had kept before, with
    other content, was told by this register before it came back from a copy: that one counts.
    """
    with node.store.reading() as unit:
        if not mailbox.returned(unit, 1, INFO):
            return 0
    with node.store.unit("destinations.take_returned") as unit:
        letters = mailbox.returned(unit, ROUND_ROWS, INFO)
        for letter in letters:
            if letter.reason != Reason.FILE_ALREADY_MADE.value:
                _wait_again(unit, node, letter.matter, f"{REFUSED} {letter.reason} {letter.field}")
            mailbox.resolve_returned(
                unit, letter.letter_id, by=MACHINE.login_id, at=node.clock.now(),
                resolution="個人番号通知書の送付先の一覧へ",
            )  # fmt: skip
    return len(letters)


def take_refused(unit: Unit, node: Node, sender: Member, content: bytes) -> Settled:
    """Let what went in a file that the nation refused wait again with the reason, as the own CS tells it."""
    if sender.kind is not NodeKind.CS or sender.municipality != node.me.municipality:
        return refused(_ONLY_CS)
    told = read_refused(content)
    why = f"{NATION_REFUSED} {told.reason} {told.field}"
    _wait_again(unit, node, told.destination_control_number, why)
    return ACCEPTED


def _wait_again(unit: Unit, node: Node, control_number: str, why: str) -> None:
    rows = number_notices.lock_of_file(unit, control_number)
    people = kept_residents(unit, node, {row.addressee_number for row in rows})
    ids = [row.id for row in rows]
    again = number_notices.untell(unit, ids, why, node.clock.now() + _REFUSED_RESTS)
    note_many(
        unit, node,
        [
            _fact(row, people.get(row.addressee_number), "refused", control_number)
            for row in rows if row.id in again
        ],
    )  # fmt: skip


def end_over(node: Node) -> int:
    """End stated destinations whose last day is past or whose people left, and count them.

    Of whoever fled the last day ends nothing: letters wait, and an officer has a line about it in the queue.
    """
    on = node.clock.business_today()
    with node.store.reading() as unit:
        if not number_notices.stated_over(unit, on, limit_rows=1):
            return 0
    with node.store.unit("destinations.end_over") as unit:
        over = number_notices.stated_over(unit, on, limit_rows=ROUND_ROWS)
        ended = number_notices.end_stated(unit, over, (MACHINE.login_id, node.clock.now()))
        people = kept_residents(unit, node, ended)
        note_many(
            unit, node,
            [Fact(Event.DESTINATION_STATED, subject=subject_of(one), outcome="over") for one in people.values()],
        )  # fmt: skip
    return len(ended)
