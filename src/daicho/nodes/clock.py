"""Real time and chance: the only place where the product reads either."""

import secrets
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Protocol

JAPAN = timezone(timedelta(hours=9), "JST")


def ticks() -> float:
    """Tell the seconds of a clock that nobody sets; only spans between two of them mean anything."""
    return time.perf_counter()


class Clock(Protocol):
    """What a node may ask of time and chance."""

    def now(self) -> datetime:
        """Tell the real instant, in UTC."""
        ...

    def business_now(self) -> datetime:
        """Tell the instant at which the counter believes to be, in Japan."""
        ...

    def business_today(self) -> date:
        """Tell the counter's calendar day in Japan."""
        ...

    def token(self, size_bytes: int) -> bytes:
        """Draw unguessable bytes."""
        ...

    def new_id(self) -> str:
        """Draw an identifier that nobody else draws."""
        ...


@dataclass(frozen=True, slots=True)
class RealClock:
    """The machine's clock; a demonstration may shift its business time by a fixed span."""

    business_shift: timedelta = timedelta(0)

    def now(self) -> datetime:
        """Tell the real instant, in UTC."""
        return datetime.now(UTC)

    def business_now(self) -> datetime:
        """Tell the instant at which the counter believes to be, in Japan."""
        return (datetime.now(UTC) + self.business_shift).astimezone(JAPAN)

    def business_today(self) -> date:
        """Tell the counter's calendar day in Japan."""
        return self.business_now().date()

    def token(self, size_bytes: int) -> bytes:
        """Draw unguessable bytes."""
        return secrets.token_bytes(size_bytes)

    def new_id(self) -> str:
        """Draw an identifier that nobody else draws."""
        return uuid.uuid4().hex


def clock_started_on(day: date | None, *, started_at: datetime) -> RealClock:
    """Make a clock whose business time was 10:00 in Japan on `day` at the instant `started_at`."""
    if day is None:
        return RealClock()
    opening = datetime(day.year, day.month, day.day, 10, tzinfo=JAPAN)
    return RealClock(opening - started_at)


def _count_from_one() -> Callable[[], int]:
    state = iter(range(1, 1 << 62))
    return lambda: next(state)


@dataclass(slots=True)
class FixedClock:
    """A clock for tests: time stands until it is moved, chance counts upward."""

    instant: datetime
    _next: Callable[[], int] = field(default_factory=_count_from_one)

    def now(self) -> datetime:
        """Tell the instant that was set, in UTC."""
        return self.instant.astimezone(UTC)

    def business_now(self) -> datetime:
        """Tell the instant that was set, in Japan."""
        return self.instant.astimezone(JAPAN)

    def business_today(self) -> date:
        """Tell the calendar day that was set, in Japan."""
        return self.business_now().date()

    def token(self, size_bytes: int) -> bytes:
        """Give the next counted bytes."""
        return self._next().to_bytes(size_bytes, "big")

    def new_id(self) -> str:
        """Give the next counted identifier."""
        return f"{self._next():032x}"

    def move(self, span: timedelta) -> None:
        """Let time pass."""
        self.instant += span
