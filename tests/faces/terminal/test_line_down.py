"""The pages while the line is down: each says what works and what waits, and what waits is taken and finished later."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from tests.faces.terminal.conftest import running
from tests.faces.terminal.test_requests import signed_in
from tests.faces.terminal.test_upkeep_requests import CLERK, KEEPER, VERIFIER, Hands, resident_path
from tests.nodes.registry import conftest as register_hands
from tests.nodes.registry.conftest import Counter, code
from tests.nodes.registry.test_protection import OFFICER, application, arrived

from daicho.faces.desks.deferral import DeferralDesk
from daicho.faces.desks.disclosure import PersonDesk
from daicho.faces.desks.letters import LetterDesk
from daicho.faces.desks.protection import ProtectionDesk
from daicho.faces.desks.registry import CounterDesk
from daicho.faces.terminal.desk import Desks
from daicho.nodes.registry import protection
from daicho.nodes.watch.line import LineDown
from daicho.rules.network.kinds import NodeKind
from daicho.store import code_stock
from daicho.wire.http import WireUnavailable

counter, move_in, comer = register_hands.counter, register_hands.move_in, register_hands.comer
SINCE = datetime(2026, 11, 20, 0, 15, tzinfo=UTC)
DOWN = LineDown("架空市 コミュニケーションサーバ", SINCE, 12, SINCE)
ABROAD = {
    "people": "1", "moved_on": "R8.11.18", "country": "カナダ", "town": "丸の内一丁目", "block": "2番3号", "postal": "",
    "building": "", "household": "", "notified_on": "", "p1-kanji": "帰国　一子", "p1-furigana": "キコク　イチコ",
    "p1-birth": "H2.5.6", "p1-sex": "FEMALE", "p1-relationship": "世帯主", "p1-confirmed": "yes", "notifier": "SELF",
    "document-NUMBER_CARD": "yes", "card_expires_on": "R16.4.1",
}  # fmt: skip


class OneLine:
    """A line that a test cuts and joins."""

    def __init__(self) -> None:
        self.state: LineDown | None = DOWN

    def down(self) -> LineDown | None:
        return self.state


@dataclass
class Cut:
    """A terminal over a register of a family of three, with a line of its own."""

    terminal: Any
    counter: Counter
    family: tuple[Any, ...]
    line: OneLine

    def hands(self, login_id: str) -> Hands:
        return Hands(self.terminal.url, *signed_in(self.terminal.url, login_id))


class Silence:
    def call(self, *_given: Any, **_more: Any) -> Any:
        raise WireUnavailable("nobody")


@pytest.fixture
def cut(counter: Counter, move_in: Callable[..., Any], comer: Callable[..., Any]) -> Iterator[Cut]:
    family = arrived(counter, move_in(comer(1), comer(2, "妻"), comer(3, "子")))
    node, line = counter.node, OneLine()
    node.wire.post = Silence()  # type: ignore[misc]  # the tests' own wire
    desks = Desks(
        LetterDesk(node), registry=CounterDesk(node), disclosure=PersonDesk(node), protection=ProtectionDesk(node),
        line=line, deferral=DeferralDesk(node),
    )  # fmt: skip
    with running(node.store, NodeKind.REGISTRY, given=desks, clock=node.clock) as terminal:
        yield Cut(terminal, counter, family, line)


def affair_path(text: str) -> str:
    found = re.findall(r'href="(/later/[^"]+)"', text)
    found = [unescape(one) for one in found if one != "/later/new"]
    assert found, text
    return found[0]


def test_every_page_says_since_when_what_works_and_how_much_waits(cut: Cut) -> None:
    clerk = cut.hands(CLERK)
    for path in (
        "/",
        "/search",
        "/move-in",
        "/later",
        "/move-in-from-abroad",
        resident_path(clerk, "来訪　1号"),
    ):
        status, text = clerk.get(path)
        assert status == 200
        assert "コミュニケーションサーバとの通信が途絶えています" in text, path
        assert "<b>12</b>件" in text
        assert "いまもできること" in text
        assert "回復を待つこと" in text
    cut.line.state = None
    assert "途絶えています" not in clerk.get("/")[1]


def test_whoever_may_take_nothing_is_not_sent_to_the_list(cut: Cut) -> None:
    text = cut.hands(VERIFIER).get("/")[1]
    assert "途絶えています" in text
    assert 'href="/later"' not in text
    status, _ = cut.hands(VERIFIER).get("/later")
    assert status == 403


def test_a_disclosure_is_taken_and_finished_when_the_line_is_back(cut: Cut) -> None:
    clerk = cut.hands(CLERK)
    path = resident_path(clerk, "来訪　1号")
    text = clerk.get(f"{path}/part/seen")[1]
    assert f'action="{path}/later"' in text
    assert f'action="{path}/disclosure"' not in text
    wrong, text = clerk.send(f"{path}/later", proof="PHOTO", contact="0" * 300)
    assert wrong == 422
    assert 'id="e-contact"' in text, "nothing is dropped in silence"
    wrong, text = clerk.send(f"{path}/later", contact="03-0000-0000")
    assert wrong == 422
    assert 'id="e-proof"' in text
    assert 'value="03-0000-0000"' in text
    for day in ("", "R8.11.19"):
        wrong, text = clerk.send(f"{path}/later", proof="CARD", card_expires_on=day)
        assert wrong == 422
        assert 'id="e-card_expires_on"' in text, day
    text = clerk.done(f"{path}/later", proof="CARD", card_expires_on="R16.1.2", contact="03-0000-0000")
    assert "受け付けました" in text
    assert "本人開示" in text
    assert "来訪" not in text, "the list names nobody"
    assert re.search(r'href="/later">.*?<b>1</b>件', clerk.get("/")[1], re.DOTALL)
    cut.line.state = None
    text = clerk.get("/later")[1]
    assert "古い順に処理してください" in text
    path = affair_path(text)
    text = clerk.get(path)[1]
    assert "来訪　1号" in text
    assert "03-0000-0000" in text
    assert "令和16年1月2日" in text, "what the face of the card says"
    (where,) = re.findall(r'class="button solid small" href="([^"]+)"', text)
    assert "本人に開示する" in clerk.get(unescape(where))[1]
    wrong, text = clerk.send(path, affair_state="finished", affair_outcome="")
    assert wrong == 422
    assert 'id="e-affair_outcome"' in text
    text = clerk.done(path, affair_state="finished", affair_outcome="確認コードを渡した")
    assert "処理済みにしました" in text
    assert "処理を待つ事務はありません" in text


def test_a_notice_without_a_code_keeps_its_form_and_its_day_and_is_entered_later(cut: Cut) -> None:
    clerk = cut.hands(CLERK)
    wrong, text = clerk.send("/move-in-from-abroad", step="later", **{**ABROAD, "moved_on": ""})
    assert wrong == 422
    assert 'value="later"' not in text
    wrong, text = clerk.send("/move-in-from-abroad", step="check", **ABROAD)
    assert wrong == 422
    assert "住民票コードの残りがありません" in text
    assert 'name="step" value="later"' in text
    text = clerk.done("/move-in-from-abroad", step="later", **ABROAD)
    assert "住民票コードの補充を待つ記載" in text
    assert "帰国" not in text
    with cut.counter.node.store.unit() as unit:
        code_stock.add_to_stock(unit, [str(code(78))])
    cut.line.state = None
    text = clerk.get(affair_path(text))[1]
    assert "国外からの転入届" in text
    (where,) = re.findall(r'class="button solid small" href="([^"]+)"', text)
    where = unescape(where)
    text = clerk.get(where)[1]
    assert 'value="帰国　一子"' in text
    assert 'value="2026-11-20"' in text, "the day on which it was handed in"
    status, text = clerk.send(where, step="check", **ABROAD)
    assert status == 200
    text = clerk.done(where, step="enter", **ABROAD)
    late, _ = clerk.send(where, step="enter", **ABROAD)
    assert late == 422, "one notice is one entry"
    assert "受け付けました" in text
    assert "処理を待つ事務はありません" in clerk.get("/later")[1]


def test_a_form_from_the_list_that_is_put_off_again_waits_once(cut: Cut) -> None:
    clerk = cut.hands(CLERK)
    clerk.done("/move-in-from-abroad", step="later", **ABROAD)
    (where,) = re.findall(
        r'class="button solid small" href="([^"]+)"', clerk.get(affair_path(clerk.get("/later")[1]))[1]
    )
    text = clerk.done(unescape(where), step="later", **{**ABROAD, "building": "三号棟"})
    assert "<b>1</b>" in text
    text = clerk.get(unescape(where))[1]
    assert 'value="三号棟"' in text


def test_a_form_into_a_protected_household_opens_for_whoever_may_learn_its_address(cut: Cut) -> None:
    """A relative comes back to a victim: the officer takes the form, and no clerk reads the address in it."""
    mother = cut.family[0]
    protection.apply_for_protection(cut.counter.node, OFFICER, application(mother))
    officer = cut.hands(KEEPER)
    home = mother.current_address
    into = {
        "household": str(mother.household_number), "town": home.town, "block": home.block, "building": home.building,
        "postal": home.postal_code,
        "p1-relationship": "子",
    }  # fmt: skip
    officer.done("/move-in-from-abroad", step="later", **{**ABROAD, **into})
    clerk = cut.hands(CLERK)
    status, text = clerk.get(affair_path(clerk.get("/later")[1]))
    assert status == 409
    assert "帰国" not in text
    assert home.block not in text
    assert "帰国　一子" not in clerk.get("/move-in-from-abroad?draft=x")[1]


def test_with_a_code_in_stock_nothing_is_put_off(cut: Cut) -> None:
    with cut.counter.node.store.unit() as unit:
        code_stock.add_to_stock(unit, [str(code(79))])
    clerk = cut.hands(CLERK)
    status, text = clerk.send("/move-in-from-abroad", step="later", **ABROAD)
    assert status == 200
    assert "届書と見比べ" in text
    assert "処理を待つ事務はありません" in clerk.get("/later")[1]


def test_an_affair_in_words_is_taken_with_its_errors_beside_the_fields(cut: Cut) -> None:
    clerk = cut.hands(CLERK)
    wrong, text = clerk.send("/later/new", affair_kind="", affair_words="")
    assert wrong == 422
    assert 'id="e-affair_kind"' in text
    assert 'id="e-affair_words"' in text
    status, _ = clerk.send("/later/new", affair_kind="DISCLOSURE", affair_words="直接")
    assert status == 404
    text = clerk.done("/later/new", affair_kind="CARD_MOVE_IN", affair_words="函館市から2人")
    assert "特例転入" in text
    text = clerk.get(affair_path(text))[1]
    assert "函館市から2人" in text
    (where,) = re.findall(r'class="button solid small" href="([^"]+)"', text)
    assert unescape(where).startswith("/move-in?")
    filled = clerk.get(unescape(where))[1]
    assert 'value="2026-11-20"' in filled, "the day on which they came"
    assert re.search(r'name="by_card" value="yes"[^>]* checked', filled)
    text = clerk.done(
        affair_path(clerk.get("/later")[1]), affair_state="withdrawn", affair_outcome="来庁しなかった"
    )
    assert "取り下げを記録しました" in text


def test_an_address_of_another_session_opens_nothing_and_fills_nothing_in(cut: Cut) -> None:
    clerk = cut.hands(CLERK)
    clerk.done("/move-in-from-abroad", step="later", **ABROAD)
    path = affair_path(clerk.get("/later")[1])
    (where,) = re.findall(r'class="button solid small" href="([^"]+)"', clerk.get(path)[1])
    other = cut.hands("A1002")
    assert other.get(path)[0] == 404
    assert "帰国　一子" not in other.get(unescape(where))[1]


def test_the_affair_of_somebody_who_is_protected_opens_for_the_officer_alone(cut: Cut) -> None:
    clerk = cut.hands(CLERK)
    path = resident_path(clerk, "来訪　2号")
    clerk.done(f"{path}/later", proof="CARD", card_expires_on="R16.1.2", contact="")
    protection.apply_for_protection(cut.counter.node, OFFICER, application(cut.family[1]))
    path = affair_path(clerk.get("/later")[1])
    status, text = clerk.get(path)
    assert status == 409
    assert "来訪" not in text
    officer = cut.hands(KEEPER)
    assert "来訪　2号" in officer.get(affair_path(officer.get("/later")[1]))[1]
