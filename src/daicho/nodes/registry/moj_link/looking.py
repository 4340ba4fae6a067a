"""Whom a notice of the Ministry means in the own register, looked for one by one beside the counter.  法務省通知の照合"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from daicho.nodes.chronicle import Fact, note_many
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_entry, read_record
from daicho.nodes.registry.guarding import kept_residents
from daicho.nodes.registry.records import MACHINE, subject_of
from daicho.nodes.watch.characters import character_tables
from daicho.nodes.watch.loops import Job
from daicho.rules.law.retention import first_removal_kept
from daicho.rules.ledger.events import Event
from daicho.rules.moj_link.matching import (
    MojCandidate,
    MojMatch,
    MojOutcome,
    latest_change,
    match_notice,
    may_be_meant,
)
from daicho.rules.moj_link.municipal import in_registry_characters
from daicho.rules.moj_link.notice import MojChange, MojNotice, change_kind_of
from daicho.rules.people.kana import kanji_key
from daicho.rules.register.record import ResidentRecord
from daicho.store import moj_link, register
from daicho.store.moj_link import MojNoticeRow
from daicho.store.register import SearchKeys
from daicho.store.unit import StoreUnavailable, Unit
from daicho.wire.codecs.letters import decode, encode

PURPOSE, BASIS = "外国人住民の記録の整備", "法30条の50"
NAMESAKES_ROWS = 200
BY_CARD_ROWS = 20
LOOKED_AT_ONCE = 50
_EVERY_SECONDS = 5.0
_DISPOSED = "{}"  # of an entry of which everybody is destroyed
_LOG = logging.getLogger("daicho.moj_link")


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of looking, and everybody who was looked at."""

    match: MojMatch
    people: dict[int, ResidentRecord]


def notice_body(notice: MojNotice) -> str:
    """Write a notice as text, with its characters as they came."""
    return encode(notice).decode()


def read_notice(body: str) -> MojNotice:
    """Read a notice as it was kept. Raises: Unreadable."""
    return decode(MojNotice, body.encode(), our_own=True)


def in_our_characters(notice: MojNotice) -> tuple[MojNotice, bool]:
    """Write the names of a notice as the registry writes them, and tell whether every character could be."""
    tables = character_tables()
    kanji, whole = in_registry_characters(notice.person.kanji, tables)
    new, new_whole = in_registry_characters(notice.items.kanji, tables)
    told = replace(notice, person=replace(notice.person, kanji=kanji), items=replace(notice.items, kanji=new))
    return told, whole and new_whole


def moj_looking(node: Node) -> Job:
    """Look for whom new notices mean, some at a time."""
    return Job("ministry", _EVERY_SECONDS, lambda: look_at_new(node))


def look_at_new(node: Node) -> bool:
    """Look at the oldest new notices, each in a unit of its own; tells whether there may be more."""
    return all(_look_at_next(node) for _ in range(LOOKED_AT_ONCE))


def _look_at_next(node: Node) -> bool:
    taken: list[tuple[int, int]] = []
    try:
        with node.store.unit("moj_link.look") as unit:
            row = moj_link.lock_next_new(unit)
            if row is None:
                return False
            taken.append(row.name)
            look_at(unit, node, row)
    except StoreUnavailable:
        raise
    except Exception as fault:  # what one notice holds stops no other: a person looks at it
        _LOG.warning("a notice of the Ministry could not be looked at: %s", type(fault).__name__)
        if not taken:
            raise
        with node.store.unit("moj_link.unlooked") as unit:
            moj_link.note_looked(unit, taken[0], "open", None)
    return True


