"""What another office's system hears: tokens, the feed, one resident, a day; every refusal with a code."""

import threading
from base64 import b64encode
from datetime import timedelta
from urllib.parse import quote

import pytest
from tests.nodes.registry.conftest import HERE
from tests.nodes.registry.hall.conftest import OFFICER as OFFICER_OF_LINKS
from tests.nodes.registry.test_protection import OFFICER, application, arrived

from daicho.faces.hall.app import HallApp
from daicho.faces.hall.limits import Rate
from daicho.nodes.clock import ticks
from daicho.nodes.registry import protection
from daicho.nodes.registry.hall import clients
from daicho.rules.hall.access import TOKEN_LIFE, HallScope
from daicho.rules.hall.offices import HallOffice
from daicho.store.unit import StoreUnavailable

ALL = (HallScope.CHANGES, HallScope.RESIDENTS, HallScope.BASE, HallScope.FILES)


def test_a_system_signs_in_and_reads_the_feed_from_its_cursor(line, family) -> None:
    client_id, secret = line.secret(HallOffice.NHI, *ALL)
    given = line.sign_in(client_id, secret)
    assert given.status == 200
    assert given.told["token_type"] == "Bearer"
    assert given.told["expires_in"] == 900
    assert given.headers["cache-control"] == "no-store"
    bearer = f"Bearer {given.told['access_token']}"
    first = line.ask("/v1/changes?after=0", Authorization=bearer)
    assert first.status == 200
    assert [one["kind"] for one in first.told["changes"]] == ["ENTERED"] * 3
    assert first.told["changes"][0]["person"]["items"]["ADDRESS"] == HERE.one_line()
    assert "INDIVIDUAL_NUMBER" not in first.told["changes"][0]["person"]["items"]
    rest = line.ask(f"/v1/changes?after={first.told['next_after']}", Authorization=bearer)
    assert rest.told == {"changes": [], "next_after": 1, "end": 1}
    assert line.hall.cursor(client_id) == 1


def test_a_token_may_be_for_less_than_was_granted_and_for_nothing_more(line) -> None:
    client_id, secret = line.secret(HallOffice.NHI, *ALL)
    form = "grant_type=client_credentials&scope=juki%3Achanges%3Aread"
    given = line.sign_in(client_id, secret, form)
    assert given.told["scope"] == "juki:changes:read"
    refused = line.ask("/v1/residents/1", Authorization=f"Bearer {given.told['access_token']}")
    assert (refused.status, refused.told["code"]) == (403, "SCOPE_NOT_GRANTED")
    assert refused.headers["content-type"] == "application/problem+json"
    more = line.sign_in(client_id, secret, form + "+juki%3Anumbers%3Aread")
    assert (more.status, more.told["error"]) == (400, "invalid_scope")


def test_who_waits_hears_of_a_change_when_it_is_verified(line, counter, move_in, comer) -> None:
    bearer = line.bearer(HallOffice.NHI, *ALL)
    heard = []
    waiting = threading.Thread(
        target=lambda: heard.append(line.ask("/v1/changes?after=0&wait=20", Authorization=bearer))
    )
    waiting.start()
    arrived(counter, move_in(comer(1)))
    waiting.join(15)
    (answer,) = heard
    assert [one["kind"] for one in answer.told["changes"]] == ["ENTERED"]


def test_who_does_not_wait_is_answered_at_once_with_nothing(line) -> None:
    bearer = line.bearer(HallOffice.NHI, *ALL)
    assert line.ask("/v1/changes", Authorization=bearer).told == {"changes": [], "next_after": 0, "end": 0}


def test_one_resident_and_nobody(line, family) -> None:
    bearer = line.bearer(HallOffice.TAX, *ALL)
    found = line.ask(f"/v1/residents/{family[0].addressee_number}", Authorization=bearer)
    assert found.told["items"]["NAME"] == family[0].name.kanji
    nobody = line.ask("/v1/residents/99999", Authorization=bearer)
    assert (nobody.status, nobody.told["code"]) == (404, "NOT_FOUND")


