"""The table of pages: every path with the right it asks for and the event it leaves in the ledger."""

from daicho.faces.counter import (
    certificates,
    correcting,
    entering,
    ex_officio,
    household,
    leaving,
    move_in,
    programmes,
    protection,
    resident,
    seal,
    seal_deciding,
    search,
    statistics,
    undoing,
    verify,
)
from daicho.faces.terminal import home, look_up, own, returned, standing
from daicho.faces.terminal.desk import Desks
from daicho.faces.terminal.page import Page
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import NodeKind
from daicho.rules.operators.authority import Permission

_GET, _POST, _BOTH = ("GET",), ("POST",), ("GET", "POST")
_WINDOW, _CHANGES, _LETTERS, _RUNNING, _OWN, _INSIDE = "窓口", "異動", "審査・通知", "統計・運用", "自分", ""

_EVERYWHERE: tuple[Page, ...] = (
    Page(
        "/",
        "ホーム",
        Permission.SEE_OWN_HISTORY,
        Event.PAGE_OPENED,
        home.home,
        _GET,
        _WINDOW,
    ),
)
_REGISTRY: tuple[Page, ...] = (
    Page(
        "/search",
        "住民検索",
        Permission.SEARCH_RESIDENTS,
        Event.RESIDENT_SHOWN,
        search.search,
        _BOTH,
        _WINDOW,
    ),
    Page(
        "/residents/{handle}",
        "住民",
        Permission.SEARCH_RESIDENTS,
        Event.RESIDENT_SHOWN,
        resident.resident,
        _GET,
        _INSIDE,
    ),
    Page(
        "/residents/{handle}/part/{part}",
        "住民",
        Permission.SEARCH_RESIDENTS,
        Event.RESIDENT_SHOWN,
        resident.resident,
        _GET,
        _INSIDE,
    ),
    Page(
        "/residents/{handle}/code",
        "住民",
        Permission.SEARCH_RESIDENTS,
        Event.RESIDENT_CODE_SHOWN,
        resident.reveal,
        _POST,
        _INSIDE,
    ),
    Page(
        "/residents/{handle}/as-of",
        "時点照会",
        Permission.SEARCH_RESIDENTS,
        Event.RESIDENT_SHOWN,
        resident.as_of,
        _GET,
        _INSIDE,
    ),
    Page(
        "/residents/{handle}/disclosure",
        "本人開示",
        Permission.DISCLOSE_TO_PERSON,
        Event.DISCLOSURE_HANDED_OUT,
        resident.hand_out,
        _POST,
        _INSIDE,
    ),
    Page(
        "/move-in",
        "転入届",
        Permission.ENTER_CHANGE,
        Event.CHANGE_ENTERED,
        move_in.move_in,
        _BOTH,
        _CHANGES,
    ),
    Page(
        "/move-in-from-abroad",
        "国外からの転入届",
        Permission.ENTER_CHANGE,
        Event.CHANGE_ENTERED,
        move_in.move_in_from_abroad,
        _BOTH,
        _CHANGES,
    ),
    Page(
        "/residents/{handle}/move-within",
        "転居届",
        Permission.ENTER_CHANGE,
        Event.CHANGE_ENTERED,
        leaving.move_within,
        _BOTH,
        _INSIDE,
    ),
    Page(
        "/residents/{handle}/move-out",
        "転出届",
        Permission.ENTER_CHANGE,
        Event.CHANGE_ENTERED,
        leaving.move_out,
        _BOTH,
        _INSIDE,
    ),
    Page(
        "/residents/{handle}/death",
        "死亡",
        Permission.ENTER_CHANGE,
        Event.CHANGE_ENTERED,
        leaving.death,
        _BOTH,
        _INSIDE,
    ),
    Page(
        "/residents/{handle}/birth",
        "出生",
        Permission.ENTER_CHANGE,
        Event.CHANGE_ENTERED,
        household.birth,
        _BOTH,
        _INSIDE,
    ),
    Page(
        "/residents/{handle}/name",
        "氏名の修正",
        Permission.ENTER_CHANGE,
        Event.CHANGE_ENTERED,
        household.name_change,
        _BOTH,
        _INSIDE,
    ),
    Page(
        "/residents/{handle}/household",
        "世帯変更届",
        Permission.ENTER_CHANGE,
        Event.CHANGE_ENTERED,
        household.household_change,
        _BOTH,
        _INSIDE,
    ),
    Page(
        "/residents/{handle}/householder",
        "世帯主変更届",
        Permission.ENTER_CHANGE,
        Event.CHANGE_ENTERED,
        household.householder_change,
        _BOTH,
        _INSIDE,
    ),
    Page(
        "/ex-officio-entry",
        "職権記載",
        Permission.ENTER_CHANGE,
        Event.CHANGE_ENTERED,
        ex_officio.ex_officio_entry,
        _BOTH,
        _CHANGES,
    ),
    Page(
        "/residents/{handle}/ex-officio-strike",
        "職権消除",
        Permission.ENTER_CHANGE,
        Event.CHANGE_ENTERED,
        ex_officio.ex_officio_strike,
        _BOTH,
        _INSIDE,
    ),
    Page(
        "/residents/{handle}/restoration",
        "職権回復",
        Permission.ENTER_CHANGE,
        Event.CHANGE_ENTERED,
        ex_officio.restoration,
        _BOTH,
        _INSIDE,
    ),
    Page(
        "/residents/{handle}/rewriting",
        "住民票の改製",
        Permission.ENTER_CHANGE,
        Event.CHANGE_ENTERED,
        ex_officio.rewriting,
        _BOTH,
        _INSIDE,
    ),
    Page(
        "/permit",
        "修正の許可",
        Permission.PERMIT_CORRECTION,
        Event.CORRECTION_PERMITTED,
        correcting.permit,
        _BOTH,
        _CHANGES,
    ),
    Page(
        "/permitted/{handle}",
        "修正の許可",
        Permission.PERMIT_CORRECTION,
        Event.PAGE_OPENED,
        correcting.permitted,
        _GET,
        _INSIDE,
    ),
    Page(
        "/residents/{handle}/correction",
        "誤記の修正",
        Permission.ENTER_CHANGE,
        Event.CHANGE_ENTERED,
        correcting.correction,
        _BOTH,
        _INSIDE,
    ),
    Page(
        "/residents/{handle}/entries/{entry_id}",
        "異動の前後",
        Permission.SEARCH_RESIDENTS,
        Event.RESIDENT_SHOWN,
        undoing.past_entry,
        _GET,
        _INSIDE,
    ),
    Page(
        "/residents/{handle}/entries/{entry_id}/cancel",
        "異動取消",
        Permission.ENTER_CHANGE,
        Event.CHANGE_ENTERED,
        undoing.cancellation,
        _BOTH,
        _INSIDE,
    ),
    Page(
        "/entered/{handle}",
        "受付",
        Permission.ENTER_CHANGE,
        Event.PAGE_OPENED,
        entering.entered,
        _GET,
        _INSIDE,
    ),
    Page(
        "/verify",
        "未審査の入力",
        Permission.VERIFY_CHANGE,
        Event.PAGE_OPENED,
        verify.queue,
        _GET,
        _LETTERS,
    ),
    Page(
        "/verify/{entry_id}",
        "審査",
        Permission.VERIFY_CHANGE,
        Event.CHANGE_VERIFIED,
        verify.entry,
        _BOTH,
        _INSIDE,
    ),
)
_PAPER: tuple[Page, ...] = (
    Page(
        "/residents/{handle}/certificates",
        "証明書の交付",
        Permission.ISSUE_CERTIFICATE,
        Event.CERTIFICATE_HANDED_OUT,
        certificates.certificates,
        _BOTH,
        _INSIDE,
    ),
    Page(
        "/issued/{handle}",
        "証明書の交付",
        Permission.ISSUE_CERTIFICATE,
        Event.PAGE_OPENED,
        certificates.issued,
        _GET,
        _INSIDE,
    ),
    Page(
        "/paper/{handle}",
        "証明書",
        Permission.ISSUE_CERTIFICATE,
        Event.PAGE_OPENED,
        certificates.paper,
        _GET,
        _INSIDE,
    ),
)
_PROTECTION: tuple[Page, ...] = (
    Page(
        "/protection",
        "支援措置",
        Permission.MANAGE_PROTECTION,
        Event.PROTECTION_DECIDED,
        protection.protection,
        _BOTH,
        _WINDOW,
    ),
    Page(
        "/protection/{handle}",
        "支援措置の内容",
        Permission.MANAGE_PROTECTION,
        Event.PROTECTION_RECORDED,
        protection.measure,
        _BOTH,
        _INSIDE,
    ),
    Page(
        "/residents/{handle}/protection",
        "支援措置の申出",
        Permission.MANAGE_PROTECTION,
        Event.PROTECTION_RECORDED,
        protection.application,
        _BOTH,
        _INSIDE,
    ),
    Page(
        "/residents/{handle}/release",
        "一時解除の申請",
        Permission.SEARCH_RESIDENTS,
        Event.PROTECTION_PROPOSED,
        protection.release,
        _BOTH,
        _INSIDE,
    ),
)
_PROGRAMMES: tuple[Page, ...] = (
    Page(
        "/residents/{handle}/programmes",
        "個別記載事項",
        Permission.SEARCH_RESIDENTS,
        Event.PROGRAMMES_SHOWN,
        programmes.programmes,
        _BOTH,
        _INSIDE,
    ),
)
_SEALS: tuple[Page, ...] = (
    Page(
        "/residents/{handle}/seal",
        "印鑑登録",
        Permission.SEARCH_RESIDENTS,
        Event.SEAL_SHOWN,
        seal.seal,
        _BOTH,
        _INSIDE,
    ),
    Page(
        "/residents/{handle}/seal/application",
        "印鑑登録の申請",
        Permission.ENTER_CHANGE,
        Event.SEAL_ENTERED,
        seal.application,
        _BOTH,
        _INSIDE,
    ),
    Page(
        "/residents/{handle}/seal/certificate",
        "印鑑登録証明書",
        Permission.ISSUE_CERTIFICATE,
        Event.CERTIFICATE_HANDED_OUT,
        seal.certificate,
        _BOTH,
        _INSIDE,
    ),
    Page(
        "/seal-print/{handle}",
        "印影",
        Permission.SEARCH_RESIDENTS,
        Event.SEAL_SHOWN,
        seal.picture,
        _GET,
        _INSIDE,
    ),
    Page(
        "/seal-card/{handle}",
        "印鑑登録証",
        Permission.VERIFY_CHANGE,
        Event.PAGE_OPENED,
        seal_deciding.card,
        _GET,
        _INSIDE,
    ),
    Page(
        "/seals",
        "印鑑登録の審査",
        Permission.VERIFY_CHANGE,
        Event.PAGE_OPENED,
        seal_deciding.queue,
        _GET,
        _LETTERS,
    ),
    Page(
        "/seals/{request_id}",
        "印鑑登録の審査",
        Permission.VERIFY_CHANGE,
        Event.SEAL_DECIDED,
        seal_deciding.decision,
        _BOTH,
        _INSIDE,
    ),
)
_STATISTICS: tuple[Page, ...] = (
    Page(
        "/statistics",
        "人口統計",
        Permission.SEE_STATISTICS,
        Event.STATISTICS_SHOWN,
        statistics.statistics,
        _GET,
        _RUNNING,
    ),
    Page(
        "/statistics/changes",
        "人口統計",
        Permission.SEE_STATISTICS,
        Event.STATISTICS_SHOWN,
        statistics.changes,
        _GET,
        _INSIDE,
    ),
    Page(
        "/statistics/file/{table}",
        "人口統計",
        Permission.SEE_STATISTICS,
        Event.STATISTICS_SHOWN,
        statistics.table_file,
        _GET,
        _INSIDE,
    ),
)
_LETTERS_PAGES: tuple[Page, ...] = (
    Page(
        "/returned",
        "返戻された通知",
        Permission.RESOLVE_REFUSED_LETTERS,
        Event.PAGE_OPENED,
        returned.returned,
        _GET,
        _LETTERS,
    ),
    Page(
        "/on-hold",
        "保留",
        Permission.RESOLVE_REFUSED_LETTERS,
        Event.PAGE_OPENED,
        returned.on_hold,
        _GET,
        _LETTERS,
    ),
    Page(
        "/returned/{letter_id}",
        "返戻された通知",
        Permission.RESOLVE_REFUSED_LETTERS,
        Event.LETTER_RESOLVED,
        returned.letter,
        _BOTH,
        _INSIDE,
    ),
)
_STANDING = Page(
    "/standing", "稼働状況", Permission.MANAGE_SYSTEM, Event.PAGE_OPENED, standing.standing, _GET, _RUNNING
)
_LAST: tuple[Page, ...] = (
    Page(
        "/history",
        "自分の操作履歴",
        Permission.SEE_OWN_HISTORY,
        Event.HISTORY_SHOWN,
        own.history,
        _GET,
        _OWN,
    ),
    Page(
        "/authenticator",
        "認証器の登録",
        Permission.SEE_OWN_HISTORY,
        Event.CREDENTIAL_ENROLLED,
        own.authenticator,
        _GET,
        _OWN,
    ),
)
_LOOK_UP_PERMISSION: dict[NodeKind, Permission] = {
    NodeKind.CS: Permission.SEARCH_IDENTITY,
    NodeKind.PREFECTURE: Permission.SEARCH_PREFECTURE,
    NodeKind.NATIONAL: Permission.SEARCH_IDENTITY,
}


