"""Requests that no honest browser sends are refused before any use case runs."""

import http.client
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest
from tests.faces.terminal.conftest import running

from daicho.faces.desks.pages import all_pages
from daicho.faces.web.replies import BODY_BYTES
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import NodeKind
from daicho.rules.operators.authority import Permission
from daicho.store.unit import Store, StoreUnavailable

Answer = tuple[int, dict[str, str], str]


def ask(
    url: str, method: str, path: str, fields: dict[str, str] | bytes | None = None, **headers: str
) -> Answer:
    """Send one request by hand; `host` and others may be set to anything."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=10)
    body = urlencode(fields).encode() if isinstance(fields, dict) else fields
    sent = {"Host": parts.netloc, "Content-Type": "application/x-www-form-urlencoded"}
    if method == "POST":
        sent["Origin"] = url
    sent |= {key.replace("_", "-"): value for key, value in headers.items()}
    connection.request(method, path, body, {key: value for key, value in sent.items() if value != "-"})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, {key.lower(): value for key, value in answer.getheaders()}, text


def signed_in(url: str, login_id: str = "A1001") -> tuple[str, str]:
    """Sign in by the demo authenticator; give cookie and form key."""
    status, headers, _ = ask(url, "POST", "/sign-in/demo", {"login_id": login_id})
    assert status == 303
    cookie = headers["set-cookie"].split(";")[0]
    _, _, text = ask(url, "GET", "/", Cookie=cookie)
    found = re.search(r'data-form-key="([0-9a-f]{64})"', text)
    assert found is not None
    return cookie, found.group(1)


@pytest.fixture(scope="module")
def url(databases: Any) -> Iterator[str]:
    """One terminal for all requests that come to nothing there."""
    addresses = databases.fresh("registry")
    store = Store(addresses["app"], read_dsn=addresses["read"], pool_connections=4)
    with running(store, NodeKind.REGISTRY) as terminal:
        yield str(terminal.url)
    store.close()
    databases.drop(addresses)


def test_every_page_names_a_permission_and_an_event() -> None:
    pages = all_pages()
    assert len(pages) > 25
    for page in pages:
        assert isinstance(page.permission, Permission)
        assert isinstance(page.event, Event)
        assert page.title


def test_cookie_is_strict_and_unreadable_for_scripts(url: str) -> None:
    _, headers, _ = ask(url, "POST", "/sign-in/demo", {"login_id": "A1001"})
    words = headers["set-cookie"].lower()
    assert "httponly" in words
    assert "samesite=strict" in words
    assert "domain=" not in words
    assert "max-age" not in words


def test_cookie_under_tls_is_bound_to_its_host(terminal: Any) -> None:
    url = terminal(NodeKind.REGISTRY, scheme="https").url
    _, headers, _ = ask(url, "POST", "/sign-in/demo", {"login_id": "A1001"})
    words = headers["set-cookie"]
    assert words.startswith("__Host-daicho=")
    assert "secure" in words.lower()
    assert "path=/" in words.lower()
    assert "max-age" in headers["strict-transport-security"]


def test_every_answer_carries_the_policy_and_is_not_stored(url: str) -> None:
    for path in ("/sign-in", "/", "/nowhere", "/session"):
        _, headers, _ = ask(url, "GET", path)
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'self'")
        assert "unsafe" not in policy
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
    _, headers, _ = ask(url, "GET", "/static/terminal.css")
    assert headers["x-content-type-options"] == "nosniff"


def test_pages_hold_no_inline_style_or_script(url: str) -> None:
    cookie, _ = signed_in(url)
    for path in ("/", "/search", "/move-in", "/history", "/authenticator"):
        _, _, text = ask(url, "GET", path, Cookie=cookie)
        assert " style=" not in text
        assert not re.search(r"<script(?![^>]*\bsrc=)", text)
        assert not re.search(r"\son[a-z]+=", text)


@pytest.mark.parametrize("path", [page.path for page in all_pages()])
def test_no_page_opens_without_a_session(url: str, path: str) -> None:
    concrete = re.sub(r"\{[a-z_]+\}", "x", path)
    page = next(one for one in all_pages() if one.path == path)
    status, headers, _ = ask(url, page.methods[0], concrete, {} if page.methods[0] == "POST" else None)
    assert (status, headers.get("location", "")) in ((303, "/sign-in"), (404, ""))


@pytest.mark.requirement("R-243")
def test_page_of_another_role_is_refused_in_words(url: str) -> None:
    cookie, _ = signed_in(url, "A1003")
    status, _, text = ask(url, "GET", "/move-in", Cookie=cookie)
    assert status == 403
    assert "この操作の権限がありません" in text
    assert "NOT_PERMITTED" in text


def test_form_without_its_key_is_refused(url: str) -> None:
    cookie, key = signed_in(url)
    for fields in ({}, {"form_key": "0" * 64}, {"form_key": "台"}):
        status, _, text = ask(url, "POST", "/search", fields, Cookie=cookie)
        assert status == 403
        assert "FORM_NOT_OURS" in text
    status, _, _ = ask(url, "POST", "/search", {"form_key": key, "step": "clear"}, Cookie=cookie)
    assert status == 200


def test_form_from_elsewhere_is_refused(url: str) -> None:
    cookie, key = signed_in(url)
    fields = {"form_key": key, "step": "clear"}
    for headers in (
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "-"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ):
        status, _, _ = ask(url, "POST", "/search", fields, Cookie=cookie, **headers)
        assert status == 403, headers


def test_foreign_host_name_is_refused(url: str) -> None:
    status, _, text = ask(url, "GET", "/sign-in", Host="rebound.example")
    assert (status, text) == (403, "FOREIGN_HOST")


def test_oversized_and_unreadable_bodies_are_refused(url: str) -> None:
    cookie, key = signed_in(url)
    status, _, _ = ask(url, "POST", "/search", b"a=" + b"b" * BODY_BYTES, Cookie=cookie)
    assert status == 413
    for wrong in (b"&name=%ff", b"&name=%00", b"&name=a%00b"):
        status, _, text = ask(url, "POST", "/search", b"form_key=" + key.encode() + wrong, Cookie=cookie)
        assert (status, text) == (400, "UNREADABLE")
    for path in ("/search?name=%00", "/residents/%00"):
        status, _, _ = ask(url, "GET", path, Cookie=cookie)
        assert status == 400
    status, _, _ = ask(url, "POST", "/sign-in/answer", b"{" * 5000, Content_Type="application/json")
    assert status == 403


def test_html_in_a_name_stays_text(url: str) -> None:
    cookie, key = signed_in(url)
    fields = {"form_key": key, "step": "search", "name": '"><script>alert(1)</script>', "purpose": "x'--"}
    _, _, text = ask(url, "POST", "/search", fields, Cookie=cookie)
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text


@pytest.mark.parametrize("handle", ["x", "AAAA", "台帳", "A" * 200, "../../etc/passwd", "%00"])
def test_made_up_addresses_lead_nowhere(url: str, handle: str) -> None:
    cookie, _ = signed_in(url)
    status, _, _ = ask(url, "GET", "/residents/" + quote(handle), Cookie=cookie)
    assert status == 404


def test_address_of_another_session_leads_nowhere(terminal: Any) -> None:
    url = terminal(NodeKind.REGISTRY).url
    cookie, key = signed_in(url)
    fields = {
        "form_key": key,
        "step": "search",
        "purpose": "notice",
        "basis": "法22条",
        "name": "渡邉",
        "birth": "S45.3.10",
    }
    _, _, text = ask(url, "POST", "/search", fields, Cookie=cookie)
    found = re.search(r'href="(/residents/[^"]+)"', text)
    assert found is not None
    path = found.group(1)
    assert ask(url, "GET", path, Cookie=cookie)[0] == 200
    other, _ = signed_in(url, "A1002")
    assert ask(url, "GET", path, Cookie=other)[0] == 404


def test_lists_hold_no_code_and_no_number(terminal: Any) -> None:
    running = terminal(NodeKind.REGISTRY)
    cookie, key = signed_in(running.url)
    fields = {
        "form_key": key,
        "step": "search",
        "purpose": "notice",
        "basis": "法22条",
        "name": "わた",
        "address": "丸の内",
    }
    _, _, text = ask(running.url, "POST", "/search", fields, Cookie=cookie)
    shown = [one for one in running.desks.registry.records.values() if one.name.kanji in text]
    assert len(shown) >= 5
    assert all(str(one.resident_record_code) not in text for one in shown)


def test_database_that_is_away_answers_503(terminal: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    running = terminal(NodeKind.REGISTRY)
    cookie, _ = signed_in(running.url)

    def away(_: Store, _name: str = "") -> Any:
        raise StoreUnavailable

    monkeypatch.setattr(Store, "unit", away)
    status, headers, text = ask(running.url, "GET", "/", Cookie=cookie)
    assert status == 503
    assert headers["retry-after"] == "10"
    assert "STORE_UNAVAILABLE" in text
