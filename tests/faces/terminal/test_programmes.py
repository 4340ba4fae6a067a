"""個別記載事項 at the terminal, over a real register: a tab of the resident, errors beside the field, by requests."""

import re

import pytest
from tests.faces.terminal.conftest import running
from tests.faces.terminal.test_requests import ask, signed_in
from tests.nodes.registry.conftest import comer, counter, move_in  # noqa: F401 - fixtures of the register
from tests.nodes.registry.test_protection import OFFICER, application, arrived

from daicho.faces.desks.letters import LetterDesk
from daicho.faces.desks.programmes import ItemsDesk
from daicho.faces.desks.protection import ProtectionDesk
from daicho.faces.desks.registry import CounterDesk
from daicho.faces.terminal.desk import Desks
from daicho.nodes.registry import protection
from daicho.rules.network.kinds import NodeKind

CLERK, BOTH, CHECKER = "A1001", "A1002", "A1003"


@pytest.fixture
def family(counter, move_in, comer):  # noqa: F811 - the fixtures above
    return arrived(counter, move_in(comer(1), comer(2, "妻")))


@pytest.fixture
def terminal(counter, family):  # noqa: F811 - the fixture above
    node = counter.node
    desks = Desks(
        LetterDesk(node),
        registry=CounterDesk(node),
        protection=ProtectionDesk(node),
        programmes=ItemsDesk(node),
    )
    with running(node.store, NodeKind.REGISTRY, given=desks, clock=node.clock) as one:
        yield one


class Clerk:
    """Somebody at the terminal, with one resident opened."""

    def __init__(self, terminal, login_id=CLERK, name="来訪　2号"):
        self.url = terminal.url
        self.cookie, self.key = signed_in(terminal.url, login_id)
        fields = {"step": "search", "name": name, "birth": "H2.1.2", "purpose": "notice", "basis": "法8条"}
        _, text = self.post("/search", **fields)
        self.link = re.search(r'href="(/residents/[^"/]+)"', text)[1]

    def get(self, path):
        status, _, text = ask(self.url, "GET", path, Cookie=self.cookie)
        return status, text

    def post(self, path, **fields):
        status, headers, text = ask(
            self.url, "POST", path, {"form_key": self.key, **fields}, Cookie=self.cookie
        )
        return status, text or headers.get("location", "")

    def seen(self):
        """The version of the items as the page says it."""
        return re.search(r'name="seen" value="([0-9]+)"', self.get(self.link + "/programmes")[1])[1]

    def note(self, **fields):
        told = {
            "step": "note", "programme": "NHI", "change": "ACQUIRED", "told_by": "OFFICE",
            "changed_on": "R8.11.10", "reference": "国保第12号",
        }  # fmt: skip
        if "seen" not in fields:
            told["seen"] = self.seen()
        return self.post(self.link + "/programmes", **{**told, **fields})


def test_the_tab_stands_beside_the_others_and_says_that_nothing_is_recorded(terminal):
    clerk = Clerk(terminal)
    _, text = clerk.get(clerk.link)
    assert f'href="{clerk.link}/programmes"' in text
    status, text = clerk.get(clerk.link + "/programmes")
    assert status == 200
    assert "個別記載事項はありません" in text
    assert "記録の履歴はありません" in text
    assert text.count('aria-current="page"') >= 2


def test_what_an_office_tells_is_noted_and_shown(terminal):
    clerk = Clerk(terminal)
    status, where = clerk.note()
    assert (status, where) == (303, f"{clerk.link}/programmes?done=programme_noted")
    _, text = clerk.get(where)
    assert "令和8年11月10日" in text
    assert "国保第12号" in text
    status, _ = clerk.note(programme="CHILD_ALLOWANCE", changed_on="R8.11")
    assert status == 303
    _, text = clerk.get(clerk.link + "/programmes")
    assert "令和8年11月" in text


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"programme": ""}, "programme", "制度を入力してください"),
        ({"change": "ELSE"}, "change", "一覧にありません"),
        ({"changed_on": ""}, "changed_on", "異動日を入力してください"),
        ({"changed_on": "R8.11"}, "changed_on", "不詳の部分"),
        ({"changed_on": "R9.11.20"}, "changed_on", "まだ来ていない日付"),
        ({"reference": ""}, "reference", "通知の番号を入力してください"),
        ({"programme": "CARE"}, "changed_on", "その日の年齢では"),
        ({"programme": "PENSION"}, "insured_as", "被保険者の種別を入力してください"),
        ({"pension_number": "12345"}, "pension_number", "基礎年金番号が正しくありません"),
        ({"why": "x" * 201}, "why", "上限"),
    ],
)
def test_errors_stand_beside_their_field(terminal, fields, field, words):
    everything = {"insured_as": "", "pension_number": "", "why": "", "ended_on": ""}
    status, text = Clerk(terminal).note(**{**everything, **fields})
    assert status == 422
    beside = re.search(rf'id="e-{field}">([^<]*)', text)
    assert beside is not None, text
    assert words in beside[1]