def pages_for(kind: NodeKind, desks: Desks) -> tuple[Page, ...]:
    """List the pages that a node of this kind serves with these desks."""
    pages = list(_EVERYWHERE)
    if desks.registry is not None:
        pages += _REGISTRY
    if desks.certificates is not None:
        pages += _PAPER
    if desks.protection is not None:
        pages += _PROTECTION
    if desks.programmes is not None:
        pages += _PROGRAMMES
    if desks.seals is not None:
        pages += _SEALS
    if desks.look_up is not None:
        pages += _look_up_pages(_LOOK_UP_PERMISSION.get(kind, Permission.SEARCH_IDENTITY))
    if desks.queues is not None:
        pages += _LETTERS_PAGES
    if desks.statistics is not None:
        pages += _STATISTICS
    if desks.standing is not None:
        pages.append(_STANDING)
    return (*pages, *_LAST)


def all_pages() -> tuple[Page, ...]:
    """List every page of every kind of terminal."""
    looked = [page for permission in _LOOK_UP_PERMISSION.values() for page in _look_up_pages(permission)]
    own = (*_REGISTRY, *_PAPER, *_PROTECTION, *_PROGRAMMES, *_SEALS, *_STATISTICS)
    return (*_EVERYWHERE, *own, *looked, *_LETTERS_PAGES, _STANDING, *_LAST)


def _look_up_pages(permission: Permission) -> tuple[Page, ...]:
    record = "/people/{handle}"
    return (
        Page("/search", "本人確認情報検索", permission, Event.IDENTITY_SHOWN, look_up.search, _BOTH, _WINDOW),
        Page(record, "本人確認情報", permission, Event.IDENTITY_SHOWN, look_up.record),
        Page(record + "/code", "本人確認情報", permission, Event.IDENTITY_CODE_SHOWN, look_up.reveal, _POST),
    )
