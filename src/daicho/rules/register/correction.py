"""Correcting an error of the register, with the security officer's permission.  誤記修正"""

from dataclasses import dataclass, replace
from datetime import date

from daicho.rules.law.article import Article, juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.addresses import Address
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.names import PersonName
from daicho.rules.people.sex import Sex
from daicho.rules.people.written_dates import says_that_day
from daicho.rules.register.arrival import check_kind
from daicho.rules.register.changes import Desk, Entry
from daicho.rules.register.deadlines import check_notified, check_written, earliest_day
from daicho.rules.register.departure import living_people
from daicho.rules.register.household import Household, changed_only, check_household, household_of
from daicho.rules.register.name_change import renamed_household
from daicho.rules.register.reasons import ChangeKind, ChangeReason, Ground
from daicho.rules.register.record import HOUSEHOLDER, REBUILT, ResidentRecord, lacking

_ARTICLE = juki("14")
_PERMIT = Article("本人確認情報管理方法", "3")


@dataclass(frozen=True, slots=True)
class Correction:
    """The items as they ought to have read; what is not given stays, and an empty text erases.  誤記修正

    What is written of a day belongs to the day that is given with it.

    Law: 住民基本台帳法 第14条
    """

    addressee_number: int
    corrected_on: date
    permit_id: str
    what: str
    minor: bool = False  # 軽微な修正: character identification, lot numbers, names of buildings and areas
    name: PersonName | None = None
    birth_date: PartialDate | None = None
    birth_written: str | None = None
    sex: Sex | None = None
    relationship: str | None = None
    current_address: Address | None = None
    resident_since: date | None = None
    address_since: date | None = None
    resident_since_written: str | None = None
    address_since_written: str | None = None
    previous_address: str | None = None
    registered_domicile: str | None = None
    family_register_head: str | None = None
    remark: str | None = None
    processing_hold: bool | None = None
    wrong_since: date | None = None  # the day from which the register was wrong; without it, from now on


def draft_correction(
    notice: Correction, current: tuple[ResidentRecord, ...], on: date, desk: Desk
) -> Entry | Refusal:
    """Write the corrected items; the entry keeps what stood before, what stands now, and the permission.

    A household that had no householder may go on without one. Where the record was made again of the network's items, its
    hold ends when it is whole.

    Law: 住民基本台帳法 第14条; 本人確認情報管理方法 第3(2)ウ
    """
    refusal = check_notified(notice.corrected_on, on, _ARTICLE)
    if refusal is not None:
        return refusal
    if not notice.permit_id:
        return Refusal(Reason.PERMIT_MISSING, _PERMIT, "permit_id")
    people = living_people((notice.addressee_number,), current, _ARTICLE)
    if isinstance(people, Refusal):
        return people
    old = people[0]
    new = _corrected(old, notice)
    if new == old:
        return Refusal(Reason.NOTHING_CHANGES, _ARTICLE, "what")
    if new.current_address.municipality != desk.home:
        return Refusal(Reason.OTHER_MUNICIPALITY, _ARTICLE, "municipality")
    if notice.birth_date is not None and not says_that_day(new.birth_written, new.birth_date):
        return Refusal(Reason.DATE_MALFORMED, _ARTICLE, "birth_written")
    refusal = (
        check_kind(new.name, new.resident_kind, new.foreign)
        or check_written(new.resident_since_written, new.resident_since, _ARTICLE, "resident_since")
        or check_written(new.address_since_written, new.address_since, _ARTICLE, "address_since")
        or _check_days(old, new, notice)
    )
    if refusal is not None:
        return refusal
    new = replace(new, update_sequence=old.update_sequence + 1)
    before, after = changed_only(current, (new, *renamed_household(new, current)))
    touched = {record.addressee_number for record in after}
    others = tuple(record for record in current if record.addressee_number not in touched)
    had_head = household_of(current, old.household_number).householder is not None
    household = household_of((*others, *after), new.household_number)
    refusal = check_household(household, had_head=had_head) or _check_hold(old, new, household)
    if refusal is not None:
        return refusal
    return Entry(
        kind=ChangeKind.CORRECTION,
        reason=amendment_reason(old, new, minor=notice.minor),
        change_date=notice.corrected_on,
        notified_on=notice.corrected_on,
        before=before,
        after=after,
        subjects=(old.addressee_number,),
        ground=Ground.EX_OFFICIO,
        permission=notice.permit_id,
        effective_on=notice.wrong_since,
        words=notice.what,
    )


