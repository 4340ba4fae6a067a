"""One run: the list, a second person's word for it, destruction in batches, and the record of destruction.  廃棄

Each batch is one unit: what is destroyed, what became of its place on the list, and a ledger line for it. A run that was cut
off goes on where it stopped, or is ended and leaves the rest where it is. A hold, a return or a change that came after the
list was drawn up is seen by the batch.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from daicho.nodes.chronicle import Fact, fact_by, note_many
from daicho.nodes.node import Node
from daicho.nodes.retention.overview import RunLine, first_kept, kinds_of, last_kept, run_line
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may, permissions_of
from daicho.rules.retention.disposal import (
    ARTICLE,
    RUN_ITEMS,
    DisposalCertificate,
    DisposalCount,
    DisposalItem,
    DisposalKind,
    ItemState,
    RunState,
    check_approval,
    check_list,
    check_withdrawal,
    counts_of,
    digest_of,
)
from daicho.store import ledger, register, retention
from daicho.store.retention import DisposedRow, ItemRow, RunRow
from daicho.store.unit import Unit
from daicho.wire.codecs.letters import decode, encode

BATCH_ITEMS = 100
_ABOVE_FACTOR = 10  # above the registry a thing is one row
SALT_BYTES = 32
_PROOF_LINES = 10  # only what is done with a run names it
_GONE = Refusal(Reason.NOT_FOUND, ARTICLE, "run")


@dataclass(frozen=True, slots=True)
class TreeProof:
    """Where the last line of a run stands in the ledger, and the first checkpoint whose tree holds it."""

    position: int
    size: int
    root: str
    witnesses: int


@dataclass(frozen=True, slots=True)
class RunView:
    """One run as it stands; `proof` comes when the ledger has signed the run's last line."""

    line: RunLine
    digest: str
    held_back: int
    counts: tuple[DisposalCount, ...]
    waiting: int
    certificate: DisposalCertificate | None = None
    certificate_digest: str = ""
    proof: TreeProof | None = None


def propose_run(node: Node, operator: Operator, *, terminal: str = "") -> RunView | Refusal:
    """Draw up a list of what is over and held by nothing, the oldest first; a second person decides about it."""
    refusal = may(operator, Permission.MANAGE_RETENTION)
    if refusal is not None:
        return refusal
    on, now = node.clock.business_today(), node.clock.now()
    salt = node.clock.token(SALT_BYTES)
    with node.store.unit("retention.propose") as unit:
        if retention.open_run(unit) is not None:
            return Refusal(Reason.RUN_OPEN, ARTICLE, "run")
        items: list[ItemRow] = []
        held_back = 0
        for kind in kinds_of(node):
            before = first_kept(node, kind, on)
            most = RUN_ITEMS[kind]
            found = retention.what_is_over(unit, kind, before=before, at=now, salt=salt, limit_rows=most)
            held_back += retention.how_many_held(unit, kind, before=before, at=now, limit_rows=most)
            items += [
                ItemRow(kind.value, one.key, one.whose, one.subject, last_kept(node, kind, one.day), one.content)
                for one in found
            ]  # fmt: skip
        if not items:
            return Refusal(Reason.NOTHING_DUE, ARTICLE, "run")
        row = RunRow(
            retention.draw_run_number(unit, on.year), RunState.PROPOSED.value, on, digest_of(map(_line, items)),
            held_back, salt, operator.login_id, now,
        )  # fmt: skip
        if not retention.keep_run(unit, row, items):
            return Refusal(Reason.RUN_OPEN, ARTICLE, "run")
        detail = {"items": str(len(items)), "digest": row.digest}
        _note(unit, node, operator, Event.DISPOSAL_PROPOSED, row.number, "proposed", terminal, detail)
        return _view(unit, row)


def run_view(node: Node, operator: Operator, number: str, *, terminal: str = "") -> RunView | Refusal:
    """Open one run, with its record of destruction once it is through."""
    refusal = may(operator, Permission.SEE_RETENTION)
    if refusal is not None:
        return refusal
    with node.store.unit("retention.show") as unit:
        row = retention.run(unit, number)
        if row is None:
            return _GONE
        view = _view(unit, row)
        note_run_shown(unit, node, operator, number, terminal, {})
    return view


def note_run_shown(
    unit: Unit, node: Node, operator: Operator, number: str, terminal: str, detail: dict[str, str]
) -> None:
    """Write that somebody looked at a run; its subject is nobody, so that lines about the run tell what was done with it."""
    fact = _fact_of_run(operator, Event.RETENTION_LISTED, number, "shown", terminal, detail)
    note_many(unit, node, [replace(fact, subject="")])


