"""The state machine of the letters' protocol has teeth: each rule that is left out breaks an invariant it holds."""

import inspect
import types

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from tests.wire import test_conversation
from tests.wire.test_conversation import Letters, LettersAndClocks, LettersKept

from daicho.wire import conversation

# That a receiver knows numbers which we never gave is no mutant here: such a number comes back with another letter,
# and that alone raises the epoch. It has its own cases in test_conversation.
# what stands in the source, what a mutant has in its place, and the machine that must notice
MUTANTS = {
    "a taken number may come back with another letter": (
        "!= letter_ids[number - first]:\n            return", "!= letter_ids[number - first] and False:\n            return",
        Letters,
    ),
    "a gap is not asked for": ("if first > here.number:", "if first > here.number + 1000:", Letters),
    "a batch that overlaps is kept whole": ("skip = here.number - first", "skip = 0", Letters),
    "a sender out of the past is heard": ("if epoch < here.epoch:", "if False:", Letters),
    "a new epoch goes on with the old number": (
        "here = Stream(epoch, 1)", "here = Stream(epoch, here.number)", Letters
    ),
    "the answer names one number too many": (
        "Stream(epoch, here.number + keep)", "Stream(epoch, here.number + keep + 1)", Letters
    ),
    "a known letter under a new number is new": ("Keeping.NEW if before is None else", "Keeping.NEW if True else", Letters),
    "one letter more than was kept is taken for kept": (
        "kept_below=receipt.number,", "kept_below=receipt.number + 1,", LettersKept,
    ),
    "the receipt of an earlier batch is heard": ("if not newest:", "if False:", LettersKept),
    "letters that were lost are not sent again": (
        "lost = receipt.number if receipt.number < batch.number else 0", "lost = 0", Letters
    ),
    "nobody remembers where an epoch was left": (
        "return before or (here if epoch > here.epoch else None)", "return None", Letters
    ),
    "only where the last epoch was left is remembered": (
        "return before or (here if epoch > here.epoch else None)",
        "return here if epoch > here.epoch else before", Letters
    ),
    "a receipt for a newer epoch is not heard": ("if receipt.epoch > stream.epoch:", "if False:", Letters),
    "a pause written by a wrong clock is believed": (
        "return self.now < until <= self.latest", "return self.now < until", LettersAndClocks
    ),
    "no pause is kept": ("return self.now < until <= self.latest", "return False", LettersAndClocks),
}  # fmt: skip


@pytest.mark.nightly
@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_mutant_is_caught(mutant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before, after, machine = MUTANTS[mutant]
    source = inspect.getsource(conversation)
    assert source.count(before) == 1, "the source has changed: the mutant must change with it"
    mutated = types.ModuleType("mutated_conversation")
    monkeypatch.setitem(__import__("sys").modules, mutated.__name__, mutated)
    exec(compile(source.replace(before, after), mutant, "exec"), mutated.__dict__)  # noqa: S102 - our own source
    for name in ("receive", "after_receipt", "keep_each", "left_at", "Stream", "Verdict", "Keeping", "ahead"):
        monkeypatch.setattr(test_conversation, name, getattr(mutated, name))
    with pytest.raises((AssertionError, IndexError, KeyError)):
        run_state_machine_as_test(
            machine,
            settings=settings(
                # It ends with the first walk that notices; 1,500 do not meet every mutant.
                max_examples=20_000, stateful_step_count=30, deadline=None, derandomize=True, database=None,
                suppress_health_check=list(HealthCheck), print_blob=False, report_multiple_bugs=False,
            ),
        )  # fmt: skip
