"""Who came to the counter about a seal, shown what, with which authority.  窓口での確認

The letter of guarantee and the guardian beside the ward are own, after the model ordinance.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.seals.ordinance import APPLICATION, CONFIRMATION


class SealApplicant(StrEnum):
    """Who comes to the counter.  申請に来た者の区分"""

    SELF = "SELF"  # 本人
    WITH_GUARDIAN = "WITH_GUARDIAN"  # 本人（成年後見人が同行）
    AGENT = "AGENT"  # 代理人


class SealProof(StrEnum):
    """By what is proven who came about a seal.  印鑑登録の本人確認の方法"""

    NONE = "NONE"  # なし
    DOCUMENTS = "DOCUMENTS"  # 写真のない書類と質問
    GUARANTEE = "GUARANTEE"  # 印鑑の登録を受けている者の保証書
    PHOTO = "PHOTO"  # 官公署の発行した写真付きの書類
    CARD = "CARD"  # 個人番号カード


PROOFS_AT_ONCE = frozenset((SealProof.PHOTO, SealProof.CARD, SealProof.GUARANTEE))


@dataclass(frozen=True, slots=True)
class SealGuarantee:
    """The written word of somebody who has a seal registered here that the applicant is who they say.  保証書

    Law: 印鑑登録証明事務処理要領 (登録申請の確認); own, after the model ordinance.
    """

    registration: str  # the guarantor's number of registration
    name: str
    print_compared: bool = False  # 保証書の印影と登録された印影との照合


@dataclass(frozen=True, slots=True)
class CounterVisit:
    """Who came, shown what, with which authority; `agent` is who acts for the person, or the guardian beside.  窓口での確認"""

    applicant: SealApplicant = SealApplicant.SELF
    proof: SealProof = SealProof.NONE
    agent: str = ""
    authority_shown: bool = False  # 委任の旨を証する書面、成年後見の登記事項証明書
    guarantee: SealGuarantee | None = None
    card_expires_on: date | None = None  # 有効期限 of a number card by its face

    @property
    def alone(self) -> bool:
        """Tell whether the person whom it concerns did not come."""
        return self.applicant is SealApplicant.AGENT


def check_visit(visit: CounterVisit, *, guaranteed: bool = False) -> Refusal | None:
    """Refuse whoever is not known at all, and an agent or a guardian without name or authority.

    A guarantor's word serves an application alone, and only for the person who came (`guaranteed`).

    Law: 印鑑登録証明事務処理要領 (登録申請); own, after the model ordinance.
    """
    by_word = visit.proof is SealProof.GUARANTEE and (visit.alone or not guaranteed)
    if visit.proof is SealProof.NONE or by_word:
        return Refusal(Reason.IDENTITY_NOT_PROVEN, CONFIRMATION, "proof")
    if visit.applicant is not SealApplicant.SELF:
        if not visit.agent.strip():
            return Refusal(Reason.FIELD_MISSING, APPLICATION, "agent")
        if not visit.authority_shown:
            return Refusal(Reason.AUTHORITY_NOT_SHOWN, APPLICATION, "authority_shown")
    return None
