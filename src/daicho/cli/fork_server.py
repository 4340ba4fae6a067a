"""The process from which a nation's nodes are forked: what every node imports is imported here, once.

It has no thread, holds no key, opens no database and no listener. Its input is the supervisor's socket: each line
asks for a node, or how one ended. A fork becomes `daicho run`, or the command of a stand-in, in a session of its own; it
inherits code and nothing else.
"""

import gc
import importlib
import json
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from daicho.cli.main import main as daicho
from daicho.nodes.watch.assembly import bases
from daicho.rules.network.kinds import NodeKind

_ROOMS = (
    "daicho.cli.run",
    "daicho.cli.ministry_terminal",
    "daicho.faces.desks.bind",
    "daicho.faces.monitor.app",
    *(f"daicho.nodes.{kind.value.lower()}.compose" for kind in NodeKind),
    # What uvicorn, asyncio and urllib3 load when they are first used.
    "uvicorn.protocols.http.httptools_impl",
    "uvicorn.lifespan.off",
    "asyncio.selector_events",
    "encodings.idna",
)
_READ_AT_A_PROGRAMS_START = ("LD_", "PYTHON", "MALLOC_", "OPENSSL_", "SSL_")
_NAME_CHARACTERS = 15  # of a process, as the kernel keeps it


def main() -> None:
    """Import everything, then fork whenever the supervisor asks, until it closes the socket."""
    for room in _ROOMS:
        importlib.import_module(room)
    bases()  # what every node reads
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.collect()
    gc.freeze()  # what is here stays where it is, so that the forks share it
    with socket.socket(fileno=os.dup(sys.stdin.fileno())) as line, line.makefile("rwb") as told:
        while asked := told.readline():
            request = json.loads(asked)
            answer = {"code": _code(request["ended"])} if "ended" in request else {"pid": os.fork()}
            if answer.get("pid") == 0:
                break
            told.write(json.dumps(answer).encode() + b"\n")
            told.flush()
        else:
            return
    _become(request)


def _code(pid: int) -> int | None:
    """Tell how a fork ended; None while it lives, and of whom another fork server made.

    Nobody else gets its number before this was asked.
    """
    try:
        found, status = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return None
    return os.waitstatus_to_exitcode(status) if found else None


def _become(request: dict[str, Any]) -> None:
    """Leave the supervisor's socket and session behind, and run the node."""
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with Path(os.devnull).open("rb") as nothing, Path(request["log"]).open("ab") as log:
        os.dup2(nothing.fileno(), 0)
        for number in (1, 2):
            os.dup2(log.fileno(), number)
    words = [request["command"], request["name"], "--config", request["config"]]
    wanted: dict[str, str] = request["environment"]
    if _of_programs(wanted) != _of_programs(dict(os.environ)):
        os.execve(sys.executable, [sys.executable, "-m", "daicho", *words], wanted)  # noqa: S606 - no shell
    os.environ.clear()
    os.environ.update(wanted)
    Path("/proc/self/comm").write_text(request["name"][:_NAME_CHARACTERS])
    daicho(words)


def _of_programs(environment: dict[str, str]) -> dict[str, str]:
    """Choose what loader, interpreter and libraries have read already: with other values nothing can be shared."""
    return {name: value for name, value in environment.items() if name.startswith(_READ_AT_A_PROGRAMS_START)}


if __name__ == "__main__":
    main()
