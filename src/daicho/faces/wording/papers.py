"""The Japanese word of each coded value of papers: sheets, the cash-up, the post, inspections."""

from enum import StrEnum

from daicho.rules.certificates.mailed import MailedFault, MailedState, MailedStepKind
from daicho.rules.certificates.posting import AddressSource, PostState, PostStep, ReturnCause
from daicho.rules.certificates.sheets import SpoilCause
from daicho.rules.certificates.till import FreeCause, Means
from daicho.rules.inspection.application import InspectionKind

PAPER_WORDS: dict[type[StrEnum], dict[str, str]] = {
    SpoilCause: {
        SpoilCause.MISPRINT: "印刷の誤り",
        SpoilCause.JAM: "紙詰まり",
        SpoilCause.STAINED: "汚れ・破れ",
        SpoilCause.WRONG_CONTENT: "内容の誤り（交付前）",
        SpoilCause.TEST: "試し刷り",
        SpoilCause.MISSING: "欠番・亡失",
    },
    MailedState: {
        MailedState.OPEN: "審査待ち",
        MailedState.ASKED: "補正待ち",
        MailedState.REFUSED: "不交付・返送待ち",
        MailedState.ISSUED: "交付",
        MailedState.CLOSED: "返送済み",
    },
    MailedStepKind: {
        MailedStepKind.RECEIVED: "受付",
        MailedStepKind.FAULTS_ASKED: "補正依頼",
        MailedStepKind.ANSWERED: "補正の到着",
        MailedStepKind.PERSON_FOUND: "対象者の特定",
        MailedStepKind.ISSUED: "交付",
        MailedStepKind.REFUSED: "不交付の決定",
        MailedStepKind.SENT_BACK: "返送",
        MailedStepKind.CHANGE_SENT: "つり銭の返還",
    },
    MailedFault: {
        MailedFault.FEE: "手数料（定額小為替）の不足",
        MailedFault.IDENTITY: "本人確認書類の写し",
        MailedFault.ENVELOPE: "返信用封筒・切手",
        MailedFault.AUTHORITY: "代理権限を示す書類",
        MailedFault.GROUNDS: "請求の理由・疎明資料",
        MailedFault.PERSON: "対象者を特定できる事項",
        MailedFault.OTHER: "その他",
    },
    FreeCause: {
        FreeCause.PUBLIC: "公用請求",
        FreeCause.LETTER: "通知・転出証明書",
        FreeCause.ORDINANCE: "条例で無料",
        FreeCause.SPOILED: "書損による再交付",
        FreeCause.STATUTORY: "法令による無料証明",
        FreeCause.REDUCED: "条例による減免",
    },
    InspectionKind: {
        InspectionKind.PUBLIC: "国・地方公共団体の機関の請求",
        InspectionKind.RESEARCH: "調査研究の申出",
        InspectionKind.WELFARE: "地域福祉の活動の申出",
        InspectionKind.RESIDENCE: "居住関係の確認の申出",
    },
    PostState: {
        PostState.WAITING: "発送待ち",
        PostState.SENT: "発送済み",
        PostState.RETURNED: "返戻",
        PostState.CLOSED: "処理済み",
    },
    PostStep: {
        PostStep.SENT: "発送",
        PostStep.RETURNED: "返戻",
        PostStep.HANDED_OVER: "窓口で交付",
        PostStep.DESTROYED: "廃棄",
    },
    ReturnCause: {
        ReturnCause.UNKNOWN_THERE: "あて所に尋ねあたらない",
        ReturnCause.NOT_COLLECTED: "保管期間の経過",
        ReturnCause.NOT_ACCEPTED: "受取拒絶",
        ReturnCause.OTHER: "その他",
    },
    AddressSource: {
        AddressSource.REGISTERED: "住民票の住所",
        AddressSource.FORMER: "異動の前の住所",
        AddressSource.STATED: "請求者が示した住所",
        AddressSource.STATED_BY_PERSON: "本人が示した住所",
        AddressSource.PLANNED: "住民票の住所または転出先",
    },
    Means: {
        Means.CASH: "現金（窓口）",
        Means.MONEY_ORDER: "定額小為替等（郵送）",
    },
}
