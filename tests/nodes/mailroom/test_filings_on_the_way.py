"""法9条2項の通知 through four mailrooms: whatever the line loses or repeats, and wherever a node dies, once."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.nodes.mailroom.conftest import Line, Party
from tests.nodes.registry.conftest import AT_COUNTER, DAY, code, person
from tests.nodes.registry.test_filings import AWAY, HOME, OUT

from daicho.nodes import seams
from daicho.nodes.cs.passing import passing
from daicho.nodes.mailroom.handling import Alone
from daicho.nodes.registry.counter import enter, verify_entry
from daicho.nodes.registry.filings import receiving, sending
from daicho.rules.filings.answer import ReportAnswer
from daicho.rules.network.kinds import NodeKind
from daicho.rules.operators.authority import Operator, Role
from daicho.rules.people.addresses import Address
from daicho.rules.people.codes import ResidentRecordCode
from daicho.rules.people.names import PersonName
from daicho.rules.register.death import DeathEntry
from daicho.rules.register.move_in import MoveInNotice
from daicho.wire.codecs.filings import ANSWER, REPORT
from daicho.wire.vault import Vault

CLERK, SECOND = Operator("clerk01", "k", (Role.CLERK,)), Operator("check01", "v", (Role.VERIFIER,))


class Killed(Exception):
    """Stands for the end of a process."""


class Towns:
    """The directory of two towns, each with its registry and its CS."""

    profile = "demo"

    def __init__(self, parties: dict[str, Party]) -> None:
        self.members = [one.node.me for one in parties.values()]

    def member(self, name: str) -> Any:
        return next((one for one in self.members if str(one.name) == name), None)

    def cs_of(self, town: str) -> Any:
        return self._of(NodeKind.CS, town)

    def registry_of(self, town: str) -> Any:
        return self._of(NodeKind.REGISTRY, town)

    def _of(self, kind: NodeKind, town: str) -> Any:
        return next((one for one in self.members if (one.kind, one.municipality) == (kind, town)), None)


def meet(line: Line, parties: list[Party], directory: type[Towns] = Towns) -> None:
    """Let parties know each other and post to each other."""
    known = directory(line.parties)
    for party in parties:
        party.node.wire.directory = lambda: known
        party.node.wire.post = line.post_of(party.node.me)


def line_up(line: Line, make: Callable[[str, NodeKind], Party], taken: Mapping[str, Alone]) -> list[Party]:
    """Make the registry that tells, its CS, the other town's CS, the registry that is told; CSs pass on what registries take."""
    parties = []
    for town, kind in (
        (HOME, NodeKind.REGISTRY), (HOME, NodeKind.CS), (AWAY, NodeKind.CS), (AWAY, NodeKind.REGISTRY),
    ):  # fmt: skip
        party = make(f"{kind.value.lower()}.m{town}", kind)
        party.node.me = replace(party.node.me, municipality=town)
        party.handlers = {one: passing(one) for one in taken} if kind is NodeKind.CS else dict(taken)
        parties.append(party)
    meet(line, parties)
    return parties


@pytest.fixture
def way(line: Line, make: Callable[[str, NodeKind], Party]) -> list[Party]:
    return line_up(line, make, {REPORT: receiving.take_report, ANSWER: receiving.take_answer})


def run(parties: list[Party], clock: Any) -> None:
    """Let every mailroom work until nothing moves any more; whoever died begins again."""
    for _ in range(12):
        for party in parties:
            for work in (party.send, party.handle, party.tell):
                try:
                    while work():
                        pass
                except Killed:
                    seams.disarm()
        clock.instant += timedelta(seconds=90)


def die() -> None:
    raise Killed


