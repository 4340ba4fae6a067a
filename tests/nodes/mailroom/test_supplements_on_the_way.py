"""法19条の通知 through four mailrooms: whatever the line loses or repeats, and wherever a node dies, once; and back."""

from contextlib import contextmanager

import pytest
from tests.nodes.mailroom.test_filings_on_the_way import AWAY, CLERK, HOME, SECOND, Killed, die, line_up, run
from tests.nodes.registry.conftest import AT_COUNTER, DAY, HERE, code, person

from daicho.nodes import seams
from daicho.nodes.cs.passing import passing
from daicho.nodes.registry.counter import enter, verify_entry
from daicho.nodes.registry.supplements import differing, receiving
from daicho.nodes.registry.supplements.telling import tell_some
from daicho.rules.filings.report import Route
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.register.move_in import MoveInNotice
from daicho.rules.supplements.mismatch import MismatchItem, RegisterMismatch
from daicho.wire.codecs.letters import encode
from daicho.wire.codecs.supplements import MISMATCH, NOTICES, MismatchLetter, SupplementLetter
from daicho.wire.vault import Vault

NAMED = RegisterMismatch((MismatchItem.NAME,), name="来訪　壱号")
PASSED = (
    "select convert_from(body, 'UTF8')::json->>'outcome' from ledger.line"
    " where convert_from(body, 'UTF8')::json->>'event' = 'report:supplement:passed' order by line_id"
)


@pytest.fixture
def way(line, make, monkeypatch):
    """The registry that tells, its CS, the other town's CS, the registry that is told; one verified moving in."""
    for room in ("records", "telling_cs"):
        monkeypatch.setattr(f"daicho.nodes.registry.{room}.post_letters", lambda *_given: None)
    parties = line_up(line, make, {NOTICES: receiving.take_notices, MISMATCH: differing.take_mismatch})
    ours = parties[0].node
    ours.vault, ours.limits, ours.training, ours.invented = Vault(b"v" * 32), {}, False, True
    comers = tuple(
        person(number, relation, registered_domicile="北海道函館市架空町1番地")
        for number, relation in ((1, "世帯主"), (2, "妻"))
    )
    notice = MoveInNotice(comers, HERE, DAY, DAY, "北海道函館市", AWAY)
    came = enter(
        ours, CLERK, notice, draw_codes=lambda _unit, count: tuple(code(1_000 + one) for one in range(count)),
        reception=AT_COUNTER,
    )  # fmt: skip
    assert verify_entry(ours, SECOND, came.entry_id).state == "verified"
    return parties


@pytest.mark.requirement("R-050", "R-017", "R-019")
@pytest.mark.parametrize("spoilt", ["", "lost", "twice", "answer lost"])
@pytest.mark.parametrize("killed_at", ["", "mailroom.handle.before_commit", "mailroom.handle.after_commit"])
def test_what_is_owed_arrives_once_and_a_mismatch_comes_back_once(way, line, clock, spoilt, killed_at):
    ours, theirs = way[0].node, way[3].node
    spoils = iter([spoilt] * 3)
    line.spoil = lambda _operation, _to: next(spoils, "")
    assert tell_some(ours) == 2
    if killed_at:
        seams.arm(killed_at, passing=2, action=die)
    run(way, clock)
    assert tell_some(ours) == 0
    lines = receiving.received_notices(theirs, CLERK).lines
    assert [(one.sender, one.notice.name) for one in lines] == [(HOME, "来訪　1号"), (HOME, "来訪　2号")]
    assert receiving.record_notices(theirs, CLERK, [(HOME, lines[1].notice_id)]) == 1
    spoils = iter([spoilt] * 3)
    assert receiving.tell_mismatch(theirs, CLERK, (HOME, lines[0].notice_id), NAMED) is None
    if killed_at:
        seams.arm(killed_at, passing=2, action=die)
    run(way, clock)
    (found,) = differing.owed_notices(ours, CLERK).differing
    assert (found.record.name.kanji, found.mismatch) == ("来訪　1号", NAMED)
    assert [row[0] for row in way[1].rows(PASSED)] == ["notices", "mismatch"]
    assert [row[0] for row in way[2].rows(PASSED)] == ["notices", "mismatch"]


def test_art19_a_letter_to_the_own_town_is_refused_at_the_cs_as_one_of_the_supplement(way):
    registry, cs = way[0].node.me, way[1].node
    route = Route("n-1", HOME, HOME)
    for kind, letter in ((NOTICES, SupplementLetter(route)), (MISMATCH, MismatchLetter(route, NAMED))):
        with cs.store.unit() as unit:
            settled = passing(kind)(unit, cs, registry, encode(letter))
        assert settled.refusal == Refusal(Reason.OTHER_MUNICIPALITY, juki("19"), "to_municipality")


@pytest.mark.parametrize("committed", [False, True])
def test_a_registry_that_dies_while_it_tells_tells_once(way, clock, monkeypatch, committed):
    ours, theirs = way[0].node, way[3].node
    plainly = ours.store.unit

    @contextmanager
    def dying(name="", **more):
        with plainly(name, **more) as unit:
            yield unit
            if name == "supplements.tell" and not committed:
                die()
        if name == "supplements.tell":
            die()

    with monkeypatch.context() as short:
        short.setattr(ours.store, "unit", dying)
        with pytest.raises(Killed):
            tell_some(ours)
    tell_some(ours)
    run(way, clock)
    assert len(receiving.received_notices(theirs, CLERK).lines) == 2
    assert way[3].rows("select count(*) from mailbox.inbox") == [(1,)]


def test_a_town_that_came_back_from_a_copy_tells_again_what_it_has_forgotten_and_nothing_is_doubled(
    way, clock
):
    ours, theirs = way[0].node, way[3].node
    tell_some(ours)
    run(way, clock)
    first, second = (one.notice_id for one in receiving.received_notices(theirs, CLERK).lines)
    receiving.record_notices(theirs, CLERK, [(HOME, first)])
    receiving.tell_mismatch(theirs, CLERK, (HOME, second), NAMED)
    run(way, clock)
    way[0].change(
        "update register.supplement_out set state = 'waiting', told_on = null, letter = null, differs_on = null, body = null"
    )
    assert differing.send_to(ours, CLERK, [first, second], AWAY) is None
    run(way, clock)
    lines = receiving.received_notices(theirs, CLERK).lines
    assert [one.notice_id for one in lines] == [second], "what did not agree is asked of the clerk once more"
    assert way[3].rows(
        "select state, count(*) from register.supplement_in group by state order by state"
    ) == [
        ("open", 1),
        ("recorded", 1),
    ]
    receiving.tell_mismatch(theirs, CLERK, (HOME, second), NAMED)
    run(way, clock)
    assert len(differing.owed_notices(ours, CLERK).differing) == 1