def test_whoever_may_not_enter_sees_the_items_and_no_form(terminal):
    Clerk(terminal).note()
    checker = Clerk(terminal, CHECKER)
    status, text = checker.get(checker.link + "/programmes")
    assert status == 200
    assert "令和8年11月10日" in text
    assert "通知・職権による記録" not in text
    status, text = checker.note(programme="VOTER", seen="1")
    assert status == 422
    assert "この操作の権限がありません" in text


def test_an_ending_that_was_not_proposed_is_not_noted(terminal):
    clerk = Clerk(terminal)
    clerk.note()
    status, text = clerk.post(clerk.link + "/programmes", step="end", programme="NHI", seen=clerk.seen())
    assert status == 422
    assert "一覧にありません" in text


@pytest.mark.parametrize("step", ["note", "end"])
def test_a_page_that_was_overtaken_is_refused_and_read_anew(terminal, step):
    late, quick = Clerk(terminal), Clerk(terminal, BOTH)
    old = late.seen()
    assert quick.note(reference="国保第99号")[0] == 303
    for seen in (old, "", "x"):
        status, text = late.note(step=step, programme="VOTER", seen=seen)
        assert status == 422
        assert "ほかの職員がこの方の記録を変更しました" in text
        assert "国保第99号" in text, "what stands now is shown"
        assert f'name="seen" value="{int(old) + 1}"' in text
    assert "選挙人名簿" not in text.split("記録の履歴")[1]
    assert late.note(programme="VOTER")[0] == 303


def test_the_history_tells_what_each_step_said(terminal):
    clerk = Clerk(terminal)
    clerk.note(programme="PENSION", insured_as="FIRST", pension_number="0123-456789")
    clerk.note()
    clerk.note(change="LOST", changed_on="R8.11.15")
    corrected = {"change": "CORRECTED", "why": "喪失の日の誤り", "reference": "国保第13号"}
    assert clerk.note(**corrected, changed_on="R8.11.10", ended_on="R8.11.16")[0] == 303
    assert clerk.note(**corrected, changed_on="R8.11.10", still_held="yes")[0] == 303
    past = clerk.get(clerk.link + "/programmes")[1].split("記録の履歴")[1]
    for words in (
        "種別 第1号被保険者", "基礎年金番号 0123456789", "資格喪失等の日 令和8年11月16日", "終了の記録の取消し"
    ):  # fmt: skip
        assert words in past


def test_a_correction_that_leaves_the_end_blank_keeps_it(terminal):
    clerk = Clerk(terminal)
    clerk.note()
    clerk.note(change="LOST", changed_on="R8.11.15")
    status, _ = clerk.note(change="CORRECTED", changed_on="R8.11.11", why="取得日の誤り", ended_on="")
    assert status == 303
    table = clerk.get(clerk.link + "/programmes")[1].split("<tbody>")[1].split("</tbody>")[0]
    assert "令和8年11月11日" in table
    assert "令和8年11月15日" in table


def test_of_a_protected_person_the_tab_shows_nothing(terminal, counter, family):  # noqa: F811 - the fixtures above
    clerk = Clerk(terminal)
    clerk.note()
    protection.apply_for_protection(counter.node, OFFICER, application(family[1]))
    status, text = clerk.get(clerk.link + "/programmes")
    assert status == 403
    assert "国民健康保険" not in text
    _, text = clerk.get(clerk.link)
    assert "/programmes" not in text
