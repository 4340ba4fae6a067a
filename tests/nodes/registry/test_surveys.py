"""定期調査: a survey lists its households in slices, each gets a result, what differs becomes a case, and it ends."""

from datetime import timedelta

import pytest
from tests.nodes.registry.test_certificates import ISSUER, K
from tests.nodes.registry.test_letters import sent
from tests.nodes.registry.test_protection import OFFICER, application, arrived
from tests.nodes.registry.test_upkeep import DAY, seen

from daicho.nodes.registry import protection
from daicho.nodes.registry.certificates import IssuedPaper
from daicho.nodes.registry.correspondence import bulk
from daicho.nodes.registry.surveys import listing, running
from daicho.nodes.registry.upkeep import CaseDone
from daicho.paper.workers import Sheet
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.operators.authority import Operator, Role
from daicho.rules.upkeep.case import CaseSource, SurveyFinding
from daicho.rules.upkeep.regular import (
    Difference,
    HouseholdFinding,
    SurveyBasis,
    SurveyGround,
    SurveyResult,
    SurveyScope,
    SurveyState,
)
from daicho.store import office
from daicho.store.office import OperatorRow

R = SurveyResult
CLERK = Operator("MADO-01", "MADO", (Role.CLERK,))
KEEPER = Operator("SHIEN-01", "SHIEN", (Role.PROTECTION_OFFICER,))
pytestmark = pytest.mark.requirement("R-005")


def scope(**items) -> SurveyScope:
    return SurveyScope(
        SurveyBasis.REGULAR, "令和8年度 定期調査", "調査　太郎", DAY + timedelta(days=60), **items
    )


def started(counter, wanted=None) -> str:
    number = running.start_survey(counter.node, counter.clerk, wanted or scope())
    assert isinstance(number, str), number
    while listing.list_on(counter.node):
        pass
    return number


def shown(counter, number, operator=None, **items):
    found = running.survey_list(counter.node, operator or counter.clerk, number, **items)
    assert not isinstance(found, Refusal), found
    return found


def found(counter, number, home, finding, *, visits=0, operator=None):
    return running.note_finding(counter.node, operator or counter.clerk, number, home, finding, visits=visits)


@pytest.fixture
def homes(counter, move_in, comer):
    """Give three households of one street."""
    return [arrived(counter, move_in(comer(n)))[0] for n in (1, 2, 3)]


def test_the_list_is_made_in_slices_and_goes_on_where_it_was_cut_off(counter, homes, monkeypatch):
    monkeypatch.setattr(listing, "SLICE_HOUSEHOLDS", 2)
    number = running.start_survey(counter.node, counter.clerk, scope())
    assert listing.list_on(counter.node)
    assert shown(counter, number).view.summary.state is SurveyState.LISTING
    early = found(counter, number, homes[0].household_number, HouseholdFinding(R.AS_REGISTERED, DAY))
    assert early.reason is Reason.NOT_PENDING
    while listing.list_on(counter.node):
        pass
    view = shown(counter, number)
    assert view.view.summary.state is SurveyState.OPEN
    assert [one.household_number for one in view.households] == [one.household_number for one in homes]
    assert view.view.tallies == {R.NOT_VISITED: (3, 3)}


def test_a_survey_of_an_area_or_of_grounds_meets_nobody_else(counter, homes):
    assert shown(counter, started(counter, scope(area="架空町一丁目2番"))).view.households == 3
    assert shown(counter, started(counter, scope(area="架空町一丁目2番1"))).view.households == 0
    assert shown(counter, started(counter, scope(grounds=(SurveyGround.VERY_OLD,)))).view.households == 0
    quiet = scope(grounds=(SurveyGround.NO_NOTICE, SurveyGround.RETURNED_MAIL), quiet_years=1)
    counter.node.clock.instant += timedelta(days=400)
    later = SurveyScope(
        quiet.basis, quiet.title, quiet.surveyors, DAY + timedelta(days=500), "", quiet.grounds, 100, 1
    )
    (first, *_) = shown(counter, started(counter, later)).households
    assert first.grounds == (SurveyGround.NO_NOTICE,)


