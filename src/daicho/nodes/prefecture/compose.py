"""The prefectural server, put together."""

from daicho.nodes.prefecture import intake
from daicho.nodes.watch.assembly import Assembly, Foundation
from daicho.nodes.watch.network import network_assembly


def assemble(foundation: Foundation) -> Assembly:
    """Bind what a prefecture answers and takes."""
    return network_assembly(
        foundation, {}, {"identity.report": intake.take_report, "report.move_out": intake.take_move_out}
    )
