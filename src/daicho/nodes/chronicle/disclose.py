"""Who saw my record: lines of a node's ledger about one person, with the proofs that anybody can check."""

from base64 import b64encode
from collections.abc import Sequence
from typing import Any

import msgspec

from daicho.nodes.chronicle import note
from daicho.nodes.chronicle.checkpoints import public_key
from daicho.nodes.node import Node
from daicho.rules.identity.own_residents import may_gather_who_saw
from daicho.rules.law.refusal import Reason
from daicho.rules.ledger.events import Event
from daicho.rules.ledger.tree import inclusion_proof
from daicho.rules.network.kinds import Member
from daicho.store import identity, ledger
from daicho.store.unit import Unit
from daicho.wire.envelope import Opened
from daicho.wire.operations import DiscloseAnswer, DiscloseRequest

LINES_SHOWN = 500
FORMAT = "daicho disclosure 1"
# Whoever stands at the counter may be somebody to whom a measure must not show.
_NOT_TOLD = frozenset(event for event in Event if event.startswith("protection:"))
_KEPT_BACK = Reason.PROTECTED.value


def _may_be_told(said: dict[str, Any]) -> bool:
    return said["event"] not in _NOT_TOLD and said.get("outcome") != _KEPT_BACK


def own_part(
    unit: Unit, node: Node, subject: str, *, peer: str = "", former: Sequence[str] = ()
) -> dict[str, Any]:
    """Gather this node's lines about a person under its newest checkpoint; the gathering is itself a line.

    `former` are the codes that the person had before: lines of that time name them.
    """
    checkpoint = ledger.latest_checkpoint(unit, cosigned=True) or ledger.latest_checkpoint(unit)
    found = [line for name in (subject, *former) for line in ledger.lines_about(unit, name, LINES_SHOWN)]
    about = sorted(found, key=lambda line: line.line_id, reverse=True)[:LINES_SHOWN]
    placed = [line for line in about if _may_be_told(msgspec.json.decode(line.body))]
    size = checkpoint.size if checkpoint else 0
    reader = ledger.TreeReader(unit)
    lines = [
        {
            "position": line.position,
            "body": b64encode(line.body).decode(),
            "proof": [step.hex() for step in inclusion_proof(line.position, size, reader.hash_at)],
        }
        for line in placed
        if line.position is not None and line.position < size
    ]
    note(unit, node, event=Event.DISCLOSURE_OPENED, subject=subject, outcome="gathered", peer=peer)
    return {
        "node": str(node.me.name),
        "title": node.me.title,
        "checkpoint": checkpoint.note if checkpoint else "",
        "cosignatures": list(checkpoint.cosignatures) if checkpoint else [],
        "lines": lines,
        "waiting": len(placed) - len(lines),
    }


def write_bundle(node: Node, parts: list[dict[str, Any]], made_at: str) -> bytes:
    """Write the file that the resident takes home, with the public keys that the signed directory lists."""
    keys = {str(m.name): b64encode(public_key(m)).decode() for m in node.wire.directory().members}
    names = {part["node"] for part in parts} | {
        line.split(" ")[1] for part in parts for line in part["cosignatures"] if line.count(" ") == 2
    }
    content = {
        "format": FORMAT,
        "made_at": made_at,
        "keys": {name: key for name, key in keys.items() if name in names},
        "parts": parts,
    }
    return msgspec.json.encode(content)


def former_codes(unit: Unit, code: str) -> tuple[str, ...]:
    """Name the codes that a code replaced, as a node that keeps identification information knows them."""
    return tuple(sorted(identity.codes_replaced_by(unit, code) - {code}))


def answer_own(node: Node, opened: Opened) -> DiscloseAnswer:
    """Answer the town that holds a person's record with this node's part alone.

    Any other town learns nothing, not even whether there is such a person; that it asked stands in the ledger.
    """
    request: DiscloseRequest = opened.request
    subject, peer = request.resident_record_code, str(opened.sender.name)
    with node.store.unit("disclosure.own_part") as unit:
        if may_gather_who_saw(identity.holder(unit, subject), opened.sender.municipality) is None:
            part = own_part(unit, node, subject, peer=peer, former=former_codes(unit, subject))
        else:
            note(unit, node, event=Event.DISCLOSURE_OPENED, subject=subject, outcome="refused", peer=peer)
            part = empty_part(node.me, "refused")
    return DiscloseAnswer(msgspec.json.encode([part]))


def empty_part(member: Member, why: str) -> dict[str, Any]:
    """Name a node whose lines are not in the bundle, because it was "unreachable" or "refused"."""
    return {
        "node": str(member.name), "title": member.title, "checkpoint": "", "cosignatures": [], "lines": [], "waiting": 0,
        why: True,
    }  # fmt: skip
