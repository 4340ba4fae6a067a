"""The table of pages: every path with the right it asks for and the event it leaves in the ledger."""

from daicho.faces.counter import (
    certificates,
    correcting,
    entering,
    ex_officio,
    household,
    leaving,
    move_in,
    resident,
    search,
    undoing,
    verify,
)
from daicho.faces.counter.network import renumbering
from daicho.faces.desks.tables.area_pages import AREAS
from daicho.faces.desks.tables.correspondence_pages import BULK, CORRESPONDENCE, SURVEYS
from daicho.faces.desks.tables.duty_pages import (
    CARDS,
    CHARACTERS,
    DEFERRAL,
    FIGURES,
    HALL,
    HANDOVER,
    PROGRAMMES,
    PROTECTION,
    RETENTION,
    SEALS,
    STATISTICS,
    STOPS,
    UPKEEP,
)
from daicho.faces.desks.tables.menu import BOTH, CHANGES, GET, INSIDE, LETTERS, OWN, POST, RUNNING, WINDOW
from daicho.faces.desks.tables.network_pages import (
    DESTINATIONS,
    FILINGS,
    FORWARDED,
    INQUIRIES,
    MINISTRY,
    NUMBERS,
    PRINTING,
    REBUILT,
    SUPPLEMENTS,
)
from daicho.faces.desks.tables.paper_pages import INSPECTIONS, MAILED, NOTICES, OFFICE
from daicho.faces.terminal import home, look_up, own, returned, standing
from daicho.faces.terminal.desk import Desks
from daicho.faces.terminal.page import Page
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import NodeKind
from daicho.rules.operators.authority import Permission

