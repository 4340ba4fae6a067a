"""Names of people who do not exist: surnames as often as in Japan, given names as the year of birth has them.

The lists are our own. Beside them stand names put together from parts, so that a million people do not share a
few hundred names; what is written with an uncommon form of a character is in the lists.
"""

import re
from collections.abc import Iterator
from functools import cache
from random import Random

from daicho.world.people.drawing import spread
from daicho.world.tables import rows_of

SURNAME_BITS = 16
GIVEN_BITS = 12
Name = tuple[str, str]  # as written, and its reading
_LISTED_SURNAMES = 0.6  # of all people; the others bear one of the many rare surnames
_LISTED_GIVEN = 0.58
_FIRST_DECADE, _LAST_DECADE = 191, 202
_PART = re.compile("([^ァ-ヺー ]+)([ァ-ヺー]+)")
_BEGINNINGS = (
    "大オオ 小コ 中ナカ 上ウエ 下シモ 北キタ 南ミナミ 高タカ 松マツ 竹タケ 梅ウメ 石イシ 藤フジ 杉スギ 森モリ 宮ミヤ 福フク 富トミ"
    " 吉ヨシ 永ナガ 黒クロ 白シラ 青アオ 赤アカ 水ミズ 土ツチ 古フル 安ヤス 村ムラ 岡オカ 坂サカ 菊キク 荒アラ 浜ハマ 岩イワ 星ホシ"
    " 武タケ 柳ヤナギ 矢ヤ 平ヒラ 秋アキ 桜サクラ 神カミ 堀ホリ 塩シオ 津ツ 三ミ 野ノ 笠カサ 鳥トリ 飯イイ 若ワカ 細ホソ 滝タキ 長ナガ 熊クマ"
)
_ENDINGS = (
    "田ダ 川カワ 山ヤマ 村ムラ 本モト 野ノ 原ハラ 島シマ 木キ 井イ 谷タニ 崎サキ 口グチ 橋ハシ 岡オカ 塚ヅカ 尾オ 浦ウラ 沢ザワ 内ウチ 下シタ"
    " 瀬セ 倉クラ 坂サカ 池イケ 江エ 見ミ 津ツ 戸ド 根ネ 場バ 屋ヤ 葉ハ 城シロ 森モリ 垣ガキ 宮ミヤ 林バヤシ 澤ザワ 﨑サキ 嶋シマ"
)
_UNCOMMON = frozenset("澤﨑嶋")  # a form that one family in eight writes
# Given names put together: sex, years of birth, what they begin and what they end with.
_COMPOSED = (
    ("MALE", 1900, 1959, "正マサ 和カズ 義ヨシ 秀ヒデ 光ミツ 明アキ 俊トシ 隆タカ 弘ヒロ 幸ユキ 文フミ 邦クニ 忠タダ 勝カツ 武タケ 英ヒデ 敏トシ"
     " 孝タカ 康ヤス 晴ハル 政マサ 信ノブ 良ヨシ 貞サダ 利トシ 重シゲ 安ヤス 常ツネ 辰タツ 友トモ 道ミチ 清キヨ 國クニ 德ノリ",
     "雄オ 夫オ 男オ 一カズ 治ハル 次ツグ 三ゾウ 蔵ゾウ 造ゾウ 彦ヒコ 明アキ 義ヨシ 司ジ 美ミ"),
    ("MALE", 1950, 1989, "正マサ 和カズ 義ヨシ 秀ヒデ 光ミツ 明アキ 俊トシ 隆タカ 弘ヒロ 幸ユキ 文フミ 邦クニ 勝カツ 英ヒデ 敏トシ 孝タカ 康ヤス"
     " 晴ハル 政マサ 信ノブ 良ヨシ 浩ヒロ 裕ヒロ 智トモ 伸ノブ 雅マサ 直ナオ 哲テツ 博ヒロ 芳ヨシ 邦クニ 尚ナオ 敦アツ",
     "彦ヒコ 之ユキ 樹キ 明アキ 志シ 司ジ 一カズ 人ト 也ヤ 史フミ 久ヒサ 則ノリ 伸ノブ 浩ヒロ 行ユキ 和カズ 成ナリ 哉ヤ 生オ"),
    ("MALE", 1985, 2029, "悠ユウ 陽ハル 颯ソウ 蒼ソウ 結ユイ 大ダイ 優ユウ 瑛エイ 翔ショウ 奏ソウ 琉リュウ 晃コウ 啓ケイ 航コウ 隼シュン 涼リョウ"
     " 圭ケイ 直ナオ 智トモ 和カズ 雅マサ 拓タク 健ケン 春ハル 朝アサ 侑ユウ 理リ 遼リョウ 慶ケイ 真マ 龍リュウ",
     "太タ 也ヤ 人ト 樹キ 輝キ 斗ト 希キ 平ヘイ 介スケ 真マ 翔ト 馬マ 成セイ 吾ゴ 心シン 生セイ 士シ 大ダイ"),
    ("FEMALE", 1900, 1954, "正マサ 和カズ 文フミ 光ミツ 春ハル 秋アキ 房フサ 貞サダ 清キヨ 照テル 静シズ 豊トヨ 竹タケ 梅ウメ 菊キク 松マツ 澄スミ 常ツネ"
     " 艶ツヤ 律リツ 郁イク 喜代キヨ 八重ヤエ 美津ミツ 佳代カヨ 政マサ 芳ヨシ 敏トシ 信ノブ 孝タカ 冨美フミ 榮エイ",
     "子コ 子コ 子コ 江エ 代ヨ 枝エ 美ミ"),
    ("FEMALE", 1945, 1984, "由ユ 真マ 美ミ 恵エ 亜ア 奈ナ 佐サ 千チ 久ク 佳ヨシ 麻マ 里リ 智トモ 友トモ 明アキ 裕ヒロ 直ナオ 理リ 紀ノリ 優ユ"
     " 祐ユウ 朋トモ 芳ヨシ 雅マサ 敦アツ 博ヒロ 由美ユミ 久美クミ 眞マ 晴ハル 和カズ 幸ユキ",
     "美ミ 子コ 子コ 香カ 紀キ 里リ 恵エ 奈ナ 代ヨ 江エ 穂ホ 希キ 枝エ 世ヨ"),
    ("FEMALE", 1980, 2029, "結ユ 陽ヒ 莉リ 心ココ 咲サキ 彩アヤ 愛アイ 美ミ 優ユウ 紗サ 琴コト 花ハナ 茉マ 柚ユズ 瑠ル 香カ 千チ 和ワカ 七ナナ 希キ 萌モエ"
     " 百モモ 夏ナツ 春ハル 明ア 朱アカ 梨リ 玲レイ 真マ 日ヒ 雪ユキ",
     "菜ナ 花カ 希キ 奈ナ 乃ノ 音ネ 羽ハ 葉ハ 衣イ 莉リ 美ミ 月ツキ 穂ホ 香カ 里リ 帆ホ 華カ 那ナ"),
)  # fmt: skip


