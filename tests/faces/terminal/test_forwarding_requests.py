"""支援措置の転送 at the terminals of two towns, over real registers, by requests alone."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from html import unescape

import pytest
from tests.faces.terminal.conftest import running
from tests.faces.terminal.test_filings_requests import link
from tests.faces.terminal.test_upkeep_requests import CLERK, KEEPER, Desk, Hands
from tests.nodes.registry import test_forwarding as between
from tests.nodes.registry.conftest import person
from tests.nodes.registry.test_forwarding import (
    AWAY,
    NOWHERE,
    PLACES,
    Town,
    applied,
    carried,
    comes,
    confirmed,
    ended,
    replied,
    tick,
)

from daicho.faces.desks.letters import LetterDesk
from daicho.faces.desks.network import ForwardDesk
from daicho.faces.desks.protection import ProtectionDesk
from daicho.faces.desks.registry import CounterDesk
from daicho.faces.desks.tables.network_pages import FORWARDED
from daicho.faces.terminal.desk import Desks
from daicho.rules.network.kinds import NodeKind
from daicho.rules.people.codes import MunicipalityCode
from daicho.wire.codecs.forwarding import FORWARD, REPLY

SECOND = "S4002"
towns = between.towns


@dataclass
class Place:
    """A town with its terminal."""

    town: Town
    desk: Desk
    sessions: dict[str, Hands | None] = field(default_factory=dict)

    def hands(self, who: str = KEEPER) -> Hands:
        """Give one session of somebody: addresses are a session's own."""
        return self.sessions.setdefault(who, None) or self.signed_in(who)

    def signed_in(self, who: str) -> Hands:
        self.sessions[who] = hands = self.desk.hands(who)
        return hands


@pytest.fixture
def places(towns) -> Iterator[tuple[Place, Place]]:
    with ExitStack() as stack:
        made = []
        for town in towns:
            node = town.node
            desks = Desks(
                LetterDesk(node), registry=CounterDesk(node), protection=ProtectionDesk(node),
                forwarding=ForwardDesk(node),
            )  # fmt: skip
            terminal = stack.enter_context(
                running(node.store, NodeKind.REGISTRY, given=desks, clock=node.clock)
            )
            made.append(Place(town, Desk(terminal, town, comes(town))))
        yield made[0], made[1]


def measure_page(place: Place) -> str:
    return link(place.hands().get("/protection")[1], "/protection/")


def letter_page(place: Place, listed: str = "/forwarded-measures") -> str:
    return link(place.hands().get(listed)[1], "/forwarded-measures/letter/")


def sequence_of(text: str) -> str:
    found = re.search(r'name="sequence" value="(\d+)"', text)
    assert found, text
    return found[1]


def test_a_measure_is_forwarded_taken_up_and_both_towns_see_what_became_of_it(places):
    home, away = places
    measure = confirmed(home.town, applied(home.town, home.desk.family[0]))
    keeper, page = home.hands(), measure_page(home)
    text = keeper.get(page)[1]
    assert "北海道函館市" in text
    assert "まだ転送していない市区町村" in text
    done = keeper.done(page, step="forward")
    assert "転送しました" in done
    assert "回答待ち" in done
    assert "まだ転送していない" not in done
    assert "回答を待つ転送（送付）　<b>1</b>" in keeper.get("/forwarded-measures")[1]
    assert "処理を待つ転送はありません" in away.hands().get("/forwarded-measures")[1]
    carried(away.town, home.town.posted(FORWARD)[0])
    there = away.hands()
    assert re.search(r'href="/forwarded-measures">.*?<b>1</b>件', there.get("/")[1], re.DOTALL)
    listed = there.get("/forwarded-measures")[1]
    assert "来訪　1号" in listed
    assert "支援措置の期間中" in listed
    letter = letter_page(away)
    text = there.get(letter)[1]
    assert "届いた時から仮の支援措置が働いています" in text
    assert "架空町一丁目" not in text, "where they live now is not told"
    whom = away.desk.family[0].addressee_number
    fields = {"step": "take_up", "sequence": sequence_of(text), f"with-{whom}": "yes", "applicant": str(whom)}
    done = there.done(letter, **fields)
    assert "支援措置として記録し、転送元に回答しました" in done
    assert "処理した転送はありません" not in there.get("/forwarded-measures/settled")[1]
    settled = there.get(letter_page(away, "/forwarded-measures/settled"))[1]
    assert "支援措置を記録した" in settled
    assert "来訪　1号" not in settled, "its content is not kept any longer"
    assert there.send(letter, **fields)[0] == 422, "a form that is sent twice is taken once"
    replied(home.town, away.town.posted(REPLY)[0])
    assert "支援措置を記録した" in keeper.get(page)[1]
    assert measure.last_day is not None


