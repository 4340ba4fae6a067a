"""戸籍の附票の通知 in a browser: every page of them, empty, filled, refused and done."""

import pytest
from playwright.sync_api import expect
from tests.faces.terminal import test_supplements_requests as requests
from tests.nodes.registry import conftest as register_hands
from tests.nodes.registry.test_filings import AWAY
from tests.nodes.registry.test_supplements import id_of, mismatch, notice_of, told

from daicho.nodes.registry.supplements.telling import tell_some

pytestmark = pytest.mark.browser
CLERK, BOTH = "A1001", "A1002"
counter, move_in, comer = register_hands.counter, register_hands.move_in, register_hands.comer
town, family, desk = requests.town, requests.family, requests.desk


@pytest.mark.nightly
def test_notices_are_recorded_and_one_that_does_not_agree_is_told(desk, window) -> None:
    terminal, page = desk.terminal, window.page
    window.sign_in(terminal, CLERK)
    page.goto(terminal.url + "/supplements")
    window.judge("170-supplements-empty")
    told(desk.counter, notice_of(1, "遠方　一郎"), notice_of(2, "遠方　二郎"), notice_of(3, "遠方　三郎"))
    page.goto(terminal.url + "/supplements")
    window.judge("171-supplements")
    page.click("button[value=record]")
    expect(page.locator("#e-notices")).to_contain_text("対象の方が選ばれていません")
    window.judge("172-supplements-refused")
    page.check("input[aria-label^='遠方　一郎']")
    page.click("button[value=record]")
    expect(page.locator(".notice.good")).to_contain_text("附票に記載したことを記録しました")
    page.click("a:has-text('遠方　二郎')")
    window.judge("173-supplement")
    page.click("button[value=differs]")
    expect(page.locator("#e-differs")).to_be_visible()
    window.judge("174-supplement-refused")
    page.check("input[name=differs-NAME]")
    page.fill("#f-says-kanji", "遠方　次郎")
    page.click("button[value=differs]")
    expect(page.locator(".notice.good")).to_contain_text("戸籍照合通知を送付しました")
    page.goto(terminal.url + "/supplements/done")
    window.judge("175-supplements-done")
    page.goto(terminal.url + "/supplements/counts")
    window.judge("176-supplement-counts")


@pytest.mark.nightly
def test_a_town_is_named_and_a_mismatch_is_closed_by_two(desk, window) -> None:
    terminal, page = desk.terminal, window.page
    window.sign_in(terminal, CLERK)
    page.goto(terminal.url + "/owed-supplements")
    window.judge("177-owed-supplements-empty")
    tell_some(desk.counter.node)
    mismatch(desk.counter, id_of(desk.counter, desk.family[1]))
    page.goto(terminal.url + "/owed-supplements")
    window.judge("178-owed-supplements")
    page.check("input[type=checkbox]")
    page.fill("#f-to_town", str(AWAY))
    page.press("#f-to_town", "Enter")
    expect(page.locator("button[value=send]")).to_contain_text("北海道函館市へ送る")
    window.judge("179-owed-supplements-town")
    page.click("button[value=send]")
    expect(page.locator(".notice.good")).to_contain_text("通知を送付しました")
    page.click("a:has-text('来訪　2号')")
    window.judge("180-owed-supplement")
    page.fill("#f-why", "戸籍の誤記と確認")
    page.click("button[value=propose]")
    window.sign_in(terminal, BOTH)
    page.goto(terminal.url + "/owed-supplements")
    page.click("a:has-text('来訪　2号')")
    window.judge("181-owed-supplement-to-close")
    page.click("button[value=confirm]")
    expect(page.locator(".notice.good")).to_contain_text("通知を終了しました")
