"""A letter is posted with its change, sent in order, handled once, settled, and told back."""

import random
from datetime import timedelta
from itertools import pairwise
from typing import Any

import msgspec
import pytest

from daicho.nodes.clock import FixedClock
from daicho.nodes.mailroom import handling
from daicho.nodes.mailroom.handling import ACCEPTED, SUPERSEDED, refused
from daicho.nodes.mailroom.letters import LetterTooLarge, Outgoing, post
from daicho.nodes.mailroom.sending import BACKLOG_SECONDS, PROBE_SECONDS, begin, begin_new_epochs, send_pass
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.network.kinds import NodeKind
from daicho.store import mailbox, mailbox_in
from daicho.wire import conversation
from daicho.wire.conversation import Stream
from daicho.wire.operations import LETTERS_DELIVER, Letter, Settlement, Settlements


def run(*parties: Any, clock: FixedClock | None = None, passes: int = 30) -> None:
    """Let everybody work until nobody has anything to do."""
    for done in range(passes):
        busy = False
        for party in parties:
            for work in (party.send, party.handle, party.tell):
                busy = work() or busy
        if clock is not None:
            clock.move(timedelta(seconds=5))
        if not busy and (clock is None or done > 8):
            return


def test_letters_take_effect_in_order_and_their_sender_hears_of_it(town: Any, prefecture: Any) -> None:
    town.post(prefecture, b"one", b"two")
    town.post(prefecture, b"three")
    run(town, prefecture)
    assert prefecture.effects() == ["one", "two", "three"]
    assert town.states() == [("settled", "accepted")] * 3


def test_a_rolled_back_change_leaves_no_letter(town: Any, prefecture: Any) -> None:
    def fail() -> None:
        with town.node.store.unit() as unit:
            post(unit, town.node, [Outgoing(prefecture.node.me, "note", b"never")])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert not town.send()
    assert town.states() == []


def test_a_letter_has_no_number_until_it_is_taken(town: Any, prefecture: Any) -> None:
    town.post(prefecture, b"one")
    assert town.rows("select number, state from mailbox.outbox") == [(None, "posted")]
    town.send()
    assert town.rows("select epoch, number from mailbox.outbox") == [(1, 1)]
    assert town.stages() == ["kept"]


def test_what_was_signed_is_kept_verbatim_and_nobody_can_read_it_in_a_mailbox(
    town: Any, prefecture: Any, line: Any
) -> None:
    town.post(prefecture, "秘密の花子".encode())
    town.send()
    sent = line.sent[0][3][0]
    assert prefecture.rows("select content from mailbox.inbox") == [(sent,)]
    assert town.rows("select content from mailbox.outbox") == [(sent,)]
    assert "秘密".encode() not in sent
    assert "秘密".encode() not in msgspec.json.decode(sent, type=Letter).body


def test_a_batch_holds_200_letters_or_a_mebibyte(town: Any, prefecture: Any, line: Any) -> None:
    town.post(prefecture, *[b"x"] * 201)
    run(town, prefecture)
    town.post(prefecture, *[b"x" * 400_000] * 3)
    run(town, prefecture)
    assert [len(parts) for _, _, _, parts in line.sent if len(parts) > 0][:2] == [200, 1]
    sizes = [sum(map(len, parts)) for to, _, _, parts in line.sent if to == prefecture.name]
    assert max(sizes) <= conversation.MAX_BATCH_BYTES
    assert len(prefecture.effects()) == 204


def test_a_letter_beyond_the_limit_is_refused_at_the_desk(town: Any, prefecture: Any) -> None:
    with pytest.raises(LetterTooLarge):
        town.post(prefecture, random.Random(1).randbytes(conversation.MAX_LETTER_BYTES))


@pytest.mark.parametrize("spoiled", ["lost", "answer lost", "twice"])
def test_loss_and_repetition_change_nothing(
    town: Any, prefecture: Any, line: Any, clock: FixedClock, spoiled: str
) -> None:
    seen: list[str] = []

    def spoil(operation: str, _to: str) -> str:
        seen.append(operation)
        return spoiled if len(seen) % 2 else ""

    line.spoil = spoil
    for place in range(5):
        town.post(prefecture, f"{place}".encode())
        run(town, prefecture, clock=clock, passes=2)
    run(town, prefecture, clock=clock)
    assert prefecture.effects() == ["0", "1", "2", "3", "4"]
    assert town.states() == [("settled", "accepted")] * 5


