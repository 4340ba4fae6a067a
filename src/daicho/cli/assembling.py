"""What every process of a node begins with: its actor's room found by kind, its log."""

import importlib
import logging
import sys
from typing import TYPE_CHECKING

from daicho.nodes.watch.assembly import Assembly, Foundation

if TYPE_CHECKING:
    import structlog
else:
    # structlog loads rich for a console that no node has, 4 MB in each process, unless there is none.
    _absent = sys.modules.setdefault("rich", None) is None
    structlog = importlib.import_module("structlog")
    if _absent:
        del sys.modules["rich"]


def assemble(foundation: Foundation) -> Assembly:
    """Find the actor's room by its kind and let it bind what it does."""
    kind = foundation.node.me.kind.value.lower()
    made = importlib.import_module(f"daicho.nodes.{kind}.compose").assemble(foundation)
    assert isinstance(made, Assembly)  # noqa: S101 - narrows the type
    return made


def log_to_standard_error() -> None:
    """Write one JSON object per line; nothing personal is ever logged."""
    shared = (
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper("iso"),
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
            foreign_pre_chain=shared,
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
