"""郵送請求 at the terminal, over a real register, by requests alone."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from tests.faces.terminal.conftest import running
from tests.faces.terminal.test_filings_requests import fields_of, link
from tests.faces.terminal.test_upkeep_requests import CLERK, KEEPER, VERIFIER, Desk, Hands
from tests.nodes.registry import conftest as register_hands
from tests.nodes.registry.test_protection import OFFICER, application, arrived

from daicho.faces.desks.certificates import PaperDesk
from daicho.faces.desks.letters import LetterDesk
from daicho.faces.desks.papers import OfficeMail, OfficeNotices
from daicho.faces.desks.protection import ProtectionDesk
from daicho.faces.desks.registry import CounterDesk
from daicho.faces.terminal.desk import Desks
from daicho.nodes.config import IssuerConfig
from daicho.nodes.registry import protection
from daicho.rules.network.kinds import NodeKind

counter, move_in, comer = register_hands.counter, register_hands.move_in, register_hands.comer
CAME = {
    "mailed_kind": "PERSONAL_COPY", "requester": "SELF", "mailed_asker": "来訪　1号",
    "mailed_address": "東京都千代田区架空町一丁目2番3号", "person_asked": "来訪　1号", "enclosed": "450",
    "identity_copy": "yes", "envelope": "yes",
}  # fmt: skip


@pytest.fixture
def desk(counter: Any, move_in: Any, comer: Any) -> Iterator[Desk]:
    family = arrived(counter, move_in(comer(1), comer(2, "妻")))
    node = counter.node
    papers = PaperDesk(node, IssuerConfig("見本　一郎", 300))
    desks = Desks(
        LetterDesk(node), registry=CounterDesk(node), protection=ProtectionDesk(node), certificates=papers,
        notices=OfficeNotices(node, papers), mailed=OfficeMail(node, papers),
    )  # fmt: skip
    with running(node.store, NodeKind.REGISTRY, given=desks, clock=node.clock) as terminal:
        yield Desk(terminal, counter, family)


def new_form(hands: Hands) -> str:
    """Open an empty form; gives what makes two sendings of it one request."""
    return fields_of(hands.get("/mailed/new")[1])["once"]


def received(hands: Hands, **more: str) -> str:
    """Note a request by its form; gives the address of its page."""
    status, where = hands.send("/mailed/new", once=new_form(hands), **(CAME | more))
    assert status == 303, where
    return where.split("?")[0]


@pytest.mark.requirement("R-016")
def test_a_request_is_noted_its_paper_made_and_put_to_the_post(desk: Desk) -> None:
    clerk = desk.hands(CLERK)
    assert "処理を待つ郵送請求はありません" in clerk.get("/mailed")[1]
    path = received(clerk, addressee=str(desk.family[0].addressee_number))
    assert re.search(r'href="/mailed">.*?<b>1</b>件', clerk.get("/")[1], re.DOTALL)
    page = clerk.get(path)[1]
    assert "つり銭" in page
    assert "150円" in page
    assert "足りないもの" not in page
    issue = next(unescape(one) for one in re.findall(r'href="([^"]+)">交付を審査する', page))
    form = clerk.get(issue)[1]
    given = fields_of(form)
    assert (given["requester"], given["kind"], given["channel"]) == ("SELF", "PERSONAL_COPY", "POST")
    done = clerk.done(issue, **(given | {"proof": "PHOTO"}))
    assert "交付" in done
    settled = clerk.get("/mailed/done")[1]
    assert "発送待ち" in settled
    assert "つり銭の返還" in clerk.get(path)[1]
    assert "つり銭を返した" not in clerk.done(path, step="CHANGE_SENT")
    letter = clerk.get(link(settled, "/notices/letters/"))[1]
    assert "架空町一丁目2番3号" in letter
    assert "処理を待つ郵送請求はありません" in clerk.get("/mailed")[1]
    assert clerk.send(issue, **(given | {"proof": "PHOTO"}))[0] == 422
    with desk.counter.node.store.unit() as unit:
        made = unit.execute("select count(*) from register.certificate where channel = 'POST'").fetchone()
    assert made == (1,), "a form that is sent twice makes one paper"


def test_what_is_missing_is_asked_for_comes_and_the_rest_is_sent_back(desk: Desk) -> None:
    clerk = desk.hands(CLERK)
    path = received(clerk, enclosed="", identity_copy="")
    page = clerk.get(path)[1]
    assert "足りないもの" in page
    assert page.count("checked") == 3
    status, refused = clerk.send(path, step="FAULTS_ASKED", mailed_faults="ticked")
    assert (status, 'href="#f-mailed_faults"' in refused) == (422, True)
    status, refused = clerk.send(
        path, step="FAULTS_ASKED", mailed_faults="ticked", fault_words="", **{"fault-OTHER": "yes"}
    )
    assert (status, 'id="e-fault_words"' in refused) == (422, True)
    assert "補正待ち" in clerk.done(path, step="FAULTS_ASKED", **{"fault-FEE": "yes"})
    assert "審査待ち" in clerk.done(path, step="ANSWERED", more_enclosed="300")
    status, refused = clerk.send(path, step="PERSON_FOUND", addressee="999999")
    assert (status, 'id="e-addressee"' in refused) == (422, True)
    clerk.done(path, step="PERSON_FOUND", addressee=str(desk.family[1].addressee_number))
    status, refused = clerk.send(path, step="REFUSED", mailed_words="")
    assert (status, 'id="e-mailed_words"' in refused) == (422, True)
    assert "返送した" in clerk.done(path, step="REFUSED", mailed_words="請求の理由が確認できない")
    assert "返送済み" in clerk.done(path, step="SENT_BACK")


def test_a_form_that_lacks_something_names_its_fields_and_a_second_sending_makes_no_second_request(
    desk: Desk,
) -> None:
    clerk = desk.hands(CLERK)
    status, refused = clerk.send(
        "/mailed/new", once=new_form(clerk), mailed_kind="", requester="", mailed_asker="", mailed_address="",
        person_asked="", enclosed="三百",
    )  # fmt: skip
    assert status == 422
    for name in ("mailed_kind", "requester", "mailed_asker", "mailed_address", "person_asked", "enclosed"):
        assert f'id="e-{name}"' in refused, name
    once = new_form(clerk)
    for _ in range(2):
        assert clerk.send("/mailed/new", once=once, **CAME)[0] == 303
    assert "処理を待つ請求　<b>1</b>" in clerk.get("/mailed")[1]
    status, refused = clerk.send("/mailed/new", once=new_form(clerk), **(CAME | {"addressee": "999999"}))
    assert (status, 'id="e-addressee"' in refused) == (422, True)


def issue_form(clerk: Hands, path: str) -> tuple[str, dict[str, str]]:
    """Open the form on which the paper of a request is decided; gives its address and what is filled in."""
    issue = next(unescape(one) for one in re.findall(r'href="([^"]+)">交付を審査する', clerk.get(path)[1]))
    return issue, fields_of(clerk.get(issue)[1])


def test_who_asks_is_who_signed_and_nobody_is_chosen_where_no_member_did(desk: Desk) -> None:
    clerk = desk.hands(CLERK)
    wife = str(desk.family[1].addressee_number)
    about_her = {"addressee": wife, "person_asked": desk.family[1].name.kanji, "requester": "SAME_HOUSEHOLD"}
    issue, given = issue_form(clerk, received(clerk, **about_her))
    assert given["person"] == str(desk.family[0].addressee_number), "he wrote, and she did not"
    status, refused = clerk.send(issue, **(given | {"person": wife, "proof": "PHOTO", f"on-{wife}": "yes"}))
    assert (status, 'id="e-person"' in refused) == (422, True)
    issue, given = issue_form(clerk, received(clerk, **(about_her | {"mailed_asker": "だれか　三郎"})))
    assert "person" not in given
    assert clerk.send(issue, **(given | {"proof": "PHOTO"}))[0] == 422


def test_a_form_that_comes_back_with_another_letter_in_it_is_kept_as_that_letter(desk: Desk) -> None:
    clerk = desk.hands(CLERK)
    once = new_form(clerk)
    assert clerk.send("/mailed/new", once=once, **CAME)[0] == 303
    status, refused = clerk.send("/mailed/new", once=once, **(CAME | {"person_asked": "来訪　2号"}))
    given = fields_of(refused)
    assert (status, given["person_asked"]) == (422, "来訪　2号")
    assert given["once"] != once
    assert clerk.send("/mailed/new", **given)[0] == 303
    assert "処理を待つ請求　<b>2</b>" in clerk.get("/mailed")[1]
    assert clerk.send("/mailed/new", once="m-1", **CAME)[0] == 303, (
        "what this session did not seal names nothing"
    )


def test_what_came_after_it_was_asked_for_is_ticked_and_a_wrong_person_is_put_right(desk: Desk) -> None:
    clerk = desk.hands(CLERK)
    path = received(clerk, addressee=str(desk.family[1].addressee_number), identity_copy="", envelope="")
    clerk.done(path, step="FAULTS_ASKED", **{"fault-IDENTITY": "yes", "fault-ENVELOPE": "yes"})
    page = clerk.done(path, step="ANSWERED", more_identity="yes", more_envelope="yes")
    assert "足りないもの" not in page
    assert "対象者を改める" in page
    page = clerk.done(path, step="PERSON_FOUND", addressee=str(desk.family[0].addressee_number))
    assert "交付を審査する" in page
    assert f">{desk.family[0].name.kanji}</a>" in page


def test_about_somebody_protected_only_the_officer_reads_who_asks(desk: Desk) -> None:
    clerk, keeper = desk.hands(CLERK), desk.hands(KEEPER)
    received(clerk, addressee=str(desk.family[1].addressee_number), mailed_asker="相手　太郎")
    path = link(clerk.get("/mailed")[1], "/mailed/request/")
    protection.apply_for_protection(desk.counter.node, OFFICER, application(desk.family[1]))
    listed = clerk.get("/mailed")[1]
    assert "相手　太郎" not in listed
    assert "支援措置担当が取扱い" in listed
    status, refused = clerk.get(path)
    assert (status, "相手　太郎" in refused) == (409, False)
    assert "相手　太郎" in keeper.get(link(keeper.get("/mailed")[1], "/mailed/request/"))[1]
    assert desk.hands(VERIFIER).get("/mailed")[0] == 403
