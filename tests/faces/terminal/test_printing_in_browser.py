"""個人番号通知書の発送 in a browser: the queue, a bundle on its way, what is printed anew; axe finds nothing on any of them."""

import pytest
from playwright.sync_api import expect
from tests.faces.terminal import test_printing_requests as requests
from tests.nodes.mailroom import test_notices_on_paper as at_node

pytestmark = [pytest.mark.browser, pytest.mark.nightly]
press = requests.press
QUIET = ("/printed-notices/sent", "/printed-notices/returned", "/printed-notices/stuck", "/notice-reprints")


def test_a_bundle_goes_from_the_queue_to_the_post(press, window) -> None:
    page, url = window.page, press.terminal.url
    window.sign_in(press.terminal, requests.FIRST)
    page.goto(f"{url}/printed-notices")
    window.judge("430-notices-waiting")
    page.click("main button[value=oldest]")
    expect(page.locator(".notice.good")).to_contain_text("作成を受け付けました")
    window.judge("431-bundle-in-the-making")
    at_node.make_all(press.nation)
    page.goto(f"{url}/notice-bundles")
    window.judge("432-bundles")
    page.click("main table a")
    with page.expect_download():
        page.click("main button:has-text('取り出す')")
    page.reload()
    window.judge("433-bundle-fetched")
    page.click("main button[value=printed]")
    expect(page.locator(".notice.good")).to_contain_text("印刷を記録しました")
    page.goto(f"{url}/printed-notices/printed")
    window.judge("434-notices-printed")
    for number, path in enumerate((*QUIET, "/refused-destinations"), 435):
        page.goto(url + path)
        expect(page.locator("main h1")).to_be_visible()
        window.judge(f"{number}-{path.rpartition('/')[2]}")
