"""What each change writes, item by item: tests/cases/written.txt, as a registrar compares it with the paper.

Whoever changes the law part on purpose writes the file anew (`python -m tests.rules.register.test_written`) and
reads the difference.
"""

import difflib
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from tests.rules.register.conftest import Town, arriving, code, record
from tests.rules.register.test_cases import CASES, notice_of

from daicho.rules.law.refusal import Refusal
from daicho.rules.people.addresses import Address
from daicho.rules.people.codes import MunicipalityCode, ResidentRecordCode
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.names import FormerSurname, PersonName
from daicho.rules.people.sex import Sex
from daicho.rules.register.address_renaming import AddressRenaming, RenamedHome
from daicho.rules.register.birth import BirthEntry
from daicho.rules.register.cancellation import Cancellation
from daicho.rules.register.changes import Entry
from daicho.rules.register.correction import Correction
from daicho.rules.register.death import DeathEntry
from daicho.rules.register.drafting import Notice
from daicho.rules.register.ex_officio import ExOfficioEntry, ExOfficioStrike, Restoration, Rewriting
from daicho.rules.register.household_change import HouseholdChangeNotice, HouseholderChange, HouseholdMove
from daicho.rules.register.move_in import MoveInFromAbroad, MoveInNotice
from daicho.rules.register.move_out import MoveInReport, MoveOutDue, MoveOutNotice
from daicho.rules.register.move_within import MoveWithinNotice
from daicho.rules.register.name_change import NameCause, NameChangeEntry
from daicho.rules.register.numbering import CodeChange, NumberNotice
from daicho.rules.register.reasons import ChangeReason
from daicho.rules.register.record import (
    ForeignItems,
    HouseholdRelation,
    Removal,
    ResidentKind,
    ResidentRecord,
)
from daicho.rules.register.residence_change import ResidenceChange

FILE = Path("tests/cases/written.txt")
HOME, ELSEWHERE = MunicipalityCode("13101"), MunicipalityCode("01202")
HERE = Address(HOME, "架空町一丁目", "2番3号", "", "1000001", "")
THERE = Address(HOME, "想像町二丁目", "4番5号", "仮想荘101", "1000002", "")
AWAY = Address(ELSEWHERE, "架空町", "1番", "", "", "")
DAY = date(2026, 11, 20)
BEFORE = DAY - timedelta(days=6)
LONG_AGO = DAY - timedelta(days=40)
TOMORROW = DAY + timedelta(days=1)
NEXT_WEEK = DAY + timedelta(days=7)
SON = HouseholdRelation(3, "子")
_FOREIGN = ForeignItems(LONG_AGO, "ブラジル", "中長期在留者", "AB1CD", "永住者", "無期限", date(2030, 1, 1))


def _family(**householder: Any) -> Town:
    child = {
        "birth_date": PartialDate(2015, 5, 5),
        "resident_since": date(2016, 4, 1),
        "address_since": date(2016, 4, 1),
    }
    return Town().settle(
        record(1, **householder),
        record(
            2,
            relationship="夫",
            name=PersonName("試験　二郎"),
            registered_domicile="架空県1番",
            previous_address="仮想県2番",
        ),
        record(3, relationship="子", **child),
        record(7, household=7, householder_name="別家　七郎", name=PersonName("別家　七郎")),
        record(
            8,
            household=8,
            householder_name="遠家　八郎",
            name=PersonName("遠家　八郎"),
            current_address=THERE,
        ),
    )


_STRUCK = record(
    9, household=9, removal=Removal(ChangeReason.MOVE_OUT, LONG_AGO, LONG_AGO), update_sequence=4, remarks=("備考",),
    certificate_history=("交付",), card_info=("カード",), record_code_used_from=date(2015, 1, 1),
    old_resident_record_code=code(99),
)  # fmt: skip
_MISSED = record(
    11, household=11, name=PersonName("失踪　十一郎"), householder_name="失踪　十一郎", relationship="世帯主", update_sequence=3,
    removal=Removal(ChangeReason.STRUCK_OTHER, LONG_AGO, BEFORE),
)  # fmt: skip
_MISSED_ELSEWHERE = replace(
    _MISSED, addressee_number=12, resident_record_code=code(12), household_number=12, current_address=THERE
)
_GUEST = record(
    13, household=13, householder_name="ＳＩＬＶＡ", name=PersonName("ＳＩＬＶＡ", "シルバ", roman="SILVA", alias="通称　花子"),
    resident_kind=ResidentKind.FOREIGN, foreign=replace(_FOREIGN, residence_status="留学", residence_period="2年"),
)  # fmt: skip
_HELD = replace(_STRUCK, addressee_number=10, resident_record_code=code(10), processing_hold=True)


