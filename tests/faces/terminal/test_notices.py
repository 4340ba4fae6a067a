"""通知の作成・発送 at the terminal, over a real register, by requests: from the verified change to the letter that came back."""

import re
from html import unescape

import pytest
from tests.faces.terminal.conftest import running
from tests.faces.terminal.test_office import CHECKER, Hands
from tests.faces.terminal.test_programmes import Clerk
from tests.nodes.registry.conftest import comer, counter, move_in  # noqa: F401 - fixtures of the register
from tests.nodes.registry.test_certificates import Press
from tests.nodes.registry.test_notices import (
    AGENT,
    BY_POST,
    THERE,
    agents_paper,
    changed,
    left_today,
    moved_out,
    undone,
)
from tests.nodes.registry.test_protection import OFFICER, application, arrived

from daicho.faces.desks.certificates import PaperDesk
from daicho.faces.desks.letters import LetterDesk
from daicho.faces.desks.papers import OfficeNotices, OfficeTill
from daicho.faces.desks.protection import ProtectionDesk
from daicho.faces.desks.registry import CounterDesk
from daicho.faces.terminal.desk import Desks
from daicho.nodes.config import IssuerConfig
from daicho.nodes.registry import protection
from daicho.rules.network.kinds import NodeKind
from daicho.rules.register.move_within import MoveWithinNotice
from daicho.store import upkeep

KEEPER = "S4001"
HOUSE = "架空町一丁目"


@pytest.fixture
def family(counter, move_in, comer):  # noqa: F811 - the fixtures above
    return arrived(counter, move_in(comer(1), comer(2, "妻")))


@pytest.fixture
def terminal(counter, family, monkeypatch):  # noqa: F811 - the fixtures above
    node, press = counter.node, Press()
    papers = PaperDesk(node, IssuerConfig("見本　一郎", 300))
    monkeypatch.setattr(papers, "_set", press)
    desks = Desks(
        LetterDesk(node), registry=CounterDesk(node), certificates=papers, protection=ProtectionDesk(node),
        till=OfficeTill(node), notices=OfficeNotices(node, papers),
    )  # fmt: skip
    with running(node.store, NodeKind.REGISTRY, given=desks, clock=node.clock) as one:
        yield one


def links(text, start):
    return [unescape(one) for one in re.findall(rf'href="({start}[^"]+)"', text)]


def test_a_code_notice_from_the_list_to_the_post_and_back(terminal):
    clerk = Hands(terminal)
    _, text = clerk.get("/")
    assert "通知の作成・発送" in text
    status, text = clerk.get("/notices")
    assert (status, text.count("住民票コード通知票") > 0) == (200, True)
    path = links(text, "/notices/owed/")[0]
    status, text = clerk.post(path, step="print", by_hand="")
    assert (status, 'id="e-by_hand"' in text) == (422, True)
    status, where = clerk.post(path, step="print", by_hand="post")
    assert status == 303, where
    _, text = clerk.get(where)
    assert "本人の住所へ郵送する" in text
    assert links(text, "/paper/")
    assert clerk.get(path)[0] == 404
    status, text = clerk.get("/notices/post")
    assert (status, HOUSE in text) == (200, True)
    letter = links(text, "/notices/letters/")[0]
    _, text = clerk.get(letter)
    assert "まだ発送していません" in text
    name = re.search(r'name="recipient" value="([^"]+)"', text)[1]
    status, text = clerk.post(letter, step="SENT", recipient=name, **{"sent-on_day": "R8.11.1"})
    assert (status, 'id="e-sent-on_day"' in text) == (422, True)
    assert clerk.post(letter, step="SENT", recipient=name, **{"sent-on_day": ""})[0] == 303
    assert "発送を待つ証明書・通知はありません" in clerk.get("/notices/post")[1]
    assert letter.split("/")[2] == "letters"
    assert name in clerk.get("/notices/sent")[1]
    status, text = clerk.post(letter, step="RETURNED", return_cause="", **{"returned-on_day": ""})
    assert (status, 'id="e-return_cause"' in text) == (422, True)
    back = {"step": "RETURNED", "return_cause": "NOT_COLLECTED", "returned-on_day": ""}
    assert clerk.post(letter, **back)[0] == 303
    _, text = clerk.get("/notices/post")
    assert "返戻" in text
    status, text = clerk.post(
        letter, step="DESTROYED", **{"destroyed-post_words": "", "destroyed-on_day": ""}
    )
    assert (status, 'id="e-destroyed-post_words"' in text) == (422, True)
    done = {"step": "DESTROYED", "destroyed-post_words": "転出済み", "destroyed-on_day": ""}
    assert clerk.post(letter, **done)[0] == 303
    assert "廃棄" in clerk.get(letter)[1]


