"""The letters of a bundle, one after the other: numbers opened, set by the press's workers, closed for the press's key.

A letter leaves this process closed, in one unit with a ledger line for each number on it and with how far the bundle has
come: whoever dies in between sets the same letter again, which nobody has seen.
"""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from daicho.nodes.chronicle import Fact, note_many
from daicho.nodes.config import PressConfig
from daicho.nodes.national.former import is_former
from daicho.nodes.national.letters import glyphs_of, papers_of, too_long
from daicho.nodes.node import Node
from daicho.nodes.watch.loops import Job
from daicho.paper.certificate import Certificate, MalformedCertificate
from daicho.paper.fonts import NoFont, find_fonts
from daicho.paper.workers import Press, Sheet, Unprintable
from daicho.rules.destination.keeping import printed_kept_until
from daicho.rules.destination.record import DestinationInfo
from daicho.rules.ledger.events import Event
from daicho.rules.people.codes import IndividualNumber
from daicho.store import destination, notice_bundles
from daicho.store.destination import NoticeName, PrintedNotice
from daicho.store.notice_bundles import BundleRow, LetterRow, PrintRow
from daicho.store.unit import StoreUnavailable, Unit
from daicho.wire.codecs.destination import read_kept
from daicho.wire.press import PressLetter, close_letter

NO_FONT, NO_CHARACTER, NO_PRESS, NUMBER_CHANGED = "font", "character", "fault", "number"
NO_CONTENT = "content"
"""Why a letter waits or was left out; behind the content stands the item that is too long."""
TRIES = 3
"""Own definition: how often a letter may fail before it is left out."""
_LOG = logging.getLogger("daicho.national")
SetBundle = Callable[[Sequence[Certificate]], Sheet | Unprintable]
_EVERY_SECONDS = 10.0
_KEY_BYTES = 32
_RESTS = timedelta(minutes=5)
_MACHINE = "machine:press"


@dataclass(frozen=True, slots=True)
class _Work:
    """One letter with what is to be printed in it; those whose number is another one by now are left out.

    Without a file its numbers could not be opened.
    """

    bundle: BundleRow
    letter: LetterRow
    info: DestinationInfo | None
    prints: tuple[PrintRow, ...]
    changed: tuple[PrintRow, ...]


def press_key(config: PressConfig) -> bytes:
    """Read the press's public key. Raises: ValueError when it is none."""
    key = Path(config.public_key_file).read_bytes()
    if len(key) != _KEY_BYTES:
        raise ValueError(f"{config.public_key_file} is no public key of a press")
    return key


def notice_setting(node: Node, press_key: bytes) -> Job:
    """Set what was ordered, a letter at a time; the workers run only as long as there is something to set."""
    return Job("notice-letters", _EVERY_SECONDS, _Setting(node, press_key).work)


class _Setting:
    """The workers of the press, from the first letter that waits to the last."""

    def __init__(self, node: Node, press_key: bytes) -> None:
        self._node, self._key = node, press_key
        self._press: Press | None = None

    def work(self) -> bool:
        """Set one letter; without one, let the workers end."""
        more = set_next(self._node, self._key, self._set)
        if not more and self._press is not None:
            self._press.close()
            self._press = None
        return more

    def _set(self, papers: Sequence[Certificate]) -> Sheet | Unprintable:
        if self._press is None:
            self._press = Press(find_fonts(), workers=1)
        return self._press.set_bundle(papers)


def set_next(node: Node, press_key: bytes, set_bundle: SetBundle) -> bool:
    """Set the next letter of the oldest bundle in the making; False where there is none, or it rests.

    A letter that fails again and again is left out, so that those behind it are set.
    """
    found = _next(node)
    if found is None or isinstance(found, bool):
        return bool(found)
    bundle, letter = found
    try:
        work = _opened_work(node, bundle, letter)
        sheet = _sheet(node, work, set_bundle)
        sealed = b""
        if isinstance(sheet, Sheet):
            closed = PressLetter(bundle.number, letter.place, bundle.letters, sheet.pdf)
            sealed = close_letter(closed, press_key)
    except StoreUnavailable:
        raise
    except NoFont:
        _rest(node, bundle, NO_FONT)
        return False
    except Exception as fault:  # noqa: BLE001 - one letter must not stop all others
        # Only the kind of fault: its words may repeat what stands in the letter.
        _LOG.warning("a letter was not set: %s", type(fault).__name__)
        if bundle.tries + 1 < TRIES:
            _rest(node, bundle, NO_PRESS)
            return False
        _keep_in_unit(node, _Work(bundle, letter, None, _prints(node, letter), ()), b"", NO_PRESS)
        return True
    _keep_in_unit(node, work, sealed, sheet if isinstance(sheet, str) else "")
    return True


def _rest(node: Node, bundle: BundleRow, why: str) -> None:
    with node.store.unit("notice_bundles.hinder") as unit:
        until = node.clock.now() + _RESTS
        notice_bundles.hinder(unit, bundle.number, why, until, tried=why == NO_PRESS)


def _keep_in_unit(node: Node, work: _Work, sealed: bytes, hindrance: str) -> None:
    """Keep what came of a letter, unless its bundle was dropped meanwhile or somebody else set it."""
    with node.store.unit("notice_bundles.set") as unit:
        row = notice_bundles.lock_bundle(unit, work.bundle.number)
        if row is not None and row.state == "making" and row.done == work.bundle.done:
            _keep(unit, node, work, sealed, hindrance)


