"""One node's books, recomputed from the stored bytes with the auditor's read-only role."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from daicho.nodes.auditor.disposals import audit_disposals
from daicho.nodes.auditor.findings import Fault, Finding
from daicho.nodes.chronicle.checkpoints import signed_by
from daicho.nodes.retention.overview import KEEPING
from daicho.rules.ledger.events import Event
from daicho.rules.ledger.note import Checkpoint, MalformedNote, read_note, read_signature
from daicho.rules.ledger.tree import leaf_hash, node_hash
from daicho.rules.network.kinds import Member, NodeKind
from daicho.store import audit
from daicho.store.unit import Store, Unit
from daicho.wire.directory import Directory

GRACE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Books:
    """What the auditor opens: a node as the directory lists it, and its database."""

    member: Member
    store: Store


class Frontier:
    """The growing right edge of a tree: enough to know the root at every size."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._peaks: list[tuple[int, bytes]] = []  # (level, hash), largest first
        self.size = 0

    def add(self, leaf: bytes) -> None:
        """Put a leaf at the right end."""
        self._peaks.append((0, leaf))
        self.size += 1
        while len(self._peaks) > 1 and self._peaks[-1][0] == self._peaks[-2][0]:
            level, right = self._peaks.pop()
            _, left = self._peaks.pop()
            self._peaks.append((level + 1, node_hash(left, right)))

    def root(self) -> bytes:
        """Give the root of what there is; there must be a leaf."""
        found = self._peaks[-1][1]
        for _, left in reversed(self._peaks[:-1]):
            found = node_hash(left, found)
        return found


def audit_books(books: Books, directory: Directory, now: datetime) -> list[Finding]:
    """Recompute one node's ledger and look for one hand where there should be two."""
    with books.store.unit("audit.books") as unit:
        findings = list(_lines(unit, books.member, now))
        findings += _checkpoints(unit, books.member, directory)
        findings += _answers(unit, books.member)
        if books.member.kind in KEEPING:
            findings += audit_disposals(unit, books.member)
        if books.member.kind is NodeKind.REGISTRY:
            findings += _dual_control(unit, books.member)
            findings += _counts(unit, books.member)
    return findings


def _lines(unit: Unit, member: Member, now: datetime) -> Iterator[Finding]:
    """Hash every body again; find lines that were changed, taken away, or never placed."""
    for line in audit.lines(unit):
        digest = leaf_hash(line.body)
        if digest != line.kept_hash or line.placed_hash not in (None, digest):
            yield Finding(str(member.name), Fault.LINE_ALTERED, f"line {line.line_id}")
        elif line.placed_hash is None and now - line.recorded_at > GRACE:
            yield Finding(str(member.name), Fault.LINE_UNPLACED, f"line {line.line_id}")
    for position in audit.leaves_without_line(unit):
        yield Finding(str(member.name), Fault.LINE_MISSING, f"position {position}")


def _checkpoints(unit: Unit, member: Member, directory: Directory) -> list[Finding]:
    """Grow the tree again and hold every signed checkpoint against it."""
    signed = audit.checkpoints(unit)
    sizes = {checkpoint.size for checkpoint in signed}
    frontier = Frontier()
    grown: dict[int, bytes] = {}
    for position, digest in audit.leaves(unit):
        if position != frontier.size:
            return [Finding(str(member.name), Fault.TREE_BROKEN, f"position {frontier.size}")]
        frontier.add(digest)
        if frontier.size in sizes:
            grown[frontier.size] = frontier.root()
    findings: list[Finding] = []
    for checkpoint in signed:
        findings += _one_checkpoint(member, checkpoint, grown.get(checkpoint.size))
    return findings + _cosignatures(unit, member, directory)


def _one_checkpoint(member: Member, kept: audit.BookedCheckpoint, grown: bytes | None) -> list[Finding]:
    name, place = str(member.name), f"size {kept.size}"
    try:
        checkpoint, body, lines = read_note(kept.note)
    except MalformedNote:
        return [Finding(name, Fault.CHECKPOINT_UNSIGNED, place)]
    findings = []
    if not any(signed_by(member, body, line) for line in lines):
        findings.append(Finding(name, Fault.CHECKPOINT_UNSIGNED, place))
    if (grown, checkpoint) != (kept.root, Checkpoint(name, kept.size, kept.root)):
        findings.append(Finding(name, Fault.ROOT_DIFFERS, place))
    return findings


def _cosignatures(unit: Unit, member: Member, directory: Directory) -> list[Finding]:
    findings = []
    for kept in audit.cosignatures(unit):
        witness = directory.member(kept.witness)
        try:
            body, line = read_note(kept.note)[1], read_signature(kept.line)
            good = witness is not None and signed_by(witness, body, line)
        except MalformedNote:
            good = False
        if not good:
            findings.append(Finding(str(member.name), Fault.COSIGNATURE_INVALID, f"size {kept.size}"))
    return findings


def audit_witness(witness: Books, others: dict[str, Books]) -> list[Finding]:
    """Hold what a witness saw against what the witnessed node shows now: a fork has two roots of one size."""
    with witness.store.unit("audit.witness") as unit:
        seen = audit.seen_by_witness(unit)
    findings = []
    for origin, size, root in seen:
        books = others.get(origin)
        if books is None:
            continue
        with books.store.unit("audit.witnessed") as unit:
            shown = audit.root_at(unit, size)
        if shown != root:
            findings.append(Finding(origin, Fault.FORKED, f"size {size}"))
    return findings


def _answers(unit: Unit, member: Member) -> list[Finding]:
    """Every answer that showed somebody names a line that says so."""
    return [
        Finding(str(member.name), Fault.ANSWER_WITHOUT_LINE, f"answer {answer_id}")
        for answer_id in audit.answers_without_line(unit)
    ]


def _dual_control(unit: Unit, member: Member) -> list[Finding]:
    name = str(member.name)
    alone = audit.entries_verified_by_one(unit)
    unverified = audit.residents_on_no_verified_entry(unit)
    return [
        *(Finding(name, Fault.SELF_VERIFIED, f"entry {entry}") for entry in alone),
        *(Finding(name, Fault.UNVERIFIED, f"record {number}") for number in unverified),
    ]


def _counts(unit: Unit, member: Member) -> list[Finding]:
    """Every verified entry has its line, every line its entry, and every load as many entries as its line says."""
    name = str(member.name)
    entries, lines = audit.entries_and_lines_alone(unit, Event.CHANGE_VERIFIED.value)
    found = (
        [Finding(name, Fault.COUNT_DIFFERS, f"{entries} entries, {lines} lines")] if entries or lines else []
    )
    return found + [
        Finding(name, Fault.COUNT_DIFFERS, f"load {order}: {told} entries told, {there} there")
        for order, told, there in audit.loads_that_differ(unit, Event.HANDOVER_LOADED.value)
    ]
