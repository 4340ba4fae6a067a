"""Which characters of many texts nobody has identified; one look for a whole batch."""

import re
from collections.abc import Callable, Iterable

from daicho.rules.people.characters.convert import in_jis
from daicho.rules.people.characters.identify import Queued, Unsettled, identify, split_characters
from daicho.rules.people.characters.tables import CharacterTables

_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_SEQUENCE = re.compile("[\\s\\S][\ufe00-\ufe0f\U000e0100-\U000e01ef]+")
_APART = "\n"  # stands in no item of a record


def private_in(texts: Iterable[str]) -> frozenset[str]:
    """Gather the private-use characters of some texts.

    Law: none, Unicode.
    """
    joined = _APART.join(texts)
    return frozenset(_PRIVATE.findall(joined)) if _PRIVATE.search(joined) else frozenset()


def unsettled_in(texts: Iterable[str], tables: Callable[[], CharacterTables]) -> dict[str, Unsettled]:
    """Gather the characters of some texts that the tables do not settle, each once, with the reason.

    The tables are asked for only when something stands there that JIS X 0213 does not hold.
    Law: none, own definition of 文字同定.
    """
    joined = _APART.join(("", *texts))
    if in_jis(joined):
        return {}
    sequences = {one for one in _SEQUENCE.findall(joined) if not one.startswith(_APART)}
    odd = {one for one in set(_SEQUENCE.sub("", joined)) if not in_jis(one)}
    found = ((one, identify(one, tables())) for one in sorted(odd | sequences))
    return {one: settled.reason for one, settled in found if isinstance(settled, Queued)}


def holding(texts: Iterable[str], wanted: frozenset[str]) -> frozenset[str]:
    """Tell which of some characters stand in some texts; a sequence counts as one character.

    Law: none, own definition.
    """
    return wanted.intersection(one for text in texts for one in split_characters(text))
