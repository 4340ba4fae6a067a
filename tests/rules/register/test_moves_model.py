"""The move protocol as a model: every order of letters, days and clerks, and a mutant for each invariant."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import NIGHTLY

MODEL = Path(__file__).parents[3] / "docs" / "protocols" / "moves.pml"
# Three towns. Two residents, of whom one moves twice; one resident who moves three times, also back.
TWO_RESIDENTS = {"MOVES": 2, "MOVES_OF_SECOND": 1, "DAYS": 2}
THERE_AND_BACK = {"MOVES": 3, "MOVES_OF_SECOND": 0, "DAYS": 3}
AT_NIGHT = {"MOVES": 2, "MOVES_OF_SECOND": 1, "DAYS": 3}
SIZES = [TWO_RESIDENTS, *([THERE_AND_BACK, AT_NIGHT] if NIGHTLY else [])]
MUTANTS = {
    "STRIKES_WHOEVER_CAME_BACK": "home[p]!=t",
    "ENTERS_WHOEVER_LIVES_HERE": "hand[p].origin!=",
    "FORGETS_THE_CERTIFICATE": "nation[p].living==",
    "REPORTS_TO_NOBODY": "<=1)",
    "NATION_HEARS_WHOEVER_SPEAKS": "nation[p].living==",
}
Explore = Callable[..., str]


@pytest.fixture
def explore(tmp_path: Path) -> Explore:
    """Search the whole state space of the model with some definitions; give what the verifier says."""

    def run(size: dict[str, int], *mutants: str) -> str:
        definitions = [f"-D{name}={value}" for name, value in size.items()] + [
            f"-D{name}" for name in mutants
        ]
        subprocess.run(["spin", *definitions, "-a", str(MODEL)], cwd=tmp_path, check=True, timeout=60)
        subprocess.run(
            ["gcc", "-w", "-O0" if mutants else "-O1", "-DSAFETY", "-DMEMLIM=4096", "-o", "pan", "pan.c"],
            cwd=tmp_path, check=True, timeout=120,
        )  # fmt: skip
        told = subprocess.run(
            ["./pan", "-m20000", "-w24"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        return told.stdout

    return run


def _whole(told: str) -> bool:
    """Tell whether nothing was left out of the search."""
    return "max search depth too small" not in told and "Search not completed" not in told


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_everybody_is_in_one_register_or_on_the_way_and_the_nation_agrees(
    explore: Explore, size: dict[str, int]
) -> None:
    told = explore(size)
    assert "errors: 0" in told, told
    assert _whole(told)


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_rule_left_out_breaks_its_invariant(explore: Explore, mutant: str) -> None:
    told = explore(THERE_AND_BACK, mutant)
    assert "errors: 1" in told, told
    violated = next(line for line in told.splitlines() if "assertion violated" in line)
    assert MUTANTS[mutant] in violated
