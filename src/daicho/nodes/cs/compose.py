"""The communication server, put together."""

from daicho.nodes.cs import destination, intake
from daicho.nodes.cs.asking import carry_look_up
from daicho.nodes.cs.disclose import gather
from daicho.nodes.cs.genuineness import carry_question
from daicho.nodes.cs.passing import PASSED, passing
from daicho.nodes.keeping.destination import destination_forgetting
from daicho.nodes.keeping.refolding import identity_refolding
from daicho.nodes.mailroom.blanking import letter_blanking
from daicho.nodes.mailroom.handling import Together
from daicho.nodes.watch.assembly import Assembly, Foundation
from daicho.nodes.watch.network import network_assembly
from daicho.wire.codecs.destination import INFO
from daicho.wire.codecs.identity import NUMBER_CHANGE, HallBulk


def assemble(foundation: Foundation) -> Assembly:
    """Bind what a CS answers and takes."""
    node = foundation.node
    return network_assembly(
        foundation,
        {
            "ledger.disclose": lambda opened: gather(node, opened),
            "number.confirm": lambda opened: carry_question(node, opened),
            "identity.look_up": lambda opened: carry_look_up(node, opened),
        },
        {
            "register.entry": Together(HallBulk, intake.take_entries),
            "protection.kept_back": intake.take_kept_back,
            **{kind: passing(kind) for kind in PASSED},
            INFO: destination.take_destination,
            "report.move_in": intake.take_move_in_report,
            "number.made": intake.take_number,
            NUMBER_CHANGE: intake.ask_for_another_number,
            "codes.wanted": intake.ask_for_codes,
            "codes.given": intake.take_codes,
        },
        (
            identity_refolding(node),
            destination_forgetting(node),
            letter_blanking(node),
            destination.refusal_telling(node),
        ),
    )
