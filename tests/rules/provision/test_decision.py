"""Who must not get whose record: the passport office, agencies, towns of other prefectures, forged rows."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from importlib.resources import files
from typing import Any

import pytest

from daicho.rules.identity.record import IdentityRecord, KeptRecord, RecordState
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.codes import MunicipalityCode, ResidentRecordCode, with_check_digit
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.sex import Sex
from daicho.rules.provision.articles import Provider, RequesterKind
from daicho.rules.provision.basis import BasisTable, MalformedBasis
from daicho.rules.provision.decision import Grant, may_search, out_of_reach, permit
from daicho.rules.provision.fields import Field
from daicho.rules.provision.request import ProvisionRequest, Requester
from daicho.rules.register.reasons import ChangeReason

TODAY = date(2026, 11, 20)
TABLE = BasisTable.parse(
    *(
        (files("daicho.rules.provision") / name).read_text("utf-8")
        for name in ("bases.csv", "bases_outside.csv")
    )
)
TOKYO, OSAKA = MunicipalityCode("13101"), MunicipalityCode("27215")
PENSION = Requester(RequesterKind.AGENCY, ("日本年金機構",))
PASSPORT = Requester(RequesterKind.PREFECTURE, ("都道府県知事",), prefecture="13")
EVERYTHING = tuple(Field)


def kept(municipality: MunicipalityCode = TOKYO) -> KeptRecord:
    record = IdentityRecord(
        resident_record_code=ResidentRecordCode(with_check_digit("0000000001")),
        name_kanji="海野　花子",
        name_gaiji_count=0,
        name_furigana="ウミノ　ハナコ",
        name_normalized_kana="ウミノハナコ",
        former_surname_kanji=None,
        former_surname_furigana=None,
        birth_date=PartialDate(1990, 4, 1),
        sex=Sex.FEMALE,
        municipality_code=municipality,
        aza_code="",
        postal_code="",
        address="本町１",
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
    )
    return KeptRecord(record, date(2026, 4, 1))


def ask(table: str, item: str, body: str, requester: Requester, **more: Any) -> Grant | Refusal:
    fields = more.pop("fields", EVERYTHING)
    person = more.pop("person", kept())
    where = {"provider": Provider.NATIONAL, "on": TODAY, **more}
    question = ProvisionRequest(table, item, body, fields)
    grant = permit(question, TABLE, requester=requester, **where)
    if isinstance(grant, Refusal):
        return grant
    where.pop("provider")
    return out_of_reach(grant, person, requester=requester, **where) or grant


def reason_of(answer: Grant | Refusal) -> Reason | None:
    return answer.reason if isinstance(answer, Refusal) else None


@pytest.mark.requirement("R-117", "R-114")
def test_passport_office_gets_its_own_people_from_its_own_prefecture_without_code_and_number() -> None:
    answer = ask("5", "6", "都道府県知事", PASSPORT, provider=Provider.PREFECTURE, territory="13")
    assert isinstance(answer, Grant)
    assert answer.row.key == "5-6"
    assert answer.row.statute == "旅券法"
    assert answer.withheld == (Field.INDIVIDUAL_NUMBER, Field.RESIDENT_RECORD_CODE)


@pytest.mark.requirement("R-117")
@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"provider": Provider.NATIONAL}, Reason.PROVIDER_NOT_COMPETENT),
        ({"provider": Provider.PREFECTURE, "territory": "27"}, Reason.REQUESTER_NOT_NAMED),
        (
            {"provider": Provider.PREFECTURE, "territory": "13", "person": kept(OSAKA)},
            Reason.PERSON_OUT_OF_REACH,
        ),
        ({"provider": Provider.PREFECTURE, "territory": "13", "fields": ()}, Reason.NOTHING_TO_PROVIDE),
    ],
)
def test_passport_office_gets_nobody_else(more: dict[str, Any], reason: Reason) -> None:
    assert reason_of(ask("5", "6", "都道府県知事", PASSPORT, **more)) is reason


@pytest.mark.requirement("R-117")
def test_no_other_prefectures_passport_office_is_served_by_the_nation() -> None:
    assert not [row for row in TABLE.rows if row.table == "3" and "旅券" in row.statute + row.affair]


@pytest.mark.requirement("R-110", "R-130")
def test_pension_service_gets_number_but_never_the_code() -> None:
    answer = ask("1", "77", "日本年金機構", PENSION)
    assert isinstance(answer, Grant)
    assert Field.INDIVIDUAL_NUMBER in answer.fields
    assert answer.withheld == (Field.RESIDENT_RECORD_CODE,)


@pytest.mark.requirement("R-110", "R-130")
@pytest.mark.parametrize(
    ("table", "item", "body"),
    [("1", "97", "日本年金機構"), ("1", "97", "国土交通省"), ("1", "77", "国土交通省")],
)
def test_agency_cannot_borrow_another_bodys_row(table: str, item: str, body: str) -> None:
    assert reason_of(ask(table, item, body, PENSION)) is Reason.REQUESTER_NOT_NAMED


@pytest.mark.requirement("R-130")
@pytest.mark.parametrize(("table", "item"), [("1", "4"), ("1", "999"), ("7", "1"), ("", "")])
def test_row_that_the_law_does_not_have_is_no_basis(table: str, item: str) -> None:
    answer = ask(table, item, "日本年金機構", PENSION)
    assert reason_of(answer) is Reason.NO_LEGAL_BASIS
    assert isinstance(answer, Refusal)
    assert answer.detail == f"row={table}-{item}"


@pytest.mark.requirement("R-116")
def test_mayor_asks_for_register_work_by_article_10_at_home_and_12_elsewhere() -> None:
    mayor = Requester(RequesterKind.MUNICIPALITY, ("市町村長",), TOKYO)
    at_home = ask("30-10", "1-4", "市町村長", mayor)
    assert isinstance(at_home, Grant)
    assert at_home.withheld == ()
    away = ask("30-12", "1-4", "市町村長", mayor, person=kept(OSAKA))
    assert isinstance(away, Grant)
    assert away.row.frame.through_governor
    assert reason_of(ask("30-10", "1-4", "市町村長", mayor, person=kept(OSAKA))) is Reason.PERSON_OUT_OF_REACH
    assert reason_of(ask("30-12", "1-4", "市町村長", mayor)) is Reason.PERSON_OUT_OF_REACH


def test_mayor_without_a_municipality_is_nobody() -> None:
    nobody = Requester(RequesterKind.MUNICIPALITY, ("市町村長",))
    assert reason_of(ask("30-10", "1-4", "市町村長", nobody)) is Reason.REQUESTER_NOT_NAMED


@pytest.mark.requirement("R-112")
def test_governor_asks_the_nation_only_for_people_of_other_prefectures() -> None:
    governor = Requester(RequesterKind.PREFECTURE, ("都道府県知事",), prefecture="13")
    assert isinstance(ask("3", "7-5", "都道府県知事", governor, person=kept(OSAKA)), Grant)
    assert reason_of(ask("3", "7-5", "都道府県知事", governor)) is Reason.PERSON_OUT_OF_REACH


@pytest.mark.requirement("R-115")
def test_other_bodies_of_the_prefecture_are_served_by_their_own_governor_only() -> None:
    board = Requester(RequesterKind.PREFECTURE, ("教育委員会",), prefecture="13")
    where = {"provider": Provider.PREFECTURE, "territory": "13"}
    assert isinstance(ask("6", "2", "教育委員会", board, **where), Grant)
    stranger = replace(board, prefecture="27")
    assert reason_of(ask("6", "2", "教育委員会", stranger, **where)) is Reason.REQUESTER_NOT_NAMED


def test_certification_service_may_not_have_the_number() -> None:
    own = Requester(RequesterKind.NATIONAL, ("地方公共団体情報システム機構",))
    answer = ask("30-15", "4", "地方公共団体情報システム機構", own)
    assert isinstance(answer, Grant)
    assert answer.withheld == (Field.INDIVIDUAL_NUMBER,)


@pytest.mark.requirement("R-037")
@pytest.mark.parametrize(
    ("item", "body", "by", "reason"),
    [
        ("77", "日本年金機構", "number", None),
        ("77", "日本年金機構", "code", Reason.SEARCH_KEY_NOT_ALLOWED),
        ("97", "国土交通省", "number", Reason.SEARCH_KEY_NOT_ALLOWED),
        ("97", "国土交通省", "name", None),
    ],
)
def test_asker_cannot_search_by_what_he_may_not_hold(
    item: str, body: str, by: str, reason: Reason | None
) -> None:
    grant = ask("1", item, body, Requester(RequesterKind.AGENCY, (body,)))
    assert isinstance(grant, Grant)
    answer = may_search(grant, by_code=by == "code", by_number=by == "number")
    assert (answer.reason if answer else None) is reason


def test_rows_of_a_body_come_in_the_order_of_the_law() -> None:
    keys = [row.key for row in TABLE.rows_for_body("日本年金機構", TODAY)]
    assert "1-77" in keys
    assert keys == [row.key for row in TABLE.rows if "日本年金機構" in row.bodies]
    assert TABLE.rows_for_body("日本年金機構", date(2020, 1, 1)) == ()


@pytest.mark.parametrize(
    ("key", "label"),
    [
        (("1", "77-5"), "住民基本台帳法別表第一の七十七の五"),
        (("5", "6"), "住民基本台帳法別表第五の六"),
        (("30-12", "1-4"), "住民基本台帳法第30条の12第1項第4号"),
        (("37", "2"), "住民基本台帳法第37条第2項"),
    ],
)
def test_row_cites_itself_as_the_law_does(key: tuple[str, str], label: str) -> None:
    row = TABLE.row(*key, TODAY)
    assert row is not None
    assert row.label == label


HEADER = (
    "table,item,article,recipient_class,body,statute,affair,may_use_number,in_force_from,in_force_until\n"
)
LINE = "1,1,30-9,national,某機関,某法,某法の事務,0,2026-06-14,\n"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: "",
        lambda text: text.replace("table,", "tafel,"),
        lambda text: text.replace("30-9", "30-99"),
        lambda text: text.replace(",0,", ",maybe,"),
        lambda text: text.replace("2026-06-14", "2026-02-30"),
        lambda text: text.replace("某機関", ""),
        lambda text: text.replace("某法の事務", ""),
        lambda text: text.rstrip("\n") + ",too much\n",
        lambda text: text + LINE,
        lambda _: HEADER,
    ],
)
def test_unreadable_bases_are_refused_as_a_whole(spoil: Callable[[str], str]) -> None:
    assert BasisTable.parse(HEADER + LINE).row("1", "1", TODAY) is not None
    with pytest.raises(MalformedBasis):
        BasisTable.parse(spoil(HEADER + LINE))


def test_amended_row_takes_over_on_its_day() -> None:
    text = (
        HEADER
        + LINE.replace("2026-06-14,", "2026-06-14,2027-03-31")
        + LINE.replace("某法の事務", "新しい事務").replace("2026-06-14", "2027-04-01")
    )
    table = BasisTable.parse(text)
    old, new = table.row("1", "1", date(2027, 3, 31)), table.row("1", "1", date(2027, 4, 1))
    assert old is not None
    assert new is not None
    assert (old.affair, new.affair) == ("某法の事務", "新しい事務")
