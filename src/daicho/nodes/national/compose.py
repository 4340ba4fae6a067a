"""The national server, put together."""

from collections.abc import Sequence

from daicho.nodes.chronicle.disclose import answer_own
from daicho.nodes.keeping.destination import destination_forgetting
from daicho.nodes.keeping.provide import Asking, Question, provide_together
from daicho.nodes.keeping.refolding import identity_refolding
from daicho.nodes.mailroom.blanking import letter_blanking
from daicho.nodes.mailroom.handling import Together
from daicho.nodes.national import intake, notices, numbering
from daicho.nodes.national.bundles import bundle_forgetting
from daicho.nodes.national.genuineness import confirm_number
from daicho.nodes.national.setting import notice_setting, press_key
from daicho.nodes.watch.assembly import Assembly, Foundation
from daicho.nodes.watch.network import network_assembly
from daicho.rules.network.kinds import Member, NodeKind
from daicho.rules.provision.articles import Provider, RequesterKind
from daicho.rules.provision.request import MAYOR, Requester
from daicho.wire.codecs.destination import INFO
from daicho.wire.codecs.identity import NUMBER_CHANGE, UpwardBulk
from daicho.wire.envelope import Opened
from daicho.wire.operations import LookUpAnswer


def assemble(foundation: Foundation) -> Assembly:
    """Bind what the nation answers and takes."""
    node, press = foundation.node, foundation.config.press

    def look_up(opened: Sequence[Opened]) -> list[LookUpAnswer]:
        return provide_together(node, [Question(asking_of(one.sender), one.request) for one in opened])

    return network_assembly(
        foundation,
        {
            "ledger.disclose": lambda opened: answer_own(node, opened),
            "number.confirm": lambda opened: confirm_number(node, opened),
        },
        {
            "identity.report": Together(UpwardBulk, intake.take_reports),
            "number.request": numbering.make_number,
            NUMBER_CHANGE: numbering.make_another_number,
            "codes.wanted": numbering.hand_out_codes,
            INFO: notices.take_destination,
        },
        (
            identity_refolding(node),
            destination_forgetting(node),
            letter_blanking(node),
            bundle_forgetting(node),
            *((notice_setting(node, press_key(press)),) if press is not None else ()),
        ),
        together={"identity.look_up": look_up},
    )


def asking_of(sender: Member) -> Asking:
    """Tell who asks: as the directory lists the member that signed, never as the question says."""
    if sender.kind is NodeKind.AGENCY:
        requester, body = Requester(RequesterKind.AGENCY, (sender.title,)), sender.title
    else:
        requester = Requester(
            RequesterKind.MUNICIPALITY, (MAYOR,), sender.municipality, sender.prefecture or None
        )
        body = MAYOR
    return Asking(Provider.NATIONAL, requester, body, str(sender.name))
