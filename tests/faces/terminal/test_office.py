"""日計・証明用紙 at the terminal, over a real register, by requests: closed, confirmed, read again, given as a file."""

import re
from html import unescape

import pytest
from tests.faces.terminal.conftest import running
from tests.faces.terminal.test_requests import ask, signed_in
from tests.nodes.registry.conftest import comer, counter, move_in  # noqa: F401 - fixtures of the register
from tests.nodes.registry.test_certificates import issue, own
from tests.nodes.registry.test_protection import arrived

from daicho.faces.desks.letters import LetterDesk
from daicho.faces.desks.papers import OfficeTill
from daicho.faces.desks.registry import CounterDesk
from daicho.faces.terminal.desk import Desks
from daicho.rules.network.kinds import NodeKind

CLERK, BOTH, CHECKER, ADMIN = "A1001", "A1002", "A1003", "K3001"


class Hands:
    """Somebody at the terminal."""

    def __init__(self, terminal, login_id=CLERK):
        self.url = terminal.url
        self.cookie, self.key = signed_in(terminal.url, login_id)

    def get(self, path):
        status, _, text = ask(self.url, "GET", path, Cookie=self.cookie)
        return status, text

    def post(self, path, **fields):
        told = {"form_key": self.key, **{name.replace("__", "-"): value for name, value in fields.items()}}
        status, headers, text = ask(self.url, "POST", path, told, Cookie=self.cookie)
        return status, text or headers.get("location", "")

    def link(self, path, start):
        status, text = self.get(path)
        assert status == 200, text
        found = re.search(rf'href="({start}[^"]+)"', text)
        assert found is not None, text
        return unescape(found[1])


@pytest.fixture
def family(counter, move_in, comer):  # noqa: F811 - the fixtures above
    return arrived(counter, move_in(comer(1), comer(2, "妻")))


@pytest.fixture
def terminal(counter, family):  # noqa: F811 - the fixtures above
    node = counter.node
    desks = Desks(LetterDesk(node), registry=CounterDesk(node), till=OfficeTill(node))
    with running(node.store, NodeKind.REGISTRY, given=desks, clock=node.clock) as one:
        yield one


def close(clerk, **fields):
    _, text = clerk.get("/office")
    hidden = dict(re.findall(r'type="hidden" name="(seen_[a-z]+)" value="(\d+)"', text))
    told = {"cash_yen": "0", "money_orders_yen": "0", "difference_words": "", "step": "close"}
    return clerk.post("/office", **{**told, **hidden, **fields})


def test_a_day_from_the_count_to_the_file_of_the_accounts(terminal, counter, family):  # noqa: F811
    clerk, checker = Hands(terminal), Hands(terminal, CHECKER)
    status, text = clerk.get("/office")
    assert status == 200
    assert "締めていない証明書はありません" in text
    issue(counter, own(family[0]), family[0])
    _, text = clerk.get("/office")
    assert "住民票の写し（世帯連記式）" in text
    status, text = close(clerk, cash_yen="200")
    assert status == 422
    assert 'id="e-difference_words"' in text
    assert close(clerk, cash_yen="３００") == (303, "/office?done=till_closed")
    _, text = clerk.get("/office")
    assert "自分が締めた日計" in text
    path = checker.link("/office", "/office/closings/")
    _, text = checker.get(path)
    assert "確認した" in text
    status, text = checker.post(path, step="return", why="")
    assert (status, 'id="e-why"' in text) == (422, True)
    assert checker.post(path, step="confirm", why="") == (303, "/office?done=till_confirmed")
    _, text = clerk.get("/office")
    assert "確認済み" in text
    path = clerk.link("/office", "/office/file/")
    status, text = clerk.get(path)
    assert status == 200
    assert "窓口　住民票の写し（世帯連記式）,1,1,0,300" in text
    assert "来訪" not in text
    past = clerk.get("/office?from=R8.10.1&until=R8.10.31")
    assert (past[0], "この期間の日計はありません" in past[1]) == (200, True)
    assert clerk.get("/office?from=R8.11.2&until=R8.11.1")[0] == 422


def test_whoever_closed_is_not_offered_to_confirm_and_is_refused(terminal, counter, family):  # noqa: F811
    both = Hands(terminal, BOTH)
    issue(counter, own(family[0]), family[0])
    assert close(both, cash_yen="300")[0] == 303
    path = both.link("/office", "/office/closings/")
    _, text = both.get(path)
    assert 'value="confirm"' not in text
    status, text = both.post(path, step="confirm", why="")
    assert (status, "入力した本人は、同じ入力を審査できません" in text) == (422, True)