def decide_run(
    node: Node, operator: Operator, number: str, digest: str, *, accept: bool, terminal: str = ""
) -> RunView | Refusal:
    """Take a second person's word for the list that they saw; nothing is destroyed by it yet."""
    refusal = may(operator, Permission.APPROVE_DISPOSAL)
    if refusal is not None:
        return refusal
    with node.store.unit("retention.decide") as unit:
        row = retention.lock_run(unit, number)
        if row is None:
            return _GONE
        refusal = check_approval(RunState(row.state), row.proposed_by, operator.login_id)
        if refusal is None and accept:
            lies_there = digest_of(map(_line, retention.items_of_run(unit, number)))
            refusal = check_list(digest, row.digest, now=lies_there)
        if refusal is not None:
            return refusal
        state = (RunState.APPROVED if accept else RunState.DECLINED).value
        now = node.clock.now()
        if not retention.decide_run(unit, number, state, operator.login_id, now):
            return Refusal(Reason.CHANGED_SINCE, ARTICLE, "run")
        if not accept:
            retention.forget_list(unit, number)
        detail = {"digest": row.digest}
        _note(unit, node, operator, Event.DISPOSAL_DECIDED, number, state, terminal, detail)
        return _view(unit, replace(row, state=state, decided_by=operator.login_id, decided_at=now))


def withdraw_run(node: Node, operator: Operator, number: str, *, terminal: str = "") -> RunView | Refusal:
    """Take back an own list that waits for a second person."""
    refusal = may(operator, Permission.MANAGE_RETENTION)
    if refusal is not None:
        return refusal
    with node.store.unit("retention.withdraw") as unit:
        row = retention.lock_run(unit, number)
        if row is None:
            return _GONE
        refusal = check_withdrawal(RunState(row.state), row.proposed_by, operator.login_id)
        if refusal is not None:
            return refusal
        state, now = RunState.WITHDRAWN.value, node.clock.now()
        if not retention.decide_run(unit, number, state, operator.login_id, now):
            return Refusal(Reason.CHANGED_SINCE, ARTICLE, "run")
        retention.forget_list(unit, number)
        detail = {"digest": row.digest}
        _note(unit, node, operator, Event.DISPOSAL_DECIDED, number, state, terminal, detail)
        return _view(unit, replace(row, state=state, decided_by=operator.login_id, decided_at=now))


def end_run(node: Node, operator: Operator, number: str, *, terminal: str = "") -> RunView | Refusal:
    """Stop an approved run: what is left of its list stays, with a line for each, and the record of destruction says so."""
    refusal = _may_carry_out(operator)
    if refusal is not None:
        return refusal
    with node.store.unit("retention.end") as unit:
        row = retention.lock_run(unit, number)
        refusal = _GONE if row is None else _executable(row)
        if refusal is not None:
            return refusal
        left = retention.leave_rest(unit, number)
        note_many(unit, node, [_fact(operator, number, one, terminal) for one in left])
    return _finish(node, operator, number, terminal)


def _may_carry_out(operator: Operator) -> Refusal | None:
    refusal = may(operator, Permission.SEE_RETENTION)
    if refusal is None and Permission.APPROVE_DISPOSAL not in permissions_of(operator):
        refusal = may(operator, Permission.MANAGE_RETENTION)
    return refusal


def carry_out(
    node: Node, operator: Operator, number: str, *, batches: int = 5, terminal: str = ""
) -> RunView | Refusal:
    """Destroy what an approved list names, at most so many batches of it; the last one writes the record of destruction.

    Whoever begins or goes on holds the right to draw up lists or to approve them.
    """
    refusal = _may_carry_out(operator)
    if refusal is not None:
        return refusal
    for _ in range(batches):
        done = _next_batch(node, operator, number, terminal)
        if isinstance(done, Refusal):
            return done
        if not done:
            break
    return _finish(node, operator, number, terminal)


def _next_batch(node: Node, operator: Operator, number: str, terminal: str) -> int | Refusal:
    """Destroy the next things of a list, with a line for each; gives how many were looked at."""
    with node.store.unit("retention.erase") as unit:
        row = retention.lock_run(unit, number)
        refusal = _GONE if row is None else _executable(row)
        if refusal is not None:
            return refusal
        most = BATCH_ITEMS * _ABOVE_FACTOR
        if DisposalKind.REMOVED_RECORD in kinds_of(node):
            # Whoever changes these people or their households now is done before, or waits and finds them gone.
            most = BATCH_ITEMS
            households, codes = retention.concerned_next(unit, number, most)
            register.lock_concerned(unit, households=households, codes=codes)
        gone = retention.dispose(unit, number, most, node.clock.now())
        note_many(unit, node, [_fact(operator, number, one, terminal) for one in gone])
    return len(gone)


