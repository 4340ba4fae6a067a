"""Every page in Debian's chromium: it works, axe finds nothing, and nothing breaks the content policy."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from daicho.rules.network.kinds import NodeKind

pytestmark = pytest.mark.browser


def _why(page: Any, purpose: str = "異動届の受付", basis: str = "法22条") -> None:
    page.select_option("#f-purpose", label=purpose)
    page.select_option("#f-basis", value=basis)


def _open(window: Any, terminal: Any, name: str, birth: str) -> None:
    """Search for one person and open the full page."""
    page = window.page
    page.goto(terminal.url + "/search")
    _why(page)
    page.fill("#f-name", name)
    page.fill("#f-birth", birth)
    page.click("button:has-text('検索する')")
    page.wait_for_selector("#results-title")
    page.goto(page.locator(".person-link").first.evaluate("one => one.href"))


def _handed_in_by_the_person(page: Any) -> None:
    """Fill in who handed the notice in and by which paper that person is known."""
    page.select_option("#f-notifier", "SELF")
    page.check("input[name=document-NUMBER_CARD]")
    page.fill("#f-card_expires_on", "R16.4.1")


def test_sign_in_page(terminal: Any, window: Any) -> None:
    running = terminal(NodeKind.REGISTRY)
    page = window.page
    page.goto(running.url)
    expect(page).to_have_url(re.compile("/sign-in$"))
    window.judge("01-sign-in")
    page.fill("#f-login_id", "NOBODY")
    page.click("text=デモ認証器")
    expect(page.locator(".notice.bad:visible")).to_contain_text("本人を確認できませんでした")
    window.judge("02-sign-in-refused")
    window.sign_in(running, "A1002")
    window.judge("03-home")
    page.click("button:has-text('ログアウト')")
    expect(page.locator(".notice.good")).to_contain_text("ログアウトしました")
    page.go_back()
    expect(page).to_have_url(re.compile("/sign-in"))


@pytest.mark.requirement("R-279")
def test_search_and_resident(terminal: Any, window: Any) -> None:
    running = terminal(NodeKind.REGISTRY)
    page = window.page
    window.sign_in(running, "A1001")
    page.click("nav >> text=住民検索")
    window.judge("04-search-empty")
    page.fill("#f-name", "わたなべ")
    page.click("button:has-text('検索する')")
    expect(page.locator("#e-purpose")).to_contain_text("利用目的を入力してください")
    _why(page)
    page.click("button:has-text('検索する')")
    expect(page.locator("#e-name")).to_contain_text("検索条件が足りません")
    window.judge("05-search-refused")
    page.fill("#f-address", "神田")
    page.click("button:has-text('検索する')")
    expect(page.locator(".list .notice")).to_contain_text("条件を絞ってください")
    page.fill("#f-name", "わた")
    page.fill("#f-address", "東京都千代田区丸の内")
    page.click("button:has-text('検索する')")
    expect(page.locator(".person-link").nth(5)).to_be_visible()
    page.click(".person-link >> nth=2")
    page.wait_for_selector("#preview .person-head")
    window.judge("06-search-found")
    assert "●●●●" in page.locator("#preview").inner_text()
    page.click("text=表示（記録）")
    page.wait_for_selector("text=表示したことを記録しました")
    assert running.desks.registry.looks[-2][2].purpose == "code"
    page.fill("#f-name", "だれもいない")
    page.fill("#f-address", "")
    page.fill("#f-birth", "S2.2.3")
    page.click("button:has-text('検索する')")
    page.wait_for_selector("text=該当する方はいません")
    window.judge("07-search-nobody")


@pytest.mark.nightly
def test_resident_parts(terminal: Any, window: Any) -> None:
    running = terminal(NodeKind.REGISTRY)
    page = window.page
    window.sign_in(running, "A1001")
    _open(window, running, "渡邉", "S45.3.10")
    window.judge("08-resident")
    for part, name in (("世帯", "09-household"), ("異動履歴", "10-history"), ("閲覧履歴", "11-seen")):
        page.click(f".tabs >> text={part}")
        page.wait_for_selector(f".tabs a[aria-current] >> text={part}")
        window.judge(name)
    page.click("text=本人に開示する")
    expect(page.locator(".one-time")).to_have_text("K7QF2MXD")
    window.judge("12-handed-out")
    page.goto(running.url + "/my-record")
    window.judge("13-citizen-door")
    page.fill("#f-one_time", "k7qf-2mxd")
    page.click("text=自分の記録を開く")
    expect(page.locator("h1")).to_contain_text("渡邉")
    window.judge("14-citizen")
    page.goto(running.url + "/my-record")
    page.fill("#f-one_time", "K7QF2MXD")
    page.click("text=自分の記録を開く")
    expect(page.locator(".notice.bad:visible")).to_contain_text("この確認コードは使えません")
    _open(window, running, "渡邉", "S45.3.10")
    page.click(".tabs >> text=異動履歴")
    page.fill("#f-on", "R1.2.30")
    page.click("text=その日の記録を見る")
    expect(page.locator("#e-on")).to_contain_text("実在する日付として読めません")
    page.fill("#f-on", "令和元年5月1日")
    page.click("text=その日の記録を見る")
    expect(page.locator(".notice.past")).to_contain_text("令和元年5月1日")
    window.judge("15-as-of")
    page.go_back()
    page.fill("#f-on", "令和元年5月1日")
    page.fill("#f-known_on", "H11.12.31")
    page.click("text=その日の記録を見る")
    expect(page.locator("#e-on")).to_be_visible()
    page.fill("#f-known_on", "R8.11.19")
    page.click("text=その日の記録を見る")
    expect(page.locator(".notice.past")).to_contain_text("令和8年11月19日までに登録された内容")
    window.judge("15-as-known")


@pytest.mark.requirement("R-034", "R-276")
def test_move_in_by_two_operators(terminal: Any, window: Any) -> None:
    running = terminal(NodeKind.REGISTRY)
    page = window.page
    window.sign_in(running, "A1002")
    page.goto(running.url + "/move-in")
    page.click("text=内容を確認する")
    expect(page.locator(".errors")).to_be_visible()
    window.judge("16-move-in-errors")
    page.fill("#f-moved_on", "R8.11.1")
    page.fill("#f-previous_address", "横浜市中区本町六丁目50番地の10")
    page.fill("#f-previous_municipality", "141046")
    page.fill("#f-town", "飯田橋二丁目")
    page.fill("#f-block", "3番1号")
    page.fill("#f-p1-kanji", "辻󠄂　わたる")
    page.fill("#f-p1-furigana", "ツジ　ワタル")
    page.fill("#f-p1-birth", "S63.2.9")
    page.check("#f-p1-sex input[value=MALE]")
    page.fill("#f-p1-relationship", "世帯主")
    page.click("text=人を追加する")
    page.wait_for_selector("#f-p2-kanji")
    expect(page.locator("#f-p1-kanji")).to_have_value("辻󠄂　わたる")
    page.fill("#f-p2-kanji", "辻󠄂 あや")
    page.fill("#f-p2-furigana", "ツジ　アヤ")
    page.fill("#f-p2-birth", "R2.4.1")
    page.check("#f-p2-sex input[value=FEMALE]")
    page.fill("#f-p2-relationship", "子")
    page.click("text=内容を確認する")
    expect(page.locator("#e-notifier")).to_contain_text("だれの届出か")
    _handed_in_by_the_person(page)
    window.judge("17-move-in")
    page.click("text=内容を確認する")
    page.wait_for_selector(".compared")
    expect(page.locator(".facts")).to_contain_text("個人番号カード")
    window.judge("18-move-in-confirm")
    page.click("text=受け付ける")
    page.wait_for_selector("text=審査を待っています")
    window.judge("19-entered")
    page.goto(running.url + "/verify")
    page.wait_for_selector("text=自分の入力")
    window.judge("20-verify-queue-own")
    page.click("text=内容を見る")
    expect(page.locator(".notice.bad:visible")).to_contain_text("同じ入力を審査できません")
    assert page.locator("button:has-text('届書と合っている')").count() == 0
    window.judge("21-verify-refused")
    window.sign_in(running, "A1003")
    page.goto(running.url + "/verify")
    page.click("text=審査する")
    page.click("button:has-text('差し戻す')")
    expect(page.locator("#e-why")).to_be_visible()
    window.judge("22-verify")
    page.click("text=届書と合っている")
    expect(page.locator(".notice.good")).to_contain_text("審査を終え")
    window.judge("23-verify-queue-empty")
    assert any(one.name.kanji == "辻󠄂　あや" for one in running.desks.registry.records.values())


NOTICES = {
    "move-within": {"moved_on": "R8.11.18", "town": "九段南一丁目", "block": "2番1号"},
    "move-out": {
        "scheduled_on": "R8.12.1",
        "destination": "横浜市中区本町六丁目50番地の10",
        "destination_municipality": "14104",
    },
    "birth": {
        "p1-kanji": "渡部　新",
        "p1-furigana": "ワタナベ　アラタ",
        "p1-birth": "R8.11.15",
        "p1-relationship": "子",
    },
    "death": {"died_on": "R8.11.17"},
    "name": {"changed_on": "R8.11.17", "n-kanji": "渡部　高志"},
    "household": {"changed_on": "R8.11.17"},
    "householder": {"changed_on": "R8.11.17"},
}


@pytest.mark.nightly
@pytest.mark.parametrize("notice", NOTICES)
def test_notice_of_a_resident(terminal: Any, window: Any, notice: str) -> None:
    running = terminal(NodeKind.REGISTRY)
    page = window.page
    window.sign_in(running, "A1001")
    _open(window, running, "渡部", "S58.11.23")
    page.goto(page.url + "/" + notice)
    for name, value in NOTICES[notice].items():
        page.fill(f"#f-{name}", value)
    if notice in ("move-within", "move-out"):
        page.check("input[name=who-112]")
    if notice == "move-within":
        page.fill("input[name=mover-111]", "世帯主")
        page.fill("input[name=mover-112]", "妻")
    if notice == "birth":
        page.check("#f-p1-sex input[value=MALE]")
    if notice == "name":
        page.select_option("#f-cause", "FAMILY_REGISTER_CORRECTED")
    if notice == "household":
        page.select_option("#f-move", "SPLIT")
        page.uncheck("input[name=who-111]")
        page.check("input[name=who-112]")
        page.fill("input[name=mover-112]", "世帯主")
    if notice == "householder":
        page.check("input[name=successor][value='112']")
        page.fill("input[name=relation-111]", "夫")
    if notice not in ("birth", "death"):
        _handed_in_by_the_person(page)
    window.judge(f"30-{notice}")
    page.click("text=内容を確認する")
    page.wait_for_selector(".compared, .errors")
    assert page.locator(".errors").count() == 0, page.locator(".errors").inner_text()
    window.judge(f"31-{notice}-confirm")
    page.click("text=入力に戻る")
    for name, value in NOTICES[notice].items():
        expect(page.locator(f"#f-{name}")).to_have_value(value)
    page.click("text=内容を確認する")
    page.click("text=受け付ける")
    page.wait_for_selector("text=審査を待っています")
    assert len(running.desks.registry.waiting) == 1


@pytest.mark.nightly
def test_relationships_that_follow_from_the_register_are_filled_in(terminal: Any, window: Any) -> None:
    running = terminal(NodeKind.REGISTRY)
    page = window.page
    window.sign_in(running, "A1001")
    _open(window, running, "渡部", "S58.11.23")
    page.goto(page.url + "/householder")
    page.fill("#f-changed_on", "R8.11.17")
    page.check("input[name=successor][value='112']")
    _handed_in_by_the_person(page)
    page.click("text=内容を確認する")
    expect(page.locator("#f-successor")).to_contain_text("新しい世帯主との続柄を確かめてください")
    expect(page.locator("input[name=relation-111]")).to_have_value("夫")
    window.judge("32-relationships")
    page.click("text=内容を確認する")
    page.wait_for_selector(".compared")


@pytest.mark.nightly
def test_from_abroad_and_letters_and_history(terminal: Any, window: Any) -> None:
    running = terminal(NodeKind.REGISTRY)
    page = window.page
    window.sign_in(running, "A1001")
    page.goto(running.url + "/move-in-from-abroad")
    page.click("summary")
    window.judge("40-from-abroad")
    page.goto(running.url + "/returned")
    window.judge("41-returned-queue")
    page.click("text=開く")
    window.judge("42-returned")
    page.click("text=処理済みにする")
    expect(page.locator("#e-note")).to_be_visible()
    page.fill("#f-note", "転居届を入力し直しました")
    page.click("text=処理済みにする")
    expect(page.locator(".notice.good")).to_contain_text("処理済みにしました")
    page.goto(running.url + "/on-hold")
    window.judge("43-on-hold")
    page.goto(running.url + "/history")
    window.judge("44-own-history")
    page.fill("#f-first", "R8.2.30")
    page.click("text=表示する")
    expect(page.locator("#e-first")).to_be_visible()
    page.goto(running.url + "/nowhere")
    window.judge("45-missing")


@pytest.mark.nightly
def test_an_administrator_sees_what_to_look_at_and_no_resident(terminal: Any, window: Any) -> None:
    running = terminal(NodeKind.CS)
    page = window.page
    window.sign_in(running, "K3001")
    page.click(".task:has-text('稼働状況')")
    expect(page.locator(".notice.bad")).to_contain_text("5分以上待っている通知があります")
    expect(page.locator("main")).to_contain_text("あと1.9日")
    window.judge("55-standing-worried")
    running.desks.standing.bad = False
    page.click("text=更新する")
    expect(page.locator(".notice.good")).to_be_visible()
    window.judge("56-standing-calm")
    page.goto(running.url)
    page.click(".task:has-text('接続の許可一覧')")
    expect(page.locator("main")).to_contain_text("監査人から")
    window.judge("57-connections")
    page.goto(running.url + "/search")
    expect(page.locator("main")).to_contain_text("権限")


@pytest.mark.parametrize(
    ("kind", "login_id"),
    [
        (NodeKind.CS, "A1001"),
        pytest.param(NodeKind.PREFECTURE, "P2001", marks=pytest.mark.nightly),
    ],
)
def test_look_up(terminal: Any, window: Any, kind: NodeKind, login_id: str) -> None:
    running = terminal(kind)
    page = window.page
    window.sign_in(running, login_id)
    window.judge(f"50-{kind.value}-home")
    page.goto(running.url + "/search")
    page.select_option("#f-purpose", index=1)
    page.select_option("#f-basis", index=1)
    page.fill("#f-name", "わた")
    page.fill("#f-address", "東京都千代田区")
    window.judge(f"51-{kind.value}-search")
    page.click("button:has-text('検索する')")
    page.wait_for_selector(".person-link")
    page.click(".person-link >> nth=0")
    page.wait_for_selector("#preview .person-head")
    window.judge(f"52-{kind.value}-found")
    preview = page.locator("#preview").inner_text()
    assert ("住民票コード" in preview) is (kind is NodeKind.CS)
    page.goto(page.locator(".person-link").first.evaluate("one => one.href"))
    window.judge(f"53-{kind.value}-person")
    if kind is NodeKind.CS:
        page.click("text=表示（記録）")
        page.wait_for_selector("text=表示したことを記録しました")


def test_narrow_window(terminal: Any, window: Any) -> None:
    running = terminal(NodeKind.REGISTRY)
    window.page.set_viewport_size({"width": 900, "height": 1100})
    window.sign_in(running, "A1001")
    window.page.goto(running.url + "/search")
    window.judge("60-narrow")
    assert window.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
