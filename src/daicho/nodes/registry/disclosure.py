"""開示: the counter proves who asks, gathers the answers of every server, and hands out a one-time code."""

import hashlib
import json
from base64 import b32encode, b64decode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec

from daicho.nodes.chronicle import note_by
from daicho.nodes.chronicle.disclose import own_part, write_bundle
from daicho.nodes.mailroom import partner
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_record
from daicho.nodes.registry.guarding import as_its_person_reads, kept_resident
from daicho.nodes.registry.records import subject_of
from daicho.nodes.registry.residents import may_reach
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import NodeKind
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.register.record import ResidentRecord
from daicho.store import disclosure, register
from daicho.store.unit import Unit
from daicho.wire.http import WireRefused, WireUnavailable
from daicho.wire.operations import LEDGER_DISCLOSE, DiscloseRequest

CODE_BYTES = 10
CODE_HOURS = 72
_ARTICLE = juki("30-32")
_SEEN = frozenset(
    {
        Event.RESIDENT_SHOWN, Event.RESIDENT_CODE_SHOWN, Event.IDENTITY_SHOWN, Event.IDENTITY_CODE_SHOWN,
        Event.PROVISION_GRANTED, Event.HALL_GIVEN, Event.EXTRACTION_MADE, Event.NUMBER_CONFIRMED,
        Event.FILING_SHOWN, Event.MOJ_NOTICE_SHOWN, Event.MUNICIPAL_FILE_MADE, Event.SUPPLEMENT_SHOWN,
        Event.NUMBER_NOTICE_SHOWN,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SeenLine:
    """One time that somebody saw the record, and at which node."""

    at: datetime
    node: str
    body: str
    role_id: str
    purpose: str
    basis: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Opened:
    """What the person sees: the record, who saw it, and the file with the proofs."""

    record: ResidentRecord
    seen: tuple[SeenLine, ...]
    waiting: int
    bundle: bytes
    made_at: datetime


def gather_bundle(node: Node, record: ResidentRecord) -> bytes:
    """Ask the own ledger and, by way of the CS, those of CS, prefecture and nation."""
    subject = subject_of(record)
    with node.store.unit("disclosure.gather") as unit:
        former = former_subjects(unit, record)
        parts: list[dict[str, Any]] = [own_part(unit, node, subject, former=former)]
    cs = partner(node.wire.directory(), node.me, NodeKind.CS)
    request = DiscloseRequest(subject, node.clock.new_id())
    answer = node.wire.post.call(LEDGER_DISCLOSE, cs, request)
    parts += msgspec.json.decode(answer.bundle)
    return write_bundle(node, parts, node.clock.now().isoformat())


def former_subjects(unit: Unit, record: ResidentRecord) -> tuple[str, ...]:
    """Name the codes under which this town's ledger spoke of somebody before their code was changed."""
    past = (read_record(row.body) for row in register.versions(unit, record.addressee_number))
    codes = {str(one.resident_record_code) for one in past if one.resident_record_code is not None}
    return tuple(sorted(codes - {str(record.resident_record_code)}))


def hand_out(
    node: Node, operator: Operator, addressee_number: int, *, purpose: str, basis: str, terminal: str
) -> str | Refusal:
    """Gather, keep, and give a code that opens the page once within three days."""
    refusal = may(operator, Permission.DISCLOSE_TO_PERSON) or may_reach(
        node, operator, addressee_number, terminal
    )
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        held = kept_resident(unit, node, addressee_number)
    if held is None:
        return Refusal(Reason.NOT_FOUND, _ARTICLE, "addressee_number")
    record = read_record(held.body)
    try:
        bundle = gather_bundle(node, record)
    except (WireUnavailable, WireRefused):
        return Refusal(Reason.NODE_UNREACHABLE, _ARTICLE, "cs")
    code = b32encode(node.clock.token(CODE_BYTES)).decode().rstrip("=")
    now = node.clock.now()
    with node.store.unit("disclosure.hand_out") as unit:
        disclosure.hand_out(
            unit, _hash(code), addressee_number, bundle, now, now + timedelta(hours=CODE_HOURS)
        )
        note_by(
            unit, node, operator, Event.DISCLOSURE_HANDED_OUT, terminal=terminal, purpose=purpose, basis=basis,
            subject=subject_of(record), outcome="handed out",
        )  # fmt: skip
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))


def open_page(node: Node, code: str) -> Opened | Refusal:
    """Open the page of whoever was given this code; it opens once."""
    plain = "".join(character for character in code.upper() if character.isalnum())
    with node.store.unit("disclosure.open") as unit:
        found = disclosure.open_once(unit, _hash(plain), node.clock.now())
        if found is None:
            return Refusal(Reason.CODE_WORN_OUT, _ARTICLE, "one_time")
        held = kept_resident(unit, node, found[0])
        if held is None:
            return Refusal(Reason.NOT_FOUND, _ARTICLE, "one_time")
        record = as_its_person_reads(unit, read_record(held.body))
    seen, waiting = read_seen(found[1])
    return Opened(record, seen, waiting, found[1], found[2])


def read_seen(bundle: bytes) -> tuple[tuple[SeenLine, ...], int]:
    """List who saw the record, newest first, and how many lines still wait for their proof."""
    content = json.loads(bundle)
    seen: list[SeenLine] = []
    for part in content["parts"]:
        for line in part["lines"]:
            body = json.loads(b64decode(line["body"]))
            if body.get("event") in _SEEN:
                who = body.get("detail", {}).get("body") or part["title"]
                seen.append(SeenLine(
                    datetime.fromisoformat(body["at"]), part["title"], who, body.get("role", ""),
                    body.get("purpose", ""), body.get("basis", ""), body.get("outcome", ""),
                ))  # fmt: skip
    seen.sort(key=lambda line: line.at, reverse=True)
    return tuple(seen), sum(int(part["waiting"]) for part in content["parts"])


def _hash(code: str) -> bytes:
    return hashlib.sha256(b"daicho disclosure " + code.encode()).digest()
