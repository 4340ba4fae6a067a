"""機構への照会 at the terminal, over a real register, by requests alone."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec import structs
from tests.faces.terminal.conftest import running
from tests.faces.terminal.test_filings_requests import fields_of, link
from tests.faces.terminal.test_upkeep_requests import CLERK, KEEPER, VERIFIER, Desk
from tests.nodes.registry import conftest as register_hands
from tests.nodes.registry.conftest import Counter, code
from tests.nodes.registry.test_genuineness import number_of
from tests.nodes.registry.test_line_down import Silence
from tests.nodes.registry.test_protection import OFFICER, application, arrived

from daicho.faces.desks.deferral import DeferralDesk
from daicho.faces.desks.letters import LetterDesk
from daicho.faces.desks.network import InquiryDesk, NumberDesk
from daicho.faces.desks.registry import CounterDesk
from daicho.faces.desks.tables.network_pages import INQUIRIES
from daicho.faces.terminal.desk import Desks
from daicho.nodes.registry import protection
from daicho.rules.network.kinds import NodeKind
from daicho.wire.operations import LookUpAnswer, LookUpRow

counter, move_in, comer = register_hands.counter, register_hands.move_in, register_hands.comer
PATH = "/agency-inquiry"
ASKED = {"step": "ask", "purpose": "MOVE_IN", "basis": "30-12/1-4", "name": "海野", "birth": "H2.1.2"}
NUMBER = str(number_of(5))


class Nation:
    """A CS that tells of some people, with their numbers where these are asked for."""

    def __init__(self, *people: Any) -> None:
        self.people, self.asked = people, []

    def call(self, _operation: Any, _to: Any, asked: Any) -> LookUpAnswer:
        self.asked.append(asked)
        wanted = asked.terms.resident_record_code
        found = [one for one in self.people if not wanted or one["resident_record_code"] == wanted]
        more = {} if asked.without_number else {"individual_number": NUMBER}
        return LookUpAnswer("a", asked.basis, [LookUpRow(one | more) for one in found])


def known(number: int, whose: str = "", **more: str) -> dict[str, str]:
    return {
        "name": f"海野　{number}号", "furigana": "ウミノ　ハナコ", "birth_date": "1990-01-02", "sex": "FEMALE",
        "municipality_code": "01202", "address": "海町一丁目１番", "record_state": "living",
        "change_reason": "MOVE_IN", "change_date": "2020-04-01",
        "resident_record_code": whose or str(code(number)),
    } | more  # fmt: skip


@pytest.fixture
def desk(counter: Counter, move_in: Callable[..., Any], comer: Callable[..., Any]) -> Iterator[Desk]:
    family = arrived(counter, move_in(comer(1), comer(2, "妻"), comer(3, "子")))
    node = counter.node
    desks = Desks(
        LetterDesk(node), registry=CounterDesk(node), deferral=DeferralDesk(node), numbers=NumberDesk(node),
        inquiry=InquiryDesk(node),
    )  # fmt: skip
    with running(node.store, NodeKind.REGISTRY, given=desks, clock=node.clock) as terminal:
        yield Desk(terminal, counter, family)


def button(text: str, step: str, place: int = 0) -> dict[str, str]:
    """Read what the form of a button sends."""
    forms = [one for one in re.findall(r"<form.*?</form>", text, re.DOTALL) if f'value="{step}"' in one]
    told = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', forms[place])
    return {name: unescape(value) for name, value in told} | {"step": step}


@pytest.mark.requirement("R-009")
def test_from_a_list_one_is_opened_their_number_is_asked_for_and_the_move_in_begins_with_the_four_items(
    desk: Desk,
) -> None:
    clerk, nation = desk.hands(CLERK), Nation(known(50), known(51))
    desk.counter.node.wire.post = nation
    assert f'href="{PATH}"' in clerk.get("/move-in")[1]
    assert 'href="/agency-inquiry"' in clerk.get("/")[1]
    status, text = clerk.send(PATH, **ASKED)
    assert status == 200, text
    assert ("海野　50号" in text, "海野　51号" in text, NUMBER in text) == (True, True, False)
    assert nation.asked[0].without_number
    status, text = clerk.send(PATH, **button(text, "open", 1))
    assert ("海野　51号" in text, "海野　50号" in text, NUMBER in text) == (True, False, False)
    assert str(code(51)) not in re.sub(r'<input type="hidden"[^>]*>', "", text)
    shown = clerk.send(PATH, **button(text, "number"))[1]
    assert NUMBER in shown
    assert (nation.asked[-1].terms.resident_record_code, nation.asked[-1].without_number) == (
        str(code(51)),
        False,
    )
    begun = button(text, "fill")
    status, page = clerk.send("/move-in", **begun)
    assert status == 200, page
    filled = fields_of(page)
    assert (filled["p1-kanji"], filled["p1-birth"], filled["p1-sex"]) == (
        "海野　51号",
        "1990-01-02",
        "FEMALE",
    )
    assert (filled["previous_address"], filled["previous_municipality"]) == (
        "北海道函館市海町一丁目１番",
        "01202",
    )
    moved = {
        "moved_on": "R8.11.10",
        "town": "架空町一丁目",
        "block": "2番3号",
        "p1-relationship": "世帯主",
        "notifier": "SELF",
        "document-NUMBER_CARD": "yes",
        "card_expires_on": "R16.4.1",
    }
    status, checked = clerk.send("/move-in", **(filled | moved | {"step": "check"}))
    assert status == 200, re.findall(r"id=\"e-[^<]*<?[^<]*", checked)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"purpose": ""}, "purpose"),
        ({"basis": "30-10/1-2"}, "basis"),
        ({"birth": ""}, "name"),
        ({"birth": "x"}, "birth"),
        ({"number": NUMBER, "purpose": "CHECK"}, "number"),
        ({"number": NUMBER[:-1]}, "number"),
        ({"code": "1"}, "code"),
    ],
)
def test_what_is_wrong_with_a_question_stands_beside_its_field_and_nobody_is_asked(
    desk: Desk, wrong: dict[str, str], field: str
) -> None:
    clerk, nation = desk.hands(CLERK), Nation(known(50))
    desk.counter.node.wire.post = nation
    told = {"address": "", "code": "", "number": "", "sex": ""} | ASKED | wrong
    status, text = clerk.send(PATH, **told)
    assert (status, f'id="e-{field}"' in text, nation.asked) == (422, True, [])
    assert NUMBER[:-1] not in text


def test_for_a_check_at_the_counter_no_number_is_offered_and_no_form_begins(desk: Desk) -> None:
    clerk = desk.hands(CLERK)
    desk.counter.node.wire.post = Nation(known(50))
    text = clerk.send(PATH, **(ASKED | {"purpose": "CHECK"}))[1]
    assert "海野　50号" in text
    assert ('value="number"' in text, 'value="fill"' in text) == (False, False)
    begun = button(clerk.send(PATH, **(ASKED | {"purpose": "EX_OFFICIO"}))[1], "fill")
    assert "海野　50号" in clerk.send("/ex-officio-entry", **begun)[1]


def test_nobody_found_and_a_line_that_is_down_lead_on(desk: Desk) -> None:
    clerk = desk.hands(CLERK)
    desk.counter.node.wire.post = Nation()
    assert "該当する方はいません" in clerk.send(PATH, **ASKED)[1]
    desk.counter.node.wire.post = Silence()
    status, text = clerk.send(PATH, **ASKED)
    assert (status, "つながりません" in text, 'value="later"' in text) == (422, True, True)
    waiting = clerk.done(PATH, **(ASKED | {"step": "later", "number": NUMBER}))
    affair = clerk.get(link(waiting, "/later/"))[1]
    assert ("機構への照会" in affair, NUMBER in affair) == (True, False)
    again = link(affair, PATH)
    filled = fields_of(clerk.get(again)[1])
    assert {name: filled[name] for name in ASKED if name != "step"} | {"step": "ask"} == ASKED
    desk.counter.node.wire.post = Nation(known(50))
    assert "海野　50号" in clerk.send(again, **(ASKED | {"birth": "H2"}))[1]
    assert "処理を待つ事務はありません" not in clerk.get("/later")[1]
    assert "海野　50号" in clerk.send(again, **ASKED)[1]
    assert "処理を待つ事務はありません" in clerk.get("/later")[1]


def test_whoever_is_protected_is_not_found_by_a_clerk_nor_their_number_told(desk: Desk) -> None:
    clerk, whose = desk.hands(CLERK), str(desk.family[1].resident_record_code)
    desk.counter.node.wire.post = Nation(known(50, whose))
    before = clerk.send(PATH, **ASKED)[1]
    assert "海町" in before
    protection.apply_for_protection(desk.counter.node, OFFICER, application(desk.family[1]))
    text = clerk.send(PATH, **ASKED)[1]
    assert ("該当する方はいません" in text, "海町" in text) == (True, False)
    status, text = clerk.send(PATH, **button(before, "number"))
    assert (status, NUMBER in text, "海町" in text) == (422, False, False)


def test_whoever_lives_here_is_no_mover(desk: Desk) -> None:
    clerk = desk.hands(CLERK)
    desk.counter.node.wire.post = Nation(known(50, municipality_code="13101"))
    text = clerk.send(PATH, **(ASKED | {"basis": "30-10/1-4"}))[1]
    assert ("この市区町村の住民です" in text, 'value="fill"' in text) == (True, False)


@pytest.mark.parametrize("affair", ["MOVE_IN", "EX_OFFICIO"])
def test_for_whoever_has_died_no_form_is_begun(desk: Desk, affair: str) -> None:
    clerk = desk.hands(CLERK)
    gone = {"record_state": "removed", "change_reason": "DEATH"}
    desk.counter.node.wire.post = Nation(known(50, **gone))
    text = clerk.send(PATH, **(ASKED | {"purpose": affair}))[1]
    assert ("海野　50号" in text, 'value="fill"' in text) == (True, False)
    desk.counter.node.wire.post = Nation(known(50, **(gone | {"change_reason": "MOVE_OUT"})))
    assert 'value="fill"' in clerk.send(PATH, **(ASKED | {"purpose": affair}))[1]


@pytest.mark.parametrize(("people", "shown"), [(0, 0), (1, 1), (30, 20)])
def test_of_many_a_part_is_shown_without_a_count_and_narrower_terms_are_asked_for(
    desk: Desk, people: int, shown: int
) -> None:
    clerk, nation = desk.hands(CLERK), Nation(*(known(number) for number in range(50, 50 + people)))
    desk.counter.node.wire.post = SimpleNamespace(
        call=lambda *given: structs.replace(nation.call(*given), more=True)
    )
    text = clerk.send(PATH, **ASKED)[1]
    assert (text.count("この方を照会する"), "条件を絞ってください" in text) == (shown, True)
    assert ("<small>件" in text, "該当する方はいません" in text) == (False, False)


@pytest.mark.requirement("R-243")
@pytest.mark.parametrize("login", [VERIFIER, KEEPER, "K3001", "P2001"])
def test_whoever_may_not_ask_the_nation_opens_no_page(desk: Desk, login: str) -> None:
    hands = desk.hands(login)
    for page in INQUIRIES:
        assert hands.get(page.path)[0] == 403
        assert hands.send(page.path, **ASKED)[0] == 403
    assert desk.hands(CLERK).send(PATH, step="open", which="x")[0] < 500
