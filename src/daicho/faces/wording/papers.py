"""The Japanese word of each coded value of papers: sheets, the cash-up."""

from enum import StrEnum

from daicho.rules.certificates.sheets import SpoilCause
from daicho.rules.certificates.till import FreeCause, Means

PAPER_WORDS: dict[type[StrEnum], dict[str, str]] = {
    SpoilCause: {
        SpoilCause.MISPRINT: "印刷の誤り",
        SpoilCause.JAM: "紙詰まり",
        SpoilCause.STAINED: "汚れ・破れ",
        SpoilCause.WRONG_CONTENT: "内容の誤り（交付前）",
        SpoilCause.TEST: "試し刷り",
        SpoilCause.MISSING: "欠番・亡失",
    },
    FreeCause: {
        FreeCause.PUBLIC: "公用請求",
        FreeCause.LETTER: "通知・転出証明書",
        FreeCause.ORDINANCE: "条例で無料",
        FreeCause.SPOILED: "書損による再交付",
        FreeCause.STATUTORY: "法令による無料証明",
        FreeCause.REDUCED: "条例による減免",
    },
    Means: {
        Means.CASH: "現金（窓口）",
        Means.MONEY_ORDER: "定額小為替等（郵送）",
    },
}