def test_a_form_without_anybody_ticked_names_its_field_and_an_answer_is_chosen(places):
    home, away = places
    measure = applied(home.town, comes(home.town, person(6))[0])
    home.hands().done(measure_page(home), step="forward")
    assert measure
    carried(away.town, home.town.posted(FORWARD)[0])
    there, letter = away.hands(), letter_page(away)
    text = there.get(letter)[1]
    assert "生年月日と、氏名又は住所が合う方はいません" not in text or "これから転入する方" in text
    status, refused = there.send(letter, step="take_up", people="ticked", sequence=sequence_of(text))
    assert (status, 'href="#f-people"' in refused) == (422, True), refused
    status, refused = there.send(letter, step="answer", sequence=sequence_of(text))
    assert (status, 'id="e-forward_answer"' in refused) == (422, True)
    status, refused = there.send(letter, step="beside", addressee="999999")
    assert (status, 'id="e-addressee"' in refused) == (422, True)
    status, refused = there.send(letter, step="take_up", sequence="1", **{"with-" + "9" * 40: "yes"})
    assert status == 422
    whom = away.desk.family[0].addressee_number
    status, shown = there.send(letter, step="beside", addressee=str(whom))
    assert (status, f'name="with-{whom}" value="yes" checked' in shown) == (200, True)
    done = there.done(letter, step="answer", sequence=sequence_of(text), forward_answer="NOT_HERE")
    assert "転送元に回答しました" in done


def test_an_end_is_shown_and_ends_nothing(places):
    home, away = places
    measure = applied(home.town, home.desk.family[0])
    home.hands().done(measure_page(home), step="forward")
    carried(away.town, home.town.posted(FORWARD)[0])
    tick(home.town)
    ended(home.town, measure.number)
    carried(away.town, home.town.posted(FORWARD)[1])
    there, letter = away.hands(), letter_page(away)
    text = there.get(letter)[1]
    assert "こちらの支援措置は続いています" in text
    assert "終了の申出" in text
    assert 'value="take_up"' not in text
    there.done(letter, step="noted", sequence=sequence_of(text))
    assert "支援措置　<b>1</b>" in there.get("/protection")[1]


def test_another_address_is_named_and_its_town_is_told_on_paper_where_it_is_not_on_the_network(places):
    home, _ = places
    applied(home.town, home.desk.family[0], more=())
    keeper, page = home.hands(), measure_page(home)
    status, refused = keeper.send(page, step="address")
    assert status == 422
    for name in ("address_role", "address_town", "address_text"):
        assert f'id="e-{name}"' in refused
    given = {"step": "address", "address_role": "DOMICILE", "address_text": "大阪府大阪市北区1番"}
    keeper.done(page, address_town=NOWHERE.with_check(), **given)
    text = keeper.get(page)[1]
    assert "紙で送付" in text
    assert 'value="forward"' not in text
    assert "支援措置に記録しました" in keeper.done(page, step="towns")
    keeper.done(page, address_town=AWAY.with_check(), **(given | {"address_text": PLACES[AWAY]}))
    assert 'value="forward"' in keeper.get(page)[1]


def test_nobody_but_the_officer_sees_that_anything_came(places):
    home, away = places
    applied(home.town, home.desk.family[0])
    home.hands().done(measure_page(home), step="forward")
    carried(away.town, home.town.posted(FORWARD)[0])
    clerk = away.hands(CLERK)
    for page in FORWARDED:
        path = page.path.replace("{handle}", "x")
        assert clerk.get(path)[0] == 403
    assert "支援措置の転送" not in unescape(clerk.get("/")[1])
    assert MunicipalityCode("01202") == AWAY
