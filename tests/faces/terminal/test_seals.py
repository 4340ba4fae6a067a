"""印鑑登録 at the terminal, over a real register and a real press, by requests: from the scan to the certificate."""

import http.client
import re
from urllib.parse import urlsplit

import pytest
from tests.faces.terminal.conftest import running
from tests.faces.terminal.test_programmes import Clerk, family  # noqa: F401 - a resident who was moved in
from tests.faces.terminal.test_requests import ask
from tests.nodes.registry.conftest import comer, counter, move_in  # noqa: F401 - fixtures of the register
from tests.nodes.registry.test_protection import OFFICER, arrived
from tests.nodes.registry.test_protection import application as protecting
from tests.paper.reading import text_of
from tests.paper.test_imprints import png, square

from daicho.faces.desks.certificates import PaperDesk
from daicho.faces.desks.letters import LetterDesk
from daicho.faces.desks.protection import ProtectionDesk
from daicho.faces.desks.registry import CounterDesk
from daicho.faces.desks.seals import SealsDesk
from daicho.faces.terminal.desk import Desks
from daicho.faces.web.replies import BODY_BYTES
from daicho.nodes.config import IssuerConfig, SealsConfig
from daicho.nodes.registry import protection
from daicho.paper.imprints import size_of
from daicho.rules.network.kinds import NodeKind

CHECKER, BOTH = "A1003", "A1002"
SCAN = png(square())
BOUNDARY = "----own-boundary-7"


@pytest.fixture
def terminal(counter, family):  # noqa: F811 - the fixtures above
    node = counter.node
    papers = PaperDesk(node, IssuerConfig("見本　一郎", 300), 250)
    desks = Desks(
        LetterDesk(node), registry=CounterDesk(node), certificates=papers, protection=ProtectionDesk(node),
        seals=SealsDesk(node, papers, SealsConfig(answer_days=20, sex_printed=True)),
    )  # fmt: skip
    with running(node.store, NodeKind.REGISTRY, given=desks, clock=node.clock) as one:
        yield one


def multipart(fields, scan, name="image"):
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields.items()
    ]
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="印影.png"\r\n'
    parts.append(head.encode() + b"Content-Type: image/png\r\n\r\n" + scan + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


APPLICATION = {
    "applicant": "SELF", "proof": "PHOTO", "material": "WOOD", "inscription": "来訪", "katakana": "", "agent": "",
    "seal_applied_on": "", "faults": "", "capacity_confirmed": "yes", "guarantor": "", "guarantor_name": "",
}  # fmt: skip


def apply(clerk, scan=SCAN, **fields):
    body = multipart({"form_key": clerk.key, **APPLICATION, **fields}, scan)
    status, headers, text = ask(
        clerk.url, "POST", clerk.link + "/seal/application", body, Cookie=clerk.cookie,
        Content_Type=f"multipart/form-data; boundary={BOUNDARY}",
    )  # fmt: skip
    return status, text or headers.get("location", "")


def decide(terminal, step="accept", login_id=CHECKER, **fields):
    checker = Clerk(terminal, login_id)
    _, text = checker.get("/seals")
    found = re.search(r'href="(/seals/[0-9a-f]+)"', text)
    assert found is not None, text
    return checker, found[1], checker.post(found[1], step=step, **fields)


def card_of(counter):  # noqa: F811 - the fixture's name
    with counter.node.store.unit() as unit:
        return unit.execute("select card_number from register.seal_registration where open").fetchone()[0]


@pytest.mark.requirement("F1-28")
def test_from_the_scan_by_a_second_person_to_the_certificate(terminal, counter):  # noqa: F811 - the fixture above
    clerk = Clerk(terminal)
    status, text = clerk.get(clerk.link + "/seal")
    assert status == 200
    assert "印鑑は登録されていません" in text
    assert "異動はありません" in text
    assert apply(clerk) == (303, f"{clerk.link}/seal?done=seal_entered")
    _, text = clerk.get(clerk.link + "/seal")
    assert "審査を待っています" in text
    checker, path, (status, where) = decide(terminal)
    assert status == 303
    assert where.startswith("/seal-card/")
    told = re.search(r"印鑑登録証の番号</dt><dd class=\"figures\">([0-9]+)", checker.get(where)[1])
    assert checker.get(path)[0] == 409
    assert ask(clerk.url, "GET", where, Cookie=clerk.cookie)[0] == 404, "the address is of another session"
    _, text = clerk.get(clerk.link + "/seal")
    shown = re.search(r'<img class="seal-print" src="(/seal-print/[^"]+)"', text)[1]
    status, headers, _ = _raw(clerk, shown)
    assert (status, headers["content-type"]) == (200, "image/png")
    card = card_of(counter)
    assert told[1] == card
    assert card not in text
    status, where = clerk.post(
        clerk.link + "/seal/certificate", requester="SELF", card_number=card, show_sex="yes"
    )
    assert status == 303, where
    _, text = clerk.get(where)
    assert "250円" in text
    paper = re.search(r'href="(/paper/[^"]+)"', text)[1]
    pdf = _raw(clerk, paper)[2]
    assert "来訪2号" in text_of(pdf)
    assert "印鑑登録証明書" in text_of(pdf)
    _, text = clerk.get(clerk.link + "/seal")
    assert "250円" in text


def _raw(clerk, path):
    parts = urlsplit(clerk.url)
    connection = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=30)
    connection.request("GET", path, headers={"Host": parts.netloc, "Cookie": clerk.cookie})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, {key.lower(): value for key, value in answer.getheaders()}, content


