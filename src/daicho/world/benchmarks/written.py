"""Names, readings and addresses as somebody else writes them, and how well the keys find them again."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from daicho.rules.people.characters.identify import split_characters
from daicho.rules.people.kana import kanji_key, voiceless_key
from daicho.rules.people.spellings import voiceless_alike

# Own list, made without the tables that the keys are folded by: forms that residents and clerks write for each other.
_FAMILIES = (
    "辺邊邉 斎斉齋齊 高髙 崎﨑嵜 沢澤 広廣 浜濱濵 島嶋嶌 吉𠮷 国國 桜櫻 真眞 恵惠 実實 清淸 青靑 徳德 栄榮 "
    "学學斈 寿壽 黒黑 竜龍 滝瀧 渕淵 条條 曽曾 関關 凛凜 遥遙 尭堯 巌巖 峰峯 野埜 富冨 館舘 柳栁 船舩 鶴靏 "
    "陰隂 村邨 松枩 礒磯 昇曻 弥彌 与與 亜亞 円圓 芦蘆 園薗 桑桒 万萬 弁辨 壱壹 会會 双雙 声聲 売賣 変變 宝寶 "
    "応應 戸戶 戦戰 拝拜 検檢 楽樂 横橫 歩步 毎每 気氣 渋澁 温溫 湾灣 瀬瀨 焼燒 産產 画畫 県縣 礼禮 禄祿 穂穗 "
    "穣穰 緑綠 縁緣 聡聰 荘莊 蔵藏 薫薰 衛衞 覚覺 豊豐 郎郞 鉄鐵 銭錢 鎮鎭 静靜 頼賴 顕顯 鶏鷄 麦麥 黄黃 亀龜 "
    "桧檜 槙槇 祢禰 萌萠 晃晄 亘亙 神\ufa19 福\ufa1b 隆\uf9dc 塚\ufa10 猪\ufa16 祐\ufa4f 都\ufa26 海\ufa45 "
    "祥\ufa1a 羽\ufa1e "
)
_SPACES = ("　", " ", "")
_FULL_WIDTH = str.maketrans("0123456789-", "０１２３４５６７８９－")
_KATAKANA = {point: chr(point + 0x60) for point in range(0x3041, 0x3097)}
_LARGE = str.maketrans("ゃゅょっぁぃぅぇぉャュョッァィゥェォ", "やゆよつあいうえおヤユヨツアイウエオ")
_OTHER_KANA = str.maketrans("じぢずづジヂズヅ", "ぢじづずヂジヅズ")
_LONG_O = re.compile("(?<=[おこそとのほもよろごぞどぼぽょオコソトノホモヨロゴゾドボポョ])[うおウオ]")
_LONG_E = re.compile("(?<=[えけせてねへめれげぜでべぺエケセテネヘメレゲゼデベペ])[いイ]")
_KANJI = re.compile("[々\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def _families() -> dict[str, str]:
    found: dict[str, str] = {}
    for family in _FAMILIES.split():
        for form in family:
            found[form] = "".join(sorted({*found.get(form, ""), *family}))
    return found


_FORMS = _families()


def name_as_written(draw: Random, name: str, sequences: Mapping[str, Sequence[str]] | None = None) -> str:
    """Write a name with other forms of its characters, with selectors, and with another space."""
    written = []
    for character in split_characters(name):
        base = character[0]
        if base == "　":
            written.append(draw.choice(_SPACES))
        elif base in _FORMS:
            written.append(draw.choice(_FORMS[base]))
        elif sequences and base in sequences and draw.random() < 0.5:
            written.append(draw.choice(sequences[base]))
        elif _KANJI.match(base) and draw.random() < 0.2:
            written.append(base + chr(draw.randrange(0xE0100, 0xE0110)))
        else:
            written.append(base)
    return "".join(written).replace("佐々木", draw.choice(("佐々木", "佐佐木")))


def reading_as_typed(draw: Random, reading: str) -> str:
    """Type a reading in other kana, with other spellings of its long vowels, and perhaps without small kana."""
    typed = _LONG_O.sub(lambda match: draw.choice((match[0], "う", "お", "ー")), reading)
    typed = _LONG_E.sub(lambda match: draw.choice((match[0], match[0], "ー")), typed)
    if draw.random() < 0.5:
        typed = typed.translate(_KATAKANA)
    if draw.random() < 0.3:
        typed = typed.translate(_LARGE)
    if draw.random() < 0.3:
        typed = typed.translate(_OTHER_KANA)
    return typed.replace("　", draw.choice(_SPACES))


def address_as_written(
    draw: Random, address: str, sequences: Mapping[str, Sequence[str]] | None = None
) -> str:
    """Write the part of an address before its building with hyphens and with other forms of its characters."""
    place = address.split("　", maxsplit=1)[0]
    short = re.sub("(?<=[0-9])(?:丁目|番地|番)", "-", place).replace("号", "")
    place = draw.choice((place, short, short.translate(_FULL_WIDTH)))
    return name_as_written(draw, place.replace("ケ", draw.choice("ケヶ")), sequences)


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How many of the asked were found, and how many of the found were meant."""

    asked: int
    recall: float
    precision: float


def kanji_accuracy(
    draw: Random, names: Sequence[str], sequences: Mapping[str, Sequence[str]] | None = None
) -> Accuracy:
    """Ask for every name as somebody else writes it; meant is every name of the same characters in any form."""
    return _accuracy(
        names, keys=lambda name: (kanji_key(name),), same=same_characters,
        questions=((name, (kanji_key(name_as_written(draw, name, sequences)),)) for name in names),
    )  # fmt: skip


def kana_accuracy(draw: Random, readings: Sequence[str]) -> Accuracy:
    """Ask for every reading as somebody else types it; meant is every reading that sounds the same."""
    return _accuracy(
        readings, keys=lambda reading: (voiceless_key(reading),), same=same_sound,
        questions=((reading, voiceless_alike(reading_as_typed(draw, reading))) for reading in readings),
    )  # fmt: skip


def _accuracy(
    kept: Sequence[str],
    *,
    keys: Callable[[str], Iterable[str]],
    same: Callable[[str], str],
    questions: Iterable[tuple[str, Iterable[str]]],
) -> Accuracy:
    under: dict[str, Counter[str]] = {}
    for one in kept:
        for key in keys(one):
            under.setdefault(key, Counter())[same(one)] += 1
    asked = recalled = found = meant = 0
    for one, asked_keys in questions:
        asked += 1
        answers: Counter[str] = sum((under.get(key, Counter()) for key in asked_keys), Counter())
        recalled += answers[same(one)] > 0 and any(key in asked_keys for key in keys(one))
        found += answers.total()
        meant += answers[same(one)]
    return Accuracy(asked, recalled / asked, meant / found if found else 0.0)


def same_characters(name: str) -> str:
    """Give one text for all forms of a name, by the list above and without the keys."""
    bases = (character[0] for character in split_characters(name) if character[0] != "　")
    return "".join(min(_FORMS.get(base, base)) for base in bases)


def same_sound(reading: str) -> str:
    """Give one text for all spellings of a reading that keep its voicing, without the keys."""
    plain = reading.translate(_LARGE).replace("　", "").translate(str.maketrans("ぢづ", "じず"))
    return _LONG_E.sub("え", _LONG_O.sub("お", plain))
