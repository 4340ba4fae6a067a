"""Who may ask by machine: a client of one office, the scopes that two people granted it, and until when.

Law: 住民基本台帳事務処理要領 does not know such clients; scopes are written as the standard of common functions writes them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from daicho.rules.hall.offices import HallOffice, NumberOrdinance, duty_of, may_have_number
from daicho.rules.law.article import Article
from daicho.rules.law.refusal import Reason, Refusal

TITLE_CHARACTERS = 60
LONGEST_VALIDITY = timedelta(days=3 * 366)
TOKEN_LIFE = timedelta(minutes=15)
SECRET_OVERLAP = timedelta(
    hours=24
)  # how long the secret before still opens, so that an office can change over
RENEWAL = "secret"  # what two people give beside scopes: the word for one new secret
WORD_LIFE = timedelta(days=7)  # how long a second person's word may be used
STANDARD = Article("地方公共団体情報システム共通機能標準仕様書", "第2.2.5")


class HallScope(StrEnum):
    """What a client may do: provider, resource, operation.  連携の範囲

    Law: 地方公共団体情報システム共通機能標準仕様書 第2.2.5, the names are own definition
    """

    CHANGES = "juki:changes:read"  # 異動の連携
    RESIDENTS = "juki:residents:read"  # 宛名番号による照会
    BASE = "juki:base:read"  # 基礎データの一括取得
    FILES = "juki:files:read"  # 日次ファイル
    NUMBERS = "juki:numbers:read"  # 個人番号
    PROTECTED_ADDRESSES = "juki:protected-addresses:read"  # 支援措置対象者の住所


@dataclass(frozen=True, slots=True)
class HallClient:
    """A system of one office, as whoever looks after the link opened it.  連携先システム"""

    client_id: str
    office: HallOffice
    title: str
    opened_on: date
    valid_until: date
    scopes: frozenset[HallScope] = frozenset()
    closed: bool = False


def check_client(client: HallClient) -> Refusal | None:
    """Refuse a client without a name, without a legal basis on its first day, or one that lives too long.

    Law: 住民基本台帳法 第1条; the longest validity of three years is own definition
    """
    if not client.title.strip():
        return Refusal(Reason.FIELD_MISSING, STANDARD, "title")
    if len(client.title) > TITLE_CHARACTERS:
        return Refusal(Reason.FIELD_TOO_LONG, STANDARD, "title")
    if client.valid_until <= client.opened_on:
        return Refusal(Reason.DATE_ORDER, STANDARD, "valid_until")
    if client.valid_until - client.opened_on > LONGEST_VALIDITY:
        return Refusal(Reason.TOO_LATE, STANDARD, "valid_until")
    duty = duty_of(client.office, client.opened_on)
    return duty if isinstance(duty, Refusal) else None


def check_scope(client: HallClient, scope: HallScope, on: date, ordinance: NumberOrdinance) -> Refusal | None:
    """Refuse to grant what a client has, or what the law of its office does not let it have.

    Law: 番号法 第9条; 住民基本台帳事務処理要領 第6の10
    """
    refusal = check_standing(client, on)
    if refusal is not None:
        return refusal
    if scope in client.scopes:
        return Refusal(Reason.NOTHING_CHANGES, STANDARD, "scope")
    return _lawful(client, scope, on, ordinance)


def _lawful(client: HallClient, scope: HallScope, on: date, ordinance: NumberOrdinance) -> Refusal | None:
    duty = duty_of(client.office, on)
    if isinstance(duty, Refusal):
        return duty
    if scope is HallScope.NUMBERS:
        return may_have_number(client.office, on, ordinance)
    if scope is HallScope.PROTECTED_ADDRESSES and not duty.needs_address:
        return Refusal(Reason.ITEM_FORBIDDEN, Article("住民基本台帳事務処理要領", "第6の10"), "scope")
    return None


def check_standing(client: HallClient, on: date) -> Refusal | None:
    """Refuse a client that was closed, or whose time is over or has not come.

    Law: none, own definition
    """
    if client.closed or not client.opened_on <= on <= client.valid_until:
        return Refusal(Reason.CLIENT_CLOSED, STANDARD, "client_id")
    return None


def scopes_of_token(
    client: HallClient, asked: Iterable[str], on: date, ordinance: NumberOrdinance
) -> frozenset[HallScope] | Refusal:
    """Give the scopes of a token: those that were asked for, or without any all that the client has and may have today.

    Law: 地方公共団体情報システム共通機能標準仕様書 第2.2.5 (OAuth 2.0 client credentials)
    """
    refusal = check_standing(client, on)
    if refusal is not None:
        return refusal
    lawful = frozenset(one for one in client.scopes if _lawful(client, one, on, ordinance) is None)
    wanted = set(asked)
    if not wanted <= {one.value for one in lawful}:
        return Refusal(Reason.SCOPE_NOT_GRANTED, STANDARD, "scope")
    given = frozenset(map(HallScope, wanted)) or lawful
    return given or Refusal(Reason.SCOPE_NOT_GRANTED, STANDARD, "scope")


def needs_scope(scopes: Iterable[HallScope], needed: HallScope) -> Refusal | None:
    """Refuse a call for which a token was not given.

    Law: 地方公共団体情報システム共通機能標準仕様書 第2.2.5
    """
    if needed in scopes:
        return None
    return Refusal(Reason.SCOPE_NOT_GRANTED, STANDARD, "scope", needed.value)
