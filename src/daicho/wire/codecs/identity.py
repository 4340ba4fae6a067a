"""What letters about identification information carry, on each stretch of their way.

Own definitions: the real network's message formats are not public.
"""

from datetime import date

import msgspec

from daicho.rules.identity.projection import CsRevision
from daicho.rules.identity.record import IdentityUpdate, UpwardReport
from daicho.rules.people.codes import IndividualNumber, ResidentRecordCode

NUMBER_CHANGE = "number.change"
"""The kind of the letter by which a town asks for another number of somebody who has one; it carries NumberRequest."""


class HallBulk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Registry to its CS: what one entry, or up to 1,000 lines of an import, changes there."""

    updates: tuple[IdentityUpdate, ...]
    entry_id: str
    revisions: tuple[CsRevision, ...] = ()


class KeptBack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Registry to its CS: whose address is kept back in this town from now on, everybody at once (own definition).

    `told` is the second of the telling, or above it, so that an earlier one that comes late changes nothing.
    """

    codes: tuple[ResidentRecordCode, ...]
    told: int


class UpwardBulk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """CS to prefecture to nation: up to 1,000 reports at once, and only what the law sends upward."""

    reports: tuple[UpwardReport, ...]


class MoveOutConfirmed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """CS to prefecture: a moving-out became final (転出確定通知, 令13条3項)."""

    resident_record_code: ResidentRecordCode
    moved_out_on: date


class NumberRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """CS to nation: please make a number from this code, and nothing but the code (番号法8条1項).

    By the letter NUMBER_CHANGE, which begins at the registry: another one than the code has (番号法7条2項).
    """

    resident_record_code: ResidentRecordCode


class NumberMade(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Nation to CS to registry: the number to be designated (番号法8条2項).

    `drawn` marks another number, not in force before it is recorded; without it the number is in force at the nation.
    """

    resident_record_code: ResidentRecordCode
    individual_number: IndividualNumber
    drawn: bool = False


class CodesWanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Registry to CS to nation: the pool of unused resident codes runs low."""

    codes: int
    pool_id: str


class CodesGiven(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Nation to CS to registry: codes that nobody else was given."""

    codes: tuple[ResidentRecordCode, ...]
    pool_id: str
