"""Requests and replies as plain values, so that pages and door need no web framework."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from daicho.faces.terminal.desk import Info
from daicho.nodes.office.desk import Office

Render = Callable[[str, Mapping[str, object]], str]


@dataclass(frozen=True, slots=True)
class Call:
    """One request, read to its end."""

    method: str
    path: str
    parts: Mapping[str, str]
    query: Mapping[str, str]
    form: Mapping[str, str]
    files: Mapping[str, bytes]
    body: bytes
    token: str
    terminal: str
    partial: bool  # asked for by htmx
    office: Office
    info: Info
    render: Render


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer; `token` None leaves the cookie alone, "" removes it."""

    status: int
    body: bytes
    kind: str
    headers: Mapping[str, str] = field(default_factory=dict)
    token: str | None = None


def reply_page(call: Call, template: str, values: Mapping[str, object], status: int = 200) -> Reply:
    """Answer with a page."""
    return Reply(status, call.render(template, values).encode(), "text/html; charset=utf-8")


def reply_json(value: Mapping[str, object], *, status: int = 200, token: str | None = None) -> Reply:
    """Answer to our own script."""
    return Reply(status, json.dumps(value, ensure_ascii=False).encode(), "application/json", token=token)


def reply_go(path: str, *, token: str | None = None, partial: bool = False) -> Reply:
    """Send the browser elsewhere; htmx is told in its own way, so that the whole page changes."""
    if partial:
        return Reply(200, b"", "text/html; charset=utf-8", {"HX-Redirect": path}, token)
    return Reply(303, b"", "text/html; charset=utf-8", {"Location": path}, token)
