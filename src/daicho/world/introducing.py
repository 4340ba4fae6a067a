"""What the Ministry's stand-in is given at the beginning: of each town, some of the foreign residents it begins with."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from daicho.nodes.watch.characters import character_tables
from daicho.rules.moj_link.files import MojFileHead, MojFileKind, write_municipal_file
from daicho.rules.moj_link.municipal import (
    MunicipalAct,
    MunicipalNotice,
    in_ministry_characters,
    municipal_notice,
)
from daicho.rules.network.kinds import NodeKind
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.register.changes import Entry
from daicho.rules.register.extract import ExtractReader, ExtractRow, parse_header
from daicho.rules.register.reasons import ChangeKind, ChangeReason
from daicho.rules.register.record import ResidentRecord
from daicho.wire.signer.keystore import write_private
from daicho.world.founding import SERVICE_DAY
from daicho.world.people import population, ranges_of
from daicho.world.plan import MINISTRY, NEWCOMERS_WITHOUT_NUMBER, SEED, Places, PlannedNode, StandIn

PEOPLE_OF_A_TOWN = 60


def introduce(places: Places, plan: Iterable[PlannedNode], beside: Iterable[StandIn]) -> None:
    """Write for each town, once it has its people, the file that it would make of its first foreign residents.

    They are drawn, not read.
    """
    if MINISTRY not in beside:
        return
    folder = places.node(MINISTRY.short) / "lists"
    for one in (places.node(MINISTRY.short), folder):
        one.mkdir(mode=0o700, parents=True, exist_ok=True)
    registries = [node for node in plan if node.kind is NodeKind.REGISTRY]
    for place, node in enumerate(registries):
        file = folder / f"{node.municipality}.txt"
        if file.exists():
            continue
        told = tuple(islice(_told(node, place), PEOPLE_OF_A_TOWN))
        town = MunicipalityCode(node.municipality)
        head = MojFileHead(MojFileKind.MUNICIPAL_NOTICE, town, 1, SERVICE_DAY, len(told))
        write_private(file, write_municipal_file(head, told))


def _told(node: PlannedNode, place: int) -> Iterator[MunicipalNotice]:
    for record in _foreign(node, place):
        told = _notice(record)
        if told is not None:
            written, unwritten = in_ministry_characters(told, character_tables())
            if not unwritten:
                yield written


def _foreign(node: PlannedNode, place: int) -> Iterator[ResidentRecord]:
    """Draw the town's people again, as its extract has them, and read those that are foreign residents."""
    lines = population(
        SEED, node.municipality, node.residents, ranges_of(place), without_number=NEWCOMERS_WITHOUT_NUMBER
    )
    columns = parse_header(next(lines))
    if not isinstance(columns, tuple):
        raise TypeError("the extract of a synthetic town has the header of an extract")
    reader = ExtractReader(columns, MunicipalityCode(node.municipality), frozenset())
    for number, line in enumerate(lines, 2):
        if ",FOREIGN," in line:
            row = reader.read(number, line.encode())
            if isinstance(row, ExtractRow):
                yield row.record


def _notice(record: ResidentRecord) -> MunicipalNotice | None:
    """Write what the load of a town's extract says of somebody, but for where they came from long before."""
    number, first = record.addressee_number, replace(record, previous_address=None)
    entry = Entry(
        ChangeKind.IMPORT, ChangeReason.NOT_REPORTED, SERVICE_DAY, SERVICE_DAY, (), (first,), (number,)
    )
    return municipal_notice(entry, number, MunicipalAct.ENTERED, f"FIRST-{number}")