def test_a_receiver_that_is_away_is_tried_less_and_less_often(
    town: Any, prefecture: Any, line: Any, clock: FixedClock
) -> None:
    line.spoil = lambda *_: "lost"
    town.post(prefecture, b"one")
    tried_at = []
    for _ in range(100):
        before = len(line.sent)
        town.send()
        if len(line.sent) > before:
            tried_at.append(clock.now())
        clock.move(timedelta(seconds=0.5))
    pauses = [(b - a).total_seconds() for a, b in pairwise(tried_at)]
    assert pauses[:4] == [0.5, 2.0, 3.0, 3.0]
    assert set(pauses[2:]) == {3.0}
    with town.node.store.reading() as unit:
        assert mailbox.streams(unit)[0].last_fault == "WireUnavailable"


def test_one_receiver_that_is_away_keeps_no_other_waiting(
    town: Any, prefecture: Any, make: Any, line: Any
) -> None:
    from daicho.rules.network.kinds import NodeKind

    registry = make("registry.m131016", NodeKind.REGISTRY)
    line.spoil = lambda _operation, to: "lost" if to == prefecture.name else ""
    town.post(prefecture, b"to nobody")
    town.post(registry, b"home")
    run(town, registry)
    assert registry.effects() == ["home"]


def test_a_hole_is_asked_for_again_and_filled(town: Any, prefecture: Any, clock: FixedClock) -> None:
    """The receiver was restored from a copy that lacks letters which it had kept and settled."""
    town.post(prefecture, b"one", b"two", b"three")
    run(town, prefecture)
    _forget(prefecture, from_number=2)
    town.post(prefecture, b"four")
    run(town, prefecture, clock=clock)
    assert prefecture.effects() == ["one", "two", "three", "four"]
    assert town.states() == [("settled", "accepted")] * 4


def _forget(party: Any, *, from_number: int) -> None:
    """Make a database look like an older copy of itself."""
    import psycopg

    with psycopg.connect(party.admin) as admin:
        admin.execute("delete from mailbox.inbox where number >= %s", (from_number,))
        admin.execute("delete from public.effect where seq >= %s", (from_number,))
        admin.execute("update mailbox.stream_in set next_expected = %s", (from_number,))


def test_a_silent_receiver_is_asked_and_gets_back_what_it_lost(
    town: Any, prefecture: Any, clock: FixedClock
) -> None:
    town.post(prefecture, b"one", b"two")
    run(town, prefecture)
    _forget(prefecture, from_number=1)
    assert not town.send()
    clock.move(timedelta(seconds=PROBE_SECONDS))
    run(town, prefecture, clock=clock)
    assert prefecture.effects() == ["one", "two"]


def test_a_sender_restored_from_a_copy_rises_to_a_new_epoch_by_itself(
    town: Any, prefecture: Any, clock: FixedClock
) -> None:
    import psycopg

    town.post(prefecture, b"one", b"two", b"three")
    run(town, prefecture)
    with psycopg.connect(town.admin) as admin:
        admin.execute("delete from mailbox.outbox where number >= 2")
        admin.execute("update mailbox.outbox set state = 'numbered', outcome = null")
        admin.execute("update mailbox.stream_out set next_number = 2, kept_below = 2")
    town.post(prefecture, b"four")
    run(town, prefecture, clock=clock)
    assert prefecture.effects() == ["one", "two", "three", "four"]
    assert town.states() == [("settled", "accepted")] * 2
    assert town.rows("select epoch from mailbox.stream_out") == [(2,)]


def test_a_receiver_that_falls_back_behind_an_epoch_gets_what_was_settled_in_it(
    town: Any, prefecture: Any, clock: FixedClock
) -> None:
    import psycopg

    town.post(prefecture, b"one", b"two")
    run(town, prefecture)
    assert begin_new_epochs(town.node) == 1
    town.post(prefecture, b"three")
    run(town, prefecture, clock=clock)
    with psycopg.connect(prefecture.admin) as admin:  # its copy is of before everything
        for table in ("mailbox.inbox", "mailbox.stream_in", "public.effect"):
            admin.execute(f"delete from {table}")
    clock.move(timedelta(seconds=PROBE_SECONDS))
    run(town, prefecture, clock=clock)
    assert sorted(prefecture.effects()) == ["one", "three", "two"]
    assert town.states() == [("settled", "accepted")] * 3
    assert town.rows("select distinct epoch from mailbox.outbox") == [(2,)]
    run(town, prefecture, clock=clock)
    assert len(prefecture.effects()) == 3


