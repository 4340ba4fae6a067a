"""The annual report: each line where its number says, sums that are sums, and no report whose ends do not agree."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from daicho.rules.figures.annual import (
    COLUMNS,
    AnnualItem,
    annual_lines,
    check_both_ends,
    check_year,
    digest_of_report,
)
from daicho.rules.figures.districts import GROUPS
from daicho.rules.law.refusal import Reason
from daicho.rules.people.sex import Sex
from daicho.rules.register.record import ResidentKind
from daicho.rules.register.statistics import (
    ChangeCount,
    CountedSpan,
    HouseholdCount,
    Movement,
    MovementCell,
    PopulationCell,
    RegisterCount,
)

YEAR = CountedSpan.of_year(2025)
PEOPLE = st.dictionaries(
    st.builds(
        PopulationCell, st.sampled_from(ResidentKind), st.sampled_from(Sex), st.sampled_from([None, *GROUPS])
    ),
    st.integers(1, 900),
)
MOVES = st.dictionaries(
    st.builds(MovementCell, st.sampled_from(Movement), st.sampled_from(ResidentKind), st.sampled_from(Sex)),
    st.integers(1, 90),
)


def lines_of(people, moves, imported=None):
    opening = RegisterCount(date(2024, 12, 31), {}, HouseholdCount(1, 2, 3))
    closing = RegisterCount(YEAR.last_day, people, HouseholdCount(30, 7, 5))
    return annual_lines(opening, ChangeCount(YEAR, moves), imported or {}, closing)


@given(PEOPLE, MOVES)
def test_the_lines_add_up_as_the_layout_says(people, moves):
    by_code = {one.code: one.cells for one in lines_of(people, moves)}
    assert list(by_code) == sorted(by_code)
    for place in range(COLUMNS):
        of = {code: cells[place] for code, cells in by_code.items()}
        assert of["201"] + of["202"] == of["203"]
        assert of["203"] + of["204"] + of["205"] + of["206"] == of["209"]
        assert of["303"] + of["304"] + of["305"] + of["306"] == of["309"]
        assert of["209"] - of["309"] == of["401"] == of["402"] + of["403"]
        assert of["204"] - of["304"] == of["402"]
        assert sum(of[f"8{place:02d}"] for place in range(1, 22)) + of["899"] == of["601"]
    for cells in by_code.values():
        if cells[0] is not None:
            parts = [cells[place : place + 4] for place in (0, 4, 8)]
            assert all(sum(part[:3]) == part[3] for part in parts)
            assert [a + b for a, b in zip(parts[1], parts[2], strict=True)] == list(parts[0])


def test_households_have_one_number():
    homes = {one.code: one.cells for one in lines_of({}, {}) if one.code.startswith("7")}
    assert {code: [one for one in cells if one is not None] for code, cells in homes.items()} == {
        "701": [6], "702": [30], "703": [7], "704": [5], "705": [42],
    }  # fmt: skip
    assert homes["705"].index(42) == 3


def test_who_came_with_an_import_moved_nowhere():
    lines = {one.item: one for one in lines_of({}, {}, {(ResidentKind.FOREIGN, Sex.FEMALE): 4})}
    assert lines[AnnualItem.IMPORTED].cells == (0, 4, 0, 4, 0, 0, 0, 0, 0, 4, 0, 4)
    assert set(lines[AnnualItem.ENTERED].cells) == {0}


def test_a_year_is_reported_when_it_is_over_and_agrees():
    assert check_year(2025, date(2026, 1, 1)) is None
    assert check_year(2025, date(2025, 12, 31)).reason is Reason.DAY_NOT_OVER
    assert check_both_ends({}) is None
    assert check_both_ends({(ResidentKind.FOREIGN, Sex.MALE): 1}).reason is Reason.COUNTS_DISAGREE


def test_the_digest_is_of_the_figures():
    cell = MovementCell(Movement.BIRTH, ResidentKind.JAPANESE, Sex.MALE)
    one, same, other = (digest_of_report(lines_of({}, {cell: n}), YEAR, "RECORDED") for n in (1, 1, 2))
    assert one == same != other
    assert one != digest_of_report(lines_of({}, {cell: 1}), YEAR, "LEGAL_DAY")
