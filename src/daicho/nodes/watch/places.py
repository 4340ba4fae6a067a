"""The table of municipalities, read once.  市区町村の名称"""

import csv
import importlib.resources
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from daicho.rules.people.places import prefecture_name


@cache
def municipality_names() -> Mapping[str, str]:
    """Read each municipality's name by its five digits."""
    room = importlib.resources.files("daicho.rules.people")
    text = room.joinpath("municipalities.csv").read_text(encoding="utf-8")
    return MappingProxyType({row["code"]: row["name"] for row in csv.DictReader(text.splitlines())})


def place_name(code: str | None) -> str:
    """Name a municipality with its prefecture; one whose name is not known is written by its code."""
    if not code:
        return ""
    name = municipality_names().get(code[:5])
    return prefecture_name(code[:2]) + (name if name is not None else f"（{code[:5]}）")
