"""The security officer's permission, without which no error is corrected."""

from dataclasses import dataclass
from datetime import datetime

from daicho.nodes.chronicle import note_by
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_record
from daicho.nodes.registry.guarding import kept_resident
from daicho.nodes.registry.records import subject_of
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.law.words import WORDS_CHARACTERS
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.store import register

PERMITS_SHOWN_ROWS = 20
_ARTICLE = juki("14")


@dataclass(frozen=True, slots=True)
class Permit:
    """A permission to correct one record once."""

    permit_id: str
    addressee_number: int
    what: str
    permitted_by: str
    permitted_at: datetime


def permit_correction(
    node: Node, officer: Operator, addressee_number: int, what: str, *, terminal: str = ""
) -> Permit | Refusal:
    """Permit the correction of one record; only the security officer can, and a clerk carries it out."""
    refusal = may(officer, Permission.PERMIT_CORRECTION)
    if refusal is not None:
        return refusal
    if not what.strip() or len(what) > WORDS_CHARACTERS:
        return Refusal(Reason.FIELD_MISSING, _ARTICLE, "what")
    permit = Permit(node.clock.new_id(), addressee_number, what, officer.login_id, node.clock.now())
    with node.store.unit("counter.permit") as unit:
        held = kept_resident(unit, node, addressee_number)
        if held is None:
            return Refusal(Reason.NOT_FOUND, _ARTICLE, "addressee_number")
        register.keep_permit(
            unit,
            register.PermitRow(
                permit.permit_id, addressee_number, what, permit.permitted_by, permit.permitted_at
            ),
        )
        note_by(
            unit,
            node,
            officer,
            Event.CORRECTION_PERMITTED,
            terminal=terminal,
            subject=subject_of(read_record(held.body)),
            outcome="accepted",
            detail={"permit": permit.permit_id},
        )
    return permit


def open_permits(node: Node, operator: Operator, addressee_number: int) -> tuple[Permit, ...] | Refusal:
    """List the permissions for one record that no entry has used, for the clerk who carries them out."""
    refusal = may(operator, Permission.ENTER_CHANGE)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        rows = register.open_permits(unit, addressee_number, limit=PERMITS_SHOWN_ROWS)
    return tuple(
        Permit(row.id, row.addressee_number, row.what, row.permitted_by, row.permitted_at) for row in rows
    )
