"""What the administrator's pages show of a node: its queues, its parts, whom it lets call.  稼働状況"""

from dataclasses import dataclass
from datetime import datetime

from daicho.nodes.watch.connections import AllowedConnection
from daicho.nodes.watch.health import Health
from daicho.nodes.watch.standing import Worry
from daicho.rules.hall.access import HallClient
from daicho.store.standing import LedgerStanding


@dataclass(frozen=True, slots=True)
class WaitingOut:
    """Letters to one other node."""

    to: str
    waiting_letters: int
    unanswered_letters: int
    oldest: datetime | None
    late: bool
    failures: int  # tries in a row that failed


@dataclass(frozen=True, slots=True)
class WaitingIn:
    """Letters from one other node."""

    sender: str
    waiting_letters: int
    parked_letters: int
    oldest: datetime | None
    late: bool


@dataclass(frozen=True, slots=True)
class Warned:
    """How often a room of the program has complained since the node started."""

    level: str
    room: str
    count: int


@dataclass(frozen=True, slots=True)
class NodeStanding:
    """How the node stands."""

    at: datetime
    worries: tuple[Worry, ...]
    health: Health
    renews_below_days: float
    waiting_out: tuple[WaitingOut, ...]
    waiting_in: tuple[WaitingIn, ...]
    returned_letters: int
    ledger: LedgerStanding | None
    witness: str
    warned: tuple[Warned, ...]


@dataclass(frozen=True, slots=True)
class Connections:
    """Who may call this node, and whom it may call; every other call is refused.

    `systems` are those of the own hall that may read from a register; None where nothing of a hall is kept.
    """

    callers: tuple[AllowedConnection, ...]
    callees: tuple[AllowedConnection, ...]
    systems: tuple[HallClient, ...] | None = None
