"""The second person: who enters does not verify."""

from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Operator, Permission, may, may_verify


def second_person(verifier: Operator, *, entered_by: str) -> Refusal | None:
    """Refuse a verifier without the right, and the very person who made the entry."""
    return may(verifier, Permission.VERIFY_CHANGE) or may_verify(entered_by, verifier.login_id)
