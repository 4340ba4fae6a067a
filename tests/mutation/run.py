"""Asks the tests of a room about every mutant of it; keeps what it came to and who survived.

Usage: python -m tests.mutation.run MUTANTS.jsonl TESTS SURVIVORS.txt [ANSWERS.jsonl]

With a file of answers whoever is stopped goes on from there; it is true of the source and tests that it was made with.
"""

import difflib
import json
import sys
from collections import Counter
from pathlib import Path

import pytest
from tests.mutation.asking import KILLED, TOO_LONG, Answers, Asking, Mutant, read_mutants


def main(file: Path, tests: str, survivors: Path, answers: Path | None = None) -> None:
    """Ask, print the counts as JSON, write the survivors with what was changed in them."""
    mutants = read_mutants(file)
    kept = Answers(answers) if answers is not None else None
    asking = Asking(mutants, lambda words: print(words, file=sys.stderr, flush=True), kept)
    options = ["-q", "-s", "-p", "no:xdist", "--hypothesis-seed=1", "-m", "not nightly", tests]
    ended = pytest.main(options, plugins=[asking])
    if ended != pytest.ExitCode.OK:
        sys.exit(int(ended))
    counts = Counter(asking.found[mutant.key] for mutant in mutants)
    dead = counts[KILLED] + counts[TOO_LONG]
    survivors.write_text(
        "".join(
            f"{outcome}: {mutant.place}\n{_change(mutant)}\n"
            for mutant in mutants
            if (outcome := asking.found[mutant.key]) not in {KILLED, TOO_LONG}
        ),
        encoding="utf-8",
    )
    print(
        json.dumps({"mutants": len(mutants), "killed_percent": round(100 * dead / len(mutants), 1), **counts})
    )


def _change(mutant: Mutant) -> str:
    before, after = mutant.original.splitlines(), mutant.text.splitlines()
    lines = list(difflib.unified_diff(before, after, lineterm="", n=0))[2:]
    return "\n".join(line for line in lines if not line.startswith("@@") and "__mutmut_" not in line)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], *map(Path, sys.argv[3:]))
