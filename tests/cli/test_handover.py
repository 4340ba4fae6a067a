"""`daicho migrate-in` and `migrate-out` as whoever sits at the machine uses them."""

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import click
import pytest
from click.testing import CliRunner
from tests.nodes.registry import conftest as register_hands
from tests.nodes.registry.test_handover import elsewhere, swap, town
from tests.nodes.registry.test_handover_orders import asked, decided, enrolled

from daicho.cli import handover, node_access
from daicho.cli.handover import migrate_in, migrate_out
from daicho.nodes.registry import deferral
from daicho.rules.deferral.affair import AffairKind, AffairState, DeferredAffair
from daicho.rules.handover.order import HandoverOrder, HandoverWay

__all__ = ["elsewhere", "town"]  # fixtures
counter, move_in, comer = register_hands.counter, register_hands.move_in, register_hands.comer


@dataclass
class Opened:
    """A node as the command line opens it."""

    node: Any
    config: Any = None


@pytest.fixture
def command(town, elsewhere, monkeypatch):
    """Run a command beside one of two nodes."""
    nodes = {"old": town, "new": elsewhere}

    @contextmanager
    def opened(_home, short):
        yield Opened(nodes[short].node)

    people = {"KANRI-01": town.admin, "SEKININ-01": town.officer}
    monkeypatch.setattr(handover, "opened_node", opened)
    monkeypatch.setattr(handover, "operator_of", lambda _opened, login_id: people[login_id])
    return lambda what, *words: CliRunner().invoke(what, [str(one) for one in words])


def test_a_town_goes_out_is_checked_loaded_and_compared(command, tmp_path):
    folder = tmp_path / "out"
    done = command(migrate_out, folder, "--node", "old", "--purpose", "更改")
    assert done.exit_code == 0, done.output
    assert "versions.csv" in done.output
    assert "支援措置の申請" not in done.output, "what waits for nobody is not named"
    again = command(migrate_out, folder, "--node", "old", "--purpose", "更改")
    assert (again.exit_code, "すでにあります" in again.output) == (1, True)
    for way, words in (
        ("--check", "誤りはありません"),
        ("--load", "取り込みました"),
        ("--compare", "一致しています"),
    ):
        done = command(migrate_in, folder, "--node", "new", way)
        assert done.exit_code == 0, done.output
        assert words in done.output
    assert "住民票コード　あり" in done.output
    full = command(migrate_in, folder, "--node", "new", "--load")
    assert (full.exit_code, "すでに記録があります" in full.output) == (1, True)


def test_faults_stand_in_a_file_that_its_owner_alone_reads_and_that_tells_nobodys_items(
    command, town, tmp_path, monkeypatch
):
    folder = tmp_path / "out"
    command(migrate_out, folder, "--node", "old", "--purpose", "更改")
    text = (folder / "permits.csv").read_text("utf-8").splitlines()
    (folder / "permits.csv").write_text("p1,渡邉　花子\n" + "\n".join(text[1:]) + "\n", "utf-8")
    (folder / "=cmd()").write_text("x")
    monkeypatch.chdir(folder)
    done = command(migrate_in, ".", "--node", "new")
    assert done.exit_code == 1
    errors = tmp_path / "out.errors.csv"
    told = errors.read_text("utf-8")
    assert errors.stat().st_mode & 0o077 == 0
    assert "渡邉" not in told + done.output
    assert "permits.csv,1,#2,COLUMN_UNKNOWN" in told
    assert "\n'=cmd(),0,,FILE_UNKNOWN" in told
    command(migrate_in, ".", "--node", "new")
    assert errors.read_text("utf-8") == told
    assert (tmp_path / "out.errors-2.csv").exists(), "nothing is written over"


def test_nothing_is_written_through_a_link_that_lies_there(command, tmp_path):
    folder = tmp_path / "out"
    command(migrate_out, folder, "--node", "old", "--purpose", "更改")
    swap(folder, "permits.csv", "使わない許可", "使わぬ許可")
    victim = tmp_path / "victim"
    victim.write_text("x")
    (tmp_path / "out.errors.csv").symlink_to(victim)
    assert command(migrate_in, folder, "--node", "new").exit_code == 1
    assert victim.read_text() == "x"


def test_what_waits_is_named_and_an_affair_of_the_line_stops_the_writing(command, town, tmp_path):
    affair = deferral.put_off(town.node, town.clerk, DeferredAffair(AffairKind.OTHER, "照会"), terminal="t1")
    done = command(migrate_out, tmp_path / "out", "--node", "old", "--purpose", "更改")
    assert (done.exit_code, "AFFAIRS_WAIT" in done.output) == (1, True)
    deferral.finish(town.node, town.clerk, affair.affair_id, AffairState.FINISHED, "照会した", terminal="t1")
    done = command(migrate_out, tmp_path / "out", "--node", "old", "--purpose", "更改")
    assert done.exit_code == 0, done.output


def test_a_real_town_is_moved_by_orders_that_two_people_gave_at_the_terminal(
    town, elsewhere, tmp_path, monkeypatch
):
    """Beside the node's own configuration, with no demonstration on the machine."""
    config = tmp_path / "node.toml"
    config.write_text("")
    monkeypatch.setattr(town.node.wire.directory(), "profile", "production")
    monkeypatch.setattr(handover, "read_config", lambda path: path)

    def run(counter, what, *words):
        opened = Opened(counter.node)
        opened.close = lambda: None
        monkeypatch.setattr(handover, "found_node", lambda _config, **_more: opened)
        return CliRunner().invoke(what, [str(one) for one in ("--config", config, *words)])

    def ordered(counter, order):
        number = asked(enrolled(counter), order)
        assert decided(counter, number) is None
        return number

    folder = tmp_path / "out"
    assert run(town, migrate_out, folder, "--purpose", "更改").exit_code == 2, "no order"
    number = ordered(town, HandoverOrder(HandoverWay.OUT, "更改"))
    done = run(town, migrate_out, folder, "--order", number)
    assert done.exit_code == 0, done.output
    again = run(town, migrate_out, tmp_path / "more", "--order", number)
    assert (again.exit_code, "ORDER_USED" in again.output) == (1, True)
    assert not (tmp_path / "more").exists()
    manifest = hashlib.sha256((folder / "manifest.csv").read_bytes()).hexdigest()
    number = ordered(elsewhere, HandoverOrder(HandoverWay.IN, "更改", manifest))
    for way, words in (
        ("--check", "誤りはありません"),
        ("--load", "取り込みました"),
        ("--compare", "一致しています"),
    ):
        done = run(elsewhere, migrate_in, folder, way, "--order", number)
        assert done.exit_code == 0, done.output
        assert words in done.output


def test_no_real_town_is_moved_from_a_command_line_at_which_nobody_proves_who_they_are(town, monkeypatch):
    monkeypatch.setattr(town.node.wire.directory(), "profile", "production")
    with pytest.raises(click.ClickException, match="デモ環境だけ"):
        node_access.operator_of(
            Opened(town.node, SimpleNamespace(terminal=None, name=str(town.node.me.name))), "KANRI-01"
        )


def test_the_last_small_files_of_a_folder_are_not_told_of_one_by_one(capsys):
    with handover._told("書き出し") as told:
        for lines in (40, 75_000, 75_016, 75_017, 75_022):
            told(lines)
    assert capsys.readouterr().out.split() == ["書き出し", "75,000", "行", "75,022", "行"]
