"""庁内連携, データ抽出 and 手続き案内 at the terminal, over a real register, by requests alone."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from tests.faces.terminal.conftest import running
from tests.faces.terminal.test_requests import ask, signed_in
from tests.faces.terminal.test_upkeep_requests import Hands, resident_path
from tests.nodes.registry import conftest as register_hands
from tests.nodes.registry.conftest import AT_COUNTER, HERE, Counter
from tests.nodes.registry.hall.test_feed import DAY, changed
from tests.nodes.registry.test_protection import OFFICER as KEEPER
from tests.nodes.registry.test_protection import application, arrived

from daicho.faces.desks.hall import LinkDesk
from daicho.faces.desks.letters import LetterDesk
from daicho.faces.desks.registry import CounterDesk
from daicho.faces.terminal.desk import Desks
from daicho.nodes.office.desk import Person
from daicho.nodes.office.operators import enrol, enrol_demo_credential
from daicho.nodes.registry import protection
from daicho.nodes.registry.counter import enter
from daicho.nodes.registry.hall import calling, making
from daicho.nodes.registry.hall.calling import GivenToken
from daicho.rules.hall.offices import HallOffice, NumberOrdinance
from daicho.rules.law.refusal import Refusal
from daicho.rules.network.kinds import NodeKind
from daicho.rules.operators.authority import Operator, Role
from daicho.rules.register.ex_officio import ExOfficioStrike
from daicho.rules.register.reasons import ChangeReason

CLERK, ADMIN, OFFICER = "A1001", "K3001", "S9001"
NUMBERS = NumberOrdinance(frozenset(HallOffice))
counter, move_in, comer = register_hands.counter, register_hands.move_in, register_hands.comer


@dataclass
class Place:
    """A terminal over a register with a family of three."""

    terminal: Any
    counter: Counter
    family: tuple[Any, ...]

    def hands(self, login_id: str) -> Hands:
        return Hands(self.terminal.url, *signed_in(self.terminal.url, login_id))


@pytest.fixture
def place(counter: Counter, move_in: Callable[..., Any], comer: Callable[..., Any]) -> Iterator[Place]:
    family = arrived(counter, move_in(comer(1), comer(2, "妻"), comer(3, "子")))
    node = counter.node
    desks = Desks(LetterDesk(node), registry=CounterDesk(node), hall=LinkDesk(node, NUMBERS))
    with running(node.store, NodeKind.REGISTRY, given=desks, clock=node.clock) as terminal:
        person = Person(Operator(OFFICER, "SEKININ-1", (Role.SECURITY_OFFICER,)), "関　守", "情報政策課")
        enrol(terminal.office, person)
        enrol_demo_credential(terminal.office, OFFICER)
        yield Place(terminal, counter, family)


def opened(hands: Hands, office: str = "NHI") -> str:
    status, where = hands.send("/hall", step="open", office=office, title="資格管理", valid_until="R9.3.31")
    assert status == 303, where
    return where.partition("?")[0]


def accepted(officer: Hands) -> str:
    """Give a second person's word for what waits."""
    (proposal,) = re.findall(r'name="proposal" value="([^"]+)"', officer.get("/hall")[1])
    return officer.done("/hall", step="accept", proposal=proposal)


def secret_in(text: str) -> tuple[str, str]:
    found = re.findall(r'<dd class="figures(?: secret)?">([^<]+)</dd>', text)
    assert len(found) == 2, text
    return found[0], found[1]


