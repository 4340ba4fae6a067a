"""Does a seal say its holder's name, and in which form?"""

from collections.abc import Sequence

from daicho.rules.people.kana import kanji_key, search_key
from daicho.rules.people.names import PersonName
from daicho.rules.seals.ordinance import NameForm

MAX_INSCRIPTION_CHARACTERS = 40
_WORDS = 8
# What may stand behind the name on a seal.
_ENDINGS = ("之印", "の印", "之章", "印", "章")


def forms_of(inscription: str, name: PersonName, katakana: str = "") -> frozenset[NameForm]:
    """Tell in which forms the letters of a seal say a name; forms of one character count as one.

    `katakana` is the reading that a foreign resident's record notes beside the name.

    Law: 印鑑登録証明事務処理要領; that a part is any run of characters, in the order of the name, is own definition.
    """
    found: set[NameForm] = set()
    words = _words(name.kanji)
    for said in _readings(kanji_key(inscription)):
        found |= _of_name(said, words)
        if name.roman:
            found |= _of_name(said, _words(name.roman))
        if name.former_surname is not None:
            former = kanji_key(name.former_surname.kanji)
            joined = [former, *words[1:]]
            if said in (former, "".join(joined)) or _is_combined(said, joined):
                found.add(NameForm.FORMER_SURNAME)
        if name.alias and _of_name(said, _words(name.alias)):
            found.add(NameForm.ALIAS)
    if katakana:
        kana_words = [search_key(one) for one in katakana.replace("　", " ").split()[:_WORDS]]
        if any(_of_name(said, kana_words) for said in _readings(search_key(inscription))):
            found.add(NameForm.KATAKANA)
    return frozenset(found)


def _words(text: str) -> list[str]:
    keys = [kanji_key(one) for one in text.replace("　", " ").split()]
    return [one for one in keys if one][:_WORDS]


def _readings(key: str) -> list[str]:
    """Give what a seal may mean: all its letters, or those before an ending such as 之印."""
    cut = [key.removesuffix(ending) for ending in _ENDINGS if key.endswith(ending)]
    return [one for one in dict.fromkeys((key, *cut)) if one]


def _of_name(said: str, words: Sequence[str]) -> set[NameForm]:
    found: set[NameForm] = set()
    if said == "".join(words):
        found.add(NameForm.WHOLE)
    if said in words:
        found.add(NameForm.SINGLE)
    if len(words) > 1 and _is_combined(said, words):
        found.add(NameForm.PARTS)
    return found


def _is_combined(said: str, words: Sequence[str]) -> bool:
    """Tell whether letters are made of runs of two words or more, in their order."""
    # For each number of letters read so far: of how many words, at most two counted, and of which they may be.
    states = {(0, 0, 0)}
    while states:
        following: set[tuple[int, int, int]] = set()
        for read, count, first in states:
            if read == len(said) and count > 1:
                return True
            for place in range(first, len(words)):
                for end in range(read + 1, len(said) + 1):
                    if said[read:end] in words[place]:
                        following.add((end, min(count + 1, 2), place + 1))
        states = following
    return False
