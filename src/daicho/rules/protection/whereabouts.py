"""Does somebody live at a place that is written by hand?"""

from daicho.rules.people.kana import kanji_key
from daicho.rules.register.record import ResidentRecord

_MUNICIPAL = frozenset("市区町村")
_NUMERALS = frozenset("0123456789〇一二三四五六七八九十百千")
_GOING_ON = frozenset("番地之の丁条線") | _NUMERALS


def names_home_of(text: str, record: ResidentRecord) -> bool:
    """Tell whether a place as somebody wrote it is where a record says that somebody lives, or a part of town around it.

    Only whole parts count: 2番3号 is in 2番, and is not 2番35号. The building does not count, nor does what stands before
    the town. A number written otherwise (2-3) is not understood.

    Law: 住民基本台帳事務処理要領 第6の10; own definition.
    """
    home = record.current_address
    asked, town, place = (kanji_key(one) for one in (text, home.town, f"{home.town}{home.block}"))
    if not town:
        return False
    begin = asked.find(town)
    while begin >= 0:
        if (begin == 0 or asked[begin - 1] in _MUNICIPAL) and _agree(asked[begin:], place):
            return True
        begin = asked.find(town, begin + 1)
    return False


def _agree(asked: str, place: str) -> bool:
    if asked.startswith(place):
        # More behind a place is a building, or another place: 12番地3 is not 12番地.
        more = asked[len(place) :]
        return not more or place.endswith("号") or more[0] not in _GOING_ON
    rest = place[len(asked) :]
    return place.startswith(asked) and not (asked[-1] in _NUMERALS and rest[0] in _GOING_ON)
