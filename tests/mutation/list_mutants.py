"""Writes all mutants that mutmut makes of a folder's functions, one JSON object to a line.

Usage, with the Python in which mutmut is installed: list_mutants.py SOURCE_FOLDER ROOM
"""

import json
import sys
import textwrap
from pathlib import Path

from mutmut.mutation.data import LineSpan
from mutmut.mutation.file_mutation import mutate_file_contents


def main(source: Path, room: str) -> None:
    """List the mutants of every file under a room, each with the text of its function."""
    for file in sorted((source / room).rglob("*.py")):
        made = mutate_file_contents(str(file), file.read_text(encoding="utf-8"))
        lines = made.code.splitlines(keepends=True)
        for name in made.mutant_names:
            # x_function__mutmut_3, or xǁClassǁmethod__mutmut_3
            mangled, _, _ = name.rpartition("__mutmut_")
            target = ".".join(mangled[2:].split("ǁ"))
            mutant = {
                "module": ".".join(file.relative_to(source).with_suffix("").parts),
                "target": target,
                "name": name,
                "text": _lines(lines, made.line_span_by_function_name[name]),
                "original": _lines(lines, made.line_span_by_function_name[f"{mangled}__mutmut_orig"]),
            }
            sys.stdout.write(json.dumps(mutant, ensure_ascii=False) + "\n")


def _lines(lines: list[str], span: LineSpan) -> str:
    return textwrap.dedent("".join(lines[span.start - 1 : span.end]))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
