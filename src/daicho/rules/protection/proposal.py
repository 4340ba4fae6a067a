"""What one person asks for and another one decides: opening a block for a while, ending a measure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from daicho.rules.law.periods import PROTECTION_TERM
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.protection.measure import (
    RELEASE_LONGEST,
    EndCause,
    ProtectionEnd,
    ProtectionMeasure,
    TemporaryRelease,
    end_measure,
    release,
)

_ARTICLE = PROTECTION_TERM.article
_ONE_MINUTE = timedelta(minutes=1)
RELEASE_WAITS = timedelta(hours=4)  # own definition: whoever stood at the counter has gone by then


class ProposalKind(StrEnum):
    """What is asked for.  解除・終了の別"""

    RELEASE = "RELEASE"  # 一時解除
    END = "END"  # 終了


@dataclass(frozen=True, slots=True)
class ProtectionProposal:
    """What somebody asks a second person to do with a measure.  解除・終了の申請"""

    kind: ProposalKind
    asked_by: str
    why: str
    minutes: int = 0  # of a release
    whose: int = 0  # of a release: whose block it is to open
    cause: EndCause | None = None  # of an end


def check_proposal(proposal: ProtectionProposal) -> Refusal | None:
    """Refuse what could never be decided: no reason, no length or too long, no cause.

    Law: 住民基本台帳事務処理要領 第6の10; own definition.
    """
    if not proposal.why.strip():
        return Refusal(Reason.FIELD_MISSING, _ARTICLE, "why")
    if proposal.kind is ProposalKind.END:
        return None if proposal.cause is not None else Refusal(Reason.FIELD_MISSING, _ARTICLE, "cause")
    if not timedelta(0) < proposal.minutes * _ONE_MINUTE <= RELEASE_LONGEST:
        return Refusal(Reason.RELEASE_TOO_LONG, _ARTICLE, "minutes")
    return None


def lapsed(proposal: ProtectionProposal, asked_at: datetime, at: datetime) -> bool:
    """Tell whether nobody decided a release in time; an end may wait for as long as it must.

    Law: none, own definition.
    """
    return proposal.kind is ProposalKind.RELEASE and at - asked_at > RELEASE_WAITS


def carry_out(
    proposal: ProtectionProposal,
    measure: ProtectionMeasure,
    decided_by: str,
    at: datetime,
    people: tuple[int, ...] = (),
) -> ProtectionMeasure | Refusal:
    """Do what was proposed by the word of a second person; a release opens some people only.

    `at` is an instant of Japan's time.

    Law: 本人確認情報管理方法 第3; 住民基本台帳事務処理要領 第6の10
    """
    if proposal.cause is not None:
        return end_measure(measure, ProtectionEnd(at.date(), proposal.asked_by, decided_by, proposal.cause))
    until = at + proposal.minutes * _ONE_MINUTE
    opened = TemporaryRelease(proposal.asked_by, decided_by, at, until, proposal.why, people)
    return release(measure, opened)
