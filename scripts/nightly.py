"""What takes longer than a change may wait: every test three times with seeds of its own, mutants, the benchmarks.

Seeds, counts and figures are kept under benchmarks/results/, to be committed before an issue is closed.
"""

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

ROUNDS = 3
COVERAGE = str(Path(sys.executable).with_name("coverage"))
RESULTS = Path("benchmarks/results")
BUILD = Path("build")
KILLED_PERCENT = 85
_PASSED = re.compile(r"(\d+) passed")


def round_of_tests(*, covered: bool) -> dict[str, Any]:
    """Run every test with one seed, its output on the terminal; give what it came to."""
    seed, begun, passed = secrets.randbelow(2**32), time.monotonic(), 0
    command = [
        *((COVERAGE, "run") if covered else (sys.executable,)),
        "-m",
        "pytest",
        "-q",
        "-n",
        "2",
        "--no-loadscope-reorder",
        "-m",
        "nightly or not nightly",
        f"--hypothesis-seed={seed}",
    ]
    longer = os.environ | {"DAICHO_NIGHTLY": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=longer) as tests:
        for line in tests.stdout or ():
            sys.stdout.write(line)
            sys.stdout.flush()
            found = _PASSED.search(line)
            passed = int(found[1]) if found else passed
    if tests.returncode != 0:
        sys.exit(f"failed with --hypothesis-seed={seed}")
    found = {"seed": seed, "passed": passed, "seconds": round(time.monotonic() - begun)}
    return found | ({"covered_percent": _covered_percent()} if covered else {})


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
    command = [sys.executable, "-m", "tests.mutation.run", listed, "tests/rules", survivors]
    asked = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    came_to: dict[str, Any] = json.loads(asked.stdout.splitlines()[-1])
    if came_to["killed_percent"] < KILLED_PERCENT:
        sys.exit(f"{came_to} (build/survivors.txt)")
    return came_to


def main() -> None:
    """Run the rounds, ask about mutants, keep what they came to, then the benchmarks."""
    about = circumstances()
    rounds = [round_of_tests(covered=turn == 0) for turn in range(ROUNDS)]
    mutants = ask_about_mutants()
    RESULTS.mkdir(parents=True, exist_ok=True)
    kept = RESULTS / f"nightly-{about['date'].replace('-', '')}.json"
    kept.write_text(
        json.dumps(
            {"name": "nightly", "rounds": rounds, "mutants": mutants, **about}, indent=1, ensure_ascii=False
        )
        + "\n"
    )
    subprocess.run([sys.executable, "-m", "daicho", "bench", "all", "--keep", str(RESULTS)], check=True)
    sys.stdout.write(
        f"{rounds[-1]['passed']} passed, {kept} and the benchmarks beside it are to be committed\n"
    )


if __name__ == "__main__":
    main()