def test_a_receiver_that_fell_back_is_asked_under_a_new_epoch_that_has_no_letter_yet(
    town: Any, prefecture: Any, clock: FixedClock
) -> None:
    import psycopg

    town.post(prefecture, b"one")
    run(town, prefecture)
    with psycopg.connect(prefecture.admin) as admin:
        for table in ("mailbox.inbox", "mailbox.stream_in", "public.effect"):
            admin.execute(f"delete from {table}")
    assert begin_new_epochs(town.node) == 1
    clock.move(timedelta(seconds=PROBE_SECONDS))
    run(town, prefecture, clock=clock)
    assert prefecture.effects() == ["one"]
    assert town.states() == [("settled", "accepted")]


def test_new_epochs_after_a_restore_double_nothing(town: Any, prefecture: Any, clock: FixedClock) -> None:
    town.post(prefecture, b"one", b"two")
    town.send()
    assert begin_new_epochs(town.node) == 1
    town.post(prefecture, b"three")
    run(town, prefecture, clock=clock)
    assert prefecture.effects() == ["one", "two", "three"]
    assert town.rows("select distinct epoch from mailbox.outbox") == [(2,)]
    assert town.states() == [("settled", "accepted")] * 3


def test_a_newer_letter_about_the_same_supersedes_an_unsent_one(
    town: Any, prefecture: Any, clock: FixedClock
) -> None:
    town.post(prefecture, b"version 1", about="person-1", rank=1)
    town.post(prefecture, b"version 2", about="person-1", rank=2)
    town.post(prefecture, b"another", about="person-2", rank=1)
    run(town, prefecture, clock=clock)
    assert prefecture.effects() == ["version 2", "another"]
    assert town.states() == [("settled", "superseded"), ("settled", "accepted"), ("settled", "accepted")]


def test_a_refused_letter_refuses_itself_alone_and_comes_back_to_a_work_queue(
    town: Any, prefecture: Any, clock: FixedClock
) -> None:
    def judge(unit: Any, node: Any, sender: Any, content: bytes) -> Any:
        if content == b"bad":
            return refused(Refusal(Reason.NOT_THE_HOLDER, juki("30-6"), "municipality_code"))
        return SUPERSEDED if content == b"late" else ACCEPTED

    prefecture.handlers["note"] = judge
    town.post(prefecture, b"good", b"bad", b"late", b"good")
    run(town, prefecture)
    assert [outcome for _, outcome in town.states()] == ["accepted", "refused", "superseded", "accepted"]
    with town.node.store.unit() as unit:
        (back,) = mailbox.returned(unit, 10)
        assert (back.reason, back.article, back.field) == (
            "NOT_THE_HOLDER",
            "住民基本台帳法|30-6",
            "municipality_code",
        )
        assert (back.receiver, back.matter) == (prefecture.name, "entry-1")
        assert mailbox.count_returned(unit) == 1
        assert mailbox.resolve_returned(
            unit, back.letter_id, by="T-1", at=clock.now(), resolution="sent anew"
        )
        assert not mailbox.resolve_returned(unit, back.letter_id, by="T-2", at=clock.now(), resolution="")
        assert mailbox.count_returned(unit) == 0


@pytest.mark.parametrize("kind", ["unknown", "note"])
def test_a_letter_that_nobody_understands_is_refused_with_a_reason(
    town: Any, prefecture: Any, kind: str, line: Any
) -> None:
    if kind == "note":  # closed in somebody else's box
        prefecture.box_key = town.box_key
    town.post(prefecture, b"x", kind=kind)
    run(town, prefecture)
    assert prefecture.rows("select outcome, reason, field from mailbox.inbox") == [
        ("refused", "MALFORMED_LETTER", "box" if kind == "note" else "kind")
    ]
    assert town.states() == [("settled", "refused")]


