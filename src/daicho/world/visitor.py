"""A visitor of web pages without a screen: follows links and fills in forms as a clerk would."""

import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

import urllib3

_MAX_HOPS = 5


class PageNotUnderstood(RuntimeError):
    """The page has no such form or field, or the server answered with a fault."""


@dataclass(slots=True)
class Form:
    """One form of a page, with the values that stand in it."""

    action: str = ""
    method: str = "get"
    values: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)  # name, value, formaction

    def names(self) -> set[str]:
        """Name the fields and buttons of the form."""
        return {name for name, _ in self.values} | {name for name, _, _ in self.buttons}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.text: list[str] = []
        self.links: list[tuple[str, str]] = []
        self._form: Form | None = None
        self._select = ""
        self._area = ""
        self._href = ""
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = {key: value or "" for key, value in attrs}
        if tag in ("script", "style"):
            self._hidden += 1
        elif tag == "a":
            self._href = own.get("href", "")
        elif tag == "form":
            self._form = Form(own.get("action", ""), own.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None:
            self._field(self._form, tag, own, {key for key, _ in attrs})

    def _field(self, form: Form, tag: str, own: dict[str, str], flags: set[str]) -> None:
        name, kind = own.get("name", ""), own.get("type", "text")
        if tag == "button" or (tag == "input" and kind == "submit"):
            form.buttons.append((name, own.get("value", ""), own.get("formaction", "")))
        elif tag == "input" and name and (kind not in ("checkbox", "radio") or "checked" in flags):
            form.values.append((name, own.get("value", "on" if kind == "checkbox" else "")))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            chosen = [pair for pair in form.values if pair[0] == self._select]
            if "selected" in flags or not chosen:
                form.values = [pair for pair in form.values if pair[0] != self._select]
                form.values.append((self._select, own.get("value", "")))
        elif tag == "textarea" and name:
            self._area = name
            form.values.append((name, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._hidden -= 1
        elif tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""
        elif tag == "a":
            self._href = ""

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        if self._area and self._form is not None:
            name, value = self._form.values[-1]
            self._form.values[-1] = (name, value + data)
        if words := " ".join(data.split()):
            self.text.append(words)
            if self._href:
                self.links.append((words, self._href))


@dataclass(slots=True)
class Page:
    """What the visitor sees."""

    url: str
    status: int
    html: str
    forms: list[Form]
    text: str
    links: list[tuple[str, str]]

    def form(self, *needed: str) -> Form:
        """Find the form that has all these fields or buttons.

        Raises: PageNotUnderstood.
        """
        for form in self.forms:
            if set(needed) <= form.names():
                return form
        raise PageNotUnderstood(f"{self.url}: no form with {', '.join(needed)}")

    def link(self, words: str) -> str:
        """Find the address behind a link's words.

        Raises: PageNotUnderstood.
        """
        for text, href in self.links:
            if words in text:
                return href
        raise PageNotUnderstood(f"{self.url}: no link {words}")


class Visitor:
    """One browser window: cookies, and the page last seen."""

    def __init__(self, home: str) -> None:
        """Stand before the address `home` (http://NAME:PORT)."""
        self.home = home
        self._cookies: dict[str, str] = {}
        self.waited_seconds = 0.0  # for the last page, until its bytes were here
        self._host = urlsplit(home).netloc
        self._pool = urllib3.HTTPConnectionPool("127.0.0.1", urlsplit(home).port, maxsize=1)

    def open(self, path: str) -> Page:
        """Go to a page."""
        return self._fetch("GET", path, None)

    def submit(self, page: Page, form: Form, press: str = "", **values: str) -> Page:
        """Send a form with these values, pressing the button named `press` (NAME or NAME=VALUE)."""
        fields = {name: value for name, value in form.values if value or name not in values} | values
        action = form.action
        if press:
            name, _, wanted = press.partition("=")
            for button, value, formaction in form.buttons:
                if button == name and wanted in ("", value):
                    fields[name] = value
                    action = formaction or action
        target = urljoin(page.url, action) if action else page.url
        if form.method == "get":
            return self._fetch("GET", target.split("?")[0] + "?" + urlencode(fields), None)
        return self._fetch("POST", target, urlencode(fields))

    def _fetch(self, method: str, url: str, body: str | None) -> Page:
        for _ in range(_MAX_HOPS):
            address = urlsplit(urljoin(self.home + "/", url))
            path = (address.path or "/") + (f"?{address.query}" if address.query else "")
            headers = {"Host": self._host, "Origin": self.home, "Sec-Fetch-Site": "same-origin"}
            if self._cookies:
                headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
            if body is not None:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            begun = time.monotonic()
            answer = self._pool.request(
                method, path, body=body, headers=headers, redirect=False, timeout=30.0
            )
            self.waited_seconds = time.monotonic() - begun
            self._keep_cookies(answer.headers.getlist("set-cookie"))
            if answer.status not in (302, 303):
                return _read(self.home + path, answer.status, answer.data.decode())
            method, url, body = "GET", answer.headers["location"], None
        raise PageNotUnderstood(f"{url}: redirected too often")

    def _keep_cookies(self, lines: list[str]) -> None:
        for line in lines:
            for name, morsel in SimpleCookie(line).items():
                self._cookies[name] = morsel.value


def _read(url: str, status: int, html: str) -> Page:
    reader = _Reader()
    reader.feed(html)
    return Page(url, status, html, reader.forms, " ".join(reader.text), reader.links)
