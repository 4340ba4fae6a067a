"""個人番号通知書の発送 at the nation's terminal, over a real database, by requests alone."""

import http.client
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.faces.terminal.conftest import running
from tests.faces.terminal.test_supplements_requests import boxes, counted
from tests.faces.terminal.test_upkeep_requests import Desk, Hands
from tests.nodes.mailroom import test_notices_on_paper as at_node
from tests.nodes.registry.conftest import member
from tests.paper.reading import text_of

from daicho.faces.desks.destinations import PrintingDesk
from daicho.faces.desks.letters import LetterDesk
from daicho.faces.terminal.desk import Desks
from daicho.nodes.national import bundles
from daicho.nodes.office.desk import Person
from daicho.nodes.office.operators import enrol, enrol_demo_credential
from daicho.paper.fonts import NoFont
from daicho.paper.workers import PressFault
from daicho.rules.law.refusal import Reason
from daicho.rules.network.kinds import NodeKind
from daicho.rules.operators.authority import Operator, Role
from daicho.wire.press import open_letters
from daicho.wire.vault import Vault

FIRST, SECOND = "C5001", "C5002"


@dataclass
class Press:
    """The nation with two of the Agency's people, and what was told to it: a family of two, and somebody alone."""

    nation: Any
    terminal: Any

    def hands(self, login_id: str) -> Hands:
        return Desk(self.terminal, None, ()).hands(login_id)  # type: ignore[arg-type]  # there is no counter


@pytest.fixture
def press(database: Callable[[str], Any], clock: Any) -> Iterator[Press]:
    node = SimpleNamespace(
        me=member(NodeKind.NATIONAL, "national.n.daicho.internal"), store=database("national"), clock=clock,
        vault=Vault(b"n" * 32), invented=True,
    )  # fmt: skip
    nation = SimpleNamespace(node=node)
    at_node.told(nation, "d-1", 1, 2)
    at_node.told(nation, "d-2", 3)
    desks = Desks(LetterDesk(node), printing=PrintingDesk(node))
    with running(node.store, NodeKind.NATIONAL, given=desks, clock=clock) as terminal:
        for number, login in enumerate((FIRST, SECOND), 1):
            who = Person(Operator(login, f"CARD-{number}", (Role.CARD_CLERK,)), "券面　作", "機構")
            enrol(terminal.office, who)
            enrol_demo_credential(terminal.office, login)
        yield Press(nation, terminal)


def bundle_of(page: str) -> str:
    return unescape(re.findall(r'href="(/notice-bundles/[^"?]+)"', page)[0])


def opened(hands: Hands, path: str) -> tuple[Any, ...]:
    """Fetch a bundle as the browser does, and open it with the press's key."""
    parts = urlsplit(hands.url)
    connection = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=10)
    sent = {
        "Host": parts.netloc, "Origin": hands.url, "Cookie": hands.cookie,
        "Content-Type": "application/x-www-form-urlencoded",
    }  # fmt: skip
    connection.request("POST", f"{path}/file", f"form_key={hands.key}".encode(), sent)
    answer = connection.getresponse()
    content = answer.read()
    assert (answer.status, answer.getheader("content-type")) == (200, "application/octet-stream")
    assert "attachment" in str(answer.getheader("content-disposition"))
    connection.close()
    return open_letters(content, at_node.KEY)


@pytest.mark.requirement("R-191")
def test_notices_go_from_the_queue_to_the_press_and_to_the_post(press: Press) -> None:
    hands = press.hands(FIRST)
    assert counted(hands, "/printed-notices") == 3
    status, page = hands.send("/printed-notices", notices="", step="chosen")
    assert (status, 'id="e-notices"' in page) == (422, True)
    assert not any(at_node.number_of(place) in page for place in (1, 2, 3))
    once = re.findall(r'name="once" value="([^"]+)"', page)[0]
    chosen = {boxes(page)[0]: "yes", "notices": "", "once": once, "step": "chosen"}
    page = hands.done("/printed-notices", **chosen)
    assert "作成を受け付けました" in page
    assert "2人" in page, "who goes into the same envelope goes along"
    assert "作成しています" in page
    assert "作成を受け付けました" in hands.done("/printed-notices", **chosen), (
        "a form sent twice is one bundle"
    )
    assert counted(hands, "/printed-notices") == 1
    at_node.make_all(press.nation)
    path = bundle_of(hands.get("/notice-bundles")[1])
    page = hands.get(path)[1]
    assert "印刷機へ渡すファイルを取り出す" in page
    assert "すべて印刷した" not in page, "nobody has fetched it"
    assert hands.act(path, "printed")[0] == 422
    (letter,) = opened(hands, path)
    assert at_node.number_of(2) in letter.pdf.decode(), "the press alone reads it"
    assert "印刷を記録しました" in hands.done(path, step="printed", notices="")
    assert counted(hands, "/printed-notices") == 1
    page = hands.get("/printed-notices/printed")[1]
    assert page.count("発送待ち") >= 2
    first, second = boxes(page)
    assert "発送を記録しました" in hands.done(
        "/printed-notices/printed", step="sent", notices="", **{first: "yes"}
    )
    assert hands.send("/printed-notices/printed", step="sent", notices="", **{first: "yes"})[0] == 422, (
        "sent once"
    )
    assert "束の発送を記録しました" in hands.done(path, step="send", notices="")
    (*_, back) = boxes(hands.get("/printed-notices/sent")[1])
    assert "返戻を記録しました" in hands.done("/printed-notices/sent", notices="", **{back: "yes"})
    assert len(boxes(hands.get("/printed-notices/sent")[1])) == 1
    assert "返戻" in hands.get("/printed-notices/returned")[1]
    assert second not in hands.get("/printed-notices/printed")[1]


