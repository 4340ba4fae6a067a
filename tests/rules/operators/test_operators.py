"""Who may do what, who may not verify, and when a session is over."""

from datetime import UTC, datetime, timedelta

import pytest

from daicho.rules.law.refusal import Reason
from daicho.rules.operators.authority import (
    AUTHORITY,
    Operator,
    Permission,
    Role,
    may,
    may_verify,
    permissions_of,
)
from daicho.rules.operators.session import SessionLimits, check_purpose, ends_at, session_refusal

START = datetime(2026, 11, 20, 1, tzinfo=UTC)
LIMITS = SessionLimits(idle_seconds=600, absolute_seconds=8 * 3600)


def operator(*roles):
    return Operator("someone", "role-1", roles)


@pytest.mark.requirement("R-258")
def test_every_permission_belongs_to_a_role_and_nobody_has_all():
    assert set(Role) == set(AUTHORITY)
    given = frozenset().union(*AUTHORITY.values())
    assert given == frozenset(Permission)
    assert all(rights < given for rights in AUTHORITY.values())


def test_the_administrator_sees_no_resident_and_the_officer_enters_nothing():
    looks = {
        Permission.SEARCH_RESIDENTS,
        Permission.SEARCH_IDENTITY,
        Permission.SEARCH_PREFECTURE,
        Permission.ASK_NATION,
    }
    changes = {Permission.ENTER_CHANGE, Permission.VERIFY_CHANGE}
    assert not AUTHORITY[Role.ADMINISTRATOR] & (looks | changes)
    assert not AUTHORITY[Role.SECURITY_OFFICER] & (looks | changes)
    assert not AUTHORITY[Role.AUDITOR] & (looks | changes)
    assert not AUTHORITY[Role.PASSPORT_CLERK] & ((looks | changes) - {Permission.SEARCH_PREFECTURE})


@pytest.mark.requirement("R-259")
def test_who_may_search_by_individual_number_is_fixed():
    assert {role for role in Role if Permission.SEARCH_BY_NUMBER in AUTHORITY[role]} == {Role.CLERK}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("permission", list(Permission))
def test_a_right_is_there_when_the_table_says_so_and_only_then(role, permission):
    answer = may(operator(role), permission)
    if permission in AUTHORITY[role]:
        assert answer is None
    else:
        assert (answer.reason, answer.detail) == (Reason.NOT_PERMITTED, permission.value)


def test_roles_add_up_and_no_role_means_no_right():
    both = operator(Role.CLERK, Role.VERIFIER)
    assert permissions_of(both) == AUTHORITY[Role.CLERK] | AUTHORITY[Role.VERIFIER]
    assert permissions_of(operator()) == frozenset()


@pytest.mark.requirement("R-247", "R-276")
def test_the_person_counts_and_not_the_role_when_somebody_verifies():
    assert may_verify("a", "b") is None
    assert may_verify("a", "a").reason is Reason.SAME_PERSON


@pytest.mark.requirement("R-261")
def test_a_session_ends_when_quiet_or_when_its_hours_are_over():
    def state(seen, now):
        refusal = session_refusal(signed_in_at=START, last_seen_at=seen, now=now, limits=LIMITS)
        return None if refusal is None else refusal.reason

    quiet = timedelta(seconds=600)
    assert state(START, START + quiet - timedelta(seconds=1)) is None
    assert state(START, START + quiet) is Reason.SESSION_IDLE
    late = START + timedelta(hours=8)
    assert state(late - timedelta(seconds=5), late) is Reason.SESSION_ENDED
    assert state(late - timedelta(seconds=5), late - timedelta(seconds=1)) is None
    assert state(START, START - timedelta(seconds=60)) is None, "two clocks may differ a little"
    assert state(START, START - timedelta(seconds=61)) is Reason.SESSION_ENDED, "opened under a wrong clock"


def test_the_countdown_shows_the_nearer_end():
    assert ends_at(signed_in_at=START, last_seen_at=START, limits=LIMITS) == START + timedelta(seconds=600)
    busy = START + timedelta(hours=7, minutes=55)
    assert ends_at(signed_in_at=START, last_seen_at=busy, limits=LIMITS) == START + timedelta(hours=8)


@pytest.mark.requirement("R-279")
def test_a_search_without_purpose_or_basis_is_refused():
    assert check_purpose("転入の受付", "法22条") is None
    assert check_purpose(" ", "法22条").field == "purpose"
    assert check_purpose("転入の受付", "　").field == "basis"