def _next(node: Node) -> tuple[BundleRow, LetterRow] | bool | None:
    """Find the next letter; True where it is gone and the next one may be looked at."""
    now = node.clock.now()
    with node.store.reading() as unit:
        if notice_bundles.next_bundle(unit, now, now + _RESTS) is None:
            return None
    with node.store.unit("notice_bundles.next") as unit:
        bundle = notice_bundles.next_bundle(unit, now, now + _RESTS)
        if bundle is None:
            return None
        letter = notice_bundles.letter_from(unit, bundle.number, bundle.done + 1)
        if letter is not None:
            return bundle, letter
        row = notice_bundles.lock_bundle(unit, bundle.number)  # the rest was forgotten with its files
        if row is not None and row.state == "making" and row.done == bundle.done:
            left = bundle.letters - bundle.done
            notice_bundles.advance(unit, bundle.number, bundle.letters, now, _MACHINE, left=left)
    return True


def _opened_work(node: Node, bundle: BundleRow, letter: LetterRow) -> _Work:
    with node.store.unit("notice_bundles.open") as unit:
        prints = _in_force(unit, letter)
        info = _opened(unit, node, letter, {one.place for one in prints})
        with unit.as_number_keeper():
            former = {
                one
                for one in prints
                if is_former(unit, node, str(info.persons[one.place - 1].individual_number))
            }
    still = tuple(one for one in prints if one not in former)
    return _Work(bundle, letter, info, still, tuple(one for one in prints if one in former))


def _prints(node: Node, letter: LetterRow) -> tuple[PrintRow, ...]:
    with node.store.unit("notice_bundles.prints") as unit:
        return tuple(_in_force(unit, letter))


def _in_force(unit: Unit, letter: LetterRow) -> list[PrintRow]:
    found = notice_bundles.prints_of_letter(unit, letter.bundle, letter.place)
    return [one for one in found if not one.over]


def _opened(unit: Unit, node: Node, letter: LetterRow, places: Collection[int]) -> DestinationInfo:
    """Read a letter's file and open the numbers of those people of it who stand in the letter."""
    info = read_kept(destination.files(unit, [letter.file])[letter.file].body)
    with unit.as_number_keeper():
        sealed = destination.numbers_of(unit, letter.file)
    persons = [
        replace(one, individual_number=IndividualNumber(node.vault.open(content, one.resident_record_code)))
        if place in places
        else one
        for place, (one, content) in enumerate(zip(info.persons, sealed, strict=True), 1)
    ]
    return replace(info, persons=tuple(persons))


def _sheet(node: Node, work: _Work, set_bundle: SetBundle) -> Sheet | str:
    """Set a letter, or say why it is left out; characters that no font has are written as the file itself says.

    Raises: PressFault, NoFont, and what else goes wrong with a letter.
    """
    if not work.prints or work.info is None:
        return NUMBER_CHANGED
    title, on = node.me.title, node.clock.business_today()
    try:
        papers = papers_of(work.info, work.bundle, work.prints, title, on, specimen=node.invented)
        own = glyphs_of(work.info)
        sheet = set_bundle([replace(one, own=own) for one in papers])
        if isinstance(sheet, Unprintable):
            more = glyphs_of(work.info, {one.character for one in sheet.missing})
            if more != own:
                sheet = set_bundle([replace(one, own=more) for one in papers])
    except MalformedCertificate:
        return f"{NO_CONTENT} {too_long(work.info, work.prints)}".rstrip()
    if isinstance(sheet, Unprintable):
        return NO_CHARACTER
    if sheet.specimen and not node.invented:
        raise NoFont("a specimen is sent to nobody")
    return sheet


def _keep(unit: Unit, node: Node, work: _Work, sealed: bytes, hindrance: str) -> None:
    destination.lock_files(unit, {work.letter.file})
    if work.changed:
        _take_out(unit, node, work, work.changed, "void", NUMBER_CHANGED)
        destination.keep_until(unit, {work.letter.file}, printed_kept_until(node.clock.business_today()))
    if sealed:
        notice_bundles.set_letter(unit, work.letter, sealed)
        rows = destination.lock_notices(unit, [one.notice for one in work.prints])
        note_many(unit, node, [_fact(work, one, "set") for one in rows])
    else:
        notice_bundles.leave_letter(unit, work.letter, hindrance)
        if work.prints:
            _take_out(unit, node, work, work.prints, "stuck", hindrance)
    left = 0 if sealed else 1
    now = node.clock.now()
    notice_bundles.advance(unit, work.bundle.number, work.letter.place, now, _MACHINE, left=left)


def _take_out(unit: Unit, node: Node, work: _Work, prints: Sequence[PrintRow], state: str, why: str) -> None:
    names: list[NoticeName] = [one.notice for one in prints]
    rows = destination.lock_notices(unit, names)
    destination.mark_notices(unit, names, state, (_MACHINE, node.clock.now()))
    notice_bundles.end_some(unit, names)
    note_many(unit, node, [_fact(work, one, f"{state}:{why.partition(' ')[0]}") for one in rows])


def _fact(work: _Work, row: PrintedNotice, outcome: str) -> Fact:
    """Say that a number was opened to be put on paper, in the name of whoever ordered it."""
    bundle = work.bundle
    return Fact(
        Event.NUMBER_NOTICE_PRINTED, bundle.ordered_by, bundle.role, bundle.terminal,
        subject=row.resident_record_code, outcome=outcome,
        detail={"file": row.control_number, "bundle": str(bundle.number)},
    )  # fmt: skip
