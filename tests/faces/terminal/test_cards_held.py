"""カード等 at the terminal, over a real register, by requests: noted, shown beside the record, asked for as proof."""

import re

import pytest
from tests.faces.terminal.conftest import running
from tests.faces.terminal.test_programmes import Clerk, family  # noqa: F401 - a resident who was moved in
from tests.nodes.registry.conftest import comer, counter, move_in  # noqa: F401 - fixtures of the register
from tests.nodes.registry.test_protection import OFFICER, application

from daicho.faces.desks.cards import CardBook
from daicho.faces.desks.letters import LetterDesk
from daicho.faces.desks.protection import ProtectionDesk
from daicho.faces.desks.registry import CounterDesk
from daicho.faces.terminal.desk import Desks
from daicho.nodes.registry import protection
from daicho.rules.network.kinds import NodeKind

CHECKER, BOTH = "A1003", "A1002"
ISSUED = {
    "which_card": "NUMBER_CARD-1", "card_step": "ISSUED", "card_on": "R6.5.10", "card_until": "R16.1.2",
    "card_applied_on": "", "card_cause": "", "why": "",
}  # fmt: skip


@pytest.fixture
def terminal(counter, family):  # noqa: F811 - the fixtures above
    node = counter.node
    desks = Desks(
        LetterDesk(node), registry=CounterDesk(node), protection=ProtectionDesk(node), cards=CardBook(node)
    )
    with running(node.store, NodeKind.REGISTRY, given=desks, clock=node.clock) as one:
        yield one


def note(clerk, **fields):
    """Send the form of the cards' page as somebody who sees what stands now."""
    _, page = clerk.get(clerk.link + "/cards")
    seen = re.search(r'name="seen" value="([0-9]+)"', page)
    told = {**ISSUED, "seen": seen[1] if seen else ""}
    return clerk.post(clerk.link + "/cards", **{**told, **fields})


CONTINUED = {"card_step": "CONTINUED", "card_on": "R8.11.20", "card_until": ""}
LOST = {"card_step": "SUSPENDED", "card_on": "R8.11.20", "card_until": "", "card_cause": "LOST"}


@pytest.mark.requirement("F1-26")
def test_a_card_is_noted_and_stands_beside_the_record_with_what_is_due(terminal):
    clerk = Clerk(terminal)
    assert "カードの記録はありません" in clerk.get(clerk.link + "/cards")[1]
    assert note(clerk) == (303, f"{clerk.link}/cards?done=card_noted")
    for path in (clerk.link, clerk.link + "/cards"):
        page = clerk.get(path)[1]
        assert "個人番号カード：継続利用の手続き" in page
        assert "令和9年2月18日まで" in page
        assert "令和6年5月10日" in page
        assert "令和16年1月2日" in page
    assert note(clerk, **CONTINUED)[0] == 303
    page = clerk.get(clerk.link)[1]
    assert "継続利用の手続き" not in page
    assert re.search(r"<dt>個人番号カード</dt><dd><span class=\"badge green\">有効</span>", page)
    assert note(clerk, **LOST)[0] == 303
    assert "一時停止中" in clerk.get(clerk.link)[1]
    assert note(clerk, **(LOST | {"card_step": "WITHDRAWN", "card_cause": "", "why": "別人の届"}))[0] == 303
    page = clerk.get(clerk.link + "/cards")[1]
    assert "取消済み" in page
    assert "別人の届" in page
    assert '<span class="badge green">有効</span>' in page


WRONG = (
    ({"which_card": ""}, "which_card", "カードを入力してください"),
    ({"which_card": "NUMBER_CARD-7"}, "which_card", "一覧にありません"),
    ({"which_card": "SPECIFIED_RESIDENCE_CARD-1"}, "which_card", "一覧にありません"),
    ({"card_step": "ELSE"}, "card_step", "一覧にありません"),
    ({"card_on": ""}, "card_on", "異動日を入力してください"),
    ({"card_on": "R9.5.10"}, "card_on", "まだ来ていない日付"),
    ({"card_until": ""}, "card_until", "有効期限を入力してください"),
    ({"card_until": "R17.1.2"}, "card_until", "有効期間より後の日"),
    ({"card_applied_on": "R6.6.1"}, "card_applied_on", "日付の前後"),
    ({"card_step": "SUSPENDED", "card_until": ""}, "card_cause", "事由を入力してください"),
    ({"which_card": "RESIDENT_CARD-1", "card_on": "H28.1.5", "card_until": "2026-01-04"}, "card_on", "交付されていません"),
    ({"card_step": "WITHDRAWN"}, "why", "理由を入力してください"),
    ({"card_step": "CONTINUED", "card_on": "R8.11.20", "card_abroad": "yes"}, "card_step", "行えない処理"),
)  # fmt: skip


