"""The named places where a crash matters: tests kill a node there, and nothing happens there otherwise."""

import os
import signal
import threading
from collections.abc import Callable

SEAMS = frozenset({
    # a letter on its way out
    "mailroom.before_number",  # numbered, not committed
    "mailroom.after_number",  # numbered, not sent
    "mailroom.after_send",  # the receipt is here, not noted
    "mailroom.before_mark",  # noted, not committed
    "mailroom.after_mark",
    # a letter coming in
    "mailroom.before_kept",  # written, not committed
    "mailroom.after_kept",  # kept, not answered
    # its handling
    "mailroom.before_settle",  # done and settled, not committed
    "mailroom.after_settle",
    # telling the sender
    "mailroom.after_told",  # the sender knows, not noted
    "mailroom.after_told_mark",
    "mailroom.before_outcome",  # the sender wrote it, not committed
    "mailroom.after_outcome",  # committed, not answered
    # the ledger
    "sequencer.before_commit",
    "checkpoint.before_commit",
    "witness.before_commit",
    # answers and numbers
    "provision.before_commit",
    "provision.after_commit",
    "numbering.before_commit",
})  # fmt: skip


class UnknownSeam(ValueError):
    """A seam that is not on the list."""


_ARMED: dict[str, tuple[int, Callable[[], None]]] = {}
_LOCK = threading.Lock()


def _kill_this_process() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def at(name: str) -> None:
    """Pass a seam; nothing happens unless it was armed. Raises: UnknownSeam."""
    if name not in SEAMS:
        raise UnknownSeam(name)
    if name in _ARMED:
        _pass_armed(name)


def arm(name: str, *, passing: int = 1, action: Callable[[], None] = _kill_this_process) -> None:
    """Let `action` happen when this seam is passed for the `passing`-th time; the default kills the process.

    Raises: UnknownSeam.
    """
    if name not in SEAMS:
        raise UnknownSeam(name)
    with _LOCK:
        _ARMED[name] = (passing, action)


def arm_all(passings: dict[str, int]) -> None:
    """Arm the seams that a configuration names. Raises: UnknownSeam."""
    for name, passing in passings.items():
        arm(name, passing=passing)


def disarm() -> None:
    """Make every seam harmless again."""
    with _LOCK:
        _ARMED.clear()


def _pass_armed(name: str) -> None:
    with _LOCK:
        if name not in _ARMED:
            return
        left, action = _ARMED[name]
        if left > 1:
            _ARMED[name] = (left - 1, action)
            return
        del _ARMED[name]
    action()
