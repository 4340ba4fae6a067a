"""Whether those on whom this node rests answer: since when they have not, and what waits for them."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from daicho.nodes.node import Node
from daicho.rules.network.kinds import Member, NodeKind
from daicho.store import standing
from daicho.wire.directory import DirectoryFault

SETTLES = timedelta(seconds=5)  # a line that misses one question and answers the next has not been down


class Line:
    """Hears of every call, whether it was answered; safe to use from several threads."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """Begin with lines of which nobody has complained."""
        self._now = now
        self._lock = threading.Lock()
        self._missed_since: dict[str, datetime] = {}

    def heard(self, name: str, *, answered: bool) -> None:
        """Note that a call was answered, be it by a refusal, or that nobody answered."""
        with self._lock:
            if answered:
                self._missed_since.pop(name, None)
            else:
                self._missed_since.setdefault(name, self._now())

    def down_since(self, names: Iterable[str]) -> datetime | None:
        """Tell since when the first of some nodes has not answered; none while all do."""
        with self._lock:
            missed = [self._missed_since[name] for name in names if name in self._missed_since]
        since = min(missed, default=None)
        return since if since is not None and self._now() - since >= SETTLES else None


@dataclass(frozen=True, slots=True)
class LineDown:
    """A line that is down: to whom, since when, and what waits to be sent there."""

    to: str
    since: datetime
    waiting_letters: int
    oldest: datetime | None


def upward(node: Node) -> tuple[Member, ...]:
    """Name those on whom this node rests: a registry on its CS, others on the servers above them."""
    me, directory = node.me, node.wire.directory()
    try:
        if me.kind is NodeKind.REGISTRY:
            own_cs = directory.cs_of(str(me.municipality))
            return () if own_cs is None else (own_cs,)
        if me.kind is NodeKind.CS:
            return directory.prefecture(me.prefecture), directory.national()
        return (directory.national(),) if me.kind is NodeKind.PREFECTURE else ()
    except DirectoryFault:
        return ()


def look_at_line(node: Node, line: Line) -> LineDown | None:
    """Tell whether the line upward is down; the database is asked only then. A training copy has no line."""
    if node.training:
        return None
    partners = upward(node)
    down = {one.name: since for one in partners if (since := line.down_since([str(one.name)])) is not None}
    if not down:
        return None
    with node.store.unit("line.look") as unit:
        waiting = [one for one in standing.destinations(unit) if one.receiver in down]
    posted = [one.oldest_posted_at for one in waiting if one.oldest_posted_at is not None]
    return LineDown(
        to="・".join(one.title for one in partners if one.name in down),
        since=min(down.values()),
        waiting_letters=sum(one.waiting_letters for one in waiting),
        oldest=min(posted, default=None),
    )
