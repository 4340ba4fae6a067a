"""How a node spends memory to save time."""

import gc

_ALLOCATIONS = 50_000  # between two searches for cycles; Python's own 700 suits programs without bulk letters


def collect_rarely() -> None:
    """Search for reference cycles more seldom, and never among what is there already.

    Records and letters form no cycles; searching thousands of them again and again takes a fifth of the time
    in which a bulk letter is handled.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_ALLOCATIONS, 20, 20)
