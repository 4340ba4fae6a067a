"""Which cards there are, between which days they are issued, how long they stand, and the terms of their holders."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from daicho.rules.law.article import Article, bango, juki
from daicho.rules.law.periods import last_day_of_years, months_before
from daicho.rules.people.age import age_on
from daicho.rules.people.dates import PartialDate

CARD_ORDER = "番号法施行令"
CARD_RULE = "個人番号カード等に関する命令"
LAPSING = Article(CARD_ORDER, "14")
RETURNING = Article(CARD_ORDER, "15")
_TERM_OF_CARD = Article(CARD_RULE, "26")
_TERM_OF_FOREIGN = Article(CARD_RULE, "27")


class CardKind(StrEnum):
    """Which card somebody holds; residence cards are no kind here, the record itself says them.  カードの種別

    Law: 番号法 第2条第7項, 第7条, 第18条の5; 住民基本台帳法 第30条の44 (as it stood until 2015)
    """

    NUMBER_CARD = "NUMBER_CARD"  # 個人番号カード
    SPECIFIED_RESIDENCE_CARD = "SPECIFIED_RESIDENCE_CARD"  # 特定在留カード・特定特別永住者証明書
    RESIDENT_CARD = "RESIDENT_CARD"  # 住民基本台帳カード
    NOTIFICATION_CARD = "NOTIFICATION_CARD"  # 通知カード


NUMBER_CARDS = frozenset((CardKind.NUMBER_CARD, CardKind.SPECIFIED_RESIDENCE_CARD))


@dataclass(frozen=True, slots=True)
class CardRule:
    """Between which days a kind is issued, and whether its face says until when it stands.  カードの定め

    Law: 番号法 第7条 (as it stood until 2020), 第17条, 第18条の5; 住民基本台帳法 第30条の44 (as it stood until 2015)
    """

    kind: CardKind
    article: Article
    issued_from: date
    issued_until: date | None = None
    expires: bool = True
    foreign_only: bool = False


CARD_RULES: dict[CardKind, CardRule] = {
    one.kind: one
    for one in (
        CardRule(CardKind.NUMBER_CARD, bango("17"), date(2016, 1, 1)),
        CardRule(
            CardKind.SPECIFIED_RESIDENCE_CARD, bango("18-5"), date(2026, 6, 14), foreign_only=True
        ),
        CardRule(CardKind.RESIDENT_CARD, juki("30-44"), date(2003, 8, 25), date(2015, 12, 28)),
        CardRule(CardKind.NOTIFICATION_CARD, bango("7"), date(2015, 10, 5), date(2020, 5, 24), expires=False),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CardTerm:
    """Until which birthday after its issue a card stands, by the age of whoever asked for it.  有効期間

    Law: 個人番号カード等に関する命令 第26条. `in_force_from` is of the day on which the card was asked for.
    """

    in_force_from: date
    grown_at: int
    birthdays_grown: int
    birthdays_young: int


NUMBER_CARD_TERMS = (
    CardTerm(date(2016, 1, 1), 20, 10, 5),
    CardTerm(date(2022, 4, 1), 18, 10, 5),
)
RESIDENT_CARD_YEARS = 10
RENEWABLE_MONTHS = 3
STAY_EXTENSION_MONTHS = 2
CONTINUED_ABROAD_FROM = date(2024, 5, 27)
# Faces came to carry furigana in the months before (番号法2条7項): the first day on which that is certain everywhere.
FURIGANA_WRITTEN_FROM = date(2026, 7, 1)


@dataclass(frozen=True, slots=True)
class CardPeriod:
    """Within how many days a holder does something with a card.  カードに係る期間"""

    article: Article
    days: int
    in_force_from: date


_FIRST_DAY = date(2016, 1, 1)
# What the face says changed: it is told and the card is shown (番号法17条).
AMENDING = CardPeriod(bango("17"), 14, _FIRST_DAY)
# Counted from the notice of moving in: the card is handed in to be used on, or it is void.
CONTINUING = CardPeriod(LAPSING, 90, _FIRST_DAY)
# Counted from the move: a card whose holder gives notice later is void.
ARRIVING = CardPeriod(LAPSING, 14, _FIRST_DAY)
# Counted from the day on which somebody was to leave: a card whose holder moved in nowhere is void.
LEAVING = CardPeriod(LAPSING, 30, _FIRST_DAY)


def issued_on_day(kind: CardKind, day: date) -> bool:
    """Tell whether cards of a kind are issued on a day.

    Law: 番号法 第7条, 第17条, 第18条の5; 住民基本台帳法 第30条の44 (as it stood until 2015)
    """
    rule = CARD_RULES[kind]
    return rule.issued_from <= day and (rule.issued_until is None or day <= rule.issued_until)


@dataclass(frozen=True, slots=True)
class CardHolder:
    """What the term of a card rests on besides its issue.  有効期間の算定の基礎

    Law: 個人番号カード等に関する命令 第26条, 第27条
    """

    birth_date: PartialDate
    stay_ends_on: date | None = None  # 在留期間の満了の日


def latest_expiry(
    kind: CardKind,
    issued_on: date,
    holder: CardHolder,
    *,
    applied_on: date | None = None,
    renewed: bool = False,
) -> date | None:
    """Give the last day until which a card may stand that was issued on a day; nothing where nobody can say.

    The age is that of the day of asking, or of the issue where that day is not known. A card that takes the place of one
    which was about to expire (`renewed`) stands until one more birthday. Who was born on 29 February has the 28th as
    birthday of other years.

    Law: 個人番号カード等に関する命令 第26条, 第27条; 住民基本台帳法施行規則 (ten years, as it stood until 2015)
    """
    if not CARD_RULES[kind].expires:
        return None
    if kind is CardKind.RESIDENT_CARD:
        return last_day_of_years(issued_on, RESIDENT_CARD_YEARS)
    birth = holder.birth_date.whole
    if birth is None or birth > issued_on:
        return holder.stay_ends_on
    asked_on = max(applied_on or issued_on, birth)
    term = _term_on(asked_on)
    count = term.birthdays_grown if age_on(birth, asked_on) >= term.grown_at else term.birthdays_young
    last = _birthday_after(birth, issued_on, count + (1 if renewed else 0))
    return last if holder.stay_ends_on is None else min(last, holder.stay_ends_on)


def _term_on(day: date) -> CardTerm:
    in_force = [one for one in NUMBER_CARD_TERMS if one.in_force_from <= day]
    return max(in_force or NUMBER_CARD_TERMS[:1], key=lambda one: one.in_force_from)


def _birthday_after(birth: date, day: date, count: int) -> date:
    """Give the how-manieth birthday after a day; one on that day itself does not count."""
    first = day.year if _birthday_in(birth, day.year) > day else day.year + 1
    return _birthday_in(birth, first + count - 1)


def _birthday_in(birth: date, year: int) -> date:
    try:
        return birth.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def birthday_on(birth_date: PartialDate, day: date) -> bool:
    """Tell whether a day is a birthday by which a card ends.

    Law: 個人番号カード等に関する命令 第26条
    """
    birth = birth_date.whole
    return birth is not None and _birthday_in(birth, day.year) == day


def extension_ends_on(stay_ends_on: date) -> date:
    """Give the last day until which a card may stand while a longer stay is asked for.

    Law: 個人番号カード等に関する命令 第29条; 出入国管理及び難民認定法 第20条第6項
    """
    return months_before(stay_ends_on, -STAY_EXTENSION_MONTHS)


def renewable_from(expires_on: date) -> date:
    """Give the first day on which another card may be asked for before the present one expires.

    Law: 個人番号カード等に関する命令 第29条
    """
    return months_before(expires_on, RENEWABLE_MONTHS)


def term_article(kind: CardKind, *, foreign: bool) -> Article:
    """Name the article under which a card stands for some time.

    Law: 個人番号カード等に関する命令 第26条, 第27条; 住民基本台帳法 第30条の44 (as it stood until 2015)
    """
    if kind not in NUMBER_CARDS:
        return CARD_RULES[kind].article
    return _TERM_OF_FOREIGN if foreign else _TERM_OF_CARD
