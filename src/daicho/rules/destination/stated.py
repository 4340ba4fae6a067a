"""Another destination than the address, as somebody stated it: why, until when, who may read it.  送付先の申出"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from daicho.rules.destination.record import ADDRESS_CHARACTERS
from daicho.rules.law.article import bango
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.law.words import WORDS_CHARACTERS
from daicho.rules.people.addresses import is_postal_code
from daicho.rules.people.names import MAX_NAME_CHARACTERS, can_be_shown
from daicho.rules.programmes.item import says_individual_number
from daicho.rules.register.reasons import ChangeKind
from daicho.rules.register.reception import Reception, check_reception
from daicho.rules.register.record import ResidentRecord

_ARTICLE = bango("7")


class StatedGround(StrEnum):
    """Why the letter cannot be received at the address.  住所地で受け取れない事由

    Law: none, own definition after the grounds of 居所情報の登録.
    """

    DISASTER = "DISASTER"  # 災害による避難
    VIOLENCE = "VIOLENCE"  # 配偶者からの暴力、ストーカー行為等、児童虐待等
    INSTITUTION = "INSTITUTION"  # 医療機関・施設への長期の入院・入所
    OTHER = "OTHER"  # その他やむを得ない理由


@dataclass(frozen=True, slots=True)
class StatedDestination:
    """To where somebody's notice shall go instead of the address, and until when; without a name, to themselves.  送付先

    `until` is the last day; none: until it is ended. `reception` says who asked and how their identity was shown.
    Law: none, own definition.
    """

    postal_code: str
    address: str
    ground: StatedGround
    words: str = ""
    name: str = ""
    until: date | None = None
    reception: Reception | None = None

    @property
    def for_officer(self) -> bool:
        """Tell whether the place is one that only who may see protected addresses may read.

        Law: none, own definition: whoever flees lives where the register does not say.
        """
        return self.ground is StatedGround.VIOLENCE

    def holds(self, on: date) -> bool:
        """Tell whether letters go there on a day.

        Law: none, own definition.
        """
        return self.until is None or on <= self.until


def check_stated(stated: StatedDestination, record: ResidentRecord | None, on: date) -> Refusal | None:
    """Refuse a destination of nobody who lives here, without an address or a reason, or over before it begins.

    Law: none, own definition.
    """
    if record is None:
        return Refusal(Reason.NOT_FOUND, _ARTICLE, "addressee_number")
    if not record.living:
        return Refusal(Reason.ALREADY_REMOVED, _ARTICLE, "addressee_number")
    if not is_postal_code(stated.postal_code):
        return Refusal(Reason.ITEM_MALFORMED, _ARTICLE, "postal_code")
    if not stated.address.strip():
        return Refusal(Reason.FIELD_MISSING, _ARTICLE, "address")
    for field, text, limit in (
        ("address", stated.address, ADDRESS_CHARACTERS),
        ("name", stated.name, MAX_NAME_CHARACTERS),
        ("words", stated.words, WORDS_CHARACTERS),
    ):
        if len(text) > limit:
            return Refusal(Reason.FIELD_TOO_LONG, _ARTICLE, field)
        if text and not can_be_shown(text, limit):
            return Refusal(Reason.FIELD_CONTROL_CHARACTER, _ARTICLE, field)
        if says_individual_number(text):
            return Refusal(Reason.INDIVIDUAL_NUMBER_NOT_USED, bango("9"), field)
    if stated.ground is StatedGround.OTHER and not stated.words.strip():
        return Refusal(Reason.FIELD_MISSING, _ARTICLE, "words")
    if not stated.holds(on):
        return Refusal(Reason.DATE_ORDER, _ARTICLE, "until")
    if stated.reception is None:
        return Refusal(Reason.FIELD_MISSING, _ARTICLE, "notifier")
    # Whose number it is asks for it, as for another number: a householder diverts nobody's letter.
    return check_reception(stated.reception, ChangeKind.NUMBER_CHANGE)


def waits_for_officer(
    stated: StatedDestination | None, on: date, *, guarded: bool, for_officer: bool, confirmed: bool
) -> bool:
    """Tell whether a notice waits until an officer confirms the address or states a place.

    `guarded`: a measure covers its person, or somebody of the household has or had a destination of whoever flees.
    `for_officer`: what was stated is an officer's own word.

    Law: none, own definition: the address of the record may be that of whom somebody fled from.
    """
    if not guarded or confirmed:
        return False
    return not (for_officer and stated is not None and stated.holds(on))
