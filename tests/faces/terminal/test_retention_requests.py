"""保存期間・廃棄 at the terminal, over a real register, by requests: from the list to the record of destruction."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from tests.faces.terminal.conftest import running
from tests.faces.terminal.test_requests import signed_in
from tests.faces.terminal.test_upkeep_requests import Hands
from tests.nodes.registry.conftest import comer, counter, move_in  # noqa: F401 - fixtures of the register
from tests.nodes.registry.test_retention import LAST_DAY, family, struck  # noqa: F401 - a family of three

from daicho.faces.desks.letters import LetterDesk
from daicho.faces.desks.registry import CounterDesk
from daicho.faces.desks.retention import KeepersDesk
from daicho.faces.terminal.desk import Desks
from daicho.nodes.chronicle.checkpoints import sequence_pass
from daicho.nodes.office.desk import Person
from daicho.nodes.office.operators import enrol, enrol_demo_credential
from daicho.rules.network.kinds import NodeKind
from daicho.rules.operators.authority import Operator, Role

RECORDS = Operator("BUNSHO-01", "BUNSHO", (Role.RECORDS_OFFICER,))
SECURITY = Operator("SEKININ-01", "SEKININ", (Role.SECURITY_OFFICER,))
BOTH = Operator("BOTH-01", "BOTH", (Role.RECORDS_OFFICER, Role.SECURITY_OFFICER))


@pytest.fixture
def terminal(counter, family) -> Iterator[Any]:  # noqa: F811 - the fixtures above
    """A terminal at which a family has been over since yesterday."""
    struck(counter, family)
    counter.node.clock.instant = LAST_DAY + timedelta(days=1)
    node = counter.node
    desks = Desks(LetterDesk(node), registry=CounterDesk(node), retention=KeepersDesk(node))
    with running(node.store, NodeKind.REGISTRY, given=desks, clock=node.clock) as one:
        for who in (RECORDS, SECURITY, BOTH):
            enrol(one.office, Person(who, who.login_id, "試験"))
            enrol_demo_credential(one.office, who.login_id)
        yield one


def hands(terminal, who) -> Hands:
    return Hands(terminal.url, *signed_in(terminal.url, who.login_id))


def said(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", text))


def link(text: str, beginning: str) -> str:
    found = re.search(f'href="({beginning}/[^"]+)"', text)
    assert found is not None, text
    return unescape(found[1])


def digest_in(text: str) -> str:
    found = re.search(r'name="digest" value="([0-9a-f]{64})"', text)
    assert found is not None, text
    return found[1]


@pytest.mark.requirement("R-470")
def test_from_the_list_to_the_record_of_destruction(terminal, counter) -> None:  # noqa: F811 - the fixture
    keeper, officer = hands(terminal, RECORDS), hands(terminal, SECURITY)
    status, text = keeper.get("/retention")
    assert status == 200
    assert "3件" in said(text)
    assert "来訪" not in text, "nobody's name is needed to count"
    listed = keeper.done("/retention", step="propose")
    assert "承認を待っています" in listed
    assert "来訪" not in listed
    waiting = officer.get("/")[1]
    assert "廃棄の承認" in waiting
    path = link(officer.get("/retention")[1], "/retention/runs")
    page = officer.get(path)[1]
    things = officer.get(path + "/list")[1]
    assert f'href="{path}/list"' in page
    assert "令和158年11月20日" in said(things)
    assert "来訪" not in things
    assert len(re.findall("<tr><td", things)) == 3
    assert "この先に記録はありません" in officer.get(path + "/list?after=3")[1]
    assert officer.get(path + "/list?after=x")[1].count("<tr><td") == 3
    assert 'value="accept"' in page
    approved = officer.done(path, step="accept", digest=digest_in(page))
    assert "残り3件" in said(approved)
    through = officer.done(path, step="carry_out")
    assert "廃棄記録" in through
    assert "署名を待っています" in through
    assert sequence_pass(counter.node) is False
    assert "消去済み" in keeper.get("/retention")[1]


def test_who_drew_up_the_list_is_offered_no_word_for_it_and_is_refused_one(terminal) -> None:
    both = hands(terminal, BOTH)
    page = both.done("/retention", step="propose")
    assert 'value="accept"' not in page
    assert "作った本人は承認できません" in page
    path = link(both.get("/retention")[1], "/retention/runs")
    found = re.search(r"<code>([0-9a-f]{64})</code>", page)
    assert found is not None
    status, text = both.send(path, step="accept", digest=found[1])
    assert status == 422
    assert "入力した本人" in said(text)


def test_whoever_drew_up_a_list_takes_it_back_on_its_page(terminal) -> None:
    keeper, officer = hands(terminal, RECORDS), hands(terminal, SECURITY)
    keeper.done("/retention", step="propose")
    path = link(keeper.get("/retention")[1], "/retention/runs")
    assert 'value="withdraw"' in keeper.get(path)[1]
    seen = link(officer.get("/retention")[1], "/retention/runs")
    assert 'value="withdraw"' not in officer.get(seen)[1]
    back = keeper.done(path, step="withdraw")
    assert "取下げ" in back
    assert "一覧を取り下げました" in back
    assert "廃棄の一覧を作る" in keeper.get("/retention")[1]


def test_an_approved_list_is_ended_on_its_page_and_says_what_stays(terminal) -> None:
    hands(terminal, RECORDS).done("/retention", step="propose")
    officer = hands(terminal, SECURITY)
    path = link(officer.get("/retention")[1], "/retention/runs")
    officer.done(path, step="accept", digest=digest_in(officer.get(path)[1]))
    ended = officer.done(path, step="end")
    assert "残りの記録はそのまま残ります" in ended
    assert "終了により残した" in ended
    assert '<td class="figures">3</td></tr>' in ended


def test_a_word_for_a_list_that_was_not_shown_is_refused_above_the_form(terminal) -> None:
    hands(terminal, RECORDS).done("/retention", step="propose")
    officer = hands(terminal, SECURITY)
    path = link(officer.get("/retention")[1], "/retention/runs")
    status, text = officer.send(path, step="accept", digest="0" * 64)
    assert status == 422
    assert "今の一覧が違います" in text
    assert "承認しないことを記録しました" in officer.done(path, step="decline", digest=digest_in(text))


def test_a_hold_is_set_beside_its_fields_and_lifted(terminal, family) -> None:  # noqa: F811 - the fixture
    keeper = hands(terminal, RECORDS)
    unread = keeper.send("/retention", step="hold", whose="十", hold_reason="LITIGATION", why="x")[1]
    assert "一覧から選び直してください" not in unread
    assert "宛名番号" in said(unread)
    status, text = keeper.send("/retention", step="hold", whose="", hold_reason="LITIGATION", why="")
    assert status == 422
    assert 'id="e-whose"' in text
    assert 'id="e-why"' in text
    number = str(family[0].addressee_number)
    shown = keeper.done("/retention", step="hold", whose=number, hold_reason="LITIGATION", why="事件番号 1")
    assert "事件番号 1" in shown
    path = re.search(r'action="(/retention/holds/[^"]+)"', shown)
    assert path is not None
    assert "保留はありません" in keeper.done(unescape(path[1]))
    assert 'step" value="hold"' not in hands(terminal, SECURITY).get("/retention")[1]


@pytest.mark.requirement("R-474", "R-305")
def test_a_box_goes_from_its_entry_to_the_shredder(terminal) -> None:
    keeper, officer = hands(terminal, RECORDS), hands(terminal, SECURITY)
    assert "保管中の保存箱はありません" in keeper.get("/retention/boxes")[1]
    told = {
        "paper_kind": "NOTICES", "content": "転入届", "first_on": "2175-10-01", "last_on": "2175-10-31",
        "sheets": "250", "place": "書庫A-1", "years": "",
    }  # fmt: skip
    status, text = keeper.send("/retention/boxes/new", **(told | {"sheets": "0"}))
    assert status == 422
    assert 'id="e-sheets"' in text
    box = keeper.done("/retention/boxes/new", **told)
    assert "満了" in box
    path = link(keeper.get("/retention/boxes")[1], "/retention/box")
    assert "承認待ち" in keeper.done(path, step="propose")
    seen = link(officer.get("/retention/boxes")[1], "/retention/box")
    status, text = officer.send(
        seen, step="destroy", disposal_way="SHREDDED", sheets_counted="249", disposed_on=""
    )
    assert status == 422
    assert 'id="e-sheets_counted"' in text
    gone = officer.done(seen, step="destroy", disposal_way="SHREDDED", sheets_counted="250", disposed_on="")
    assert "廃棄済み" in gone
    assert "裁断" in keeper.get("/retention/boxes/destroyed")[1]


def test_an_address_of_another_session_leads_nowhere(terminal) -> None:
    keeper, officer = hands(terminal, RECORDS), hands(terminal, SECURITY)
    keeper.done("/retention", step="propose")
    path = link(keeper.get("/retention")[1], "/retention/runs")
    assert officer.get(path)[0] == 404
    assert officer.get("/retention/box/x")[0] == 404
    assert keeper.send("/retention/holds/x")[0] == 404
