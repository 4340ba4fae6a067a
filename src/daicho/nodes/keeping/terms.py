"""Search terms between the wire's texts and the rules' values."""

from daicho.rules.identity.search import AddressTerm, BirthTerm, NameTerm, SearchTerms
from daicho.rules.law.article import security_standard
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.codes import IndividualNumber, MunicipalityCode, ResidentRecordCode
from daicho.rules.people.sex import Sex
from daicho.rules.people.written_dates import parse_written
from daicho.wire.operations import SearchTermsText

_STANDARD = security_standard("6-7")


def to_text(terms: SearchTerms) -> SearchTermsText:
    """Write terms for the wire."""
    name, address, birth = terms.name, terms.address, terms.birth
    place = ""
    if address is not None:
        place = f"{address.municipality or address.prefecture}/{address.beginning}"
    return SearchTermsText(
        resident_record_code=str(terms.code or ""),
        individual_number=str(terms.number or ""),
        name=(name.kanji or name.kana) if name else "",
        name_prefix=bool(name and not name.whole),
        address=place,
        birth_date=(str(birth.day) if birth.day else str(birth.year)) if birth else "",
        sex=terms.sex.value if terms.sex else "",
    )


def from_text(text: SearchTermsText) -> SearchTerms | Refusal:
    """Read terms from the wire; a term that is no such value is refused by its field."""
    field = "resident_record_code"
    try:
        code = ResidentRecordCode(text.resident_record_code) if text.resident_record_code else None
        field = "individual_number"
        number = IndividualNumber(text.individual_number) if text.individual_number else None
        field = "birth_date"
        birth = _birth(text.birth_date)
        field = "address"
        address = _address(text.address)
        field = "sex"
        sex = Sex(text.sex) if text.sex else None
    except ValueError:
        return Refusal(Reason.SEARCH_TERM_UNUSABLE, _STANDARD, field)
    name = None
    if text.name:
        kana = all("ぁ" <= c <= "ヿ" or c in "　 ・" for c in text.name)
        name = NameTerm(
            kanji="" if kana else text.name, kana=text.name if kana else "", whole=not text.name_prefix
        )
    return SearchTerms(code, number, name, address, birth, sex)


def _birth(text: str) -> BirthTerm | None:
    if not text:
        return None
    if len(text) == 4 and text.isascii() and text.isdigit():
        return BirthTerm(year=int(text))
    return BirthTerm(day=parse_written(text).folded)


def _address(text: str) -> AddressTerm | None:
    if not text:
        return None
    place, _, beginning = text.partition("/")
    if len(place) == 2:
        return AddressTerm(prefecture=place, beginning=beginning)
    return AddressTerm(municipality=MunicipalityCode(place), beginning=beginning)