def test_bytes_that_are_no_letter_use_up_their_number_and_refuse_themselves(
    town: Any, prefecture: Any, line: Any, clock: FixedClock
) -> None:
    good = msgspec.json.encode(Letter("a", "note", b"box"))
    unknown_field = b'{"letter_id":"b","kind":"note","body":"","more":1}'
    repeated = msgspec.json.encode(Letter("a", "note", b"other"))
    nameless = msgspec.json.encode(Letter("", "note", b""))
    parts = [good, b"\xff\xfe not json", unknown_field, repeated, nameless, b"[" * 5000, good]
    receipt = line.arrive(LETTERS_DELIVER, town.node.me, prefecture.name, parts, Stream(1, 1))
    assert (receipt.epoch, receipt.next_expected) == (1, 8)
    rows = prefecture.rows("select number, state, reason from mailbox.inbox order by number")
    assert rows == [(1, "kept", "")] + [(n, "settled", "MALFORMED_LETTER") for n in range(2, 8)]


@pytest.mark.parametrize(("epoch", "first"), [(0, 1), (-1, 1), (1, 0), (1, -5), (1 << 62, 1), (1, 1 << 62)])
def test_numbers_out_of_all_bounds_keep_nothing(
    town: Any, prefecture: Any, line: Any, epoch: int, first: int
) -> None:
    part = msgspec.json.encode(Letter("a", "note", b"box"))
    receipt = line.arrive(LETTERS_DELIVER, town.node.me, prefecture.name, [part], Stream(epoch, first))
    assert receipt.next_expected == 1
    assert prefecture.rows("select count(*) from mailbox.inbox") == [(0,)]


