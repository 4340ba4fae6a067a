"""The Japanese word of each coded value of forwarded protection measures."""

from enum import StrEnum

from daicho.rules.protection.forwarding import ForwardAnswer, ForwardStanding

FORWARDING_WORDS: dict[type[StrEnum], dict[str, str]] = {
    ForwardStanding: {
        ForwardStanding.PROVISIONAL: "仮の支援措置",
        ForwardStanding.IN_FORCE: "支援措置の期間中",
        ForwardStanding.ENDED: "終了",
    },
    ForwardAnswer: {
        ForwardAnswer.TAKEN_UP: "支援措置を記録した",
        ForwardAnswer.ON_SUPPLEMENT: "戸籍の附票について措置した",
        ForwardAnswer.NOTED: "終了の連絡を受け取った",
        ForwardAnswer.NOT_HERE: "該当者なし",
    },
}
STANDING_COLOURS = {
    ForwardStanding.PROVISIONAL: "orange",
    ForwardStanding.IN_FORCE: "green",
    ForwardStanding.ENDED: "red",
}
