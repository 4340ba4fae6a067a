"""For what may a town's registry ask the Agency about somebody, and when for their number, too?  機構への照会"""

from enum import StrEnum

from daicho.rules.identity.search import SearchTerms, check_terms
from daicho.rules.law.article import bango, juki
from daicho.rules.law.refusal import Reason, Refusal


class InquiryAffair(StrEnum):
    """For which affair of the resident register a town asks the Agency about somebody.  機構への照会の事務

    Law: 住民基本台帳法 第30条の10第1項第4号, 第30条の12第1項第4号; the list is own definition.
    """

    MOVE_IN = "MOVE_IN"  # 異動届の受付
    EX_OFFICIO = "EX_OFFICIO"  # 職権による記載・調査
    CHECK = "CHECK"  # 本人確認


class InquiryBasis(StrEnum):
    """Under which row of the legal bases it asks: whose people the own prefecture notified, or all others.  照会の根拠

    Law: 住民基本台帳法 第30条の10第1項第4号, 第30条の12第1項第4号
    """

    OWN_PREFECTURE = "30-10/1-4"
    OTHER_PREFECTURE = "30-12/1-4"


_NEED_THE_NUMBER = frozenset({InquiryAffair.MOVE_IN, InquiryAffair.EX_OFFICIO})


def check_inquiry_basis(basis: str) -> Refusal | None:
    """Refuse a registry's question under any row but those of the affairs of the resident register.

    Law: 住民基本台帳法 第30条の10第1項第4号, 第30条の12第1項第4号; that no other row is taken is own definition.
    """
    if basis in set(InquiryBasis):
        return None
    return Refusal(Reason.NO_LEGAL_BASIS, juki("30-10"), "basis")


def may_have_number(affair: InquiryAffair) -> Refusal | None:
    """Refuse the individual number to an affair that writes none into the register.

    Law: 番号法 第9条; 住民基本台帳法 第7条第8号の2; which affairs need it is own definition.
    """
    if affair in _NEED_THE_NUMBER:
        return None
    return Refusal(Reason.NUMBER_NOT_NEEDED, bango("9"), "individual_number")


def check_inquiry(
    terms: SearchTerms, affair: InquiryAffair, basis: str, *, number: bool = False
) -> Refusal | None:
    """Refuse a question that lets somebody leaf through, under another row, or by or for a number without need.

    `number` asks for the number of one person, who is named by their code alone.

    Law: 平成14年総務省告示第334号 第6の7; 番号法 第9条
    """
    refusal = check_inquiry_basis(basis) or check_terms(terms)
    if refusal is None and (number or terms.number is not None):
        refusal = may_have_number(affair)
    if refusal is None and number and terms.code is None:
        return Refusal(Reason.CODE_MISSING, bango("9"), "resident_record_code")
    return refusal