def _parts(text: str) -> list[Name]:
    return [(found[1], found[2]) for found in _PART.finditer(text)]


@cache
def surnames() -> list[Name]:
    """Give a table of 2 ** SURNAME_BITS surnames, each as often as its bearers are many."""
    listed = [((row["kanji"], row["reading"]), float(row["weight"])) for row in rows_of("surnames.csv")]
    known = {name for (name, _), _ in listed}
    rare = [
        ((begin + end, reading + ending), 0.14 if end in _UNCOMMON else 1.0)
        for begin, reading in _parts(_BEGINNINGS)
        for end, ending in _parts(_ENDINGS)
        if begin != end and begin + end not in known
    ]
    Random("surnames").shuffle(rare)
    # The further down the list of a country's surnames, the fewer bear one.
    tail = [(name, weight / (rank + 150)) for rank, (name, weight) in enumerate(rare)]
    return _mixed(listed, tail, _LISTED_SURNAMES, SURNAME_BITS)


@cache
def given_names(sex: str, year: int) -> list[Name]:
    """Give a table of 2 ** GIVEN_BITS given names of those born in the decade of a year."""
    decade = min(max(year // 10, _FIRST_DECADE), _LAST_DECADE)
    listed = [
        ((row["kanji"], row["reading"]), int(row["weight"]) * years)
        for row in rows_of("given_names.csv")
        if row["sex"] == sex and (years := _years_of(decade, int(row["first"]), int(row["last"])))
    ]
    composed = dict(_composed(sex, decade))
    for name, _ in listed:
        composed.pop(name, None)
    return _mixed(listed, list(composed.items()), _LISTED_GIVEN, GIVEN_BITS)


def _composed(sex: str, decade: int) -> Iterator[tuple[Name, float]]:
    for whose, first, last, beginnings, endings in _COMPOSED:
        years = _years_of(decade, first, last) if whose == sex else 0
        if not years:
            continue
        for begin, reading in _parts(beginnings):
            for end, ending in _parts(endings):
                if end not in begin:
                    yield (begin + end, reading + ending), float(years)


def _years_of(decade: int, first: int, last: int) -> int:
    """Count the years of a decade within a span of years."""
    return max(0, min(decade * 10 + 9, last) - max(decade * 10, first) + 1)


def _mixed(
    listed: list[tuple[Name, float]], others: list[tuple[Name, float]], share: float, bits: int
) -> list[Name]:
    """Make one table of two lists; `share` is what the first has of it."""
    parts = ((listed, share), (others, 1 - share))
    names = [name for part, _ in parts for name, _ in part]
    weights = [
        weight * whole / total
        for part, whole in parts
        for total in (sum(weight for _, weight in part),)
        for _, weight in part
    ]
    return spread(names, weights, bits)
