"""One node's books, recomputed from the stored bytes with the auditor's read-only role."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from daicho.nodes.auditor.findings import Fault, Finding
from daicho.nodes.chronicle.checkpoints import signed_by
from daicho.rules.ledger.note import MalformedNote, read_note, read_signature
from daicho.rules.ledger.tree import leaf_hash, node_hash
from daicho.rules.network.kinds import Member, NodeKind
from daicho.store.unit import Store, Unit
from daicho.wire.directory import Directory

GRACE = timedelta(minutes=2)
_PAGE_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class Books:
    """What the auditor opens: a node as the directory lists it, and its database."""

    member: Member
    store: Store


class _Frontier:
    """The growing right edge of a tree: enough to know the root at every size."""

    def __init__(self) -> None:
        self._peaks: list[tuple[int, bytes]] = []  # (level, hash), largest first
        self.size = 0

    def add(self, leaf: bytes) -> None:
        self._peaks.append((0, leaf))
        self.size += 1
        while len(self._peaks) > 1 and self._peaks[-1][0] == self._peaks[-2][0]:
            level, right = self._peaks.pop()
            _, left = self._peaks.pop()
            self._peaks.append((level + 1, node_hash(left, right)))

    def root(self) -> bytes:
        found = self._peaks[-1][1]
        for _, left in reversed(self._peaks[:-1]):
            found = node_hash(left, found)
        return found


def audit_books(books: Books, directory: Directory, now: datetime) -> list[Finding]:
    """Recompute one node's ledger and look for one hand where there should be two."""
    with books.store.unit() as unit:
        findings = list(_lines(unit, books.member, now))
        findings += _checkpoints(unit, books.member, directory)
        findings += _answers(unit, books.member)
        if books.member.kind is NodeKind.REGISTRY:
            findings += _dual_control(unit, books.member)
            findings += _counts(unit, books.member)
    return findings


def _lines(unit: Unit, member: Member, now: datetime) -> Iterator[Finding]:
    """Hash every body again; find lines that were changed, taken away, or never placed."""
    after = 0
    while True:
        rows = unit.execute(
            "select l.line_id, l.body, l.leaf_hash, l.recorded_at, f.leaf_hash from ledger.line l"
            " left join ledger.leaf f using (line_id) where l.line_id > %s order by l.line_id limit %s",
            (after, _PAGE_ROWS),
        ).fetchall()
        if not rows:
            break
        for line_id, body, kept, recorded_at, placed in rows:
            digest = leaf_hash(body)
            if digest != kept or (placed is not None and digest != placed):
                yield Finding(str(member.name), Fault.LINE_ALTERED, f"line {line_id}")
            elif placed is None and now - recorded_at > GRACE:
                yield Finding(str(member.name), Fault.LINE_UNPLACED, f"line {line_id}")
        after = int(rows[-1][0])
    gone = unit.execute(
        "select f.position from ledger.leaf f left join ledger.line l using (line_id) where l.line_id is null"
        " order by f.position limit 100"
    ).fetchall()
    for (position,) in gone:
        yield Finding(str(member.name), Fault.LINE_MISSING, f"position {position}")


def _checkpoints(unit: Unit, member: Member, directory: Directory) -> list[Finding]:
    """Grow the tree again and hold every signed checkpoint against it."""
    name = str(member.name)
    findings: list[Finding] = []
    signed = unit.execute("select size, root, note from ledger.checkpoint order by size").fetchall()
    frontier, roots = _Frontier(), {int(row[0]): bytes(row[1]) for row in signed}
    grown: dict[int, bytes] = {}
    after = -1
    while True:
        rows = unit.execute(
            "select position, leaf_hash from ledger.leaf where position > %s order by position limit %s",
            (after, _PAGE_ROWS),
        ).fetchall()
        if not rows:
            break
        for position, digest in rows:
            if position != frontier.size:
                return [*findings, Finding(name, Fault.TREE_BROKEN, f"position {frontier.size}")]
            frontier.add(digest)
            if frontier.size in roots:
                grown[frontier.size] = frontier.root()
        after = int(rows[-1][0])
    for size, root, text in signed:
        findings += _one_checkpoint(member, int(size), bytes(root), str(text), grown.get(int(size)))
    return findings + _cosignatures(unit, member, directory)


