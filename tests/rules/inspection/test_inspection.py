"""閲覧: only for what the act names, by whom was named, four items, nobody who is protected, and told to the public."""

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.register.conftest import DAY, HOME, record

from daicho.rules.inspection.application import (
    APPROVAL_DAYS,
    MOST_AREAS,
    MOST_READERS,
    InspectionApplication,
    InspectionKind,
    InspectionReader,
    InspectionScope,
    article_of,
    check_inspection,
    check_reading,
    is_published,
)
from daicho.rules.inspection.listing import InspectionLine, in_scope, inspection_list
from daicho.rules.inspection.report import Inspection, days_of_fiscal_year, fiscal_year_of, published
from daicho.rules.law.refusal import Reason
from daicho.rules.people.addresses import Address
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.names import FormerSurname, PersonName
from daicho.rules.people.sex import Sex
from daicho.rules.protection.measure import (
    AddressRole,
    OtherParty,
    ProtectedAddress,
    ProtectionGround,
    ProtectionMeasure,
)
from daicho.rules.register.reasons import ChangeReason
from daicho.rules.register.record import ForeignItems, Removal, ResidentKind

I = InspectionKind  # noqa: E741 - as short as the enumerations of the other tests
SCOPE = InspectionScope(("架空町一丁目",))
PUBLIC = InspectionApplication(
    I.PUBLIC, "架空省", "国勢に関する調査", (InspectionReader("閲覧　一", "統計課 主査"),), SCOPE, DAY, DAY,
    summary="国勢に関する調査の標本の抽出", officer="統計課長 責任　者",
)  # fmt: skip
RESEARCH = InspectionApplication(
    I.RESEARCH, "架空新聞社", "世論調査", (InspectionReader("閲覧　二", "東京都架空市1番"),), SCOPE, DAY, DAY,
    address="東京都架空市2番", representative="代表　太郎", summary="世論調査の対象者の抽出", supervisor="責任　者",
    handlers=("取扱　者",), handling="施錠した保管庫", publication="紙面で公表",
)  # fmt: skip
WELFARE = replace(RESEARCH, kind=I.WELFARE, publication="")
RESIDENCE = replace(WELFARE, kind=I.RESIDENCE, summary="")
SECRET = replace(
    PUBLIC, withheld=True, purpose="", summary="", legal_basis="刑事訴訟法第197条", hardship="捜査の密行"
)


def field_of(application, on=DAY):
    refusal = check_inspection(application, on)
    return None if refusal is None else refusal.field


@pytest.mark.parametrize("application", [PUBLIC, SECRET, RESEARCH, WELFARE, RESIDENCE])
def test_an_application_that_says_what_the_act_wants_is_taken(application):
    assert check_inspection(application, DAY) is None


@pytest.mark.parametrize("application", [PUBLIC, RESEARCH, WELFARE, RESIDENCE])
@pytest.mark.parametrize("name", ["body", "purpose"])
def test_nobody_asks_without_name_and_reason(application, name):
    assert field_of(replace(application, **{name: "　"})) == name
    assert check_inspection(replace(application, **{name: ""}), DAY).article == article_of(application.kind)


@pytest.mark.parametrize("application", [RESEARCH, WELFARE, RESIDENCE])
@pytest.mark.parametrize("name", ["address", "supervisor", "handling"])
def test_whoever_is_no_public_body_says_who_answers_for_what_was_read(application, name):
    assert field_of(replace(application, **{name: ""})) == name


def test_research_says_what_becomes_of_its_results_and_only_research():
    assert field_of(replace(RESEARCH, publication="")) == "publication"
    assert field_of(replace(WELFARE, publication="")) is None


def test_what_is_made_public_has_a_summary_and_what_is_not_needs_none():
    for one in (PUBLIC, RESEARCH, WELFARE):
        assert is_published(one)
        assert field_of(replace(one, summary="")) == "summary"
    for one in (SECRET, RESIDENCE):
        assert not is_published(one)


def test_a_public_body_says_who_answers_for_the_affair_and_why_it_keeps_its_reason():
    assert field_of(replace(PUBLIC, officer="")) == "officer"
    assert field_of(replace(SECRET, hardship=" ")) == "hardship"


@pytest.mark.parametrize("application", [RESEARCH, WELFARE, RESIDENCE])
def test_a_corporation_names_who_stands_for_it_and_who_handles_what_was_read(application):
    assert field_of(replace(application, corporate=True)) is None
    assert field_of(replace(application, corporate=True, representative="")) == "representative"
    assert field_of(replace(application, corporate=True, handlers=())) == "handlers"
    assert field_of(replace(application, representative="", handlers=())) is None


def test_only_a_public_body_keeps_its_reason_and_it_names_the_law():
    assert field_of(replace(SECRET, legal_basis="")) == "legal_basis"
    assert field_of(replace(RESEARCH, withheld=True, legal_basis="x")) == "withheld"


