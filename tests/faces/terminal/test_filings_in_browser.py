"""9条2項通知 and 個人番号の確認 in a browser: every page of them, empty, filled, refused and closed."""

import pytest
from playwright.sync_api import expect
from tests.faces.terminal import test_filings_requests as requests
from tests.faces.terminal.test_filings_requests import Nation
from tests.nodes.registry import conftest as register_hands
from tests.nodes.registry.test_filings import report_of, told
from tests.nodes.registry.test_genuineness import number_of

pytestmark = pytest.mark.browser
CLERK, BOTH = "A1001", "A1002"
counter, move_in, comer = register_hands.counter, register_hands.move_in, register_hands.comer
town, desk = requests.town, requests.desk


@pytest.mark.nightly
def test_a_report_is_received_recorded_and_another_one_sent(desk, window) -> None:
    terminal, page = desk.terminal, window.page
    window.sign_in(terminal, CLERK)
    page.goto(terminal.url + "/filings")
    window.judge("150-filings-empty")
    told(desk.counter, report_of())
    page.goto(terminal.url + "/filings")
    window.judge("151-filings")
    page.click("th a:has-text('の通知を開く')")
    window.judge("152-filing")
    page.click("button[value=answer]")
    expect(page.locator("#e-filing_answer")).to_contain_text("回答を入力してください")
    window.judge("153-filing-refused")
    page.click("a:has-text('この方の異動を入力する'):has-text('来訪　2号')")
    expect(page.locator("#f-died_on")).not_to_have_value("")
    window.judge("154-filing-draft")
    page.click("button[value=check]")
    page.click("button[value=enter]")
    window.judge("155-filing-entered")
    page.goto(terminal.url + "/sent-filings")
    window.judge("156-filings-sent-empty")
    page.click("a:has-text('通知を入力する')")
    page.click("button:has-text('入力する')")
    expect(page.locator("#e-filing_kind")).to_contain_text("届書の種類を入力してください")
    window.judge("157-filing-new-refused")
    page.select_option("#f-filing_kind", "DEATH")
    for name, text in requests.OUT.items():
        if name != "filing_kind":
            page.fill(f"#f-{name}", text)
    page.click("button:has-text('入力する')")
    expect(page.locator(".notice.good")).to_contain_text("通知を入力しました")
    window.judge("158-filings-sent")
    window.sign_in(terminal, BOTH)
    page.goto(terminal.url + "/sent-filings")
    page.click("th a:has-text('の通知を開く')")
    window.judge("159-filing-to-send")
    page.click("button[value=send]")
    expect(page.locator(".notice.good")).to_contain_text("通知を送付しました")
    page.click("th a:has-text('の通知を開く')")
    window.judge("160-filing-sent")
    page.click("button[value=close]")
    page.goto(terminal.url + "/sent-filings/closed")
    window.judge("161-filings-closed")


@pytest.mark.nightly
def test_a_number_is_confirmed(desk, window) -> None:
    terminal, page = desk.terminal, window.page
    desk.counter.node.wire.post = Nation("DIFFERS")
    window.sign_in(terminal, CLERK)
    page.goto(terminal.url + "/number-check")
    window.judge("162-number")
    page.fill("#f-shown-code", "1")
    page.click("button[value=shown]")
    expect(page.locator("#e-shown-code")).to_contain_text("住民票コードが正しくありません")
    window.judge("163-number-refused")
    page.select_option("#f-purpose", "notice")
    page.select_option("#f-basis", requests.SHOWN["basis"])
    page.fill("#f-shown-code", str(desk.family[1].resident_record_code))
    page.fill("#f-shown-number", str(number_of(5)))
    page.click("button[value=shown]")
    expect(page.locator(".notice.bad")).to_contain_text("不一致")
    window.judge("164-number-differs")
