"""Systems of other offices: scopes by two people, secrets shown once, tokens that end, a closed one opens nothing."""

from datetime import date, timedelta

import pytest
from tests.nodes.registry.hall.conftest import ADMIN, NO_NUMBERS, NUMBERS, OFFICER, UNTIL

from daicho.nodes.registry.hall import calling, clients
from daicho.nodes.registry.hall.calling import GivenToken, HallCaller
from daicho.nodes.registry.hall.clients import ClientsOverview, ClientView
from daicho.rules.hall.access import SECRET_OVERLAP, TOKEN_LIFE, WORD_LIFE, HallScope
from daicho.rules.hall.offices import HallOffice
from daicho.rules.law.refusal import Reason, Refusal


def reason(found) -> Reason:
    assert isinstance(found, Refusal), found
    return found.reason


def test_a_clerk_looks_after_no_links(counter) -> None:
    node, clerk = counter.node, counter.clerk
    for found in (
        clients.clients_overview(node, clerk),
        clients.client_view(node, clerk, "x"),
        clients.open_client(node, clerk, HallOffice.NHI, "国保", UNTIL),
        clients.ask_for_scope(node, clerk, "x", HallScope.CHANGES, "理由", NUMBERS),
        clients.decide_on_scope(node, clerk, "x", NUMBERS, accept=True),
        clients.new_secret(node, clerk, "x", at_once=True),
        clients.withdraw_scope(node, clerk, "x", HallScope.CHANGES),
        clients.end_secrets(node, clerk, "x"),
        clients.close_hall_client(node, clerk, "x"),
    ):
        assert reason(found) is Reason.NOT_PERMITTED


def test_whoever_asked_for_a_scope_does_not_give_it(hall, counter) -> None:
    client_id = hall.opened(HallOffice.NHI)
    assert (
        clients.ask_for_scope(counter.node, ADMIN, client_id, HallScope.CHANGES, "資格管理", NUMBERS) is None
    )
    again = clients.ask_for_scope(counter.node, OFFICER, client_id, HallScope.CHANGES, "資格管理", NUMBERS)
    assert reason(again) is Reason.CONFLICT
    overview = clients.clients_overview(counter.node, ADMIN)
    assert isinstance(overview, ClientsOverview)
    (waiting,) = overview.waiting
    own = clients.decide_on_scope(counter.node, ADMIN, waiting.proposal.id, NUMBERS, accept=True)
    assert reason(own) is Reason.SAME_PERSON
    assert (
        clients.decide_on_scope(counter.node, OFFICER, waiting.proposal.id, NUMBERS, accept=False)
        == client_id
    )
    late = clients.decide_on_scope(counter.node, OFFICER, waiting.proposal.id, NUMBERS, accept=True)
    assert reason(late) is Reason.NOT_PENDING
    view = clients.client_view(counter.node, ADMIN, client_id)
    assert isinstance(view, ClientView)
    assert view.standing.client.scopes == frozenset()
    events = [event for event, _, _ in counter.lines() if event.startswith("hall:scope")]
    assert events == ["hall:scope:proposed", "hall:scope:decided"]


@pytest.mark.requirement("R-037")
def test_a_scope_that_the_law_does_not_let_the_office_have_is_not_even_asked_for(hall, counter) -> None:
    roll, insured = hall.opened(HallOffice.ELECTION), hall.opened(HallOffice.NHI)
    ask = clients.ask_for_scope
    number = HallScope.NUMBERS
    assert (
        reason(ask(counter.node, ADMIN, roll, number, "理由", NUMBERS)) is Reason.INDIVIDUAL_NUMBER_NOT_USED
    )
    assert (
        reason(ask(counter.node, ADMIN, insured, number, "理由", NO_NUMBERS))
        is Reason.INDIVIDUAL_NUMBER_NOT_USED
    )
    assert reason(ask(counter.node, ADMIN, insured, HallScope.CHANGES, " ", NUMBERS)) is Reason.FIELD_MISSING
    assert reason(ask(counter.node, ADMIN, "nobody", HallScope.CHANGES, "理由", NUMBERS)) is Reason.NOT_FOUND


def test_a_secret_is_given_once_and_kept_as_a_hash(hall, counter) -> None:
    client_id = hall.opened(HallOffice.NHI, HallScope.CHANGES)
    secret = hall.secret(client_id)
    with counter.node.store.unit() as unit:
        unit.cursor.execute("select digest from hall.client_secret")
        assert [bytes(row[0]) for row in unit.cursor.fetchall()] == [calling.hash_of_secret(secret)]
        unit.cursor.execute(
            "select count(*) from ledger.line where position(%s in encode(body, 'escape')) > 0", (secret,)
        )
        assert unit.cursor.fetchone() == (0,)


