"""The published description of the calls says what the listener does, no more and no less."""

import re
from pathlib import Path
from typing import Any

import pytest

from daicho.faces.exchange import answerers, answering, calls
from daicho.rules.network.kinds import Relation
from daicho.wire import envelope
from daicho.wire.openapi import FAULTS, openapi
from daicho.wire.operations import OPERATIONS

CODE = re.compile(r'(?:fault\(\d+, |fault\(403, |EnvelopeError\(|busy\()"([A-Z_]+)"')
STATUS = re.compile(r'fault\((\d+), "([A-Z_]+)"')


def _source() -> str:
    return "".join(
        Path(str(module.__file__)).read_text(encoding="utf-8")
        for module in (answerers, answering, calls, envelope)
    )


def _references(of: Any) -> list[str]:
    if isinstance(of, dict):
        own = [of["$ref"]] if "$ref" in of else []
        return own + [found for value in of.values() for found in _references(value)]
    if isinstance(of, list):
        return [found for value in of for found in _references(value)]
    return []


def test_every_code_that_the_listener_gives_is_published_and_no_other():
    published = {code for _, codes, _ in FAULTS for code in codes}
    assert set(CODE.findall(_source())) == published


def test_codes_stand_under_the_status_with_which_they_are_given():
    published = {(status, code) for status, codes, _ in FAULTS for code in codes}
    given = {(int(status), code) for status, code in STATUS.findall(_source())}
    assert given <= published


@pytest.mark.parametrize("one", OPERATIONS, ids=lambda one: one.name)
def test_each_operation_is_described_with_its_callers_limits_and_shapes(one):
    call = openapi()["paths"][one.path]["post"]
    assert call["operationId"] == one.name
    assert {Relation(caller) for caller in call["x-callers"]} == one.callers
    assert call["x-limits"]["request_bytes"] == one.max_bytes
    part = call["requestBody"]["content"]["application/json"]["schema"]["allOf"][1]["properties"]["parts"]
    assert part["maxItems"] == one.max_parts
    assert part["items"]["contentSchema"]["$ref"].endswith("/" + one.request.__name__)


def test_every_reference_leads_somewhere_and_unknown_fields_are_refused():
    made = openapi()
    schemas = made["components"]["schemas"]
    for reference in _references(made):
        assert reference.removeprefix("#/components/schemas/") in schemas
    assert [name for name, shape in schemas.items() if shape.get("additionalProperties") is not False] == []
