"""The table of pages of letters and of the regular survey."""

from daicho.faces.counter.correspondence import bulk, cases, people, surveys
from daicho.faces.desks.tables.menu import BOTH, GET, INSIDE
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
    Page(
        "/residents/{handle}/letters",
        "照会書・変更証明書",
        Permission.ISSUE_CERTIFICATE,
        Event.CERTIFICATE_HANDED_OUT,
        people.person_letters,
        BOTH,
        INSIDE,
    ),
)
BULK: tuple[Page, ...] = (
    Page(
        "/letter-runs/{handle}",
        "文書の束",
        Permission.ISSUE_CERTIFICATE,
        Event.POST_NOTED,
        bulk.bundle,
        BOTH,
        INSIDE,
    ),
    Page(
        "/letter-runs/{handle}/file",
        "文書の束",
        Permission.ISSUE_CERTIFICATE,
        Event.CERTIFICATE_HANDED_OUT,
        bulk.bundle_file,
        GET,
        INSIDE,
    ),
)
SURVEYS: tuple[Page, ...] = (
    Page(
        "/upkeep/surveys",
        "定期調査",
        Permission.UPKEEP_REGISTER,
        Event.SURVEY_RECORDED,
        surveys.surveys,
        BOTH,
        INSIDE,
    ),
    Page(
        "/upkeep/surveys/{handle}",
        "調査",
        Permission.UPKEEP_REGISTER,
        Event.SURVEY_RECORDED,
        surveys.survey,
        BOTH,
        INSIDE,
    ),
    Page(
        "/upkeep/surveys/{handle}/report",
        "調査の報告",
        Permission.UPKEEP_REGISTER,
        Event.SURVEY_SHOWN,
        surveys.report,
        GET,
        INSIDE,
    ),
    Page(
        "/upkeep/surveys/household/{handle}",
        "世帯の調査",
        Permission.UPKEEP_REGISTER,
        Event.SURVEY_RECORDED,
        surveys.household,
        BOTH,
        INSIDE,
    ),
)
