"""外字 in Debian's chromium: looked up, described, drawn, confirmed by another, and judged by axe on the way."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.faces.terminal.test_characters import CROSS, NABE, PAGE, comer, counter, move_in, named, town
from tests.nodes.registry.test_protection import arrived

from daicho.nodes.registry import corrections

pytestmark = pytest.mark.browser
__all__ = ["comer", "counter", "move_in", "town"]


def test_a_character_is_looked_up_by_keyboard_and_copied(town: Any, window: Any) -> None:
    page = window.page
    window.sign_in(town, "A1001")
    page.click("nav >> text=文字検索")
    page.fill("#f-like", "辺")
    page.fill("#f-strokes", "17")
    page.keyboard.press("Enter")
    expect(page.locator("#results-title")).to_be_focused()
    expect(page.get_by_role("textbox", name=f"{NABE}の文字")).to_have_value("邉")
    window.judge("60-characters")


@pytest.mark.nightly
def test_one_person_draws_and_another_confirms(
    town: Any, window: Any, counter: Any, move_in: Any, comer: Any, tmp_path: Path
) -> None:
    (bearer,) = arrived(counter, move_in(named(comer)))
    drawing = tmp_path / "cross.svg"
    drawing.write_bytes(CROSS)
    page = window.page
    window.sign_in(town, "A1001")
    page.click("nav >> text=同定待ちの文字")
    window.judge("61-character-cases")
    page.click("text=U+E001")
    page.select_option("#f-source", "FAMILY_REGISTER")
    page.fill("#f-reading", "なべ")
    page.fill("#f-strokes", "17")
    page.click("text=記録する")
    expect(page.locator(".notice.good")).to_contain_text("外字台帳に記録しました")
    page.fill("#f-glyph", NABE)
    page.set_input_files("#f-picture", drawing)
    page.click("text=案を出す")
    expect(page.locator("body")).to_contain_text("自分の案")
    window.judge("62-own-character")
    page.click(".sign-off button")
    window.sign_in(town, "A1002")
    page.goto(town.url + PAGE)
    page.click("button:has-text('確認する')")
    expect(page.locator(".notice.good")).to_contain_text("同定を確認しました")
    shown = page.locator("img.own-character").first
    expect(shown).to_have_js_property("complete", value=True)
    assert shown.evaluate("image => image.naturalWidth > 0")
    window.judge("63-own-character-confirmed")
    page.click("text=住民を表示する")
    expect(page.locator("table")).to_contain_text("許可がありません")
    corrections.permit_correction(counter.node, counter.officer, bearer.addressee_number, "外字の同定")
    page.reload()
    expect(page.locator("table")).to_contain_text("軽微な修正を入力する")
    window.judge("64-character-residents")
    page.click("button:has-text('軽微な修正を入力する')")
    expect(page.locator(".notice.good")).to_contain_text("軽微な修正を入力しました")
    page.goto(town.url + "/own-characters")
    window.judge("65-own-characters")
