"""The letters' protocol, run without a socket or a database: loss, repetition, disorder, crashes, old copies."""

import copy
import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.conftest import NIGHTLY

from daicho.wire import conversation
from daicho.wire.conversation import (
    LONGEST_PAUSE_SECONDS,
    MAX_BATCH_BYTES,
    MAX_EPOCH,
    Keeping,
    Progress,
    Stream,
    Verdict,
    after_receipt,
    ahead,
    fill_batch,
    keep_each,
    left_at,
    parks,
    pause_seconds,
    receive,
)
from daicho.wire.envelope import FRESH_SECONDS

BATCH = 3
NOON = datetime(2026, 4, 1, 3, tzinfo=UTC)


@dataclass
class Letter:
    name: str
    state: str = "posted"
    epoch: int = 0
    number: int = 0
    settled: bool = False


TURNS = itertools.count(1)


@dataclass(frozen=True)
class Batch:
    """Letters that were taken together, by a turn that nobody takes again, also not after an old copy."""

    start: Stream
    names: list[str]
    turn: int


@dataclass
class Sender:
    """What a sender's database holds."""

    epoch: int = 1
    next_number: int = 1
    turn: int = 0
    letters: list[Letter] = field(default_factory=list)

    def take(self) -> Batch:
        self.turn = next(TURNS)
        numbered = [one for one in self.letters if one.state == "numbered" and one.epoch == self.epoch]
        numbered = sorted(numbered, key=lambda one: one.number)[:BATCH]
        for letter in [one for one in self.letters if one.state == "posted"][: BATCH - len(numbered)]:
            letter.state, letter.epoch, letter.number = "numbered", self.epoch, self.next_number
            self.next_number += 1
            numbered.append(letter)
        first = numbered[0].number if numbered else self.next_number
        return Batch(Stream(self.epoch, first), [one.name for one in numbered], self.turn)

    def note(self, batch: Batch, receipt: "Receipt") -> Progress:
        here = Stream(self.epoch, self.next_number)
        progress = after_receipt(
            here, batch.start, receipt.stream, receipt.left, newest=batch.turn == self.turn
        )
        if progress.raise_epoch_to:
            self.rise(progress.raise_epoch_to)
        for one in self.letters:
            if one.epoch == self.epoch and one.state == "numbered" and one.number < progress.kept_below:
                one.state = "kept"
            if (
                progress.send_again_from
                and one.epoch == self.epoch
                and one.number >= progress.send_again_from
            ):
                one.state = "numbered"
        if (lost := progress.post_again_from) is not None:
            for one in self.letters:
                if one.number and (lost.epoch, lost.number) <= (one.epoch, one.number) < (self.epoch, 0):
                    one.state, one.epoch, one.number = "posted", 0, 0
        return progress

    def rise(self, epoch: int) -> None:
        for one in self.letters:
            if one.state in {"numbered", "kept"}:
                one.state, one.epoch, one.number = "posted", 0, 0
        self.epoch, self.next_number = epoch, 1

    def settle(self, epoch: int, number: int, name: str) -> None:
        """The name stands for the digest of the letter's bytes."""
        for one in self.letters:
            if (one.epoch, one.number, one.name) == (epoch, number, name) and one.number:
                one.state, one.settled = "settled", True


@dataclass
class Kept:
    epoch: int
    number: int
    handled: bool = False
    told: bool = False


@dataclass
class Receipt:
    stream: Stream
    left: Stream | None


@dataclass
class Receiver:
    """What a receiver's database holds; `effects` is what its letters did."""

    stream: Stream | None = None
    left: Stream | None = None
    letters: dict[str, Kept] = field(default_factory=dict)
    effects: list[str] = field(default_factory=list)

    def keep(self, batch: Batch, room: int) -> Receipt:
        start, names = batch.start, batch.names
        known = {one.number: name for name, one in self.letters.items() if one.epoch == start.epoch}
        decided = receive(self.stream, start.epoch, start.number, names, known=known, room_letters=room)
        left = left_at(self.left, self.stream, start.epoch)
        if decided.verdict is Verdict.KEEP:
            chosen = names[decided.skip : decided.skip + decided.keep]
            earlier = {name: one.epoch for name, one in self.letters.items()}
            number = start.number + decided.skip
            for place, (name, keeping) in enumerate(
                zip(chosen, keep_each(start.epoch, chosen, earlier), strict=True)
            ):
                assert keeping is not Keeping.REFUSE
                handled = keeping is Keeping.RENUMBER and self.letters[name].handled
                self.letters[name] = Kept(start.epoch, number + place, handled)
            self.left, self.stream = left, decided.stream
        return Receipt(decided.stream, left)

    def handle(self) -> None:
        waiting = sorted(
            (one.epoch, one.number, name) for name, one in self.letters.items() if not one.handled
        )
        if waiting:
            name = waiting[0][2]
            self.letters[name].handled = True
            self.effects.append(name)


