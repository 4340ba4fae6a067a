"""Every live row of the law's tables, and every basis outside them: what it grants and what it must not."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files

import pytest

from daicho.rules.identity.record import IdentityRecord, KeptRecord, RecordState
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.codes import (
    IndividualNumber,
    MunicipalityCode,
    ResidentRecordCode,
    with_check_digit,
)
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.sex import Sex
from daicho.rules.provision.answer import ProvidedIdentity, fill
from daicho.rules.provision.articles import Provider, RequesterKind
from daicho.rules.provision.basis import BasisRow, BasisTable
from daicho.rules.provision.coverage import RowCase, coverage, example
from daicho.rules.provision.decision import Grant, out_of_reach, permit
from daicho.rules.provision.fields import FOUR_ITEMS, Field
from daicho.rules.register.reasons import ChangeReason

TODAY = date(2026, 11, 20)
HOME, ELSEWHERE = MunicipalityCode("13101"), MunicipalityCode("27215")
TABLE = BasisTable.parse(
    *(
        (files("daicho.rules.provision") / name).read_text("utf-8")
        for name in ("bases.csv", "bases_outside.csv")
    )
)
ROWS = pytest.mark.parametrize("row", TABLE.rows, ids=lambda row: row.key)
CODE = ResidentRecordCode(with_check_digit("0000000001"))
NUMBER = IndividualNumber(with_check_digit("12345678901"))
KEPT = KeptRecord(
    IdentityRecord(
        resident_record_code=CODE,
        name_kanji="海野　花子",
        name_gaiji_count=0,
        name_furigana="ウミノ　ハナコ",
        name_normalized_kana="ウミノハナコ",
        former_surname_kanji="辻",
        former_surname_furigana="ツジ",
        birth_date=PartialDate(1990, 4, 1),
        sex=Sex.FEMALE,
        municipality_code=HOME,
        aza_code="",
        postal_code="1000001",
        address="本町１－２－３",
        address_gaiji_count=0,
        change_reason=ChangeReason.MOVE_IN,
        change_date=date(2026, 4, 1),
        change_reason_detail="",
        old_resident_record_code=None,
        record_code_used_from=None,
        update_sequence=5,
        scheduled_flag=False,
        foreign_resident=False,
        record_state=RecordState.LIVING,
    ),
    date(2026, 4, 1),
)
SOME_LAW_NUMBER_ROWS = {"1-77", "1-16", "5-9"}


def ask(
    case: RowCase, kept: KeptRecord = KEPT, *, on: date = TODAY, table: BasisTable = TABLE
) -> Grant | Refusal:
    grant = permit(
        case.request,
        table,
        on=on,
        provider=case.provider,
        requester=case.requester,
        territory=case.territory,
    )
    if isinstance(grant, Refusal):
        return grant
    return out_of_reach(grant, kept, on=on, requester=case.requester, territory=case.territory) or grant


def case_of(row: BasisRow) -> RowCase:
    return example(row, HOME, ELSEWHERE)


def case_named(table: str, item: str) -> RowCase:
    row = TABLE.row(table, item, TODAY)
    assert row is not None
    return case_of(row)


def refused(answer: Grant | Refusal, reason: Reason, row: BasisRow) -> None:
    assert isinstance(answer, Refusal)
    assert answer.reason is reason
    assert answer.detail == f"row={row.key}"


@pytest.mark.requirement("R-110", "R-111", "R-112", "R-113", "R-114", "R-116", "R-130")
@ROWS
def test_row_grants_its_own_affair_and_names_itself(row: BasisRow) -> None:
    answer = ask(case_of(row))
    assert isinstance(answer, Grant)
    assert answer.row == row
    assert answer.article == row.frame.article
    if row.article != "30-9-2":
        assert set(FOUR_ITEMS) | {Field.CHANGE} <= set(answer.fields)
    assert set(answer.fields) | set(answer.withheld) == set(Field)


@pytest.mark.requirement("R-130")
@ROWS
def test_another_body_is_refused_under_the_row(row: BasisRow) -> None:
    case = case_of(row)
    stranger = replace(case, request=replace(case.request, body="宝くじ協会"))
    stranger = replace(stranger, requester=replace(case.requester, bodies=("宝くじ協会",)))
    refused(ask(stranger), Reason.REQUESTER_NOT_NAMED, row)
    liar = replace(case, requester=replace(case.requester, bodies=("宝くじ協会",)))
    refused(ask(liar), Reason.REQUESTER_NOT_NAMED, row)


@pytest.mark.requirement("R-130")
@ROWS
def test_another_kind_of_requester_is_refused_under_the_row(row: BasisRow) -> None:
    case = case_of(row)
    for kind in RequesterKind:
        if kind is not row.frame.requester:
            other = replace(case, requester=replace(case.requester, kind=kind))
            refused(ask(other), Reason.REQUESTER_NOT_NAMED, row)


@pytest.mark.requirement("R-110", "R-114")
@ROWS
def test_provider_that_does_not_serve_the_article_refuses(row: BasisRow) -> None:
    case = case_of(row)
    for provider in Provider:
        if provider not in row.frame.providers:
            refused(ask(replace(case, provider=provider)), Reason.PROVIDER_NOT_COMPETENT, row)


@ROWS
def test_day_before_the_data_knows_the_law_is_refused_as_such(row: BasisRow) -> None:
    refused(ask(case_of(row), on=TABLE.known_from - timedelta(days=1)), Reason.NOT_YET_KNOWN, row)


@ROWS
def test_row_is_refused_before_it_is_in_force_and_after_it_ended(row: BasisRow) -> None:
    first, last = date(2027, 4, 1), date(2028, 3, 31)
    later = replace(row, in_force_from=first, in_force_until=last)
    table = BasisTable.of((replace(TABLE.rows[0], table="0"), later))
    case = replace(case_of(row), row=later)
    refused(ask(case, on=first - timedelta(days=1), table=table), Reason.BASIS_NOT_IN_FORCE, row)
    refused(ask(case, on=last + timedelta(days=1), table=table), Reason.BASIS_NOT_IN_FORCE, row)
    assert isinstance(ask(case, on=first, table=table), Grant)
    assert isinstance(ask(case, on=last, table=table), Grant)


@pytest.mark.requirement("R-110", "R-475")
@ROWS
def test_record_past_its_retention_is_refused(row: BasisRow) -> None:
    old = replace(KEPT, kept_until=TODAY - timedelta(days=1))
    refused(ask(case_of(row), old), Reason.RETENTION_OVER, row)
    assert isinstance(ask(case_of(row), replace(KEPT, kept_until=TODAY)), Grant)


@ROWS
def test_code_and_number_open_only_where_article_and_row_let_them(row: BasisRow) -> None:
    answer = ask(case_of(row))
    assert isinstance(answer, Grant)
    provided = fill(KEPT.record, answer, NUMBER)
    code_articles = {
        "30-9-2",
        "30-10(1)(4)",
        "30-11(1)(3)",
        "30-12(1)(4)",
        "30-15(3)",
        "30-15(4)",
        "30-15(5)",
    }
    assert (provided.resident_record_code == CODE) is (row.article in code_articles)
    assert (provided.individual_number == NUMBER) is row.may_use_number
    if row.article in ("30-13(1)", "30-13(2)", "30-13(3)", "30-14", "30-15(4)", "37(2)"):
        assert provided.individual_number is None


@pytest.mark.requirement("R-486")
@ROWS
def test_answer_holds_nothing_that_was_not_asked_for(row: BasisRow) -> None:
    case = case_of(row)
    only = Field.RESIDENT_RECORD_CODE if row.article == "30-9-2" else Field.BIRTH_DATE
    answer = ask(replace(case, request=replace(case.request, fields=(only,))))
    assert isinstance(answer, Grant)
    expected = ProvidedIdentity(row.key)
    if only is Field.BIRTH_DATE:
        expected = replace(expected, birth_date=KEPT.record.birth_date)
    else:
        expected = replace(expected, resident_record_code=CODE)
    assert fill(KEPT.record, answer, NUMBER) == expected


@ROWS
def test_row_is_complete_and_its_words_are_short(row: BasisRow) -> None:
    assert row.affair
    assert len(row.affair) <= 80
    assert all(body == body.strip() and "又は" not in body.split("に規定する")[-1] for body in row.bodies)
    assert row.label.startswith("住民基本台帳法")


def test_number_of_live_rows_is_that_of_the_law() -> None:
    counts = Counter(row.table for row in TABLE.rows if row.table in "123456")
    assert counts == {"1": 300, "2": 86, "3": 103, "4": 85, "5": 103, "6": 7}


def test_number_is_off_by_default() -> None:
    allowed = {row.key for row in TABLE.rows if row.table in "123456" and row.may_use_number}
    assert allowed.issuperset(SOME_LAW_NUMBER_ROWS)
    assert len(allowed) == 14


def test_law_coverage_figure(capsys: pytest.CaptureFixture[str]) -> None:
    figure = coverage(TABLE, TODAY, HOME, ELSEWHERE)
    with capsys.disabled():
        print("\n" + figure.text())
    assert figure.decided == figure.live
    assert sum(figure.live.values()) == 684 + 23


def test_permit_answers_before_any_record_is_read() -> None:
    case = case_named("1", "77")
    answer = permit(case.request, TABLE, on=TODAY, provider=Provider.NATIONAL, requester=case.requester)
    assert isinstance(answer, Grant)
