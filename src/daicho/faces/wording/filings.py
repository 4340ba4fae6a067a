"""The Japanese word of each coded value of reports about filings, and of what the network says of a number."""

from enum import StrEnum

from daicho.faces.wording.purposes import REGISTRY_PURPOSES
from daicho.rules.filings.answer import ReportAnswer
from daicho.rules.filings.report import FilingKind
from daicho.rules.identity.genuineness import ConfirmingBasis, NumberVerdict
from daicho.rules.identity.inquiry import InquiryAffair, InquiryBasis
from daicho.rules.register.numbering import LeakGround

FILING_WORDS: dict[type[StrEnum], dict[str, str]] = {
    FilingKind: {
        FilingKind.BIRTH: "出生",
        FilingKind.DEATH: "死亡",
        FilingKind.DISAPPEARANCE: "失踪宣告",
        FilingKind.MARRIAGE: "婚姻",
        FilingKind.DIVORCE: "離婚",
        FilingKind.ADOPTION: "養子縁組",
        FilingKind.ADOPTION_ENDED: "養子離縁",
        FilingKind.FAMILY_REGISTER_MOVED: "転籍",
        FilingKind.FAMILY_REGISTER_ENTERED: "入籍",
        FilingKind.FAMILY_REGISTER_SPLIT: "分籍",
        FilingKind.SURNAME_RESTORED: "復氏",
        FilingKind.ACKNOWLEDGED: "認知",
        FilingKind.NAME_CHANGED: "氏名の変更",
        FilingKind.FURIGANA: "氏名の振り仮名",
        FilingKind.FAMILY_REGISTER_CORRECTED: "戸籍訂正",
        FilingKind.NATIONALITY_LOST: "国籍喪失",
    },
    ReportAnswer: {
        ReportAnswer.RECORDED: "記載した",
        ReportAnswer.NOTHING_TO_RECORD: "記載を要しない（既に記載がある）",
        ReportAnswer.NOT_HERE: "該当者なし",
        ReportAnswer.MOVED_ON: "他の市区町村へ転出済み",
    },
    LeakGround: {
        LeakGround.CARD_STOLEN: "個人番号カード等の盗難",
        LeakGround.CARD_LOST: "個人番号カード等の紛失",
        LeakGround.TOLD_TO_OTHERS: "第三者への漏えい",
        LeakGround.MISUSED: "不正に用いられた",
        LeakGround.OTHER: "その他",
    },
    NumberVerdict: {
        NumberVerdict.MATCHES: "一致",
        NumberVerdict.DIFFERS: "不一致",
        NumberVerdict.LAPSED: "失効",
        NumberVerdict.NO_ANSWER: "回答なし",
    },
}
SENT_STATES = {
    "drafted": ("審査待ち", "orange"),
    "returned": ("差し戻し", "red"),
    "sent": ("回答待ち", "blue"),
    "back": ("戻り", "red"),
    "closed": ("終了", "grey"),
}
RECEIVED_STATES = {
    "open": ("未処理", "orange"),
    "entered": ("異動の審査待ち", "blue"),
    "proposed": ("回答の審査待ち", "blue"),
    "closed": ("終了", "grey"),
}
NUMBER_CHANGE_STATES = {
    "entered": ("審査待ち", "orange"),
    "asked": ("番号の通知待ち", "blue"),
    "returned": ("差し戻し", "red"),
    "dropped": ("取下げ", "grey"),
    "lapsed": ("消除により終了", "grey"),
    "recorded": ("変更済み", "green"),
}
BY_REPORT = "審査が終わると、通知した市区町村へ「記載した」と自動的に回答します。"
STRUCK_FOR = {
    FilingKind.DISAPPEARANCE: "失踪宣告（法第9条第2項の通知による）",
    FilingKind.NATIONALITY_LOST: "国籍喪失（法第9条第2項の通知による）",
}
NUMBER_BASES = (
    (ConfirmingBasis.OWN_PREFECTURE, "住民基本台帳法 第30条の10第1項第4号（従前の住所が同じ都道府県の方）"),
    (
        ConfirmingBasis.OTHER_PREFECTURE,
        "住民基本台帳法 第30条の12第1項第4号（従前の住所がほかの都道府県の方）",
    ),
)
INQUIRY_PURPOSES = (
    (InquiryAffair.MOVE_IN, dict(REGISTRY_PURPOSES)["notice"]),
    (InquiryAffair.EX_OFFICIO, dict(REGISTRY_PURPOSES)["investigation"]),
    (InquiryAffair.CHECK, "本人確認"),
)
INQUIRY_BASES = (
    (InquiryBasis.OWN_PREFECTURE, "住民基本台帳法 第30条の10第1項第4号（住所が同じ都道府県の方）"),
    (InquiryBasis.OTHER_PREFECTURE, "住民基本台帳法 第30条の12第1項第4号（住所がほかの都道府県の方）"),
)
VERDICT_WORDS = {
    NumberVerdict.MATCHES: "個人番号と住民票コードは、同じ方のものです。",
    NumberVerdict.DIFFERS: (
        "個人番号と住民票コードが、同じ方のものとして記録されていません。"
        "番号の読み取りと、提示された書類を確かめてください。"
    ),
    NumberVerdict.LAPSED: "この個人番号は変更前のものです。変更後の個人番号の提示を求めてください。",
    NumberVerdict.NO_ANSWER: "全国サーバから回答がありませんでした。確認は済んでいません。",
}
