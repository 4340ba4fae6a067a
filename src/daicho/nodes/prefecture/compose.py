"""The prefectural server, put together."""

from daicho.nodes.chronicle.disclose import answer_own
from daicho.nodes.keeping.refolding import identity_refolding
from daicho.nodes.mailroom.handling import Together
from daicho.nodes.prefecture import intake
from daicho.nodes.watch.assembly import Assembly, Foundation
from daicho.nodes.watch.network import network_assembly
from daicho.wire.codecs.identity import UpwardBulk


def assemble(foundation: Foundation) -> Assembly:
    """Bind what a prefecture answers and takes."""
    node = foundation.node
    return network_assembly(
        foundation,
        {"ledger.disclose": lambda opened: answer_own(node, opened)},
        {
            "identity.report": Together(UpwardBulk, intake.take_reports),
            "report.move_out": intake.take_move_out,
        },
        (identity_refolding(node),),
    )
