"""What takes longer than a change may wait: the benchmarks, mutants, every test three times with other seeds.

The first round of the tests is at a night's length, the second says which lines they passed, the third has their
nodes on Debian's PostgreSQL.

Seeds, counts and figures are kept under benchmarks/results/, to be committed before an issue is closed. Whoever stops
it finds what is done kept, and the next start goes on from there.
"""

import hashlib
import json
import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

from daicho.cli.bench import BENCHES, circumstances

ROUNDS = ("at length", "covered", "on Debian's PostgreSQL")
LONG_TEST_SECONDS = 900  # for one test at a night's length
DEBIAN_POSTGRESQL = "/usr/lib/postgresql/15/bin"
COVERAGE = str(Path(sys.executable).with_name("coverage"))
RESULTS = Path("benchmarks/results")
BUILD = Path("build")
KILLED_PERCENT = 85
TRACKED = ("src", "tests", "scripts", "requirements", "vendor", "data")
MEASURED = ("src", "requirements", "vendor", "data")  # what a benchmark's figure is true of
ASKED = ("src", "tests/rules", "tests/cases", "tests/mutation", "tests/conftest.py", "requirements")
_PASSED = re.compile(r"(\d+) passed")


class PartFailed(Exception):
    """A part of the night did not come to what it must."""


def round_of_tests(kind: str) -> dict[str, Any]:
    """Run every test with one seed, its output on the terminal; give what it came to.

    At length everything that only the night runs is asked, too; what says which lines were passed slows down
    the tests that count their time, and so has a round of its own.
    """
    seed, begun, passed = secrets.randbelow(2**32), time.monotonic(), 0
    at_length, covered = kind == "at length", kind == "covered"
    command = [
        *((COVERAGE, "run") if covered else (sys.executable,)),
        "-m",
        "pytest",
        "-q",
        "-n",
        "2",
        "--no-loadscope-reorder",
        *(("-m", "nightly or not nightly", f"--timeout={LONG_TEST_SECONDS}") if at_length else ()),
        f"--hypothesis-seed={seed}",
    ]
    surroundings = os.environ | ({"DAICHO_NIGHTLY": "1"} if at_length else {})
    if kind == "on Debian's PostgreSQL":
        surroundings["DAICHO_TEST_PG_BIN"] = DEBIAN_POSTGRESQL
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=surroundings) as tests:
        for line in tests.stdout or ():
            sys.stdout.write(line)
            sys.stdout.flush()
            found = _PASSED.search(line)
            passed = int(found[1]) if found else passed
    if tests.returncode != 0:
        raise PartFailed(f"--hypothesis-seed={seed}")
    came_to = {"seed": seed, "passed": passed, "seconds": round(time.monotonic() - begun)}
    return came_to | ({"covered_percent": _covered_percent()} if covered else {})


def _covered_percent() -> int:
    """Print which lines no test passed; give the share of those that one did."""
    subprocess.run([COVERAGE, "combine", "--quiet"], check=True)
    subprocess.run([COVERAGE, "report"], check=True)
    total = subprocess.run([COVERAGE, "report", "--format=total"], check=True, capture_output=True, text=True)
    return int(total.stdout)


def ask_about_mutants() -> dict[str, Any]:
    """Let mutmut change the law part and ask its tests about each change; give what it came to.

    Who survived stands in build/survivors.txt, and every answer beside it, so that a night that is stopped goes on
    from there.
    """
    BUILD.mkdir(exist_ok=True)
    listed, survivors = BUILD / "mutants.jsonl", BUILD / "survivors.txt"
    with listed.open("wb") as out:
        lister = "tests/mutation/list_mutants.py"
        subprocess.run([".judges/bin/python", lister, "src", "daicho/rules"], stdout=out, check=True)
    answers = BUILD / f"mutants-{_state_of(ASKED)}.jsonl"
    command = [
        sys.executable, "-m", "tests.mutation.run", str(listed), "tests/rules", str(survivors), str(answers),
    ]  # fmt: skip
    asked = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    came_to: dict[str, Any] = json.loads(asked.stdout.splitlines()[-1])
    if came_to["killed_percent"] < KILLED_PERCENT:
        raise PartFailed(f"{came_to} (build/survivors.txt)")
    return came_to


def benchmark(name: str) -> dict[str, Any]:
    """Measure, the figure kept in a file of its own."""
    subprocess.run([sys.executable, "-m", "daicho", "bench", name, "--keep", str(RESULTS)], check=True)
    return {"name": name}


PARTS: dict[str, tuple[Callable[[], dict[str, Any]], tuple[str, ...]]] = {
    **{name: (partial(benchmark, name), MEASURED) for name in BENCHES},
    "mutants": (ask_about_mutants, ASKED),
    **{kind: (partial(round_of_tests, kind), TRACKED) for kind in ROUNDS},
}  # what is done, and of which folders that is true


def main() -> None:
    """Do what is missing of the night's work, part by part, and keep what each part came to.

    A part that an earlier night has done stands, as long as what it is true of is the same: a changed test makes
    no figure of a benchmark untrue. A part that fails keeps no other from being done.
    """
    RESULTS.mkdir(parents=True, exist_ok=True)
    _must_be_committed()
    stands, failed = _what_stands(), []
    about = circumstances()
    kept = RESULTS / f"nightly-{about['date'].replace('-', '')}.json"
    for name, (part, folders) in PARTS.items():
        if name not in stands:
            sys.stdout.write(f"== {name}\n")
            try:
                stands[name] = part() | {"commit": about["commit"], "source": _state_of(folders)}
            except (PartFailed, subprocess.CalledProcessError) as why:
                failed.append(f"{name}: {why}")
                continue
        done = {name: stands[name] for name in PARTS if name in stands}
        kept.write_text(
            json.dumps({"name": "nightly", **about, "parts": done}, indent=1, ensure_ascii=False) + "\n"
        )
    if failed:
        sys.exit("failed: " + "; ".join(failed))
    sys.stdout.write(f"every part stands: {kept} and the benchmarks beside it are to be committed\n")


def _what_stands() -> dict[str, dict[str, Any]]:
    """Find the parts that were done over what they are true of, as it is now."""
    nights = [json.loads(kept.read_text()) for kept in sorted(RESULTS.glob("nightly-*.json"))]
    return {
        name: came_to
        for night in nights
        for name, came_to in night.get("parts", {}).items()
        if name in PARTS and came_to["source"] == _state_of(PARTS[name][1])
    }


@cache
def _state_of(folders: tuple[str, ...]) -> str:
    """Name the state of these folders: commits that only keep results do not change it."""
    trees = subprocess.run(
        ["git", "rev-parse", *(f"HEAD:{folder}" for folder in folders)],
        check=True,
        capture_output=True,
        text=True,
    )
    return hashlib.sha256(trees.stdout.encode()).hexdigest()[:12]


def _must_be_committed() -> None:
    dirty = subprocess.run(
        ["git", "status", "--porcelain", "--", *TRACKED], check=True, capture_output=True, text=True
    )
    if dirty.stdout:
        sys.exit("a night's results are of a commit; commit first:\n" + dirty.stdout)


if __name__ == "__main__":
    main()
