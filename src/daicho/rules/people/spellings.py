"""Under which keys may a reading be kept that somebody else spells otherwise?"""

from collections.abc import Iterator
from itertools import chain, combinations, islice, product

from daicho.rules.people.kana import search_key, voiceless_key

MOST_SPELLINGS = 64
_VOWELS = {
    "ア": "アカサタナハマヤラワガザダバパ", "イ": "イキシチニヒミリギジヂビピ", "ウ": "ウクスツヌフムユルグズヅブプヴ",
    "エ": "エケセテネヘメレゲゼデベペ", "オ": "オコソトノホモヨロゴゾドボポ",
}  # fmt: skip
_VOWEL_OF = {kana: vowel for vowel, row in _VOWELS.items() for kana in row}
# How the second half of a long vowel is written.
_LONG = {"ア": "アー", "イ": "イー", "ウ": "ウー", "エ": "イエー", "オ": "ウオー"}
_ALIKE: dict[str, tuple[str, ...]] = {
    "ジ": ("ヂ",), "ヂ": ("ジ",), "ズ": ("ヅ",), "ヅ": ("ズ",), "ヴ": ("ブ",), "バ": ("ヴア",), "ビ": ("ヴイ",), "ブ": ("ヴ",),
    "ベ": ("ヴエ",), "ボ": ("ヴオ",), "ヴア": ("バ",), "ヴイ": ("ビ",), "ヴエ": ("ベ",), "ヴオ": ("ボ",), "ヴヤ": ("ビヤ",),
    "ヴユ": ("ビユ",), "ヴヨ": ("ビヨ",), "ビヤ": ("ヴヤ",), "ビユ": ("ヴユ",), "ビヨ": ("ヴヨ",),
}  # fmt: skip


def spelled_alike(kana: str) -> tuple[str, ...]:
    """List the first search keys under which a reading may be kept, the typed one first; at most 64.

    Alike are ヂ and ジ, ヅ and ズ, ヴ and ブ with the vowel after them, and the spellings of a long vowel.
    Law: none, own definition.
    """
    typed = search_key(kana)
    found = chain((typed, _all_long(typed)), _nearest_first(_spellings(typed)))
    return tuple(dict.fromkeys(islice(found, MOST_SPELLINGS)))


def voiceless_alike(kana: str) -> tuple[str, ...]:
    """List the voiceless keys (F2-5) under which a reading may be kept, the typed one first; at most 64.

    Law: none, own definition; F2-5 itself keeps its meaning.
    """
    keys = (voiceless_key(kana), *map(voiceless_key, spelled_alike(kana)))
    return tuple(dict.fromkeys(keys))[:MOST_SPELLINGS]


def _spellings(typed: str) -> list[tuple[str, ...]]:
    """Cut a search key into parts, each with its other spellings after it."""
    parts: list[tuple[str, ...]] = []
    vowel, place = "", 0
    while place < len(typed):
        part = typed[place : place + 2] if typed[place : place + 2] in _ALIKE else typed[place]
        if part in _LONG.get(vowel, ()):
            # Nearly every reading is kept without the mark, so that a typed mark stands for the vowel.
            vowels = _LONG[vowel][:-1]
            parts.append((*vowels, "ー") if part == "ー" else (part, *(one for one in vowels if one != part)))
        else:
            parts.append((part, *_ALIKE.get(part, ())))
        vowel = vowel if part == "ー" else _VOWEL_OF.get(part[-1], "")
        place += len(part)
    return parts


def _nearest_first(parts: list[tuple[str, ...]]) -> Iterator[str]:
    """Write every combination of spellings, those with the fewest changes first."""
    doubtful = [place for place, part in enumerate(parts) if len(part) > 1]
    for changes in range(len(doubtful) + 1):
        for places in combinations(doubtful, changes):
            for others in product(*(parts[place][1:] for place in places)):
                words = [part[0] for part in parts]
                for place, other in zip(places, others, strict=True):
                    words[place] = other
                yield "".join(words)


def _all_long(typed: str) -> str:
    """Write every long vowel with the long-vowel mark."""
    vowels = ("", *(_VOWEL_OF.get(kana, "") for kana in typed))
    return "".join(
        "ー" if kana in _LONG.get(before, ()) else kana for kana, before in zip(typed, vowels, strict=False)
    )
