"""Every transaction of a node has a name of its own, and every name is on the list of places where a drill can kill."""

import ast
from collections import Counter

from tests.house.conftest import ROOT

from daicho.nodes.seams import BETWEEN, UNITS

NODES = [
    path
    for folder in ("nodes", "faces", "cli")
    for path in sorted((ROOT / "src" / "daicho" / folder).rglob("*.py"))
]


def _first_words(function: str, attribute: str) -> Counter[str]:
    """What is given first where `something.attribute(...)` is called, and "" where nothing literal is."""
    found: Counter[str] = Counter()
    for path in NODES:
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
                continue
            owner = ast.unparse(call.func.value)
            if call.func.attr == attribute and owner.endswith(function):
                first = call.args[0] if call.args else None
                if isinstance(first, ast.Constant):
                    found[str(first.value)] += 1
                elif not isinstance(first, ast.JoinedStr):
                    found[""] += 1
    return found


def test_each_transaction_is_named_once_and_listed() -> None:
    assert _first_words("store", "unit") == Counter(UNITS)


def test_each_seam_between_transactions_is_passed_somewhere() -> None:
    assert set(_first_words("seams", "at")) == set(BETWEEN)
