"""住民票コードの変更 and 個人番号の変更 at the terminal, over a real register, by requests alone."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.faces.terminal.conftest import running
from tests.faces.terminal.test_filings_requests import entry_path, fields_of, link, record
from tests.faces.terminal.test_upkeep_requests import BOTH, CLERK, VERIFIER, Desk, resident_path
from tests.nodes.registry import conftest as register_hands
from tests.nodes.registry.conftest import Counter
from tests.nodes.registry.test_number_changes import FIRST, OTHER, PEER, came
from tests.nodes.registry.test_protection import arrived

from daicho.faces.desks.letters import LetterDesk
from daicho.faces.desks.network import NumberDesk
from daicho.faces.desks.protection import ProtectionDesk
from daicho.faces.desks.registry import CounterDesk
from daicho.faces.terminal.desk import Desks
from daicho.nodes.registry.reports import receive_number
from daicho.rules.network.kinds import NodeKind
from daicho.store import code_stock, owed, register

counter, move_in, comer = register_hands.counter, register_hands.move_in, register_hands.comer
SELF = {"notifier": "SELF", "document-DRIVING_LICENCE": "yes"}


@pytest.fixture
def desk(
    counter: Counter,
    move_in: Callable[..., Any],
    comer: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Desk]:
    monkeypatch.setattr(
        "daicho.nodes.registry.renumbering.asking.post_letters",
        lambda _unit, _node, letters: counter.letters.extend(letters),
    )
    family = arrived(counter, move_in(comer(1), comer(2, "妻")))
    node = counter.node
    with node.store.unit() as unit:
        code_stock.add_to_stock(unit, [str(counter.draw(None, 1)[0])])
        receive_number(unit, node, family[0].resident_record_code, FIRST, peer=PEER)
    desks = Desks(
        LetterDesk(node),
        registry=CounterDesk(node),
        protection=ProtectionDesk(node),
        numbers=NumberDesk(node),
    )
    with running(node.store, NodeKind.REGISTRY, given=desks, clock=node.clock) as terminal:
        yield Desk(terminal, counter, family)


def code_of(desk: Desk) -> str:
    with desk.counter.node.store.unit() as unit:
        held = register.resident(unit, desk.family[0].addressee_number)
    assert held is not None
    return re.findall(r'"resident_record_code":"(\d{11})"', held.body)[0]


@pytest.mark.requirement("R-010")
def test_art30_4_a_code_is_changed_by_two_and_neither_reads_the_new_one(desk: Desk) -> None:
    clerk, second = desk.hands(CLERK), desk.hands(VERIFIER)
    old, path = code_of(desk), resident_path(clerk, "来訪　1号") + "/code-change"
    page = record(clerk, path, change_ground="NOTICE", change_words="知人に知られた", **SELF)
    assert "カードが失効します" in page
    compared = second.get(entry_path(second))[1]
    assert "別のコード（本人へ変更通知票で通知）" in compared
    assert "知人に知られた" in compared
    second.done(entry_path(second), step="verify")
    new = code_of(desk)
    assert new != old
    shown = page + compared + clerk.get(resident_path(clerk, "来訪　1号"))[1]
    assert old not in shown
    assert new not in shown
    with desk.counter.node.store.unit() as unit:
        assert "CODE_CHANGE_NOTICE" in [one.kind for one in owed.open_notices(unit, limit_rows=10)]


def test_a_householder_asks_for_nobody_else_s_code_without_authority(desk: Desk) -> None:
    clerk = desk.hands(CLERK)
    path = resident_path(clerk, "来訪　2号") + "/code-change"
    offered = clerk.get(path)[1]
    assert 'value="HOUSEHOLDER"' not in offered
    given = (
        fields_of(offered) | SELF | {"notifier": "HOUSEHOLDER", "change_ground": "NOTICE", "step": "check"}
    )
    status, text = clerk.send(path, **given)
    assert status == 422
    assert 'id="e-notifier"' in text


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ({"used_from": "R8.11.19"}, "used_from"),
        ({"used_from": "R9.1.1"}, "used_from"),
        ({"requested_on": "R9.1.1"}, "requested_on"),
        ({"change_ground": "EX_OFFICIO", "change_words": ""}, "change_words"),
        ({"change_words": f"番号 {FIRST}"}, "change_words"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(desk: Desk, more: dict[str, str], wrong: str) -> None:
    clerk = desk.hands(CLERK)
    path = resident_path(clerk, "来訪　1号") + "/code-change"
    given = fields_of(clerk.get(path)[1]) | SELF | {"change_ground": "NOTICE", "step": "check"} | more
    status, text = clerk.send(path, **given)
    assert status == 422
    assert f'id="e-{wrong}"' in text
    assert FIRST not in text


@pytest.mark.requirement("R-011")
def test_art7_another_number_is_asked_for_followed_and_never_shown(desk: Desk) -> None:
    clerk, second = desk.hands(CLERK), desk.hands(VERIFIER)
    person = resident_path(clerk, "来訪　1号")
    given = fields_of(clerk.get(f"{person}/number-change")[1]) | SELF
    given |= {
        "change_ground": "NOTICE",
        "leak": "CARD_STOLEN",
        "change_words": "警察署に届出",
        "step": "enter",
    }
    page = clerk.done(f"{person}/number-change", **given)
    assert "別の職員の審査を待っています" in page
    # The same form sent again is the same request.
    assert clerk.send(f"{person}/number-change", **given)[0] == 303
    assert "審査しています" in clerk.get(person)[1]
    assert re.search(r'href="/number-changes">.*?<b>1</b>件', second.get("/")[1], re.DOTALL)
    one = link(second.get("/number-changes")[1], "/number-changes/")
    assert "変更の結果" in second.get("/number-changes/closed")[1]
    path = next(
        path for path in re.findall(r'href="(/number-changes/[^"]+)"', second.get("/number-changes")[1])
        if not path.endswith("/closed")
    )  # fmt: skip
    assert one.startswith("/number-changes/")
    assert "認める（番号の生成を求める）" not in clerk.get("/number-changes")[1]
    assert "警察署に届出" in second.get(path)[1]
    second.done(path, step="ask")
    assert "新しい番号の通知を待っています" in clerk.get(person)[1]
    came(desk.counter, desk.family[0].resident_record_code, OTHER)
    result = clerk.get("/number-changes/closed")[1]
    assert "変更済み" in result
    everything = result + clerk.get(person)[1] + clerk.get(f"{person}/part/history")[1] + page
    assert not any(str(number) in everything for number in (FIRST, OTHER))
    assert "個人番号の記載・変更" in clerk.get(f"{person}/part/history")[1]


def test_another_form_while_one_is_open_says_so_and_a_reason_without_one_names_its_field(desk: Desk) -> None:
    both = desk.hands(BOTH)
    person = resident_path(both, "来訪　1号")
    given = fields_of(both.get(f"{person}/number-change")[1]) | {
        "change_ground": "EX_OFFICIO",
        "leak": "MISUSED",
    }
    status, text = both.send(f"{person}/number-change", **(given | {"change_words": "", "step": "enter"}))
    assert status == 422
    assert 'id="e-change_words"' in text
    both.done(f"{person}/number-change", **(given | {"change_words": "不正利用の通報", "step": "enter"}))
    again = fields_of(both.get(f"{person}/number-change")[1]) | {
        "change_ground": "EX_OFFICIO",
        "leak": "MISUSED",
    }
    status, text = both.send(
        f"{person}/number-change", **(again | {"change_words": "二度目", "step": "enter"})
    )
    assert status == 422
    assert "いま求めています" in text
    path = next(
        path for path in re.findall(r'href="(/number-changes/[^"]+)"', both.get("/number-changes")[1])
        if not path.endswith("/closed")
    )  # fmt: skip
    mine = both.get(path)[1]
    assert "認める（番号の生成を求める）" not in mine
    assert both.send(path, step="ask")[0] == 422
    assert both.send(path, step="drop")[0] == 422
    status, text = both.send(path, step="drop", drop_why=f"番号は{FIRST}")
    assert status == 422
    assert 'id="e-drop_why"' in text
    assert FIRST not in text
    both.done(path, step="drop", drop_why="職権の決定の取消し")
    assert "取下げ" in both.get("/number-changes/closed")[1]


@pytest.mark.requirement("R-035")
def test_the_form_of_another_number_offers_its_own_items_and_takes_no_number(desk: Desk) -> None:
    clerk = desk.hands(CLERK)
    text = clerk.get(resident_path(clerk, "来訪　1号") + "/number-change")[1]
    named = {
        re.sub("^document-.*", "document", name)
        for name in re.findall(r'<(?:input|select|textarea|button)[^>]* name="([^"]+)"', text)
    }
    assert named == {
        "form_key", "step", "once", "change_ground", "requested_on", "leak", "change_words", "notifier", "notifier_name",
        "authority", "document", "card_expires_on", "questions_answered",
    }  # fmt: skip