def look_at(unit: Unit, node: Node, row: MojNoticeRow) -> Looked:
    """Look for whom a notice means and note what came of it; what the record says already is closed at once.

    It waits, though, while the record may come to say something else. A line is written where something else came of it
    than before.
    """
    found = look_for(unit, node, read_notice(row.body or ""))
    match, people = found.match, sorted(found.people)
    whose = match.addressee_number
    if (
        match.outcome is MojOutcome.ALREADY_SO
        and whose is not None
        and not _something_waits(unit, row, whose)
    ):
        moj_link.close_already_so(unit, row.name, whose, (MACHINE.login_id, node.clock.now()))
    else:
        state = "matched" if match.outcome is MojOutcome.MATCHED else "open"
        differing = [one.value for one in match.differing]
        outcome = match.outcome.value
        moj_link.note_looked(unit, row.name, state, outcome, differing, whose, people)
    if row.outcome == match.outcome.value:
        return found
    subjects = subjects_in(found.people, whose)
    detail = {"notice": row.notice_id, "change": row.change}
    note_many(
        unit, node,
        [
            Fact(
                Event.MOJ_NOTICE_LOOKED, MACHINE.login_id, MACHINE.role_id, purpose=PURPOSE, basis=BASIS,
                subject=one, outcome=match.outcome.value, detail=detail,
            )
            for one in subjects
        ],
    )  # fmt: skip
    return found


def _something_waits(unit: Unit, row: MojNoticeRow, whose: int) -> bool:
    """Tell whether a change or another notice of somebody waits, after which a notice may have to be recorded after all."""
    return bool(register.waiting_for(unit, [whose])) or moj_link.another_waits(unit, row.name, whose)


def look_for(unit: Unit, node: Node, notice: MojNotice) -> Looked:
    """Find whom a notice means: by the number of the card, now or formerly, else by name and birth date."""
    told, readable = in_our_characters(notice)
    numbers = moj_link.people_by_card(unit, told.person.card_number, limit_rows=BY_CARD_ROWS)
    people = kept_residents(unit, node, numbers) if told.person.card_number and numbers else {}
    by_number = set(people)
    if not people:
        people = {one.addressee_number: one for one in _by_name(unit, node, told) if may_be_meant(told, one)}
    candidates = [
        MojCandidate(one, number in by_number, _last_changed(unit, number, told))
        for number, one in people.items()
    ]
    return Looked(match_notice(told, candidates, readable=readable), people)


def _by_name(unit: Unit, node: Node, notice: MojNotice) -> list[ResidentRecord]:
    """Find whoever bears the name that was or the name that is, or was born on the day."""
    person, items = notice.person, notice.items
    names = frozenset(
        filter(None, (kanji_key(one) for one in (person.roman, person.kanji, items.roman, items.kanji)))
    )
    kept_from = first_removal_kept(node.clock.business_today())
    anybody = SearchKeys(include_removed=True, closed_from=kept_from)
    held = list(register.search(unit, replace(anybody, names=names), limit=NAMESAKES_ROWS))
    if person.birth_date.whole is not None:
        born = replace(anybody, birth=person.birth_date.search_key())
        held += register.search(unit, born, limit=NAMESAKES_ROWS)
    return list({one.addressee_number: read_record(one.body) for one in held}.values())


def _last_changed(unit: Unit, addressee_number: int, notice: MojNotice) -> date | None:
    """Give the day of the last change of the notice's kind that stands in the life of a record.

    What was notified while the record said so already counts as such a change: nothing older undoes it.
    """
    kind = change_kind_of(notice.change)
    rows = [one for one in register.entries_of(unit, addressee_number) if one.state == "verified"]
    cancelled = {one.cancels for one in rows if one.cancels}
    standing = (
        read_entry(one.body)
        for one in rows
        if one.kind == kind.value and one.id not in cancelled and one.body != _DISPOSED
    )
    changes = [(one.kind, one.change_date) for one in standing if addressee_number in one.subjects]
    said = moj_link.said_so(unit, addressee_number)
    changes += [(change_kind_of(MojChange(change)), day) for change, day in said]
    return latest_change(changes, kind)


def subjects_in(people: dict[int, ResidentRecord], whose: int | None) -> list[str]:
    """Name whom a notice means in the ledger, or all whom it may mean; nobody in particular is one empty name."""
    meant: Iterable[int] = [whose] if whose is not None and whose in people else sorted(people)
    return [subject_of(people[one]) for one in meant] or [""]
