"""The files in which the town tells the Ministry what it changed: each notice in one of them, none lost.  市町村通知の作成"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from daicho.nodes.chronicle import Fact, fact_by, note_by, note_many
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_entry
from daicho.nodes.registry.counter import home_of
from daicho.nodes.registry.guarding import KEPT_BACK, note_kept_back, veil_for
from daicho.nodes.registry.meeting import counterparts_in
from daicho.nodes.registry.moj_link.looking import PURPOSE
from daicho.nodes.registry.records import subject_of
from daicho.nodes.watch.characters import character_tables
from daicho.nodes.watch.loops import Job
from daicho.rules.law.article import Article
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.moj_link.files import (
    FIELD_CHARACTERS,
    MojFileHead,
    MojFileKind,
    digest_of_file,
    write_municipal_file,
)
from daicho.rules.moj_link.municipal import (
    MunicipalAct,
    MunicipalNotice,
    Unwritten,
    in_ministry_characters,
    municipal_notice,
)
from daicho.rules.operators.authority import Operator, Permission, may, may_enter_or_verify, may_verify
from daicho.rules.people.characters.own import with_counterparts
from daicho.rules.people.names import MalformedName, checked_text
from daicho.rules.register.changes import Entry
from daicho.store import moj_link, register
from daicho.store.moj_link import MunicipalFileRow, MunicipalRow
from daicho.store.unit import Unit

IN_ONE_FILE = 500
FILES_SHOWN = 50
STUCK_SHOWN = 100
CONTENT_KEPT = timedelta(days=365)  # own: as long as papers are
_FORGOTTEN_ROWS = 50
_FORGET_EVERY_SECONDS = 3_600.0
BASIS = "入管法61条の8の2"
ARTICLE = Article("出入国管理及び難民認定法", "61-8-2")
_GONE = Refusal(Reason.NOT_FOUND, ARTICLE, "file")
_NOTHING = Refusal(Reason.NOTHING_OWED, ARTICLE, "file")
_SETTLED = Refusal(Reason.REPORT_SETTLED, ARTICLE, "municipal_notice")
_OVER = Refusal(Reason.RETENTION_OVER, ARTICLE, "file")


@dataclass(frozen=True, slots=True)
class StuckNotice:
    """A notice that is in no file because characters have no code; whose items are empty where it is not for whoever asks.

    `written` is how somebody wrote them otherwise, which waits for a second person, or how they were last written of the
    same person.
    """

    id: str
    act: MunicipalAct
    owed_at: datetime
    items: tuple[tuple[Unwritten, str], ...] = ()
    hidden: bool = False
    written: Mapping[str, str] = field(default_factory=dict)
    written_by: str = ""

    @property
    def mark(self) -> str:
        """Give what tells it from others on one page, whichever come before it."""
        return digest_of_file(self.id.encode())[:8]


@dataclass(frozen=True, slots=True)
class MunicipalOverview:
    """How much is owed, what is stuck, and the files that were made."""

    owed: int
    stuck_count: int
    stuck: tuple[StuckNotice, ...]
    files: tuple[MunicipalFileRow, ...]


@dataclass(frozen=True, slots=True)
class MadeFile:
    """What became of making a file: its serial, or none where everything is stuck; how many went in, how many are stuck."""

    serial: int
    notices: int
    stuck: int


@dataclass(frozen=True, slots=True)
class _Composed:
    row: MunicipalRow
    subject: str
    notice: MunicipalNotice
    written: MunicipalNotice  # in the Ministry's characters
    lacking: tuple[Unwritten, ...]  # what the record has without a code
    unwritten: tuple[Unwritten, ...]  # of that, what nobody wrote otherwise with two persons' words


def municipal_overview(node: Node, operator: Operator, *, terminal: str = "") -> MunicipalOverview | Refusal:
    """Show how much is owed, what a character keeps back, and the files, newest first."""
    refusal = may_enter_or_verify(operator)
    if refusal is not None:
        return refusal
    with node.store.unit("moj_link.municipal") as unit:
        rows = moj_link.stuck_notices(unit, limit_rows=STUCK_SHOWN)
        whose = {row.addressee_number for row in rows}
        hidden = _kept_from(unit, node, operator, whose)
        composed = {one.row.id: one for one in _compose(unit, rows)}
        before = moj_link.written_before(unit, sorted(whose - hidden))
        stuck = tuple(
            StuckNotice(row.id, MunicipalAct(row.act), row.owed_at, hidden=True)
            if row.addressee_number in hidden
            else _stuck(row, composed.get(row.id), before.get(row.addressee_number, {}))
            for row in rows
        )
        files = tuple(moj_link.made_files(unit, limit_rows=FILES_SHOWN))
        owed, stuck_count = moj_link.how_many_municipal_owed(unit), moj_link.how_many_stuck(unit)
        told = [
            one.subject
            for row in rows
            if row.addressee_number not in hidden and (one := composed.get(row.id))
        ]
        note_many(
            unit, node,
            [
                fact_by(
                    operator, Event.MOJ_NOTICE_SHOWN, terminal=terminal, purpose=PURPOSE, basis=BASIS,
                    outcome="listed", subject=one,
                )
                for one in dict.fromkeys(told or [""])
            ],
        )  # fmt: skip
    return MunicipalOverview(owed, stuck_count, stuck, files)


def _kept_from(unit: Unit, node: Node, operator: Operator, whose: set[int]) -> frozenset[int]:
    """Name those whose notices are not for an operator: whoever is covered, and whoever once lived with somebody covered.

    Where these moved from may be where the other one still lives.
    """
    if not whose:
        return frozenset()
    veil = veil_for(unit, operator, whose, node.clock.business_now())
    return veil.hidden | frozenset(veil.places)


def _stuck(row: MunicipalRow, composed: _Composed | None, before: Mapping[str, str]) -> StuckNotice:
    written = row.written if row.state == "written" else before
    items: tuple[tuple[Unwritten, str], ...] = ()
    if composed is not None:
        items = tuple((one, str(getattr(composed.notice, one.item))) for one in composed.lacking)
    by = row.written_by if row.state == "written" else None
    return StuckNotice(
        row.id, MunicipalAct(row.act), row.owed_at, items, written=written, written_by=by or ""
    )


def _compose(unit: Unit, rows: Sequence[MunicipalRow]) -> list[_Composed]:
    """Write what each notice says, read from its change; those whose change is destroyed are left out."""
    bodies = register.entry_bodies(unit, [row.entry_id for row in rows])
    about = moj_link.notices_of_entries(unit, sorted(bodies)) if bodies else {}
    entries: dict[str, Entry] = {}
    told: list[tuple[MunicipalRow, Entry, MunicipalNotice]] = []
    for row in rows:
        if row.entry_id not in bodies:
            continue
        if row.entry_id not in entries:
            entries[row.entry_id] = read_entry(bodies[row.entry_id])
        entry = entries[row.entry_id]
        notice = municipal_notice(
            entry, row.addressee_number, MunicipalAct(row.act), row.id, about.get(row.entry_id, "")
        )
        if notice is not None:
            told.append((row, entry, notice))
    if not told:
        return []
    counterparts = counterparts_in(unit, [text for _, _, one in told for text in _texts(one)])
    return [_composed(row, entry, notice, counterparts) for row, entry, notice in told]


def _composed(
    row: MunicipalRow, entry: Entry, notice: MunicipalNotice, counterparts: Mapping[str, str]
) -> _Composed:
    """Write one notice in the Ministry's characters, the town's own by the counterparts that two people gave them."""
    plain = replace(
        notice,
        name=with_counterparts(notice.name, counterparts),
        alias=with_counterparts(notice.alias, counterparts),
        address=with_counterparts(notice.address, counterparts),
        former_address=with_counterparts(notice.former_address, counterparts),
        destination=with_counterparts(notice.destination, counterparts),
    )
    written, lacking = in_ministry_characters(plain, character_tables())
    unwritten = lacking
    if row.confirmed_by is not None:
        given = tuple(row.written.items())
        written, unwritten = in_ministry_characters(plain, character_tables(), written=given)
    subject = next(subject_of(one) for one in entry.after if one.addressee_number == row.addressee_number)
    return _Composed(row, subject, notice, written, lacking, unwritten)


def _texts(notice: MunicipalNotice) -> tuple[str, ...]:
    return notice.name, notice.alias, notice.address, notice.former_address, notice.destination


def make_municipal_file(node: Node, operator: Operator, *, terminal: str = "") -> MadeFile | Refusal:
    """Make the next file of what is owed, oldest first, and keep it; what has no code is set aside, named, and owed still.

    What was set aside is tried again: two people may have identified the character since.
    What came later of somebody of whom something is stuck waits behind it, so that the Ministry reads changes in their order.
    """
    refusal = may(operator, Permission.ENTER_CHANGE)
    if refusal is not None:
        return refusal
    now = node.clock.now()
    with node.store.unit("moj_link.make") as unit:
        moj_link.lock_making(unit)
        set_aside = moj_link.stuck_notices(unit, limit_rows=IN_ONE_FILE)
        again = _compose(unit, set_aside)
        going: list[_Composed] = []
        stuck: list[_Composed] = []
        written = {row.addressee_number for row in set_aside}
        written -= {one.row.addressee_number for one in again if one.unwritten or one.row.state == "written"}
        owed = _compose(unit, moj_link.owed_first(unit, written, limit_rows=IN_ONE_FILE))
        waiting = set(moj_link.stuck_people(unit)) - written
        for one in sorted((*again, *owed), key=lambda one: (one.row.owed_at, one.row.id)):
            if one.row.addressee_number in waiting:
                continue
            if one.unwritten:
                waiting.add(one.row.addressee_number)
                if one.row.state == "owed":
                    stuck.append(one)
            else:
                going.append(one)
        moj_link.note_stuck(unit, [one.row.id for one in stuck])
        serial = _keep_file(unit, node, operator, going, now) if going else 0
        _note_each(unit, node, operator, terminal, [*((one, "made") for one in going),
                                                    *((one, "stuck") for one in stuck)], serial)  # fmt: skip
    return MadeFile(serial, len(going), len(stuck)) if going or stuck else _NOTHING


def _keep_file(unit: Unit, node: Node, operator: Operator, going: Sequence[_Composed], now: datetime) -> int:
    serial = moj_link.last_made(unit) + 1
    today = node.clock.business_today()
    head = MojFileHead(MojFileKind.MUNICIPAL_NOTICE, home_of(node), serial, today, len(going))
    content = write_municipal_file(head, [one.written for one in going])
    row = MunicipalFileRow(serial, today, len(going), digest_of_file(content), operator.login_id, now)
    moj_link.keep_made(unit, row, content)
    if moj_link.note_told(unit, serial, [one.row.id for one in going]) != len(going):
        raise RuntimeError("a notice went into another file meanwhile")
    return serial


def _note_each(
    unit: Unit,
    node: Node,
    operator: Operator,
    terminal: str,
    composed: Sequence[tuple[_Composed, str]],
    serial: int,
) -> None:
    facts: list[Fact] = [
        fact_by(
            operator, Event.MUNICIPAL_FILE_MADE, terminal=terminal, purpose=PURPOSE, basis=BASIS, outcome=outcome,
            subject=one.subject, detail={"notice": one.row.id, "act": one.row.act, "file": str(serial)},
        )
        for one, outcome in composed
    ]  # fmt: skip
    note_many(unit, node, facts)


def fetch_municipal_file(
    node: Node, operator: Operator, serial: int, *, terminal: str = ""
) -> bytes | Refusal:
    """Give a file that was made, as often as it is asked for.

    One that tells of somebody covered, or who once lived with them, is for the officer alone.
    """
    refusal = may(operator, Permission.ENTER_CHANGE)
    if refusal is not None:
        return refusal
    with node.store.unit("moj_link.fetch") as unit:
        found = moj_link.made_file(unit, serial)
        if found is None:
            return _GONE
        whose = {row.addressee_number for row in moj_link.notices_of_file(unit, serial)}
        hidden = _kept_from(unit, node, operator, whose)
        if not hidden and found[1] is not None:
            moj_link.note_handed(unit, serial, node.clock.now())
            note_by(
                unit, node, operator, Event.MUNICIPAL_FILE_FETCHED, terminal=terminal, purpose=PURPOSE, basis=BASIS,
                outcome="fetched", detail={"file": str(serial), "notices": str(found[0].notices)},
            )  # fmt: skip
    if hidden:
        note_kept_back(node, operator, [""], terminal)
        return KEPT_BACK
    return found[1] if found[1] is not None else _OVER


def write_otherwise(
    node: Node, operator: Operator, notice_id: str, written: Mapping[str, str], *, terminal: str = ""
) -> Refusal | None:
    """Write items of a stuck notice otherwise, in characters that have a code; a second person confirms it."""
    refusal = may(operator, Permission.ENTER_CHANGE)
    if refusal is not None:
        return refusal

    def write(unit: Unit, composed: _Composed) -> Refusal | str:
        if composed.row.state != "stuck":
            return _SETTLED
        refusal = _check_written(composed, written)
        if refusal is not None:
            return refusal
        kept = {**composed.row.written, **written}
        moj_link.write_otherwise(unit, notice_id, kept, operator.login_id)
        return "written"

    return _about_stuck(node, operator, notice_id, write, terminal)


def decide_written(
    node: Node, operator: Operator, notice_id: str, *, right: bool, terminal: str = ""
) -> Refusal | None:
    """Confirm as a second person how items are written otherwise, or let them be written anew.

    Whoever wrote them may take it back.
    """

    def decide(unit: Unit, composed: _Composed) -> Refusal | str:
        row = composed.row
        if row.state != "written":
            return _SETTLED
        if not right and row.written_by == operator.login_id:
            refusal = may(operator, Permission.ENTER_CHANGE)
        else:
            refusal = may(operator, Permission.VERIFY_CHANGE) or may_verify(
                row.written_by or "", operator.login_id
            )
        if refusal is not None:
            return refusal
        if right:
            moj_link.confirm_written(unit, notice_id, operator.login_id)
            return "confirmed"
        moj_link.decline_written(unit, notice_id)
        return "declined"

    return may_enter_or_verify(operator) or _about_stuck(node, operator, notice_id, decide, terminal)


def _about_stuck(
    node: Node,
    operator: Operator,
    notice_id: str,
    decide: Callable[[Unit, _Composed], Refusal | str],
    terminal: str,
) -> Refusal | None:
    """Let somebody decide about a stuck notice that is for them; the line says which items, never what they say."""
    with node.store.unit("moj_link.write") as unit:
        row = moj_link.lock_municipal(unit, notice_id)
        composed = _compose(unit, [row]) if row is not None else []
        if row is None or not composed:
            return _SETTLED
        hidden = _kept_from(unit, node, operator, {row.addressee_number})
        outcome: Refusal | str = KEPT_BACK if hidden else decide(unit, composed[0])
        if not isinstance(outcome, Refusal):
            items = " ".join(one.item for one in composed[0].lacking)
            note_many(
                unit, node,
                [
                    fact_by(
                        operator, Event.MUNICIPAL_NOTICE_WRITTEN, terminal=terminal, purpose=PURPOSE, basis=BASIS,
                        outcome=outcome, subject=composed[0].subject, detail={"notice": notice_id, "items": items},
                    )
                ],
            )  # fmt: skip
    if hidden:
        note_kept_back(node, operator, [composed[0].subject], terminal)
    return outcome if isinstance(outcome, Refusal) else None


def _check_written(composed: _Composed, written: Mapping[str, str]) -> Refusal | None:
    """Refuse what is no item that is stuck, what nobody can write, and what has no code either."""
    stuck = {one.item for one in composed.unwritten}
    for item in sorted(stuck):
        try:
            checked_text(written.get(item, ""), what=item, limit=FIELD_CHARACTERS)
        except MalformedName:
            return Refusal(Reason.FIELD_MISSING, ARTICLE, item)
    if set(written) != stuck:
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, ARTICLE, "item")
    _, unwritten = in_ministry_characters(composed.notice, character_tables(), written=tuple(written.items()))
    wrong = next((one.item for one in unwritten if one.item in stuck), None)
    return None if wrong is None else Refusal(Reason.CHARACTER_WITHOUT_CODE, ARTICLE, wrong)


def municipal_forgetting(node: Node) -> Job:
    """Forget what files said, and why of notices nothing was recorded, once a year is over."""

    def forget() -> bool:
        with node.store.unit("moj_link.forget") as unit:
            before = node.clock.now() - CONTENT_KEPT
            contents = moj_link.forget_contents(unit, before, limit_rows=_FORGOTTEN_ROWS)
            whys = moj_link.forget_whys(unit, before, limit_rows=_FORGOTTEN_ROWS)
            return _FORGOTTEN_ROWS in (contents, whys)

    return Job("ministry-files", _FORGET_EVERY_SECONDS, forget)