def test_a_system_is_opened_granted_by_two_and_signed_in_with_a_secret_shown_once(place: Place) -> None:
    admin, officer = place.hands(ADMIN), place.hands(OFFICER)
    assert "連携先システムはありません" in admin.get("/hall")[1]
    wrong, text = admin.send("/hall", step="open", office="NHI", title="", valid_until="きのう")
    assert wrong == 422
    assert 'id="e-title"' in text
    assert 'id="e-valid_until"' in text
    path = opened(admin)
    text = admin.done(path, step="scope", scope="juki:changes:read", reason="資格の管理")
    assert "申請しました" in text
    status, own = admin.get("/hall")
    assert status == 200
    assert "自分の申請" in own
    assert "連携の範囲と秘密鍵の申請です" in officer.get("/")[1]
    assert "申請を認めました" in accepted(officer)
    assert "利用中" in officer.get("/hall")[1]
    alone, text = admin.send(path, step="secret", overlap="once")
    assert alone == 422
    assert "まだ承認されていません" in text
    unreasoned, text = admin.send(path, step="ask-secret")
    assert unreasoned == 422
    assert 'id="e-secret_reason"' in text
    assert "決定を待っています" in admin.done(path, step="ask-secret", secret_reason="初めての接続")
    assert "秘密鍵の発行" in officer.get("/hall")[1]
    accepted(officer)
    status, text = admin.send(path, step="secret", overlap="once")
    assert status == 200
    client_id, secret = secret_in(text)
    assert secret not in admin.get(path)[1]
    token = calling.give_token(place.counter.node, client_id, secret, (), NUMBERS)
    assert isinstance(token, GivenToken)
    assert "秘密鍵をすべて無効にしました" in admin.done(path, step="end-secrets", sure_secrets="yes")
    refused = calling.give_token(place.counter.node, client_id, secret, (), NUMBERS)
    assert isinstance(refused, Refusal)
    assert "取り消しました" in admin.done(path, step="withdraw", what="juki:changes:read")
    assert "範囲なし" in admin.get(path)[1]
    status, unsure = admin.send(path, step="close")
    assert status == 200
    assert "終了しました" not in unsure
    assert "連携先システムを終了しました" in admin.done(path, step="close", sure="yes")
    assert "発行する" not in admin.get(path)[1]


@pytest.mark.requirement("R-037")
def test_the_number_is_not_even_offered_to_work_that_uses_none(place: Place) -> None:
    admin = place.hands(ADMIN)
    assert "juki:numbers:read" in admin.get(opened(admin, "NHI"))[1]
    path = opened(admin, "ELECTION")
    assert "juki:numbers:read" not in admin.get(path)[1]
    status, text = admin.send(path, step="scope", scope="juki:numbers:read", reason="照合のため")
    assert status == 422
    assert "番号法第9条" in text


def test_the_address_of_a_system_belongs_to_its_session(place: Place) -> None:
    admin, officer = place.hands(ADMIN), place.hands(OFFICER)
    assert officer.get(opened(admin))[0] == 404


def ordered(hands: Hands, **fields: str) -> str:
    said = {
        "purpose": "敬老行事の案内",
        "basis": "住民基本台帳法第1条",
        "item-NAME": "yes",
        "item-ADDRESS": "yes",
    }
    return hands.done("/extractions", **(said | fields))


def fetched(hands: Hands, text: str) -> tuple[int, dict[str, str], str]:
    paths = re.findall(r'action="(/extractions/[^"]+)"', text)
    assert paths, text
    told = urlencode({"form_key": hands.key}).encode()
    return ask(hands.url, "POST", unescape(paths[0]), told, Cookie=hands.cookie)


def test_a_small_extraction_is_made_at_once_and_once(place: Place) -> None:
    clerk = place.hands(CLERK)
    wrong, text = clerk.send("/extractions", purpose="", basis="")
    assert wrong == 422
    assert 'id="e-purpose"' in text
    text = ordered(clerk)
    assert "一度だけ作成できます" in text
    status, headers, content = fetched(clerk, text)
    assert status == 200
    assert headers["content-disposition"].startswith("attachment")
    assert "氏名" in content.splitlines()[0]
    assert content.count(HERE.town) == 3
    assert fetched(clerk, text)[0] == 409
    assert "作成済み" in clerk.get("/extractions")[1]


@pytest.mark.requirement("R-267")
def test_closer_items_wait_for_whoever_answers_for_them(place: Place) -> None:
    clerk, officer = place.hands(CLERK), place.hands(OFFICER)
    text = ordered(clerk, **{"item-RELATIONSHIP": "yes", "youngest": "0", "sex": "MALE"})
    assert "承認待ち" in text
    assert "/extractions/" not in text.replace('action="/extractions"', "")
    assert clerk.get("/extraction-approvals")[0] == 403
    _, waiting = officer.get("/extraction-approvals")
    assert "敬老行事の案内" in waiting
    assert "性別 男" in waiting
    assert "来訪" not in waiting
    number = re.findall(r'name="number" value="([^"]+)"', waiting)[0]
    refused, text = officer.send("/extraction-approvals", step="decline", number=number, why="")
    assert refused == 422
    assert 'href="#f-why"' in text
    assert text.count('id="f-why"') == 1
    long = "長い理由" * 60
    refused, text = officer.send("/extraction-approvals", step="decline", number=number, why=long)
    assert refused == 422
    assert long in text
    assert "承認しました" in officer.done("/extraction-approvals", step="accept", number=number, why="")
    assert fetched(clerk, clerk.get("/extractions")[1])[0] == 200