@pytest.mark.parametrize("spoilt", ["", "lost", "twice", "answer lost"])
@pytest.mark.parametrize("killed_at", ["", "mailroom.handle.before_commit", "mailroom.handle.after_commit"])
def test_a_report_and_its_answer_take_effect_once(way, line, clock, spoilt, killed_at):
    ours, theirs = way[0].node, way[3].node
    spoils = iter([spoilt] * 3)
    line.spoil = lambda _operation, _to: next(spoils, "")
    assert sending.enter_report(ours, CLERK, "s-1", AWAY, OUT) == "s-1"
    assert sending.send_report(ours, SECOND, "s-1") is None
    if killed_at:
        seams.arm(killed_at, passing=2, action=die)
    run(way, clock)
    assert way[3].rows("select state, count(*) from register.filing_in group by state") == [("open", 1)]
    (received,) = receiving.received_reports(theirs, CLERK).lines
    assert (received.sender, received.name) == (HOME, "遠方　太郎")
    spoils = iter([spoilt] * 3)
    assert receiving.answer_report(theirs, CLERK, HOME, "s-1", ReportAnswer.NOT_HERE) is None
    if killed_at:
        seams.arm(killed_at, passing=2, action=die)
    run(way, clock)
    (fate,) = sending.sent_reports(ours, CLERK).lines
    assert (fate.state, fate.answer) == ("back", ReportAnswer.NOT_HERE)
    passed = "select count(*) from ledger.line where convert_from(body, 'UTF8')::json->>'event' = 'report:filing:passed'"
    assert [one.rows(passed)[0][0] for one in way[1:3]] == [2, 2]


def test_a_town_that_came_back_from_a_copy_hears_once_more_what_it_was_answered(way, clock):
    """Its row was a draft when the copy was made; what it sends again was answered, and that answer is behind it."""
    ours, theirs = way[0].node, way[3].node
    sending.enter_report(ours, CLERK, "s-1", AWAY, OUT)
    sending.send_report(ours, SECOND, "s-1")
    run(way, clock)
    assert receiving.answer_report(theirs, CLERK, HOME, "s-1", ReportAnswer.NOT_HERE) is None
    run(way, clock)
    way[0].change(
        "update register.filing_out set state = 'drafted', decided_by = null, decided_at = null, answer = null"
    )
    run(way, clock)
    assert sending.send_report(ours, SECOND, "s-1") is None
    run(way, clock)
    (fate,) = sending.sent_reports(ours, CLERK).lines
    assert (fate.state, fate.answer) == ("back", ReportAnswer.NOT_HERE)
    assert way[3].rows("select state, count(*) from register.filing_in group by state") == [("closed", 1)]


def test_a_verified_entry_answers_its_report_through_four_mailrooms(way, clock, monkeypatch):
    for room in ("records", "telling_cs"):
        monkeypatch.setattr(f"daicho.nodes.registry.{room}.post_letters", lambda *_given: None)
    ours, theirs = way[0].node, way[3].node
    theirs.vault, theirs.limits, theirs.training, theirs.invented = Vault(b"v" * 32), {}, False, True
    whom = replace(
        person(1), name=PersonName(OUT.person.name, "エンポウ　タロウ"), birth_date=OUT.person.birth_date
    )
    place = Address(AWAY, "五稜郭町", "1番", "", "0400001", "")

    def draw(_unit: Any, count: int) -> tuple[ResidentRecordCode, ...]:
        return tuple(code(1_000 + one) for one in range(count))

    came = enter(
        theirs, CLERK, MoveInNotice((whom,), place, DAY, DAY, "東京都千代田区", HOME), draw_codes=draw,
        reception=AT_COUNTER,
    )  # fmt: skip
    (record,) = verify_entry(theirs, SECOND, came.entry_id).entry.after
    sending.enter_report(ours, CLERK, "s-1", AWAY, OUT)
    sending.send_report(ours, SECOND, "s-1")
    run(way, clock)
    died = receiving.enter_from_report(
        theirs, CLERK, DeathEntry(record.addressee_number, DAY, DAY, by_report=True), (str(HOME), "s-1"),
        draw_codes=draw,
    )  # fmt: skip
    assert [one.state for one in receiving.received_reports(theirs, CLERK).lines] == ["entered"]
    assert verify_entry(theirs, SECOND, died.entry_id).state == "verified"
    run(way, clock)
    assert sending.sent_reports(ours, CLERK).lines == ()
    (fate,) = sending.sent_reports(ours, CLERK, closed=True).lines
    assert (fate.answer, fate.name) == (ReportAnswer.RECORDED, "")
