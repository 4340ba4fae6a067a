"""An address that is called otherwise where it is: written ex officio, nobody has moved.  住居表示・町名地番変更による修正"""

from dataclasses import dataclass, replace
from datetime import date

from daicho.rules.law.article import juki_order
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.addresses import Address
from daicho.rules.register.changes import Desk, Entry
from daicho.rules.register.deadlines import check_days
from daicho.rules.register.departure import living_people
from daicho.rules.register.reasons import ChangeKind, ChangeReason, Ground
from daicho.rules.register.record import ResidentRecord

_ARTICLE = juki_order("12")


@dataclass(frozen=True, slots=True)
class RenamedHome:
    """How one person's address is written from now on, and the domicile where its town is renamed.  改称後の住所

    Law: 住民基本台帳法施行令 第12条
    """

    addressee_number: int
    address: Address
    registered_domicile: str | None = None


@dataclass(frozen=True, slots=True)
class AddressRenaming:
    """The place where people live has another name from a day on.  住居表示・町名地番変更

    `effective_on` is the day on which somebody came to the place after the day in force: for them the address changes
    then. Upward no change lies before a birth.
    Law: 住民基本台帳法 第8条; 住民基本台帳法施行令 第12条
    """

    homes: tuple[RenamedHome, ...]
    in_force_on: date
    recorded_on: date
    words: str
    effective_on: date | None = None


def draft_address_renaming(
    notice: AddressRenaming, current: tuple[ResidentRecord, ...], on: date, desk: Desk
) -> Entry | Refusal:
    """Write the address under its new name; since when somebody lives there and where they came from stays.

    To the governor it is a minor correction: names of areas and the begin of residence indication are such.
    Law: 住民基本台帳法施行令 第12条; 住民基本台帳法施行規則 第11条 (軽微な修正)
    """
    day = notice.effective_on or notice.in_force_on
    refusal = check_days(day, notice.recorded_on, on, _ARTICLE)
    if refusal is not None:
        return refusal
    people = living_people((home.addressee_number for home in notice.homes), current, _ARTICLE)
    if isinstance(people, Refusal):
        return people
    homes = {home.addressee_number: home for home in notice.homes}
    if len(homes) != len(notice.homes):
        return Refusal(Reason.LINE_DOUBLED, _ARTICLE, "addressee_numbers")
    after = tuple(_renamed(record, homes[record.addressee_number]) for record in people)
    for old, new in zip(people, after, strict=True):
        if new.current_address.municipality != desk.home:
            return Refusal(Reason.OTHER_MUNICIPALITY, _ARTICLE, "municipality")
        if new.current_address == old.current_address:
            return Refusal(Reason.ADDRESS_UNCHANGED, _ARTICLE, "address")
    return Entry(
        kind=ChangeKind.ADDRESS_RENAMED,
        reason=ChangeReason.MINOR_CORRECTION,
        change_date=day,
        notified_on=notice.recorded_on,
        before=people,
        after=after,
        subjects=tuple(record.addressee_number for record in people),
        ground=Ground.EX_OFFICIO,
        words=notice.words,
    )


def _renamed(record: ResidentRecord, home: RenamedHome) -> ResidentRecord:
    return replace(
        record,
        current_address=home.address,
        registered_domicile=home.registered_domicile or record.registered_domicile,
        update_sequence=record.update_sequence + 1,
    )


def former_names(record: ResidentRecord, renamings: tuple[Entry, ...]) -> tuple[str, ...]:
    """Give what a person's present address was called before, without the building: it is the same place.

    `renamings` are the verified changes of names that concern the person, oldest first; one that was turned back is
    among them with what turned it back, or not at all.
    Law: 住民基本台帳事務処理要領 第6の10; own definition.
    """
    place, names = _place(record), list[str]()
    for entry in reversed(renamings):
        for before, after in entry.pairs():
            if (
                before is not None
                and after.addressee_number == record.addressee_number
                and _place(after) == place
            ):
                place = _place(before)
                names.append(place)
    return tuple(dict.fromkeys(names))


def _place(record: ResidentRecord) -> str:
    return f"{record.current_address.town}{record.current_address.block}"
