"""`daicho conformance`: which requirements a test proves, which somebody else answers, which are open."""

import ast
import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import click
from rich import box
from rich.console import Console
from rich.table import Table

STATES = ("proven", "deployment", "organisational", "open")
_MARK = "requirement"
_COLUMNS_AT_LEAST = 130
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.GeneratorExp)


class MarkNotUnderstood(ValueError):
    """A requirement mark whose identifiers cannot be read from the source text."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One row of the list, with what answers it."""

    id: str
    part: str
    text: str
    state: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """One identifier that a test claims to prove."""

    id: str
    test: str


def marks_of(folder: Path) -> Iterator[Mark]:
    """Read the requirement marks of every test module below a folder, without running one.

    Raises: MarkNotUnderstood.
    """
    for path in sorted(folder.rglob("test_*.py")):
        yield from marks_in(path.read_text(encoding="utf-8"), path.relative_to(folder.parent).as_posix())


def marks_in(source: str, name: str) -> Iterator[Mark]:
    """Read the requirement marks of one module's text.

    Raises: MarkNotUnderstood.
    """
    tree = ast.parse(source)
    constants = {
        target.id: statement.value
        for statement in tree.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    for call, path in _mark_calls(tree, ()):
        functions = [node.name for node in path if isinstance(node, ast.FunctionDef | ast.ClassDef)]
        test = "::".join((name, *functions))
        for found in _identifiers(call, path, constants, name):
            yield Mark(found, test)


def _mark_calls(node: ast.AST, path: tuple[ast.AST, ...]) -> Iterator[tuple[ast.Call, tuple[ast.AST, ...]]]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == _MARK:
        yield node, path
    for child in ast.iter_child_nodes(node):
        yield from _mark_calls(child, (*path, node))


def _identifiers(
    call: ast.Call, path: tuple[ast.AST, ...], constants: Mapping[str, ast.expr], name: str
) -> Iterator[str]:
    """Give the identifiers of one mark; those of a comprehension once for each of its turns."""
    turns: list[dict[str, object]] = [{}]
    try:
        for node in path:
            if isinstance(node, _COMPREHENSIONS):
                for generator in node.generators:
                    turns = [
                        turn | _bound(generator.target, value)
                        for turn in turns
                        for value in _values(generator.iter, turn, constants)
                    ]
        for turn in turns:
            for argument in call.args:
                if isinstance(argument, ast.Starred):
                    yield from (str(one) for one in _values(argument.value, turn, constants))
                else:
                    yield str(_value(argument, turn, constants))
    except (ValueError, TypeError, KeyError) as error:
        raise MarkNotUnderstood(f"{name}:{call.lineno}") from error


def _bound(target: ast.expr, value: object) -> dict[str, object]:
    if isinstance(target, ast.Name):
        return {target.id: value}
    if isinstance(target, ast.Tuple) and isinstance(value, tuple | list):
        parts = zip(target.elts, value, strict=True)
        return {key: found for part, one in parts for key, found in _bound(part, one).items()}
    raise ValueError


def _values(
    node: ast.expr, turn: Mapping[str, object], constants: Mapping[str, ast.expr]
) -> Iterable[object]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range":
        return range(*(int(str(_value(bound, turn, constants))) for bound in node.args))
    found = _value(node, turn, constants)
    if isinstance(found, tuple | list | set | dict):
        return found
    raise ValueError


def _value(node: ast.expr, turn: Mapping[str, object], constants: Mapping[str, ast.expr]) -> object:
    if isinstance(node, ast.Name):
        if node.id in turn:
            return turn[node.id]
        return _value(constants[node.id], turn, constants)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(_value(part, turn, constants)) for part in node.values)
    if isinstance(node, ast.FormattedValue):
        return _value(node.value, turn, constants)
    if isinstance(node, ast.Tuple | ast.List):
        return tuple(_value(part, turn, constants) for part in node.elts)
    return ast.literal_eval(node)


