"""The Japanese word of each coded value of the register's upkeep, and what is said of a case that changed meanwhile."""

from enum import StrEnum

from daicho.faces.wording.refusals import ON_FORM, Explained
from daicho.rules.correspondence.cases import NoticeDuty
from daicho.rules.law.refusal import Refusal
from daicho.rules.upkeep.case import (
    AnswerMeaning,
    CaseKind,
    CaseOutcome,
    CaseSource,
    CaseStep,
    Damage,
    SurveyFinding,
    TellingWay,
)
from daicho.rules.upkeep.regular import Difference, SurveyBasis, SurveyGround, SurveyResult, SurveyState
from daicho.rules.upkeep.standing import CaseState

UPKEEP_WORDS: dict[type[StrEnum], dict[str, str]] = {
    SurveyBasis: {
        SurveyBasis.REGULAR: "定期の調査（法第34条第1項）",
        SurveyBasis.WHEN_NEEDED: "必要があると認めた調査（法第34条第2項）",
    },
    SurveyGround: {
        SurveyGround.RETURNED_MAIL: "送った文書が返戻されている",
        SurveyGround.VERY_OLD: "高齢",
        SurveyGround.NO_NOTICE: "長期にわたり住所の届出がない",
    },
    SurveyResult: {
        SurveyResult.NOT_VISITED: "未調査",
        SurveyResult.AS_REGISTERED: "記載のとおり",
        SurveyResult.DIFFERS: "相違がある",
        SurveyResult.NOBODY_MET: "面会できない",
    },
    SurveyState: {
        SurveyState.LISTING: "対象の抽出中",
        SurveyState.OPEN: "調査中",
        SurveyState.ENDED: "終了",
        SurveyState.WITHDRAWN: "中止",
    },
    Difference: {
        Difference.GONE: "居住していない",
        Difference.OTHERS_LIVE_THERE: "記載のない方が居住している",
        Difference.ADDRESS: "住所・方書の相違",
        Difference.HOUSEHOLD: "世帯・続柄の相違",
        Difference.OTHER: "その他",
    },
    NoticeDuty: {
        NoticeDuty.MOVE_IN: "転入届（法第22条）",
        NoticeDuty.MOVE_WITHIN: "転居届（法第23条）",
        NoticeDuty.MOVE_OUT: "転出届（法第24条）",
        NoticeDuty.HOUSEHOLD_CHANGE: "世帯変更届（法第25条）",
        NoticeDuty.FOREIGN_MOVE_IN: "中長期在留者等の住所を定めた届出（法第30条の46）",
        NoticeDuty.FOREIGN_BECAME: "中長期在留者等となった届出（法第30条の47）",
        NoticeDuty.FOREIGN_RELATIONSHIP: "世帯主との続柄の変更の届出（法第30条の48）",
    },
    CaseKind: {
        CaseKind.REPORT: "通知・届書等",
        CaseKind.MISSING_ARRIVAL: "転入通知の未着",
        CaseKind.UNNOTIFIED: "未届",
        CaseKind.SURVEY: "実態調査",
        CaseKind.REMAKING: "住民票の再製",
    },
    CaseSource: {
        CaseSource.FAMILY_REGISTER: "戸籍の届書の受理・職権記載",
        CaseSource.OTHER_TOWN: "ほかの市区町村長の通知（法第9条第2項）",
        CaseSource.COMMITTEE: "委員会の通報（法第13条）",
        CaseSource.STATEMENT: "本人・同一世帯の方の申出（法第14条第2項）",
        CaseSource.OTHER_OFFICE: "庁内のほかの部署の連絡",
        CaseSource.RETURNED_MAIL: "郵便物の返戻",
        CaseSource.OUTSIDER: "家主・親族・近隣の方などの情報",
        CaseSource.NO_ARRIVAL_REPORT: "転入通知が届かない",
        CaseSource.REGULAR_SURVEY: "定期の調査（法第34条第1項）",
        CaseSource.SURVEY: "必要があると認めた調査（法第34条第2項）",
        CaseSource.LOSS_FOUND: "滅失・毀損の発見",
    },
    CaseState: {
        CaseState.RECEIVED: "処理待ち",
        CaseState.ASKED: "回答待ち",
        CaseState.REMINDED: "催告中",
        CaseState.SURVEYED: "調査中",
        CaseState.ENTERED: "異動を入力済み",
        CaseState.TO_TELL: "通知・公示待ち",
        CaseState.MADE_PUBLIC: "公示中",
        CaseState.REMADE: "再製済み（確認待ち）",
        CaseState.CLOSED: "終了",
    },
    CaseStep: {
        CaseStep.OPENED: "受付",
        CaseStep.IDENTIFIED: "対象の方の特定",
        CaseStep.ASKED: "照会",
        CaseStep.ANSWERED: "回答の記録",
        CaseStep.REMINDED: "催告",
        CaseStep.PLANNED: "調査の予定",
        CaseStep.VISITED: "訪問",
        CaseStep.LINKED: "異動の結び付け",
        CaseStep.TOLD: "通知・公示",
        CaseStep.REMADE: "再製",
        CaseStep.CLOSED: "終了",
        CaseStep.WITHDRAWN: "取下げ",
        CaseStep.REOPENED: "再開",
    },
    CaseOutcome: {
        CaseOutcome.ENTERED: "職権による記載等をした",
        CaseOutcome.NOTIFIED: "届出・転入通知により記載等をした",
        CaseOutcome.ARRIVED: "転入を確認した",
        CaseOutcome.REMADE: "再製した",
        CaseOutcome.NO_CHANGE: "変更なし",
        CaseOutcome.WITHDRAWN: "取り下げた（誤った受付）",
    },
    SurveyFinding: {
        SurveyFinding.LIVES_THERE: "居住している",
        SurveyFinding.DOES_NOT_LIVE_THERE: "居住していない",
        SurveyFinding.NOBODY_MET: "面会できない",
    },
    AnswerMeaning: {
        AnswerMeaning.ARRIVED: "転入している",
        AnswerMeaning.NOT_ARRIVED: "転入していない",
        AnswerMeaning.OTHER: "その他",
    },
    TellingWay: {
        TellingWay.NOTICE: "本人への通知",
        TellingWay.PUBLIC_NOTICE: "公示",
    },
    Damage: {
        Damage.LOST: "滅失",
        Damage.DAMAGED: "毀損",
    },
}


def case_changed(refusal: Refusal) -> Explained:
    """Say that somebody else did something in a case after it was shown; what was typed stands there still."""
    return Explained(
        refusal.reason.value,
        "この画面を開いたあと、ほかの職員がこの事案に記録しました。",
        str(refusal.article),
        "今の内容と経過を確かめ、必要なら、もう一度記録してください。",
        ON_FORM,
    )
