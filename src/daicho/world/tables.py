"""The tables of the synthetic world."""

import csv
import importlib.resources
import io
from collections.abc import Iterator


def rows_of(name: str) -> Iterator[dict[str, str]]:
    """Read one of the tables in `world/data`, row by row."""
    text = (importlib.resources.files("daicho.world") / "data" / name).read_text("utf-8")
    return iter(csv.DictReader(io.StringIO(text)))