def test_what_differs_is_a_case_with_its_visit_and_the_figures_follow(counter, homes):
    number = started(counter)
    gone = HouseholdFinding(R.DIFFERS, DAY, "空き家であった", Difference.GONE, (homes[0].addressee_number,))
    done = found(counter, number, homes[0].household_number, gone)
    assert isinstance(done, CaseDone), done
    case = seen(counter, done.number).case
    assert case.source is CaseSource.REGULAR_SURVEY
    assert [one.finding for one in case.visits] == [SurveyFinding.DOES_NOT_LIVE_THERE]
    assert found(counter, number, homes[1].household_number, HouseholdFinding(R.NOBODY_MET, DAY)).number == ""
    again = HouseholdFinding(R.AS_REGISTERED, DAY, "本人に面会")
    assert isinstance(found(counter, number, homes[1].household_number, again, visits=1), CaseDone)
    assert shown(counter, number).view.tallies == {
        R.NOT_VISITED: (1, 1),
        R.AS_REGISTERED: (1, 1),
        R.DIFFERS: (1, 1),
    }
    (line,) = shown(counter, number, result=R.DIFFERS).households
    assert line.case_number == done.number


def test_two_surveyors_who_note_one_household_at_once_make_one_case(counter, homes):
    number = started(counter)
    gone = HouseholdFinding(R.DIFFERS, DAY, "空き家", Difference.GONE, (homes[0].addressee_number,))
    home = homes[0].household_number
    assert isinstance(found(counter, number, home, gone), CaseDone)
    assert found(counter, number, home, gone).reason is Reason.CHANGED_SINCE
    assert found(counter, number, home, gone, visits=1).reason is Reason.NOT_PENDING
    assert shown(counter, number).view.tallies[R.DIFFERS] == (1, 1)


def test_whoever_may_not_know_of_a_protected_household_meets_it_in_no_list_and_no_figure(counter, homes):
    number = started(counter)
    applied = protection.apply_for_protection(counter.node, OFFICER, application(homes[1]))
    assert not isinstance(applied, Refusal)
    view = shown(counter, number)
    assert homes[1].household_number not in [one.household_number for one in view.households]
    assert view.view.households == 2
    assert shown(counter, number, OFFICER).view.households == 3
    gone = running.surveyed_household(counter.node, counter.clerk, number, homes[1].household_number)
    assert gone == running.surveyed_household(counter.node, counter.clerk, number, 999_999)
    finding = HouseholdFinding(R.AS_REGISTERED, DAY)
    assert found(counter, number, homes[1].household_number, finding).reason is Reason.PROTECTED
    assert isinstance(found(counter, number, homes[1].household_number, finding, operator=OFFICER), CaseDone)


def test_a_survey_ends_with_words_where_households_are_left_and_takes_nothing_afterwards(counter, homes):
    number = started(counter)
    assert running.end_survey(counter.node, counter.clerk, number, "").reason is Reason.FIELD_MISSING
    assert running.end_survey(counter.node, counter.clerk, number, "残りは翌年度に調査する") is None
    summary = shown(counter, number).view.summary
    assert (summary.state, summary.ended_by) == (SurveyState.ENDED, counter.clerk.login_id)
    late = found(counter, number, homes[0].household_number, HouseholdFinding(R.AS_REGISTERED, DAY))
    assert late.reason is Reason.NOT_PENDING


def test_a_survey_that_was_called_off_while_it_was_listed_is_listed_no_further(counter, homes, monkeypatch):
    monkeypatch.setattr(listing, "SLICE_HOUSEHOLDS", 1)
    number = running.start_survey(counter.node, counter.clerk, scope())
    listing.list_on(counter.node)
    assert running.end_survey(counter.node, counter.clerk, number, "範囲を誤った", withdraw=True) is None
    assert not listing.list_on(counter.node)
    assert shown(counter, number).view.households == 1


