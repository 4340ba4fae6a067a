"""The auditor, put together."""

from daicho.nodes.watch.assembly import Assembly, Foundation
from daicho.nodes.watch.network import network_assembly


def assemble(foundation: Foundation) -> Assembly:
    """The auditor answers nobody; it reads and recomputes."""
    return network_assembly(foundation, {}, {})
