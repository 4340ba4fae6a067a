"""定期調査: a survey lists its households in slices, each gets a result, what differs becomes a case, and it ends."""

from concurrent.futures import ThreadPoolExecutor
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


def test_the_end_of_a_survey_tells_nothing_of_a_protected_household(counter, homes):
    """What is left over asks for words: a household that a clerk may not know of must not."""
    applied = protection.apply_for_protection(counter.node, OFFICER, application(homes[0]))
    assert not isinstance(applied, Refusal)
    empty = started(counter, scope(area="架空町九丁目"))
    number = started(counter)
    for home in homes[1:]:
        finding = HouseholdFinding(R.AS_REGISTERED, DAY)
        assert isinstance(found(counter, number, home.household_number, finding), CaseDone)
    assert shown(counter, number, OFFICER).view.tallies[R.NOT_VISITED] == (1, 1)
    assert running.end_survey(counter.node, counter.clerk, empty, "") is None
    assert running.end_survey(counter.node, OFFICER, number, "").reason is Reason.FIELD_MISSING
    assert running.end_survey(counter.node, counter.clerk, number, "") is None


def test_of_two_who_note_one_household_in_the_same_moment_one_opens_a_case(counter, homes):
    number = started(counter)
    gone = HouseholdFinding(R.DIFFERS, DAY, "空き家", Difference.GONE, (homes[0].addressee_number,))
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda _: found(counter, number, homes[0].household_number, gone), range(2)))
    assert sorted(isinstance(one, CaseDone) for one in both) == [False, True]
    with counter.node.store.reading() as unit:
        assert unit.execute("select count(*) from register.upkeep_case").fetchone() == (1,)


def test_the_officers_run_tells_a_clerk_nothing_after_the_account_was_closed(counter, homes):
    enrolled(counter, KEEPER)
    number = started(counter)
    run_of(counter, number, KEEPER)
    with counter.node.store.unit() as unit:
        row = OperatorRow(KEEPER.login_id, KEEPER.role_id, "窓口", "係", tuple(KEEPER.roles), active=False)
        office.save_operator(unit, row, at=counter.node.clock.now())
    (hers,) = bulk.runs_of(counter.node, KEEPER, K.SURVEY_SHEET, number)
    assert (hers.letters, len(hers.bundles)) == (3, 1)
    (for_clerk,) = bulk.runs_of(counter.node, CLERK, K.SURVEY_SHEET, number)
    assert (for_clerk.letters, for_clerk.bundles, for_clerk.left) == (0, (), ())


def test_a_run_stops_with_its_survey_or_by_a_clerk_and_both_leave_a_line(counter, homes, monkeypatch):
    monkeypatch.setattr(bulk, "SLICE_HOUSEHOLDS", 1)
    enrolled(counter, CLERK)
    for how in ("survey", "clerk"):
        number = started(counter)
        run = bulk.start_run(counter.node, CLERK, K.SURVEY_SHEET, number, ISSUER)
        assert bulk.run_on(counter.node)
        if how == "survey":
            assert running.end_survey(counter.node, counter.clerk, number, "中止", withdraw=True) is None
        else:
            assert bulk.stop_run(counter.node, CLERK, run) is None
            assert bulk.stop_run(counter.node, CLERK, run).reason is Reason.NOT_PENDING
        while bulk.run_on(counter.node):
            pass
        (view,) = bulk.runs_of(counter.node, CLERK, K.SURVEY_SHEET, number)
        assert (view.state, view.letters) == ("STOPPED", 1)
        lines = [
            one for one in counter.lines() if one[0::2] == ("certificate:letters:asked", f"letters:{run}")
        ]
        assert len(lines) == 2


def test_the_report_leaves_one_line_and_shows_nobody(counter, homes):
    number = started(counter)
    before = len(counter.lines())
    view = running.survey_report(counter.node, counter.clerk, number)
    assert view.tallies == {R.NOT_VISITED: (3, 3)}
    ((_, _, subject),) = counter.lines()[before:]
    assert subject == f"survey:{number}"


def test_bundles_of_a_long_run_come_page_by_page(counter, homes, monkeypatch):
    monkeypatch.setattr(bulk, "BUNDLE_LETTERS", 1)
    monkeypatch.setattr(bulk, "BUNDLES_SHOWN", 2)
    enrolled(counter, CLERK)
    number = started(counter)
    run = run_of(counter, number)
    (view,) = bulk.runs_of(counter.node, CLERK, K.SURVEY_SHEET, number)
    assert (len(view.bundles), bool(view.next_bundle)) == (2, True)
    page = (run, view.next_bundle)
    (rest,) = bulk.runs_of(counter.node, CLERK, K.SURVEY_SHEET, number, page=page)
    assert (rest.bundles, rest.next_bundle) == ((view.next_bundle,), "")


def test_a_letter_that_nobody_can_set_is_left_out_of_its_bundle_by_its_number(counter, homes, monkeypatch):
    enrolled(counter, CLERK)
    number = started(counter)
    run = run_of(counter, number)
    (view,) = bulk.runs_of(counter.node, CLERK, K.SURVEY_SHEET, number)
    name = homes[1].name.kanji
    monkeypatch.setattr(
        bulk, "glyphs_for", lambda _, content: ((), ("〓",) if content.people[0].name == name else ())
    )
    bundle = bulk.bundle_view(counter.node, CLERK, run, view.bundles[0])
    (wrong,) = (one for one in bundle.letters if one.names == (name,))
    assert bundle.unprintable == {wrong.number}
    press = BundlePress()
    assert isinstance(
        bulk.print_bundle(counter.node, CLERK, run, view.bundles[0], set_bundle=press), IssuedPaper
    )
    assert wrong.number not in [one.number for one in press.bundles[0]]
    assert len(press.bundles[0]) == 2


def test_each_letter_of_a_printed_bundle_can_be_traced(counter, homes):
    enrolled(counter, CLERK)
    number = started(counter)
    run = run_of(counter, number)
    (view,) = bulk.runs_of(counter.node, CLERK, K.SURVEY_SHEET, number)
    bulk.print_bundle(counter.node, CLERK, run, view.bundles[0], set_bundle=BundlePress())
    letters = bulk.bundle_view(counter.node, CLERK, run, view.bundles[0]).letters
    with counter.node.store.unit() as unit:
        rows = unit.execute("select convert_from(body, 'UTF8') from ledger.line").fetchall()
    again = [row[0] for row in rows if '"printed_again"' in row[0]]
    assert len(again) == 3
    assert all(run in one for one in again)
    assert all(any(letter.number in one for one in again) for letter in letters)


def test_sheets_of_a_training_copy_say_so_by_their_numbers(counter, homes):
    enrolled(counter, CLERK)
    counter.node.wire.directory().profile = "training"
    number = started(counter)
    run_of(counter, number)
    (view,) = bulk.runs_of(counter.node, CLERK, K.SURVEY_SHEET, number)
    assert all(one.startswith("KENSHU-") for one in view.bundles)
