"""What two mailrooms decide about letters: pure, so that it can be run without a socket or a database.

A stream is (sender, receiver, epoch); its letters are numbered from 1 without gaps when the sender takes them
for sending. The step numbers are those of docs/protocols/letters.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

MAX_BATCH_LETTERS = 200
MAX_BATCH_BYTES = 1024 * 1024
MAX_LETTER_BYTES = 4 * 1024 * 1024
MAX_TRIES = 3
MAX_EPOCH = 1 << 40
_FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 3.0  # who comes back waits no longer than that for its letters


class Outcome(StrEnum):
    """What became of a letter at its receiver."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    SUPERSEDED = "superseded"


class Verdict(StrEnum):
    """What a receiver makes of a batch."""

    KEEP = "keep"  # at least one letter is new and fits
    REPEAT = "repeat"  # everything is kept already
    GAP = "gap"  # letters before the first one are missing
    OLD_EPOCH = "old_epoch"  # the sender lives in the past
    FORKED = "forked"  # a number that is taken came back with another letter
    FULL = "full"  # the sender's quota is used up


@dataclass(frozen=True, slots=True)
class Stream:
    """How far a stream has come: its epoch and the next number."""

    epoch: int
    number: int


@dataclass(frozen=True, slots=True)
class Reception:
    """The receiver's decision: keep `keep` letters from index `skip` on, then answer `stream`."""

    verdict: Verdict
    stream: Stream
    skip: int = 0
    keep: int = 0


def left_at(before: Stream | None, stream: Stream | None, epoch: int) -> Stream | None:
    """Tell where a receiver that is asked about `epoch` leaves the first epoch that it ever leaves, or left it.

    `before` is where it left it, if it has left one already, `stream` where it stands. Of older epochs it has every
    letter below that place; those from there on it may have lost with a copy, and its sender sends them again (step 9).
    """
    here = stream or Stream(1, 1)
    return before or (here if epoch > here.epoch else None)


def receive(
    stream: Stream | None,
    epoch: int,
    first: int,
    letter_ids: Sequence[str],
    *,
    known: Mapping[int, str],
    room_letters: int,
) -> Reception:
    """Decide about a batch whose envelope is good.

    `stream` is what the receiver expects of this sender (None: never heard of it), `known` the letters that
    it has at the batch's numbers in this epoch, `room_letters` how many more it will hold for this sender.
    """
    here = stream or Stream(1, 1)
    if epoch < here.epoch:  # step 2: a sender that was restored from a copy must rise above this
        return Reception(Verdict.OLD_EPOCH, Stream(here.epoch + 1, 1))
    if epoch > here.epoch:  # step 3: a new epoch begins at 1
        here = Stream(epoch, 1)
    last = first + len(letter_ids) - 1
    for number in range(first, min(last + 1, here.number)):  # step 4: what is repeated must be the same
        if known.get(number, letter_ids[number - first]) != letter_ids[number - first]:
            return Reception(Verdict.FORKED, Stream(epoch + 1, 1))
    if first > here.number:  # step 5: ask for what is missing
        return Reception(Verdict.GAP, here)
    if last < here.number:  # step 6: repeats do nothing
        return Reception(Verdict.REPEAT, here)
    skip = here.number - first
    keep = min(len(letter_ids) - skip, max(room_letters, 0))  # step 7: within the sender's quota
    if keep == 0:
        return Reception(Verdict.FULL, here)
    return Reception(Verdict.KEEP, Stream(epoch, here.number + keep), skip, keep)


class Keeping(StrEnum):
    """What a receiver does with one letter of a batch that it keeps."""

    NEW = "new"
    RENUMBER = "renumber"  # known from an older epoch: the same letter under a new number
    REFUSE = "refuse"  # its name was used already in this epoch


def keep_each(epoch: int, letter_ids: Sequence[str], earlier: Mapping[str, int]) -> list[Keeping]:
    """Decide letter by letter; `earlier` gives the epoch in which a name was seen before (step 8)."""
    seen = dict(earlier)
    decided = []
    for letter_id in letter_ids:
        before = seen.get(letter_id)
        decided.append(
            Keeping.NEW if before is None else Keeping.RENUMBER if before < epoch else Keeping.REFUSE
        )
        seen[letter_id] = epoch
    return decided


@dataclass(frozen=True, slots=True)
class Progress:
    """What a sender does after a receipt.

    Letters below `kept_below` are kept; those from `send_again_from` on (0: none) are sent again;
    `raise_epoch_to` (0: no) says that the stream must begin again in a newer epoch; `stalled` that nothing
    new was kept, so that the sender pauses before it tries again. Letters of older epochs from `post_again_from`
    on (None: none) are posted again, settled ones included.
    """

    kept_below: int = 0
    send_again_from: int = 0
    raise_epoch_to: int = 0
    stalled: bool = False
    post_again_from: Stream | None = None


def after_receipt(
    stream: Stream, batch: Stream, receipt: Stream, left: Stream | None = None, *, newest: bool = True
) -> Progress:
    """Decide what a receipt means to a sender at `stream` whose batch began at `batch`.

    `left` is where the receiver left the first epoch that it ever left, if it has left one. `newest` tells that no
    other batch was taken since: an older one's receipt may speak of numbers that were given to other letters meanwhile.
    """
    if not newest:
        return Progress()
    sane = 0 < receipt.epoch < MAX_EPOCH and receipt.number > 0
    if not sane or batch.epoch != stream.epoch or receipt.epoch < stream.epoch:
        return Progress(stalled=True)  # nonsense, or the answer to a batch of long ago
    if receipt.epoch > stream.epoch:
        return Progress(raise_epoch_to=receipt.epoch)
    if receipt.number > stream.number:  # it has numbers that we never gave: we were restored from a copy
        return Progress(raise_epoch_to=stream.epoch + 1)
    lost = receipt.number if receipt.number < batch.number else 0
    return Progress(
        kept_below=receipt.number,
        send_again_from=lost,
        stalled=receipt.number <= batch.number,
        post_again_from=left,
    )


def fill_batch(sizes_bytes: Sequence[int]) -> int:
    """Count how many letters, in order, go into one batch; one always does."""
    total = 0
    for count, size in enumerate(sizes_bytes[:MAX_BATCH_LETTERS]):
        total += size
        if total > MAX_BATCH_BYTES and count > 0:
            return count
    return min(len(sizes_bytes), MAX_BATCH_LETTERS)


def pause_seconds(tries: int) -> float:
    """Tell how long to wait after the `tries`-th failure in a row."""
    return min(_FIRST_PAUSE_SECONDS * 4.0 ** min(tries - 1, 10), LONGEST_PAUSE_SECONDS)


@dataclass(frozen=True, slots=True)
class Ahead:
    """The instants for which one waits: after `now`, until `latest`, not beyond.

    Whoever waits writes down until when. An instant beyond the longest wait was written by a clock that has been
    set back since; who believed it would be silent until that clock is right again.
    """

    now: datetime
    latest: datetime

    def holds(self, until: datetime) -> bool:
        """Tell whether one still waits for `until`; the databases ask the same of their columns."""
        return self.now < until <= self.latest


def ahead(now: datetime, longest_seconds: float) -> Ahead:
    """Name the instants for which one waits that never waits longer than so many seconds."""
    return Ahead(now, now + timedelta(seconds=longest_seconds))


def parks(tries: int) -> bool:
    """Tell whether a letter that our own fault broke so many times is set aside."""
    return tries >= MAX_TRIES
