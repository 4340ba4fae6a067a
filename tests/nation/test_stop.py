"""A node that is told to stop while it works finishes what it answers and ends within five seconds."""

import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.nation.conftest import REGISTRY, arrived, move_within, rows_of, until

from daicho.nodes.agency.ask import ask_nation
from daicho.nodes.config import read_config
from daicho.nodes.watch.assembly import Foundation, found_node
from daicho.wire.http import WireUnavailable
from daicho.wire.operations import LookUpRequest, SearchTermsText
from daicho.world.nation import Nation

pytestmark = [pytest.mark.nation]

AGENCY = "agency-kensetsu"
STOP_SECONDS = 5.0
ASKERS = 4


def _ask_on(foundation: Foundation, until_told: threading.Event) -> list[str]:
    """Ask without pause; give the answers that came."""
    answers = []
    while not until_told.is_set():
        request = LookUpRequest(
            foundation.node.clock.new_id(), SearchTermsText(name="佐藤　太郎", birth_date="1970-03-10"), "1/97",
            "建設業の許可の審査", "KENSETSU-01", "SHINSA", "tanmatsu-1", foundation.node.clock.business_today().isoformat(),
        )  # fmt: skip
        try:
            answers.append(ask_nation(foundation.node, request).answer_id)
        except WireUnavailable:
            until_told.wait(0.05)
    return answers


def test_a_node_under_load_ends_within_five_seconds_and_every_answer_has_its_line(nation: Nation) -> None:
    foundation = found_node(read_config(nation.places.node(AGENCY) / "node.toml"), own_signer=False)
    enough = threading.Event()
    child = nation.supervisor.child("national")
    process = child.process
    assert process is not None
    before = rows_of(nation, "national", "select count(*) from ledger.line where event like 'provision%%'")[
        0
    ][0]
    try:
        with ThreadPoolExecutor(ASKERS) as askers:
            asking = [askers.submit(_ask_on, foundation, enough) for _ in range(ASKERS)]
            count = "select count(*) > %s from ledger.line where event like 'provision%%'"
            until(lambda: rows_of(nation, "national", count, int(str(before)) + 20) == [(True,)], nation)
            begun = time.monotonic()
            process.send_signal(signal.SIGTERM)
            assert process.wait(STOP_SECONDS * 3) == 0
            spent = time.monotonic() - begun
            enough.set()
            answers = [answer for one in asking for answer in one.result()]
    finally:
        enough.set()
        foundation.close()
        child.history.clear()
        nation.supervisor.start_one("national")
    assert spent <= STOP_SECONDS
    noted = rows_of(
        nation, "national",
        "select convert_from(body, 'UTF8')::jsonb->'detail'->>'answer' from ledger.line where event like 'provision%%'",
    )  # fmt: skip
    assert len(answers) >= 20
    assert set(answers) <= {str(row[0]) for row in noted}


@pytest.mark.nightly
@pytest.mark.parametrize("short", [REGISTRY, "cs-m132012", "prefecture-p13"])
def test_a_node_that_sends_letters_ends_within_five_seconds_and_loses_none(
    nation: Nation, short: str
) -> None:
    child = nation.supervisor.child(short)
    process = child.process
    assert process is not None
    block = f"6番{len(short)}号"
    code = move_within(nation, block)
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(STOP_SECONDS * 3) == 0
    spent = time.monotonic() - begun
    child.history.clear()
    nation.supervisor.start_one(short)
    assert spent <= STOP_SECONDS
    until(arrived(nation, code, block), nation)
