"""住民票コード・個人番号の変更 and 処理の抑止 in a browser: every page of them, empty, filled, refused and closed."""

import pytest
from playwright.sync_api import expect
from tests.faces.terminal.conftest import running
from tests.faces.terminal.test_upkeep_requests import CLERK, VERIFIER, Desk
from tests.nodes.registry import conftest as register_hands
from tests.nodes.registry.test_number_changes import FIRST, PEER
from tests.nodes.registry.test_protection import arrived

from daicho.faces.desks.letters import LetterDesk
from daicho.faces.desks.network import NumberDesk
from daicho.faces.desks.registry import CounterDesk
from daicho.faces.desks.stops import StopsDesk
from daicho.faces.desks.upkeep import UpkeepDesk
from daicho.faces.terminal.desk import Desks
from daicho.nodes.registry.reports import receive_number
from daicho.rules.network.kinds import NodeKind
from daicho.store import code_stock

pytestmark = [pytest.mark.browser, pytest.mark.nightly]
counter, move_in, comer = register_hands.counter, register_hands.move_in, register_hands.comer


@pytest.fixture
def desk(counter, move_in, comer, monkeypatch):
    monkeypatch.setattr(
        "daicho.nodes.registry.renumbering.asking.post_letters",
        lambda _unit, _node, letters: counter.letters.extend(letters),
    )
    node, family = counter.node, arrived(counter, move_in(comer(1), comer(2, "妻")))
    with node.store.unit() as unit:
        code_stock.add_to_stock(unit, [str(counter.draw(None, 1)[0])])
        receive_number(unit, node, family[0].resident_record_code, FIRST, peer=PEER)
    desks = Desks(
        LetterDesk(node), registry=CounterDesk(node), numbers=NumberDesk(node), upkeep=UpkeepDesk(node),
        stops=StopsDesk(node),
    )  # fmt: skip
    with running(node.store, NodeKind.REGISTRY, given=desks, clock=node.clock) as terminal:
        yield Desk(terminal, counter, family)


def to_resident(desk, page, words=""):
    page.goto(desk.terminal.url + "/search")
    page.select_option("#f-purpose", index=1)
    page.select_option("#f-basis", index=1)
    page.fill("#f-name", "来訪　1号")
    page.fill("#f-birth", "H2.1.2")
    page.click("button[value=search]")
    page.click("a.person-link >> nth=0")
    if words:
        page.click(f".person-end a:has-text('{words}')")


def test_a_code_and_a_number_are_changed(desk, window) -> None:
    page = window.page
    window.sign_in(desk.terminal, CLERK)
    to_resident(desk, page, "住民票コードの変更")
    window.judge("190-code-change")
    page.fill("#f-used_from", "R8.11.1")
    page.click("button[value=check]")
    window.judge("191-code-change-refused")
    page.fill("#f-used_from", "")
    page.select_option("#f-notifier", "SELF")
    page.check("input[name=document-DRIVING_LICENCE]")
    page.click("button[value=check]")
    window.judge("192-code-change-compared")
    to_resident(desk, page, "個人番号の変更")
    page.click("button[value=enter]")
    expect(page.locator("#e-leak")).to_contain_text("漏えいのおそれの事由を入力してください")
    window.judge("193-number-change-refused")
    page.select_option("#f-leak", "CARD_LOST")
    page.fill("#f-change_words", "警察署に届出")
    page.select_option("#f-notifier", "SELF")
    page.check("input[name=document-DRIVING_LICENCE]")
    page.keyboard.press("Tab")
    page.click("button[value=enter]")
    window.judge("194-number-change-entered")
    page.goto(desk.terminal.url + "/number-changes")
    window.judge("195-number-changes")
    window.sign_in(desk.terminal, VERIFIER)
    page.goto(desk.terminal.url + "/number-changes")
    page.click("th a:has-text('の受付を開く')")
    window.judge("196-number-change-to-decide")
    page.click("button[value=ask]")
    page.goto(desk.terminal.url + "/number-changes/closed")
    window.judge("197-number-changes-closed")


def test_changes_are_stopped_and_freed(desk, window) -> None:
    page = window.page
    window.sign_in(desk.terminal, CLERK)
    page.goto(desk.terminal.url + "/stops")
    window.judge("200-stops-empty")
    to_resident(desk, page, "処理の抑止")
    page.click("button[value=place]")
    expect(page.locator("#e-stop_kind")).to_contain_text("抑止の種類を入力してください")
    window.judge("201-stop-refused")
    page.check("input[name=stop_kind][value=CHANGES]")
    page.select_option("#f-stop_cause", "DISPUTE")
    page.fill("#f-stop_words", "親族間の争い")
    page.click("button[value=place]")
    expect(page.locator(".notice.good")).to_contain_text("抑止を設定しました")
    window.judge("202-stopped-resident")
    page.goto(desk.terminal.url + "/stops")
    page.click("th a:has-text('の抑止を開く')")
    window.judge("203-stop")
    page.fill("#f-why", "和解した")
    page.click("button[value=end]")
    window.sign_in(desk.terminal, VERIFIER)
    page.goto(desk.terminal.url + "/stops")
    page.click("th a:has-text('の抑止を開く')")
    window.judge("204-stop-to-end")
    page.click("button[value=confirm]")
    page.goto(desk.terminal.url + "/stops/ended")
    window.judge("205-stops-ended")
