"""Killed at any seam of the mailroom, the nodes come back and the outcome is the same."""

import json
import signal
import subprocess
import sys
from base64 import urlsafe_b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.conftest import NIGHTLY

from daicho.nodes import seams
from daicho.nodes.seams import UnknownSeam
from daicho.wire.box import box_public_key, make_box_key

LETTERS = 60
# What a mailroom passes when letters simply travel; a fault's ways are killed on a whole nation.
UNITS = ("take", "mark", "keep", "handle", "outcomes", "told") if NIGHTLY else ("keep",)
WHERE_IT_MATTERS = sorted(
    {name for name in seams.BETWEEN if name.startswith("mailroom.")}
    | {f"mailroom.{unit}.{edge}" for unit in UNITS for edge in ("before_commit", "after_commit")}
)
PASSINGS = (1, 2, 3, 5) if NIGHTLY else (2,)


def live_once(parties: list[dict[str, str]], armed: dict[str, int]) -> int:
    settings = json.dumps({"parties": parties, "letters": LETTERS, "seams": armed})
    script = str(Path(__file__).with_name("one_life.py"))
    return subprocess.run([sys.executable, script, settings], timeout=120, check=False).returncode


@pytest.fixture
def two(fresh_dsn: Callable[[str], dict[str, str]]) -> list[dict[str, str]]:
    made = []
    for name in ("cs.m131016.p13.daicho.internal", "prefecture.p13.daicho.internal"):
        addresses, key = fresh_dsn("cs"), make_box_key()
        with psycopg.connect(addresses["admin"]) as admin:
            admin.execute(
                "create table public.effect (seq bigint generated always as identity, sender text, content text)"
            )
            admin.execute("grant all on public.effect to public")
        box = urlsafe_b64encode(box_public_key(key)).decode()
        made.append(
            {"name": name, "app": addresses["app"], "admin": addresses["admin"], "key": key.hex(), "box": box}
        )
    return made


def only_column(address: str, query: str) -> list[Any]:
    with psycopg.connect(address) as connection:
        return [row[0] for row in connection.execute(query.encode()).fetchall()]


@pytest.mark.parametrize("passing", PASSINGS)
@pytest.mark.parametrize("seam", WHERE_IT_MATTERS)
def test_killed_at_a_seam_nothing_is_lost_and_nothing_doubled(
    two: list[dict[str, str]], seam: str, passing: int
) -> None:
    assert live_once(two, {seam: passing}) == -signal.SIGKILL, "the seam was never passed"
    assert live_once(two, {}) == 0
    expected = [str(number) for number in range(LETTERS)]
    assert only_column(two[1]["admin"], "select content from public.effect order by seq") == expected
    outcomes = only_column(two[0]["admin"], "select outcome from mailbox.outbox order by seq")
    assert outcomes == ["accepted"] * LETTERS
    assert only_column(two[1]["admin"], "select count(*) from mailbox.inbox") == [LETTERS]


def test_there_are_at_least_sixty_seams_and_an_unknown_one_is_an_error() -> None:
    assert len(seams.SEAMS) >= 60
    for use in (seams.at, seams.arm):
        with pytest.raises(UnknownSeam):
            use("mailroom.nowhere")


def test_an_armed_seam_acts_once_at_the_wanted_passing() -> None:
    acted: list[int] = []
    seams.arm("mailroom.after_send", passing=2, action=lambda: acted.append(1))
    seams.at("mailroom.after_send")
    assert acted == []
    seams.at("mailroom.after_send")
    seams.at("mailroom.after_send")
    assert acted == [1]
    seams.arm("mailroom.after_send", action=lambda: acted.append(2))
    seams.disarm()
    seams.at("mailroom.after_send")
    assert acted == [1]
