"""Time, chance and identifiers are arguments; one colour of function; nothing reads the environment below the roof."""

import ast
import re

# Where a clock or chance may be asked, and why.
CLOCK_AND_CHANCE = {
    "nodes/clock.py": "the one real clock",
    "wire/authority.py": "serial numbers and keys of certificates",
    "wire/box.py": "ephemeral keys",
    "wire/vault.py": "nonces",
    "wire/signer/keystore.py": "keys",
    "wire/signer/client.py": "time-outs of a local socket",
    "store/launcher.py": "the password of a new database server",
    "store/replicated.py": "the passwords of new servers",
    "store/roles.py": "the passwords of a new database",
    "gate/token.py": "session tokens",
    "cli/bench.py": "the day of a measurement",
    "cli/keys.py": "the moment in which a key is made",
}
FORBIDDEN_CALLS = {
    ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time"),
    ("time", "time_ns"), ("time", "localtime"), ("time", "gmtime"), ("uuid", "uuid4"), ("uuid", "uuid1"),
    ("os", "urandom"), ("os", "getrandom"),
}  # fmt: skip
FORBIDDEN_MODULES = {"random", "secrets", "uuid"}
SQL = re.compile(
    r"\s*(select\s.*\s(from|for)\s|select\s+\d|insert\s+into\s|update\s+\S+\s+set\s|delete\s+from\s|with\s+\w+\s+as\s*\(|set\s+local\s)",
    re.IGNORECASE | re.DOTALL,
)


def _free(module) -> bool:
    inside = module.where.removeprefix("src/daicho/")
    return inside in CLOCK_AND_CHANCE or module.floor == "world"


def test_time_and_chance_are_arguments(house) -> None:
    wrong = []
    for module in house.modules:
        if _free(module):
            continue
        wrong += [
            f"{module.where}:{one.line} imports {one.module}"
            for one in module.imports
            if one.module.split(".")[0] in FORBIDDEN_MODULES
        ]
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                owner = node.func.value
                name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
                if (name, node.func.attr) in FORBIDDEN_CALLS:
                    wrong.append(module.at(node, f"calls {name}.{node.func.attr}"))
    assert not wrong, "\n".join(wrong)


def test_every_place_that_may_ask_a_clock_is_there(house) -> None:
    places = {module.where.removeprefix("src/daicho/") for module in house.modules}
    assert CLOCK_AND_CHANCE.keys() <= places


def test_only_faces_have_coroutines(house) -> None:
    wrong = [
        module.at(node, "is asynchronous")
        for module in house.modules
        if module.floor != "faces"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith)
    ]
    assert not wrong, "\n".join(wrong)


def test_the_environment_is_read_only_under_the_roof(house) -> None:
    wrong = [
        module.at(node, "reads the environment")
        for module in house.modules
        if module.floor not in ("cli", "") and module.where != "src/daicho/world/forking.py"  # hands it on
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
    ]
    assert not wrong, "\n".join(wrong)


def test_rules_open_no_file(house) -> None:
    wrong = [
        module.at(node, "opens a file")
        for module in house.on("rules")
        for node in ast.walk(module.tree)
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("open", "print", "input")
        )
        or (
            isinstance(node, ast.Attribute)
            and node.attr in ("read_text", "read_bytes", "write_text", "write_bytes")
        )
    ]
    assert not wrong, "\n".join(wrong)


def test_no_bare_exception_is_raised_and_none_swallowed(house) -> None:
    wrong = []
    for module in house.modules:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Raise) and node.exc is not None:
                called = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
                if isinstance(called, ast.Name) and called.id in ("Exception", "BaseException"):
                    wrong.append(module.at(node, f"raises a bare {called.id}"))
            if isinstance(node, ast.ExceptHandler):
                if node.type is None:
                    wrong.append(module.at(node, "catches everything"))
                if all(isinstance(part, ast.Pass) for part in node.body) and (
                    isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")
                ):
                    wrong.append(module.at(node, "swallows every exception"))
    assert not wrong, "\n".join(wrong)


def test_the_database_is_spoken_to_in_one_room(house) -> None:
    """The world reads over everybody's shoulder; every other floor asks the store."""
    wrong = [
        module.at(node, "speaks SQL")
        for module in house.modules
        if module.floor not in ("store", "world")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value)
    ]
    assert not wrong, "\n".join(wrong)
