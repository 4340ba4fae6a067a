"""What arrives at the prefectural server from its municipalities."""

from collections.abc import Sequence

from daicho.nodes.chronicle import note
from daicho.nodes.keeping.apart import key_of
from daicho.nodes.keeping.reports import Kept, keep_reports
from daicho.nodes.mailroom import Outgoing, post_letters
from daicho.nodes.mailroom.receiving import ACCEPTED, Settled, refused
from daicho.nodes.node import Node
from daicho.rules.identity.own_residents import may_confirm_move_out
from daicho.rules.identity.record import UpwardReport
from daicho.rules.law.article import juki, juki_order
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import Member, NodeKind
from daicho.store import identity
from daicho.store.unit import Unit
from daicho.wire.codecs.identity import MoveOutConfirmed, UpwardBulk
from daicho.wire.codecs.letters import decode


def take_reports(unit: Unit, node: Node, sender: Member, letters: Sequence[UpwardBulk]) -> list[Settled]:
    """Keep what a mayor reports and report it to the nation (法30条の6, 30条の7).

    Another number that comes too late here goes on as well: whose it is, the nation decides.
    """
    if sender.kind is not NodeKind.CS or sender.prefecture != node.me.prefecture:
        return [refused(Refusal(Reason.NOT_PERMITTED, juki("30-6"), "sender"))] * len(letters)

    def onward(kept: Kept) -> None:
        national = node.wire.directory().national()
        letters = [*kept.letters, *((one,) for one in kept.overtaken)]
        post_letters(unit, node, [_report_of(national, reports) for reports in letters])

    return keep_reports(unit, node, sender, letters, lambda _: sender.municipality, onward)


def _report_of(national: Member, reports: Sequence[UpwardReport]) -> Outgoing:
    first = reports[0].record
    about, rank = key_of(first) if len(reports) == 1 else ("", 0)
    return Outgoing(national, "identity.report", UpwardBulk(tuple(reports)), about, rank)


def take_move_out(unit: Unit, node: Node, sender: Member, content: bytes) -> Settled:
    """Note that a moving-out became final (転出確定通知)."""
    if sender.kind is not NodeKind.CS or sender.prefecture != node.me.prefecture:
        return refused(Refusal(Reason.NOT_PERMITTED, juki_order("13"), "sender"))
    confirmed = decode(MoveOutConfirmed, content)
    refusal = may_confirm_move_out(
        identity.holders(unit, confirmed.resident_record_code), sender.municipality
    )
    if refusal is not None:
        return refused(refusal)
    note(
        unit, node, event=Event.MOVE_OUT_CONFIRMED, subject=str(confirmed.resident_record_code),
        peer=str(sender.name), outcome="received", detail={"moved_out_on": confirmed.moved_out_on.isoformat()},
    )  # fmt: skip
    return ACCEPTED
