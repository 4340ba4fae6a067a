"""A municipality under another code: what becomes of an address when towns merge or wards are set up.  廃置分合

Only the rule: a register whose own code changes is brought over as a whole (decision 0040 says what is left).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from daicho.rules.law.article import Article
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.addresses import Address
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.kana import kanji_key

_ARTICLE = Article("地方自治法", "7")


@dataclass(frozen=True, slots=True)
class Succession:
    """Which municipality follows another one from a day on, for all of it or for some towns.  合併・区の設置

    Law: 地方自治法 第7条, 第252条の20
    """

    former: MunicipalityCode
    successor: MunicipalityCode
    from_day: date
    towns: tuple[str, ...] = ()  # none: all of it


def check_successions(successions: Iterable[Succession]) -> Refusal | None:
    """Refuse successions that leave open who follows: two for one place, or a municipality that follows itself.

    A municipality may be followed by another for all that no town names.
    Law: 地方自治法 第7条; own definition of what is contradictory.
    """
    known: set[tuple[MunicipalityCode, str]] = set()
    for one in successions:
        if one.former == one.successor:
            return Refusal(Reason.NOTHING_CHANGES, _ARTICLE, "successor")
        for town in one.towns or ("",):
            key = one.former, kanji_key(town)
            if key in known:
                return Refusal(Reason.LINE_DOUBLED, _ARTICLE, "towns")
            known.add(key)
    return None


def succeeded_address(home: Address, successions: Iterable[Succession], on: date) -> Address:
    """Give an address with the municipality that holds on a day; a town's own succession goes before the whole one's.

    Law: 地方自治法 第7条, 第252条の20
    """
    fitting = [
        one
        for one in successions
        if one.former == home.municipality
        and one.from_day <= on
        and (not one.towns or kanji_key(home.town) in {kanji_key(town) for town in one.towns})
    ]
    if not fitting:
        return home
    closest = max(fitting, key=lambda one: (bool(one.towns), one.from_day))
    return replace(home, municipality=closest.successor)
