"""What the office of a node works with: its book of operators, its clock, its place on the web."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from daicho.gate.demo_authenticator import DemoAuthenticator
from daicho.gate.passkey import Place
from daicho.nodes.clock import Clock
from daicho.rules.law.article import Article
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Role
from daicho.rules.operators.session import SessionLimits
from daicho.store.office import OperatorRow
from daicho.store.unit import Store, Unit

ACCESS = Article("住民基本台帳ネットワークシステム運用管理要綱", "11")
IDENTIFIERS = Article("住民基本台帳ネットワークシステム運用管理要綱", "13")
CHALLENGE_LIFE = timedelta(minutes=2)
LIMITS = SessionLimits(idle_seconds=600, absolute_seconds=8 * 3600)


@dataclass(frozen=True, slots=True)
class OfficeFact:
    """One line for the ledger, in the same transaction as the act itself."""

    event: Event
    login_id: str
    role_id: str
    terminal: str
    at: datetime
    outcome: str = "accepted"
    detail: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Office:
    """The sign-in side of one node; `demo` is there only while the signed directory says demo or training."""

    store: Store
    clock: Clock
    place: Place
    note: Callable[[Unit, OfficeFact], None]
    demo: Callable[[], DemoAuthenticator | None] = lambda: None
    limits: SessionLimits = LIMITS


@dataclass(frozen=True, slots=True)
class Person:
    """An operator with the words that stand on the screen."""

    operator: Operator
    display_name: str
    section: str


def person_of(row: OperatorRow) -> Person:
    """Read an operator from the book.

    Raises: ValueError when the book names a role that the rules do not know.
    """
    roles = tuple(Role(name) for name in row.roles)
    return Person(Operator(row.login_id, row.role_id, roles), row.display_name, row.section)


def not_proven() -> Refusal:
    """Refuse a sign-in without telling what was wrong: the 照合ID, the credential or the person."""
    return Refusal(Reason.SIGN_IN_FAILED, ACCESS, "login_id")
