"""One small nation of real processes for all tests of this folder."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from daicho.world.loading import await_copies, await_quiet, load_towns
from daicho.world.nation import Nation, lower_nation, raise_nation


@pytest.fixture(scope="session")
def nation(binaries: Path | None) -> Iterator[Nation]:
    """Three towns in two prefectures, ninety residents each; eleven processes and their signers."""
    home = Path(tempfile.mkdtemp(prefix="daicho-nation-"))
    home.chmod(0o711)
    risen = raise_nation(home / "n", people=270, town_count=3, binaries=binaries, said=lambda _: None)
    try:
        load_towns(risen, lambda _: None)
        await_copies(risen, lambda _: None)
        yield risen
    finally:
        lower_nation(risen, lambda _: None)
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def quiet(nation: Nation) -> Callable[[], None]:
    """Wait until no letter is on its way."""
    return lambda: await_quiet(nation, 60)
