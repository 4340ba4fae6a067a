"""再製 from the order at a CS over the command to the list of records that wait to be completed, by requests and commands."""

import hashlib
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner
from tests.faces.terminal.conftest import running
from tests.faces.terminal.test_handover_orders import ADMIN, CLERK, OFFICER
from tests.faces.terminal.test_requests import signed_in
from tests.faces.terminal.test_upkeep_requests import Hands
from tests.nodes.registry import conftest as register_hands
from tests.nodes.registry.test_handover_orders import asked, decided, enrolled
from tests.nodes.registry.test_rebuilding import anew, cs, from_prefecture, server, take, town

from daicho.cli import handover
from daicho.cli.handover import migrate_in, migrate_out, rebuild_register
from daicho.faces.desks.handover_orders import HandoverDesk, RebuiltDesk
from daicho.faces.desks.letters import LetterDesk
from daicho.faces.desks.registry import CounterDesk
from daicho.faces.desks.upkeep import UpkeepDesk
from daicho.faces.terminal.desk import Desks
from daicho.nodes.office.desk import Person
from daicho.nodes.office.operators import enrol, enrol_demo_credential
from daicho.nodes.registry.rebuilt import completing
from daicho.rules.handover.order import HandoverOrder, HandoverWay
from daicho.rules.network.kinds import NodeKind
from daicho.rules.operators.authority import Operator, Role
from daicho.rules.protection.veil import WITHHELD
from daicho.store import handover_orders

__all__ = ["anew", "cs", "town"]  # fixtures
counter, move_in, comer = register_hands.counter, register_hands.move_in, register_hands.comer


def ordered_at(node: Any, **fields: str) -> str:
    """Let two people give an order at the terminal of a node that keeps no register; gives the form as it was shown."""
    with running(
        node.store, node.me.kind, given=Desks(handover=HandoverDesk(node)), clock=node.clock
    ) as terminal:
        person = Person(Operator(OFFICER, "SEKININ-1", (Role.SECURITY_OFFICER,)), "関　守", "情報政策課")
        enrol(terminal.office, person)
        enrol_demo_credential(terminal.office, OFFICER)
        admin, officer = (Hands(terminal.url, *signed_in(terminal.url, one)) for one in (ADMIN, OFFICER))
        shown = admin.get("/handover-orders")[1]
        assert admin.send("/handover-orders", **(fields | {"way": "IN"}))[0] == 422
        assert "承認待ち" in admin.done("/handover-orders", **(fields | {"way": "OUT"}))
        officer.done("/handover-approvals", step="accept", number="1", why="")
    return shown


def run(monkeypatch: pytest.MonkeyPatch, node: Any, what: Any, *words: object) -> Any:
    opened = SimpleNamespace(node=node, close=lambda: None)
    monkeypatch.setattr(handover, "read_config", lambda path: path)
    monkeypatch.setattr(handover, "found_node", lambda _config, **_more: opened)
    return CliRunner().invoke(what, [str(one) for one in words])


