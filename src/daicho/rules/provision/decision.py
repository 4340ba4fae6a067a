"""May this body be given this person's identity record, and which items of it?

Order of the questions: does the day lie within the data, is there such a row, does this provider serve its
article, is the asker the kind and the body that the row names, whose people, and is the record still kept.
"""

from dataclasses import dataclass
from datetime import date

from daicho.rules.identity.record import KeptRecord
from daicho.rules.law.article import Article, juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.provision.articles import Provider, ProvidingArticle, Reach, RequesterKind
from daicho.rules.provision.basis import BasisRow, BasisTable
from daicho.rules.provision.fields import Field
from daicho.rules.provision.request import ProvisionRequest, Requester

_LIMITS_OF_PROVISION = juki("30-25")


@dataclass(frozen=True, slots=True)
class Grant:
    """These items may go out under this row; `withheld` were asked for in vain.  提供

    Law: 住民基本台帳法 第30条の9〜第30条の15の2
    """

    row: BasisRow
    article: Article
    fields: tuple[Field, ...]
    withheld: tuple[Field, ...]


def _no(reason: Reason, article: Article, key: str, field: str = "") -> Refusal:
    return Refusal(reason, article, field, f"row={key}")


def _prefecture_of(requester: Requester) -> str | None:
    if requester.municipality is not None:
        return requester.municipality[:2]
    return requester.prefecture


def _within(reach: Reach, mine: str | None, theirs: str | None) -> bool:
    if reach is Reach.ANYWHERE:
        return True
    if mine is None or theirs is None:
        return False
    return (mine == theirs) is (reach is Reach.SAME_PREFECTURE)


def _asker_fits(frame: ProvidingArticle, requester: Requester, provider: Provider, territory: str) -> bool:
    if requester.kind is not frame.requester:
        return False
    if requester.kind is RequesterKind.MUNICIPALITY and requester.municipality is None:
        return False
    return provider is not Provider.PREFECTURE or _within(
        frame.bodies, _prefecture_of(requester), territory[:2]
    )


def permit(
    request: ProvisionRequest,
    table: BasisTable,
    *,
    on: date,
    provider: Provider,
    requester: Requester,
    territory: str = "",
) -> Grant | Refusal:
    """Decide before any record is read whether the question may be put at all.

    `territory` is the provider's code: two digits of a prefecture, five of a town, nothing for the nation.

    Law: 住民基本台帳法 第30条の25
    """
    key = request.key
    if on < table.known_from:
        return _no(Reason.NOT_YET_KNOWN, _LIMITS_OF_PROVISION, key)
    row = table.row(request.table, request.item, on)
    if row is None:
        known = table.known(request.table, request.item)
        return _no(Reason.BASIS_NOT_IN_FORCE if known else Reason.NO_LEGAL_BASIS, _LIMITS_OF_PROVISION, key)
    frame = row.frame
    if provider not in frame.providers:
        return _no(Reason.PROVIDER_NOT_COMPETENT, frame.article, key)
    if not _asker_fits(frame, requester, provider, territory):
        return _no(Reason.REQUESTER_NOT_NAMED, frame.article, key, "requester")
    if request.body not in row.bodies or request.body not in requester.bodies:
        return _no(Reason.REQUESTER_NOT_NAMED, frame.article, key, "body")
    allowed = frame.may_hold(number_row=row.may_use_number)
    granted = tuple(field for field in Field if field in request.fields and field in allowed)
    withheld = tuple(field for field in Field if field in request.fields and field not in allowed)
    if not granted:
        return _no(Reason.NOTHING_TO_PROVIDE, frame.article, key, "fields")
    return Grant(row, frame.article, granted, withheld)


def out_of_reach(
    grant: Grant, kept: KeptRecord, *, on: date, requester: Requester, territory: str = ""
) -> Refusal | None:
    """Refuse one record to a question that may be put: somebody else's resident, or kept too long.

    Law: 住民基本台帳法 第30条の9〜第30条の15の2
    """
    frame = grant.row.frame
    home = kept.record.municipality_code
    if not home.startswith(territory) or not _within(frame.people, _prefecture_of(requester), home[:2]):
        return _no(Reason.PERSON_OUT_OF_REACH, frame.article, grant.row.key)
    if kept.kept_until is not None and on > kept.kept_until:
        return _no(Reason.RETENTION_OVER, frame.article, grant.row.key)
    return None


def may_search(grant: Grant, *, by_code: bool, by_number: bool) -> Refusal | None:
    """Refuse a search by code or number to an asker who may not hold them.

    Law: 住民基本台帳法 第30条の37, 番号法 第9条
    """
    allowed = grant.row.frame.may_hold(number_row=grant.row.may_use_number)
    if by_code and Field.RESIDENT_RECORD_CODE not in allowed:
        return _no(Reason.SEARCH_KEY_NOT_ALLOWED, juki("30-37"), grant.row.key, "resident_record_code")
    if by_number and Field.INDIVIDUAL_NUMBER not in allowed:
        return _no(Reason.SEARCH_KEY_NOT_ALLOWED, grant.article, grant.row.key, "individual_number")
    return None
