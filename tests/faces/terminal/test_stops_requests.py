"""処理の抑止 at the terminal, over a real register, by requests alone."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.faces.terminal.conftest import running
from tests.faces.terminal.test_filings_requests import entry_path, fields_of, link
from tests.faces.terminal.test_renumbering_requests import SELF
from tests.faces.terminal.test_upkeep_requests import BOTH, CLERK, VERIFIER, Desk, Hands, resident_path
from tests.nodes.registry import conftest as register_hands
from tests.nodes.registry.conftest import Counter
from tests.nodes.registry.test_protection import OFFICER, application, arrived

from daicho.faces.desks.certificates import PaperDesk
from daicho.faces.desks.letters import LetterDesk
from daicho.faces.desks.network import NumberDesk
from daicho.faces.desks.protection import ProtectionDesk
from daicho.faces.desks.registry import CounterDesk
from daicho.faces.desks.seals import SealsDesk
from daicho.faces.desks.stops import StopsDesk
from daicho.faces.desks.upkeep import UpkeepDesk
from daicho.faces.terminal.desk import Desks
from daicho.nodes.config import IssuerConfig, SealsConfig
from daicho.nodes.registry import protection, stops
from daicho.rules.network.kinds import NodeKind
from daicho.rules.register.processing import ProcessingStop, StopCause, StopKind

counter, move_in, comer = register_hands.counter, register_hands.move_in, register_hands.comer
GIVEN = {
    "stop_kind": "CHANGES",
    "stop_cause": "DISPUTE",
    "stop_words": "親族間の争い",
    "stop_scope": "PERSON",
}


@pytest.fixture
def desk(counter: Counter, move_in: Callable[..., Any], comer: Callable[..., Any]) -> Iterator[Desk]:
    family = arrived(counter, move_in(comer(1), comer(2, "妻")))
    node = counter.node
    papers = PaperDesk(node, IssuerConfig("見本　一郎", 300), 250)
    desks = Desks(
        LetterDesk(node), registry=CounterDesk(node), protection=ProtectionDesk(node), upkeep=UpkeepDesk(node),
        stops=StopsDesk(node), certificates=papers, numbers=NumberDesk(node),
        seals=SealsDesk(node, papers, SealsConfig(answer_days=20, sex_printed=True)),
    )  # fmt: skip
    with running(node.store, NodeKind.REGISTRY, given=desks, clock=node.clock) as terminal:
        yield Desk(terminal, counter, family)


def placed(hands: Hands, person: str, **more: str) -> str:
    given = fields_of(hands.get(f"{person}/stop")[1]) | GIVEN | {"step": "place"} | more
    return hands.done(f"{person}/stop", **given)


def move(hands: Hands, person: str, step: str) -> tuple[int, str]:
    page = hands.get(f"{person}/move-within")[1]
    who = dict.fromkeys(re.findall(r'name="(who-\d+)"', page), "yes")
    given = fields_of(page) | who | SELF | {"moved_on": "R8.11.19", "town": "想像町二丁目", "block": "4番5号"}
    return hands.send(f"{person}/move-within", **(given | {"step": step}))


def stop_path(hands: Hands) -> str:
    return next(
        one for one in re.findall(r'href="(/stops/[^"]+)"', hands.get("/stops")[1]) if "ended" not in one
    )


def test_a_stop_is_seen_refuses_with_its_cause_and_ends_by_two(desk: Desk) -> None:
    clerk, second = desk.hands(CLERK), desk.hands(VERIFIER)
    person = resident_path(clerk, "来訪　1号")
    assert move(clerk, person, "enter")[0] == 303
    waiting = entry_path(second)
    shown = placed(clerk, person)
    assert "異動の抑止（記載についての争い）" in shown
    assert "親族間の争い" in shown
    status, text = move(clerk, person, "check")
    assert status == 422
    assert "処理を保留しています。（記載についての争い）" in text
    status, text = second.send(waiting, step="verify")
    assert status == 422
    assert "記載についての争い" in text
    clerk.done(stop_path(clerk), step="end", why="和解した")
    assert re.search(r'href="/stops">.*?<b>1</b>件', second.get("/")[1], re.DOTALL)
    assert second.send(waiting, step="verify")[0] == 422
    second.done(stop_path(second), step="confirm")
    assert second.send(waiting, step="verify")[0] == 303
    assert "抑止" not in re.sub(r'<a [^>]*href="[^"]*stop[^"]*"[^>]*>.*?</a>', "", clerk.get(person)[1])
    assert "解除済み" in clerk.get("/stops/ended")[1]
    assert link(clerk.get("/stops/ended")[1], "/stops/")


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ({"stop_words": ""}, "stop_words"),
        ({"stop_until": "R8.11.1"}, "stop_until"),
        ({"stop_cause": ""}, "stop_cause"),
        ({"stop_kind": "ALL"}, "stop_kind"),
        ({"stop_until": "R8"}, "stop_until"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(desk: Desk, more: dict[str, str], wrong: str) -> None:
    clerk = desk.hands(CLERK)
    path = resident_path(clerk, "来訪　1号") + "/stop"
    status, text = clerk.send(path, **(fields_of(clerk.get(path)[1]) | GIVEN | {"step": "place"} | more))
    assert status == 422
    assert f'id="e-{wrong}"' in text


def test_to_ask_first_is_said_before_anything_is_entered_or_verified_and_stops_nothing(desk: Desk) -> None:
    clerk, second = desk.hands(CLERK), desk.hands(VERIFIER)
    person = resident_path(clerk, "来訪　2号")
    placed(clerk, person, stop_kind="ASK_FIRST", stop_words="来庁時に福祉課へ連絡")
    status, text = move(clerk, person, "check")
    assert status == 200
    assert "来庁時に福祉課へ連絡" in text
    assert move(clerk, person, "enter")[0] == 303
    assert "来庁時に福祉課へ連絡" in second.get(entry_path(second))[1]
    for page in ("certificates", "seal", "seal/application", "seal/certificate", "number-change"):
        status, text = clerk.get(f"{person}/{page}")
        assert (status, "来庁時に福祉課へ連絡" in text) == (200, True), page
    assert second.send(entry_path(second), step="verify")[0] == 303


def test_the_same_form_sent_again_places_one_stop_and_a_first_person_confirms_no_end(desk: Desk) -> None:
    both = desk.hands(BOTH)
    person = resident_path(both, "来訪　1号")
    given = fields_of(both.get(f"{person}/stop")[1]) | GIVEN | {"step": "place"}
    both.done(f"{person}/stop", **given)
    both.done(f"{person}/stop", **given)
    assert len(set(re.findall(r'<th scope="row"[^>]*><a href="/stops/', both.get("/stops")[1]))) == 1
    assert both.get("/stops")[1].count("の抑止を開く") == 1
    both.done(stop_path(both), step="end", why="解決")
    mine = both.get(stop_path(both))[1]
    assert 'value="confirm"' not in mine
    assert both.send(stop_path(both), step="confirm")[0] == 422
    both.done(stop_path(both), step="decline")
    assert "抑止中" in both.get("/stops")[1]


def test_who_is_hidden_stands_in_the_list_without_name_or_cause(desk: Desk) -> None:
    node, record = desk.counter.node, desk.family[0]
    protection.apply_for_protection(node, OFFICER, application(record))
    stop = ProcessingStop(StopKind.PAPERS, StopCause.OWN_WISH, "秘密の理由", record.addressee_number)
    assert stops.place_stop(node, OFFICER, "s1", stop) == "s1"
    page = desk.hands(CLERK).get("/stops")[1]
    assert "支援措置担当が取扱い" in page
    assert "秘密の理由" not in page
    assert "来訪　1号" not in page
    assert "本人の申出" not in page
