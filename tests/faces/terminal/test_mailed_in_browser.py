"""郵送請求 in a browser: every page of it, empty, filled, refused and done."""

import pytest
from playwright.sync_api import expect
from tests.faces.terminal import test_mailed_requests as requests
from tests.faces.terminal.test_upkeep_requests import CLERK
from tests.nodes.registry import conftest as register_hands

pytestmark = [pytest.mark.browser, pytest.mark.nightly]
counter, move_in, comer = register_hands.counter, register_hands.move_in, register_hands.comer
desk = requests.desk


def test_a_request_by_post_is_noted_asked_about_and_sent_back(desk, window) -> None:
    terminal, page = desk.terminal, window.page
    window.sign_in(terminal, CLERK)
    page.goto(terminal.url + "/mailed")
    window.judge("320-mailed-empty")
    page.click("a:has-text('郵送請求を受け付ける')")
    page.click("button:has-text('受け付ける')")
    expect(page.locator("#e-mailed_asker")).to_be_visible()
    window.judge("321-mailed-new-refused")
    page.select_option("#f-mailed_kind", "PERSONAL_COPY")
    page.select_option("#f-requester", "SELF")
    for name in ("mailed_asker", "mailed_address", "person_asked"):
        page.fill(f"#f-{name}", requests.CAME[name])
    page.click("button:has-text('受け付ける')")
    expect(page.locator(".notice.good")).to_contain_text("郵送請求を受け付けました")
    window.judge("322-mailed-open")
    page.click("button[value=FAULTS_ASKED]")
    expect(page.locator(".notice.good")).to_contain_text("記録しました")
    window.judge("323-mailed-asked")
    page.fill("#f-mailed_words", "補正がない")
    page.click("button[value=REFUSED]")
    window.judge("324-mailed-refused")
    page.click("button[value=SENT_BACK]")
    page.goto(terminal.url + "/mailed/done")
    window.judge("325-mailed-done")
