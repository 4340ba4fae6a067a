"""Synthetic residents, drawn from a seed: households whose members, ages and addresses fit together.

Nobody here exists. Codes and numbers are made when they are needed, each town in a range of its own, and carry
right check digits; therefore none of them is ever committed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from daicho.rules.people.codes import with_check_digit
from daicho.rules.register.extract import HEADER
from daicho.world.tables import rows_of

TODAY = date(2026, 11, 20)
_COLUMNS = HEADER.split(",")
# surname, reading, weight: own list; the last ones carry variation sequences or rare forms
_SURNAMES = (
    ("佐藤", "さとう", 15), ("鈴木", "すずき", 14), ("高橋", "たかはし", 11), ("田中", "たなか", 10), ("伊藤", "いとう", 9),
    ("渡辺", "わたなべ", 8), ("山本", "やまもと", 8), ("中村", "なかむら", 8), ("小林", "こばやし", 8), ("加藤", "かとう", 7),
    ("吉田", "よしだ", 6), ("山田", "やまだ", 6), ("佐々木", "ささき", 6), ("山口", "やまぐち", 5), ("松本", "まつもと", 5),
    ("井上", "いのうえ", 5), ("木村", "きむら", 4), ("林", "はやし", 4), ("斎藤", "さいとう", 4), ("清水", "しみず", 4),
    ("山崎", "やまざき", 4), ("森", "もり", 3), ("池田", "いけだ", 3), ("橋本", "はしもと", 3), ("阿部", "あべ", 3),
    ("石川", "いしかわ", 3), ("前田", "まえだ", 3), ("藤田", "ふじた", 3), ("小川", "おがわ", 3), ("後藤", "ごとう", 3),
    ("髙橋", "たかはし", 2), ("渡邉", "わたなべ", 1), ("渡邊", "わたなべ", 1), ("山﨑", "やまさき", 1), ("齋藤", "さいとう", 1),
    ("葛\U000E0102城", "かつらぎ", 1), ("辻\U000E0101", "つじ", 1), ("𠮷野", "よしの", 1), ("邊\U000E0103見", "へんみ", 1),
)  # fmt: skip
_BOYS = (
    ("実", "みのる"), ("茂", "しげる"), ("清", "きよし"), ("勝", "まさる"), ("博", "ひろし"), ("誠", "まこと"), ("隆", "たかし"),
    ("健一", "けんいち"), ("大輔", "だいすけ"), ("翔太", "しょうた"), ("拓也", "たくや"), ("蓮", "れん"), ("陽翔", "はると"),
    ("湊", "みなと"), ("悠真", "ゆうま"), ("直樹", "なおき"), ("和也", "かずや"), ("学", "まなぶ"), ("剛", "つよし"),
)  # fmt: skip
_GIRLS = (
    ("節子", "せつこ"), ("幸子", "さちこ"), ("和子", "かずこ"), ("洋子", "ようこ"), ("恵子", "けいこ"), ("由美子", "ゆみこ"),
    ("真由美", "まゆみ"), ("愛", "あい"), ("美咲", "みさき"), ("陽菜", "ひな"), ("葵", "あおい"), ("結衣", "ゆい"),
    ("凛", "りん"), ("紬", "つむぎ"), ("明美", "あけみ"), ("久美子", "くみこ"), ("千尋", "ちひろ"), ("麻衣", "まい"),
)  # fmt: skip
_FOREIGN = (
    ("ＮＧＵＹＥＮ　ＴＨＩ　ＭＡＩ", "NGUYEN THI MAI", "ベトナム", ""),
    ("ＫＩＭ　ＭＩＮＪＵＮ", "KIM MINJUN", "韓国", "金本　民俊"),
    ("ＳＩＬＶＡ　ＡＮＡ　ＰＡＵＬＡ", "SILVA ANA PAULA", "ブラジル", ""), ("ＷＡＮＧ　ＬＩ", "WANG LI", "中国", ""),
    ("ＳＭＩＴＨ　ＪＯＨＮ", "SMITH JOHN", "米国", ""),
)  # fmt: skip
_STATUSES = ("技術・人文知識・国際業務", "永住者", "留学")


@dataclass(frozen=True, slots=True)
class Ranges:
    """Where one town's codes and numbers begin; towns never meet."""

    first_code: int
    first_number: int


def ranges_of(town_place: int) -> Ranges:
    """Give each town of the plan ten million codes and numbers of its own."""
    return Ranges(2_000_000_000 + town_place * 10_000_000, 30_000_000_000 + town_place * 10_000_000)


