"""A resident dies: struck ex officio, from the family register's filing.  死亡"""

from dataclasses import dataclass
from datetime import date

from daicho.rules.law.article import juki_order
from daicho.rules.law.refusal import Refusal
from daicho.rules.register.changes import Entry
from daicho.rules.register.deadlines import check_days, check_written
from daicho.rules.register.departure import Departure, depart
from daicho.rules.register.reasons import ChangeKind, ChangeReason, Ground
from daicho.rules.register.record import HouseholdRelation, ResidentRecord

_ARTICLE = juki_order("12")


@dataclass(frozen=True, slots=True)
class DeathEntry:
    """A death that the family register accepted, or another town reported under 法9条2項.  死亡による消除

    `died_on` is the day that counts; `died_written` is how the register writes it, where that says less.

    Law: 住民基本台帳法施行令 第12条第2項
    """

    addressee_number: int
    died_on: date
    notified_on: date
    successor: int | None = None
    relations: tuple[HouseholdRelation, ...] = ()
    by_report: bool = False
    died_written: str | None = None


def draft_death(notice: DeathEntry, current: tuple[ResidentRecord, ...], on: date) -> Entry | Refusal:
    """Strike the dead; when one member is left, he or she becomes householder without a notice.

    Law: 住民基本台帳法 第8条; 住民基本台帳法施行令 第8条, 第12条第2項, 第25条
    """
    refusal = check_days(notice.died_on, notice.notified_on, on, _ARTICLE) or check_written(
        notice.died_written, notice.died_on, _ARTICLE, "died_on"
    )
    if refusal is not None:
        return refusal
    sides = depart(
        Departure(
            leaving=(notice.addressee_number,),
            reason=ChangeReason.DEATH,
            removed_on=notice.died_on,
            notified_on=notice.notified_on,
            successor=notice.successor,
            relations=notice.relations,
            removed_written=notice.died_written,
        ),
        current,
    )
    if isinstance(sides, Refusal):
        return sides
    return Entry(
        kind=ChangeKind.DEATH,
        reason=ChangeReason.DEATH,
        change_date=notice.died_on,
        notified_on=notice.notified_on,
        before=sides[0],
        after=sides[1],
        subjects=(notice.addressee_number,),
        ground=Ground.REPORT if notice.by_report else Ground.EX_OFFICIO,
    )
