"""Districts of any past day as the law counts them, nothing of a protected person's district, and files that are written down."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.nodes.registry.conftest import AT_COUNTER, HERE
from tests.nodes.registry.test_protection import OFFICER, SECOND, application
from tests.nodes.registry.test_statistics import LEGAL_DAY, RECORDED, START, Town
from tests.rules.register.conftest import record

from daicho.nodes.clock import JAPAN, FixedClock
from daicho.nodes.registry import protection
from daicho.nodes.registry.bodies import entry_body, resident_row
from daicho.nodes.registry.counter import EntryView, enter, verify_entry
from daicho.nodes.registry.figures import annual
from daicho.nodes.registry.figures.annual import AnnualReport, annual_report
from daicho.nodes.registry.figures.districts import (
    DistrictsAsked,
    DistrictsShown,
    count_districts,
    districts_on,
)
from daicho.nodes.registry.figures.publishing import (
    prospect_of,
    publication,
    publications,
    publish_districts,
)
from daicho.nodes.registry.statistics import until
from daicho.rules.figures.annual import AnnualItem
from daicho.rules.figures.districts import (
    NO_DISTRICT,
    AgeDivision,
    class_of,
    district_of,
    district_written,
    whole_town,
)
from daicho.rules.figures.published import FigureBlock
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.operators.authority import Operator, Role
from daicho.rules.people.addresses import Address
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.sex import Sex
from daicho.rules.protection.measure import ProtectionMeasure
from daicho.rules.register.changes import Entry
from daicho.rules.register.move_within import MoveWithinNotice
from daicho.rules.register.reasons import ChangeKind, ChangeReason
from daicho.rules.register.record import HouseholdRelation, Removal
from daicho.rules.register.statistics import CountedBy, PopulationCell, age_group
from daicho.store import protection as measures
from daicho.store import register, statistics

SEES = Operator("shien01", "p1", (Role.PROTECTION_OFFICER,))
FIVE = AgeDivision.FIVE_YEARS
THERE = replace(HERE, town="想像町", block="2丁目4番5号")


@pytest.fixture
def town(counter):
    return Town(counter)


def true_districts(town, on, by=RECORDED, ages=AgeDivision.THREE):
    found = districts_on(town.node, SEES, DistrictsAsked(on, by, ages), terminal="t1")
    assert isinstance(found, DistrictsShown), found
    assert found.published is None
    return found.true


def shown_to_clerk(town, on, by=RECORDED):
    found = districts_on(town.node, town.counter.clerk, DistrictsAsked(on, by, FIVE), terminal="t1")
    assert isinstance(found, DistrictsShown), found
    assert found.true is None, "a clerk has no true figure"
    return found.published


def agree(town, on, by):
    """Count each district from every record, and compare with what the database counts."""
    people, homes = Counter(), {}
    for one in town.records_on(on, by):
        if not one.living:
            continue
        written = district_written(one.current_address.town, one.current_address.block)
        group = age_group(one.birth_date, on)
        people[district_of(written).key, PopulationCell(one.resident_kind, one.sex, group)] += 1
        homes.setdefault(one.household_number, set()).add(written)
    for ages in AgeDivision:
        found = true_districts(town, on, by, ages)
        counted = Counter()
        for (key, cell), number in people.items():
            group = cell.age_group if ages is FIVE else class_of(cell.age_group)
            counted[key, replace(cell, age_group=group)] += number
        assert counted == {
            (one.key, cell): number for one, count in found.items() for cell, number in count.people.items()
        }
        houses = Counter(district_of(min(written)).key for written in homes.values())
        assert houses == +Counter({one.key: count.households.total for one, count in found.items()})
        whole, population = whole_town(on, found), town.population(on, by).counted
        assert whole.households == population.households
        assert whole.total() == population.total()


STEP = st.tuples(
    st.integers(1, 4),  # whose record
    st.integers(1, 3),  # household
    st.booleans(),  # living
    st.sampled_from(Sex),
    st.sampled_from([PartialDate(1990, 1, 2), PartialDate(2020, 2, 29), PartialDate(1971, None, None)]),
    st.sampled_from(["架空町一丁目", "想像町", "不詳"]),
    st.sampled_from(["2番3号", "1丁目2番", "２丁目2番", ""]),
    st.integers(0, 2),  # days since the step before
    st.integers(0, 4),  # days by which the notice is late
)


@pytest.mark.requirement("R-441")
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(STEP, min_size=1, max_size=10))
def test_any_history_is_counted_by_district_as_the_law_counts_it(counter, database, steps):
    town = Town(counter)
    town.node = replace(
        counter.node, store=database("registry"), clock=FixedClock(counter.node.clock.instant)
    )
    with town.node.store.unit() as unit:
        standing = {}
        for place, (who, household, living, sex, birth, name, block, days, late) in enumerate(steps):
            town.sleep(days)
            version, before = standing.get(who, (0, ()))
            gone = None if living else Removal(ChangeReason.DEATH, town.today, town.today)
            home = Address(HERE.municipality, name, block, "", "", "")
            after = record(
                who, household, "子", sex=sex, birth_date=birth, removal=gone, current_address=home
            )
            legal_day = town.today - timedelta(days=late)
            reason = ChangeReason.DEATH
            entry = Entry(ChangeKind.CORRECTION, reason, legal_day, town.today, before, (after,), (who,))
            at = town.node.clock.now()
            row = register.EntryRow(
                f"e{place}", entry.kind.value, reason.value, legal_day, town.today, "a", at, entry_body(entry),
                verified_by="b", verified_at=at, state="verified",
            )  # fmt: skip
            register.keep_entry(unit, row, [who])
            written = register.NewVersion(resident_row(after, version + 1), row.id, legal_day, at)
            register.write_records(unit, [written])
            standing[who] = (version + 1, (after,))
    for by in CountedBy:
        for days in range(-2, (town.today - START).days + 1):
            agree(town, START + timedelta(days=days), by)


def test_a_past_day_has_the_names_and_the_places_of_that_day(town, move_in, comer):
    first = town.file(move_in(comer(1), comer(2, "子"))).entry.after
    on = town.today
    then = true_districts(town, on)
    assert [(one.name, count.total()) for one, count in then.items()] == [("架空町一丁目", 2)]
    town.sleep()
    town.file(MoveWithinNotice((first[1].addressee_number,), THERE, town.today, town.today))
    now = true_districts(town, town.today)
    assert [(one.name, count.total()) for one, count in now.items()] == [
        ("想像町二丁目", 1), ("架空町一丁目", 1),
    ]  # fmt: skip
    assert true_districts(town, on) == then


def families(town, move_in, comer, count, home, first=1):
    """Let so many families of three live somewhere."""
    made = []
    for place in range(first, first + 3 * count, 3):
        people = (comer(place), replace(comer(place + 1, "妻"), sex=Sex.FEMALE), comer(place + 2, "子"))
        made.append(town.file(replace(move_in(*people), address=home)).entry.after)
    return made


def protect(town, one, *companions):
    with_them = tuple(other.addressee_number for other in companions)
    kept = protection.apply_for_protection(town.node, OFFICER, application(one, with_them))
    assert isinstance(kept, ProtectionMeasure), kept


def moves(town, people, home, **joining):
    """Let protected people move as the officer does."""
    notice = MoveWithinNotice(tuple(people), home, town.today, town.today, **joining)
    entered = enter(town.node, OFFICER, notice, draw_codes=town.counter.draw, reception=AT_COUNTER)
    assert isinstance(entered, EntryView), entered
    assert isinstance(verify_entry(town.node, SECOND, entered.entry_id), EntryView)


def test_where_a_protected_person_moves_changes_no_figure_of_any_day(town, move_in, comer):
    """The whole town but for one district is seen from two days, by both ways of counting."""
    here = families(town, move_in, comer, 6, HERE)
    families(town, move_in, comer, 6, THERE, 31)
    protect(town, *here[0])
    days = [town.today, town.today + timedelta(days=1)]
    before = [shown_to_clerk(town, days[0], by) for by in CountedBy]
    kept = [one for one in before[0].rows if not one.name]
    assert len(kept) == 1, "the family stands in a row of its own, or among the small"
    town.sleep()
    quiet = [shown_to_clerk(town, days[1], by) for by in CountedBy]
    moves(town, [one.addressee_number for one in here[0]], replace(HERE, town="離町", block="1番"))
    assert [shown_to_clerk(town, days[1], by) for by in CountedBy] == quiet
    assert [shown_to_clerk(town, days[0], by) for by in CountedBy] == before
    assert "離町" not in str(quiet)
    assert "離町" in {one.name for one in true_districts(town, days[1])}


def test_with_whom_a_protected_person_lives_shows_in_no_district(town, move_in, comer):
    """She moves in with another family and away again; whoever compares any two days, or one day asked twice, learns nothing."""
    families(town, move_in, comer, 6, HERE)
    there = families(town, move_in, comer, 7, THERE, 31)
    families(town, move_in, comer, 8, replace(HERE, town="仮想町"), 61)
    (her,) = town.file(replace(move_in(replace(comer(101), sex=Sex.FEMALE)), address=HERE)).entry.after
    protect(town, her)
    begun, whose = town.today, her.addressee_number

    def asked():
        """Every day so far, by both ways of counting: what districts say, and all together but their households."""
        found = set()
        for days in range((town.today - begun).days + 1):
            for by in CountedBy:
                table = shown_to_clerk(town, begun + timedelta(days=days), by)
                named = tuple(one for one in table.rows if one.name)
                together = (table.merged_districts, table.merged.people, table.merged.blocks)
                found.add((named, together, table.town.people, table.town.blocks))
        return found

    quiet = asked()
    assert len(quiet) == 1
    ((named, *_),) = quiet
    assert {one.name: (one.people, one.households) for one in named} == {
        "想像町二丁目": (21, 7), "仮想町": (24, 8), "架空町一丁目": (None, None),
    }  # fmt: skip
    town.sleep()
    moves(
        town, [whose], there[0][0].current_address, household_number=there[0][0].household_number,
        mover_relations=(HouseholdRelation(whose, "妹"),),
    )  # fmt: skip
    assert asked() == quiet
    town.sleep()
    assert asked() == quiet
    away = replace(HERE, town="離町", block="1番")
    moves(town, [whose], away, mover_relations=(HouseholdRelation(whose, "世帯主"),))
    assert asked() == quiet
    assert "離町" in {one.name for one in true_districts(town, town.today)}


def test_a_household_with_a_protected_person_is_counted_where_the_others_of_it_are(town, move_in, comer):
    """Else her family would be people without a household, and a district one short of households hers."""
    here = families(town, move_in, comer, 6, HERE)
    families(town, move_in, comer, 7, THERE, 31)
    protect(town, here[0][1])
    with town.node.store.reading() as unit:
        found = count_districts(unit, town.node, DistrictsAsked(town.today, RECORDED), whole=False)
    assert [(one.name, count.total(), count.households.total) for one, count in found.items()] == [
        ("想像町二丁目", 21, 7), ("架空町一丁目", 17, 6), ("", 1, 0),
    ]  # fmt: skip


PLACES = st.sampled_from(["架空町一丁目", "想像町", "離町"])


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    st.lists(st.tuples(PLACES, st.integers(1, 4), st.sampled_from(Sex)), min_size=2, max_size=9),
    PLACES,
    st.integers(1, 5),
    st.integers(0, 3),
)
def test_whoever_is_kept_back_counts_alike_wherever_they_are(
    counter, database, people, place, household, late
):
    """In any town, into any household of it or one of their own, on any day, by either way of counting."""
    node = replace(counter.node, store=database("registry"))
    today, at = node.clock.business_today(), node.clock.now()

    def write(unit, version, number, household, sex, home):
        legal_day = today - timedelta(days=late if version > 1 else 5)
        row = register.EntryRow(
            f"{number}-{version}", "IMPORT", "NOT_REPORTED", legal_day, today, "a", at, '{"subjects":[]}',
            verified_by="b", verified_at=at, state="verified",
        )  # fmt: skip
        register.keep_entry(unit, row, ())
        after = record(number, household, "子", sex=sex, current_address=replace(HERE, town=home))
        recorded = at - timedelta(days=0 if version > 1 else 3)
        version_row = resident_row(after, version)
        register.write_records(unit, [register.NewVersion(version_row, row.id, legal_day, recorded)])

    def counts(unit):
        days = [today - timedelta(days=one) for one in range(6)]
        windows = [until(node, on, by) for on in days for by in CountedBy]
        found = [statistics.districts(unit, one, ["2000-01-01"], {1}) for one in windows]
        return [
            (sorted(map(repr, people)), sorted(repr(one) for one in homes if one[0]))
            for people, homes in found
        ]

    with node.store.unit() as unit:
        for number, (home, lives_in, sex) in enumerate(people, 1):
            write(unit, 1, number, lives_in, sex, home)
        before = counts(unit)
        write(unit, 2, 1, household, people[0][2], place)
        assert counts(unit) == before


def test_while_nobody_knows_who_is_protected_nobody_stands_in_a_district(town, move_in, comer):
    families(town, move_in, comer, 2, HERE)
    with town.node.store.unit() as unit:
        unit.execute(
            "insert into register.rebuilt (entry_id, source) select id, 'PREFECTURE' from register.entry limit 1"
        )
    table = shown_to_clerk(town, town.today)
    assert [(one.name, one.people) for one in table.rows] in ([("", 6)], [("", None)])
    assert table.town.people == 6
    town.node.clock.instant = datetime(2026, 12, 2, 10, tzinfo=JAPAN)
    november = date(2026, 11, 30)
    assert publish_districts(town.node, town.counter.clerk, november).reason is Reason.MEASURES_NOT_KNOWN
    assert prospect_of(town.node, town.counter.clerk, november).reason is Reason.MEASURES_NOT_KNOWN
    assert publications(town.node, town.counter.clerk) == (), "it would say nothing for ever"


def test_small_figures_are_shown_to_whoever_may_see_protected_people_alone(town, move_in, comer):
    families(town, move_in, comer, 5, HERE)
    families(town, move_in, comer, 6, THERE, 31)
    families(town, move_in, comer, 1, replace(HERE, town="離町", block="1番"), 61)
    assert {one.name: count.total() for one, count in true_districts(town, town.today).items()}["離町"] == 3
    table = shown_to_clerk(town, town.today)
    assert {one.name: one.people for one in table.rows}["離町"] is None
    assert table.merged_districts == 2
    assert table.town.people == 36
    refused = districts_on(town.node, town.counter.checker, DistrictsAsked(town.today, RECORDED))
    assert refused.reason is Reason.NOT_PERMITTED
    tomorrow = DistrictsAsked(town.today + timedelta(days=1), RECORDED)
    assert districts_on(town.node, SEES, tomorrow).reason is Reason.DATE_IN_FUTURE
    with town.node.store.unit() as unit:
        rows = unit.execute(
            "select convert_from(body, 'UTF8')::json -> 'detail' ->> 'form' from ledger.line"
            " where convert_from(body, 'UTF8')::json ->> 'event' = 'register:statistics:shown'"
        ).fetchall()
    assert sorted(row[0] for row in rows) == ["published", "true"]


def test_a_table_is_given_out_once_and_never_changes(town, move_in, comer):
    node, clerk = town.node, town.counter.clerk
    first = families(town, move_in, comer, 6, HERE)
    november = date(2026, 11, 30)
    assert publish_districts(node, clerk, november).reason is Reason.DAY_NOT_OVER
    node.clock.instant = datetime(2026, 12, 2, 10, tzinfo=JAPAN)
    assert publish_districts(node, clerk, date(2026, 12, 1)).reason is Reason.NO_REFERENCE_DAY
    assert publications(node, clerk) == ()
    assert publish_districts(node, clerk, november, terminal="t1") == november
    table = publication(node, clerk, november)
    assert (table.town.people, [one.people for one in table.rows]) == (18, [18])
    assert table.town.cells_of(FigureBlock.OLD) is not None, "with its five-year groups"
    protect(town, first[0][0])
    assert publish_districts(node, town.counter.admin, november) == november, "sent twice, made once"
    assert publication(node, clerk, november) == table
    assert [(one.counted_on, one.made_by) for one in publications(node, clerk)] == [(november, "clerk01")]
    assert publish_districts(node, clerk, date(2026, 10, 31)).reason is Reason.PUBLISHED_LATER
    assert publication(node, clerk, date(2026, 10, 31)).reason is Reason.NOT_FOUND
    assert publish_districts(node, town.counter.checker, november).reason is Reason.NOT_PERMITTED
    made = [line for line in town.counter.lines() if line[0] == "register:districts:published"]
    assert made == [("register:districts:published", "clerk01", "")]
    with node.store.unit() as unit, pytest.raises(Exception, match="permission denied"):
        unit.execute("update register.district_publication set body = '{}'")


def test_who_is_protected_and_who_lives_where_is_read_of_one_instant(town, move_in, comer, monkeypatch):
    """Who is entered while a table is made is in none of it, and no measure without its people."""
    node, read = town.node, measures.people_of_measures
    families(town, move_in, comer, 6, HERE)
    november, later = datetime(2026, 11, 30, 23, tzinfo=JAPAN), datetime(2026, 12, 2, 10, tzinfo=JAPAN)

    def meanwhile(unit):
        kept = read(unit)
        node.clock.instant = november
        families(town, move_in, comer, 6, THERE, 31)
        node.clock.instant = later
        return kept

    monkeypatch.setattr(measures, "people_of_measures", meanwhile)
    node.clock.instant = later
    publish_districts(node, town.counter.clerk, november.date())
    assert publication(node, town.counter.clerk, november.date()).town.people == 18


def test_the_next_table_knows_what_the_one_before_hid(town, move_in, comer):
    node, clerk = town.node, town.counter.clerk
    families(town, move_in, comer, 6, HERE)
    families(town, move_in, comer, 7, THERE, 31)
    families(town, move_in, comer, 8, replace(HERE, town="仮想町"), 61)
    families(town, move_in, comer, 1, replace(HERE, town="離町"), 91)
    node.clock.instant = datetime(2026, 12, 2, 10, tzinfo=JAPAN)
    publish_districts(node, clerk, date(2026, 11, 30))
    families(town, move_in, comer, 6, replace(HERE, town="離町"), 101)
    node.clock.instant = datetime(2027, 1, 2, 10, tzinfo=JAPAN)
    assert shown_to_clerk(town, date(2026, 12, 31)).merged is None, "large by itself by now"
    publish_districts(node, clerk, date(2026, 12, 31))
    first, second = (publication(node, clerk, on) for on in (date(2026, 11, 30), date(2026, 12, 31)))
    hidden = [{one.name for one in table.rows if one.people is None} for table in (first, second)]
    assert hidden[0] == hidden[1] == {"離町", "架空町一丁目"}


def test_the_annual_report_is_made_of_the_counts_and_written_down(town, move_in, comer):
    node, clerk = town.node, town.counter.clerk
    families(town, move_in, comer, 2, HERE)
    assert annual_report(node, clerk, 2026, RECORDED).reason is Reason.DAY_NOT_OVER
    node.clock.instant = datetime(2027, 1, 4, 10, tzinfo=JAPAN)
    report = annual_report(node, clerk, 2026, RECORDED, terminal="t1")
    assert isinstance(report, AnnualReport), report
    lines = {one.item: one.cells for one in report.lines}
    balance = town.balance(date(2026, 1, 1), date(2026, 12, 31))
    assert lines[AnnualItem.CLOSING][3] == balance.closing.total() == 6
    assert lines[AnnualItem.MOVE_IN][:4] == (4, 2, 0, 6)
    assert lines[AnnualItem.CLOSING_HOMES][3] == 2
    assert annual_report(node, clerk, 2026, RECORDED) == report
    assert annual_report(node, town.counter.officer, 2026, RECORDED).reason is Reason.NOT_PERMITTED
    with node.store.unit() as unit:
        rows = unit.execute(
            "select convert_from(body, 'UTF8')::json from ledger.line"
            " where convert_from(body, 'UTF8')::json ->> 'event' = 'register:annual_report:made'"
        ).fetchall()
    assert [(row[0]["operator"], row[0]["outcome"], row[0]["detail"]["digest"]) for row in rows] == [
        ("clerk01", "made", report.digest)
    ] * 2


def test_a_report_whose_ends_do_not_agree_is_refused_and_that_is_written_down(town, monkeypatch):
    node = town.node
    node.clock.instant = datetime(2027, 1, 4, 10, tzinfo=JAPAN)
    wrong = Refusal(Reason.COUNTS_DISAGREE, juki("6"), "by")
    monkeypatch.setattr(annual, "check_both_ends", lambda _differences: wrong)
    assert annual_report(node, town.counter.clerk, 2026, LEGAL_DAY) == wrong
    assert town.counter.lines() == [("register:annual_report:made", "clerk01", "")]


def test_where_nobody_knows_the_district_is_a_row_of_its_own(town, move_in, comer):
    families(town, move_in, comer, 1, replace(HERE, town="不詳"))
    families(town, move_in, comer, 1, HERE, 11)
    found = true_districts(town, town.today)
    assert [(one.name, count.total(), count.households.total) for one, count in found.items()] == [
        ("架空町一丁目", 3, 1), ("", 3, 1),
    ]  # fmt: skip
    assert list(found)[-1] == NO_DISTRICT