def test_a_wrong_secret_and_an_unknown_system_are_one_answer_and_leave_a_line(hall, counter) -> None:
    client_id = hall.opened(HallOffice.NHI, HallScope.CHANGES)
    known = calling.give_token(counter.node, client_id, "wrong", (), NUMBERS)
    unknown = calling.give_token(counter.node, "stranger", "wrong", (), NUMBERS)
    assert known == unknown
    assert reason(known) is Reason.SIGN_IN_FAILED
    lines = [(event, operator) for event, operator, _ in counter.lines() if event == "hall:call:refused"]
    assert lines == [("hall:call:refused", f"client:{client_id}"), ("hall:call:refused", "")]


def test_the_secret_before_opens_for_a_day_and_at_once_no_longer(hall, counter) -> None:
    client_id = hall.opened(HallOffice.NHI, HallScope.CHANGES)
    first = hall.secret(client_id)
    second = hall.secret(client_id, at_once=False)
    assert isinstance(calling.give_token(counter.node, client_id, first, (), NUMBERS), GivenToken)
    counter.node.clock.move(SECRET_OVERLAP)
    assert reason(calling.give_token(counter.node, client_id, first, (), NUMBERS)) is Reason.SIGN_IN_FAILED
    hall.secret(client_id)
    assert reason(calling.give_token(counter.node, client_id, second, (), NUMBERS)) is Reason.SIGN_IN_FAILED


def test_a_token_ends_after_a_quarter_of_an_hour(hall, counter) -> None:
    client_id = hall.opened(HallOffice.NHI, HallScope.CHANGES)
    secret = hall.secret(client_id)
    token = calling.give_token(counter.node, client_id, secret, (HallScope.CHANGES.value,), NUMBERS)
    assert isinstance(token, GivenToken)
    assert (token.seconds, token.scopes) == (900, {HallScope.CHANGES})
    assert isinstance(calling.caller_of(counter.node, token.text, NUMBERS), HallCaller)
    counter.node.clock.move(TOKEN_LIFE)
    assert reason(calling.caller_of(counter.node, token.text, NUMBERS)) is Reason.SESSION_ENDED
    assert reason(calling.caller_of(counter.node, "made up", NUMBERS)) is Reason.SESSION_ENDED


def test_a_closed_system_opens_nothing_any_more(hall, counter) -> None:
    client_id = hall.opened(HallOffice.NHI, HallScope.CHANGES)
    secret = hall.secret(client_id)
    token = calling.give_token(counter.node, client_id, secret, (), NUMBERS)
    assert isinstance(token, GivenToken)
    assert clients.close_hall_client(counter.node, OFFICER, client_id) is None
    assert reason(calling.caller_of(counter.node, token.text, NUMBERS)) is Reason.SESSION_ENDED
    assert reason(calling.give_token(counter.node, client_id, secret, (), NUMBERS)) is Reason.CLIENT_CLOSED
    assert reason(clients.close_hall_client(counter.node, OFFICER, client_id)) is Reason.CLIENT_CLOSED
    assert reason(clients.new_secret(counter.node, ADMIN, client_id, at_once=True)) is Reason.CLIENT_CLOSED


def test_a_system_whose_time_is_over_is_no_system(hall, counter) -> None:
    client_id = clients.open_client(counter.node, ADMIN, HallOffice.NHI, "国保", date(2026, 11, 21))
    assert isinstance(client_id, str)
    counter.node.clock.move(timedelta(days=2))
    assert reason(clients.new_secret(counter.node, ADMIN, client_id, at_once=True)) is Reason.CLIENT_CLOSED


def test_the_page_tells_how_far_a_system_is_behind(hall, counter, family) -> None:
    late = hall.opened(HallOffice.TAX)
    overview = clients.clients_overview(counter.node, ADMIN)
    assert isinstance(overview, ClientsOverview)
    (standing,) = overview.clients
    assert (standing.client.client_id, standing.cursor, standing.behind, standing.read_at) == (
        late,
        1,
        0,
        None,
    )


