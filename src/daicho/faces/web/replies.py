"""One answer as a plain value, and how much may be asked, so that pages and doors need no web framework."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

HTML = "text/html; charset=utf-8"
BODY_BYTES = 256 * 1024  # of a form without a file
BESIDE_FILE_BYTES = 16 * 1024  # of a form that is a file, its key and hardly more


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer; `token` None leaves the cookie alone, "" removes it."""

    status: int
    body: bytes
    kind: str
    headers: Mapping[str, str] = field(default_factory=dict)
    token: str | None = None


def reply_json(value: Mapping[str, object], *, status: int = 200, token: str | None = None) -> Reply:
    """Answer to our own script."""
    return Reply(status, json.dumps(value, ensure_ascii=False).encode(), "application/json", token=token)


def reply_go(path: str, *, token: str | None = None, partial: bool = False) -> Reply:
    """Send the browser elsewhere; htmx is told in its own way, so that the whole page changes."""
    if partial:
        return Reply(200, b"", HTML, {"HX-Redirect": path}, token)
    return Reply(303, b"", HTML, {"Location": path}, token)
