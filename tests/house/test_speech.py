"""Names and sentences: docstrings everywhere, the law cited, one glossary, units in names, no catch-all rooms."""

import ast
import re

CATCH_ALL = {
    "common",
    "core",
    "utils",
    "util",
    "helpers",
    "helper",
    "misc",
    "base",
    "manager",
    "managers",
    "shared",
}
KANJI = re.compile("[\u3005\u3400-\u9fff\u30a0-\u30ff\u3040-\u309f]")
TERM = re.compile(r"[.!?]  (\S.*)$")
UNITS = (
    "_bytes", "_seconds", "_milliseconds", "_minutes", "_hours", "_yen", "_days", "_months", "_years", "_rows", "_tries",
    "_lines", "_connections", "_letters", "_people", "_percent", "_chars",
)  # fmt: skip
# Whole numbers of a configuration that need no unit: a place, or a number of threads.
WITHOUT_UNIT = {"answering_processes", "port", "workers"}
YEAR = re.compile(r"(?:18|19|20)\d\d|(?:reiwa|heisei|showa)_?\d", re.IGNORECASE)
ENUMERATIONS = {"StrEnum", "IntEnum", "Enum", "IntFlag", "Flag"}


def _first_line(node) -> str:
    return (ast.get_docstring(node) or "").split("\n", 1)[0].rstrip()


def test_everything_public_says_what_it_is(house) -> None:
    wrong = [
        f"{module.where}: no docstring" for module in house.modules if not ast.get_docstring(module.tree)
    ]
    wrong += [
        module.at(node, f"{node.name} has no docstring")
        for module in house.modules
        for node in module.public()
        if not ast.get_docstring(node)
    ]
    assert not wrong, "\n".join(wrong)


def test_every_public_function_of_rules_cites_its_law(house) -> None:
    wrong = [
        module.at(node, f"{node.name} has no Law: line")
        for module in house.on("rules")
        for node in module.public()
        if isinstance(node, ast.FunctionDef)
        and not _is_small_property(node)
        and "Law:" not in (ast.get_docstring(node) or "")
    ]
    assert not wrong, "\n".join(wrong)


def _is_small_property(node: ast.FunctionDef) -> bool:
    """A property of a value tells what is in it and rests on its class's law."""
    names = {part.id for part in node.decorator_list if isinstance(part, ast.Name)}
    return bool(names & {"property", "cached_property"})


def _terms(house) -> dict[str, str]:
    """The kanji term of every public class of rules."""
    found = {}
    for module in house.on("rules"):
        for node in module.public():
            if isinstance(node, ast.ClassDef):
                match = TERM.search(_first_line(node))
                found[node.name] = match.group(1).strip() if match else ""
    return found


def test_every_public_class_of_rules_ends_its_first_line_with_the_legal_term(house) -> None:
    assert [name for name, term in _terms(house).items() if not KANJI.search(term)] == []


def test_glossary_and_code_agree(house, root) -> None:
    rows = {}
    for line in (root / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines():
        match = re.match(r"\| *([^|]+?) *\| *`(\w+)` *\|", line)
        if match:
            rows[match.group(2)] = match.group(1)
    code = _terms(house)
    assert {name: term for name, term in code.items() if name not in rows} == {}, (
        "missing in docs/glossary.md"
    )
    assert {name: term for name, term in rows.items() if name not in code} == {}, "no such class in rules"
    assert {name: (rows[name], term) for name, term in code.items() if rows[name] != term} == {}


def test_no_room_is_called_after_nothing(house) -> None:
    wrong = []
    for module in house.modules:
        wrong += [module.where for part in module.name.split(".") if part in CATCH_ALL]
    assert not wrong, "\n".join(wrong)


def test_no_function_is_named_after_a_year(house) -> None:
    wrong = [
        module.at(node, node.name)
        for module in house.modules
        for node in module.functions()
        if YEAR.search(node.name)
    ]
    assert not wrong, "\n".join(wrong)


def test_whole_numbers_of_configurations_name_their_unit(house) -> None:
    wrong = []
    for module in house.modules:
        for node in ast.walk(module.tree):
            if not (isinstance(node, ast.ClassDef) and node.name.endswith(("Config", "Limits", "Settings"))):
                continue
            for field in node.body:
                if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
                    kinds = {part.id for part in ast.walk(field.annotation) if isinstance(part, ast.Name)}
                    name = field.target.id
                    if kinds == {"int"} and not name.endswith(UNITS) and name not in WITHOUT_UNIT:
                        wrong.append(module.at(field, f"{node.name}.{name}"))
    assert not wrong, "\n".join(wrong)


def test_words_for_people_are_made_in_faces_world_or_on_the_command_line(house) -> None:
    """Below the faces a Japanese sentence would be shown to somebody; single terms of law are data."""
    sentence = re.compile("(です|ます|ました|ません|ください)。?")
    wrong = []
    for module in house.on("rules", "store", "wire", "gate", "nodes"):
        documented = {
            id(node.body[0].value)
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        wrong += [
            module.at(node, node.value[:40])
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in documented
            and sentence.search(node.value)
        ]
    assert not wrong, "\n".join(wrong)
