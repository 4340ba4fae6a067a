"""Why a record changes: the reasons that the governor is told, and the kinds of change at the counter."""

from enum import StrEnum

from daicho.rules.law.article import Article, bango, juki, juki_order


class ChangeReason(StrEnum):
    """The reason of a change as reported upward; one record carries one reason at a time.  異動事由

    Law: 住民基本台帳法施行規則 第11条. The codes are our own; NOT_REPORTED marks what the rule does not name.
    """

    # entry 記載
    MOVE_IN = "MOVE_IN"  # 国内転入
    MOVE_IN_FROM_ABROAD = "MOVE_IN_FROM_ABROAD"  # 国外転入等
    BIRTH = "BIRTH"  # 出生
    ENTERED_NATURALISED = "ENTERED_NATURALISED"  # 職権記載等（帰化等）
    ENTERED_NATIONALITY_LOST = "ENTERED_NATIONALITY_LOST"  # 職権記載等（国籍喪失）
    ENTERED_OTHER = "ENTERED_OTHER"  # 職権記載等（その他）
    # deletion 消除
    MOVE_OUT = "MOVE_OUT"  # 国内転出
    MOVE_OUT_ABROAD = "MOVE_OUT_ABROAD"  # 国外転出
    DEATH = "DEATH"  # 死亡
    STRUCK_NATURALISED = "STRUCK_NATURALISED"  # 職権消除等（帰化等）
    STRUCK_NATIONALITY_LOST = "STRUCK_NATIONALITY_LOST"  # 職権消除等（国籍喪失）
    STRUCK_OTHER = "STRUCK_OTHER"  # 職権消除等（その他）
    # amendment 記載の修正
    MOVE_WITHIN = "MOVE_WITHIN"  # 転居
    MINOR_CORRECTION = "MINOR_CORRECTION"  # 軽微な修正
    AMENDED_EX_OFFICIO = "AMENDED_EX_OFFICIO"  # 職権修正等
    NUMBER_ENTERED = "NUMBER_ENTERED"  # 個人番号の記載
    NUMBER_CHANGED_ON_REQUEST = "NUMBER_CHANGED_ON_REQUEST"  # 個人番号の変更（請求）
    NUMBER_CHANGED_EX_OFFICIO = "NUMBER_CHANGED_EX_OFFICIO"  # 個人番号の変更（職権）
    CODE_CHANGED_ON_REQUEST = "CODE_CHANGED_ON_REQUEST"  # 住民票コードの変更（請求）
    CODE_CHANGED_EX_OFFICIO = "CODE_CHANGED_EX_OFFICIO"  # 住民票コードの記載の修正（職権）
    # household, relationship, registered domicile and the like: nothing to tell the governor
    NOT_REPORTED = "NOT_REPORTED"


class ChangeKind(StrEnum):
    """What was done at the counter, finer than the reported reason.  異動の種類"""

    MOVE_IN = "MOVE_IN"  # 転入
    MOVE_IN_FROM_ABROAD = "MOVE_IN_FROM_ABROAD"  # 国外からの転入
    BIRTH = "BIRTH"  # 出生
    EX_OFFICIO_ENTRY = "EX_OFFICIO_ENTRY"  # 職権記載
    RESTORATION = "RESTORATION"  # 職権回復
    MOVE_OUT_NOTICE = "MOVE_OUT_NOTICE"  # 転出届（転出予定）
    MOVE_OUT = "MOVE_OUT"  # 転出による消除
    DEATH = "DEATH"  # 死亡
    EX_OFFICIO_STRIKE = "EX_OFFICIO_STRIKE"  # 職権消除
    MOVE_WITHIN = "MOVE_WITHIN"  # 転居
    NAME_CHANGE = "NAME_CHANGE"  # 氏名の修正
    HOUSEHOLD_CHANGE = "HOUSEHOLD_CHANGE"  # 世帯変更
    HOUSEHOLDER_CHANGE = "HOUSEHOLDER_CHANGE"  # 世帯主変更
    CORRECTION = "CORRECTION"  # 誤記修正
    REWRITING = "REWRITING"  # 改製
    ADDRESS_RENAMED = "ADDRESS_RENAMED"  # 住居表示・町名地番変更
    CODE_CHANGE = "CODE_CHANGE"  # 住民票コードの変更
    NUMBER_CHANGE = "NUMBER_CHANGE"  # 個人番号の記載・変更
    CANCELLATION = "CANCELLATION"  # 異動取消
    IMPORT = "IMPORT"  # 初期移行
    RESIDENCE_STATUS_CHANGE = "RESIDENCE_STATUS_CHANGE"  # 在留情報の変更


