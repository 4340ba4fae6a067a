"""By what is a protected person known again who has got another code, or another surname, elsewhere?  秘匿の対象者の同定"""

from daicho.rules.people.dates import PartialDate
from daicho.rules.people.kana import kanji_key, voiceless_key

_SPACES = str.maketrans(" ", "　")


def marks_of(name_kanji: str, furigana: str | None, birth: PartialDate) -> frozenset[str]:
    """Fold a name, its reading, and the given name in each, together with the birth date; whoever shares one may be the same.

    A surname changes with a divorce and a code on request, which is just what somebody does who flees: so the given name and a
    birth date that is known whole are enough to keep a row back. Without such a date the whole name is asked for.

    Law: 住民基本台帳事務処理要領 第6の10; own definition.
    """
    written = [(name_kanji.partition("（")[0], kanji_key), (furigana or "", voiceless_key)]
    texts = [(text.translate(_SPACES).strip("　"), fold) for text, fold in written]
    keys = {fold(text) for text, fold in texts}
    if birth.whole is not None:
        keys |= {fold(text.rpartition("　")[2]) for text, fold in texts}
    return frozenset(f"{birth}|{key}" for key in keys if key)
