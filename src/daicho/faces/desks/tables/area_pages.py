"""The table of pages of changes of names of places."""

from daicho.faces.counter.areas import changes
from daicho.faces.desks.tables.menu import BOTH, CHANGES, GET, INSIDE
from daicho.faces.terminal.page import Page
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Permission

AREAS: tuple[Page, ...] = (
    Page(
        "/areas",
        "住居表示・町名変更",
        Permission.SEE_AREAS,
        Event.AREA_BROUGHT,
        changes.areas,
        BOTH,
        CHANGES,
        changes.BODY_BYTES,
    ),
    Page(
        "/areas/{handle}",
        "変更の内容",
        Permission.SEE_AREAS,
        Event.AREA_DECIDED,
        changes.area,
        BOTH,
        INSIDE,
    ),
    Page(
        "/areas/{handle}/queue",
        "確認の必要な世帯",
        Permission.PLAN_AREAS,
        Event.AREA_SHOWN,
        changes.queue,
        BOTH,
        INSIDE,
    ),
    Page(
        "/areas/{handle}/faults",
        "対照表の誤り",
        Permission.SEE_AREAS,
        Event.AREA_SHOWN,
        changes.faults,
        GET,
        INSIDE,
    ),
    Page(
        "/areas/{handle}/table",
        "対照表",
        Permission.SEE_AREAS,
        Event.AREA_SHOWN,
        changes.table,
        GET,
        INSIDE,
    ),
    Page(
        "/area-table",
        "対照表の様式",
        Permission.PLAN_AREAS,
        Event.PAGE_OPENED,
        changes.blank_table,
        GET,
        INSIDE,
    ),
)
