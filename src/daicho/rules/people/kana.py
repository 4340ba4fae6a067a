"""Search keys of names: made for finding, never stored as the name itself."""

import re
import unicodedata

from daicho.rules.people.characters.data.variants import VARIANTS

MAX_KEY_LENGTH = 200
FOLDING = 2  # raised whenever `kanji_key` folds otherwise: databases fold their keys anew

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

_SELECTOR_POINTS = frozenset((*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
# Kana inside a written name or an address that people write for each other.
_WRITTEN_KANA = _SMALL | {"ノ": "の"}
_DAKUTEN_MARKS, _HANDAKUTEN_MARKS = "ﾞ゛\u3099", "ﾟ゜\u309a"
_MARKS = re.compile(f"[{_DAKUTEN_MARKS}{_HANDAKUTEN_MARKS}]")
_REPEATED = re.compile("([^々])(々+)")
_GA = re.compile("(?<=[\u3400-\u9fff])[がガ]")
_MAY_BE_VOICED = (
    frozenset("うかきくけこさしすせそたちつてとはひふへほ") | _DAKUTEN.keys() | _HANDAKUTEN.keys()
)
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
    groups = VARIANTS.replace("\n", "").split("|")
    table: dict[int, str | None] = {ord(form): group[0] for group in groups for form in group[1:]}
    kana = dict(zip(_HALF, _FULL, strict=True)) | {one: one for one in _WRITTEN_KANA}
    table |= {ord(one): _WRITTEN_KANA.get(full, full) for one, full in kana.items() if one not in _DROPPED}
    table |= {point: None if plain in _DROPPED else plain for point, plain in _PLAIN.items()}
    table |= dict.fromkeys(map(ord, _DAKUTEN_MARKS), "\u3099")
    table |= dict.fromkeys(map(ord, _HANDAKUTEN_MARKS), "\u309a")
    return (
        table
        | dict.fromkeys(map(ord, _DROPPED))
        | dict.fromkeys(map(ord, "｡､･"))
        | dict.fromkeys(_SELECTOR_POINTS)
    )


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
    folded = text[:MAX_KEY_LENGTH].translate(_KANJI)
    # Five plain searches are cheaper than one expression, and few names hold any of these.
    if "\u3099" in folded or "\u309a" in folded:
        folded = _VOICING.sub(_composed, folded)
    if "が" in folded or "ガ" in folded:
        folded = _GA.sub("ケ", folded)
    if "々" in folded:
        folded = _REPEATED.sub(_again, folded)
    return folded.upper()


def _composed(match: re.Match[str]) -> str:
    """Join a voicing mark to the kana before it; one that fits nothing is dropped."""
    before = match[1] or ""
    joined = unicodedata.normalize("NFC", before + match[2]) if before in _MAY_BE_VOICED else before
    return joined if len(joined) == 1 else before


def _again(match: re.Match[str]) -> str:
    """Write a repeated character out."""
    return match[1] * (1 + len(match[2]))
