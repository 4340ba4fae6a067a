"""Whatever bytes come, a reader gives a value or refuses in its own words, quickly and in little memory."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import NIGHTLY
from tests.fuzz.run import CORPUS, altered
from tests.fuzz.targets import targets

EXAMPLES = 20_000 if NIGHTLY else 250
SEED = 20261120
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", sorted(targets()))
def test_a_reader_keeps_to_its_rules_whatever_comes(name: str, request: pytest.FixtureRequest) -> None:
    seed = request.config.getoption("hypothesisseed", None) or SEED
    told = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.run", name, str(EXAMPLES), str(seed)],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=1800,
    )  # fmt: skip
    assert told.returncode == 0, f"{told.stderr[-1500:]}\n{told.stdout}"


def test_the_corpus_belongs_to_readers_that_there_are() -> None:
    assert {path.name for path in CORPUS.iterdir()} <= {name.replace(" ", "-") for name in targets()}


def test_inputs_differ_and_can_be_made_again() -> None:
    import random

    one, again = ([altered(random.Random(seed), b"abc") for seed in range(200)] for _ in range(2))
    assert one == again
    assert len(set(one)) > 150
