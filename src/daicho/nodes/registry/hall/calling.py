"""Who calls: a secret becomes a token, a token a caller with the scopes, the duty and the items of its day."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass

from daicho.nodes.chronicle import note
from daicho.nodes.node import Node
from daicho.rules.hall.access import (
    STANDARD,
    TOKEN_LIFE,
    HallClient,
    HallScope,
    scopes_of_token,
)
from daicho.rules.hall.offices import (
    HallItem,
    HallOffice,
    NumberOrdinance,
    OfficeDuty,
    duty_of,
    items_for,
)
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator
from daicho.store import hall_clients
from daicho.store.hall_clients import ClientRow

SECRET_BYTES = 32
_WRONG = Refusal(Reason.SIGN_IN_FAILED, STANDARD, "client_id")
_OVER = Refusal(Reason.SESSION_ENDED, STANDARD, "token")


@dataclass(frozen=True, slots=True)
class GivenToken:
    """A token as its client gets it, once."""

    text: str
    seconds: int
    scopes: frozenset[HallScope]


@dataclass(frozen=True, slots=True)
class HallCaller:
    """Whose call it is, with what may be asked and told today."""

    client: HallClient
    scopes: frozenset[HallScope]
    duty: OfficeDuty
    items: frozenset[HallItem]

    @property
    def operator(self) -> Operator:
        """Name the caller as the ledger and the veil know operators: one without any right of a person."""
        return Operator(f"client:{self.client.client_id}", self.client.office.value, ())


def secret_text(random: bytes) -> str:
    """Write random bytes as a secret or a token is handed over."""
    return urlsafe_b64encode(random).decode().rstrip("=")


def hash_of_secret(text: str) -> bytes:
    """Give what is kept of a client's secret: nobody guesses 256 random bits, so that one round is enough."""
    return hashlib.sha256(b"daicho hall secret\0" + text.encode()).digest()


def _hash_of_token(text: str) -> bytes:
    return hashlib.sha256(b"daicho hall token\0" + text.encode()).digest()


def as_client(row: ClientRow) -> HallClient:
    """Read a client as the rules see it."""
    scopes = frozenset(map(HallScope, row.scopes))
    office = HallOffice(row.office)
    return HallClient(row.client_id, office, row.title, row.opened_on, row.valid_until, scopes, row.closed)


def give_token(
    node: Node, client_id: str, secret: str, scopes: Iterable[str], ordinance: NumberOrdinance
) -> GivenToken | Refusal:
    """Give a token to whoever knows a client's secret; only its hash is kept, and a line in the ledger."""
    now, today = node.clock.now(), node.clock.business_today()
    with node.store.unit("hall.token") as unit:
        row = hall_clients.client(unit, client_id)
        if row is None or not hall_clients.secret_fits(unit, client_id, hash_of_secret(secret), now):
            given: frozenset[HallScope] | Refusal = _WRONG
        else:
            given = scopes_of_token(as_client(row), scopes, today, ordinance)
        text = secret_text(node.clock.token(SECRET_BYTES))
        if not isinstance(given, Refusal):
            names = sorted(one.value for one in given)
            hall_clients.keep_token(unit, _hash_of_token(text), client_id, names, now, now + TOKEN_LIFE)
        refused = isinstance(given, Refusal)
        note(
            unit,
            node,
            event=Event.HALL_REFUSED if refused else Event.HALL_ADMITTED,
            operator_login_id="" if row is None else f"client:{client_id}",
            operator_role_id="" if row is None else row.office,
            outcome=given.reason.value if isinstance(given, Refusal) else "granted",
            detail={"call": "token"},
        )
    return given if isinstance(given, Refusal) else GivenToken(text, int(TOKEN_LIFE.total_seconds()), given)


def caller_of(node: Node, token: str, ordinance: NumberOrdinance) -> HallCaller | Refusal:
    """Find whose token this is; a scope that has fallen away since is no longer in it."""
    today = node.clock.business_today()
    with node.store.unit("hall.caller") as unit:
        held = hall_clients.token(unit, _hash_of_token(token), node.clock.now())
        row = hall_clients.client(unit, held[0]) if held is not None else None
    if held is None or row is None:
        return _OVER
    client = as_client(row)
    lawful, duty = scopes_of_token(client, (), today, ordinance), duty_of(client.office, today)
    if isinstance(lawful, Refusal):
        return lawful
    if isinstance(duty, Refusal):
        return duty
    scopes = lawful & set(map(HallScope, held[1]))
    items = items_for(duty, today, ordinance, with_number=HallScope.NUMBERS in scopes)
    return HallCaller(client, scopes, duty, items)


def note_refused_call(
    node: Node, caller: HallCaller | None, call: str, reason: str, unnoted: int = 0
) -> None:
    """Write that a call was refused; of whoever could not be known, only that there was one, and how many without a line."""
    with node.store.unit("hall.refused") as unit:
        note(
            unit,
            node,
            event=Event.HALL_REFUSED,
            operator_login_id="" if caller is None else caller.operator.login_id,
            operator_role_id="" if caller is None else caller.operator.role_id,
            outcome=reason,
            detail={"call": call} | ({"unnoted": str(unnoted)} if unnoted else {}),
        )
