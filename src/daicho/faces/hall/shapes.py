"""What goes over the line, and the description of it as OpenAPI 3.1, for makers of other offices' systems."""

from datetime import date, datetime
from typing import Any

import msgspec

from daicho.nodes.registry.hall.calling import GivenToken
from daicho.nodes.registry.hall.feed import PAGE_ROWS, BasePage, FeedPage, PlacedChange
from daicho.rules.hall.access import HallScope
from daicho.rules.hall.feed import FeedKind, HallPerson
from daicho.rules.hall.offices import HallItem
from daicho.rules.register.reasons import ChangeReason

WAIT_SECONDS_MAX = 25
TOKEN_BYTES = 4_096
PROBLEM_KIND = "application/problem+json"
CHARACTERS = ("verbatim", "jis0208")
PLACE_MAX = 2**53 - 1  # the largest whole number that every reader of JSON keeps


class PersonShape(msgspec.Struct, frozen=True):
    """One person as an office is told; `items` by their code, "" for what is not recorded."""

    addressee_number: int
    living: bool
    protected: bool
    items: dict[HallItem, str]
    withheld: list[HallItem]


class ChangeShape(msgspec.Struct, frozen=True):
    """What one change means for one person; `legal_day` is the day from which it is right."""

    position: int
    day: date
    kind: FeedKind
    reason: ChangeReason
    change_date: date
    notified_on: date
    legal_day: date
    verified_at: datetime | None
    person: PersonShape


class PageShape(msgspec.Struct, frozen=True):
    """Some of the feed; `next_after` is the place to ask for next, which also says that all before was taken."""

    changes: list[ChangeShape]
    next_after: int
    end: int


class ResidentsShape(msgspec.Struct, frozen=True):
    """Some of all residents; while there is `more`, ask behind `next_after`. Read the feed behind the first page's `end`."""

    residents: list[PersonShape]
    next_after: int
    more: bool
    end: int


class TokenShape(msgspec.Struct, frozen=True):
    """A token (RFC 6749 section 5.1)."""

    access_token: str
    token_type: str
    expires_in: int
    scope: str


class ProblemShape(msgspec.Struct, frozen=True, omit_defaults=True):
    """A refusal (RFC 9457): `code` is for machines; `error` is there where RFC 6749 asks for it."""

    type: str
    title: str
    status: int
    code: str
    article: str = ""
    error: str = ""


def person_shape(person: HallPerson) -> PersonShape:
    """Write one person."""
    return PersonShape(
        person.addressee_number, person.living, person.protected, dict(person.items), sorted(person.withheld)
    )


def page_shape(page: FeedPage) -> PageShape:
    """Write some of the feed."""
    return PageShape([_change(one) for one in page.changes], page.next_after, page.end)


def _change(one: PlacedChange) -> ChangeShape:
    change = one.change
    return ChangeShape(
        one.position, one.day, change.kind, change.reason, change.change_date, change.notified_on,
        change.legal_day, one.verified_at, person_shape(change.person),
    )  # fmt: skip


def residents_shape(page: BasePage) -> ResidentsShape:
    """Write some of all residents."""
    return ResidentsShape([person_shape(one) for one in page.people], page.next_after, page.more, page.end)


def token_shape(token: GivenToken) -> TokenShape:
    """Write a token."""
    scope = " ".join(sorted(one.value for one in token.scopes))
    return TokenShape(token.text, "Bearer", token.seconds, scope)


_PLACE = {"type": "integer", "minimum": 0, "maximum": PLACE_MAX}


def _asked(name: str, schema: dict[str, Any], words: str, place: str = "query") -> dict[str, Any]:
    return {"name": name, "in": place, "required": place == "path", "schema": schema, "description": words}


def _behind() -> dict[str, Any]:
    return _asked("after", {**_PLACE, "default": 0}, "Everybody up to this addressee number was taken.")


def _characters() -> dict[str, Any]:
    schema = {"enum": list(CHARACTERS), "default": CHARACTERS[0]}
    return _asked("characters", schema, "Whether what JIS X 0208 lacks is replaced.")


def _csv(heads: dict[str, dict[str, Any]]) -> dict[str, Any]:
    known = {
        "Daicho-Replaced-Characters": {"type": "integer", "minimum": 0},
        "Daicho-SHA256": {"type": "string"},
    }
    headers = {name: {"schema": schema, "required": True} for name, schema in (known | heads).items()}
    return {"content": {"text/csv": {"schema": {"type": "string"}}}, "headers": headers}


def _json(shape: str, kind: str = "application/json") -> dict[str, Any]:
    return {kind: {"schema": {"$ref": f"#/components/schemas/{shape}"}}}


