"""One life of two nodes with running mailrooms, in a process that a seam may kill.

Usage: python one_life.py SETTINGS   (JSON: parties with addresses and keys, letters to post, seams to arm)
"""

import importlib.util
import json
import sys
import time
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from daicho.nodes import seams
from daicho.nodes.clock import RealClock
from daicho.nodes.mailroom.jobs import MailroomLoops
from daicho.nodes.watch.meter import Meter
from daicho.rules.network.kinds import Member, NodeKind, NodeName
from daicho.store.unit import Store

LIFE_SECONDS = 40
ALONE = 6


def main(settings: dict) -> int:
    place = Path(__file__).with_name("conftest.py")
    spec = importlib.util.spec_from_file_location("parties", place)
    parties = importlib.util.module_from_spec(spec)
    sys.modules["parties"] = parties
    spec.loader.exec_module(parties)
    line = parties.Line()
    made = []
    for one in settings["parties"]:
        member = Member(
            NodeName(one["name"]), NodeKind.CS, "", "127.0.0.1:1", (), "", one["box"], prefecture="13"
        )
        store = Store(one["app"], pool_connections=8, watch=Meter())
        wire = SimpleNamespace(post=line.post_of(member), directory=line.directory)
        node = SimpleNamespace(me=member, store=store, wire=wire, clock=RealClock(timedelta(0)))
        party = parties.Party(node, bytes.fromhex(one["key"]))
        party.handlers["note"] = parties.write_effect(party)
        line.parties[party.name] = party
        made.append(party)
    town, prefecture = made
    already = town.rows("select count(*) from mailbox.outbox")[0][0]
    seams.arm_all(settings["seams"])
    loops = [MailroomLoops(party.node, party.handlers, party.box_key) for party in made]
    for one in loops:
        one.start()
    end = time.monotonic() + LIFE_SECONDS
    for number in range(already, settings["letters"]):
        town.post(prefecture, f"{number}".encode())
        # The first ones travel alone, so that every seam is passed several times; the others in batches.
        if number < ALONE and not _settled(town, end):
            return 3
    if not _settled(town, end):
        return 3
    for one in loops:
        one.stop()
    return 0


def _settled(town: Any, end: float) -> bool:
    while town.rows("select count(*) from mailbox.outbox where state <> 'settled'") != [(0,)]:
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