@pytest.mark.parametrize(
    "readers",
    [(), (InspectionReader("", "主査"),), (InspectionReader("閲覧　一", " "),)],
)
def test_readers_are_named_with_what_they_are(readers):
    assert field_of(replace(PUBLIC, readers=readers)) == "readers"


def test_nobody_reads_the_whole_town_and_no_crowd_reads():
    assert field_of(replace(PUBLIC, scope=InspectionScope(("",)))) == "area"
    assert field_of(replace(PUBLIC, scope=InspectionScope(("　架",)))) == "area"
    assert field_of(replace(PUBLIC, scope=InspectionScope(("架空町", "架")))) == "area"
    assert field_of(replace(PUBLIC, scope=InspectionScope(()))) == "area"
    many = tuple(f"架空町{n}丁目" for n in range(MOST_AREAS + 1))
    assert field_of(replace(PUBLIC, scope=InspectionScope(many))) == "area"
    crowd = tuple(InspectionReader(f"閲覧　{n}", "主査") for n in range(MOST_READERS + 1))
    assert check_inspection(replace(PUBLIC, readers=crowd), DAY).reason is Reason.FIELD_TOO_LONG


def test_days_fit():
    later = DAY + timedelta(days=1)
    assert field_of(replace(PUBLIC, received_on=later, inspect_on=later)) == "received_on"
    assert field_of(replace(PUBLIC, inspect_on=DAY - timedelta(days=1))) == "inspect_on"
    span = InspectionScope(("架空町",), date(2000, 1, 2), date(2000, 1, 1))
    assert field_of(replace(PUBLIC, scope=span)) == "born_until"


@pytest.mark.parametrize(
    ("present", "on", "shown", "reason"),
    [
        (("閲覧　一",), DAY, True, None),
        (("閲覧　一",), DAY + timedelta(days=APPROVAL_DAYS), True, None),
        ((), DAY, True, Reason.FIELD_MISSING),
        (("通行　人",), DAY, True, Reason.NOT_ENTITLED),
        (("閲覧　一", "通行　人"), DAY, True, Reason.NOT_ENTITLED),
        (("閲覧　一",), DAY, False, Reason.IDENTITY_NOT_PROVEN),
        (("閲覧　一",), DAY - timedelta(days=1), True, Reason.DATE_ORDER),
        (("閲覧　一",), DAY + timedelta(days=APPROVAL_DAYS + 1), True, Reason.TOO_LATE),
    ],
)
def test_the_list_is_laid_before_whoever_was_named_and_proved_it_in_time(present, on, shown, reason):
    refusal = check_reading(PUBLIC, present, on, identity_shown=shown)
    assert (refusal.reason if refusal else None) is reason


def at(number, block="2番3号", town="架空町一丁目", **items):
    return record(number, household=number, current_address=Address(HOME, town, block), **items)


def test_four_items_and_nothing_else():
    assert {one.name for one in fields(InspectionLine)} == {"name", "birth", "sex", "address"}
    ((number, line),) = inspection_list([at(1)], SCOPE, (), frozenset(), DAY)
    assert (number, line) == (
        1,
        InspectionLine("試験　1号", "昭和55年4月1日", Sex.FEMALE, "架空町一丁目2番3号"),
    )


def test_a_birth_date_is_read_as_the_register_has_it():
    items = ForeignItems(DAY, "ブラジル", "中長期在留者")
    lines = inspection_list(
        [at(1, birth_written="昭和45年2月29日"), at(2, resident_kind=ResidentKind.FOREIGN, foreign=items)],
        SCOPE, (), frozenset(), DAY,
    )  # fmt: skip
    assert [line.birth for _, line in lines] == ["昭和45年2月29日", "1980年4月1日"]


def test_a_name_is_read_with_former_surname_and_alias():
    former = PersonName("試験　花子", former_surname=FormerSurname("旧姓", "キュウセイ"))
    foreign = PersonName("TEST", alias="通称　太郎")
    lines = inspection_list(
        [at(1, name=former), at(2, name=foreign, resident_kind=ResidentKind.FOREIGN)],
        SCOPE, (), frozenset(), DAY,
    )  # fmt: skip
    assert [line.name for _, line in lines] == ["試験　花子（旧姓）", "TEST（通称　太郎）"]


