"""The tables of characters that come with the program, read when a node first needs them."""

import importlib.resources
from functools import cache

from daicho.rules.people.characters.tables import CharacterTables, SoundTable


@cache
def character_tables() -> CharacterTables:
    """Read the tables of characters that come with the program."""
    room = importlib.resources.files("daicho.rules.people.characters")
    return CharacterTables.parse(
        glyphs=(room / "data" / "glyphs.csv").read_text("utf-8"),
        shrink=(room / "data" / "shrink.csv").read_text("utf-8"),
        adobe_japan1=(room / "data" / "adobe_japan1.csv").read_text("utf-8"),
        seiji=(room / "nyukan_seiji.csv").read_text("utf-8"),
    )


@cache
def sound_table() -> SoundTable:
    """Read the strokes and readings that come with the program."""
    room = importlib.resources.files("daicho.rules.people.characters")
    return SoundTable.parse((room / "data" / "readings.csv").read_text("utf-8"))
