"""The Ministry's stand-in in a browser: every page of it, empty, filled and refused, by keyboard, without a script."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from tests.faces.moj import conftest as hands
from tests.faces.terminal import conftest as windows
from tests.nodes.moj.test_book import told, town_file
from tests.rules.moj_link.test_moj_link import foreigner

from daicho.nodes.clock import FixedClock

pytestmark = [pytest.mark.browser, pytest.mark.nightly]
browser, window = windows.browser, windows.window


def choose(page, content: bytes) -> None:
    page.set_input_files("#f-town_file", {"name": "town.txt", "mimeType": "text/plain", "buffer": content})
    page.click("button:has-text('受け取って')")


def test_a_file_is_taken_in_and_answered_and_a_notice_is_made_and_fetched(tmp_path, window):
    page, content = window.page, town_file(told(foreigner()))
    with hands.playing(tmp_path, FixedClock(datetime(2026, 11, 20, 1, 5, tzinfo=UTC))) as player:
        page.goto(player.url)
        window.judge("400-moj-terminal-empty")
        choose(page, content.replace(b"ENTERED", b"ENTRED"))
        expect(page.locator(".notice.bad")).to_contain_text("このファイルは受け取っていません")
        window.judge("401-moj-terminal-faulty")
        choose(page, content)
        expect(page.locator(".notice.good")).to_contain_text("受け取りました")
        window.judge("402-moj-terminal-received")
        page.click("button:has-text('法務省通知のファイルを作成する')")
        expect(page.locator(".notice.good")).to_contain_text("作成しました")
        window.judge("403-moj-terminal-sent")
        with page.expect_download() as download:
            page.click("a:has-text('ファイルを取得する')")
        assert download.value.suggested_filename == "moj-notice-13101-000001.txt"
        page.click("nav.side a:has-text('千代田区')")
        window.judge("404-moj-terminal-town")
        page.click("table a:has-text('ＮＧＵＹＥＮ'), table a:has-text('NGUYEN')")
        window.judge("405-moj-terminal-person")
        page.click("a:has-text('在留資格・在留期間')")
        page.focus("#f-moj_happened_on")
        page.keyboard.press("Enter")
        expect(page.locator("#e-new_status")).to_be_visible()
        window.judge("406-moj-terminal-notice-refused")
        page.fill("#f-new_status", "定住者")
        page.keyboard.press("Enter")
        expect(page.locator(".notice.good")).to_contain_text("通知を作成しました")
        window.judge("407-moj-terminal-waiting")
        page.click("button:has-text('取り下げる')")
        expect(page.locator(".notice.good")).to_contain_text("取り下げました")
        page.goto(player.url)
        window.judge("408-moj-terminal-history")
        page.goto(player.url + "/nowhere")
        window.judge("409-moj-terminal-missing")