def enrolled(counter, operator: Operator) -> None:
    with counter.node.store.unit() as unit:
        row = OperatorRow(
            operator.login_id, operator.role_id, "窓口", "係", tuple(operator.roles), active=True
        )
        office.save_operator(unit, row, at=counter.node.clock.now())


class BundlePress:
    def __init__(self):
        self.bundles = []

    def __call__(self, papers):
        self.bundles.append(list(papers))
        return Sheet(papers[0].number, b"%PDF", specimen=False, sealed=False)


def run_of(counter, number, operator=None) -> str:
    run = bulk.start_run(counter.node, operator or CLERK, K.SURVEY_SHEET, number, ISSUER)
    assert isinstance(run, str), run
    while bulk.run_on(counter.node):
        pass
    return run


def test_survey_sheets_are_written_some_at_a_time_and_printed_in_bundles_the_same_each_time(
    counter, homes, monkeypatch
):
    monkeypatch.setattr(bulk, "SLICE_HOUSEHOLDS", 2)
    monkeypatch.setattr(bulk, "BUNDLE_LETTERS", 2)
    enrolled(counter, CLERK)
    number = started(counter)
    run_of(counter, number)
    (view,) = bulk.runs_of(counter.node, CLERK, K.SURVEY_SHEET, number)
    assert (view.state, view.letters, len(view.bundles)) == ("MADE", 3, 2)
    press = BundlePress()
    for _ in range(2):
        done = bulk.print_bundle(counter.node, CLERK, view.number, view.bundles[0], set_bundle=press)
        assert isinstance(done, IssuedPaper), done
    first, second = press.bundles
    assert [(one.number, one.content) for one in first] == [(one.number, one.content) for one in second]
    assert len(first) == 2
    handed = [one for one in counter.lines() if one[0] == "certificate:paper:handed_out"]
    assert len(handed) == 3 + 2 * 2


def test_a_second_run_writes_only_to_whom_nothing_was_written(counter, homes):
    enrolled(counter, CLERK)
    enrolled(counter, KEEPER)
    number = started(counter)
    applied = protection.apply_for_protection(counter.node, OFFICER, application(homes[1]))
    assert not isinstance(applied, Refusal)
    run_of(counter, number)
    hers = run_of(counter, number, KEEPER)
    for_officer = bulk.runs_of(counter.node, KEEPER, K.SURVEY_SHEET, number)
    assert [one.letters for one in for_officer] == [2, 1]
    for_clerk = bulk.runs_of(counter.node, CLERK, K.SURVEY_SHEET, number)
    assert [one.letters for one in for_clerk] == [2, 0]
    assert all(not one.bundles for one in for_clerk if one.number == hers)
    bundle = bulk.print_bundle(counter.node, CLERK, hers, for_officer[1].bundles[0], set_bundle=BundlePress())
    assert isinstance(bundle, Refusal)


def test_a_run_of_somebody_who_lost_the_right_stops(counter, homes):
    number = started(counter)
    run_of(counter, number)  # nobody in the office bears this name
    (view,) = bulk.runs_of(counter.node, CLERK, K.SURVEY_SHEET, number)
    assert (view.state, view.letters) == ("STOPPED", 0)


def test_of_two_who_ask_at_once_for_the_same_sheets_the_second_is_refused(counter, homes):
    enrolled(counter, CLERK)
    number = started(counter)
    assert isinstance(bulk.start_run(counter.node, CLERK, K.SURVEY_SHEET, number, ISSUER), str)
    second = bulk.start_run(counter.node, CLERK, K.SURVEY_SHEET, number, ISSUER)
    assert isinstance(second, Refusal)
    assert second.reason is Reason.ALREADY_ISSUED


def test_sheets_go_by_no_post(counter, homes):
    enrolled(counter, CLERK)
    number = started(counter)
    run = run_of(counter, number)
    (view,) = bulk.runs_of(counter.node, CLERK, K.SURVEY_SHEET, number)
    assert bulk.bundle_view(counter.node, CLERK, run, view.bundles[0]).to_send == 0
    assert sent(counter, view.bundles[0], homes[0].name.kanji).reason is Reason.NOT_FOUND