@pytest.mark.requirement("R-046")
def test_a_lost_register_is_ordered_back_at_the_cs_loaded_and_completed(
    town: Any, cs: Any, anew: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config, folder = tmp_path / "node.toml", tmp_path / "out"
    config.write_text("")
    shown = ordered_at(cs, purpose="滅失", ledger_lost="yes")
    monkeypatch.setattr(handover, "close_lost_ledger", lambda *_people, **_words: "registry.example")
    assert ("daicho rebuild" in shown, "manifest" in shown) == (True, False)
    assert run(monkeypatch, cs, rebuild_register, folder, "--config", config).exit_code == 2, "no order"
    folder.mkdir()
    there = run(monkeypatch, cs, rebuild_register, folder, "--config", config, "--order", 1)
    assert (there.exit_code, "すでにあります" in there.output) == (1, True)
    folder.rmdir()
    elsewhere = run(monkeypatch, cs, migrate_out, folder, "--config", config, "--order", 1)
    assert elsewhere.exit_code == 2, "a CS keeps no register; neither used the order up"
    done = run(monkeypatch, cs, rebuild_register, folder, "--config", config, "--order", 1)
    assert done.exit_code == 0, done.output
    assert "申出を受け直して" in done.output
    assert "打ち切りました: registry.example" in done.output
    again = run(monkeypatch, cs, rebuild_register, tmp_path / "more", "--config", config, "--order", 1)
    assert (again.exit_code, "ORDER_USED" in again.output) == (1, True)
    manifest = hashlib.sha256((folder / "manifest.csv").read_bytes()).hexdigest()
    number = asked(enrolled(anew), HandoverOrder(HandoverWay.IN, "滅失", manifest))
    assert decided(anew, number) is None
    ways = (
        ("--check", "出所: コミュニケーションサーバ"),
        ("--load", "取り込みました"),
        ("--compare", "一致しています"),
    )
    for way, words in ways:
        done = run(monkeypatch, anew.node, migrate_in, folder, way, "--config", config, "--order", number)
        assert (done.exit_code, words in done.output) == (0, True), done.output
    node = anew.node
    desks = Desks(
        LetterDesk(node), registry=CounterDesk(node), upkeep=UpkeepDesk(node), handover=HandoverDesk(node),
        rebuilt=RebuiltDesk(node),
    )  # fmt: skip
    with running(node.store, NodeKind.REGISTRY, given=desks, clock=node.clock) as terminal:
        clerk = Hands(terminal.url, *signed_in(terminal.url, CLERK))
        assert 'href="/rebuilt"' in clerk.get("/upkeep")[1]
        text = clerk.get("/rebuilt")[1]
        assert "補完を待つ住民票が6件あります" in text
        people = re.findall(r'href="(/residents/[^"]+)">([^<]+)', text)
        assert len(people) == 6
        assert WITHHELD in text, "whoever is kept back shows no address"
        assert clerk.get(people[0][0])[0] == 200
        assert clerk.get("/rebuilt?after=x")[0] == 200
        assert "支援措置の再登録の確認" not in text
        monkeypatch.setattr(completing, "SHOWN_ROWS", 4)
        behind = re.search(r"/rebuilt\?after=([^\"]+)", clerk.get("/rebuilt")[1])
        assert behind is not None
        assert len(behind[1]) > 20, "no number stands in an address"
        assert len(re.findall('href="/residents/', clerk.get(f"/rebuilt?after={behind[1]}")[1])) == 2
        assert Hands(terminal.url, *signed_in(terminal.url, ADMIN)).get("/rebuilt")[0] == 403
    listed = [one for one in anew.lines() if one[0] == "register:record:shown"]
    assert len({one[2] for one in listed}) >= 6


def test_a_prefecture_names_the_town_of_which_it_writes(database: Any, clock: Any) -> None:
    prefecture = server(NodeKind.PREFECTURE, database, clock)
    shown = ordered_at(
        prefecture, **{"purpose": "滅失", "order-municipality": "131016", "ledger_lost": "yes"}
    )
    assert "台帳を失った市区町村" in shown
    with prefecture.store.reading() as unit:
        (row,) = handover_orders.newest_orders(unit, limit_rows=2)
    assert '"ledger_lost":true' in row.body.replace(" ", "")


@pytest.mark.requirement("R-046")
def test_two_people_say_at_their_terminals_that_the_measures_are_entered_again(
    town: Any, cs: Any, anew: Any, database: Any, clock: Any, tmp_path: Path
) -> None:
    take(anew, from_prefecture(town, cs, anew, database, clock, tmp_path), tell_cs=True)
    node, said = anew.node, "確かめました</button>"
    desks = Desks(
        LetterDesk(node), registry=CounterDesk(node), upkeep=UpkeepDesk(node), handover=HandoverDesk(node),
        rebuilt=RebuiltDesk(node),
    )  # fmt: skip
    with running(node.store, NodeKind.REGISTRY, given=desks, clock=node.clock) as terminal:
        person = Person(Operator(OFFICER, "SEKININ-1", (Role.SECURITY_OFFICER,)), "関　守", "情報政策課")
        enrol(terminal.office, person)
        enrol_demo_credential(terminal.office, OFFICER)
        clerk, officer, protector = (
            Hands(terminal.url, *signed_in(terminal.url, one)) for one in (CLERK, OFFICER, "S4001")
        )
        text = clerk.get("/rebuilt")[1]
        assert (WITHHELD in text, "架空町" in text, said in text) == (True, False, False)
        assert clerk.send("/rebuilt", step="measures")[0] == 422
        assert said in protector.get("/rebuilt")[1]
        assert "再登録の確認を記録しました" in protector.done("/rebuilt", step="measures")
        assert "架空町" not in clerk.get("/rebuilt")[1]
        assert said in officer.get("/handover-approvals")[1]
        done = officer.done("/handover-approvals", step="measures")
        assert ("再登録の確認を記録しました" in done, "支援措置担当</dt>" in done) == (True, False)
        assert WITHHELD not in clerk.get("/rebuilt")[1]
