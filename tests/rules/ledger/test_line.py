"""The bytes of a line, to which every later proof commits: they never change."""

import hashlib
from datetime import UTC, date, datetime

from daicho.rules.ledger.events import Event
from daicho.rules.ledger.line import LedgerLine

AT = datetime(2026, 11, 20, 1, 2, 3, 456, tzinfo=UTC)


def test_every_item_has_its_key_and_an_empty_one_has_none():
    line = LedgerLine(
        Event.PROVISION_GRANTED, AT, date(2026, 11, 20), "national", b"\x0f" * 16, "LOGIN", "ROLE", "端末1", "許可の審査",
        "1/97", "subject", "granted", "agency", {"b": "2", "a": "1"},
    )  # fmt: skip
    assert line.body().decode() == (
        '{"at":"2026-11-20T01:02:03.000456+00:00","basis":"1/97","business_day":"2026-11-20","detail":{"a":"1","b":"2"},'
        f'"event":"{Event.PROVISION_GRANTED.value}","node":"national","operator":"LOGIN","outcome":"granted","peer":"agency",'
        f'"purpose":"許可の審査","role":"ROLE","salt":"{"0f" * 16}","subject":"subject","terminal":"端末1"}}'
    )
    assert line.hash() == hashlib.sha256(b"\x00" + line.body()).digest()
    bare = LedgerLine(Event.NODE_STARTED, AT, date(2026, 11, 20), "cs", b"\x01")
    assert bare.body().decode() == (
        '{"at":"2026-11-20T01:02:03.000456+00:00","business_day":"2026-11-20",'
        f'"event":"{Event.NODE_STARTED.value}","node":"cs","salt":"01"}}'
    )
