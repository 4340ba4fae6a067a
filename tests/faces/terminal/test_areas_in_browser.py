"""住居表示・町名地番の変更 in a browser, over a real register: table, faults, a second person, progress, what is left."""

import pytest
from playwright.sync_api import expect
from tests.faces.terminal.conftest import running
from tests.faces.terminal.test_areas import CLERK, SECURITY
from tests.nodes.registry import conftest as register_hands
from tests.nodes.registry.areas.conftest import TABLE, UNNAMED, Town

from daicho.faces.desks.areas import NamesDesk
from daicho.faces.desks.letters import LetterDesk
from daicho.faces.desks.registry import CounterDesk
from daicho.faces.terminal.desk import Desks
from daicho.nodes.office.desk import Person
from daicho.nodes.office.operators import enrol, enrol_demo_credential
from daicho.rules.network.kinds import NodeKind

pytestmark = pytest.mark.browser
comer, counter = register_hands.comer, register_hands.counter


@pytest.fixture
def town(counter) -> Town:
    return Town(counter)


@pytest.fixture
def terminal(town):
    node = town.node
    desks = Desks(LetterDesk(node), registry=CounterDesk(node), areas=NamesDesk(node))
    with running(node.store, NodeKind.REGISTRY, given=desks, clock=node.clock) as one:
        for who in (CLERK, SECURITY):
            enrol(one.office, Person(who, who.login_id, "試験"))
            enrol_demo_credential(one.office, who.login_id)
        yield one


def fill(page, table: str) -> None:
    page.select_option("#f-area_kind", "RESIDENCE_INDICATION")
    page.fill("#f-area_title", "架空町一丁目の住居表示の実施")
    page.fill("#f-in_force_on", "R8.12.1")
    page.fill("#f-notice_number", "告示第12号")
    page.fill("#f-notice_on", "R8.11.1")
    page.set_input_files("#f-table", {"name": "table.csv", "mimeType": "text/csv", "buffer": table.encode()})
    page.click("button:has-text('登録して照合する')")


@pytest.mark.nightly
def test_what_is_wrong_is_seen_where_it_is(terminal, window) -> None:
    page = window.page
    window.sign_in(terminal, CLERK.login_id)
    page.goto(terminal.url + "/areas")
    expect(page.locator("main")).to_contain_text("進行中の変更はありません")
    window.judge("areas-0-empty")
    page.click("button:has-text('登録して照合する')")
    expect(page.locator("#e-area_title")).to_contain_text("件名を入力してください")
    expect(page.locator("#e-table")).to_contain_text("対照表のファイルが選ばれていません")
    window.judge("areas-1-refused")
    fill(page, "旧町名,旧番地,新町名,新番地\n架空町一丁目,2番3号,改称町一丁目,\n")
    expect(page.locator(".page-head .badge")).to_have_text("対照表に誤りあり")
    window.judge("areas-2-faults")


@pytest.mark.nightly
def test_from_the_table_to_what_is_left(terminal, town, comer, window) -> None:
    town.arrive(comer(1), comer(2, "妻"))
    town.arrive(comer(3), at=UNNAMED)
    page = window.page
    window.sign_in(terminal, CLERK.login_id)
    page.goto(terminal.url + "/areas")
    fill(page, TABLE)
    expect(page.locator(".page-head .badge")).to_have_text("照合中")
    window.judge("areas-3-checking")
    town.work()
    page.reload()
    expect(page.locator(".page-head .badge")).to_have_text("承認待ち")
    window.judge("areas-4-checked")
    page.click("button:has-text('ログアウト')")
    window.sign_in(terminal, SECURITY.login_id)
    page.goto(terminal.url + "/areas")
    page.click("main a[href^='/areas/']")
    window.judge("areas-5-to-decide")
    page.click("button[value=accept]")
    expect(page.locator(".page-head .badge")).to_have_text("承認済み")
    window.judge("areas-6-approved")
    page.click("button:has-text('ログアウト')")
    town.day_comes()
    town.work()
    window.sign_in(terminal, CLERK.login_id)
    page.goto(terminal.url + "/areas")
    window.judge("areas-7-list")
    page.click("main a[href^='/areas/']")
    expect(page.locator(".page-head .badge")).to_have_text("処理済み")
    window.judge("areas-8-done")
    page.click("main a[href$='/queue']")
    expect(page.locator("main")).to_contain_text("対照表にない住所")
    window.judge("areas-9-queue")
