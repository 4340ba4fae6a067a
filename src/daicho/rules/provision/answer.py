"""What leaves the provider: only the items that the grant opens, everything else left out."""

from dataclasses import dataclass
from datetime import date

from daicho.rules.identity.record import IdentityRecord, RecordState
from daicho.rules.people.codes import IndividualNumber, MunicipalityCode, ResidentRecordCode
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.sex import Sex
from daicho.rules.provision.decision import Grant
from daicho.rules.provision.fields import Field
from daicho.rules.register.reasons import ChangeReason


@dataclass(frozen=True, slots=True)
class ProvidedName:
    """The name with its reading and former surname.  氏名

    Law: 住民基本台帳法 第7条第1号
    """

    kanji: str
    furigana: str | None
    former_surname_kanji: str | None
    former_surname_furigana: str | None


@dataclass(frozen=True, slots=True)
class ProvidedAddress:
    """The address with the municipality that holds the person.  住所

    Law: 住民基本台帳法 第7条第7号
    """

    municipality_code: MunicipalityCode
    postal_code: str
    address: str


@dataclass(frozen=True, slots=True)
class ProvidedChange:
    """Why and when the record last changed, and whether the person still lives there.  異動情報

    Law: 住民基本台帳法施行令 第30条の5
    """

    reason: ChangeReason
    changed_on: date
    record_state: RecordState


@dataclass(frozen=True, slots=True)
class ProvidedIdentity:
    """One person's items as provided; what the grant does not open is empty.  提供する本人確認情報

    Law: 住民基本台帳法 第30条の9〜第30条の15の2
    """

    row: str
    name: ProvidedName | None = None
    birth_date: PartialDate | None = None
    sex: Sex | None = None
    address: ProvidedAddress | None = None
    change: ProvidedChange | None = None
    individual_number: IndividualNumber | None = None
    resident_record_code: ResidentRecordCode | None = None


def fill(record: IdentityRecord, grant: Grant, number: IndividualNumber | None = None) -> ProvidedIdentity:
    """Build the answer from the record: each item only if the grant opens it.

    Law: 住民基本台帳法 第30条の9〜第30条の15の2
    """
    opened = frozenset(grant.fields)
    name = ProvidedName(
        record.name_kanji,
        record.name_furigana,
        record.former_surname_kanji,
        record.former_surname_furigana,
    )
    address = ProvidedAddress(record.municipality_code, record.postal_code, record.address)
    change = ProvidedChange(record.change_reason, record.change_date, record.record_state)
    return ProvidedIdentity(
        row=grant.row.key,
        name=name if Field.NAME in opened else None,
        birth_date=record.birth_date if Field.BIRTH_DATE in opened else None,
        sex=record.sex if Field.SEX in opened else None,
        address=address if Field.ADDRESS in opened else None,
        change=change if Field.CHANGE in opened else None,
        individual_number=number if Field.INDIVIDUAL_NUMBER in opened else None,
        resident_record_code=record.resident_record_code if Field.RESIDENT_RECORD_CODE in opened else None,
    )
