"""A training copy as it is started: its own database and keys, a directory that says what it is, nobody it could call."""

import http.client
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from daicho.nodes.config import read_config
from daicho.nodes.watch.assembly import found_node
from daicho.wire.directory import TRAINING
from daicho.wire.http import WireUnavailable
from daicho.wire.operations import DIRECTORY_FETCH, DirectoryRequest
from daicho.world.nation import NationRuns
from daicho.world.plan import Places
from daicho.world.training import (
    CODES_IN_STOCK,
    TrainingFailed,
    lower_training,
    planned,
    raise_training,
    remove_training,
    town_of,
)

PEOPLE = 60


def raised(home: Path, **more):
    told = {"municipality": "131016", "people": PEOPLE, "seed": 3, "binaries": None}
    return raise_training(home, said=lambda _: None, **{**told, **more})


@contextmanager
def _another_one_running(home: Path) -> Iterator[None]:
    """Let the copy's process be another one, which is known by its command line."""
    pid = Places(home.resolve()).pid
    own = pid.read_text()
    command = [sys.executable, "-c", "import sys; print(flush=True); sys.stdin.read()  # daicho"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        other.stdout.readline()  # a process that has only just begun has no command line yet
        pid.write_text(str(other.pid))
        try:
            yield
        finally:
            pid.write_text(own)
            other.kill()


def count(copy, query: str) -> int:
    with psycopg.connect(copy.cluster.dsn(copy.plan.database)) as admin:
        row = admin.execute(query.encode()).fetchone()
    return row[0]


def page(copy, path: str) -> tuple[int, str]:
    parts = urlsplit(copy.address)
    connection = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=20)
    connection.request("GET", path, headers={"Host": parts.netloc})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


@pytest.mark.nightly
def test_a_copy_lives_says_what_it_is_calls_nobody_and_is_made_anew(tmp_path: Path, binaries) -> None:
    home = tmp_path / "training"
    copy = raised(home, binaries=binaries)
    try:
        assert count(copy, "select count(*) from register.resident where living") == PEOPLE
        assert count(copy, "select count(*) from codes.stock where not used") == CODES_IN_STOCK
        for path in ("/sign-in", "/paper", "/my-record", "/nowhere"):
            _, text = page(copy, path)
            assert "【研修用】" in text, path
            assert 'class="training-band"' in text, path
        with _another_one_running(home), pytest.raises(NationRuns):
            raised(home)
        _calls_nobody(copy)
        names = count(copy, "select string_agg(kanji, ',' order by addressee_number) from register.resident")
    finally:
        lower_training(copy)
    again = raised(home, people=7, seed=4)
    try:
        assert count(again, "select count(*) from register.resident") == PEOPLE, (
            "a copy that is there goes on"
        )
    finally:
        lower_training(again)
    assert remove_training(Places(home))
    assert not home.exists()
    anew = raised(home)
    try:
        assert (
            count(anew, "select string_agg(kanji, ',' order by addressee_number) from register.resident")
            == names
        )
    finally:
        lower_training(anew)


def _calls_nobody(copy) -> None:
    """Not even somebody who listens where its directory says that the CS is."""
    foundation = found_node(read_config(copy.places.node("training") / "node.toml"), own_signer=False)
    try:
        directory = foundation.node.wire.directory()
        assert directory.profile == TRAINING
        (own_cs,) = (one for one in directory.members if one.name != copy.plan.name)
        with socket.create_server(("127.0.0.1", 0)) as listening:
            listening.settimeout(0.5)
            here = type(own_cs)(**{**_fields(own_cs), "endpoint": f"127.0.0.1:{listening.getsockname()[1]}"})
            with pytest.raises(WireUnavailable):
                foundation.node.wire.post.call(DIRECTORY_FETCH, here, DirectoryRequest(1, b""))
            with pytest.raises(TimeoutError):
                listening.accept()
    finally:
        foundation.close()


def _fields(member):
    return {name: getattr(member, name) for name in type(member).__dataclass_fields__}


def test_a_folder_with_something_else_in_it_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("x")
    with pytest.raises(TrainingFailed):
        raised(tmp_path)
    (tmp_path / "nation.json").write_text(json.dumps({"serial": 1}))
    with pytest.raises(TrainingFailed):
        raised(tmp_path)
    assert not remove_training(Places(tmp_path))
    assert (tmp_path / "letters.txt").read_text() == "x"


def test_a_copy_is_of_a_town_that_there_is_under_a_name_of_its_own() -> None:
    with pytest.raises(ValueError, match="municipality"):
        town_of("131059999")
    plan = planned(town_of("13101"))
    assert "kenshu" in plan.name
    assert "研修用" in plan.title