def population(
    seed: int, municipality: str, count: int, ranges: Ranges, *, without_number: int = 0
) -> Iterator[str]:
    """Write an extract of `count` residents line by line; the last `without_number` have no number yet."""
    draw = Random(f"{seed}-{municipality}")
    towns = _towns(municipality)
    yield HEADER
    person = household = 0
    while person < count:
        household += 1
        place, since = draw.choice(towns), TODAY - timedelta(days=draw.randrange(60, 9_000))
        block = f"{draw.randrange(1, 6)}丁目{draw.randrange(1, 40)}番{draw.randrange(1, 20)}号"
        building = (
            f"{draw.choice(('コーポ', 'メゾン', 'ハイツ'))}{draw.choice('青葉緑桜楓')}{draw.randrange(101, 1205)}"
            if draw.random() < 0.4
            else ""
        )
        for items in _household(draw, min(count - person, draw.choice((1, 1, 2, 2, 3, 4, 4, 5)))):
            person += 1
            member = items | _numbers(ranges, person, numbered=person <= count - without_number)
            born = date.fromisoformat(member["born"])
            lived = max(since, born)
            member |= {
                "addressee_number": str(person), "household_number": str(household), "municipality_code": municipality,
                "postal_code": place[0], "town": place[1], "block": block, "building": building,
                "resident_since": lived.isoformat(), "address_since": lived.isoformat(), "notified_on": lived.isoformat(),
                "address_reason": "BIRTH" if lived == born else "MOVE_IN",
                "previous_address": "" if lived == born else "東京都中央区日本橋1丁目1番",
            }  # fmt: skip
            if member.get("resident_kind") == "FOREIGN":
                member.update(_foreign_items(draw, lived))
            yield ",".join(member.get(column, "") for column in _COLUMNS)


def _towns(municipality: str) -> list[tuple[str, str]]:
    return [
        (row["postal"], row["town"]) for row in rows_of("towns.csv") if row["municipality"] == municipality
    ]


def _numbers(ranges: Ranges, person: int, *, numbered: bool) -> dict[str, str]:
    # A stride that shares no factor with ten scatters neighbours without ever meeting.
    spread = person * 7_368_787 % 10_000_000
    code = with_check_digit(f"{ranges.first_code + spread:010d}")
    number = with_check_digit(f"{ranges.first_number + spread:011d}")
    return {"resident_record_code": code, "individual_number": number if numbered else ""}


def _household(draw: Random, size: int) -> list[dict[str, str]]:
    if draw.random() < 0.03:
        return [_foreigner(draw)]
    surname, reading, _ = draw.choices(_SURNAMES, weights=[weight for _, _, weight in _SURNAMES])[0]
    age = draw.randrange(24, 92) if size == 1 else draw.randrange(28, 70)
    head = _person(draw, surname, reading, age, "世帯主", draw.choice(("MALE", "MALE", "FEMALE")))
    members = [head]
    if size > 1:
        spouse_sex, relation = ("FEMALE", "妻") if head["sex"] == "MALE" else ("MALE", "夫")
        spouse = _person(draw, surname, reading, max(20, age + draw.randrange(-6, 5)), relation, spouse_sex)
        if draw.random() < 0.05:
            other, other_reading, _ = draw.choice(_SURNAMES[:30])
            spouse |= {"former_surname_kanji": other, "former_surname_furigana": other_reading}
        members.append(spouse)
    for _ in range(size - 2):
        child_age = max(0, min(40, age - draw.randrange(24, 38)))
        members.append(_person(draw, surname, reading, child_age, "子", draw.choice(("MALE", "FEMALE"))))
    for member in members:
        member["householder_name"] = head["name_kanji"]
        member["family_register_head"] = head["name_kanji"]
        member["registered_domicile"] = "東京都千代田区千代田１番"
    return members


def _person(draw: Random, surname: str, reading: str, age: int, relation: str, sex: str) -> dict[str, str]:
    given, given_reading = draw.choice(_BOYS if sex == "MALE" else _GIRLS)
    born = TODAY - timedelta(days=age * 365 + draw.randrange(40, 365))
    unknown_day = draw.random() < 0.0004
    return {
        "name_kanji": f"{surname}　{given}", "name_furigana": f"{reading}　{given_reading}",
        "furigana_confirmed": "1" if draw.random() < 0.9 else "0", "sex": sex, "relationship": relation,
        "birth_date": f"{born:%Y-%m}-00" if unknown_day else born.isoformat(), "born": born.isoformat(),
        "resident_kind": "JAPANESE",
    }  # fmt: skip


def _foreigner(draw: Random) -> dict[str, str]:
    name, roman, nationality, alias = draw.choice(_FOREIGN)
    born = TODAY - timedelta(days=draw.randrange(20 * 365, 60 * 365))
    return {
        "name_kanji": name, "roman": roman, "alias": alias, "nationality": nationality, "resident_kind": "FOREIGN",
        "sex": draw.choice(("MALE", "FEMALE")), "relationship": "世帯主", "householder_name": name,
        "birth_date": born.isoformat(), "born": born.isoformat(), "furigana_confirmed": "0",
    }  # fmt: skip


def _foreign_items(draw: Random, since: date) -> dict[str, str]:
    return {
        "foreign_category": "中長期在留者", "foreign_since": since.isoformat(),
        "residence_card_number": f"AB{draw.randrange(10**7, 10**8)}CD", "residence_status": draw.choice(_STATUSES),
        "residence_period": "5年", "residence_expires_on": "2029-03-31",
    }  # fmt: skip