@pytest.mark.parametrize(
    ("scan", "fields", "field", "words"),
    [
        (b"", {}, "image", "ファイルが選ばれていません"),
        (b"not a picture", {}, "image", "印影の画像を読み取れません"),
        (png(square(ink=80)), {}, "image", "印影の大きさ"),
        (SCAN, {"inscription": ""}, "inscription", "印影の文字を入力してください"),
        (SCAN, {"inscription": "佐藤"}, "inscription", "いずれも表していません"),
        (SCAN, {"material": "RUBBER"}, "material", "変形しやすい"),
        (SCAN, {"fault-UNCLEAR": "yes"}, "faults", "登録できない印鑑です"),
        (SCAN, {"applicant": "AGENT"}, "agent", "代理人の氏名を入力してください"),
        (SCAN, {"katakana": "ライホウ"}, "katakana", "使えない値"),
    ],
)
def test_errors_of_an_application_stand_beside_their_field(terminal, scan, fields, field, words):
    status, text = apply(Clerk(terminal), scan, **fields)
    assert status == 422
    beside = re.search(rf'id="e-{field}">([^<]*)', text)
    assert beside is not None, text
    assert words in beside[1]


def test_an_agent_s_application_waits_for_the_answer_within_the_town_s_days(terminal):
    clerk = Clerk(terminal)
    status, where = apply(clerk, applicant="AGENT", agent="代理　一郎", authority_shown="yes")
    assert (status, where) == (303, f"{clerk.link}/seal?done=seal_inquiry")
    _, text = clerk.get(clerk.link + "/seal")
    assert "照会書の回答を待っています" in text
    assert "令和8年12月10日" in text
    _, queue = Clerk(terminal, CHECKER).get("/seals")
    assert "審査を待つ申請はありません" in queue
    assert "令和8年12月10日" in queue.split("照会中")[1]
    brought = {"step": "answer", "brought_on": "R8.11.20", "proof": "PHOTO", "applicant": "SELF", "agent": ""}
    for fields, field, words in (
        ({"brought_on": "R8.11.21"}, "brought_on", "まだ来ていない日付"),
        ({"brought_on": ""}, "brought_on", "回答書の持参日を入力してください"),
        ({"proof": ""}, "proof", "本人確認を入力してください"),
        ({"applicant": "AGENT"}, "agent", "代理人の氏名を入力してください"),
    ):
        status, text = clerk.post(clerk.link + "/seal", **{**brought, **fields})
        assert status == 422
        assert words in re.search(rf'id="e-{field}">([^<]*)', text)[1]
    status, where = clerk.post(clerk.link + "/seal", **brought)
    assert (status, where) == (303, f"{clerk.link}/seal?done=seal_answered")
    checker = Clerk(terminal, CHECKER)
    path = re.search(r'href="(/seals/[0-9a-f]+)"', checker.get("/seals")[1])[1]
    assert "回答書を持参した方" in checker.get(path)[1]
    assert decide(terminal)[2][0] == 303


def test_nobody_decides_an_own_entry_and_a_refusal_needs_its_reason(terminal):
    both = Clerk(terminal, BOTH)
    apply(both)
    _, path, (status, text) = decide(terminal, login_id=BOTH)
    assert status == 422
    assert "別の職員" in text
    checker = Clerk(terminal, CHECKER)
    status, text = checker.post(path, step="decline", why="")
    assert status == 422
    assert "理由を入力してください" in text
    assert checker.post(path, step="decline", why="印影が申請書と違う") == (303, "/seals?done=seal_declined")
    again = Clerk(terminal, BOTH)
    _, text = again.get(again.link + "/seal")
    assert "印鑑は登録されていません" in text
    assert "印影が申請書と違う" in text.split('id="unmet-title"')[1]