def judge(root: Path) -> list[Requirement]:
    """Join the list of requirements with the marks of the tests and the two tables of other answers.

    Raises: MarkNotUnderstood; KeyError when something claims an unknown requirement.
    """
    proofs: dict[str, list[str]] = {}
    for mark in marks_of(root / "tests"):
        proofs.setdefault(mark.id, []).append(mark.test)
    settings = {row["id"]: row["setting"] for row in _rows(root / "docs" / "deployment.csv")}
    duties = {row["id"]: row["duty"] for row in _rows(root / "docs" / "organisational.csv")}
    rows = list(_rows(root / "docs" / "requirements.csv"))
    unknown = (proofs.keys() | settings.keys() | duties.keys()) - {row["id"] for row in rows}
    if unknown:
        raise KeyError(", ".join(sorted(unknown)))
    judged = []
    for row in rows:
        one = row["id"]
        if one in proofs:
            state, evidence = "proven", tuple(sorted(set(proofs[one])))
        elif one in settings:
            state, evidence = "deployment", (settings[one],)
        elif one in duties:
            state, evidence = "organisational", (duties[one],)
        else:
            state, evidence = "open", ()
        judged.append(Requirement(one, row["part"], row["requirement"], state, evidence))
    return judged


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def summary(judged: Iterable[Requirement]) -> str:
    """Say in one line how many requirements stand where."""
    counts = Counter(one.state for one in judged)
    return ", ".join(f"{counts[state]} {state}" for state in STATES)


def _by_part(judged: list[Requirement]) -> Table:
    table = Table("part", box=box.SIMPLE)
    for state in (*STATES, "all"):
        table.add_column(state, justify="right")
    for part in dict.fromkeys(one.part for one in judged):
        counts = Counter(one.state for one in judged if one.part == part)
        table.add_row(part, *(str(counts[state] or "") for state in STATES), str(counts.total()))
    return table


def _one_by_one(judged: list[Requirement]) -> Table:
    table = Table("id", "state", "requirement", "shown by", box=box.SIMPLE)
    for one in judged:
        table.add_row(one.id, one.state, one.text, "\n".join(one.evidence))
    return table


@click.command(short_help="which of the 623 requirements a test proves, and which are open")
@click.option("--root", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path(),
              help="The checkout whose tests and documents are read.  [default: here]")  # fmt: skip
@click.option("--all", "each", is_flag=True, help="List every requirement with what shows it.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def conformance(root: Path, each: bool, as_json: bool) -> None:
    """Join the list of requirements with the tests that prove them.

    `proven` means that a test bears the requirement's identifier and would fail without it; `deployment` and
    `organisational` name the setting or the duty that answers it; the rest is `open`.
    """
    try:
        judged = judge(root)
    except FileNotFoundError as error:
        raise click.ClickException(
            f"{error.filename} is missing: run this in a checkout, or give --root"
        ) from None
    except MarkNotUnderstood as error:
        raise click.ClickException(f"the requirement mark at {error} cannot be read") from None
    except KeyError as error:
        raise click.ClickException(f"no such requirement: {error.args[0]}") from None
    if as_json:
        click.echo(json.dumps(_for_machines(judged), ensure_ascii=False))
        return
    console = Console(highlight=False)
    console.width = max(console.width, _COLUMNS_AT_LEAST)
    console.print(_one_by_one(judged) if each else _by_part(judged))
    click.echo(_law_coverage())
    click.echo(summary(judged))


def _law_coverage() -> str:
    """Count the live rows of the law's tables that are decided as they say, today."""
    from daicho.nodes.clock import RealClock
    from daicho.nodes.watch.assembly import bases
    from daicho.rules.people.codes import MunicipalityCode
    from daicho.rules.provision.coverage import coverage

    home, elsewhere = MunicipalityCode("13101"), MunicipalityCode("01202")
    return coverage(bases(), RealClock().business_today(), home, elsewhere).text()


def _for_machines(judged: list[Requirement]) -> dict[str, object]:
    counts = Counter(one.state for one in judged)
    rows = [{"id": one.id, "part": one.part, "state": one.state, "shown_by": one.evidence} for one in judged]
    return {**{state: counts[state] for state in STATES}, "requirements": rows}
