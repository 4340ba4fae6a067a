"""An agency, put together."""

from daicho.nodes.watch.assembly import Assembly, Foundation
from daicho.nodes.watch.network import network_assembly


def assemble(foundation: Foundation) -> Assembly:
    """An agency answers nobody but the auditor; it asks."""
    return network_assembly(foundation, {}, {})