def _in(*people: Any, **more: Any) -> MoveInNotice:
    told = {"address": HERE, "moved_on": BEFORE, "notified_on": DAY} | more
    return MoveInNotice(
        people,
        told.pop("address"),
        told.pop("moved_on"),
        told.pop("notified_on"),
        "函館市架空町1番",
        ELSEWHERE,
        **told,
    )


def _correct(**items: Any) -> Correction:
    told = {"addressee_number": 1, "corrected_on": DAY, "permit_id": "許可1", "what": "転記の誤り"} | items
    return Correction(**told)


_FAMILY_NOTICES: dict[str, Notice | list[Notice]] = {
    "転入届: 世帯に入る": _in(arriving(1, "子の妻"), household_number=1),
    "転入届: 特例転入、転入前住所あり": _in(arriving(1), by_card=True, move_in_from_address="小樽市架空町2番", address=THERE),
    "転入届: 旧氏・振り仮名・通称をもつ者": _in(
        arriving(1, name=PersonName("旧家　一郎", "キュウカ　イチロウ", True, None, FormerSurname("前家", "マエイエ")), sex=Sex.FEMALE),
        arriving(2, "妻", resident_kind=ResidentKind.FOREIGN, foreign=_FOREIGN, name=PersonName("ＳＩＬＶＡ", roman="SILVA", alias="通称　花子")),
    ),
    "転入届: 14日を過ぎた届出": _in(arriving(1), moved_on=LONG_AGO),
    "転入届: 他の市町村の住所": _in(arriving(1), address=AWAY),
    "転入届: 先の日": _in(arriving(1), moved_on=TOMORROW, notified_on=TOMORROW),
    "転入届: ない世帯に入る": _in(arriving(1), household_number=77),
    "転入届: 他の住所の世帯に入る": _in(arriving(1, "母"), household_number=8),
    "国外転入届": MoveInFromAbroad((arriving(1), arriving(2, "妻")), HERE, BEFORE, DAY, "ブラジル"),
    "国外転入届: 外国人住民": MoveInFromAbroad((arriving(1, resident_kind=ResidentKind.FOREIGN, foreign=_FOREIGN),), HERE, LONG_AGO, DAY, "ブラジル"),
    "転居届: 全員": MoveWithinNotice((1, 2, 3), THERE, BEFORE, DAY),
    "転居届: 一人が新しい世帯をつくる": MoveWithinNotice((2,), THERE, DAY, DAY),
    "転居届: 世帯主が移り、夫が継ぐ": MoveWithinNotice((1,), THERE, BEFORE, DAY, successor=2, relations=(SON,)),
    "転居届: 移った先の世帯に入る": MoveWithinNotice((2,), THERE, BEFORE, DAY, household_number=8, mover_relations=(HouseholdRelation(2, "弟"),)),
    "転居届: 14日を過ぎた届出": MoveWithinNotice((2,), THERE, LONG_AGO, DAY),
    "転居届: 他の市町村へ": MoveWithinNotice((2,), AWAY, DAY, DAY),
    "転居届: 住み始めた日と同じ日": MoveWithinNotice((2,), THERE, date(2010, 4, 1), DAY),
    "転居届: 住み始める前の日": MoveWithinNotice((2,), THERE, date(2010, 3, 31), DAY),
    "転居届: 入る世帯の住所が違う": MoveWithinNotice((2,), Address(HOME, "別町", "1番", "", "", ""), DAY, DAY, household_number=8, mover_relations=(HouseholdRelation(2, "弟"),)),
    "転居届: 二人で新しい世帯をつくる": MoveWithinNotice((2, 3), THERE, DAY, DAY, mover_relations=(HouseholdRelation(2, "世帯主"), SON)),
    "転居届: 続柄のない者がある": MoveWithinNotice((2, 3), THERE, DAY, DAY, mover_relations=(HouseholdRelation(2, "世帯主"),)),
    "転居届: 世帯主がない": MoveWithinNotice((2, 3), THERE, DAY, DAY, mover_relations=(HouseholdRelation(2, "夫"), SON)),
    "転居届: 世帯主が二人": MoveWithinNotice((2, 3), THERE, DAY, DAY, mover_relations=(HouseholdRelation(2, "世帯主"), HouseholdRelation(3, "世帯主"))),
    "転居届: ない世帯に入る": MoveWithinNotice((2,), THERE, DAY, DAY, household_number=77, mover_relations=(HouseholdRelation(2, "弟"),)),
    "転居届: 世帯に世帯主として入る": MoveWithinNotice((2,), THERE, DAY, DAY, household_number=8, mover_relations=(HouseholdRelation(2, "世帯主"),)),
    "転居届: 知らない続柄": MoveWithinNotice((2,), THERE, DAY, DAY, household_number=8, mover_relations=(HouseholdRelation(2, "長男"),)),
    "世帯構成変更: 自分の世帯に入る": HouseholdChangeNotice(HouseholdMove.JOIN, (3,), BEFORE, DAY, household_number=1, mover_relations=(SON,)),
    "転居届: 先の日": MoveWithinNotice((2,), THERE, TOMORROW, TOMORROW),
    "転出届: 予定の日を登録する": MoveOutNotice((2,), NEXT_WEEK, DAY, "函館市架空町9番", ELSEWHERE),
    "転出届: 世帯主の予定、夫が継ぐ": MoveOutNotice((1,), NEXT_WEEK, DAY, "函館市架空町9番", ELSEWHERE, successor=2, relations=(SON,)),
    "転出届: 世帯主の予定、継ぐ者がない": MoveOutNotice((1,), NEXT_WEEK, DAY, "函館市架空町9番", ELSEWHERE),
    "転出届: 移った後の届出": MoveOutNotice((2,), BEFORE, DAY, "函館市架空町9番", ELSEWHERE),
    "転出届: 世帯主が移った後": MoveOutNotice((1,), BEFORE, DAY, "函館市架空町9番", ELSEWHERE, successor=2, relations=(SON,)),
    "転出届: 14日を過ぎた申出": MoveOutNotice((2,), LONG_AGO, DAY, "函館市架空町9番", ELSEWHERE),
    "転出届: 国外へ": MoveOutNotice((2,), BEFORE, DAY, "ブラジル", abroad=True),
    "転出届: 国外への予定": MoveOutNotice((2,), NEXT_WEEK, DAY, "ブラジル", abroad=True),
    "転出届: カードによる": MoveOutNotice((2,), NEXT_WEEK, DAY, "函館市架空町9番", ELSEWHERE, by_card=True),
    "転出届: カードによる、日が過ぎた": MoveOutNotice((2,), LONG_AGO, DAY, "函館市架空町9番", ELSEWHERE, by_card=True),
    "転出届: 同じ市町村へ": MoveOutNotice((2,), NEXT_WEEK, DAY, "千代田区", HOME),
    "転出届: 二度目": [MoveOutNotice((2,), NEXT_WEEK, DAY, "函館市", ELSEWHERE), MoveOutNotice((2,), NEXT_WEEK, DAY, "函館市", ELSEWHERE)],
    "転出予定日の到来": [MoveOutNotice((2,), NEXT_WEEK, DAY, "函館市架空町9番", ELSEWHERE), MoveOutDue((2,))],
    "転出予定日の到来: 世帯主": [MoveOutNotice((1,), NEXT_WEEK, DAY, "函館市架空町9番", ELSEWHERE, successor=2, relations=(SON,)), MoveOutDue((1,))],
    "転出予定日の到来: 国外へ": [MoveOutNotice((2,), NEXT_WEEK, DAY, "ブラジル", abroad=True), MoveOutDue((2,))],
    "転出予定日の到来: 予定がない": MoveOutDue((2,)),
    "転入通知: 予定の者": [MoveOutNotice((2,), NEXT_WEEK, DAY, "函館市", ELSEWHERE), MoveInReport((code(2),), DAY, DAY, ELSEWHERE, "函館市新町1番")],
    "転入通知: 国外への予定だった者": [MoveOutNotice((2,), NEXT_WEEK, DAY, "ブラジル", abroad=True), MoveInReport((code(2),), DAY, DAY, ELSEWHERE, "函館市新町1番")],
    "転入通知: 届出のない者": MoveInReport((code(2), code(3)), BEFORE, DAY, ELSEWHERE, "函館市新町1番"),
    "転入通知: 届出のない世帯主、夫が継ぐ": MoveInReport((code(1),), BEFORE, DAY, ELSEWHERE, "函館市新町1番", successor=2, relations=(SON,)),
    "転入通知: 先の日": MoveInReport((code(2),), TOMORROW, DAY, ELSEWHERE, "函館市新町1番"),
    "転入通知: 知らない者": MoveInReport((code(55),), BEFORE, DAY, ELSEWHERE, "函館市新町1番"),
    "世帯分離": HouseholdChangeNotice(HouseholdMove.SPLIT, (2,), BEFORE, DAY),
    "世帯分離: 世帯主が分かれ、夫が継ぐ": HouseholdChangeNotice(HouseholdMove.SPLIT, (1,), BEFORE, DAY, successor=2, relations=(SON,)),
    "世帯分離: 14日を過ぎた届出": HouseholdChangeNotice(HouseholdMove.SPLIT, (2,), LONG_AGO, DAY),
    "世帯分離: 入る世帯を書いたもの": HouseholdChangeNotice(HouseholdMove.SPLIT, (2,), BEFORE, DAY, household_number=7),
    "世帯分離: 全員": HouseholdChangeNotice(HouseholdMove.SPLIT, (1, 2, 3), BEFORE, DAY),
    "世帯構成変更": HouseholdChangeNotice(HouseholdMove.JOIN, (3,), BEFORE, DAY, household_number=7, mover_relations=(HouseholdRelation(3, "同居人"),)),
    "世帯構成変更: 入る世帯がない": HouseholdChangeNotice(HouseholdMove.JOIN, (3,), BEFORE, DAY, household_number=77),
    "世帯構成変更: 入る世帯の住所が違う": HouseholdChangeNotice(HouseholdMove.JOIN, (3,), BEFORE, DAY, household_number=8, mover_relations=(HouseholdRelation(3, "同居人"),)),
    "世帯合併": HouseholdChangeNotice(HouseholdMove.MERGE, (7,), BEFORE, DAY, household_number=1, mover_relations=(HouseholdRelation(7, "弟"),)),
    "世帯合併: 一部だけ": HouseholdChangeNotice(HouseholdMove.MERGE, (3,), BEFORE, DAY, household_number=7),
    "世帯変更: 先の日": HouseholdChangeNotice(HouseholdMove.SPLIT, (2,), TOMORROW, TOMORROW),
    "世帯主変更": HouseholderChange(1, 2, (HouseholdRelation(1, "妻"), SON), BEFORE, DAY),
    "世帯主変更: 14日を過ぎた届出": HouseholderChange(1, 2, (HouseholdRelation(1, "妻"), SON), LONG_AGO, DAY),
    "世帯主変更: 職権": HouseholderChange(1, 2, (HouseholdRelation(1, "妻"), SON), LONG_AGO, DAY, ex_officio=True),
    "世帯主変更: ない世帯": HouseholderChange(77, 2, (), BEFORE, DAY),
    "世帯主変更: 既に世帯主": HouseholderChange(1, 1, (HouseholdRelation(2, "夫"), SON), BEFORE, DAY),
    "世帯主変更: 職権、既に世帯主": HouseholderChange(1, 1, (HouseholdRelation(2, "夫"), SON), BEFORE, DAY, ex_officio=True),
    "世帯主変更: 先の日": HouseholderChange(1, 2, (SON,), TOMORROW, TOMORROW),
    "誤記修正: すべての項目": _correct(
        name=PersonName("直家　一郎", "ナオイエ　イチロウ", True), birth_date=PartialDate(1981, 5, 6), sex=Sex.MALE, current_address=Address(HOME, "架空町一丁目", "3番1号", "", "1000003", "012"),
        resident_since=date(2011, 1, 2), address_since=date(2012, 3, 4), previous_address="仮想県3番", registered_domicile="仮想県4番",
        family_register_head="直家　零郎", remark="備考を加える", processing_hold=True, wrong_since=BEFORE,
    ),
    "誤記修正: 世帯員の続柄": _correct(addressee_number=2, relationship="同居人"),
    "誤記修正: 文字を消す": _correct(addressee_number=2, registered_domicile="", previous_address=""),
    "誤記修正: 軽微な修正": _correct(addressee_number=2, current_address=Address(HOME, "架空町一丁目", "2番3号", "新荘", "1000001", ""), minor=True),
    "誤記修正: 許可がない": _correct(permit_id="", sex=Sex.MALE),
    "誤記修正: 何も変わらない": _correct(sex=Sex.FEMALE),
    "誤記修正: 他の市町村の住所": _correct(current_address=AWAY),
    "誤記修正: 誤りの始まりが先の日": _correct(sex=Sex.MALE, wrong_since=TOMORROW),
    "誤記修正: 誤りの始まりが同じ日": _correct(sex=Sex.MALE, wrong_since=DAY),
    "誤記修正: 住所を定めた日が先の日": _correct(address_since=TOMORROW),
    "誤記修正: 住所を定めた日が修正の日": _correct(address_since=DAY),
    "誤記修正: 住民となった日より後の出生": _correct(birth_date=PartialDate(2010, 4, 2)),
    "誤記修正: 住民となった日の出生": _correct(birth_date=PartialDate(2010, 4, 1)),
    "誤記修正: 住民となる前に住所を定めた": _correct(address_since=date(2010, 3, 31)),
    "誤記修正: 先の日": _correct(corrected_on=TOMORROW, sex=Sex.MALE),
    "誤記修正: いない者": _correct(addressee_number=77, sex=Sex.MALE),
    "死亡": DeathEntry(2, BEFORE, DAY),
    "死亡: 世帯主、夫が継ぐ": DeathEntry(1, BEFORE, DAY, successor=2, relations=(SON,)),
    "死亡: 他の市町村からの通知": DeathEntry(2, BEFORE, DAY, by_report=True),
    "出生": BirthEntry(arriving(1, "子", birth_date=PartialDate.of(BEFORE)), 1, BEFORE, DAY),
    "出生: 他の市町村からの通知": BirthEntry(arriving(1, "子", birth_date=PartialDate.of(BEFORE)), 1, BEFORE, DAY, by_report=True),
    "出生: ない世帯": BirthEntry(arriving(1, "子", birth_date=PartialDate.of(BEFORE)), 77, BEFORE, DAY),
    "氏名の変更: 婚姻、戸籍も変わる": NameChangeEntry(2, PersonName("改家　花子"), NameCause.MARRIAGE, BEFORE, DAY, "仮想県9番", "改家　太郎"),
    "氏名の変更: 世帯主": NameChangeEntry(1, PersonName("改家　一郎"), NameCause.MARRIAGE, BEFORE, DAY),
    "氏名の変更: 通知による": NameChangeEntry(2, PersonName("改家　花子"), NameCause.MARRIAGE, BEFORE, DAY, by_report=True),
    "氏名の変更: 同じ氏名": NameChangeEntry(2, PersonName("試験　二郎"), NameCause.MARRIAGE, BEFORE, DAY),
    "職権消除": ExOfficioStrike((2,), ChangeReason.STRUCK_OTHER, BEFORE, DAY, "失踪宣告"),
    "職権消除: 世帯主、夫が継ぐ": ExOfficioStrike((1,), ChangeReason.STRUCK_OTHER, BEFORE, DAY, "失踪宣告", 2, (SON,)),
    "職権消除: 消除の事由でない": ExOfficioStrike((2,), ChangeReason.MOVE_IN, BEFORE, DAY, "失踪宣告"),
    "職権記載": ExOfficioEntry((arriving(1),), HERE, ChangeReason.ENTERED_OTHER, BEFORE, DAY, "就籍", previous_address="不明"),
    "職権記載: 世帯に入る": ExOfficioEntry((arriving(1, "子"),), HERE, ChangeReason.ENTERED_OTHER, BEFORE, DAY, "就籍", household_number=1),
    "職権記載: 記載の事由でない": ExOfficioEntry((arriving(1),), HERE, ChangeReason.DEATH, BEFORE, DAY, "就籍"),
    "職権回復: 一人の世帯": Restoration((11,), DAY, "失踪宣告の取消し"),
    "職権回復: 元の世帯に入る": [
        ExOfficioStrike((2,), ChangeReason.STRUCK_OTHER, BEFORE, DAY, "不現住"),
        Restoration((2,), DAY, "居住を確認", 1, (HouseholdRelation(2, "夫"),)),
    ],
    "職権回復: 死亡の記載が誤り、世帯主だった者": [
        DeathEntry(1, BEFORE, DAY, successor=2, relations=(SON,)),
        Restoration((1,), DAY, "死亡届の取消し", 1, (HouseholdRelation(1, "妻"),)),
    ],
    "職権回復: 転出した者": Restoration((9,), DAY, "誤り"),
    "職権回復: 消除されていない者": Restoration((2,), DAY, "誤り"),
    "職権回復: いない者": Restoration((77,), DAY, "誤り"),
    "職権回復: だれもいない": Restoration((), DAY, "誤り"),
    "職権回復: 先の日": Restoration((11,), TOMORROW, "誤り"),
    "職権回復: 入る世帯の住所が違う": Restoration((11,), DAY, "誤り", 8, (HouseholdRelation(11, "同居人"),)),
    "職権回復: 続柄が分からない": Restoration((11,), DAY, "誤り", 1, (HouseholdRelation(11, "いとこ"),)),
    "職権回復: 住所の違う二人": Restoration((11, 12), DAY, "誤り"),
    "改製": [_correct(addressee_number=2, remark="旧備考"), Rewriting((2,), DAY, "備考欄の余白がない")],
    "改製: 世帯の全員": Rewriting((1, 2, 3), DAY, "様式の変更"),
    "改製: 消除された者": Rewriting((9,), DAY, "様式の変更"),
    "改製: 先の日": Rewriting((2,), TOMORROW, "様式の変更"),
    "住居表示: 世帯の全員": AddressRenaming(
        tuple(RenamedHome(number, replace(THERE, building="")) for number in (1, 2, 3)), BEFORE, DAY, "告示第12号",
    ),
    "町名変更: 本籍も、後から来た者": AddressRenaming(
        (RenamedHome(2, replace(HERE, town="改称町"), "架空県改称町1番"),), LONG_AGO, DAY, "告示第12号", BEFORE,
    ),
    "住居表示: 先の日": AddressRenaming((RenamedHome(2, THERE),), TOMORROW, TOMORROW, "告示第12号"),
    "住居表示: 消除された者": AddressRenaming((RenamedHome(9, THERE),), BEFORE, DAY, "告示第12号"),
    "取消: 住居表示": [
        AddressRenaming((RenamedHome(2, THERE),), BEFORE, DAY, "告示第12号"), Cancellation("e1", DAY, "表の誤り"),
    ],
    "住民票コードの変更請求": CodeChange(2, DAY, on_request=True),
    "住民票コードの職権変更": CodeChange(2, DAY, on_request=False),
    "個人番号の記載": NumberNotice(code(2), ChangeReason.NUMBER_ENTERED, DAY),
    "個人番号の記載: 知らない者": NumberNotice(code(55), ChangeReason.NUMBER_ENTERED, DAY),
    "取消: 転居": [MoveWithinNotice((2,), THERE, DAY, DAY), Cancellation("e1", DAY, "届出の誤り")],
    "取消: 転出": [MoveOutNotice((2,), BEFORE, DAY, "函館市", ELSEWHERE), Cancellation("e1", DAY, "届出の誤り")],
    "取消: 転入": [_in(arriving(1), address=THERE), Cancellation("e1", DAY, "届出の誤り")],
    "取消: 後に別の異動がある": [MoveWithinNotice((2,), THERE, DAY, DAY), NameChangeEntry(2, PersonName("改家　花子"), NameCause.MARRIAGE, DAY, DAY), Cancellation("e1", DAY, "届出の誤り")],
    "転居届: いない者": MoveWithinNotice((77,), THERE, DAY, DAY),
    "転出届: いない者": MoveOutNotice((77,), NEXT_WEEK, DAY, "函館市", ELSEWHERE),
    "転出届: 先の届出": MoveOutNotice((2,), NEXT_WEEK, TOMORROW, "函館市", ELSEWHERE),
    "世帯変更: いない者": HouseholdChangeNotice(HouseholdMove.SPLIT, (77,), BEFORE, DAY),
    "氏名の変更: いない者": NameChangeEntry(77, PersonName("改家　花子"), NameCause.MARRIAGE, BEFORE, DAY),
    "氏名の変更: 先の日": NameChangeEntry(2, PersonName("改家　花子"), NameCause.MARRIAGE, TOMORROW, TOMORROW),
    "氏名の変更: 戸籍は変わらない": NameChangeEntry(2, PersonName("改家　花子"), NameCause.MARRIAGE, BEFORE, DAY, None, None),
    "死亡: いない者": DeathEntry(77, BEFORE, DAY),
    "死亡: 先の日": DeathEntry(2, TOMORROW, TOMORROW),
    "出生: 先の日": BirthEntry(arriving(1, "子", birth_date=PartialDate.of(TOMORROW)), 1, TOMORROW, TOMORROW),
    "国外転入届: 先の日": MoveInFromAbroad((arriving(1),), HERE, TOMORROW, TOMORROW, "ブラジル"),
    "国外転入届: 世帯に入る": MoveInFromAbroad((arriving(1, "子"),), HERE, BEFORE, DAY, "ブラジル", household_number=1),
    "職権消除: 先の日": ExOfficioStrike((2,), ChangeReason.STRUCK_OTHER, TOMORROW, TOMORROW, "失踪宣告"),
    "職権消除: いない者": ExOfficioStrike((77,), ChangeReason.STRUCK_OTHER, BEFORE, DAY, "失踪宣告"),
    "職権記載: 先の日": ExOfficioEntry((arriving(1),), HERE, ChangeReason.ENTERED_OTHER, TOMORROW, TOMORROW, "就籍"),
    "住民票コードの変更請求: 先の日": CodeChange(2, TOMORROW, on_request=True),
    "住民票コードの変更請求: いない者": CodeChange(77, DAY, on_request=True),
    "個人番号の変更請求": NumberNotice(code(2), ChangeReason.NUMBER_CHANGED_ON_REQUEST, DAY),
    "個人番号の記載: 消除された者": NumberNotice(code(9), ChangeReason.NUMBER_ENTERED, DAY),
    "個人番号の記載: 先の日": NumberNotice(code(2), ChangeReason.NUMBER_ENTERED, TOMORROW),
    "個人番号の記載: 番号の事由でない": NumberNotice(code(2), ChangeReason.MOVE_IN, DAY),
    "取消: 先の日": [MoveWithinNotice((2,), THERE, DAY, DAY), Cancellation("e1", TOMORROW, "届出の誤り")],
    "取消: 世帯主変更": [HouseholderChange(1, 2, (HouseholdRelation(1, "妻"), SON), BEFORE, DAY), Cancellation("e1", DAY, "届出の誤り")],
    "取消: 氏名の変更": [NameChangeEntry(1, PersonName("改家　一郎"), NameCause.MARRIAGE, BEFORE, DAY), Cancellation("e1", DAY, "届出の誤り")],
    "取消: 死亡": [DeathEntry(1, BEFORE, DAY, successor=2, relations=(SON,)), Cancellation("e1", DAY, "届出の誤り")],
    "取消: 転入した世帯": [_in(arriving(1), arriving(2, "妻"), address=THERE), Cancellation("e1", DAY, "届出の誤り")],
    "取消: 世帯主の転出、その後に入った者がある": [
        MoveOutNotice((1,), BEFORE, DAY, "函館市", ELSEWHERE, successor=2, relations=(SON,)),
        _in(arriving(1, "妹"), household_number=1), Cancellation("e1", DAY, "届出の誤り"),
    ],
    "取消: 一人の転居、その後に世帯の全員が移った": [
        HouseholdChangeNotice(HouseholdMove.SPLIT, (2,), BEFORE, DAY), MoveWithinNotice((1, 3), THERE, DAY, DAY),
        Cancellation("e1", DAY, "届出の誤り"),
    ],
    "再び転入した者": _in(arriving(9, resident_record_code=code(9)), address=THERE),
    "在留情報の変更: 在留資格、終わりがない": ResidenceChange(13, BEFORE, DAY, status="永住者", period="", endless=True, card_number="CD12345678EF"),
    "在留情報の変更: 区分と国籍": ResidenceChange(13, BEFORE, DAY, category="特別永住者", nationality="韓国", status=""),
    "在留情報の変更: 生年月日の誤り": ResidenceChange(13, BEFORE, DAY, birth_date=PartialDate(1980, 1, 4)),
    "在留情報の変更: 日本人": ResidenceChange(2, BEFORE, DAY, status="永住者"),
    "在留情報の変更: 同じ内容": ResidenceChange(13, BEFORE, DAY, status="留学"),
    "在留情報の変更: 先の日": ResidenceChange(13, TOMORROW, TOMORROW, status="永住者"),
    "在留情報の変更: いない者": ResidenceChange(77, BEFORE, DAY, status="永住者"),
    "氏名の変更: 法務省の通知": NameChangeEntry(13, PersonName("ＳＯＵＺＡ", roman="SOUZA", alias="通称　花子"), NameCause.FOREIGN_REPORT, BEFORE, DAY),
    "再び転入した者: 処理を止めている": _in(arriving(10, resident_record_code=code(10)), address=THERE),
}  # fmt: skip


