"""The door in a real browser: WebAuthn with a verified user, and nothing else, opens it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from daicho.rules.network.kinds import NodeKind

pytestmark = pytest.mark.browser


def _authenticator(page: Any) -> tuple[Any, str]:
    """Give the page a platform authenticator that verifies its user, made by the browser's own tools."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return tools, tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


@pytest.mark.requirement("R-244", "R-248")
def test_own_authenticator_opens_the_door_only_for_its_verified_user(terminal: Any, window: Any) -> None:
    running = terminal(NodeKind.REGISTRY)
    page = window.page
    tools, device = _authenticator(page)
    window.sign_in(running, "A1001")
    page.click("nav >> text=認証器の登録")
    window.judge("70-authenticator")
    page.click("button:has-text('認証器を登録する')")
    expect(page.locator(".notice.good")).to_contain_text("認証器を登録しました")
    page.click("button:has-text('ログアウト')")
    page.fill("#f-login_id", "a1001")
    page.click("text=生体認証などで本人を確認する")
    expect(page.locator("h1")).to_have_text("ホーム")
    assert running.facts[-1].login_id == "A1001"
    page.click("button:has-text('ログアウト')")

    tools.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    page.fill("#f-login_id", "A1001")
    page.click("text=生体認証などで本人を確認する")
    expect(page.locator("[data-problem]")).to_contain_text("認証器で本人を確認できませんでした")
    window.judge("71-wrong-palm")
    expect(page).to_have_url(re.compile("/sign-in"))

    tools.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": True})
    page.fill("#f-login_id", "A1002")
    page.click("text=生体認証などで本人を確認する")
    expect(page.locator("[data-problem]")).to_be_visible()
    expect(page).to_have_url(re.compile("/sign-in"))


def test_without_a_demo_profile_there_is_no_demo_button(terminal: Any, window: Any) -> None:
    running = terminal(NodeKind.REGISTRY, demo=False)
    window.page.goto(running.url)
    window.judge("72-no-demo")
    assert window.page.locator("text=デモ").count() == 0


@pytest.mark.requirement("R-261", "R-264", "R-273")
def test_quiet_screen_is_cleared_by_itself(terminal: Any, window: Any) -> None:
    running = terminal(NodeKind.REGISTRY)
    page = window.page
    page.clock.install()
    window.sign_in(running, "A1001")
    page.clock.run_for(9 * 60_000 + 5_000)
    expect(page.locator(".countdown.soon")).to_be_visible()
    running.office.clock.shift += timedelta(minutes=11)
    page.clock.run_for(60_000)
    expect(page.locator(".notice.warn")).to_contain_text("一定時間操作がなかったため")
    expect(page).to_have_url(re.compile("ended=idle"))


@pytest.mark.nightly
def test_second_sign_in_closes_the_first_window(terminal: Any, window: Any, browser: Browser) -> None:
    running = terminal(NodeKind.REGISTRY)
    window.sign_in(running, "A1001")
    other = browser.new_context().new_page()
    other.goto(running.url)
    other.fill("#f-login_id", "A1001")
    other.click("text=デモ認証器")
    expect(other.locator(".notice.good")).to_contain_text("別の端末の利用を終了しました")
    window.page.goto(running.url + "/search")
    expect(window.page.locator(".notice.warn")).to_contain_text("別の端末からサインイン")
    other.context.close()


def test_everything_works_without_javascript(terminal: Any, browser: Browser) -> None:
    running = terminal(NodeKind.REGISTRY)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(running.url)
    page.fill("#f-login_id", "A1001")
    page.click("text=デモ認証器")
    page.goto(running.url + "/search")
    page.select_option("#f-purpose", "notice")
    page.select_option("#f-basis", "法22条")
    page.fill("#f-name", "葛城")
    page.fill("#f-birth", "昭和23年5月不詳")
    page.click("button:has-text('検索する')")
    page.click(".person-link")
    assert "昭和23年5月日不詳" in page.inner_text("#person")
    page.click("text=表示（記録）")
    assert "表示したことを記録しました" in page.inner_text("#person")
    page.click(".tabs >> text=異動履歴")
    assert "転居" in page.inner_text("#person")
    assert (
        page.locator("noscript meta[http-equiv=refresh]").count()
        + page.locator("meta[http-equiv=refresh]").count()
    )
    page.click("button:has-text('ログアウト')")
    context.close()


def test_keyboard_alone_reaches_the_content(terminal: Any, window: Any) -> None:
    running = terminal(NodeKind.REGISTRY)
    page = window.page
    window.sign_in(running, "A1001")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
