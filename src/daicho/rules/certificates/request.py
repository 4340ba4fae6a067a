"""What is asked for at the counter, and what is answered: requests, outcomes, fees."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from daicho.rules.certificates.content import CertificateContent, CertificateItem, CertificateKind
from daicho.rules.law.article import Article
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.codes import IndividualNumber
from daicho.rules.protection.measure import AskingPerson
from daicho.rules.register.record import ResidentRecord

_FEES = Article("地方自治法", "227")


class CertificateRequester(StrEnum):
    """In which capacity somebody asks.  請求者の区分"""

    SELF = "SELF"  # 本人
    SAME_HOUSEHOLD = "SAME_HOUSEHOLD"  # 同一の世帯に属する者
    AGENT = "AGENT"  # 代理人
    THIRD_PARTY = "THIRD_PARTY"  # 第三者（法12条の3第1項）
    PROFESSIONAL = "PROFESSIONAL"  # 特定事務受任者（法12条の3第2項）
    PUBLIC = "PUBLIC"  # 国又は地方公共団体の機関（法12条の2）


class IssueChannel(StrEnum):
    """By which way a certificate is asked for.  請求の方法"""

    COUNTER = "COUNTER"  # 窓口
    POST = "POST"  # 郵送
    KIOSK = "KIOSK"  # コンビニ交付
    WIDE_AREA = "WIDE_AREA"  # 広域交付


class IdentityProof(StrEnum):
    """By what the person who came proved who they are.  本人確認の方法"""

    NONE = "NONE"  # なし
    DOCUMENTS = "DOCUMENTS"  # 写真のない書類と質問
    PHOTO = "PHOTO"  # 官公署の発行した写真付きの書類
    CARD = "CARD"  # 個人番号カード


class Judgement(StrEnum):
    """What the clerk found about the reason that was given.  請求事由の審査"""

    OPEN = "OPEN"  # 未審査
    JUSTIFIED = "JUSTIFIED"  # 相当と認める
    UNJUST = "UNJUST"  # 不当な目的によることが明らか、又は相当と認めない


class Delivery(StrEnum):
    """How the paper reaches somebody.  交付の方法"""

    HANDED_OVER = "HANDED_OVER"  # 窓口で手渡す
    PRINTED_AT_KIOSK = "PRINTED_AT_KIOSK"  # キオスク端末で印刷する
    SENT_TO_ISSUING_TOWN = "SENT_TO_ISSUING_TOWN"  # 交付地市町村へ通知する
    POSTED_TO_PERSON = "POSTED_TO_PERSON"  # 本人の住所へ郵送する
    POSTED_TO_REQUESTER = "POSTED_TO_REQUESTER"  # 請求者へ郵送する


PHOTO_PROOFS = frozenset((IdentityProof.PHOTO, IdentityProof.CARD))


@dataclass(frozen=True, slots=True)
class CertificateRequest:
    """One request for paper; nobody named means the household copy of all, or the asking person alone.  交付の請求

    `principal` is whom an agent or a professional acts for. `justified_items` are those beyond the base that the
    clerk found justified under 法12条の3第7項.

    Law: 住民基本台帳法 第12条–第12条の4, 第15条の4
    """

    kind: CertificateKind
    requester: CertificateRequester
    asker: AskingPerson
    channel: IssueChannel = IssueChannel.COUNTER
    people: tuple[int, ...] = ()
    items: frozenset[CertificateItem] = frozenset()
    purpose: str = ""
    judgement: Judgement = Judgement.OPEN
    justified_items: frozenset[CertificateItem] = frozenset()
    proof: IdentityProof = IdentityProof.NONE
    principal: AskingPerson | None = None
    authority_shown: bool = False  # 委任状等
    legal_representative: bool = False  # 法定代理人
    in_proceedings: bool = False  # 受任者が紛争処理手続の代理業務に用いる: no client is named
    strictly_examined: bool = False  # 厳格な審査を終えた
    send_to: str = ""  # 送付先: said by whoever is no resident any more and asks by post
    card_expires_on: date | None = None  # 有効期限: what the face of a number card says that was shown


@dataclass(frozen=True, slots=True)
class CertificateSubject:
    """A record that the desk has before it; the number is handed in only where it may be shown.  証明の対象

    Everybody of the household is handed in, and the asking person.
    """

    record: ResidentRecord
    individual_number: IndividualNumber | None = None
    rewritten_on: date | None = None  # 改製した日: this is the record as it stood before


@dataclass(frozen=True, slots=True)
class IssuedCertificate:
    """What may be issued, on which ground, and how it goes out; `withheld` was asked for in vain.  証明書の交付"""

    content: CertificateContent
    people: tuple[int, ...]
    basis: Article
    delivery: Delivery
    withheld: frozenset[CertificateItem] = frozenset()


@dataclass(frozen=True, slots=True)
class CertificateFees:
    """What a town's ordinance asks for one sheet, in yen, by kind and channel.  手数料

    Law: 地方自治法 第227条
    """

    amounts_yen: Mapping[tuple[CertificateKind, IssueChannel], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse amounts below nothing. Raises: ValueError."""
        if any(amount < 0 for amount in self.amounts_yen.values()):
            raise ValueError("a fee is not negative")

    def fee_yen(self, request: CertificateRequest, copies: int = 1) -> int | Refusal:
        """Tell what a request costs; public bodies pay nothing, and an amount that is not set is not guessed.

        Law: 地方自治法 第227条
        """
        if request.requester is CertificateRequester.PUBLIC:
            return 0
        amount = self.amount_yen(request.kind, request.channel)
        return amount if isinstance(amount, Refusal) else amount * copies

    def amount_yen(self, kind: CertificateKind, channel: IssueChannel) -> int | Refusal:
        """Tell what one sheet of a kind costs by a channel.

        Law: 地方自治法 第227条
        """
        amount = self.amounts_yen.get((kind, channel))
        return Refusal(Reason.FIELD_MISSING, _FEES, "amounts_yen") if amount is None else amount
