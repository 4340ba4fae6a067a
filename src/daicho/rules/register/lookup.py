"""By what may a resident be searched for at the registry?"""

from dataclasses import dataclass

from daicho.rules.law.article import Article
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.codes import IndividualNumber, ResidentRecordCode
from daicho.rules.people.dates import PartialDate

_ARTICLE = Article("本人確認情報管理方法", "3")


@dataclass(frozen=True, slots=True)
class ResidentTerms:
    """What a clerk typed; kana, kanji and address are beginnings, all of it must fit.  検索条件

    A birth date of which the day or the month is unknown finds all of that month or year.
    """

    code: ResidentRecordCode | None = None
    individual_number: IndividualNumber | None = None
    addressee_number: int | None = None
    household_number: int | None = None
    kana: str = ""
    kanji: str = ""
    address: str = ""
    birth_date: PartialDate | None = None
    include_removed: bool = False


def check_resident_terms(terms: ResidentTerms) -> Refusal | None:
    """Refuse terms that would let somebody leaf through the register.

    Enough is a code or number, or a name together with an address or a birth date.

    Law: 本人確認情報管理方法 第3(3)ア
    """
    keys = (terms.code, terms.individual_number, terms.addressee_number, terms.household_number)
    if any(key is not None for key in keys):
        return None
    named = bool(terms.kana.strip() or terms.kanji.strip())
    if named and (terms.address.strip() or terms.birth_date is not None):
        return None
    return Refusal(Reason.TOO_FEW_SEARCH_TERMS, _ARTICLE, "terms")
