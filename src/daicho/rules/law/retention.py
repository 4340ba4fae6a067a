"""How many years a record is kept, as the order in force on a day says."""

from dataclasses import dataclass
from datetime import date

from daicho.rules.law.article import Article, juki_order


@dataclass(frozen=True, slots=True)
class Retention:
    """How long something is kept from the event that ends its use.  保存期間"""

    article: Article
    years: int
    in_force_from: date


_LONG = date(2019, 6, 20)
REMOVED_RECORD = Retention(juki_order("34"), 150, _LONG)  # 第1項: 除票
IDENTITY_RECORD = Retention(juki_order("34"), 150, _LONG)  # 第2項: 市町村長が保存する本人確認情報
IDENTITY_RECORD_ABOVE = Retention(juki_order("30-6"), 150, _LONG)  # 都道府県知事・機構が保存する本人確認情報
