"""The CS gathers, for its own registry, who saw a resident's record on the servers above."""

from typing import Any

import msgspec

from daicho.nodes.chronicle.disclose import empty_part, former_codes, own_part
from daicho.nodes.mailroom import partner
from daicho.nodes.node import Node
from daicho.rules.network.kinds import NodeKind
from daicho.wire.envelope import Opened
from daicho.wire.http import WireRefused, WireUnavailable
from daicho.wire.operations import LEDGER_DISCLOSE, DiscloseAnswer, DiscloseRequest


def gather(node: Node, opened: Opened) -> DiscloseAnswer:
    """Answer with the parts of the CS, the prefecture and the nation; a silent server is named as such."""
    request: DiscloseRequest = opened.request
    with node.store.unit("disclosure.gather_at_cs") as unit:
        code, peer = request.resident_record_code, str(opened.sender.name)
        parts: list[Any] = [own_part(unit, node, code, peer=peer, former=former_codes(unit, code))]
    for kind in (NodeKind.PREFECTURE, NodeKind.NATIONAL):
        member = partner(node.wire.directory(), node.me, kind)
        try:
            answer = node.wire.post.call(LEDGER_DISCLOSE, member, request)
            parts += msgspec.json.decode(answer.bundle)
        except (WireUnavailable, WireRefused):
            parts.append(empty_part(member, "unreachable"))
    return DiscloseAnswer(msgspec.json.encode(parts))