def test_a_loss_stops_certificates_and_the_registration_is_abolished_by_two(terminal, counter):  # noqa: F811 - above
    clerk = Clerk(terminal)
    apply(clerk)
    decide(terminal)
    card = card_of(counter)
    assert clerk.post(clerk.link + "/seal", step="suspend", suspension="")[0] == 422
    assert clerk.post(clerk.link + "/seal", step="suspend", suspension="CARD_LOST")[0] == 303
    status, text = clerk.post(clerk.link + "/seal/certificate", requester="SELF", card_number=card)
    assert status == 422
    assert "停止されています" in text
    asked = {
        "step": "ask", "seal_request": "ABOLISH", "proof": "PHOTO", "applicant": "SELF", "end_cause": "",
        "card_number": "",
    }  # fmt: skip
    status, text = clerk.post(clerk.link + "/seal", **{**asked, "seal_request": "EXCHANGE_CARD"})
    assert status == 422
    assert "この印鑑登録は停止されています" in text
    status, text = clerk.post(clerk.link + "/seal", **{**asked, "seal_request": "RESUME"})
    assert status == 422
    assert "印鑑登録証の番号が" in re.search(r'id="e-card_number">([^<]*)', text)[1]
    status, text = clerk.post(clerk.link + "/seal", **{**asked, "seal_request": ""})
    assert "申請の別を入力してください" in text
    status, text = clerk.post(clerk.link + "/seal", **asked)
    assert status == 422
    assert 'id="e-end_cause"' in text
    assert clerk.post(clerk.link + "/seal", **{**asked, "end_cause": "CARD_LOST"})[0] == 303
    assert decide(terminal)[2][0] == 303
    _, text = clerk.get(clerk.link + "/seal")
    assert "登録証の亡失" in text
    assert "印鑑は登録されていません" in text


def test_a_wrong_card_is_told_beside_its_field(terminal):
    clerk = Clerk(terminal)
    apply(clerk)
    decide(terminal)
    status, text = clerk.post(clerk.link + "/seal/certificate", requester="SELF", card_number="00009999")
    assert status == 422
    assert re.search(r'id="e-card_number">印鑑登録証の番号が', text)


def test_of_a_protected_person_nothing_is_shown_and_no_picture_is_given(terminal, counter, family):  # noqa: F811 - above
    clerk = Clerk(terminal)
    apply(clerk)
    decide(terminal)
    _, text = clerk.get(clerk.link + "/seal")
    picture = re.search(r'src="(/seal-print/[^"]+)"', text)[1]
    protection.apply_for_protection(counter.node, OFFICER, protecting(family[1]))
    for path in (clerk.link + "/seal", clerk.link + "/seal/application", clerk.link + "/seal/certificate"):
        assert clerk.get(path)[0] == 403
    assert _raw(clerk, picture)[0] == 404


def test_a_picture_s_address_leads_nowhere_in_another_session(terminal):
    clerk = Clerk(terminal)
    apply(clerk)
    decide(terminal)
    _, text = clerk.get(clerk.link + "/seal")
    picture = re.search(r'src="(/seal-print/[^"]+)"', text)[1]
    assert size_of(_raw(clerk, picture)[2])[0] > 10
    assert _raw(Clerk(terminal, BOTH), picture)[0] == 404


def test_a_form_that_cannot_be_read_and_one_that_is_too_large_are_refused_before_any_page(terminal):
    clerk = Clerk(terminal)
    for body, status in (
        (b"nothing", 400),
        (b"x" * (BODY_BYTES + 1), 413),
        (multipart({"a": "\0"}, b""), 400),
    ):
        answer = ask(
            clerk.url,
            "POST",
            clerk.link + "/seal/application",
            body,
            Cookie=clerk.cookie,
            Content_Type=f"multipart/form-data; boundary={BOUNDARY}",
        )
        assert answer[0] == status


def test_a_file_without_the_form_s_key_is_refused(terminal):
    clerk = Clerk(terminal)
    clerk.key = "0" * 64
    status, text = apply(clerk)
    assert status == 403
    assert "FORM_NOT_OURS" in text


def test_a_card_s_number_is_shown_to_the_counter_until_it_is_handed_over(terminal, counter):  # noqa: F811 - above
    clerk = Clerk(terminal)
    apply(clerk)
    decide(terminal)
    card = card_of(counter)
    for path in ("/seals", clerk.link + "/seal"):
        _, text = clerk.get(path)
        assert card not in text
        link = re.search(r'href="(/seal-card/[^"]+)"', text)[1]
    _, text = clerk.get(link)
    assert card in text
    seen = re.search(r'name="seen" value="([0-9]+)"', text)[1]
    status, text = clerk.post(link, step="handed", seen=str(int(seen) + 1))
    assert status == 422
    assert "ほかの職員がこの方の記録を変更しました" in text
    assert clerk.post(link, step="handed", seen=seen) == (303, "/seals?done=seal_card_handed")
    status, text = clerk.get(link)
    assert (status, card in text) == (409, False)
    assert "交付を待つ印鑑登録証はありません" in clerk.get("/seals")[1]
    assert "令和8年11月20日に交付" in clerk.get(clerk.link + "/seal")[1]


