"""What a process begins and ends with: its actor's room found by kind, its log, that it is ready, that it is to stop."""

import importlib
import json
import logging
import os
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from daicho.nodes.watch.assembly import Assembly, Foundation
from daicho.nodes.watch.memory import collect_rarely

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


def told_to_stop() -> threading.Event:
    """Give what is set when this process is told to stop, from now on."""
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    return told


def serve(folder: Path, told: threading.Event) -> None:
    """Say in the process's folder that it is ready, until it is told to stop."""
    ready = folder / "ready.json"
    fresh = ready.with_suffix(".new")
    fresh.write_text(json.dumps({"pid": os.getpid()}))
    fresh.replace(ready)
    collect_rarely()
    told.wait()
    ready.unlink(missing_ok=True)
