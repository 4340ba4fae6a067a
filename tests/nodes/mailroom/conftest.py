"""Two nodes with real databases and a post between them that can lose, repeat and delay."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import msgspec
import psycopg
import pytest

from daicho.nodes import seams
from daicho.nodes.clock import FixedClock
from daicho.nodes.mailroom.handling import ACCEPTED, Handler, handle_pass
from daicho.nodes.mailroom.letters import Outgoing, post
from daicho.nodes.mailroom.receiving import keep_batch, take_settlements
from daicho.nodes.mailroom.sending import send_pass
from daicho.nodes.mailroom.telling import tell_pass
from daicho.rules.network.kinds import Member, NodeKind, NodeName
from daicho.store.unit import Store
from daicho.wire.box import box_public_key, make_box_key
from daicho.wire.conversation import Stream
from daicho.wire.envelope import Head, Opened
from daicho.wire.http import WireUnavailable
from daicho.wire.operations import LETTERS_DELIVER, Settlements

NO_STREAM = Stream(0, 0)


def make_member(short: str, kind: NodeKind) -> tuple[Member, bytes]:
    key = make_box_key()
    public = urlsafe_b64encode(box_public_key(key)).decode()
    name = NodeName(f"{short}.p13.daicho.internal")
    return Member(name, kind, short, "127.0.0.1:1", (), "", public, prefecture="13"), key


@dataclass
class Party:
    """One node of the test: what it handled, in order, is `effects`."""

    node: Any
    box_key: bytes
    admin: str = ""
    handlers: dict[str, Handler] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return str(self.node.me.name)

    def post(self, to: "Party", *contents: bytes, kind: str = "note", about: str = "", rank: int = 0) -> None:
        with self.node.store.unit() as unit:
            post(
                unit, self.node, [Outgoing(to.node.me, kind, one, about, rank, "entry-1") for one in contents]
            )

    def send(self) -> bool:
        return send_pass(self.node, "holder")

    def handle(self) -> bool:
        return handle_pass(self.node, self.handlers, self.box_key)

    def tell(self) -> bool:
        return tell_pass(self.node)

    def effects(self) -> list[str]:
        return [row[0] for row in self.rows("select content from public.effect order by seq")]

    def rows(self, query: Any, *parameters: Any) -> list[Any]:
        with self.node.store.unit() as unit:
            return unit.execute(query, parameters or None).fetchall()

    def change(self, query: Any, *parameters: Any) -> None:
        with self.node.store.unit() as unit:
            unit.execute(query, parameters or None)

    def states(self) -> list[tuple[Any, ...]]:
        return self.rows("select state, outcome from mailbox.outbox order by seq")

    def stages(self) -> list[str]:
        """Tell of each letter: posted, numbered, kept by its receiver, or settled."""
        found = self.rows(
            "select case when o.state = 'numbered' and o.number < s.kept_below then 'kept' else o.state end"
            " from mailbox.outbox o left join mailbox.stream_out s using (receiver) order by seq"
        )
        return [stage for (stage,) in found]


class Line:
    """The post between the parties: in order, unless a test spoils it."""

    def __init__(self) -> None:
        self.parties: dict[str, Party] = {}
        self.spoil: Callable[[str, str], str] = lambda _operation, _to: ""
        self.sent: list[tuple[str, int, int, list[bytes]]] = []

    def directory(self) -> Any:
        return SimpleNamespace(
            member=lambda name: self.parties[name].node.me if name in self.parties else None
        )

    def post_of(self, sender: Member) -> Any:
        def call_parts(
            operation: Any, to: Member, parts: list[bytes], *, epoch: int = 0, first: int = 0
        ) -> Any:
            self.sent.append((str(to.name), epoch, first, parts))
            spoiled = self.spoil(operation.name, str(to.name))
            if spoiled == "lost":
                raise WireUnavailable("lost")
            for _ in range(2 if spoiled == "twice" else 1):
                answer = self.arrive(operation, sender, str(to.name), parts, Stream(epoch, first))
            if spoiled == "answer lost":
                raise WireUnavailable("answer lost")
            return SimpleNamespace(parts=[msgspec.json.encode(answer)])

        def call(operation: Any, to: Member, request: Any) -> Any:
            call_parts(operation, to, [msgspec.json.encode(request)])

        return SimpleNamespace(call_parts=call_parts, call=call)

    def arrive(
        self, operation: Any, sender: Member, to: str, parts: list[bytes], start: Stream = NO_STREAM
    ) -> Any:
        now = datetime(2026, 11, 20, tzinfo=UTC)
        head = Head(str(sender.name), to, operation.name, now, 1, [], "", start.epoch, start.number)
        seal_hash = hashlib.sha256(b"".join(parts)).hexdigest()
        if operation is LETTERS_DELIVER:
            return keep_batch(self.parties[to].node, Opened(head, parts, sender, seal_hash))
        told = msgspec.json.decode(parts[0], type=Settlements)
        return take_settlements(self.parties[to].node, Opened(head, parts, sender, seal_hash, told))


def write_effect(party: Party) -> Handler:
    """A handler whose effect a test can read again."""

    def handle(unit: Any, node: Any, sender: Member, content: bytes) -> Any:
        unit.execute(
            "insert into public.effect (sender, content) values (%s, %s)",
            (str(sender.name), content.decode()),
        )
        return ACCEPTED

    return handle


def make_party(
    line: Line, store: Store, admin_dsn: str, clock: Any, member_and_key: tuple[Member, bytes]
) -> Party:
    with psycopg.connect(admin_dsn) as admin:
        admin.execute(
            "create table public.effect (seq bigint generated always as identity, sender text, content text)"
        )
        admin.execute("grant all on public.effect to public")
    member, key = member_and_key
    wire = SimpleNamespace(post=line.post_of(member), directory=line.directory)
    node = SimpleNamespace(me=member, store=store, wire=wire, clock=clock)
    party = Party(node, key, admin_dsn)
    party.handlers["note"] = write_effect(party)
    line.parties[party.name] = party
    return party


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def make(
    line: Line, fresh_dsn: Callable[[str], dict[str, str]], clock: FixedClock
) -> Iterator[Callable[[str, NodeKind], Party]]:
    stores: list[Store] = []

    def build(short: str, kind: NodeKind) -> Party:
        addresses = fresh_dsn(kind.value)
        stores.append(Store(addresses["app"], read_dsn=addresses["read"], pool_connections=4))
        return make_party(line, stores[-1], addresses["admin"], clock, make_member(short, kind))

    yield build
    for store in stores:
        store.close()
    seams.disarm()


@pytest.fixture
def town(make: Callable[[str, NodeKind], Party]) -> Party:
    return make("cs.m131016", NodeKind.CS)


@pytest.fixture
def prefecture(make: Callable[[str, NodeKind], Party]) -> Party:
    return make("prefecture", NodeKind.PREFECTURE)
