"""When a resident's record is over: from then on nobody is shown it, and no file brings it back.  除票の保存期間の満了"""

from dataclasses import replace
from datetime import date

from daicho.rules.law.retention import REMOVED_RECORDS, retention_over
from daicho.rules.register.record import ResidentRecord


def record_over(record: ResidentRecord, on: date) -> bool:
    """Tell whether a record was struck so long ago that nobody may be shown it.

    Law: 住民基本台帳法施行令 第34条第1項
    """
    return record.removal is not None and retention_over(REMOVED_RECORDS, record.removal.struck_on, on)


def begins_anew(before: ResidentRecord, record: ResidentRecord) -> bool:
    """Tell whether a record is another one than that which was struck before: its person came back to live here.

    Whoever was struck by mistake goes on with the record of before.

    Law: 住民基本台帳法施行令 第7条, 第34条第1項
    """
    return before.removal is not None and record.resident_since != before.resident_since


def without_what_is_over(record: ResidentRecord) -> ResidentRecord:
    """Leave out of a record that is over whatever the record of somebody who comes back would take from it.

    Numbers stay: an addressee number and a code are given once, and updates are counted on.

    Law: none, own definition.
    """
    return replace(record, remarks=(), certificate_history=(), card_info=(), processing_hold=False)