def test_a_sender_beyond_its_quota_must_wait(
    town: Any, prefecture: Any, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("daicho.nodes.mailroom.receiving.QUOTA_LETTERS", 3)
    town.post(prefecture, *[f"{n}".encode() for n in range(5)])
    for _ in range(3):
        town.send()
        clock.move(timedelta(minutes=2))
    assert prefecture.rows("select count(*) from mailbox.inbox") == [(3,)]
    with town.node.store.unit() as unit:
        assert mailbox.streams(unit)[0].last_fault == "no progress"
    run(town, prefecture, clock=clock)
    assert prefecture.effects() == ["0", "1", "2", "3", "4"]


def test_our_own_fault_is_tried_three_times_then_parked_with_an_alarm_and_nobody_waits(
    town: Any, prefecture: Any, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    write = prefecture.handlers["note"]
    broken = [True]

    def handle(unit: Any, node: Any, sender: Any, content: bytes) -> Any:
        settled = write(unit, node, sender, content)
        if content == b"poison" and broken[0]:
            raise ZeroDivisionError
        return settled

    prefecture.handlers["note"] = handle
    town.post(prefecture, b"before", b"poison", b"after")
    run(town, prefecture, clock=clock)
    assert prefecture.effects() == ["before", "after"]
    assert [record.levelname for record in caplog.records if record.name == "daicho.mailroom"][-1] == "ERROR"
    assert town.stages() == ["settled", "kept", "settled"]
    assert prefecture.rows("select told_below, next_expected from mailbox.stream_in") == [(4, 4)]
    with prefecture.node.store.unit() as unit:
        (parked,) = mailbox_in.parked(unit, 10)
        assert parked.last_fault.startswith("ZeroDivisionError at test_letters.py:")
        assert mailbox_in.count_parked(unit) == 1
        broken[0] = False
        assert mailbox_in.unpark(unit, parked.sender, parked.letter_id)
    run(town, prefecture, clock=clock)
    assert prefecture.effects() == ["before", "after", "poison"]
    assert town.states() == [("settled", "accepted")] * 3
    assert prefecture.rows("select count(*) from mailbox.told_apart") == [(0,)]


def test_nobody_is_told_of_a_letter_before_its_turn_and_a_mark_that_moved_stays(
    town: Any, prefecture: Any
) -> None:
    town.post(prefecture, b"one", b"two", b"three")
    town.send()
    prefecture.handle()
    prefecture.change("update mailbox.inbox set state = 'kept', outcome = null where number = 2")
    sender = str(town.node.me.name)
    with prefecture.node.store.unit() as unit:
        first = mailbox_in.untold(unit, sender, 10)
        assert [letter.number for letter in first.letters] == [1]
        mailbox_in.mark_told(unit, sender, first)
        mailbox_in.mark_told(unit, sender, first)
    prefecture.change("update mailbox.inbox set state = 'settled', outcome = 'accepted' where number = 2")
    with prefecture.node.store.unit() as unit:
        rest = mailbox_in.untold(unit, sender, 10)
        assert [letter.number for letter in rest.letters] == [2, 3]
        mailbox_in.mark_told(unit, sender, rest)
        mailbox_in.mark_told(unit, sender, first)
        assert mailbox_in.untold(unit, sender, 10).letters == ()
    assert prefecture.rows("select told_below from mailbox.stream_in") == [(4,)]


def test_only_the_first_letters_are_told_at_once_and_the_rest_next(town: Any, prefecture: Any) -> None:
    town.post(prefecture, b"one", b"two", b"three")
    town.send()
    prefecture.handle()
    sender = str(town.node.me.name)
    heard = []
    for _ in range(2):
        with prefecture.node.store.unit() as unit:
            told = mailbox_in.untold(unit, sender, 2)
            mailbox_in.mark_told(unit, sender, told)
        heard.append([letter.number for letter in told.letters])
    assert heard == [[1, 2], [3]]


def test_a_fault_in_one_letter_rolls_back_nothing_of_another_sender(
    town: Any, prefecture: Any, make: Any, clock: FixedClock
) -> None:
    from daicho.rules.network.kinds import NodeKind

    other = make("cs.m132012", NodeKind.CS)
    write = prefecture.handlers["note"]

    def handle(unit: Any, node: Any, sender: Any, content: bytes) -> Any:
        settled = write(unit, node, sender, content)
        if content == b"poison":
            raise ZeroDivisionError
        return settled

    prefecture.handlers["note"] = handle
    town.post(prefecture, b"poison", b"after")
    other.post(prefecture, b"fine")
    town.send()
    other.send()
    prefecture.handle()
    assert prefecture.effects() == ["fine"]  # in order: "after" waits while the first is tried again
    run(town, prefecture, other, clock=clock)
    assert prefecture.effects() == ["fine", "after"]


def test_a_settlement_that_comes_twice_or_is_nonsense_changes_nothing(
    town: Any, prefecture: Any, line: Any
) -> None:
    from daicho.wire.operations import LETTERS_SETTLE

    town.post(prefecture, b"one")
    run(town, prefecture)

    def tell(*items: Settlement, epoch: int = 1) -> None:
        line.arrive(
            LETTERS_SETTLE,
            prefecture.node.me,
            town.name,
            [msgspec.json.encode(Settlements(epoch, list(items)))],
        )

    (digest,) = town.rows("select sha256(content) from mailbox.outbox")[0]
    refused = Settlement(1, digest, "refused", "X", "Y")
    tell(refused)
    tell(
        Settlement(2, digest, "refused"),
        Settlement(99, digest, "accepted"),
        Settlement(1, digest, "nonsense"),
    )
    with pytest.raises(msgspec.ValidationError):  # the listener says REQUEST_FORM before it comes to this
        tell(refused, Settlement(-1, digest, "accepted"))
    tell(refused, epoch=9)
    assert town.states() == [("settled", "accepted")]
    assert town.rows("select count(*) from mailbox.returned") == [(0,)]


def test_a_lease_keeps_a_second_sender_away_until_it_runs_out_or_the_node_starts_again(
    town: Any, prefecture: Any, clock: FixedClock
) -> None:
    town.post(prefecture, b"one")
    with town.node.store.unit() as unit:
        until = clock.now() + timedelta(seconds=60)
        assert mailbox.lease(
            unit, holder="dead", now=clock.now(), until=until, pause_until=until, silent_until=until
        )
    assert not town.send()
    begin(town.node)
    assert town.send()
    assert prefecture.rows("select count(*) from mailbox.inbox") == [(1,)]


@pytest.mark.parametrize("days", [400, -400])
def test_letters_flow_again_once_a_clock_that_jumped_is_set_right(
    line: Any, town: Any, prefecture: Any, clock: FixedClock, days: int
) -> None:
    """Pauses, rests and next tries that were written meanwhile lie far ahead, or far behind."""
    clock.move(timedelta(days=days))
    town.post(prefecture, b"one")
    assert town.send()
    assert not prefecture.handle()
    line.spoil = lambda *_: "lost"
    assert not prefecture.tell()  # rests
    line.spoil = lambda *_: ""
    town.post(prefecture, b"two")
    assert town.send()
    prefecture.handlers["note"], works = broken, prefecture.handlers["note"]
    prefecture.handle()  # set back, to be tried again
    prefecture.handlers["note"] = works
    line.spoil = lambda *_: "lost"
    town.post(prefecture, b"three")
    assert town.send()  # pauses
    line.spoil = lambda *_: ""
    clock.move(timedelta(days=-days))
    run(town, prefecture)
    assert prefecture.effects() == ["one", "two", "three"]
    assert town.states() == [("settled", "accepted")] * 3


@pytest.mark.parametrize("seconds", [-1, 0, 0.001, 1, 3.999, 4, 4.001, 60, 10**7])
def test_the_database_waits_for_exactly_what_the_protocol_waits_for(
    town: Any, prefecture: Any, clock: FixedClock, seconds: float
) -> None:
    """The machine of the letters asks `Ahead.holds`; the mailroom asks its database."""
    town.post(prefecture, b"one")
    at = clock.now() + timedelta(seconds=seconds)
    town.change("insert into mailbox.stream_out (receiver, next_try_at) values (%s, %s)", prefecture.name, at)
    waits = conversation.ahead(clock.now(), conversation.LONGEST_PAUSE_SECONDS).holds(at)
    assert town.send() is not waits


def test_a_destination_served_under_a_wrong_clock_gets_its_turn(
    town: Any, prefecture: Any, make: Any, clock: FixedClock
) -> None:
    other = make("national", NodeKind.NATIONAL)
    clock.move(timedelta(days=400))
    town.post(prefecture, b"one")
    assert town.send()
    clock.move(timedelta(days=-400))
    town.post(other, b"always busy")
    assert town.send()
    town.post(prefecture, b"two")
    town.post(other, b"always busy")
    assert town.send()
    assert prefecture.rows("select count(*) from mailbox.inbox") == [(2,)]


def broken(*_: Any) -> Any:
    raise RuntimeError


def test_two_handlers_never_take_letters_of_one_sender_together(town: Any, prefecture: Any) -> None:
    town.post(prefecture, b"one")
    town.send()
    with prefecture.node.store.unit() as unit:
        assert mailbox_in.try_to_be_the_reader(unit, town.name)
        assert not handling.handle_next(prefecture.node, prefecture.handlers, prefecture.box_key, town.name)
    assert prefecture.effects() == []
    prefecture.handle()
    assert prefecture.effects() == ["one"]


def test_what_was_posted_cannot_be_rewritten_by_the_application(town: Any, prefecture: Any) -> None:
    import psycopg

    town.post(prefecture, b"one")
    for statement in (
        "update mailbox.outbox set content = ''",
        "delete from mailbox.outbox",
        "update mailbox.inbox set content = ''",
        "delete from mailbox.inbox",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            town.change(statement)


def test_while_an_extract_comes_in_sending_rests_until_it_is_handled(town: Any, prefecture: Any) -> None:
    town.post(prefecture, b"first the own copy")
    prefecture.post(town, b"x" * 10)
    prefecture.send()
    assert send_pass(town.node, "holder"), "a few small letters hold nothing up"
    prefecture.post(town, *(random.Random(place).randbytes(20_000).hex().encode() for place in range(20)))
    town.post(prefecture, b"then the others")
    prefecture.send()
    assert not send_pass(town.node, "holder")
    assert town.stages() == ["kept", "posted"]
    while town.handle():
        pass
    assert send_pass(town.node, "holder")
    assert town.stages() == ["kept", "kept"]


def test_sending_does_not_rest_for_ever(town: Any, prefecture: Any, clock: FixedClock) -> None:
    prefecture.post(town, *(random.Random(place).randbytes(20_000).hex().encode() for place in range(20)))
    prefecture.send()
    town.post(prefecture, b"urgent")
    assert not send_pass(town.node, "holder")
    clock.move(timedelta(seconds=BACKLOG_SECONDS + 1))
    assert send_pass(town.node, "holder")
    assert town.stages() == ["kept"]
