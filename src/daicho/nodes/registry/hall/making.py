"""Large extractions, made beside the requests: part by part into sealed pieces, then the ledger's lines, then fetched once.

Each step is one unit: whoever is killed between two goes on where the last one ended, and nobody is in a file, or has a
line for it, twice. Who moves while a file is made stands in it as the part was read that names them.
"""

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass

from daicho.nodes.chronicle import note_many
from daicho.nodes.node import Node
from daicho.nodes.registry.hall.extractions import (
    ANYBODY,
    EXTRACTION_GONE,
    ORDER_ARTICLE,
    ExtractionView,
    extraction_fact,
    make_extraction,
    meant_among,
    narrowed_by,
    view_of,
)
from daicho.nodes.registry.hall.files import FileWords, HallFile, heading, write_part
from daicho.nodes.registry.records import subject_of
from daicho.nodes.watch.loops import Job
from daicho.rules.hall.extraction import (
    AT_ONCE_PEOPLE,
    EXTRACTED_ITEMS,
    READY_FOR,
    ExtractionOrder,
    ExtractionState,
    extracted,
    grew,
    needs_approval,
)
from daicho.rules.hall.offices import HallItem
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.store import extractions, protection
from daicho.store.extractions import ExtractionRow
from daicho.store.unit import StoreUnavailable, Unit
from daicho.wire.codecs.letters import decode, encode

_LOG = logging.getLogger("daicho.extractions")
_EVERY_SECONDS = 2.0
PART_ROWS = 2_000
_LAPSED_ROWS = 20


@dataclass(frozen=True, slots=True)
class _Part:
    """Some lines of a file, who is named in them, and in the first one who was covered when the file was begun."""

    text: str
    subjects: tuple[str, ...]
    covered: tuple[int, ...] = ()


def take_extraction(
    node: Node, operator: Operator, number: str, words: FileWords, *, terminal: str = ""
) -> HallFile | Refusal | None:
    """Make a small file and give it; begin a large one, or give it when it is there. Nothing means that it is being made."""
    refusal = may(operator, Permission.EXTRACT_DATA)
    if refusal is not None:
        return refusal
    with node.store.unit("extraction.take") as unit:
        row = extractions.lock_extraction(unit, number)
        if row is None or row.asked_by != operator.login_id:
            return EXTRACTION_GONE
        view = view_of(row, node.clock.now())
        if view.state is ExtractionState.MAKING:
            return None
        if view.state is ExtractionState.KEPT:
            return _fetched(unit, node, operator, view, terminal)
        if view.state is ExtractionState.READY and row.counted > AT_ONCE_PEOPLE:
            _begin(unit, node, operator, view, words, terminal)
            return None
    return make_extraction(node, operator, number, words, terminal=terminal)


def _begin(
    unit: Unit, node: Node, operator: Operator, view: ExtractionView, words: FileWords, terminal: str
) -> None:
    number, told = view.row.number, encode(words).decode()
    extractions.begin_making(unit, number, node.clock.now(), operator.role_id, terminal, told)
    _note(unit, node, operator, view, terminal, "begun")


def _note(
    unit: Unit, node: Node, operator: Operator, view: ExtractionView, terminal: str, outcome: str
) -> None:
    """Write a line about a file as a whole; what it says of whom is said by others."""
    detail = {"number": view.row.number}
    if view.row.digest is not None:
        detail["sha256"] = view.row.digest.hex()
    fact = extraction_fact(Event.EXTRACTION_MADE, operator, view.order, terminal, outcome, detail)
    note_many(unit, node, [fact])


def extraction_making(node: Node) -> Job:
    """Make the files that were begun, the oldest first."""
    return Job("extractions", _EVERY_SECONDS, lambda: make_some(node))


def make_some(node: Node) -> bool:
    """Do one step of the file that was begun first; tells whether there was anything to do.

    A file whose step fails goes back to whoever asked for it, so that it holds up no other.
    """
    kept_since = node.clock.now() - READY_FOR
    with node.store.reading() as unit:
        if not extractions.making_waits(unit, kept_since):
            return False
    number: list[str] = []
    try:
        with node.store.unit("extraction.step") as unit:
            row = extractions.lock_next_making(unit)
            if row is None:
                return bool(extractions.lapse_kept(unit, kept_since, limit_rows=_LAPSED_ROWS))
            number.append(row.number)
            _step(unit, node, view_of(row, node.clock.now()))
    except StoreUnavailable:
        raise
    except Exception as fault:
        if not number:
            raise
        _LOG.warning("a file of an extraction is given up: %s", type(fault).__name__)
        _give_up(node, number[0])
    return True


def _give_up(node: Node, number: str) -> None:
    with node.store.unit("extraction.give_up") as unit:
        row = extractions.lock_extraction(unit, number)
        if row is not None and row.state == ExtractionState.MAKING.value:
            _put_back(unit, node, view_of(row, node.clock.now()), Reason.ITEM_MALFORMED)