@pytest.mark.requirement("R-267")
def test_a_large_extraction_is_made_beside_the_requests_and_fetched_from_the_list(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "AT_ONCE_PEOPLE", 2)
    clerk, officer = place.hands(CLERK), place.hands(OFFICER)
    ordered(clerk, **{"item-RELATIONSHIP": "yes"})
    number = re.findall(r'name="number" value="([^"]+)"', officer.get("/extraction-approvals")[1])[0]
    officer.done("/extraction-approvals", step="accept", number=number, why="")
    text = clerk.get("/extractions")[1]
    status, headers, _ = fetched(clerk, text)
    assert (status, headers["location"].partition("?")[0]) == (303, "/extractions")
    waiting = clerk.get("/extractions")[1]
    assert "作成中" in waiting
    assert "0人まで記載" in waiting
    assert "いまの状態を表示する" in waiting
    assert 'action="/extractions/' not in waiting
    while making.make_some(place.counter.node):
        pass
    status, headers, content = fetched(clerk, clerk.get("/extractions")[1])
    assert status == 200
    assert headers["content-disposition"].startswith("attachment")
    assert content.count(HERE.town) == 3
    assert "世帯主" in content
    assert "作成済み" in clerk.get("/extractions")[1]


def test_a_file_leaves_out_the_home_of_the_covered(place: Place) -> None:
    clerk, officer = place.hands(CLERK), place.hands(OFFICER)
    protection.apply_for_protection(place.counter.node, KEEPER, application(place.family[1]))
    assert "承認待ち" in ordered(clerk)
    number = re.findall(r'name="number" value="([^"]+)"', officer.get("/extraction-approvals")[1])[0]
    officer.done("/extraction-approvals", step="accept", number=number, why="")
    status, _, content = fetched(clerk, clerk.get("/extractions")[1])
    assert status == 200
    assert HERE.town not in content
    assert content.count("（非表示）") == 3
    by_town = ordered(clerk, town=HERE.town)
    assert fetched(clerk, by_town)[2].count("\r\n") == 1


def entry_path(clerk: Hands) -> str:
    path = resident_path(clerk, "来訪")
    _, text = clerk.get(f"{path}/part/history")
    found = re.findall(r'href="(/residents/[^"]+/entries/[^"/]+)"', text)
    assert found, text
    return unescape(found[0])


def test_the_sheet_of_next_steps_follows_from_the_change(place: Place) -> None:
    clerk = place.hands(CLERK)
    path = entry_path(clerk)
    assert f"{path}/guide" in unescape(clerk.get(path)[1])
    status, text = clerk.get(f"{path}/guide")
    assert status == 200
    assert "国民健康保険の窓口" in text
    assert "職場の健康保険をやめたことの証明" in text
    assert "該当する方のみ" in text
    assert HERE.town not in text


def test_whoever_verified_a_change_finds_its_sheet_at_once(place: Place, move_in: Any, comer: Any) -> None:
    counter, verifier = place.counter, place.hands("A1002")
    home = replace(HERE, block="9番9号")
    entered = enter(
        counter.node, counter.clerk, replace(move_in(comer(7)), address=home), draw_codes=counter.draw,
        reception=AT_COUNTER,
    )  # fmt: skip
    assert not isinstance(entered, Refusal), entered
    text = verifier.done(f"/verify/{entered.entry_id}", step="verify")
    (path,) = re.findall(r'href="(/residents/[^"]+/guide)"', text)
    status, sheet = verifier.get(unescape(path))
    assert status == 200
    assert "国民健康保険の窓口" in sheet


def test_a_change_without_a_rule_does_not_say_that_nothing_is_to_be_done(place: Place) -> None:
    counter, clerk = place.counter, place.hands(CLERK)
    child = place.family[2]
    strike = ExOfficioStrike((child.addressee_number,), ChangeReason.STRUCK_OTHER, DAY, DAY, "実態調査")
    changed(counter, strike)
    path = resident_path(clerk, "来訪")
    _, text = clerk.get(f"{path}/part/history")
    found = {unescape(one) for one in re.findall(r'href="(/residents/[^"]+/entries/[^"/]+)"', text)}
    sheets = [clerk.get(f"{one}/guide")[1] for one in found]
    assert not any("必要な手続きはありません" in one for one in sheets)


def test_the_sheet_of_the_hidden_is_kept_back(place: Place) -> None:
    clerk = place.hands(CLERK)
    path = entry_path(clerk)
    protection.apply_for_protection(place.counter.node, KEEPER, application(place.family[1]))
    assert clerk.get(f"{path}/guide")[0] == 409
