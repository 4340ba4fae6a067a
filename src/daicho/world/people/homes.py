"""Where people live, whence they came, where their family registers lie; streets and buildings are made up."""

import re
from collections import defaultdict
from functools import cache
from random import Random

from daicho.world.tables import rows_of

_BUILDINGS = 2_048
_FLATS = 0.44  # of all households; the others live in houses
_STREET_BITS = 13
_LOTS_ONE_IN = 8  # addresses by lot, where no residential blocks are laid out
_COUNTRIES = (
    "アメリカ合衆国", "中華人民共和国", "大韓民国", "タイ王国", "ベトナム社会主義共和国", "フィリピン共和国", "ドイツ連邦共和国",
    "オーストラリア連邦", "ブラジル連邦共和国", "カナダ", "英国", "シンガポール共和国", "インドネシア共和国",
)  # fmt: skip
# Postal codes of single large buildings, where hardly anybody lives.
_TOWERS = re.compile(
    "ビル|タワー|スクエア|センター|プレイス|ガーデン|プラザ|シティ|ヒルズ|ホテル|[ァ-ヺー]{9}|[ａ-ｚ]"
)
_TYPES = (
    "コーポ",
    "メゾン",
    "ハイツ",
    "パークハイム",
    "グリーンコート",
    "サンライズ",
    "レジデンス",
    "シャトー",
)
_WORDS = (
    "青葉",
    "緑",
    "桜",
    "楓",
    "若葉",
    "みどり",
    "光",
    "あおい",
    "さくら",
    "松風",
    "白樺",
    "欅",
    "もみじ",
    "花",
    "園",
)
_FLOORS = (2, 2, 2, 3, 3, 4, 5, 7, 10, 14)


@cache
def _towns() -> dict[str, dict[str, str]]:
    """Give the postal code of each town of each municipality."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows_of("towns.csv"):
        found[row["municipality"]][row["town"]] = row["postal"]
    return found


@cache
def _places() -> list[tuple[str, str]]:
    """Give the municipality and the address of each town where people live."""
    titles = {row["code"][:5]: f"{row['prefecture']}{row['name']}" for row in rows_of("municipalities.csv")}
    return [
        (municipality, f"{titles[municipality]}{town}")
        for municipality, here in _towns().items()
        for town in here
        if not _TOWERS.search(town)
    ]


class Homes:
    """The homes of one municipality, and the places that have to do with those who live in them."""

    def __init__(self, municipality: str, draw: Random) -> None:
        """Lay out the municipality's towns and buildings."""
        self._draw = draw
        self._municipality = municipality
        here = [*_towns()[municipality].items()]
        self._towns = [place for place in here if not _TOWERS.search(place[0])] or here
        self._streets = [self._street() for _ in range(1 << _STREET_BITS)]
        self._buildings = [self._building() for _ in range(_BUILDINGS)]
        self._elsewhere = [place for place in _places() if place[0] != municipality]
        self._near = 0

    def _street(self) -> str:
        chance = self._draw.getrandbits(30)
        if chance % _LOTS_ONE_IN:
            return f"{(chance >> 3) % 6 + 1}丁目{(chance >> 8) % 40 + 1}番{(chance >> 16) % 24 + 1}号"
        return f"{(chance >> 3) % 3_000 + 1}番地{(chance >> 16) % 12 + 1}"

    def _building(self) -> tuple[str, int]:
        draw = self._draw
        town, postal = draw.choice(self._towns)
        return f"{postal},{town},{self._street()},{draw.choice(_TYPES)}{draw.choice(_WORDS)}", draw.choice(
            _FLOORS
        )

    def home(self) -> str:
        """Draw an address as the extract has it: municipality, aza code, postal code, town, block, building."""
        draw = self._draw
        if draw.random() < _FLATS:
            # Households that follow each other live near each other and share buildings.
            self._near += 1
            chance = draw.getrandbits(24)
            building, floors = self._buildings[((self._near >> 4) + (chance & 3)) % _BUILDINGS]
            return f"{self._municipality},,{building}{(chance >> 2) % floors + 1}{(chance >> 16) % 8 + 1:02d}号室"
        town, postal = self._towns[int(draw.random() * len(self._towns))]
        return f"{self._municipality},,{postal},{town},{self._streets[draw.getrandbits(_STREET_BITS)]},"

    def earlier_home(self) -> str:
        """Draw an address of the same municipality in one line."""
        draw = self._draw
        return f"{self._towns[int(draw.random() * len(self._towns))][0]}{self._streets[draw.getrandbits(_STREET_BITS)]}"

    def elsewhere(self) -> tuple[str, str]:
        """Draw another municipality and an address of it in one line."""
        draw = self._draw
        municipality, address = self._elsewhere[int(draw.random() * len(self._elsewhere))]
        return municipality, f"{address}{self._streets[draw.getrandbits(_STREET_BITS)]}"

    def abroad(self) -> str:
        """Draw a country."""
        return self._draw.choice(_COUNTRIES)

    def registered_domicile(self) -> str:
        """Draw where a family register lies, which may be anywhere."""
        _, address = self._elsewhere[int(self._draw.random() * len(self._elsewhere))]
        return f"{address}{self._draw.getrandbits(11) + 1}番地"
