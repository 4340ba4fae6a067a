"""The table of pages of papers: the cash-up and numbered sheets."""

from daicho.faces.counter import sheets, till
from daicho.faces.desks.menu import BOTH, GET, INSIDE, WINDOW
from daicho.faces.terminal.page import Page
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Permission

OFFICE: tuple[Page, ...] = (
    Page(
        "/office",
        "日計・証明用紙",
        Permission.KEEP_TILL,
        Event.TILL_CLOSED,
        till.office,
        BOTH,
        WINDOW,
    ),
    Page(
        "/office/closings/{handle}",
        "日計",
        Permission.KEEP_TILL,
        Event.TILL_DECIDED,
        till.closing,
        BOTH,
        INSIDE,
    ),
    Page(
        "/office/file/{handle}",
        "日計",
        Permission.KEEP_TILL,
        Event.PAGE_OPENED,
        till.closing_file,
        GET,
        INSIDE,
    ),
    Page(
        "/office/sheets",
        "証明用紙",
        Permission.KEEP_TILL,
        Event.SHEETS_NOTED,
        sheets.sheets,
        BOTH,
        INSIDE,
    ),
    Page(
        "/office/paper/{handle}",
        "証明用紙の記録",
        Permission.KEEP_TILL,
        Event.SHEETS_NOTED,
        sheets.paper_sheets,
        BOTH,
        INSIDE,
    ),
)