class Letters(RuleBasedStateMachine):
    """One sender, one receiver, and a line that loses, repeats and mixes up what is on it."""

    @initialize()
    def begin(self) -> None:
        self.sender = Sender()
        self.receiver = Receiver()
        self.posted = 0
        self.on_the_way: list[Batch] = []
        self.receipts: list[tuple[Batch, Receipt]] = []
        self.told: list[tuple[int, int]] = []
        self.copy_of_sender: Sender | None = None
        self.copy_of_receiver: Receiver | None = None
        self.order: list[str] = []

    @rule(count=st.integers(1, 4))
    def post(self, count: int) -> None:
        for _ in range(count):
            self.posted += 1
            self.sender.letters.append(Letter(f"letter {self.posted}"))

    @rule()
    def send(self) -> None:
        """A crash after numbering is a batch that nobody ever delivers."""
        self.on_the_way.append(self.sender.take())

    @precondition(lambda self: self.on_the_way)
    @rule(data=st.data(), repeated=st.booleans(), room=st.integers(0, 5))
    def arrive(self, data: st.DataObject, repeated: bool, room: int) -> None:
        place = data.draw(st.integers(0, len(self.on_the_way) - 1))
        batch = self.on_the_way[place] if repeated else self.on_the_way.pop(place)
        self.receipts.append((batch, self.receiver.keep(batch, room)))

    @rule(fresh=st.integers(0, 4))
    def exchange(self, fresh: int) -> None:
        """A while in which the line is good."""
        if fresh:
            self.post(fresh)
        for _ in range(3):
            batch = self.sender.take()
            self.sender.note(batch, self.receiver.keep(batch, 1000))

    @precondition(lambda self: self.on_the_way)
    @rule(data=st.data())
    def lose_a_batch(self, data: st.DataObject) -> None:
        self.on_the_way.pop(data.draw(st.integers(0, len(self.on_the_way) - 1)))

    @precondition(lambda self: self.receipts)
    @rule(data=st.data(), lost=st.booleans())
    def receipt_comes(self, data: st.DataObject, lost: bool) -> None:
        batch, receipt = self.receipts.pop(data.draw(st.integers(0, len(self.receipts) - 1)))
        if not lost:
            self.sender.note(batch, receipt)

    @rule()
    def handle(self) -> None:
        self.receiver.handle()

    @rule(lost=st.booleans())
    def tell(self, lost: bool) -> None:
        for name, one in self.receiver.letters.items():
            if one.handled and not one.told and not lost:
                self.sender.settle(one.epoch, one.number, name)
                one.told = True

    @rule(fresh=st.integers(1, 3))
    def a_good_day(self, fresh: int) -> None:
        """What is posted arrives, takes effect, and its sender hears of it."""
        self.exchange(fresh)
        while any(not one.handled for one in self.receiver.letters.values()):
            self.receiver.handle()
        self.tell(lost=False)

    @rule()
    def copy_the_sender(self) -> None:
        self.copy_of_sender = copy.deepcopy(self.sender)

    @rule()
    def copy_the_receiver(self) -> None:
        """Copies of two nodes are not of one instant."""
        self.copy_of_receiver = copy.deepcopy(self.receiver)

    @precondition(lambda self: self.copy_of_sender is not None)
    @rule(risen=st.booleans(), meanwhile=st.integers(0, 3))
    def restore_the_sender(self, risen: bool, meanwhile: int) -> None:
        """Letters posted after the copy are lost to the sender, whether or not they were sent."""
        assert self.copy_of_sender is not None
        if meanwhile:
            self.exchange(meanwhile)
        self.sender = copy.deepcopy(self.copy_of_sender)
        if risen:
            self.sender.rise(self.sender.epoch + 1)

    @rule(lost=st.integers(1, 4), later=st.integers(1, 4))
    def lose_the_last_letters(self, lost: int, later: int) -> None:
        """A sender comes back from a copy, does not know it, and goes on numbering."""
        self.copy_the_sender()
        self.restore_the_sender(risen=False, meanwhile=lost)
        self.exchange(later)

    @precondition(lambda self: self.copy_of_receiver is not None)
    @rule()
    def restore_the_receiver(self) -> None:
        assert self.copy_of_receiver is not None
        self.receiver = copy.deepcopy(self.copy_of_receiver)

    @invariant()
    def nothing_happens_twice(self) -> None:
        if hasattr(self, "receiver"):
            assert len(set(self.receiver.effects)) == len(self.receiver.effects)

    @invariant()
    def numbers_have_no_holes(self) -> None:
        if hasattr(self, "receiver") and self.receiver.stream is not None:
            epoch = self.receiver.stream.epoch
            numbers = sorted(one.number for one in self.receiver.letters.values() if one.epoch == epoch)
            assert numbers == list(range(1, self.receiver.stream.number))

    def teardown(self) -> None:
        """When the line is good again, every letter takes effect and its sender knows."""
        if not hasattr(self, "sender"):
            return
        for _ in range(3 * len(self.sender.letters) + 20):
            batch = self.sender.take()
            self.sender.note(batch, self.receiver.keep(batch, 1000))
        while any(not one.handled for one in self.receiver.letters.values()):
            self.receiver.handle()
        for name, one in self.receiver.letters.items():
            self.sender.settle(one.epoch, one.number, name)
        names_known = {one.name for one in self.sender.letters}
        assert names_known <= set(self.receiver.effects)
        assert all(one.settled for one in self.sender.letters)
        assert len(set(self.receiver.effects)) == len(self.receiver.effects)