def test_errors_stand_beside_their_field(terminal):
    clerk = Clerk(terminal)
    for fields, field, words in WRONG:
        status, page = note(clerk, **fields)
        assert status == 422, fields
        beside = re.search(rf'id="e-{field}">([^<]*)', page)
        assert beside is not None, (fields, re.findall(r'id="e-[^<]*', page))
        assert words in beside[1], fields


def test_a_page_that_was_overtaken_is_refused_and_read_anew(terminal):
    late, quick = Clerk(terminal), Clerk(terminal, BOTH)
    assert note(quick)[0] == 303
    for seen in ("0", "", "x"):
        status, page = note(late, seen=seen)
        assert status == 422
        assert "ほかの職員がこの方の記録を変更しました" in page
        assert 'name="seen" value="1"' in page


def test_whoever_may_not_enter_sees_the_cards_and_no_form(terminal):
    note(Clerk(terminal))
    checker = Clerk(terminal, CHECKER)
    status, page = checker.get(checker.link + "/cards")
    assert status == 200
    assert "令和16年1月2日" in page
    assert "カードの異動の記録</h2>" not in page
    status, page = checker.post(checker.link + "/cards", **ISSUED, seen="1")
    assert status == 422
    assert "この操作の権限がありません" in page


def test_of_a_protected_person_no_page_says_anything_of_cards(terminal, counter, family):  # noqa: F811 - the fixtures above
    clerk = Clerk(terminal)
    note(clerk)
    protection.apply_for_protection(counter.node, OFFICER, application(family[1]))
    status, page = clerk.get(clerk.link + "/cards")
    assert status == 403
    assert "令和16年1月2日" not in page
    page = clerk.get(clerk.link)[1]
    assert "/cards" not in page
    assert "個人番号カード" not in page


@pytest.mark.requirement("R-013", "R-040")
def test_a_notice_asks_until_when_the_card_stands_and_refuses_a_stopped_one(terminal):
    clerk = Clerk(terminal)
    page = clerk.get(clerk.link + "/move-out")[1]
    number = re.search(r'name="who-([0-9]+)" value="yes" aria-label="来訪　2号', page)[1]
    moved = {
        f"who-{number}": "yes", "scheduled_on": "R8.11.20", "notified_on": "", "destination": "函館市海町1番",
        "destination_municipality": "01202", "notifier": "SELF", "document-NUMBER_CARD": "yes",
        "card_expires_on": "R16.1.2", "channel": "COUNTER", "step": "check",
    }  # fmt: skip

    def sent(**changes):
        status, page = clerk.post(clerk.link + "/move-out", **{**moved, **changes})
        found = re.search(r'id="e-card_expires_on">([^<]*)', page)
        return status, "" if found is None else found[1]

    for changes, words in (
        ({"card_expires_on": ""}, "有効期限を入力してください"), ({"card_expires_on": "R8.11.19"}, "有効期限は過ぎています"),
    ):  # fmt: skip
        status, told = sent(**changes)
        assert (status, words in told) == (422, True), told
    assert sent() == (200, "")
    assert sent(**{"card_expires_on": "", "document-NUMBER_CARD": "", "document-PASSPORT": "yes"}) == (
        200,
        "",
    )
    assert note(clerk, **LOST)[0] == 303
    status, told = sent()
    assert (status, "一時停止中" in told) == (422, True)
    passport = {"document-NUMBER_CARD": "", "document-PASSPORT": "yes", "card_expires_on": ""}
    status, where = clerk.post(clerk.link + "/move-out", **{**moved, **passport, "step": "enter"})
    assert status == 303, where
    assert "個人番号カードの記録がある方が1人います。転出先での転入届" in clerk.get(where)[1]
