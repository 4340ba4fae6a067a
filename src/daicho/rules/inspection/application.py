"""Who asks to inspect the register, for what, who reads, and when that may be.  閲覧の請求・申出"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from daicho.rules.law.article import Article, juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.kana import kanji_key
from daicho.rules.people.sex import Sex

_PUBLIC, _OTHERS = juki("11"), juki("11-2")
APPROVAL_DAYS = 30  # own definition: for so long after the day that was asked for may be read
MOST_READERS = 10
SHORTEST_AREA_CHARACTERS = 2
MOST_AREAS = 50


class InspectionKind(StrEnum):
    """Under which provision somebody asks to inspect.  閲覧の区分"""

    PUBLIC = "PUBLIC"  # 国又は地方公共団体の機関（法11条1項）
    RESEARCH = "RESEARCH"  # 統計調査・世論調査・学術研究等（法11条の2第1項1号）
    WELFARE = "WELFARE"  # 公共的団体の地域福祉の活動（同項2号）
    RESIDENCE = "RESIDENCE"  # 居住関係の確認（同項3号）


@dataclass(frozen=True, slots=True)
class InspectionReader:
    """Somebody who will read: of a public body with the post, of others with the address.  閲覧者"""

    name: str
    about: str


@dataclass(frozen=True, slots=True)
class InspectionScope:
    """Whose items are read: whoever lives at addresses that begin so, was born between, is of a sex.  閲覧に係る住民の範囲"""

    areas: tuple[str, ...]
    born_from: date | None = None
    born_until: date | None = None
    sex: Sex | None = None


@dataclass(frozen=True, slots=True)
class InspectionApplication:
    """One request of a public body, or application of somebody else.  閲覧の請求・申出

    `withheld` says that a public body cannot tell its reason; it names the law instead, and nothing is made public.

    Law: 住民基本台帳法 第11条第2項, 第11条の2第2項; 住民基本台帳の一部の写しの閲覧並びに住民票の写し等及び除票の写し等の交付に
    関する省令. Which of the ordinance's items are asked for is own definition.
    """

    kind: InspectionKind
    body: str  # 機関の名称・申出者の氏名又は名称
    purpose: str
    readers: tuple[InspectionReader, ...]
    scope: InspectionScope
    received_on: date
    inspect_on: date
    address: str = ""  # 申出者の住所・主たる事務所の所在地
    representative: str = ""  # 法人の代表者又は管理人
    summary: str = ""  # 公表する概要
    legal_basis: str = ""  # 事務の根拠となる法令
    withheld: bool = False  # 法11条2項2号
    supervisor: str = ""  # 活動責任者
    handlers: tuple[str, ...] = ()  # 閲覧事項を取り扱う者
    handling: str = ""  # 閲覧事項の管理の方法
    publication: str = ""  # 調査研究の成果の取扱い
    officer: str = ""  # 請求に係る事務の責任者の職名・氏名
    hardship: str = ""  # 請求事由を明らかにすることが困難である理由
    corporate: bool = False  # 申出者が法人である
    client: str = ""  # 委託者


def article_of(kind: InspectionKind) -> Article:
    """Name the article under which a kind of inspection is asked for.

    Law: 住民基本台帳法 第11条, 第11条の2
    """
    return _PUBLIC if kind is InspectionKind.PUBLIC else _OTHERS


def is_published(application: InspectionApplication) -> bool:
    """Tell whether an inspection is made public: not what a public body must keep to itself, nor a residence that was checked.

    Law: 住民基本台帳法 第11条第3項, 第11条の2第12項
    """
    return not application.withheld and application.kind is not InspectionKind.RESIDENCE


def check_inspection(application: InspectionApplication, today: date) -> Refusal | None:
    """Refuse an application that does not say what the act wants said, or whose days do not fit.

    Law: 住民基本台帳法 第11条第2項, 第11条の2第2項
    """
    article = article_of(application.kind)
    missing = _missing(application)
    if missing:
        return Refusal(Reason.FIELD_MISSING, article, missing)
    if application.withheld and application.kind is not InspectionKind.PUBLIC:
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, article, "withheld")
    if len(application.readers) > MOST_READERS:
        return Refusal(Reason.FIELD_TOO_LONG, article, "readers")
    if len(application.scope.areas) > MOST_AREAS:
        return Refusal(Reason.FIELD_TOO_LONG, article, "area")
    if application.received_on > today:
        return Refusal(Reason.DATE_IN_FUTURE, article, "received_on")
    if application.inspect_on < application.received_on:
        return Refusal(Reason.DATE_ORDER, article, "inspect_on")
    scope = application.scope
    if scope.born_from is not None and scope.born_until is not None and scope.born_from > scope.born_until:
        return Refusal(Reason.DATE_ORDER, article, "born_until")
    return None


def _missing(application: InspectionApplication) -> str:
    """Name the first field that is wanted and empty."""
    public = application.kind is InspectionKind.PUBLIC
    # A public body that cannot tell its reason says which law gives it the affair.
    reason = (
        ("legal_basis", application.legal_basis) if application.withheld else ("purpose", application.purpose)
    )
    wanted = [("body", application.body), reason]
    if public:
        wanted.append(("officer", application.officer))
    if application.withheld and public:
        wanted.append(("hardship", application.hardship))
    if is_published(application):
        wanted.append(("summary", application.summary))
    if not public:
        wanted += [
            ("address", application.address),
            ("supervisor", application.supervisor),
            ("handling", application.handling),
        ]
    if application.corporate:
        wanted.append(("representative", application.representative))
    if application.kind is InspectionKind.RESEARCH:
        wanted.append(("publication", application.publication))
    found = next((name for name, text in wanted if not text.strip()), "")
    if not found and application.corporate and not application.handlers:
        found = "handlers"
    if found:
        return found
    if not application.readers or any(
        not one.name.strip() or not one.about.strip() for one in application.readers
    ):
        return "readers"
    areas = application.scope.areas
    short = any(len(kanji_key(one)) < SHORTEST_AREA_CHARACTERS for one in areas)
    return "area" if short or not areas else ""


def check_reading(
    application: InspectionApplication, present: Collection[str], on: date, *, identity_shown: bool
) -> Refusal | None:
    """Refuse to lay the list before anybody who was not named or did not prove who they are, or out of time.

    Law: 住民基本台帳法 第11条, 第11条の2; 住民基本台帳事務処理要領 第2の2; the term is own definition.
    """
    article = article_of(application.kind)
    named = {one.name for one in application.readers}
    if not present:
        return Refusal(Reason.FIELD_MISSING, article, "present")
    if not named.issuperset(present):
        return Refusal(Reason.NOT_ENTITLED, article, "present")
    if not identity_shown:
        return Refusal(Reason.IDENTITY_NOT_PROVEN, article, "identity_shown")
    if on < application.inspect_on:
        return Refusal(Reason.DATE_ORDER, article, "inspect_on")
    if on > application.inspect_on + timedelta(days=APPROVAL_DAYS):
        return Refusal(Reason.TOO_LATE, article, "inspect_on")
    return None
