"""The cash-up: what papers were issued since the last one, what they cost, what was free, what was counted.

Every paper of the book stands in exactly one cash-up. How it is closed is own definition.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from daicho.rules.certificates.content import CORRESPONDENCE, CertificateKind
from daicho.rules.certificates.request import CertificateRequester, IssueChannel
from daicho.rules.law.article import Article
from daicho.rules.law.refusal import Reason, Refusal

FEES = Article("地方自治法", "227")
_LETTERS = frozenset(
    (
        CertificateKind.MOVE_OUT, CertificateKind.CODE_NOTICE, CertificateKind.CODE_CHANGE_NOTICE,
        CertificateKind.ACCEPTANCE_NOTICE, CertificateKind.NUMBER_NOTICE,
    )
) | CORRESPONDENCE  # fmt: skip


class FreeCause(StrEnum):
    """Why nothing was charged for a paper.  無料の理由"""

    PUBLIC = "PUBLIC"  # 公用請求
    LETTER = "LETTER"  # 通知・転出証明書
    ORDINANCE = "ORDINANCE"  # 条例で無料
    SPOILED = "SPOILED"  # 書損による再交付
    STATUTORY = "STATUTORY"  # 法令による無料証明
    REDUCED = "REDUCED"  # 条例による減免


class Means(StrEnum):
    """In what fees come in, and are counted.  収納の方法"""

    CASH = "CASH"  # 現金（窓口）
    MONEY_ORDER = "MONEY_ORDER"  # 定額小為替等（郵送）


# What a clerk may say of a paper for which the book has a fee; the others follow from the book itself.
WAIVERS = (FreeCause.SPOILED, FreeCause.STATUTORY, FreeCause.REDUCED)
_MEANS = {IssueChannel.COUNTER: Means.CASH, IssueChannel.POST: Means.MONEY_ORDER}


@dataclass(frozen=True, slots=True)
class ChargedPaper:
    """A paper of the book as the cash-up sees it; `waived` says why its fee was not taken.  手数料の対象となる証明書"""

    number: str
    kind: CertificateKind
    channel: IssueChannel
    requester: CertificateRequester
    fee_yen: int
    waived: FreeCause | None = None


@dataclass(frozen=True, slots=True)
class FreeCount:
    """How many papers were free for one reason.  無料の件数"""

    cause: FreeCause
    papers: int


@dataclass(frozen=True, slots=True)
class TillLine:
    """The papers of one kind by one channel: how many, how many charged, what they cost, why others were free.  日計の行"""

    channel: IssueChannel
    kind: CertificateKind
    papers: int
    charged: int
    fees_yen: int
    free: tuple[FreeCount, ...] = ()


@dataclass(frozen=True, slots=True)
class TillAccount:
    """What the book says of the papers of one cash-up, and of the inspections that were paid for.  帳簿上の手数料"""

    lines: tuple[TillLine, ...]
    inspections: int = 0  # 閲覧: those that cost something
    inspection_fees_yen: int = 0

    @property
    def papers(self) -> int:
        """Count all papers.

        Law: none, arrangement of one value.
        """
        return sum(one.papers for one in self.lines)

    @property
    def charged(self) -> int:
        """Count the papers that were charged.

        Law: none, arrangement of one value.
        """
        return sum(one.charged for one in self.lines)

    @property
    def fees_yen(self) -> int:
        """Add up all fees.

        Law: none, arrangement of one value.
        """
        return sum(one.fees_yen for one in self.lines) + self.inspection_fees_yen

    def due_yen(self, means: Means) -> int:
        """Tell what must be there in one kind of money; what a kiosk takes is settled elsewhere.

        Law: 地方自治法 第227条
        """
        papers = sum(one.fees_yen for one in self.lines if _MEANS.get(one.channel) is means)
        return papers + (self.inspection_fees_yen if means is Means.CASH else 0)


@dataclass(frozen=True, slots=True)
class TillCount:
    """What somebody counted, in yen.  現在高"""

    cash_yen: int
    money_orders_yen: int

    def of(self, means: Means) -> int:
        """Tell what was counted of one kind of money.

        Law: none, arrangement of one value.
        """
        return self.cash_yen if means is Means.CASH else self.money_orders_yen


@dataclass(frozen=True, slots=True)
class Waiver:
    """That the fee of one paper was not taken: why, in which words, by whom.  手数料の免除"""

    number: str
    cause: FreeCause
    words: str
    by: str


@dataclass(frozen=True, slots=True)
class SheetSummary:
    """What became of numbered sheets since the last cash-up, and how many are left.  用紙の使用状況"""

    used: int
    spoiled: int
    left: int
    unnoted: tuple[str, ...] = ()  # papers on numbered sheets of which no sheet is noted: the first of them
    unnoted_papers: int = 0  # how many there are


@dataclass(frozen=True, slots=True)
class TillClosing:
    """A cash-up as one person closed it.  日計"""

    number: str
    day: date
    account: TillAccount
    count: TillCount
    words: str
    waivers: tuple[Waiver, ...]
    sheets: SheetSummary

    def difference_yen(self, means: Means) -> int:
        """Tell by how much there was more than the book says, or less than nothing: that something was lacking.

        Law: none, own definition.
        """
        return self.count.of(means) - self.account.due_yen(means)


def free_cause(paper: ChargedPaper) -> FreeCause | None:
    """Tell why nothing is charged for a paper; nothing when it is charged.

    Law: 地方自治法 第227条; which reasons are told apart is own definition.
    """
    if paper.waived is not None:
        return paper.waived
    if paper.fee_yen:
        return None
    if paper.requester is CertificateRequester.PUBLIC:
        return FreeCause.PUBLIC
    return FreeCause.LETTER if paper.kind in _LETTERS else FreeCause.ORDINANCE


def till_account(papers: Iterable[ChargedPaper], inspections: Iterable[int] = ()) -> TillAccount:
    """Add papers up by channel and kind, in the order of both lists, and what inspections cost, in yen.

    Law: 地方自治法 第227条
    """
    paid = [one for one in inspections if one]
    by_line: dict[tuple[IssueChannel, CertificateKind], list[ChargedPaper]] = {}
    for one in papers:
        by_line.setdefault((one.channel, one.kind), []).append(one)
    return TillAccount(
        tuple(
            _line(channel, kind, by_line[channel, kind])
            for channel in IssueChannel
            for kind in CertificateKind
            if (channel, kind) in by_line
        ),
        len(paid),
        sum(paid),
    )


def _line(channel: IssueChannel, kind: CertificateKind, papers: list[ChargedPaper]) -> TillLine:
    causes = Counter(cause for one in papers if (cause := free_cause(one)) is not None)
    charged = [one for one in papers if free_cause(one) is None]
    return TillLine(
        channel,
        kind,
        len(papers),
        len(charged),
        sum(one.fee_yen for one in charged),
        tuple(FreeCount(cause, causes[cause]) for cause in FreeCause if cause in causes),
    )


def check_waiver(paper: ChargedPaper, cause: FreeCause, words: str) -> Refusal | None:
    """Refuse to waive what costs nothing or is waived already, for a reason that follows from the book, or without words.

    Law: 地方自治法 第227条; own definition.
    """
    if cause not in WAIVERS:
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, FEES, "cause")
    if paper.waived is not None or not paper.fee_yen:
        return Refusal(Reason.NOTHING_CHANGES, FEES, "paper")
    if not words.strip():
        return Refusal(Reason.FIELD_MISSING, FEES, "why")
    return None


def check_closing(account: TillAccount, count: TillCount, words: str) -> Refusal | None:
    """Refuse to close over a difference of which nothing is said, or over less than nothing.

    Law: none, own definition.
    """
    if count.cash_yen < 0 or count.money_orders_yen < 0:
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, FEES, "cash_yen")
    differs = any(count.of(means) != account.due_yen(means) for means in Means)
    if differs and not words.strip():
        return Refusal(Reason.FIELD_MISSING, FEES, "difference_words")
    return None
