"""支援措置の転送 in a browser: every page of it, empty, filled, refused and settled."""

import pytest
from playwright.sync_api import expect
from tests.faces.terminal import test_forwarding_requests as requests
from tests.faces.terminal.test_upkeep_requests import KEEPER
from tests.nodes.registry import test_forwarding as between
from tests.nodes.registry.test_forwarding import applied, carried, confirmed
from tests.wire.test_carried import KIND

pytestmark = [pytest.mark.browser, pytest.mark.nightly]
towns, places = between.towns, requests.places


def test_a_measure_is_forwarded_and_taken_up(places, window) -> None:
    home, away = places
    confirmed(home.town, applied(home.town, home.desk.family[0]))
    page = window.page
    window.sign_in(home.desk.terminal, KEEPER)
    page.goto(home.desk.terminal.url + "/protection")
    page.click("th a.person-link")
    window.judge("310-measure-to-forward")
    page.click("button[value=address]")
    expect(page.locator("#e-address_town")).to_contain_text("市区町村コード")
    window.judge("311-address-refused")
    page.click("button[value=forward]")
    expect(page.locator(".notice.good")).to_contain_text("転送しました")
    window.judge("312-measure-forwarded")
    window.sign_in(away.desk.terminal, KEEPER)
    page.goto(away.desk.terminal.url + "/forwarded-measures")
    window.judge("313-forwarded-empty")
    carried(away.town, home.town.posted(KIND)[0])
    page.goto(away.desk.terminal.url + "/forwarded-measures")
    window.judge("314-forwarded")
    page.click("th a:has-text('の転送を開く')")
    window.judge("315-forwarded-letter")
    page.fill("#f-addressee", "999999")
    page.keyboard.press("Enter")
    expect(page.locator("#e-addressee")).to_be_visible()
    window.judge("316-forwarded-nobody")
    page.click("button[value=take_up]")
    expect(page.locator(".notice.good")).to_contain_text("支援措置として記録し")
    page.goto(away.desk.terminal.url + "/forwarded-measures/settled")
    window.judge("317-forwarded-settled")
