"""Who may sit down at a terminal, and for how long."""

import json
from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest
from webauthn.helpers import base64url_to_bytes

from daicho.gate.demo_authenticator import DemoAuthenticator
from daicho.gate.passkey import Place
from daicho.nodes.clock import FixedClock
from daicho.nodes.office.desk import Office, OfficeFact, Person
from daicho.nodes.office.operators import (
    begin_registration,
    close_operator,
    enrol,
    enrol_demo_credential,
    finish_registration,
    operators,
    revoke_credential,
)
from daicho.nodes.office.second_person import second_person
from daicho.nodes.office.sessions import Live, Opened, live_session, sign_off
from daicho.nodes.office.sign_in import Asked, begin_sign_in, demo_sign_in, finish_sign_in
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Role
from daicho.rules.operators.session import SessionLimits
from daicho.store import office as book
from daicho.store.unit import Store, Unit

PLACE = Place("registry.localhost", "http://registry.localhost:8001", "台帳")
CLERK = Person(Operator("A1001", "MADO-1", (Role.CLERK,)), "佐々木　智子", "住民課")
OTHER = Person(Operator("A1002", "SHINSA-1", (Role.VERIFIER,)), "大野　健", "住民課")
OFFICER = Operator("S9001", "SEKININ", (Role.SECURITY_OFFICER,))


class Desk:
    """An office on a real database, with its facts kept in a list."""

    def __init__(self, store: Store, clock: FixedClock) -> None:
        self.facts: list[OfficeFact] = []
        self.demo: DemoAuthenticator | None = DemoAuthenticator(b"k" * 32)
        self.clock = clock
        self.office = Office(
            store,
            clock,
            PLACE,
            self.note,
            lambda: self.demo,
            SessionLimits(idle_seconds=600, absolute_seconds=3600),
        )

    def note(self, unit: Unit, fact: OfficeFact) -> None:
        unit.cursor.execute("SELECT 1")
        self.facts.append(fact)

    def events(self) -> list[Event]:
        return [fact.event for fact in self.facts]

    def sign_in(self, person: Person = CLERK, terminal: str = "window-1") -> Opened:
        opened = demo_sign_in(self.office, person.operator.login_id, terminal=terminal)
        assert isinstance(opened, Opened)
        return opened


@pytest.fixture
def desk(database: Callable[[str], Store], clock: FixedClock) -> Desk:
    made = Desk(database("registry"), clock)
    for person in (CLERK, OTHER):
        enrol(made.office, person)
        assert enrol_demo_credential(made.office, person.operator.login_id) is None
    return made


def reason(outcome: object) -> Reason:
    assert isinstance(outcome, Refusal)
    return outcome.reason


def test_demo_sign_in_opens_a_session_with_a_ledger_fact(desk: Desk) -> None:
    opened = desk.sign_in()
    live = live_session(desk.office, opened.token)
    assert isinstance(live, Live)
    assert live.person == CLERK
    assert desk.events()[-1] is Event.SESSION_OPENED
    assert desk.facts[-1].login_id == "A1001"
    assert desk.facts[-1].role_id == "MADO-1"


def test_login_id_is_typed_in_any_case(desk: Desk) -> None:
    assert isinstance(demo_sign_in(desk.office, " a1001 ", terminal="w"), Opened)


@pytest.mark.requirement("R-248")
def test_one_login_id_names_one_operator(desk: Desk) -> None:
    enrol(desk.office, Person(Operator("A1001", "MADO-2", (Role.CLERK,)), "佐々木　智子", "支所"))
    with desk.office.store.reading() as unit:
        rows = [row for row in book.operators(unit) if row.login_id == "A1001"]
    assert [row.role_id for row in rows] == ["MADO-2"]


@pytest.mark.requirement("R-249", "R-253")
def test_books_of_login_ids_and_role_ids_are_kept_apart_from_each_other(desk: Desk) -> None:
    listed = operators(desk.office, OFFICER)
    assert isinstance(listed, tuple)
    assert {(one.operator.login_id, one.operator.role_id) for one in listed} == {
        ("A1001", "MADO-1"),
        ("A1002", "SHINSA-1"),
    }
    assert reason(operators(desk.office, CLERK.operator)) is Reason.NOT_PERMITTED