@pytest.mark.parametrize(
    ("one", "scope", "inside"),
    [
        (at(1), SCOPE, True),
        (at(1, town="架空町二丁目"), SCOPE, False),
        (at(1), InspectionScope(("架空町　一丁目２番",)), True),
        (at(1), InspectionScope(("架空町",), sex=Sex.FEMALE), True),
        (at(1), InspectionScope(("架空町",), sex=Sex.MALE), False),
        (at(1), InspectionScope(("架空町",), date(1980, 4, 1), date(1980, 4, 1)), True),
        (at(1), InspectionScope(("架空町",), date(1980, 4, 2)), False),
        (at(1), InspectionScope(("架空町",), born_until=date(1980, 3, 31)), False),
        (at(1, birth_date=PartialDate(1980, 4, None)), InspectionScope(("架空町",), date(1900, 1, 1)), False),
        (at(1, birth_date=PartialDate(1980, 4, None)), SCOPE, True),
        (at(1, removal=Removal(ChangeReason.DEATH, DAY, DAY)), SCOPE, False),
        (at(1), InspectionScope(("架空町二丁目", "架空町一丁目")), True),
        (at(1, "1-1", "本町"), InspectionScope(("本町1-1",)), True),
        (at(1, "１－１", "本町"), InspectionScope(("本町1−1",)), True),
        (at(1, "11番", "本町"), InspectionScope(("本町1-1",)), False),
        (at(1, "1-10", "本町"), InspectionScope(("本町1-1",)), False),
        (at(1, "1-1-3", "本町"), InspectionScope(("本町1-1",)), True),
        (at(1, "1番1号"), InspectionScope(("架空町一丁目1番1",)), True),
        (at(1, "1番10号"), InspectionScope(("架空町一丁目1番1",)), False),
        (at(1, "1番19号"), InspectionScope(("架空町一丁目1番１",)), False),
        (at(1, "二十番"), InspectionScope(("架空町一丁目二",)), False),
        (at(1, town="架空町十一丁目"), InspectionScope(("架空町十",)), False),
        (at(1, town="架空町十丁目"), InspectionScope(("架空町十",)), True),
        (
            record(1, household=1, current_address=Address(HOME, "本町", "1", "101")),
            InspectionScope(("本町11",)),
            False,
        ),
        (
            record(1, household=1, current_address=Address(HOME, "本町", "1", "101")),
            InspectionScope(("本町1",)),
            True,
        ),
    ],
)
def test_who_is_in_the_scope(one, scope, inside):
    assert in_scope(one, scope) is inside


def measure(*people, applied_on=DAY):
    return ProtectionMeasure(
        "2026-000001", ProtectionGround.STALKING, people[0], (OtherParty("相手　太郎"),),
        (ProtectedAddress(AddressRole.PRESENT, HOME, "架空町"),), applied_on, companions=people[1:],
    )  # fmt: skip


@given(
    st.sets(st.integers(1, 12), min_size=1),
    st.lists(st.integers(1, 12), min_size=1, max_size=4, unique=True),
    st.frozensets(st.integers(1, 12)),
)
def test_nobody_who_is_protected_or_covered_is_on_it_and_the_others_are_as_without_them(
    numbers, protected, covered
):
    people = [at(number, block=f"{number}番") for number in sorted(numbers)]
    lines = inspection_list(people, SCOPE, [measure(*protected)], covered, DAY)
    shut = set(protected) | covered
    assert {number for number, _ in lines} == numbers - shut
    without = [one for one in people if one.addressee_number not in shut]
    assert lines == inspection_list(without, SCOPE, (), frozenset(), DAY)


def test_a_measure_that_has_not_begun_hides_nobody():
    assert inspection_list([at(1)], SCOPE, [measure(1, applied_on=DAY + timedelta(days=1))], (), DAY)


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2026, 3, 31), 2025),
        (date(2026, 4, 1), 2026),
        (date(2026, 12, 31), 2026),
        (date(2027, 1, 1), 2026),
    ],
)
def test_a_fiscal_year_begins_in_april(day, year):
    assert fiscal_year_of(day) == year
    first, last = days_of_fiscal_year(year)
    assert first <= day <= last
    assert (first, last) == (date(year, 4, 1), date(year + 1, 3, 31))


def test_the_public_hears_of_bodies_and_surveys_and_not_of_what_the_act_leaves_out():
    days = [DAY - timedelta(days=n) for n in range(5)]
    rows = published(map(Inspection, (RESEARCH, SECRET, RESIDENCE, PUBLIC, WELFARE), days))
    assert [(one.kind, one.inspected_on) for one in rows] == [
        (I.PUBLIC, days[3]), (I.WELFARE, days[4]), (I.RESEARCH, days[0]),
    ]  # fmt: skip
    assert (rows[2].body, rows[2].representative, rows[2].summary, rows[2].scope) == (
        "架空新聞社", "代表　太郎", "世論調査の対象者の抽出", SCOPE,
    )  # fmt: skip


def test_the_list_is_in_the_order_of_numbers():
    people = [at(1, "10番"), at(2, "2番10号"), at(3, "2番3号")]
    lines = inspection_list(people, SCOPE, (), frozenset(), DAY)
    assert [number for number, _ in lines] == [3, 2, 1]
