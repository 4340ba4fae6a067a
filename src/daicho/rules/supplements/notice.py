"""What the address supplement of somebody's family register is to say from now on.  戸籍の附票記載事項通知

The Act names the items of the supplement and says that its amendment is notified; which further words a notice has, how
long they are and how a change is named is own definition: what the real towns send each other is not public.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.codes import ResidentRecordCode
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.names import MAX_NAME_CHARACTERS, can_be_shown
from daicho.rules.people.sex import Sex
from daicho.rules.register.reasons import ChangeKind

PLACE_CHARACTERS = 620  # the parts of an address at their longest, and the names of its town and prefecture
DOMICILE_CHARACTERS = 400
BIRTH_CHARACTERS = 40
ID_CHARACTERS = 64
CODE_ITEM_FROM = date(2024, 5, 27)
"""From when on the supplement has the resident record code (住民基本台帳法 第17条第7号)."""
_ARTICLE = juki("19")


class SupplementStanding(StrEnum):
    """Where the person is after the change.  附票に記載する住所の状態

    Law: 住民基本台帳法 第17条, 第19条第1項; the codes are our own.
    """

    RESIDENT = "RESIDENT"  # 住所を定めた
    ABROAD = "ABROAD"  # 国外転出
    STRUCK = "STRUCK"  # 職権消除等、住所の記載がなくなった


@dataclass(frozen=True, slots=True)
class AddressSupplementNotice:
    """The items of one person's address supplement after one change.  戸籍の附票記載事項通知

    `notice_id` is its name at the town that tells. `address_since` is the day of 住所を定めた, of going abroad, or of the
    striking; `address` the country where somebody goes abroad, and empty where there is none. The domicile and the head
    are those by which the family register is found.
    Law: 住民基本台帳法 第17条, 第19条第1項
    """

    notice_id: str
    kind: ChangeKind
    standing: SupplementStanding
    changed_on: date
    name: str
    birth_date: PartialDate
    sex: Sex
    address: str
    address_since: date
    registered_domicile: str
    family_register_head: str
    furigana: str = ""
    birth_written: str = ""
    resident_record_code: ResidentRecordCode | None = None


def is_notice_id(text: str) -> bool:
    """Tell whether a text can be the name of a notice.

    Law: none, own definition.
    """
    return 0 < len(text) <= ID_CHARACTERS and text.isascii() and text.isprintable()


def check_notice(notice: AddressSupplementNotice, on: date) -> Refusal | None:
    """Refuse a notice that lacks an item, says too much, or tells of a day to come; at midnight towns differ by a day.

    Law: 住民基本台帳法 第19条第1項; lengths are own definition.
    """
    if not is_notice_id(notice.notice_id):
        return Refusal(Reason.ITEM_MALFORMED, _ARTICLE, "notice_id")
    refusal = check_texts(
        (
            ("name", notice.name, MAX_NAME_CHARACTERS),
            ("furigana", notice.furigana, MAX_NAME_CHARACTERS),
            ("birth_written", notice.birth_written, BIRTH_CHARACTERS),
            ("address", notice.address, PLACE_CHARACTERS),
            ("registered_domicile", notice.registered_domicile, DOMICILE_CHARACTERS),
            ("family_register_head", notice.family_register_head, MAX_NAME_CHARACTERS),
        )
    )
    if refusal is not None:
        return refusal
    if not notice.name:
        return Refusal(Reason.FIELD_MISSING, _ARTICLE, "name")
    if notice.standing is SupplementStanding.RESIDENT and not notice.address:
        return Refusal(Reason.FIELD_MISSING, _ARTICLE, "address")
    if notice.standing is SupplementStanding.STRUCK and notice.address:
        return Refusal(Reason.ITEM_FORBIDDEN, _ARTICLE, "address")
    # A notice that is told in time is recorded at once; only days are looked at that no register can have.
    if max(notice.address_since, notice.changed_on) > on + timedelta(days=1):
        return Refusal(Reason.DATE_IN_FUTURE, _ARTICLE, "address_since")
    return None


def check_texts(texts: tuple[tuple[str, str, int], ...]) -> Refusal | None:
    """Refuse a text that is too long or that no page can show; each comes with its field and its limit.

    Law: none, own definition.
    """
    for field, text, limit in texts:
        if len(text) > limit:
            return Refusal(Reason.FIELD_TOO_LONG, _ARTICLE, field)
        if text and not can_be_shown(text, limit):
            return Refusal(Reason.FIELD_CONTROL_CHARACTER, _ARTICLE, field)
    return None
