"""庁内連携, データ抽出 and 手続き案内 in a browser, over a real register: every page judged, a file fetched, a sheet printed."""

import pytest
from playwright.sync_api import expect
from tests.faces.terminal import test_hall
from tests.nodes.registry.hall.conftest import OFFICER

from daicho.nodes.registry.hall import clients

pytestmark = pytest.mark.browser
counter, move_in, comer, place = test_hall.counter, test_hall.move_in, test_hall.comer, test_hall.place


def agree_to_all(place) -> None:
    """Give a second person's word for everything that waits."""
    node = place.counter.node
    found = clients.clients_overview(node, OFFICER)
    assert isinstance(found, clients.ClientsOverview)
    for one in found.waiting:
        clients.decide_on_scope(node, OFFICER, one.proposal.id, test_hall.NUMBERS, accept=True)


@pytest.mark.nightly
def test_a_system_from_its_opening_to_its_secret(place, window) -> None:
    page, url = window.page, place.terminal.url
    window.sign_in(place.terminal, test_hall.ADMIN)
    page.goto(url + "/hall")
    window.judge("90-hall-empty")
    page.click("button[value=open]")
    expect(page.locator("#e-title")).to_contain_text("システムの名称を入力してください")
    window.judge("91-hall-refused")
    page.select_option("#f-office", "NHI")
    page.fill("#f-title", "国保資格管理")
    page.fill("#f-valid_until", "R9.3.31")
    page.click("button[value=open]")
    expect(page.locator(".notice.good")).to_contain_text("登録しました")
    window.judge("92-hall-system")
    page.select_option("#f-scope", "juki:changes:read")
    page.fill("#f-reason", "資格の管理")
    page.click("button[value=scope]")
    expect(page.locator(".notice.good")).to_contain_text("申請しました")
    page.fill("#f-secret_reason", "初めての接続")
    page.click("button[value=ask-secret]")
    expect(page.locator(".notice.good")).to_contain_text("申請しました")
    agree_to_all(place)
    page.reload()
    window.judge("92b-hall-word-given")
    page.click("button[value=secret]")
    expect(page.locator("#done-title")).to_contain_text("秘密鍵を発行しました")
    window.judge("93-hall-secret")
    page.goto(url + "/hall")
    expect(page.locator("#clients-title")).to_contain_text("連携先システム")
    page.click("text=国保資格管理")
    page.click("button[value=end-secrets]")
    page.check("#f-sure_secrets")
    page.click("button[value=end-secrets]")
    expect(page.locator(".notice.good")).to_contain_text("すべて無効にしました")
    window.judge("93b-hall-shut")
    page.fill("#f-secret_reason", "漏えいのおそれ")
    page.click("button[value=ask-secret]")
    page.goto(url + "/hall")
    expect(page.locator("#waiting-title")).to_contain_text("決定を待つ申請")
    window.judge("94-hall-waiting")


@pytest.mark.nightly
def test_an_extraction_from_its_order_to_its_file(place, window) -> None:
    page, url = window.page, place.terminal.url
    window.sign_in(place.terminal, test_hall.CLERK)
    page.goto(url + "/extractions")
    window.judge("95-extractions-empty")
    page.fill("#f-purpose", "敬老行事の案内")
    page.select_option("#f-basis", "住民基本台帳法第1条")
    page.check("input[name=item-NAME]")
    page.click("button:has-text('申請する')")
    expect(page.locator(".notice.good")).to_contain_text("一度だけ作成できます")
    window.judge("96-extraction-ready")
    with page.expect_download() as fetched:
        page.click("button:has-text('作成する')")
    assert fetched.value.suggested_filename.endswith(".csv")


@pytest.mark.nightly
def test_what_waits_for_whoever_answers_for_extractions(place, window) -> None:
    clerk = place.hands(test_hall.CLERK)
    test_hall.ordered(clerk, **{"item-RELATIONSHIP": "yes"})
    window.sign_in(place.terminal, test_hall.OFFICER)
    window.page.goto(place.terminal.url + "/extraction-approvals")
    window.judge("97-extraction-approvals")
    window.page.fill("input[name=why]", "対象が広い")
    window.page.press("input[name=why]", "Enter")
    expect(window.page.locator("button[value=accept]")).to_be_visible()
    assert "承認待ち" in clerk.get("/extractions")[1], "Enter decides nothing"
    window.page.fill("input[name=why]", "")
    window.page.click("button[value=accept]")
    expect(window.page.locator(".notice.good")).to_contain_text("承認しました")
    window.judge("98-extraction-approvals-empty")


@pytest.mark.nightly
def test_the_sheet_on_the_screen_and_on_paper(place, window) -> None:
    page = window.page
    window.sign_in(place.terminal, test_hall.CLERK)
    page.goto(place.terminal.url + "/search")
    page.fill("#f-name", "来訪")
    page.fill("#f-birth", "H2.1.2")
    page.select_option("#f-purpose", index=1)
    page.select_option("#f-basis", "法14条")
    page.click("button[value=search]")
    page.click("a.person-link >> nth=0")
    page.click("a[href$='/part/history']")
    page.click("a[href*='/entries/'] >> nth=0")
    page.click("a:has-text('手続き案内')")
    expect(page.locator("h1.page")).to_have_text("手続き案内")
    window.judge("99-guide")
    page.emulate_media(media="print")
    expect(page.locator("nav.side")).to_be_hidden()
    expect(page.locator(".decide")).to_be_hidden()
    expect(page.locator("section.card").first).to_be_visible()
