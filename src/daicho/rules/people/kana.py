"""Search keys of names: made for finding, never stored as the name itself."""

import re

MAX_KEY_LENGTH = 200

_HALF = "｡｢｣､･ｦｧｨｩｪｫｬｭｮｯｰｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝ"
_FULL = (
    "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテト"
    "ナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン"
)
_SMALL = dict(zip("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ", strict=True))
_VOICED = dict(
    zip(
        "ガギグゲゴザジズゼゾダヂヅデドバビブベボパピプペポヴ",
        "カキクケコサシスセソタチツテトハヒフヘホハヒフヘホウ",
        strict=True,
    )
)
_VOICED_OF_PLAIN = {
    ("カ", "ガ"), ("キ", "ギ"), ("ク", "グ"), ("ケ", "ゲ"), ("コ", "ゴ"), ("サ", "ザ"), ("シ", "ジ"), ("ス", "ズ"),
    ("セ", "ゼ"), ("ソ", "ゾ"), ("タ", "ダ"), ("チ", "ヂ"), ("ツ", "ヅ"), ("テ", "デ"), ("ト", "ド"), ("ハ", "バ"),
    ("ヒ", "ビ"), ("フ", "ブ"), ("ヘ", "ベ"), ("ホ", "ボ"), ("ウ", "ヴ"),
}  # fmt: skip
_DAKUTEN = dict(_VOICED_OF_PLAIN)
_HANDAKUTEN = dict(zip("ハヒフヘホ", "パピプペポ", strict=True))
_DROPPED = frozenset(" 　・･'’-‐−.,、。")
_OLD = {"ヰ": "イ", "ヱ": "エ", "ヲ": "オ"}

# Own list: forms of one character that clerks and residents use for each other. Only searching folds them.
_VARIANTS = {
    "髙": "高", "﨑": "崎", "嵜": "崎", "邊": "辺", "邉": "辺", "齋": "斎", "齊": "斎", "斉": "斎", "澤": "沢",
    "廣": "広", "濱": "浜", "濵": "浜", "櫻": "桜", "國": "国", "眞": "真", "惠": "恵", "德": "徳", "榮": "栄",
    "嶋": "島", "嶌": "島", "條": "条", "桒": "桑", "冨": "富", "淵": "渕", "龍": "竜", "瀨": "瀬", "隆": "隆",
    "神": "神", "福": "福", "吉": "吉", "𠮷": "吉", "曾": "曽", "槇": "槙", "塚": "塚", "祐": "祐", "藏": "蔵",
    "黑": "黒", "礒": "磯", "壽": "寿", "寶": "宝", "實": "実", "彌": "弥", "與": "与", "豐": "豊", "鹽": "塩",
    "瀧": "滝", "關": "関", "圓": "円", "應": "応", "數": "数", "學": "学", "會": "会", "擴": "拡", "當": "当",
}  # fmt: skip
_SELECTOR_POINTS = frozenset((*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
_DAKUTEN_MARKS, _HANDAKUTEN_MARKS = "ﾞ゛\u3099", "ﾟ゜\u309a"
_MARKS = re.compile(f"[{_DAKUTEN_MARKS}{_HANDAKUTEN_MARKS}]")
_VOICING = re.compile(f"([^{_DAKUTEN_MARKS}{_HANDAKUTEN_MARKS}])?([{_DAKUTEN_MARKS}{_HANDAKUTEN_MARKS}])")


def _kana_table() -> dict[int, str | None]:
    """Say what each character of a reading becomes; capitals are made afterwards."""
    katakana = {0x3041 + place: chr(0x30A1 + place) for place in range(0x56)}
    katakana |= {ord(half): full for half, full in zip(_HALF, _FULL, strict=True)}
    katakana |= {point: chr(point) for point in range(0x30A1, 0x30FB)}
    table = {point: None if plain in _DROPPED else plain for point, plain in _PLAIN.items()}
    for point, kana in katakana.items():
        large = _SMALL.get(kana, kana)
        table[point] = None if kana in _DROPPED else _OLD.get(large, large)
    return table | dict.fromkeys(map(ord, _DROPPED))


def _kanji_table() -> dict[int, str | None]:
    """Say what each character of a written name becomes."""
    variants = {ord(variant): usual for variant, usual in _VARIANTS.items()}
    return {**_PLAIN, **variants, **dict.fromkeys(map(ord, _DROPPED)), **dict.fromkeys(_SELECTOR_POINTS)}


_PLAIN = {point: chr(point - 0xFEE0) for point in range(0xFF01, 0xFF5F)}
_KANA = _kana_table()
_VOICELESS = {ord(voiced): plain for voiced, plain in _VOICED.items()} | {ord("ー"): None}
_VOICELESS_AT_ONCE = _VOICELESS | {
    point: None if kana is None else _VOICELESS.get(ord(kana), kana) for point, kana in _KANA.items()
}
_KANJI = _kanji_table()


def is_selector(character: str) -> bool:
    """Tell whether a character is a variation selector, which chooses a form of the one before it.

    Law: none, Unicode.
    """
    return ord(character) in _SELECTOR_POINTS


def search_key(kana: str) -> str:
    """Fold a reading to full-width katakana without spaces and marks; small kana become large.

    Law: none, own definition of the first search key.
    """
    folded = kana[:MAX_KEY_LENGTH].translate(_KANA).upper()
    return _VOICING.sub(_voiced, folded) if _MARKS.search(folded) else folded


def _voiced(match: re.Match[str]) -> str:
    """Join a voicing mark to the kana before it; one that fits nothing is dropped."""
    if match[1] is None:
        return ""
    return (_DAKUTEN if match[2] in _DAKUTEN_MARKS else _HANDAKUTEN).get(match[1], match[1])


def voiceless_key(kana: str) -> str:
    """Fold a reading further: no voicing marks, no long-vowel marks.  清音化かな氏名

    Law: none, own definition after F2-5.
    """
    if _MARKS.search(kana):
        return search_key(kana).translate(_VOICELESS)
    return kana[:MAX_KEY_LENGTH].translate(_VOICELESS_AT_ONCE).upper()


def kanji_key(text: str) -> str:
    """Fold a written name or an address for searching: no selectors, no spaces, one form of each character.

    Law: none, own definition; the name itself is never folded.
    """
    return text[:MAX_KEY_LENGTH].translate(_KANJI).upper()
