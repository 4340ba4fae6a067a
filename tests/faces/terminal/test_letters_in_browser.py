"""事案の文書・定期調査 in a browser, over a real register: forms, what they refuse, letters, bundles, the end of a survey."""

import pytest
from playwright.sync_api import expect
from tests.faces.terminal import test_letters as requests
from tests.nodes.registry import conftest as register_hands

from daicho.nodes.registry.correspondence import bulk
from daicho.nodes.registry.surveys import listing

pytestmark = [pytest.mark.browser, pytest.mark.nightly]
CLERK = "A1001"
counter, move_in, comer = register_hands.counter, register_hands.move_in, register_hands.comer
family, terminal = requests.family, requests.terminal


def test_a_reminder_is_written_opened_and_sent(terminal, family, window) -> None:
    page = window.page
    window.sign_in(terminal, CLERK)
    page.goto(terminal.url + "/upkeep/new/UNNOTIFIED")
    page.select_option("#f-case_source", "RETURNED_MAIL")
    page.fill("#f-content", "返戻")
    page.fill("#f-addressee", str(family[0].addressee_number))
    page.click("button:has-text('受け付ける')")
    window.judge("180-case-with-papers")
    page.click("main a[href$='/REMINDER']")
    window.judge("181-reminder")
    page.click("button[value=write]")
    expect(page.locator("#e-duty")).not_to_be_empty()
    window.judge("182-reminder-refused")
    page.select_option("#f-duty", "MOVE_WITHIN")
    page.click("button[value=write]")
    expect(page.locator("main")).to_contain_text("作成済み・未発送")
    window.judge("183-reminder-written")
    page.fill("#f-letter_sent_on", "R8.11.1")
    page.click("button[value=sent]")
    expect(page.locator("#e-letter_sent_on")).not_to_be_empty()
    window.judge("184-reminder-sent-refused")
    page.fill("#f-letter_sent_on", "")
    page.click("button[value=sent]")
    expect(page.locator("main")).to_contain_text("発送済み")
    window.judge("185-reminder-sent")


def test_a_survey_from_its_scope_to_its_end(terminal, counter, family, window) -> None:
    page = window.page
    window.sign_in(terminal, CLERK)
    page.goto(terminal.url + "/upkeep/surveys")
    window.judge("186-surveys-empty")
    page.click("button[value=start]")
    expect(page.locator("#e-survey_title")).not_to_be_empty()
    window.judge("187-surveys-refused")
    page.select_option("#f-survey_basis", "REGULAR")
    page.fill("#f-survey_title", "定期調査")
    page.fill("#f-surveyors", "調査　太郎")
    page.fill("#f-survey_until", "R9.3.31")
    page.click("button[value=start]")
    window.judge("188-survey-listing")
    while listing.list_on(counter.node):
        pass
    page.reload()
    page.click("button[value=sheets]")
    while bulk.run_on(counter.node):
        pass
    page.reload()
    window.judge("189-survey-with-sheets")
    page.click("main a[href*='/letter-runs/']")
    window.judge("190-bundle")
    page.go_back()
    page.click("main a[href*='/upkeep/surveys/household/']")
    window.judge("191-survey-household")
    page.click("button[value=note]")
    window.judge("192-survey-household-refused")
    page.select_option("#f-survey_result", "AS_REGISTERED")
    page.fill("#f-visited_on", "")
    page.click("button[value=note]")
    page.goto(terminal.url + "/upkeep/surveys")
    window.judge("193-surveys")
    page.click("main tbody a")
    page.click("button[value=end]")
    expect(page.locator(".page-head .badge")).to_have_text("終了")
    window.judge("194-survey-ended")
    page.goto(terminal.url + "/search")
    page.select_option("#f-purpose", index=1)
    page.select_option("#f-basis", index=1)
    page.fill("#f-name", family[0].name.kanji)
    page.fill("#f-address", family[0].current_address.town)
    page.click("button:has-text('検索する')")
    page.goto(terminal.url + page.locator(".person-link").first.get_attribute("href"))
    page.click("main a[href$='/letters']")
    window.judge("195-letters-of-a-person")