def test_the_covered_are_flagged_and_their_home_is_withheld(line, counter, family) -> None:
    protection.apply_for_protection(counter.node, OFFICER, application(family[1]))
    bearer = line.bearer(HallOffice.NHI, *ALL)
    told = line.ask(f"/v1/residents/{family[0].addressee_number}", Authorization=bearer)
    assert told.told["protected"] is True
    assert "ADDRESS" in told.told["withheld"]
    counter.node.clock.move(timedelta(days=1))
    bearer = line.bearer(HallOffice.NHI, *ALL)
    for path in (
        "/v1/changes",
        "/v1/residents",
        "/v1/residents.csv",
        f"/v1/residents/{family[0].addressee_number}",
        "/v1/files/2026-11-20",
    ):
        answer = line.ask(path, Authorization=bearer)
        assert answer.status == 200
        assert HERE.town not in answer.body.decode()
        assert HERE.postal_code not in answer.body.decode()


def test_a_day_as_a_file_once_it_is_over(line, counter, family) -> None:
    bearer = line.bearer(HallOffice.NHI, *ALL)
    early = line.ask("/v1/files/2026-11-20", Authorization=bearer)
    assert (early.status, early.told["code"]) == (409, "NOT_YET_KNOWN")
    counter.node.clock.move(timedelta(days=1))
    bearer = line.bearer(HallOffice.NHI, *ALL)
    made = line.ask("/v1/files/2026-11-20?characters=jis0208", Authorization=bearer)
    assert (made.status, made.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert made.headers["daicho-replaced-characters"] == "0"
    assert len(made.headers["daicho-sha256"]) == 64
    places = [made.headers[f"daicho-{name}"] for name in ("first-position", "last-position", "positions")]
    assert places == ["1", "1", "1"]
    assert made.body.startswith(b"\xef\xbb\xbf")
    assert made.body.count(b"\r\n") == 4


def test_all_residents_some_at_a_time_and_where_the_feed_goes_on(line, family) -> None:
    bearer = line.bearer(HallOffice.ADDRESSEES, *ALL)
    first = line.ask("/v1/residents?limit=2", Authorization=bearer)
    assert [one["addressee_number"] for one in first.told["residents"]] == [1, 2]
    assert (first.told["next_after"], first.told["more"], first.told["end"]) == (2, True, 1)
    rest = line.ask("/v1/residents?after=2&limit=2", Authorization=bearer)
    assert ([one["addressee_number"] for one in rest.told["residents"]], rest.told["more"]) == ([3], False)
    made = line.ask("/v1/residents.csv?after=1", Authorization=bearer)
    assert made.body.count(b"\r\n") == 3
    heads = [made.headers[f"daicho-{name}"] for name in ("next-after", "more", "feed-end")]
    assert heads == ["3", "false", "1"]
    refused = line.ask("/v1/residents", Authorization=line.bearer(HallOffice.NHI, HallScope.RESIDENTS))
    assert (refused.status, refused.told["code"]) == (403, "SCOPE_NOT_GRANTED")


def test_a_stranger_does_not_fill_the_ledger(line, counter) -> None:
    line.app._strangers = Rate(6, 3)
    for _ in range(12):
        assert line.ask("/v1/changes", Authorization="Bearer " + "a" * 43).status == 401
    refused = [event for event, _, _ in counter.lines() if event == "hall:call:refused"]
    assert 3 <= len(refused) <= 5
    line.app._strangers = Rate(6, 3)
    line.ask("/v1/changes", Authorization="Bearer " + "a" * 43)
    with counter.node.store.unit() as unit:
        unit.cursor.execute(
            "select convert_from(body, 'UTF8')::json from ledger.line order by line_id desc limit 1"
        )
        (line_of_last,) = unit.cursor.fetchone()
    assert int(line_of_last["detail"]["unnoted"]) >= 7


def test_whoever_waits_takes_no_turn_from_whoever_asks(line, family) -> None:
    bearer = line.bearer(HallOffice.NHI, *ALL)
    waiting = [
        threading.Thread(target=lambda: line.ask("/v1/changes?after=1&wait=4", Authorization=bearer))
        for _ in range(24)
    ]
    for one in waiting:
        one.start()
    begun = ticks()
    assert line.ask("/v1/residents/1", Authorization=bearer).status == 200
    assert ticks() - begun < 2
    for one in waiting:
        one.join(10)


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/", 404, "UNKNOWN_PATH"),
        ("/v1/residents/", 404, "UNKNOWN_PATH"),
        ("/v1/residents/1/2", 404, "UNKNOWN_PATH"),
        ("/v1/residents/0", 400, "MALFORMED_REQUEST"),
        ("/v1/residents/一", 400, "MALFORMED_REQUEST"),
        ("/v1/residents/99999999999999999999", 400, "MALFORMED_REQUEST"),
        ("/v1/files/2026-02-30", 400, "MALFORMED_REQUEST"),
        ("/v1/files/today", 400, "MALFORMED_REQUEST"),
        ("/v1/files/2026-11-20?characters=sjis", 400, "MALFORMED_REQUEST"),
        ("/v1/changes?after=-1", 400, "MALFORMED_REQUEST"),
        ("/v1/changes?after=1&after=2", 400, "MALFORMED_REQUEST"),
        ("/v1/changes?behind=1", 400, "MALFORMED_REQUEST"),
        ("/v1/changes?limit=201", 400, "MALFORMED_REQUEST"),
        ("/v1/changes?wait=26", 400, "MALFORMED_REQUEST"),
        ("/v1/residents?limit=0", 400, "MALFORMED_REQUEST"),
        ("/v1/residents.csv?limit=5", 400, "MALFORMED_REQUEST"),
        ("/v1/changes?after=5", 409, "CURSOR_AHEAD"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_code(line, path: str, status: int, code: str) -> None:
    bearer = line.bearer(HallOffice.NHI, *ALL)
    answer = line.ask(quote(path, safe="/?=&"), Authorization=bearer)
    assert (answer.status, answer.told["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("head", ["", "Bearer x", "Bearer " + "a" * 43, "Basic abc", "bearer " + "a" * 43])
def test_without_a_token_that_holds_nobody_is_answered(line, family, head: str) -> None:
    headers = {"Authorization": head} if head else {}
    answer = line.ask("/v1/changes", **headers)
    assert answer.status == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert "来訪" not in answer.body.decode()


def test_a_token_ends_and_a_closed_system_opens_nothing(line, counter) -> None:
    client_id, secret = line.secret(HallOffice.NHI, *ALL)
    bearer = f"Bearer {line.sign_in(client_id, secret).told['access_token']}"
    assert line.ask("/v1/changes", Authorization=bearer).status == 200
    counter.node.clock.move(TOKEN_LIFE)
    assert line.ask("/v1/changes", Authorization=bearer).told["code"] == "SESSION_ENDED"
    clients.close_hall_client(counter.node, OFFICER_OF_LINKS, client_id)
    answer = line.sign_in(client_id, secret)
    assert (answer.status, answer.told["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("form", "kind", "status", "error"),
    [
        ("grant_type=password", "application/x-www-form-urlencoded", 400, "unsupported_grant_type"),
        ("", "application/x-www-form-urlencoded", 400, "unsupported_grant_type"),
        ("grant_type=client_credentials", "application/json", 415, "invalid_request"),
        ("grant_type=a&grant_type=b", "application/x-www-form-urlencoded", 400, ""),
        ("grant_type=client_credentials&x=1", "application/x-www-form-urlencoded", 400, ""),
        ("grant_type=" + "a" * 5000, "application/x-www-form-urlencoded", 413, ""),
    ],
)
def test_a_form_that_is_none_gets_no_token(line, form: str, kind: str, status: int, error: str) -> None:
    client_id, secret = line.secret(HallOffice.NHI, *ALL)
    named = b64encode(f"{client_id}:{secret}".encode()).decode()
    answer = line.ask(
        "/v1/token", method="POST", body=form.encode(), Content_Type=kind, Authorization=f"Basic {named}"
    )
    assert (answer.status, answer.told.get("error", "")) == (status, error)


@pytest.mark.parametrize("named", ["", "Basic ", "Basic !!!", "Basic " + b64encode(b"nobody").decode(),
                                   "Basic " + b64encode(b"no\0body:x").decode(), "Basic " + b64encode(b"stranger:x").decode()])  # fmt: skip
def test_a_stranger_gets_no_token(line, named: str) -> None:
    headers = {"Authorization": named} if named else {}
    answer = line.ask(
        "/v1/token",
        method="POST",
        body=b"grant_type=client_credentials",
        Content_Type="application/x-www-form-urlencoded",
        **headers,
    )
    assert (answer.status, answer.told["error"]) == (401, "invalid_client")
    assert answer.headers["www-authenticate"].startswith("Basic")


@pytest.mark.parametrize(("path", "method"), [("/v1/token", "GET"), ("/v1/changes", "POST"), ("/v1/changes", "HEAD"),
                                              ("/v1/openapi.json", "DELETE")])  # fmt: skip
def test_every_call_has_one_method(line, path: str, method: str) -> None:
    answer = line.ask(path, method=method)
    assert answer.status == 405
    assert answer.headers["allow"] in ("GET", "POST")


def test_whoever_asks_too_often_is_told_when_to_come_again(line, family) -> None:
    bearer = line.bearer(HallOffice.NHI, *ALL)
    line.app._residents = Rate(1, 2)
    path = f"/v1/residents/{family[0].addressee_number}"
    answers = [line.ask(path, Authorization=bearer) for _ in range(3)]
    assert [one.status for one in answers] == [200, 200, 429]
    assert 1 <= int(answers[2].headers["retry-after"]) <= 61


def test_a_measure_fills_again_by_the_clock() -> None:
    rate = Rate(60, 2)
    assert [rate.wait_seconds("a", 0.0) for _ in range(3)] == [0, 0, 2]
    assert rate.wait_seconds("b", 0.0) == 0
    assert rate.wait_seconds("a", 1.5) == 0
    assert rate.wait_seconds("a", 0.5) > 0  # a clock that goes back fills nothing


def test_the_database_being_away_is_said_and_nothing_else(line, monkeypatch: pytest.MonkeyPatch) -> None:
    bearer = line.bearer(HallOffice.NHI, *ALL)

    def away(*_: object) -> None:
        raise StoreUnavailable("away")

    monkeypatch.setattr("daicho.faces.hall.app.caller_of", away)
    answer = line.ask("/v1/changes", Authorization=bearer)
    assert (answer.status, answer.told["code"], answer.headers["retry-after"]) == (
        503,
        "STORE_UNAVAILABLE",
        "5",
    )


def test_a_fault_of_ours_tells_nothing(line, monkeypatch: pytest.MonkeyPatch) -> None:
    bearer = line.bearer(HallOffice.NHI, *ALL)
    monkeypatch.setattr("daicho.faces.hall.app.read_feed", lambda *_, **__: 1 / 0)
    answer = line.ask("/v1/changes", Authorization=bearer)
    assert answer.told == {
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
        "code": "OWN_FAULT",
    }


def test_the_description_is_given_to_everybody(line) -> None:
    answer = line.ask("/v1/openapi.json")
    assert answer.status == 200
    assert set(answer.told["paths"]) == {
        "/v1/token", "/v1/changes", "/v1/residents", "/v1/residents.csv", "/v1/residents/{addressee_number}",
        "/v1/files/{day}",
    }  # fmt: skip
    assert isinstance(line.app, HallApp)
