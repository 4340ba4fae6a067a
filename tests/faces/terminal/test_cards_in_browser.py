"""カード等 in a browser: empty, refused, noted, beside the record; the keyboard is enough and axe finds nothing."""

import pytest
from playwright.sync_api import expect
from tests.faces.terminal import test_cards_held as requests
from tests.faces.terminal.test_programmes import family  # noqa: F401 - a resident who was moved in
from tests.faces.terminal.test_seals_in_browser import CLERK, _open
from tests.nodes.registry.conftest import comer, counter, move_in  # noqa: F401 - fixtures of the register

pytestmark = [pytest.mark.browser, pytest.mark.nightly]
terminal = requests.terminal


def test_a_card_is_noted_by_the_keyboard_and_shown_beside_the_record(terminal, window) -> None:
    page = window.page
    window.sign_in(terminal, CLERK)
    _open(window, terminal, "カード等")
    window.judge("420-cards-empty")
    page.select_option("#f-which_card", "NUMBER_CARD-1")
    page.select_option("#f-card_step", "ISSUED")
    page.fill("#f-card_on", "R6.5.10")
    page.fill("#f-card_until", "R17.1.2")
    page.press("#f-card_until", "Enter")
    expect(page.locator("#e-card_until")).to_contain_text("有効期間より後の日")
    window.judge("421-card-refused")
    page.fill("#f-card_until", "R16.1.2")
    page.press("#f-card_until", "Enter")
    expect(page.locator(".notice.good")).to_contain_text("カードの異動を記録しました")
    window.judge("422-card-noted")
    page.click(".tabs a:has-text('基本情報')")
    expect(page.locator(".notice.warn")).to_contain_text("継続利用の手続き")
    window.judge("423-card-beside-the-record")