def _check_hold(old: ResidentRecord, new: ResidentRecord, household: Household) -> Refusal | None:
    """Refuse to end the hold of a record that was made again while it says of anything that it is not known."""
    if new.processing_hold or not old.processing_hold:
        return None
    missing = lacking(new)
    if "householder_name" in missing or (REBUILT in new.remarks and household.householder is None):
        return Refusal(Reason.HOUSEHOLDER_MISSING, juki("7"), "relationship")
    return Refusal(Reason.FIELD_MISSING, _ARTICLE, missing[0]) if missing else None


def _check_days(old: ResidentRecord, new: ResidentRecord, notice: Correction) -> Refusal | None:
    if notice.wrong_since is not None and notice.wrong_since > notice.corrected_on:
        return Refusal(Reason.DATE_ORDER, _ARTICLE, "wrong_since")
    if _days(old) == _days(new):
        return None  # days that were brought wrong from elsewhere do not stop the correction of other items
    if max(new.resident_since, new.address_since) > notice.corrected_on:
        return Refusal(Reason.DATE_IN_FUTURE, _ARTICLE, "address_since")
    if earliest_day(new.birth_date) > new.resident_since:
        return Refusal(Reason.DATE_ORDER, _ARTICLE, "birth_date")
    if new.address_since < new.resident_since_earliest:
        return Refusal(Reason.DATE_ORDER, _ARTICLE, "address_since")
    return None


def _days(record: ResidentRecord) -> tuple[PartialDate, date, date]:
    return record.birth_date, record.resident_since, record.address_since


def _text(told: str | None, old: str | None) -> str | None:
    return old if told is None else told or None


def _corrected(old: ResidentRecord, notice: Correction) -> ResidentRecord:
    name, relationship = notice.name or old.name, notice.relationship or old.relationship
    return replace(
        old,
        name=name,
        birth_date=notice.birth_date or old.birth_date,
        birth_written=old.birth_written if notice.birth_date is None else notice.birth_written,
        sex=notice.sex or old.sex,
        relationship=relationship,
        householder_name=name.kanji if relationship == HOUSEHOLDER else old.householder_name,
        current_address=notice.current_address or old.current_address,
        resident_since=notice.resident_since or old.resident_since,
        address_since=notice.address_since or old.address_since,
        resident_since_written=old.resident_since_written
        if notice.resident_since is None
        else notice.resident_since_written,
        address_since_written=old.address_since_written
        if notice.address_since is None
        else notice.address_since_written,
        previous_address=_text(notice.previous_address, old.previous_address),
        registered_domicile=_text(notice.registered_domicile, old.registered_domicile),
        family_register_head=_text(notice.family_register_head, old.family_register_head),
        remarks=(*old.remarks, notice.remark) if notice.remark else old.remarks,
        processing_hold=old.processing_hold if notice.processing_hold is None else notice.processing_hold,
    )


def amendment_reason(old: ResidentRecord, new: ResidentRecord, *, minor: bool) -> ChangeReason:
    """Tell which reason an amendment carries: none when no item of the identification information changes.

    Law: 住民基本台帳法施行規則 第11条
    """
    if old.resident_record_code != new.resident_record_code:
        return ChangeReason.CODE_CHANGED_EX_OFFICIO
    told = (old.name, old.birth_date, old.sex, old.current_address) != (
        new.name,
        new.birth_date,
        new.sex,
        new.current_address,
    )
    if not told:
        return ChangeReason.NOT_REPORTED
    return ChangeReason.MINOR_CORRECTION if minor else ChangeReason.AMENDED_EX_OFFICIO
