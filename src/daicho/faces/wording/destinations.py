"""The Japanese word of each coded value of notices of individual numbers and of where they go."""

from enum import StrEnum

from daicho.faces.wording.refusals import explain
from daicho.nodes.national.setting import NO_CHARACTER, NO_CONTENT, NO_FONT, NO_PRESS, NUMBER_CHANGED
from daicho.nodes.registry.destination.telling import (
    NATION_REFUSED,
    NO_NUMBER,
    NO_SETTINGS,
    PROTECTED,
    REFUSED,
    TOO_LARGE,
    UNVERIFIED,
)
from daicho.rules.destination.record import PrintKind
from daicho.rules.destination.stated import StatedGround
from daicho.rules.law.article import bango
from daicho.rules.law.refusal import Reason, Refusal

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
    "held": ("住所地の確認待ち", "grey"),
    "waiting": ("作成待ち", "orange"),
    "bundled": ("作成中・印刷待ち", "blue"),
    "stuck": ("印刷できない", "red"),
    "void": ("取りやめ", "grey"),
    "printed": ("発送待ち", "orange"),
    "sent": ("発送済み", "green"),
    "returned": ("返戻", "red"),
}
BUNDLE_STATES = {
    "making": ("作成中", "blue"),
    "made": ("取り出し待ち", "orange"),
    "printed": ("印刷済み", "green"),
    "dropped": ("取りやめ", "grey"),
}
LETTER_STATES = {
    "waiting": ("作成中", "blue"),
    "set": ("作成済み", "green"),
    "left": ("作成できず", "red"),
}
_WAITS = {
    NO_FONT: "文字をすべて備えた書体（IPAmj明朝）がないため、作成が止まっています。システム管理者に連絡してください。",
    NO_PRESS: "作成中に障害がありました。数分おきに、自動的にやり直します。",
}
_LEFT_OUT = {
    NO_CHARACTER: "書体にない文字があります。市区町村が文字を同定し、再送付すると作成できます。",
    NO_PRESS: "作成中の障害が続いたため、除きました。作成待ちに戻すと、もう一度作成します。",
    NUMBER_CHANGED: "個人番号が変更されています。新しい番号の通知書が別に届きます。",
}
_HINDRANCES = {
    NO_SETTINGS: "市区町村の住所、交付場所などが設定されていません。システム管理者に連絡してください。",
    NO_NUMBER: "個人番号が記録されていません。",
    TOO_LARGE: "外字の図形が大きすぎます。図形を登録し直してください。",
    PROTECTED: "送付先の確認を待っています。支援措置の担当者が、送付先を確かめるか記録するまで送られません。",
    UNVERIFIED: "住所と異なる送付先の申出が、もう1人の職員の確認を待っています。",
}
_PARTS = {
    "name": "氏名・名称", "name_kanji": "氏名", "name_kana": "氏名のフリガナ", "address": "住所・所在地",
    "substitute_name": "代替文字の氏名", "substitute_address": "代替文字の住所", "postal_code": "郵便番号", "phone": "電話番号",
}  # fmt: skip
_PREFIXES = {
    "destination": "送付先", "municipality": "市区町村", "issue_place": "交付場所",
    "card_delivery_place": "カードの送付場所",
}  # fmt: skip
_OTHERS = {
    "destination_control_number": "送付先管理番号", "municipality_code": "市区町村コード", "processed_on": "処理年月日",
    "operator_role_id": "操作者ID", "terminal_id": "端末ID", "person_count": "対象者の人数", "birth_date": "生年月日",
    "resident_record_code": "住民票コード", "individual_number": "個人番号", "foreign_category": "在留資格等",
    "stay_expires_on": "在留期間の満了の日", "substitution_result": "代替文字の変換結果", "gaiji_flag": "外字の有無",
    "gaiji_pattern": "外字の図形", "roman_name": "ローマ字の氏名", "roman_name_update_flag": "ローマ字の氏名の有無",
    "substitute_name_positions": "氏名の代替文字の位置", "substitute_address_positions": "住所の代替文字の位置",
    "sender": "送信元", "": "全体",
}  # fmt: skip


def item_words(field: str) -> str:
    """Name an item of the file in Japanese; its length and its count of characters are named by the item."""
    plain = field.removesuffix("_gaiji_count").removesuffix("_length")
    if plain in _OTHERS:
        return _OTHERS[plain]
    if plain in _PARTS:
        return _PARTS[plain]
    for prefix, words in _PREFIXES.items():
        if plain.startswith(f"{prefix}_"):
            return f"{words}の{_PARTS.get(plain.removeprefix(f'{prefix}_'), '項目')}"
    return "その他の項目"


def waits_words(hindrance: str) -> str:
    """Say why a bundle is not made any further."""
    return _WAITS.get(hindrance, "")


def left_out_words(hindrance: str) -> str:
    """Say why a letter could not be put on paper."""
    why, _, item = hindrance.partition(" ")
    if why == NO_CONTENT:
        return f"用紙に収まらない項目があります（{item_words(item)}）。市区町村が直して再送付すると作成できます。"
    return _LEFT_OUT.get(hindrance, "")


def refused_words(reason: str, field: str) -> str:
    """Say which item of a town's file was wrong, and why."""
    return f"{item_words(field)}：{_why(reason)}"


def hindrance_words(hindrance: str) -> str:
    """Say why a notice could not be told; which item a server would refuse stands behind."""
    if not hindrance or hindrance in _HINDRANCES:
        return _HINDRANCES.get(hindrance, "")
    if hindrance.startswith((f"{REFUSED} ", f"{NATION_REFUSED} ")):
        by, reason, field = hindrance.split(" ", 2)
        return (
            f"{'CS' if by == REFUSED else '機構'}が受け取りませんでした（{item_words(field)}：{_why(reason)}）。"
            "記録を確かめてください。翌日にもう一度通知されます。"
        )
    return f"送付先情報の項目に誤りがあります（{item_words(hindrance.partition(' ')[2])}）。記録または設定を確かめてください。"


def _why(reason: str) -> str:
    known = reason in Reason.__members__
    return explain(Refusal(Reason(reason), bango("7"), "")).happened if known else "理由不明"
