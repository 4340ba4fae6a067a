"""The Japanese word of each coded value of notices of the address supplement."""

from enum import StrEnum

from daicho.rules.supplements.mismatch import MismatchItem
from daicho.rules.supplements.notice import SupplementStanding

SUPPLEMENT_WORDS: dict[type[StrEnum], dict[str, str]] = {
    SupplementStanding: {
        SupplementStanding.RESIDENT: "住所の記載・修正",
        SupplementStanding.ABROAD: "国外転出",
        SupplementStanding.STRUCK: "住所の消除",
    },
    MismatchItem: {
        MismatchItem.NAME: "氏名",
        MismatchItem.BIRTH_DATE: "出生の年月日",
        MismatchItem.SEX: "男女の別",
        MismatchItem.DOMICILE: "本籍・筆頭者",
        MismatchItem.NO_REGISTER: "該当する戸籍がない",
    },
}
RECEIVED_STATES = {
    "open": ("未処理", "orange"),
    "recorded": ("附票に記載済み", "green"),
    "differs": ("照合通知を送付", "blue"),
}
OWED_STATES = {
    "waiting": ("送付先の確認待ち", "orange"),
    "told": ("送付済み", "green"),
    "paper": ("紙で通知済み", "green"),
    "differs": ("戸籍と不一致", "red"),
    "proposed": ("終了の審査待ち", "blue"),
    "closed": ("終了", "grey"),
}
COUNT_WORDS = (
    ("told", "送付（他の市区町村へ）"),
    ("own_town", "送付（自市区町村の戸籍）"),
    ("paper", "送付（紙）"),
    ("differs", "照合通知の受領"),
    ("received", "受領"),
    ("recorded", "附票への記載"),
    ("answered", "照合通知の送付"),
)
