"""What takes longer than a change may wait: every test three times with other seeds, mutants, the benchmarks.

The first round is at a night's length, the second says which lines the tests passed, the third has the tests' nodes
on Debian's PostgreSQL.

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
from pathlib import Path
from typing import Any

from daicho.cli.bench import circumstances
from daicho.world.benchmarks.table import BENCHES

ROUNDS = ("at length", "covered", "on Debian's PostgreSQL")
LONG_TEST_SECONDS = 900  # for one test at a night's length
DEBIAN_POSTGRESQL = "/usr/lib/postgresql/15/bin"
COVERAGE = str(Path(sys.executable).with_name("coverage"))
RESULTS = Path("benchmarks/results")
BUILD = Path("build")
KILLED_PERCENT = 85
_PASSED = re.compile(r"(\d+) passed")


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
        sys.exit(f"failed with --hypothesis-seed={seed}")
    came_to = {"kind": kind, "seed": seed, "passed": passed, "seconds": round(time.monotonic() - begun)}
    return came_to | ({"covered_percent": _covered_percent()} if covered else {})


def _covered_percent() -> int:
    """Print which lines no test passed; give the share of those that one did."""
    subprocess.run([COVERAGE, "combine", "--quiet"], check=True)
    subprocess.run([COVERAGE, "report"], check=True)
    total = subprocess.run([COVERAGE, "report", "--format=total"], check=True, capture_output=True, text=True)
    return int(total.stdout)


def ask_about_mutants() -> dict[str, Any]:
    """Let mutmut change the law part and ask its tests about each change; give what it came to.

    Who survived stands in build/survivors.txt.
    """
    BUILD.mkdir(exist_ok=True)
    listed, survivors = BUILD / "mutants.jsonl", BUILD / "survivors.txt"
    with listed.open("wb") as out:
        lister = "tests/mutation/list_mutants.py"
        subprocess.run([".judges/bin/python", lister, "src", "daicho/rules"], stdout=out, check=True)
    command = [sys.executable, "-m", "tests.mutation.run", str(listed), "tests/rules", str(survivors)]
    asked = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    came_to: dict[str, Any] = json.loads(asked.stdout.splitlines()[-1])
    if came_to["killed_percent"] < KILLED_PERCENT:
        sys.exit(f"{came_to} (build/survivors.txt)")
    return came_to


def main() -> None:
    """Do what is missing of the night's work, part by part, and keep what each part came to.

    A night that was cut short goes on where it stopped, as long as the source is the same.
    """
    RESULTS.mkdir(parents=True, exist_ok=True)
    kept, night = _this_night()
    for kind in ROUNDS[len(night["rounds"]) :]:
        night["rounds"].append(round_of_tests(kind))
        _keep(kept, night)
    if "mutants" not in night:
        night["mutants"] = ask_about_mutants()
        _keep(kept, night)
    for name in BENCHES:
        if name not in night["benchmarks"]:
            command = [sys.executable, "-m", "daicho", "bench", name, "--keep", str(RESULTS)]
            subprocess.run(command, check=True)
            night["benchmarks"].append(name)
            _keep(kept, night)
    passed = night["rounds"][-1]["passed"]
    sys.stdout.write(f"{passed} passed, {kept} and the benchmarks beside it are to be committed\n")


def _this_night() -> tuple[Path, dict[str, Any]]:
    """Find what an earlier run over this very source has kept, or begin anew."""
    about = circumstances() | {"source": _source()}
    for kept in sorted(RESULTS.glob("nightly-*.json"), reverse=True):
        night: dict[str, Any] = json.loads(kept.read_text())
        if night.get("source") == about["source"]:
            return kept, night
    kept = RESULTS / f"nightly-{about['date'].replace('-', '')}.json"
    return kept, {"name": "nightly", "rounds": [], "benchmarks": [], **about}


def _source() -> str:
    """Name the state of what is tested and of its tests: commits that only keep results do not change it."""
    tracked = ["src", "tests", "scripts", "requirements", "vendor", "data"]
    dirty = subprocess.run(
        ["git", "status", "--porcelain", "--", *tracked], check=True, capture_output=True, text=True
    )
    if dirty.stdout:
        sys.exit("a night's results are of a commit; commit first:\n" + dirty.stdout)
    trees = subprocess.run(
        ["git", "rev-parse", *(f"HEAD:{folder}" for folder in tracked)],
        check=True,
        capture_output=True,
        text=True,
    )
    return hashlib.sha256(trees.stdout.encode()).hexdigest()[:12]


def _keep(kept: Path, night: dict[str, Any]) -> None:
    kept.write_text(json.dumps(night, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
