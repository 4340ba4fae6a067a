"""Writes the parts of the documents that are drawn from the source: the map of rooms and the table of terms.

`python scripts/documents.py` writes them anew; `--check` only says whether they are what they should be.
"""

import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from daicho.faces.hall.shapes import hall_openapi
from daicho.faces.wording.events import event_word
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import Relation
from daicho.wire.openapi import FAULTS, openapi
from daicho.wire.operations import KIB, OPERATIONS

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "daicho"
BEGIN, END = "<!-- drawn from the source: begin -->\n", "<!-- drawn from the source: end -->\n"
FLOORS = {
    "cli": "The roof",
    "faces": "Third floor: where people and strangers' software stand",
    "world": "Third floor: a whole country",
    "nodes": "Second floor: who does what, in which order",
    "store": "First floor: PostgreSQL and nothing else",
    "wire": "First floor: what travels between nodes",
    "gate": "First floor: how a person proves who they are",
    "paper": "First floor: forms and certificates",
    "chip": "First floor: smart cards",
    "rules": "Ground floor: what the law says; pure",
}
TERM = re.compile(r"^(.*[.!?])  (\S.*)$")


def first_line(path: Path) -> str:
    """Give the first line of a module's docstring."""
    return (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split("\n", 1)[0]


def floorplan() -> str:
    """Draw the map: each floor, each room with its own words, and its modules."""
    lines: list[str] = []
    for floor, title in FLOORS.items():
        if not (SOURCE / floor).is_dir():
            continue
        lines += [f"### `{floor}/` · {title}", "", "| room | what it is | modules |", "|---|---|---|"]
        for package in sorted((SOURCE / floor).rglob("__init__.py")):
            room = package.parent
            modules = " ".join(f"`{one.stem}`" for one in sorted(room.glob("*.py")) if one.stem != "__init__")
            name = room.relative_to(SOURCE).as_posix()
            lines.append(f"| `{name}/` | {first_line(package)} | {modules} |")
        lines.append("")
    return "\n".join(lines)


def terms() -> Iterator[tuple[str, str, str]]:
    """Give room, class and docstring line of every public class of `rules/`."""
    for path in sorted((SOURCE / "rules").rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                line = (ast.get_docstring(node) or "").split("\n", 1)[0].rstrip()
                yield path.parent.relative_to(SOURCE).as_posix(), node.name, line


def glossary() -> str:
    """Draw the table of terms: kanji, identifier, meaning, room."""
    rows = ["| term | identifier | meaning | room |", "|---|---|---|---|"]
    for room, name, line in sorted(terms()):
        match = TERM.match(line)
        meaning, term = (match.group(1), match.group(2)) if match else (line, "")
        rows.append(f"| {term} | `{name}` | {meaning} | `{room}` |")
    return "\n".join(rows) + "\n"


def events() -> str:
    """Draw the closed list of events with their names on screens."""
    rows = ["| event | on screens |", "|---|---|"]
    return "\n".join(rows + [f"| `{one.value}` | {event_word(one.value)} |" for one in Event]) + "\n"


def operations() -> str:
    """Draw the table of calls and the table of answers that are no envelopes."""
    rows = [
        "| operation | what for | callers | request, answer | limits | article |",
        "|---|---|---|---|---|---|",
    ]
    for one in OPERATIONS:
        callers = "every relation" if one.callers == frozenset(Relation) else "<br>".join(sorted(one.callers))
        limits = f"{one.max_bytes // KIB:,} KiB, {one.timeout_seconds} s" + (", once" if one.once else "")
        article = str(one.article or "")
        shapes = f"`{one.request.__name__}`, `{one.response.__name__}`"
        rows.append(f"| `{one.name}` | {one.summary} | {callers} | {shapes} | {limits} | {article} |")
    rows += ["", "| status | codes | meaning |", "|---|---|---|"]
    for status, codes, meaning in FAULTS:
        rows.append(f"| {status} | {' '.join(f'`{code}`' for code in codes)} | {meaning} |")
    return "\n".join(rows) + "\n"


def renewed(path: Path, drawn: str) -> str:
    """Put what was drawn between the marks of a document."""
    text = path.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{drawn}\n{END}{after}"


def _drawn() -> tuple[tuple[str, str], ...]:
    return (
        ("floorplan.md", floorplan()),
        ("glossary.md", glossary()),
        ("protocols/events.md", events()),
        ("protocols/operations.md", operations()),
    )


def main() -> int:
    """Write the documents, or say which are out of date."""
    old = 0
    for name, drawn in _drawn():
        path = ROOT / "docs" / name
        fresh = renewed(path, drawn)
        if fresh != path.read_text(encoding="utf-8"):
            old += 1
            if "--check" in sys.argv:
                sys.stderr.write(f"docs/{name} is out of date: run  make documents\n")
            else:
                path.write_text(fresh, encoding="utf-8")
    for name, described in (("openapi", openapi()), ("hall", hall_openapi())):
        path = ROOT / "docs" / "protocols" / f"{name}.json"
        drawn = json.dumps(described, indent=1, ensure_ascii=False) + "\n"
        if not path.exists() or path.read_text(encoding="utf-8") != drawn:
            old += 1
            if "--check" in sys.argv:
                sys.stderr.write(f"docs/protocols/{name}.json is out of date: run  make documents\n")
            else:
                path.write_text(drawn, encoding="utf-8")
    return old if "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
