"""A file of destinations as a CS and the nation take it from a town: checked, kept without its numbers, those sealed beside."""

from dataclasses import replace
from datetime import date, timedelta

from daicho.nodes.chronicle import Fact, note_many
from daicho.nodes.node import Node
from daicho.nodes.watch.loops import Job
from daicho.rules.destination.record import DestinationInfo
from daicho.rules.law.article import bango
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.people.codes import IndividualNumber
from daicho.store import destination
from daicho.store.destination import FileRow
from daicho.store.unit import Unit
from daicho.wire.codecs.destination import kept_text, read_kept, with_numbers

FORGOTTEN_ROWS = 500
_EVERY_SECONDS = 3_600.0
OTHER_FILE = Refusal(Reason.FILE_ALREADY_MADE, bango("7"), "destination_control_number")
OTHER_NUMBER = Refusal(Reason.NUMBER_NOT_THEIRS, bango("7"), "individual_number")


def keep_destination(
    unit: Unit, node: Node, info: DestinationInfo, *, kept_until: date | None
) -> bool | Refusal:
    """Keep a file that was checked; False where it is kept already. The same number with other content is refused."""
    row = FileRow(
        str(info.municipality_code), info.destination_control_number, node.clock.now(), kept_until, kept_text(info)
    )  # fmt: skip
    if not destination.keep_file(unit, row):
        kept = kept_destination(unit, node, destination.files(unit, [row.name])[row.name])
        # Told once more on a later day it is the same file.
        return False if replace(kept, processed_on=info.processed_on) == info else OTHER_FILE
    sealed = [node.vault.seal(str(one.individual_number), one.resident_record_code) for one in info.persons]
    with unit.as_number_keeper():
        destination.keep_numbers(unit, row.name, sealed)
    return True


def kept_destination(unit: Unit, node: Node, row: FileRow) -> DestinationInfo:
    """Read a file with its numbers."""
    with unit.as_number_keeper():
        sealed = destination.numbers_of(unit, row.name)
    info = read_kept(row.body)
    opened = [
        IndividualNumber(node.vault.open(one, person.resident_record_code))
        for one, person in zip(sealed, info.persons, strict=True)
    ]
    return with_numbers(info, opened)


def destination_forgetting(node: Node) -> Job:
    """Delete files whose term is over."""
    return Job("destinations", _EVERY_SECONDS, lambda: forget_some(node) == FORGOTTEN_ROWS)


def forget_some(node: Node, *, limit_rows: int = FORGOTTEN_ROWS) -> int:
    """Delete files whose last day is past, with their numbers and a line, and count them."""
    on = node.clock.business_today()
    with node.store.unit("destinations.forget") as unit:
        over = destination.files_over(unit, on, limit_rows=limit_rows)
        if not over:
            return 0
        with unit.as_number_keeper():
            destination.forget_numbers(unit, over)
        destination.forget_files(unit, over)
        detail = {"files": str(len(over)), "kept_until": str(on - timedelta(days=1))}
        note_many(unit, node, [Fact(Event.DESTINATION_FORGOTTEN, outcome="deleted", detail=detail)])
    return len(over)
