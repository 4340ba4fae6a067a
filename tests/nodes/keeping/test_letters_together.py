"""Letters that are handled together come to what they would have come to one by one, in whichever mixture."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import msgspec
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conftest import NIGHTLY
from tests.nodes.mailroom.conftest import make_member
from tests.store.test_identity import code_of, items, person

from daicho.nodes.clock import FixedClock
from daicho.nodes.cs import intake as cs
from daicho.nodes.mailroom import handling
from daicho.nodes.mailroom.handling import Together
from daicho.nodes.national import intake as nation
from daicho.nodes.prefecture import intake as prefecture
from daicho.rules.identity.record import IdentityUpdate, RecordState, UpwardReport
from daicho.rules.network.kinds import NodeKind
from daicho.rules.people.codes import IndividualNumber, MunicipalityCode, mod11_2to7
from daicho.rules.register.reasons import ChangeReason
from daicho.store import mailbox_in
from daicho.store.unit import Store
from daicho.wire.box import put_in_boxes
from daicho.wire.codecs.identity import HallBulk, UpwardBulk
from daicho.wire.codecs.letters import encode
from daicho.wire.operations import Letter
from daicho.wire.vault import Vault

HERE, THERE = MunicipalityCode("13101"), MunicipalityCode("13201")
DAY = date(2026, 11, 20)

# person, sequence, town is ours, number (0: none)
REPORT = st.tuples(
    st.integers(1, 3), st.integers(1, 3), st.sampled_from([True, True, False]), st.integers(0, 2)
)
LETTERS = st.lists(
    st.lists(REPORT, min_size=1, max_size=2, unique_by=lambda one: one[0]) | st.none(), max_size=7
)


def record(number: int, sequence: int, *, ours: bool) -> Any:
    return person(
        number,
        municipality_code=HERE if ours else THERE,
        update_sequence=sequence,
        record_state=RecordState.LIVING,
        change_reason=ChangeReason.MOVE_IN if sequence == 1 else ChangeReason.MOVE_WITHIN,
        change_date=DAY,
        address=f"本町{sequence}番",
    ).record


def number_of(place: int) -> IndividualNumber | None:
    digits = f"9000000000{place}"
    return IndividualNumber(f"{digits}{mod11_2to7(digits)}") if place else None


class Party:
    """A node with a real database that takes letters of one sender."""

    def __init__(self, databases: Any, kind: NodeKind, sender: NodeKind, handler: Any, name: str) -> None:
        self.addresses = databases.fresh(kind.value.lower())
        self.store = Store(self.addresses["app"], read_dsn=self.addresses["read"], pool_connections=2)
        me, self.key = make_member("me", kind)
        peers = {one: make_member(one.value.lower(), one)[0] for one in NodeKind}
        peers[NodeKind.CS] = replace(peers[NodeKind.CS], municipality=HERE)
        peers[NodeKind.REGISTRY] = replace(peers[NodeKind.REGISTRY], municipality=HERE)
        self.sender = peers[sender]
        directory = SimpleNamespace(
            member=lambda _: self.sender,
            national=lambda: peers[NodeKind.NATIONAL],
            prefecture=lambda _: peers[NodeKind.PREFECTURE],
            cs_of=lambda _: peers[NodeKind.CS],
            registry_of=lambda _: peers[NodeKind.REGISTRY],
        )
        self.node = SimpleNamespace(
            me=replace(me, municipality=HERE), store=self.store, wire=SimpleNamespace(directory=lambda: directory),
            clock=FixedClock(datetime(2026, 11, 20, 3, tzinfo=UTC)), vault=Vault(bytes(32)), limits={},
        )  # fmt: skip
        self.handlers = {name: handler}
        self.kind = name
        self._count = 0

    def keep(self, contents: Sequence[bytes]) -> None:
        from base64 import urlsafe_b64decode

        letters = []
        for content in contents:
            self._count += 1
            box = put_in_boxes([content], receiver_public_key=urlsafe_b64decode(self.node.me.box_key))[0]
            letter = msgspec.json.encode(Letter(f"{self._count:032x}", self.kind, box))
            letters.append(mailbox_in.IncomingLetter(f"{self._count:032x}", self._count, self.kind, letter))
        with self.store.unit() as unit:
            mailbox_in.open_stream(unit, str(self.sender.name))
            mailbox_in.keep(unit, str(self.sender.name), 1, letters, seal_hash="", now=self.node.clock.now())

    def handle(self) -> None:
        while handling.handle_next(self.node, self.handlers, self.key, str(self.sender.name)):
            pass

    def state(self) -> dict[str, list[Any]]:
        queries = {
            "fates": "select number, state, outcome, reason, field from mailbox.inbox order by number",
            "records": "select resident_record_code, update_sequence, address, municipality_code, record_state"
            " from identity.record order by 1",
            "history": "select resident_record_code, update_sequence from identity.history order by 1, 2",
            "letters": "select receiver, kind, supersede_key, supersede_rank from mailbox.outbox order by 1, 2, 3, 4",
            "numbers": "select resident_record_code, lookup from numbers.individual_number order by 1, 2",
            "lines": "select event, subject, convert_from(body, 'UTF8')::json->>'outcome' from ledger.line"
            " order by 1, 2, 3",
        }
        with psycopg.connect(self.addresses["admin"]) as admin:
            return {name: admin.execute(query).fetchall() for name, query in queries.items()}


def _upward(letter: list[Any] | None) -> bytes:
    if letter is None:
        return b'{"reports": 3}'
    return encode(
        UpwardBulk(tuple(UpwardReport(record(n, s, ours=o), number_of(m)) for n, s, o, m in letter))
    )


def _hall(letter: list[Any] | None) -> bytes:
    if letter is None:
        return b"[]"
    updates = tuple(
        IdentityUpdate(
            record(n, s, ours=o), items(timestamp=datetime(2026, 11, 20, 1, tzinfo=UTC)), number_of(m)
        )
        for n, s, o, m in letter
    )
    return encode(HallBulk(updates, "e"))


PARTIES: dict[str, tuple[NodeKind, NodeKind, Any, str, Callable[[Any], bytes]]] = {
    "CS": (NodeKind.CS, NodeKind.REGISTRY, Together(HallBulk, cs.take_entries), "register.entry", _hall),
    "prefecture": (
        NodeKind.PREFECTURE, NodeKind.CS, Together(UpwardBulk, prefecture.take_reports), "identity.report", _upward,
    ),
    "nation": (
        NodeKind.NATIONAL, NodeKind.PREFECTURE, Together(UpwardBulk, nation.take_reports), "identity.report", _upward,
    ),
}  # fmt: skip


@pytest.mark.parametrize("level", PARTIES)
@settings(max_examples=100 if NIGHTLY else 10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(letters=LETTERS)
def test_together_is_as_one_by_one(databases: Any, level: str, letters: list[Any]) -> None:
    *who, write = PARTIES[level]
    contents = [write(letter) for letter in letters]
    together, alone = Party(databases, *who), Party(databases, *who)
    try:
        together.keep(contents)
        together.handle()
        for content in contents:
            alone.keep([content])
            alone.handle()
        assert together.state() == alone.state()
        assert all(fate[1] == "settled" for fate in together.state()["fates"])
    finally:
        for party in (together, alone):
            party.store.close()
            databases.drop(party.addresses)


def test_a_number_that_is_somebody_elses_refuses_its_letter_and_no_other(databases: Any) -> None:
    *who, write = PARTIES["prefecture"]
    party = Party(databases, *who)
    try:
        party.keep(
            [write([(1, 1, True, 1)]), write([(2, 1, True, 1), (3, 1, True, 2)]), write([(4, 1, True, 0)])]
        )
        party.handle()
        state = party.state()
        assert [fate[2] for fate in state["fates"]] == ["accepted", "refused", "accepted"]
        assert [row[0] for row in state["records"]] == [str(code_of(1)), str(code_of(4))]
        assert [row[0] for row in state["numbers"]] == [
            str(code_of(1))
        ]  # nothing of the refused letter stays
    finally:
        party.store.close()
        databases.drop(party.addresses)
