"""The work that keeps a ledger's tree, signatures and months up to date."""

from daicho.nodes.chronicle.checkpoints import ask_cosignature, make_checkpoint, sequence_pass
from daicho.nodes.node import Node
from daicho.nodes.watch.loops import Job
from daicho.store import ledger

LOOK_AGAIN_SECONDS = 4.0  # for lines of another process, which nobody rings for
GROWN_SECONDS = 32.0  # whoever gives a position or signs rings: looking again hardly ever finds anything


def ledger_jobs(node: Node) -> tuple[Job, ...]:
    """List them: positions quickly, checkpoints at most once a second, cosignatures when the witness is there."""
    bell = node.store.line_bell

    def months() -> bool:
        with node.store.unit("ledger.months") as unit:
            ledger.ensure_months(unit, node.clock.now().date())
        return False

    return (
        Job("ledger-months", 3600.0, months),
        Job("ledger-sequence", 0.5, lambda: sequence_pass(node), bell, LOOK_AGAIN_SECONDS),
        Job("ledger-checkpoint", 1.0, lambda: make_checkpoint(node), bell, GROWN_SECONDS),
        Job("ledger-cosign", 1.5, lambda: ask_cosignature(node), bell, GROWN_SECONDS),
    )
