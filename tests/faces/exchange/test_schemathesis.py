"""What the published description promises holds on running nodes: schemathesis asks, real nodes answer.

Schemathesis speaks plain HTTP to a gateway in memory; the gateway seals what it is given with a member's real key,
calls a real node over mutual TLS and unseals the answer. Below /raw the envelope itself is what schemathesis makes
up. Links lead from an answer to the next question, so that its state machine goes deeper than single calls do.
"""

import base64
import copy
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test
from tests.conftest import NIGHTLY
from tests.faces.exchange.conftest import Answer, Country, Line, Running, _runner
from werkzeug.wrappers import Request, Response

from daicho.wire.authority import make_node_request
from daicho.wire.openapi import openapi
from daicho.wire.operations import OPERATIONS, Operation

NATIONAL, PREFECTURE, CS, AGENCY = "national.n", "prefecture.p13", "cs.m131016.p13", "agency-kensetsu.n"
# who asks whom
CALLS = {
    "directory.fetch": (PREFECTURE, NATIONAL),
    "letters.deliver": (CS, PREFECTURE),
    "letters.settle": (CS, PREFECTURE),
    "identity.look_up": (CS, NATIONAL),
    "ledger.cosign": (PREFECTURE, NATIONAL),
    "ledger.disclose": (CS, PREFECTURE),
    "number.confirm": (CS, NATIONAL),
    "certificate.renew": (CS, PREFECTURE),
}
SINGLE_CASES = 400 if NIGHTLY else 12
WALKS, STEPS = (400, 20) if NIGHTLY else (24, 8)
CASES_AT_NIGHT = 10_000
# Beside what it makes up, schemathesis may choose these, so that not every question ends at the first look.
SENSIBLE: dict[str, list[Any]] = {
    "basis": ["30-10/1-4", "1-97", ""],
    "on": ["2026-11-20", "2026-02-30"],
    "purpose": ["住民基本台帳の事務"],
    "name": ["渡辺　花子", "ワタナベ", "髙橋", "%_", "\u0000"],
    "birth_date": ["1970-03-10", "昭和45年3月10日", "1970"],
    "outcome": ["accepted", "refused", "superseded"],
    "kind": ["resident.updated"],
    "csr": [base64.b64encode(make_node_request("a.p13.daicho.internal")[1]).decode()],
    "resident_record_code": ["12345678901"],
}


@pytest.fixture(scope="module")
def land(tmp_path_factory: pytest.TempPathFactory) -> Country:
    """A country of its own: that of the other tests may have a prefecture on its port already."""
    return Country(tmp_path_factory.mktemp("land") / "country")


@pytest.fixture(scope="module")
def nodes(land: Country, databases: Any) -> Iterator[dict[str, Running]]:
    with _runner(databases) as start:
        yield {short: start(short, land) for short in (NATIONAL, PREFECTURE)}


class Gateway:
    """Seals, calls, unseals; counts what came back."""

    def __init__(self, country: Country, nodes: dict[str, Running]) -> None:
        self.country, self.nodes = country, nodes
        self.lines: dict[tuple[str, str], Line] = {}
        self.told: Counter[tuple[str, int]] = Counter()
        self.cases = 0
        self.description = described()

    def close(self) -> None:
        for line in self.lines.values():
            line.tls.close()

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        if request.path == "/openapi.json":
            return Response(json.dumps(self.description), mimetype="application/json")(
                environ, start_response
            )
        raw = request.path.startswith("/raw/")
        wanted = next((one for one in OPERATIONS if one.path == request.path.removeprefix("/raw")), None)
        if wanted is None:
            return Response(status=404)(environ, start_response)
        content = request.get_data()
        asker, asked = CALLS[wanted.name]
        body = content if raw else self.seal(wanted, asker, asked, content, request)
        answer = self.call(asker, asked, wanted.path, request.method, body)
        self.told[wanted.name, answer.status] += 1
        self.cases += 1
        inside = answer.parts[0] if answer.status == 200 and not raw else answer.body
        heads = {"Retry-After": answer.headers["retry-after"]} if answer.status == 503 else {}
        found = Response(inside, answer.status, heads, mimetype="application/json")
        return found(environ, start_response)

    def seal(self, wanted: Operation, asker: str, asked: str, content: bytes, request: Request) -> bytes:
        parts = [content]
        if wanted.max_parts > 1:
            try:
                parts = [json.dumps(one).encode() for one in json.loads(content)]
            except (ValueError, TypeError):
                parts = [content]
        to = self.nodes[asked].name
        numbers = {
            name: int(text)
            for name in ("epoch", "first")
            if (text := request.args.get(name, "0")).lstrip("-").isdigit() and text.isascii()
        }
        return self.country[asker].sealed(wanted, to, parts, **numbers)

    def call(self, asker: str, asked: str, path: str, method: str, body: bytes) -> Answer:
        line = self.lines.pop((asker, asked), None) or self.country[asker].line(
            self.nodes[asked].port, self.nodes[asked].name
        )
        answer = line.ask(path, body, method=method)
        if answer.headers.get("connection") == "close":
            line.tls.close()
        else:
            self.lines[asker, asked] = line
        return answer