def test_nobody_makes_a_secret_alone_nor_two_of_one_word(hall, counter) -> None:
    client_id = hall.opened(HallOffice.NHI, HallScope.CHANGES)
    node = counter.node
    alone = clients.new_secret(node, ADMIN, client_id, at_once=True)
    assert reason(alone) is Reason.APPROVAL_MISSING
    assert clients.ask_for_scope(node, ADMIN, client_id, None, "接続", NUMBERS) is None
    assert reason(clients.new_secret(node, ADMIN, client_id, at_once=True)) is Reason.APPROVAL_MISSING
    overview = clients.clients_overview(node, OFFICER)
    assert isinstance(overview, ClientsOverview)
    (word,) = overview.waiting
    own = clients.decide_on_scope(node, ADMIN, word.proposal.id, NUMBERS, accept=True)
    assert reason(own) is Reason.SAME_PERSON
    assert clients.decide_on_scope(node, OFFICER, word.proposal.id, NUMBERS, accept=True) == client_id
    assert reason(clients.new_secret(node, OFFICER, client_id, at_once=True)) is Reason.APPROVAL_MISSING
    assert isinstance(clients.new_secret(node, ADMIN, client_id, at_once=True), str)
    assert reason(clients.new_secret(node, ADMIN, client_id, at_once=True)) is Reason.APPROVAL_MISSING
    view = clients.client_view(node, ADMIN, client_id)
    assert isinstance(view, ClientView)
    assert view.standing.client.scopes == {HallScope.CHANGES}


def test_a_word_for_a_secret_does_not_last(hall, counter) -> None:
    client_id = hall.opened(HallOffice.NHI, HallScope.CHANGES)
    node = counter.node
    clients.ask_for_scope(node, ADMIN, client_id, None, "接続", NUMBERS)
    overview = clients.clients_overview(node, OFFICER)
    assert isinstance(overview, ClientsOverview)
    clients.decide_on_scope(node, OFFICER, overview.waiting[0].proposal.id, NUMBERS, accept=True)
    node.clock.move(WORD_LIFE)
    assert reason(clients.new_secret(node, ADMIN, client_id, at_once=True)) is Reason.APPROVAL_MISSING
    assert clients.withdraw_scope(node, ADMIN, client_id, None) is None
    assert hall.secret(client_id)


def test_one_person_shuts_what_leaked_at_once_its_tokens_too(hall, counter) -> None:
    client_id = hall.opened(HallOffice.NHI, HallScope.CHANGES)
    node = counter.node
    for shut in (lambda: clients.end_secrets(node, OFFICER, client_id), lambda: hall.secret(client_id)):
        secret = hall.secret(client_id)
        token = calling.give_token(node, client_id, secret, (), NUMBERS)
        assert isinstance(token, GivenToken)
        shut()
        assert reason(calling.caller_of(node, token.text, NUMBERS)) is Reason.SESSION_ENDED
        assert reason(calling.give_token(node, client_id, secret, (), NUMBERS)) is Reason.SIGN_IN_FAILED


def test_one_person_takes_a_scope_back_at_once(hall, counter) -> None:
    client_id = hall.opened(HallOffice.NHI, HallScope.CHANGES, HallScope.NUMBERS)
    node = counter.node
    token = calling.give_token(node, client_id, hall.secret(client_id), (), NUMBERS)
    assert isinstance(token, GivenToken)
    assert clients.withdraw_scope(node, OFFICER, client_id, HallScope.NUMBERS) is None
    caller = calling.caller_of(node, token.text, NUMBERS)
    assert isinstance(caller, HallCaller)
    assert caller.scopes == {HallScope.CHANGES}
    again = clients.withdraw_scope(node, OFFICER, client_id, HallScope.NUMBERS)
    assert reason(again) is Reason.NOT_PENDING
    assert [event for event, _, _ in counter.lines()][-1] == "hall:scope:decided"
    assert clients.ask_for_scope(node, ADMIN, client_id, HallScope.NUMBERS, "再び", NUMBERS) is None


@pytest.mark.requirement("R-043")
def test_allowed_are_the_systems_that_may_read_something_today_and_no_others(hall, counter) -> None:
    node = counter.node
    hall.opened(HallOffice.TAX)  # nothing is granted to it yet
    ended = hall.opened(HallOffice.CARE, HallScope.CHANGES)
    assert clients.close_hall_client(node, OFFICER, ended) is None
    addressees = hall.opened(HallOffice.ADDRESSEES, HallScope.CHANGES, HallScope.NUMBERS)
    (one,) = clients.allowed_systems(node)
    assert (one.client_id, one.office, one.scopes) == (
        addressees, HallOffice.ADDRESSEES, {HallScope.CHANGES, HallScope.NUMBERS},
    )  # fmt: skip
    node.clock.move(timedelta(days=366))
    assert clients.allowed_systems(node) == ()
