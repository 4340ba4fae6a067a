"""A file of destinations as a CS and the nation take it from a town: checked, kept without its numbers, those sealed beside."""

from datetime import date

from daicho.nodes.node import Node
from daicho.rules.destination.record import DestinationInfo
from daicho.rules.law.article import bango
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.codes import IndividualNumber
from daicho.store import destination
from daicho.store.destination import FileRow
from daicho.store.unit import Unit
from daicho.wire.codecs.destination import kept_text, read_kept, with_numbers

OTHER_NUMBER = Refusal(Reason.NUMBER_NOT_THEIRS, bango("7"), "individual_number")


def keep_destination(unit: Unit, node: Node, info: DestinationInfo, *, kept_until: date | None) -> bool:
    """Keep a file that was checked; False where it is kept already."""
    row = FileRow(
        info.destination_control_number, str(info.municipality_code), node.clock.now(), kept_until, kept_text(info)
    )  # fmt: skip
    if not destination.keep_file(unit, row):
        return False
    sealed = [node.vault.seal(str(one.individual_number), one.resident_record_code) for one in info.persons]
    with unit.as_number_keeper():
        destination.keep_numbers(unit, row.control_number, sealed)
    return True


def kept_destination(unit: Unit, node: Node, row: FileRow) -> DestinationInfo:
    """Read a file with its numbers."""
    with unit.as_number_keeper():
        sealed = destination.numbers_of(unit, row.control_number)
    info = read_kept(row.body)
    opened = [
        IndividualNumber(node.vault.open(one, person.resident_record_code))
        for one, person in zip(sealed, info.persons, strict=True)
    ]
    return with_numbers(info, opened)
