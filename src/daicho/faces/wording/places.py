"""Names of prefectures and municipalities."""

import csv
from functools import cache
from importlib.resources import files

_PREFECTURES = [
    "北海道",
    "青森県",
    "岩手県",
    "宮城県",
    "秋田県",
    "山形県",
    "福島県",
    "茨城県",
    "栃木県",
    "群馬県",
    "埼玉県",
    "千葉県",
    "東京都",
    "神奈川県",
    "新潟県",
    "富山県",
    "石川県",
    "福井県",
    "山梨県",
    "長野県",
    "岐阜県",
    "静岡県",
    "愛知県",
    "三重県",
    "滋賀県",
    "京都府",
    "大阪府",
    "兵庫県",
    "奈良県",
    "和歌山県",
    "鳥取県",
    "島根県",
    "岡山県",
    "広島県",
    "山口県",
    "徳島県",
    "香川県",
    "愛媛県",
    "高知県",
    "福岡県",
    "佐賀県",
    "長崎県",
    "熊本県",
    "大分県",
    "宮崎県",
    "鹿児島県",
    "沖縄県",
]


@cache
def _names() -> dict[str, str]:
    text = files(__package__).joinpath("municipalities.csv").read_text(encoding="utf-8")
    return {row["code"]: row["name"] for row in csv.DictReader(text.splitlines())}


def prefecture_name(digits: str) -> str:
    """Name a prefecture by its two digits, or nothing."""
    place = int(digits) if digits.isdigit() else 0
    return _PREFECTURES[place - 1] if 1 <= place <= len(_PREFECTURES) else ""


def place_name(code: str | None) -> str:
    """Name a municipality with its prefecture; one whose name is not known is written by its code."""
    if not code:
        return ""
    name = _names().get(code[:5])
    return prefecture_name(code[:2]) + (name if name is not None else f"（{code[:5]}）")


def find_place(text: str) -> tuple[str, str, str]:
    """Split an address as typed into prefecture digits, municipality digits and the rest.

    Either code is empty when the text does not name it, or names more than one.
    """
    rest, prefecture = text, ""
    for place, name in enumerate(_PREFECTURES, start=1):
        if text.startswith(name):
            prefecture, rest = f"{place:02d}", text[len(name) :]
            break
    fitting = [
        (name, code)
        for code, name in _names().items()
        if rest.startswith(name) and code.startswith(prefecture)
    ]
    if not fitting:
        return prefecture, "", rest
    longest = max(len(name) for name, _ in fitting)
    codes = {code: name for name, code in fitting if len(name) == longest}
    if len(codes) != 1:
        return prefecture, "", rest
    code, name = next(iter(codes.items()))
    return code[:2], code, rest[len(name) :]
