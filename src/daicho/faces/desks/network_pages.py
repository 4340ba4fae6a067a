"""The table of pages about other towns' filings and the network's word on a number."""

from daicho.faces.counter.network import number, received, sent
from daicho.faces.desks.menu import BOTH, CHANGES, GET, INSIDE, LETTERS
from daicho.faces.terminal.page import Page
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Permission

FILINGS: tuple[Page, ...] = (
    Page(
        "/filings",
        "9条2項通知（受領）",
        Permission.SEARCH_RESIDENTS,
        Event.FILING_SHOWN,
        received.queue,
        GET,
        LETTERS,
    ),
    Page(
        "/filings/answered",
        "回答した9条2項通知",
        Permission.SEARCH_RESIDENTS,
        Event.FILING_SHOWN,
        received.closed,
        GET,
        INSIDE,
    ),
    Page(
        "/filings/received/{handle}",
        "受け取った9条2項通知",
        Permission.SEARCH_RESIDENTS,
        Event.FILING_ANSWERED,
        received.report,
        BOTH,
        INSIDE,
    ),
    Page(
        "/sent-filings",
        "9条2項通知（送付）",
        Permission.SEARCH_RESIDENTS,
        Event.FILING_SHOWN,
        sent.queue,
        GET,
        LETTERS,
    ),
    Page(
        "/sent-filings/closed",
        "終了した9条2項通知",
        Permission.SEARCH_RESIDENTS,
        Event.FILING_SHOWN,
        sent.closed,
        GET,
        INSIDE,
    ),
    Page(
        "/sent-filings/new",
        "9条2項通知の入力",
        Permission.ENTER_CHANGE,
        Event.FILING_ENTERED,
        sent.new,
        BOTH,
        INSIDE,
    ),
    Page(
        "/sent-filings/report/{handle}",
        "送る9条2項通知",
        Permission.SEARCH_RESIDENTS,
        Event.FILING_DECIDED,
        sent.report,
        BOTH,
        INSIDE,
    ),
)
NUMBERS: tuple[Page, ...] = (
    Page(
        "/number-check",
        "個人番号の確認",
        Permission.ASK_NATION,
        Event.NUMBER_CONFIRMED,
        number.number_check,
        BOTH,
        CHANGES,
    ),
    Page(
        "/residents/{handle}/number",
        "個人番号の確認",
        Permission.ASK_NATION,
        Event.NUMBER_CONFIRMED,
        number.number_check_of,
        BOTH,
        INSIDE,
    ),
)