class Ground(StrEnum):
    """On whose word the record changes.  届出・職権の別"""

    NOTICE = "NOTICE"  # 届出
    EX_OFFICIO = "EX_OFFICIO"  # 職権
    REPORT = "REPORT"  # 他の市町村長の通知


_EX_OFFICIO = juki_order("12")
_ON_NOTICE = {
    ChangeKind.MOVE_IN: juki("22"),
    ChangeKind.MOVE_IN_FROM_ABROAD: juki("22"),
    ChangeKind.MOVE_WITHIN: juki("23"),
    ChangeKind.MOVE_OUT_NOTICE: juki("24"),
    ChangeKind.HOUSEHOLD_CHANGE: juki("25"),
    ChangeKind.HOUSEHOLDER_CHANGE: juki("25"),
}
_BY_ITSELF = {
    ChangeKind.MOVE_OUT: juki_order("8"),
    ChangeKind.REWRITING: juki_order("16"),
    ChangeKind.CORRECTION: juki("14"),
    ChangeKind.CODE_CHANGE: juki("30-4"),
    ChangeKind.NUMBER_CHANGE: bango("7"),
    ChangeKind.RESIDENCE_STATUS_CHANGE: juki("30-50"),
}


def article_of(kind: ChangeKind, ground: Ground, *, foreign: bool = False) -> Article:
    """Name the article under which a record changes so, on whoever's word it does.  根拠条文

    Law: 住民基本台帳法 第14条, 第22条 to 第25条, 第30条の4, 第30条の46, 第30条の50;
    番号法 第7条; 住民基本台帳法施行令 第8条, 第12条, 第16条
    """
    if kind in _BY_ITSELF:
        return _BY_ITSELF[kind]
    if foreign and (kind, ground) == (ChangeKind.MOVE_IN_FROM_ABROAD, Ground.NOTICE):
        return juki("30-46")
    return _ON_NOTICE.get(kind, _EX_OFFICIO) if ground is Ground.NOTICE else _EX_OFFICIO


class Source(StrEnum):
    """From whom a change is known.  情報の入手元

    Law: none; own definition.
    """

    PERSON = "PERSON"  # 本人・同一世帯の者
    REPRESENTATIVE = "REPRESENTATIVE"  # 代理人
    OTHER_MUNICIPALITY = "OTHER_MUNICIPALITY"  # 他の市区町村
    AGENCY = "AGENCY"  # 地方公共団体情報システム機構
    MINISTRY = "MINISTRY"  # 出入国在留管理庁（法務省通知）
    OWN_OFFICE = "OWN_OFFICE"  # 当市区町村


ENTRY_REASONS = frozenset(
    {
        ChangeReason.MOVE_IN,
        ChangeReason.MOVE_IN_FROM_ABROAD,
        ChangeReason.BIRTH,
        ChangeReason.ENTERED_NATURALISED,
        ChangeReason.ENTERED_NATIONALITY_LOST,
        ChangeReason.ENTERED_OTHER,
    }
)
REMOVAL_REASONS = frozenset(
    {
        ChangeReason.MOVE_OUT,
        ChangeReason.MOVE_OUT_ABROAD,
        ChangeReason.DEATH,
        ChangeReason.STRUCK_NATURALISED,
        ChangeReason.STRUCK_NATIONALITY_LOST,
        ChangeReason.STRUCK_OTHER,
    }
)
