"""The own measures told to other towns: first by an officer, then by each step; what they answer.  支援措置の転送"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from daicho.nodes.chronicle import Fact, note_many
from daicho.nodes.mailroom.receiving import ACCEPTED, SUPERSEDED, Settled, refused
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_measure
from daicho.nodes.registry.measures.carrying import (
    needs_the_signer,
    open_carried,
    post_carried,
    reachable,
    way_of,
)
from daicho.nodes.registry.measures.people import note_about, records_of
from daicho.nodes.registry.records import subject_of
from daicho.rules.law.article import security_standard
from daicho.rules.law.periods import PROTECTION_TERM
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import Member, NodeKind
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.protection.forwarding import (
    ForwardAnswer,
    ForwardedNotice,
    ForwardRoute,
    check_notice,
    notice_for,
)
from daicho.rules.protection.measure import ProtectionMeasure
from daicho.store import forwarding, protection
from daicho.store.forwarding import ToldTown
from daicho.store.unit import Unit
from daicho.wire.codecs.forwarding import FORWARD, REPLY, Forwarding, ForwardReply

UNREACHABLE = "unreachable"  # in the ledger: the town has left the network and is told on paper
LATE_AFTER = timedelta(days=7)  # own definition, as of reports of filings
_ARTICLE = PROTECTION_TERM.article
_NOT_OURS = Refusal(Reason.OTHER_MUNICIPALITY, _ARTICLE, "to_municipality")
ONLY_CS = Refusal(Reason.NOT_PERMITTED, security_standard("6-7"), "sender")


def home_of(node: Node) -> MunicipalityCode:
    """Name the own town."""
    if node.me.municipality is None:
        raise ValueError("a registry belongs to a municipality")
    return node.me.municipality


def late_before(node: Node) -> datetime:
    """Give the instant before which whatever was told should have been answered."""
    return node.clock.now() - LATE_AFTER


def notices_for(
    unit: Unit, node: Node, measure: ProtectionMeasure, towns: Iterable[MunicipalityCode]
) -> dict[MunicipalityCode, ForwardedNotice] | Refusal:
    """Say to each of some towns what it is to know, unless one of them would not take it."""
    notices = {town: _notice(unit, node, measure, town) for town in towns}
    for notice in notices.values():
        refusal = check_notice(notice, notice.told_on)
        if refusal is not None:
            return refusal
    return notices


def tell_first(
    unit: Unit,
    node: Node,
    operator: Operator,
    measure: ProtectionMeasure,
    notices: Mapping[MunicipalityCode, ForwardedNotice],
    terminal: str,
) -> None:
    """Tell towns of a measure for the first time, in the unit that notes it at the measure."""
    now = node.clock.now()
    for town, notice in notices.items():
        row = ToldTown(
            node.clock.new_id(), measure.number, str(town), int(now.timestamp()), notice.standing.value,
            operator.login_id, now,
        )  # fmt: skip
        if forwarding.keep_told(unit, row):
            _post(unit, node, operator, row, row.sequence, notice, measure, terminal)
        else:
            # It was told by letter before it was told on paper, and is on the network again.
            tell_town(unit, node, operator, measure, town, terminal)


def tell_on(unit: Unit, node: Node, operator: Operator, measure: ProtectionMeasure, terminal: str) -> None:
    """Tell every town that was told of a measure how it stands now, in the unit of the step.

    Not where nobody was when it answered what was told last: it has nothing to renew or to end.
    """
    for row in forwarding.told_of(unit, measure.number, locked=True):
        if row.answer != ForwardAnswer.NOT_HERE or row.waits:
            _tell(unit, node, operator, row, measure, terminal)


def tell_town(
    unit: Unit,
    node: Node,
    operator: Operator,
    measure: ProtectionMeasure,
    town: MunicipalityCode,
    terminal: str,
) -> None:
    """Tell a town that was told of a measure how it stands now, whatever it answered: somebody may have come since."""
    for row in forwarding.told_of(unit, measure.number, locked=True):
        if row.receiver == town:
            _tell(unit, node, operator, row, measure, terminal)


def hears_by_letter(unit: Unit, node: Node, number: str, town: MunicipalityCode) -> bool:
    """Tell whether a town was told of a measure by letter, and can be told so again."""
    return reachable(node, town) and any(one.receiver == town for one in forwarding.told_of(unit, number))


def _tell(
    unit: Unit, node: Node, operator: Operator, row: ToldTown, measure: ProtectionMeasure, terminal: str
) -> None:
    town = MunicipalityCode(row.receiver)
    notice = _notice(unit, node, measure, town)
    if not reachable(node, town):
        # No letter is counted that nobody can answer; that the town is owed one on paper stands in the ledger.
        _note(unit, node, operator, row, row.sequence, UNREACHABLE, measure, terminal)
        return
    sequence = forwarding.tell_again(unit, row.id, notice.standing.value, operator.login_id, node.clock.now())
    _post(unit, node, operator, row, sequence, notice, measure, terminal)


@needs_the_signer
def send_again(
    node: Node, operator: Operator, number: str, told_id: str, *, terminal: str = ""
) -> Refusal | None:
    """Send what was told last once more to a town that has not answered; whoever has it answers again.

    It says how the measure stands, which is what was told last: every step tells on.
    """
    refusal = may(operator, Permission.MANAGE_PROTECTION)
    if refusal is not None:
        return refusal
    with node.store.unit("protection.send_again") as unit:
        row = forwarding.lock_told(unit, told_id)
        held = protection.measure(unit, number)
        if row is None or held is None or row.number != number:
            return Refusal(Reason.NOT_FOUND, _ARTICLE, "number")
        if not row.waits or not reachable(node, MunicipalityCode(row.receiver)):
            return Refusal(Reason.NOTHING_CHANGES, _ARTICLE, "number")
        measure = read_measure(held.body)
        notice = _notice(unit, node, measure, MunicipalityCode(row.receiver))
        forwarding.sent_again(unit, row.id, operator.login_id, node.clock.now())
        _post(unit, node, operator, row, row.sequence, notice, measure, terminal)
    return None


def _notice(unit: Unit, node: Node, measure: ProtectionMeasure, town: MunicipalityCode) -> ForwardedNotice:
    people = {one.addressee_number: one for one in records_of(unit, measure.people)}
    return notice_for(measure, people, town, node.clock.business_today())


def _post(
    unit: Unit,
    node: Node,
    operator: Operator,
    row: ToldTown,
    sequence: int,
    notice: ForwardedNotice,
    measure: ProtectionMeasure,
    terminal: str,
) -> None:
    route = ForwardRoute(row.id, sequence, home_of(node), MunicipalityCode(row.receiver))
    posted = post_carried(unit, node, FORWARD, Forwarding(route, notice))
    outcome = notice.standing.value if posted else UNREACHABLE
    _note(unit, node, operator, row, sequence, outcome, measure, terminal)


def _note(
    unit: Unit,
    node: Node,
    operator: Operator,
    row: ToldTown,
    sequence: int,
    outcome: str,
    measure: ProtectionMeasure,
    terminal: str,
) -> None:
    note_about(
        unit, node, operator, Event.PROTECTION_FORWARDED, records_of(unit, measure.people), terminal, outcome,
        measure.number, {"to": row.receiver, "forward": row.id, "letter": str(sequence)},
    )  # fmt: skip


def take_reply(unit: Unit, node: Node, box_key: bytes, sender: Member, content: bytes) -> Settled:
    """Note what a town made of a measure; nobody else's word counts, and none that answers what was told before."""
    if sender.kind is not NodeKind.CS:
        return refused(ONLY_CS)
    if way_of(content).sender != home_of(node):
        return refused(_NOT_OURS)
    told = open_carried(node, box_key, REPLY, content, ForwardReply)
    route, answer = told.route, told.answer.value
    number = forwarding.answered(
        unit, route.forward_id, str(route.receiver), route.sequence, answer, node.clock.now()
    )
    if number is None:
        return SUPERSEDED
    held = protection.measure(unit, number)
    people = records_of(unit, read_measure(held.body).people) if held is not None else ()
    detail = {"measure": number, "to": str(route.receiver), "forward": route.forward_id}
    note_many(
        unit, node,
        [
            Fact(
                Event.PROTECTION_RECEIVED, subject=subject_of(one), outcome=answer, peer=str(sender.name),
                detail=detail,
            )
            for one in people
        ],
    )  # fmt: skip
    return ACCEPTED
