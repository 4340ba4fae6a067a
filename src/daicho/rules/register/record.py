"""One person in the register of a municipality."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from daicho.rules.people.addresses import Address
from daicho.rules.people.codes import MunicipalityCode, ResidentRecordCode
from daicho.rules.people.dates import UNKNOWN, PartialDate
from daicho.rules.people.names import PersonName
from daicho.rules.people.sex import Sex
from daicho.rules.people.written_dates import earliest_of
from daicho.rules.register.reasons import ChangeReason

HOUSEHOLDER = "世帯主"
# Where a lost register was made again of what the network keeps: the remark, and what stands for what it does not keep.
REBUILT = "本人確認情報により再製"
UNKNOWN_DAY = f"年月日{UNKNOWN}"


class ResidentKind(StrEnum):
    """Japanese or foreign.  住民区分"""

    JAPANESE = "JAPANESE"
    FOREIGN = "FOREIGN"


class AddressReason(StrEnum):
    """How the person came to the present address.  住所を定めた事由"""

    MOVE_IN = "MOVE_IN"  # 転入
    MOVE_IN_FROM_ABROAD = "MOVE_IN_FROM_ABROAD"  # 国外転入
    MOVE_WITHIN = "MOVE_WITHIN"  # 転居
    BIRTH = "BIRTH"  # 出生
    EX_OFFICIO = "EX_OFFICIO"  # 職権
    UNKNOWN = "UNKNOWN"  # 不詳


@dataclass(frozen=True, slots=True)
class Removal:
    """Why and when a record was struck; the record itself is kept.  消除情報"""

    reason: ChangeReason
    removed_on: date
    notified_on: date
    removed_written: str | None = (
        None  # 死亡日 as it is written, where `removed_on` says more than is certain
    )

    @property
    def struck_on(self) -> date:
        """Tell from which day the record is a removed one: the striking is not done before it is notified (own).

        Law: 住民基本台帳法施行令 第34条第1項
        """
        return max(self.removed_on, self.notified_on)


@dataclass(frozen=True, slots=True)
class HouseholdRelation:
    """One member's relationship as it shall read.  続柄の指定"""

    addressee_number: int
    relationship: str


@dataclass(frozen=True, slots=True)
class ScheduledMoveOut:
    """A moving-out that was notified and whose day has not come.  転出予定者情報"""

    scheduled_on: date
    notified_on: date
    destination: str
    destination_municipality: MunicipalityCode | None
    abroad: bool
    by_card: bool  # 特例転入: no paper certificate, data goes through the network
    successor: int | None = None  # who becomes householder of those who stay
    relations: tuple[HouseholdRelation, ...] = ()


@dataclass(frozen=True, slots=True)
class ForeignItems:
    """What only a foreign resident's record holds.  外国人住民の記載事項

    Law: 住民基本台帳法 第30条の45
    """

    since: date  # 外国人住民となった年月日
    nationality: str
    category: str  # 法30条の45の区分
    residence_card_number: str | None = None
    residence_status: str | None = None
    residence_period: str | None = None
    residence_expires_on: date | None = None
    alias_history: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ResidentRecord:
    """A resident's record without the individual number, which lives apart.  住民票

    Law: 住民基本台帳法 第7条
    """

    addressee_number: int
    resident_record_code: ResidentRecordCode | None
    household_number: int
    name: PersonName
    birth_date: PartialDate
    sex: Sex
    relationship: str
    householder_name: str
    resident_kind: ResidentKind
    resident_since: date
    resident_since_notified_on: date
    address_reason: AddressReason
    current_address: Address
    address_since: date
    address_since_notified_on: date
    update_sequence: int
    previous_address: str | None = None
    previous_municipality: MunicipalityCode | None = None
    move_in_from_address: str | None = None
    move_out_to_address: str | None = None
    registered_domicile: str | None = None
    family_register_head: str | None = None
    old_resident_record_code: ResidentRecordCode | None = None
    record_code_used_from: date | None = None
    remarks: tuple[str, ...] = ()
    de_facto_householder: str | None = None
    removal: Removal | None = None
    scheduled_move_out: ScheduledMoveOut | None = None
    foreign: ForeignItems | None = None
    programme_info: tuple[str, ...] = ()
    certificate_history: tuple[str, ...] = ()
    card_info: tuple[str, ...] = ()
    seal_registration: tuple[str, ...] = ()
    processing_hold: bool = False
    rewritten_on: date | None = None  # 改製年月日
    birth_written: str | None = (
        None  # 生年月日 as the family register writes it, where `birth_date` says less or other
    )
    # The days as they are written, where the day that counts says more than is certain.
    resident_since_written: str | None = None
    address_since_written: str | None = None

    @property
    def living(self) -> bool:
        """Tell whether the record stands in the register and is not struck.

        Law: 住民基本台帳法 第8条
        """
        return self.removal is None

    @property
    def resident_since_earliest(self) -> date:
        """Give the first day on which this person may have become a resident.

        Law: 住民基本台帳法 第7条第6号; own definition for days that are not certain.
        """
        return earliest_of(self.resident_since, self.resident_since_written)

    @property
    def address_since_earliest(self) -> date:
        """Give the first day on which this person may have come to the present address.

        Law: 住民基本台帳法 第7条第7号; own definition for days that are not certain.
        """
        return earliest_of(self.address_since, self.address_since_written)

    @property
    def is_householder(self) -> bool:
        """Tell whether this person heads the household.

        Law: 住民基本台帳法 第7条第4号
        """
        return self.relationship == HOUSEHOLDER


def lacking(record: ResidentRecord) -> tuple[str, ...]:
    """Name what a record that was made again of the network's items still does not say; of any other record nothing.

    A Japanese resident without a domicile, or of whom it is not known, has a text that says so. Of a day of which nobody
    knows more than its era, the era is written.

    Law: 住民基本台帳法 第7条, 第30条の45; 住民基本台帳法施行令 第17条; own definition.
    """
    if REBUILT not in record.remarks:
        return ()
    foreign = record.foreign
    unknown = {
        "householder_name": record.householder_name == UNKNOWN,
        "registered_domicile": record.resident_kind is ResidentKind.JAPANESE
        and not record.registered_domicile,
        "nationality": foreign is not None and foreign.nationality == UNKNOWN,
        "category": foreign is not None and foreign.category == UNKNOWN,
        "resident_since": record.resident_since_written == UNKNOWN_DAY,
        "address_since": record.address_since_written == UNKNOWN_DAY,
    }
    return tuple(name for name, lacks in unknown.items() if lacks)