def test_a_receiver_that_falls_back_behind_an_epoch_gets_what_was_settled_in_it() -> None:
    sender, receiver = Sender(), Receiver()

    def exchange() -> None:
        for _ in range(3):
            batch = sender.take()
            sender.note(batch, receiver.keep(batch, 1000))

    copy_of_receiver = copy.deepcopy(receiver)
    sender.letters.append(Letter("letter 1"))
    exchange()
    receiver.handle()
    sender.settle(1, 1, "letter 1")
    sender.rise(2)
    sender.letters.append(Letter("letter 2"))
    exchange()
    receiver = copy_of_receiver
    exchange()
    exchange()
    assert {"letter 1", "letter 2"} <= set(receiver.letters)


def test_the_receipt_of_an_earlier_batch_says_nothing_of_a_number_given_since() -> None:
    """A sender set back without knowing it asks, then posts; what comes for its question is about another letter."""
    sender, receiver = Sender(), Receiver()
    set_back = copy.deepcopy(sender)
    sender.letters.append(Letter("letter 1"))
    receiver.keep(sender.take(), 1000)
    question = set_back.take()
    set_back.letters.append(Letter("letter 2"))
    set_back.take()
    set_back.note(question, receiver.keep(question, 1000))
    assert [one.state for one in set_back.letters] == ["numbered"]
    batch = set_back.take()
    set_back.note(batch, receiver.keep(batch, 1000))
    batch = set_back.take()
    set_back.note(batch, receiver.keep(batch, 1000))
    assert {"letter 1", "letter 2"} <= set(receiver.letters)