def test_a_notice_is_dropped_with_its_reason(terminal):
    clerk = Hands(terminal)
    path = links(clerk.get("/notices")[1], "/notices/owed/")[0]
    status, text = clerk.post(path, step="drop", drop_words="")
    assert (status, 'id="e-drop_words"' in text) == (422, True)
    assert clerk.post(path, step="drop", drop_words="窓口で渡した") == (303, "/notices?done=notice_dropped")
    assert path not in clerk.get("/notices")[1]


def test_a_notice_of_acceptance_is_offered_by_post_alone_and_says_no_new_address(terminal, counter, family):  # noqa: F811
    changed(counter, MoveWithinNotice((family[1].addressee_number,), THERE, family[1].address_since, family[1].address_since_notified_on), AGENT)  # fmt: skip
    clerk = Hands(terminal)
    _, text = clerk.get("/notices")
    path = links(text, "/notices/owed/")[-1]
    _, text = clerk.get(path)
    assert "異動の前の住所へ送る通知です" in text
    assert 'value="hand"' not in text
    assert THERE.town not in text


def test_the_moving_out_certificate_is_issued_from_the_residents_page(terminal, counter, family):  # noqa: F811
    clerk = Clerk(terminal)
    assert "move-out-certificate" not in clerk.get(clerk.link)[1]
    moved_out(counter, family)
    _, text = clerk.get(clerk.link)
    assert f'{clerk.link}/move-out-certificate"' in text
    _, text = clerk.get(clerk.link + "/move-out-certificate")
    assert text.count("来訪") >= 3
    assert "北海道函館市" in text
    form = {
        "by_hand": "hand", "proof": "", "taker": str(family[0].addressee_number), "paper_agent": "", "again": "",
    }  # fmt: skip
    status, text = clerk.post(clerk.link + "/move-out-certificate", **form)
    assert (status, 'id="e-proof"' in text) == (422, True)
    form["proof"] = "PHOTO"
    status, where = clerk.post(clerk.link + "/move-out-certificate", **form)
    assert status == 303, where
    assert "窓口で手渡す" in clerk.get(where)[1]
    status, text = clerk.post(clerk.link + "/move-out-certificate", **form)
    assert (status, 'id="e-again"' in text) == (422, True)
    assert clerk.post(clerk.link + "/move-out-certificate", **{**form, "again": "紛失"})[0] == 303


def test_a_moving_out_certificate_that_is_owed_is_handed_to_nobody_unasked(terminal, counter, family):  # noqa: F811
    moved_out(counter, family, BY_POST)
    clerk = Hands(terminal)
    path = links(clerk.get("/notices")[1], "/notices/owed/")[-1]
    _, text = clerk.get(path)
    assert "本人確認をして渡します" in text
    assert 'value="hand"' not in text
    assert clerk.post(path, step="print", by_hand="hand")[0] == 422
    assert clerk.post(path, step="print", by_hand="post")[0] == 303


def test_no_certificate_is_offered_when_another_town_has_reported_the_arrival(terminal, counter, family):  # noqa: F811
    left_today(counter, family)
    clerk = Clerk(terminal)
    assert "move-out-certificate" in clerk.get(clerk.link)[1]
    with counter.node.store.unit() as unit:
        people = [one.addressee_number for one in family]
        upkeep.note_arrivals(unit, people, family[0].address_since, counter.node.clock.now())
    assert "move-out-certificate" not in clerk.get(clerk.link)[1]
    status, text = clerk.get(clerk.link + "/move-out-certificate")
    assert (status, "転入通知の届いた転出では交付しません" in text) == (409, True)


