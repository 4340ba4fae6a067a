"""By what is a protected person known again who has got another code, or another surname, elsewhere?  秘匿の対象者の同定"""

from dataclasses import dataclass

from daicho.rules.people.dates import PartialDate
from daicho.rules.people.kana import kanji_key, voiceless_key
from daicho.rules.people.names import name_and_alias

_SPACES = str.maketrans(" ", "　")


def marks_of(name_kanji: str, furigana: str | None, birth: PartialDate) -> frozenset[str]:
    """Fold a name, its reading, and the given name in each, together with the birth date; whoever shares one may be the same.

    A surname changes with a divorce and a code on request, which is just what somebody does who flees: so the given name and a
    birth date that is known whole are enough to keep a row back. Without such a date the whole name is asked for.

    Law: 住民基本台帳事務処理要領 第6の10; own definition.
    """
    written = [(name_and_alias(name_kanji)[0], kanji_key), (furigana or "", voiceless_key)]
    texts = [(text.translate(_SPACES).strip("　"), fold) for text, fold in written]
    keys = {fold(text) for text, fold in texts}
    if birth.whole is not None:
        keys |= {fold(text.rpartition("　")[2]) for text, fold in texts}
    return frozenset(f"{birth}|{key}" for key in keys if key)


@dataclass(frozen=True, slots=True)
class Hidden:
    """Whom somebody may not be told of: by code, by who they seem to be, or as whoever bears the number asked by.  秘匿の対象者

    `known` tells that the code asked by is of somebody known here who is none of them.

    Law: 住民基本台帳事務処理要領 第6の10; own definition.
    """

    codes: frozenset[str] = frozenset()
    marks: frozenset[str] = frozenset()
    everybody: bool = False
    known: bool = False

    @property
    def anybody(self) -> bool:
        """Tell whether anything at all is kept back."""
        return bool(self.codes or self.marks or self.everybody)

    def shuts(self, code: str, name: str, furigana: str | None, birth: PartialDate) -> bool:
        """Tell whether somebody is hidden, or may be whoever is, by now under another code."""
        return (
            self.everybody or code in self.codes or not self.marks.isdisjoint(marks_of(name, furigana, birth))
        )
