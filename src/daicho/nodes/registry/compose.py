"""The registry, put together."""

from daicho.nodes.mailroom.blanking import letter_blanking
from daicho.nodes.registry import intake
from daicho.nodes.registry.areas.carrying import area_work
from daicho.nodes.registry.correspondence.waiting import letter_runs
from daicho.nodes.registry.destination.telling import destination_telling, take_refused
from daicho.nodes.registry.filings import receiving
from daicho.nodes.registry.hall.making import extraction_making
from daicho.nodes.registry.hall.outbox import feed_placing
from daicho.nodes.registry.measures.alerting import alert_of_entries_beside
from daicho.nodes.registry.measures.receiving import hold_who_came, take_forward
from daicho.nodes.registry.measures.sending import take_reply
from daicho.nodes.registry.meeting import character_survey
from daicho.nodes.registry.moj_link.looking import moj_looking
from daicho.nodes.registry.moj_link.telling import municipal_forgetting
from daicho.nodes.registry.refolding import resident_refolding
from daicho.nodes.registry.renumbering.answers import let_lapse
from daicho.nodes.registry.reports import strike_due_movers
from daicho.nodes.registry.supplements import differing
from daicho.nodes.registry.supplements import receiving as supplements
from daicho.nodes.registry.supplements.telling import supplement_telling
from daicho.nodes.registry.surveys.listing import survey_listing
from daicho.nodes.registry.telling_cs import keep_cs_told
from daicho.nodes.watch.assembly import Assembly, Foundation
from daicho.nodes.watch.loops import Job
from daicho.nodes.watch.network import network_assembly
from daicho.nodes.watch.places import municipality_names
from daicho.rules.destination.settings import TownPlaces
from daicho.wire.codecs.destination import REFUSED
from daicho.wire.codecs.filings import ANSWER, REPORT
from daicho.wire.codecs.forwarding import FORWARD, REPLY
from daicho.wire.codecs.supplements import MISMATCH, NOTICES


def assemble(foundation: Foundation) -> Assembly:
    """Bind what a registry answers, takes and repeats; it speaks to its CS alone."""
    node, box_key = foundation.node, foundation.box_key

    def strike() -> bool:
        strike_due_movers(node)
        let_lapse(node)
        return False

    return network_assembly(
        foundation,
        {},
        {
            REPORT: receiving.take_report,
            ANSWER: receiving.take_answer,
            FORWARD: lambda unit, node, sender, content: take_forward(unit, node, box_key, sender, content),
            REPLY: lambda unit, node, sender, content: take_reply(unit, node, box_key, sender, content),
            NOTICES: supplements.take_notices,
            REFUSED: take_refused,
            MISMATCH: differing.take_mismatch,
            "report.move_in": intake.take_move_in_report,
            "number.made": intake.take_number,
            "codes.given": intake.take_codes,
        },
        (
            Job("codes", 10.0, lambda: intake.ask_for_codes(node)),
            Job("due-movers", 60.0, strike),
            Job("kept-back", 10.0, lambda: keep_cs_told(node)),
            Job("forwarded-to", 30.0, lambda: hold_who_came(node)),
            Job("begun-beside", 30.0, lambda: alert_of_entries_beside(node)),
            feed_placing(node),
            extraction_making(node),
            resident_refolding(node),
            character_survey(node),
            area_work(node),
            moj_looking(node),
            municipal_forgetting(node),
            survey_listing(node),
            letter_runs(node),
            supplement_telling(node),
            destination_telling(node, places_of(foundation)),
            letter_blanking(node),
        ),
    )


def places_of(foundation: Foundation) -> TownPlaces | None:
    """Give what the town says of itself on notices; nothing where that is not configured."""
    chosen, town = foundation.config.destination, foundation.node.me.municipality
    if chosen is None or town is None:
        return None
    return chosen.places(town, municipality_names().get(str(town), str(town)))
