"""印鑑登録 and 個別記載事項 in a browser: the keyboard is enough, errors stand beside their field, axe finds nothing."""

from typing import Any

import pytest
from playwright.sync_api import expect
from tests.faces.terminal.conftest import running
from tests.nodes.registry.conftest import comer, counter, move_in  # noqa: F401 - fixtures of the register
from tests.nodes.registry.test_protection import arrived
from tests.paper.test_imprints import png, square

from daicho.faces.desks.certificates import PaperDesk
from daicho.faces.desks.letters import LetterDesk
from daicho.faces.desks.programmes import ItemsDesk
from daicho.faces.desks.registry import CounterDesk
from daicho.faces.desks.seals import SealsDesk
from daicho.faces.terminal.desk import Desks
from daicho.nodes.config import IssuerConfig, SealsConfig
from daicho.rules.network.kinds import NodeKind

pytestmark = pytest.mark.browser
CLERK, CHECKER = "A1001", "A1003"


@pytest.fixture
def terminal(counter, move_in, comer):  # noqa: F811 - the fixtures above
    arrived(counter, move_in(comer(1), comer(2, "妻")))
    node = counter.node
    papers = PaperDesk(node, IssuerConfig("見本　一郎", 300))
    desks = Desks(
        LetterDesk(node), registry=CounterDesk(node), certificates=papers, programmes=ItemsDesk(node),
        seals=SealsDesk(node, papers, SealsConfig()),
    )  # fmt: skip
    with running(node.store, NodeKind.REGISTRY, given=desks, clock=node.clock) as one:
        yield one


def _open(window: Any, terminal: Any, tab: str) -> None:
    page = window.page
    page.goto(terminal.url + "/search")
    page.select_option("#f-purpose", index=1)
    page.select_option("#f-basis", index=1)
    page.fill("#f-name", "来訪　2号")
    page.fill("#f-birth", "H2.1.2")
    page.click("button:has-text('検索する')")
    page.wait_for_selector("#results-title")
    page.goto(page.locator(".person-link").first.evaluate("one => one.href"))
    page.click(f".tabs a:has-text('{tab}')")


@pytest.mark.nightly
def test_a_seal_from_the_application_to_the_card(terminal, window) -> None:
    page = window.page
    window.sign_in(terminal, CLERK)
    _open(window, terminal, "印鑑登録")
    window.judge("70-seal-empty")
    page.click("a:has-text('登録の申請')")
    page.click("button:has-text('受け付ける')")
    expect(page.locator("#e-image")).to_contain_text("ファイルが選ばれていません")
    window.judge("71-seal-application-refused")
    scan = {"name": "print.png", "mimeType": "image/png", "buffer": png(square())}
    page.set_input_files("#f-image", scan)
    page.select_option("#f-material", "WOOD")
    page.select_option("#f-proof", "PHOTO")
    page.fill("#f-inscription", "来訪")
    page.check("#f-capacity_confirmed")
    page.click("button:has-text('受け付ける')")
    expect(page.locator(".notice.good")).to_contain_text("受け付けました")
    window.judge("72-seal-waiting")
    window.sign_in(terminal, CHECKER)
    page.goto(terminal.url + "/seals")
    window.judge("73-seal-queue")
    page.click("a:has-text('審査する')")
    window.judge("74-seal-decision")
    page.click("button:has-text('認める') >> nth=-1")
    expect(page.locator("#done-title")).to_contain_text("印鑑登録証を交付してください")
    window.judge("75-seal-card")
    window.sign_in(terminal, CLERK)
    page.goto(terminal.url + "/seals")
    page.click("a:has-text('登録証を作る')")
    page.click("button:has-text('交付を記録する')")
    expect(page.locator(".notice.good")).to_contain_text("交付を記録しました")
    window.judge("75-seal-queue-of-a-clerk")
    _open(window, terminal, "印鑑登録")
    window.judge("76-seal")
    page.click("a:has-text('印鑑登録証明書を交付する')")
    window.judge("77-seal-certificate")


@pytest.mark.nightly
def test_a_programme_item_is_noted_beside_the_record(terminal, window) -> None:
    page = window.page
    window.sign_in(terminal, CLERK)
    _open(window, terminal, "個別記載事項")
    window.judge("78-programmes-empty")
    page.select_option("#f-programme", "NHI")
    page.select_option("#f-change", "ACQUIRED")
    page.fill("#f-changed_on", "R8.11.10")
    page.click("button:has-text('記録する')")
    expect(page.locator("#e-reference")).to_contain_text("入力されていません")
    page.fill("#f-reference", "国保第12号")
    page.click("button:has-text('記録する')")
    expect(page.locator(".notice.good")).to_contain_text("個別記載事項に記録しました")
    window.judge("79-programmes")
