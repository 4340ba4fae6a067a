"""A stand-in that answers on the loopback, and whoever plays the Ministry at it by requests."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest
from tests.faces.terminal.test_requests import ask

from daicho.cli.ministry_terminal import answering
from daicho.faces.moj.app import moj_app
from daicho.faces.moj.visit import Place
from daicho.faces.terminal.listener import TerminalListener, loopback_socket
from daicho.nodes.clock import Clock
from daicho.nodes.moj.book import Book
from daicho.rules.people.codes import MunicipalityCode

TOWNS = {MunicipalityCode("13101"): "千代田区", MunicipalityCode("01202"): "函館市"}


@dataclass
class Player:
    """A browser that was shown a page: asks for pages, sends forms and files."""

    url: str
    cookie: str = ""
    key: str = ""

    def begin(self) -> "Player":
        _, headers, text = ask(self.url, "GET", "/")
        self.cookie = headers["set-cookie"].split(";")[0]
        self.key = re.findall(r'name="form_key" value="([0-9a-f]{64})"', text)[0]
        return self

    def get(self, path: str) -> str:
        status, headers, text = ask(self.url, "GET", path, Cookie=self.cookie)
        assert status == 200, (status, text)
        assert "set-cookie" not in headers
        return text

    def send(self, path: str, **fields: str) -> tuple[int, str]:
        told = urlencode(fields | {"form_key": self.key}).encode()
        status, headers, text = ask(self.url, "POST", path, told, Cookie=self.cookie)
        return (status, headers["location"]) if status == 303 else (status, text)

    def bring(self, content: bytes) -> tuple[int, str]:
        """Send a file along as a browser does."""
        edge = "edge-of-a-part"
        head = f'--{edge}\r\nContent-Disposition: form-data; name="form_key"\r\n\r\n{self.key}\r\n'
        head += f'--{edge}\r\nContent-Disposition: form-data; name="town_file"; filename="a.txt"\r\n\r\n'
        body = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
        status, headers, text = ask(
            self.url, "POST", "/", body, Cookie=self.cookie,
            **{"Content-Type": f"multipart/form-data; boundary={edge}"},
        )  # fmt: skip
        return (status, headers["location"]) if status == 303 else (status, text)


def link(page: str, pattern: str) -> str:
    found = re.findall(f'href="({pattern}[^"]*)"', page)
    assert found, page
    return unescape(found[0])


@contextmanager
def playing(folder: Path, clock: Clock) -> Iterator[Player]:
    """Run a stand-in over a folder."""
    listening = loopback_socket(0)
    origin = f"http://moj.localhost:{listening.getsockname()[1]}"
    book = Book(folder, TOWNS, clock)
    listener = TerminalListener(moj_app(Place(book, answering, clock), origin), listening)
    listener.start()
    try:
        yield Player(origin).begin()
    finally:
        listener.stop()
        book.close()


@pytest.fixture
def ministry(tmp_path: Path) -> Callable[..., object]:
    """Give how a stand-in is opened over the folder of this test."""
    return lambda clock: playing(tmp_path / "moj", clock)
