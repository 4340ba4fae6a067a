"""Who may move a register in or out: rights, a second person, a line in the ledger; then the work itself."""

from dataclasses import dataclass
from pathlib import Path

from daicho.nodes.chronicle import note
from daicho.nodes.handover.checking import FolderReport, Progress, Receiver, check_folder
from daicho.nodes.handover.counting import count_register
from daicho.nodes.handover.folder import FolderChanged
from daicho.nodes.handover.hands import RegistryHands
from daicho.nodes.handover.loading import LoadOrder, RegisterOccupied, SidesDiffer, load_folder
from daicho.nodes.handover.writing import WrittenFolder, write_folder
from daicho.nodes.node import Node
from daicho.rules.handover.comparison import (
    RecordDigests,
    TallyDifference,
    compare_tallies,
    find_differing,
)
from daicho.rules.handover.layout import HandoverFault
from daicho.rules.handover.manifest import HandoverManifest
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may, may_verify
from daicho.store import handover, mailbox
from daicho.store.handover import LeftBehind

MAKER = "Daicho"
SHOWN_PEOPLE = 1_000
_KEEPING = juki("5")


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between a folder and the register now: counts, and the people whose records are not the same."""

    differences: tuple[TallyDifference, ...]
    people: tuple[int, ...]

    @property
    def equal(self) -> bool:
        """Tell whether both sides hold the same."""
        return not self.differences and not self.people


@dataclass(frozen=True, slots=True)
class WrittenOut:
    """A folder that was written, and how much waits in the register that is not in it."""

    manifest: HandoverManifest
    left_behind: LeftBehind


def _receiver(node: Node, hands: RegistryHands) -> Receiver:
    return Receiver(hands.home, hands.written, training=node.training)


def _two_people(operator: Operator, approver: Operator, permission: Permission) -> Refusal | None:
    return (
        may(operator, permission)
        or may(approver, Permission.APPROVE_BULK_OUTPUT)
        or may_verify(operator.login_id, approver.login_id)
    )


def check(
    node: Node, operator: Operator, folder: Path, hands: RegistryHands, progress: Progress
) -> FolderReport | Refusal:
    """Read a folder from end to end and write nothing."""
    return may(operator, Permission.IMPORT_EXTRACT) or check_folder(folder, _receiver(node, hands), progress)


def load(
    node: Node,
    operator: Operator,
    approver: Operator,
    folder: Path,
    hands: RegistryHands,
    progress: Progress,
    *,
    tell_cs: bool = False,
) -> FolderReport | Refusal:
    """Check a folder and load it, all of it or, at any fault, nothing; the report says whether it is in.

    The own CS is told only where it has nobody yet: in a town that changes its maker it knows everybody already.
    """
    refusal = _two_people(operator, approver, Permission.IMPORT_EXTRACT)
    if refusal is not None:
        return refusal
    report = check_folder(folder, _receiver(node, hands), progress)
    if not report.fine or report.manifest is None:
        return report
    order = LoadOrder(
        entry_id=node.clock.new_id(),
        entered_by=operator.login_id,
        role_id=operator.role_id,
        approved_by=approver.login_id,
        at=node.clock.now(),
        day=node.clock.business_today(),
        tell_cs=tell_cs,
    )
    try:
        with node.store.unit("handover.load") as unit:
            load_folder(unit, node, folder, report, hands, order, progress)
            note(
                unit,
                node,
                event=Event.HANDOVER_LOADED,
                operator_login_id=operator.login_id,
                operator_role_id=operator.role_id,
                outcome="accepted",
                detail={"approved_by": approver.login_id, "people": str(len(report.digests))},
            )
            mailbox.wake_others(unit)  # a load runs in a process of its own
    except RegisterOccupied:
        return Refusal(Reason.REGISTER_NOT_EMPTY, _KEEPING, "register")
    except FolderChanged as changed:
        report.told([HandoverFault(str(changed), 0, "", Reason.FILE_CHANGED)])
    except OSError:
        report.told([HandoverFault("", 0, "", Reason.FILE_CHANGED)])
    except SidesDiffer as differ:
        report.told([HandoverFault("", 0, "", Reason.COUNT_DIFFERS, str(differ))])
    return report


def compare(
    node: Node, operator: Operator, folder: Path, hands: RegistryHands, progress: Progress
) -> tuple[FolderReport, Comparison] | Refusal:
    """Read a folder and the register as it stands now, and tell where they differ."""
    refusal = may(operator, Permission.IMPORT_EXTRACT)
    if refusal is not None:
        return refusal
    report = check_folder(folder, _receiver(node, hands), progress)
    with node.store.unit("handover.compare") as unit:
        handover.begin_to_read(unit)
        tally, digests = count_register(unit, node.vault)
    here, there = RecordDigests(digests), RecordDigests(report.digests)
    last = max(here.last, there.last)
    people = find_differing(here.of_range, there.of_range, last, limit_people=SHOWN_PEOPLE)
    found = Comparison(compare_tallies(tally, report.tally), people)
    with node.store.unit("handover.compared") as unit:
        note(
            unit,
            node,
            event=Event.HANDOVER_COMPARED,
            operator_login_id=operator.login_id,
            operator_role_id=operator.role_id,
            outcome="equal" if found.equal else "differs",
        )
    return report, found


def write(
    node: Node,
    operator: Operator,
    approver: Operator,
    folder: Path,
    hands: RegistryHands,
    progress: Progress,
    *,
    purpose: str,
) -> WrittenOut | Refusal:
    """Write the whole register into a new folder; the ledger line is durable before the first byte.

    Bulk output needs the prior approval of another person (R-267). Raises: FolderThere, OSError.
    """
    refusal = _two_people(operator, approver, Permission.EXPORT_EXTRACT)
    if refusal is not None:
        return refusal
    with node.store.unit("handover.write") as unit:
        note(
            unit,
            node,
            event=Event.HANDOVER_WRITTEN,
            operator_login_id=operator.login_id,
            operator_role_id=operator.role_id,
            purpose=purpose,
            outcome="accepted",
            detail={"approved_by": approver.login_id},
        )
    about = WrittenFolder(hands.home, node.clock.business_today(), MAKER, node.training)
    with node.store.unit("handover.written") as unit:
        manifest = write_folder(unit, node.vault, folder, about, progress)
        waiting = handover.left_behind(unit)
    return WrittenOut(manifest, waiting)
