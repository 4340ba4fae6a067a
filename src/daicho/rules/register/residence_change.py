"""A change of what only a foreign resident's record holds, or of birth date or sex, on the Ministry's word.  在留情報の変更"""

import re
from dataclasses import dataclass, replace
from datetime import date

from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.law.words import WORDS_CHARACTERS
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.sex import Sex
from daicho.rules.register.changes import Entry
from daicho.rules.register.correction import amendment_reason
from daicho.rules.register.deadlines import check_days, earliest_day
from daicho.rules.register.departure import living_people
from daicho.rules.register.household import changed_only
from daicho.rules.register.reasons import ChangeKind, Ground
from daicho.rules.register.record import ForeignItems, ResidentKind, ResidentRecord

ITEM_CHARACTERS = 50
PERIOD_CHARACTERS = 30  # as in the extract and in files that are handed over
_ARTICLE = juki("30-50")
_CARD = re.compile("[A-Z]{2}[0-9]{8}[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class ResidenceChange:
    """The items as they read from a day on; what is not given stays, and an empty text erases.  在留情報の変更

    `ends_on` is the end of the stay; `endless` takes away the one that stood.
    Law: 住民基本台帳法 第30条の45, 第30条の50; 住民基本台帳法施行令 第12条第2項
    """

    addressee_number: int
    changed_on: date
    notified_on: date
    nationality: str = ""
    category: str = ""
    card_number: str | None = None
    status: str | None = None
    period: str | None = None
    ends_on: date | None = None
    endless: bool = False
    birth_date: PartialDate | None = None
    sex: Sex | None = None
    words: str = ""


def is_card_number(text: str) -> bool:
    """Tell whether a text is the number of a residence card or of a special permanent resident's certificate.

    Law: 出入国管理及び難民認定法 第19条の4; that the certificate's number has the same shape is own definition.
    """
    return _CARD.fullmatch(text) is not None


def corrects_person(notice: ResidenceChange) -> bool:
    """Tell whether a change corrects birth date or sex, as only a notice of the Ministry lets one do without a permit.

    Law: 住民基本台帳法 第30条の50; 住民基本台帳法施行令 第12条第2項
    """
    return notice.birth_date is not None or notice.sex is not None


def draft_residence_change(
    notice: ResidenceChange, current: tuple[ResidentRecord, ...], on: date
) -> Entry | Refusal:
    """Write the new items; nobody above the town is told of them but of birth date and sex.

    Law: 住民基本台帳法 第30条の45, 第30条の50; 住民基本台帳法施行令 第12条第2項; 住民基本台帳法施行規則 第11条
    """
    refusal = check_days(notice.changed_on, notice.notified_on, on, _ARTICLE) or _check_items(notice)
    if refusal is not None:
        return refusal
    people = living_people((notice.addressee_number,), current, _ARTICLE)
    if isinstance(people, Refusal):
        return people
    old = people[0]
    if old.resident_kind is not ResidentKind.FOREIGN or old.foreign is None:
        return Refusal(Reason.FOREIGN_ITEMS_FORBIDDEN, _ARTICLE, "addressee_number")
    new = _amended(old, old.foreign, notice)
    if new == old:
        return Refusal(Reason.NOTHING_CHANGES, _ARTICLE, "change")
    if earliest_day(new.birth_date) > new.resident_since and new.birth_date != old.birth_date:
        return Refusal(Reason.DATE_ORDER, _ARTICLE, "birth_date")
    new = replace(new, update_sequence=old.update_sequence + 1)
    before, after = changed_only(current, (new,))
    return Entry(
        kind=ChangeKind.RESIDENCE_STATUS_CHANGE,
        reason=amendment_reason(old, new, minor=False),
        change_date=notice.changed_on,
        notified_on=notice.notified_on,
        before=before,
        after=after,
        subjects=(old.addressee_number,),
        ground=Ground.EX_OFFICIO,
        words=notice.words,
    )


def _check_items(notice: ResidenceChange) -> Refusal | None:
    texts = (
        ("nationality", notice.nationality, ITEM_CHARACTERS),
        ("category", notice.category, ITEM_CHARACTERS),
        ("status", notice.status or "", ITEM_CHARACTERS),
        ("period", notice.period or "", PERIOD_CHARACTERS),
        ("words", notice.words, WORDS_CHARACTERS),
    )
    for field, text, limit in texts:
        if len(text) > limit:
            return Refusal(Reason.FIELD_TOO_LONG, _ARTICLE, field)
    if notice.card_number and not is_card_number(notice.card_number):
        return Refusal(Reason.NUMBER_MALFORMED, _ARTICLE, "card_number")
    if notice.ends_on is not None and notice.endless:
        return Refusal(Reason.ITEM_FORBIDDEN, _ARTICLE, "ends_on")
    return None


def _amended(old: ResidentRecord, held: ForeignItems, notice: ResidenceChange) -> ResidentRecord:
    def text(told: str | None, kept: str | None) -> str | None:
        return kept if told is None else told or None

    ends_on = None if notice.endless else notice.ends_on or held.residence_expires_on
    foreign = replace(
        held,
        nationality=notice.nationality or held.nationality,
        category=notice.category or held.category,
        residence_card_number=text(notice.card_number, held.residence_card_number),
        residence_status=text(notice.status, held.residence_status),
        residence_period=text(notice.period, held.residence_period),
        residence_expires_on=ends_on,
    )
    birth = notice.birth_date or old.birth_date
    return replace(
        old,
        foreign=foreign,
        birth_date=birth,
        # How the former date was written belongs to that date.
        birth_written=old.birth_written if birth == old.birth_date else None,
        sex=notice.sex or old.sex,
    )
