"""Bundles of notices: ordered, handed out closed for the press, noted as printed, printed anew by two.  個人番号通知書の作成

Nobody at a terminal sees a number: a bundle leaves as it was closed for the press, which alone can open it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from daicho.nodes.chronicle import Fact, fact_by, note_many
from daicho.nodes.national.former import former_among, names_on_paper
from daicho.nodes.national.letters import letters_of, whole_letters
from daicho.nodes.national.setting import NUMBER_CHANGED
from daicho.nodes.node import Node
from daicho.nodes.watch.loops import Job
from daicho.rules.destination.keeping import PRINTED_FILE, printed_kept_until
from daicho.rules.destination.paper import application_id
from daicho.rules.destination.record import DestinationInfo
from daicho.rules.law.article import bango
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may, may_verify
from daicho.store import destination, notice_bundles
from daicho.store.destination import NoticeName, PrintedNotice
from daicho.store.notice_bundles import BundleRow, LetterRow, PrintRow, RefusedRow
from daicho.store.unit import Unit
from daicho.wire.codecs.destination import read_kept
from daicho.wire.press import join_letters

BUNDLE_NOTICES = 100
BUNDLES_SHOWN = 50
ASKED_SHOWN = 100
REFUSED_SHOWN = 100
WHY_CHARACTERS = 200
SEALED_FOR = timedelta(days=7)
"""Own definition: what nobody has printed after this time is deleted, so that it lies nowhere without end."""
_CHANCE_BYTES = 16
_EVERY_SECONDS = 3_600.0
_ARTICLE = bango("7")
_RIGHT = Permission.SEND_NUMBER_NOTICES
_MACHINE = "machine:press"
_NONE = Refusal(Reason.NOT_PENDING, _ARTICLE, "notices")
_NO_BUNDLE = Refusal(Reason.NOT_FOUND, _ARTICLE, "bundle")
_CLOSED = Refusal(Reason.NOT_PENDING, _ARTICLE, "bundle")


@dataclass(frozen=True, slots=True)
class BundleNotice:
    """One notice of a bundle: how it was printed, where it is now, and the file without its individual numbers."""

    printed: PrintRow
    row: PrintedNotice
    file: DestinationInfo


@dataclass(frozen=True, slots=True)
class BundleView:
    """One bundle with its letters and notices."""

    row: BundleRow
    letters: tuple[LetterRow, ...]
    notices: tuple[BundleNotice, ...]


@dataclass(frozen=True, slots=True)
class BundleList:
    """Bundles, newest first, and the lowest number where there are more behind it."""

    rows: tuple[BundleRow, ...]
    more: int | None


def order_bundle(
    node: Node, operator: Operator, name: str, names: Sequence[NoticeName], *, terminal: str = ""
) -> int | Refusal:
    """Let the letters of some waiting notices be made, of none named those that wait longest; gives the bundle's number.

    What waits of one file goes into one letter, also what was not named. The same order once more does nothing.
    """
    refusal = may(operator, _RIGHT)
    if refusal is not None:
        return refusal
    with node.store.unit("notice_bundles.order") as unit:
        known = notice_bundles.known_bundle(unit, name)
        if known is not None:
            return known
        rows = _to_print(unit, names)
        if not rows:
            return _NONE
        letters = letters_of(rows)
        order = BundleRow(
            0, name, "making", operator.login_id, operator.role_id, terminal, node.clock.now(),
            node.clock.business_today().year, len(letters), len(rows),
        )  # fmt: skip
        place_of = {file: place for place, file in enumerate(letters, 1)}
        prints = [
            (place_of[one.file], (*one.file, one.place), application_id(node.clock.token(_CHANCE_BYTES)))
            for one in rows
        ]
        number = notice_bundles.keep_bundle(unit, order, list(letters), prints)
        if number is None:  # sent twice at once: the other one orders
            return _NONE
        marked = (operator.login_id, node.clock.now())
        destination.mark_notices(unit, [one for _, one, _ in prints], "bundled", marked)
        note_many(unit, node, [_by(operator, one, "ordered", number, terminal) for one in rows])
    return number


def how_many_wait_of(node: Node, operator: Operator, names: Sequence[NoticeName]) -> int:
    """Count those of some notices that still wait, such as what found no room in a bundle; nobody is named."""
    if may(operator, _RIGHT) is not None:
        return 0
    with node.store.unit("notice_bundles.left") as unit:
        return sum(one.state == "waiting" for one in destination.lock_notices(unit, names))


def _to_print(unit: Unit, names: Sequence[NoticeName]) -> list[PrintedNotice]:
    """Read and lock whole letters of what waits, at most a bundle full, the longest waiting first."""
    if names:
        files = {(town, number) for town, number, _ in names}
    else:
        files = {one.file for one in destination.waiting_notices(unit, limit_rows=BUNDLE_NOTICES)}
    destination.lock_files(unit, files)
    rows = notice_bundles.lock_waiting_in(unit, sorted(files))
    here = {(*one.file, one.place) for one in rows}
    if not here.issuperset(names):
        return []
    rows.sort(key=lambda one: (one.received_at, *one.file, one.place))
    return whole_letters(rows, BUNDLE_NOTICES)


def bundle_list(node: Node, operator: Operator, *, before: int | None = None) -> BundleList | Refusal:
    """List bundles by their counts; nobody is named."""
    refusal = may(operator, _RIGHT)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        highest = (1 << 62) if before is None else before
        rows = notice_bundles.bundles_before(unit, highest, limit_rows=BUNDLES_SHOWN + 1)
    shown = rows[:BUNDLES_SHOWN]
    return BundleList(tuple(shown), shown[-1].number if len(rows) > BUNDLES_SHOWN else None)


def bundle_view(node: Node, operator: Operator, number: int, *, terminal: str = "") -> BundleView | Refusal:
    """Show one bundle; a line for everybody in it is durable first. No number is opened for it."""
    refusal = may(operator, _RIGHT)
    if refusal is not None:
        return refusal
    with node.store.unit("notice_bundles.show") as unit:
        row = notice_bundles.bundle(unit, number)
        if row is None:
            return _NO_BUNDLE
        pairs = notice_bundles.prints(unit, number)
        found = _with_files(unit, node, operator, pairs, terminal)
        return BundleView(row, tuple(notice_bundles.letters(unit, number)), found)


def _with_files(
    unit: Unit, node: Node, operator: Operator, pairs: Sequence[tuple[PrintRow, PrintedNotice]], terminal: str
) -> tuple[BundleNotice, ...]:
    kept = destination.files(unit, {row.file for _, row in pairs})
    infos = {name: read_kept(one.body) for name, one in kept.items()}
    facts = [
        fact_by(
            operator, Event.NUMBER_NOTICE_SHOWN, terminal=terminal, subject=row.resident_record_code,
            outcome="shown", detail={"file": row.control_number},
        )
        for _, row in pairs
    ]  # fmt: skip
    note_many(unit, node, facts)
    return tuple(BundleNotice(printed, row, infos[row.file]) for printed, row in pairs)


def fetch_bundle(node: Node, operator: Operator, number: int, *, terminal: str = "") -> bytes | Refusal:
    """Hand out a bundle that is made, closed for the press; a line is durable first.

    It can be fetched until it is noted as printed, so that one that was lost on its way can be fetched again. A letter with
    a number that another one has replaced since it was set is left out; whoever else is in it waits again.
    """
    refusal = may(operator, _RIGHT)
    if refusal is not None:
        return refusal
    with node.store.unit("notice_bundles.fetch") as unit:
        row = notice_bundles.lock_bundle(unit, number)
        if row is None:
            return _NO_BUNDLE
        if row.state != "made":
            return _CLOSED
        _leave_former_out(unit, node, number)
        sealed = notice_bundles.sealed_letters(unit, number)
        if not sealed:
            notice_bundles.close_bundle(unit, number, "dropped", (_MACHINE, node.clock.now()))
            return _CLOSED
        notice_bundles.note_fetched(unit, number, (operator.login_id, node.clock.now()))
        detail = {"bundle": str(number), "letters": str(len(sealed))}
        outcome = "fetched" if row.fetched_by is None else "again"
        fetched = fact_by(
            operator, Event.NUMBER_BUNDLE_FETCHED, terminal=terminal, subject=f"bundle:{number}",
            outcome=outcome, detail=detail,
        )  # fmt: skip
        note_many(unit, node, [fetched])
    return join_letters(sealed)


def _leave_former_out(unit: Unit, node: Node, number: int) -> None:
    pairs = [
        (printed, row)
        for printed, row in notice_bundles.prints(unit, number)
        if row.state == "bundled" and not printed.over
    ]
    former = {one.name for one in former_among(unit, node, [row for _, row in pairs])}
    places = {printed.letter for printed, row in pairs if row.name in former}
    if not places:
        return
    people = [row for printed, row in pairs if printed.letter in places]
    files = {one.file for one in people}
    destination.lock_files(unit, files)
    notice_bundles.take_letters_out(unit, number, sorted(places), NUMBER_CHANGED)
    notice_bundles.end_some(unit, [one.name for one in people])
    destination.mark_notices(unit, sorted(former), "void", (_MACHINE, node.clock.now()))
    destination.wait_again(unit, [one.name for one in people if one.name not in former])
    destination.keep_until(unit, files, printed_kept_until(node.clock.business_today()))
    facts = [
        _fact(
            one.resident_record_code, one.control_number,
            f"void:{NUMBER_CHANGED}" if one.name in former else "dropped", number,
        )
        for one in people
    ]  # fmt: skip
    note_many(unit, node, facts)


def note_printed(node: Node, operator: Operator, number: int, *, terminal: str = "") -> Refusal | None:
    """Note that a bundle that was fetched is printed; what waited for the press is deleted."""
    refusal = may(operator, _RIGHT)
    if refusal is not None:
        return refusal
    with node.store.unit("notice_bundles.printed") as unit:
        row = notice_bundles.lock_bundle(unit, number)
        if row is None:
            return _NO_BUNDLE
        if row.state != "made" or row.fetched_by is None:
            return _CLOSED
        marked = (operator.login_id, node.clock.now())
        notice_bundles.close_bundle(unit, number, "printed", marked)
        people = notice_bundles.mark_bundle(unit, number, ("bundled", "printed"), marked)
        note_many(unit, node, [_who(operator, *one, "printed", number, terminal) for one in people])
    return None


def drop_bundle(node: Node, operator: Operator, number: int, *, terminal: str = "") -> Refusal | None:
    """Drop a bundle that nobody has fetched; its notices wait again."""
    refusal = may(operator, _RIGHT)
    if refusal is not None:
        return refusal
    with node.store.unit("notice_bundles.drop") as unit:
        row = notice_bundles.lock_bundle(unit, number)
        if row is None:
            return _NO_BUNDLE
        if row.state not in ("making", "made") or row.fetched_by is not None:
            return _CLOSED
        people = _dropped(unit, node, number, operator.login_id)
        note_many(unit, node, [_by(operator, one, "dropped", number, terminal) for one in people])
    return None


def _dropped(unit: Unit, node: Node, number: int, who: str) -> list[PrintedNotice]:
    rows = [
        row
        for printed, row in notice_bundles.prints(unit, number)
        if row.state == "bundled" and not printed.over
    ]
    destination.wait_again(unit, [(*one.file, one.place) for one in rows])
    notice_bundles.end_prints(unit, number)
    notice_bundles.close_bundle(unit, number, "dropped", (who, node.clock.now()))
    return rows


def send_bundle(node: Node, operator: Operator, number: int, *, terminal: str = "") -> Refusal | None:
    """Note that whatever is printed of a bundle was sent; an envelope that is asked to be printed anew stays.

    Nothing goes as long as a notice among it bears a number that another one has replaced; the refusal names it.
    """
    refusal = may(operator, _RIGHT)
    if refusal is not None:
        return refusal
    with node.store.unit("notice_bundles.send") as unit:
        if notice_bundles.lock_bundle(unit, number) is None:
            return _NO_BUNDLE
        pairs = [pair for pair in notice_bundles.prints(unit, number) if not pair[0].over]
        asked = {printed.letter for printed, _ in pairs if printed.asked_by is not None}
        rows = [row for printed, row in pairs if row.state == "printed" and printed.letter not in asked]
        names = [one.name for one in rows]
        files = {one.file for one in rows}
        destination.lock_files(unit, files)
        if not rows or any(one.state != "printed" for one in destination.lock_notices(unit, names)):
            return _NONE
        if any(one.asked_by is not None for one in notice_bundles.lock_prints(unit, names)):
            return _NONE
        refusal = still_theirs(unit, node, rows)
        if refusal is not None:
            return refusal
        destination.mark_notices(unit, names, "sent", (operator.login_id, node.clock.now()))
        until = printed_kept_until(node.clock.business_today())
        destination.keep_until(unit, files, until)
        facts = [
            fact_by(
                operator, Event.NUMBER_NOTICE_SENT, terminal=terminal, subject=one.resident_record_code,
                outcome="sent", detail={"file": one.control_number},
            )
            for one in rows
        ]  # fmt: skip
        note_many(unit, node, facts)
    return None


def still_theirs(unit: Unit, node: Node, rows: Sequence[PrintedNotice]) -> Refusal | None:
    """Refuse, by the numbers that stand on them, notices of a number that another one has replaced: they are to be held back."""
    former = former_among(unit, node, rows)
    if not former:
        return None
    detail = names_on_paper(unit, [one.name for one in former])
    return Refusal(Reason.NOTICE_OF_FORMER_NUMBER, _ARTICLE, "notices", detail)


def reason_given(why: str) -> Refusal | None:
    """Refuse what is done to printed notices without a reason, or with too long a one."""
    if not why.strip():
        return Refusal(Reason.FIELD_MISSING, _ARTICLE, "why")
    return Refusal(Reason.FIELD_TOO_LONG, _ARTICLE, "why") if len(why) > WHY_CHARACTERS else None


def ask_reprint(
    node: Node, operator: Operator, names: Sequence[NoticeName], why: str, *, terminal: str = ""
) -> Refusal | None:
    """Ask that printed notices be printed anew, such as for a spoiled sheet: all or none; a second person decides.

    Whole envelopes are: the first sheet alone bears the address.
    """
    refusal = may(operator, _RIGHT) or reason_given(why)
    if refusal is not None:
        return refusal
    with node.store.unit("notice_bundles.ask_reprint") as unit:
        wanted = notice_bundles.in_same_letters(unit, names)
        rows = destination.lock_notices(unit, wanted)
        prints = notice_bundles.lock_prints(unit, wanted)
        counted = len(rows) == len(wanted) == len(prints) and set(names) <= set(wanted)
        if not rows or not counted or any(one.state != "printed" for one in rows):
            return _NONE
        if any(one.asked_by is not None for one in prints):
            return _NONE
        notice_bundles.ask_again(unit, wanted, (operator.login_id, node.clock.now(), why))
        note_many(unit, node, _facts(operator, rows, prints, "reprint_asked", terminal))
    return None


def asked_reprints(
    node: Node, operator: Operator, *, terminal: str = ""
) -> tuple[BundleNotice, ...] | Refusal:
    """List what is asked to be printed anew; a line for everybody in it is durable first."""
    refusal = may(operator, _RIGHT)
    if refusal is not None:
        return refusal
    with node.store.unit("notice_bundles.asked") as unit:
        pairs = notice_bundles.asked(unit, limit_rows=ASKED_SHOWN)
        return _with_files(unit, node, operator, pairs, terminal)


def decide_reprint(
    node: Node, operator: Operator, names: Sequence[NoticeName], *, grant: bool, terminal: str = ""
) -> Refusal | None:
    """Let whole envelopes wait to be printed anew, or leave them as they are: by a second person, all or none."""
    refusal = may(operator, _RIGHT)
    if refusal is not None:
        return refusal
    with node.store.unit("notice_bundles.decide_reprint") as unit:
        wanted = notice_bundles.in_same_letters(unit, names)
        rows = destination.lock_notices(unit, wanted)
        prints = notice_bundles.lock_prints(unit, wanted)
        asked = [one.asked_by for one in prints if one.asked_by is not None]
        if not rows or not len(rows) == len(wanted) == len(asked) or not set(names) <= set(wanted):
            return _NONE
        if grant and any(one.state != "printed" for one in rows):
            return _NONE
        refusal = next(filter(None, (may_verify(one, operator.login_id) for one in asked)), None)
        if grant and refusal is not None:  # whoever asked may take it back
            return refusal
        if not grant:
            notice_bundles.decline_again(unit, wanted)
        else:
            notice_bundles.grant_again(unit, wanted, (operator.login_id, node.clock.now()))
            destination.wait_again(unit, wanted)
        outcome = "reprint_granted" if grant else "reprint_declined"
        note_many(unit, node, _facts(operator, rows, prints, outcome, terminal))
    return None


def refused_files(node: Node, operator: Operator) -> tuple[RefusedRow, ...] | Refusal:
    """List files of towns that were refused here, by their numbers; nobody is named."""
    refusal = may(operator, _RIGHT)
    if refusal is not None:
        return refusal
    with node.store.unit("notice_bundles.refused") as unit:
        return tuple(notice_bundles.refused_files(unit, limit_rows=REFUSED_SHOWN))


def bundle_forgetting(node: Node) -> Job:
    """Delete what was closed for the press and nobody has printed in time, and what was refused long ago."""
    return Job("notice-bundles", _EVERY_SECONDS, lambda: forget_bundles(node) > 0)


def forget_bundles(node: Node, *, limit_rows: int = 20) -> int:
    """Delete it, and count the bundles: the notices of one that nobody fetched wait again, one that was fetched was printed.

    One that was never wholly made counts as one that nobody fetched.
    """
    now, done = node.clock.now(), 0
    with node.store.unit("notice_bundles.forget") as unit:
        notice_bundles.forget_refused(unit, now - timedelta(days=PRINTED_FILE.days))
        for number in notice_bundles.overdue(unit, now - SEALED_FOR, limit_rows=limit_rows):
            row = notice_bundles.lock_bundle(unit, number)
            if row is None or row.state not in ("making", "made"):
                continue
            if row.fetched_by is None:
                people = [
                    (one.resident_record_code, one.control_number)
                    for one in _dropped(unit, node, number, _MACHINE)
                ]
            else:
                notice_bundles.close_bundle(unit, number, "printed", (_MACHINE, now))
                people = notice_bundles.mark_bundle(unit, number, ("bundled", "printed"), (_MACHINE, now))
            outcome = "dropped" if row.fetched_by is None else "printed"
            note_many(unit, node, [_fact(code, file, outcome, number) for code, file in people])
            done += 1
    return done


def _facts(
    operator: Operator,
    rows: Sequence[PrintedNotice],
    prints: Sequence[PrintRow],
    outcome: str,
    terminal: str,
) -> list[Fact]:
    bundle_of = {one.notice: one.bundle for one in prints}
    return [_by(operator, one, outcome, bundle_of[*one.file, one.place], terminal) for one in rows]


def _by(operator: Operator, row: PrintedNotice, outcome: str, bundle: int, terminal: str) -> Fact:
    return _who(operator, row.resident_record_code, row.control_number, outcome, bundle, terminal)


def _who(operator: Operator, code: str, file: str, outcome: str, bundle: int, terminal: str) -> Fact:
    return fact_by(
        operator, Event.NUMBER_NOTICE_PRINTED, terminal=terminal, subject=code, outcome=outcome,
        detail={"file": file, "bundle": str(bundle)},
    )  # fmt: skip


def _fact(code: str, file: str, outcome: str, bundle: int) -> Fact:
    detail = {"file": file, "bundle": str(bundle)}
    return Fact(Event.NUMBER_NOTICE_PRINTED, subject=code, outcome=outcome, detail=detail)
