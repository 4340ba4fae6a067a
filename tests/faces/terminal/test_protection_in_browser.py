# ruff: noqa: F401, F811  (fixtures of the register behind the pages)
"""支援措置 at the terminal, over a real register: whoever has not the right finds the address on no page."""

from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.faces.terminal.conftest import running
from tests.nodes.registry.conftest import (
    AT_COUNTER,
    HERE,
    comer,
    counter,
    move_in,
)
from tests.nodes.registry.test_protection import arrived

from daicho.faces.desks.letters import LetterDesk
from daicho.faces.desks.protection import ProtectionDesk
from daicho.faces.desks.registry import CounterDesk
from daicho.faces.terminal.desk import Desks
from daicho.nodes.registry.counter import EntryView, enter
from daicho.rules.network.kinds import NodeKind

pytestmark = pytest.mark.browser
CLERK, VERIFIER, OFFICER, SECOND = "A1001", "A1003", "S4001", "S4002"
AFTER_RELEASE = timedelta(minutes=11)


@pytest.fixture
def registry(counter, move_in, comer):
    arrived(counter, move_in(comer(1), comer(2, "妻"), comer(3, "子")))
    node = counter.node
    desks = Desks(LetterDesk(node), registry=CounterDesk(node), protection=ProtectionDesk(node))
    with running(node.store, NodeKind.REGISTRY, given=desks, clock=node.clock) as one:
        yield one, node.clock


def _open(window: Any, terminal: Any, name: str) -> None:
    page = window.page
    page.goto(terminal.url + "/search")
    page.select_option("#f-purpose", index=1)
    page.select_option("#f-basis", index=1)
    page.fill("#f-name", name)
    page.fill("#f-birth", "H2.1.2")
    page.click("button:has-text('検索する')")
    page.wait_for_selector("#results-title")
    page.goto(page.locator(".person-link").first.evaluate("one => one.href"))


def _apply(window: Any, terminal: Any) -> None:
    page = window.page
    window.sign_in(terminal, OFFICER)
    _open(window, terminal, "来訪　2号")
    page.click("a:has-text('支援措置の申出')")
    window.judge("60-protection-application")
    page.click("button:has-text('受け付ける')")
    expect(page.locator("#e-ground")).to_contain_text("支援措置の事由を入力してください")
    expect(page.locator("#e-party1-kanji")).to_contain_text("氏名を入力してください")
    window.judge("61-protection-application-refused")
    page.select_option("#f-ground", "DOMESTIC_VIOLENCE")
    page.fill("#f-party1-kanji", "相手　太郎")
    page.check("text=来訪　3号")
    page.click("button:has-text('受け付ける')")
    expect(page.locator(".notice.good")).to_contain_text("今から制限が働いています")


@pytest.mark.nightly
def test_from_the_application_to_the_end_by_two_officers(registry, window) -> None:
    terminal, _ = registry
    page = window.page
    _apply(window, terminal)
    expect(page.locator(".page-head .badge")).to_have_text("仮の支援措置")
    page.select_option("#f-body", "POLICE")
    page.fill("#f-given_on", "R8.11.20")
    page.check("input[name=confirms][value=yes]")
    page.click("button:has-text('意見を記録する')")
    expect(page.locator(".page-head .badge")).to_have_text("支援措置中")
    expect(page.locator("text=令和9年11月19日").first).to_be_visible()
    window.judge("62-protection-measure")
    page.select_option("#f-cause", "WITHDRAWN")
    page.fill("#f-why", "本人からの申出")
    page.click("button:has-text('終了を申請する')")
    page.goto(terminal.url + "/protection")
    expect(page.locator("text=自分の申請")).to_be_visible()
    window.judge("63-protection-own-proposal")
    window.sign_in(terminal, SECOND)
    expect(page.locator("a.queue[href='/protection']")).to_contain_text("1")
    page.click("a.queue[href='/protection']")
    window.judge("64-protection-to-decide")
    page.click("button:has-text('認める')")
    expect(page.locator(".notice.good")).to_contain_text("終了しました")
    window.judge("65-protection-nothing-left")
    window.sign_in(terminal, CLERK)
    _open(window, terminal, "来訪　2号")
    expect(page.locator("main")).to_contain_text(HERE.town)


