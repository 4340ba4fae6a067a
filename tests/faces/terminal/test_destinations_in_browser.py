"""個人番号通知書の送付先 in a browser: every page of it, empty, filled, refused and done."""

import pytest
from playwright.sync_api import expect
from tests.faces.terminal import test_destinations_requests as requests
from tests.nodes.registry import conftest as register_hands
from tests.rules.destination.test_destination import PLACES

from daicho.nodes.registry.destination.telling import tell_some

pytestmark = [pytest.mark.browser, pytest.mark.nightly]
counter, comer = register_hands.counter, register_hands.comer
town, family, desk = requests.town, requests.family, requests.desk


def test_a_destination_is_stated_and_a_notice_is_sent_once_more(desk, window) -> None:
    terminal, page = desk.terminal, window.page
    window.sign_in(terminal, "A1001")
    page.goto(terminal.url + "/number-notices")
    window.judge("190-number-notices-empty")
    tell_some(desk.counter.node, None)
    page.goto(terminal.url + "/number-notices")
    window.judge("191-number-notices-hindered")
    page.click("a:has-text('来訪　1号')")
    window.judge("192-number-notice")
    page.click("button[value=state]")
    expect(page.locator("#e-postal")).to_be_visible()
    window.judge("193-number-notice-refused")
    page.fill("#f-postal", "200-0001")
    page.fill("#f-to-address", "神奈川県架空市送付町1番")
    page.select_option("#f-to-ground", "INSTITUTION")
    page.select_option("#f-notifier", "SELF")
    page.check("input[name=document-NUMBER_CARD]")
    page.fill("#f-card_expires_on", "R16.4.1")
    page.click("button[value=state]")
    expect(page.locator(".notice.good")).to_contain_text("送付先を記録しました")
    window.judge("194-number-notice-stated")
    shown = page.url
    page.context.clear_cookies()
    window.sign_in(terminal, "A1003")
    page.goto(terminal.url + "/number-notices")
    page.check("input[type=checkbox]")
    window.judge("196-number-notices-to-verify")
    page.click("text=選んだ申出を確認した")
    expect(page.locator(".notice.good")).to_contain_text("確認しました")
    page.context.clear_cookies()
    window.sign_in(terminal, "A1001")
    tell_some(desk.counter.node, PLACES)
    page.goto(terminal.url + "/number-notices")
    page.click("a:has-text('来訪　1号') >> nth=0")
    assert page.url != shown, "an address is one session's"
    page.fill("#f-why", "返戻")
    page.press("#f-why", "Enter")
    expect(page.locator("#f-why")).to_have_value("返戻")
    page.click("button[value=order]")
    expect(page.locator(".notice.good")).to_contain_text("再送付を受け付けました")
    page.goto(terminal.url + "/number-notices")
    window.judge("195-number-notices")
