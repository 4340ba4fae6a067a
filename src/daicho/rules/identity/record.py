"""Identification information: what goes upward of each resident, and what the CS keeps beside it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from daicho.rules.people.codes import IndividualNumber, MunicipalityCode, ResidentRecordCode
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.sex import Sex
from daicho.rules.register.reasons import ChangeReason


class RecordState(StrEnum):
    """Whether the person stands in a register today.  レコード状況"""

    LIVING = "living"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class IdentityRecord:
    """Exactly the items that go upward; the individual number travels and lives apart.  本人確認情報

    What is not a field here cannot reach a prefecture or the nation.

    Law: 住民基本台帳法 第30条の6; 住民基本台帳法施行令 第30条の5
    """

    resident_record_code: ResidentRecordCode
    name_kanji: str
    name_gaiji_count: int
    name_furigana: str | None
    name_normalized_kana: str
    former_surname_kanji: str | None
    former_surname_furigana: str | None
    birth_date: PartialDate
    sex: Sex
    municipality_code: MunicipalityCode
    aza_code: str
    postal_code: str
    address: str
    address_gaiji_count: int
    change_reason: ChangeReason
    change_date: date
    change_reason_detail: str
    old_resident_record_code: ResidentRecordCode | None
    record_code_used_from: date | None
    update_sequence: int
    scheduled_flag: bool
    foreign_resident: bool
    record_state: RecordState
    scheduled_move_out_on: date | None = None

    @property
    def living(self) -> bool:
        """Tell whether the person stands in the register of the municipality named.

        Law: 住民基本台帳法 第8条
        """
        return self.record_state is RecordState.LIVING


@dataclass(frozen=True, slots=True)
class CsItems:
    """The items that only the CS keeps, for copies issued elsewhere and for its own order.  CS保有項目

    Law: 住民基本台帳法 第12条の4
    """

    resident_since: date
    address_since: date
    notified_on: date
    previous_municipality_code: MunicipalityCode | None
    previous_address: str | None
    previous_address_gaiji_count: int
    relationship: str
    request_control_number: str
    operator_role_id: str
    terminal_id: str
    abnormal_update_sequence: int
    update_forbidden_flag: bool
    lock_flag: bool
    gaiji_flag: bool
    timestamp: datetime


@dataclass(frozen=True, slots=True)
class IdentityUpdate:
    """What the registry hands to its CS about one person after one change.  本人確認情報の更新

    Law: 住民基本台帳法 第30条の6
    """

    record: IdentityRecord
    cs_items: CsItems
    individual_number: IndividualNumber | None = None


@dataclass(frozen=True, slots=True)
class UpwardReport:
    """What one level tells the next above: the record, and the number when there is one.  本人確認情報の通知

    Law: 住民基本台帳法 第30条の6, 第30条の7
    """

    record: IdentityRecord
    individual_number: IndividualNumber | None = None


@dataclass(frozen=True, slots=True)
class KeptRecord:
    """A record as one level keeps it; one of a living resident has no last day.  保存本人確認情報

    Law: 住民基本台帳法 第30条の6第3項, 第30条の7第3項
    """

    record: IdentityRecord
    received_on: date
    kept_until: date | None = None
