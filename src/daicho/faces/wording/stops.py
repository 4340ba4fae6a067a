"""The Japanese word of each coded value of stops of certificates and changes."""

from enum import StrEnum

from daicho.rules.register.processing import StopCause, StopKind

STOP_WORDS: dict[type[StrEnum], dict[str, str]] = {
    StopKind: {
        StopKind.PAPERS: "証明書の発行抑止",
        StopKind.CHANGES: "異動の抑止",
        StopKind.ASK_FIRST: "事前確認",
    },
    StopCause: {
        StopCause.FALSE_NOTICE: "虚偽の届出のおそれ",
        StopCause.DISPUTE: "記載についての争い",
        StopCause.PAPERS_STOLEN: "本人確認書類の盗難・紛失",
        StopCause.SURVEY: "実態調査中",
        StopCause.PUBLIC_OFFICE: "裁判所・官公署の求め",
        StopCause.OWN_WISH: "本人の申出",
        StopCause.OTHER: "その他",
    },
}
STOP_STATES = {
    "on": ("抑止中", "orange"),
    "over": ("期限経過", "grey"),
    "ending": ("解除の審査待ち", "blue"),
    "ended": ("解除済み", "grey"),
}
