"""What another town's report means: it may be late, early, about somebody unknown, or about a stay long ended."""

from datetime import date, timedelta

import pytest
from tests.rules.register.conftest import DAY, code, record

from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.register.move_out import MoveInReport, ReportMeaning, meaning_of_report
from daicho.rules.register.reasons import ChangeReason
from daicho.rules.register.record import Removal, ScheduledMoveOut
from daicho.rules.upkeep.arrivals import arrived_by

ELSEWHERE = MunicipalityCode("01202")
SINCE = date(2010, 4, 1)
GOING = ScheduledMoveOut(DAY, DAY, "函館市", ELSEWHERE, abroad=False, by_card=False)
GONE = Removal(ChangeReason.MOVE_OUT, DAY, DAY)


def _meaning(*people, moved=DAY, codes=None):
    named = codes or tuple(one.resident_record_code for one in people)
    return meaning_of_report(MoveInReport(named, moved, DAY, ELSEWHERE, "函館市"), people)


def test_who_announced_the_move_is_struck_and_who_did_not_is_asked_about():
    assert _meaning(record(1, scheduled_move_out=GOING)) is ReportMeaning.STRIKE
    assert _meaning(record(1)) is ReportMeaning.ASK
    assert _meaning(record(1, scheduled_move_out=GOING), record(2)) is ReportMeaning.ASK


def test_who_is_struck_already_needs_nothing():
    assert _meaning(record(1, removal=GONE)) is ReportMeaning.NOTHING
    assert _meaning(record(1, removal=GONE), record(2)) is ReportMeaning.ASK


@pytest.mark.parametrize(
    ("moved", "meaning"),
    [
        (SINCE - timedelta(days=1), ReportMeaning.NOTHING),
        (SINCE, ReportMeaning.ASK),
        (SINCE + timedelta(days=1), ReportMeaning.STRIKE),
    ],
)
def test_a_report_about_a_stay_before_the_present_one_strikes_nobody(moved, meaning):
    assert _meaning(record(1, scheduled_move_out=GOING, resident_since=SINCE), moved=moved) is meaning


def test_somebody_whom_nobody_knows_is_asked_about():
    people = (record(1, removal=GONE),)
    assert _meaning(*people, codes=(code(1), code(2))) is ReportMeaning.ASK


@pytest.mark.parametrize(
    ("moved", "meaning"),
    [
        (date(2010, 3, 30), ReportMeaning.NOTHING),
        (date(2010, 4, 15), ReportMeaning.ASK),
        (date(2010, 4, 30), ReportMeaning.ASK),
        (date(2010, 5, 1), ReportMeaning.STRIKE),
    ],
)
def test_where_the_day_of_coming_may_only_be_before_the_report_a_person_judges(moved, meaning):
    written = {"resident_since": date(2010, 4, 30), "resident_since_written": "平成22年4月日不詳"}
    assert _meaning(record(1, scheduled_move_out=GOING, **written), moved=moved) is meaning
    left = record(1, removal=GONE, **written)
    report = MoveInReport((left.resident_record_code,), moved, DAY, ELSEWHERE, "函館市")
    assert arrived_by(report, [left]) == ((1,) if meaning is ReportMeaning.STRIKE else ())