def test_second_sign_in_ends_the_first(desk: Desk) -> None:
    first = desk.sign_in(terminal="window-1")
    second = desk.sign_in(terminal="window-2")
    assert second.closed_elsewhere == "window-1"
    assert reason(live_session(desk.office, first.token)) is Reason.SESSION_REPLACED
    assert isinstance(live_session(desk.office, second.token), Live)
    assert Event.SESSION_REPLACED in desk.events()


def test_database_refuses_a_second_live_session(desk: Desk) -> None:
    desk.sign_in()
    now = desk.clock.now()
    row = book.SessionRow("x", "A1001", "w", now, now, now, now + timedelta(hours=1))
    with pytest.raises(psycopg.errors.UniqueViolation), desk.office.store.unit() as unit:
        book.open_session(unit, row, token_hash=b"h" * 32)


@pytest.mark.requirement("R-261", "R-273")
def test_quiet_session_ends_by_itself(desk: Desk) -> None:
    opened = desk.sign_in()
    desk.clock.move(timedelta(seconds=599))
    assert isinstance(live_session(desk.office, opened.token), Live)
    desk.clock.move(timedelta(seconds=600))
    assert reason(live_session(desk.office, opened.token)) is Reason.SESSION_IDLE
    assert desk.events()[-1] is Event.SESSION_EXPIRED
    assert reason(live_session(desk.office, opened.token)) is Reason.SESSION_IDLE


def test_looking_at_the_clock_does_not_prolong_a_session(desk: Desk) -> None:
    opened = desk.sign_in()
    desk.clock.move(timedelta(seconds=400))
    assert isinstance(live_session(desk.office, opened.token, touch=False), Live)
    desk.clock.move(timedelta(seconds=300))
    assert reason(live_session(desk.office, opened.token, touch=False)) is Reason.SESSION_IDLE


def test_busy_session_ends_at_its_absolute_limit(desk: Desk) -> None:
    opened = desk.sign_in()
    for _ in range(7):
        desk.clock.move(timedelta(seconds=500))
        assert isinstance(live_session(desk.office, opened.token), Live)
    desk.clock.move(timedelta(seconds=500))
    assert reason(live_session(desk.office, opened.token)) is Reason.SESSION_ENDED


def test_sign_off_ends_the_session_at_once(desk: Desk) -> None:
    opened = desk.sign_in()
    sign_off(desk.office, opened.token)
    sign_off(desk.office, opened.token)
    assert reason(live_session(desk.office, opened.token)) is Reason.SESSION_ENDED
    assert desk.events().count(Event.SESSION_CLOSED) == 1


def test_only_the_hash_of_a_token_is_stored(desk: Desk) -> None:
    opened = desk.sign_in()
    with desk.office.store.unit() as unit:
        unit.cursor.execute("SELECT s::text FROM office.session AS s")
        rows = unit.cursor.fetchall()
    assert rows
    assert all(opened.token not in row[0] for row in rows)


def test_unknown_login_id_gets_options_like_anybody(desk: Desk) -> None:
    first, again = begin_sign_in(desk.office, "Z9999"), begin_sign_in(desk.office, "Z9999")
    known = begin_sign_in(desk.office, "A1001")
    assert isinstance(first, Asked)
    assert isinstance(again, Asked)
    assert isinstance(known, Asked)
    shown = [json.loads(one.options)["allowCredentials"] for one in (first, again, known)]
    assert shown[0] == shown[1]
    assert len(shown[2]) == len(shown[0]) == 1
    assert len(shown[2][0]["id"]) == len(shown[0][0]["id"])


def test_refused_sign_in_leaves_a_fact_and_no_session(desk: Desk) -> None:
    assert reason(demo_sign_in(desk.office, "Z9999", terminal="w")) is Reason.SIGN_IN_FAILED
    assert desk.events()[-1] is Event.SESSION_REFUSED
    asked = begin_sign_in(desk.office, "A1001")
    assert isinstance(asked, Asked)
    refused = finish_sign_in(desk.office, "A1001", challenge_id=asked.challenge_id, answer="{}", terminal="w")
    assert reason(refused) is Reason.SIGN_IN_FAILED


