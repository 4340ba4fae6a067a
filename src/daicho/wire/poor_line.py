"""A line that loses and repeats envelopes: for drills and measurements, never between real nodes."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from daicho.wire.http import WireRefused, WireUnavailable

_CHANCE_BYTES = 4


@dataclass(frozen=True, slots=True)
class PoorLine:
    """Carries an envelope, or loses it, its answer with it, or carries it twice; so many of a hundred each."""

    lost_percent: float
    repeated_percent: float
    draw: Callable[[int], bytes]

    def carry(self, send: Callable[[], bytes]) -> bytes:
        """Let an envelope be sent by `send`. Raises: WireUnavailable when it is lost, and what `send` raises."""
        chance = 100 * int.from_bytes(self.draw(_CHANCE_BYTES), "big") / 256**_CHANCE_BYTES
        if chance < self.lost_percent / 2:
            raise WireUnavailable("lost on a poor line")
        answer = send()
        if chance < self.lost_percent:
            raise WireUnavailable("the answer was lost on a poor line")
        if chance < self.lost_percent + self.repeated_percent:
            with suppress(
                WireUnavailable, WireRefused
            ):  # the first answer counts; the second may be a refusal
                send()
        return answer