def _changes() -> Iterator[tuple[str, Entry | Refusal]]:
    for case in CASES:
        town = Town().settle(
            *(record(n, relationship=word) for n, word in enumerate(case.get("household", ()), 1))
        )
        today = case.get("today", case["notified"])
        yield (
            f"{case['title']}（{case['article']}）",
            town.file(notice_of(case, arriving, record), today, closed=case.get("closed", ())),
        )
    for title, notices in _FAMILY_NOTICES.items():
        town = _family().settle(_STRUCK, _HELD, _MISSED, _MISSED_ELSEWHERE, _GUEST)
        *first, last = notices if isinstance(notices, list) else [notices]
        for notice in first:
            town.file(notice)
        yield title, town.file(last, NEXT_WEEK if isinstance(last, MoveOutDue) else DAY)


def _lines() -> Iterator[str]:
    yield "異動ごとに台帳に書かれる内容。変わらない項目は書かない。"
    for title, answer in _changes():
        yield ""
        yield f"■ {title}"
        if isinstance(answer, Refusal):
            yield f"  拒否 {answer.reason} {answer.article} {answer.field} {answer.detail}".rstrip()
            continue
        yield f"  article {answer.article}"
        yield f"  source {answer.source}"
        for one in fields(answer):
            value = getattr(answer, one.name)
            if one.name not in ("before", "after") and value not in (None, "", ()):
                yield f"  {one.name} {_shown(value)}"
        for before, after in answer.pairs():
            yield f"  {after.addressee_number}番{'' if before else '（新たに記載）'}"
            yield from (f"    {line}" for line in _differences(before, after))


