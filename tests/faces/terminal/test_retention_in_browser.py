"""保存期間・廃棄 in a browser, over a real register: the list, a second person, the record of destruction, a box."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from tests.faces.terminal.conftest import running
from tests.faces.terminal.test_retention_requests import RECORDS, SECURITY
from tests.nodes.registry.conftest import comer, counter, move_in  # noqa: F401 - fixtures of the register
from tests.nodes.registry.test_retention import LAST_DAY, family, struck  # noqa: F401 - a family of three

from daicho.faces.desks.letters import LetterDesk
from daicho.faces.desks.registry import CounterDesk
from daicho.faces.desks.retention import KeepersDesk
from daicho.faces.terminal.desk import Desks
from daicho.nodes.office.desk import Person
from daicho.nodes.office.operators import enrol, enrol_demo_credential
from daicho.rules.network.kinds import NodeKind

pytestmark = pytest.mark.browser


@pytest.fixture
def terminal(counter, family):  # noqa: F811 - the fixtures above
    node = counter.node
    desks = Desks(LetterDesk(node), registry=CounterDesk(node), retention=KeepersDesk(node))
    with running(node.store, NodeKind.REGISTRY, given=desks, clock=node.clock) as one:
        for who in (RECORDS, SECURITY):
            enrol(one.office, Person(who, who.login_id, "試験"))
            enrol_demo_credential(one.office, who.login_id)
        yield one


@pytest.mark.nightly
def test_nothing_is_over_yet_and_a_box_is_entered(terminal, window) -> None:
    page = window.page
    window.sign_in(terminal, RECORDS.login_id)
    page.goto(terminal.url + "/retention")
    expect(page.locator("main")).to_contain_text("保存期間を過ぎた記録はありません")
    window.judge("90-retention-empty")
    page.click("button[value=hold]")
    expect(page.locator("#e-whose")).to_contain_text("対象の番号を入力してください")
    window.judge("91-retention-hold-refused")
    page.goto(terminal.url + "/retention/boxes")
    window.judge("92-boxes-empty")
    page.click("a:has-text('保存箱を記録する')")
    page.select_option("#f-paper_kind", "NOTICES")
    page.fill("#f-content", "転入届 10月分")
    page.fill("#f-first_on", "R7.10.1")
    page.fill("#f-last_on", "R7.10.31")
    page.fill("#f-sheets", "250")
    page.fill("#f-place", "書庫A-1")
    window.judge("93-box-new")
    page.click("button:has-text('記録する')")
    expect(page.locator(".page-head .badge")).to_have_text("満了")
    window.judge("94-box")
    page.click("button[value=propose]")
    expect(page.locator(".page-head .badge")).to_have_text("承認待ち")
    page.goto(terminal.url + "/retention/boxes")
    window.judge("95-boxes")


@pytest.mark.nightly
def test_from_the_list_to_the_record_of_destruction(terminal, counter, family, window) -> None:  # noqa: F811 - fixtures
    struck(counter, family)
    counter.node.clock.instant = LAST_DAY + timedelta(days=1)
    page = window.page
    window.sign_in(terminal, RECORDS.login_id)
    page.goto(terminal.url + "/retention")
    window.judge("96-retention")
    page.click("button[value=propose]")
    expect(page.locator(".page-head .badge")).to_have_text("承認待ち")
    window.judge("97-run-proposed")
    page.click("button:has-text('ログアウト')")
    window.sign_in(terminal, SECURITY.login_id)
    page.goto(terminal.url + "/retention")
    page.click("main a[href^='/retention/runs/']")
    window.judge("98-run-to-decide")
    page.click("a:has-text('一覧の記録を見る')")
    expect(page.locator("tbody tr")).to_have_count(3)
    window.judge("98-run-list")
    page.go_back()
    page.click("button[value=accept]")
    expect(page.locator(".page-head .badge")).to_have_text("承認済み（消去中）")
    window.judge("99-run-approved")
    page.click("button[value=carry_out]")
    expect(page.locator("#what-title")).to_have_text("廃棄記録")
    window.judge("99-run-done")
