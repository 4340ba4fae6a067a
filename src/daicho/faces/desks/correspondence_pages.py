"""The table of pages of letters and of the regular survey."""

from daicho.faces.counter.correspondence import cases
from daicho.faces.desks.menu import BOTH, GET, INSIDE
from daicho.faces.terminal.page import Page
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Permission

CORRESPONDENCE: tuple[Page, ...] = (
    Page(
        "/upkeep/cases/{handle}/papers/{kind}",
        "事案の文書の作成",
        Permission.UPKEEP_REGISTER,
        Event.CERTIFICATE_HANDED_OUT,
        cases.case_paper,
        BOTH,
        INSIDE,
    ),
    Page(
        "/correspondence/{handle}",
        "文書",
        Permission.ISSUE_CERTIFICATE,
        Event.POST_NOTED,
        cases.letter,
        BOTH,
        INSIDE,
    ),
    Page(
        "/correspondence/{handle}/file",
        "文書",
        Permission.ISSUE_CERTIFICATE,
        Event.CERTIFICATE_HANDED_OUT,
        cases.paper,
        GET,
        INSIDE,
    ),
)
