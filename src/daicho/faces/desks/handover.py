"""What a migration needs of a registry, bound to it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from daicho.nodes.handover.hands import Numbered, RegistryHands
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import resident_row
from daicho.nodes.registry.characters import columns_of
from daicho.nodes.registry.counter import home_of
from daicho.nodes.registry.measures.names import folded_names
from daicho.nodes.registry.meeting import look_at_characters, note_met
from daicho.nodes.registry.numbers import number_keeper
from daicho.nodes.registry.records import tell_cs_of_import
from daicho.nodes.registry.telling_cs import tell_cs_whom_to_keep_back
from daicho.nodes.watch.characters import character_tables
from daicho.rules.people.characters.own import MeetingPlace
from daicho.rules.register.extract import ExtractRow
from daicho.rules.register.record import ResidentRecord
from daicho.store.unit import Unit


def hands_of(node: Node) -> RegistryHands:
    """Give a registry's own ways of keeping what a folder brings."""

    def look(unit: Unit, records: Sequence[ResidentRecord], at: datetime) -> Mapping[str, str]:
        looked = look_at_characters(unit, records)
        note_met(unit, looked, MeetingPlace.IMPORT, at)
        return looked.counterparts

    def written(glyph_name: str) -> str | None:
        glyph = character_tables().glyphs.named(glyph_name) if glyph_name else None
        return None if glyph is None else glyph.form

    return RegistryHands(
        home=home_of(node),
        written=written,
        row_of=resident_row,
        look=look,
        columns_of=columns_of,
        keep_numbers=number_keeper(node.vault),
        party_keys=folded_names,
        tell_cs=_tell_cs,
        tell_cs_first=tell_cs_whom_to_keep_back,
    )


def _tell_cs(unit: Unit, node: Node, people: Iterable[Numbered], entry_id: str, role_id: str) -> None:
    rows = [ExtractRow(0, record, number) for record, number in people]
    tell_cs_of_import(unit, node, rows, entry_id=entry_id, role_id=role_id)
