"""正確な記録の確保 in a browser, over a real register: the queue, missing arrivals, a survey from its form to its end."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from tests.faces.terminal.conftest import running
from tests.nodes.registry import conftest as register_hands
from tests.nodes.registry.test_protection import arrived
from tests.nodes.registry.test_upkeep import left

from daicho.faces.desks.letters import LetterDesk
from daicho.faces.desks.protection import ProtectionDesk
from daicho.faces.desks.registry import CounterDesk
from daicho.faces.desks.upkeep import UpkeepDesk
from daicho.faces.terminal.desk import Desks
from daicho.rules.network.kinds import NodeKind

pytestmark = pytest.mark.browser
CLERK = "A1001"
counter, move_in, comer = register_hands.counter, register_hands.move_in, register_hands.comer


@pytest.fixture
def registry(counter, move_in, comer):
    family = arrived(counter, move_in(comer(1), comer(2, "妻"), comer(3, "子")))
    node = counter.node
    desks = Desks(
        LetterDesk(node),
        registry=CounterDesk(node),
        protection=ProtectionDesk(node),
        upkeep=UpkeepDesk(node),
    )
    with running(node.store, NodeKind.REGISTRY, given=desks, clock=node.clock) as one:
        yield one, counter, family


@pytest.mark.nightly
def test_a_survey_from_its_form_to_its_end(registry, window) -> None:
    terminal, _, family = registry
    page = window.page
    window.sign_in(terminal, CLERK)
    page.goto(terminal.url + "/upkeep")
    window.judge("70-upkeep-empty")
    page.click("a:has-text('実態調査を受け付ける')")
    window.judge("71-upkeep-new")
    page.click("button:has-text('受け付ける')")
    expect(page.locator("#e-case_source")).to_contain_text("端緒を入力してください")
    expect(page.locator("#e-content")).to_contain_text("内容を入力してください")
    window.judge("72-upkeep-new-refused")
    page.select_option("#f-case_source", "RETURNED_MAIL")
    page.fill("#f-content", "郵便物が返戻された")
    page.fill("#f-addressee", str(family[0].addressee_number))
    page.click("button:has-text('受け付ける')")
    expect(page.locator(".notice.good")).to_contain_text("事案を受け付けました")
    window.judge("73-upkeep-case")
    page.fill("#f-visited_by", "調査　員")
    page.select_option("#f-finding", "LIVES_THERE")
    page.fill("#f-finding_words", "本人に面会した")
    page.click("button[value=VISITED]")
    expect(page.locator(".page-head .badge")).to_have_text("調査中")
    page.select_option("#f-outcome", "ENTERED")
    page.fill("#f-end_why", "居住を確認した")
    page.click("button[value=CLOSED]")
    expect(page.locator("#e-outcome")).to_contain_text("合う異動がありません")
    window.judge("74-upkeep-case-refused")
    page.select_option("#f-outcome", "NO_CHANGE")
    page.click("button[value=CLOSED]")
    expect(page.locator(".notice.good")).to_contain_text("事案を終了しました")
    window.judge("75-upkeep-case-closed")
    page.goto(terminal.url + "/upkeep/ended")
    window.judge("79-upkeep-ended")


@pytest.mark.nightly
def test_movers_who_do_not_arrive_are_taken_up(registry, window) -> None:
    terminal, counter, family = registry
    left(counter, family)
    counter.node.clock.instant += timedelta(days=31)
    page = window.page
    window.sign_in(terminal, CLERK)
    page.goto(terminal.url + "/upkeep/arrivals")
    expect(page.locator("#movers-title")).to_contain_text("3")
    window.judge("76-upkeep-arrivals")
    page.click("button:has-text('事案として受け付ける')")
    expect(page.locator(".notice.good")).to_contain_text("事案を受け付けました")
    page.goto(terminal.url + "/upkeep")
    window.judge("77-upkeep-queue")
    page.goto(terminal.url + "/upkeep/arrivals")
    window.judge("78-upkeep-nobody-missing")