def described() -> dict[str, Any]:
    """The published description as the gateway offers it: once opened, once as it is."""
    made = openapi()
    shapes = made["components"]["schemas"]
    for shape in shapes.values():
        for name, field in shape.get("properties", {}).items():
            if field.get("contentEncoding") == "base64":
                field["format"] = "base64"
            if name in SENSIBLE:
                shape["properties"][name] = {"anyOf": [{"enum": SENSIBLE[name]}, field]}
    raw = {f"/raw{path}": copy.deepcopy(item) for path, item in made["paths"].items()}
    for item in raw.values():
        item["post"]["operationId"] += ".raw"
    for one in OPERATIONS:
        call = made["paths"][one.path]["post"]
        request: dict[str, Any] = {"$ref": f"#/components/schemas/{one.request.__name__}"}
        if one.max_parts > 1:
            request = {"type": "array", "items": request, "minItems": 1, "maxItems": 20}
            numbers = {"type": "integer", "minimum": 0, "maximum": 50}
            call["parameters"] = [
                {"name": name, "in": "query", "required": True, "schema": numbers}
                for name in ("epoch", "first")
            ]
        call["requestBody"]["content"] = {"application/json": {"schema": request}}
        answer = {"$ref": f"#/components/schemas/{one.response.__name__}"}
        call["responses"]["200"]["content"] = {"application/json": {"schema": answer}}
    deliver = made["paths"]["/v1/letters/deliver"]["post"]["responses"]["200"]
    deliver["links"] = {
        "the next letters": {
            "operationId": "letters.deliver",
            "parameters": {"epoch": "$response.body#/epoch", "first": "$response.body#/next_expected"},
        },
        "the same letters once more": {
            "operationId": "letters.deliver",
            "parameters": {"epoch": "$request.query.epoch", "first": "$request.query.first"},
            "requestBody": "$request.body",
        },
        "a fate": {
            "operationId": "letters.settle",
            "requestBody": {"epoch": "$response.body#/epoch", "items": []},
        },
    }
    look_up = made["paths"]["/v1/identity/look_up"]["post"]["responses"]["200"]
    look_up["links"] = {
        "the same question once more": {"operationId": "identity.look_up", "requestBody": "$request.body"}
    }
    fetch = made["paths"]["/v1/directory/fetch"]["post"]["responses"]["200"]
    fetch["links"] = {  # a walk begins where no link leads to
        "the first letters": {"operationId": "letters.deliver", "parameters": {"epoch": 1, "first": 1}},
        "a question": {"operationId": "identity.look_up"},
    }
    return {**made, "paths": {**made["paths"], **raw}}


schemathesis.openapi.format(
    "base64", st.binary(max_size=200).map(lambda content: base64.b64encode(content).decode())
)


@pytest.fixture(scope="module")
def gateway(land: Country, nodes: dict[str, Running]) -> Iterator[Gateway]:
    made = Gateway(land, nodes)
    yield made
    made.close()
    if NIGHTLY:
        assert made.cases >= CASES_AT_NIGHT, made.cases


@pytest.fixture(scope="module")
def schema(gateway: Gateway) -> Any:
    return schemathesis.openapi.from_wsgi("/openapi.json", gateway)


HOW = settings(
    deadline=None,
    derandomize=not NIGHTLY,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
)
IDS = [f"{prefix}{one.path}" for prefix in ("", "/raw") for one in OPERATIONS]


def checks() -> list[Any]:
    found = schemathesis.checks
    return [
        found.not_a_server_error,
        *(
            found.CHECKS.get_one(name)
            for name in (
                "status_code_conformance",
                "content_type_conformance",
                "response_headers_conformance",
                "response_schema_conformance",
            )
        ),
    ]


@pytest.mark.parametrize("path", IDS)
def test_every_answer_is_as_published(schema: Any, gateway: Gateway, path: str) -> None:
    @settings(HOW, max_examples=SINGLE_CASES)
    @given(case=schema[path]["POST"].as_strategy())
    def ask(case: Any) -> None:
        case.call_and_validate(checks=checks())

    ask()
    assert gateway.told


def test_walks_along_the_links_find_nothing_but_what_is_published(schema: Any, gateway: Gateway) -> None:
    class Walk(schema.as_state_machine()):
        def validate_response(self, response: Any, case: Any, **_: Any) -> None:
            case.validate_response(response, checks=checks())

    gateway.told.clear()
    run_state_machine_as_test(Walk, settings=settings(HOW, max_examples=WALKS, stateful_step_count=STEPS))
    assert gateway.told["letters.deliver", 200] >= WALKS / 2
    assert gateway.told["letters.settle", 200]
    assert gateway.told["identity.look_up", 200]
