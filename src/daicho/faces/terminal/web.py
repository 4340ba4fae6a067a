"""One request of the terminal as a plain value, so that pages and door need no web framework."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from daicho.faces.terminal.desk import Info
from daicho.faces.web.replies import HTML, Reply
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
    body: bytes
    files: Mapping[str, bytes]
    token: str
    terminal: str
    partial: bool  # asked for by htmx
    office: Office
    info: Info
    render: Render


def reply_page(call: Call, template: str, values: Mapping[str, object], status: int = 200) -> Reply:
    """Answer with a page."""
    return Reply(status, call.render(template, values).encode(), HTML)
