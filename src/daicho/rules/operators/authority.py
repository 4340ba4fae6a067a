"""Who may do what at a terminal: roles, permissions and the table that joins them."""

from dataclasses import dataclass
from enum import StrEnum

from daicho.rules.law.article import Article
from daicho.rules.law.refusal import Reason, Refusal

_ACCESS = Article("住民基本台帳ネットワークシステム運用管理要綱", "11")
_DUAL_CONTROL = Article("本人確認情報管理方法", "3")


class Role(StrEnum):
    """What an operator is appointed to.  操作権限の区分"""

    CLERK = "CLERK"  # 窓口担当
    VERIFIER = "VERIFIER"  # 照合担当
    SECURITY_OFFICER = "SECURITY_OFFICER"  # セキュリティ責任者
    ADMINISTRATOR = "ADMINISTRATOR"  # システム管理者
    PASSPORT_CLERK = "PASSPORT_CLERK"  # 旅券担当
    PROTECTION_OFFICER = "PROTECTION_OFFICER"  # 支援措置担当
    RECORDS_OFFICER = "RECORDS_OFFICER"  # 文書管理担当
    AUDITOR = "AUDITOR"  # 監査者
    CARD_CLERK = "CARD_CLERK"  # カード管理担当（機構）


class Permission(StrEnum):
    """One thing that a page or a use case asks for.  権限"""

    SEARCH_RESIDENTS = "SEARCH_RESIDENTS"
    SEARCH_IDENTITY = "SEARCH_IDENTITY"
    SEARCH_BY_NUMBER = "SEARCH_BY_NUMBER"
    ASK_NATION = "ASK_NATION"
    ENTER_CHANGE = "ENTER_CHANGE"
    VERIFY_CHANGE = "VERIFY_CHANGE"
    PERMIT_CORRECTION = "PERMIT_CORRECTION"
    RESOLVE_REFUSED_LETTERS = "RESOLVE_REFUSED_LETTERS"
    IMPORT_EXTRACT = "IMPORT_EXTRACT"
    EXPORT_EXTRACT = "EXPORT_EXTRACT"
    APPROVE_BULK_OUTPUT = "APPROVE_BULK_OUTPUT"
    DISCLOSE_TO_PERSON = "DISCLOSE_TO_PERSON"
    ISSUE_CERTIFICATE = "ISSUE_CERTIFICATE"
    KEEP_TILL = "KEEP_TILL"
    HANDLE_INSPECTIONS = "HANDLE_INSPECTIONS"
    SEE_PROTECTED = "SEE_PROTECTED"
    MANAGE_PROTECTION = "MANAGE_PROTECTION"
    UPKEEP_REGISTER = "UPKEEP_REGISTER"
    IDENTIFY_CHARACTERS = "IDENTIFY_CHARACTERS"
    SEE_STATISTICS = "SEE_STATISTICS"
    EXTRACT_DATA = "EXTRACT_DATA"
    MANAGE_HALL_LINKS = "MANAGE_HALL_LINKS"
    SEE_AREAS = "SEE_AREAS"
    PLAN_AREAS = "PLAN_AREAS"
    APPROVE_AREAS = "APPROVE_AREAS"
    SEE_RETENTION = "SEE_RETENTION"
    MANAGE_RETENTION = "MANAGE_RETENTION"
    APPROVE_DISPOSAL = "APPROVE_DISPOSAL"
    SEE_OWN_HISTORY = "SEE_OWN_HISTORY"
    SEE_ALL_HISTORY = "SEE_ALL_HISTORY"
    SEARCH_PREFECTURE = "SEARCH_PREFECTURE"
    MANAGE_OPERATORS = "MANAGE_OPERATORS"
    MANAGE_SYSTEM = "MANAGE_SYSTEM"
    AUDIT = "AUDIT"
    SEND_NUMBER_NOTICES = "SEND_NUMBER_NOTICES"


_P = Permission