def test_a_waiver_and_its_errors_stand_beside_their_fields(terminal, counter, family):  # noqa: F811
    clerk = Hands(terminal)
    paper = issue(counter, own(family[0]), family[0])
    told = {"step": "waive", "paper": paper.number, "free_cause": "SPOILED", "waive_why": "前の用紙の書損"}
    status, text = clerk.post("/office", **{**told, "paper": "x"})
    assert (status, 'id="e-paper"' in text) == (422, True)
    status, text = clerk.post("/office", **{**told, "free_cause": "PUBLIC"})
    assert (status, 'id="e-free_cause"' in text) == (422, True)
    assert clerk.post("/office", **told) == (303, "/office?done=fee_waived")
    assert "書損による再交付" in clerk.get("/office")[1]
    undo = {"step": "unwaive", "undo_paper": paper.number, "undo_why": "入力誤り"}
    other = Hands(terminal, BOTH)
    status, text = other.post("/office", **{**undo, "undo_paper": "x"})
    assert (status, 'id="e-undo_paper"' in text) == (422, True)
    assert other.post("/office", **undo) == (303, "/office?done=waiver_undone")
    assert clerk.post("/office", **{**told, "paper": paper.number.replace("-", "－")})[0] == 303


def test_sheets_come_go_are_spoiled_and_cut_up(terminal, counter, family):  # noqa: F811
    clerk, other = Hands(terminal), Hands(terminal, BOTH)
    paper = issue(counter, own(family[0]), family[0])
    came = {
        "step": "receive", "first_sheet": "A0000001", "last_sheet": "A0000100", "sheets_received_on": "", "words": "",
    }  # fmt: skip
    status, text = clerk.post("/office/sheets", **{**came, "last_sheet": "B1"})
    assert (status, 'id="e-last_sheet"' in text) == (422, True)
    assert clerk.post("/office/sheets", **came) == (303, "/office/sheets?done=sheets_received")
    assert "A0000001〜A0000100" in clerk.get("/office/sheets")[1]
    link = clerk.link("/office", "/office/paper/")
    _, text = clerk.get(link)
    assert 'value="A0000001"' in text
    assert paper.number in text
    status, text = clerk.post(link, first_sheet="A0000200", sheets_used="1")
    assert (status, 'id="e-first_sheet"' in text) == (422, True)
    assert clerk.post(link, first_sheet="A0000001", sheets_used="0")[0] == 422
    assert clerk.post(link, first_sheet="A0000001", sheets_used="2") == (303, f"{link}?done=sheets_noted")
    spoil = {"step": "spoil", "spoil__first_sheet": "A0000002", "spoil__last_sheet": "", "spoil_cause": "JAM",
             "spoil__words": ""}  # fmt: skip
    status, text = clerk.post("/office/sheets", **spoil)
    assert (status, 'id="e-spoil-first_sheet"' in text) == (422, True)
    assert clerk.post("/office/sheets", **{**spoil, "spoil__first_sheet": "A0000003"})[0] == 303
    assert "別の職員が記録します" in clerk.get("/office/sheets")[1]
    assert other.post("/office/sheets", step="destroy", seen_sheets="A0000099")[0] == 422
    undo = {
        "step": "undo",
        "undo__first_sheet": "A0000002",
        "undo__last_sheet": "",
        "undo__words": "入力誤り",
    }
    status, text = clerk.post("/office/sheets", **undo)
    assert (status, "入力した本人は、同じ入力を審査できません" in text) == (422, True)
    status, text = other.post("/office/sheets", **{**undo, "undo__words": ""})
    assert (status, 'id="e-undo-words"' in text) == (422, True)
    assert other.post("/office/sheets", **undo) == (303, "/office/sheets?done=sheets_undone")
    assert "A0000003" in other.get("/office/sheets")[1]
    assert other.post("/office/sheets", step="destroy", seen_sheets="A0000003") == (
        303,
        "/office/sheets?done=sheets_destroyed",
    )
    assert "裁断を待つ用紙はありません" in other.get("/office/sheets")[1]


def test_whoever_has_not_the_right_sees_nothing(terminal):
    admin = Hands(terminal, ADMIN)
    for path in ("/office", "/office/sheets", "/office/closings/x", "/office/file/x", "/office/paper/x"):
        assert admin.get(path)[0] == 403
    clerk = Hands(terminal)
    for path in ("/office/closings/x", "/office/file/x", "/office/paper/x"):
        assert clerk.get(path)[0] == 404
