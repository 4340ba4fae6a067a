"""Prefectures and municipalities by their names, and which of them a text begins with.  都道府県・市区町村の名称"""

import re
from collections.abc import Mapping

from daicho.rules.people.codes import MunicipalityCode

PREFECTURES = (
    "北海道", "青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県", "茨城県",
    "栃木県", "群馬県", "埼玉県", "千葉県", "東京都", "神奈川県", "新潟県", "富山県",
    "石川県", "福井県", "山梨県", "長野県", "岐阜県", "静岡県", "愛知県", "三重県",
    "滋賀県", "京都府", "大阪府", "兵庫県", "奈良県", "和歌山県", "鳥取県", "島根県",
    "岡山県", "広島県", "山口県", "徳島県", "香川県", "愛媛県", "高知県", "福岡県",
    "佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県", "沖縄県",
)  # fmt: skip
"""In the order of their two digits."""
_COUNTY = re.compile("[^0-9０-９区町]{1,6}?郡")  # 余市郡 and 田村郡 have the letters of a city and a village


def prefecture_name(digits: str) -> str:
    """Name a prefecture by its two digits, or nothing.

    Law: 全国地方公共団体コード
    """
    place = int(digits) if digits.isdigit() else 0
    return PREFECTURES[place - 1] if 1 <= place <= len(PREFECTURES) else ""


def split_place(text: str, names: Mapping[str, str]) -> tuple[str, str, str]:
    """Split an address as typed into prefecture digits, municipality digits and the rest.

    `names` has each municipality's name by its five digits. Either code is empty when the text does not name it, or names
    more than one.
    Law: none, own definition.
    """
    prefecture, rest = _split_prefecture(text)
    for length, codes in _fitting(prefecture, rest, names)[:1]:
        if len(codes) == 1:
            return codes[0][:2], codes[0], rest[length:]
    return prefecture, "", rest


def towns_named(text: str, names: Mapping[str, str]) -> tuple[MunicipalityCode, ...]:
    """Name the municipalities with which a text may begin, the longest name first: a ward, then its city.

    A county (郡) may stand before the name. A name that several bear in the prefectures that the text leaves open names
    none of them, and neither does a shorter one behind it; a special ward is not named without its prefecture, for cities
    have wards of that name.
    Law: none, own definition.
    """
    prefecture, rest = _split_prefecture(text.strip(" 　"))
    found = _fitting(prefecture, rest, names)
    county = None if found else _COUNTY.match(rest)
    if county is not None:
        found = _fitting(prefecture, rest[county.end() :], names)
    towns: list[MunicipalityCode] = []
    for _, codes in found:
        if len(codes) != 1 or (not prefecture and _is_special_ward(names[codes[0]])):
            break
        towns.append(MunicipalityCode(codes[0]))
    return tuple(towns)


def _is_special_ward(name: str) -> bool:
    return name.endswith("区") and "市" not in name


def _split_prefecture(text: str) -> tuple[str, str]:
    for place, name in enumerate(PREFECTURES, start=1):
        if text.startswith(name):
            return f"{place:02d}", text[len(name) :]
    return "", text


def _fitting(prefecture: str, rest: str, names: Mapping[str, str]) -> list[tuple[int, list[str]]]:
    """Give the codes with whose names a text begins, by the length of the name, the longest first."""
    by_length: dict[int, list[str]] = {}
    for code, name in names.items():
        if rest.startswith(name) and code.startswith(prefecture):
            by_length.setdefault(len(name), []).append(code)
    return sorted(by_length.items(), reverse=True)
