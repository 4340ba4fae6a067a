"""What monitoring software hears of a running node: alive, ready, figures that promtool accepts, and nobody's name."""

import http.client
import json
import shutil
import subprocess
from typing import Any

import msgspec
import pytest
from prometheus_client.parser import text_string_to_metric_families
from tests.faces.exchange.conftest import Country, Running, until

from daicho.nodes.config import MonitorConfig
from daicho.nodes.watch.standing import Worry, stand, worries
from daicho.store.launcher import free_port

PREFECTURE, CS = "prefecture.p13", "cs.m131016.p13"


def asked(node: Running, path: str, method: str = "GET") -> tuple[int, str]:
    assert node.node.config.monitor is not None
    line = http.client.HTTPConnection("127.0.0.1", node.node.config.monitor.port, timeout=10)
    line.request(method, path)
    with line.getresponse() as answer:
        told = answer.read().decode()
    line.close()
    return answer.status, told


def figures(node: Running) -> dict[tuple[str, ...], float]:
    """Every sample by its name and its labels' values."""
    status, text = asked(node, "/metrics")
    assert status == 200
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.fixture
def watched(new_country: Country, run_node: Any) -> Running:
    return run_node(PREFECTURE, new_country, monitor=MonitorConfig(free_port()))


def test_a_node_is_alive_and_ready(watched: Running) -> None:
    assert asked(watched, "/live") == (200, "{}")
    status, told = asked(watched, "/ready")
    assert status == 200
    assert json.loads(told)["database"] is True
    assert asked(watched, "/live", "POST")[0] == 405
    assert asked(watched, "/residents")[0] == 404


def test_a_node_without_its_signer_is_alive_and_not_ready(watched: Running, monkeypatch: Any) -> None:
    signer = watched.node.foundation.signer
    monkeypatch.setattr(signer, "ensure", lambda: None)  # nobody starts it again
    signer.stop()
    watched.node.foundation.node.wire.signer.close()
    until(lambda: asked(watched, "/ready")[0] == 503)
    assert asked(watched, "/live")[0] == 200
    found = figures(watched)
    assert found["daicho_part_up", "signer"] == 0
    assert found["daicho_worry", "signer"] == 1
    assert found["daicho_part_up", "database"] == 1


def test_letters_answers_and_transactions_are_counted(watched: Running, new_country: Country) -> None:
    sender = new_country[CS]
    with sender.line(watched.port, watched.name) as line:
        for number in (1, 2):
            assert line.ask("/v1/letters/deliver", sender.letter(watched.name, first=number)).status == 200
        assert line.ask("/v1/letters/deliver", b"nonsense").status == 400
    until(lambda: figures(watched).get(("daicho_inbox_letters", sender.name)) == 0)
    found = figures(watched)
    assert found["daicho_answers_total", "letters.deliver", "200"] == 2
    assert found["daicho_answers_total", "letters.deliver", "400"] == 1
    assert found["daicho_unit_seconds_count", "mailroom.keep"] == 2
    assert found["daicho_certificate_seconds",] > 6 * 86_400
    assert found["daicho_directory_seconds",] > 23 * 3_600
    until(lambda: figures(watched)["daicho_ledger_signed_lines",] >= 1)


def test_what_somebody_should_look_at_is_named(watched: Running) -> None:
    from dataclasses import replace
    from datetime import timedelta

    foundation = watched.node.foundation
    seen = stand(foundation.node, foundation.files)
    assert worries(seen) == ()
    late = replace(
        seen,
        at=seen.at + timedelta(days=20),
        returned_letters=1,
        health=msgspec.structs.replace(seen.health, database=False, signer=False, certificate_days=1.9),
        ledger=replace(seen.ledger, lines=5, witnessed_lines=None) if seen.ledger else None,
    )
    assert set(worries(late)) == {
        Worry.DATABASE, Worry.SIGNER, Worry.DIRECTORY, Worry.CERTIFICATE, Worry.RETURNED_LETTERS,
    }  # fmt: skip
    assert Worry.NO_WITNESS in worries(replace(late, witness="national.n.daicho.internal"))


@pytest.fixture(scope="module")
def promtool(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Debian's promtool, without the server that comes with it."""
    found = shutil.which("promtool")
    if found is None:
        folder = tmp_path_factory.mktemp("promtool")
        subprocess.run(["apt-get", "download", "-q", "prometheus"], cwd=folder, check=True)
        (package,) = folder.glob("*.deb")
        subprocess.run(["dpkg", "-x", str(package), str(folder / "x")], check=True)
        found = str(folder / "x" / "usr" / "bin" / "promtool")
    return found


@pytest.mark.nightly
def test_promtool_has_nothing_to_say(watched: Running, promtool: str) -> None:
    _, text = asked(watched, "/metrics")
    told = subprocess.run(
        [promtool, "check", "metrics"], input=text, capture_output=True, text=True, check=False
    )
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1"])  # noqa: S104 - it is refused
def test_strangers_are_told_no_figures(host: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"host": host, "port": 1}, type=MonitorConfig)
