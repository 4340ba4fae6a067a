"""Of whom another town's report is awaited, and whom one answers.  転入通知の待機"""

from collections.abc import Iterable

from daicho.rules.register.changes import Entry
from daicho.rules.register.move_out import MoveInReport
from daicho.rules.register.reasons import ChangeKind, ChangeReason, Ground
from daicho.rules.register.record import ResidentRecord


def awaited_after(entry: Entry) -> tuple[int, ...]:
    """Name whom another town should report after a change: who left for a town in Japan by an own announcement.

    Law: 住民基本台帳法 第9条第1項, 第14条第1項
    """
    left = entry.kind is ChangeKind.MOVE_OUT and entry.reason is ChangeReason.MOVE_OUT
    return entry.subjects if left and entry.ground is not Ground.REPORT else ()


def arrived_by(report: MoveInReport, people: Iterable[ResidentRecord]) -> tuple[int, ...]:
    """Name those of whom a report tells the arrival after they left; a late one of an earlier move tells nothing.

    Law: 住民基本台帳法 第9条第1項
    """
    return tuple(
        one.addressee_number
        for one in people
        if not one.living
        and one.resident_record_code in report.codes
        and report.moved_in_on > one.resident_since
    )