def _executable(row: RunRow) -> Refusal | None:
    if row.state == RunState.APPROVED.value:
        return None
    return Refusal(Reason.NOT_PENDING, ARTICLE, "run", row.state.upper())


def _fact(operator: Operator, number: str, one: DisposedRow, terminal: str) -> Fact:
    return fact_by(
        operator,
        Event.RECORD_DISPOSED,
        terminal=terminal,
        basis=str(ARTICLE),
        subject=one.subject,
        outcome=one.state,
        detail={
            "run": number,
            "kind": one.kind,
            "kept_until": one.kept_until.isoformat(),
            "content": one.content.hex(),
        },
    )


def _finish(node: Node, operator: Operator, number: str, terminal: str) -> RunView | Refusal:
    """Write the record of destruction once nothing of the list waits; the names go with it."""
    with node.store.unit("retention.finish") as unit:
        row = retention.lock_run(unit, number)
        if row is None:
            return _GONE
        view = _view(unit, row)
        if row.state != RunState.APPROVED.value or view.waiting:
            return view
        items = retention.items_of_run(unit, number)
        certificate = encode(_certificate(unit, node, row, items)).decode()
        if not retention.finish_run(unit, number, certificate):
            return Refusal(Reason.CHANGED_SINCE, ARTICLE, "run")
        retention.forget_list(unit, number)
        detail = {"certificate": _digest(certificate), "listed": row.digest}
        outcome = "ended" if any(one.state == ItemState.LEFT for one in items) else "done"
        _note(unit, node, operator, Event.DISPOSAL_FINISHED, number, outcome, terminal, detail)
        done = replace(row, state=RunState.DONE.value, certificate=certificate, salt=None)
        return _view(unit, done)


def _certificate(unit: Unit, node: Node, row: RunRow, items: Sequence[ItemRow]) -> DisposalCertificate:
    tree = ledger.latest_checkpoint(unit)
    return DisposalCertificate(
        number=row.number,
        node=str(node.me.name),
        as_of=row.as_of,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        approved_by=row.decided_by or "",
        approved_at=row.decided_at or row.proposed_at,
        finished_at=node.clock.now(),
        counts=counts_of((DisposalKind(one.kind), ItemState(one.state)) for one in items),
        listed_digest=row.digest,
        erased_digest=digest_of(_line(one) for one in items if one.state == ItemState.ERASED),
        tree_size=tree.size if tree else 0,
        tree_root=tree.root.hex() if tree else "",
    )


def _line(one: ItemRow) -> str:
    return DisposalItem(DisposalKind(one.kind), one.subject, one.kept_until, one.content.hex()).line()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _view(unit: Unit, row: RunRow) -> RunView:
    if row.certificate is not None:
        certificate = decode(DisposalCertificate, row.certificate.encode(), our_own=True)
        digest, proof = _digest(row.certificate), _proof(unit, row.number)
        return RunView(
            run_line(row), row.digest, row.held_back, certificate.counts, 0, certificate, digest, proof
        )
    found = Counter(
        {
            (DisposalKind(kind), ItemState(state)): count
            for kind, state, count in retention.counts_of_run(unit, row.number)
        }
    )
    waiting = sum(count for (_, state), count in found.items() if state is ItemState.LISTED)
    return RunView(run_line(row), row.digest, row.held_back, counts_of(found.elements()), waiting)


def _proof(unit: Unit, number: str) -> TreeProof | None:
    """Find the run's last line in the ledger, and the first checkpoint over it."""
    for line in ledger.lines_about(unit, _subject(number), _PROOF_LINES):
        if line.position is not None and Event.DISPOSAL_FINISHED.value.encode() in line.body:
            over = ledger.checkpoint_over(unit, line.position)
            if over is not None:
                return TreeProof(line.position, over.size, over.root.hex(), len(over.cosignatures))
    return None


def _subject(number: str) -> str:
    return f"run:{number}"


def _note(
    unit: Unit,
    node: Node,
    operator: Operator,
    event: Event,
    number: str,
    outcome: str,
    terminal: str,
    detail: dict[str, str],
) -> None:
    note_many(unit, node, [_fact_of_run(operator, event, number, outcome, terminal, detail)])


def _fact_of_run(
    operator: Operator, event: Event, number: str, outcome: str, terminal: str, detail: dict[str, str]
) -> Fact:
    return fact_by(
        operator,
        event,
        terminal=terminal,
        basis=str(ARTICLE),
        subject=_subject(number),
        outcome=outcome,
        detail={"run": number, **detail},
    )
