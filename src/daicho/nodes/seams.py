"""The named places where a crash matters: tests kill a node there, and nothing happens there otherwise."""

import os
import signal
import threading
from collections.abc import Callable

SEAMS = frozenset({
    # a letter on its way out
    "mailroom.number.before_commit",
    "mailroom.number.after_commit",
    "mailroom.send.before_mark",
    "mailroom.mark.before_commit",
    "mailroom.mark.after_commit",
    # a letter coming in
    "mailroom.keep.before_commit",
    "mailroom.keep.after_commit",
    # its handling
    "mailroom.handle.before_commit",
    "mailroom.handle.after_commit",
    # telling the sender
    "mailroom.tell.before_mark",
    "mailroom.tell.after_mark",
    "mailroom.settle.before_commit",
    "mailroom.settle.after_commit",
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
    """Let `action` happen when this seam is passed for the `passing`-th time; by default the process is killed.

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
