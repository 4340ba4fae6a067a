"""The cases of law in tests/cases/register.toml, as a registrar reads them."""

import tomllib
from datetime import timedelta
from pathlib import Path

import pytest

from daicho.rules.law.refusal import Refusal
from daicho.rules.people.addresses import Address
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.names import PersonName
from daicho.rules.register.birth import BirthEntry
from daicho.rules.register.changes import Entry
from daicho.rules.register.correction import Correction
from daicho.rules.register.death import DeathEntry
from daicho.rules.register.ex_officio import ExOfficioStrike
from daicho.rules.register.household_change import HouseholdChangeNotice, HouseholdMove
from daicho.rules.register.move_in import MoveInFromAbroad, MoveInNotice
from daicho.rules.register.move_out import MoveInReport, MoveOutNotice
from daicho.rules.register.move_within import MoveWithinNotice
from daicho.rules.register.name_change import NameCause, NameChangeEntry
from daicho.rules.register.numbering import CodeChange
from daicho.rules.register.reasons import ChangeReason, Ground

HOME = MunicipalityCode("13101")
ELSEWHERE = MunicipalityCode("01202")
HERE = Address(HOME, "架空町一丁目", "2番3号", "", "1000001", "")
THERE = Address(HOME, "想像町二丁目", "4番5号", "", "1000002", "")
CASES = tomllib.loads((Path(__file__).parents[2] / "cases" / "register.toml").read_text(encoding="utf-8"))[
    "case"
]
OUTCOMES = {
    "国内転入": ChangeReason.MOVE_IN,
    "国外転入等": ChangeReason.MOVE_IN_FROM_ABROAD,
    "出生": ChangeReason.BIRTH,
    "国内転出": ChangeReason.MOVE_OUT,
    "国外転出": ChangeReason.MOVE_OUT_ABROAD,
    "死亡": ChangeReason.DEATH,
    "職権消除等（その他）": ChangeReason.STRUCK_OTHER,
    "転居": ChangeReason.MOVE_WITHIN,
    "職権修正等": ChangeReason.AMENDED_EX_OFFICIO,
    "住民票コードの変更": ChangeReason.CODE_CHANGED_ON_REQUEST,
    "通知なし": ChangeReason.NOT_REPORTED,
}
GROUNDS = {"届出": Ground.NOTICE, "職権": Ground.EX_OFFICIO, "通知": Ground.REPORT}


def notice_of(case, comer, make):
    kind, day, told = case["notice"], case["happened"], case["notified"]
    who = tuple(case.get("who", ()))
    comers = [comer(place, word) for place, word in enumerate(case.get("people", ()), 1)]
    if kind.startswith("転入届（2番"):
        comers = [comer(1, resident_record_code=make(2).resident_record_code)]
    if kind == "出生":
        child = comer(1, case["people"][0], birth_date=PartialDate.of(day))
        return BirthEntry(child, 1, day, told)
    makers = {
        "転入届": lambda: MoveInNotice(tuple(comers), HERE, day, told, "函館市", ELSEWHERE),
        "国外転入届": lambda: MoveInFromAbroad(tuple(comers), HERE, day, told, "ブラジル"),
        "転居届": lambda: MoveWithinNotice(who, THERE, day, told),
        "転出届": lambda: MoveOutNotice(who, day, told, "函館市", ELSEWHERE),
        "国外転出届": lambda: MoveOutNotice(who, day, told, "ブラジル", abroad=True),
        "転入通知": lambda: MoveInReport(
            tuple(make(n).resident_record_code for n in who), day, told, ELSEWHERE, "函館市"
        ),
        "死亡": lambda: DeathEntry(who[0], day, told),
        "失踪宣告": lambda: ExOfficioStrike(who, ChangeReason.STRUCK_OTHER, day, told, "失踪宣告"),
        "氏名の変更": lambda: NameChangeEntry(
            who[0], PersonName("改姓　花子"), NameCause.MARRIAGE, day, told
        ),
        "世帯分離": lambda: HouseholdChangeNotice(HouseholdMove.SPLIT, who, day, told),
        "住民票コード変更請求": lambda: CodeChange(who[0], day, True),
        "誤記修正": lambda: Correction(who[0], day, "", "誤記"),
    }
    return makers[kind.split("（")[0]]()


@pytest.mark.requirement("R-002", "R-003")
@pytest.mark.parametrize("case", CASES, ids=[case["title"] for case in CASES])
def test_case_of_law(case, town, comer, make):
    town.settle(*(make(n, relationship=word) for n, word in enumerate(case.get("household", ()), 1)))
    today = case.get("today", case["notified"])
    answer = town.file(notice_of(case, comer, make), today, closed=case.get("closed", ()))
    if case["outcome"].startswith("拒否"):
        assert isinstance(answer, Refusal), answer
        assert answer.reason.value == case["outcome"].split()[1]
        assert str(answer.article) == case["article"]
        return
    assert isinstance(answer, Entry), answer
    assert answer.reason is OUTCOMES[case["outcome"]]
    if "late" in case:
        assert answer.late is case["late"]
    if "ground" in case:
        assert answer.ground is GROUNDS[case["ground"]]
    if "head" in case:
        heads = sorted(n for n, one in town.records.items() if one.living and one.is_householder)
        assert heads == case["head"]


def test_the_cases_speak_of_days_that_matter():
    assert all(case["notified"] - case["happened"] < timedelta(days=90) for case in CASES)
    assert len({case["title"] for case in CASES}) == len(CASES)
