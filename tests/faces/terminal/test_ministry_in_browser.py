"""法務省連携 in a browser: every page of it, empty, filled, refused and closed."""

import pytest
from playwright.sync_api import expect
from tests.faces.terminal import test_ministry_requests as requests
from tests.nodes.registry import conftest as register_hands
from tests.nodes.registry.test_moj_link import as_guest, file_of, notice
from tests.nodes.registry.test_protection import arrived
from tests.rules.moj_link.test_moj_link import PERSON

from daicho.nodes.registry.moj_link import looking
from daicho.rules.moj_link.notice import MojChange
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.names import PersonName

pytestmark = pytest.mark.browser
CLERK, BOTH = "A1001", "A1002"
counter, move_in, comer = register_hands.counter, register_hands.move_in, register_hands.comer
desk = requests.desk


def choose(page, content: bytes) -> None:
    file = {"name": "moj.txt", "mimeType": "text/plain", "buffer": content}
    page.set_input_files("#f-moj_file", file)
    page.click("button[value=take]")


@pytest.mark.nightly
def test_a_file_is_taken_in_and_what_differs_is_entered_or_ended(desk, window) -> None:
    terminal, page = desk.terminal, window.page
    window.sign_in(terminal, CLERK)
    page.goto(terminal.url + "/ministry")
    window.judge("180-moj-empty")
    choose(page, file_of(notice()).replace(b"CARD", b"DRAC", 1))
    expect(page.locator(".notice.bad")).to_contain_text("このファイルは取り込んでいません")
    window.judge("181-moj-faulty")
    person = PERSON.__class__(
        PERSON.card_number, PERSON.roman, "", PartialDate(1990, 1, 3), PERSON.sex, "ベトナム"
    )
    choose(page, file_of(notice(), notice(MojChange.STATUS, "N-2", person=person)))
    expect(page.locator(".notice.good")).to_contain_text("ファイルを取り込みました")
    looking.look_at_new(desk.counter.node)
    page.goto(terminal.url + "/ministry")
    window.judge("182-moj")
    page.click("section:has(#open-title) th a")
    window.judge("183-moj-notice")
    page.click("button[value=propose]")
    expect(page.locator("#e-moj_ending")).to_be_visible()
    window.judge("184-moj-notice-refused")
    page.click("a:has-text('この方の異動を入力する')")
    expect(page.locator("#f-status")).to_have_value("永住者")
    window.judge("185-residence")
    page.click("button[value=check]")
    page.click("button[value=enter]")
    page.goto(terminal.url + "/ministry")
    page.click("button[value=enter]")
    expect(page.locator(".notice.good")).to_contain_text("入力した通知はありません")
    window.judge("186-moj-entered")
    window.sign_in(terminal, BOTH)
    page.goto(terminal.url + "/ministry/closed")
    window.judge("187-moj-closed-empty")


@pytest.mark.nightly
def test_our_notices_are_made_fetched_and_written_otherwise(desk, window, move_in) -> None:
    terminal, page = desk.terminal, window.page
    odd = as_guest(card="CC33333333CC", name=PersonName("\ue001　一", roman="UE HAJIME"))
    arrived(desk.counter, move_in(odd))
    window.sign_in(terminal, CLERK)
    page.goto(terminal.url + "/municipal-notices")
    window.judge("188-municipal")
    page.click("button[value=make]")
    expect(page.locator(".notice.good")).to_contain_text("市町村通知のファイルを作成しました")
    window.judge("189-municipal-stuck")
    page.click("button[value=write]")
    window.judge("190-municipal-refused")
    page.fill("input[name$=-name]", "上　一")
    page.click("button[value=write]")
    expect(page.locator(".notice.good")).to_contain_text("書き換えを記録しました")
    window.judge("191-municipal-written")
    page.click("button[value=decline]")
    expect(page.locator(".notice.good")).to_contain_text("書き換えを取りやめました")
    with page.expect_download() as download:
        page.click("button:has-text('取得する')")
    assert download.value.suggested_filename == "municipal-notice-000001.txt"
