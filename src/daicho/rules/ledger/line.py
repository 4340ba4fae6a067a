"""One line of a ledger before it is written: who did what to whom, why, and with which outcome."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime

from daicho.rules.ledger.events import Event
from daicho.rules.ledger.tree import leaf_hash

SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """What is committed to; the salt keeps a line from being guessed from its neighbours' proofs.  台帳の行"""

    event: Event
    at: datetime
    business_day: date
    node: str
    salt: bytes
    operator_login_id: str = ""
    operator_role_id: str = ""
    terminal: str = ""
    purpose: str = ""
    basis: str = ""
    subject: str = ""
    outcome: str = ""
    peer: str = ""
    detail: dict[str, str] = field(default_factory=dict)

    def body(self) -> bytes:
        """Write the bytes that are hashed and kept: JSON with sorted keys, empty items left out.

        Law: none, own definition.
        """
        items = {
            "at": self.at.isoformat(),
            "basis": self.basis,
            "business_day": self.business_day.isoformat(),
            "detail": self.detail,
            "event": self.event.value,
            "node": self.node,
            "operator": self.operator_login_id,
            "outcome": self.outcome,
            "peer": self.peer,
            "purpose": self.purpose,
            "role": self.operator_role_id,
            "salt": self.salt.hex(),
            "subject": self.subject,
            "terminal": self.terminal,
        }
        kept = {key: value for key, value in items.items() if value}
        return json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    def hash(self) -> bytes:
        """Hash the body as a leaf.

        Law: none, RFC 9162 2.1.1.
        """
        return leaf_hash(self.body())
