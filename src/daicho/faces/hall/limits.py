"""How often somebody may ask: a measure for each name that fills again by a clock that nobody sets."""

import threading
from collections import OrderedDict

_NAMES_MAX = 2_000


class Rate:
    """So many calls a minute for each name, as many of them at once as `burst`."""

    def __init__(self, per_minute: int, burst: int) -> None:
        """Begin with full measures."""
        self._a_second = per_minute / 60
        self._burst = float(burst)
        self._held: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait_seconds(self, name: str, at: float) -> int:
        """Take one call of a name; tell in how many seconds to come again, 0 when it may be answered now."""
        with self._lock:
            left, since = self._held.pop(name, (self._burst, at))
            left = min(self._burst, left + max(0.0, at - since) * self._a_second)
            allowed = left >= 1
            self._held[name] = (left - 1 if allowed else left, at)
            while len(self._held) > _NAMES_MAX:
                self._held.popitem(last=False)
        return 0 if allowed else int((1 - left) / self._a_second) + 1