def _put_back(unit: Unit, node: Node, view: ExtractionView, why: Reason) -> None:
    """Let a file be made anew; what was made of it nobody has seen."""
    extractions.put_back(unit, view.row.number, why.value)
    _note(unit, node, _maker(view.row), view, view.row.begun_terminal or "", "discarded")


def _maker(row: ExtractionRow) -> Operator:
    """Give whoever let a file be made, as they were then."""
    return Operator(row.asked_by, row.begun_role or "", ())


def _step(unit: Unit, node: Node, view: ExtractionView) -> None:
    if view.row.looked_at is not None:
        _read_on(unit, node, view, view.row.looked_at)
    else:
        _note_on(unit, node, view)


def _read_on(unit: Unit, node: Node, view: ExtractionView, after: int) -> None:
    """Write the next part; behind the last one the whole file is known by its digest."""
    row, order = view.row, view.order
    first, words = after == 0, decode(FileWords, (row.words or "").encode(), our_own=True)
    covered = _covered(unit, node) if first else frozenset[int]()
    narrowed = narrowed_by(unit, order.conditions)
    batch = extractions.records_after(unit, narrowed, after, limit_rows=PART_ROWS)
    people = [
        (subject_of(one), extracted(one, order.items, covered=hidden))
        for one, hidden in meant_among(unit, node, order.conditions, batch)
    ]
    total = (row.people or 0) + len(people)
    if grew(row.counted, total) or (
        not row.needs_second
        and needs_approval(order.items, total, covered=any(one.protected for _, one in people))
    ):
        _put_back(unit, node, view, Reason.CHANGED_SINCE)
        return
    items = _items_of(order)
    rows = (((), person) for _, person in people)
    made = write_part(rows, items, words, plain=order.characters_replaced)
    head = heading((), items, words) if first else ""
    part = _Part(head + made.text, tuple(subject for subject, _ in people), tuple(sorted(covered)))
    if first or people:
        sealed = node.vault.seal_file(encode(part), f"extraction:{row.number}")
        extractions.add_part(unit, row.number, sealed)
    last = None if len(batch) < PART_ROWS else batch[-1][0]
    extractions.note_read(unit, row.number, last, made.people, made.replaced)
    if last is None:
        found = hashlib.sha256()
        for one in _parts(unit, node, row.number):
            found.update(one.text.encode())
        extractions.note_whole(unit, row.number, found.digest(), node.clock.now())


def _items_of(order: ExtractionOrder) -> list[HallItem]:
    return [one for one in EXTRACTED_ITEMS if one in order.items]


def _covered(unit: Unit, node: Node) -> frozenset[int]:
    return protection.hidden_everywhere(unit, ANYBODY.login_id, node.clock.business_now())


def _parts(unit: Unit, node: Node, number: str) -> Iterator[_Part]:
    for _, sealed in extractions.parts_of(unit, number):
        yield _opened(node, number, sealed)


def _opened(node: Node, number: str, sealed: bytes) -> _Part:
    return decode(_Part, node.vault.open_file(sealed, f"extraction:{number}"), our_own=True)


def _note_on(unit: Unit, node: Node, view: ExtractionView) -> None:
    """Write the lines of the next part; when all are written, the file may be fetched. A file of nobody has a line, too."""
    row = view.row
    found = extractions.next_unnoted(unit, row.number)
    if found is None:
        extractions.keep_for_fetching(unit, row.number)
        return
    place, sealed = found
    subjects = _opened(node, row.number, sealed).subjects or (("",) if row.people == 0 else ())
    detail = {
        "number": row.number, "people": str(row.people or 0), "sha256": (row.digest or b"").hex(),
    }  # fmt: skip
    facts = [
        extraction_fact(
            Event.EXTRACTION_MADE, _maker(row), view.order, row.begun_terminal or "", "made", detail, one
        )
        for one in subjects
    ]
    if facts:
        note_many(unit, node, facts)
    extractions.note_part(unit, row.number, place)


def _fetched(
    unit: Unit, node: Node, operator: Operator, view: ExtractionView, terminal: str
) -> HallFile | Refusal:
    """Give a file that waits, once; it is made anew where a measure covers anybody since it was begun: a home may stand in it."""
    row = view.row
    parts = list(_parts(unit, node, row.number))
    if _covered(unit, node) - set(parts[0].covered):
        _put_back(unit, node, view, Reason.CHANGED_SINCE)
        return Refusal(Reason.CHANGED_SINCE, ORDER_ARTICLE, "number")
    content = "".join(one.text for one in parts).encode()
    digest = hashlib.sha256(content).digest()
    if digest != row.digest:
        raise RuntimeError("the parts of a file are not what was noted of them")
    extractions.note_fetched(unit, row.number)
    _note(unit, node, operator, view, terminal, "handed over")
    return HallFile(content, row.people or 0, row.replaced or 0, digest)
