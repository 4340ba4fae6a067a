"""Which qualifications end when a record is struck, and on which day: proposed to a person, never done by itself."""

from collections.abc import Iterable
from datetime import date, timedelta

from daicho.rules.law.article import Article
from daicho.rules.law.periods import months_before
from daicho.rules.programmes.item import (
    Programme,
    ProgrammeChange,
    ProgrammeItem,
    ProgrammeSource,
    ProgrammeStep,
)
from daicho.rules.register.reasons import ChangeReason
from daicho.rules.register.record import ResidentRecord

_ONE_DAY = timedelta(days=1)
_VOTER_MONTHS = 4
_WITH_RESIDENCE = frozenset((Programme.NHI, Programme.LATE_ELDERLY, Programme.CARE))
# Since these days the qualification goes with residence in the prefecture, not in the town.
_BY_PREFECTURE = {Programme.NHI: date(2018, 4, 1), Programme.LATE_ELDERLY: date(2008, 4, 1)}
_ABROAD = frozenset((ChangeReason.MOVE_OUT_ABROAD,))
_SAME_PERSON_STAYS = frozenset((ChangeReason.STRUCK_NATURALISED, ChangeReason.STRUCK_NATIONALITY_LOST))
_ENDING_ARTICLES = {
    Programme.VOTER: Article("公職選挙法", "28"),
    Programme.NHI: Article("国民健康保険法", "8"),
    Programme.LATE_ELDERLY: Article("高齢者の医療の確保に関する法律", "53"),
    Programme.CARE: Article("介護保険法", "11"),
    Programme.PENSION: Article("国民年金法", "9"),
    Programme.CHILD_ALLOWANCE: Article("児童手当法", "8"),
}


def proposed_endings(record: ResidentRecord, items: Iterable[ProgrammeItem]) -> tuple[ProgrammeChange, ...]:
    """List the endings that follow from a record's removal, or from one programme taking the place of another.

    A day still to come is given as it is; a person notes it when it has come, or something else as the office says.

    Law: 国民健康保険法 第8条; 高齢者の医療の確保に関する法律 第53条; 介護保険法 第11条; 国民年金法 第9条;
    児童手当法 第8条; 公職選挙法 第28条
    """
    held = {one.programme: one for one in items if one.held}
    days = {programme: _ending_of(programme, record, held) for programme in Programme if programme in held}
    return tuple(
        ProgrammeChange(
            programme,
            ProgrammeStep.LOST,
            max(day, _since(held[programme])),
            ProgrammeSource.EX_OFFICIO,
            why=str(ending_article(programme)),
        )
        for programme, day in days.items()
        if day is not None
    )


def programmes_to_confirm(record: ResidentRecord, items: Iterable[ProgrammeItem]) -> tuple[Programme, ...]:
    """Name what a moving inside one prefecture may leave as it is: the office is asked, and nothing ends by rule.

    Where the record does not say to which prefecture somebody went, the office is asked, too.

    Law: 国民健康保険法 第5条, 第8条; 高齢者の医療の確保に関する法律 第50条, 第53条; that a clerk asks is own definition.
    """
    held = {one.programme: one for one in items if one.held}
    return tuple(
        one
        for one in Programme
        if one in held and _may_go_on(one, record) and _replaced_on(one, held) is None
    )


def ending_article(programme: Programme) -> Article:
    """Name the article under which a qualification ends with residence or life.

    Law: 国民健康保険法 第8条; 高齢者の医療の確保に関する法律 第53条; 介護保険法 第11条; 国民年金法 第9条;
    児童手当法 第8条; 公職選挙法 第28条
    """
    return _ENDING_ARTICLES[programme]


def _since(item: ProgrammeItem) -> date:
    return item.kind_since or item.acquired_on


def _ending_of(
    programme: Programme, record: ResidentRecord, held: dict[Programme, ProgrammeItem]
) -> date | None:
    candidates = [_replaced_on(programme, held), _removed_on(programme, record)]
    return min((day for day in candidates if day is not None), default=None)


def _replaced_on(programme: Programme, held: dict[Programme, ProgrammeItem]) -> date | None:
    """Give the day on which medical care of the late elderly takes the place of national health insurance."""
    if programme is not Programme.NHI or Programme.LATE_ELDERLY not in held:
        return None
    return held[Programme.LATE_ELDERLY].acquired_on


def _may_go_on(programme: Programme, record: ResidentRecord) -> bool:
    """Tell whether somebody who moved out may be insured by the same prefecture or the same 広域連合 as before."""
    removal, since = record.removal, _BY_PREFECTURE.get(programme)
    if removal is None or removal.reason is not ChangeReason.MOVE_OUT:
        return False
    if since is None or removal.removed_on < since:
        return False
    plan = record.scheduled_move_out
    if plan is None or plan.destination != record.move_out_to_address:
        return True
    there = plan.destination_municipality
    return there is None or there.prefecture == record.current_address.municipality.prefecture


def _removed_on(programme: Programme, record: ResidentRecord) -> date | None:
    removal = record.removal
    if removal is None:
        return None
    reason, day = removal.reason, removal.removed_on
    if _may_go_on(programme, record):
        return None
    if reason in _SAME_PERSON_STAYS:
        # The other record of the same person begins on this day; only the right to vote goes with the nationality.
        lost = reason is ChangeReason.STRUCK_NATIONALITY_LOST and programme is Programme.VOTER
        return day if lost else None
    if programme in _WITH_RESIDENCE:
        # Whoever lives in another town from this day on is insured there from this day on.
        return day if reason is ChangeReason.MOVE_OUT else day + _ONE_DAY
    if programme is Programme.PENSION:
        ends = reason is ChangeReason.DEATH or reason in _ABROAD
        return day + _ONE_DAY if ends else None
    if programme is Programme.CHILD_ALLOWANCE:
        return day.replace(day=1)
    return day if reason is ChangeReason.DEATH else months_before(day, -_VOTER_MONTHS) + _ONE_DAY
