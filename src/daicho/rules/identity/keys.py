"""Folded forms by which people are found; never shown and never stored as a name."""

import re
from functools import lru_cache

from daicho.rules.people.kana import kanji_key, voiceless_key
from daicho.rules.people.names import name_and_alias

_HYPHENS = re.compile("[-‐‑‒–—―−－ｰ]|(?<=[0-9０-９])ー(?=[0-9０-９])")
_MARK = "‖"  # stands for a hyphen while the rest is folded
_KANJI_NUMERALS = re.compile("([一二三四五六七八九十]{1,3})(?=丁目)")
_UNITS = re.compile("(?<=[0-9])(?:丁目|番地の|番地|番|号|の)")
_LOOSE = re.compile("-(?![0-9])")  # a hyphen counts only before a digit
_VALUES = {sign: value for value, sign in enumerate("一二三四五六七八九", start=1)}
_LAST_POINT = 0x10FFFF


def name_key(name_kanji: str) -> str:
    """Fold a name in kanji for searching; what stands in full-width brackets (an alias) is left out.

    Law: none, own definition.
    """
    return kanji_key(name_and_alias(name_kanji)[0])


def kana_key(kana: str) -> str:
    """Fold a reading into the voiceless kana of item F2-5.

    Law: none, own definition of 清音化.
    """
    return voiceless_key(kana)


def _arabic(match: re.Match[str]) -> str:
    tens, ten, ones = match[1].rpartition("十")
    if not ten:
        return "".join(str(_VALUES[sign]) for sign in ones)
    return str(_VALUES.get(tens, 1) * 10 + _VALUES.get(ones, 0))


@lru_cache(maxsize=4_096)  # a household shares one address, and its records come together
def address_key(address: str) -> str:
    """Fold an address so that 一丁目２番３号, 1-2-3 and １－２－３ become one.

    Law: none, own definition.
    """
    folded = kanji_key(_HYPHENS.sub(_MARK, address)).replace(_MARK, "-")
    return _LOOSE.sub("", _UNITS.sub("-", _KANJI_NUMERALS.sub(_arabic, folded)))


def prefix_end(prefix: str) -> str:
    """Give the first text after all texts that begin with `prefix`, in the order of code points.

    Law: none, arithmetic.
    """
    for position in range(len(prefix) - 1, -1, -1):
        point = ord(prefix[position]) + 1
        if 0xD800 <= point <= 0xDFFF:
            point = 0xE000
        if point <= _LAST_POINT:
            return prefix[:position] + chr(point)
    return ""