def test_a_letter_is_found_by_its_number_or_its_person(press: Press) -> None:
    hands = press.hands(FIRST)
    find = {"step": "find", "control-number": "", "name": "", "birth": ""}
    assert hands.send("/printed-notices/sent", **find)[0] == 422
    assert (
        "見つかりませんでした" in hands.send("/printed-notices/sent", **(find | {"control-number": "x"}))[1]
    )
    page = hands.send("/printed-notices/sent", **(find | {"control-number": "d-1"}))[1]
    assert "2／2" in page
    name = re.findall(r'<th scope="row" class="mincho">([^<]+)<', page)[0]
    who = find | {"name": name, "birth": "19800401"}
    assert "1／2" in hands.send("/printed-notices/sent", **who)[1]


def test_a_spoiled_sheet_is_printed_anew_once_another_person_lets_it(press: Press) -> None:
    first, second = press.hands(FIRST), press.hands(SECOND)
    at_node.printed(press.nation)
    path = bundle_of(first.get("/notice-bundles")[1])
    pick = boxes(first.get(path)[1])[0]
    status, page = first.send(path, step="reprint", notices="", why="", **{pick: "yes"})
    assert (status, 'id="e-why"' in page) == (422, True)
    status, page = first.send(path, step="reprint", notices="", why="紙詰まり")
    assert (status, 'id="e-notices"' in page) == (422, True)
    assert "再作成を求めました" in first.done(
        path, step="reprint", notices="", why="紙詰まり", **{pick: "yes"}
    )
    assert (counted(first, "/notice-reprints"), counted(second, "/notice-reprints")) == (0, 2), (
        "whole envelopes: the first sheet alone bears the address"
    )
    own, _ = boxes(first.get("/notice-reprints")[1])
    status, page = first.send("/notice-reprints", step="grant", notices="", **{own: "yes"})
    assert (status, 'id="e-notices"' in page) == (422, True), "nobody decides alone"
    page = second.get("/notice-reprints")[1]
    assert "紙詰まり" in page
    pick, _ = boxes(page)
    assert second.send("/notice-reprints", step="grant", notices="")[0] == 422
    assert "再作成を承認しました" in second.done(
        "/notice-reprints", step="grant", notices="", **{pick: "yes"}
    )
    assert "再作成を求められた通知書はありません" in second.get("/notice-reprints")[1]
    assert counted(second, "/printed-notices") == 2
    assert "再作成へ" in first.get(path)[1]


def test_what_cannot_be_printed_and_what_was_refused_is_told_with_the_reason(press: Press) -> None:
    hands = press.hands(FIRST)
    for path, empty in (
        ("/notice-bundles", "束はありません"), ("/notice-reprints", "再作成を求められた通知書はありません"),
        ("/printed-notices/stuck", "印刷できない通知書はありません"), ("/printed-notices/printed", "印刷した通知書はありません"),
        ("/refused-destinations", "受け取らなかった送付先情報はありません"),
    ):  # fmt: skip
        assert empty in hands.get(path)[1], path
    at_node.order(press.nation)
    at_node.make_all(press.nation, lambda _papers: at_node.Unprintable("", ()))
    page = hands.get(bundle_of(hands.get("/notice-bundles")[1]))[1]
    assert "書体にない文字があります" in page
    assert "印刷機へ渡すファイルを取り出す" not in page, "there is nothing to fetch"
    page = hands.get("/printed-notices/stuck")[1]
    assert page.count("書体にない文字があります") == 3
    assert hands.get(bundle_of(page))[0] == 200
    stuck = boxes(page)
    assert len(stuck) == 3
    assert "作成待ちに戻しました" in hands.done(
        "/printed-notices/stuck", step="retry", notices="", **{stuck[0]: "yes"}
    )
    assert "取りやめを記録しました" in hands.done(
        "/printed-notices/stuck", step="give_up", notices="", **{stuck[1]: "yes"}
    )
    at_node.told(press.nation, "d-2", 3, 4)
    page = hands.get("/refused-destinations")[1]
    assert "d-2" in page
    assert "東京都千代田区" in page