_EVERYWHERE: tuple[Page, ...] = (
    Page(
        "/",
        "ホーム",
        Permission.SEE_OWN_HISTORY,
        Event.PAGE_OPENED,
        home.home,
        GET,
        WINDOW,
    ),
)
_REGISTRY: tuple[Page, ...] = (
    Page(
        "/search",
        "住民検索",
        Permission.SEARCH_RESIDENTS,
        Event.RESIDENT_SHOWN,
        search.search,
        BOTH,
        WINDOW,
    ),
    Page(
        "/residents/{handle}",
        "住民",
        Permission.SEARCH_RESIDENTS,
        Event.RESIDENT_SHOWN,
        resident.resident,
        GET,
        INSIDE,
    ),
    Page(
        "/residents/{handle}/part/{part}",
        "住民",
        Permission.SEARCH_RESIDENTS,
        Event.RESIDENT_SHOWN,
        resident.resident,
        GET,
        INSIDE,
    ),
    Page(
        "/residents/{handle}/code",
        "住民",
        Permission.SEARCH_RESIDENTS,
        Event.RESIDENT_CODE_SHOWN,
        resident.reveal,
        POST,
        INSIDE,
    ),
    Page(
        "/residents/{handle}/as-of",
        "時点照会",
        Permission.SEARCH_RESIDENTS,
        Event.RESIDENT_SHOWN,
        resident.as_of,
        GET,
        INSIDE,
    ),
    Page(
        "/residents/{handle}/disclosure",
        "本人開示",
        Permission.DISCLOSE_TO_PERSON,
        Event.DISCLOSURE_HANDED_OUT,
        resident.hand_out,
        POST,
        INSIDE,
    ),
    Page(
        "/move-in",
        "転入届",
        Permission.ENTER_CHANGE,
        Event.CHANGE_ENTERED,
        move_in.move_in,
        BOTH,
        CHANGES,
    ),
    Page(
        "/move-in-from-abroad",
        "国外からの転入届",
        Permission.ENTER_CHANGE,
        Event.CHANGE_ENTERED,
        move_in.move_in_from_abroad,
        BOTH,
        CHANGES,
    ),
    Page(
        "/residents/{handle}/move-within",
        "転居届",
        Permission.ENTER_CHANGE,
        Event.CHANGE_ENTERED,
        leaving.move_within,
        BOTH,
        INSIDE,
    ),
    Page(
        "/residents/{handle}/move-out",
        "転出届",
        Permission.ENTER_CHANGE,
        Event.CHANGE_ENTERED,
        leaving.move_out,
        BOTH,
        INSIDE,
    ),
    Page(
        "/residents/{handle}/death",
        "死亡",
        Permission.ENTER_CHANGE,
        Event.CHANGE_ENTERED,
        leaving.death,
        BOTH,
        INSIDE,
    ),
    Page(
        "/residents/{handle}/birth",
        "出生",
        Permission.ENTER_CHANGE,
        Event.CHANGE_ENTERED,
        household.birth,
        BOTH,
        INSIDE,
    ),
    Page(
        "/residents/{handle}/name",
        "氏名の修正",
        Permission.ENTER_CHANGE,
        Event.CHANGE_ENTERED,
        household.name_change,
        BOTH,
        INSIDE,
    ),
    Page(
        "/residents/{handle}/code-change",
        "住民票コードの変更",
        Permission.ENTER_CHANGE,
        Event.CHANGE_ENTERED,
        renumbering.code_change,
        BOTH,
        INSIDE,
    ),
    Page(
        "/residents/{handle}/household",
        "世帯変更届",
        Permission.ENTER_CHANGE,
        Event.CHANGE_ENTERED,
        household.household_change,
        BOTH,
        INSIDE,
    ),
    Page(
        "/residents/{handle}/householder",
        "世帯主変更届",
        Permission.ENTER_CHANGE,
        Event.CHANGE_ENTERED,
        household.householder_change,
        BOTH,
        INSIDE,
    ),
    Page(
        "/ex-officio-entry",
        "職権記載",
        Permission.ENTER_CHANGE,
        Event.CHANGE_ENTERED,
        ex_officio.ex_officio_entry,
        BOTH,
        CHANGES,
    ),
    Page(
        "/residents/{handle}/ex-officio-strike",
        "職権消除",
        Permission.ENTER_CHANGE,
        Event.CHANGE_ENTERED,
        ex_officio.ex_officio_strike,
        BOTH,
        INSIDE,
    ),
    Page(
        "/residents/{handle}/restoration",
        "職権回復",
        Permission.ENTER_CHANGE,
        Event.CHANGE_ENTERED,
        ex_officio.restoration,
        BOTH,
        INSIDE,
    ),
    Page(
        "/residents/{handle}/rewriting",
        "住民票の改製",
        Permission.ENTER_CHANGE,
        Event.CHANGE_ENTERED,
        ex_officio.rewriting,
        BOTH,
        INSIDE,
    ),
    Page(
        "/permit",
        "修正の許可",
        Permission.PERMIT_CORRECTION,
        Event.CORRECTION_PERMITTED,
        correcting.permit,
        BOTH,
        CHANGES,
    ),
    Page(
        "/permitted/{handle}",
        "修正の許可",
        Permission.PERMIT_CORRECTION,
        Event.PAGE_OPENED,
        correcting.permitted,
        GET,
        INSIDE,
    ),
    Page(
        "/residents/{handle}/correction",
        "誤記の修正",
        Permission.ENTER_CHANGE,
        Event.CHANGE_ENTERED,
        correcting.correction,
        BOTH,
        INSIDE,
    ),
    Page(
        "/residents/{handle}/entries/{entry_id}",
        "異動の前後",
        Permission.SEARCH_RESIDENTS,
        Event.RESIDENT_SHOWN,
        undoing.past_entry,
        GET,
        INSIDE,
    ),
    Page(
        "/residents/{handle}/entries/{entry_id}/cancel",
        "異動取消",
        Permission.ENTER_CHANGE,
        Event.CHANGE_ENTERED,
        undoing.cancellation,
        BOTH,
        INSIDE,
    ),
    Page(
        "/entered/{handle}",
        "受付",
        Permission.ENTER_CHANGE,
        Event.PAGE_OPENED,
        entering.entered,
        GET,
        INSIDE,
    ),
    Page(
        "/verify",
        "未審査の入力",
        Permission.VERIFY_CHANGE,
        Event.PAGE_OPENED,
        verify.queue,
        GET,
        LETTERS,
    ),
    Page(
        "/verify/{entry_id}",
        "審査",
        Permission.VERIFY_CHANGE,
        Event.CHANGE_VERIFIED,
        verify.entry,
        BOTH,
        INSIDE,
    ),
)
_PAPER: tuple[Page, ...] = (
    Page(
        "/residents/{handle}/certificates",
        "証明書の交付",
        Permission.ISSUE_CERTIFICATE,
        Event.CERTIFICATE_HANDED_OUT,
        certificates.certificates,
        BOTH,
        INSIDE,
    ),
    Page(
        "/issued/{handle}",
        "証明書の交付",
        Permission.ISSUE_CERTIFICATE,
        Event.PAGE_OPENED,
        certificates.issued,
        GET,
        INSIDE,
    ),
    Page(
        "/paper/{handle}",
        "証明書",
        Permission.ISSUE_CERTIFICATE,
        Event.PAGE_OPENED,
        certificates.paper,
        GET,
        INSIDE,
    ),
)
_LETTERS_PAGES: tuple[Page, ...] = (
    Page(
        "/returned",
        "返戻された通知",
        Permission.RESOLVE_REFUSED_LETTERS,
        Event.PAGE_OPENED,
        returned.returned,
        GET,
        LETTERS,
    ),
    Page(
        "/on-hold",
        "保留",
        Permission.RESOLVE_REFUSED_LETTERS,
        Event.PAGE_OPENED,
        returned.on_hold,
        GET,
        LETTERS,
    ),
    Page(
        "/returned/{letter_id}",
        "返戻された通知",
        Permission.RESOLVE_REFUSED_LETTERS,
        Event.LETTER_RESOLVED,
        returned.letter,
        BOTH,
        INSIDE,
    ),
)
_STANDING = Page(
    "/standing", "稼働状況", Permission.MANAGE_SYSTEM, Event.PAGE_OPENED, standing.standing, GET, RUNNING
)
_CONNECTIONS = Page(
    "/connections",
    "接続の許可一覧",
    Permission.MANAGE_SYSTEM,
    Event.PAGE_OPENED,
    standing.connections,
    GET,
    RUNNING,
)
_LAST: tuple[Page, ...] = (
    Page(
        "/history",
        "自分の操作履歴",
        Permission.SEE_OWN_HISTORY,
        Event.HISTORY_SHOWN,
        own.history,
        GET,
        OWN,
    ),
    Page(
        "/authenticator",
        "認証器の登録",
        Permission.SEE_OWN_HISTORY,
        Event.CREDENTIAL_ENROLLED,
        own.authenticator,
        GET,
        OWN,
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
        pages += PROTECTION
    if desks.upkeep is not None:
        pages += UPKEEP
    if desks.deferral is not None:
        pages += DEFERRAL
    if desks.filings is not None:
        pages += FILINGS
    if desks.forwarding is not None:
        pages += FORWARDED
    if desks.numbers is not None:
        pages += NUMBERS
    if desks.inquiry is not None:
        pages += INQUIRIES
    if desks.ministry is not None:
        pages += MINISTRY
    if desks.stops is not None:
        pages += STOPS
    if desks.supplements is not None:
        pages += SUPPLEMENTS
    if desks.destinations is not None:
        pages += DESTINATIONS
    if desks.printing is not None:
        pages += PRINTING
    if desks.handover is not None:
        pages += HANDOVER
    if desks.rebuilt is not None:
        pages += REBUILT
    if desks.areas is not None:
        pages += AREAS
    if desks.characters is not None:
        pages += CHARACTERS
    if desks.programmes is not None:
        pages += PROGRAMMES
    if desks.seals is not None:
        pages += SEALS
    if desks.cards is not None:
        pages += CARDS
    if desks.till is not None:
        pages += OFFICE
    if desks.notices is not None:
        pages += NOTICES
    if desks.mailed is not None:
        pages += MAILED
    if desks.correspondence is not None:
        pages += CORRESPONDENCE
    if desks.bulk is not None:
        pages += BULK
    if desks.surveys is not None:
        pages += SURVEYS
    if desks.inspections is not None:
        pages += INSPECTIONS
    if desks.hall is not None:
        pages += HALL
    if desks.look_up is not None:
        pages += _look_up_pages(_LOOK_UP_PERMISSION.get(kind, Permission.SEARCH_IDENTITY))
    if desks.queues is not None:
        pages += _LETTERS_PAGES
    if desks.statistics is not None:
        pages += STATISTICS
    if desks.figures is not None:
        pages += FIGURES
    if desks.retention is not None:
        pages += RETENTION
    if desks.standing is not None:
        pages += (_STANDING, _CONNECTIONS)
    return (*pages, *_LAST)


def all_pages() -> tuple[Page, ...]:
    """List every page of every kind of terminal."""
    looked = [page for permission in _LOOK_UP_PERMISSION.values() for page in _look_up_pages(permission)]
    own = (*_REGISTRY, *_PAPER, *PROTECTION, *UPKEEP, *PROGRAMMES, *SEALS, *STATISTICS, *CHARACTERS, *HALL)
    beside = (
        *OFFICE,
        *NOTICES,
        *INSPECTIONS,
        *RETENTION,
        *DEFERRAL,
        *HANDOVER,
        *AREAS,
        *FILINGS,
        *NUMBERS,
        *INQUIRIES,
        *FIGURES,
        *REBUILT,
        *SUPPLEMENTS,
        *DESTINATIONS,
        *PRINTING,
        *MINISTRY,
        *FORWARDED,
        *MAILED,
        *STOPS,
        *CORRESPONDENCE,
        *BULK,
        *SURVEYS,
        *CARDS,
    )
    return (*_EVERYWHERE, *own, *beside, *looked, *_LETTERS_PAGES, _STANDING, _CONNECTIONS, *_LAST)


def _look_up_pages(permission: Permission) -> tuple[Page, ...]:
    record = "/people/{handle}"
    return (
        Page("/search", "本人確認情報検索", permission, Event.IDENTITY_SHOWN, look_up.search, BOTH, WINDOW),
        Page(record, "本人確認情報", permission, Event.IDENTITY_SHOWN, look_up.record),
        Page(record + "/code", "本人確認情報", permission, Event.IDENTITY_CODE_SHOWN, look_up.reveal, POST),
    )
