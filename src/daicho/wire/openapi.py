"""The table of operations as an OpenAPI 3.1 document, for makers of other software and for contract tests."""

from typing import Any

import msgspec

from daicho.wire.envelope import Sealed
from daicho.wire.operations import OPERATIONS, Operation

# Every answer that is no envelope: status, codes, meaning. `wire` and the listener give no others.
FAULTS: tuple[tuple[int, tuple[str, ...], str], ...] = (
    (
        400,
        (
            "TRUNCATED", "MALFORMED", "SEAL_FORM", "UNKNOWN_SENDER", "NOT_THE_PEER", "UNKNOWN_KEY", "BAD_SIGNATURE",
            "NOT_FOR_ME", "OTHER_OPERATION", "STALE", "PART_COUNT", "PART_CHANGED", "REQUEST_FORM",
        ),
        "A step of the envelope failed; `step` says which.",
    ),
    (
        403,
        ("UNKNOWN_PEER", "CERTIFICATE_EXPIRED", "CERTIFICATE_REVOKED", "RELATION_NOT_ALLOWED"),
        "The caller is no member, or may not make this call.",
    ),
    (404, ("UNKNOWN_PATH",), "This node does not offer the operation."),
    (405, ("METHOD_NOT_ALLOWED",), "Operations are called by POST only."),
    (408, ("TOO_SLOW",), "The envelope did not come in time."),
    (409, ("REPLAYED",), "The envelope came before, and may take effect only once."),
    (413, ("TOO_LARGE",), "The envelope is larger than the operation allows."),
    (500, ("OWN_FAULT",), "A fault of this node; nothing about the call was wrong that it knows of."),
    (
        503,
        ("BUSY", "STORE_UNAVAILABLE", "SIGNER_UNAVAILABLE", "ANSWERER_UNAVAILABLE", "DIRECTORY_EXPIRED"),
        "Not now; `Retry-After` says in how many seconds.",
    ),
)  # fmt: skip
_FAULT_SCHEMA = {
    "type": "object",
    "required": ["code", "step"],
    "properties": {
        "code": {"type": "string", "description": "For machines."},
        "step": {"type": "integer", "description": "The step of the envelope that failed, or 0."},
    },
    "additionalProperties": False,
}


def openapi() -> dict[str, Any]:
    """Describe every operation: the envelope around it, what its parts hold, and every answer."""
    shapes = (Sealed, *dict.fromkeys(shape for one in OPERATIONS for shape in (one.request, one.response)))
    _, components = msgspec.json.schema_components(shapes, ref_template="#/components/schemas/{name}")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Daicho: calls between nodes",
            "version": "1",
            "summary": "Own definition. Every body is an envelope (docs/protocols/envelope.md) over mutual TLS 1.3.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "security": [{"node": []}],
        "paths": {one.path: {"post": _call(one)} for one in OPERATIONS},
        "components": {
            "schemas": {**components, "Fault": _FAULT_SCHEMA},
            "securitySchemes": {
                "node": {"type": "mutualTLS", "description": "A node certificate of 7 days."}
            },
        },
    }


def _call(one: Operation) -> dict[str, Any]:
    article = {"x-law": str(one.article)} if one.article is not None else {}
    event = {"x-ledger-event": one.event} if one.event else {}
    return {
        "operationId": one.name,
        "summary": one.summary,
        **article,
        **event,
        "x-callers": sorted(one.callers),
        "x-limits": {
            "request_bytes": one.max_bytes,
            "answer_bytes": one.max_answer_bytes,
            "parts": one.max_parts,
            "seconds": one.timeout_seconds,
        },
        "x-once": one.once,
        "requestBody": {"required": True, "content": _envelope(one.request.__name__, one.max_parts)},
        "responses": {
            "200": {"description": "The answer, signed.", "content": _envelope(one.response.__name__, 1)},
            **{str(status): _fault(status, codes, meaning) for status, codes, meaning in FAULTS},
        },
    }


def _envelope(shape: str, parts: int) -> dict[str, Any]:
    part = {
        "type": "string",
        "contentEncoding": "base64",
        "contentMediaType": "application/json",
        "contentSchema": {"$ref": f"#/components/schemas/{shape}"},
    }
    sealed = {"$ref": "#/components/schemas/Sealed"}
    inside = {"properties": {"parts": {"type": "array", "items": part, "maxItems": parts}}}
    return {"application/json": {"schema": {"allOf": [sealed, inside]}}}


def _fault(status: int, codes: tuple[str, ...], meaning: str) -> dict[str, Any]:
    code = {"properties": {"code": {"enum": list(codes)}}}
    answer: dict[str, Any] = {
        "description": meaning,
        "content": {
            "application/json": {"schema": {"allOf": [{"$ref": "#/components/schemas/Fault"}, code]}}
        },
    }
    if status == 503:
        answer["headers"] = {"Retry-After": {"required": True, "schema": {"type": "integer", "minimum": 1}}}
    return answer