def test_demo_key_does_not_open_the_real_door(desk: Desk) -> None:
    """A demo credential is accepted by the demo button only, never through the browser's own ceremony."""
    asked = begin_sign_in(desk.office, "A1001")
    assert isinstance(asked, Asked)
    assert desk.demo is not None
    challenge = base64url_to_bytes(json.loads(asked.options)["challenge"])
    answer = desk.demo.sign_in(PLACE, login_id="A1001", challenge=challenge, sign_count=1)
    refused = finish_sign_in(
        desk.office, "A1001", challenge_id=asked.challenge_id, answer=answer, terminal="w"
    )
    assert reason(refused) is Reason.SIGN_IN_FAILED


def test_demo_authenticator_is_refused_when_the_directory_stops_saying_demo(desk: Desk) -> None:
    desk.demo = None
    assert reason(demo_sign_in(desk.office, "A1001", terminal="w")) is Reason.DEMO_ONLY
    assert reason(enrol_demo_credential(desk.office, "A1001")) is Reason.DEMO_ONLY


def test_challenge_counts_once_and_not_for_long(desk: Desk) -> None:
    asked = begin_sign_in(desk.office, "A1001")
    assert isinstance(asked, Asked)
    desk.clock.move(timedelta(minutes=3))
    with desk.office.store.unit() as unit:
        taken = book.take_challenge(
            unit, asked.challenge_id, ceremony="sign_in", login_id="A1001", at=desk.clock.now()
        )
    assert taken is None
    with desk.office.store.unit() as unit:
        unit.cursor.execute("SELECT count(*) FROM office.challenge")
        row = unit.cursor.fetchone()
    assert row == (0,)


def test_own_authenticator_is_enrolled_and_signs_in(desk: Desk) -> None:
    device = DemoAuthenticator(b"own device".ljust(32, b"."))
    asked = begin_registration(desk.office, "A1001")
    assert isinstance(asked, Asked)
    challenge = base64url_to_bytes(json.loads(asked.options)["challenge"])
    made = device.register(PLACE, login_id="A1001", challenge=challenge)
    kept = finish_registration(
        desk.office, "A1001", challenge_id=asked.challenge_id, answer=made, terminal="w"
    )
    assert kept is None
    again = finish_registration(
        desk.office, "A1001", challenge_id=asked.challenge_id, answer=made, terminal="w"
    )
    assert reason(again) is Reason.SIGN_IN_FAILED
    desk.demo = None
    asked = begin_sign_in(desk.office, "A1001")
    assert isinstance(asked, Asked)
    options = json.loads(asked.options)
    answer = device.sign_in(
        PLACE, login_id="A1001", challenge=base64url_to_bytes(options["challenge"]), sign_count=1
    )
    opened = finish_sign_in(
        desk.office, "A1001", challenge_id=asked.challenge_id, answer=answer, terminal="w"
    )
    assert isinstance(opened, Opened)
    credential = base64url_to_bytes(options["allowCredentials"][0]["id"])
    assert (
        revoke_credential(desk.office, OFFICER, login_id="A1001", credential_id=credential, terminal="w")
        is None
    )
    asked = begin_sign_in(desk.office, "A1001")
    assert isinstance(asked, Asked)
    answer = device.sign_in(
        PLACE,
        login_id="A1001",
        challenge=base64url_to_bytes(json.loads(asked.options)["challenge"]),
        sign_count=2,
    )
    refused = finish_sign_in(
        desk.office, "A1001", challenge_id=asked.challenge_id, answer=answer, terminal="w"
    )
    assert reason(refused) is Reason.SIGN_IN_FAILED


@pytest.mark.requirement("R-260")
def test_closed_operator_is_out_at_once(desk: Desk) -> None:
    opened = desk.sign_in()
    assert (
        reason(close_operator(desk.office, CLERK.operator, login_id="A1001", terminal="w"))
        is Reason.NOT_PERMITTED
    )
    assert close_operator(desk.office, OFFICER, login_id="A1001", terminal="w") is None
    assert reason(live_session(desk.office, opened.token)) is Reason.SESSION_ENDED
    assert reason(demo_sign_in(desk.office, "A1001", terminal="w")) is Reason.SIGN_IN_FAILED


def test_second_person_is_another_person_with_the_right() -> None:
    assert second_person(OTHER.operator, entered_by="A1001") is None
    assert reason(second_person(CLERK.operator, entered_by="A1002")) is Reason.NOT_PERMITTED
    assert reason(second_person(OTHER.operator, entered_by="A1002")) is Reason.SAME_PERSON
