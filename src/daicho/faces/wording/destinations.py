"""The Japanese word of each coded value of notices of individual numbers and of where they go."""

from enum import StrEnum

from daicho.nodes.registry.destination.telling import NO_NUMBER, NO_SETTINGS, TOO_LARGE
from daicho.rules.destination.record import PrintKind
from daicho.rules.destination.stated import StatedGround

DESTINATION_WORDS: dict[type[StrEnum], dict[str, str]] = {
    PrintKind: {
        PrintKind.FIRST: "新規",
        PrintKind.CHANGED: "番号の変更",
        PrintKind.AGAIN: "再送付",
    },
    StatedGround: {
        StatedGround.DISASTER: "災害による避難",
        StatedGround.VIOLENCE: "暴力・ストーカー行為等、児童虐待等",
        StatedGround.INSTITUTION: "医療機関・施設への長期の入院・入所",
        StatedGround.OTHER: "その他やむを得ない理由",
    },
}
NOTICE_STATES = {
    "waiting": ("通知待ち", "orange"),
    "told": ("機構へ通知済み", "green"),
    "lapsed": ("通知せず（転出等）", "grey"),
}
PRINTED_STATES = {
    "waiting": ("作成待ち", "orange"),
    "sent": ("発送済み", "green"),
    "returned": ("返戻", "red"),
}
_HINDRANCES = {
    NO_SETTINGS: "市区町村の住所、交付場所などが設定されていません。システム管理者に連絡してください。",
    NO_NUMBER: "個人番号が記録されていません。",
    TOO_LARGE: "外字の図形が大きすぎます。図形を登録し直してください。",
}


def hindrance_words(hindrance: str) -> str:
    """Say why a notice could not be told; which item a server would refuse stands behind."""
    if not hindrance or hindrance in _HINDRANCES:
        return _HINDRANCES.get(hindrance, "")
    return f"送付先情報の項目に誤りがあります（{hindrance.partition(' ')[2]}）。記録または設定を確かめてください。"
