"""Who may move a register in or out: rights, a second person, a line in the ledger; then the work itself."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from daicho.nodes.chronicle import note_by
from daicho.nodes.chronicle.closing import close_origin
from daicho.nodes.handover.checking import FolderReport, Progress, Receiver, check_folder
from daicho.nodes.handover.counting import count_register
from daicho.nodes.handover.folder import FolderChanged
from daicho.nodes.handover.hands import RegistryHands
from daicho.nodes.handover.kept import NetworkLines
from daicho.nodes.handover.loading import (
    LoadOrder,
    NumberTaken,
    RegisterOccupied,
    SidesDiffer,
    load_folder,
)
from daicho.nodes.handover.ordering import whose
from daicho.nodes.handover.writing import FolderThere, Written, WrittenFolder, write_folder, write_lines
from daicho.nodes.node import Node
from daicho.rules.handover.comparison import (
    RecordDigests,
    TallyCategory,
    TallyDifference,
    compare_tallies,
    find_differing,
)
from daicho.rules.handover.layout import MANIFEST, HandoverFault, HandoverFile
from daicho.rules.handover.manifest import HandoverManifest, check_source
from daicho.rules.handover.order import HandoverOrder, HandoverWay, check_order_at
from daicho.rules.law.article import Article, juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.law.retention import first_removal_kept
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import NodeKind
from daicho.rules.operators.authority import Operator, Permission, may, may_verify
from daicho.rules.people.codes import MunicipalityCode
from daicho.store import code_stock, deferral, handover, mailbox
from daicho.store.handover import LeftBehind
from daicho.store.unit import Unit

MAKER = "Daicho"
SHOWN_PEOPLE = 1_000
_KEEPING = juki("5")
_NUMBERS = Article("番号法", "7")


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
    kept_from = first_removal_kept(node.clock.business_today())
    return Receiver(hands.home, hands.written, kept_from, node.invented)


@dataclass(frozen=True, slots=True)
class _By:
    """Who does something with a folder, and who answers for it."""

    node: Node
    operator: Operator
    approver: Operator | None = None

    def note(
        self, unit: Unit, event: Event, outcome: str, detail: Mapping[str, str], purpose: str = ""
    ) -> None:
        """Write a ledger line."""
        by = {} if self.approver is None else {"approved_by": self.approver.login_id}
        note_by(
            unit,
            self.node,
            self.operator,
            event,
            terminal="",
            purpose=purpose,
            outcome=outcome,
            detail={**by, **detail},
        )

    def note_alone(self, event: Event, outcome: str, detail: Mapping[str, str], purpose: str = "") -> None:
        """Write a ledger line in a unit of its own."""
        with self.node.store.unit("handover.note") as unit:
            self.note(unit, event, outcome, detail, purpose)


def _looked_at(report: FolderReport) -> dict[str, str]:
    """Say which folder it was and how much was wrong with it."""
    faults = len(report.faults) + report.untold_faults
    return {"manifest": report.manifest_sha256, "faults": str(faults)}


def _two_people(operator: Operator, approver: Operator, permission: Permission) -> Refusal | None:
    return (
        may(operator, permission)
        or may(approver, Permission.APPROVE_BULK_OUTPUT)
        or may_verify(operator.login_id, approver.login_id)
    )


def check(
    node: Node,
    operator: Operator,
    folder: Path,
    hands: RegistryHands,
    progress: Progress,
    *,
    tell_cs: bool | None = None,
) -> FolderReport | Refusal:
    """Read a folder from end to end and write nothing but a ledger line; `tell_cs` as it is ordered, if it is."""
    refusal = may(operator, Permission.IMPORT_EXTRACT)
    if refusal is not None:
        return refusal
    report = check_folder(folder, _receiver(node, hands), progress)
    if tell_cs is not None:
        report.told(check_source(report.manifest, tell_cs=tell_cs))
    outcome = "accepted" if report.fine else "refused"
    _By(node, operator).note_alone(Event.HANDOVER_CHECKED, outcome, _looked_at(report))
    return report


def load(
    node: Node,
    operator: Operator,
    approver: Operator,
    folder: Path,
    hands: RegistryHands,
    progress: Progress,
    *,
    tell_cs: bool = False,
    manifest: str = "",
) -> FolderReport | Refusal:
    """Check a folder and load it, all of it or, at any fault, nothing; the report says whether it is in.

    Where `manifest` is given, no folder is loaded but the one whose manifest has that SHA-256.

    The own CS is told only where it has nobody yet: in a town that changes its maker it knows everybody already.
    """
    refusal = _two_people(operator, approver, Permission.IMPORT_EXTRACT)
    if refusal is not None:
        return refusal
    by = _By(node, operator, approver)
    report = check_folder(folder, _receiver(node, hands), progress)
    if manifest and report.manifest_sha256 != manifest:
        report.told([HandoverFault(MANIFEST, 0, "sha256", Reason.FILE_CHANGED)])
    report.told(check_source(report.manifest, tell_cs=tell_cs))
    done: Refusal | None = None
    if report.fine:
        done = _load(by, folder, report, hands, progress, tell_cs=tell_cs)
    if done is not None or not report.fine:
        by.note_alone(
            Event.HANDOVER_LOADED, "refused" if done is None else done.reason.value, _looked_at(report)
        )
    return done or report


def _load(
    by: _By, folder: Path, report: FolderReport, hands: RegistryHands, progress: Progress, *, tell_cs: bool
) -> Refusal | None:
    """Load a folder that is fine; what is wrong with it after all is told to its report."""
    node, operator = by.node, by.operator
    order = LoadOrder(
        entry_id=node.clock.new_id(),
        entered_by=operator.login_id,
        role_id=operator.role_id,
        approved_by=by.approver.login_id if by.approver is not None else "",
        at=node.clock.now(),
        day=node.clock.business_today(),
        kept_from=first_removal_kept(node.clock.business_today()),
        tell_cs=tell_cs,
    )
    try:
        with node.store.unit("handover.load") as unit:
            load_folder(unit, node, folder, report, hands, order, progress)
            if report.manifest is not None and report.manifest.source:
                handover.note_rebuilt(unit, order.entry_id, report.manifest.source)
                code_stock.use_up(unit)
            by.note(unit, Event.HANDOVER_LOADED, "accepted", _loaded(order, report))
            mailbox.wake_others(unit)  # a load runs in a process of its own
    except RegisterOccupied:
        return Refusal(Reason.REGISTER_NOT_EMPTY, _KEEPING, "register")
    except NumberTaken:
        return Refusal(Reason.NUMBER_DUPLICATE, _NUMBERS, "individual_number")
    except FolderChanged as changed:
        report.told([HandoverFault(str(changed), 0, "", Reason.FILE_CHANGED)])
    except OSError:
        report.told([HandoverFault("", 0, "", Reason.FILE_CHANGED)])
    except SidesDiffer as differ:
        report.told([HandoverFault("", 0, "", Reason.COUNT_DIFFERS, str(differ))])
    return None


def _loaded(order: LoadOrder, report: FolderReport) -> dict[str, str]:
    """Say what came, so that an audit finds it again: each change names its order."""
    characters = report.manifest.files[HandoverFile.CHARACTERS].sha256 if report.manifest is not None else ""
    return {
        "order": order.entry_id,
        "entries": str(report.tally.counts[TallyCategory.ENTRIES, ""]),
        "people": str(len(report.digests)),
        "manifest": report.manifest_sha256,
        "characters": characters,
        "source": report.manifest.source if report.manifest is not None else "",
    }


def compare(
    node: Node, operator: Operator, folder: Path, hands: RegistryHands, progress: Progress
) -> tuple[FolderReport, Comparison] | Refusal:
    """Read a folder and the register as it stands now, and tell where they differ."""
    refusal = may(operator, Permission.IMPORT_EXTRACT)
    if refusal is not None:
        return refusal
    receiver = _receiver(node, hands)
    report = check_folder(folder, receiver, progress)
    with node.store.unit("handover.compare") as unit:
        handover.begin_to_read(unit)
        tally, digests = count_register(unit, node.vault, receiver.kept_from)
    here, there = RecordDigests(digests), RecordDigests(report.digests)
    last = max(here.last, there.last)
    people = find_differing(here.of_range, there.of_range, last, limit_people=SHOWN_PEOPLE)
    found = Comparison(compare_tallies(tally, report.tally), people)
    outcome = "equal" if found.equal else "differs"
    _By(node, operator).note_alone(Event.HANDOVER_COMPARED, outcome, _looked_at(report))
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
    """Write the whole register into a new folder; one ledger line is durable before the first byte, one tells how it ended.

    A folder that could not be written whole is removed. Bulk output needs the prior approval of another person (R-267).
    Raises: FolderThere, OSError.
    """
    refusal = _two_people(operator, approver, Permission.EXPORT_EXTRACT) or _check_waiting(node)
    if refusal is not None:
        return refusal
    today = node.clock.business_today()
    about = WrittenFolder(hands.home, today, MAKER, first_removal_kept(today), node.invented)
    left: list[LeftBehind] = []

    def fill(unit: Unit) -> Written:
        written = write_folder(unit, node.vault, folder, about, progress)
        left.append(handover.left_behind(unit, node.clock.now()))
        return written

    written = _filled(_By(node, operator, approver), folder, purpose, whose(node, hands.home), fill)
    return WrittenOut(written.manifest, left[0])


def rebuild(
    node: Node,
    operator: Operator,
    approver: Operator,
    folder: Path,
    town: MunicipalityCode,
    progress: Progress,
    *,
    purpose: str,
) -> HandoverManifest | Refusal:
    """Write what a CS or a prefecture keeps of a town's residents into a new folder, as a register that is lost would be.

    Lines as for a register: this node shows everybody to whoever has the folder.
    Raises: FolderThere, OSError.
    """
    order = HandoverOrder(HandoverWay.OUT, purpose, town=None if node.me.kind is NodeKind.CS else town)
    refusal = _two_people(operator, approver, Permission.EXPORT_EXTRACT) or check_order_at(order, node.me)
    if refusal is None and node.me.kind is NodeKind.CS and town != node.me.municipality:
        refusal = Refusal(Reason.OTHER_MUNICIPALITY, _KEEPING, "town")
    if refusal is not None:
        return refusal
    today, own_cs = node.clock.business_today(), node.me.kind is NodeKind.CS
    kept_from = first_removal_kept(today)
    about = WrittenFolder(town, today, MAKER, kept_from, node.invented, node.me.kind.value)

    def fill(unit: Unit) -> Written:
        lines = NetworkLines(
            unit, node.vault, town, kept_from, today, operator.login_id, node.clock.now(), own_cs=own_cs
        )
        return write_lines(lines, folder, about, progress)

    return _filled(_By(node, operator, approver), folder, purpose, whose(node, town), fill).manifest


def close_lost_ledger(
    node: Node, operator: Operator, approver: Operator, town: MunicipalityCode, *, purpose: str
) -> str:
    """Close the ledger of the node below, which lost it; this node is its witness. Gives its name, "" where none was seen.

    Of a town without a CS its prefecture closes the CS's: the new CS has seen no ledger of the registry.
    """
    directory = node.wire.directory()
    origin = directory.registry_of(town) if node.me.kind is NodeKind.CS else directory.cs_of(town)
    if origin is None or origin.cosigner != node.me.name:
        return ""
    closed = close_origin(node, operator, origin, approved_by=approver.login_id, purpose=purpose)
    return str(origin.name) if closed else ""


def _filled(
    by: _By, folder: Path, purpose: str, about: Mapping[str, str], fill: Callable[[Unit], Written]
) -> Written:
    """Make a folder and let it be filled; a line is durable before the first byte, one tells how it ended."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        raise FolderThere(folder.name) from None
    try:
        by.note_alone(Event.HANDOVER_WRITTEN, "accepted", about, purpose)
        with by.node.store.unit("handover.written") as unit:
            handover.begin_to_read(unit)
            written = fill(unit)
    except BaseException:  # nothing of everybody lies about, whatever went wrong
        shutil.rmtree(folder)
        by.note_alone(Event.HANDOVER_WRITTEN, "failed", about, purpose)
        raise
    people = str(written.manifest.files[HandoverFile.RESIDENTS].lines)
    detail = {"people": people, "manifest": written.manifest_sha256, **about}
    by.note_alone(Event.HANDOVER_WRITTEN, "written", detail, purpose)
    return written


def _check_waiting(node: Node) -> Refusal | None:
    """Refuse to hand over a register while somebody waits for what was taken when the line was down."""
    with node.store.reading() as unit:
        waiting = deferral.how_many_wait(unit)
    return Refusal(Reason.AFFAIRS_WAIT, _KEEPING, "affairs") if waiting else None