TestLetters = Letters.TestCase
# Four machines of 30 steps each: 21,600 steps with every change, 720,000 at night.
TestLetters.settings = settings(
    max_examples=6_000 if NIGHTLY else 180,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


class LettersInOrder(Letters):
    """Without old copies the effects are exactly the letters, in the order in which they were posted."""

    @precondition(lambda _self: False)
    @rule()
    def restore_the_sender(self) -> None:
        """Not here."""

    @precondition(lambda _self: False)
    @rule()
    def restore_the_receiver(self) -> None:
        """Not here."""

    @precondition(lambda _self: False)
    @rule()
    def lose_the_last_letters(self) -> None:
        """Not here."""

    @invariant()
    def order_is_that_of_posting(self) -> None:
        if hasattr(self, "receiver"):
            expected = [f"letter {n}" for n in range(1, self.posted + 1)]
            assert self.receiver.effects == expected[: len(self.receiver.effects)]


class LettersKept(Letters):
    """As long as the receiver does not fall back, what its sender takes for kept is kept."""

    @precondition(lambda _self: False)
    @rule()
    def restore_the_receiver(self) -> None:
        """Not here."""

    @rule(lost=st.integers(1, 3))
    def a_question_is_overtaken(self, lost: int) -> None:
        """A sender that was set back asks, posts, and only then hears what came for its question."""
        set_back = copy.deepcopy(self.sender)
        self.post(lost)
        self.receiver.keep(self.sender.take(), 1000)
        self.sender = set_back
        question = self.sender.take()
        self.post(1)
        self.sender.take()
        self.sender.note(question, self.receiver.keep(question, 1000))

    @invariant()
    def kept_is_kept(self) -> None:
        if hasattr(self, "sender"):
            kept = {one.name for one in self.sender.letters if one.state == "kept"}
            assert kept <= set(self.receiver.letters)


class LettersAndClocks(Letters):
    """Each end has a clock that somebody may set to anything; what was paused under it must not stay silent."""

    @initialize()
    def wind_up(self) -> None:
        self.true_time = NOON
        self.off_by = {"sender": timedelta(0), "receiver": timedelta(0)}
        self.next_try_at = NOON
        self.begun: tuple[timedelta, datetime] | None = None
        self.tries = 0

    def reads(self, who: str) -> datetime:
        return self.true_time + self.off_by[who]

    @rule(seconds=st.sampled_from([1, 10, 61, 1000]))
    def time_passes(self, seconds: int) -> None:
        self.true_time += timedelta(seconds=seconds)

    @rule(
        who=st.sampled_from(["sender", "receiver"]),
        seconds=st.integers(-400, 400) | st.integers(-(10**8), 10**8),
    )
    def somebody_sets_a_clock(self, who: str, seconds: int) -> None:
        self.off_by[who] = timedelta(seconds=seconds)

    @rule(who=st.sampled_from(["sender", "receiver"]))
    def somebody_sets_a_clock_right(self, who: str) -> None:
        self.off_by[who] = timedelta(0)

    @rule()
    def send(self) -> None:
        """A batch that comes to a clock which reads another time is refused, and a pause begins."""
        if self.waits():
            return
        batch = self.sender.take()
        if abs(self.off_by["sender"] - self.off_by["receiver"]) > timedelta(seconds=FRESH_SECONDS):
            self.pause()
        else:
            self.tries = 0
            self.on_the_way.append(batch)

    @rule(fresh=st.integers(0, 4))
    def exchange(self, fresh: int) -> None:
        """A while in which the line is good, as far as the clocks let it be used."""
        if fresh:
            self.post(fresh)
        for _ in range(3):
            self.send()
            while self.on_the_way:
                batch = self.on_the_way.pop(0)
                self.sender.note(batch, self.receiver.keep(batch, 1000))

    def waits(self, later_seconds: float = 0) -> bool:
        now = self.reads("sender") + timedelta(seconds=later_seconds)
        return ahead(now, LONGEST_PAUSE_SECONDS).holds(self.next_try_at)

    def pause(self) -> None:
        self.tries += 1
        span = timedelta(seconds=pause_seconds(self.tries))
        self.next_try_at = self.reads("sender") + span
        self.begun = (self.off_by["sender"], self.true_time + span)

    @invariant()
    def no_pause_is_longer_than_the_longest(self) -> None:
        """Whatever the clock shows: it may try now, or after one longest pause."""
        if hasattr(self, "next_try_at"):
            assert not (self.waits() and self.waits(LONGEST_PAUSE_SECONDS))

    @invariant()
    def a_pause_that_was_begun_by_this_clock_is_kept(self) -> None:
        if hasattr(self, "begun") and self.begun is not None and self.begun[0] == self.off_by["sender"]:
            assert self.waits() == (self.true_time < self.begun[1])


TestLettersAndClocks = LettersAndClocks.TestCase
TestLettersKept = LettersKept.TestCase
TestLettersKept.settings = TestLetters.settings
TestLettersInOrder = LettersInOrder.TestCase
TestLettersInOrder.settings = TestLetters.settings
TestLettersAndClocks.settings = TestLetters.settings


@pytest.mark.parametrize(
    ("stream", "batch", "count", "verdict", "answer"),
    [
        (None, Stream(1, 1), 2, Verdict.KEEP, Stream(1, 3)),
        (None, Stream(1, 4), 2, Verdict.GAP, Stream(1, 1)),
        (Stream(1, 3), Stream(1, 3), 2, Verdict.KEEP, Stream(1, 5)),
        (Stream(1, 3), Stream(1, 2), 2, Verdict.KEEP, Stream(1, 4)),
        (Stream(1, 3), Stream(1, 1), 2, Verdict.REPEAT, Stream(1, 3)),
        (Stream(1, 3), Stream(1, 5), 2, Verdict.GAP, Stream(1, 3)),
        (Stream(3, 9), Stream(2, 1), 2, Verdict.OLD_EPOCH, Stream(4, 1)),
        (Stream(1, 9), Stream(2, 1), 2, Verdict.KEEP, Stream(2, 3)),
        (Stream(1, 9), Stream(2, 9), 2, Verdict.GAP, Stream(2, 1)),
        (Stream(1, 3), Stream(1, 3), 0, Verdict.REPEAT, Stream(1, 3)),
        (Stream(1, 3), Stream(1, 9), 0, Verdict.GAP, Stream(1, 3)),
    ],
)
def test_what_a_receiver_decides(
    stream: Stream | None, batch: Stream, count: int, verdict: Verdict, answer: Stream
) -> None:
    names = [f"{number}" for number in range(batch.number, batch.number + count)]
    decided = receive(stream, batch.epoch, batch.number, names, known={1: "1", 2: "2"}, room_letters=100)
    assert (decided.verdict, decided.stream) == (verdict, answer)


def test_a_number_with_another_letter_sends_its_sender_to_a_new_epoch() -> None:
    decided = receive(Stream(1, 3), 1, 2, ["other", "new"], known={1: "one", 2: "two"}, room_letters=9)
    assert (decided.verdict, decided.stream, decided.keep) == (Verdict.FORKED, Stream(2, 1), 0)


@pytest.mark.parametrize(
    ("room", "kept", "verdict"), [(5, 3, "keep"), (2, 2, "keep"), (0, 0, "full"), (-4, 0, "full")]
)
def test_a_sender_has_a_quota(room: int, kept: int, verdict: str) -> None:
    decided = receive(None, 1, 1, ["a", "b", "c"], known={}, room_letters=room)
    assert (decided.keep, decided.verdict, decided.stream) == (kept, verdict, Stream(1, 1 + kept))


def test_one_name_twice_in_an_epoch_is_refused_and_a_known_name_in_a_newer_epoch_is_the_same_letter() -> None:
    assert keep_each(2, ["a", "b", "a", "c"], {"b": 1, "c": 2}) == [
        Keeping.NEW,
        Keeping.RENUMBER,
        Keeping.REFUSE,
        Keeping.REFUSE,
    ]


@pytest.mark.parametrize(
    ("receipt", "progress"),
    [
        (Stream(2, 8), Progress(kept_below=8)),
        (Stream(2, 6), Progress(kept_below=6)),
        (Stream(2, 5), Progress(kept_below=5, stalled=True)),
        (Stream(2, 2), Progress(kept_below=2, send_again_from=2, stalled=True)),
        (Stream(2, 9), Progress(raise_epoch_to=3)),
        (Stream(5, 1), Progress(raise_epoch_to=5)),
        (Stream(1, 7), Progress(stalled=True)),
        (Stream(2, 0), Progress(stalled=True)),
        (Stream(MAX_EPOCH, 1), Progress(stalled=True)),
        (Stream(-1, -1), Progress(stalled=True)),
    ],
)
def test_what_a_sender_makes_of_a_receipt(receipt: Stream, progress: Progress) -> None:
    assert after_receipt(Stream(2, 8), Stream(2, 5), receipt) == progress


def test_the_receipt_of_an_earlier_batch_means_nothing() -> None:
    assert after_receipt(Stream(2, 8), Stream(2, 5), Stream(2, 8), newest=False) == Progress()
    assert after_receipt(Stream(2, 8), Stream(2, 5), Stream(5, 1), newest=False) == Progress()


def test_the_receipt_of_an_older_epochs_batch_means_nothing() -> None:
    assert after_receipt(Stream(2, 8), Stream(1, 5), Stream(2, 3)) == Progress(stalled=True)


@pytest.mark.parametrize(
    ("sizes", "count"),
    [
        ([], 0),
        ([10], 1),
        ([MAX_BATCH_BYTES * 3, 1], 1),
        ([MAX_BATCH_BYTES, 1], 1),
        ([MAX_BATCH_BYTES - 1, 1, 1], 2),
        ([1] * 500, conversation.MAX_BATCH_LETTERS),
    ],
)
def test_a_batch_is_bounded_in_letters_and_bytes_and_always_holds_one(sizes: list[int], count: int) -> None:
    assert fill_batch(sizes) == count


def test_pauses_grow_to_three_seconds_and_letters_are_parked_after_three_tries() -> None:
    assert [pause_seconds(tries) for tries in (1, 2, 3, 4, 1000)] == [0.5, 2.0, 3.0, 3.0, 3.0]
    assert [parks(tries) for tries in (1, 2, 3, 4)] == [False, False, True, True]
