"""The hall's listener on a real port over a real register."""

import http.client
import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from tests.nodes.registry import conftest as register_hands
from tests.nodes.registry.hall import conftest as hall_hands
from tests.nodes.registry.hall.conftest import NUMBERS, Hall

from daicho.faces.exchange.listener import Listener
from daicho.faces.hall.app import HallApp
from daicho.faces.hall.limits import Rate
from daicho.rules.hall.access import HallScope
from daicho.rules.hall.offices import HallOffice
from daicho.store.launcher import free_port

counter, move_in, comer = register_hands.counter, register_hands.move_in, register_hands.comer
hall, family = hall_hands.hall, hall_hands.family


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> Any:
        return json.loads(self.body)


@dataclass
class Line:
    """A caller from another office."""

    port: int
    hall: Hall
    app: HallApp

    def ask(self, path: str, *, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        line.request(method, path, body, named)
        with line.getresponse() as answer:
            content = answer.read()
        line.close()
        return Answer(answer.status, {key.lower(): value for key, value in answer.getheaders()}, content)

    def secret(self, office: HallOffice, *scopes: HallScope) -> tuple[str, str]:
        client_id = self.hall.opened(office, *scopes)
        return client_id, self.hall.secret(client_id)

    def sign_in(self, client_id: str, secret: str, form: str = "grant_type=client_credentials") -> Answer:
        return self.ask(
            "/v1/token",
            method="POST",
            body=form.encode(),
            Authorization="Basic " + b64encode(f"{client_id}:{secret}".encode()).decode(),
            Content_Type="application/x-www-form-urlencoded",
        )

    def bearer(self, office: HallOffice, *scopes: HallScope) -> str:
        answer = self.sign_in(*self.secret(office, *scopes))
        assert answer.status == 200, answer
        return f"Bearer {answer.told['access_token']}"


@pytest.fixture
def line(hall: Hall) -> Iterator[Line]:
    app = HallApp(hall.counter.node, NUMBERS)
    for name in ("_by_peer", "_tokens", "_by_client", "_residents", "_base", "_files", "_strangers"):
        setattr(app, name, Rate(10**6, 10**6))
    listener = Listener(app, "127.0.0.1", port := free_port())
    listener.start()
    yield Line(port, hall, app)
    listener.stop()
