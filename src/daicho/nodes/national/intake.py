"""What arrives at the national server from the prefectures."""

from collections.abc import Sequence

from daicho.nodes.keeping.reports import Kept, keep_reports
from daicho.nodes.mailroom.receiving import Settled, refused
from daicho.nodes.national.notices import release_held
from daicho.nodes.national.numbering import give_in_force, give_waiting, put_in_force
from daicho.nodes.node import Node
from daicho.rules.identity.record import UpwardReport
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.network.kinds import Member, NodeKind
from daicho.rules.people.codes import MunicipalityCode
from daicho.store.unit import Unit
from daicho.wire.codecs.identity import UpwardBulk


def take_reports(unit: Unit, node: Node, sender: Member, letters: Sequence[UpwardBulk]) -> list[Settled]:
    """Keep what a governor reports (法30条の7), and tell towns of the number in force where they know an older one."""
    if sender.kind is not NodeKind.PREFECTURE:
        return [refused(Refusal(Reason.NOT_PERMITTED, juki("30-7"), "sender"))] * len(letters)

    def town_of(report: UpwardReport) -> MunicipalityCode | None:
        town = report.record.municipality_code
        return town if town.prefecture == sender.prefecture else None

    def answer(kept: Kept) -> None:
        reports = [report for letter in kept.letters for report in letter]
        give_waiting(unit, node, reports)
        release_held(unit, node, reports)
        give_in_force(
            unit, node, [one.record for one in reports if str(one.record.resident_record_code) in kept.former]
        )
        put_in_force(unit, node, kept.overtaken)

    return keep_reports(unit, node, sender, letters, town_of, answer)
