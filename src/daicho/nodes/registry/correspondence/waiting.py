"""The job that writes letters to many households; what a paper needs is loaded when there is one to write.  文書の一括作成"""

from daicho.nodes.node import Node
from daicho.nodes.watch.loops import Job
from daicho.store import correspondence

_EVERY_SECONDS = 10.0


def letter_runs(node: Node) -> Job:
    """Write the letters of runs that were asked for."""
    return Job("letters", _EVERY_SECONDS, lambda: _work(node))


def _work(node: Node) -> bool:
    with node.store.reading() as unit:
        if not correspondence.run_waits(unit):
            return False
    # A node without letters stays lean: fonts and papers come with the first run.
    from daicho.nodes.registry.correspondence.bulk import run_on

    return run_on(node)
