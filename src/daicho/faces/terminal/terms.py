"""Reading search conditions, the purpose and the basis; what they must be is decided below."""

from daicho.faces.terminal.desk import Why, WhyChoices
from daicho.faces.terminal.forms import Form, half_width
from daicho.faces.wording.fields import Mistake
from daicho.faces.wording.places import find_place
from daicho.rules.identity.search import AddressTerm, BirthTerm, NameTerm, SearchTerms
from daicho.rules.people.codes import IndividualNumber, MalformedCode, MunicipalityCode
from daicho.rules.people.sex import Sex
from daicho.rules.register.lookup import ResidentTerms

SEARCH_NAMES = {"terms": "name", "birth": "birth", "address": "address", "prefecture": "address"}
_KANA_SIGNS = frozenset("　 ー・ｰ゛゜")


def read_why(form: Form, choices: WhyChoices) -> Why | None:
    """Read purpose and basis, both of which must be chosen from what this node offers."""
    purpose = form.one_of("purpose", tuple(one.key for one in choices.purposes), required=True)
    basis = form.one_of("basis", tuple(one.key for one in choices.bases), required=True)
    if not purpose or not basis:
        return None
    words = next(one.words for one in choices.purposes if one.key == purpose)
    return Why(words, basis)


def read_terms(form: Form, home: MunicipalityCode | None, *, number: bool) -> SearchTerms:
    """Read the conditions; errors stand in the form."""
    return SearchTerms(
        code=form.resident_code("code"),
        number=_number(form) if number else None,
        name=_name(form.text("name", limit=150)),
        address=_address(form, home),
        birth=_birth(form),
        sex=form.member("sex", Sex),
        living_only=form.ticked("living_only"),
    )


def read_resident_terms(form: Form) -> ResidentTerms:
    """Read the conditions of a search in the register; errors stand in the form."""
    name = form.text("name", limit=150)
    kana = is_kana(name)
    return ResidentTerms(
        code=form.resident_code("code"),
        household_number=form.whole_number("household"),
        kana=name if kana else "",
        kanji="" if kana else name,
        address=_inside_town(form.text("address", limit=200)),
        birth_date=form.birth("birth"),
        include_removed=not form.ticked("living_only"),
    )


def _birth(form: Form) -> BirthTerm | None:
    born = form.birth("birth")
    if born is None:
        return None
    return BirthTerm(year=born.year) if born.year is not None and born.month is None else BirthTerm(day=born)


def _inside_town(address: str) -> str:
    _, municipality, rest = find_place(address)
    return rest if municipality else address


def is_kana(text: str) -> bool:
    """Tell whether a text is written in kana only."""
    return all("ぁ" <= c <= "ゖ" or "ァ" <= c <= "ヺ" or "ｦ" <= c <= "ﾟ" or c in _KANA_SIGNS for c in text)


def _name(text: str) -> NameTerm | None:
    if not text:
        return None
    return NameTerm(kana=text) if is_kana(text) else NameTerm(kanji=text)


def _number(form: Form) -> IndividualNumber | None:
    text = half_width(form.text("number")).replace(" ", "").replace("-", "")
    if not text:
        return None
    try:
        return IndividualNumber(text)
    except MalformedCode:
        form.mistake("number", Mistake.NO_SUCH_NUMBER)
        return None


def _address(form: Form, home: MunicipalityCode | None) -> AddressTerm | None:
    text = form.text("address", limit=200)
    if not text:
        return None
    prefecture, municipality, rest = find_place(text)
    if municipality:
        return AddressTerm(municipality=MunicipalityCode(municipality), beginning=rest)
    if prefecture and not rest:
        return AddressTerm(prefecture=prefecture)
    if home is not None and not prefecture:
        return AddressTerm(municipality=home, beginning=text)
    form.mistake("address", Mistake.NO_SUCH_PLACE)
    return None
