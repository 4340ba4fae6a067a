"""A node is one lean process: what a page, a paper or a test needs is loaded when it is used."""

import json
import subprocess
import sys

MOST_MEGABYTES = 80
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
import daicho.cli.run, daicho.faces.desks.bind
import daicho.nodes.national.compose, daicho.nodes.registry.compose, daicho.nodes.cs.compose
most = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(json.dumps([int(most.split()[1]) / 1024, sorted(sys.modules)]))
"""


def test_a_node_loads_nothing_heavy_and_stays_below_80_megabytes() -> None:
    for _ in range(2):  # the first of a new installation compiles what it loads; no later one does
        answer = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, check=True, text=True)
    megabytes, modules = json.loads(answer.stdout)
    assert not HEAVY & {name.split(".")[0] for name in modules}
    assert megabytes <= MOST_MEGABYTES
