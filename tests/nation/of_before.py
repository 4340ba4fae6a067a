"""A nation of an earlier version: raised, loaded, and stopped while letters are on their way.

Usage: python of_before.py HOME BINARIES|- FIRST_PORT   (with that version's src and root first on PYTHONPATH)
Prints the code of the person who moved, and the block to which.
"""

import sys
from pathlib import Path

from tests.nation.conftest import move_within

from daicho.world.loading import TownLoaders, await_copies
from daicho.world.nation import lower_nation, raise_nation

BLOCK = "8番18号"


def main(home: str, binaries: str, first_port: str) -> None:
    """Live one day and stop in the middle of it."""
    risen = raise_nation(
        Path(home), people=270, town_count=3, binaries=None if binaries == "-" else Path(binaries),
        said=lambda _: None, first_port=int(first_port),
    )  # fmt: skip
    try:
        with TownLoaders(risen) as loaders:
            loaders.write_extracts(lambda _: None)
            loaders.import_extracts(lambda _: None)
        await_copies(risen, lambda _: None)
        away = risen.supervisor.child("cs-m132012")
        assert away.process is not None
        away.process.terminate()
        away.process.wait()
        code = move_within(risen, BLOCK)  # its letter waits at the registry
    finally:
        lower_nation(risen, lambda _: None)
    sys.stdout.write(f"{code}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
