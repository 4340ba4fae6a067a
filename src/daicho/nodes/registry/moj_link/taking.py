"""A file of the Ministry taken in: read whole or not at all, kept once, each notice to be looked at.  法務省通知の取込"""

from dataclasses import dataclass

from daicho.nodes.chronicle import note_by
from daicho.nodes.node import Node
from daicho.nodes.registry.counter import home_of
from daicho.nodes.registry.moj_link.looking import BASIS, PURPOSE, notice_body
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.moj_link.files import MojFile, MojFileFault, MojFileHead, digest_of_file, read_moj_file
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.store import moj_link
from daicho.store.moj_link import MojFileRow, MojNoticeRow
from daicho.store.unit import Unit

_ARTICLE = juki("30-50")


@dataclass(frozen=True, slots=True)
class TakenFile:
    """What became of a file: with which serial it was kept, how many of its notices were new, or what is wrong in it.

    `differing` came before under the same name with other content, and that one waits still.
    `again` tells that the very same file had been taken before, so that nothing was done.
    """

    serial: int = 0
    notices: int = 0
    kept: int = 0
    again: bool = False
    differing: int = 0
    faults: tuple[MojFileFault, ...] = ()


def take_file(node: Node, operator: Operator, content: bytes, *, terminal: str = "") -> TakenFile | Refusal:
    """Take in a file that somebody brings; a faulty one leaves nothing but a line in the ledger.

    The same file again changes nothing; another one under a serial that came is refused.
    """
    refusal = may(operator, Permission.ENTER_CHANGE)
    if refusal is not None:
        return refusal
    read = read_moj_file(content)
    if read.head is None or read.faults:
        _note_faulty(node, operator, read, terminal)
        return TakenFile(faults=read.faults)
    refusal = _check_head(node, read.head)
    if refusal is not None:
        return refusal
    with node.store.unit("moj_link.take") as unit:
        moj_link.lock_files(unit)
        known = moj_link.moj_file(unit, read.head.serial)
        digest = digest_of_file(content)
        if known is not None:
            if known.digest != digest:
                return Refusal(Reason.SERIAL_TAKEN, _ARTICLE, "file")
            return TakenFile(known.serial, known.notices, known.kept, again=True)
        kept, differing = _keep(unit, node, operator, read, digest)
        detail = {"file": str(read.head.serial), "notices": str(read.head.count), "differing": str(differing)}
        note_by(
            unit, node, operator, Event.MOJ_FILE_TAKEN, terminal=terminal, purpose=PURPOSE, basis=BASIS, outcome="taken",
            detail=detail,
        )  # fmt: skip
    return TakenFile(read.head.serial, read.head.count, kept, differing=differing)


def _check_head(node: Node, head: MojFileHead) -> Refusal | None:
    """Refuse a file for another town, or of a day to come."""
    if head.municipality != home_of(node):
        return Refusal(Reason.OTHER_MUNICIPALITY, _ARTICLE, "file")
    if head.made_on > node.clock.business_today():
        return Refusal(Reason.DATE_IN_FUTURE, _ARTICLE, "file")
    return None


def _keep(unit: Unit, node: Node, operator: Operator, read: MojFile, digest: str) -> tuple[int, int]:
    """Keep the notices that did not come before under their name; tells how many, and how many came otherwise before.

    Which of two is right only the Ministry knows: the one that waits is marked, so that nobody enters it unseen.
    """
    head = read.head
    if head is None:
        raise ValueError("a file that was read has a head")
    before = moj_link.known_notices(unit, [one.notice_id for one in read.notices])
    rows = [
        MojNoticeRow(
            head.serial, line, one.notice_id, one.change.value, one.happened_on, body=notice_body(one)
        )
        for line, one in enumerate(read.notices, 2)
        if one.notice_id not in before
    ]
    file = MojFileRow(
        head.serial, head.made_on, head.count, len(rows), digest, operator.login_id, node.clock.now()
    )
    moj_link.keep_moj_file(unit, file, rows)
    differing = [
        one.notice_id for one in read.notices if before.get(one.notice_id) not in (None, notice_body(one))
    ]
    moj_link.note_resent(unit, differing)
    return len(rows), len(differing)


def _note_faulty(node: Node, operator: Operator, read: MojFile, terminal: str) -> None:
    detail = {"faults": str(len(read.faults))}
    with node.store.unit("moj_link.faulty") as unit:
        note_by(
            unit, node, operator, Event.MOJ_FILE_TAKEN, terminal=terminal, purpose=PURPOSE, basis=BASIS, outcome="faulty",
            detail=detail,
        )  # fmt: skip