def test_a_notice_for_the_counter_is_made_again_with_a_reason(terminal):
    clerk = Hands(terminal)
    path = links(clerk.get("/notices")[1], "/notices/owed/")[0]
    assert clerk.post(path, step="print", by_hand="hand")[0] == 303
    _, text = clerk.get("/notices")
    assert "窓口で渡した通知" in text
    assert path in links(text, "/notices/owed/")
    assert "もう一度作成する" in clerk.get(path)[1]
    status, text = clerk.post(path, step="again", again_words="")
    assert (status, 'id="e-again_words"' in text) == (422, True)
    assert clerk.post(path, step="again", again_words="紙詰まり") == (303, "/notices?done=notice_again")
    _, text = clerk.get("/notices")
    assert "窓口で渡した通知" not in text
    assert "作成する通知" in text


def test_a_letter_of_a_cancelled_change_can_only_be_destroyed(terminal, counter, family):  # noqa: F811
    since, told = family[1].address_since, family[1].address_since_notified_on
    view = changed(counter, MoveWithinNotice((family[1].addressee_number,), THERE, since, told), AGENT)
    clerk = Hands(terminal)
    path = links(clerk.get("/notices")[1], "/notices/owed/")[-1]
    assert clerk.post(path, step="print", by_hand="post")[0] == 303
    undone(counter, view)
    _, text = clerk.get("/notices/post")
    assert "異動取消" in text
    _, text = clerk.get(links(text, "/notices/letters/")[0])
    assert "異動が取り消されました" in text
    assert 'value="DESTROYED"' in text
    assert 'value="SENT"' not in text
    assert 'value="HANDED_OVER"' not in text


def test_no_certificate_is_offered_to_whoever_leaves_by_card(terminal, counter, family):  # noqa: F811
    moved_out(counter, family, BY_POST, by_card=True)
    clerk = Clerk(terminal)
    assert "move-out-certificate" not in clerk.get(clerk.link)[1]
    assert clerk.get(clerk.link + "/move-out-certificate")[0] == 409


def test_where_a_protected_person_is_written_to_is_on_no_page_of_a_clerk(terminal, counter, family):  # noqa: F811
    paper = agents_paper(counter, family[1])
    protection.apply_for_protection(counter.node, OFFICER, application(family[1]))
    clerk, keeper = Hands(terminal), Hands(terminal, KEEPER)
    _, text = clerk.get("/notices")
    assert "支援措置担当が取扱い" in text
    assert links(text, "/notices/owed/") == []
    owed = links(keeper.get("/notices")[1], "/notices/owed/")[0]
    _, text = clerk.get(owed)
    assert 'value="print"' not in text
    assert clerk.post(owed, step="print", by_hand="post")[0] == 403
    assert clerk.post(owed, step="drop", drop_words="x")[0] == 403
    _, text = clerk.get("/notices/post")
    assert HOUSE not in text
    letter = links(text, "/notices/letters/")[0]
    _, text = clerk.get(letter)
    assert HOUSE not in text
    assert 'value="SENT"' not in text
    sent = {"step": "SENT", "recipient": family[1].name.kanji, "sent-on_day": ""}
    status, text = clerk.post(letter, **sent)
    assert (status, HOUSE in text) == (403, False)
    _, text = keeper.get("/notices/post")
    assert HOUSE in text
    assert paper.number in text
    assert keeper.post(links(text, "/notices/letters/")[0], **sent)[0] == 303


def test_pages_of_notices_are_for_whoever_issues(terminal):
    checker = Hands(terminal, CHECKER)
    for path in ("/notices", "/notices/owed/x", "/notices/post", "/notices/sent", "/notices/letters/x"):
        assert checker.get(path)[0] == 403
    clerk = Hands(terminal)
    assert clerk.get("/notices/letters/x")[0] == 404
    assert clerk.get("/notices/owed/x")[0] == 404
