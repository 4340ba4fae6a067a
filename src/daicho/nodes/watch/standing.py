"""How a node stands, for those who run it: parts, queues, ledger, certificate. Nothing about anybody."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from daicho.nodes.node import Node
from daicho.nodes.watch.health import Health, health
from daicho.rules.network.kinds import NodeKind
from daicho.store import mailbox, standing
from daicho.store.standing import Destination, LedgerStanding, Origin
from daicho.store.unit import StoreUnavailable
from daicho.wire.authority import TlsFiles

WITH_LETTERS = frozenset({NodeKind.REGISTRY, NodeKind.CS, NodeKind.PREFECTURE, NodeKind.NATIONAL})
LATE_LETTERS = timedelta(minutes=5)
LATE_WITNESS = timedelta(minutes=5)
FEW_CERTIFICATE_DAYS = 2.0  # it renews itself when 3.5 are left
FEW_DIRECTORY_HOURS = 6.0


class Worry(StrEnum):
    """What somebody should look at."""

    DATABASE = "database"
    SIGNER = "signer"
    DIRECTORY = "directory"
    CERTIFICATE = "certificate"
    LATE_LETTERS = "late_letters"
    PARKED_LETTERS = "parked_letters"
    RETURNED_LETTERS = "returned_letters"
    NO_WITNESS = "no_witness"


@dataclass(frozen=True, slots=True)
class Standing:
    """One look at a node; without its database only `health` is known."""

    at: datetime
    health: Health
    destinations: tuple[Destination, ...] = ()
    origins: tuple[Origin, ...] = ()
    returned_letters: int = 0
    ledger: LedgerStanding | None = None
    witness: str = ""  # who signs our checkpoints; nobody signs an auditor's

    def is_late(self, since: datetime | None) -> bool:
        """Tell whether a letter has waited too long."""
        return since is not None and self.at - since > LATE_LETTERS


def stand(node: Node, files: TlsFiles) -> Standing:
    """Look at a node once, in one reading."""
    now, found = node.clock.now(), health(node, files)
    try:
        with node.store.unit("standing.read") as unit:
            ledger = standing.ledger_standing(unit)
            if node.me.kind not in WITH_LETTERS:
                return Standing(now, found, ledger=ledger, witness=node.me.cosigner)
            return Standing(
                now,
                found,
                tuple(standing.destinations(unit)),
                tuple(standing.origins(unit)),
                mailbox.count_returned(unit),
                ledger,
                node.me.cosigner,
            )
    except StoreUnavailable:
        return Standing(now, found)


def worries(seen: Standing) -> tuple[Worry, ...]:
    """Name what somebody should look at, the gravest first."""
    found, ledger = seen.health, seen.ledger
    hours = (found.directory_until - seen.at) / timedelta(hours=1)
    late = [one.oldest_posted_at for one in seen.destinations] + [one.oldest_kept_at for one in seen.origins]
    witnessed = ledger.witnessed_at if ledger else None
    behind = bool(seen.witness) and ledger is not None and ledger.lines > (ledger.witnessed_lines or 0)
    holds = {
        Worry.DATABASE: not found.database,
        Worry.SIGNER: not found.signer,
        Worry.DIRECTORY: hours < FEW_DIRECTORY_HOURS,
        Worry.CERTIFICATE: found.certificate_days < FEW_CERTIFICATE_DAYS,
        Worry.LATE_LETTERS: any(map(seen.is_late, late)),
        Worry.PARKED_LETTERS: any(one.parked_letters for one in seen.origins),
        Worry.RETURNED_LETTERS: seen.returned_letters > 0,
        Worry.NO_WITNESS: behind and (witnessed is None or seen.at - witnessed > LATE_WITNESS),
    }
    return tuple(worry for worry, true in holds.items() if true)
