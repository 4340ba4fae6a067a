"""What the published description of the hall's calls promises holds on the running listener: schemathesis asks."""

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from openapi_spec_validator import validate
from tests.conftest import NIGHTLY

from daicho.faces.hall.shapes import hall_openapi
from daicho.rules.hall.access import HallScope
from daicho.rules.hall.offices import HallOffice

PATHS = {
    "/v1/token": "POST",
    "/v1/changes": "GET",
    "/v1/residents": "GET",
    "/v1/residents.csv": "GET",
    "/v1/residents/{addressee_number}": "GET",
    "/v1/files/{day}": "GET",
}
HOW = settings(
    deadline=None,
    derandomize=not NIGHTLY,
    database=None,
    max_examples=400 if NIGHTLY else 12,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
)


def checks() -> list[Any]:
    found = schemathesis.checks
    names = (
        "status_code_conformance", "content_type_conformance", "response_headers_conformance",
        "response_schema_conformance",
    )  # fmt: skip
    return [found.not_a_server_error, *(found.CHECKS.get_one(name) for name in names)]


def test_the_description_is_openapi_and_the_published_one() -> None:
    made = hall_openapi()
    validate(made)
    published = json.loads(Path("docs/protocols/hall.json").read_text(encoding="utf-8"))
    assert made == published


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_as_published(line, family, path: str) -> None:
    scopes = (HallScope.CHANGES, HallScope.RESIDENTS, HallScope.BASE, HallScope.FILES)
    client_id, secret = line.secret(HallOffice.NHI, *scopes)
    token = line.sign_in(client_id, secret).told["access_token"]
    basic = b64encode(f"{client_id}:{secret}".encode()).decode()
    head = f"Basic {basic}" if path == "/v1/token" else f"Bearer {token}"
    described = hall_openapi()
    # Nothing comes while schemathesis asks: whoever waits would only wait.
    waits = next(
        one for one in described["paths"]["/v1/changes"]["get"]["parameters"] if one["name"] == "wait"
    )
    waits["schema"]["maximum"] = 0
    schema = schemathesis.openapi.from_dict(described)
    schema.config.update(base_url=f"http://127.0.0.1:{line.port}")

    @settings(HOW)
    @given(case=schema[path][PATHS[path]].as_strategy())
    def ask(case: Any) -> None:
        case.call_and_validate(checks=checks(), headers={"Authorization": head})

    ask()
