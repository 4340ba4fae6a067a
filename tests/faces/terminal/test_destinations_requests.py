"""個人番号通知書の送付先 at the terminal, over a real register, by requests alone."""

import re
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest
from tests.faces.terminal.conftest import running
from tests.faces.terminal.test_filings_requests import link
from tests.faces.terminal.test_supplements_requests import boxes, counted
from tests.faces.terminal.test_upkeep_requests import CLERK, KEEPER, VERIFIER, Desk
from tests.nodes.registry import conftest as register_hands
from tests.nodes.registry import test_destinations as destinations_at_node
from tests.nodes.registry.conftest import Counter
from tests.nodes.registry.test_destinations import files, protect
from tests.rules.destination.test_destination import PLACES

from daicho.faces.desks.destinations import DestinationDesk
from daicho.faces.desks.letters import LetterDesk
from daicho.faces.desks.protection import ProtectionDesk
from daicho.faces.desks.registry import CounterDesk
from daicho.faces.terminal.desk import Desks
from daicho.faces.wording.destinations import hindrance_words
from daicho.nodes.registry.destination.telling import tell_some
from daicho.rules.destination.record import DestinationInfo, DestinationPerson
from daicho.rules.network.kinds import NodeKind

counter, comer = register_hands.counter, register_hands.comer
town, family = destinations_at_node.town, destinations_at_node.family
STATED = {
    "postal": "200-0001", "to-address": "神奈川県架空市送付町1番", "to-name": "", "to-ground": "INSTITUTION",
    "to-words": "", "until": "", "notifier": "SELF", "document-NUMBER_CARD": "yes",
    "card_expires_on": "R16.4.1",
}  # fmt: skip


@pytest.fixture
def desk(town: Counter, family: tuple[Any, ...]) -> Iterator[Desk]:
    node = town.node
    desks = Desks(
        LetterDesk(node), registry=CounterDesk(node), protection=ProtectionDesk(node),
        destinations=DestinationDesk(node),
    )  # fmt: skip
    with running(node.store, NodeKind.REGISTRY, given=desks, clock=node.clock) as terminal:
        yield Desk(terminal, town, family)


def test_what_waits_and_was_told_is_listed_and_each_empty_list_says_so(desk: Desk) -> None:
    clerk = desk.hands(CLERK)
    page = clerk.get("/number-notices")[1]
    for words in (
        "通知を待つ送付先はありません",
        "住所と異なる送付先の申出はありません",
        "通知した送付先はありません",
    ):
        assert words in page
    tell_some(desk.counter.node, None)
    assert counted(clerk, "/number-notices") == 2
    assert "交付場所などが設定されていません" in clerk.get("/number-notices")[1]
    tell_some(desk.counter.node, PLACES)
    page = clerk.get("/number-notices")[1]
    assert counted(clerk, "/number-notices") == 0
    assert page.count("機構へ通知済み") == 2
    assert "架空町" not in page, "a list names nobody's address"


def test_a_letter_that_came_back_is_sent_once_more_and_the_form_twice_is_one_order(desk: Desk) -> None:
    clerk = desk.hands(CLERK)
    tell_some(desk.counter.node, PLACES)
    path = link(clerk.get("/number-notices")[1], "/residents/")
    status, page = clerk.act(path, "order", why="")
    assert (status, 'id="e-why"' in page) == (422, True)
    form = clerk.form_of(path, "order") | {"step": "order", "why": "返戻（11月18日）"}
    assert "再送付を受け付けました" in clerk.done(path, **form)
    assert "再送付を受け付けました" in clerk.done(path, **form)
    page = clerk.get(path)[1]
    assert "返戻（11月18日）" in page
    assert "もう一度送付する" not in page, "what waits is sent anyway"
    assert tell_some(desk.counter.node, PLACES) == 1


def test_another_destination_is_stated_with_each_error_beside_its_field_and_ended(desk: Desk) -> None:
    clerk = desk.hands(CLERK)
    tell_some(desk.counter.node, None)
    path = link(clerk.get("/number-notices")[1], "/residents/")
    for changed, field in (
        ({"postal": "12"}, "postal"), ({"to-address": ""}, "to-address"), ({"to-ground": ""}, "to-ground"),
        ({"to-ground": "OTHER"}, "to-words"), ({"notifier": ""}, "notifier"), ({"document-NUMBER_CARD": ""}, "documents"), ({"until": "R8.11.1"}, "until"), ({"until": "あす"}, "until"),
    ):  # fmt: skip
        status, page = clerk.act(path, "state", **(STATED | changed))
        assert status == 422, changed
        assert f'id="e-{field}"' in page, changed
        assert 'id="e-form"' not in page
    assert "暴力" not in clerk.get(path)[1], "whoever flees is an officer's affair"
    assert clerk.act(path, "state", **(STATED | {"to-ground": "VIOLENCE"}))[0] == 422
    assert "送付先を記録しました" in clerk.acted(path, "state", **STATED)
    page = clerk.get("/number-notices")[1]
    assert "神奈川県架空市送付町1番" in page
    assert boxes(page) == [], "nobody verifies what they stated"
    second = desk.hands(VERIFIER)
    assert counted(second, "/number-notices") == 1
    page = second.get("/number-notices")[1]
    assert "個人番号カード" in page, "how whoever asked was known"
    assert second.send("/number-notices", picked="")[0] == 422
    (pick,) = boxes(page)
    assert "送付先の申出を確認しました" in second.done("/number-notices", **{pick: "yes", "picked": ""})
    tell_some(desk.counter.node, PLACES)
    assert {one.destination_postal_code for one in files(desk.counter)} == {"2000001", "1000001"}
    assert "申出を終了しました" in clerk.acted(path, "end")
    assert "神奈川県" not in clerk.get(path)[1]
    assert clerk.act(path, "end")[0] == 422


def test_whoever_is_protected_is_in_nobodys_list_without_the_right(desk: Desk) -> None:
    clerk, officer = desk.hands(CLERK), desk.hands(KEEPER)
    tell_some(desk.counter.node, None)
    paths = [link(clerk.get("/number-notices")[1], "/residents/")]
    protect(desk.counter, desk.family[0])
    shown = clerk.get("/number-notices")[1]
    assert desk.family[0].name.kanji not in shown
    assert counted(clerk, "/number-notices") < 2
    for path in paths:
        status, page = clerk.get(path)
        assert status >= 400
        assert "架空町" not in page
    assert desk.family[0].name.kanji in officer.get("/number-notices")[1]
    own = link(officer.get("/number-notices")[1], "/residents/")
    assert "暴力・ストーカー行為等" in officer.get(own)[1]
    fled = STATED | {"to-ground": "VIOLENCE", "to-address": "神奈川県架空市秘密町1番"}
    assert "送付先を記録しました" in officer.acted(own, "state", **fled)
    assert "秘密町" not in clerk.get("/number-notices")[1]
    tell_some(desk.counter.node, PLACES)
    other = link(officer.get("/number-notices")[1].split("来訪　1号")[0], "/residents/")
    page = officer.get(other)[1]
    assert "支援措置等による確認待ち" in page or "確認待ち" in officer.get(own)[1]


def test_a_clerk_is_told_in_japanese_what_keeps_a_file_waiting() -> None:
    for one in (*fields(DestinationInfo), *fields(DestinationPerson)):
        told = hindrance_words(f"ITEM_MALFORMED {one.name}")
        assert not re.search("[a-z]", told), told
        assert "その他の項目" not in told or one.name in ("persons", "print_kind", "sex"), told
    assert "個人番号" in hindrance_words("refused NUMBER_NOT_THEIRS individual_number")
