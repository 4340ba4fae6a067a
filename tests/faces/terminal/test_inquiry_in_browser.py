"""機構への照会 in a browser: empty, refused, a list, one person with their number, and the form that begins from them."""

import pytest
from playwright.sync_api import expect
from tests.faces.terminal import test_inquiry_requests as requests
from tests.faces.terminal.test_inquiry_requests import NUMBER, Nation, known
from tests.nodes.registry import conftest as register_hands

pytestmark = pytest.mark.browser
CLERK = "A1001"
counter, move_in, comer, desk = (
    register_hands.counter,
    register_hands.move_in,
    register_hands.comer,
    requests.desk,
)


@pytest.mark.nightly
def test_somebody_is_asked_about_and_their_move_in_begins(desk, window) -> None:
    terminal, page = desk.terminal, window.page
    desk.counter.node.wire.post = Nation(known(50), known(51))
    window.sign_in(terminal, CLERK)
    page.goto(terminal.url + "/agency-inquiry")
    window.judge("360-inquiry")
    page.fill("#f-name", "海野")
    page.click("button[value=ask]")
    expect(page.locator("#e-purpose")).to_contain_text("利用目的")
    window.judge("361-inquiry-refused")
    page.select_option("#f-purpose", "MOVE_IN")
    page.select_option("#f-basis", "30-12/1-4")
    page.fill("#f-birth", "H2.1.2")
    page.click("button[value=ask]")
    expect(page.locator("#results-title")).to_be_visible()
    window.judge("362-inquiry-list")
    page.click("tr:has-text('海野　51号') button")
    expect(page.locator("#told-title")).to_have_text("海野　51号")
    page.click("button[value=number]")
    expect(page.locator("dl.pairs")).to_contain_text(NUMBER)
    window.judge("363-inquiry-number")
    page.click("button[value=fill]")
    expect(page.locator("#f-p1-kanji")).to_have_value("海野　51号")
    window.judge("364-inquiry-move-in")
