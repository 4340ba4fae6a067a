"""A run that disposes of what has ended: a list, a second person's word for that list, and the proof afterwards.  廃棄

Own: the law sets until when something is kept and says nothing of how it is destroyed; that a second person checks content
and quantity follows the management of forms (R-305) and the control of deletion by two (R-276).
"""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from daicho.rules.law.article import Article, juki_order
from daicho.rules.law.refusal import Reason, Refusal

ARTICLE = juki_order("34")
_FORMS = Article("本人確認情報管理方法", "6")


class DisposalKind(StrEnum):
    """What a run destroys in the database.  廃棄の対象"""

    REMOVED_RECORD = "REMOVED_RECORD"  # 除票: everything that the register holds of a person
    IDENTITY_RECORD = "IDENTITY_RECORD"  # 消除により通知された本人確認情報
    IDENTITY_VERSION = "IDENTITY_VERSION"  # 新たな通知に置き換えられた本人確認情報


# Of one run: as many as one person can vouch for. Versions come by the million; what is left is due for the next run.
RUN_ITEMS = {
    DisposalKind.REMOVED_RECORD: 10_000,
    DisposalKind.IDENTITY_RECORD: 10_000,
    DisposalKind.IDENTITY_VERSION: 50_000,
}


class HoldReason(StrEnum):
    """Why something stays that has ended: blocked, not destroyed.  廃棄の保留事由"""

    LITIGATION = "LITIGATION"  # 訴訟・不服申立て
    DISCLOSURE = "DISCLOSURE"  # 開示請求
    AUDIT = "AUDIT"  # 監査・調査
    PROTECTION = "PROTECTION"  # 支援措置
    OPEN_CASE = "OPEN_CASE"  # 処理中の異動・事案


# The others follow from the register itself, as long as they last.
HELD_BY_HAND = (HoldReason.LITIGATION, HoldReason.DISCLOSURE, HoldReason.AUDIT)


class RunState(StrEnum):
    """How far a run has come.  廃棄の手続"""

    PROPOSED = "proposed"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"  # by whoever drew it up
    DONE = "done"


class ItemState(StrEnum):
    """What became of one thing on a list.  廃棄の結果"""

    LISTED = "listed"
    ERASED = "erased"
    HELD = "held"  # a hold was set after the list was drawn up
    CHANGED = "changed"  # it is another one by now, or lives again, or is gone
    LEFT = "left"  # the run was ended before its turn came


@dataclass(frozen=True, slots=True)
class DisposalItem:
    """One thing on a list: whose it is, until when it was kept, a salted digest of what it holds.  廃棄対象の一件"""

    kind: DisposalKind
    subject: str
    kept_until: date
    content: str

    def line(self) -> str:
        """Write what the digest of a list covers of this thing.

        Law: none, own definition.
        """
        return f"{self.kind} {self.subject} {self.kept_until.isoformat()} {self.content}"


@dataclass(frozen=True, slots=True)
class DisposalCount:
    """How many things of one kind came to what.  廃棄件数"""

    kind: DisposalKind
    listed: int
    erased: int
    held: int
    changed: int
    left: int = 0


@dataclass(frozen=True, slots=True)
class DisposalCertificate:
    """What is left of a run: who, when, how many, and digests that bind the ledger's lines to the list.  廃棄記録

    `listed_digest` is that of the list which was approved, `erased_digest` that of what was destroyed of it; `tree_size` and
    `tree_root` are the ledger's newest checkpoint before the run ended.
    """

    number: str
    node: str
    as_of: date
    proposed_by: str
    proposed_at: datetime
    approved_by: str
    approved_at: datetime
    finished_at: datetime
    counts: tuple[DisposalCount, ...]
    listed_digest: str
    erased_digest: str
    tree_size: int
    tree_root: str


def digest_of(lines: Iterable[str]) -> str:
    """Digest the lines of a list, in whatever order they come.

    Law: none, own definition: SHA-256 over the sorted lines, each with its end.
    """
    found = hashlib.sha256()
    for line in sorted(lines):
        found.update(line.encode() + b"\n")
    return found.hexdigest()


def counts_of(results: Iterable[tuple[DisposalKind, ItemState]]) -> tuple[DisposalCount, ...]:
    """Count a list by kind and by what became of its things.

    Law: 本人確認情報管理方法 第6(2)ウ(ｱ)
    """
    counted = Counter(results)
    kinds = dict.fromkeys(kind for kind, _ in counted)
    return tuple(
        DisposalCount(
            kind,
            sum(counted[kind, state] for state in ItemState),
            counted[kind, ItemState.ERASED],
            counted[kind, ItemState.HELD],
            counted[kind, ItemState.CHANGED],
            counted[kind, ItemState.LEFT],
        )
        for kind in DisposalKind
        if kind in kinds
    )


def check_approval(state: RunState, proposed_by: str, approver: str) -> Refusal | None:
    """Refuse a word for a run that does not wait, and the word of whoever drew up the list.

    Law: 本人確認情報管理方法 第3(2)ア
    """
    if state is not RunState.PROPOSED:
        return Refusal(Reason.NOT_PENDING, ARTICLE, "run", state.value.upper())
    if proposed_by == approver:
        return Refusal(Reason.SAME_PERSON, _FORMS, "run")
    return None


def check_withdrawal(state: RunState, proposed_by: str, who: str) -> Refusal | None:
    """Refuse to take back a list that does not wait, or somebody else's.

    Law: 本人確認情報管理方法 第3(2)ア
    """
    if state is not RunState.PROPOSED:
        return Refusal(Reason.NOT_PENDING, ARTICLE, "run", state.value.upper())
    return None if proposed_by == who else Refusal(Reason.NOT_PERMITTED, _FORMS, "run")


def check_list(seen: str, kept: str, *, now: str) -> Refusal | None:
    """Refuse a word for another list than the one that lies there, or for one that is not what was proposed.

    Law: 本人確認情報管理方法 第6(2)ウ(ｱ)
    """
    return None if seen == kept == now else Refusal(Reason.LIST_DIFFERS, _FORMS, "digest")


def check_hold(reason: HoldReason, why: str) -> Refusal | None:
    """Refuse a hold that nobody sets by hand, or one without a word on which affair it serves.

    Law: none, own: what is needed for a right or a duty is not destroyed.
    """
    if reason not in HELD_BY_HAND:
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, ARTICLE, "hold_reason")
    return None if why.strip() else Refusal(Reason.FIELD_MISSING, ARTICLE, "why")
