"""日計・証明用紙, 通知・発送 and 閲覧 in a browser: the keyboard is enough, errors stand beside their field, axe finds nothing."""

from typing import Any

import pytest
from playwright.sync_api import expect
from tests.faces.terminal.conftest import running
from tests.nodes.registry.conftest import comer, counter, move_in  # noqa: F401 - fixtures of the register
from tests.nodes.registry.test_certificates import Press, issue, own
from tests.nodes.registry.test_protection import arrived

from daicho.faces.desks.certificates import PaperDesk
from daicho.faces.desks.letters import LetterDesk
from daicho.faces.desks.papers import OfficeInspections, OfficeNotices, OfficeTill
from daicho.faces.desks.registry import CounterDesk
from daicho.faces.terminal.desk import Desks
from daicho.nodes.config import IssuerConfig
from daicho.rules.network.kinds import NodeKind

pytestmark = pytest.mark.browser
CLERK, CHECKER = "A1001", "A1003"


@pytest.fixture
def terminal(counter, move_in, comer, monkeypatch):  # noqa: F811 - the fixtures above
    people = arrived(counter, move_in(comer(1), comer(2, "妻")))
    issue(counter, own(people[0]), people[0])
    node = counter.node
    papers = PaperDesk(node, IssuerConfig("見本　一郎", 300))
    monkeypatch.setattr(papers, "_set", Press())
    desks = Desks(
        LetterDesk(node), registry=CounterDesk(node), certificates=papers, till=OfficeTill(node),
        notices=OfficeNotices(node, papers), inspections=OfficeInspections(node),
    )  # fmt: skip
    with running(node.store, NodeKind.REGISTRY, given=desks, clock=node.clock) as one:
        yield one


@pytest.mark.nightly
def test_a_day_is_closed_and_confirmed(terminal: Any, window: Any) -> None:
    page = window.page
    window.sign_in(terminal, CLERK)
    page.goto(terminal.url + "/office")
    window.judge("80-office")
    page.fill("#f-cash_yen", "200")
    page.fill("#f-money_orders_yen", "0")
    page.click("button:has-text('締める')")
    expect(page.locator("#e-difference_words")).to_be_visible()
    window.judge("81-office-refused")
    page.fill("#f-cash_yen", "300")
    page.press("#f-cash_yen", "Tab")
    page.click("button:has-text('締める')")
    expect(page.locator(".notice.good")).to_contain_text("日計を締めました")
    window.sign_in(terminal, CHECKER)
    page.goto(terminal.url + "/office")
    page.click("a:has-text('内容を見る')")
    window.judge("82-office-closing")
    page.click("button:has-text('確認した')")
    expect(page.locator(".notice.good")).to_contain_text("日計を確認しました")
    window.judge("83-office-confirmed")


@pytest.mark.nightly
def test_sheets_are_received_used_and_spoiled(terminal: Any, window: Any) -> None:
    page = window.page
    window.sign_in(terminal, CLERK)
    page.goto(terminal.url + "/office/sheets")
    window.judge("84-sheets-empty")
    page.fill("#f-first_sheet", "A0000001")
    page.fill("#f-last_sheet", "A0000100")
    page.click("button:has-text('受け入れる')")
    expect(page.locator(".notice.good")).to_contain_text("受入れを記録しました")
    page.fill("#f-spoil-first_sheet", "A0000009")
    page.select_option("#f-spoil_cause", "JAM")
    page.click("button:has-text('書損を記録する')")
    window.judge("85-sheets")
    page.goto(terminal.url + "/office")
    page.locator("a[href^='/office/paper/']").first.click()
    window.judge("86-paper-sheets")


@pytest.mark.nightly
def test_a_notice_is_made_sent_and_comes_back(terminal: Any, window: Any) -> None:
    page = window.page
    window.sign_in(terminal, CLERK)
    page.goto(terminal.url + "/notices")
    window.judge("87-notices")
    page.locator("td.last a").first.click()
    window.judge("88-notice")
    page.click("button:has-text('作成する')")
    window.judge("89-notice-issued")
    page.goto(terminal.url + "/notices/post")
    window.judge("90-posting")
    page.locator("a[href^='/notices/letters/']").first.click()
    window.judge("91-letter")
    page.click("button:has-text('発送を記録する')")
    expect(page.locator(".notice.good")).to_contain_text("発送の経過を記録しました")
    page.click("button:has-text('返戻を記録する')")
    expect(page.locator("#e-return_cause")).to_be_visible()
    window.judge("92-letter-returned-refused")


@pytest.mark.nightly
def test_a_notice_for_the_counter_is_made_again(terminal: Any, window: Any) -> None:
    page = window.page
    window.sign_in(terminal, CLERK)
    page.goto(terminal.url + "/notices")
    page.locator("td.last a").first.click()
    page.check("input[name='by_hand'][value='hand']")
    page.click("button:has-text('作成する')")
    page.goto(terminal.url + "/notices")
    expect(page.locator("#handed-title")).to_be_visible()
    window.judge("98-notices-handed-over")
    page.locator("a:has-text('作り直す')").first.click()
    page.click("button:has-text('もう一度作成する')")
    expect(page.locator("#e-again_words")).to_be_visible()
    window.judge("99-notice-again-refused")


@pytest.mark.nightly
def test_an_inspection_from_the_application_to_the_report(terminal: Any, window: Any) -> None:
    page = window.page
    window.sign_in(terminal, CLERK)
    page.goto(terminal.url + "/inspections")
    window.judge("93-inspections-empty")
    page.click("a:has-text('国・地方公共団体の機関の請求を受け付ける')")
    page.fill("#f-inspect_on", "R8.11.20")
    page.click("button:has-text('受け付ける')")
    expect(page.locator("#e-applicant_body")).to_be_visible()
    window.judge("94-inspection-refused")
    for name, text in (
        ("applicant_body", "架空省"), ("officer", "統計課長 責任　者"), ("inspection_purpose", "国勢に関する調査"), ("summary", "調査の標本の抽出"),
        ("reader1-name", "閲覧　一"), ("reader1-about", "統計課 主査"), ("area", "架空町一丁目"),
    ):  # fmt: skip
        page.fill(f"#f-{name}", text)
    page.click("button:has-text('受け付ける')")
    expect(page.locator(".notice.good")).to_contain_text("受け付けました")
    window.judge("95-inspection-asked")
    window.sign_in(terminal, CHECKER)
    page.goto(terminal.url + "/inspections")
    page.locator("a:has-text('審査する')").first.click()
    page.click("button:has-text('認める') >> nth=-1")
    window.sign_in(terminal, CLERK)
    page.goto(terminal.url + "/inspections")
    page.locator("a[href^='/inspections/cases/']").first.click()
    page.check("input[name='present-0']")
    page.check("#f-identity_shown")
    page.click("button:has-text('一覧を表示する')")
    expect(page.locator("#list-title")).to_contain_text("架空町一丁目")
    window.judge("96-inspection-list")
    page.goto(terminal.url + "/inspections/report")
    window.judge("97-inspection-report")