def test_a_bundle_that_nobody_fetched_is_dropped_and_another_sessions_address_leads_nowhere(
    press: Press,
) -> None:
    hands = press.hands(FIRST)
    at_node.order(press.nation)
    path = bundle_of(hands.get("/notice-bundles")[1])
    assert press.hands(SECOND).get(path)[0] == 404
    assert "束を取りやめました" in hands.done(path, step="drop", notices="")
    assert counted(hands, "/printed-notices") == 3


def test_a_notice_is_held_back_with_a_reason_while_it_waits_and_once_it_is_printed(press: Press) -> None:
    hands = press.hands(FIRST)
    pick = boxes(hands.get("/printed-notices")[1])[2]
    given = {"step": "give_up", "notices": "", pick: "yes"}
    status, page = hands.send("/printed-notices", why="", **given)
    assert (status, 'id="e-why"' in page) == (422, True)
    assert "取りやめを記録しました" in hands.done("/printed-notices", why="市の申出", **given)
    assert counted(hands, "/printed-notices") == 2
    find = {"step": "find", "control-number": "d-2", "name": "", "birth": ""}
    assert "市の申出" in hands.send("/printed-notices/sent", **find)[1]
    at_node.printed(press.nation)
    first, _ = boxes(hands.get("/printed-notices/printed")[1])
    page = hands.done(
        "/printed-notices/printed", step="give_up", notices="", why="市の申出", **{first: "yes"}
    )
    assert "同じ封筒に残る通知書" in page
    assert counted(press.hands(SECOND), "/notice-reprints") == 1


def test_a_printed_notice_of_a_number_changed_since_is_named_when_it_is_to_be_sent(press: Press) -> None:
    hands = press.hands(FIRST)
    number = at_node.printed(press.nation)
    at_node.change_number(press.nation, 3)
    status, page = hands.send(bundle_of(hands.get("/notice-bundles")[1]), step="send", notices="")
    assert (status, f"-{number:06d}-0003" in page) == (422, True)
    assert at_node.number_of(3) not in page


def test_whoever_chooses_more_than_a_bundle_holds_is_told_that_the_rest_waits(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundles, "BUNDLE_NOTICES", 2)
    hands = press.hands(FIRST)
    page = hands.get("/printed-notices")[1]
    once = re.findall(r'name="once" value="([^"]+)"', page)[0]
    picked = dict.fromkeys(boxes(page), "yes")
    page = hands.done("/printed-notices", step="chosen", notices="", once=once, **picked)
    assert "作成待ちに残っています" in page


@pytest.mark.parametrize("fault", [NoFont("x"), PressFault("x")])
def test_a_press_that_sets_no_specimen_is_told_as_a_missing_font(
    press: Press, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def failing(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr("daicho.faces.desks.destinations.Press", failing)
    refused = press.terminal.desks.printing.specimen(Operator(FIRST, "CARD-1", (Role.CARD_CLERK,)))
    assert refused.reason is Reason.FONT_MISSING


def test_without_a_press_nothing_is_ordered_and_the_page_says_so(press: Press) -> None:
    press.terminal.desks.printing._can_print = False
    hands = press.hands(FIRST)
    page = hands.get("/printed-notices")[1]
    assert "印刷機が設定されていない" in page
    assert "束を作る" not in page
    status, page = hands.send("/printed-notices", notices="", step="oldest")
    assert (status, "公開鍵を設定" in page) == (422, True)


def test_a_specimen_shows_the_paper_with_nobodys_number(press: Press) -> None:
    pdf = press.terminal.desks.printing.specimen(Operator(FIRST, "CARD-1", (Role.CARD_CLERK,)))
    assert "見本" in text_of(pdf, 1)
    assert "交付申請書" in text_of(pdf, 2)
    assert press.hands(FIRST).get("/notice-bundles")[1].count("/printed-notices/specimen") == 1