def _differences(before: ResidentRecord | None, after: ResidentRecord) -> Iterator[str]:
    for one in fields(after):
        new, old = getattr(after, one.name), getattr(before, one.name) if before else None
        if new != old and not (before is None and new in (None, "", (), False)):
            yield (
                f"{one.name}: {_shown(new)}"
                if before is None
                else f"{one.name}: {_shown(old)} → {_shown(new)}"
            )


def _shown(value: Any) -> str:
    if value is None or value == "":
        return "なし"
    if isinstance(value, ResidentRecordCode):
        return f"コード#{int(value[:10])}"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, tuple):
        return "、".join(_shown(one) for one in value) or "なし"
    if is_dataclass(value) and not isinstance(value, PartialDate):
        parts = [_shown(getattr(value, one.name)) for one in fields(value)]
        return f"［{'｜'.join(parts)}］"
    return str(value)


def _text() -> str:
    return "\n".join(_lines()) + "\n"


@pytest.mark.requirement("R-002", "R-003")
def test_every_change_writes_what_is_written_down() -> None:
    before, now = FILE.read_text(encoding="utf-8").splitlines(), _text().splitlines()
    assert list(difflib.unified_diff(before, now, lineterm="")) == []


if __name__ == "__main__":
    FILE.write_text(_text(), encoding="utf-8")