def test_the_second_person_sees_the_seal_that_is_replaced_why_it_was_stopped_and_the_day(terminal):
    clerk = Clerk(terminal)
    apply(clerk)
    decide(terminal)
    clerk.post(clerk.link + "/seal", step="suspend", suspension="SEAL_LOST")
    assert apply(clerk, replaces="yes", seal_applied_on="R8.11.19")[0] == 303
    checker = Clerk(terminal, CHECKER)
    path = re.search(r'href="(/seals/[0-9a-f]+)"', checker.get("/seals")[1])[1]
    _, text = checker.get(path)
    replaced = text.split("廃止される登録")[1]
    assert "印鑑の亡失の届出" in replaced
    assert size_of(_raw(checker, re.search(r'src="(/seal-print/[^"]+)"', replaced)[1])[2])[0] > 10
    assert "令和8年11月19日" in text.split("申請の日")[1][:60]
    resident = re.search(r'href="(/residents/[^"]+/seal)"', text)[1]
    assert checker.get(resident)[0] == 200
    status, where = checker.post(path, step="accept")
    assert (status, where[:11]) == (303, "/seal-card/")


@pytest.fixture
def neighbour(counter, move_in, comer):  # noqa: F811 - the fixtures above
    return arrived(counter, move_in(comer(7)))[0]


def test_a_guarantor_is_named_and_the_second_person_compares(terminal, counter, neighbour):  # noqa: F811 - above
    other = Clerk(terminal, name=neighbour.name.kanji)
    apply(other)
    decide(terminal)
    with counter.node.store.unit() as unit:
        number = unit.execute("select number from register.seal_registration where open").fetchone()[0]
    clerk = Clerk(terminal)
    told = {"proof": "GUARANTEE", "guarantor": number, "guarantor_name": "来訪　7号", "print_compared": "yes"}
    for fields, words in (
        ({"guarantor": ""}, "保証人の登録番号を入力してください"),
        ({"guarantor": "9999999"}, "保証人の印鑑登録を確かめられません"),
    ):
        status, text = apply(clerk, **{**told, **fields})
        assert status == 422
        assert words in re.search(r'id="e-guarantor">([^<]*)', text)[1]
    status, text = apply(clerk, **{**told, "print_compared": ""})
    assert status == 422
    assert apply(clerk, **told)[0] == 303
    checker = Clerk(terminal, CHECKER)
    path = re.search(r'href="(/seals/[0-9a-f]+)"', checker.get("/seals")[1])[1]
    _, text = checker.get(path)
    vouching = text.split("保証人の登録印影")[1]
    assert number in vouching
    assert _raw(checker, re.search(r'src="(/seal-print/[^"]+)"', vouching)[1])[0] == 200


def test_an_end_ex_officio_is_told_to_the_person_and_noted(terminal, counter, family):  # noqa: F811 - above
    clerk = Clerk(terminal)
    apply(clerk)
    decide(terminal)
    asked = {"step": "ask", "seal_request": "ABOLISH", "end_cause": "GUARDIANSHIP", "proof": "", "why": ""}
    status, text = clerk.post(clerk.link + "/seal", **asked)
    assert status == 422
    assert 'id="e-why"' in text
    assert clerk.post(clerk.link + "/seal", **{**asked, "why": "登記所の通知"})[0] == 303
    assert decide(terminal)[2] == (303, "/seals?done=seal_accepted")
    assert family[1].name.kanji in clerk.get("/seals")[1].split("職権による抹消の通知")[1]
    _, text = clerk.get(clerk.link + "/seal")
    number = re.search(r'name="registration" value="([0-9]+)"', text)[1]
    told = {"step": "told", "registration": number}
    status, text = clerk.post(clerk.link + "/seal", **told, told_on="")
    assert status == 422
    assert "通知を送った日を入力してください" in re.search(r'id="e-told_on">([^<]*)', text)[1]
    status, where = clerk.post(clerk.link + "/seal", **told, told_on="R8.11.20")
    assert (status, where) == (303, f"{clerk.link}/seal?done=seal_told")
    assert "通知を待つ抹消はありません" in clerk.get("/seals")[1]
