"""A node is one lean process: what a page, a paper or a test needs is loaded when it is used."""

import json
import subprocess
import sys

import pytest

# A terminal's pages are loaded where there is one; a registry has by far the most.
MOST_MEGABYTES = {"": 76, "daicho.faces.desks.bind": 98, "daicho.cli.ministry_terminal": 96}
HEAVY = {
    "typst",
    "pyhanko",
    "segno",
    "fontTools",
    "hypothesis",
    "pytest",
    "playwright",
    "pkcs11",
    "pandas",
    "numpy",
    "click.testing",
}
PROGRAM = """
import json, sys
from pathlib import Path
import daicho.cli.run
import daicho.nodes.national.compose, daicho.nodes.registry.compose, daicho.nodes.cs.compose
most = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(json.dumps([int(most.split()[1]) / 1024, sorted(sys.modules)]))
"""


@pytest.mark.parametrize("terminal", MOST_MEGABYTES)
def test_a_node_loads_nothing_heavy_and_stays_small(terminal: str) -> None:
    program = PROGRAM.replace("most = ", f"import {terminal}\nmost = ", 1) if terminal else PROGRAM
    for _ in range(2):  # the first of a new installation compiles what it loads; no later one does
        answer = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    megabytes, modules = json.loads(answer.stdout)
    assert not HEAVY & {name.split(".")[0] for name in modules}
    assert megabytes <= MOST_MEGABYTES[terminal]
