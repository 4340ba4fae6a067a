"""The registry, put together."""

from daicho.nodes.registry import intake
from daicho.nodes.registry.areas.carrying import area_work
from daicho.nodes.registry.filings import receiving
from daicho.nodes.registry.hall.outbox import feed_placing
from daicho.nodes.registry.meeting import character_survey
from daicho.nodes.registry.protection import alert_of_entries_beside
from daicho.nodes.registry.refolding import resident_refolding
from daicho.nodes.registry.reports import strike_due_movers
from daicho.nodes.registry.supplements import differing
from daicho.nodes.registry.supplements import receiving as supplements
from daicho.nodes.registry.supplements.telling import supplement_telling
from daicho.nodes.registry.telling_cs import keep_cs_told
from daicho.nodes.watch.assembly import Assembly, Foundation
from daicho.nodes.watch.loops import Job
from daicho.nodes.watch.network import network_assembly
from daicho.wire.codecs.filings import ANSWER, REPORT
from daicho.wire.codecs.supplements import MISMATCH, NOTICES


def assemble(foundation: Foundation) -> Assembly:
    """Bind what a registry answers, takes and repeats; it speaks to its CS alone."""
    node = foundation.node

    def strike() -> bool:
        strike_due_movers(node)
        return False

    return network_assembly(
        foundation,
        {},
        {
            REPORT: receiving.take_report,
            ANSWER: receiving.take_answer,
            NOTICES: supplements.take_notices,
            MISMATCH: differing.take_mismatch,
            "report.move_in": intake.take_move_in_report,
            "number.made": intake.take_number,
            "codes.given": intake.take_codes,
        },
        (
            Job("codes", 10.0, lambda: intake.ask_for_codes(node)),
            Job("due-movers", 60.0, strike),
            Job("kept-back", 10.0, lambda: keep_cs_told(node)),
            Job("begun-beside", 30.0, lambda: alert_of_entries_beside(node)),
            feed_placing(node),
            resident_refolding(node),
            character_survey(node),
            area_work(node),
            supplement_telling(node),
        ),
    )
