"""What the house tests read: every module of the product, parsed once."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Import:
    """One import statement, wherever it stands."""

    module: str
    line: int


class Module:
    """One module of the product."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = path.read_text(encoding="utf-8")
        self.tree = ast.parse(self.text, str(path))
        parts = path.relative_to(ROOT / "src").with_suffix("").parts
        self.is_package = parts[-1] == "__init__"
        self.name = ".".join(parts[:-1] if self.is_package else parts)
        self.where = path.relative_to(ROOT).as_posix()

    @property
    def floor(self) -> str:
        """rules, store, wire ... ; empty for the top of the package."""
        return self.name.partition(".")[2].split(".")[0]

    @property
    def room(self) -> str:
        """`rules/people`; on floors without rooms, the module itself."""
        parts = self.name.split(".")[1:]
        return "/".join(parts[:2])

    @cached_property
    def imports(self) -> list[Import]:
        """Every module that this one imports: at the top, late, or for type checking."""
        found: list[Import] = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found += [Import(alias.name, node.lineno) for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                base = node.module or ""
                if node.level:
                    kept = self.name.split(".")
                    kept = kept[: len(kept) - node.level + (1 if self.is_package else 0)]
                    base = ".".join([*kept, base]) if base else ".".join(kept)
                found.append(Import(base, node.lineno))
                if base.startswith("daicho"):
                    found += [Import(f"{base}.{alias.name}", node.lineno) for alias in node.names]
        return found

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Every function and method."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node

    def public(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
        """What others may use: public functions and classes, and the public methods of public classes."""
        waiting: list[ast.AST] = [self.tree]
        while waiting:
            for node in ast.iter_child_nodes(waiting.pop()):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                    if node.name.startswith("_"):
                        continue
                    yield node
                    if isinstance(node, ast.ClassDef):
                        waiting.append(node)

    def at(self, node: ast.AST, words: str) -> str:
        """One finding: file, line, what."""
        return f"{self.where}:{getattr(node, 'lineno', 1)} {words}"


class House:
    """The whole product."""

    def __init__(self) -> None:
        self.root = ROOT
        self.modules = [Module(path) for path in sorted((ROOT / "src" / "daicho").rglob("*.py"))]
        self.names = {module.name for module in self.modules}

    def on(self, *floors: str) -> list[Module]:
        """The modules of some floors."""
        return [module for module in self.modules if module.floor in floors]

    def tracked(self) -> list[Path]:
        """The text files that belong to the repository, without what others made."""
        left_out = {".git", ".venv", "var", "build", "vendor", "__pycache__"}
        found = []
        for path in sorted(ROOT.rglob("*")):
            parts = path.relative_to(ROOT).parts
            hidden = parts[0].startswith(".") and parts[0] not in (".ci", ".gitignore")
            if hidden or left_out & set(parts) or any(part.endswith(".egg-info") for part in parts):
                continue
            if path.is_file() and path.suffix not in (".png", ".woff2", ".gz", ".jpg", ".pyc"):
                found.append(path)
        return found


@pytest.fixture(scope="session")
def house() -> House:
    return House()


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT
