"""Names exactly as written, with their readings."""

import re
from dataclasses import dataclass

from daicho.rules.people.kana import is_selector, search_key

MAX_NAME_CHARACTERS = 150
# Unicode's categories Cc, Cs, Zl and Zp.
CONTROL_CHARACTER = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]")
_SHOWN = re.compile(
    "[^\x00-\x20\x7f-\x9f\u2028\u2029\u3000\ud800-\udfff\ufe00-\ufe0f\U000e0100-\U000e01ef][^\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]*"
)
# Private use and supplementary planes; selectors after one of them belong to it and are not counted again, nor is a
# second selector after a character of the plain repertoire.
_OUTSIDE = "\ue000-\uf8ff\U00010000-\U000e00ff\U000e01f0-\U0010ffff"
_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_PERHAPS_GAIJI = re.compile("[\ue000-\uf8ff\ufe00-\ufe0f\U00010000-\U0010ffff]")
_GAIJI = re.compile(f"[{_OUTSIDE}]|(?<![{_OUTSIDE}{_SELECTORS}])[{_SELECTORS}]")
_KANA = re.compile("[ぁ-ゖァ-ヺ　 ー・゛゜ヽヾ]*")


class MalformedName(ValueError):
    """Not a name that can be recorded; the message never repeats it.  氏名の形式不正"""


def checked_text(text: str, *, what: str, limit: int = MAX_NAME_CHARACTERS) -> str:
    """Refuse what no paper shows: nothing, too much, control characters, a selector without a base.

    Law: none, a limit of ours. Raises: MalformedName.
    """
    if len(text) <= limit and _SHOWN.fullmatch(text):
        return text
    if not text or not text.strip(" 　"):
        raise MalformedName(f"{what} is empty")
    if len(text) > limit:
        raise MalformedName(f"{what} is longer than {limit} characters")
    if is_selector(text[0]):
        raise MalformedName(f"{what} begins with a variation selector")
    if CONTROL_CHARACTER.search(text):
        raise MalformedName(f"{what} holds a control character")
    return text


def can_be_shown(text: str, limit: int) -> bool:
    """Tell whether paper and screens can show a text: no control character, no selector without a base.

    Law: none, a limit of ours.
    """
    if CONTROL_CHARACTER.search(text):
        return False
    try:
        checked_text(text, what="text", limit=limit)
    except MalformedName:
        return False
    return True


def name_and_alias(name_kanji: str) -> tuple[str, str]:
    """Part a name as the network has it from the alias that stands behind it in full-width brackets, "" without one.

    Law: 住民基本台帳法施行令 第30条の16; the brackets are our own.
    """
    name, _, rest = name_kanji.partition("（")
    return name, rest.removesuffix("）")


def gaiji_count(text: str) -> int:
    """Count the characters outside the plain repertoire: sequences, private use, supplementary planes.  外字数

    Law: none, own definition after F2-3.
    """
    # Few names hold any, and one plain search is cheaper than the exact count.
    return len(_GAIJI.findall(text)) if _PERHAPS_GAIJI.search(text) else 0


@dataclass(frozen=True, slots=True)
class FormerSurname:
    """A surname once held, recorded beside the name.  旧氏

    Law: 住民基本台帳法施行令 第30条の13
    """

    kanji: str
    furigana: str | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be recorded. Raises: MalformedName."""
        checked_text(self.kanji, what="former surname")
        if self.furigana is not None:
            checked_text(self.furigana, what="furigana of the former surname")


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name, kept verbatim: variation sequences stay, nothing is normalised.  氏名

    A full-width space stands between surname and given name.
    Law: 住民基本台帳法 第7条第1号, 第1号の2
    """

    kanji: str
    furigana: str | None = None
    furigana_confirmed: bool = False
    roman: str | None = None
    former_surname: FormerSurname | None = None
    alias: str | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be recorded. Raises: MalformedName."""
        checked_text(self.kanji, what="name")
        if self.furigana is not None:
            checked_text(self.furigana, what="furigana")
            if _KANA.fullmatch(self.furigana) is None:
                raise MalformedName("furigana holds something other than kana")
        if self.roman is not None:
            checked_text(self.roman, what="roman name")
        if self.alias is not None:
            checked_text(self.alias, what="alias")

    @property
    def surname(self) -> str:
        """Give what stands before the full-width space, or everything.

        Law: none, arrangement of one value.
        """
        return self.kanji.split("　", 1)[0]

    @property
    def kana_key(self) -> str:
        """Give the first search key of the reading.

        Law: none, own definition.
        """
        return search_key(self.furigana or "")
