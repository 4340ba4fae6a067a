"""Three addresses on the loopback: /live, /ready and /metrics."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from daicho.faces.monitor.figures import figures
from daicho.nodes.watch.health import Health
from daicho.nodes.watch.meter import Meter
from daicho.nodes.watch.standing import Standing

_TEXT, _JSON = b"text/plain; version=0.0.4; charset=utf-8", b"application/json"
_Answer = tuple[int, bytes, bytes]


class MonitorApp:
    """The application that monitoring software asks."""

    def __init__(self, health: Callable[[], Health], standing: Callable[[], Standing], meter: Meter) -> None:
        """Take the node's own views of itself."""
        self._health, self._standing, self._meter = health, standing, meter

    async def __call__(
        self, scope: dict[str, Any], _receive: Any, send: Callable[..., Awaitable[None]]
    ) -> None:
        """Answer one request."""
        answer = {"/live": self._live, "/ready": self._ready, "/metrics": self._metrics}.get(scope["path"])
        if answer is None:
            status, kind, body = 404, _JSON, b'{"code":"UNKNOWN_PATH"}'
        elif scope["method"] not in {"GET", "HEAD"}:
            status, kind, body = 405, _JSON, b'{"code":"METHOD_NOT_ALLOWED"}'
        else:
            status, kind, body = await asyncio.get_running_loop().run_in_executor(None, answer)
        head = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": head})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    def _live(self) -> _Answer:
        return 200, _JSON, b"{}"

    def _ready(self) -> _Answer:
        found = self._health()
        return 200 if found.ready else 503, _JSON, msgspec.json.encode(found)

    def _metrics(self) -> _Answer:
        return 200, _TEXT, figures(self._standing(), self._meter)
