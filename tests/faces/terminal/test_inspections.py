"""閲覧 at the terminal, over a real register, by requests: from the application to the public report."""

import re
from html import unescape

import pytest
from tests.faces.terminal.conftest import running
from tests.faces.terminal.test_office import ADMIN, BOTH, CHECKER, Hands
from tests.nodes.registry.conftest import comer, counter, move_in  # noqa: F401 - fixtures of the register
from tests.nodes.registry.test_protection import OFFICER, application, arrived

from daicho.faces.desks.letters import LetterDesk
from daicho.faces.desks.papers import OfficeInspections
from daicho.faces.desks.registry import CounterDesk
from daicho.faces.terminal.desk import Desks
from daicho.nodes.registry import protection
from daicho.rules.network.kinds import NodeKind

HOUSE = "架空町一丁目2番3号"
FIELDS = {
    "officer": "", "hardship": "", "client": "", "applicant_body": "架空新聞社", "representative": "代表　太郎", "body_address": "東京都架空市2番",
    "supervisor": "責任　者", "handlers": "取扱　一、取扱　二", "received_on": "", "inspection_purpose": "世論調査",
    "summary": "世論調査の対象者の抽出", "legal_basis": "", "handling": "施錠した保管庫", "publication": "紙面で公表",
    "reader1-name": "閲覧　一", "reader1-about": "東京都架空市1番", "reader2-name": "", "reader2-about": "",
    "reader3-name": "", "reader3-about": "", "reader4-name": "", "reader4-about": "", "area": "架空町一丁目",
    "scope_sex": "", "born_from": "S60.1.1", "born_until": "", "inspect_on": "R8.11.20",
}  # fmt: skip


@pytest.fixture
def family(counter, move_in, comer):  # noqa: F811 - the fixtures above
    return arrived(counter, move_in(comer(1), comer(2, "妻")))


@pytest.fixture
def terminal(counter, family):  # noqa: F811 - the fixtures above
    node = counter.node
    desks = Desks(LetterDesk(node), registry=CounterDesk(node), inspections=OfficeInspections(node))
    with running(node.store, NodeKind.REGISTRY, given=desks, clock=node.clock) as one:
        yield one


def ask(clerk, kind="RESEARCH", **fields):
    return clerk.post(f"/inspections/new/{kind}", **{**FIELDS, **fields})


def case_of(hands):
    _, text = hands.get("/inspections")
    return unescape(re.search(r'href="(/inspections/cases/[^"]+)"', text)[1])


def approved(terminal, **fields):
    clerk, checker = Hands(terminal), Hands(terminal, CHECKER)
    assert ask(clerk, **fields)[0] == 303
    assert checker.post(case_of(checker), step="accept", why="")[0] == 303
    return clerk, case_of(clerk)


def test_from_the_application_to_the_list_and_the_report(terminal, counter):  # noqa: F811
    clerk, checker = Hands(terminal), Hands(terminal, CHECKER)
    status, text = clerk.get("/inspections")
    assert (status, "請求・申出はありません" in text) == (200, True)
    assert "成果の取扱い" in clerk.get("/inspections/new/RESEARCH")[1]
    assert ask(clerk)[0] == 303
    assert "自分の入力" in clerk.get("/inspections")[1]
    case = case_of(checker)
    _, text = checker.get(case)
    assert "閲覧　一" in text
    assert "架空町一丁目、昭和60年1月1日〜生まれ" in text
    status, text = checker.post(case, step="decline", why="")
    assert (status, 'id="e-why"' in text) == (422, True)
    assert checker.post(case, step="accept", why="") == (303, "/inspections?done=inspection_approved")
    case = case_of(clerk)
    status, text = clerk.post(case, step="read", identity_shown="yes")
    assert (status, 'id="e-present"' in text) == (422, True)
    status, text = clerk.post(case, step="read", **{"present-0": "yes", "inspection_fee": "900"})
    assert (status, HOUSE in text) == (422, False)
    told = {"step": "read", "present-0": "yes", "identity_shown": "yes", "inspection_fee": ""}
    status, text = clerk.post(case, **told)
    assert (status, 'id="e-inspection_fee"' in text) == (422, True)
    told["inspection_fee"] = "900"
    status, text = clerk.post(case, **told)
    assert (status, text.count(HOUSE)) == (200, 2)
    assert "来訪　1号" in text
    assert "世帯主" not in text
    assert "閲覧の記録" in clerk.get(case)[1]
    assert "2人" in clerk.get(case)[1]
    status, text = clerk.get("/inspections/report")
    assert (status, "世論調査の対象者の抽出" in text) == (200, True)
    assert "来訪" not in text
    status, text = clerk.get("/inspections/report/file?year=2026")
    assert status == 200
    assert "調査研究の申出,架空新聞社,代表　太郎,世論調査の対象者の抽出,令和8年11月20日,架空町一丁目" in text
    assert clerk.get("/inspections/report?year=2025")[1].count("までの閲覧はありません") == 2
    assert clerk.get("/inspections/report?year=x")[0] == 422
    assert clerk.get("/inspections/report?year=99999")[0] == 422
    assert clerk.get("/inspections/report/file?year=99999")[0] == 404


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"applicant_body": ""}, "applicant_body"),
        ({"inspection_purpose": ""}, "inspection_purpose"),
        ({"body_address": ""}, "body_address"),
        ({"supervisor": ""}, "supervisor"),
        ({"handling": ""}, "handling"),
        ({"publication": ""}, "publication"),
        ({"summary": ""}, "summary"),
        ({"reader1-name": "", "reader1-about": ""}, "reader1-name"),
        ({"reader1-about": ""}, "reader1-about"),
        ({"area": "架"}, "area"),
        ({"area": "想像町"}, "area"),
        ({"corporate": "yes", "representative": ""}, "representative"),
        ({"corporate": "yes", "handlers": ""}, "handlers"),
        ({"inspect_on": ""}, "inspect_on"),
        ({"inspect_on": "R8.11.1"}, "inspect_on"),
        ({"born_until": "S50.1.1"}, "born_until"),
    ],
)
def test_what_the_act_wants_said_is_asked_for_beside_its_field(terminal, fields, name):
    status, text = ask(Hands(terminal), **fields)
    assert (status, f'id="e-{name}"' in text) == (422, True), text