def _one_checkpoint(member: Member, size: int, root: bytes, text: str, grown: bytes | None) -> list[Finding]:
    name = str(member.name)
    try:
        checkpoint, body, lines = read_note(text)
    except MalformedNote:
        return [Finding(name, Fault.CHECKPOINT_UNSIGNED, f"size {size}")]
    findings = []
    if not any(signed_by(member, body, line) for line in lines):
        findings.append(Finding(name, Fault.CHECKPOINT_UNSIGNED, f"size {size}"))
    if grown != root or checkpoint.root != root or checkpoint.size != size or checkpoint.origin != name:
        findings.append(Finding(name, Fault.ROOT_DIFFERS, f"size {size}"))
    return findings


def _cosignatures(unit: Unit, member: Member, directory: Directory) -> list[Finding]:
    rows = unit.execute(
        "select s.size, s.witness, s.line, c.note from ledger.cosignature s join ledger.checkpoint c using (size)"
    ).fetchall()
    findings = []
    for size, witness, line, text in rows:
        who = directory.member(str(witness))
        try:
            good = who is not None and signed_by(who, read_note(str(text))[1], read_signature(str(line)))
        except MalformedNote:
            good = False
        if not good:
            findings.append(Finding(str(member.name), Fault.COSIGNATURE_INVALID, f"size {size}"))
    return findings


def audit_witness(witness: Books, others: dict[str, Books]) -> list[Finding]:
    """Hold what a witness saw against what the witnessed node shows now: a fork has two roots of one size."""
    with witness.store.unit() as unit:
        seen = unit.execute("select origin, size, root from witness.seen").fetchall()
    findings = []
    for origin, size, root in seen:
        books = others.get(str(origin))
        if books is None:
            continue
        with books.store.unit() as unit:
            row = unit.execute("select root from ledger.checkpoint where size = %s", (size,)).fetchone()
        if row is None or bytes(row[0]) != bytes(root):
            findings.append(Finding(str(origin), Fault.FORKED, f"size {size}"))
    return findings


def _answers(unit: Unit, member: Member) -> list[Finding]:
    """Every answer that showed somebody names a line that says so."""
    rows = unit.execute(
        "select a.answer_id, a.line_id from ledger.answer a left join ledger.line l using (line_id)"
        " where l.line_id is null or position(convert_to(a.answer_id, 'UTF8') in l.body) = 0 limit 100"
    ).fetchall()
    return [Finding(str(member.name), Fault.ANSWER_WITHOUT_LINE, f"answer {row[0]}") for row in rows]


def _dual_control(unit: Unit, member: Member) -> list[Finding]:
    rows = unit.execute(
        "select id from register.entry where state in ('verified', 'rejected')"
        " and (verified_by is null or verified_by = entered_by) limit 100"
    ).fetchall()
    findings = [Finding(str(member.name), Fault.SELF_VERIFIED, f"entry {row[0]}") for row in rows]
    rows = unit.execute(
        "select r.addressee_number from register.resident r left join register.entry e on e.id = r.entry_id"
        " where e.state is distinct from 'verified' limit 100"
    ).fetchall()
    return findings + [Finding(str(member.name), Fault.UNVERIFIED, f"record {row[0]}") for row in rows]


def _counts(unit: Unit, member: Member) -> list[Finding]:
    """Every verified entry has its line, and every line its entry."""
    row = unit.execute(
        "with said as (select distinct convert_from(body, 'UTF8')::json->'detail'->>'entry' as entry"
        "  from ledger.line where event = 'register:change:verified'),"
        " done as (select id from register.entry where state = 'verified' and kind <> 'IMPORT')"
        " select (select count(*) from done where id not in (select entry from said where entry is not null)),"
        " (select count(*) from said where entry not in (select id from done))"
    ).fetchone()
    if row is None or (row[0] == 0 and row[1] == 0):
        return []
    return [Finding(str(member.name), Fault.COUNT_DIFFERS, f"{row[0]} entries, {row[1]} lines")]
