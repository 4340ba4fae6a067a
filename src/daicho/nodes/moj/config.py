"""The configuration file of the stand-in, read strictly: a key that nobody knows is an error."""

from datetime import date, datetime
from pathlib import Path

import msgspec

LOOPBACK = "127.0.0.1"


class StandInConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that the stand-in is told when it starts; it listens on the loopback and nowhere else."""

    name: str
    folder: str
    port: int
    business_day: date
    started_at: datetime
    towns: dict[str, str]

    @property
    def origin(self) -> str:
        """Give the address at which a browser of this machine finds it."""
        return f"http://{self.name.partition('.')[0]}.localhost:{self.port}"


def read_stand_in(path: Path) -> StandInConfig:
    """Read the file. Raises: msgspec.ValidationError."""
    return msgspec.toml.decode(path.read_bytes(), type=StandInConfig)
