"""Nothing stands in the house that nobody uses; what waits for a room says for which."""

import ast
import re

from tests.house.conftest import ROOT

# Public, proven by tests, and not called by the product yet: law that was written before the room which asks it. Each
# room that is built makes the list shorter.
WAITING = {
    "close_operator": "the administrator's page of operators",
    "begin_new_epochs": "the restore of a node from a copy",
    "count_parked": "the administrator's page of letters",
    "unpark": "the administrator's page of letters",
    "withdraw_entry": "the clerk's own entry, taken back before it is verified",
    "hashes_of": "the nightly agreement of copies",
    "unequal_buckets": "the nightly agreement of copies",
    "municipality_title": "the network's page of members",
    "from_network": "what other nodes are told in the network's codes",
    "to_network": "what other nodes are told in the network's codes",
    "identify_text": "the Ministry of Justice",
    "check_successions": "a register whose municipality changes its code",
    "succeeded_address": "a register whose municipality changes its code",
    "check_seal": "the page that checks a sealed paper",
}
# Called by a library, by the tests' hands, or found by name.
CALLED_FROM_OUTSIDE = {
    "emit": "logging", "handle_starttag": "html.parser", "handle_endtag": "html.parser", "handle_data": "html.parser",
    "list_commands": "click", "get_command": "click", "to_token": "click",
    "main_loop": "uvicorn",
    "ensure_output_version": "pyhanko",
    "disarm": "tests set seams", "FixedClock": "tests stop the clock",
    "measure_press": "tests measure the press",
    "ground_tile": "the test of the ground beneath a certificate",
    "TerminalListener": "tests open a terminal", "loopback_socket": "tests open a terminal",
    "versions_replaced": "tests read back",
    "all_pages": "the house test of routes", "worded": "the test of wording", "unnamed_events": "the test of wording",
    "kanji_accuracy": "tests ask how exact searching is", "kana_accuracy": "tests ask how exact searching is",
    "count_changes": "tests compare what a database counted",
}  # fmt: skip


def _names(house) -> dict[str, str]:
    found = {}
    for module in house.modules:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                if not node.name.startswith("_"):
                    found.setdefault(node.name, module.at(node, node.name))
            elif isinstance(node, ast.Assign) and node in module.tree.body:
                for target in node.targets:
                    if isinstance(target, ast.Name) and not target.id.startswith("__"):
                        found.setdefault(target.id, module.at(node, target.id))
    return found


def test_every_name_is_used_by_the_product_or_waits_for_a_named_room(house) -> None:
    templates = (ROOT / "src").rglob("*.html")
    said = "\n".join(
        [*(module.text for module in house.modules), *(file.read_text("utf-8") for file in templates)]
    )
    uses: dict[str, int] = {}
    for word in re.findall(r"\w+", said):
        uses[word] = uses.get(word, 0) + 1
    excused = WAITING | CALLED_FROM_OUTSIDE
    alone = {name: where for name, where in _names(house).items() if uses.get(name, 0) < 2 and name != "app"}
    unexcused = [where for name, where in alone.items() if name not in excused]
    no_longer = [name for name in excused if name not in alone]
    assert not unexcused, "\n".join(unexcused)
    assert not no_longer, "used by now: " + ", ".join(no_longer)


def test_an_operators_ledger_line_is_put_together_in_one_place(house) -> None:
    """`fact_by` and `note_by` take an operator whole: nowhere can one of the two ids be left out of a line."""
    made_by_hand = [
        module.at(node, "says an operator's ids itself")
        for module in house.on("nodes", "faces")
        if module.name != "daicho.nodes.chronicle.notes"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Fact", "note")
        if any("operator.role_id" in ast.unparse(given) for given in _given(node))
        and not any("is None" in ast.unparse(given) for given in _given(node))
    ]
    assert not made_by_hand, "\n".join(made_by_hand)


def _given(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(keyword.value for keyword in call.keywords)]