# Nobody holds every right: the administrator sees no resident, the security officer enters nothing,
# the auditor changes nothing.
AUTHORITY: dict[Role, frozenset[Permission]] = {
    Role.CLERK: frozenset(
        {
            _P.SEARCH_RESIDENTS,
            _P.SEARCH_IDENTITY,
            _P.SEARCH_BY_NUMBER,
            _P.ASK_NATION,
            _P.ENTER_CHANGE,
            _P.RESOLVE_REFUSED_LETTERS,
            _P.DISCLOSE_TO_PERSON,
            _P.ISSUE_CERTIFICATE,
            _P.KEEP_TILL,
            _P.HANDLE_INSPECTIONS,
            _P.UPKEEP_REGISTER,
            _P.IDENTIFY_CHARACTERS,
            _P.SEE_STATISTICS,
            _P.EXTRACT_DATA,
            _P.SEE_AREAS,
            _P.PLAN_AREAS,
            _P.SEE_OWN_HISTORY,
        }
    ),
    Role.VERIFIER: frozenset(
        {
            _P.SEARCH_RESIDENTS,
            _P.VERIFY_CHANGE,
            _P.KEEP_TILL,
            _P.HANDLE_INSPECTIONS,
            _P.SEE_OWN_HISTORY,
        }
    ),
    Role.SECURITY_OFFICER: frozenset(
        {
            _P.PERMIT_CORRECTION,
            _P.APPROVE_BULK_OUTPUT,
            _P.MANAGE_HALL_LINKS,
            _P.SEE_AREAS,
            _P.APPROVE_AREAS,
            _P.SEE_RETENTION,
            _P.APPROVE_DISPOSAL,
            _P.SEE_OWN_HISTORY,
            _P.SEE_ALL_HISTORY,
            _P.MANAGE_OPERATORS,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            _P.IMPORT_EXTRACT,
            _P.EXPORT_EXTRACT,
            _P.SEE_STATISTICS,
            _P.MANAGE_HALL_LINKS,
            _P.MANAGE_SYSTEM,
            _P.SEE_OWN_HISTORY,
        }
    ),
    Role.PASSPORT_CLERK: frozenset({_P.SEARCH_PREFECTURE, _P.SEE_OWN_HISTORY}),
    Role.PROTECTION_OFFICER: frozenset(
        {
            _P.SEARCH_RESIDENTS,
            _P.SEE_PROTECTED,
            _P.MANAGE_PROTECTION,
            _P.ENTER_CHANGE,
            _P.ISSUE_CERTIFICATE,
            _P.KEEP_TILL,
            _P.UPKEEP_REGISTER,
            _P.DISCLOSE_TO_PERSON,
            _P.IDENTIFY_CHARACTERS,
            _P.SEE_STATISTICS,
            _P.SEE_AREAS,
            _P.PLAN_AREAS,
            _P.SEE_OWN_HISTORY,
        }
    ),
    # Who draws up what is to be destroyed sees no resident and destroys nothing alone.
    Role.RECORDS_OFFICER: frozenset({_P.SEE_RETENTION, _P.MANAGE_RETENTION, _P.SEE_OWN_HISTORY}),
    # Whoever prints what towns told sees the nation's other records of nobody.
    Role.CARD_CLERK: frozenset({_P.SEND_NUMBER_NOTICES, _P.SEE_OWN_HISTORY}),
    Role.AUDITOR: frozenset({_P.AUDIT, _P.SEE_RETENTION, _P.SEE_OWN_HISTORY, _P.SEE_ALL_HISTORY}),
}


@dataclass(frozen=True, slots=True)
class Operator:
    """A person at a terminal: the 照合ID says who, the 操作者ID says with which authority.  操作者

    Law: 住民基本台帳ネットワークシステム運用管理要綱 第2条, 第13条
    """

    login_id: str
    role_id: str
    roles: tuple[Role, ...]


def permissions_of(operator: Operator) -> frozenset[Permission]:
    """Gather what an operator may do over all roles.

    Law: 住民基本台帳ネットワークシステム運用管理要綱 第11条
    """
    return frozenset[Permission]().union(*(AUTHORITY[role] for role in operator.roles))


def may(operator: Operator, permission: Permission) -> Refusal | None:
    """Refuse what none of the operator's roles allows.

    Law: 住民基本台帳ネットワークシステム運用管理要綱 第11条
    """
    if permission in permissions_of(operator):
        return None
    return Refusal(Reason.NOT_PERMITTED, _ACCESS, "operator", permission.value)


def may_enter_or_verify(operator: Operator) -> Refusal | None:
    """Refuse whoever neither enters changes nor is the second person who decides on them.

    Law: 住民基本台帳ネットワークシステム運用管理要綱 第11条
    """
    if may(operator, Permission.ENTER_CHANGE) is None:
        return None
    return may(operator, Permission.VERIFY_CHANGE)


def may_verify(entered_by: str, verifier: str) -> Refusal | None:
    """Refuse that somebody verifies an entry of their own; the 照合ID counts, not the role.

    Law: 本人確認情報管理方法 第3(2)ア
    """
    if entered_by == verifier:
        return Refusal(Reason.SAME_PERSON, _DUAL_CONTROL, "verified_by")
    return None