def test_a_public_body_may_keep_its_reason_and_names_the_law(terminal):
    clerk = Hands(terminal)
    secret = {"applicant_body": "架空警察署", "inspection_purpose": "", "summary": "", "withheld": "yes"}
    status, text = ask(clerk, "PUBLIC", **secret)
    assert (status, 'id="e-legal_basis"' in text) == (422, True)
    secret["legal_basis"] = "刑事訴訟法第197条"
    status, text = ask(clerk, "PUBLIC", **secret)
    assert (status, 'id="e-officer"' in text) == (422, True)
    secret["officer"] = "捜査課長"
    status, text = ask(clerk, "PUBLIC", **secret)
    assert (status, 'id="e-hardship"' in text) == (422, True)
    assert ask(clerk, "PUBLIC", **secret, hardship="捜査の密行")[0] == 303
    _, text = clerk.get(case_of(clerk))
    assert "公表しない" in text


def test_whoever_entered_is_not_offered_to_decide_and_is_refused(terminal):
    both = Hands(terminal, BOTH)
    assert ask(both)[0] == 303
    case = case_of(both)
    assert 'value="accept"' not in both.get(case)[1]
    assert both.post(case, step="accept", why="")[0] == 422


def test_nobody_protected_is_on_the_list(terminal, counter, family):  # noqa: F811
    clerk, case = approved(terminal)
    protection.apply_for_protection(counter.node, OFFICER, application(family[1]))
    told = {"step": "read", "present-0": "yes", "identity_shown": "yes", "inspection_fee": "0"}
    status, text = clerk.post(case, **told)
    assert (status, HOUSE in text, "来訪" in text) == (422, False, False)
    assert "まだ閲覧させていません" in clerk.get(case)[1]


def test_a_scope_is_found_with_the_towns_name_before_it_or_without(terminal):
    clerk = Hands(terminal)
    assert ask(clerk, area="東京都千代田区架空町一丁目2番、千代田区架空町一丁目")[0] == 303
    assert "架空町一丁目2番、架空町一丁目" in clerk.get(case_of(clerk))[1]


def test_an_approval_is_revoked_and_a_request_withdrawn_from_its_page(terminal):
    clerk, case = approved(terminal)
    assert 'value="end"' not in clerk.get(case)[1]
    checker = Hands(terminal, CHECKER)
    case = case_of(checker)
    status, text = checker.post(case, step="end", ended_why="")
    assert (status, 'id="e-ended_why"' in text) == (422, True)
    assert checker.post(case, step="end", ended_why="目的外利用") == (
        303,
        "/inspections?done=inspection_ended",
    )
    _, text = checker.get(case)
    assert "認めたことの取消し" in text
    assert 'value="read"' not in text
    assert ask(clerk)[0] == 303
    assert clerk.post(case_of(clerk), step="end", ended_why="申出者の都合")[0] == 303


def test_ten_who_read_can_be_named(terminal):
    clerk = Hands(terminal)
    more = {f"reader{n}-{key}": f"{key}{n}" for n in range(2, 11) for key in ("name", "about")}
    assert ask(clerk, **more)[0] == 303
    assert "name10" in clerk.get(case_of(clerk))[1]


def test_pages_of_inspections_are_for_whoever_handles_them(terminal):
    admin = Hands(terminal, ADMIN)
    for path in ("/inspections", "/inspections/new/PUBLIC", "/inspections/cases/x", "/inspections/report"):
        assert admin.get(path)[0] == 403
    clerk = Hands(terminal)
    assert clerk.get("/inspections/new/OTHER")[0] == 404
    assert clerk.get("/inspections/cases/x")[0] == 404
