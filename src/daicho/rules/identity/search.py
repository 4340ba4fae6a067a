"""By what may a person be searched for, and how many may be shown?"""

from collections.abc import Sequence
from dataclasses import dataclass

from daicho.rules.identity.keys import kana_key, name_key
from daicho.rules.identity.record import KeptRecord
from daicho.rules.law.article import juki, security_standard
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.codes import IndividualNumber, MunicipalityCode, ResidentRecordCode
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.sex import Sex
from daicho.rules.people.spellings import voiceless_alike

ROWS_SHOWN = 50  # own limit
_MOST_CHARACTERS = 200
_SEARCH = security_standard("6-7")


@dataclass(frozen=True, slots=True)
class NameTerm:
    """A name in kanji or a reading in kana, its beginning unless `whole`.  氏名

    Law: 住民基本台帳法 第7条第1号
    """

    kanji: str = ""
    kana: str = ""
    whole: bool = False


@dataclass(frozen=True, slots=True)
class AddressTerm:
    """A prefecture, a municipality, or a municipality with the beginning of the address.  住所

    Law: 住民基本台帳法 第7条第7号
    """

    municipality: MunicipalityCode | None = None
    prefecture: str = ""
    beginning: str = ""


@dataclass(frozen=True, slots=True)
class BirthTerm:
    """A birth date, or a year of birth.  生年月日

    A birth date of which a part is unknown finds those of whom the same is unknown, and nobody else.

    Law: 住民基本台帳法 第7条第2号
    """

    day: PartialDate | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class SearchTerms:
    """Everything that a searcher gave; all of it must fit.  検索条件

    Law: 住民基本台帳法 第30条の6
    """

    code: ResidentRecordCode | None = None
    number: IndividualNumber | None = None
    name: NameTerm | None = None
    address: AddressTerm | None = None
    birth: BirthTerm | None = None
    sex: Sex | None = None
    living_only: bool = False


@dataclass(frozen=True, slots=True)
class SearchPage:
    """The rows that may be shown; `narrow` asks for narrower terms because there are more.  検索結果

    Law: none, own limit.
    """

    rows: tuple[KeptRecord, ...]
    narrow: bool


def _unusable(terms: SearchTerms) -> Refusal | None:
    name, address, birth = terms.name, terms.address, terms.birth
    if name is not None and bool(name.kanji) == bool(name.kana):
        return Refusal(Reason.SEARCH_TERM_UNUSABLE, _SEARCH, "name")
    if name is not None and not 0 < len(name_key(name.kanji) + kana_key(name.kana)) <= _MOST_CHARACTERS:
        return Refusal(Reason.SEARCH_TERM_UNUSABLE, _SEARCH, "name")
    if birth is not None and (birth.day is None) == (birth.year is None):
        return Refusal(Reason.SEARCH_TERM_UNUSABLE, _SEARCH, "birth")
    if address is None:
        return None
    if address.municipality is None and (not address.prefecture or address.beginning):
        return Refusal(Reason.SEARCH_TERM_UNUSABLE, _SEARCH, "address")
    if address.prefecture and not (len(address.prefecture) == 2 and address.prefecture.isdecimal()):
        return Refusal(Reason.SEARCH_TERM_UNUSABLE, juki("30-6"), "prefecture")
    too_long = len(address.beginning) > _MOST_CHARACTERS
    return Refusal(Reason.SEARCH_TERM_UNUSABLE, _SEARCH, "address") if too_long else None


def asked_keys(name: NameTerm) -> tuple[str, ...]:
    """List the folded forms under which a name may be kept, the one that was typed first.

    A spelling that is only the beginning of what was typed would open every longer name, and is left out unless the
    whole name is given.
    Law: none, own definition.
    """
    if name.kanji:
        return (name_key(name.kanji),)
    typed, *others = voiceless_alike(name.kana)
    return (typed, *(key for key in others if key and (name.whole or not typed.startswith(key))))


def check_terms(terms: SearchTerms) -> Refusal | None:
    """Refuse terms that would let somebody leaf through the residents.

    Enough is a code, a number, or a name together with an address or a birth date; sex never counts.

    Law: 平成14年総務省告示第334号 第6の7
    """
    refusal = _unusable(terms)
    if refusal is not None:
        return refusal
    if terms.code is not None or terms.number is not None:
        return None
    if terms.name is not None and (terms.address is not None or terms.birth is not None):
        return None
    return Refusal(Reason.TOO_FEW_SEARCH_TERMS, _SEARCH, "terms")


def page(rows: Sequence[KeptRecord], limit: int = ROWS_SHOWN) -> SearchPage:
    """Cut rows to the limit, sort them for reading, and tell whether narrower terms are needed.

    Law: none, own limit.
    """
    shown = sorted(
        rows[:limit],
        key=lambda row: (
            row.record.name_normalized_kana,
            row.record.birth_date.sort_key(),
            row.record.resident_record_code,
        ),
    )
    return SearchPage(tuple(shown), len(rows) > limit)