def _refusals(*statuses: int) -> dict[str, Any]:
    words = {
        400: "Something in the request cannot be read.",
        401: "No token, one that has ended, or one of a system that was closed.",
        403: "The token is not for this, or the law of the office does not let it.",
        404: "Nobody of this number, or nobody with whom the office has to do.",
        405: "Not by this method.",
        408: "The body did not come in time.",
        409: "The place lies behind the end of the feed, or the day is not over.",
        413: "The body is too large.",
        415: "The body is of another kind.",
        429: "Too often; `Retry-After` says in how many seconds to come again.",
        503: "Not now; `Retry-After` says in how many seconds to come again.",
    }
    again = {"Retry-After": {"required": True, "schema": {"type": "integer", "minimum": 1}}}
    return {
        str(status): {
            "description": words[status],
            "content": _json("ProblemShape", PROBLEM_KIND),
            **({"headers": again} if status in (429, 503) else {}),
        }
        for status in (*statuses, 405, 429, 503)
    }


def _get(
    name: str,
    words: str,
    scope: HallScope,
    asked: list[dict[str, Any]],
    answer: dict[str, Any],
    *refusals: int,
) -> dict[str, Any]:
    return {
        "get": {
            "operationId": name,
            "summary": words,
            "security": [{"hall": [scope.value]}],
            "parameters": asked,
            "responses": {
                "200": {"description": "The answer; its ledger lines are durable.", **answer},
                **_refusals(400, 401, 403, *refusals),
            },
        }
    }


def hall_openapi() -> dict[str, Any]:
    """Describe every call of the listener, what it takes and gives, and every refusal."""
    shapes = (PageShape, PersonShape, ResidentsShape, TokenShape, ProblemShape)
    _, components = msgspec.json.schema_components(shapes, ref_template="#/components/schemas/{name}")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Daicho: links inside the hall",
            "version": "1",
            "summary": "Own definition after the standard of common functions (OAuth 2.0 client credentials, REST, JSON).",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": {
            "/v1/token": _token_call(),
            "/v1/changes": _get(
                "changes", "What an office is told behind a place of the feed.", HallScope.CHANGES,
                [
                    _asked("after", {**_PLACE, "default": 0}, "Everything up to this place was taken."),
                    _asked(
                        "limit", {"type": "integer", "minimum": 1, "maximum": PAGE_ROWS, "default": PAGE_ROWS},
                        "At most so many places.",
                    ),
                    _asked(
                        "wait", {"type": "integer", "minimum": 0, "maximum": WAIT_SECONDS_MAX, "default": 0},
                        "When nothing is there, wait so many seconds for something.",
                    ),
                ],
                {"content": _json("PageShape")}, 409,
            ),
            **_base_calls(),
            "/v1/residents/{addressee_number}": _get(
                "resident", "One resident as an office may be told now.", HallScope.RESIDENTS,
                [
                    _asked(
                        "addressee_number", {"type": "integer", "minimum": 1, "maximum": PLACE_MAX},
                        "The number inside the town.", "path",
                    )
                ],
                {"content": _json("PersonShape")}, 404,
            ),
            "/v1/files/{day}": _get(
                "file", "What an office was told on one business day, as CSV in UTF-8 with BOM.", HallScope.FILES,
                [
                    _asked("day", {"type": "string", "format": "date"}, "A business day that is over.", "path"),
                    _characters(),
                ],
                _csv(
                    {
                        "Daicho-First-Position": {**_PLACE}, "Daicho-Last-Position": {**_PLACE},
                        "Daicho-Positions": {**_PLACE},
                    }
                ),
                409,
            ),
        },
        "components": {
            "schemas": components,
            "securitySchemes": {
                "client": {"type": "http", "scheme": "basic"},
                "hall": {
                    "type": "oauth2",
                    "flows": {
                        "clientCredentials": {
                            "tokenUrl": "/v1/token",
                            "scopes": {one.value: one.name for one in HallScope},
                        }
                    },
                },
            },
        },
    }  # fmt: skip


def _token_call() -> dict[str, Any]:
    form = {
        "type": "object",
        "required": ["grant_type"],
        "properties": {
            "grant_type": {"const": "client_credentials"},
            "scope": {
                "type": "string",
                "description": "Scopes with a space between; none: all that were granted.",
            },
        },
        "additionalProperties": False,
    }
    return {
        "post": {
            "operationId": "token",
            "summary": "A token for a quarter of an hour.",
            "security": [{"client": []}],
            "requestBody": {
                "required": True,
                "content": {"application/x-www-form-urlencoded": {"schema": form}},
            },
            "responses": {
                "200": {"description": "The token, told once.", "content": _json("TokenShape")},
                **_refusals(400, 401, 408, 413, 415),
            },
        }
    }


def _base_calls() -> dict[str, Any]:
    return {
        "/v1/residents": _get(
            "residents", "All residents as an office may be told now, some at a time.", HallScope.BASE,
            [
                _behind(),
                _asked(
                    "limit", {"type": "integer", "minimum": 1, "maximum": PAGE_ROWS, "default": PAGE_ROWS},
                    "At most so many records.",
                ),
            ],
            {"content": _json("ResidentsShape")},
        ),
        "/v1/residents.csv": _get(
            "residents_file", "All residents as CSV in UTF-8 with BOM, more at a time.", HallScope.BASE,
            [_behind(), _characters()],
            _csv(
                {
                    "Daicho-Next-After": {**_PLACE}, "Daicho-More": {"enum": ["true", "false"]},
                    "Daicho-Feed-End": {**_PLACE},
                }
            ),
        ),
    }  # fmt: skip
