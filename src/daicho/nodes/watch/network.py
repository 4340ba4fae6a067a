"""The operations and jobs that every node of the network has."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from daicho.nodes.chronicle.checkpoints import cosign
from daicho.nodes.chronicle.jobs import ledger_jobs
from daicho.nodes.mailroom.receiving import Handler, keep_batch, take_settlements
from daicho.nodes.node import Node
from daicho.nodes.watch.assembly import Assembly, Foundation
from daicho.nodes.watch.loops import Job
from daicho.wire.envelope import Opened
from daicho.wire.http import WireRefused, WireUnavailable
from daicho.wire.operations import CosignAnswer, CosignRequest

Operations = dict[str, Callable[[Opened], Any]]


def network_assembly(
    foundation: Foundation, operations: Mapping[str, Callable[[Opened], Any]], letters: Mapping[str, Handler],
    jobs: tuple[Job, ...] = (),
) -> Assembly:  # fmt: skip
    """Join an actor's own operations, letters and jobs with those of every node."""
    node = foundation.node

    def refresh() -> bool:
        try:
            foundation.keeper.fetch(node.me, node.wire.post)
        except (WireUnavailable, WireRefused):
            foundation.keeper.take_from_disk()
        return False

    mail: Operations = {}
    if letters:
        mail = {
            "letters.deliver": lambda opened: keep_batch(node, opened),
            "letters.settle": lambda opened: take_settlements(node, opened),
        }
    return Assembly(
        {**mail, "ledger.cosign": lambda opened: _cosign(node, opened), **operations},
        letters,
        (Job("directory", 2.0, refresh), *ledger_jobs(node), *jobs),
    )


def _cosign(node: Node, opened: Opened) -> CosignAnswer:
    return cosign(node, opened.sender, msgspec.json.decode(opened.parts[0], type=CosignRequest))
