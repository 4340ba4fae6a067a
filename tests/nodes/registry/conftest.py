"""A registry node without a network: its letters are gathered in a list."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

import pytest

from daicho.nodes.clock import FixedClock
from daicho.nodes.node import Node, Wire
from daicho.rules.network.kinds import Member, NodeKind, NodeName
from daicho.rules.operators.authority import Operator, Role
from daicho.rules.people.addresses import Address
from daicho.rules.people.codes import MunicipalityCode, ResidentRecordCode, with_check_digit
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.names import PersonName
from daicho.rules.people.sex import Sex
from daicho.rules.register.arrival import ArrivingPerson
from daicho.rules.register.move_in import MoveInNotice
from daicho.rules.register.reception import Document, Notifier, Reception
from daicho.store.unit import Store, Unit
from daicho.wire.box import box_public_key, make_box_key
from daicho.wire.vault import Vault

HOME = MunicipalityCode("13101")
HERE = Address(HOME, "架空町一丁目", "2番3号", "", "1000001", "")
DAY = date(2026, 11, 20)
# A card that stands longer than any clock of these tests runs.
AT_COUNTER = Reception(Notifier.SELF, (Document.NUMBER_CARD,), card_expires_on=date(2199, 1, 2))


def member(kind: NodeKind, name: str) -> Member:
    """Make a member of the directory."""
    key = urlsafe_b64encode(box_public_key(make_box_key())).decode()
    return Member(NodeName(name), kind, "架空市", "127.0.0.1:1", (), "", key, HOME, "13")


@dataclass
class FakeDirectory:
    """A directory with one communication server."""

    cs: Member
    profile: str = "demo"

    def cs_of(self, municipality: str) -> Member | None:
        """Find it."""
        return self.cs if municipality == HOME else None


@dataclass
class Counter:
    """The node under test, its letters, its people and a stock of codes."""

    node: Node
    letters: list[Any] = field(default_factory=list)
    stock: int = 0
    clerk: Operator = field(default_factory=lambda: Operator("clerk01", "k1", (Role.CLERK,)))
    checker: Operator = field(default_factory=lambda: Operator("check01", "v1", (Role.VERIFIER,)))
    both: Operator = field(default_factory=lambda: Operator("both01", "b1", (Role.CLERK, Role.VERIFIER)))
    officer: Operator = field(default_factory=lambda: Operator("officer01", "s1", (Role.SECURITY_OFFICER,)))
    admin: Operator = field(default_factory=lambda: Operator("admin01", "a1", (Role.ADMINISTRATOR,)))

    def draw(self, _unit: Unit | None, count: int) -> tuple[ResidentRecordCode, ...]:
        """Draw codes."""
        first = self.stock
        self.stock += count
        return tuple(code(1_000 + first + place) for place in range(count))

    def lines(self) -> list[tuple[str, str, str]]:
        """Read the ledger: event, operator, subject."""
        rows = lines_about(self.node, "")
        return [(row["event"], row.get("operator", ""), row.get("subject", "")) for row in rows]


def lines_about(node: Any, beginning: str) -> list[dict[str, Any]]:
    """Read the lines of a node's ledger about events whose names begin so."""
    with node.store.unit() as unit:
        rows = unit.execute(
            "select convert_from(body, 'UTF8')::json from ledger.line order by line_id"
        ).fetchall()
    return [row[0] for row in rows if row[0]["event"].startswith(beginning)]


def let_nobody_know_the_measures(node: Any) -> None:
    """Let a register stand as one that was rebuilt from a prefecture, before anybody has said who is protected."""
    with node.store.unit() as unit:
        unit.execute(
            "insert into register.rebuilt (entry_id, source)"
            " select id, 'PREFECTURE' from register.entry limit 1"
        )


def say_the_measures_are_known(node: Any) -> None:
    """Let both officers have said that every measure is entered again."""
    with node.store.unit() as unit:
        unit.execute(
            "update register.rebuilt set security_by = 's', security_at = now(), protection_by = 'p', protection_at = now()"
        )


def code(number: int) -> ResidentRecordCode:
    """Make the code of one test person."""
    return ResidentRecordCode(with_check_digit(f"{number:010d}"))


def person(number: int, relationship: str = "世帯主", **items: Any) -> ArrivingPerson:
    """Make somebody who comes."""
    return ArrivingPerson(
        name=PersonName(kanji=f"来訪　{number}号", furigana="ライホウ　ジロウ", furigana_confirmed=True),
        birth_date=PartialDate(1990, 1, 2),
        sex=Sex.MALE,
        relationship=relationship,
        **items,
    )


@pytest.fixture
def counter(database: Callable[[str], Store], clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> Counter:
    """Give a registry node with an empty register."""
    cs = member(NodeKind.CS, "cs.m13101.p13.daicho.internal")
    wire = cast("Wire", _FakeWire(FakeDirectory(cs)))
    node = Node(
        me=member(NodeKind.REGISTRY, "registry.m13101.p13.daicho.internal"),
        store=database("registry"),
        wire=wire,
        clock=clock,
        vault=Vault(b"v" * 32),
        bases=cast("Any", None),
    )
    made = Counter(node)
    for room in ("records", "telling_cs"):
        monkeypatch.setattr(
            f"daicho.nodes.registry.{room}.post_letters",
            lambda _unit, _node, letters: made.letters.extend(letters),
        )
    return made


class _FakeWire:
    def __init__(self, directory: FakeDirectory) -> None:
        self.directory = lambda: directory


@pytest.fixture
def move_in() -> Callable[..., MoveInNotice]:
    """Give the maker of moving-in notices."""

    def make(*people: ArrivingPerson, **items: Any) -> MoveInNotice:
        return MoveInNotice(
            people, HERE, date(2026, 11, 10), DAY, "北海道函館市", MunicipalityCode("01202"), **items
        )

    return make


@pytest.fixture
def comer() -> Callable[..., ArrivingPerson]:
    """Give the maker of people who come."""
    return person
