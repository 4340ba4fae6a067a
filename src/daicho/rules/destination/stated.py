"""Another destination than the address, as somebody stated it: why, until when, who may read it.  送付先の申出"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from daicho.rules.destination.record import ADDRESS_CHARACTERS
from daicho.rules.destination.settings import is_postal_code
from daicho.rules.law.article import bango
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.law.words import WORDS_CHARACTERS
from daicho.rules.people.names import MAX_NAME_CHARACTERS, can_be_shown
from daicho.rules.programmes.item import says_individual_number
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

    `until` is the last day; none: until it is ended.
    Law: none, own definition.
    """

    postal_code: str
    address: str
    ground: StatedGround
    words: str = ""
    name: str = ""
    until: date | None = None

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
    return None
