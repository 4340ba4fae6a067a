"""For what may a town's registry ask the Agency about somebody, and when for their number, too?  機構への照会"""

from enum import StrEnum

from daicho.rules.identity.search import SearchTerms, check_terms
from daicho.rules.law.article import bango, juki, security_standard
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


SHOWN_A_DAY = 500
"""How many people a day the network tells one operator of by this page; own figure."""
ROWS_OF_MANY = 20
"""How many are shown where there are more than one answer holds; own figure, so that nobody counts who is left out."""
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
    return refusal or check_number_asked(terms, number=number)


def check_number_asked(terms: SearchTerms, *, number: bool) -> Refusal | None:
    """Refuse to ask for a number but for that of one person, who is named by their code and nothing beside.

    Law: 番号法 第9条; own definition.
    """
    if not number or (terms.code is not None and terms == SearchTerms(code=terms.code)):
        return None
    return Refusal(Reason.CODE_MISSING, bango("9"), "resident_record_code")


def check_shown(shown: int) -> Refusal | None:
    """Refuse another question to whoever has been told of too many people today.

    Law: 平成14年総務省告示第334号 第6の7; the figure is own definition.
    """
    if shown < SHOWN_A_DAY:
        return None
    return Refusal(Reason.SHOWN_TOO_MANY, security_standard("6-7"), "terms")
