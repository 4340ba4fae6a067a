"""Who saw a record, read from the node's own ledger."""

import json
from datetime import datetime

from daicho.faces.terminal.desk import Sighting
from daicho.nodes.node import Node
from daicho.nodes.registry.disclosure import former_subjects
from daicho.nodes.registry.records import subject_of
from daicho.rules.ledger.events import Event
from daicho.rules.register.record import ResidentRecord
from daicho.store import ledger

SHOWN_LINES = 100
_SEEN = frozenset(
    {
        Event.RESIDENT_SHOWN, Event.RESIDENT_CODE_SHOWN, Event.IDENTITY_SHOWN, Event.IDENTITY_CODE_SHOWN,
        Event.PROVISION_GRANTED, Event.HALL_GIVEN, Event.EXTRACTION_MADE, Event.NUMBER_CONFIRMED,
        Event.FILING_SHOWN, Event.MOJ_NOTICE_SHOWN, Event.MUNICIPAL_FILE_MADE, Event.SUPPLEMENT_SHOWN,
        Event.NUMBER_NOTICE_SHOWN,
    }
)  # fmt: skip


def sightings_of(node: Node, record: ResidentRecord) -> tuple[tuple[Sighting, ...], int]:
    """List who looked at one person's record, newest first, and how many lines may be shown only later.

    Lines from before a change of the code name the former one.
    """
    with node.store.unit("history.sightings") as unit:
        subjects = (subject_of(record), *former_subjects(unit, record))
        lines = [line for subject in subjects for line in ledger.lines_about(unit, subject, SHOWN_LINES)]
    found: list[Sighting] = []
    for line in lines:
        body = json.loads(line.body)
        if body.get("event") in _SEEN:
            found.append(
                Sighting(
                    datetime.fromisoformat(body["at"]), body.get("detail", {}).get("body", node.me.title),
                    body.get("role", ""), body.get("purpose", ""), body.get("basis", ""), body.get("outcome", ""),
                )
            )  # fmt: skip
    return tuple(found), 0