@pytest.mark.nightly
def test_a_clerk_finds_the_address_on_no_page_and_asks_for_a_release_that_shuts_by_itself(
    registry, window
) -> None:
    terminal, clock = registry
    page = window.page
    _apply(window, terminal)
    window.sign_in(terminal, CLERK)
    for name in ("来訪　2号", "来訪　1号", "来訪　3号"):
        _open(window, terminal, name)
        here = page.url
        for part in ("", "/part/household", "/part/history", "/part/seen", "/as-of?on=R8.11.20", "/move-within",
                     "/move-out", "/correction", "/name", "/household", "/householder", "/rewriting"):  # fmt: skip
            page.goto(here + part)
            text = page.content()
            assert HERE.town not in text, (name, part)
            assert "函館" not in text, (name, part)
    _open(window, terminal, "来訪　2号")
    expect(page.locator(".notice.protect")).to_contain_text("住所等は表示できません")
    assert page.locator("a:has-text('転居')").count() == 0
    assert page.locator("button:has-text('表示（記録）')").count() == 0
    window.judge("66-protected-resident")
    page.click("a:has-text('一時解除を申請する')")
    page.fill("#f-reason", "本人が来庁し、転居の届出をしている")
    window.judge("67-release-asked")
    page.click("button:has-text('申請する')")
    expect(page.locator(".notice.good")).to_contain_text("申請しました")
    assert HERE.town not in page.content()
    window.sign_in(terminal, OFFICER)
    page.goto(terminal.url + "/protection")
    page.click("button:has-text('認める')")
    expect(page.locator(".notice.good")).to_contain_text("一時解除を決定しました")
    window.sign_in(terminal, CLERK)
    _open(window, terminal, "来訪　2号")
    expect(page.locator("main")).to_contain_text(HERE.town)
    clock.instant += AFTER_RELEASE
    window.sign_in(terminal, CLERK)
    _open(window, terminal, "来訪　2号")
    assert HERE.town not in page.content()
    assert clock.business_today() == date(2026, 11, 20)


@pytest.mark.nightly
def test_somebody_who_waits_to_be_entered_is_hidden_before_a_second_person_has_looked(
    registry,
    window,
    counter,
    move_in,
    comer,
) -> None:
    terminal, _ = registry
    page = window.page
    entered = enter(
        counter.node,
        counter.clerk,
        move_in(comer(8), comer(9, "妻")),
        draw_codes=counter.draw,
        reception=AT_COUNTER,
    )
    assert isinstance(entered, EntryView)
    window.sign_in(terminal, SECOND)
    page.goto(terminal.url + "/verify")
    page.click("text=審査する")
    page.click("a:has-text('支援措置の申出')")
    window.judge("68-protection-of-who-waits")
    page.select_option("#f-applicant", label="来訪　9号")
    page.select_option("#f-ground", "STALKING")
    page.fill("#f-party1-kanji", "相手　太郎")
    page.click("button:has-text('受け付ける')")
    expect(page.locator(".notice.good")).to_contain_text("今から制限が働いています")
    window.judge("69-protection-of-who-waits-kept")
    window.sign_in(terminal, VERIFIER)
    page.goto(terminal.url + "/verify")
    expect(page.locator("main")).to_contain_text("来訪　8号")
    assert HERE.town not in page.content()
    page.goto(f"{terminal.url}/verify/{entered.entry_id}")
    assert HERE.town not in page.content()
    window.sign_in(terminal, SECOND)
    page.goto(f"{terminal.url}/verify/{entered.entry_id}")
    page.click("text=届書と合っている")
    expect(page.locator(".notice.good")).to_contain_text("審査を終え")
